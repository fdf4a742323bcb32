/* Removals: noted while a run goes on, taken back by what shows that the record is still there, and settled at the
 * run's end. A note is a row, so it lasts as the checkpoint does; a record leaves the store in one place only,
 * delete_record. */
#include "store/internal.h"

#define HOLD_ABOVE      10 /* records: so few go without asking, however small the source */
#define HOLD_ABOVE_PART 10 /* a tenth of the source */

gboolean store_removal_cancel(store *s, gint64 row, GError **error)
{
	return store_run_sql(s, "DELETE FROM removal WHERE record_id = ?", error, 1, row);
}

/* What is held stays held, but counts to the run that noted it last. `item`: what takes the note back when it is found
 * unchanged. A record that the source itself called gone is not brought back by its item: its own id is noted then. */
static gboolean note(store *s, gint64 source, gint64 run, gint64 row, const char *item, gboolean told, GError **error)
{
	sqlite3_stmt *change =
		store_prepare(s,
			      told ? "INSERT INTO removal(record_id, source_id, item, run) VALUES (?1, ?2, ?3, ?4)"
				     " ON CONFLICT DO UPDATE SET run = ?4, item = ?3 WHERE run <> ?4 OR item <> ?3"
				   : "INSERT INTO removal(record_id, source_id, item, run) VALUES (?1, ?2, ?3, ?4)"
				     " ON CONFLICT DO UPDATE SET run = ?4 WHERE run <> ?4",
			      error);
	if (!change)
		return FALSE;
	sqlite3_bind_int64(change, 1, row);
	sqlite3_bind_int64(change, 2, source);
	store_bind(change, 3, item);
	sqlite3_bind_int64(change, 4, run);
	return store_step(s, change, error);
}

gboolean store_remove(store *s, gint64 source, gint64 run, const char *id, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT id FROM record WHERE source_id = ? AND external_id = ?", error);
	if (!ask)
		return FALSE;
	sqlite3_bind_int64(ask, 1, source);
	store_bind(ask, 2, id);
	int found = store_row(s, ask, error);
	gint64 row = found == 1 ? sqlite3_column_int64(ask, 0) : 0;
	sqlite3_reset(ask);
	return found == 1 ? note(s, source, run, row, id, TRUE, error) : found == 0;
}

/* An unchanged item brings its records back only if it was last read before they were found gone: read in that run or
 * later it was read without them, and unchanged it is without them still. */
gboolean store_keep(store *s, gint64 source, const char *item, GError **error)
{
	gint64 any = 0;
	if (!store_number(s, "SELECT EXISTS (SELECT 1 FROM removal WHERE source_id = ?)", &any, error, 1, source))
		return FALSE;
	if (!any)
		return TRUE; /* the common case: a million unchanged items, and nothing that waits */
	sqlite3_stmt *change = store_prepare(
		s,
		"DELETE FROM removal WHERE source_id = ?1 AND (record_id ="
		" (SELECT id FROM record WHERE source_id = ?1 AND external_id = ?2) OR (item = ?2 AND NOT EXISTS"
		" (SELECT 1 FROM item i WHERE i.source_id = ?1 AND i.item = ?2 AND i.run >= removal.run)))",
		error);
	if (!change)
		return FALSE;
	sqlite3_bind_int64(change, 1, source);
	store_bind(change, 2, item);
	return store_step(s, change, error);
}

static gboolean sweep(store *s, gint64 source, gint64 run, sqlite3_stmt *ask, store_seen_fn seen, gpointer user,
		      gint64 *noted, gint64 *met, GError **error)
{
	sqlite3_bind_int64(ask, 1, source);
	int row;
	while ((row = store_row(s, ask, error)) == 1) {
		const char *id = (const char *)sqlite3_column_text(ask, 1),
			   *item = (const char *)sqlite3_column_text(ask, 2);
		if (seen(id, item, user)) {
			++*met;
			continue;
		}
		if (!note(s, source, run, sqlite3_column_int64(ask, 0), item, FALSE, error)) {
			sqlite3_reset(ask);
			return FALSE;
		}
		++*noted;
	}
	return row == 0;
}

gboolean store_sweep(store *s, gint64 source, gint64 run, store_seen_fn seen, gpointer user, gint64 *noted,
		     GError **error)
{
	gint64 met = 0, count = 0;
	sqlite3_stmt *ask = store_prepare(
		s, "SELECT id, external_id, ifnull(item, external_id) FROM record WHERE source_id = ?", error);
	if (!ask || !store_exec(s->db, "SAVEPOINT sweep", error))
		return FALSE;
	gboolean swept = sweep(s, source, run, ask, seen, user, &count, &met, error);
	if (swept && met == 0 && count > 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID,
			    "the listing has none of the source's %" G_GINT64_FORMAT
			    " records: an empty listing removes nothing",
			    count);
		swept = FALSE;
	}
	if (!swept && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK TO sweep", NULL, NULL, NULL);
	if (!sqlite3_get_autocommit(s->db) && sqlite3_exec(s->db, "RELEASE sweep", NULL, NULL, NULL) != SQLITE_OK &&
	    swept)
		return store_fail(s, "sweep", error);
	if (swept && noted)
		*noted = count;
	return swept;
}

