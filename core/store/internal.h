/* store/internal: what the files of core/store share, and no other folder includes (tests of the migrations do). */
#pragma once

#include "store/store.h"

struct store {
	sqlite3 *db;
	char *path, *language;
	enum store_mode mode;
	int lock;               /* descriptor of the lock file; -1: a reader */
	GHashTable *statements; /* char * -> struct statement * */
	struct statement *places[256]; /* those used last, by where their text stands (sql.c) */
	guint64 clock;          /* of uses of statements: the least recently used is dropped first */
	GHashTable *changes;    /* gint64 -> struct change *: what the index was not told yet (fts.c); NULL: nothing */
	gsize changes_size;     /* bytes of old text in it */
	gboolean stale;         /* the full text index was made under other rules of words */
	gboolean reindexing;    /* record_fts_new is being filled: writes go to both */
	gint64 reindexed;       /* ... with the records up to this id */
	gboolean fenced;        /* see fence.h */
	gboolean broken;        /* ... but the fence could not be made whole */
	struct store_asker *asker; /* for whom it is fenced; NULL: nobody, to whom nothing is open */
};

/* ---- sql.c: statements and errors ---- */

/* Sets `error` from the connection's last error. Always FALSE, for `return`. */
gboolean store_fail(store *s, const char *what, GError **error);
gboolean store_fail_db(sqlite3 *db, const char *what, GError **error);
gboolean store_exec(sqlite3 *db, const char *sql, GError **error); /* one or more statements without parameters */
/* Binds text that lives until the statement is reset; NULL and "" become NULL. */
void store_bind(sqlite3_stmt *statement, int index, const char *text);
/* Prepares, binds `n` integers in order, steps once. */
gboolean store_run_sql(store *s, const char *sql, GError **error, int n, ...);
/* The first column of the first row as an integer, 0 if none. Binds as store_run_sql. */
gboolean store_number(store *s, const char *sql, gint64 *number, GError **error, int n, ...);
void store_statements_clear(store *s);

/* ---- schema.c: migrations ---- */

extern const int store_schema_newest;
/* Brings the database from version `from` to `to`, each step in a transaction of its own. */
gboolean store_schema_migrate(sqlite3 *db, int from, int to, GError **error);

/* ---- spans.c: a record's text without what it quotes, and what it quotes ---- */

/* Spans as they are kept: pairs of varints, the gap since the last span's end and the length. Spans that overlap, lie
 * outside the text or cut a character are mended. NULL if none are left. */
GByteArray *store_spans_pack(const struct meri_span *spans, gsize n, const char *text);
/* The text without its spans (`quoted` FALSE) or only its spans, a line break where something was left out. */
GString *store_spans_text(const char *text, gsize length, const guint8 *packed, gsize packed_length, gboolean quoted);
gboolean store_spans_register(sqlite3 *db, GError **error);

/* ---- fts.c: the full text index ---- */

/* A record is about to change or go; or (`new`) was made. The index is told at the end of the transaction. */
gboolean store_fts_changes(store *s, gint64 row, gboolean new, GError **error);
/* After all of a record's rows are written: tells now if there is much to tell, or no transaction. */
gboolean store_fts_settle(store *s, GError **error);
gboolean store_fts_flush(store *s, GError **error); /* tells now */
void store_fts_forget(store *s);                    /* after a roll-back */
/* All records of a source go. `rebuilt`: store_fts_rebuild comes after they went, cheaper when they are most of all. */
gboolean store_fts_drop_source(store *s, gint64 source, gboolean rebuilt, GError **error);
gboolean store_fts_rebuild(store *s, GError **error);
gboolean store_fts_configure(store *s, const char *table, GError **error);

/* ---- rules.c ---- */

/* At opening for writing: the index's settings, and whether its rules of words are today's. */
gboolean store_fts_prepare(store *s, GError **error);
/* Before anything is told to an index that other rules made: from then on no rules are its own. */
gboolean store_fts_mix(store *s, GError **error);

/* ---- removal.c ---- */

/* Takes back a removal that waits for this record. */
gboolean store_removal_cancel(store *s, gint64 row, GError **error);

/* ---- run.c ---- */

/* The latest run of a source (0: none), and how many records the source had when it began. */
gboolean store_run_latest(store *s, gint64 source, gint64 *run, gint64 *before, GError **error);
/* A failure of this id, if there is one, is over. */
gboolean store_failure_end(store *s, gint64 source, const char *id, GError **error);

/* ---- people.c, secrets.c ---- */

/* Ends the user's sessions but the one of the secret `keep` (NULL: all). */
gboolean store_sessions_end(store *s, gint64 user, const char *keep, GError **error);

/* ---- fence.c ---- */

/* How names of users, teams and readers are compared: without case, composed, without blanks around. */
char *store_fold(const char *text);
void store_fence_forget(store *s); /* nobody asks */
/* May the table be asked on a fenced connection although no view stands before it? */
gboolean store_fence_passes(const char *table);
