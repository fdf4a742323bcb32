/* One request's way: its head and body come in, it is laid aside for a thread of a pool, the reply goes out. And the
 * connections on which that happens: those that take their time over it are ended. */
#include <string.h>
#include <sys/socket.h>

#include "base/base.h"
#include "serve/inside.h"
#include "serve/parse.h"
#include "serve/trail.h"

/* From the end of one request to that of the next one's head; for a body; for a reply: a client that is slower holds a
 * connection for nothing. Idle ones are ended by libmicrohttpd, after SERVE_IDLE_SECONDS. */
enum { REQUEST_SECONDS = SERVE_IDLE_SECONDS + 5, REPLY_SECONDS = 60 };
enum { MOST_HELD = 32 << 20 }; /* bytes of bodies */

enum phase { COMING, ANSWERING, GOING, STREAMING };

/* A connection. */
struct serve_guest {
	struct serve *serve;
	int fd;
	enum phase phase;
	gint64 since; /* monotonic */
	GList place;
};

/* A request on its way. */
struct exchange {
	struct serve_job job; /* first */
	struct serve_listener *listener;
	struct serve_guest *guest;
	struct MHD_Connection *connection;
	char *method, *path;
	GString *body;
	gboolean too_long, no_room;    /* the body is not whole for it */
	struct MHD_Response *response; /* NULL: not yet */
	unsigned status;
	gboolean searching; /* it was put off to the pool that searches */
	gint answered;      /* a pool's thread is done with it */
};

/* ---- connections ---- */

static void guest_phase(struct serve_guest *guest, enum phase phase)
{
	if (!guest)
		return;
	pthread_mutex_lock(&guest->serve->lock);
	guest->phase = phase;
	guest->since = g_get_monotonic_time();
	pthread_mutex_unlock(&guest->serve->lock);
}

static struct serve_guest *guest_new(struct serve *serve, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct serve_guest *guest = g_new0(struct serve_guest, 1);
	guest->serve = serve;
	guest->fd = info ? info->connect_fd : -1;
	guest->since = g_get_monotonic_time();
	guest->place.data = guest;
	pthread_mutex_lock(&serve->lock);
	g_queue_push_tail_link(&serve->guests, &guest->place);
	pthread_mutex_unlock(&serve->lock);
	return guest;
}

void serve_on_guest(void *cls, struct MHD_Connection *connection, void **socket_context,
		    enum MHD_ConnectionNotificationCode code)
{
	struct serve_listener *listener = cls;
	struct serve_guest *guest = *socket_context;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*socket_context = guest_new(listener->serve, connection);
		return;
	}
	if (!guest)
		return;
	/* Its descriptor is closed only after this. */
	pthread_mutex_lock(&listener->serve->lock);
	g_queue_unlink(&listener->serve->guests, &guest->place);
	pthread_mutex_unlock(&listener->serve->lock);
	*socket_context = NULL;
	g_free(guest);
}

static gboolean too_slow(const struct serve_guest *guest, gint64 now)
{
	gint64 seconds = (now - guest->since) / G_USEC_PER_SEC;
	return (guest->phase == COMING && seconds >= REQUEST_SECONDS) ||
	       (guest->phase == GOING && seconds >= REPLY_SECONDS);
}

gboolean serve_sweep(gpointer data)
{
	struct serve *serve = data;
	gint64 now = g_get_monotonic_time();
	pthread_mutex_lock(&serve->lock);
	for (GList *place = serve->guests.head; place; place = place->next) {
		struct serve_guest *guest = place->data;
		/* libmicrohttpd hears of it as of a client that hung up, and closes. */
		if (too_slow(guest, now) && guest->fd >= 0)
			shutdown(guest->fd, SHUT_RDWR);
	}
	pthread_mutex_unlock(&serve->lock);
	return G_SOURCE_CONTINUE;
}

/* ---- answering, in a thread of a pool ---- */

