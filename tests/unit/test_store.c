/* store: records, sources, runs and failures. */
#include "storetest.h"

static const struct meri_party parties[] = {{"from", "Aino Virta", "Aino.Virta@Esimerkki.fi", "Esimerkki Oy"},
					    {"to", NULL, "myynti@example.fi", NULL}};
static const struct meri_pair hints[] = {{"crm-id", "A-17"}, {"domain", "esimerkki.fi"}};
static const struct meri_pair fields[] = {{"Status", "Open"}, {"priority", "high"}, {"priority", "urgent"}};
static const struct meri_pair left_out[] = {{"attachment plan.dwg", "no reader"}};
static const char *const readers[] = {"sales", "support"};
static const char text[] = "Pumppu vuotaa.\n> milloin huolto tulee\nTulkaa pian.";
static const struct meri_span quoted[] = {{15, 23}};

static struct meri_record full_record(void)
{
	struct meri_record record = record_of("m1", text);
	record.kind = MERI_MESSAGE;
	record.title = "Pumppu";
	record.url = "https://example.fi/m1";
	record.thread = "t1";
	record.parent = "m0";
	record.occurred = 1700000000;
	record.updated = 1700000001;
	record.language = "fi";
	record.item = "box";
	record.fingerprint = "f1";
	record.parties = parties, record.n_parties = 2;
	record.hints = hints, record.n_hints = 2;
	record.fields = fields, record.n_fields = 3;
	record.quoted = quoted, record.n_quoted = 1;
	record.left_out = left_out, record.n_left_out = 1;
	record.readers = readers, record.n_readers = 2;
	return record;
}

static void a_record_is_kept_whole(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	gint64 source = source_new(s, "mail");
	struct meri_record record = full_record();
	put(s, source, 1, &record, STORE_ADDED);
	ASKED(s,
	      "SELECT kind || title || text || url || thread || parent || occurred || updated || language || item FROM "
	      "record",
	      "3PumppuPumppu vuotaa.\n> milloin huolto tulee\nTulkaa "
	      "pian.https://example.fi/m1t1m017000000001700000001fibox");
	ASKED(s, "SELECT people FROM record", "Aino Virta Aino.Virta@Esimerkki.fi Esimerkki Oy; myynti@example.fi");
	ASKED(s, "SELECT ifnull(name, '-') || '/' || address FROM party ORDER BY n",
	      "Aino Virta/Aino.Virta@Esimerkki.fi,-/myynti@example.fi");
	ASKED(s, "SELECT scheme || '=' || value FROM hint ORDER BY n", "crm-id=A-17,domain=esimerkki.fi");
	ASKED(s, "SELECT name || '=' || value FROM field ORDER BY n", "Status=Open,priority=high,priority=urgent");
	ASKED(s, "SELECT what || '=' || why FROM left_out", "attachment plan.dwg=no reader");
	ASKED(s, "SELECT name FROM reader ORDER BY name", "sales,support");
	ASKED(s, "SELECT restricted FROM record", "1");
	ASKED(s, "SELECT count(*) FROM party WHERE address = 'AINO.virta@esimerkki.fi'", "1");
	ASKED(s, "SELECT count(*) FROM field WHERE name = 'status' AND value = 'open'", "1");
	ASKED(s, "SELECT text FROM record_text", "Pumppu vuotaa.\n\nTulkaa pian.");
	ASKED(s, "SELECT quoted FROM record_text", "> milloin huolto tulee\n");
	verified(s);
}

