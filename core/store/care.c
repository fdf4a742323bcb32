/* Care: checking, copying, and tidying up when there is nothing else to do. */
#include "store/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROBLEMS_MAX     100
#define INDEX_INVARIANTS 2
#define MERGE_PAGES      250 /* of the index, a step of tidying: some 20 ms */

/* ---- verify ---- */

static void problem(GPtrArray *problems, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void problem(GPtrArray *problems, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_ptr_array_add(problems, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

static gboolean check_file(store *s, GPtrArray *problems, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "PRAGMA integrity_check(100)", error);
	if (!ask)
		return FALSE;
	int row;
	while ((row = store_row(s, ask, error)) == 1) {
		const char *text = (const char *)sqlite3_column_text(ask, 0);
		if (g_strcmp0(text, "ok") != 0)
			problem(problems, "the file is damaged: %s", text);
	}
	return row == 0;
}

static gboolean check_index(store *s, GPtrArray *problems, GError **error)
{
	g_autoptr(GError) damage = NULL;
	if (store_run_sql(s, "INSERT INTO record_fts(record_fts, rank) VALUES ('integrity-check', 1)", &damage, 0))
		return TRUE;
	if (g_error_matches(damage, STORE_ERROR, STORE_ERROR_CORRUPT)) {
		problem(problems, "the full text index does not fit the records: %s", damage->message);
		return TRUE;
	}
	g_propagate_error(error, g_steal_pointer(&damage));
	return FALSE;
}

/* Each finds rows that must not be; what it says of one takes the first two columns. */
static const struct {
	const char *sql, *says;
} invariants[] = {
	{"SELECT \"table\", rowid FROM pragma_foreign_key_check", "a row of %s belongs to nothing (row %s)"},
	{"SELECT m.record_id, m.item FROM removal m LEFT JOIN record r ON r.id = m.record_id"
	 " AND r.source_id = m.source_id WHERE r.id IS NULL",
	 "a removal waits for record %s (%s), which is not there"},
	{"SELECT s.name, s.records FROM source s"
	 " WHERE s.records <> (SELECT count(*) FROM record WHERE source_id = s.id)",
	 "source %s counts %s records, and has another number"},
	{"SELECT id, external_id FROM record"
	 " WHERE id > ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'record'), 0)",
	 "record %s (%s) is beyond the last number given"},
	{"SELECT i.item, s.name FROM item i JOIN source s ON s.id = i.source_id WHERE"
	 " NOT EXISTS (SELECT 1 FROM record r WHERE r.source_id = i.source_id AND r.external_id = i.item) AND"
	 " NOT EXISTS (SELECT 1 FROM record r WHERE r.source_id = i.source_id AND r.item = i.item)",
	 "item %s of source %s passes for read, and has no record"},
	/* From here on: of the index, when it is of today's rules. */
	{"SELECT id, external_id FROM record WHERE id NOT IN (SELECT id FROM record_fts_docsize)",
	 "record %s (%s) is not in the index"},
	{"SELECT id, '' FROM record_fts_docsize WHERE id NOT IN (SELECT id FROM record)",
	 "the index knows a record %s that is gone%s"},
};

/* printf's own checks need a literal: this fills in two %s. */
static char *said(const char *says, const char *a, const char *b)
{
	g_auto(GStrv) parts = g_strsplit(says, "%s", 3);
	return g_strconcat(parts[0], a, parts[1], b, parts[2], NULL);
}

static gboolean check_invariant(store *s, gsize i, GPtrArray *problems, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, invariants[i].sql, error);
	if (!ask)
		return FALSE;
	int row;
	while ((row = store_row(s, ask, error)) == 1 && problems->len < PROBLEMS_MAX) {
		g_autofree char *a = store_column(ask, 0), *b = store_column(ask, 1);
		g_ptr_array_add(problems, said(invariants[i].says, a ? a : "", b ? b : ""));
	}
	sqlite3_reset(ask);
	return row >= 0;
}

gboolean store_verify(store *s, GPtrArray *problems, GError **error)
{
	if (!store_fts_flush(s, error) || !check_file(s, problems, error))
		return FALSE;
	if (problems->len > 0)
		return TRUE; /* the rest would only stumble over the same */
	gboolean stale = store_index_stale(s);
	gsize n = G_N_ELEMENTS(invariants) - (stale ? INDEX_INVARIANTS : 0);
	for (gsize i = 0; i < n; i++)
		if (!check_invariant(s, i, problems, error))
			return FALSE;
	return s->mode == STORE_READ || stale || check_index(s, problems, error);
}

/* ---- backup ---- */

static gboolean fail_backup(const char *to, const char *what, GError **error)
{
	int saved = errno;
	g_set_error(error, STORE_ERROR, STORE_ERROR_FULL, "backup to %s: %s: %s", to, what, g_strerror(saved));
	return FALSE;
}

/* The store itself, or a file beside it that SQLite keeps, must never be the target. */
static gboolean refuse_self(store *s, const char *to, GError **error)
{
	static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
	struct stat target, own;
	if (stat(to, &target) != 0)
		return TRUE;
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *path = g_strconcat(s->path, endings[i], NULL);
		if (stat(path, &own) == 0 && own.st_dev == target.st_dev && own.st_ino == target.st_ino) {
			g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, "backup to %s: that is the store itself",
				    to);
			return FALSE;
		}
	}
	if (S_ISREG(target.st_mode))
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, "backup to %s: that is not a file", to);
	return FALSE;
}

static gboolean copy(store *s, const char *part, GError **error)
{
	sqlite3 *target = NULL;
	gboolean done = FALSE;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(part, &target, flags, NULL) != SQLITE_OK) {
		store_fail_db(target, "cannot open", error);
	} else {
		sqlite3_backup *backup = sqlite3_backup_init(target, "main", s->db, "main");
		/* In one step: one snapshot, which writers neither wait for nor disturb. */
		int code = backup ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;
		done = backup && sqlite3_backup_finish(backup) == SQLITE_OK && code == SQLITE_DONE;
		if (!done)
			store_fail_db(target, "copying", error);
	}
	sqlite3_close(target);
	return done;
}

static gboolean settle(const char *part, const char *to, GError **error)
{
	int file = open(part, O_RDONLY | O_CLOEXEC);
	if (file < 0 || fsync(file) != 0) {
		if (file >= 0)
			close(file);
		return fail_backup(to, "cannot write it out", error);
	}
	close(file);
	return rename(part, to) == 0 || fail_backup(to, "cannot put it in place", error);
}

gboolean store_backup(store *s, const char *to, GError **error)
{
	if (!refuse_self(s, to, error))
		return FALSE;
	g_autofree char *part = g_strdup_printf("%s.%ld.part", to, (long)getpid());
	unlink(part);
	int file = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file < 0)
		return fail_backup(to, "cannot make it", error);
	close(file);
	if (copy(s, part, error) && settle(part, to, error))
		return TRUE;
	unlink(part);
	return FALSE;
}

/* ---- tidying ---- */

gboolean store_tidy(store *s, gboolean *more, GError **error)
{
	*more = FALSE;
	int before = sqlite3_total_changes(s->db);
	if (!store_run_sql(s, "INSERT INTO record_fts(record_fts, rank) VALUES ('merge', ?)", error, 1,
			   (gint64)MERGE_PAGES))
		return FALSE;
	*more = sqlite3_total_changes(s->db) - before >= 2; /* FTS5's sign that there was something to merge */
	if (*more)
		return TRUE;
	int code = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return code == SQLITE_OK || code == SQLITE_BUSY || store_fail(s, "checkpoint of the write-ahead log", error);
}
