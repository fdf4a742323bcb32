/* Questions to a real store: what matches, what is counted, what is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/match.h"
#include "../storefolder.h"

#define DAY   G_GINT64_CONSTANT(86400)
#define Y2024 G_GINT64_CONSTANT(1704110400) /* 2024-01-01 12:00 UTC */

struct fixture {
	char *folder, *path;
	store *s;
	text_analyser *analyser;
	gint64 crm, mail;
};

struct given {
	const char *source, *id, *title, *text, *thread, *from, *status;
	enum meri_kind kind;
	gint64 occurred;
};

static const struct given GIVEN[] = {
	{"crm", "a1", "Virtasen Konepaja Oy", "Industry: metal\nCity: Tampere", NULL, NULL, NULL, MERI_ACCOUNT, 0},
	{"mail", "m1", "Crane is broken", "The crane in hall two is broken again.", "t1", "Maija Meikäläinen", NULL,
	 MERI_MESSAGE, Y2024},
	{"mail", "m2", "Re: Crane is broken", "We send a mechanic.\n> The crane in hall two is broken again.", "t1",
	 "Support", NULL, MERI_MESSAGE, Y2024 + DAY},
	{"mail", "m3", "Invoice 4711", "The invoice for the crane service.", "t2", "Maija Meikäläinen", NULL,
	 MERI_MESSAGE, Y2024 + 400 * DAY},
	{"crm", "t1", "Crane service contract", "Yearly service of two cranes.", NULL, NULL, "open", MERI_TICKET,
	 Y2024 + 30 * DAY},
};