/* Every part of a record counts: a change in any one is seen, and the same again is not one. */
static void every_part_counts(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	gint64 source = source_new(s, "mail");
	struct meri_record record = full_record();
	put(s, source, 1, &record, STORE_ADDED);
	put(s, source, 1, &record, STORE_SAME);
#define CHANGE(assignment)                                                                                             \
	do {                                                                                                           \
		struct meri_record other = full_record();                                                              \
		assignment;                                                                                            \
		put(s, source, 1, &other, STORE_CHANGED);                                                              \
		put(s, source, 1, &other, STORE_SAME);                                                                 \
		put(s, source, 1, &record, STORE_CHANGED);                                                             \
	} while (0)
	CHANGE(other.kind = MERI_NOTE);
	CHANGE(other.title = "Pumput");
	CHANGE(other.title = NULL);
	CHANGE(other.text = "muuta");
	CHANGE(other.url = "https://example.fi/m2");
	CHANGE(other.thread = "t2");
	CHANGE(other.parent = NULL);
	CHANGE(other.occurred++);
	CHANGE(other.updated++);
	CHANGE(other.language = "sv");
	CHANGE(other.item = "box2");
	CHANGE(other.n_parties = 1);
	CHANGE(other.n_hints = 1);
	CHANGE(other.n_fields = 2);
	CHANGE(other.n_quoted = 0);
	CHANGE(other.n_left_out = 0);
	CHANGE(other.n_readers = 1);
	CHANGE(other.readers = NULL; other.n_readers = 0);
	/* An empty list closes the record; that the source does not say is something else. */
	CHANGE(other.n_readers = 0);
	record.n_readers = 0;
	put(s, source, 1, &record, STORE_CHANGED);
	ASKED(s, "SELECT restricted || '-' || count(name) FROM record LEFT JOIN reader ON record_id = id", "1-0");
	record.readers = NULL;
	put(s, source, 1, &record, STORE_CHANGED);
	ASKED(s, "SELECT restricted FROM record", "0");
	record = full_record();
	put(s, source, 1, &record, STORE_CHANGED);
	/* A part that moves to its neighbour is a change too. */
	CHANGE(other.thread = "t1m0"; other.parent = NULL);
#undef CHANGE
	verified(s);
}

