/* The listener: a Unix socket, a pool of worker threads, and what each of them owns. */
#include "serve/http.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/base.h"

enum { WORKERS = 4, IDLE_SECONDS = 30, CONNECTIONS = 256, BACKLOG = 64 };

struct serve {
	struct MHD_Daemon *daemon;
	sync_hub *hub;
	char *socket, *store, *language, *region, **own_domains;
};

/* ---- what a worker owns ---- */

static void worker_free(gpointer data)
{
	struct serve_worker *worker = data;
	store_close(worker->open);
	text_analyser_free(worker->analyser);
	identity_free(worker->who);
	g_free(worker);
}

static GPrivate own_worker = G_PRIVATE_INIT(worker_free);

static struct serve_worker *worker_get(struct serve *serve, GError **error)
{
	struct serve_worker *worker = g_private_get(&own_worker);
	if (worker)
		return worker;
	store *s = store_open(serve->store, STORE_READ, serve->language, error);
	if (s && !lookup_prepare(s, error))
		g_clear_pointer(&s, store_close);
	if (!s)
		return NULL;
	worker = g_new0(struct serve_worker, 1);
	worker->store = worker->open = s;
	worker->analyser = text_analyser_new(serve->language);
	struct identity_settings about = {.language = serve->language,
					  .region = serve->region,
					  .own_domains = (const char *const *)serve->own_domains};
	worker->who = identity_new(&about);
	g_private_set(&own_worker, worker);
	return worker;
}

/* ---- one request ---- */

struct incoming {
	GString *body;
	gboolean too_long;
};

static void incoming_free(void *cls, struct MHD_Connection *connection, void **state,
			  enum MHD_RequestTerminationCode code)
{
	(void)cls, (void)connection, (void)code;
	struct incoming *in = *state;
	if (!in)
		return;
	g_string_free(in->body, TRUE);
	g_free(in);
	*state = NULL;
}

static void take_body(struct incoming *in, const char *bytes, size_t length)
{
	if (in->body->len + length > SERVE_MAX_BODY)
		in->too_long = TRUE;
	else
		g_string_append_len(in->body, bytes, (gssize)length);
}

static json_t *body_read(const struct incoming *in, GError **error)
{
	if (in->too_long) {
		g_set_error(error, SERVE_ERROR, MHD_HTTP_CONTENT_TOO_LARGE, "the body is longer than %u bytes",
			    SERVE_MAX_BODY);
		return NULL;
	}
	json_error_t why;
	json_t *body = json_loadb(in->body->str, in->body->len, JSON_REJECT_DUPLICATES, &why);
	if (!body)
		g_set_error(error, SERVE_ERROR, MHD_HTTP_BAD_REQUEST, "the body is no JSON: %s (line %d)", why.text,
			    why.line);
	return body;
}

