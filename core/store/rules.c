/* The rules by which words are cut (core/text), and a new index when they have changed: made in steps beside the old
 * one, in the table record_fts_new, while staff search in the old; writes meanwhile go to both. */
#include "store/internal.h"

#include <string.h>

#include "base/base.h"
#include "text/text.h"

#define MIXED "mixed" /* the rules of an index that was written to under several */

#define COLUMNS "rowid, title, text, quoted, people"

static char *rules_now(store *s)
{
	g_autoptr(text_analyser) analyser = text_analyser_new(s->language);
	return g_strdup_printf("%s %s", s->language ? s->language : "", text_rules(analyser));
}

static gboolean meta_get(store *s, const char *name, char **value, GError **error)
{
	*value = NULL;
	sqlite3_stmt *ask = store_prepare(s, "SELECT value FROM meta WHERE name = ?", error);
	if (!ask)
		return FALSE;
	store_bind(ask, 1, name);
	int row = store_row(s, ask, error);
	if (row == 1)
		*value = store_column(ask, 0);
	sqlite3_reset(ask);
	return row >= 0;
}

static gboolean meta_set(store *s, const char *name, const char *value, GError **error)
{
	sqlite3_stmt *change = store_prepare(s, "INSERT OR REPLACE INTO meta(name, value) VALUES (?, ?)", error);
	if (!change)
		return FALSE;
	store_bind(change, 1, name);
	store_bind(change, 2, value);
	return store_step(s, change, error);
}

static gboolean forget_new_index(store *s, GError **error)
{
	s->reindexing = FALSE;
	s->reindexed = 0;
	return store_exec(s->db, "DROP TABLE IF EXISTS record_fts_new", error) &&
	       store_exec(s->db, "DELETE FROM meta WHERE name IN ('reindex_rules', 'reindex_row', 'index_stale')",
			  error);
}

/* Goes on with a new index that an earlier daemon began under the same rules, or begins afresh. */
static gboolean resume(store *s, const char *rules, GError **error)
{
	g_autofree char *begun = NULL, *row = NULL;
	if (!meta_get(s, "reindex_rules", &begun, error) || !meta_get(s, "reindex_row", &row, error))
		return FALSE;
	if (g_strcmp0(begun, rules) != 0)
		return !begun || forget_new_index(s, error);
	s->reindexing = TRUE;
	s->reindexed = row ? g_ascii_strtoll(row, NULL, 10) : 0;
	return TRUE;
}

static gboolean compare_rules(store *s, GError **error)
{
	g_autofree char *rules = rules_now(s), *made = NULL;
	gint64 records = 0;
	if (!meta_get(s, "text_rules", &made, error) ||
	    !store_number(s, "SELECT EXISTS (SELECT 1 FROM record)", &records, error, 0))
		return FALSE;
	s->stale = made && records && strcmp(made, rules) != 0;
	if (s->stale) {
		base_log(BASE_INFO,
			 "store %s: words are cut by new rules (%s, were %s): a new index is made in quiet moments",
			 s->path, rules, made);
		return resume(s, rules, error) && meta_set(s, "index_stale", rules, error);
	}
	if (!forget_new_index(s, error))
		return FALSE;
	return g_strcmp0(made, rules) == 0 || meta_set(s, "text_rules", rules, error);
}

gboolean store_fts_prepare(store *s, GError **error)
{
	if (!store_begin(s, error))
		return FALSE;
	if (store_fts_configure(s, "record_fts", error) && compare_rules(s, error) && store_commit(s, error))
		return TRUE;
	store_rollback(s);
	return FALSE;
}

gboolean store_fts_mix(store *s, GError **error)
{
	g_autofree char *made = NULL;
	return meta_get(s, "text_rules", &made, error) &&
	       (g_strcmp0(made, MIXED) == 0 || meta_set(s, "text_rules", MIXED, error));
}

gboolean store_index_stale(store *s)
{
	gint64 stale = s->stale;
	if (s->mode == STORE_READ) /* the writer says so, and may have mended it since */
		store_number(s, "SELECT EXISTS (SELECT 1 FROM meta WHERE name = 'index_stale')", &stale, NULL, 0);
	return stale != 0;
}

static gboolean begin_new_index(store *s, GError **error)
{
	g_autofree char *rules = rules_now(s);
	return store_exec(s->db,
			  "CREATE VIRTUAL TABLE record_fts_new USING fts5("
			  "title, text, quoted, people, content='record_text', content_rowid='rowid', tokenize='meri')",
			  error) &&
	       store_fts_configure(s, "record_fts_new", error) && meta_set(s, "reindex_rules", rules, error);
}

/* The new index takes the old one's place. */
static gboolean swap(store *s, GError **error)
{
	g_autofree char *rules = NULL;
	return meta_get(s, "reindex_rules", &rules, error) && store_exec(s->db, "DROP TABLE record_fts", error) &&
	       store_exec(s->db, "ALTER TABLE record_fts_new RENAME TO record_fts", error) &&
	       meta_set(s, "text_rules", rules, error) &&
	       store_exec(s->db, "DELETE FROM meta WHERE name IN ('reindex_rules', 'reindex_row', 'index_stale')",
			  error);
}

static gboolean fill(store *s, gint64 last, GError **error)
{
	g_autofree char *row = g_strdup_printf("%" G_GINT64_FORMAT, last);
	return store_run_sql(s,
			     "INSERT INTO record_fts_new(" COLUMNS ") SELECT " COLUMNS
			     " FROM record_text WHERE rowid > ? AND rowid <= ? ORDER BY rowid",
			     error, 2, s->reindexed, last) &&
	       meta_set(s, "reindex_row", row, error);
}

/* One step inside a transaction. `last`: up to where the new index reaches after it; 0 when it took its place. */
static gboolean reindex(store *s, guint rows, gint64 *last, GError **error)
{
	if (!s->reindexing && !begin_new_index(s, error))
		return FALSE;
	if (!store_number(s, "SELECT max(id) FROM (SELECT id FROM record WHERE id > ? ORDER BY id LIMIT ?)", last,
			  error, 2, s->reindexed, (gint64)rows))
		return FALSE;
	return *last ? fill(s, *last, error) : swap(s, error);
}

gboolean store_reindex_step(store *s, guint rows, gboolean *more, GError **error)
{
	*more = FALSE;
	if (!s->stale)
		return TRUE;
	gint64 last = 0;
	if (!store_begin(s, error))
		return FALSE;
	if (!reindex(s, rows, &last, error) || !store_commit(s, error)) {
		store_rollback(s);
		return FALSE;
	}
	*more = s->reindexing = s->stale = last != 0;
	s->reindexed = last;
	return TRUE;
}