static void the_same_again_writes_nothing(void **state)
{
	const struct place *place = *state;
	g_autoptr(store) s = open_store(place, STORE_WRITE);
	gint64 source = source_new(s, "mail");
	struct meri_record record = full_record();
	gint64 row = put(s, source, 1, &record, STORE_ADDED);
	GStatBuf before, after;
	g_autofree char *wal = g_strconcat(place->path, "-wal", NULL);
	GOOD(sqlite3_wal_checkpoint_v2(store_sqlite(s), NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK ||
	     !error);
	assert_int_equal(g_stat(wal, &before), 0);
	assert_int_equal(before.st_size, 0);
	int changes = sqlite3_total_changes(store_sqlite(s));
	assert_int_equal(put(s, source, 2, &record, STORE_SAME), row);
	assert_int_equal(sqlite3_total_changes(store_sqlite(s)), changes);
	assert_int_equal(g_stat(wal, &after), 0);
	assert_int_equal(after.st_size, 0);
	/* A new fingerprint alone writes the fingerprint, and not the record. */
	record.fingerprint = "f2";
	put(s, source, 2, &record, STORE_SAME);
	assert_int_equal(sqlite3_total_changes(store_sqlite(s)), changes + 1);
	ASKED(s, "SELECT item || fingerprint || run FROM item", "boxf22");
}

static void a_change_reaches_the_index(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	gint64 source = source_new(s, "mail");
	struct meri_record record = full_record();
	gint64 row = put(s, source, 1, &record, STORE_ADDED);
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'vuotaa'", "1");
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'quoted:milloin'", "1");
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'text:milloin'", "0");
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'people:esimerkki'", "1");
	record.text = "Korjattu jo eilen.";
	record.n_quoted = 0;
	assert_int_equal(put(s, source, 1, &record, STORE_CHANGED), row);
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'vuotaa OR milloin'", "0");
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'korjattu'", "1");
	verified(s);
	/* What the index does not know of does not touch it. */
	g_autofree char *segments = ask(s, "SELECT count(*) FROM record_fts_data"), *again = NULL;
	record.n_fields = 1;
	put(s, source, 1, &record, STORE_CHANGED);
	again = ask(s, "SELECT count(*) FROM record_fts_data");
	assert_string_equal(segments, again);
	ASKED(s, "SELECT count(*) FROM field", "1");
	verified(s);
}

/* A batch reaches the index in one piece, whatever it is made of: a statement that SQLite must be able to undo alone
 * would have FTS5 write out a segment a record. */
static void a_batch_is_one_segment(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	gint64 source = source_new(s, "mail");
	for (int round = 0; round < 3; round++) {
		GOOD(store_begin(s, error));
		for (int i = 0; i < 60; i++) {
			int number = i * 37 % 60;
			g_autofree char *id = g_strdup_printf("m%d", number),
					*fingerprint = g_strdup_printf("f%d", round);
			struct meri_record record = full_record();
			record.id = id;
			record.item = i % 2 ? NULL : "box";
			record.title =
				round ? "Toisin" : "Pumppu"; /* in the last round only what the index does not know */
			record.url = id + round;
			record.fingerprint = i % 3 ? fingerprint : NULL;
			GOOD(store_failure_note(s, source, 1, "x", "broken", 1, error));
			GOOD(store_put(s, source, 1, &record, NULL, NULL, error));
			GOOD(store_remove(s, source, 1, "m0", error));
			GOOD(store_keep(s, source, "box", error));
			if (sqlite3_exec(store_sqlite(s),
					 "INSERT INTO failure SELECT source_id, 'x' || id, 'w', 1, 1, 1, 1 FROM record"
					 " WHERE true ON CONFLICT DO UPDATE SET times = times + 1",
					 NULL, NULL, NULL) != SQLITE_OK)
				fail_msg("%s", sqlite3_errmsg(store_sqlite(s)));
		}
		GOOD(store_commit(s, error));
		g_autofree char *segments = ask(s, "SELECT count(DISTINCT segid) FROM record_fts_idx");
		print_message("after round %d: %s segments\n", round, segments);
		assert_true(g_ascii_strtoll(segments, NULL, 10) <= round + 1);
	}
	verified(s);
}

/* More old text than is kept until the end, and records that come, change and go within one transaction. */
static void large_changes(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	gint64 source = source_new(s, "mail"), removed = 0, held = 0;
	g_autoptr(GString) large = g_string_new(NULL);
	while (large->len < (1 << 20))
		g_string_append_printf(large, "sana%zu ", large->len % 977);
	for (int round = 0; round < 2; round++) {
		GOOD(store_begin(s, error));
		for (int i = 0; i < 12; i++) {
			g_autofree char *id = g_strdup_printf("m%d", i), *title = g_strdup_printf("kierros%d", round);
			struct meri_record record = record_of(id, large->str);
			record.title = "ensin";
			GOOD(store_put(s, source, 1, &record, NULL, NULL, error));
			record.title = title;
			GOOD(store_put(s, source, 1, &record, NULL, NULL, error));
		}
		GOOD(store_remove(s, source, 1, "m3", error));
		GOOD(store_removals_settle(s, source, &removed, &held, error));
		GOOD(store_commit(s, error));
		assert_int_equal(removed, 1);
		verified(s);
	}
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'kierros1'", "11");
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'ensin OR kierros0'", "0");
}

static void bad_records_are_refused(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	gint64 source = source_new(s, "mail");
	g_autoptr(GError) said = NULL;
	g_autofree char *long_id = g_strnfill(1001, 'x');
	struct meri_record none = record_of("", "a"), null = record_of(NULL, "a"), vast = record_of(long_id, "a"),
			   odd = record_of("a", "a");
	odd.kind = 77;
	GOOD(store_begin(s, error));
	BAD(store_put(s, source, 1, &none, NULL, NULL, error), STORE_ERROR_INVALID);
	BAD(store_put(s, source, 1, &null, NULL, NULL, error), STORE_ERROR_INVALID);
	BAD(store_put(s, source, 1, &vast, NULL, NULL, error), STORE_ERROR_INVALID);
	BAD(store_put(s, source, 1, &odd, NULL, NULL, error), STORE_ERROR_INVALID);
	assert_non_null(strstr(said->message, "77"));
	BAD(store_put(s, 999, 1, &(struct meri_record){.id = "a", .kind = MERI_NOTE}, NULL, NULL, error),
	    STORE_ERROR_SQL);
	store_rollback(s);
	ASKED(s, "SELECT count(*) FROM record", "0");
}

/* Spans that a connector got wrong are mended, never believed. */
static void odd_spans(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	gint64 source = source_new(s, "mail");
	static const struct {
		struct meri_span spans[3];
		gsize n;
		const char *own, *others;
	} cases[] = {
		{{{0, 100}}, 1, "", "yö aamu päivä"},         {{{1, 1}}, 1, "y\n aamu päivä", "ö"}, /* cuts the ö */
		{{{2, 1}}, 1, "y\n aamu päivä", "ö"},         {{{50, 3}}, 1, "yö aamu päivä", "NULL"},
		{{{4, 0}}, 1, "yö aamu päivä", "NULL"},       {{{9, (gsize)-1}}, 1, "yö aamu ", "päivä"},
		{{{9, 7}, {0, 3}}, 2, " aamu ", "yö\npäivä"}, {{{0, 5}, {2, 6}}, 2, " päivä", "yö a\namu"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct meri_record record = record_of("a", "yö aamu päivä");
		record.quoted = cases[i].spans;
		record.n_quoted = cases[i].n;
		GOOD(store_begin(s, error));
		GOOD(store_put(s, source, 1, &record, NULL, NULL, error));
		GOOD(store_commit(s, error));
		ASKED(s, "SELECT text FROM record_text", cases[i].own);
		ASKED(s, "SELECT quoted FROM record_text", cases[i].others);
		verified(s);
	}
	/* A damaged column makes no reader fall over. */
	GOOD(sqlite3_exec(store_sqlite(s), "UPDATE record SET quoted = x'ffffffffffffffffffffff'", 0, 0, 0) ==
		     SQLITE_OK ||
	     !error);
	ASKED(s, "SELECT text FROM record_text", "yö aamu päivä");
}

static void sources_come_and_go(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	gint64 mail = source_new(s, "mail"), crm = source_new(s, "crm");
	assert_int_equal(source_new(s, "mail"), mail);
	struct meri_record record = full_record();
	put(s, mail, 1, &record, STORE_ADDED);
	put(s, crm, 1, &record, STORE_ADDED);
	record.id = "m2", record.text = "toinen", record.n_quoted = 0;
	put(s, crm, 1, &record, STORE_ADDED);
	GOOD(store_cursor_set(s, crm, "c1", error));

	g_autoptr(GPtrArray) sources = NULL;
	GOOD((sources = store_sources(s, error)) != NULL);
	assert_int_equal(sources->len, 2);
	const struct store_source *first = sources->pdata[0];
	assert_string_equal(first->name, "crm");
	assert_string_equal(first->cursor, "c1");
	assert_int_equal(first->records, 2);
	assert_null(first->verdict);

	g_autoptr(GError) said = NULL;
	BAD(store_source_get(s, "none", error), STORE_ERROR_ABSENT);

	/* Another connector under the same name: its cursor and fingerprints mean nothing; the records stay. */
	gint64 again = 0;
	GOOD(store_source_ensure(s, "crm", "other", &again, error));
	assert_int_equal(again, crm);
	ASKED(s, "SELECT ifnull(cursor, 'none') || connector || records FROM source WHERE name = 'crm'", "noneother2");
	ASKED(s, "SELECT source_id FROM item", mail == 1 ? "1" : "2");

	/* The larger source goes by rebuilding the index, the smaller one record by record. */
	GOOD(store_begin(s, error));
	GOOD(store_source_drop(s, crm, error));
	GOOD(store_commit(s, error));
	verified(s);
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'toinen'", "0");
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'vuotaa'", "1");
	ASKED(s, "SELECT count(*) FROM party", "2");
	crm = source_new(s, "crm");
	record.id = "m3", record.text = "kolmas";
	put(s, crm, 1, &record, STORE_ADDED);
	GOOD(store_begin(s, error));
	GOOD(store_source_drop(s, mail, error));
	GOOD(store_commit(s, error));
	verified(s);
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'vuotaa'", "0");
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'kolmas'", "1");
}

static void row_ids_are_never_used_again(void **state)
{
	const struct place *place = *state;
	store *s = open_store(place, STORE_WRITE);
	gint64 source = source_new(s, "mail");
	struct meri_record record = full_record();
	gint64 row = put(s, source, 1, &record, STORE_ADDED), removed = 0, held = 0;
	GOOD(store_begin(s, error));
	GOOD(store_remove(s, source, 1, "m1", error));
	GOOD(store_removals_settle(s, source, &removed, &held, error));
	GOOD(store_commit(s, error));
	assert_int_equal(removed, 1);
	store_close(s);
	s = open_store(place, STORE_WRITE);
	assert_true(put(s, source, 1, &record, STORE_ADDED) > row);
	verified(s);
	store_close(s);
}

static void fingerprint_seen(const char *item, const char *fingerprint, gpointer user)
{
	g_string_append_printf(user, "%s=%s ", item, fingerprint);
}

static char *items(store *s, gint64 source)
{
	GString *all = g_string_new(NULL);
	GOOD(store_items(s, source, fingerprint_seen, all, error));
	return g_string_free(all, FALSE);
}

#define ITEMS(wanted)                                                                                                  \
	do {                                                                                                           \
		g_autofree char *got = items(s, source);                                                               \
		assert_string_equal(got, wanted);                                                                      \
	} while (0)

/* An item counts as read whole only under the fingerprint of its last whole reading. */
static void fingerprints(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	gint64 source = source_new(s, "mail");
	struct meri_record a = record_of("a", "one"), b = record_of("b", "two"), own = record_of("own", "three");
	a.item = b.item = "box";
	put(s, source, 1, &a, STORE_ADDED);
	ITEMS("");
	b.fingerprint = "f1";
	put(s, source, 1, &b, STORE_ADDED);
	own.fingerprint = "o1";
	put(s, source, 1, &own, STORE_ADDED);
	ITEMS("box=f1 own=o1 ");
	put(s, source, 2, &a, STORE_SAME);
	ITEMS("box=f1 own=o1 ");
	a.text = "changed"; /* a second reading that has not come to its end */
	put(s, source, 2, &a, STORE_CHANGED);
	ITEMS("own=o1 ");
	b.fingerprint = "f2";
	put(s, source, 2, &b, STORE_SAME);
	ITEMS("box=f2 own=o1 ");
	b.item = "box2", b.fingerprint = "g1"; /* moved: the box is not what was read under f2 */
	put(s, source, 3, &b, STORE_CHANGED);
	ITEMS("box2=g1 own=o1 ");
	GOOD(store_source_reset(s, source, error));
	ITEMS("");
}

static void runs_and_failures(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	gint64 source = source_new(s, "mail");
	gint64 lost = run_new(s, source), run = run_new(s, source);
	struct store_run end = {.id = run,
				.ended = 50,
				.added = 1,
				.changed = 2,
				.removed = 3,
				.skipped = 4,
				.unchanged = 5,
				.held = 6,
				.verdict = (char *)"failed",
				.reason = (char *)"auth",
				.message = (char *)"refused",
				.output = (char *)"line"};
	GOOD(store_run_end(s, &end, error));
	g_autoptr(GPtrArray) runs = NULL;
	GOOD((runs = store_runs(s, source, 10, error)) != NULL);
	assert_int_equal(runs->len, 2);
	g_ptr_array_set_free_func(runs, (GDestroyNotify)store_run_free);
	const struct store_run *newest = runs->pdata[0], *older = runs->pdata[1];
	assert_int_equal(newest->added + newest->changed + newest->removed + newest->skipped + newest->unchanged +
				 newest->held,
			 21);
	assert_string_equal(newest->reason, "auth");
	assert_string_equal(newest->output, "line");
	assert_int_equal(older->id, lost);
	assert_string_equal(older->verdict, "lost");
	g_autoptr(GError) said = NULL;
	end.id = 999;
	BAD(store_run_end(s, &end, error), STORE_ERROR_ABSENT);
	BAD(store_run_begin(s, 999, 1, &lost, error), STORE_ERROR_ABSENT);

	GOOD(store_failure_note(s, source, run, "a", "broken\nrow", 10, error));
	GOOD(store_failure_note(s, source, run, "a", "broken still", 20, error));
	GOOD(store_failure_note(s, source, run + 1, "a", "broken yet", 30, error));
	GOOD(store_failure_note(s, source, run, "b", "odd", 10, error));
	GOOD(store_failure_note(s, source, run, "box", "cut short", 10, error));
	ASKED(s, "SELECT external_id || why || first || last || times FROM failure ORDER BY 1",
	      "abroken yet10302,bodd10101,boxcut short10101");
	struct meri_record record = record_of("b", "good");
	put(s, source, run, &record, STORE_ADDED);
	record.id = "c", record.item = "box", record.fingerprint = "f";
	put(s, source, run, &record, STORE_ADDED);
	g_autoptr(GPtrArray) failures = NULL;
	GOOD((failures = store_failures(s, source, 10, error)) != NULL);
	assert_int_equal(failures->len, 1);
	GOOD(store_failures_clear(s, source, run + 1, error));
	ASKED(s, "SELECT count(*) FROM failure", "1");
	GOOD(store_failures_clear(s, source, run + 2, error));
	ASKED(s, "SELECT count(*) FROM failure", "0");
}

static void runs_are_forgotten_in_time(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	gint64 source = source_new(s, "mail"), id = 0;
	GOOD(store_begin(s, error));
	for (int i = 0; i < 520; i++)
		GOOD(store_run_begin(s, source, i + 1, &id, error));
	GOOD(store_commit(s, error));
	ASKED(s, "SELECT count(*) || '-' || min(id) FROM run", "500-21");
}

static void statements_are_bounded(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	for (int i = 0; i < 1000; i++) {
		g_autofree char *sql = g_strdup_printf("SELECT %d", i), *number = g_strdup_printf("%d", i);
		ASKED(s, sql, number);
	}
	int count = 0;
	for (sqlite3_stmt *each = NULL; (each = sqlite3_next_stmt(store_sqlite(s), each));)
		count++;
	assert_true(count <= 300);
	g_autoptr(GError) said = NULL;
	BAD(store_prepare(s, "SELEKT 1", error), STORE_ERROR_SQL);
	assert_non_null(strstr(said->message, "SELEKT"));
}

static void backup_and_verify(void **state)
{
	const struct place *place = *state;
	g_autoptr(store) s = open_store(place, STORE_WRITE);
	gint64 source = source_new(s, "mail");
	struct meri_record record = full_record();
	put(s, source, 1, &record, STORE_ADDED);
	struct place other = {.folder = place->folder, .path = g_build_filename(place->folder, "copy.db", NULL)};
	g_autofree char *copy = other.path, *wal = g_strconcat(place->path, "-wal", NULL);
	g_autoptr(store) reader = open_store(place, STORE_READ);
	GOOD(store_backup(reader, copy, error));
	GOOD(store_backup(s, copy, error)); /* replaces */
	GStatBuf about;
	assert_int_equal(g_stat(copy, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	{
		g_autoptr(store) opened = open_store(&other, STORE_WRITE);
		ASKED(opened, "SELECT external_id FROM record", "m1");
		ASKED(opened, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'vuotaa'", "1");
		verified(opened);
	}
	g_autoptr(GError) said = NULL;
	BAD(store_backup(s, place->path, error), STORE_ERROR_INVALID);
	BAD(store_backup(s, wal, error), STORE_ERROR_INVALID);
	BAD(store_backup(s, place->folder, error), STORE_ERROR_INVALID);
	BAD(store_backup(s, "/nonexistent/folder/x.db", error), STORE_ERROR_FULL);
	verified(s);
	verified(reader);
}

/* Verify finds what is wrong, and names it. */
static void verify_finds(void **state)
{
	g_autoptr(store) s = open_store(*state, STORE_WRITE);
	gint64 source = source_new(s, "mail");
	struct meri_record record = full_record();
	put(s, source, 1, &record, STORE_ADDED);
	static const struct {
		const char *break_it, *found;
	} cases[] = {
		{"UPDATE source SET records = 7", "counts 7 records"},
		{"UPDATE record SET text = 'other words altogether'", "does not fit the records"},
		{"INSERT INTO item VALUES (1, 'ghost', 1, 'f')", "item ghost"},
		{"PRAGMA foreign_keys = OFF; INSERT INTO party VALUES (77, 0, 'a', 'b', 'c', 'd')", "party"},
		{"PRAGMA foreign_keys = OFF; INSERT INTO removal VALUES (77, 1, 'x', 1, 0)",
		 "removal waits for record 77"},
		{"INSERT INTO record_fts(record_fts, rowid, title, text, quoted, people) SELECT 'delete', rowid, "
		 "title, text, quoted,"
		 " people FROM record_text",
		 "is not in the index"},
		{"PRAGMA foreign_keys = OFF; DELETE FROM record", "knows a record"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		gboolean keys_off = g_str_has_prefix(cases[i].break_it, "PRAGMA");
		const char *sql = keys_off ? strchr(cases[i].break_it, ';') + 1 : cases[i].break_it;
		sqlite3_exec(store_sqlite(s), keys_off ? "PRAGMA foreign_keys = OFF" : "SELECT 1", NULL, NULL, NULL);
		GOOD(store_begin(s, error));
		if (sqlite3_exec(store_sqlite(s), sql, NULL, NULL, NULL) != SQLITE_OK)
			fail_msg("%s: %s", sql, sqlite3_errmsg(store_sqlite(s)));
		g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
		GOOD(store_verify(s, problems, error));
		gboolean found = FALSE;
		for (guint j = 0; j < problems->len; j++)
			found = found || strstr(problems->pdata[j], cases[i].found);
		if (!found)
			fail_msg("%s: not found; first of %u: %s", sql, problems->len,
				 problems->len ? (char *)problems->pdata[0] : "");
		store_rollback(s);
		sqlite3_exec(store_sqlite(s), "PRAGMA foreign_keys = ON", NULL, NULL, NULL);
		verified(s);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_record_is_kept_whole),
		TEST(every_part_counts),
		TEST(the_same_again_writes_nothing),
		TEST(a_change_reaches_the_index),
		TEST(bad_records_are_refused),
		TEST(a_batch_is_one_segment),
		TEST(large_changes),
		TEST(odd_spans),
		TEST(sources_come_and_go),
		TEST(row_ids_are_never_used_again),
		TEST(fingerprints),
		TEST(runs_and_failures),
		TEST(runs_are_forgotten_in_time),
		TEST(statements_are_bounded),
		TEST(backup_and_verify),
		TEST(verify_finds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
