/* Who asks: found out from what the connection and the headers show. */
#include "serve/caller.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pwd.h>
#include <sodium.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/base.h"
#include "serve/inside.h"
#include "serve/parse.h"
#include "serve/rights.h"

enum { ALL_SCOPES = STORE_SCOPE_READ | STORE_SCOPE_WRITE | STORE_SCOPE_ADMIN };
enum { TOKEN_USED_SECONDS = 3600, RENEWALS = 10 /* of a session, in its length */ };

void serve_caller_free(struct serve_caller *caller)
{
	if (!caller)
		return;
	g_free(caller->name);
	g_free(caller->full_name);
	g_free(caller->email);
	g_strfreev(caller->teams);
	g_free(caller->csrf);
	g_free(caller->address);
	g_free(caller->session);
	g_free(caller->team);
	g_free(caller);
}

const char *serve_via_word(enum serve_via via)
{
	static const char *const words[] = {"nobody", "socket", "session", "token", "proxy"};
	return words[via];
}

static gboolean is_team(char *const *teams, const char *wanted)
{
	g_autofree char *folded = g_utf8_casefold(wanted, -1);
	for (guint i = 0; teams[i]; i++) {
		g_autofree char *team = g_utf8_casefold(teams[i], -1);
		if (!strcmp(team, folded))
			return TRUE;
	}
	return FALSE;
}

gboolean serve_may_read(const struct serve_caller *caller, char *const *readers)
{
	if (caller->admin || !readers)
		return TRUE;
	for (guint i = 0; readers[i]; i++)
		if (is_team(caller->teams, readers[i]))
			return TRUE;
	return FALSE;
}

/* ---- users ---- */

static void be_user(struct serve_caller *caller, const struct store_user *user, enum serve_via via)
{
	caller->via = via;
	caller->scopes = ALL_SCOPES;
	caller->user = user->id;
	caller->admin = user->admin;
	caller->name = g_strdup(user->name);
	caller->full_name = g_strdup(user->full_name);
	caller->email = g_strdup(user->email);
	g_strfreev(caller->teams);
	caller->teams = user->teams ? g_strdupv(user->teams) : g_new0(char *, 1);
}

/* A NULL with `error` left alone: the store knows nobody of that kind. */
static gpointer absent_is_none(gpointer found, GError **problem, GError **error)
{
	if (*problem && !g_error_matches(*problem, STORE_ERROR, STORE_ERROR_ABSENT))
		g_propagate_error(error, g_steal_pointer(problem));
	g_clear_error(problem);
	return found;
}

static struct store_user *user_named(store *s, const char *name, GError **error)
{
	GError *problem = NULL;
	struct store_user *user = store_user_named(s, name, &problem);
	return absent_is_none(user, &problem, error);
}

/* ---- the Unix socket ---- */

static char *account_name(uid_t uid)
{
	char buffer[4096];
	struct passwd entry, *found = NULL;
	if (getpwuid_r(uid, &entry, buffer, sizeof buffer, &found) == 0 && found)
		return g_utf8_make_valid(found->pw_name, -1);
	return g_strdup_printf("uid %u", (unsigned)uid);
}

/* root, and the daemon's own account, are admins: they could read the store's file itself. */
static void by_socket(struct serve_request *request, struct serve_caller *caller, int fd, GError **error)
{
	struct ucred peer = {.uid = (uid_t)-1};
	socklen_t length = sizeof peer;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0) {
		g_set_error(error, SERVE_ERROR, SERVE_UNKNOWN_PEER, "the socket does not tell whose account asks");
		return;
	}
	g_autofree char *name = account_name(peer.uid);
	gboolean trusted = peer.uid == 0 || peer.uid == geteuid();
	GError *problem = NULL;
	g_autoptr(store_user) user = user_named(request->worker->open, name, &problem);
	if (user)
		be_user(caller, user, SERVE_SOCKET);
	if (trusted) {
		caller->via = SERVE_SOCKET;
		caller->scopes = ALL_SCOPES;
		caller->admin = TRUE;
		if (!caller->name)
			caller->name = g_steal_pointer(&name);
		g_clear_error(&problem);
	} else if (problem) {
		g_propagate_error(error, problem);
	} else if (!user) {
		g_set_error(error, SERVE_ERROR, SERVE_UNKNOWN_PEER,
			    "the account \"%s\" is no user of this hub: an admin can run  meri user add %s", name,
			    name);
	}
}

/* ---- tokens ---- */

struct note_use {
	gint64 token;
	char *session;
	gint64 seconds;
};

static gboolean note_use_job(store *s, gpointer data, GError **error)
{
	struct note_use *use = data;
	gint64 now = base_now();
	return use->session ? store_session_renew(s, use->session, now, use->seconds, error)
			    : store_token_used(s, use->token, now, error);
}

