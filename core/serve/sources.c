/* The routes about sources and their runs, and about the hub as a whole. */
#include "serve/sources.h"

#include <string.h>

#include "base/base.h"
#include "serve/answers.h"
#include "serve/silent.h"

enum { ROWS = 50, MAX_ROWS = 10000 };

/* ---- sources ---- */

json_t *serve_source_seen(const struct serve_caller *caller, const struct sync_state *state,
			  const struct store_source *stored, gint64 now)
{
	if (caller->admin)
		return serve_source_json(state, stored, now);
	gboolean open = serve_may_read(caller, state->readers);
	g_autofree char *why = NULL;
	const char *freshness = serve_freshness(state, stored, now, &why);
	json_t *o = json_pack("{s:s, s:s, s:b}", "name", state->name, "state", open ? freshness : "withheld",
			      "withheld", !open);
	json_object_set_new(o, "why", serve_text_json(open ? why : NULL));
	base_json_time(o, "last_ok_at", open && stored ? stored->last_ok : 0);
	return o;
}

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
	json_t *o = serve_source_seen(request->caller, state, stored, base_now());
	store_source_free(stored);
	return o;
}

json_t *serve_sources(struct serve_request *request, GError **error)
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

json_t *serve_runs(struct serve_request *request, GError **error)
{
	return rows(request, "runs", store_runs, render_run, error);
}

json_t *serve_failures(struct serve_request *request, GError **error)
{
	return rows(request, "failures", store_failures, render_failure, error);
}

json_t *serve_source(struct serve_request *request, GError **error)
{
	g_autoptr(GPtrArray) states = sync_hub_states(request->hub);
	const struct sync_state *state = state_of(states, request->argument, error);
	return state ? one_source(request, state, error) : NULL;
}

json_t *serve_sync(struct serve_request *request, GError **error)
{
	if (!sync_hub_start(request->hub, request->argument, error))
		return NULL;
	request->status = MHD_HTTP_ACCEPTED;
	return serve_source(request, error);
}

json_t *serve_cancel(struct serve_request *request, GError **error)
{
	if (!sync_hub_cancel(request->hub, request->argument, error))
		return NULL;
	request->status = MHD_HTTP_ACCEPTED;
	return serve_source(request, error);
}

json_t *serve_check(struct serve_request *request, GError **error)
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

json_t *serve_removals(struct serve_request *request, GError **error)
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

json_t *serve_connectors(struct serve_request *request, GError **error)
{
	(void)error;
	return json_pack("{s:o}", "connectors", sync_hub_connectors(request->hub));
}

json_t *serve_status(struct serve_request *request, GError **error)
{
	json_t *reply = serve_sources(request, error);
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
