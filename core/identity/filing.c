/* Filing: under what the rows of customers are found, by matching (blocks that few share) and by questions (the words
 * of names, in their order). What a row is filed under follows from its profile alone. */
#include "identity/internal.h"

#include <string.h>

#include "identity/block.h"

#define CANDIDATES_MOST 24   /* rows that one row is compared with: those that share most with it ... */
#define WEIGHT_LEAST    0.05 /* ... and at least a block of twenty, or several larger ones */
#define BEGINNING       6    /* bytes of a word that words like it share */

static void collect(gint64 key, gpointer user)
{
	g_array_append_val((GArray *)user, key);
}

static gint64 kind_of(const struct identity_profile *profile)
{
	return profile->person ? IDENTITY_PERSON : IDENTITY_ORGANISATION;
}

static gboolean file_all(store *s, gint64 node, const struct identity_profile *profile, const char *block,
			 const char *word, GError **error)
{
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_auto(GStrv) words = identity_name_words(profile);
	identity_blocks(profile, collect, keys);
	identity_name_blocks(profile, collect, keys);
	for (guint n = 0; n < keys->len; n++)
		if (!identity_do(s, error, block, "ii", g_array_index(keys, gint64, n), node))
			return FALSE;
	for (char **w = words; *w != NULL; w++)
		if (!identity_do(s, error, word, "iti", kind_of(profile), *w, node))
			return FALSE;
	return TRUE;
}

gboolean identity_file(store *s, gint64 node, const struct identity_profile *profile, GError **error)
{
	return file_all(s, node, profile, "INSERT OR IGNORE INTO identity_block(key, customer_id) VALUES (?, ?)",
			"INSERT OR IGNORE INTO identity_name_word(kind, word, customer_id) VALUES (?, ?, ?)", error);
}

gboolean identity_unfile(store *s, gint64 node, const struct identity_profile *profile, GError **error)
{
	return file_all(s, node, profile, "DELETE FROM identity_block WHERE key = ? AND customer_id = ?",
			"DELETE FROM identity_name_word WHERE kind = ? AND word = ? AND customer_id = ?", error);
}

gboolean identity_file_name(store *s, gint64 node, int kind, const char *name, gboolean there, GError **error)
{
	g_autoptr(identity_profile_t) profile = identity_profile_new(kind == IDENTITY_PERSON);
	if (profile->person)
		identity_profile_add_name(profile, name);
	else
		identity_profile_add(profile, IDENTITY_ORG, name, NULL);
	return there ? identity_file(s, node, profile, error) : identity_unfile(s, node, profile, error);
}

static gboolean file_row(struct identity *i, store *s, gint64 node, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask =
		identity_ask(s, error, "SELECT profile, kind, name FROM customer WHERE id = ? AND NOT gone", "i", node);
	if (ask == NULL || !identity_row(s, ask, &failed, error))
		return ask != NULL && !failed;
	g_autofree char *packed = store_column(ask, 0), *name = store_column(ask, 2);
	int kind = sqlite3_column_int(ask, 1);
	sqlite3_reset(ask);
	if (*packed == '\0')
		return identity_file_name(s, node, kind, name, TRUE, error);
	g_autoptr(identity_profile_t) profile = identity_profile_unpack(packed, kind == IDENTITY_PERSON);
	return identity_counts_add(i, s, profile, 1, error) && identity_file(s, node, profile, error);
}

gboolean identity_file_rest(struct identity *i, store *s, GError **error)
{
	if (i->filed)
		return TRUE;
	g_autoptr(GArray) rows = identity_numbers(s, error, "SELECT customer_id FROM identity_file_todo", "");
	for (guint n = 0; rows != NULL && n < rows->len; n++)
		if (!file_row(i, s, g_array_index(rows, gint64, n), error))
			return FALSE;
	if (rows != NULL && rows->len > 0)
		identity_counts_forget(i);
	i->filed = rows != NULL && (rows->len == 0 || identity_do(s, error, "DELETE FROM identity_file_todo", ""));
	return i->filed;
}

char *identity_prefix_end(const char *prefix)
{
	return g_strconcat(prefix, "\xf4\x8f\xbf\xbf", NULL);
}

/* ---- candidates ---- */

struct candidate {
	gint64 row;
	double weight;
};

struct gathering {
	struct identity *identity;
	store *s;
	gint64 node;
	GHashTable *at; /* gint64: row -> its place in all, from 1 */
	GArray *all;    /* struct candidate */
};