static void note_use_done(gpointer data, const GError *error)
{
	struct note_use *use = data;
	if (error && !g_error_matches(error, STORE_ERROR, STORE_ERROR_ABSENT))
		base_log(BASE_WARNING, "the use of a %s was not noted: %s", use->session ? "session" : "token",
			 error->message);
	g_free(use->session);
	g_free(use);
}

static void note_use(struct serve_request *request, const struct note_use *use)
{
	store_writer_push(sync_hub_writer(request->hub), note_use_job, g_memdup2(use, sizeof *use), note_use_done);
}

/* A token that acts for a team is its user for nothing but that: neither an admin nor of other teams. */
static void limit_to_token(struct serve_caller *caller, const struct store_token *token)
{
	caller->token = token->id;
	caller->scopes = token->scopes;
	gboolean member = token->team && (caller->admin || is_team(caller->teams, token->team));
	caller->admin = caller->admin && (token->scopes & STORE_SCOPE_ADMIN) && !token->team;
	if (!token->team)
		return;
	g_strfreev(caller->teams);
	caller->teams = g_new0(char *, 2);
	if (member)
		caller->teams[0] = g_strdup(token->team);
	caller->team = g_strdup(token->team);
}

static void by_token(struct serve_request *request, struct serve_caller *caller, const char *secret, GError **error)
{
	gint64 now = base_now();
	GError *problem = NULL;
	store *s = request->worker->open;
	g_autoptr(store_token) token = store_token_get(s, secret, now, &problem);
	g_autoptr(store_user) user = token ? store_user_get(s, token->user, &problem) : NULL;
	absent_is_none(NULL, &problem, error);
	if (!user) {
		if (!*error)
			g_set_error(
				error, SERVE_ERROR, SERVE_LOGIN_NEEDED,
				"there is no such token, or its time is over: an admin, or you in the page, can make "
				"a new one");
		return;
	}
	be_user(caller, user, SERVE_TOKEN);
	limit_to_token(caller, token);
	if (now - token->used > TOKEN_USED_SECONDS)
		note_use(request, &(struct note_use){.token = token->id});
}

/* ---- sessions ---- */

static gboolean by_session(struct serve_request *request, struct serve_caller *caller, const char *secret,
			   GError **error)
{
	gint64 now = base_now(), length = request->serve->settings->session_length;
	GError *problem = NULL;
	store *s = request->worker->open;
	g_autoptr(store_session) session = store_session_get(s, secret, now, &problem);
	g_autoptr(store_user) user = session ? store_user_get(s, session->user, &problem) : NULL;
	absent_is_none(NULL, &problem, error);
	if (!user)
		return FALSE;
	be_user(caller, user, SERVE_SESSION);
	caller->csrf = g_strdup(session->csrf);
	caller->session = g_strdup(secret);
	if (session->expires - now < length - length / RENEWALS)
		note_use(request, &(struct note_use){.session = g_strdup(secret), .seconds = length});
	return TRUE;
}

struct serve_caller *serve_caller_of_session(struct serve_request *request, const char *secret, GError **error)
{
	g_autoptr(serve_caller_t) caller = g_new0(struct serve_caller, 1);
	GError *problem = NULL;
	caller->teams = g_new0(char *, 1);
	caller->address = g_strdup(request->caller->address);
	if (by_session(request, caller, secret, &problem))
		return g_steal_pointer(&caller);
	if (problem)
		g_propagate_error(error, problem);
	else
		g_set_error(error, SERVE_ERROR, SERVE_LOGIN_NEEDED, "the session is over already; log in again");
	return NULL;
}

/* ---- a trusted proxy ---- */

gboolean serve_is_proxy(const struct serve *serve, const char *address)
{
	char **trusted = serve->settings->trusted_proxy;
	return trusted && g_strv_contains((const char *const *)trusted, address);
}

/* What a page that a proxy logged in must show in changes: not stored anywhere, good until merid ends. */
static char *proxy_csrf(const struct serve *serve, const char *name)
{
	guint8 hash[18];
	crypto_generichash(hash, sizeof hash, (const guint8 *)name, strlen(name), serve->proxy_secret,
			   sizeof serve->proxy_secret);
	return g_base64_encode(hash, sizeof hash);
}

struct values {
	const char *name, *last;
	guint count;
};

static enum MHD_Result count_value(void *user, enum MHD_ValueKind kind, const char *key, const char *value)
{
	(void)kind;
	struct values *values = user;
	if (g_ascii_strcasecmp(key, values->name) == 0) {
		values->count++;
		values->last = value;
	}
	return MHD_YES;
}

