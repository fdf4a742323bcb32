/* The routes of /api/v1: a table of what there is, who may ask it, and what the audit log calls it. The functions stand
 * in files by subject. */
#include <string.h>

#include "base/base.h"
#include "serve/audit.h"
#include "serve/customers.h"
#include "serve/decisions.h"
#include "serve/events.h"
#include "serve/find.h"
#include "serve/inside.h"
#include "serve/login.h"
#include "serve/notes.h"
#include "serve/openapi.h"
#include "serve/sources.h"
#include "serve/trail.h"
#include "serve/users.h"

/* What a route needs of who asks. NOBODY: not even a log-in. READ: a user, or a token with that scope. WRITE: the same,
 * with the right to change. ADMIN: an admin, or an admin's token with that scope (a change needs nothing more). */
enum need { NOBODY, READ, WRITE, ADMIN };

static const struct {
	const char *method, *path; /* * stands for one part */
	json_t *(*run)(struct serve_request *request, GError **error);
	enum need need;
	const char *audit; /* the action's word in the audit log; NULL: it is not noted */
} routes[] = {
	{"GET", "/api/v1/me", serve_me, READ, NULL},
	{"POST", "/api/v1/me/password", serve_me_password, WRITE, NULL},
	{"POST", "/api/v1/login", serve_login, NOBODY, NULL},
	{"POST", "/api/v1/logout", serve_logout, NOBODY, NULL},
	{"GET", "/api/v1/welcome", serve_welcome, NOBODY, NULL},
	{"POST", "/api/v1/welcome", serve_welcome_in, NOBODY, NULL},
	{"GET", "/api/v1/events", serve_watch, READ, NULL},
	{"GET", "/api/v1/openapi.json", serve_openapi, NOBODY, NULL},
	{"GET", "/api/v1/find", serve_find, READ, "find"},
	{"GET", "/api/v1/suggest", serve_suggest, READ, NULL},
	{"GET", "/api/v1/records/*", serve_record, READ, "record"},
	{"GET", "/api/v1/records/*/links", serve_record_links, READ, NULL},
	{"GET", "/api/v1/records/*/thread", serve_thread, READ, "thread"},
	{"GET", "/api/v1/customers", serve_customers, READ, "customers"},
	{"GET", "/api/v1/customers/*", serve_customer, READ, "customer"},
	{"GET", "/api/v1/customers/*/timeline", serve_timeline, READ, "timeline"},
	{"GET", "/api/v1/suggestions", serve_suggestions, READ, NULL},
	{"GET", "/api/v1/unmatched", serve_unmatched, READ, NULL},
	{"GET", "/api/v1/decisions", serve_decisions, READ, NULL},
	{"POST", "/api/v1/decisions", serve_decide, WRITE, "decide"},
	{"POST", "/api/v1/decisions/*/undo", serve_undo, WRITE, "undo"},
	{"POST", "/api/v1/notes", serve_note_add, WRITE, "note_add"},
	{"PATCH", "/api/v1/notes/*", serve_note_change, WRITE, "note_change"},
	{"DELETE", "/api/v1/notes/*", serve_note_remove, WRITE, "note_remove"},
	{"GET", "/api/v1/sources", serve_sources, READ, NULL},
	{"GET", "/api/v1/sources/*", serve_source, READ, NULL},
	{"GET", "/api/v1/sources/*/runs", serve_runs, ADMIN, NULL},
	{"GET", "/api/v1/sources/*/failures", serve_failures, ADMIN, NULL},
	{"POST", "/api/v1/sources/*/sync", serve_sync, ADMIN, "sync"},
	{"POST", "/api/v1/sources/*/cancel", serve_cancel, ADMIN, "cancel"},
	{"POST", "/api/v1/sources/*/check", serve_check, ADMIN, "check"},
	{"POST", "/api/v1/sources/*/removals", serve_removals, ADMIN, "removals"},
	{"GET", "/api/v1/users", serve_users, ADMIN, NULL},
	{"POST", "/api/v1/users", serve_user_add, ADMIN, "user_add"},
	{"GET", "/api/v1/users/*", serve_user, ADMIN, NULL},
	{"PATCH", "/api/v1/users/*", serve_user_change, ADMIN, "user_change"},
	{"DELETE", "/api/v1/users/*", serve_user_remove, ADMIN, "user_remove"},
	{"POST", "/api/v1/users/*/invite", serve_user_invite, ADMIN, "user_invite"},
	{"GET", "/api/v1/tokens", serve_tokens, READ, NULL},
	{"POST", "/api/v1/tokens", serve_token_add, WRITE, "token_add"},
	{"DELETE", "/api/v1/tokens/*", serve_token_remove, WRITE, "token_remove"},
	{"GET", "/api/v1/audit", serve_audit_log, ADMIN, "audit"},
	{"GET", "/api/v1/connectors", serve_connectors, ADMIN, NULL},
	{"GET", "/api/v1/status", serve_status, READ, NULL},
};

