#include "lookup/shelf.h"

#include <pthread.h>
#include <stdatomic.h>

#include "lookup/vocabulary.h"

enum { CHUNKS = 1 << 17 }; /* half a milliard of records */

/* Two words, each written at once: a reader that meets a change half done sees
 * the one half of before. */
struct entry {
	_Atomic gint64 occurred;
	_Atomic guint64 rest; /* size 32 bits, source 20, kind 4, restricted, known;
				 0: no such record */
};

enum { SOURCE_AT = 32, KIND_AT = 52, RESTRICTED_AT = 56, KNOWN_AT = 57 };

struct chunk {
	_Atomic gint64 earliest, latest; /* of the records that were ever in it */
	struct entry entries[SHELF_CHUNK];
};

struct shelf {
	char *path;
	guint users;
	struct vocabulary *vocabulary;
	pthread_mutex_t lock; /* of all below but what is atomic */
	store *s;
	gint64 version, moved; /* of what was read: SQLite's number, and the last row
				  of record_moved */
	_Atomic guint64 generation;
	_Atomic gint64 newest, records;
	_Atomic(struct chunk *) *chunks;
	struct {
		_Atomic gint64 records, size;
	} * sources;
};

static pthread_mutex_t shelves_lock = PTHREAD_MUTEX_INITIALIZER;
static GHashTable *shelves; /* path -> struct shelf */

struct shelf *shelf_take(const char *path)
{
	pthread_mutex_lock(&shelves_lock);
	if (!shelves)
		shelves = g_hash_table_new(g_str_hash, g_str_equal);
	struct shelf *shelf = g_hash_table_lookup(shelves, path);
	if (!shelf) {
		shelf = g_new0(struct shelf, 1);
		shelf->path = g_strdup(path);
		shelf->version = -1;
		shelf->vocabulary = vocabulary_new(path);
		pthread_mutex_init(&shelf->lock, NULL);
		/* mostly never touched, and so never there */
		shelf->chunks = g_malloc0_n(CHUNKS, sizeof *shelf->chunks);
		shelf->sources = g_malloc0_n(SHELF_SOURCES, sizeof *shelf->sources);
		g_hash_table_insert(shelves, shelf->path, shelf);
	}
	shelf->users++;
	pthread_mutex_unlock(&shelves_lock);
	return shelf;
}

void shelf_release(struct shelf *shelf)
{
	pthread_mutex_lock(&shelves_lock);
	gboolean last = --shelf->users == 0;
	if (last)
		g_hash_table_remove(shelves, shelf->path);
	if (last && g_hash_table_size(shelves) == 0)
		g_clear_pointer(&shelves, g_hash_table_unref);
	pthread_mutex_unlock(&shelves_lock);
	if (!last)
		return;
	vocabulary_free(shelf->vocabulary);
	store_close(shelf->s);
	for (gsize i = 0; i < CHUNKS && i <= (gsize)shelf->newest / SHELF_CHUNK; i++)
		g_free(atomic_load(&shelf->chunks[i]));
	g_free(shelf->chunks);
	g_free(shelf->sources);
	pthread_mutex_destroy(&shelf->lock);
	g_free(shelf->path);
	g_free(shelf);
}

struct vocabulary *shelf_vocabulary(const struct shelf *shelf)
{
	return shelf->vocabulary;
}

gint64 shelf_records(const struct shelf *shelf)
{
	return atomic_load_explicit(&shelf->records, memory_order_relaxed);
}

/* ---- reading the shelf ---- */

static struct entry *entry_at(const struct shelf *shelf, gint64 id)
{
	if (id < 0 || id >= (gint64)SHELF_CHUNK * CHUNKS)
		return NULL;
	struct chunk *chunk = atomic_load_explicit(&shelf->chunks[id / SHELF_CHUNK], memory_order_acquire);
	return chunk ? &chunk->entries[id % SHELF_CHUNK] : NULL;
}

static void unpack(guint64 rest, struct shelf_record *record)
{
	record->size = (guint32)rest;
	record->source = (guint32)(rest >> SOURCE_AT) & 0xfffff;
	record->kind = (int)(rest >> KIND_AT) & 0xf;
	record->restricted = (rest >> RESTRICTED_AT) & 1;
}

