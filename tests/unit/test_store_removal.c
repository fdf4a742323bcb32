/* store: removals. Noted, taken back, settled or held; nothing is lost, doubled or comes back from the dead. */
#include "storetest.h"

struct world {
	store *s;
	gint64 source, run;
};

/* A source with `n` records r0..., and a run under way that found them all there. */
static struct world world_of(const struct place *place, int n)
{
	struct world w = {.s = open_store(place, STORE_WRITE)};
	w.source = source_new(w.s, "crm");
	GOOD(store_begin(w.s, error));
	for (int i = 0; i < n; i++) {
		g_autofree char *id = g_strdup_printf("r%d", i), *text = g_strdup_printf("huolto number%d", i);
		struct meri_record record = record_of(id, text);
		record.fingerprint = "f";
		GOOD(store_put(w.s, w.source, 1, &record, NULL, NULL, error));
	}
	GOOD(store_commit(w.s, error));
	w.run = run_new(w.s, w.source);
	return w;
}

/* The numbers from `from` up to, not including, `to` are gone. */
static void remove_range(const struct world *w, int from, int to)
{
	GOOD(store_begin(w->s, error));
	for (int i = from; i < to; i++) {
		g_autofree char *id = g_strdup_printf("r%d", i);
		GOOD(store_remove(w->s, w->source, w->run, id, error));
	}
	GOOD(store_commit(w->s, error));
}

static void settled(const struct world *w, gint64 removed_wanted, gint64 held_wanted)
{
	gint64 removed = -1, held = -1;
	GOOD(store_begin(w->s, error));
	GOOD(store_removals_settle(w->s, w->source, &removed, &held, error));
	GOOD(store_commit(w->s, error));
	assert_int_equal(removed, removed_wanted);
	assert_int_equal(held, held_wanted);
	verified(w->s);
}

static gint64 records(const struct world *w)
{
	g_autofree char *count = ask(w->s, "SELECT count(*) FROM record");
	return g_ascii_strtoll(count, NULL, 10);
}

static void the_limit(void **state)
{
	static const struct {
		int n, gone;
		gboolean held;
	} cases[] = {
		{10, 10, FALSE},  /* all of a small source: not more than ten */
		{11, 11, TRUE},   /* all of one more */
		{100, 11, TRUE},  /* more than ten, and more than a tenth */
		{110, 11, FALSE}, /* a tenth exactly */
		{109, 11, TRUE},  {1000, 100, FALSE}, {1000, 101, TRUE},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct place *place = *state;
		g_autofree char *keep = place->path;
		place->path = g_strdup_printf("%s/%zu.db", place->folder, i);
		struct world w = world_of(place, cases[i].n);
		remove_range(&w, 0, cases[i].gone);
		assert_int_equal(records(&w), cases[i].n); /* what waits is still there */
		settled(&w, cases[i].held ? 0 : cases[i].gone, cases[i].held ? cases[i].gone : 0);
		assert_int_equal(records(&w), cases[i].held ? cases[i].n : cases[i].n - cases[i].gone);
		ASKED(w.s,
		      "SELECT count(*) = (SELECT count(*) FROM record) FROM record_fts WHERE record_fts MATCH 'huolto'",
		      "1");
		store_close(w.s);
		g_free(place->path);
		place->path = g_steal_pointer(&keep);
	}
}

/* What a run adds does not make room for what it removes. */
static void the_limit_counts_from_before_the_run(void **state)
{
	struct world w = world_of(*state, 50);
	GOOD(store_begin(w.s, error));
	for (int i = 0; i < 1000; i++) {
		g_autofree char *id = g_strdup_printf("new%d", i);
		struct meri_record record = record_of(id, "uusi");
		GOOD(store_put(w.s, w.source, w.run, &record, NULL, NULL, error));
	}
	GOOD(store_commit(w.s, error));
	remove_range(&w, 0, 20);
	settled(&w, 0, 20);
	store_close(w.s);
}

