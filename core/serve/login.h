/* login: the routes of coming and going: who am I, log-in, log-out, the one-time link of the first admin and of invited
 * users, passwords. Each is as routes.c's table wants it. A log-in is counted by name and by address before a password
 * is looked at, and given back when it was right. */
#pragma once

#include "serve/http.h"

json_t *serve_me(struct serve_request *request, GError **error);          /* GET */
json_t *serve_login(struct serve_request *request, GError **error);       /* POST {name, password} */
json_t *serve_logout(struct serve_request *request, GError **error);      /* POST */
json_t *serve_welcome(struct serve_request *request, GError **error);     /* GET ?key=: whose it is */
json_t *serve_welcome_in(struct serve_request *request, GError **error);  /* POST {key, name, full_name, password} */
json_t *serve_me_password(struct serve_request *request, GError **error); /* POST {old, new} */

/* An address of the page for a one-time key; owned by the caller. NULL where browsers cannot reach us. */
char *serve_welcome_link(const struct serve *serve, const char *key);
enum { SERVE_KEY_SECONDS = 7 * 86400 };
