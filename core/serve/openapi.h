/* openapi: the description of the API, as it stands in openapi.json beside this file: built into the program, and
 * served as it is. The tests hold every reply to it, and the routes' table to its paths. */
#pragma once

#include "serve/http.h"

json_t *serve_openapi(struct serve_request *request, GError **error); /* GET */
