/* record: one record with all that is known of it. */
#include "lookup/about.h"
#include "lookup/internal.h"

static const struct {
	const char *sql;
	int columns;
} lists[] = {
	{"SELECT role, name, address, organisation FROM party WHERE record_id = ? ORDER BY n", 4},
	{"SELECT name, value FROM field WHERE record_id = ? ORDER BY n", 2},
	{"SELECT scheme, value FROM hint WHERE record_id = ? ORDER BY n", 2},
	{"SELECT what, why FROM left_out WHERE record_id = ? ORDER BY n", 2},
};

static gboolean read_list(store *s, gint64 id, guint list, GPtrArray **out, GError **error)
{
	*out = g_ptr_array_new_with_free_func(g_free);
	sqlite3_stmt *st = store_prepare(s, lists[list].sql, error);
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, id);
	while (sqlite3_step(st) == SQLITE_ROW)
		for (int i = 0; i < lists[list].columns; i++)
			g_ptr_array_add(*out, store_column(st, i));
	sqlite3_reset(st);
	return TRUE;
}

static gboolean read_rest(store *s, struct lookup_record *record, GError **error)
{
	sqlite3_stmt *st = store_prepare(
		s, "SELECT text, parent, item, language, updated, added, changed FROM record WHERE id = ?", error);
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, record->head.id);
	if (sqlite3_step(st) == SQLITE_ROW) {
		record->text = store_column(st, 0);
		record->parent = store_column(st, 1);
		record->item = store_column(st, 2);
		record->language = store_column(st, 3);
		record->updated = sqlite3_column_int64(st, 4);
		record->added = sqlite3_column_int64(st, 5);
		record->changed = sqlite3_column_int64(st, 6);
	}
	sqlite3_reset(st);
	return read_list(s, record->head.id, 0, &record->parties, error) &&
	       read_list(s, record->head.id, 1, &record->fields, error) &&
	       read_list(s, record->head.id, 2, &record->hints, error) &&
	       read_list(s, record->head.id, 3, &record->left_out, error);
}

struct lookup_record *lookup_record_get(store *s, gint64 id, GError **error)
{
	g_autoptr(lookup_record) record = g_new0(struct lookup_record, 1);
	sqlite3_stmt *st = store_prepare(s, lookup_hit_columns, error);
	if (!st)
		return NULL;
	sqlite3_bind_int64(st, 1, id);
	gboolean there = sqlite3_step(st) == SQLITE_ROW;
	if (there)
		lookup_hit_read(st, &record->head);
	sqlite3_reset(st);
	if (!there) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_ABSENT, "there is no record %" G_GINT64_FORMAT, id);
		return NULL;
	}
	record->head.customers = lookup_customers_of(s, id, error);
	return record->head.customers && read_rest(s, record, error) ? g_steal_pointer(&record) : NULL;
}

void lookup_record_free(struct lookup_record *record)
{
	if (!record)
		return;
	lookup_hit_clear(&record->head);
	g_free(record->text);
	g_free(record->parent);
	g_free(record->item);
	g_free(record->language);
	g_clear_pointer(&record->parties, g_ptr_array_unref);
	g_clear_pointer(&record->fields, g_ptr_array_unref);
	g_clear_pointer(&record->hints, g_ptr_array_unref);
	g_clear_pointer(&record->left_out, g_ptr_array_unref);
	g_free(record);
}

/* ---- for who may not see everything ---- */

static gboolean count_there(store *s, const char *sql, const GArray *ids, gint64 *count, GError **error)
{
	g_autoptr(GString) list = g_string_new("[");
	for (guint i = 0; i < ids->len; i++)
		g_string_append_printf(list, "%s%" G_GINT64_FORMAT, i ? "," : "", g_array_index(ids, gint64, i));
	g_string_append_c(list, ']');
	sqlite3_stmt *ask = store_prepare(s, sql, error);
	if (!ask)
		return FALSE;
	sqlite3_bind_text(ask, 1, list->str, -1, SQLITE_STATIC);
	int row = store_row(s, ask, error);
	*count = row == 1 ? sqlite3_column_int64(ask, 0) : 0;
	sqlite3_reset(ask);
	return row >= 0;
}

gboolean lookup_count_there(store *s, const GArray *records, gint64 *count, GError **error)
{
	return count_there(
		s, "SELECT count(DISTINCT r.id) FROM json_each(?) j CROSS JOIN record_brief r ON r.id = j.value", records,
		count, error);
}

gboolean lookup_count_rows_there(store *s, const GArray *rows, gint64 *count, GError **error)
{
	return count_there(s,
			   "SELECT count(DISTINCT c.id) FROM json_each(?) j CROSS JOIN customer c ON c.id = j.value WHERE "
			   "NOT c.gone",
			   rows, count, error);
}

GPtrArray *lookup_readers(store *s, gint64 record, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT name FROM reader WHERE record_id = ? ORDER BY name", error);
	if (!ask)
		return NULL;
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	sqlite3_bind_int64(ask, 1, record);
	int row;
	while ((row = store_row(s, ask, error)) == 1)
		g_ptr_array_add(all, store_column(ask, 0));
	return row == 0 ? g_steal_pointer(&all) : NULL;
}