/* Does the path fit? What stands for * is then in `argument`. */
static gboolean fits(const char *pattern, const char *path, char **argument)
{
	const char *star = strchr(pattern, '*');
	if (!star)
		return !strcmp(pattern, path);
	gsize before = (gsize)(star - pattern);
	if (strncmp(pattern, path, before) != 0)
		return FALSE;
	gsize part = strcspn(path + before, "/");
	if (part == 0 || strcmp(star + 1, path + before + part) != 0)
		return FALSE;
	*argument = g_strndup(path + before, part);
	return TRUE;
}

/* ---- before the route ---- */

static gboolean is_get(const char *method)
{
	return !strcmp(method, "GET") || !strcmp(method, "HEAD");
}

enum serve_lane serve_route_lane(const char *method, const char *path)
{
	static const char *const secrets[] = {"/api/v1/login", "/api/v1/welcome", "/api/v1/me/password",
					      "/api/v1/users", NULL};
	if (is_get(method) || !strcmp(method, "OPTIONS"))
		return SERVE_LANE_READING;
	return g_strv_contains(secrets, path) ? SERVE_LANE_SECRETS : SERVE_LANE_CHANGING;
}

/* May who asks take the route? `refused`: why there is nobody. */
static gboolean may(const struct serve_caller *caller, enum need need, const GError *refused, GError **error)
{
	static const guint scopes[] = {
		[READ] = STORE_SCOPE_READ, [WRITE] = STORE_SCOPE_WRITE, [ADMIN] = STORE_SCOPE_ADMIN};
	if (need == NOBODY)
		return TRUE;
	if (refused)
		g_propagate_error(error, g_error_copy(refused));
	else if (caller->via == SERVE_NOBODY)
		g_set_error(error, SERVE_ERROR, SERVE_LOGIN_NEEDED, "log in first");
	else if (!(caller->scopes & scopes[need]))
		g_set_error(error, SERVE_ERROR, SERVE_FORBIDDEN, "this token may not do that: it lacks the scope");
	else if (need == ADMIN && !caller->admin)
		g_set_error(error, SERVE_ERROR, SERVE_FORBIDDEN, "only an admin may do that");
	else
		return TRUE;
	return FALSE;
}

/* Searching costs most, and a program can ask without end. */
static gboolean not_too_often(struct serve_request *request, GError **error)
{
	static const char *const searches[] = {"/api/v1/find", "/api/v1/suggest", "/api/v1/customers", NULL};
	const struct serve_caller *caller = request->caller;
	guint wait = 0;
	if (!request->serve->finds || request->searching || caller->via == SERVE_SOCKET ||
	    caller->via == SERVE_NOBODY || !g_strv_contains(searches, request->path))
		return TRUE;
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, caller->user);
	if (serve_throttle_take(request->serve->finds, key, g_get_monotonic_time(), &wait))
		return TRUE;
	g_autofree char *seconds = g_strdup_printf("%u", wait);
	serve_reply_header(request, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
	g_set_error(error, SERVE_ERROR, SERVE_THROTTLED, "too many searches at once; slow down");
	return FALSE;
}

/* ---- after it ---- */

static void note(struct serve_request *request, const char *action)
{
	const struct serve_caller *caller = request->caller;
	struct store_audit entry = {
		.user = caller->user,
		.name = caller->name,
		.via = (char *)serve_via_word(caller->via),
		.action = (char *)action,
		.what = request->audit_what ? request->audit_what : (char *)request->argument,
		.customer = request->audit_customer,
		.hits = request->audit_hits,
		.address = caller->via == SERVE_SOCKET ? NULL : caller->address,
	};
	serve_trail_note(request->serve->trail, &entry);
}

/* An answer is about one state of the store. What changes something must see what it changed. */
static json_t *answer(struct serve_request *request, gsize route, GError **error)
{
	store *s = request->worker->store;
	if (strcmp(routes[route].method, "GET") != 0)
		return routes[route].run(request, error);
	if (!store_snapshot(s, error))
		return NULL;
	json_t *reply = routes[route].run(request, error);
	store_rollback(s);
	return reply;
}

