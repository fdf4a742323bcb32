/* Opening and closing: the lock that lets in one writer, what kind of file it is, and how connections are set. */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"
#include "text/text.h"

#define APPLICATION_ID 0x4d657269 /* "Meri" in the file's header, as file(1) reads it */

/* Measured (tests/bench/bench_store.c): in a load, synchronous=FULL and secure_delete=ON cost nothing that stands out
 * of the noise. So a checkpoint that was answered survives a power cut too, and what was removed does not stay behind
 * in free pages. Memory: a writer holds at most its cache and the index's own buffer, a reader its cache; no mmap,
 * whose pages would count as ours. */
static const char both_settings[] = "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;";
static const char writer_settings[] = "PRAGMA synchronous = FULL; PRAGMA cache_size = -16000;"
				      "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;"
				      "PRAGMA secure_delete = ON;";
static const char reader_settings[] = "PRAGMA query_only = ON; PRAGMA cache_size = -16000;";

static gboolean fail_errno(const char *path, const char *what, GError **error)
{
	int saved = errno;
	g_set_error(error, STORE_ERROR, STORE_ERROR_FULL, "store %s: %s: %s", path, what, g_strerror(saved));
	return FALSE;
}

/* The lock file stays when the writer ends: removing it would let two writers hold locks on two files of one name. */
static gboolean take_lock(store *s, GError **error)
{
	g_autofree char *path = g_strconcat(s->path, ".lock", NULL);
	s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (s->lock < 0)
		return fail_errno(path, "cannot make the lock file", error);
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0) {
		char pid[32] = "";
		gssize got = errno == EWOULDBLOCK ? pread(s->lock, pid, sizeof(pid) - 1, 0) : -1;
		if (got < 0)
			return fail_errno(path, "cannot lock", error);
		g_set_error(error, STORE_ERROR, STORE_ERROR_BUSY,
			    "store %s: process %s has it open for writing; one writer at a time: stop that one first",
			    s->path, pid[0] ? g_strchomp(pid) : "(unknown)");
		return FALSE;
	}
	g_autofree char *pid = g_strdup_printf("%ld\n", (long)getpid());
	if (ftruncate(s->lock, 0) != 0 || pwrite(s->lock, pid, strlen(pid), 0) < 0)
		base_log(BASE_WARNING, "store %s: cannot write our process id into it: %s", path, g_strerror(errno));
	return TRUE;
}

/* SQLite would make the file readable for all: what we know of customers is not. */
static gboolean make_file(store *s, GError **error)
{
	int file = open(s->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0)
		return fail_errno(s->path, "cannot open for writing", error);
	close(file);
	return TRUE;
}

static gboolean pragma_number(store *s, const char *sql, gint64 *number, GError **error)
{
	return store_number(s, sql, number, error, 0);
}

static gboolean refuse_newer(store *s, gint64 version, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_NEWER,
		    "store %s: its schema is number %" G_GINT64_FORMAT
		    ", this Meri knows up to %d: it was written by a newer "
		    "Meri; install that one, or put an older backup in place",
		    s->path, version, store_schema_newest);
	return FALSE;
}

/* Whether the file is ours, and of which version. A file without tables is a new one. */
static gboolean check_identity(store *s, gint64 *version, GError **error)
{
	gint64 id = 0, tables = 0;
	if (!pragma_number(s, "PRAGMA application_id", &id, error) ||
	    !pragma_number(s, "PRAGMA user_version", version, error) ||
	    !pragma_number(s, "SELECT count(*) FROM sqlite_master", &tables, error))
		return FALSE;
	if (tables == 0 && *version == 0 && (id == 0 || id == APPLICATION_ID))
		return TRUE;
	if (id != APPLICATION_ID) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_CORRUPT,
			    "store %s: this is another program's database (application id %" G_GINT64_FORMAT
			    "); check `store =` in the settings",
			    s->path, id);
		return FALSE;
	}
	return *version <= store_schema_newest || refuse_newer(s, *version, error);
}

static gboolean prepare_reader(store *s, gint64 version, GError **error)
{
	if (version == store_schema_newest)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_ABSENT,
		    "store %s: its schema is number %" G_GINT64_FORMAT
		    ", this Meri needs %d: start merid once, it brings it up to date",
		    s->path, version, store_schema_newest);
	return FALSE;
}

static gboolean prepare_writer(store *s, gint64 version, GError **error)
{
	g_autofree char *mark = g_strdup_printf("PRAGMA application_id = %d", APPLICATION_ID);
	if (!store_exec(s->db, "PRAGMA journal_mode = WAL", error) || (version == 0 && !store_exec(s->db, mark, error)))
		return FALSE;
	if (version < store_schema_newest) {
		if (version > 0)
			base_log(BASE_INFO, "store %s: schema %" G_GINT64_FORMAT " becomes %d", s->path, version,
				 store_schema_newest);
		if (!store_schema_migrate(s->db, (int)version, store_schema_newest, error))
			return FALSE;
	}
	return store_exec(s->db, writer_settings, error) && store_fts_prepare(s, error);
}

/* SQLite counts its memory under one lock for all threads unless it is told, before its first use, not to. */
static void begin_sqlite(void)
{
	static gsize done;
	if (!g_once_init_enter(&done))
		return;
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	g_once_init_leave(&done, 1);
}

static gboolean connect(store *s, GError **error)
{
	begin_sqlite();
	int flags = (s->mode == STORE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(s->path, &s->db, flags, NULL) != SQLITE_OK)
		return store_fail(s, s->mode == STORE_READ ? "cannot open for reading" : "cannot open", error);
	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_timeout(s->db, 10000);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	if (text_register(s->db, s->language) != SQLITE_OK)
		return store_fail(s, "registering the tokenizer", error);
	return store_spans_register(s->db, error) && store_exec(s->db, both_settings, error);
}

static gboolean prepare(store *s, GError **error)
{
	gint64 version = 0;
	if (s->mode == STORE_WRITE && (!take_lock(s, error) || !make_file(s, error)))
		return FALSE;
	if (!connect(s, error) || !check_identity(s, &version, error))
		return FALSE;
	if (s->mode == STORE_WRITE)
		return prepare_writer(s, version, error);
	return prepare_reader(s, version, error) && store_exec(s->db, reader_settings, error);
}

store *store_open(const char *path, enum store_mode mode, const char *language, GError **error)
{
	store *s = g_new0(store, 1);
	s->path = g_strdup(path);
	s->language = g_strdup(language);
	s->mode = mode;
	s->lock = -1;
	if (prepare(s, error))
		return s;
	store_close(s);
	return NULL;
}

void store_close(store *s)
{
	if (!s)
		return;
	store_fts_forget(s);
	store_statements_clear(s);
	sqlite3_close_v2(s->db);
	if (s->lock >= 0) {
		if (ftruncate(s->lock, 0) != 0)
			base_log(BASE_DEBUG, "store %s: the lock file keeps an old process id", s->path);
		close(s->lock);
	}
	g_free(s->path);
	g_free(s->language);
	store_fence_forget(s);
	g_free(s);
}

sqlite3 *store_sqlite(store *s)
{
	return s->db;
}

int store_schema_version(store *s)
{
	gint64 version = 0;
	return pragma_number(s, "PRAGMA user_version", &version, NULL) ? (int)version : -1;
}
