/* store: a property test. Random puts, removals, sweeps, settlings, roll-backs and restarts, beside a model in memory
 * that does the same in the plainest way; after each transaction both must say the same, and the store must verify. */
#include "storetest.h"

#include <stdlib.h>

enum { SOURCES = 2, IDS = 48, ITEMS = 4, ALL_ITEMS = ITEMS + IDS };

struct known {
	gint64 row;  /* 0: not there */
	int version; /* of its text */
	int item;    /* 0 to ITEMS - 1, or ITEMS + its own number */
	enum { STAYS, WAITS, HELD } removal;
	gint64 noted;  /* the run that noted the removal last */
	gboolean told; /* the source itself said so */
};

struct fingerprint {
	int version; /* 0: none */
	gint64 run;
};

struct model_source {
	gint64 id, run, before;
	struct known records[IDS];
	struct fingerprint items[ALL_ITEMS];
	int cursor;
};

/* Plain data: a copy of it is what a roll-back goes back to. */
struct model {
	struct model_source sources[SOURCES];
};

struct trial {
	const struct place *place;
	store *s;
	GRand *rand;
	struct model now, committed;
	gint64 last_row; /* the highest that was ever durable: none at or below it may be given again */
	gboolean swedish;
	int held_seen, removed_seen, kept_seen;
};

static int pick(struct trial *t, int n)
{
	return g_rand_int_range(t->rand, 0, n);
}

static const char *id_name(int id)
{
	static char names[IDS][8];
	g_snprintf(names[id], sizeof(names[id]), "r%d", id);
	return names[id];
}

static const char *item_name(int item)
{
	static char names[ITEMS][8];
	if (item >= ITEMS)
		return id_name(item - ITEMS);
	g_snprintf(names[item], sizeof(names[item]), "box%d", item);
	return names[item];
}

/* ---- the operations, on both ---- */

static void model_put(struct model_source *m, int id, int version, int item, int fingerprint, enum store_change *wanted)
{
	struct known *r = &m->records[id];
	*wanted = !r->row ? STORE_ADDED : r->version == version && r->item == item ? STORE_SAME : STORE_CHANGED;
	if (*wanted == STORE_CHANGED && r->item != item)
		m->items[r->item].version = 0;
	r->version = version;
	r->item = item;
	r->removal = STAYS;
	if (fingerprint && m->items[item].version != fingerprint)
		m->items[item] = (struct fingerprint){fingerprint, m->run};
	if (!fingerprint && *wanted != STORE_SAME)
		m->items[item].version = 0;
}

static void do_put(struct trial *t, struct model_source *m)
{
	int id = pick(t, IDS), version = 1 + pick(t, 3), item = pick(t, 3) ? ITEMS + id : pick(t, ITEMS);
	int fingerprint = pick(t, 2) ? 1 + pick(t, 3) : 0;
	if (m->records[id].row && pick(t, 2)) { /* the same again, often */
		version = m->records[id].version;
		item = m->records[id].item;
	}
	g_autofree char *text = g_strdup_printf("sana%d yhteinen\n> lainaus%d\nloppu", version, id);
	g_autofree char *mark = g_strdup_printf("f%d", fingerprint),
			*address = g_strdup_printf("h%d@esimerkki.fi", version);
	struct meri_span quoted = {(gsize)(strchr(text, '>') - text), strlen("> lainaus")};
	struct meri_party party = {"from", "Aino Virta", address, NULL};
	struct meri_record record = record_of(id_name(id), text);
	record.item = item >= ITEMS ? NULL : item_name(item);
	record.fingerprint = fingerprint ? mark : NULL;
	record.quoted = &quoted, record.n_quoted = 1;
	record.parties = &party, record.n_parties = 1;

	enum store_change change, wanted;
	gint64 row = 0, before = m->records[id].row;
	model_put(m, id, version, item, fingerprint, &wanted);
	GOOD(store_put(t->s, m->id, m->run, &record, &change, &row, error));
	assert_int_equal(change, wanted);
	if (before)
		assert_int_equal(row, before);
	else
		assert_true(row > t->last_row);
	m->records[id].row = row;
}

static void model_note(struct model_source *m, struct known *r, gboolean told)
{
	if (!r->row)
		return;
	if (r->removal == STAYS) {
		r->removal = WAITS;
		r->told = FALSE;
	}
	r->told = r->told || told;
	r->noted = m->run;
}

