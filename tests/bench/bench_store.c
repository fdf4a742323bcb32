/* How fast records go in: mail-like rows through store_put in batches, beside the same rows into a bare table with a
 * bare FTS5 index (unicode61), in the same run. Rows are the messages of an mbox (the argument, or the mail-list pack),
 * cut crudely; without one, made up. Prints a table, and the main figures in its last line. */
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/base.h"
#include "store/store.h"

#define BATCH 1000

struct mail {
	char *id, *subject, *from, *text;
	GArray *quoted; /* struct meri_span */
};

static gsize total_bytes;

static void die(const char *what, const char *why)
{
	fprintf(stderr, "bench_store: %s: %s\n", what, why);
	exit(1);
}

/* ---- rows ---- */

static void mark_quoted(struct mail *mail)
{
	mail->quoted = g_array_new(FALSE, FALSE, sizeof(struct meri_span));
	for (const char *line = mail->text; *line;) {
		const char *end = strchrnul(line, '\n');
		struct meri_span span = {(gsize)(line - mail->text), (gsize)(end - line) + (*end == '\n')};
		if (*line == '>')
			g_array_append_val(mail->quoted, span);
		line = *end ? end + 1 : end;
	}
}

static char *header(const char *head, gsize length, const char *name)
{
	g_autofree char *wanted = g_strdup_printf("\n%s: ", name);
	const char *at = g_strstr_len(head, (gssize)length, wanted);
	if (!at)
		return g_strdup("");
	at += strlen(wanted);
	g_autofree char *line = g_strndup(at, (gsize)(strchrnul(at, '\n') - at));
	return g_utf8_make_valid(line, -1);
}

static void add_mail(GPtrArray *mails, const char *bytes, gsize length)
{
	const char *body = g_strstr_len(bytes, (gssize)length, "\n\n");
	gsize head = body ? (gsize)(body - bytes) : length;
	struct mail *mail = g_new0(struct mail, 1);
	mail->id = g_strdup_printf("box#%u", mails->len);
	mail->subject = header(bytes, head, "Subject");
	mail->from = header(bytes, head, "From");
	mail->text = g_utf8_make_valid(bytes + head, (gssize)(length - head));
	mark_quoted(mail);
	total_bytes += strlen(mail->text) + strlen(mail->subject) + strlen(mail->from);
	g_ptr_array_add(mails, mail);
}

static GPtrArray *from_mbox(const char *path)
{
	g_autofree char *bytes = NULL;
	gsize length = 0;
	if (!g_file_get_contents(path, &bytes, &length, NULL))
		return NULL;
	for (gsize i = 0; i < length; i++)
		if (!bytes[i])
			bytes[i] = ' ';
	GPtrArray *mails = g_ptr_array_new();
	for (const char *at = bytes; *at;) {
		const char *next = strstr(at + 1, "\nFrom ");
		add_mail(mails, at, next ? (gsize)(next - at) : (gsize)(bytes + length - at));
		at = next ? next + 1 : bytes + length;
	}
	return mails;
}

static GPtrArray *made_up(guint n)
{
	GPtrArray *mails = g_ptr_array_new();
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);
	static const char *const parts[] = {"ka", "lo", "mi", "sen", "tu", "va", "ri", "pe", "ja", "nen"};
	for (guint i = 0; i < n; i++) {
		g_autoptr(GString) mail =
			g_string_new("From x\nSubject: re pump\nFrom: Someone <someone@example.com>\n\n");
		for (guint w = 0; w < 350; w++) {
			for (gint p = g_rand_int_range(rand, 1, 4); p > 0; p--)
				g_string_append(
					mail,
					parts[g_rand_int_range(rand, 0, 10) * g_rand_int_range(rand, 0, 10) / 10]);
			g_string_append(mail, w % 12 == 11 ? (w % 24 == 23 ? "\n> " : "\n") : " ");
		}
		add_mail(mails, mail->str, mail->len);
	}
	return mails;
}

/* ---- the two ways in ---- */

static double now(void)
{
	return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}

