/* find: the routes that search and show records. Each is as routes.c's table wants it. */
#pragma once

#include "serve/http.h"

json_t *serve_find(struct serve_request *request, GError **error);   /* GET ?q=&n=: records, best first */
json_t *serve_record(struct serve_request *request, GError **error); /* GET: one record, whole */