static void an_admin_decides(void **state)
{
	struct world w = world_of(*state, 50);
	gint64 decided = 0;
	remove_range(&w, 0, 20);
	settled(&w, 0, 20);
	g_autoptr(GPtrArray) sources = NULL;
	GOOD((sources = store_sources(w.s, error)) != NULL);
	assert_int_equal(((struct store_source *)sources->pdata[0])->held, 20);

	GOOD(store_removals_decide(w.s, w.source, FALSE, &decided, error));
	assert_int_equal(decided, 20);
	assert_int_equal(records(&w), 50);
	settled(&w, 0, 0);

	w.run = run_new(w.s, w.source); /* the next run notes them again */
	remove_range(&w, 0, 20);
	settled(&w, 0, 20);
	GOOD(store_removals_decide(w.s, w.source, TRUE, &decided, error));
	assert_int_equal(decided, 20);
	assert_int_equal(records(&w), 30);
	verified(w.s);
	GOOD(store_removals_decide(w.s, w.source, TRUE, &decided, error));
	assert_int_equal(decided, 0);
	store_close(w.s);
}

/* While much is held, a run that finds the same gone, and a little more, would remove all of it: so the little waits
 * too. */
static void held_ones_count_when_noted_again(void **state)
{
	struct world w = world_of(*state, 200);
	remove_range(&w, 0, 50);
	settled(&w, 0, 50);
	w.run = run_new(w.s, w.source);
	remove_range(&w, 0, 53);
	settled(&w, 0, 53);
	/* A source that tells of removals one by one tells of others now: they go. */
	w.run = run_new(w.s, w.source);
	remove_range(&w, 60, 63);
	settled(&w, 3, 53);
	store_close(w.s);
}

static void what_is_there_again_stays(void **state)
{
	struct world w = world_of(*state, 100);
	remove_range(&w, 0, 40);
	settled(&w, 0, 40);
	w.run = run_new(w.s, w.source);
	remove_range(&w, 40, 44);
	/* Put unchanged, put changed, unchanged as an item. */
	struct meri_record same = record_of("r0", "huolto number0"), changed = record_of("r41", "toisin");
	same.fingerprint = "f";
	put(w.s, w.source, w.run, &same, STORE_SAME);
	put(w.s, w.source, w.run, &changed, STORE_CHANGED);
	GOOD(store_keep(w.s, w.source, "r1", error));
	GOOD(store_keep(w.s, w.source, "r42", error));
	GOOD(store_keep(w.s, w.source, "unknown", error));
	ASKED(w.s,
	      "SELECT group_concat(held) FROM (SELECT count(*) || ':' || held AS held FROM removal GROUP BY "
	      "removal.held)",
	      "2:0,38:1");
	settled(&w, 2, 38);
	ASKED(w.s, "SELECT count(*) FROM record WHERE external_id IN ('r0', 'r1', 'r41', 'r42')", "4");
	store_close(w.s);
}

static gboolean seen_in(const char *id, const char *item, gpointer user)
{
	(void)item;
	return g_hash_table_contains(user, id);
}

/* Four records of one mailbox; `fingerprint`: of its last whole reading. */
static void put_box(const struct world *w, gint64 run, int n, const char *fingerprint)
{
	GOOD(store_begin(w->s, error));
	for (int i = 0; i < n; i++) {
		g_autofree char *id = g_strdup_printf("m%d", i);
		struct meri_record record = record_of(id, "viesti");
		record.item = "box";
		record.fingerprint = i + 1 == n ? fingerprint : NULL;
		GOOD(store_put(w->s, w->source, run, &record, NULL, NULL, error));
	}
	GOOD(store_commit(w->s, error));
}

/* A listing without the mailbox, or without those of its records that are not named. */
static void sweep_but(const struct world *w, const char *const *there)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	gint64 noted = 0;
	for (; *there; there++)
		g_hash_table_add(seen, (gpointer)*there);
	GOOD(store_sweep(w->s, w->source, w->run, seen_in, seen, &noted, error));
}

#define THERE(...) ((const char *const[]){"r0", "r1", "r2", __VA_ARGS__ __VA_OPT__(, ) NULL})

static void keeping_an_item_keeps_its_records(void **state)
{
	struct world w = world_of(*state, 3);
	put_box(&w, w.run, 4, "f1");
	w.run = run_new(w.s, w.source);
	sweep_but(&w, THERE());
	ASKED(w.s, "SELECT count(*) FROM removal", "4");
	GOOD(store_keep(w.s, w.source, "m2", error)); /* one record of it, by its own id */
	ASKED(w.s, "SELECT count(*) FROM removal", "3");
	GOOD(store_keep(w.s, w.source, "box", error)); /* it was away, and is back as it was */
	ASKED(w.s, "SELECT count(*) FROM removal", "0");
	store_close(w.s);
}