static gint64 size_of(const char *path)
{
	GStatBuf about;
	return g_stat(path, &about) == 0 ? about.st_size : 0;
}

static void sql(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		die(text, sqlite3_errmsg(db));
}

static double load_bare(const char *path, const GPtrArray *mails)
{
	sqlite3 *db = NULL;
	if (sqlite3_open(path, &db) != SQLITE_OK)
		die(path, sqlite3_errmsg(db));
	double begin = now();
	sql(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
		"CREATE TABLE mail(id INTEGER PRIMARY KEY, name TEXT, title TEXT, text TEXT, people TEXT);"
		"CREATE VIRTUAL TABLE fts USING fts5(title, text, people, content='mail', content_rowid='id')");
	sqlite3_stmt *row = NULL, *words = NULL;
	sqlite3_prepare_v2(db, "INSERT INTO mail VALUES (?, ?, ?, ?, ?)", -1, &row, NULL);
	sqlite3_prepare_v2(db, "INSERT INTO fts(rowid, title, text, people) VALUES (?, ?, ?, ?)", -1, &words, NULL);
	for (guint i = 0; i < mails->len; i++) {
		const struct mail *mail = mails->pdata[i];
		if (i % BATCH == 0)
			sql(db, i ? "COMMIT; BEGIN" : "BEGIN");
		const char *const values[] = {mail->id, mail->subject, mail->text, mail->from};
		for (int v = 0; v < 4; v++) {
			sqlite3_bind_text(row, v + 2, values[v], -1, SQLITE_STATIC);
			if (v > 0)
				sqlite3_bind_text(words, v + 1, values[v], -1, SQLITE_STATIC);
		}
		sqlite3_bind_int64(words, 1, i + 1);
		if (sqlite3_step(row) != SQLITE_DONE || sqlite3_step(words) != SQLITE_DONE)
			die("insert", sqlite3_errmsg(db));
		sqlite3_reset(row);
		sqlite3_reset(words);
	}
	sql(db, "COMMIT");
	double seconds = now() - begin;
	sqlite3_finalize(row);
	sqlite3_finalize(words);
	sqlite3_close(db);
	return seconds;
}

static void put_one(store *s, gint64 source, const struct mail *mail, int round, gboolean last,
		    enum store_change wanted)
{
	g_autoptr(GError) error = NULL;
	const struct meri_party party = {"from", mail->from, "someone@example.com", NULL};
	const struct meri_pair hint = {"e-mail", "someone@example.com"};
	g_autofree char *id = g_strdup_printf("%d/%s", round, mail->id), *box = g_strdup_printf("box%d", round);
	struct meri_record record = {.size = sizeof(record),
				     .id = id,
				     .kind = MERI_MESSAGE,
				     .title = mail->subject,
				     .text = mail->text,
				     .thread = mail->subject,
				     .occurred = 1700000000,
				     .item = box,
				     .fingerprint = last ? "f" : NULL,
				     .parties = &party,
				     .n_parties = 1,
				     .hints = &hint,
				     .n_hints = 1,
				     .quoted = (const struct meri_span *)(void *)mail->quoted->data,
				     .n_quoted = mail->quoted->len};
	enum store_change change = STORE_SAME;
	if (!store_put(s, source, 1, &record, &change, NULL, &error))
		die("put", error->message);
	if (change != wanted)
		die(mail->id, "was not what it should have been");
}

static double load_ours(store *s, gint64 source, const GPtrArray *mails, int round, enum store_change wanted)
{
	g_autoptr(GError) error = NULL;
	double begin = now();
	for (guint i = 0; i < mails->len; i++) {
		if (i % BATCH == 0 && ((i && !store_commit(s, &error)) || !store_begin(s, &error)))
			die("transaction", error->message);
		put_one(s, source, mails->pdata[i], round, i + 1 == mails->len, wanted);
	}
	if (!store_commit(s, &error))
		die("commit", error->message);
	return now() - begin;
}