static void do_remove(struct trial *t, struct model_source *m)
{
	int id = pick(t, IDS);
	model_note(m, &m->records[id], TRUE);
	GOOD(store_remove(t->s, m->id, m->run, id_name(id), error));
}

static void do_keep(struct trial *t, struct model_source *m)
{
	int item = pick(t, ALL_ITEMS);
	const struct fingerprint *read = &m->items[item];
	for (int id = 0; id < IDS; id++) {
		struct known *r = &m->records[id];
		gboolean read_without = read->version && read->run >= r->noted;
		if (!r->row || r->removal == STAYS)
			continue;
		if (ITEMS + id == item || (r->item == item && !r->told && !read_without)) {
			r->removal = STAYS;
			t->kept_seen++;
		}
	}
	GOOD(store_keep(t->s, m->id, item_name(item), error));
}

static gboolean is_seen(const char *id, const char *item, gpointer user)
{
	(void)item;
	return ((const gboolean *)user)[atoi(id + 1)];
}

static void do_sweep(struct trial *t, struct model_source *m)
{
	gboolean seen[IDS];
	gint64 there = 0, met = 0, noted = -1;
	int part = pick(t, 21); /* of twenty */
	for (int id = 0; id < IDS; id++) {
		seen[id] = pick(t, 20) < part;
		there += m->records[id].row != 0;
		met += m->records[id].row && seen[id];
	}
	g_autoptr(GError) said = NULL;
	if (there && !met) {
		BAD(store_sweep(t->s, m->id, m->run, is_seen, seen, &noted, error), STORE_ERROR_INVALID);
		return;
	}
	GOOD(store_sweep(t->s, m->id, m->run, is_seen, seen, &noted, error));
	assert_int_equal(noted, there - met);
	for (int id = 0; id < IDS; id++)
		if (!seen[id])
			model_note(m, &m->records[id], FALSE);
}

static void model_delete(struct model_source *m, int id)
{
	struct known *r = &m->records[id];
	int item = r->item;
	gint64 noted = r->noted;
	gboolean others = FALSE;
	*r = (struct known){0};
	for (int i = 0; i < IDS; i++)
		others = others || (m->records[i].row && (m->records[i].item == item || ITEMS + i == item));
	if (!others || m->items[item].run < noted)
		m->items[item].version = 0;
}

static int count(const struct model_source *m, int removal, gint64 noted)
{
	int n = 0;
	for (int id = 0; id < IDS; id++)
		n += m->records[id].row && (removal < 0 || (int)m->records[id].removal == removal) &&
		     (!noted || m->records[id].noted == noted);
	return n;
}

static void do_settle(struct trial *t, struct model_source *m)
{
	int waiting = count(m, WAITS, 0), all = waiting + count(m, HELD, m->run);
	gboolean hold = all > 10 && all * 10 > m->before;
	for (int id = 0; id < IDS; id++) {
		if (!m->records[id].row || m->records[id].removal != WAITS)
			continue;
		if (hold)
			m->records[id].removal = HELD;
		else
			model_delete(m, id);
	}
	gint64 removed = -1, held = -1;
	GOOD(store_removals_settle(t->s, m->id, &removed, &held, error));
	assert_int_equal(removed, hold ? 0 : waiting);
	assert_int_equal(held, count(m, HELD, 0));
	t->held_seen += hold && waiting;
	t->removed_seen += (int)removed;
}

static void do_decide(struct trial *t, struct model_source *m)
{
	gboolean remove = pick(t, 2);
	gint64 wanted = count(m, HELD, 0), decided = -1;
	for (int id = 0; id < IDS; id++) {
		if (m->records[id].removal != HELD)
			continue;
		if (remove)
			model_delete(m, id);
		else
			m->records[id].removal = STAYS;
	}
	GOOD(store_removals_decide(t->s, m->id, remove, &decided, error));
	assert_int_equal(decided, wanted);
}

static void do_run(struct trial *t, struct model_source *m)
{
	GOOD(store_run_begin(t->s, m->id, 100, &m->run, error));
	m->before = count(m, -1, 0);
}

