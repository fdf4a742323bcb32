/* rows: pages of lists that are short enough to be read from their beginning: work lists, journals, runs. Each row has
 * a key of numbers that says where it stands; a page begins behind the key of the last row of the page before, so that
 * rows which were dealt with meanwhile make nobody skip one. */
#pragma once

#include "serve/cursor.h"

enum { SERVE_KEY = SERVE_CURSOR_NUMBERS - 1, SERVE_ROWS_MAX = 10000 };

struct serve_rows {
	const char *name;         /* of the array in the reply */
	const char *const *about; /* as serve_cursor_read has it */
	guint otherwise, most;    /* rows of a page, if n is absent; and at most */
	/* Reads up to `limit` rows, the first ones in the order of their keys. */
	GPtrArray *(*read)(struct serve_request *request, gconstpointer user, guint limit, GError **error);
	void (*key)(gconstpointer row, gint64 key[SERVE_KEY]); /* ascending */
	json_t *(*render)(gconstpointer row);
	gconstpointer user;
};

/* {name: [...], cursor}. */
json_t *serve_rows_reply(struct serve_request *request, const struct serve_rows *rows, GError **error);

/* Numbers for keys out of text: in the order of its first bytes; and one that few others have. */
gint64 serve_key_of_beginning(const char *text);
gint64 serve_key_of_text(const char *text);