static double tidy(store *s)
{
	g_autoptr(GError) error = NULL;
	double begin = now(), longest = 0;
	for (gboolean more = TRUE; more;) {
		double step = now();
		if (!store_tidy(s, &more, &error))
			die("tidy", error->message);
		longest = MAX(longest, now() - step);
	}
	printf("%-28s %8.2f s in all, longest step %.0f ms\n", "tidying", now() - begin, longest * 1000);
	return now() - begin;
}

static void row(const char *what, double seconds, guint rows)
{
	printf("%-28s %8.2f s %9.0f rows/s %7.1f MB/s\n", what, seconds, rows / seconds,
	       (double)total_bytes / 1e6 / seconds);
}

static void index_share(store *s)
{
	sqlite3_stmt *ask = NULL;
	if (sqlite3_prepare_v2(store_sqlite(s),
			       "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 12", -1, &ask,
			       NULL) != SQLITE_OK)
		return;
	while (sqlite3_step(ask) == SQLITE_ROW)
		printf("  %-26s %8.1f MB\n", sqlite3_column_text(ask, 0), (double)sqlite3_column_int64(ask, 1) / 1e6);
	sqlite3_finalize(ask);
}

int main(int argc, char **argv)
{
	const char *data = g_getenv("MERI_DATA");
	g_autofree char *mbox = argc > 1
					? g_strdup(argv[1])
					: g_build_filename(data ? data : ".data", "mail-list", "linux-mips.mbox", NULL);
	GPtrArray *mails = from_mbox(mbox);
	printf("rows: %s\n", mails ? mbox : "made up (no mbox given, and no mail-list pack)");
	if (!mails)
		mails = made_up(20000);
	g_autofree char *folder = g_dir_make_tmp("meri-bench-XXXXXX", NULL),
			*bare = g_build_filename(folder, "bare.db", NULL),
			*ours = g_build_filename(folder, "meri.db", NULL), *lock = g_strconcat(ours, ".lock", NULL);
	printf("%u rows, %.1f MB, %d a transaction\n", mails->len, (double)total_bytes / 1e6, BATCH);

	double bare_seconds = load_bare(bare, mails);
	row("bare unicode61", bare_seconds, mails->len);
	g_autoptr(GError) error = NULL;
	store *s = store_open(ours, STORE_WRITE, "fi", &error);
	gint64 source = 0;
	if (!s || !store_source_ensure(s, "mail", "mail", &source, &error))
		die(ours, error->message);
	double seconds = load_ours(s, source, mails, 0, STORE_ADDED);
	row("store_put, new", seconds, mails->len);
	double again = load_ours(s, source, mails, 0, STORE_SAME);
	row("store_put, the same again", again, mails->len);
	for (guint i = 0; i < mails->len; i++) {
		struct mail *mail = mails->pdata[i];
		g_autofree char *subject = mail->subject;
		mail->subject = g_strconcat(subject, " (seen)", NULL);
	}
	row("store_put, changed", load_ours(s, source, mails, 0, STORE_CHANGED), mails->len);
	for (int round = 1; argc > 2 && round < atoi(argv[2]); round++) {
		g_autofree char *what = g_strdup_printf("store_put, round %d", round + 1);
		row(what, load_ours(s, source, mails, round, STORE_ADDED), mails->len);
	}
	tidy(s);
	printf("%-28s %8.1f MB bare, %.1f MB ours\n", "files", (double)size_of(bare) / 1e6,
	       (double)size_of(ours) / 1e6);
	index_share(s);
	store_close(s);
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	printf("store: %.0f rows/s, %.1f MB/s (bare unicode61 %.1f MB/s), unchanged %.0f rows/s, peak %ld MiB with the "
	       "rows in memory\n",
	       mails->len / seconds, (double)total_bytes / 1e6 / seconds, (double)total_bytes / 1e6 / bare_seconds,
	       mails->len / again, usage.ru_maxrss / 1024);
	g_unlink(bare);
	g_unlink(ours);
	g_unlink(lock);
	g_rmdir(folder);
	return 0;
}