static int heaviest_first(gconstpointer a, gconstpointer b)
{
	const struct candidate *x = a, *y = b;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* TRUE: it was seen to be shared by too many, and need not be read again. */
static gboolean common(const struct gathering *g, gint64 block)
{
	return identity_cache_get(g->identity->common, &block) != NULL;
}

/* A block with too many says nothing; the fewer share it, the more it says. */
static void add_members(struct gathering *g, gint64 block, const GArray *members)
{
	if (members->len > IDENTITY_BLOCK_MOST) {
		identity_cache_put(g->identity->common, g_memdup2(&block, sizeof block), GINT_TO_POINTER(1));
		return;
	}
	for (guint m = 0; m < members->len; m++) {
		struct candidate c = {g_array_index(members, gint64, m), 1.0 / members->len};
		guint place = GPOINTER_TO_UINT(g_hash_table_lookup(g->at, &c.row));
		if (c.row == g->node)
			continue;
		if (place > 0) {
			g_array_index(g->all, struct candidate, place - 1).weight += c.weight;
			continue;
		}
		g_array_append_val(g->all, c);
		g_hash_table_insert(g->at, g_memdup2(&c.row, sizeof c.row), GUINT_TO_POINTER(g->all->len));
	}
}

static gboolean add_block(struct gathering *g, gint64 key, GError **error)
{
	if (common(g, key))
		return TRUE;
	g_autoptr(GArray) members =
		identity_numbers(g->s, error, "SELECT customer_id FROM identity_block WHERE key = ?1 LIMIT ?2", "ii",
				 key, (gint64)IDENTITY_BLOCK_MOST + 1);
	if (members != NULL)
		add_members(g, key, members);
	return members != NULL;
}

/* Who bears the word in an organisation's name. */
static gboolean add_same(struct gathering *g, const char *word, GError **error)
{
	gint64 block = identity_block_key('o', word, NULL);
	if (common(g, block))
		return TRUE;
	g_autoptr(GArray) same = identity_numbers(
		g->s, error, "SELECT customer_id FROM identity_name_word WHERE kind = 1 AND word = ?1 LIMIT ?2", "ti",
		word, (gint64)IDENTITY_BLOCK_MOST + 1);
	if (same != NULL)
		add_members(g, block, same);
	return same != NULL;
}

/* ... or one that begins alike. */
static gboolean add_alike(struct gathering *g, const char *word, GError **error)
{
	const char *end;
	g_utf8_validate(word, BEGINNING, &end);
	g_autofree char *prefix = g_strndup(word, (gsize)(end - word)), *past = identity_prefix_end(prefix);
	gint64 block = identity_block_key('x', prefix, NULL);
	if (common(g, block))
		return TRUE;
	g_autoptr(GArray) alike =
		identity_numbers(g->s, error,
				 "SELECT customer_id FROM identity_name_word WHERE kind = 1 AND word >="
				 " ?1 AND word < ?2 LIMIT ?3",
				 "tti", prefix, past, (gint64)IDENTITY_BLOCK_MOST + 1);
	if (alike != NULL)
		add_members(g, block, alike);
	return alike != NULL;
}

static gboolean gather(struct gathering *g, const struct identity_profile *profile, GError **error)
{
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(gint64));
	identity_blocks(profile, collect, keys);
	for (guint n = 0; n < keys->len; n++)
		if (!add_block(g, g_array_index(keys, gint64, n), error))
			return FALSE;
	if (profile->person)
		return TRUE;
	g_auto(GStrv) words = identity_name_words(profile);
	for (char **w = words; *w != NULL; w++)
		if (!add_same(g, *w, error) || (strlen(*w) >= BEGINNING && !add_alike(g, *w, error)))
			return FALSE;
	return TRUE;
}

GArray *identity_candidates(struct identity *i, store *s, gint64 node, const struct identity_profile *profile,
			    GError **error)
{
	g_autoptr(GHashTable) at = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct candidate));
	struct gathering g = {i, s, node, at, all};
	if (!gather(&g, profile, error))
		return NULL;
	GArray *out = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_array_sort(all, heaviest_first);
	for (guint n = 0; n < MIN(all->len, CANDIDATES_MOST); n++) {
		const struct candidate *c = &g_array_index(all, struct candidate, n);
		if (c->weight >= WEIGHT_LEAST)
			g_array_append_val(out, c->row);
	}
	return out;
}
