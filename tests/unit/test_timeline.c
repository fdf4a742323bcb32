/* A customer's records in the order of time: pages, filters, months, what is open, conversations, last contacts; and
 * that a fence before the tables is no matter to any of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/timeline.h"
#include "store/fence.h"
#include "../storefolder.h"

#define DAY   G_GINT64_CONSTANT(86400)
#define Y2024 G_GINT64_CONSTANT(1704110400) /* 2024-01-01 12:00 UTC */

struct fixture {
	char *folder, *path;
	store *s, *reader;
	text_analyser *analyser;
	identity *who;
	gint64 crm, mail, tickets;
	gint64 acme, other; /* customers */
	guint made;
};

/* A record about the customer of that CRM id. */
static gint64 put(struct fixture *f, gint64 source, enum meri_kind kind, const char *id, const char *title,
		  const char *text, const char *crm, gint64 occurred, const char *thread, const char *status)
{
	const struct meri_pair hint = {"crm-id", crm}, field = {"status", status};
	struct meri_record r = {.size = sizeof r,
				.id = id,
				.kind = kind,
				.title = title,
				.text = text,
				.thread = thread,
				.occurred = occurred,
				.hints = &hint,
				.n_hints = crm != NULL,
				.fields = &field,
				.n_fields = status != NULL};
	gint64 row = 0;
	g_autoptr(GError) error = NULL;
	if (!store_begin(f->s, &error) || !store_put(f->s, source, 1, &r, NULL, &row, &error) ||
	    !identity_resolve(f->who, f->s, row, &r, &error) || !store_commit(f->s, &error))
		fail_msg("%s: %s", id, error->message);
	return row;
}

static void take(struct fixture *f, gint64 source, const char *id)
{
	gint64 removed, held;
	g_autoptr(GError) error = NULL;
	if (!store_begin(f->s, &error) || !store_remove(f->s, source, 1, id, &error) ||
	    !store_removals_settle(f->s, source, &removed, &held, &error) || !identity_settle(f->who, f->s, &error) ||
	    !store_commit(f->s, &error))
		fail_msg("%s: %s", id, error->message);
}

