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

json_t *serve_silent(sync_hub *hub, store *s, gint64 now, GError **error)
{
	g_autoptr(GPtrArray) states = sync_hub_states(hub);
	json_t *all = json_array();
	for (guint i = 0; i < states->len; i++) {
		const struct sync_state *state = states->pdata[i];
		g_autoptr(GError) problem = NULL;
		g_autofree char *why = NULL;
		struct store_source *stored = store_source_get(s, state->name, &problem);
		if (problem && !g_error_matches(problem, STORE_ERROR, STORE_ERROR_ABSENT)) {
			g_propagate_error(error, g_steal_pointer(&problem));
			json_decref(all);
			return NULL;
		}
		const char *freshness = serve_freshness(state, stored, now, &why);
		if (why) {
			json_t *one =
				json_pack("{s:s, s:s, s:s}", "source", state->name, "state", freshness, "why", why);
			base_json_time(one, "last_ok", stored ? stored->last_ok : 0);
			json_array_append_new(all, one);
		}
		store_source_free(stored);
	}
	return all;
}
