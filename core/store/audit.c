#include "store/audit.h"

#include <string.h>

#include "base/base.h"
#include "store/internal.h"

enum { MOST_WHAT = 500, MOST_WORD = 64, MOST_NAME = 200 }; /* characters */

void store_audit_free(struct store_audit *entry)
{
	if (!entry)
		return;
	g_free(entry->name);
	g_free(entry->via);
	g_free(entry->action);
	g_free(entry->what);
	g_free(entry->address);
	g_free(entry);
}

/* One line, so that no entry can look like two. */
static void bind_line(sqlite3_stmt *add, int index, const char *text, gsize most)
{
	g_autofree char *line = text ? base_one_line(text, most) : NULL;
	if (line && *line)
		sqlite3_bind_text(add, index, line, -1, SQLITE_TRANSIENT);
}

gboolean store_audit_note(store *s, const struct store_audit *entry, GError **error)
{
	sqlite3_stmt *add = store_prepare(
		s,
		"INSERT INTO audit(at, user_id, name, via, action, what, customer, hits, address) VALUES"
		" (?, nullif(?, 0), ?, coalesce(?, ''), coalesce(?, ''), ?, nullif(?, 0), nullif(?, -1), ?)",
		error);
	g_autofree char *name = entry->name ? store_fold(entry->name) : NULL;
	if (!add)
		return FALSE;
	sqlite3_bind_int64(add, 1, entry->at);
	sqlite3_bind_int64(add, 2, entry->user);
	bind_line(add, 3, name, MOST_NAME);
	bind_line(add, 4, entry->via, MOST_WORD);
	bind_line(add, 5, entry->action, MOST_WORD);
	bind_line(add, 6, entry->what, MOST_WHAT);
	sqlite3_bind_int64(add, 7, entry->customer);
	sqlite3_bind_int64(add, 8, entry->hits);
	bind_line(add, 9, entry->address, MOST_NAME);
	return store_step(s, add, error);
}

static struct store_audit *entry_of(sqlite3_stmt *row)
{
	struct store_audit *entry = g_new0(struct store_audit, 1);
	entry->id = sqlite3_column_int64(row, 0);
	entry->at = sqlite3_column_int64(row, 1);
	entry->user = sqlite3_column_int64(row, 2);
	entry->name = store_column(row, 3);
	entry->via = store_column(row, 4);
	entry->action = store_column(row, 5);
	entry->what = store_column(row, 6);
	entry->customer = sqlite3_column_int64(row, 7);
	entry->hits = sqlite3_column_type(row, 8) == SQLITE_NULL ? -1 : sqlite3_column_int64(row, 8);
	entry->address = store_column(row, 9);
	return entry;
}

#define ENTRY_SQL "SELECT id, at, user_id, name, via, action, what, customer, hits, address FROM audit"

/* The conditions that are asked for alone stand in the statement, so that SQLite finds the index that serves them. */
static char *statement_of(const struct store_audit_filter *filter)
{
	GString *sql = g_string_new(ENTRY_SQL " WHERE id < ?1");
	if (filter->user)
		g_string_append(sql, " AND name = ?2");
	if (filter->action)
		g_string_append(sql, " AND action = ?3");
	if (filter->customer)
		g_string_append(sql, " AND customer = ?4");
	if (filter->after)
		g_string_append(sql, " AND at >= ?5");
	if (filter->before)
		g_string_append(sql, " AND at < ?6");
	g_string_append(sql, " ORDER BY id DESC LIMIT ?7");
	return g_string_free(sql, FALSE);
}

GPtrArray *store_audit_list(store *s, const struct store_audit_filter *filter, guint limit, GError **error)
{
	g_autofree char *sql = statement_of(filter), *user = filter->user ? store_fold(filter->user) : NULL;
	sqlite3_stmt *ask = store_prepare(s, sql, error);
	if (!ask)
		return NULL;
	sqlite3_bind_int64(ask, 1, filter->below > 0 ? filter->below : G_MAXINT64);
	if (user)
		sqlite3_bind_text(ask, 2, user, -1, SQLITE_STATIC);
	if (filter->action)
		sqlite3_bind_text(ask, 3, filter->action, -1, SQLITE_STATIC);
	if (filter->customer)
		sqlite3_bind_int64(ask, 4, filter->customer);
	if (filter->after)
		sqlite3_bind_int64(ask, 5, filter->after);
	if (filter->before)
		sqlite3_bind_int64(ask, 6, filter->before);
	sqlite3_bind_int64(ask, 7, limit);
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)store_audit_free);
	int row;
	while ((row = store_row(s, ask, error)) == 1)
		g_ptr_array_add(entries, entry_of(ask));
	return row == 0 ? g_steal_pointer(&entries) : NULL;
}

gboolean store_audit_forget(store *s, gint64 before, guint most, gint64 *forgotten, GError **error)
{
	*forgotten = 0;
	if (!store_run_sql(s,
			   "INSERT INTO meta(name, value) VALUES ('audit_before', ?1) ON CONFLICT (name) DO UPDATE SET "
			   "value = ?1",
			   error, 1, before) ||
	    !store_run_sql(s, "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ?1 ORDER BY at LIMIT ?2)",
			   error, 2, before, (gint64)most))
		return FALSE;
	*forgotten = sqlite3_changes(s->db);
	return store_run_sql(s, "DELETE FROM meta WHERE name = 'audit_before'", error, 0);
}