static gint64 customer_named(struct fixture *f, const char *name)
{
	g_autoptr(GPtrArray) found = identity_find(f->who, f->s, name, 1, NULL);
	assert_non_null(found);
	assert_int_equal(found->len, 1);
	return ((const struct identity_found *)found->pdata[0])->id;
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	const struct identity_settings settings = {.language = "fi", .region = "FI"};
	f->folder = g_dir_make_tmp("meri-timeline-XXXXXX", NULL);
	f->path = g_build_filename(f->folder, "meri.db", NULL);
	f->s = store_open(f->path, STORE_WRITE, "fi", NULL);
	f->analyser = text_analyser_new("fi");
	f->who = identity_new(&settings);
	*state = f;
	if (!f->s || !lookup_prepare(f->s, NULL) || !store_begin(f->s, NULL) ||
	    !store_source_ensure(f->s, "crm", "crm_csv", &f->crm, NULL) ||
	    !store_source_ensure(f->s, "mail", "mail", &f->mail, NULL) ||
	    !store_source_ensure(f->s, "tickets", "tickets_jira", &f->tickets, NULL) || !store_commit(f->s, NULL))
		return -1;
	put(f, f->crm, MERI_ACCOUNT, "a1", "Kuusiston Saha Oy", "Sawmill", "K-1", 0, NULL, NULL);
	put(f, f->crm, MERI_ACCOUNT, "a2", "Lehtolan Puutarha Oy", "Garden", "K-2", Y2024 - 40 * DAY, NULL, NULL);
	put(f, f->mail, MERI_MESSAGE, "m1", "Terä rikki", "Vannesahan terä meni poikki.", "K-1", Y2024, "t1", NULL);
	put(f, f->mail, MERI_MESSAGE, "m2", "Vs: Terä rikki", "Uusi terä lähtee huomenna.", "K-1", Y2024 + DAY, "t1",
	    NULL);
	put(f, f->mail, MERI_MESSAGE, "m3", "Lasku", "Lasku terästä.", "K-1", Y2024 + 40 * DAY, "t2", NULL);
	put(f, f->tickets, MERI_TICKET, "T-1", "Saha ei käynnisty", "Lukko päällä.", "K-1", Y2024 + 2 * DAY, NULL,
	    "Työn alla");
	put(f, f->tickets, MERI_TICKET, "T-2", "Kuljetin kolisee", "Laakeri.", "K-1", Y2024 + 2 * DAY, NULL, "Valmis");
	put(f, f->tickets, MERI_TICKET, "T-3", "Vanha vika", "Ei tilaa.", "K-1", Y2024 - 500 * DAY, NULL, NULL);
	put(f, f->mail, MERI_MESSAGE, "m4", "Taimet", "Taimet ovat tulossa.", "K-2", Y2024 + 3 * DAY, NULL, NULL);
	f->acme = customer_named(f, "Kuusiston Saha Oy");
	f->other = customer_named(f, "Lehtolan Puutarha Oy");
	f->reader = store_open(f->path, STORE_READ, "fi", NULL);
	return f->reader && lookup_prepare(f->reader, NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	store_close(f->reader);
	store_close(f->s);
	text_analyser_free(f->analyser);
	identity_free(f->who);
	store_folder_remove(f->folder);
	g_free(f->folder);
	g_free(f->path);
	g_free(f);
	return 0;
}

/* ---- asking ---- */

static GPtrArray *list(const char *word)
{
	GPtrArray *all = g_ptr_array_new();
	if (word)
		g_ptr_array_add(all, (gpointer)word);
	return all;
}

/* External ids of what the filters let through, and how many: "m3 m2 = 2". */
static char *timeline(struct fixture *f, store *s, const char *source, const char *kind, const char *year,
		      const char *typed)
{
	g_autoptr(GPtrArray) sources = list(source);
	g_autoptr(GPtrArray) kinds = list(kind);
	g_autoptr(GPtrArray) years = list(year);
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) moments = lookup_moments(s, f->acme, &error);
	if (!moments)
		fail_msg("%s", error->message);
	const struct lookup_timeline_request request = {.moments = moments,
							.sources = sources,
							.kinds = kinds,
							.years = years,
							.typed = typed,
							.who = f->who,
							.limit = 50,
							.now = Y2024 + 100 * DAY};
	g_autoptr(lookup_page) page = lookup_timeline(s, f->analyser, &request, &error);
	if (!page)
		fail_msg("%s", error->message);
	assert_true(page->end);
	GString *got = g_string_new(NULL);
	for (guint i = 0; i < page->hits->len; i++)
		g_string_append_printf(got, "%s ", ((const struct lookup_hit *)page->hits->pdata[i])->external_id);
	g_string_append_printf(got, "= %d", (int)page->total);
	return g_string_free(got, FALSE);
}

static void shows(struct fixture *f, store *s, const char *source, const char *kind, const char *year,
		  const char *typed, const char *wanted)
{
	g_autofree char *got = timeline(f, s, source, kind, year, typed);
	assert_string_equal(got, wanted);
}

static void test_order_and_filters(void **state)
{
	struct fixture *f = *state;
	shows(f, f->s, NULL, NULL, NULL, NULL, "m3 T-2 T-1 m2 m1 T-3 a1 = 7");
	shows(f, f->s, "mail", NULL, NULL, NULL, "m3 m2 m1 = 3");
	shows(f, f->s, "MAIL", NULL, NULL, "", "m3 m2 m1 = 3");
	shows(f, f->s, "nowhere", NULL, NULL, NULL, "= 0");
	shows(f, f->s, NULL, "ticket", NULL, NULL, "T-2 T-1 T-3 = 3");
	shows(f, f->s, NULL, "nothing", NULL, NULL, "= 0");
	shows(f, f->s, NULL, NULL, "2022", NULL, "T-3 = 1");
	shows(f, f->s, "tickets", "ticket", "2024", NULL, "T-2 T-1 = 2");
	shows(f, f->s, NULL, NULL, "year", NULL, "= 0");
}