static enum MHD_Result add_argument(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	/* With their lengths: no value can be made to look like another parameter. */
	g_string_append_printf(cls, "%zu:%s%zu:%s", strlen(name), name, value ? strlen(value) : 0, value ? value : "");
	return MHD_YES;
}

/* What the answer goes by: who may read the same, and asks the same. Short, however long the question is. */
static char *key_of(struct serve_request *request)
{
	g_autoptr(GString) all = g_string_new(request->rights);
	guint8 hash[16];
	MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, add_argument, all);
	base_hash128(all->str, all->len, hash);
	return g_base64_encode(hash, sizeof hash);
}

/* Searches cost most and are asked again soonest. Who comes by the socket is a program or an admin, and wants things as
 * they are now. */
static gboolean is_kept(const struct serve_request *request, gsize route)
{
	return routes[route].run == serve_find && request->caller->via != SERVE_SOCKET;
}

/* The answer that is kept, or else a new one; NULL on error, or where it must be put off. */
static struct serve_kept *find_kept(struct serve_request *request, gsize route, GError **error)
{
	struct serve_keep *keep = request->serve->keep;
	g_autofree char *key = key_of(request);
	guint64 ticket;
	struct serve_kept *kept = request->searching ? serve_keep_take(keep, key, &ticket) : serve_keep_peek(keep, key);
	if (kept) {
		serve_audit(request, kept->what, kept->customer, kept->hits);
		return kept;
	}
	request->put_off = !request->searching;
	if (request->put_off)
		return NULL;
	json_t *reply = answer(request, route, error);
	kept = reply ? serve_kept_new(request, reply, TRUE) : NULL;
	serve_keep_give(keep, key, ticket, kept);
	return kept;
}

static void answer_kept(struct serve_request *request, gsize route)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(serve_kept) kept = find_kept(request, route, &error);
	if (kept) {
		note(request, routes[route].audit);
		serve_reply_kept(request, request->status, kept);
		return;
	}
	if (request->put_off)
		return;
	if (!error)
		g_set_error(&error, SERVE_ERROR, SERVE_INTERNAL, "the answer cannot be written as JSON");
	serve_problem(request, error);
}

static void run(struct serve_request *request, gsize route, const GError *refused)
{
	g_autoptr(GError) error = NULL;
	json_t *reply = NULL;
	if (may(request->caller, routes[route].need, refused, &error) &&
	    (!strcmp(request->method, "GET") || serve_caller_meant(request, &error)) &&
	    not_too_often(request, &error) && serve_caller_fence(request, &error)) {
		if (is_kept(request, route)) {
			answer_kept(request, route);
			return;
		}
		reply = answer(request, route, &error);
	}
	/* After what it changed, so that nobody is answered from before it. */
	if (!error && strcmp(request->method, "GET") != 0)
		serve_keep_forget(request->serve->keep);
	if (!error && routes[route].audit)
		note(request, routes[route].audit);
	if (reply)
		serve_reply(request, request->status, reply);
	else if (!request->response)
		serve_problem(request, error);
}

/* What the path takes instead: as Allow has it. NULL: nothing. */
static char *allowed(const char *path)
{
	g_autoptr(GString) all = g_string_new(NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
		g_autofree char *argument = NULL;
		if (fits(routes[i].path, path, &argument))
			g_string_append_printf(all, "%s%s%s", all->len ? ", " : "", routes[i].method,
					       !strcmp(routes[i].method, "GET") ? ", HEAD" : "");
	}
	if (!all->len)
		return NULL;
	g_string_append(all, ", OPTIONS");
	return g_strdup(all->str);
}

static void no_route(struct serve_request *request)
{
	g_autofree char *methods = allowed(request->path);
	g_autoptr(GError) error = NULL;
	if (methods)
		serve_reply_header(request, MHD_HTTP_HEADER_ALLOW, methods);
	if (methods && !strcmp(request->method, "OPTIONS")) {
		serve_reply_text(request, MHD_HTTP_NO_CONTENT, NULL, "");
		return;
	}
	error = methods ? g_error_new(SERVE_ERROR, MHD_HTTP_METHOD_NOT_ALLOWED, "%s does not take %s", request->path,
				      request->method)
			: g_error_new(SERVE_ERROR, SERVE_NOT_FOUND, "there is nothing at %s", request->path);
	serve_problem(request, error);
}

void serve_route(struct serve_request *request, const GError *refused)
{
	for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
		g_autofree char *argument = NULL;
		if (strcmp(routes[i].method, request->method) != 0 || !fits(routes[i].path, request->path, &argument))
			continue;
		request->argument = argument;
		run(request, i, refused);
		request->argument = NULL;
		return;
	}
	no_route(request);
}
