/* http: one request and its reply, as the routes see them. Every reply is JSON; what goes wrong is a problem object
 * (RFC 9457). A route answers with an object, or with a GError whose kind decides status and `code`.
 *
 * Before a route runs, it is settled who asks (request->caller), that they may (the need column of routes.c), and that
 * request->worker->store shows what they may see and nothing else. */
#pragma once

#include <jansson.h>
#include <microhttpd.h>

#include "lookup/lookup.h"
#include "serve/caller.h"
#include "serve/serve.h"

#define SERVE_ERROR (serve_error_quark())
GQuark serve_error_quark(void);
/* The code of an error is the HTTP status; where a status has several words for the page, a thousand more each. What
 * stands here has a word of its own; any other status gets the word that suits it best. */
enum serve_error {
	SERVE_BAD_REQUEST = 400,
	SERVE_LOGIN_NEEDED = 401,
	SERVE_WRONG_PASSWORD = 1401,
	SERVE_FORBIDDEN = 403,
	SERVE_CSRF = 1403,
	SERVE_UNKNOWN_PEER = 2403,
	SERVE_NOT_FOUND = 404,
	SERVE_CONFLICT = 409,
	SERVE_EXPIRED = 410,
	SERVE_TOO_LARGE = 413,
	SERVE_REFUSED = 422,
	SERVE_THROTTLED = 429,
	SERVE_INTERNAL = 500,
	SERVE_BUSY = 503, /* too many wait */
	SERVE_FULL = 507,
};

#define SERVE_MAX_BODY (256u << 10) /* bytes of a request's body */

/* What a worker thread owns. */
struct serve_worker {
	store *store; /* for the request at hand: as its caller may see it */
	text_analyser *analyser;
	identity *who;             /* to read names and numbers as the settings say */
	store *open, *fenced;      /* the two that `store` is one of; plumbing, not for routes */
	struct z_stream_s *packer; /* gzip; NULL until it is needed */
};

struct serve_request {
	struct serve *serve;
	sync_hub *hub;
	struct serve_worker *worker;
	struct MHD_Connection *connection;
	const struct serve_caller *caller; /* never NULL when a route runs */
	const char *method, *path;         /* HEAD comes as GET */
	const char *argument;              /* what stood for * in the route's path, decoded; NULL if nothing */
	json_t *body;                      /* NULL if there was none */
	unsigned status;                   /* of a good reply; 200 unless the route says otherwise */
	/* Plumbing; use the functions. */
	GPtrArray *headers; /* of the reply: name, value, ... */
	char *audit_what;
	gint64 audit_customer, audit_hits;
	char *rights;                  /* what the store shows to this caller, as a key: same word, same sight */
	gboolean searching;            /* it may take as long as a search takes: see inside.h */
	gboolean put_off;              /* it would, and may not: no response yet */
	gboolean head;                 /* nobody waits for a body */
	struct MHD_Response *response; /* as soon as there is one */
};

/* ---- what was asked ---- */

/* A query parameter, NULL if absent; it is UTF-8 without NUL, always. */
const char *serve_parameter(struct serve_request *request, const char *name);
/* All values of a parameter that may come several times, in order, empty ones left out; borrowed strings.
 * NULL-terminated beyond its length; never NULL. */
GPtrArray *serve_parameters(struct serve_request *request, const char *name);
/* A number held to [low, high], `otherwise` if absent, and 400 if it is none. */
gboolean serve_number(struct serve_request *request, const char *name, guint low, guint high, guint otherwise,
		      guint *value, GError **error);
/* The id in the path. `what` ("record") is for the message of the 404 that comes when it is no number. */
gboolean serve_id(struct serve_request *request, const char *what, gint64 *id, GError **error);
const char *serve_header(struct serve_request *request, const char *name); /* of the request; NULL if absent */
/* Text of the body; NULL if it is absent, null or no text. */
const char *serve_body_text(struct serve_request *request, const char *key);

/* ---- what is answered ---- */

/* A header of the reply; copies. A later one of the same name comes on top. */
void serve_reply_header(struct serve_request *request, const char *name, const char *value);
/* What the audit log is to say of this request (only where the route's row in routes.c has a word for it): what was
 * asked, the customer (0: none), and how many hits. Without this call it says the path's argument, and no number. */
void serve_audit(struct serve_request *request, const char *what, gint64 customer, gint64 hits);

/* Who asks, by name: what a decision's journal says. Owned by the caller. */
char *serve_peer(struct serve_request *request);