static void test_words(void **state)
{
	struct fixture *f = *state;
	shows(f, f->s, NULL, NULL, NULL, "terä", "m3 m2 m1 = 3");
	shows(f, f->s, NULL, NULL, NULL, "terä -lasku", "m2 m1 = 2");
	shows(f, f->s, NULL, NULL, NULL, "kind:ticket", "T-2 T-1 T-3 = 3");
	shows(f, f->s, "tickets", NULL, NULL, "status:valmis OR terä", "T-2 = 1");
	shows(f, f->s, NULL, NULL, NULL, "taimet", "= 0"); /* of another customer */
	shows(f, f->s, NULL, NULL, NULL, "\"(((", "m3 T-2 T-1 m2 m1 T-3 a1 = 7");
}

static void test_marks(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GArray) moments = lookup_moments(f->s, f->acme, NULL);
	const struct lookup_timeline_request request = {
		.moments = moments, .typed = "vannesahan", .limit = 5, .now = Y2024 + 100 * DAY};
	g_autoptr(lookup_page) page = lookup_timeline(f->s, f->analyser, &request, NULL);
	assert_non_null(page);
	assert_int_equal(page->hits->len, 1);
	const struct lookup_hit *hit = page->hits->pdata[0];
	assert_string_equal(hit->snippet, "Vannesahan terä meni poikki.");
	assert_int_equal(hit->marks->len, 1);
	assert_int_equal(g_array_index(hit->marks, struct lookup_mark, 0).length, 10);
	assert_int_equal(hit->customers->len, 1);
}

/* What the daemon's clock calls a month is asked of it here too. */
static void test_months(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GArray) moments = lookup_moments(f->s, f->acme, NULL);
	g_autoptr(GArray) months = lookup_months(moments);
	assert_int_equal(months->len, 3);
	const struct lookup_month *first = &g_array_index(months, struct lookup_month, 0),
				  *second = &g_array_index(months, struct lookup_month, 1);
	assert_int_equal(first->year, 2022);
	assert_int_equal(first->month, 8);
	assert_int_equal(first->counts[MERI_TICKET], 1);
	assert_int_equal(second->year, 2024);
	assert_int_equal(second->month, 1);
	assert_int_equal(second->counts[MERI_MESSAGE], 2);
	assert_int_equal(second->counts[MERI_TICKET], 2);
	assert_int_equal(second->counts[MERI_ACCOUNT], 0);
}

static void test_lasts(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GArray) moments = lookup_moments(f->s, f->acme, NULL);
	g_autoptr(GArray) lasts = lookup_lasts(moments, Y2024 + 10 * DAY);
	assert_int_equal(lasts->len, 3);
	gint64 crm = -1;
	for (guint i = 0; i < lasts->len; i++) {
		const struct lookup_last *last = &g_array_index(lasts, struct lookup_last, i);
		if (last->source == f->mail) {
			assert_int_equal(last->count, 3);
			assert_int_equal(last->last, Y2024 + DAY); /* what is to come is no contact yet */
		}
		if (last->source == f->crm)
			crm = last->last;
	}
	assert_int_equal(crm, 0);
}

static void test_statuses(void **state)
{
	(void)state;
	static const char *const closed[] = {
		"Closed",
		"closed won",
		"Closed Lost",
		"CLOSED - duplicate",
		"Done",
		"Resolved",
		"Valmis",
		"SULJETTU",
		"Hylätty",
		"hävitty",
		"Klar",
		"Stängd",
		"Åtgärdad",
		"Löst",
		"Kauppa voitettu",
		"Won't Fix",
		"Auto-closed",
		" fixed ",
	};
	static const char *const open[] = {
		"Open",
		"Reopened",
		"In Progress",
		"Työn alla",
		"Avoin",
		"Negotiation/Review",
		"Prospecting",
		"To be done",
		"Not closed",
		"Odottaa valmista",
		"Pågår",
		"Ny",
		"",
		"!!!",
		"Inte klar",
		"Ei valmis",
		"Ready to be closed",
		"Waiting for customer",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(closed); i++)
		if (!lookup_status_closed(closed[i]))
			fail_msg("\"%s\" is over", closed[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(open); i++)
		if (lookup_status_closed(open[i]))
			fail_msg("\"%s\" is not over", open[i]);
}

static void test_open_matters(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GArray) moments = lookup_moments(f->s, f->acme, NULL);
	g_autoptr(GPtrArray) all = lookup_open_matters(f->s, moments, 10, NULL);
	assert_int_equal(all->len, 1); /* closed ones, and those of no known state, are not open */
	const struct lookup_matter *matter = all->pdata[0];
	assert_string_equal(matter->title, "Saha ei käynnisty");
	assert_string_equal(matter->status, "Työn alla");
	assert_string_equal(matter->kind, "ticket");
	assert_string_equal(matter->source, "tickets");
	g_autoptr(GPtrArray) none = lookup_open_matters(f->s, moments, 0, NULL);
	assert_int_equal(none->len, 0);
}