gboolean shelf_get(const struct shelf *shelf, gint64 id, struct shelf_record *record)
{
	struct entry *entry = entry_at(shelf, id);
	guint64 rest = entry ? atomic_load_explicit(&entry->rest, memory_order_relaxed) : 0;
	if (!rest)
		return FALSE;
	unpack(rest, record);
	record->occurred = atomic_load_explicit(&entry->occurred, memory_order_relaxed);
	return TRUE;
}

gboolean shelf_span(const struct shelf *shelf, gint64 first, gint64 *earliest, gint64 *latest)
{
	if (first < 0 || first >= (gint64)SHELF_CHUNK * CHUNKS)
		return FALSE;
	struct chunk *chunk = atomic_load_explicit(&shelf->chunks[first / SHELF_CHUNK], memory_order_acquire);
	*earliest = chunk ? atomic_load_explicit(&chunk->earliest, memory_order_relaxed) : G_MAXINT64;
	*latest = chunk ? atomic_load_explicit(&chunk->latest, memory_order_relaxed) : G_MININT64;
	return *earliest <= *latest;
}

gint64 shelf_newest(const struct shelf *shelf)
{
	return atomic_load_explicit(&shelf->newest, memory_order_relaxed);
}

struct shelf_source shelf_source(const struct shelf *shelf, guint32 source)
{
	if (source >= SHELF_SOURCES)
		return (struct shelf_source){0, 0};
	return (struct shelf_source){atomic_load_explicit(&shelf->sources[source].records, memory_order_relaxed),
				     atomic_load_explicit(&shelf->sources[source].size, memory_order_relaxed)};
}

/* ---- following the store ---- */

static void tally(struct shelf *shelf, guint64 rest, int sign)
{
	struct shelf_record r;
	unpack(rest, &r);
	if (rest)
		atomic_fetch_add_explicit(&shelf->records, sign, memory_order_relaxed);
	if (!rest || r.restricted || r.source >= SHELF_SOURCES)
		return;
	atomic_fetch_add_explicit(&shelf->sources[r.source].records, sign, memory_order_relaxed);
	atomic_fetch_add_explicit(&shelf->sources[r.source].size, sign * (gint64)r.size, memory_order_relaxed);
}

static struct chunk *make_chunk(struct shelf *shelf, gint64 id)
{
	struct chunk *chunk = g_new0(struct chunk, 1);
	chunk->earliest = G_MAXINT64;
	chunk->latest = G_MININT64;
	atomic_store_explicit(&shelf->chunks[id / SHELF_CHUNK], chunk, memory_order_release);
	return chunk;
}

static void set(struct shelf *shelf, gint64 id, gint64 occurred, guint64 rest)
{
	if (id < 0 || id >= (gint64)SHELF_CHUNK * CHUNKS)
		return;
	struct chunk *chunk = atomic_load_explicit(&shelf->chunks[id / SHELF_CHUNK], memory_order_relaxed);
	if (!chunk && !rest)
		return;
	if (!chunk)
		chunk = make_chunk(shelf, id);
	struct entry *entry = &chunk->entries[id % SHELF_CHUNK];
	tally(shelf, atomic_load_explicit(&entry->rest, memory_order_relaxed), -1);
	tally(shelf, rest, 1);
	atomic_store_explicit(&entry->occurred, occurred, memory_order_relaxed);
	atomic_store_explicit(&entry->rest, rest, memory_order_relaxed);
	if (rest && occurred < chunk->earliest)
		atomic_store_explicit(&chunk->earliest, occurred, memory_order_relaxed);
	if (rest && occurred > chunk->latest)
		atomic_store_explicit(&chunk->latest, occurred, memory_order_relaxed);
	if (id > shelf->newest)
		atomic_store_explicit(&shelf->newest, id, memory_order_relaxed);
}

#define COLUMNS "SELECT id, source_id, kind, occurred, size, restricted FROM record_brief "

static void set_row(struct shelf *shelf, sqlite3_stmt *st)
{
	guint64 size = (guint64)CLAMP(sqlite3_column_int64(st, 4), 0, (gint64)G_MAXUINT32);
	guint64 rest = size | ((guint64)sqlite3_column_int64(st, 1) & 0xfffff) << SOURCE_AT |
		       ((guint64)sqlite3_column_int(st, 2) & 0xf) << KIND_AT |
		       (guint64)(sqlite3_column_int(st, 5) != 0) << RESTRICTED_AT | G_GUINT64_CONSTANT(1) << KNOWN_AT;
	set(shelf, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 3), rest);
}

