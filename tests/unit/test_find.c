/* Find's filters, facets, pages, counts and fence: what is told must be what a plain count of all records tells, and
 * nothing of what the asker may not read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/lookup.h"
#include "store/fence.h"
#include "../storefolder.h"

#define DAY   G_GINT64_CONSTANT(86400)
#define Y2020 G_GINT64_CONSTANT(1577880000) /* 2020-01-01 12:00 UTC */

enum { SOURCES = 3, RECORDS = 420 };

struct hub {
	char *folder, *path;
	store *s, *reader;
	text_analyser *analyser;
	gint64 sources[SOURCES];
};

static const char *const NAMES[] = {"crm", "mail", "tickets"};
static const char *const TEAMS[] = {"sales", "support", "support"};
static const char *const WORDS[] = {"pump", "valve", "crane", "invoice", "delivery", "contract", "bearing"};

static void put(struct hub *h, guint source, const char *id, int kind, const char *title, const char *text,
		const char *thread, gint64 occurred, const char *reader)
{
	struct meri_record r = {.size = sizeof r,
				.id = id,
				.kind = (enum meri_kind)kind,
				.title = title,
				.text = text,
				.thread = thread,
				.occurred = occurred};
	const char *readers[] = {reader};
	if (reader)
		r.readers = readers, r.n_readers = 1;
	g_autoptr(GError) error = NULL;
	if (!store_put(h->s, h->sources[source], 1, &r, NULL, NULL, &error))
		fail_msg("%s", error->message);
}

static struct hub *hub_open(void)
{
	struct hub *h = g_new0(struct hub, 1);
	h->folder = g_dir_make_tmp("meri-find-XXXXXX", NULL);
	h->path = g_build_filename(h->folder, "meri.db", NULL);
	h->s = store_open(h->path, STORE_WRITE, "en", NULL);
	h->analyser = text_analyser_new("en");
	assert_non_null(h->s);
	assert_true(store_begin(h->s, NULL));
	for (guint i = 0; i < SOURCES; i++) {
		assert_true(store_source_ensure(h->s, NAMES[i], "none", &h->sources[i], NULL));
		assert_true(store_source_team_set(h->s, h->sources[i], TEAMS[i], NULL));
	}
	assert_true(store_commit(h->s, NULL));
	h->reader = store_open(h->path, STORE_READ, "en", NULL);
	assert_non_null(h->reader);
	assert_true(lookup_prepare(h->reader, NULL));
	return h;
}

static void hub_close(struct hub *h)
{
	store_close(h->reader);
	store_close(h->s);
	text_analyser_free(h->analyser);
	store_folder_remove(h->folder);
	g_free(h->folder);
	g_free(h->path);
	g_free(h);
}

/* The records of a hub, by number: words, source, kind, time and conversation follow from it. */
static void put_number(struct hub *h, guint n)
{
	g_autofree char *id = g_strdup_printf("r%u", n), *thread = g_strdup_printf("t%u", n / 4);
	g_autofree char *text = g_strdup_printf("The %s and the %s number%u", WORDS[n % 7], WORDS[n % 5], n);
	put(h, n % SOURCES, id, 1 + (int)(n % 9), n % 11 ? "Nothing" : WORDS[n % 7], text, n % 2 ? thread : NULL,
	    Y2020 + (gint64)((n * 37) % 1500) * DAY, NULL);
}

static int setup(void **state)
{
	struct hub *h = hub_open();
	assert_true(store_begin(h->s, NULL));
	for (guint n = 0; n < RECORDS; n++)
		put_number(h, n);
	assert_true(store_commit(h->s, NULL));
	*state = h;
	return 0;
}

static int teardown(void **state)
{
	hub_close(*state);
	return 0;
}

static struct lookup_answer *ask(struct hub *h, store *s, const struct lookup_request *request)
{
	g_autoptr(GError) error = NULL;
	struct lookup_answer *answer = lookup_find(s, h->analyser, request, &error);
	if (!answer)
		fail_msg("%s: %s", request->typed, error->message);
	return answer;
}

static struct lookup_request request_of(const char *typed)
{
	return (struct lookup_request){.typed = typed, .limit = 20, .now = Y2020 + 2000 * DAY};
}

/* "mail 3, crm 2" */
static char *shown(const GPtrArray *facet)
{
	GString *all = g_string_new(NULL);
	for (guint i = 0; i < facet->len; i++) {
		const struct lookup_count *c = facet->pdata[i];
		g_string_append_printf(all, "%s%s %d", i ? ", " : "", c->value, (int)c->count);
	}
	return g_string_free(all, FALSE);
}