static void test_thread(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GArray) moments = lookup_moments(f->s, f->acme, NULL);
	gint64 size = 0, row = g_array_index(moments, struct lookup_moment, 3).id; /* m2 */
	assert_true(lookup_thread_size(f->s, row, 10, &size, NULL));
	assert_int_equal(size, 2);
	g_autoptr(lookup_page) page = lookup_thread(f->s, f->analyser, row, (struct lookup_place){0}, 1, NULL);
	assert_int_equal(page->hits->len, 1);
	assert_string_equal(((const struct lookup_hit *)page->hits->pdata[0])->external_id, "m1");
	assert_false(page->end);
	g_autoptr(lookup_page) rest = lookup_thread(f->s, f->analyser, row, page->next, 5, NULL);
	assert_string_equal(((const struct lookup_hit *)rest->hits->pdata[0])->external_id, "m2");
	assert_true(rest->end);
	gint64 alone = g_array_index(moments, struct lookup_moment, 1).id; /* T-2 */
	g_autoptr(lookup_page) one = lookup_thread(f->s, f->analyser, alone, (struct lookup_place){0}, 5, NULL);
	assert_int_equal(one->hits->len, 1);
	assert_int_equal(one->total, 1);
	g_autoptr(GError) absent = NULL;
	assert_null(lookup_thread(f->s, f->analyser, 4711, (struct lookup_place){0}, 5, &absent));
	assert_true(g_error_matches(absent, STORE_ERROR, STORE_ERROR_ABSENT));
}

/* Customers by last contact, page by page. */
static char *contacts(store *s, guint limit)
{
	struct lookup_place place = {0};
	gboolean end = FALSE;
	GString *got = g_string_new(NULL);
	for (guint page = 0; !end && page < 500; page++) {
		struct lookup_place next;
		g_autoptr(GError) error = NULL;
		g_autoptr(GArray) some = lookup_contacts(s, place, limit, &next, &end, &error);
		if (!some)
			fail_msg("%s", error->message);
		for (guint i = 0; i < some->len; i++)
			g_string_append_printf(got, "%" G_GINT64_FORMAT " ",
					       g_array_index(some, struct lookup_contact, i).customer);
		place = next;
	}
	assert_true(end);
	return g_string_free(got, FALSE);
}

static void test_contacts(void **state)
{
	struct fixture *f = *state;
	struct identity_effect effect;
	json_t *what = json_pack("{s:s, s:s}", "kind", "create", "name", "Käsin Tehty Oy");
	assert_true(store_begin(f->s, NULL));
	assert_true(identity_decide(f->who, f->s, what, "me", NULL, 1, FALSE, &effect, NULL));
	assert_true(store_commit(f->s, NULL));
	g_autofree char *wanted = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " ",
						  f->acme, f->other, effect.customer);
	for (guint limit = 1; limit <= 4; limit++) {
		g_autofree char *got = contacts(f->s, limit);
		assert_string_equal(got, wanted);
	}
	identity_effect_clear(&effect);
	json_decref(what);
}

/* ---- many ---- */

static guint32 dice(GRand *rand, guint32 n)
{
	return (guint32)g_rand_int_range(rand, 0, (gint32)n);
}

enum { MANY = 60, MESSAGES = 3000 };

