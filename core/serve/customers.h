/* customers: the routes about customers, links and decisions. Each is as routes.c's table wants it. */
#pragma once

#include "serve/http.h"

json_t *serve_customers(struct serve_request *request, GError **error);    /* GET ?q=: whom the text may mean */
json_t *serve_customer(struct serve_request *request, GError **error);     /* GET: one customer, whole */
json_t *serve_record_links(struct serve_request *request, GError **error); /* GET: whom a record is about, and why */
json_t *serve_suggestions(struct serve_request *request, GError **error);  /* GET: what somebody should look at */
json_t *serve_unmatched(struct serve_request *request, GError **error);    /* GET: records about nobody we know */
json_t *serve_decisions(struct serve_request *request, GError **error);    /* GET ?customer=: the journal */
json_t *serve_decide(struct serve_request *request, GError **error);       /* POST {what, why, preview} */
json_t *serve_undo(struct serve_request *request, GError **error);         /* POST {why, preview} */
