/* cursor: where a page of a list ended, as an opaque word for the caller to hand back. It says which list it is of (the
 * route and all that was asked of it), so that a cursor of another list is refused instead of answered wrongly. It
 * holds places, never rights: what may be seen is asked anew on every page. */
#pragma once

#include "serve/http.h"

enum { SERVE_CURSOR_NUMBERS = 5 };

struct serve_cursor {
	gint64 numbers[SERVE_CURSOR_NUMBERS]; /* what they mean is the route's own matter */
	gboolean there;                       /* one was given */
};

/* Reads the parameter `cursor`. `about`: the parameters that make the list what it is, NULL-terminated; the path always
 * does. BAD_REQUEST for one that is none, or of another list. */
gboolean serve_cursor_read(struct serve_request *request, const char *const *about, struct serve_cursor *cursor,
			   GError **error);
/* The cursor as JSON; null for `end`. */
json_t *serve_cursor_json(struct serve_request *request, const char *const *about, const struct serve_cursor *cursor,
			  gboolean end);

/* A double in a cursor's number, and back. */
gint64 serve_cursor_of_double(double value);
double serve_cursor_to_double(gint64 number);

/* ---- without a request, for tests ---- */

/* `list`: names the list. */
char *serve_cursor_write(const char *list, const gint64 numbers[SERVE_CURSOR_NUMBERS]);
gboolean serve_cursor_parse(const char *list, const char *word, gint64 numbers[SERVE_CURSOR_NUMBERS]);