static json_t *body_read(const struct exchange *x, GError **error)
{
	json_error_t why;
	json_t *body = json_loadb(x->body->str, x->body->len, JSON_REJECT_DUPLICATES, &why);
	if (json_is_object(body))
		return body;
	if (body)
		g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "the body must be a JSON object");
	else
		g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "the body is no JSON: %s (line %d)", why.text,
			    why.line);
	json_decref(body);
	return NULL;
}

static void request_begin(struct exchange *x, struct serve_request *request)
{
	gboolean head = !strcmp(x->method, "HEAD");
	*request = (struct serve_request){
		.serve = x->listener->serve,
		.hub = x->listener->serve->hub,
		.connection = x->connection,
		.method = head ? "GET" : x->method,
		.path = x->path,
		.head = head,
		.status = MHD_HTTP_OK,
		.audit_hits = -1,
		.searching = x->searching,
	};
}

/* The reply is the exchange's. */
static void request_end(struct exchange *x, struct serve_request *request)
{
	x->response = request->response;
	x->status = request->status;
	g_clear_pointer(&request->headers, g_ptr_array_unref);
	g_clear_pointer(&request->body, json_decref);
	g_free(request->audit_what);
	g_free(request->rights);
}

static void answer(struct exchange *x, struct serve_request *request)
{
	g_autoptr(GError) error = NULL, refused = NULL;
	request->worker = serve_worker_get(request->serve, &error);
	if (!error && x->body->len)
		request->body = body_read(x, &error);
	if (error) {
		serve_problem(request, error);
		return;
	}
	g_autoptr(serve_caller_t) caller = serve_caller_find(request, x->listener, &refused);
	request->caller = caller;
	serve_route(request, refused);
	request->caller = NULL;
}

static void tell_busy(struct exchange *x)
{
	struct serve_request request;
	g_autoptr(GError) error =
		g_error_new(SERVE_ERROR, SERVE_BUSY, "too many wait for an answer already; try again in a moment");
	request_begin(x, &request);
	serve_reply_header(&request, MHD_HTTP_HEADER_RETRY_AFTER, "1");
	serve_problem(&request, error);
	request_end(x, &request);
}

static void work(struct serve_job *job, struct serve *serve)
{
	struct exchange *x = (struct exchange *)job;
	struct serve_request request;
	request_begin(x, &request);
	answer(x, &request);
	request_end(x, &request);
	if (request.put_off) {
		x->searching = TRUE;
		if (serve_pool_push(serve->searching, &x->job))
			return;
		tell_busy(x);
	}
	struct MHD_Connection *connection = x->connection;
	g_atomic_int_set(&x->answered, TRUE);
	MHD_resume_connection(connection);
}

/* ---- what needs no thread, in the listener's ---- */

/* A page of somewhere else may lead a browser to us under a name of its own: only the names that are ours are answered.
 * (An address is no name, and cannot be made to lead elsewhere.) */
static gboolean host_is_ours(const struct exchange *x)
{
	g_autofree char *host =
		serve_parse_host(MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_HOST));
	if (!x->listener->tcp)
		return TRUE;
	return host &&
	       (serve_parse_is_address(host) || !strcmp(host, "localhost") || g_str_has_suffix(host, ".localhost") ||
		g_strv_contains((const char *const *)x->listener->serve->hosts, host));
}

static gboolean in_the_api(const char *path)
{
	return g_str_has_prefix(path, "/api/") || !strcmp(path, "/api");
}

/* What can be said without the store. FALSE: nothing, it needs a thread. */
static gboolean answer_here(struct exchange *x)
{
	struct serve_request request;
	g_autoptr(GError) error = NULL;
	request_begin(x, &request);
	if (!host_is_ours(x))
		error = g_error_new(
			SERVE_ERROR, MHD_HTTP_MISDIRECTED_REQUEST,
			"this hub does not go by the name in the Host header; set public-url in [hub] to the "
			"address that browsers use");
	else if (x->too_long)
		error = g_error_new(SERVE_ERROR, SERVE_TOO_LARGE, "the body is longer than %u bytes", SERVE_MAX_BODY);
	else if (x->no_room)
		error = g_error_new(SERVE_ERROR, SERVE_BUSY, "too much is being sent to the hub already");
	if (error)
		serve_problem(&request, error);
	else if (!in_the_api(x->path))
		serve_page(&request);
	request_end(x, &request);
	return x->response != NULL;
}

