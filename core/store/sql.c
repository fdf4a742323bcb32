/* Statements, transactions, and errors with their words. */
#include "store/internal.h"

#include <stdarg.h>
#include <string.h>

#define STATEMENTS_KEPT                                                                                                \
	256 /* lookup builds statements by the shape of the question: they must not grow without end                   \
	     */

G_DEFINE_QUARK(store - error - quark, store_error)

struct statement {
	sqlite3_stmt *sql;
	guint64 used;
	char *text;
};

/* A caller's text mostly stands where it stood before: then it need not be hashed, only compared. */
static struct statement **place_of(store *s, const char *sql)
{
	guintptr at = (guintptr)sql;
	return &s->places[(at ^ at >> 8) % G_N_ELEMENTS(s->places)];
}

static enum store_error error_code(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
		return STORE_ERROR_FULL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return STORE_ERROR_CORRUPT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STORE_ERROR_BUSY;
	default:
		return STORE_ERROR_SQL;
	}
}

static const char *advice(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
		return "; nothing of it was kept: make room on the disk and try again";
	case SQLITE_IOERR:
		return "; nothing of it was kept: look at the disk";
	case SQLITE_CANTOPEN:
		return "; is it there, and may we open it and write into its folder?";
	case SQLITE_READONLY:
		return "; the file or its folder may not be written";
	case SQLITE_NOTADB:
		return "; check `store =` in the settings";
	case SQLITE_CORRUPT:
		return "; stop the daemon, run `meri verify`, and put a backup in place";
	default:
		return "";
	}
}

static gboolean fail(sqlite3 *db, const char *path, const char *what, GError **error)
{
	int code = db ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
	g_set_error(error, STORE_ERROR, error_code(code), "store %s: %s: %s (%d)%s", path ? path : "", what,
		    db ? sqlite3_errmsg(db) : "out of memory", code, advice(code));
	return FALSE;
}

gboolean store_fail_db(sqlite3 *db, const char *what, GError **error)
{
	return fail(db, db ? sqlite3_db_filename(db, "main") : NULL, what, error);
}

gboolean store_fail(store *s, const char *what, GError **error)
{
	return fail(s->db, s->path, what, error);
}

gboolean store_exec(sqlite3 *db, const char *sql, GError **error)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || store_fail_db(db, sql, error);
}

static void statement_free(gpointer data)
{
	struct statement *statement = data;
	sqlite3_finalize(statement->sql);
	g_free(statement->text);
	g_free(statement);
}

static void drop_oldest(store *s)
{
	GHashTableIter iter;
	gpointer key, value, oldest = NULL;
	guint64 used = G_MAXUINT64;
	g_hash_table_iter_init(&iter, s->statements);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const struct statement *statement = value;
		if (statement->used < used && !sqlite3_stmt_busy(statement->sql)) {
			used = statement->used;
			oldest = key;
		}
	}
	if (!oldest)
		return;
	memset(s->places, 0, sizeof(s->places));
	g_hash_table_remove(s->statements, oldest);
}

void store_statements_clear(store *s)
{
	memset(s->places, 0, sizeof(s->places));
	g_clear_pointer(&s->statements, g_hash_table_destroy);
}

sqlite3_stmt *store_prepare(store *s, const char *sql, GError **error)
{
	if (!s->statements)
		s->statements = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, statement_free);
	struct statement **place = place_of(s, sql), *known = *place;
	if (!known || strcmp(known->text, sql) != 0)
		known = *place = g_hash_table_lookup(s->statements, sql);
	if (known) {
		known->used = ++s->clock;
		sqlite3_reset(known->sql);
		sqlite3_clear_bindings(known->sql);
		return known->sql;
	}
	sqlite3_stmt *prepared = NULL;
	if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, NULL) != SQLITE_OK) {
		store_fail(s, sql, error);
		return NULL;
	}
	if (g_hash_table_size(s->statements) >= STATEMENTS_KEPT)
		drop_oldest(s);
	known = g_new(struct statement, 1);
	known->sql = prepared;
	known->used = ++s->clock;
	known->text = g_strdup(sql);
	g_hash_table_insert(s->statements, known->text, known);
	*place = known;
	return prepared;
}

int store_row(store *s, sqlite3_stmt *statement, GError **error)
{
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		return 1;
	if (code != SQLITE_DONE)
		store_fail(s, sqlite3_sql(statement), error);
	sqlite3_reset(statement);
	return code == SQLITE_DONE ? 0 : -1;
}

gboolean store_step(store *s, sqlite3_stmt *statement, GError **error)
{
	int row;
	while ((row = store_row(s, statement, error)) == 1)
		continue;
	return row == 0;
}

void store_bind(sqlite3_stmt *statement, int index, const char *text)
{
	if (text && text[0])
		sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static sqlite3_stmt *prepare_numbers(store *s, const char *sql, GError **error, int n, va_list numbers)
{
	sqlite3_stmt *statement = store_prepare(s, sql, error);
	for (int i = 1; statement && i <= n; i++)
		sqlite3_bind_int64(statement, i, va_arg(numbers, gint64));
	return statement;
}

gboolean store_run_sql(store *s, const char *sql, GError **error, int n, ...)
{
	va_list numbers;
	va_start(numbers, n);
	sqlite3_stmt *statement = prepare_numbers(s, sql, error, n, numbers);
	va_end(numbers);
	return statement && store_step(s, statement, error);
}

gboolean store_number(store *s, const char *sql, gint64 *number, GError **error, int n, ...)
{
	va_list numbers;
	va_start(numbers, n);
	sqlite3_stmt *statement = prepare_numbers(s, sql, error, n, numbers);
	va_end(numbers);
	if (!statement)
		return FALSE;
	int row = store_row(s, statement, error);
	*number = row == 1 ? sqlite3_column_int64(statement, 0) : 0;
	sqlite3_reset(statement);
	return row >= 0;
}

char *store_column(sqlite3_stmt *statement, int column)
{
	return g_strdup((const char *)sqlite3_column_text(statement, column));
}

gboolean store_begin(store *s, GError **error)
{
	return store_run_sql(s, "BEGIN IMMEDIATE", error, 0);
}

gboolean store_snapshot(store *s, GError **error)
{
	return store_run_sql(s, "BEGIN DEFERRED", error, 0);
}

gboolean store_commit(store *s, GError **error)
{
	return store_fts_flush(s, error) && store_run_sql(s, "COMMIT", error, 0);
}

void store_rollback(store *s)
{
	store_fts_forget(s);
	/* A full disk makes SQLite roll back by itself: then there is nothing left to do. */
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}
