/* inside: what the plumbing of core/serve shares, and no route includes: the daemon as a whole (serve.c), its listeners
 * (listen.c), connections and requests on their way (exchange.c), replies (reply.c).
 *
 * Threads: one of libmicrohttpd's for each listener reads and writes sockets and never waits. A whole request is laid
 * aside (MHD_suspend_connection) and answered by a thread of a pool, which owns connections to the store. There are
 * four pools, so that those who wait do not hold up those who would not: `reading` for questions, `searching` for a
 * search whose answer is not kept (keep.h; `reading` looks, and puts it off to there), `changing` for what waits for
 * the store's writer or for a connector, `secrets` for passwords, whose checking is slow on purpose. */
#pragma once

#include <pthread.h>

#include "serve/http.h"
#include "serve/keep.h"
#include "serve/pool.h"
#include "serve/throttle.h"

#define SERVE_SESSION_COOKIE "meri_session"

struct serve_trail;
struct serve_events;
struct serve_listener;

struct serve {
	sync_hub *hub;
	const struct sync_settings *settings; /* as at start: of the hub's first settings, which stay */
	GPtrArray *listeners;                 /* struct serve_listener * */
	struct serve_pool *reading, *searching, *changing, *secrets;
	struct serve_throttle *names, *addresses, *finds; /* wrong passwords by name and by address; searches by user */
	struct serve_trail *trail;                        /* for the audit log */
	struct serve_events *events;
	struct serve_keep *keep; /* answers to searches */
	char **hosts;            /* that a Host header may name besides addresses and localhost */
	char *link;              /* "http://127.0.0.1:8470": how browsers reach us; NULL: they cannot */
	char *first_key;         /* of the first admin's log-in, as long as there is none; NULL */
	guint8 proxy_secret[32]; /* for the CSRF tokens of those whom a proxy logs in */
	gboolean secure;         /* browsers speak TLS to us: HSTS, and cookies for TLS alone */
	gint held;               /* bytes of bodies that are held; atomic */
	guint sweep;             /* timer */
	pthread_mutex_t lock;    /* of `guests` and `first_key` */
	GQueue guests;           /* struct serve_guest *: the connections that are open */
};

/* A task of a pool begins with the function that does it. */
struct serve_job {
	void (*run)(struct serve_job *job, struct serve *serve);
};

/* ---- serve.c ---- */

struct serve_worker *serve_worker_get(struct serve *serve, GError **error); /* this thread's own */

/* ---- listen.c ---- */

struct serve_listener {
	struct serve *serve;
	struct MHD_Daemon *daemon;
	int fd;
	gboolean tcp;
	char *socket;  /* the file to remove at the end; NULL: TCP, or made by others */
	char *address; /* for messages: "socket /run/meri/meri.sock", "127.0.0.1:8470" */
};

/* Binds everything that the settings name, or takes what systemd handed over. */
gboolean serve_bind(struct serve *serve, GError **error);
/* Begins to answer there. */
gboolean serve_listen(struct serve *serve, GError **error);
void serve_listener_free(gpointer listener); /* its daemon stops */

/* ---- exchange.c ---- */

enum { SERVE_IDLE_SECONDS = 15 };

/* libmicrohttpd's calls; `cls` is the listener. */
enum MHD_Result serve_on_request(void *cls, struct MHD_Connection *connection, const char *path, const char *method,
				 const char *version, const char *upload, size_t *upload_size, void **state);
void serve_on_completed(void *cls, struct MHD_Connection *connection, void **state,
			enum MHD_RequestTerminationCode code);
void serve_on_guest(void *cls, struct MHD_Connection *connection, void **socket_context,
		    enum MHD_ConnectionNotificationCode code);
/* Ends connections that send a request or take a reply too slowly. A timer of the main loop. */
gboolean serve_sweep(gpointer serve);

/* ---- reply.c ---- */

/* A reply out of JSON (consumed) or an error: with its tag, packed, or "not modified", as the request would have it.
 * Sets `response` and `status` of the request. */
void serve_reply(struct serve_request *request, unsigned status, json_t *body);
void serve_problem(struct serve_request *request, const GError *error);
/* The reply's text out of JSON (consumed), with what serve_audit was told; NULL: it cannot be written. `packed`: also
 * by gzip. And a reply of it. */
struct serve_kept *serve_kept_new(struct serve_request *request, json_t *body, gboolean packed);
void serve_reply_kept(struct serve_request *request, unsigned status, struct serve_kept *kept);
void serve_reply_text(struct serve_request *request, unsigned status, const char *type, const char *text);
/* What every reply says to a browser. `page`: it is a document of ours. */
void serve_reply_safety(const struct serve *serve, struct MHD_Response *response, gboolean page);

/* ---- pages.c ---- */

/* The page's file at a path, or a problem. */
void serve_page(struct serve_request *request);

/* ---- caller.c ---- */

/* Who asks. Never NULL: nobody, if nothing is shown; `error` then says why what was shown does not count (a route that
 * needs nobody goes on all the same). */
struct serve_caller *serve_caller_find(struct serve_request *request, const struct serve_listener *listener,
				       GError **error);
/* Whom a session just made lets in. */
struct serve_caller *serve_caller_of_session(struct serve_request *request, const char *secret, GError **error);
char *serve_peer_address(struct MHD_Connection *connection); /* of TCP; "unknown" if it cannot be told */
gboolean serve_is_proxy(const struct serve *serve, const char *address);
/* May a change go on, for all that a browser was tricked into? FORBIDDEN, CSRF. */
gboolean serve_caller_meant(struct serve_request *request, GError **error);
/* Makes the worker's store what the caller may see. */
gboolean serve_caller_fence(struct serve_request *request, GError **error);

/* ---- routes.c ---- */

enum serve_lane { SERVE_LANE_READING, SERVE_LANE_CHANGING, SERVE_LANE_SECRETS };
enum serve_lane serve_route_lane(const char *method, const char *path);
/* Finds and runs the route; the reply is then in the request. `refused`: why there is no caller; NULL: there is, or
 * nothing was shown. */
void serve_route(struct serve_request *request, const GError *refused);
