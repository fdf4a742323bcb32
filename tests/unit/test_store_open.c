/* store: which files are opened and which refused, the migrations, connections, and a new index under new rules of
 * words. */
#include "storetest.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store/internal.h"
#include "text/text.h"

static void raw(const struct place *place, const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void a_newer_file_is_refused(void **state)
{
	const struct place *place = *state;
	store_close(open_store(place, STORE_WRITE));
	g_autofree char *newer = g_strdup_printf("PRAGMA user_version = %d", store_schema_newest + 3);
	raw(place, newer);
	g_autofree char *theirs = g_strdup_printf("number %d", store_schema_newest + 3);
	g_autofree char *ours = g_strdup_printf("up to %d", store_schema_newest);
	g_autoptr(GError) said = NULL;
	for (int mode = STORE_WRITE; mode <= STORE_READ; mode++) {
		BAD(store_open(place->path, mode, "fi", error), STORE_ERROR_NEWER);
		assert_non_null(strstr(said->message, theirs));
		assert_non_null(strstr(said->message, ours));
	}
}

static void other_files_are_refused(void **state)
{
	const struct place *place = *state;
	g_autoptr(GError) said = NULL;
	BAD(store_open(place->path, STORE_READ, "fi", error), STORE_ERROR_FULL); /* there is none */
	assert_non_null(strstr(said->message, place->path));
	assert_true(g_file_set_contents(place->path, "This is a diary, and no database. It is long enough.", -1, NULL));
	BAD(store_open(place->path, STORE_WRITE, "fi", error), STORE_ERROR_CORRUPT);
	g_unlink(place->path);
	raw(place, "CREATE TABLE customer(name)");
	BAD(store_open(place->path, STORE_WRITE, "fi", error), STORE_ERROR_CORRUPT);
	assert_non_null(strstr(said->message, "another program's"));
	raw(place, "INSERT INTO customer VALUES (1)"); /* and is as it was */
	g_autofree char *nowhere = g_build_filename(place->folder, "none", "meri.db", NULL);
	BAD(store_open(nowhere, STORE_WRITE, "fi", error), STORE_ERROR_FULL);
	BAD(store_open(place->folder, STORE_WRITE, "fi", error), STORE_ERROR_FULL);
}

static void nobody_else_may_read_it(void **state)
{
	const struct place *place = *state;
	mode_t before = umask(0);
	g_autoptr(store) s = open_store(place, STORE_WRITE);
	umask(before);
	source_new(s, "crm");
	static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *path = g_strconcat(place->path, endings[i], NULL);
		GStatBuf about;
		assert_int_equal(g_stat(path, &about), 0);
		assert_int_equal(about.st_mode & 0777, 0600);
	}
}

static void readers_cannot_write(void **state)
{
	const struct place *place = *state;
	g_autoptr(store) s = open_store(place, STORE_WRITE);
	g_autoptr(store) reader = open_store(place, STORE_READ);
	g_autoptr(GError) said = NULL;
	gint64 id = 0;
	BAD(store_source_ensure(reader, "crm", "test", &id, error), STORE_ERROR_FULL);
	/* Nor may anybody write behind FTS5's back. */
	assert_int_not_equal(sqlite3_exec(store_sqlite(s), "DELETE FROM record_fts_data", NULL, NULL, NULL), SQLITE_OK);
	ASKED(s, "PRAGMA foreign_keys", "1");
	ASKED(s, "PRAGMA trusted_schema", "0");
	ASKED(s, "PRAGMA journal_mode", "wal");
	ASKED(reader, "PRAGMA query_only", "1");
	ASKED(s, "PRAGMA application_id", "1298494057"); /* "Meri" */
}

/* ---- migrations ---- */

/* What a Meri of schema 1 would have left: never edited, so that every later step is tried on it. */
static const char filled_1[] =
	"INSERT INTO source(id, name, connector, cursor, records) VALUES (3, 'mail', 'mail', 'c7', 1);"
	"INSERT INTO record(id, source_id, external_id, kind, hash, added, changed, title, text, people, quoted)"
	" VALUES (5, 3, 'm1', 3, x'00', 1, 1, 'Pumppu', 'vuotaa taas', 'Aino Virta', NULL);"
	"INSERT INTO record_fts(rowid, title, text, quoted, people) SELECT rowid, title, text, quoted, people FROM "
	"record_text;"
	"INSERT INTO party VALUES (5, 0, 'from', 'Aino Virta', 'aino@esimerkki.fi', NULL);"
	"INSERT INTO item VALUES (3, 'm1', 1, 'f1');"
	"INSERT INTO run(id, source_id, started, before, verdict) VALUES (9, 3, 1, 0, 'ok');";

