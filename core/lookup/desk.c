#include "lookup/desk.h"

#include <pthread.h>

/* POSIX's locks in this room: ThreadSanitizer sees those. */

static pthread_mutex_t desks_lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *desks; /* sqlite3 * -> struct desk */

struct desk *desk_of(store *s)
{
	pthread_mutex_lock(&desks_lock);
	struct desk *desk = desks ? g_hash_table_lookup(desks, store_sqlite(s)) : NULL;
	pthread_mutex_unlock(&desks_lock);
	return desk;
}

/* The connection is being closed. */
static void desk_free(void *db)
{
	pthread_mutex_lock(&desks_lock);
	gpointer taken = NULL;
	if (desks)
		g_hash_table_steal_extended(desks, db, NULL, &taken);
	if (desks && g_hash_table_size(desks) == 0)
		g_clear_pointer(&desks, g_hash_table_unref);
	pthread_mutex_unlock(&desks_lock);
	struct desk *desk = taken;
	if (!desk)
		return;
	shelf_release(desk->shelf);
	g_hash_table_unref(desk->terms);
	g_free(desk->tallies);
	g_free(desk);
}

/* meri_desk(): nothing; it is there to be destroyed with the connection. */
static void nothing(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n, (void)values;
	sqlite3_result_null(context);
}

gboolean desk_make(store *s, GError **error)
{
	sqlite3 *db = store_sqlite(s);
	if (desk_of(s))
		return TRUE;
	struct desk *desk = g_new0(struct desk, 1);
	desk->shelf = shelf_take(sqlite3_db_filename(db, "main"));
	desk->terms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	desk->tallies = g_malloc0_n(2 * SHELF_SOURCES, sizeof *desk->tallies);
	pthread_mutex_lock(&desks_lock);
	if (!desks)
		desks = g_hash_table_new(NULL, NULL);
	g_hash_table_insert(desks, db, desk);
	pthread_mutex_unlock(&desks_lock);
	shelf_refresh(desk->shelf, &desk->generation, NULL); /* now rather than at the first question, which tells if
						   it cannot be */
	/* where this fails, SQLite has called desk_free */
	if (sqlite3_create_function_v2(db, "meri_desk", 0, SQLITE_UTF8, db, nothing, NULL, NULL, desk_free) ==
	    SQLITE_OK)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "lookup: %s", sqlite3_errmsg(db));
	return FALSE;
}

struct vocabulary_list *desk_vocabulary(const struct desk *desk)
{
	return vocabulary_get(shelf_vocabulary(desk->shelf), desk->generation, shelf_records(desk->shelf));
}

void desk_wait(store *s)
{
	const struct desk *desk = desk_ready(s, NULL);
	if (desk)
		vocabulary_done(vocabulary_wait(shelf_vocabulary(desk->shelf), desk->generation));
}

struct desk *desk_ready(store *s, GError **error)
{
	struct desk *desk = desk_of(s);
	if (!desk)
		g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "lookup_prepare was not called for this connection");
	if (!desk || !shelf_refresh(desk->shelf, &desk->generation, error))
		return NULL;
	sqlite3_stmt *st = store_prepare(s, "PRAGMA data_version", error);
	int row = st ? store_row(s, st, error) : -1;
	desk->seen = row == 1 ? sqlite3_column_int64(st, 0) : 0;
	if (st)
		sqlite3_reset(st);
	return row >= 0 ? desk : NULL;
}
