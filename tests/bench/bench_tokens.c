/* What our words cost an index: the texts of a store (the argument) go into an FTS5 index by our tokenizer, and into
 * another by a tokenizer that makes nothing, but hands over the very tokens that ours made of these texts, out of
 * memory. The same texts and transactions for all, in turns, in one run; processor time of the best round counts. Bare
 * FTS5 is FTS5 as it comes; in a second row it has the settings that our store gives it (core/store/fts.c), so that
 * nothing but cutting words, looking them up and making terms of them is left as the difference. Each round of ours
 * begins with an analyser that has met no word. For comparison: unicode61, which makes fewer terms.
 *
 *   bench_tokens STORE [ROUNDS] */
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "store/store.h"
#include "text/shared.h"
#include "text/text.h"

enum { COLUMNS = 4, BATCH = 500, ROUNDS = 5 };

static void die(const char *what, const char *why)
{
	fprintf(stderr, "bench_tokens: %s: %s\n", what, why);
	exit(1);
}

/* ---- the texts, and the tokens that ours makes of them ---- */

struct column {
	char *text;
	int length;
	gsize tokens, end; /* where its tokens lie in `tokens` */
};

static GArray *columns; /* of struct column: COLUMNS a row */
static GByteArray *tokens;
static gsize text_bytes;
static guint64 places, terms;

static void read_texts(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(store) s = store_open(path, STORE_READ, "fi", &error);
	sqlite3_stmt *ask = NULL;
	if (!s)
		die("cannot open", error->message);
	if (sqlite3_prepare_v2(store_sqlite(s), "SELECT title, text, quoted, people FROM record_text ORDER BY rowid",
			       -1, &ask, NULL) != SQLITE_OK)
		die(path, sqlite3_errmsg(store_sqlite(s)));
	columns = g_array_new(FALSE, TRUE, sizeof(struct column));
	while (sqlite3_step(ask) == SQLITE_ROW)
		for (int i = 0; i < COLUMNS; i++) {
			struct column c = {.text = g_strdup((const char *)sqlite3_column_text(ask, i)),
					   .length = sqlite3_column_bytes(ask, i)};
			text_bytes += (gsize)c.length;
			g_array_append_val(columns, c);
		}
	sqlite3_finalize(ask);
}

/* A token as it is kept: colocated, length, bytes. */
static int keep(const struct text_token *token, void *user)
{
	const guint8 head[] = {token->colocated != 0, (guint8)token->length};
	(void)user;
	g_byte_array_append(tokens, head, sizeof head);
	g_byte_array_append(tokens, (const guint8 *)token->term, (guint)token->length);
	places += !token->colocated;
	terms++;
	return 0;
}

static void make_tokens(void)
{
	g_autoptr(text_analyser) analyser = text_analyser_new("fi");
	tokens = g_byte_array_new();
	for (guint i = 0; i < columns->len; i++) {
		struct column *c = &g_array_index(columns, struct column, i);
		c->tokens = tokens->len;
		if (c->length)
			text_terms(analyser, TEXT_DOCUMENT, c->text, (gsize)c->length, keep, NULL);
		c->end = tokens->len;
	}
}

/* ---- the tokenizer that makes nothing: the text is the number of its column ---- */

static int create(void *context, const char **arguments, int count, Fts5Tokenizer **made)
{
	(void)arguments;
	(void)count;
	*made = context;
	return SQLITE_OK;
}

static void dispose(Fts5Tokenizer *tokenizer)
{
	(void)tokenizer;
}

static int hand_over(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int length,
		     int (*token)(void *, int, const char *, int, int, int))
{
	guint32 number;
	(void)tokenizer;
	(void)flags;
	if (length != sizeof number)
		return SQLITE_OK;
	memcpy(&number, text, sizeof number);
	const struct column *c = &g_array_index(columns, struct column, number);
	const guint8 *at = tokens->data + c->tokens, *end = tokens->data + c->end;
	int result = SQLITE_OK;
	for (; at < end && result == SQLITE_OK; at += 2 + at[1])
		result = token(context, at[0] ? FTS5_TOKEN_COLOCATED : 0, (const char *)at + 2, at[1], 0, 1);
	return result;
}

static void register_ready(sqlite3 *db)
{
	static char owner;
	fts5_tokenizer methods = {create, dispose, hand_over};
	fts5_api *api = NULL;
	sqlite3_stmt *ask = NULL;
	sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &ask, NULL);
	sqlite3_bind_pointer(ask, 1, &api, "fts5_api_ptr", NULL);
	sqlite3_step(ask);
	sqlite3_finalize(ask);
	if (!api || api->xCreateTokenizer(api, "ready", &owner, &methods, NULL) != SQLITE_OK)
		die("FTS5", "is not in this SQLite");
}