static void make_version(const struct place *place, int version)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	assert_int_equal(text_register(db, "fi"), SQLITE_OK);
	GOOD(store_spans_register(db, error));
	GOOD(store_exec(db, "PRAGMA application_id = 1298494057", error));
	GOOD(store_schema_migrate(db, 0, version, error));
	if (version > 0)
		GOOD(store_exec(db, filled_1, error));
	sqlite3_close(db);
}

static void every_earlier_version_is_brought_up(void **state)
{
	struct place *place = *state;
	for (int version = 0; version <= store_schema_newest; version++) {
		make_version(place, version);
		g_autoptr(GError) said = NULL;
		if (version < store_schema_newest)
			BAD(store_open(place->path, STORE_READ, "fi", error), STORE_ERROR_ABSENT);
		store *s = open_store(place, STORE_WRITE);
		assert_int_equal(store_schema_version(s), store_schema_newest);
		verified(s);
		if (version > 0) {
			ASKED(s,
			      "SELECT s.name || s.cursor || s.records || r.external_id FROM source s JOIN record r ON "
			      "source_id = s.id",
			      "mailc71m1");
			ASKED(s, "SELECT rowid FROM record_fts WHERE record_fts MATCH 'vuotaa'", "5");
			struct meri_record record = record_of("m2", "uusi");
			assert_int_equal(put(s, 3, 10, &record, STORE_ADDED), 6);
			verified(s);
		}
		store_close(s);
		g_unlink(place->path);
	}
}