static void do_cursor(struct trial *t, struct model_source *m)
{
	m->cursor = pick(t, 1000);
	g_autofree char *cursor = g_strdup_printf("c%d", m->cursor);
	GOOD(store_cursor_set(t->s, m->id, cursor, error));
}

static void do_reset(struct trial *t, struct model_source *m)
{
	memset(m->items, 0, sizeof(m->items));
	m->cursor = -1;
	GOOD(store_source_reset(t->s, m->id, error));
}

static void make_source(struct trial *t, int which)
{
	struct model_source *m = &t->now.sources[which];
	*m = (struct model_source){.cursor = -1};
	GOOD(store_source_ensure(t->s, which ? "crm" : "mail", "test", &m->id, error));
	do_run(t, m);
}

static void one_operation(struct trial *t)
{
	int which = pick(t, SOURCES), dice = pick(t, 1000);
	struct model_source *m = &t->now.sources[which];
	if (dice < 550)
		do_put(t, m);
	else if (dice < 690)
		do_remove(t, m);
	else if (dice < 760)
		do_keep(t, m);
	else if (dice < 800)
		do_sweep(t, m);
	else if (dice < 880)
		do_settle(t, m);
	else if (dice < 910)
		do_decide(t, m);
	else if (dice < 960)
		do_run(t, m);
	else if (dice < 985)
		do_cursor(t, m);
	else if (dice < 992)
		do_reset(t, m);
	else if (dice < 995) {
		GOOD(store_source_drop(t->s, m->id, error));
		make_source(t, which);
	}
}

/* ---- the comparison ---- */

static char *model_says(const struct model_source *m)
{
	GString *all = g_string_new(NULL);
	for (int id = 0; id < IDS; id++) {
		const struct known *r = &m->records[id];
		if (r->row)
			g_string_append_printf(all, "%s%" G_GINT64_FORMAT ":%s sana%d yhteinen %s h%d@esimerkki.fi %d",
					       all->len ? "," : "", r->row, id_name(id), r->version, item_name(r->item),
					       r->version, (int)r->removal);
	}
	return g_string_free(all, FALSE);
}

static char *store_says(struct trial *t, const struct model_source *m)
{
	g_autofree char *sql = g_strdup_printf(
		"SELECT r.id || ':' || external_id || ' ' || substr(text, 1, instr(text, char(10)) - 1) || ' ' || "
		"ifnull(r.item, external_id)"
		" || ' ' || p.address || ' ' || CASE WHEN m.held IS NULL THEN 0 ELSE 1 + m.held END"
		" FROM record r JOIN party p ON p.record_id = r.id LEFT JOIN removal m ON m.record_id = r.id"
		" WHERE r.source_id = %" G_GINT64_FORMAT " ORDER BY CAST(substr(external_id, 2) AS INTEGER)",
		m->id);
	return ask(t->s, sql);
}

struct item_check {
	const struct model_source *source;
	int met;
};

static void check_item(const char *item, const char *fingerprint, gpointer user)
{
	struct item_check *check = user;
	check->met++;
	for (int i = 0; i < ALL_ITEMS; i++) {
		g_autofree char *wanted = g_strdup_printf("f%d", check->source->items[i].version);
		if (strcmp(item, item_name(i)) == 0) {
			assert_string_equal(fingerprint, wanted);
			return;
		}
	}
	fail_msg("the store knows an item %s", item);
}

static void compare_items(struct trial *t, const struct model_source *m)
{
	struct item_check check = {.source = m};
	GOOD(store_items(t->s, m->id, check_item, &check, error));
	for (int i = 0; i < ALL_ITEMS; i++)
		check.met -= m->items[i].version != 0;
	assert_int_equal(check.met, 0);
}

