/* Sources: their rows, their cursors, and what was read whole of them. */
#include "store/internal.h"

#include <string.h>

void store_source_free(struct store_source *source)
{
	if (!source)
		return;
	g_free(source->name);
	g_free(source->connector);
	g_free(source->cursor);
	g_free(source->team);
	g_free(source->verdict);
	g_free(source->message);
	g_free(source);
}

gboolean store_source_names(store *s, store_source_fn visit, gpointer user, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT id, name FROM source", error);
	int row = ask ? 0 : -1;
	while (ask && (row = store_row(s, ask, error)) == 1)
		visit(sqlite3_column_int64(ask, 0), (const char *)sqlite3_column_text(ask, 1), user);
	return row == 0;
}

gboolean store_source_reset(store *s, gint64 source, GError **error)
{
	return store_run_sql(s, "DELETE FROM item WHERE source_id = ?", error, 1, source) &&
	       store_run_sql(s, "UPDATE source SET cursor = NULL WHERE id = ?", error, 1, source);
}

static gboolean find(store *s, const char *name, gint64 *id, char **connector, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT id, connector FROM source WHERE name = ?", error);
	if (!ask)
		return FALSE;
	store_bind(ask, 1, name);
	int row = store_row(s, ask, error);
	*id = row == 1 ? sqlite3_column_int64(ask, 0) : 0;
	*connector = row == 1 ? store_column(ask, 1) : NULL;
	sqlite3_reset(ask);
	return row >= 0;
}

gboolean store_source_ensure(store *s, const char *name, const char *connector, gint64 *id, GError **error)
{
	g_autofree char *known = NULL;
	if (!find(s, name, id, &known, error))
		return FALSE;
	if (*id && strcmp(known, connector) == 0)
		return TRUE;
	sqlite3_stmt *change = store_prepare(s,
					     "INSERT INTO source(name, connector) VALUES (?1, ?2)"
					     " ON CONFLICT (name) DO UPDATE SET connector = excluded.connector",
					     error);
	if (!change)
		return FALSE;
	store_bind(change, 1, name);
	store_bind(change, 2, connector);
	if (!store_step(s, change, error))
		return FALSE;
	if (*id)
		return store_source_reset(s, *id, error); /* another connector's cursor means nothing to this one */
	*id = sqlite3_last_insert_rowid(s->db);
	return TRUE;
}

gboolean store_source_team_set(store *s, gint64 source, const char *team, GError **error)
{
	sqlite3_stmt *change = store_prepare(s, "UPDATE source SET team = ?1 WHERE id = ?2 AND team IS NOT ?1", error);
	if (!change)
		return FALSE;
	store_bind(change, 1, team);
	sqlite3_bind_int64(change, 2, source);
	return store_step(s, change, error);
}

#define SOURCE_SQL                                                                                                     \
	"SELECT s.id, s.name, s.connector, s.cursor, s.records,"                                                       \
	" (SELECT count(*) FROM removal WHERE source_id = s.id AND held),"                                             \
	" (SELECT count(*) FROM failure WHERE source_id = s.id),"                                                      \
	" (SELECT max(started) FROM run WHERE source_id = s.id),"                                                      \
	" (SELECT max(ended) FROM run WHERE source_id = s.id AND verdict = 'ok'),"                                     \
	" (SELECT max(ended) FROM run WHERE source_id = s.id AND added + changed + removed > 0),"                      \
	" r.verdict, r.message, s.team FROM source s"                                                                  \
	" LEFT JOIN run r ON r.id = (SELECT max(id) FROM run WHERE source_id = s.id)"

static struct store_source *source_of(sqlite3_stmt *row)
{
	struct store_source *source = g_new0(struct store_source, 1);
	source->id = sqlite3_column_int64(row, 0);
	source->name = store_column(row, 1);
	source->connector = store_column(row, 2);
	source->cursor = store_column(row, 3);
	source->records = sqlite3_column_int64(row, 4);
	source->held = sqlite3_column_int64(row, 5);
	source->failures = sqlite3_column_int64(row, 6);
	source->last_run = sqlite3_column_int64(row, 7);
	source->last_ok = sqlite3_column_int64(row, 8);
	source->last_change = sqlite3_column_int64(row, 9);
	source->verdict = store_column(row, 10);
	source->message = store_column(row, 11);
	source->team = store_column(row, 12);
	return source;
}

GPtrArray *store_sources(store *s, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, SOURCE_SQL " ORDER BY s.name", error);
	if (!ask)
		return NULL;
	g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func((GDestroyNotify)store_source_free);
	int row;
	while ((row = store_row(s, ask, error)) == 1)
		g_ptr_array_add(sources, source_of(ask));
	return row == 0 ? g_steal_pointer(&sources) : NULL;
}

struct store_source *store_source_get(store *s, const char *name, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, SOURCE_SQL " WHERE s.name = ?", error);
	if (!ask)
		return NULL;
	store_bind(ask, 1, name);
	struct store_source *source = NULL;
	int row = store_row(s, ask, error);
	if (row == 1)
		source = source_of(ask);
	else if (row == 0)
		g_set_error(error, STORE_ERROR, STORE_ERROR_ABSENT, "there is no source \"%s\"", name);
	sqlite3_reset(ask);
	return source;
}

gboolean store_source_drop(store *s, gint64 source, GError **error)
{
	gint64 others = 0, own = 0;
	if (!store_number(s, "SELECT total(records) FROM source WHERE id <> ?", &others, error, 1, source) ||
	    !store_number(s, "SELECT records FROM source WHERE id = ?", &own, error, 1, source))
		return FALSE;
	return store_fts_drop_source(s, source, own > others, error) &&
	       store_run_sql(s, "DELETE FROM source WHERE id = ?", error, 1, source) &&
	       (own <= others || store_fts_rebuild(s, error));
}

gboolean store_cursor_set(store *s, gint64 source, const char *cursor, GError **error)
{
	/* The same cursor again writes nothing: most runs of most sources find nothing new. */
	sqlite3_stmt *change =
		store_prepare(s, "UPDATE source SET cursor = ?1 WHERE id = ?2 AND cursor IS NOT ?1", error);
	if (!change)
		return FALSE;
	if (cursor)
		sqlite3_bind_text(change, 1, cursor, -1, SQLITE_STATIC);
	sqlite3_bind_int64(change, 2, source);
	return store_step(s, change, error);
}

gboolean store_items(store *s, gint64 source, store_item_fn visit, gpointer user, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT item, fingerprint FROM item WHERE source_id = ?", error);
	if (!ask)
		return FALSE;
	sqlite3_bind_int64(ask, 1, source);
	int row;
	while ((row = store_row(s, ask, error)) == 1)
		visit((const char *)sqlite3_column_text(ask, 0), (const char *)sqlite3_column_text(ask, 1), user);
	return row == 0;
}
