/* Runs, and what failed in them. */
#include "store/internal.h"

#include "base/base.h"

#define RUNS_KEPT 500 /* a source: five days of a run every quarter of an hour */
#define WHY_MAX   500 /* characters of a failure's reason */
#define RUN_LOST  "the daemon ended before this run did; what it had checkpointed is kept"

void store_run_free(struct store_run *run)
{
	if (!run)
		return;
	g_free(run->verdict);
	g_free(run->reason);
	g_free(run->message);
	g_free(run->output);
	g_free(run);
}

gboolean store_run_latest(store *s, gint64 source, gint64 *run, gint64 *before, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s,
					  "SELECT r.id, ifnull(r.before, s.records) FROM source s"
					  " LEFT JOIN run r ON r.id = (SELECT max(id) FROM run WHERE source_id = s.id)"
					  " WHERE s.id = ?",
					  error);
	if (!ask)
		return FALSE;
	sqlite3_bind_int64(ask, 1, source);
	int row = store_row(s, ask, error);
	*run = row == 1 ? sqlite3_column_int64(ask, 0) : 0;
	*before = row == 1 ? sqlite3_column_int64(ask, 1) : 0;
	sqlite3_reset(ask);
	return row >= 0;
}

static gboolean end_lost(store *s, gint64 source, gint64 now, GError **error)
{
	return store_run_sql(s,
			     "UPDATE run SET verdict = 'lost', ended = ?2, message = '" RUN_LOST "'"
			     " WHERE source_id = ?1 AND verdict = 'running'",
			     error, 2, source, now);
}

static gboolean forget_oldest(store *s, gint64 source, GError **error)
{
	return store_run_sql(s,
			     "DELETE FROM run WHERE source_id = ?1 AND id <="
			     " (SELECT id FROM run WHERE source_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
			     error, 2, source, (gint64)RUNS_KEPT);
}

gboolean store_run_begin(store *s, gint64 source, gint64 now, gint64 *id, GError **error)
{
	if (!end_lost(s, source, now, error) ||
	    !store_run_sql(s,
			   "INSERT INTO run(source_id, started, before, verdict)"
			   " SELECT id, ?2, records, 'running' FROM source WHERE id = ?1",
			   error, 2, source, now))
		return FALSE;
	if (sqlite3_changes(s->db) == 0) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_ABSENT,
			    "there is no source with the number %" G_GINT64_FORMAT, source);
		return FALSE;
	}
	*id = sqlite3_last_insert_rowid(s->db);
	return forget_oldest(s, source, error);
}

gboolean store_run_end(store *s, const struct store_run *run, GError **error)
{
	sqlite3_stmt *change =
		store_prepare(s,
			      "UPDATE run SET ended = ?2, added = ?3, changed = ?4, removed = ?5, skipped = ?6,"
			      " unchanged = ?7, held = ?8, verdict = ifnull(?9, 'failed'), reason = ?10, message = ?11,"
			      " output = ?12 WHERE id = ?1",
			      error);
	if (!change)
		return FALSE;
	const gint64 numbers[] = {run->id,      run->ended,   run->added,     run->changed,
				  run->removed, run->skipped, run->unchanged, run->held};
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		sqlite3_bind_int64(change, (int)i + 1, numbers[i]);
	store_bind(change, 9, run->verdict);
	store_bind(change, 10, run->reason);
	store_bind(change, 11, run->message);
	store_bind(change, 12, run->output);
	if (!store_step(s, change, error))
		return FALSE;
	if (sqlite3_changes(s->db) == 1)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_ABSENT, "there is no run with the number %" G_GINT64_FORMAT,
		    run->id);
	return FALSE;
}

