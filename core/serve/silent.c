#include "serve/silent.h"

#include <string.h>

#include "base/base.h"

const char *serve_freshness(const struct sync_state *state, const struct store_source *stored, gint64 now, char **why)
{
	*why = NULL;
	if (!stored || !stored->verdict || (!stored->last_ok && !strcmp(stored->verdict, "running"))) {
		*why = g_strdup(state->running ? "is being read for the first time" : "has not been read yet");
		return "never";
	}
	if (!strcmp(stored->verdict, "failed") || !strcmp(stored->verdict, "lost")) {
		*why = g_strdup(stored->message ? stored->message : "the last run did not end well");
		return "failed";
	}
	if (!strcmp(stored->verdict, "partial")) {
		*why = g_strdup(stored->message ? stored->message : "the last run left something out");
		return "partial";
	}
	if (state->stale_after && stored->last_ok && now - stored->last_ok > state->stale_after) {
		g_autofree char *age = base_duration_words(now - stored->last_ok);
		*why = g_strdup_printf("last read %s ago", age);
		return "stale";
	}
	return "fresh";
}

/* What is to be said of one source; NULL with no error: nothing. */
static json_t *say(struct serve_request *request, const struct sync_state *state, gint64 now, GError **error)
{
	if (!request->caller->admin && !serve_may_read(request->caller, state->readers))
		return json_pack("{s:s, s:s, s:n, s:n}", "source", state->name, "state", "withheld", "why", "last_ok");
	g_autoptr(GError) problem = NULL;
	g_autofree char *why = NULL;
	struct store_source *stored = store_source_get(request->worker->store, state->name, &problem);
	if (problem && !g_error_matches(problem, STORE_ERROR, STORE_ERROR_ABSENT)) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return NULL;
	}
	const char *freshness = serve_freshness(state, stored, now, &why);
	json_t *one = why ? json_pack("{s:s, s:s, s:s}", "source", state->name, "state", freshness, "why", why) : NULL;
	if (one)
		base_json_time(one, "last_ok", stored ? stored->last_ok : 0);
	store_source_free(stored);
	return one;
}

json_t *serve_silent(struct serve_request *request, gint64 now, GError **error)
{
	g_autoptr(GPtrArray) states = sync_hub_states(request->hub);
	json_t *all = json_array();
	for (guint i = 0; i < states->len; i++) {
		GError *problem = NULL;
		json_t *one = say(request, states->pdata[i], now, &problem);
		if (problem) {
			g_propagate_error(error, problem);
			json_decref(all);
			return NULL;
		}
		if (one)
			json_array_append_new(all, one);
	}
	return all;
}