/* The index has each version's word as often as there are records of it, and their quoted words in their own column. */
static void compare_index(struct trial *t)
{
	for (int version = 1; version <= 3; version++) {
		int wanted = 0;
		for (int i = 0; i < SOURCES; i++)
			for (int id = 0; id < IDS; id++)
				wanted += t->now.sources[i].records[id].row &&
					  t->now.sources[i].records[id].version == version;
		g_autofree char *sql = g_strdup_printf(
			"SELECT (SELECT count(*) FROM record_fts WHERE record_fts MATCH 'text:sana%d') + 1000 *"
			" (SELECT count(*) FROM record_fts WHERE record_fts MATCH 'people:\"h%d esimerkki fi\"')",
			version, version);
		g_autofree char *number = g_strdup_printf("%d", wanted * 1001);
		ASKED(t->s, sql, number);
	}
	ASKED(t->s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'text:lainaus1'", "0");
}

static void compare(struct trial *t)
{
	for (int i = 0; i < SOURCES; i++) {
		const struct model_source *m = &t->now.sources[i];
		g_autofree char *said = store_says(t, m), *wanted = model_says(m);
		assert_string_equal(said, wanted);
		compare_items(t, m);
		g_autofree char *sql = g_strdup_printf(
			"SELECT ifnull(cursor, 'c-1') || ' ' || records FROM source WHERE id = %" G_GINT64_FORMAT,
			m->id);
		g_autofree char *row = g_strdup_printf("c%d %d", m->cursor, count(m, -1, 0));
		ASKED(t->s, sql, row);
		for (int id = 0; id < IDS; id++)
			t->last_row = MAX(t->last_row, m->records[id].row);
	}
}

static void reopen(struct trial *t)
{
	store_close(t->s);
	t->swedish = t->swedish ? pick(t, 2) : pick(t, 4) == 0; /* other rules of words, now and then */
	GOOD((t->s = store_open(t->place->path, STORE_WRITE, t->swedish ? "sv" : "fi", error)) != NULL);
}

static void between_transactions(struct trial *t)
{
	gboolean more = FALSE;
	if (pick(t, 12) == 0)
		reopen(t);
	if (pick(t, 3) == 0)
		GOOD(store_reindex_step(t->s, 7, &more, error));
	if (pick(t, 5) == 0)
		GOOD(store_tidy(t->s, &more, error));
	if (pick(t, 5) == 0)
		for (more = store_index_stale(t->s); more;)
			GOOD(store_reindex_step(t->s, 20, &more, error));
}

static void one_transaction(struct trial *t)
{
	GOOD(store_begin(t->s, error));
	for (int n = 1 + pick(t, 60); n > 0; n--)
		one_operation(t);
	if (pick(t, 5)) {
		GOOD(store_commit(t->s, error));
		t->committed = t->now;
	} else {
		store_rollback(t->s);
		t->now = t->committed;
	}
	compare(t);
	verified(t->s);
	if (!store_index_stale(t->s))
		compare_index(t);
}

static void try_seed(const struct place *place, guint32 seed, int transactions, struct trial *sum)
{
	struct trial t = {.place = place, .rand = g_rand_new_with_seed(seed)};
	t.s = open_store(place, STORE_WRITE);
	print_message("seed %u\n", seed);
	GOOD(store_begin(t.s, error));
	for (int i = 0; i < SOURCES; i++)
		make_source(&t, i);
	GOOD(store_commit(t.s, error));
	t.committed = t.now;
	for (int i = 0; i < transactions; i++) {
		one_transaction(&t);
		between_transactions(&t);
	}
	store_close(t.s);
	g_rand_free(t.rand);
	sum->held_seen += t.held_seen;
	sum->removed_seen += t.removed_seen;
	sum->kept_seen += t.kept_seen;
}

/* MERI_SEED=N tries that one alone; MERI_TRIALS=N tries so many. */
static void the_store_does_as_the_model_does(void **state)
{
	struct place *place = *state;
	const char *one = g_getenv("MERI_SEED"), *many = g_getenv("MERI_TRIALS");
	int trials = one ? 1 : many ? atoi(many) : 6;
	struct trial sum = {0};
	for (int i = 0; i < trials; i++) {
		g_autofree char *keep = place->path;
		place->path = g_strdup_printf("%s/%d.db", place->folder, i);
		try_seed(place, one ? (guint32)strtoul(one, NULL, 10) : g_random_int(), 60, &sum);
		g_free(place->path);
		place->path = g_steal_pointer(&keep);
	}
	print_message("%d held settlings, %d removals, %d taken back\n", sum.held_seen, sum.removed_seen,
		      sum.kept_seen);
	assert_true(one || (sum.held_seen && sum.removed_seen && sum.kept_seen)); /* else the test tests nothing */
}

int main(void)
{
	base_log_threshold(BASE_WARNING);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_store_does_as_the_model_does, place_make, place_remove),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
