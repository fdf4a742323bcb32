/* find: the routes that search and show records. Each is as routes.c's table wants it. */
#pragma once

#include "serve/http.h"

json_t *serve_find(struct serve_request *request, GError **error);    /* GET ?q=&source=...: records, best first */
json_t *serve_suggest(struct serve_request *request, GError **error); /* GET ?q=: what one who types may mean */
json_t *serve_record(struct serve_request *request, GError **error);  /* GET: one record, whole */
json_t *serve_thread(struct serve_request *request, GError **error);  /* GET: the conversation it stands in */