gboolean store_sweep_item(store *s, gint64 source, gint64 run, const char *item, gint64 put, store_seen_fn seen,
			  gpointer user, GError **error)
{
	gint64 have = 0, noted = 0, met = 0;
	sqlite3_stmt *count = store_prepare(s, "SELECT count(*) FROM record WHERE source_id = ? AND item = ?", error);
	if (!count)
		return FALSE;
	sqlite3_bind_int64(count, 1, source);
	store_bind(count, 2, item);
	int row = store_row(s, count, error);
	have = row == 1 ? sqlite3_column_int64(count, 0) : 0;
	sqlite3_reset(count);
	if (row < 0 || have <= put)
		return row >= 0;
	sqlite3_stmt *ask =
		store_prepare(s, "SELECT id, external_id, item FROM record WHERE source_id = ?1 AND item = ?2", error);
	if (!ask)
		return FALSE;
	store_bind(ask, 2, item);
	return sweep(s, source, run, ask, seen, user, &noted, &met, error);
}

/* ---- settling ---- */

/* An item that loses a record was not read whole any more, unless it was read in the run that found the record gone or
 * later; an item without records is none. */
static gboolean forget_item(store *s, gint64 row, GError **error)
{
	return store_run_sql(s,
			     "DELETE FROM item WHERE (source_id, item) = (SELECT source_id, ifnull(item, external_id) "
			     "FROM record WHERE id = ?1)"
			     " AND (run < (SELECT run FROM removal WHERE record_id = ?1)"
			     " OR NOT EXISTS (SELECT 1 FROM record r WHERE r.source_id = item.source_id"
			     " AND r.external_id = item.item AND r.id <> ?1)"
			     " AND NOT EXISTS (SELECT 1 FROM record r WHERE r.source_id = item.source_id"
			     " AND r.item = item.item AND r.id <> ?1))",
			     error, 1, row);
}

static gboolean delete_row(store *s, gint64 row, GError **error)
{
	return forget_item(s, row, error) && store_fts_changes(s, row, FALSE, error) &&
	       store_run_sql(s, "DELETE FROM record WHERE id = ?", error, 1, row) && /* the rest goes with it */
	       store_fts_settle(s, error);
}

static gboolean delete_rows(store *s, gint64 source, const GArray *rows, GError **error)
{
	for (guint i = 0; i < rows->len; i++)
		if (!delete_row(s, g_array_index(rows, gint64, i), error))
			return FALSE;
	return store_run_sql(s, "UPDATE source SET records = records - ? WHERE id = ?", error, 2, (gint64)rows->len,
			     source);
}

static gboolean delete_all(store *s, gint64 source, gboolean held, gint64 *deleted, GError **error)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
	sqlite3_stmt *ask = store_prepare(
		s, "SELECT record_id FROM removal WHERE source_id = ? AND held = ? ORDER BY record_id", error);
	if (!ask)
		return FALSE;
	sqlite3_bind_int64(ask, 1, source);
	sqlite3_bind_int(ask, 2, held);
	int row;
	while ((row = store_row(s, ask, error)) == 1) {
		gint64 id = sqlite3_column_int64(ask, 0);
		g_array_append_val(rows, id);
	}
	*deleted = rows->len;
	return row == 0 && (rows->len == 0 || delete_rows(s, source, rows, error));
}

gboolean store_removals_settle(store *s, gint64 source, gint64 *removed, gint64 *held, GError **error)
{
	gint64 run = 0, before = 0, waiting = 0, again = 0;
	*removed = *held = 0;
	if (!store_run_latest(s, source, &run, &before, error) ||
	    !store_number(s, "SELECT count(*) FROM removal WHERE source_id = ? AND NOT held", &waiting, error, 1,
			  source) ||
	    !store_number(s, "SELECT count(*) FROM removal WHERE source_id = ? AND held AND run = ?", &again, error, 2,
			  source, run))
		return FALSE;
	gint64 all = waiting + again;
	if (all > HOLD_ABOVE && all * HOLD_ABOVE_PART > before) {
		if (!store_run_sql(s, "UPDATE removal SET held = 1 WHERE source_id = ? AND NOT held", error, 1, source))
			return FALSE;
	} else if (!delete_all(s, source, FALSE, removed, error)) {
		return FALSE;
	}
	return store_number(s, "SELECT count(*) FROM removal WHERE source_id = ?", held, error, 1, source);
}

gboolean store_removals_decide(store *s, gint64 source, gboolean remove, gint64 *decided, GError **error)
{
	if (remove)
		return delete_all(s, source, TRUE, decided, error);
	return store_number(s, "SELECT count(*) FROM removal WHERE source_id = ? AND held", decided, error, 1,
			    source) &&
	       store_run_sql(s, "DELETE FROM removal WHERE source_id = ? AND held", error, 1, source);
}
