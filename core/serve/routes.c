/* The routes of /api/v1: a table of method, path and function. */
#include "serve/http.h"

#include <string.h>

#include "base/base.h"
#include "serve/answers.h"
#include "serve/customers.h"
#include "serve/silent.h"

enum { HITS = 20, MAX_HITS = 200, ROWS = 50, MAX_ROWS = 10000, MAX_OFFSET = 10000 };

typedef json_t *(*route_fn)(struct serve_request *request, GError **error);

/* ---- asking ---- */

static json_t *find(struct serve_request *request, GError **error)
{
	const char *typed = serve_parameter(request, "q");
	struct lookup_request wanted = {.typed = typed ? typed : "", .who = request->worker->who, .now = base_now()};
	if (!serve_number(request, "n", 1, MAX_HITS, HITS, &wanted.limit, error) ||
	    !serve_number(request, "offset", 0, MAX_OFFSET, 0, &wanted.offset, error))
		return NULL;
	g_autoptr(lookup_answer) answer =
		lookup_find(request->worker->store, request->worker->analyser, &wanted, error);
	if (!answer)
		return NULL;
	json_t *silent = serve_silent(request->hub, request->worker->store, wanted.now, error);
	if (!silent)
		return NULL;
	json_t *reply = serve_answer_json(answer);
	json_object_set_new(reply, "silent", silent);
	return reply;
}

static json_t *record(struct serve_request *request, GError **error)
{
	gint64 id = 0;
	if (!g_ascii_string_to_signed(request->argument, 10, 1, G_MAXINT64, &id, NULL)) {
		g_set_error(error, SERVE_ERROR, MHD_HTTP_NOT_FOUND, "there is no record \"%s\"", request->argument);
		return NULL;
	}
	g_autoptr(lookup_record) found = lookup_record_get(request->worker->store, id, error);
	return found ? serve_record_json(found) : NULL;
}

/* ---- sources ---- */

static const struct sync_state *state_of(const GPtrArray *states, const char *name, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; i < states->len; i++) {
		const struct sync_state *state = states->pdata[i];
		if (!strcmp(state->name, name))
			return state;
		g_ptr_array_add(names, state->name);
	}
	g_ptr_array_add(names, NULL);
	const char *near = base_nearest(name, (const char *const *)names->pdata);
	g_set_error(error, SERVE_ERROR, MHD_HTTP_NOT_FOUND,
		    near ? "there is no source \"%s\"; did you mean \"%s\"?" : "there is no source \"%s\"", name, near);
	return NULL;
}

/* The store's row of a source, NULL with no error when it was never read. */
static struct store_source *stored_of(struct serve_request *request, const char *name, GError **error)
{
	g_autoptr(GError) problem = NULL;
	struct store_source *stored = store_source_get(request->worker->store, name, &problem);
	if (problem && !g_error_matches(problem, STORE_ERROR, STORE_ERROR_ABSENT))
		g_propagate_error(error, g_steal_pointer(&problem));
	return stored;
}

static json_t *one_source(struct serve_request *request, const struct sync_state *state, GError **error)
{
	GError *problem = NULL;
	struct store_source *stored = stored_of(request, state->name, &problem);
	if (problem) {
		g_propagate_error(error, problem);
		return NULL;
	}
	json_t *o = serve_source_json(state, stored, base_now());
	store_source_free(stored);
	return o;
}

static json_t *sources(struct serve_request *request, GError **error)
{
	g_autoptr(GPtrArray) states = sync_hub_states(request->hub);
	json_t *all = json_array();
	for (guint i = 0; i < states->len; i++) {
		json_t *one = one_source(request, states->pdata[i], error);
		if (!one) {
			json_decref(all);
			return NULL;
		}
		json_array_append_new(all, one);
	}
	return json_pack("{s:o}", "sources", all);
}

/* Rows of a source out of the store, as an array under `key`. */
static json_t *rows(struct serve_request *request, const char *key,
		    GPtrArray *(*read)(store *, gint64, guint, GError **), json_t *(*render)(gconstpointer),
		    GError **error)
{
	g_autoptr(GPtrArray) states = sync_hub_states(request->hub);
	guint limit;
	GError *problem = NULL;
	if (!state_of(states, request->argument, error) ||
	    !serve_number(request, "n", 1, MAX_ROWS, ROWS, &limit, error))
		return NULL;
	json_t *all = json_array();
	struct store_source *stored = stored_of(request, request->argument, &problem);
	g_autoptr(GPtrArray) found = stored ? read(request->worker->store, stored->id, limit, &problem) : NULL;
	for (guint i = 0; found && i < found->len; i++)
		json_array_append_new(all, render(found->pdata[i]));
	store_source_free(stored);
	if (!problem)
		return json_pack("{s:o}", key, all);
	g_propagate_error(error, problem);
	json_decref(all);
	return NULL;
}

static json_t *render_run(gconstpointer row)
{
	return serve_run_json(row);
}

static json_t *render_failure(gconstpointer row)
{
	return serve_failure_json(row);
}

static json_t *runs(struct serve_request *request, GError **error)
{
	return rows(request, "runs", store_runs, render_run, error);
}

