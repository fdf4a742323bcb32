/* The sockets: a Unix socket always, TCP where the settings say so, or what systemd hands over. */
#include <errno.h>
#include <glib-unix.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/base.h"
#include "serve/inside.h"
#include "serve/parse.h"

enum { UNIX_CONNECTIONS = 256, TCP_CONNECTIONS = 1024, BACKLOG = 256, PER_ADDRESS = 128, HEADER_BYTES = 32 << 10 };

/* ---- the Unix socket ---- */

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

/* The daemon finds out who asks by the account at the other end; so whoever may reach the folder may knock. */
static int unix_socket(const char *path, GError **error)
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
	mode_t mask = umask(0111);
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

/* ---- TCP ---- */

static int tcp_socket(const struct addrinfo *info)
{
	static const int on = 1;
	int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on); /* inherited by what is accepted */
	if (info->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int problem = errno;
	close(fd);
	errno = problem;
	return -1;
}

/* "127.0.0.1:8470" */
static char *address_text(int fd)
{
	struct sockaddr_storage address = {0};
	socklen_t length = sizeof address;
	char host[NI_MAXHOST], port[NI_MAXSERV];
	if (getsockname(fd, (struct sockaddr *)&address, &length) < 0 ||
	    getnameinfo((struct sockaddr *)&address, length, host, sizeof host, port, sizeof port,
			NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return g_strdup("?");
	return g_strdup_printf(address.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}

/* ---- a server for each socket ---- */

static void log_mhd(void *cls, const char *format, va_list arguments) G_GNUC_PRINTF(2, 0);
static void log_mhd(void *cls, const char *format, va_list arguments)
{
	(void)cls;
	g_autofree char *line = g_strdup_vprintf(format, arguments);
	/* What clients do wrong is not ours to warn of. */
	base_log(BASE_DEBUG, "http: %s", g_strchomp(line));
}

static size_t unescape(void *cls, struct MHD_Connection *connection, char *text)
{
	(void)cls, (void)connection;
	return serve_parse_unescape(text);
}

/* Behind a proxy, or on one machine, everybody has the same address. */
static guint per_address(const struct serve *serve, const struct serve_listener *listener)
{
	gboolean shared = !listener->tcp || serve->settings->trusted_proxy ||
			  g_str_has_prefix(listener->address, "127.") || g_str_has_prefix(listener->address, "[::1]");
	return shared ? 0 : PER_ADDRESS;
}

void serve_listener_free(gpointer data)
{
	struct serve_listener *listener = data;
	if (listener->daemon)
		MHD_stop_daemon(listener->daemon);
	else
		close(listener->fd);
	if (listener->socket)
		unlink(listener->socket);
	g_free(listener->socket);
	g_free(listener->address);
	g_free(listener);
}

/* The socket is the listener's from here on. `file`: to be removed at the end, NULL: none. */
static void add(struct serve *serve, int fd, gboolean tcp, const char *file)
{
	struct serve_listener *listener = g_new0(struct serve_listener, 1);
	listener->serve = serve;
	listener->fd = fd;
	listener->tcp = tcp;
	listener->socket = g_strdup(file);
	listener->address = tcp ? address_text(fd) : g_strdup_printf("socket %s", file ? file : "of systemd");
	g_ptr_array_add(serve->listeners, listener);
}

static gboolean start(struct serve *serve, struct serve_listener *listener, GError **error)
{
	listener->daemon = MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
		serve_on_request, listener, MHD_OPTION_EXTERNAL_LOGGER, log_mhd, NULL, MHD_OPTION_LISTEN_SOCKET,
		listener->fd, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)(listener->tcp ? TCP_CONNECTIONS : UNIX_CONNECTIONS), MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		per_address(serve, listener), MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SERVE_IDLE_SECONDS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL, MHD_OPTION_NOTIFY_COMPLETED, serve_on_completed, listener,
		MHD_OPTION_NOTIFY_CONNECTION, serve_on_guest, listener, MHD_OPTION_END);
	if (!listener->daemon)
		g_set_error(error, SERVE_ERROR, 0, "%s: the HTTP server did not start", listener->address);
	return listener->daemon != NULL;
}

gboolean serve_listen(struct serve *serve, GError **error)
{
	for (guint i = 0; i < serve->listeners->len; i++)
		if (!start(serve, serve->listeners->pdata[i], error))
			return FALSE;
	return TRUE;
}

/* ---- which sockets ---- */

static gboolean add_unix(struct serve *serve, GError **error)
{
	int fd = unix_socket(serve->settings->socket, error);
	if (fd >= 0)
		add(serve, fd, FALSE, serve->settings->socket);
	return fd >= 0;
}

static gboolean add_found(struct serve *serve, const struct addrinfo *found, GError **error)
{
	for (const struct addrinfo *info = found; info; info = info->ai_next) {
		int fd = tcp_socket(info);
		if (fd < 0) {
			g_set_error(error, SERVE_ERROR, 0, "listen = %s: %s%s", serve->settings->listen,
				    g_strerror(errno),
				    errno == EADDRINUSE ? ": another program answers there; choose another port" : "");
			return FALSE;
		}
		add(serve, fd, TRUE, NULL);
	}
	return TRUE;
}

static gboolean add_tcp(struct serve *serve, GError **error)
{
	const struct addrinfo wanted = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM};
	g_autofree char *host = NULL, *port = NULL;
	struct addrinfo *found = NULL;
	if (!serve_parse_listen(serve->settings->listen, &host, &port)) {
		g_set_error(error, SERVE_ERROR, 0, "listen = %s: write an address and a port, such as 127.0.0.1:8470",
			    serve->settings->listen);
		return FALSE;
	}
	int code = getaddrinfo(strcmp(host, "*") != 0 ? host : NULL, port, &wanted, &found);
	if (code != 0) {
		g_set_error(error, SERVE_ERROR, 0, "listen = %s: %s", serve->settings->listen, gai_strerror(code));
		return FALSE;
	}
	gboolean good = add_found(serve, found, error);
	freeaddrinfo(found);
	return good;
}

/* What systemd handed over. FALSE: an error; `of_unix`, `of_tcp`: it handed over such a one. */
static gboolean add_handed(struct serve *serve, gboolean *of_unix, gboolean *of_tcp, GError **error)
{
	int n = sd_listen_fds(1);
	for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + n; fd++) {
		gboolean is_unix = sd_is_socket(fd, AF_UNIX, SOCK_STREAM, 1) > 0;
		gboolean is_tcp =
			sd_is_socket(fd, AF_INET, SOCK_STREAM, 1) > 0 || sd_is_socket(fd, AF_INET6, SOCK_STREAM, 1) > 0;
		if (!is_unix && !is_tcp) {
			g_set_error(error, SERVE_ERROR, 0, "descriptor %d of systemd is no listening socket", fd);
			return FALSE;
		}
		g_unix_set_fd_nonblocking(fd, TRUE, NULL);
		add(serve, fd, is_tcp, NULL);
		*of_unix |= is_unix;
		*of_tcp |= is_tcp;
	}
	return TRUE;
}

gboolean serve_bind(struct serve *serve, GError **error)
{
	gboolean of_unix = FALSE, of_tcp = FALSE;
	return add_handed(serve, &of_unix, &of_tcp, error) && (of_unix || add_unix(serve, error)) &&
	       (of_tcp || !serve->settings->listen || add_tcp(serve, error));
}