static struct serve_pool *pool_of(const struct exchange *x)
{
	struct serve *serve = x->listener->serve;
	switch (serve_route_lane(x->method, x->path)) {
	case SERVE_LANE_CHANGING:
		return serve->changing;
	case SERVE_LANE_SECRETS:
		return serve->secrets;
	default:
		return serve->reading;
	}
}

static enum MHD_Result send_reply(struct exchange *x)
{
	gboolean stream = MHD_get_response_header(x->response, "X-Accel-Buffering") != NULL;
	guest_phase(x->guest, stream ? STREAMING : GOING);
	enum MHD_Result result = MHD_queue_response(x->connection, x->status, x->response);
	g_clear_pointer(&x->response, MHD_destroy_response);
	return result;
}

/* ---- libmicrohttpd's calls ---- */

static struct exchange *exchange_new(struct serve_listener *listener, struct MHD_Connection *connection,
				     const char *path, const char *method)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct exchange *x = g_new0(struct exchange, 1);
	x->job.run = work;
	x->listener = listener;
	x->guest = info ? info->socket_context : NULL;
	x->connection = connection;
	x->method = g_strdup(method);
	x->path = g_strdup(path);
	x->body = g_string_new(NULL);
	return x;
}

/* A length that is told can be refused before the body comes. */
static gboolean length_is_too_long(struct MHD_Connection *connection)
{
	const char *told = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
	guint64 length = 0;
	return told &&
	       (!g_ascii_string_to_unsigned(told, 10, 0, G_MAXUINT64, &length, NULL) || length > SERVE_MAX_BODY);
}

/* All bodies that are held at a time have a bound too, for whoever is nobody may send one. */
static void take_body(struct exchange *x, const char *bytes, size_t length)
{
	struct serve *serve = x->listener->serve;
	if (x->body->len + length > SERVE_MAX_BODY) {
		x->too_long = TRUE;
	} else if (g_atomic_int_add(&serve->held, (gint)length) > MOST_HELD) {
		g_atomic_int_add(&serve->held, -(gint)length);
		x->no_room = TRUE;
	} else {
		g_string_append_len(x->body, bytes, (gssize)length);
	}
}

/* The request is whole. */
static enum MHD_Result come_to_an_answer(struct exchange *x)
{
	if (answer_here(x))
		return send_reply(x);
	guest_phase(x->guest, ANSWERING);
	MHD_suspend_connection(x->connection);
	if (serve_pool_push(pool_of(x), x))
		return MHD_YES;
	tell_busy(x);
	g_atomic_int_set(&x->answered, TRUE);
	MHD_resume_connection(x->connection);
	return MHD_YES;
}

enum MHD_Result serve_on_request(void *cls, struct MHD_Connection *connection, const char *path, const char *method,
				 const char *version, const char *upload, size_t *upload_size, void **state)
{
	(void)version;
	struct exchange *x = *state;
	if (!x) {
		*state = x = exchange_new(cls, connection, path, method);
		guest_phase(x->guest, COMING); /* the body has its own time */
		x->too_long = length_is_too_long(connection);
		if (x->too_long && answer_here(x))
			return send_reply(x);
		return MHD_YES;
	}
	if (*upload_size) {
		take_body(x, upload, *upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	return g_atomic_int_get(&x->answered) ? send_reply(x) : come_to_an_answer(x);
}

void serve_on_completed(void *cls, struct MHD_Connection *connection, void **state,
			enum MHD_RequestTerminationCode code)
{
	(void)cls, (void)connection, (void)code;
	struct exchange *x = *state;
	if (!x)
		return;
	guest_phase(x->guest, COMING);
	if (g_atomic_int_get(&x->answered)) /* the client may have gone meanwhile */
		g_clear_pointer(&x->response, MHD_destroy_response);
	g_atomic_int_add(&x->listener->serve->held, -(gint)x->body->len);
	g_string_free(x->body, TRUE);
	g_free(x->method);
	g_free(x->path);
	g_free(x);
	*state = NULL;
}
