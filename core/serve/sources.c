/* The routes about sources and their runs, and about the hub as a whole. */
#include "serve/sources.h"

#include <string.h>

#include "base/base.h"
#include "serve/answers.h"
#include "serve/events.h"
#include "serve/notes.h"
#include "serve/rows.h"
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
	json_object_set_new(o, "builtin", json_false());
	return o;
}

static const struct sync_state *state_of(const GPtrArray *states, const char *name, GError **error)
{
	const struct sync_state *found = sync_state_named(states, name);
	if (found)
		return found;
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; i < states->len; i++)
		g_ptr_array_add(names, ((const struct sync_state *)states->pdata[i])->name);
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

/* The hub's own source, where notes are kept: nobody reads it in, so it is always fresh. */
static json_t *own_source(struct serve_request *request, GError **error)
{
	struct sync_state state = {.name = (char *)STORE_OWN_SOURCE, .connector = (char *)STORE_OWN_SOURCE};
	GError *problem = NULL;
	struct store_source *stored = stored_of(request, STORE_OWN_SOURCE, &problem);
	if (problem) {
		g_propagate_error(error, problem);
		return NULL;
	}
	json_t *o = serve_source_seen(request->caller, &state, stored, base_now());
	store_source_free(stored);
	json_object_set_new(o, "state", json_string("fresh"));
	json_object_set_new(o, "why", json_null());
	json_object_set_new(o, "builtin", json_true());
	return o;
}

json_t *serve_sources(struct serve_request *request, GError **error)
{
	g_autoptr(GPtrArray) states = sync_hub_states(request->hub);
	json_t *all = json_array(), *one = NULL;
	for (guint i = 0; i <= states->len; i++) {
		one = i < states->len ? one_source(request, states->pdata[i], error) : own_source(request, error);
		if (!one) {
			json_decref(all);
			return NULL;
		}
		json_array_append_new(all, one);
	}
	return json_pack("{s:o}", "sources", all);
}

/* ---- runs, and what could not be read ---- */

/* Rows of a source, by a function of the store. */
struct listing {
	GPtrArray *(*read)(store *s, gint64 source, guint limit, GError **error);
	gint64 source; /* 0: it was never read */
};

static GPtrArray *read_listing(struct serve_request *request, gconstpointer user, guint limit, GError **error)
{
	const struct listing *listing = user;
	return listing->source ? listing->read(request->worker->store, listing->source, limit, error)
			       : g_ptr_array_new();
}

static json_t *list(struct serve_request *request, struct serve_rows *rows, struct listing *listing, GError **error)
{
	g_autoptr(GPtrArray) states = sync_hub_states(request->hub);
	GError *problem = NULL;
	if (!serve_builtin(request->argument) && !state_of(states, request->argument, error))
		return NULL;
	struct store_source *stored = stored_of(request, request->argument, &problem);
	listing->source = stored ? stored->id : 0;
	store_source_free(stored);
	if (problem) {
		g_propagate_error(error, problem);
		return NULL;
	}
	rows->otherwise = ROWS;
	rows->most = MAX_ROWS;
	rows->read = read_listing;
	rows->user = listing;
	return serve_rows_reply(request, rows, error);
}

static json_t *render_run(gconstpointer row)
{
	return serve_run_json(row);
}

static void run_key(gconstpointer row, gint64 key[SERVE_KEY])
{
	key[0] = -((const struct store_run *)row)->id;
}

json_t *serve_runs(struct serve_request *request, GError **error)
{
	struct listing listing = {.read = store_runs};
	struct serve_rows rows = {.name = "runs", .key = run_key, .render = render_run};
	return list(request, &rows, &listing, error);
}

static json_t *render_failure(gconstpointer row)
{
	return serve_failure_json(row);
}

static void failure_key(gconstpointer row, gint64 key[SERVE_KEY])
{
	const struct store_failure *failure = row;
	key[0] = -failure->last;
	key[1] = serve_key_of_beginning(failure->id);
	key[2] = serve_key_of_text(failure->id);
}

json_t *serve_failures(struct serve_request *request, GError **error)
{
	struct listing listing = {.read = store_failures};
	struct serve_rows rows = {.name = "failures", .key = failure_key, .render = render_failure};
	return list(request, &rows, &listing, error);
}

json_t *serve_source(struct serve_request *request, GError **error)
{
	g_autoptr(GPtrArray) states = sync_hub_states(request->hub);
	if (serve_builtin(request->argument))
		return own_source(request, error);
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
	serve_set_text(reply, "message", message ? message : problem ? problem->message : NULL);
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
	serve_events_tell(request->serve, request->argument);
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
	serve_set_text(reply, "words", text_missing(request->worker->analyser));
	/* Whoever has the machine's socket as an admin may make the first admin of the page. */
	if (request->caller->via == SERVE_SOCKET && request->caller->admin) {
		g_autofree char *link = serve_first_link(request->serve, request->worker->open);
		base_json_text(reply, "first_admin", link);
	}
	return reply;
}
