/* customers: the routes about customers, links and decisions. Each is as routes.c's table wants it. */
#pragma once

#include "serve/http.h"

json_t *serve_customers(struct serve_request *request,
			GError **error); /* GET ?q=: whom the text may mean; without q: all */
json_t *serve_customer(struct serve_request *request, GError **error);     /* GET: one customer, whole */
json_t *serve_timeline(struct serve_request *request, GError **error);     /* GET: its records, newest first */
json_t *serve_record_links(struct serve_request *request, GError **error); /* GET: whom a record is about, and why */
json_t *serve_suggestions(struct serve_request *request, GError **error);  /* GET: what somebody should look at */
json_t *serve_unmatched(struct serve_request *request, GError **error);    /* GET: records about nobody we know */

/* An array of struct identity_found. */
json_t *serve_founds_json(const GPtrArray *found);
/* An array of what `render` makes of each. */
json_t *serve_array_json(const GPtrArray *all, json_t *(*render)(gconstpointer));
