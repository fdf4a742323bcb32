/* The full text index. Its content lies outside of it (the view record_text), so it must be told the old text, word for
 * word, before it is told the new.
 *
 * It is told all of a transaction's changes at once, by rising row, when that is committed. FTS5 gathers what it is
 * told, and writes out what it has, a segment each time, when a lower row comes after a higher one, and when SQLite
 * begins a statement that it must be able to undo alone (triggers, INSERT ... SELECT, ON CONFLICT ...): a load that
 * told it of each record among the statements of others took two and a half times as long. */
#include "store/internal.h"

#define COLUMNS      "title, text, quoted, people"
#define N_COLUMNS    4
#define PENDING_ROWS 20000     /* a megabyte or two */
#define PENDING_MAX  (8 << 20) /* bytes of old text that are kept for telling */

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

gboolean store_fts_configure(store *s, const char *table, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
		if (!set(s, table, i, error))
			return FALSE;
	return TRUE;
}

/* ---- what has changed and was not told yet ---- */

/* A row that changed. The index holds of it what `old` says, or nothing; it will hold what the record says then. */
struct change {
	gint64 row;
	gboolean indexed;
	sqlite3_value *old[N_COLUMNS];
};

static void change_free(gpointer data)
{
	struct change *change = data;
	for (int i = 0; i < N_COLUMNS; i++)
		sqlite3_value_free(change->old[i]);
	g_free(change);
}

void store_fts_forget(store *s)
{
	g_clear_pointer(&s->changes, g_hash_table_destroy);
	s->changes_size = 0;
}

static struct change *change_new(store *s, gint64 row)
{
	if (!s->changes)
		s->changes = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, change_free);
	struct change *change = g_new0(struct change, 1);
	change->row = row;
	g_hash_table_replace(s->changes, &change->row, change);
	return change;
}

static sqlite3_stmt *content_of(store *s, gint64 row, int *found, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT " COLUMNS " FROM record_text WHERE rowid = ?", error);
	*found = -1;
	if (!ask)
		return NULL;
	sqlite3_bind_int64(ask, 1, row);
	*found = store_row(s, ask, error);
	return ask;
}

gboolean store_fts_changes(store *s, gint64 row, gboolean new, GError **error)
{
	if (s->changes && g_hash_table_contains(s->changes, &row))
		return TRUE;
	if (new) {
		change_new(s, row);
		return TRUE;
	}
	int found = 0;
	sqlite3_stmt *ask = content_of(s, row, &found, error);
	if (found != 1)
		return found == 0;
	struct change *change = change_new(s, row);
	change->indexed = TRUE;
	for (int i = 0; i < N_COLUMNS; i++) {
		change->old[i] = sqlite3_value_dup(sqlite3_column_value(ask, i));
		s->changes_size += (gsize)sqlite3_column_bytes(ask, i);
	}
	sqlite3_reset(ask);
	return TRUE;
}

/* ---- telling ---- */

/* Values are handed over one by one, not by INSERT ... SELECT. */
static const char *const inserts[2][2] = {
	{"INSERT INTO record_fts(rowid, " COLUMNS ") VALUES (?, ?, ?, ?, ?)",
	 "INSERT INTO record_fts(rowid, " COLUMNS ", record_fts) VALUES (?, ?, ?, ?, ?, 'delete')"},
	{"INSERT INTO record_fts_new(rowid, " COLUMNS ") VALUES (?, ?, ?, ?, ?)",
	 "INSERT INTO record_fts_new(rowid, " COLUMNS ", record_fts_new) VALUES (?, ?, ?, ?, ?, 'delete')"},
};

/* Tells one of the two indexes of one row; values out of `from`, or those that are gone out of `change`. */
static gboolean tell(store *s, gboolean new, const struct change *change, sqlite3_stmt *from, GError **error)
{
	sqlite3_stmt *insert = store_prepare(s, inserts[new][from == NULL], error);
	if (!insert)
		return FALSE;
	sqlite3_bind_int64(insert, 1, change->row);
	for (int i = 0; i < N_COLUMNS; i++)
		sqlite3_bind_value(insert, i + 2, from ? sqlite3_column_value(from, i) : change->old[i]);
	gboolean told = store_step(s, insert, error);
	sqlite3_clear_bindings(insert);
	return told;
}

/* An index that other rules made cannot be told what goes: it would be other words than those it holds, and FTS5 takes
 * that for damage. What it knows too much of is joined with records, and found no more, or not for long. */
static gboolean tell_index(store *s, gboolean new, const struct change *change, sqlite3_stmt *from, GError **error)
{
	gboolean tellable = change->indexed && (new || !s->stale);
	return (!tellable || tell(s, new, change, NULL, error)) && (!from || tell(s, new, change, from, error));
}

static gboolean tell_change(store *s, const struct change *change, GError **error)
{
	int found = 0;
	sqlite3_stmt *ask = content_of(s, change->row, &found, error);
	if (found < 0)
		return FALSE;
	sqlite3_stmt *from = found ? ask : NULL;
	gboolean told = (!s->reindexing || change->row > s->reindexed || tell_index(s, TRUE, change, from, error)) &&
			tell_index(s, FALSE, change, from, error);
	sqlite3_reset(ask);
	return told;
}

static int by_row(gconstpointer a, gconstpointer b)
{
	const struct change *x = *(const struct change *const *)a, *y = *(const struct change *const *)b;
	return x->row < y->row ? -1 : x->row > y->row;
}

gboolean store_fts_flush(store *s, GError **error)
{
	if (!s->changes)
		return TRUE;
	if (s->stale && !store_fts_mix(s, error))
		return FALSE;
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	GHashTableIter iter;
	gpointer change;
	g_hash_table_iter_init(&iter, s->changes);
	while (g_hash_table_iter_next(&iter, NULL, &change))
		g_ptr_array_add(sorted, change);
	g_ptr_array_sort(sorted, by_row);
	for (guint i = 0; i < sorted->len; i++)
		if (!tell_change(s, sorted->pdata[i], error))
			return FALSE;
	store_fts_forget(s);
	return TRUE;
}

gboolean store_fts_settle(store *s, GError **error)
{
	gboolean little =
		s->changes_size <= PENDING_MAX && (!s->changes || g_hash_table_size(s->changes) <= PENDING_ROWS);
	return (little && !sqlite3_get_autocommit(s->db)) || store_fts_flush(s, error);
}

/* ---- whole sources ---- */

gboolean store_fts_drop_source(store *s, gint64 source, gboolean rebuilt, GError **error)
{
	if (!store_fts_flush(s, error) || (s->stale && !store_fts_mix(s, error)))
		return FALSE;
	if (s->reindexing && !store_run_sql(s,
					    "INSERT INTO record_fts_new(record_fts_new, rowid, " COLUMNS ")"
					    " SELECT 'delete', rowid, " COLUMNS " FROM record_text WHERE rowid <= ?1"
					    " AND rowid IN (SELECT id FROM record WHERE source_id = ?2)",
					    error, 2, s->reindexed, source))
		return FALSE;
	return rebuilt || s->stale ||
	       store_run_sql(s,
			     "INSERT INTO record_fts(record_fts, rowid, " COLUMNS ")"
			     " SELECT 'delete', rowid, " COLUMNS " FROM record_text"
			     " WHERE rowid IN (SELECT id FROM record WHERE source_id = ?)",
			     error, 1, source);
}

gboolean store_fts_rebuild(store *s, GError **error)
{
	return store_exec(s->db, "INSERT INTO record_fts(record_fts) VALUES ('rebuild')", error);
}