static void put(struct fixture *f, const struct given *g)
{
	struct meri_party party = {"from", g->from, NULL, NULL};
	struct meri_pair field = {"status", g->status};
	const char *quote = g->text ? strstr(g->text, "> ") : NULL;
	struct meri_span span = {quote ? (size_t)(quote - g->text) : 0, quote ? strlen(quote) : 0};
	struct meri_record r = {.size = sizeof r,
				.id = g->id,
				.kind = g->kind,
				.title = g->title,
				.text = g->text,
				.thread = g->thread,
				.occurred = g->occurred};
	if (g->from)
		r.parties = &party, r.n_parties = 1;
	if (g->status)
		r.fields = &field, r.n_fields = 1;
	if (quote)
		r.quoted = &span, r.n_quoted = 1;
	enum store_change change;
	gint64 row;
	g_autoptr(GError) error = NULL;
	assert_true(store_put(f->s, strcmp(g->source, "crm") ? f->mail : f->crm, 1, &r, &change, &row, &error));
	assert_int_equal(change, STORE_ADDED);
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->folder = g_dir_make_tmp("meri-lookup-XXXXXX", NULL);
	f->path = g_build_filename(f->folder, "meri.db", NULL);
	f->s = store_open(f->path, STORE_WRITE, "fi", NULL);
	f->analyser = text_analyser_new("fi");
	if (!f->s || !lookup_prepare(f->s, NULL) || !store_begin(f->s, NULL) ||
	    !store_source_ensure(f->s, "crm", "crm_csv", &f->crm, NULL) ||
	    !store_source_ensure(f->s, "mail", "mail", &f->mail, NULL))
		return -1;
	for (gsize i = 0; i < G_N_ELEMENTS(GIVEN); i++)
		put(f, &GIVEN[i]);
	*state = f;
	return store_commit(f->s, NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	store_close(f->s);
	text_analyser_free(f->analyser);
	store_folder_remove(f->folder);
	g_free(f->folder);
	g_free(f->path);
	g_free(f);
	return 0;
}

static struct lookup_answer *ask(struct fixture *f, const char *typed)
{
	struct lookup_request request = {.typed = typed, .limit = 20, .now = Y2024 + 500 * DAY};
	g_autoptr(GError) error = NULL;
	struct lookup_answer *answer = lookup_find(f->s, f->analyser, &request, &error);
	if (!answer)
		fail_msg("%s: %s", typed, error->message);
	return answer;
}

/* The hits' ids in order, with a total and how many more each conversation has: "m1+1 t1 = 3". */
static void finds(struct fixture *f, const char *typed, const char *wanted)
{
	g_autoptr(lookup_answer) answer = ask(f, typed);
	g_autoptr(GString) got = g_string_new(NULL);
	for (guint i = 0; i < answer->hits->len; i++) {
		const struct lookup_hit *hit = answer->hits->pdata[i];
		g_string_append_printf(got, hit->more ? "%s+%u " : "%s ", hit->external_id, hit->more);
	}
	g_string_append_printf(got, "= %d", (int)answer->total);
	assert_string_equal(got->str, wanted);
}

static void words_match(void **state)
{
	finds(*state, "konepaja", "a1 = 1");
	finds(*state, "KONEPAJA tampere", "a1 = 1");
	finds(*state, "\"crane service\"", "t1 m3 = 2");
	finds(*state, "\"service crane\"", "= 0");
	finds(*state, "invo*", "m3 = 1");
	finds(*state, "maija invoice", "m3 = 1");
}

static void notes(struct fixture *f, const char *typed, const char *wanted)
{
	g_autoptr(lookup_answer) answer = ask(f, typed);
	g_ptr_array_add(answer->notes, NULL);
	g_autofree char *all = g_strjoinv("; ", (char **)answer->notes->pdata);
	assert_string_equal(all, wanted);
	g_ptr_array_set_size(answer->notes, (int)answer->notes->len - 1);
}

static void what_no_record_has_whole_is_found_in_part(void **state)
{
	finds(*state, "konepaja invoice", "m3 a1 = 2");
	notes(*state, "konepaja invoice", "no record has all of these words: shown are those that have most");
	finds(*state, "invoice crane helsinki kind:message", "m3 m1+1 = 3");
	notes(*state, "konepaja helsinki",
	      "\"helsinki\" is nowhere; no record has all of these words: shown are those that have most");
	finds(*state, "helsinki", "= 0");
	notes(*state, "helsinki", "\"helsinki\" is nowhere");
	finds(*state, "\"service crane\" -invoice", "= 0");
}

static void slips_are_mended_and_said(void **state)
{
	finds(*state, "kranes invioce", "m3 = 1");
	notes(*state, "mechnic", "\"mechnic\" is nowhere: searched \"mechanic\" instead");
	notes(*state, "mecha", "\"mecha\" is nowhere: searched as the beginning of words");
	finds(*state, "xyzzy", "= 0");
}

static void denied_and_either(void **state)
{
	finds(*state, "crane -broken -contract", "m3 = 1");
	finds(*state, "tampere OR invoice", "m3 a1 = 2");
	finds(*state, "-crane", "a1 = 1");
	finds(*state, "invoice OR kind:account", "m3 a1 = 2");
	finds(*state, "invoice OR -crane", "m3 a1 = 2");
}

static void fields_filter(void **state)
{
	finds(*state, "crane source:crm", "t1 = 1");
	finds(*state, "crane kind:viesti", "m1+1 m3 = 3");
	finds(*state, "status:OPEN", "t1 = 1");
	finds(*state, "from:maija", "m3 m1 = 2");
	finds(*state, "after:2025", "m3 = 1");
	finds(*state, "crane before:2024-01-15", "m1+1 = 2");
	finds(*state, "last:120d", "m3 = 1");
	finds(*state, "source:nowhere", "= 0");
}

/* One hit a conversation; words that only quote another count little. */
static void conversations_fold(void **state)
{
	finds(*state, "broken", "m1+1 = 2");
	finds(*state, "mechanic", "m2 = 1");
}

static void nothing_typed_is_all_newest_first(void **state)
{
	finds(*state, "", "m3 t1 m2+1 a1 = 5");
	finds(*state, "&& !!", "m3 t1 m2+1 a1 = 5");
}

static void facets_count_all_matches(void **state)
{
	g_autoptr(lookup_answer) answer = ask(*state, "crane");
	const struct lookup_count *first = answer->sources->pdata[0], *kind = answer->kinds->pdata[0],
				  *year = answer->years->pdata[0];
	assert_int_equal(answer->sources->len, 2);
	assert_string_equal(first->value, "mail");
	assert_int_equal(first->count, 3);
	assert_string_equal(kind->value, "message");
	assert_int_equal(kind->count, 3);
	assert_string_equal(year->value, "2025");
	assert_int_equal(year->count, 1);
}

static void notes_tell_what_cannot_match(void **state)
{
	g_autoptr(lookup_answer) answer = ask(*state, "kind:invoices source:nowhere");
	assert_int_equal(answer->notes->len, 2);
	assert_non_null(strstr(answer->notes->pdata[0], "kind:invoices is no kind"));
	assert_non_null(strstr(answer->notes->pdata[1], "nowhere is no source"));
}

/* The marked words of the snippet, "/" between. */
static void marks(struct fixture *f, const char *typed, const char *text, guint width, const char *snippet,
		  const char *marked)
{
	g_autoptr(lookup_query) query = lookup_query_read(typed, Y2024);
	g_autoptr(lookup_match) match = lookup_match_new(f->s, f->analyser, NULL, query, 5, FALSE);
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct lookup_mark));
	g_autofree char *shown = lookup_snippet(f->analyser, match, text, width, found);
	g_autoptr(GString) got = g_string_new(NULL);
	for (guint i = 0; i < found->len; i++) {
		const struct lookup_mark *mark = &g_array_index(found, struct lookup_mark, i);
		g_autofree char *word = g_utf8_substring(shown, mark->start, mark->start + mark->length);
		g_string_append_printf(got, "%s%s", i ? "/" : "", word);
	}
	if (snippet)
		assert_string_equal(shown, snippet);
	assert_string_equal(got->str, marked);
}