/* A mailbox that was read without a record, and has not changed since, is without it still: whatever became of the run.
 */
static void an_unchanged_item_brings_nothing_back(void **state)
{
	struct world w = world_of(*state, 3);
	put_box(&w, w.run, 4, "f1");
	w.run = run_new(w.s, w.source);
	put_box(&w, w.run, 3, "f2");
	sweep_but(&w, THERE("m0", "m1", "m2"));
	w.run = run_new(w.s, w.source); /* the daemon died before it settled */
	GOOD(store_keep(w.s, w.source, "box", error));
	settled(&w, 1, 0);
	ASKED(w.s, "SELECT group_concat(external_id) FROM record WHERE item = 'box'", "m0,m1,m2");
	ASKED(w.s, "SELECT fingerprint FROM item WHERE item = 'box'", "f2");
	/* What the source itself called gone is not brought back by its item, but by itself. */
	GOOD(store_remove(w.s, w.source, w.run, "m0", error));
	GOOD(store_remove(w.s, w.source, w.run, "m1", error));
	GOOD(store_keep(w.s, w.source, "box", error));
	GOOD(store_keep(w.s, w.source, "m1", error));
	settled(&w, 1, 0);
	ASKED(w.s, "SELECT group_concat(external_id) FROM record WHERE item = 'box'", "m1,m2");
	ASKED(w.s, "SELECT count(*) FROM item WHERE item = 'box'", "0"); /* to be read again */
	store_close(w.s);
}

static void absence(void **state)
{
	struct world w = world_of(*state, 30);
	gint64 noted = 0;
	g_autoptr(GError) said = NULL;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_add(seen, (gpointer) "elsewhere");
	GOOD(store_begin(w.s, error));
	BAD(store_sweep(w.s, w.source, w.run, seen_in, seen, &noted, error), STORE_ERROR_INVALID);
	assert_non_null(strstr(said->message, "30"));
	GOOD(store_commit(w.s, error)); /* the rest of the transaction is whole */
	settled(&w, 0, 0);
	assert_int_equal(records(&w), 30);

	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	for (int i = 0; i < 25; i++) {
		g_ptr_array_add(names, g_strdup_printf("r%d", i));
		g_hash_table_add(seen, names->pdata[i]);
	}
	GOOD(store_sweep(w.s, w.source, w.run, seen_in, seen, &noted, error));
	assert_int_equal(noted, 5);
	settled(&w, 5, 0);
	assert_int_equal(records(&w), 25);
	/* A source without records can be swept. */
	gint64 other = source_new(w.s, "other");
	GOOD(store_sweep(w.s, other, w.run, seen_in, seen, &noted, error));
	assert_int_equal(noted, 0);
	store_close(w.s);
}

/* Notes last as the checkpoint does: a daemon that dies before it settles leaves them to the next run. */
static void notes_outlive_the_daemon(void **state)
{
	struct world w = world_of(*state, 30);
	remove_range(&w, 0, 3);
	store_close(w.s);
	w.s = open_store(*state, STORE_WRITE);
	w.run = run_new(w.s, w.source);
	remove_range(&w, 2, 5);
	settled(&w, 5, 0);
	store_close(w.s);
}

/* m0 and m1 of the box were met. */
static gboolean first_two(const char *id, const char *item, gpointer user)
{
	(void)item, (void)user;
	return !strcmp(id, "m0") || !strcmp(id, "m1");
}

/* The box was read whole under a new fingerprint, without m2, and the run died before its end: the next run finds the box
 * unchanged, and m2 goes all the same. */
static void an_item_read_whole_loses_what_is_not_in_it(void **state)
{
	struct world w = world_of(*state, 0);
	GOOD(store_begin(w.s, error));
	for (int i = 0; i < 3; i++) {
		g_autofree char *id = g_strdup_printf("m%d", i);
		struct meri_record record = record_of(id, "kirje");
		record.item = "box";
		record.fingerprint = i == 2 ? "f1" : NULL;
		GOOD(store_put(w.s, w.source, w.run, &record, NULL, NULL, error));
	}
	GOOD(store_sweep_item(w.s, w.source, w.run, "box", 3, first_two, NULL, error)); /* no more than were put: no look */
	GOOD(store_commit(w.s, error));
	settled(&w, 0, 0);

	w.run = run_new(w.s, w.source);
	GOOD(store_begin(w.s, error));
	for (int i = 0; i < 2; i++) {
		g_autofree char *id = g_strdup_printf("m%d", i);
		struct meri_record record = record_of(id, "kirje");
		record.item = "box";
		record.fingerprint = i == 1 ? "f2" : NULL;
		GOOD(store_put(w.s, w.source, w.run, &record, NULL, NULL, error));
	}
	GOOD(store_sweep_item(w.s, w.source, w.run, "box", 2, first_two, NULL, error));
	GOOD(store_commit(w.s, error));

	w.run = run_new(w.s, w.source);
	GOOD(store_begin(w.s, error));
	GOOD(store_keep(w.s, w.source, "box", error));
	GOOD(store_commit(w.s, error));
	settled(&w, 1, 0);
	ASKED(w.s, "SELECT group_concat(external_id) FROM record WHERE item = 'box'", "m0,m1");
	store_close(w.s);
}