static void by_proxy(struct serve_request *request, struct serve_caller *caller, const struct values *header,
		     GError **error)
{
	if (header->count > 1) { /* one of them may be the browser's own */
		g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "%s came %u times: the proxy must set it once",
			    header->name, header->count);
		return;
	}
	g_autofree char *name = g_utf8_make_valid(header->last, -1);
	GError *problem = NULL;
	g_autoptr(store_user) user = user_named(request->worker->open, name, &problem);
	if (problem) {
		g_propagate_error(error, problem);
	} else if (!user) {
		g_set_error(error, SERVE_ERROR, SERVE_UNKNOWN_PEER,
			    "\"%s\" is no user of this hub: an admin can run  meri user add %s", name, name);
	} else {
		be_user(caller, user, SERVE_PROXY);
		caller->csrf = proxy_csrf(request->serve, user->name);
	}
}

/* ---- all of them ---- */

char *serve_peer_address(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	char host[NI_MAXHOST];
	const struct sockaddr *address = info ? info->client_addr : NULL;
	if (!address)
		return g_strdup("unknown");
	socklen_t length = address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	if (getnameinfo(address, length, host, sizeof host, NULL, 0, NI_NUMERICHOST) != 0)
		return g_strdup("unknown");
	return g_strdup(g_str_has_prefix(host, "::ffff:") ? host + 7 : host);
}

static void by_network(struct serve_request *request, struct serve_caller *caller, GError **error)
{
	gboolean proxied = serve_is_proxy(request->serve, caller->address);
	const char *bearer = serve_header(request, MHD_HTTP_HEADER_AUTHORIZATION);
	const char *secret = serve_parse_bearer(bearer);
	g_autofree char *cookie =
		serve_parse_cookie(serve_header(request, MHD_HTTP_HEADER_COOKIE), SERVE_SESSION_COOKIE);
	struct values header = {.name = request->serve->settings->proxy_header};
	char *forwarded = proxied ? serve_parse_forwarded(serve_header(request, "X-Forwarded-For")) : NULL;
	if (forwarded) {
		g_free(caller->address);
		caller->address = forwarded;
	}
	if (proxied)
		MHD_get_connection_values(request->connection, MHD_HEADER_KIND, count_value, &header);
	if (secret && g_str_has_prefix(secret, "meri_"))
		by_token(request, caller, secret, error);
	else if (cookie && by_session(request, caller, cookie, error))
		return;
	else if (!*error && header.last && *header.last)
		by_proxy(request, caller, &header, error);
}

struct serve_caller *serve_caller_find(struct serve_request *request, const struct serve_listener *listener,
				       GError **error)
{
	struct serve_caller *caller = g_new0(struct serve_caller, 1);
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	GError *problem = NULL;
	caller->teams = g_new0(char *, 1);
	if (listener->tcp) {
		caller->address = serve_peer_address(request->connection);
		by_network(request, caller, &problem);
	} else {
		caller->address = g_strdup("socket");
		by_socket(request, caller, info ? info->connect_fd : -1, &problem);
	}
	if (problem)
		g_propagate_error(error, problem);
	return caller;
}

/* ---- what a browser was tricked into ---- */

gboolean serve_caller_meant(struct serve_request *request, GError **error)
{
	const struct serve_caller *caller = request->caller;
	if (caller->via == SERVE_SOCKET || caller->via == SERVE_TOKEN)
		return TRUE;
	const char *site = serve_header(request, "Sec-Fetch-Site");
	if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) {
		g_set_error(error, SERVE_ERROR, SERVE_CSRF, "another site's page may not change anything here");
		return FALSE;
	}
	const char *type = serve_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);
	if (request->body && (!type || g_ascii_strncasecmp(type, "application/json", 16) != 0)) {
		g_set_error(error, SERVE_ERROR, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
			    "the body must come as Content-Type: application/json");
		return FALSE;
	}
	if (!caller->csrf)
		return TRUE;
	const char *shown = serve_header(request, "X-CSRF-Token");
	gsize length = strlen(caller->csrf);
	if (shown && strlen(shown) == length && sodium_memcmp(shown, caller->csrf, length) == 0)
		return TRUE;
	g_set_error(error, SERVE_ERROR, SERVE_CSRF, "a change needs the header X-CSRF-Token, as /api/v1/me tells it");
	return FALSE;
}

/* ---- what the caller may see ---- */

/* The worker's second connection; once fenced, it is so for ever. */
static store *fenced_store(struct serve_request *request, GError **error)
{
	struct serve_worker *worker = request->worker;
	const struct sync_settings *settings = request->serve->settings;
	if (worker->fenced)
		return worker->fenced;
	store *s = store_open(settings->store, STORE_READ, settings->language, error);
	if (s && !lookup_prepare(s, error))
		g_clear_pointer(&s, store_close);
	worker->fenced = s;
	return s;
}

gboolean serve_caller_fence(struct serve_request *request, GError **error)
{
	request->worker->store = request->worker->open;
	g_clear_pointer(&request->rights, g_free);
	if (request->caller->admin) {
		request->rights = g_strdup("all");
		return TRUE;
	}
	store *s = fenced_store(request, error);
	if (!s || !serve_fence(request->hub, request->caller, s, &request->rights, error))
		return FALSE;
	request->worker->store = s;
	return TRUE;
}
