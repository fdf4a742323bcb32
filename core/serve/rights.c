#include "serve/rights.h"

#include <string.h>

#include "base/base.h"
#include "store/fence.h"

struct gathered {
	const struct serve_caller *caller;
	const GPtrArray *states;   /* struct sync_state * */
	GArray *sources, *lenient; /* gint64 */
	GPtrArray *names, *known;  /* const char *, borrowed; end with NULL */
};

static void add_source(gint64 id, const char *name, gpointer user)
{
	struct gathered *g = user;
	const struct sync_state *state = sync_state_named(g->states, name);
	if (g->caller->via == SERVE_NOBODY)
		return;
	if (state ? !serve_may_read(g->caller, state->readers) : strcmp(name, STORE_OWN_SOURCE) != 0)
		return;
	g_array_append_val(g->sources, id);
	if (state && state->lenient)
		g_array_append_val(g->lenient, id);
}

static void add_words(GPtrArray *to, char *const *words)
{
	for (; words && *words; words++)
		g_ptr_array_add(to, *words);
}

static void add_names(struct gathered *g, const struct serve_caller *caller, const GPtrArray *states)
{
	/* A token of a team is the team, not its user. */
	if (caller->name && !caller->team)
		g_ptr_array_add(g->names, caller->name);
	if (caller->email && !caller->team)
		g_ptr_array_add(g->names, caller->email);
	add_words(g->names, caller->teams);
	g_ptr_array_add(g->names, NULL);
	for (guint i = 0; i < states->len; i++)
		add_words(g->known, ((const struct sync_state *)states->pdata[i])->readers);
	g_ptr_array_add(g->known, NULL);
}

static void add_bytes(GByteArray *to, const void *bytes, gsize length)
{
	guint64 size = length;
	g_byte_array_append(to, (const guint8 *)&size, sizeof size);
	if (length)
		g_byte_array_append(to, bytes, (guint)length);
}

static void add_strings(GByteArray *to, const GPtrArray *strings)
{
	add_bytes(to, &strings->len, sizeof strings->len);
	for (guint i = 0; i + 1 < strings->len; i++) /* the last is NULL */
		add_bytes(to, strings->pdata[i], strlen(strings->pdata[i]));
}

/* The whole of what the fence goes by, in short. */
static char *key_of(const struct gathered *g)
{
	g_autoptr(GByteArray) all = g_byte_array_new();
	guint8 hash[16];
	add_bytes(all, g->sources->data, g->sources->len * sizeof(gint64));
	add_bytes(all, g->lenient->data, g->lenient->len * sizeof(gint64));
	add_strings(all, g->names);
	add_strings(all, g->known);
	base_hash128(all->data, all->len, hash);
	return g_base64_encode(hash, sizeof hash);
}

gboolean serve_fence(sync_hub *hub, const struct serve_caller *caller, store *s, char **key, GError **error)
{
	g_autoptr(GPtrArray) states = sync_hub_states(hub);
	g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(gint64)),
			  lenient = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GPtrArray) names = g_ptr_array_new(), known = g_ptr_array_new();
	struct gathered g = {caller, states, sources, lenient, names, known};
	add_names(&g, caller, states);
	if (!store_source_names(s, add_source, &g, error))
		return FALSE;
	struct store_rights rights = {.sources = (const gint64 *)(void *)sources->data,
				      .n_sources = sources->len,
				      .lenient = (const gint64 *)(void *)lenient->data,
				      .n_lenient = lenient->len,
				      .names = (const char *const *)names->pdata,
				      .known = (const char *const *)known->pdata};
	*key = key_of(&g);
	return store_fence(s, &rights, error);
}
