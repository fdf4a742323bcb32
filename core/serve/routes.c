/* The routes of /api/v1: a table of what there is, who may ask it, and what the audit log calls it. The functions stand
 * in files by subject. */
#include "serve/http.h"

#include <string.h>

#include "serve/customers.h"
#include "serve/find.h"
#include "serve/sources.h"

/* What a route needs of who asks. NOBODY: not even a log-in. READ: a user, or a token with that scope. WRITE: the same,
 * with the right to change. ADMIN: an admin, or an admin's token with that scope (a change needs nothing more). */
enum need { NOBODY, READ, WRITE, ADMIN };

static const struct {
	const char *method, *path; /* * stands for one part */
	json_t *(*run)(struct serve_request *request, GError **error);
	enum need need;
	const char *audit; /* the action's word in the audit log; NULL: it is not noted */
} routes[] = {
	{"GET", "/api/v1/find", serve_find, READ, "find"},
	{"GET", "/api/v1/records/*", serve_record, READ, "record"},
	{"GET", "/api/v1/records/*/links", serve_record_links, READ, NULL},
	{"GET", "/api/v1/customers", serve_customers, READ, "customers"},
	{"GET", "/api/v1/customers/*", serve_customer, READ, "customer"},
	{"GET", "/api/v1/suggestions", serve_suggestions, READ, NULL},
	{"GET", "/api/v1/unmatched", serve_unmatched, READ, NULL},
	{"GET", "/api/v1/decisions", serve_decisions, READ, NULL},
	{"POST", "/api/v1/decisions", serve_decide, WRITE, "decide"},
	{"POST", "/api/v1/decisions/*/undo", serve_undo, WRITE, "undo"},
	{"GET", "/api/v1/sources", serve_sources, READ, NULL},
	{"GET", "/api/v1/sources/*", serve_source, READ, NULL},
	{"GET", "/api/v1/sources/*/runs", serve_runs, ADMIN, NULL},
	{"GET", "/api/v1/sources/*/failures", serve_failures, ADMIN, NULL},
	{"POST", "/api/v1/sources/*/sync", serve_sync, ADMIN, "sync"},
	{"POST", "/api/v1/sources/*/cancel", serve_cancel, ADMIN, "cancel"},
	{"POST", "/api/v1/sources/*/check", serve_check, ADMIN, "check"},
	{"POST", "/api/v1/sources/*/removals", serve_removals, ADMIN, "removals"},
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

/* May who asks take the route? */
static gboolean may(const struct serve_caller *caller, enum need need, GError **error)
{
	static const guint scopes[] = {
		[READ] = STORE_SCOPE_READ, [WRITE] = STORE_SCOPE_WRITE, [ADMIN] = STORE_SCOPE_ADMIN};
	if (need == NOBODY)
		return TRUE;
	if (caller->via == SERVE_NOBODY)
		g_set_error(error, SERVE_ERROR, SERVE_LOGIN_NEEDED, "log in first");
	else if (!(caller->scopes & scopes[need]))
		g_set_error(error, SERVE_ERROR, SERVE_FORBIDDEN, "this token may not do that: it lacks the scope");
	else if (need == ADMIN && !caller->admin)
		g_set_error(error, SERVE_ERROR, SERVE_FORBIDDEN, "only an admin may do that");
	else
		return TRUE;
	return FALSE;
}

enum MHD_Result serve_route(struct serve_request *request, const char *method, const char *path)
{
	g_autoptr(GError) error = NULL;
	gboolean path_known = FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(routes); i++) {
		g_autofree char *argument = NULL;
		if (!fits(routes[i].path, path, &argument))
			continue;
		path_known = TRUE;
		if (strcmp(routes[i].method, method) != 0)
			continue;
		request->argument = argument;
		json_t *reply = may(request->caller, routes[i].need, &error) ? routes[i].run(request, &error) : NULL;
		return reply ? serve_reply(request->connection, request->status, reply)
			     : serve_problem(request->connection, error);
	}
	if (path_known)
		error = g_error_new(SERVE_ERROR, MHD_HTTP_METHOD_NOT_ALLOWED, "%s does not take %s", path, method);
	else
		error = g_error_new(SERVE_ERROR, MHD_HTTP_NOT_FOUND, "there is nothing at %s", path);
	return serve_problem(request->connection, error);
}
