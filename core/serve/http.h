/* http: one request and its reply, as the routes see them. Every reply is JSON; what goes wrong is a problem object
 * (RFC 9457). A route answers with an object, or with a GError whose kind decides the status. */
#pragma once

#include <jansson.h>
#include <microhttpd.h>

#include "lookup/lookup.h"
#include "serve/serve.h"

#define SERVE_ERROR (serve_error_quark())
GQuark serve_error_quark(void); /* the code is the HTTP status */

#define SERVE_MAX_BODY (64u << 10) /* bytes of a request's body */

/* What a worker thread owns. */
struct serve_worker {
	store *store;
	text_analyser *analyser;
	identity *who; /* to read names and numbers as the settings say */
};

struct serve_request {
	sync_hub *hub;
	struct serve_worker *worker;
	struct MHD_Connection *connection;
	const char *argument; /* what stood for * in the route's path, decoded; NULL if nothing */
	json_t *body;         /* NULL if there was none */
	unsigned status;      /* of a good reply; 200 unless the route says otherwise */
};

/* A query parameter, NULL if absent; a number held to [low, high], `otherwise` if absent, and 400 if it is none. */
const char *serve_parameter(struct serve_request *request, const char *name);
gboolean serve_number(struct serve_request *request, const char *name, guint low, guint high, guint otherwise,
		      guint *value, GError **error);

/* Who asks, by the socket's own word: the user's name, or its number. Owned by the caller. */
char *serve_peer(struct serve_request *request);

/* Queues a reply. `body` is consumed. */
enum MHD_Result serve_reply(struct MHD_Connection *connection, unsigned status, json_t *body);
enum MHD_Result serve_problem(struct MHD_Connection *connection, const GError *error);

/* routes.c: finds and runs the route, with the reply queued. */
enum MHD_Result serve_route(struct serve_request *request, const char *method, const char *path);