static json_t *failures(struct serve_request *request, GError **error)
{
	return rows(request, "failures", store_failures, render_failure, error);
}

static json_t *source(struct serve_request *request, GError **error)
{
	g_autoptr(GPtrArray) states = sync_hub_states(request->hub);
	const struct sync_state *state = state_of(states, request->argument, error);
	return state ? one_source(request, state, error) : NULL;
}

static json_t *sync_start(struct serve_request *request, GError **error)
{
	if (!sync_hub_start(request->hub, request->argument, error))
		return NULL;
	request->status = MHD_HTTP_ACCEPTED;
	return source(request, error);
}

static json_t *sync_cancel(struct serve_request *request, GError **error)
{
	if (!sync_hub_cancel(request->hub, request->argument, error))
		return NULL;
	request->status = MHD_HTTP_ACCEPTED;
	return source(request, error);
}

static json_t *check(struct serve_request *request, GError **error)
{
	g_autofree char *message = NULL;
	g_autoptr(GError) problem = NULL;
	gboolean good = sync_hub_check(request->hub, request->argument, &message, &problem);
	if (problem && problem->domain == SYNC_ERROR && problem->code == SYNC_ERROR_ABSENT) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return NULL;
	}
	json_t *reply = json_pack("{s:b}", "ok", good);
	base_json_text(reply, "message", message ? message : problem ? problem->message : NULL);
	return reply;
}

/* ---- what waits for an admin's word ---- */

struct decision {
	sync_hub *hub;
	const char *source;
	gboolean remove;
	gint64 decided;
};

static gboolean decide_job(store *s, gpointer user, GError **error)
{
	struct decision *d = user;
	struct store_source *stored = store_source_get(s, d->source, error);
	if (!stored)
		return FALSE;
	gboolean good = store_removals_decide(s, stored->id, d->remove, &d->decided, error) &&
			identity_settle(sync_hub_identity(d->hub), s, error);
	store_source_free(stored);
	return good;
}

static json_t *removals(struct serve_request *request, GError **error)
{
	const char *word = json_string_value(json_object_get(request->body, "decision"));
	if (!word || (strcmp(word, "remove") != 0 && strcmp(word, "keep") != 0)) {
		g_set_error(error, SERVE_ERROR, MHD_HTTP_BAD_REQUEST, "decision must be \"remove\" or \"keep\"");
		return NULL;
	}
	struct decision d = {.hub = request->hub, .source = request->argument, .remove = !strcmp(word, "remove")};
	if (!store_writer_call(sync_hub_writer(request->hub), decide_job, &d, error))
		return NULL;
	return json_pack("{s:s, s:I}", "decision", word, "records", (json_int_t)d.decided);
}

/* ---- the hub ---- */

static json_t *connectors(struct serve_request *request, GError **error)
{
	(void)error;
	return json_pack("{s:o}", "connectors", sync_hub_connectors(request->hub));
}

static json_t *status(struct serve_request *request, GError **error)
{
	json_t *reply = sources(request, error);
	if (!reply)
		return NULL;
	json_int_t records = 0;
	size_t i;
	json_t *one;
	json_array_foreach(json_object_get(reply, "sources"), i, one) records +=
		json_integer_value(json_object_get(one, "records"));
	json_object_set_new(reply, "version", json_string(MERI_VERSION));
	json_object_set_new(reply, "records", json_integer(records));
	base_json_text(reply, "words", text_missing(request->worker->analyser));
	return reply;
}

static const struct {
	const char *method, *path; /* * stands for one part */
	route_fn run;
} routes[] = {
	{"GET", "/api/v1/find", find},
	{"GET", "/api/v1/records/*", record},
	{"GET", "/api/v1/records/*/links", serve_record_links},
	{"GET", "/api/v1/customers", serve_customers},
	{"GET", "/api/v1/customers/*", serve_customer},
	{"GET", "/api/v1/suggestions", serve_suggestions},
	{"GET", "/api/v1/unmatched", serve_unmatched},
	{"GET", "/api/v1/decisions", serve_decisions},
	{"POST", "/api/v1/decisions", serve_decide},
	{"POST", "/api/v1/decisions/*/undo", serve_undo},
	{"GET", "/api/v1/sources", sources},
	{"GET", "/api/v1/sources/*", source},
	{"GET", "/api/v1/sources/*/runs", runs},
	{"GET", "/api/v1/sources/*/failures", failures},
	{"POST", "/api/v1/sources/*/sync", sync_start},
	{"POST", "/api/v1/sources/*/cancel", sync_cancel},
	{"POST", "/api/v1/sources/*/check", check},
	{"POST", "/api/v1/sources/*/removals", removals},
	{"GET", "/api/v1/connectors", connectors},
	{"GET", "/api/v1/status", status},
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
		json_t *reply = routes[i].run(request, &error);
		return reply ? serve_reply(request->connection, request->status, reply)
			     : serve_problem(request->connection, error);
	}
	if (path_known)
		error = g_error_new(SERVE_ERROR, MHD_HTTP_METHOD_NOT_ALLOWED, "%s does not take %s", path, method);
	else
		error = g_error_new(SERVE_ERROR, MHD_HTTP_NOT_FOUND, "there is nothing at %s", path);
	return serve_problem(request->connection, error);
}
