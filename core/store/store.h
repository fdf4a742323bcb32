/* store: one SQLite file, and the only folder that writes SQL that changes records, sources, runs and failures
 * (core/identity changes its own tables through the same connection).
 *
 * Which tables and columns there are stands in schema.c, commented. `record_fts` (columns title, text, quoted, people;
 * rowid is record.id) is asked with MATCH; `field` is indexed for `name = 'status' AND value = ?`; `reader` rows count
 * only where record.restricted is 1; record.quoted is read with store_spans_unpack.
 *
 * One connection writes (STORE_WRITE, owned by one thread); any number read (STORE_READ, one a thread, WAL: a reader
 * never waits for the writer). Row ids are never reused. Schema changes are numbered migrations (schema.c). Full text
 * is FTS5 with external content over the view record_text, whose columns come from record; the tokenizer is
 * core/text's.
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
	STORE_ERROR_NEWER, /* the file was written by a newer Meri */
	STORE_ERROR_CORRUPT,
	STORE_ERROR_FULL,    /* disk full or I/O error: nothing of the transaction stays */
	STORE_ERROR_ABSENT,  /* no such source, record, ... */
	STORE_ERROR_BUSY,    /* another process writes; or a lock was not had in time */
	STORE_ERROR_INVALID, /* what was handed over cannot be stored; the transaction is as it was */
	STORE_ERROR_TAKEN,   /* another has that name */
	STORE_ERROR_REFUSED, /* it may not be: the message says why */
};

typedef struct store store;
enum store_mode { STORE_WRITE, STORE_READ };

/* Opens (STORE_WRITE: creates and migrates) the file. A second writer is refused with a message that names its process
 * (BUSY). `language`: what text is taken for when it does not tell ("fi"), handed to core/text. */