static enum MHD_Result answer(struct serve *serve, struct MHD_Connection *connection, const char *method,
			      const char *path, const struct incoming *in)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(base_json) body = NULL;
	struct serve_request request = {.hub = serve->hub, .connection = connection, .status = MHD_HTTP_OK};
	request.worker = worker_get(serve, &error);
	if (request.worker && (in->body->len || in->too_long))
		body = body_read(in, &error);
	request.body = body;
	if (error) {
		if (error->domain != SERVE_ERROR)
			base_log(BASE_ERROR, "%s %s: %s", method, path, error->message);
		return serve_problem(connection, error);
	}
	char *no_teams[] = {NULL};
	struct serve_caller caller = {.via = SERVE_SOCKET,
				      .scopes = STORE_SCOPE_READ | STORE_SCOPE_WRITE | STORE_SCOPE_ADMIN,
				      .admin = TRUE,
				      .name = (char *)g_get_user_name(),
				      .teams = no_teams,
				      .address = (char *)"socket"};
	request.caller = &caller;
	request.method = method;
	request.path = path;
	enum MHD_Result result = serve_route(&request, method, path);
	g_clear_pointer(&request.headers, g_ptr_array_unref);
	g_free(request.audit_what);
	return result;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *path, const char *method,
				  const char *version, const char *upload, size_t *upload_size, void **state)
{
	(void)version;
	struct incoming *in = *state;
	if (!in) {
		*state = in = g_new0(struct incoming, 1);
		in->body = g_string_new(NULL);
		return MHD_YES;
	}
	if (*upload_size) {
		take_body(in, upload, *upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	return answer(cls, connection, method, path, in);
}

/* ---- the socket ---- */

/* A socket file that nobody answers at is left over from a daemon that died. */
static gboolean clear_old_socket(const struct sockaddr_un *address, GError **error)
{
	struct stat st;
	if (lstat(address->sun_path, &st) < 0)
		return TRUE;
	if (!S_ISSOCK(st.st_mode)) {
		g_set_error(error, SERVE_ERROR, 0,
			    "%s is there already and is no socket: set socket in [hub] to another path",
			    address->sun_path);
		return FALSE;
	}
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	gboolean alive = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) == 0;
	if (fd >= 0)
		close(fd);
	if (alive) {
		g_set_error(error, SERVE_ERROR, 0, "another daemon answers at %s", address->sun_path);
		return FALSE;
	}
	unlink(address->sun_path);
	return TRUE;
}

static int socket_make(const char *path, GError **error)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof address.sun_path) {
		g_set_error(error, SERVE_ERROR, 0, "socket %s: a socket's path may have %zu bytes, this one has %zu",
			    path, sizeof address.sun_path - 1, strlen(path));
		return -1;
	}
	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
	if (!clear_old_socket(&address, error))
		return -1;
	g_autofree char *folder = g_path_get_dirname(path);
	g_mkdir_with_parents(folder, 0755);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t mask = umask(0117);
	gboolean bound = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0;
	int problem = errno;
	umask(mask);
	if (bound && listen(fd, BACKLOG) == 0)
		return fd;
	g_set_error(error, SERVE_ERROR, 0, "socket %s: %s", path, g_strerror(bound ? errno : problem));
	if (fd >= 0)
		close(fd);
	return -1;
}

static void log_mhd(void *cls, const char *format, va_list arguments) G_GNUC_PRINTF(2, 0);
static void log_mhd(void *cls, const char *format, va_list arguments)
{
	(void)cls;
	g_autofree char *line = g_strdup_vprintf(format, arguments);
	base_log(BASE_WARNING, "http: %s", g_strchomp(line));
}

struct serve *serve_new(const struct sync_settings *settings, sync_hub *hub, GError **error)
{
	int fd = socket_make(settings->socket, error);
	if (fd < 0)
		return NULL;
	struct serve *serve = g_new0(struct serve, 1);
	serve->hub = hub;
	serve->socket = g_strdup(settings->socket);
	serve->store = g_strdup(settings->store);
	serve->language = g_strdup(settings->language);
	serve->region = g_strdup(settings->region);
	serve->own_domains = g_strdupv(settings->own_domains);
	serve->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request,
					 serve, MHD_OPTION_EXTERNAL_LOGGER, log_mhd, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
					 MHD_OPTION_THREAD_POOL_SIZE, (unsigned)WORKERS, MHD_OPTION_CONNECTION_LIMIT,
					 (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
					 MHD_OPTION_NOTIFY_COMPLETED, incoming_free, NULL, MHD_OPTION_END);
	if (!serve->daemon) {
		g_set_error(error, SERVE_ERROR, 0, "socket %s: the HTTP server did not start", settings->socket);
		close(fd);
		serve_free(serve);
		return NULL;
	}
	if (settings->listen)
		base_log(BASE_WARNING, "listen = %s: there is no log-in yet, so only the socket %s answers",
			 settings->listen, settings->socket);
	return serve;
}

void serve_free(struct serve *serve)
{
	if (!serve)
		return;
	if (serve->daemon) {
		MHD_stop_daemon(serve->daemon);
		unlink(serve->socket);
	}
	g_free(serve->socket);
	g_free(serve->store);
	g_free(serve->language);
	g_free(serve->region);
	g_strfreev(serve->own_domains);
	g_free(serve);
}