/* ---- filters and facets, against a plain count ---- */

struct wanted {
	guint word; /* of WORDS, or more: none */
	const char *const *sources, *const *kinds, *const *teams;
	const int *years;
	gsize n_years;
};

static gboolean named(const char *const *names, const char *name)
{
	return !names || g_strv_contains(names, name);
}

static int year_of(guint n)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(Y2020 + (gint64)((n * 37) % 1500) * DAY);
	return g_date_time_get_year(time);
}

/* Does record `n` fit, leaving out the filter `but`? */
static gboolean fits(const struct wanted *w, guint n, char but)
{
	gboolean year = w->n_years == 0;
	for (gsize i = 0; i < w->n_years; i++)
		year |= w->years[i] == year_of(n);
	return (w->word >= 7 || n % 7 == w->word || n % 5 == w->word) &&
	       (but == 's' || named(w->sources, NAMES[n % SOURCES])) &&
	       (but == 'k' || named(w->kinds, lookup_kind_name(1 + (int)(n % 9)))) &&
	       (but == 't' || named(w->teams, TEAMS[n % SOURCES])) && (but == 'y' || year);
}

static gint64 plain_count(const struct wanted *w, char facet, const char *value)
{
	gint64 count = 0;
	for (guint n = 0; n < RECORDS; n++) {
		g_autofree char *year = g_strdup_printf("%d", year_of(n));
		const char *is = facet == 's'   ? NAMES[n % SOURCES]
				 : facet == 'k' ? lookup_kind_name(1 + (int)(n % 9))
				 : facet == 't' ? TEAMS[n % SOURCES]
						: year;
		count += fits(w, n, facet) && (!value || !strcmp(is, value));
	}
	return count;
}

static void check_facet(const struct wanted *w, char facet, const GPtrArray *counts)
{
	gint64 sum = 0;
	for (guint i = 0; i < counts->len; i++) {
		const struct lookup_count *c = counts->pdata[i];
		assert_int_equal(c->count, plain_count(w, facet, c->value));
		sum += c->count;
	}
	assert_int_equal(sum, plain_count(w, facet, NULL));
}

static void check(struct hub *h, const struct wanted *w)
{
	struct lookup_request request = request_of(w->word < 7 ? WORDS[w->word] : "");
	request.filters = (struct lookup_filters){
		.sources = w->sources, .kinds = w->kinds, .teams = w->teams, .years = w->years, .n_years = w->n_years};
	g_autoptr(lookup_answer) answer = ask(h, h->reader, &request);
	gint64 total = plain_count(w, 0, NULL);
	assert_int_equal(answer->total, total);
	assert_false(answer->more);
	check_facet(w, 's', answer->sources);
	check_facet(w, 'k', answer->kinds);
	check_facet(w, 't', answer->teams);
	check_facet(w, 'y', answer->years);
	request.sort = LOOKUP_NEWEST;
	g_autoptr(lookup_answer) newest = ask(h, h->reader, &request);
	assert_int_equal(newest->total, total);
	check_facet(w, 'y', newest->years);
}