static struct store_run *run_of(sqlite3_stmt *row)
{
	struct store_run *run = g_new0(struct store_run, 1);
	gint64 *const numbers[] = {&run->id,      &run->source,  &run->started, &run->ended,     &run->added,
				   &run->changed, &run->removed, &run->skipped, &run->unchanged, &run->held};
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++)
		*numbers[i] = sqlite3_column_int64(row, (int)i);
	run->verdict = store_column(row, 10);
	run->reason = store_column(row, 11);
	run->message = store_column(row, 12);
	run->output = store_column(row, 13);
	return run;
}

GPtrArray *store_runs(store *s, gint64 source, guint limit, GError **error)
{
	sqlite3_stmt *ask =
		store_prepare(s,
			      "SELECT id, source_id, started, ended, added, changed, removed, skipped, unchanged, held,"
			      " verdict, reason, message, output FROM run WHERE source_id = ? ORDER BY id DESC LIMIT ?",
			      error);
	if (!ask)
		return NULL;
	sqlite3_bind_int64(ask, 1, source);
	sqlite3_bind_int64(ask, 2, limit);
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func((GDestroyNotify)store_run_free);
	int row;
	while ((row = store_row(s, ask, error)) == 1)
		g_ptr_array_add(runs, run_of(ask));
	return row == 0 ? g_steal_pointer(&runs) : NULL;
}

/* ---- failures ---- */

void store_failure_free(struct store_failure *failure)
{
	if (!failure)
		return;
	g_free(failure->id);
	g_free(failure->why);
	g_free(failure);
}

gboolean store_failure_note(store *s, gint64 source, gint64 run, const char *id, const char *why, gint64 now,
			    GError **error)
{
	sqlite3_stmt *change = store_prepare(s,
					     "INSERT INTO failure(source_id, external_id, why, run, first, last, times)"
					     " VALUES (?1, ?2, ?3, ?4, ?5, ?5, 1) ON CONFLICT DO UPDATE SET"
					     " why = ?3, last = ?5, times = times + (run <> ?4), run = ?4",
					     error);
	if (!change)
		return FALSE;
	g_autofree char *line = base_one_line(why, WHY_MAX);
	sqlite3_bind_int64(change, 1, source);
	sqlite3_bind_text(change, 2, id ? id : "", -1, SQLITE_STATIC);
	sqlite3_bind_text(change, 3, line, -1, SQLITE_STATIC);
	sqlite3_bind_int64(change, 4, run);
	sqlite3_bind_int64(change, 5, now);
	return store_step(s, change, error);
}

gboolean store_failure_end(store *s, gint64 source, const char *id, GError **error)
{
	sqlite3_stmt *change = store_prepare(s, "DELETE FROM failure WHERE source_id = ? AND external_id = ?", error);
	if (!change)
		return FALSE;
	sqlite3_bind_int64(change, 1, source);
	store_bind(change, 2, id);
	return store_step(s, change, error);
}

gboolean store_failures_clear(store *s, gint64 source, gint64 run, GError **error)
{
	return store_run_sql(s, "DELETE FROM failure WHERE source_id = ? AND run <> ?", error, 2, source, run);
}

GPtrArray *store_failures(store *s, gint64 source, guint limit, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s,
					  "SELECT external_id, why, first, last, times FROM failure WHERE source_id = ?"
					  " ORDER BY last DESC, external_id LIMIT ?",
					  error);
	if (!ask)
		return NULL;
	sqlite3_bind_int64(ask, 1, source);
	sqlite3_bind_int64(ask, 2, limit);
	g_autoptr(GPtrArray) failures = g_ptr_array_new_with_free_func((GDestroyNotify)store_failure_free);
	int row;
	while ((row = store_row(s, ask, error)) == 1) {
		struct store_failure *failure = g_new0(struct store_failure, 1);
		failure->id = store_column(ask, 0);
		failure->why = store_column(ask, 1);
		failure->first = sqlite3_column_int64(ask, 2);
		failure->last = sqlite3_column_int64(ask, 3);
		failure->times = sqlite3_column_int64(ask, 4);
		g_ptr_array_add(failures, failure);
	}
	return row == 0 ? g_steal_pointer(&failures) : NULL;
}