/* All rows from `id` on; those that are not there any more are taken out. */
static gboolean read_from(struct shelf *shelf, gint64 id, GError **error)
{
	sqlite3_stmt *st = store_prepare(shelf->s, COLUMNS "WHERE id >= ? ORDER BY id", error);
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, id);
	int row;
	while ((row = store_row(shelf->s, st, error)) == 1) {
		for (gint64 next = sqlite3_column_int64(st, 0); id < next; id++)
			set(shelf, id, 0, 0);
		set_row(shelf, st);
		id++;
	}
	for (gint64 end = shelf->newest; row == 0 && id <= end; id++)
		set(shelf, id, 0, 0);
	return row == 0;
}

static gboolean read_one(struct shelf *shelf, gint64 id, GError **error)
{
	sqlite3_stmt *st = store_prepare(shelf->s, COLUMNS "WHERE id = ?", error);
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, id);
	int row = store_row(shelf->s, st, error);
	if (row == 1)
		set_row(shelf, st);
	else if (row == 0)
		set(shelf, id, 0, 0);
	sqlite3_reset(st);
	return row >= 0;
}

static gboolean read_moved(struct shelf *shelf, GError **error)
{
	sqlite3_stmt *st =
		store_prepare(shelf->s, "SELECT n, record_id FROM record_moved WHERE n > ? ORDER BY n", error);
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, shelf->moved);
	int row;
	while ((row = store_row(shelf->s, st, error)) == 1) {
		gint64 id = sqlite3_column_int64(st, 1);
		shelf->moved = sqlite3_column_int64(st, 0);
		if (id <= shelf->newest && !read_one(shelf, id, error)) {
			sqlite3_reset(st);
			return FALSE;
		}
	}
	return row == 0;
}

static gboolean ask_number(struct shelf *shelf, const char *sql, gint64 *number, GError **error)
{
	sqlite3_stmt *st = store_prepare(shelf->s, sql, error);
	int row = st ? store_row(shelf->s, st, error) : -1;
	*number = row == 1 ? sqlite3_column_int64(st, 0) : 0;
	if (st)
		sqlite3_reset(st);
	return row >= 0;
}

/* The list of what moved is cut at its old end: whoever has missed some of it
 * reads all anew. */
static gboolean follow(struct shelf *shelf, GError **error)
{
	gint64 oldest, latest;
	if (!ask_number(shelf, "SELECT coalesce(min(n), 0) FROM record_moved", &oldest, error) ||
	    !ask_number(shelf, "SELECT coalesce(max(n), 0) FROM record_moved", &latest, error))
		return FALSE;
	if (shelf->version < 0 || oldest > shelf->moved + 1 || latest < shelf->moved) {
		shelf->moved = latest;
		return read_from(shelf, 1, error);
	}
	gint64 known = shelf->newest;
	return read_moved(shelf, error) && read_from(shelf, known + 1, error);
}

static gboolean bring_up(struct shelf *shelf, GError **error)
{
	gint64 version;
	if (!shelf->s && !(shelf->s = store_open(shelf->path, STORE_READ, NULL, error)))
		return FALSE;
	if (!ask_number(shelf, "PRAGMA data_version", &version, error))
		return FALSE;
	if (version == shelf->version)
		return TRUE;
	sqlite3 *db = store_sqlite(shelf->s);
	if (sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK || !follow(shelf, error)) {
		if (error && !*error)
			g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "shelf: %s", sqlite3_errmsg(db));
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
		shelf->version = -1;
		return FALSE;
	}
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	/* What was committed between the two questions is read twice, the next time:
	 * never not at all. */
	shelf->version = version;
	shelf->generation++;
	return TRUE;
}

gboolean shelf_refresh(struct shelf *shelf, guint64 *generation, GError **error)
{
	pthread_mutex_lock(&shelf->lock);
	gboolean good = bring_up(shelf, error);
	pthread_mutex_unlock(&shelf->lock);
	if (generation)
		*generation = shelf->generation;
	return good;
}