store *store_open(const char *path, enum store_mode mode, const char *language, GError **error);
void store_close(store *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(store, store_close)
sqlite3 *store_sqlite(store *s); /* for core/identity and core/lookup */
/* A prepared statement out of the connection's cache, reset and without bindings; NULL on error. Do not finalize. The
 * same text gives the same statement: it cannot be run within itself. */
sqlite3_stmt *store_prepare(store *s, const char *sql, GError **error);
char *store_column(sqlite3_stmt *statement, int column); /* text of the row at hand: a copy, or NULL */
/* Steps a prepared statement: 1 a row, 0 the end, -1 error (`error` says what); at the end and on error it is reset. */
int store_row(store *s, sqlite3_stmt *statement, GError **error);
/* Runs a statement that gives no rows to its end, and resets it. */
gboolean store_step(store *s, sqlite3_stmt *statement, GError **error);
int store_schema_version(store *s);

gboolean store_begin(store *s, GError **error);
gboolean store_commit(store *s, GError **error); /* on error nothing is committed, and store_rollback is still owed */
void store_rollback(store *s);                   /* harmless without a transaction */
/* For a reading connection: from its next question on until store_rollback it sees one state of the store, whatever is
 * written meanwhile; and it takes the file's lock once, not for each statement. To be ended soon: the WAL cannot be
 * begun anew meanwhile. */
gboolean store_snapshot(store *s, GError **error);

/* ---- sources ---- */

/* Where what is written in the hub itself is kept: notes. No settings may name it, so no run reads or sweeps it. */
#define STORE_OWN_SOURCE "meri"

struct store_source {
	gint64 id;
	char *name, *connector, *cursor;       /* cursor: NULL if none */
	char *team;                            /* whose system it is; NULL: nobody's in particular */
	gint64 records, held;                  /* removals that wait for an admin */
	gint64 failures;                       /* records and items that could not be read, as of the last runs */
	gint64 last_run, last_ok, last_change; /* times */
	char *verdict, *message;               /* of the last run; NULL before the first */
};
void store_source_free(struct store_source *source);

/* The source's row, made if there is none. A changed connector name forgets cursor and fingerprints. */
gboolean store_source_ensure(store *s, const char *name, const char *connector, gint64 *id, GError **error);
/* Whose system the source is, as the settings say; NULL: nobody's. The same again writes nothing. */
gboolean store_source_team_set(store *s, gint64 source, const char *team, GError **error);
GPtrArray *store_sources(store *s, GError **error);                                /* of struct store_source, by name */
struct store_source *store_source_get(store *s, const char *name, GError **error); /* ABSENT */
/* Calls `visit` for each source; cheaper than store_sources. */
typedef void (*store_source_fn)(gint64 id, const char *name, gpointer user);
gboolean store_source_names(store *s, store_source_fn visit, gpointer user, GError **error);
/* Forgets cursor and fingerprints, so that the next run reads all again; records stay. */
gboolean store_source_reset(store *s, gint64 source, GError **error);
/* Removes a source with all its records, runs and failures. */
gboolean store_source_drop(store *s, gint64 source, GError **error);

/* ---- records, inside a transaction ----
 *
 * The full text index is told of them when the transaction is committed: MATCH finds them from then on. A savepoint
 * around a put may not be rolled back alone. */

enum store_change { STORE_ADDED, STORE_CHANGED, STORE_SAME };

/* Upsert by (source, record->id) with a content hash: the same content writes nothing (a new fingerprint alone writes
 * the fingerprint). A put takes back a removal that waits, held ones too, and ends a failure of that id. A put that
 * changes something without giving a fingerprint forgets its item's: it is not read whole until one comes. `row`: the
 * record's permanent row id. `change` and `row` may be NULL. INVALID: no id, too long an id, no such kind. */
gboolean store_put(store *s, gint64 source, gint64 run, const struct meri_record *record, enum store_change *change,
		   gint64 *row, GError **error);
/* Notes that the record is to be removed when the run ends (store_removals_settle). No such record: nothing happens. */
gboolean store_remove(store *s, gint64 source, gint64 run, const char *id, GError **error);
/* Takes back the removals that wait, held ones too, of the record of that id, and those noted by absence of records
 * whose `item` this is, unless the item has been read without them since. */
gboolean store_keep(store *s, gint64 source, const char *item, GError **error);
/* record.quoted as it is kept (NULL: none) as struct meri_span, ascending; newly allocated. */
GArray *store_spans_unpack(const void *packed, gsize length);
gboolean store_cursor_set(store *s, gint64 source, const char *cursor, GError **error);

/* Calls `visit` for each (item, fingerprint) that is known of the source. */
typedef void (*store_item_fn)(const char *item, const char *fingerprint, gpointer user);
gboolean store_items(store *s, gint64 source, store_item_fn visit, gpointer user, GError **error);

/* ---- removal by absence, and the settling of removals ---- */

/* Notes a removal for each record of the source of which `seen` says FALSE. `item`: as put, or the id itself. A `seen`
 * that has seen no record of a source that has some is an empty listing: INVALID, and nothing is noted. */
typedef gboolean (*store_seen_fn)(const char *id, const char *item, gpointer user);
gboolean store_sweep(store *s, gint64 source, gint64 run, store_seen_fn seen, gpointer user, gint64 *noted,
		     GError **error);

/* The same for one item that has been read whole under a new fingerprint: were the run to die now, the next would find
 * the item unchanged and ask no further. `put`: how many of its records this run has put; where the store has no more,
 * nothing is looked at. */
gboolean store_sweep_item(store *s, gint64 source, gint64 run, const char *item, gint64 put, store_seen_fn seen,
			  gpointer user, GError **error);

/* At a run's end, in a transaction of its own: removes what waits, or holds all of it when that is more than 10 records
 * *and* more than 10 % of the records that the source had when its latest run began; what is held stays findable. What
 * is held already and was noted again by the latest run counts as part of what that run would remove. `held`: all that
 * is held now. */
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
/* `now`: when it starts. Earlier runs of the source that never ended become "lost"; the oldest of many are forgotten.
 */
gboolean store_run_begin(store *s, gint64 source, gint64 now, gint64 *id, GError **error);
gboolean store_run_end(store *s, const struct store_run *run, GError **error);
GPtrArray *store_runs(store *s, gint64 source, guint limit, GError **error); /* newest first */

struct store_failure {
	char *id, *why;
	gint64 first, last, times; /* runs in which it failed */
};
void store_failure_free(struct store_failure *failure);
gboolean store_failure_note(store *s, gint64 source, gint64 run, const char *id, const char *why, gint64 now,
			    GError **error);
/* After a complete run: failures that did not come again are over. A put of the same id, or of the last record of the
 * item of that id, ends one at once. */
gboolean store_failures_clear(store *s, gint64 source, gint64 run, GError **error);
GPtrArray *store_failures(store *s, gint64 source, guint limit, GError **error);

/* ---- care ---- */

/* SQLite's check, FTS5's, ours; `problems` gets a char * each. FALSE only when it could not look. Writes nothing; a
 * reading connection leaves FTS5's own check out, which SQLite only allows to a writer. */
gboolean store_verify(store *s, GPtrArray *problems, GError **error);
/* A consistent copy while others work, readable for its owner alone; replaces a file `to` in one step when it is whole.
 */
gboolean store_backup(store *s, const char *to, GError **error);
/* A checkpoint of the WAL, and a bounded step of FTS5's merging; to be called when the writer is idle, outside a
 * transaction. */
gboolean store_tidy(store *s, gboolean *more, GError **error);

/* TRUE if the full text index was made under other rules of words (text.h) than those of today: answers are incomplete
 * until store_reindex_step, called by the writer outside a transaction until it says that there is no more, has made a
 * new one. Others read and write meanwhile. */
gboolean store_index_stale(store *s);
gboolean store_reindex_step(store *s, guint rows, gboolean *more, GError **error);
