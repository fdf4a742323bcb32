/* decisions: the routes of what people decide about customers, and of the journal of it. */
#pragma once

#include "serve/http.h"

json_t *serve_decisions(struct serve_request *request, GError **error); /* GET ?customer=: the journal */
json_t *serve_decide(struct serve_request *request, GError **error);    /* POST {what, why, preview} */
json_t *serve_undo(struct serve_request *request, GError **error);      /* POST {why, preview} */