/* ---- the indexes ---- */

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void sql(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		die(text, sqlite3_errmsg(db));
}

static void insert_all(sqlite3 *db, gboolean ready)
{
	sqlite3_stmt *insert = NULL;
	sqlite3_prepare_v2(db, "INSERT INTO t(rowid, title, text, quoted, people) VALUES (?, ?, ?, ?, ?)", -1, &insert,
			   NULL);
	for (guint32 i = 0; i < columns->len; i += COLUMNS) {
		guint32 numbers[COLUMNS];
		if (i % (BATCH * COLUMNS) == 0)
			sql(db, i ? "COMMIT; BEGIN" : "BEGIN");
		sqlite3_bind_int64(insert, 1, i / COLUMNS + 1);
		for (guint32 k = 0; k < COLUMNS; k++) {
			const struct column *c = &g_array_index(columns, struct column, i + k);
			numbers[k] = i + k;
			sqlite3_bind_text(insert, (int)k + 2, ready ? (const char *)&numbers[k] : c->text,
					  ready ? (int)sizeof numbers[k] : c->length, SQLITE_STATIC);
		}
		if (sqlite3_step(insert) != SQLITE_DONE)
			die("insert", sqlite3_errmsg(db));
		sqlite3_reset(insert);
	}
	sql(db, "COMMIT");
	sqlite3_finalize(insert);
}

static const struct way {
	const char *name, *tokenizer;
	gboolean tuned;
} ways[] = {
	{"bare FTS5, the same tokens ready in memory", "ready", FALSE},
	{"the same with the store's settings", "ready", TRUE},
	{"our tokenizer with the store's settings", "meri", TRUE},
	{"unicode61 (fewer tokens)", "unicode61", FALSE},
};

/* Seconds of processor time. */
static double load(const char *folder, const struct way *way)
{
	g_autofree char *path = g_build_filename(folder, "words.db", NULL), *wal = g_strconcat(path, "-wal", NULL),
			*shm = g_strconcat(path, "-shm", NULL),
			*table = g_strdup_printf("CREATE VIRTUAL TABLE t USING fts5(title, text, quoted, people, "
						 "content='', tokenize='%s')",
						 way->tokenizer);
	sqlite3 *db = NULL;
	if (sqlite3_open(path, &db) != SQLITE_OK || text_register(db, "fi") != SQLITE_OK)
		die(path, sqlite3_errmsg(db));
	register_ready(db);
	sql(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000;"
		"PRAGMA wal_autocheckpoint = 4000");
	shared_forget();
	double begin = now();
	sql(db, table);
	if (way->tuned)
		sql(db, "INSERT INTO t(t, rank) VALUES ('hashsize', 4194304), ('automerge', 8), ('crisismerge', 24)");
	insert_all(db, !strcmp(way->tokenizer, "ready"));
	double seconds = now() - begin;
	sqlite3_close(db);
	const char *files[] = {path, wal, shm};
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
		g_unlink(files[i]);
	return seconds;
}

static void row(const char *what, double seconds)
{
	printf("%-44s %7.2f s %8.1f MB/s\n", what, seconds, (double)text_bytes / 1e6 / seconds);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: bench_tokens STORE [ROUNDS]\n");
		return 2;
	}
	int rounds = argc > 2 ? atoi(argv[2]) : ROUNDS;
	double best[G_N_ELEMENTS(ways)] = {1e9, 1e9, 1e9, 1e9};
	g_autofree char *folder = g_dir_make_tmp("meri-bench-XXXXXX", NULL);
	read_texts(argv[1]);
	make_tokens();
	printf("%u records, %.1f MB of text, %.2f terms a word; processor time, best of %d\n", columns->len / COLUMNS,
	       (double)text_bytes / 1e6, (double)terms / (double)places, rounds);
	for (int i = 0; i < rounds; i++)
		for (gsize k = 0; k < G_N_ELEMENTS(ways); k++)
			best[k] = MIN(best[k], load(folder, &ways[k]));
	for (gsize k = 0; k < G_N_ELEMENTS(ways); k++)
		row(ways[k].name, best[k]);
	printf("tokens: indexing costs %.2f times bare FTS5 with the same tokens, %.2f times FTS5 with our settings\n",
	       best[2] / best[0], best[2] / best[1]);
	g_rmdir(folder);
	return 0;
}