/* A step that cannot be done leaves the file as it was, and the message says which it was. */
static void a_step_that_fails_is_undone(void **state)
{
	const struct place *place = *state;
	raw(place, "PRAGMA application_id = 1298494057; CREATE TABLE removal(in_the_way)");
	g_autoptr(GError) said = NULL;
	BAD(store_open(place->path, STORE_WRITE, "fi", error), STORE_ERROR_SQL);
	assert_non_null(strstr(said->message, "schema step 1"));
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	assert_int_not_equal(sqlite3_exec(db, "SELECT 1 FROM source", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	raw(place, "DROP TABLE removal");
	g_autoptr(store) s = open_store(place, STORE_WRITE);
	verified(s);
}

/* ---- a writer that is killed ---- */

static void write_until_killed(const struct place *place, int out)
{
	g_autoptr(store) s = open_store(place, STORE_WRITE);
	g_autoptr(GError) error = NULL;
	gint64 source = 0;
	g_autofree char *padding = g_strnfill(3000, 'x');
	for (gint32 batch = 0; batch < 10000; batch++) {
		g_autofree char *cursor = g_strdup_printf("%d", batch);
		if (!store_begin(s, &error) || !store_source_ensure(s, "crm", "test", &source, &error))
			_exit(3);
		for (int i = 0; i < 20; i++) {
			g_autofree char *id = g_strdup_printf("b%d-%d", batch, i),
					*text = g_strdup_printf("erä %d %s", batch, padding);
			struct meri_record record = record_of(id, text);
			if (!store_put(s, source, 1, &record, NULL, NULL, &error))
				_exit(4);
		}
		if (!store_cursor_set(s, source, cursor, &error) || !store_commit(s, &error))
			_exit(5);
		if (write(out, &batch, sizeof(batch)) != sizeof(batch))
			_exit(6);
	}
}

static void a_kill_loses_no_checkpoint(void **state)
{
	struct place *place = *state;
	guint32 seed = g_random_int();
	print_message("seed %u\n", seed);
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	for (int round = 0; round < 12; round++) {
		g_autofree char *keep = place->path;
		place->path = g_strdup_printf("%s/kill%d.db", place->folder, round);
		int ends[2];
		assert_int_equal(pipe(ends), 0);
		pid_t child = fork();
		if (child == 0) {
			write_until_killed(place, ends[1]);
			_exit(7);
		}
		close(ends[1]);
		gint32 durable = -1;
		assert_int_equal(read(ends[0], &durable, sizeof(durable)), sizeof(durable));
		g_usleep((gulong)g_rand_int_range(rand, 0, 60000));
		kill(child, SIGKILL);
		int status = 0;
		waitpid(child, &status, 0);
		assert_true(WIFSIGNALED(status));
		while (read(ends[0], &durable, sizeof(durable)) == sizeof(durable))
			continue;
		close(ends[0]);
		store *s = open_store(place, STORE_WRITE); /* the dead writer's lock is gone with it */
		verified(s);
		g_autofree char *cursor = ask(s, "SELECT cursor FROM source"),
				*records = ask(s, "SELECT count(*) FROM record");
		gint64 reached = g_ascii_strtoll(cursor, NULL, 10);
		assert_true(reached >= durable); /* the last may have been durable before it could be told */
		assert_int_equal(g_ascii_strtoll(records, NULL, 10), (reached + 1) * 20);
		store_close(s);
		g_free(place->path);
		place->path = g_steal_pointer(&keep);
	}
}

/* ---- new rules of words ---- */

static store *open_in(const struct place *place, const char *language)
{
	store *s = NULL;
	GOOD((s = store_open(place->path, STORE_WRITE, language, error)) != NULL);
	return s;
}

static void put_text(store *s, gint64 source, int number, const char *text)
{
	g_autofree char *id = g_strdup_printf("r%d", number);
	struct meri_record record = record_of(id, text);
	GOOD(store_begin(s, error));
	GOOD(store_put(s, source, 1, &record, NULL, NULL, error));
	GOOD(store_commit(s, error));
}

static void a_new_index_under_new_rules(void **state)
{
	const struct place *place = *state;
	store *s = open_in(place, "fi");
	assert_false(store_index_stale(s));
	gint64 source = source_new(s, "crm"), removed = 0, held = 0;
	for (int i = 0; i < 60; i++)
		put_text(s, source, i, "vanha viesti");
	store_close(s);

	/* Text is taken for another language: the index is of another kind. */
	s = open_in(place, "sv");
	assert_true(store_index_stale(s));
	gboolean more = FALSE;
	for (int step = 0; step < 3; step++) {
		GOOD(store_reindex_step(s, 10, &more, error));
		assert_true(more);
	}
	/* Meanwhile records change, come and go, on both sides of where it has got to. */
	put_text(s, source, 5, "uusi viesti");
	put_text(s, source, 45, "uusi viesti");
	put_text(s, source, 70, "lisätty viesti");
	GOOD(store_begin(s, error));
	GOOD(store_remove(s, source, 1, "r6", error));
	GOOD(store_remove(s, source, 1, "r46", error));
	GOOD(store_removals_settle(s, source, &removed, &held, error));
	GOOD(store_commit(s, error));
	assert_int_equal(removed, 2);
	/* The daemon ends, and goes on where it was. */
	store_close(s);
	s = open_in(place, "sv");
	assert_true(store_index_stale(s));
	int steps = 0;
	do {
		GOOD(store_reindex_step(s, 10, &more, error));
		steps++;
	} while (more);
	assert_int_equal(steps, 4); /* 29 records are left, and the swap */
	assert_false(store_index_stale(s));
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'viesti'", "59");
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'uusi'", "2");
	ASKED(s, "SELECT count(*) FROM sqlite_master WHERE name LIKE 'record_fts_new%'", "0");
	verified(s);
	put_text(s, source, 7, "uusi viesti");
	verified(s);
	store_close(s);

	/* Begun under rules that are old before it is done: it begins again. */
	s = open_in(place, "fi");
	GOOD(store_reindex_step(s, 10, &more, error));
	store_close(s);
	s = open_in(place, "en");
	assert_true(store_index_stale(s));
	do
		GOOD(store_reindex_step(s, 25, &more, error));
	while (more);
	verified(s);
	GOOD(store_reindex_step(s, 25, &more, error));
	assert_false(more);
	store_close(s);

	/* Written to under other rules, and back: the old index is not what it was. (In Finnish and in Swedish these
	 * words are cut otherwise.) */
	s = open_in(place, "sv");
	put_text(s, source, 9, "huoltosopimuksen viesti");
	store_close(s);
	s = open_in(place, "en");
	assert_true(store_index_stale(s));
	do
		GOOD(store_reindex_step(s, 25, &more, error));
	while (more);
	verified(s);

	/* All goes while the index is of other rules. */
	store_close(s);
	s = open_in(place, "fi");
	GOOD(store_begin(s, error));
	GOOD(store_source_drop(s, source, error));
	GOOD(store_commit(s, error));
	source = source_new(s, "crm");
	put_text(s, source, 1, "viesti huoltosopimuksesta");
	put_text(s, source, 1, "viesti huollosta");
	do
		GOOD(store_reindex_step(s, 25, &more, error));
	while (more);
	verified(s);
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'viesti'", "1");
	store_close(s);
	s = open_in(place, "en");
	do
		GOOD(store_reindex_step(s, 25, &more, error));
	while (more);

	/* Under the rules that it was made by again, before anything was done: nothing is to be done. */
	store_close(s);
	s = open_in(place, "en");
	assert_false(store_index_stale(s));
	store_close(s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
	base_log_threshold(BASE_WARNING);
	const struct CMUnitTest tests[] = {
		TEST(a_newer_file_is_refused),
		TEST(other_files_are_refused),
		TEST(nobody_else_may_read_it),
		TEST(readers_cannot_write),
		TEST(every_earlier_version_is_brought_up),
		TEST(a_step_that_fails_is_undone),
		TEST(a_kill_loses_no_checkpoint),
		TEST(a_new_index_under_new_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