static void filters_combine_and_facets_leave_their_own_out(void **state)
{
	static const char *const crm[] = {"crm", NULL}, *const two[] = {"mail", "crm", NULL},
				 *const kinds[] = {"ticket", "message", NULL}, *const sales[] = {"sales", NULL},
				 *const none[] = {"nowhere", NULL};
	static const int years[] = {2021, 2023};
	const struct wanted all[] = {
		{.word = 9},
		{.word = 0},
		{.word = 3, .sources = crm},
		{.word = 3, .sources = two},
		{.word = 9, .sources = two, .kinds = kinds},
		{.word = 2, .kinds = kinds, .years = years, .n_years = 2},
		{.word = 2, .teams = sales, .years = years, .n_years = 1},
		{.word = 1, .sources = two, .kinds = kinds, .teams = sales, .years = years, .n_years = 2},
		{.word = 1, .sources = none},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		check(*state, &all[i]);
}

static gint64 total_of(struct hub *h, const char *typed)
{
	struct lookup_request request = request_of(typed);
	g_autoptr(lookup_answer) answer = ask(h, h->reader, &request);
	return answer->total;
}

static void fields_of_the_query_are_filters_that_facets_keep(void **state)
{
	struct hub *h = *state;
	struct lookup_request request = request_of("crane source:mail -kind:ticket after:2021 before:2023-06");
	g_autoptr(lookup_answer) answer = ask(h, h->reader, &request);
	g_autofree char *sources = shown(answer->sources);
	gint64 expected = 0;
	for (guint n = 0; n < RECORDS; n++) {
		gint64 day = (n * 37) % 1500;
		expected += (n % 7 == 2 || n % 5 == 2) && n % 3 == 1 && 1 + n % 9 != MERI_TICKET && day >= 366 &&
			    Y2020 + day * DAY < 1685566800; /* 2023-06-01 in Helsinki */
	}
	g_autofree char *wanted = g_strdup_printf("mail %d", (int)expected);
	assert_string_equal(sources, wanted);
	assert_int_equal(answer->total, expected);
	assert_int_equal(total_of(h, "crane team:sales"), total_of(h, "crane source:crm"));
	assert_int_equal(total_of(h, "crane -team:sales"), total_of(h, "crane -source:crm"));
	assert_int_equal(total_of(h, "(crane team:sales) OR team:nobody"), total_of(h, "crane source:crm"));
}

/* ---- customers ---- */

static void run(store *s, const char *sql)
{
	char *message = NULL;
	if (sqlite3_exec(store_sqlite(s), sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
}

static void customers_are_filters_and_a_facet(void **state)
{
	struct hub *h = *state;
	run(h->s, "INSERT INTO customer(id, kind, now, added, name, profile) VALUES (7, 1, 7, 1, 'Pumppu Oy', ''),"
		  " (8, 1, 8, 1, 'Kraana Oy', '')");
	run(h->s,
	    "INSERT INTO link(record_id, customer_id, rule, strength) SELECT id, 7, 1, 2 FROM record WHERE id % 4 = 0");
	run(h->s,
	    "INSERT INTO link(record_id, customer_id, rule, strength) SELECT id, 8, 1, 1 + (id % 3 = 0) FROM record");
	struct lookup_request request = request_of("crane");
	g_autoptr(lookup_answer) all = ask(h, h->reader, &request);
	g_autofree char *customers = shown(all->customers);
	gint64 sevens = 0, eights = 0, both = 0;
	for (guint n = 0; n < RECORDS; n++) {
		gboolean crane = n % 7 == 2 || n % 5 == 2, seven = (n + 1) % 4 == 0, eight = (n + 1) % 3 == 0;
		sevens += crane && seven;
		eights += crane && eight;
		both += crane && (seven || eight);
	}
	g_autofree char *wanted = g_strdup_printf("8 %d, 7 %d", (int)eights, (int)sevens);
	assert_string_equal(customers, wanted);
	assert_string_equal(((const struct lookup_count *)all->customers->pdata[1])->name, "Pumppu Oy");
	const gint64 ids[] = {7, 8};
	request.filters.customers = ids;
	request.filters.n_customers = 1;
	g_autoptr(lookup_answer) one = ask(h, h->reader, &request);
	assert_int_equal(one->total, sevens);
	request.filters.n_customers = 2;
	g_autoptr(lookup_answer) either = ask(h, h->reader, &request);
	assert_int_equal(either->total, both);
	request.typed = "";
	request.filters.n_customers = 1;
	g_autoptr(lookup_answer) theirs = ask(h, h->reader, &request);
	assert_int_equal(theirs->total, RECORDS / 4);
}

/* ---- pages ---- */

/* All hits page by page, "id id ..."; `between` is called after each page. */
static GPtrArray *all_pages(struct hub *h, struct lookup_request request, void (*between)(struct hub *, guint))
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	for (guint page = 0; page < 200; page++) {
		g_autoptr(lookup_answer) answer = ask(h, h->reader, &request);
		assert_true(answer->hits->len <= request.limit);
		for (guint i = 0; i < answer->hits->len; i++)
			g_ptr_array_add(ids,
					g_strdup(((const struct lookup_hit *)answer->hits->pdata[i])->external_id));
		if (!answer->next.id)
			return ids;
		request.after = answer->next;
		if (between)
			between(h, page);
	}
	fail_msg("there is no end of pages");
	return ids;
}

static void same(const GPtrArray *a, const GPtrArray *b)
{
	assert_int_equal(a->len, b->len);
	for (guint i = 0; i < a->len; i++)
		assert_string_equal(a->pdata[i], b->pdata[i]);
}

static void pages_are_the_whole_in_pieces(void **state)
{
	static const char *const typed[] = {"crane", "pump -valve", "", "kind:ticket", "from:nobody OR kind:ticket",
					    "cran*"};
	for (gsize i = 0; i < G_N_ELEMENTS(typed); i++)
		for (int sort = LOOKUP_BEST; sort <= LOOKUP_NEWEST; sort++) {
			struct lookup_request request = request_of(typed[i]);
			request.sort = (enum lookup_sort)sort;
			request.limit = 7;
			g_autoptr(GPtrArray) pieces = all_pages(*state, request, NULL);
			request.limit = RECORDS;
			g_autoptr(GPtrArray) whole = all_pages(*state, request, NULL);
			same(pieces, whole);
			assert_true(whole->len > 20);
		}
}

static void add_some(struct hub *h, guint page)
{
	assert_true(store_begin(h->s, NULL));
	for (guint i = 0; i < 5; i++) {
		g_autofree char *id = g_strdup_printf("new%u-%u", page, i);
		put(h, page % SOURCES, id, MERI_TICKET, i % 2 ? "Crane" : "Note", "A crane and a crane", NULL,
		    Y2020 + (gint64)(300 * i + page) * DAY, NULL);
	}
	assert_true(store_commit(h->s, NULL));
}

/* Records come while somebody turns the pages: what was there is shown once, in the same order. */
static void pages_hold_while_records_come(void **state)
{
	for (int sort = LOOKUP_BEST; sort <= LOOKUP_NEWEST; sort++) {
		struct lookup_request request = request_of("crane");
		request.sort = (enum lookup_sort)sort;
		request.limit = 6;
		g_autoptr(GPtrArray) before = all_pages(*state, request, NULL);
		g_autoptr(GPtrArray) meanwhile = all_pages(*state, request, add_some);
		g_autoptr(GHashTable) was = g_hash_table_new(g_str_hash, g_str_equal);
		for (guint i = 0; i < before->len; i++)
			g_hash_table_add(was, before->pdata[i]);
		g_autoptr(GPtrArray) old = g_ptr_array_new(), seen = g_ptr_array_new();
		for (guint i = 0; i < meanwhile->len; i++) {
			for (guint k = 0; k < i; k++)
				assert_string_not_equal(meanwhile->pdata[i], meanwhile->pdata[k]);
			if (g_hash_table_contains(was, meanwhile->pdata[i]))
				g_ptr_array_add(old, meanwhile->pdata[i]);
		}
		same(old, before);
	}
}

/* ---- what changes is followed ---- */

static void the_shelf_follows_the_store(void **state)
{
	struct hub *h = *state;
	gint64 tickets = total_of(h, "kind:ticket"), crm = total_of(h, "source:crm"), all = total_of(h, "");
	assert_true(store_begin(h->s, NULL));
	put(h, 0, "r0", MERI_TICKET, "Pump", "It is a ticket now", NULL, Y2020 + 1600 * DAY, NULL);
	assert_true(store_commit(h->s, NULL));
	assert_int_equal(total_of(h, "kind:ticket"), tickets + 1);
	assert_int_equal(total_of(h, "after:2024-05-01"), 1);
	run(h->s, "DELETE FROM record WHERE external_id = 'r0'");
	assert_int_equal(total_of(h, "kind:ticket"), tickets);
	assert_int_equal(total_of(h, ""), all - 1);
	assert_true(store_begin(h->s, NULL));
	assert_true(store_source_drop(h->s, h->sources[0], NULL));
	assert_true(store_commit(h->s, NULL));
	assert_int_equal(total_of(h, ""), all - crm);
	assert_int_equal(total_of(h, "source:crm"), 0);
}

/* ---- many ---- */

static void put_many(struct hub *h, guint from, guint to, const char *what, gint64 occurred)
{
	assert_true(store_begin(h->s, NULL));
	for (guint n = from; n < to; n++) {
		g_autofree char *id = g_strdup_printf("m%u", n);
		put(h, n % SOURCES, id, MERI_NOTE, NULL, what, NULL, occurred + n, NULL);
	}
	assert_true(store_commit(h->s, NULL));
}

static void counts_are_exact_to_ten_thousand(void **state)
{
	struct hub *h = *state;
	put_many(h, 0, 9999, "gearbox oil", Y2020 + 3000 * DAY);
	struct lookup_request request = request_of("gearbox");
	g_autoptr(lookup_answer) nearly = ask(h, h->reader, &request);
	assert_int_equal(nearly->total, 9999);
	assert_false(nearly->more);
	put_many(h, 20000, 20500, "gearbox", Y2020 - 3000 * DAY); /* an old archive, loaded last */
	g_autoptr(lookup_answer) most = ask(h, h->reader, &request);
	assert_int_equal(most->total, 10000);
	assert_true(most->more);
	request.typed = "oil gearbox";
	g_autoptr(lookup_answer) both = ask(h, h->reader, &request);
	assert_int_equal(both->total, 9999);
	assert_false(both->more);
	gint64 sum = 0;
	for (guint i = 0; i < both->sources->len; i++)
		sum += ((const struct lookup_count *)both->sources->pdata[i])->count;
	assert_int_equal(sum, 9999);
	/* the newest come first although the old ones came last */
	request.typed = "gearbox";
	request.sort = LOOKUP_NEWEST;
	request.limit = 30;
	g_autoptr(lookup_answer) newest = ask(h, h->reader, &request);
	for (guint i = 0; i < 30; i++) {
		g_autofree char *id = g_strdup_printf("m%u", 9998 - i);
		assert_string_equal(((const struct lookup_hit *)newest->hits->pdata[i])->external_id, id);
	}
	request.after = newest->next;
	g_autoptr(lookup_answer) next = ask(h, h->reader, &request);
	assert_string_equal(((const struct lookup_hit *)next->hits->pdata[0])->external_id, "m9968");
}

/* ---- behind a fence ---- */

/* All that an answer tells, but for ids. */
static char *told(const struct lookup_answer *a)
{
	GString *all = g_string_new(NULL);
	g_autofree char *sources = shown(a->sources), *kinds = shown(a->kinds), *teams = shown(a->teams),
			*years = shown(a->years);
	g_string_append_printf(all, "%s: %d%s [%s] [%s] [%s] [%s]\n", a->query, (int)a->total, a->more ? "+" : "",
			       sources, kinds, teams, years);
	for (guint i = 0; i < a->notes->len; i++)
		g_string_append_printf(all, "note %s\n", (const char *)a->notes->pdata[i]);
	for (guint i = 0; i < a->hits->len; i++) {
		const struct lookup_hit *hit = a->hits->pdata[i];
		g_string_append_printf(all, "%s +%u %.4f %s\n", hit->external_id, hit->more, hit->score, hit->snippet);
	}
	return g_string_free(all, FALSE);
}

/* The fence of one who may read two of the sources must make a hub with secrets answer as one that has none. */
static void behind_the_fence_nothing_withheld_is_told(void **state)
{
	struct hub *h = *state, *clean = hub_open();
	assert_true(store_begin(h->s, NULL));
	assert_true(store_begin(clean->s, NULL));
	for (guint n = 0; n < RECORDS; n++)
		if (n % SOURCES != 2)
			put_number(clean, n);
	/* words and counts that only withheld records have; `secretive` is near to a word of an open one */
	for (guint n = 0; n < 60; n++) {
		g_autofree char *id = g_strdup_printf("s%u", n);
		put(h, n % 2 ? 2 : 0, id, MERI_MESSAGE, "Takeover of crane", "merger takeover deliverx crane crane",
		    "t1", Y2020 + n * DAY, n % 2 ? NULL : "board");
	}
	assert_true(store_commit(h->s, NULL));
	assert_true(store_commit(clean->s, NULL));
	const gint64 open[] = {h->sources[0], h->sources[1]};
	const char *const names[] = {"maija", NULL};
	struct store_rights rights = {.sources = open, .n_sources = 2, .names = names};
	assert_true(store_fence(h->reader, &rights, NULL));
	static const char *const typed[] = {"crane",      "merger",           "mergre",      "takeov",
					    "deliverx",   "deliver",          "cranes pump", "\"crane and\"",
					    "",           "takeover OR pump", "-crane",      "taken*",
					    "take*",      "kind:message",     "merger pump", "source:tickets",
					    "crane -pump"};
	for (gsize i = 0; i < G_N_ELEMENTS(typed); i++) {
		struct lookup_request request = request_of(typed[i]);
		g_autoptr(lookup_answer) fenced = ask(h, h->reader, &request);
		g_autoptr(lookup_answer) plain = ask(clean, clean->reader, &request);
		g_autofree char *a = told(fenced), *b = told(plain);
		assert_string_equal(a, b);
	}
	/* one of the board finds them */
	const char *const board[] = {"board", NULL};
	rights.names = board;
	assert_true(store_fence(h->reader, &rights, NULL));
	assert_int_equal(total_of(h, "merger"), 30);
	hub_close(clean);
}

int main(void)
{
	setenv("TZ", "Europe/Helsinki", 1);
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(filters_combine_and_facets_leave_their_own_out),
		TEST(fields_of_the_query_are_filters_that_facets_keep),
		TEST(customers_are_filters_and_a_facet),
		TEST(pages_are_the_whole_in_pieces),
		TEST(pages_hold_while_records_come),
		TEST(the_shelf_follows_the_store),
		TEST(counts_are_exact_to_ten_thousand),
		TEST(behind_the_fence_nothing_withheld_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
