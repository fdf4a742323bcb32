/* store: one SQLite file, and the only folder that writes SQL that changes records, sources, runs and failures
 * (core/identity changes its own tables through the same connection).
 *
 * One connection writes (STORE_WRITE, owned by one thread); any number read (STORE_READ, one a thread, WAL: a reader never
 * waits for the writer). Row ids are never reused. Schema changes are numbered migrations (schema.c). Full text is FTS5
 * with external content over the view record_text, whose columns come from record; the tokenizer is core/text's.
 *
 * Errors: functions that return gboolean set `error` (STORE_ERROR) and leave the open transaction to the caller, who
 * rolls back. Strings are UTF-8. Times are seconds since 1970 UTC, 0 for not known. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "meri/connector.h"

#define STORE_ERROR (store_error_quark())
GQuark store_error_quark(void);
enum store_error {
	STORE_ERROR_SQL = 1,
	STORE_ERROR_NEWER,   /* the file was written by a newer Meri */
	STORE_ERROR_CORRUPT,
	STORE_ERROR_FULL,    /* disk full or I/O error: nothing of the transaction stays */
	STORE_ERROR_ABSENT,  /* no such source, record, ... */
};

typedef struct store store;
enum store_mode { STORE_WRITE, STORE_READ };

/* Opens (STORE_WRITE: creates and migrates) the file. A second writer is refused with a message that says so.
 * `language`: what text is taken for when it does not tell ("fi"), handed to core/text. */
store *store_open(const char *path, enum store_mode mode, const char *language, GError **error);
void store_close(store *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(store, store_close)
sqlite3 *store_sqlite(store *s); /* for core/identity and core/lookup */
/* A prepared statement out of the connection's cache, reset and without bindings; NULL on error. Do not finalize. */
sqlite3_stmt *store_prepare(store *s, const char *sql, GError **error);
int store_schema_version(store *s);

gboolean store_begin(store *s, GError **error);
gboolean store_commit(store *s, GError **error);
void store_rollback(store *s);

/* ---- sources ---- */

struct store_source {
	gint64 id;
	char *name, *connector, *cursor; /* cursor: NULL if none */
	gint64 records, held;            /* removals that wait for an admin */
	gint64 failures;                 /* records and items that could not be read, as of the last runs */
	gint64 last_run, last_ok, last_change; /* times */
	char *verdict, *message;         /* of the last run; NULL before the first */
};
void store_source_free(struct store_source *source);

/* The source's row, made if there is none. A changed connector name forgets cursor and fingerprints. */
gboolean store_source_ensure(store *s, const char *name, const char *connector, gint64 *id, GError **error);
GPtrArray *store_sources(store *s, GError **error); /* of struct store_source, by name */
struct store_source *store_source_get(store *s, const char *name, GError **error); /* ABSENT */
/* Forgets cursor and fingerprints, so that the next run reads all again; records stay. */
gboolean store_source_reset(store *s, gint64 source, GError **error);
/* Removes a source with all its records, runs and failures. */
gboolean store_source_drop(store *s, gint64 source, GError **error);

/* ---- records, inside a transaction ---- */

enum store_change { STORE_ADDED, STORE_CHANGED, STORE_SAME };

/* Upsert by (source, record->id) with a content hash: the same content writes nothing (a new fingerprint alone writes the
 * fingerprint). A put takes back a removal that waits. `row`: the record's permanent row id. */
gboolean store_put(store *s, gint64 source, gint64 run, const struct meri_record *record, enum store_change *change, gint64 *row,
		   GError **error);
/* Notes that the record is to be removed when the run ends (store_removals_settle). No such record: nothing happens. */
gboolean store_remove(store *s, gint64 source, gint64 run, const char *id, GError **error);
/* Takes back the removals that wait for records whose `item` (or own id) this is. */
gboolean store_keep(store *s, gint64 source, const char *item, GError **error);
gboolean store_cursor_set(store *s, gint64 source, const char *cursor, GError **error);

/* Calls `visit` for each (item, fingerprint) that is known of the source. */
typedef void (*store_item_fn)(const char *item, const char *fingerprint, gpointer user);
gboolean store_items(store *s, gint64 source, store_item_fn visit, gpointer user, GError **error);

/* ---- removal by absence, and the settling of removals ---- */

/* Notes a removal for each record of the source of which `seen` says FALSE. `item`: as put, or the id itself. */
typedef gboolean (*store_seen_fn)(const char *id, const char *item, gpointer user);
gboolean store_sweep(store *s, gint64 source, gint64 run, store_seen_fn seen, gpointer user, gint64 *noted, GError **error);

/* At a run's end, in a transaction of its own: removes what waits, or holds all of it when that is more than 10 records
 * *and* more than 10 % of the source's records; what is held stays findable. */
gboolean store_removals_settle(store *s, gint64 source, gint64 *removed, gint64 *held, GError **error);
/* An admin's word on what is held: TRUE removes it, FALSE keeps the records (until a run notes them again). */
gboolean store_removals_decide(store *s, gint64 source, gboolean remove, gint64 *decided, GError **error);

/* ---- runs and failures ---- */

struct store_run {
	gint64 id, source, started, ended;
	gint64 added, changed, removed, skipped, unchanged, held;
	char *verdict; /* running, ok, partial, failed, lost (the daemon died) */
	char *reason;  /* class of a failure: config, auth, rate, transient, bug; NULL otherwise */
	char *message; /* one line */
	char *output;  /* what the connector logged and wrote, bounded */
};
void store_run_free(struct store_run *run);
/* `started`; returns the id. Earlier runs of the source that never ended become "lost". */
gboolean store_run_begin(store *s, gint64 source, gint64 now, gint64 *id, GError **error);
gboolean store_run_end(store *s, const struct store_run *run, GError **error);
GPtrArray *store_runs(store *s, gint64 source, guint limit, GError **error); /* newest first */

struct store_failure {
	char *id, *why;
	gint64 first, last, times; /* runs in which it failed */
};
void store_failure_free(struct store_failure *failure);
gboolean store_failure_note(store *s, gint64 source, gint64 run, const char *id, const char *why, gint64 now, GError **error);
/* After a complete run: failures that did not come again are over. A put of the same id ends one at once. */
gboolean store_failures_clear(store *s, gint64 source, gint64 run, GError **error);
GPtrArray *store_failures(store *s, gint64 source, guint limit, GError **error);

/* ---- care ---- */

gboolean store_verify(store *s, GPtrArray *problems, GError **error); /* SQLite's check, FTS5's, ours; char * each */
gboolean store_backup(store *s, const char *to, GError **error);      /* a consistent copy while others work */
/* A checkpoint of the WAL, and a bounded step of FTS5's merging; to be called when the writer is idle. */
gboolean store_tidy(store *s, gboolean *more, GError **error);