static void snippets_mark_words_as_written(void **state)
{
	struct fixture *f = *state;
	marks(f, "crane", "The Crane, a crane.", 200, "The Crane, a crane.", "Crane/crane");
	marks(f, "\"hall two\"", "two halls; hall one,\n hall two", 200, "two halls; hall one, hall two", "hall two");
	marks(f, "inv*", "Invoices & inventory", 200, NULL, "Invoices/inventory");
	marks(f, "-crane hall", "crane hall", 200, NULL, "hall");
	marks(f, "crane", "", 200, "", "");
	marks(f, "nothing", "only this", 200, "only this", "");
	marks(f, "määrä", "äö määrä €", 200, "äö määrä €", "määrä");
	marks(f, "maara", "äö määrästä €", 200, NULL, "määrästä");
	marks(f, "sopimus", "Huoltosopimuksen mukaan.", 200, NULL, "Huoltosopimuksen");
	marks(f, "virtanen", "Virtasella, Virtaset", 200, NULL, "Virtasella/Virtaset");
	marks(f, "\"oil-free pump\"", "An oil-free pump.", 200, NULL, "oil-free pump");
	marks(f, "ABC-123", "see abc-123, not 123", 200, NULL, "abc-123");
	marks(f, "040 123 4567", "call +358 40 1234567 now", 200, NULL, "358 40 1234567");
	marks(f, "crane", "a <b>crane</b> &amp; \"crane\"", 200, "a <b>crane</b> &amp; \"crane\"", "crane/crane");
	marks(f, "crane",
	      "\x07"
	      "a\x1b[31m crane\r\n\t\tof steel",
	      200, "a [31m crane of steel", "crane");
	marks(f, "crane",
	      "\xe2\x80\xae"
	      "a crane\xe2\x81\xa9 of steel",
	      200, "a crane of steel", "crane");
}

static void snippets_show_the_best_stretch(void **state)
{
	g_autoptr(GString) text = g_string_new("crane ");
	for (int i = 0; i < 400; i++)
		g_string_append(text, "filler\t\n");
	g_string_append(text, "the crane in hall two ");
	for (int i = 0; i < 400; i++)
		g_string_append(text, "ending ");
	struct fixture *f = *state;
	g_autoptr(lookup_query) query = lookup_query_read("crane hall", Y2024);
	g_autoptr(lookup_match) match = lookup_match_new(f->s, f->analyser, NULL, query, 5, FALSE);
	g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(struct lookup_mark));
	g_autofree char *shown = lookup_snippet(f->analyser, match, text->str, 80, found);
	assert_int_equal(found->len, 2);
	assert_non_null(strstr(shown, "the crane in hall two"));
	assert_true(g_utf8_strlen(shown, -1) < 160);
	assert_true(g_str_has_prefix(shown, "…"));
	assert_true(g_str_has_suffix(shown, "…"));
}

static void a_record_is_whole(void **state)
{
	struct fixture *f = *state;
	g_autoptr(lookup_answer) answer = ask(f, "mechanic");
	const struct lookup_hit *hit = answer->hits->pdata[0];
	g_autoptr(GError) error = NULL;
	g_autoptr(lookup_record) record = lookup_record_get(f->s, hit->id, &error);
	assert_non_null(record);
	assert_string_equal(record->head.source, "mail");
	assert_string_equal(record->text, GIVEN[2].text);
	assert_int_equal(record->parties->len, 4);
	assert_string_equal(record->parties->pdata[1], "Support");
	assert_null(lookup_record_get(f->s, 999, &error));
	assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_ABSENT));
}

int main(void)
{
	setenv("TZ", "Europe/Helsinki", 1);
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(words_match),
		TEST(what_no_record_has_whole_is_found_in_part),
		TEST(slips_are_mended_and_said),
		TEST(denied_and_either),
		TEST(fields_filter),
		TEST(conversations_fold),
		TEST(nothing_typed_is_all_newest_first),
		TEST(facets_count_all_matches),
		TEST(notes_tell_what_cannot_match),
		TEST(snippets_mark_words_as_written),
		TEST(snippets_show_the_best_stretch),
		TEST(a_record_is_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
