/* The full text index. Its content lies outside of it (the view record_text), so it must be told the old text, word for
 * word, before that changes: store_fts_delete before, store_fts_insert after. */
#include "store/internal.h"

#include <string.h>

#include "base/base.h"
#include "text/text.h"

#define COLUMNS "rowid, title, text, quoted, people"

/* FTS5's own settings: how many bytes it gathers before it writes a segment (enough for a batch of a thousand mails, so
 * that there is a quarter of the merging to do afterwards), and how eagerly it merges segments in the way of a load;
 * what is left to merge, store_tidy merges when there is time. */
static const struct {
	const char *name;
	gint64 value;
} settings[] = {{"hashsize", 4 << 20}, {"automerge", 8}, {"crisismerge", 24}};

static gboolean set(store *s, const char *table, gsize i, GError **error)
{
	gint64 value = 0;
	g_autofree char *ask = g_strdup_printf("SELECT v FROM %s_config WHERE k = '%s'", table, settings[i].name);
	if (!store_number(s, ask, &value, error, 0))
		return FALSE;
	if (value == settings[i].value)
		return TRUE; /* opening a store writes nothing where nothing is to be changed */
	g_autofree char *change =
		g_strdup_printf("INSERT INTO %s(%s, rank) VALUES ('%s', ?)", table, table, settings[i].name);
	return store_run_sql(s, change, error, 1, settings[i].value);
}

static gboolean configure(store *s, const char *table, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
		if (!set(s, table, i, error))
			return FALSE;
	return TRUE;
}

/* ---- one record ---- */

/* Values are handed over one by one, not by INSERT ... SELECT: see schema.c. */
static const char *const inserts[2][2] = {
	{"INSERT INTO record_fts(" COLUMNS ") VALUES (?, ?, ?, ?, ?)",
	 "INSERT INTO record_fts(" COLUMNS ", record_fts) VALUES (?, ?, ?, ?, ?, 'delete')"},
	{"INSERT INTO record_fts_new(" COLUMNS ") VALUES (?, ?, ?, ?, ?)",
	 "INSERT INTO record_fts_new(" COLUMNS ", record_fts_new) VALUES (?, ?, ?, ?, ?, 'delete')"},
};

/* Tells one of the two indexes of the record that `from` stands on. */
static gboolean tell(store *s, gboolean new, gboolean gone, sqlite3_stmt *from, GError **error)
{
	sqlite3_stmt *insert = store_prepare(s, inserts[new][gone], error);
	if (!insert)
		return FALSE;
	for (int i = 0; i < 5; i++)
		sqlite3_bind_value(insert, i + 1, sqlite3_column_value(from, i));
	gboolean told = store_step(s, insert, error);
	sqlite3_clear_bindings(insert);
	return told;
}

static gboolean tell_all(store *s, gint64 row, gboolean gone, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT " COLUMNS " FROM record_text WHERE rowid = ?", error);
	if (!ask)
		return FALSE;
	sqlite3_bind_int64(ask, 1, row);
	int found = store_row(s, ask, error);
	if (found != 1)
		return found == 0;
	gboolean told = (!s->reindexing || row > s->reindexed || tell(s, TRUE, gone, ask, error)) &&
			tell(s, FALSE, gone, ask, error);
	sqlite3_reset(ask);
	return told;
}

gboolean store_fts_delete(store *s, gint64 row, GError **error)
{
	return tell_all(s, row, TRUE, error);
}

gboolean store_fts_insert(store *s, gint64 row, GError **error)
{
	return tell_all(s, row, FALSE, error);
}

gboolean store_fts_drop_source(store *s, gint64 source, gboolean rebuilt, GError **error)
{
	if (s->reindexing && !store_run_sql(s,
					    "INSERT INTO record_fts_new(record_fts_new, " COLUMNS ")"
					    " SELECT 'delete', " COLUMNS " FROM record_text WHERE rowid <= ?1"
					    " AND rowid IN (SELECT id FROM record WHERE source_id = ?2)",
					    error, 2, s->reindexed, source))
		return FALSE;
	return rebuilt || store_run_sql(s,
					"INSERT INTO record_fts(record_fts, " COLUMNS ")"
					" SELECT 'delete', " COLUMNS " FROM record_text"
					" WHERE rowid IN (SELECT id FROM record WHERE source_id = ?)",
					error, 1, source);
}

gboolean store_fts_rebuild(store *s, GError **error)
{
	return store_exec(s->db, "INSERT INTO record_fts(record_fts) VALUES ('rebuild')", error);
}

/* ---- the rules of words, and a new index when they change ---- */

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
	       store_exec(s->db, "DELETE FROM meta WHERE name IN ('reindex_rules', 'reindex_row')", error);
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
		return resume(s, rules, error);
	}
	if (!forget_new_index(s, error))
		return FALSE;
	return g_strcmp0(made, rules) == 0 || meta_set(s, "text_rules", rules, error);
}

gboolean store_fts_prepare(store *s, GError **error)
{
	if (!store_begin(s, error))
		return FALSE;
	if (configure(s, "record_fts", error) && compare_rules(s, error) && store_commit(s, error))
		return TRUE;
	store_rollback(s);
	return FALSE;
}

gboolean store_index_stale(store *s)
{
	return s->stale;
}

static gboolean begin_new_index(store *s, GError **error)
{
	g_autofree char *rules = rules_now(s);
	return store_exec(s->db,
			  "CREATE VIRTUAL TABLE record_fts_new USING fts5("
			  "title, text, quoted, people, content='record_text', content_rowid='rowid', tokenize='meri')",
			  error) &&
	       configure(s, "record_fts_new", error) && meta_set(s, "reindex_rules", rules, error);
}

/* The new index takes the old one's place. */
static gboolean swap(store *s, GError **error)
{
	g_autofree char *rules = NULL;
	return meta_get(s, "reindex_rules", &rules, error) && store_exec(s->db, "DROP TABLE record_fts", error) &&
	       store_exec(s->db, "ALTER TABLE record_fts_new RENAME TO record_fts", error) &&
	       meta_set(s, "text_rules", rules, error) &&
	       store_exec(s->db, "DELETE FROM meta WHERE name IN ('reindex_rules', 'reindex_row')", error);
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