static void put_in(struct fixture *f, gint64 source, enum meri_kind kind, const char *id, const char *title,
		   const struct meri_pair *hints, gsize n_hints, gint64 occurred)
{
	struct meri_record r = {.size = sizeof r,
				.id = id,
				.kind = kind,
				.title = title,
				.text = "Text",
				.occurred = occurred,
				.hints = hints,
				.n_hints = n_hints};
	gint64 row = 0;
	g_autoptr(GError) error = NULL;
	if (!store_put(f->s, source, 1, &r, NULL, &row, &error) || !identity_resolve(f->who, f->s, row, &r, &error))
		fail_msg("%s: %s", id, error->message);
}

/* Customers by their newest record as SQLite counts it, those of one record by their number. */
static char *counted(store *s)
{
	GString *got = g_string_new(NULL);
	sqlite3_stmt *ask = store_prepare(
		s,
		"SELECT customer_id FROM (SELECT l.customer_id, r.occurred, r.id, row_number() OVER (PARTITION BY "
		"l.customer_id ORDER BY r.occurred DESC, r.id DESC) AS n FROM customer_record l JOIN record r ON r.id "
		"= "
		"l.record_id WHERE l.strength >= 2) WHERE n = 1 ORDER BY occurred DESC, id DESC, customer_id",
		NULL);
	while (store_row(s, ask, NULL) == 1)
		g_string_append_printf(got, "%" G_GINT64_FORMAT " ", (gint64)sqlite3_column_int64(ask, 0));
	return g_string_free(got, FALSE);
}

/* Pages that begin so far down that nobody walks to their beginning again, and records about two customers. */
static void test_contacts_far_down(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GRand) rand = g_rand_new_with_seed(11);
	assert_true(store_begin(f->s, NULL));
	for (guint i = 0; i < MANY; i++) {
		g_autofree char *id = g_strdup_printf("many%u", i), *crm = g_strdup_printf("M-%u", i);
		g_autofree char *name = g_strdup_printf("Yritys%c%c Oy", 'A' + i / 26, 'a' + i % 26);
		const struct meri_pair hint = {"crm-id", crm};
		put_in(f, f->crm, MERI_ACCOUNT, id, name, &hint, 1, Y2024 - 900 * DAY);
	}
	for (guint i = 0; i < MESSAGES; i++) {
		/* The older, the more of them: some customers are met late. */
		guint age = dice(rand, MESSAGES), known = 2 + age * (MANY - 2) / MESSAGES;
		g_autofree char *id = g_strdup_printf("far%u", i), *one = g_strdup_printf("M-%u", dice(rand, known)),
				*two = g_strdup_printf("M-%u", dice(rand, known));
		const struct meri_pair hints[] = {{"crm-id", one}, {"crm-id", two}};
		put_in(f, f->mail, MERI_MESSAGE, id, "Far", hints, 1 + dice(rand, 2), Y2024 - DAY * age / 10);
	}
	assert_true(store_commit(f->s, NULL));
	g_autofree char *wanted = counted(f->s);
	static const guint limits[] = {1, 2, 7, 100};
	for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
		g_autofree char *got = contacts(f->s, limits[i]);
		assert_string_equal(got, wanted);
	}
}

/* ---- while records come and go ---- */

/* Reads the timeline page by page; records come and go between two. What was there all the time is met once, nothing is
 * met twice, and the order holds. */
