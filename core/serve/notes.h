/* notes: what people write down in the hub itself. A note is a record like any other, of the hub's own source, about a
 * customer because its author said so: that is a decision, which no sync overrules. Record, link and decision are one
 * transaction of the writer. */
#pragma once

#include "serve/http.h"

json_t *serve_note_add(struct serve_request *request, GError **error);    /* POST {customer, title, text, readers} */
json_t *serve_note_change(struct serve_request *request, GError **error); /* PATCH {title, text}; author or admin */
json_t *serve_note_remove(struct serve_request *request, GError **error); /* DELETE; author or admin */

/* Is this the hub's own source, which is in no settings? */
gboolean serve_builtin(const char *source);
/* Is the record a note that the caller may change? */
gboolean serve_note_is_of(const struct serve_caller *caller, const struct lookup_record *record);