/* An item whose record went must be read again when it comes back under the fingerprint that we knew. */
static void a_removed_record_can_come_back(void **state)
{
	struct world w = world_of(*state, 30);
	struct meri_record a = record_of("a", "eka"), b = record_of("b", "toka");
	a.item = b.item = "box";
	b.fingerprint = "b1";
	put(w.s, w.source, 1, &a, STORE_ADDED);
	put(w.s, w.source, 1, &b, STORE_ADDED);
	w.run = run_new(w.s, w.source);
	ASKED(w.s, "SELECT count(*) FROM item", "31");
	remove_range(&w, 0, 1);
	GOOD(store_remove(w.s, w.source, w.run, "a", error));
	settled(&w, 2, 0);
	ASKED(w.s, "SELECT count(*) FROM item WHERE item IN ('r0', 'box')", "0");

	/* But read whole in the run that found the record gone, it stays known. */
	w.run = run_new(w.s, w.source);
	put(w.s, w.source, w.run, &a, STORE_ADDED);
	b.fingerprint = "b2";
	put(w.s, w.source, w.run, &b, STORE_SAME);
	GOOD(store_remove(w.s, w.source, w.run, "a", error));
	settled(&w, 1, 0);
	ASKED(w.s, "SELECT fingerprint FROM item WHERE item = 'box'", "b2");
	/* Until nothing is left of it. */
	GOOD(store_remove(w.s, w.source, w.run, "b", error));
	settled(&w, 1, 0);
	ASKED(w.s, "SELECT count(*) FROM item WHERE item = 'box'", "0");
	store_close(w.s);
}

/* What hangs on a record goes with it: erasure leaves no name behind. */
static void a_removal_is_whole(void **state)
{
	struct world w = world_of(*state, 1);
	static const struct meri_party party = {"from", "Aino Virta", "aino@esimerkki.fi", "Esimerkki Oy"};
	static const struct meri_pair pair = {"e-mail", "aino@esimerkki.fi"};
	static const char *const reader = "sales";
	struct meri_record record = record_of("a", "Ainon viesti");
	record.parties = &party, record.n_parties = 1;
	record.hints = record.fields = record.left_out = &pair;
	record.n_hints = record.n_fields = record.n_left_out = record.n_readers = 1;
	record.readers = &reader;
	put(w.s, w.source, w.run, &record, STORE_ADDED);
	GOOD(store_remove(w.s, w.source, w.run, "a", error));
	GOOD(store_remove(w.s, w.source, w.run, "a", error)); /* twice is once */
	GOOD(store_remove(w.s, w.source, w.run, "nobody", error));
	settled(&w, 1, 0);
	ASKED(w.s,
	      "SELECT (SELECT count(*) FROM party) + (SELECT count(*) FROM hint) + (SELECT count(*) FROM field) +"
	      " (SELECT count(*) FROM left_out) + (SELECT count(*) FROM reader) + (SELECT count(*) FROM removal)",
	      "0");
	ASKED(w.s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'virta OR viesti'", "0");
	store_close(w.s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_limit),
		TEST(the_limit_counts_from_before_the_run),
		TEST(an_admin_decides),
		TEST(held_ones_count_when_noted_again),
		TEST(what_is_there_again_stays),
		TEST(keeping_an_item_keeps_its_records),
		TEST(an_unchanged_item_brings_nothing_back),
		TEST(an_item_read_whole_loses_what_is_not_in_it),
		TEST(absence),
		TEST(notes_outlive_the_daemon),
		TEST(a_removed_record_can_come_back),
		TEST(a_removal_is_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