static void read_while_changing(struct fixture *f, GRand *rand, GHashTable *stays, GPtrArray *goes)
{
	g_autoptr(GHashTable) met = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct lookup_place place = {0};
	gint64 before = G_MAXINT64;
	for (guint page = 0; page < 500; page++) {
		g_autoptr(GArray) moments = lookup_moments(f->s, f->acme, NULL);
		const struct lookup_timeline_request request = {
			.moments = moments, .after = place, .limit = 1 + dice(rand, 7), .now = Y2024};
		g_autoptr(lookup_page) some = lookup_timeline(f->s, f->analyser, &request, NULL);
		for (guint i = 0; i < some->hits->len; i++) {
			const struct lookup_hit *hit = some->hits->pdata[i];
			assert_true(hit->occurred <= before);
			before = hit->occurred;
			assert_true(g_hash_table_add(met, g_strdup(hit->external_id)));
		}
		if (some->end)
			break;
		place = some->next;
		g_autofree char *id = g_strdup_printf("n%u", f->made++);
		put(f, f->mail, MERI_MESSAGE, id, "New", "New", "K-1", Y2024 - DAY * dice(rand, 30), NULL, NULL);
		if (goes->len && dice(rand, 2)) {
			guint at = dice(rand, goes->len);
			take(f, f->mail, goes->pdata[at]);
			g_ptr_array_remove_index_fast(goes, at);
		}
	}
	GHashTableIter iter;
	gpointer id;
	g_hash_table_iter_init(&iter, stays);
	while (g_hash_table_iter_next(&iter, &id, NULL))
		if (!g_hash_table_contains(met, id))
			fail_msg("%s was there all the time and was not met", (char *)id);
}

static void test_pages_while_records_come_and_go(void **state)
{
	struct fixture *f = *state;
	for (guint32 seed = 1; seed <= 5; seed++) {
		g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
		g_autoptr(GHashTable) stays = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
		g_autoptr(GPtrArray) goes = g_ptr_array_new_with_free_func(g_free);
		for (guint i = 0; i < 40; i++) {
			char *id = g_strdup_printf("s%u-%u", seed, i);
			/* Many at the same time: the row decides. */
			put(f, f->mail, MERI_MESSAGE, id, "Old", "Old", "K-1", Y2024 - DAY * dice(rand, 6), NULL, NULL);
			if (i % 2)
				g_hash_table_add(stays, id);
			else
				g_ptr_array_add(goes, id);
		}
		read_while_changing(f, rand, stays, goes);
	}
}

/* ---- behind a fence ---- */

static void test_behind_a_fence(void **state)
{
	struct fixture *f = *state;
	const gint64 open[] = {f->crm, f->mail}, all[] = {f->crm, f->mail, f->tickets};
	const char *const names[] = {"maija", NULL};
	struct store_rights rights = {.sources = open, .n_sources = 2, .names = names};
	g_autoptr(GError) error = NULL;
	if (!store_fence(f->reader, &rights, &error))
		fail_msg("%s", error->message);
	shows(f, f->reader, NULL, NULL, NULL, NULL, "m3 m2 m1 a1 = 4");
	shows(f, f->reader, "tickets", NULL, NULL, NULL, "= 0");
	shows(f, f->reader, NULL, NULL, NULL, "terä", "m3 m2 m1 = 3");
	shows(f, f->reader, NULL, NULL, NULL, "kuljetin", "= 0");
	shows(f, f->reader, NULL, NULL, NULL, "kind:ticket OR terä", "m3 m2 m1 = 3");
	g_autoptr(GArray) moments = lookup_moments(f->reader, f->acme, NULL);
	g_autoptr(GPtrArray) matters = lookup_open_matters(f->reader, moments, 10, NULL);
	assert_int_equal(matters->len, 0);
	rights.sources = all;
	rights.n_sources = 3;
	assert_true(store_fence(f->reader, &rights, NULL));
	shows(f, f->reader, NULL, NULL, NULL, NULL, "m3 T-2 T-1 m2 m1 T-3 a1 = 7");
	rights.n_sources = 0;
	assert_true(store_fence(f->reader, &rights, NULL));
	shows(f, f->reader, NULL, NULL, NULL, NULL, "= 0");
	g_autofree char *nobody = contacts(f->reader, 2);
	assert_string_equal(nobody, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_order_and_filters, setup, teardown),
		cmocka_unit_test_setup_teardown(test_words, setup, teardown),
		cmocka_unit_test_setup_teardown(test_marks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_months, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lasts, setup, teardown),
		cmocka_unit_test(test_statuses),
		cmocka_unit_test_setup_teardown(test_open_matters, setup, teardown),
		cmocka_unit_test_setup_teardown(test_thread, setup, teardown),
		cmocka_unit_test_setup_teardown(test_contacts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_contacts_far_down, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pages_while_records_come_and_go, setup, teardown),
		cmocka_unit_test_setup_teardown(test_behind_a_fence, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
