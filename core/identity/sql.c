#include "identity/internal.h"

#include <stdarg.h>

static void bind_all(sqlite3_stmt *ask, const char *types, va_list values)
{
	for (int i = 0; types[i] != '\0'; i++) {
		switch (types[i]) {
		case 'i':
			sqlite3_bind_int64(ask, i + 1, va_arg(values, gint64));
			break;
		case 'd':
			sqlite3_bind_double(ask, i + 1, va_arg(values, double));
			break;
		case 't':
			sqlite3_bind_text(ask, i + 1, va_arg(values, const char *), -1, SQLITE_STATIC);
			break;
		default:
			g_assert(types[i] == 'n');
		}
	}
}

static gboolean sql_error(store *s, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "identity: %s", sqlite3_errmsg(store_sqlite(s)));
	return FALSE;
}

/* Prepares and binds; NULL on error. */
static sqlite3_stmt *prepare(store *s, GError **error, const char *sql, const char *types, va_list values)
{
	sqlite3_stmt *ask = store_prepare(s, sql, error);
	if (ask != NULL)
		bind_all(ask, types, values);
	return ask;
}

sqlite3_stmt *identity_ask(store *s, GError **error, const char *sql, const char *types, ...)
{
	va_list values;
	va_start(values, types);
	sqlite3_stmt *ask = prepare(s, error, sql, types, values);
	va_end(values);
	return ask;
}

gboolean identity_row(store *s, sqlite3_stmt *ask, gboolean *failed, GError **error)
{
	int status = sqlite3_step(ask);
	if (status == SQLITE_ROW)
		return TRUE;
	*failed = status != SQLITE_DONE;
	if (*failed)
		sql_error(s, error);
	sqlite3_reset(ask);
	return FALSE;
}

gboolean identity_do(store *s, GError **error, const char *sql, const char *types, ...)
{
	va_list values;
	va_start(values, types);
	sqlite3_stmt *ask = prepare(s, error, sql, types, values);
	va_end(values);
	if (ask == NULL)
		return FALSE;
	int status = sqlite3_step(ask);
	gboolean ok = status == SQLITE_DONE || status == SQLITE_ROW || sql_error(s, error);
	sqlite3_reset(ask);
	return ok;
}

gboolean identity_number(store *s, GError **error, gint64 *number, gint64 otherwise, const char *sql, const char *types,
			 ...)
{
	va_list values;
	va_start(values, types);
	sqlite3_stmt *ask = prepare(s, error, sql, types, values);
	va_end(values);
	if (ask == NULL)
		return FALSE;
	int status = sqlite3_step(ask);
	*number = status == SQLITE_ROW && sqlite3_column_type(ask, 0) != SQLITE_NULL ? sqlite3_column_int64(ask, 0)
										     : otherwise;
	gboolean ok = status == SQLITE_DONE || status == SQLITE_ROW || sql_error(s, error);
	sqlite3_reset(ask);
	return ok;
}

GArray *identity_numbers(store *s, GError **error, const char *sql, const char *types, ...)
{
	va_list values;
	va_start(values, types);
	sqlite3_stmt *ask = prepare(s, error, sql, types, values);
	va_end(values);
	if (ask == NULL)
		return NULL;
	GArray *numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
	gboolean failed;
	while (identity_row(s, ask, &failed, error)) {
		gint64 number = sqlite3_column_int64(ask, 0);
		g_array_append_val(numbers, number);
	}
	if (failed)
		g_clear_pointer(&numbers, g_array_unref);
	return numbers;
}
