/* users: the routes about users and the tokens that act for them. Secrets are shown once, in the reply that makes them;
 * the audit says who made them. Each is as routes.c's table wants it. */
#pragma once

#include "serve/http.h"

json_t *serve_users(struct serve_request *request, GError **error);       /* GET: all of them */
json_t *serve_user(struct serve_request *request, GError **error);        /* GET: one */
json_t *serve_user_add(struct serve_request *request, GError **error);    /* POST {name, full_name, ...} */
json_t *serve_user_change(struct serve_request *request, GError **error); /* PATCH: what is named changes */
json_t *serve_user_remove(struct serve_request *request, GError **error); /* DELETE */
json_t *serve_user_invite(struct serve_request *request, GError **error); /* POST: a one-time link */

json_t *serve_tokens(struct serve_request *request, GError **error);       /* GET ?all=1: one's own; admins: all */
json_t *serve_token_add(struct serve_request *request, GError **error);    /* POST {name, scopes, ...} */
json_t *serve_token_remove(struct serve_request *request, GError **error); /* DELETE */
