/* audit: the route that shows admins who looked up what. */
#pragma once

#include "serve/http.h"

json_t *serve_audit_log(struct serve_request *request,
			GError **error); /* GET ?user=&action=&customer=&after=&before= */
