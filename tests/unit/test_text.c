/* text: what a word becomes, and that what was written in one form is asked for in every other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/analyser.h"
#include "text/namekey.h"
#include "text/shared.h"
#include "text/text.h"

static text_analyser *analyser;

static int collect(const struct text_token *token, void *user)
{
	GPtrArray *to = user;
	g_ptr_array_add(to, g_strndup(token->term, token->length));
	return 0;
}

static GPtrArray *terms(text_analyser *a, enum text_mode mode, const char *text)
{
	GPtrArray *to = g_ptr_array_new_with_free_func(g_free);
	text_terms(a, mode, text, strlen(text), collect, to);
	return to;
}

static gboolean holds(GPtrArray *terms, const char *term)
{
	return g_ptr_array_find_with_equal_func(terms, term, g_str_equal, NULL);
}

/* Whether one of the query's terms is among the text's. `parts`: those of compounds count. */
static gboolean finds(text_analyser *a, const char *query, const char *text, gboolean parts)
{
	g_autoptr(GPtrArray) asked = terms(a, TEXT_QUERY, query);
	g_autoptr(GPtrArray) indexed = terms(a, TEXT_DOCUMENT, text);
	for (guint i = 0; i < asked->len; i++)
		if ((parts || *(char *)asked->pdata[i] != TEXT_MARK_PART) && holds(indexed, asked->pdata[i]))
			return TRUE;
	return FALSE;
}

static void assert_all_find_each_other(text_analyser *a, const char *const *forms)
{
	for (guint i = 0; forms[i]; i++)
		for (guint k = 0; forms[k]; k++)
			if (!finds(a, forms[i], forms[k], FALSE))
				fail_msg("%s does not find %s", forms[i], forms[k]);
}

#define TOGETHER(a, ...) assert_all_find_each_other(a, (const char *const[]){__VA_ARGS__, NULL})

static void need_dictionary(void)
{
	if (text_missing(analyser)) {
		print_message("skipped: %s\n", text_missing(analyser));
		skip();
	}
}

static void test_finnish_words(void **state)
{
	(void)state;
	need_dictionary();
	TOGETHER(analyser, "sopimus", "Sopimuksen", "sopimuksissamme", "SOPIMUSTA", "sopimuskin");
	TOGETHER(analyser, "toimittaa", "toimitin", "toimittaisimme");
	assert_false(finds(analyser, "sopimus", "sopia", FALSE));
	assert_false(finds(analyser, "laki", "lakka", FALSE));
}

static void test_compounds_are_found_by_parts_but_apart(void **state)
{
	(void)state;
	need_dictionary();
	assert_true(finds(analyser, "sopimuksia", "huoltosopimuksen", TRUE));
	assert_false(finds(analyser, "sopimuksia", "huoltosopimuksen", FALSE));
	assert_true(finds(analyser, "maa", "EU-maiden", TRUE));
	assert_false(finds(analyser, "maa", "EU-maiden", FALSE));
	TOGETHER(analyser, "EU-maa", "EU-maiden", "eu-maihin");
	/* made of a word and endings, and behind what stands before others only */
	assert_true(finds(analyser, "valvonta", "etävalvontaa", TRUE));
	assert_true(finds(analyser, "valvonnan", "valvontakameran", TRUE));
	assert_true(finds(analyser, "hoitajat", "lähihoitajien", TRUE));
	assert_true(finds(analyser, "toimittaja", "toimittajasopimuksen", TRUE));
	assert_false(finds(analyser, "valvonta", "etävalvontaa", FALSE));
}

static void test_names_no_dictionary_knows(void **state)
{
	(void)state;
	TOGETHER(analyser, "Kempower", "Kempowerin", "Kempoweria", "kempowerille", "Kempowerissa", "Kempoweriin");
	TOGETHER(analyser, "Vonkanen", "Vonkasen", "Vonkasta", "Vonkaselle", "Vonkasten", "Vonkasia");
	TOGETHER(analyser, "Zelpo", "Zelpon", "Zelpolta", "Zelpoa", "Zelpoon", "Zelpoja");
	TOGETHER(analyser, "Uustekko", "Uustekon", "Uustekosta", "Uustekkoa");
	TOGETHER(analyser, "XQB", "XQB:n", "XQB:lle", "XQB:ssä");
	assert_false(finds(analyser, "Kempower", "Zelpo", FALSE));
}

static void test_a_word_without_its_dots(void **state)
{
	(void)state;
	TOGETHER(analyser, "Ähtärkkö", "Ahtarkkon");
	assert_true(finds(analyser, "Sjobladin", "Sjöblad", FALSE));
	need_dictionary();
	assert_true(finds(analyser, "hameenlinnassa", "Hämeenlinnan kaupunki", FALSE));
	assert_true(finds(analyser, "tyontekijoille", "työntekijän", FALSE));
	assert_false(finds(analyser, "sää", "saan", FALSE));
}

static void test_swedish_and_english(void **state)
{
	(void)state;
	g_autoptr(text_analyser) swedish = text_analyser_new("sv");
	g_autoptr(text_analyser) english = text_analyser_new("en");
	TOGETHER(swedish, "avtal", "avtalet", "avtalets", "avtalen");
	TOGETHER(swedish, "flicka", "flickan", "flickor", "flickornas");
	TOGETHER(swedish, "fågel", "fågeln", "fåglar", "fåglarna");
	TOGETHER(swedish, "underhållsplan", "underhållsplanen", "underhållsplaner", "underhållsplanens");
	TOGETHER(english, "delivery", "deliveries", "Delivery's");
	TOGETHER(english, "buy", "bought", "buying");
	TOGETHER(english, "busy", "busier", "busiest");
	TOGETHER(english, "year", "years", "yrs");
	TOGETHER(analyser, "option", "options"); /* optio, in Finnish */
	/* a hub of another language, and a text that tells its own */
	assert_true(finds(analyser, "deliveries", "We are waiting for the delivery of the goods.", FALSE));
	assert_true(finds(analyser, "avtalet", "Vi har ett nytt avtal och det är bra för alla.", FALSE));
}

static void test_one_spelling(void **state)
{
	(void)state;
	TOGETHER(analyser, "Beyoncé", "beyonce", "BEYONCE\xcc\x81");
	TOGETHER(analyser, "ＡＢＣ", "abc");
	TOGETHER(analyser, "a\xcc\x88iti", "äiti", "ÄITI");
	TOGETHER(analyser, "o’brien", "O'Brien");
	TOGETHER(analyser, "yhteis\xc2\xadtyö", "yhteistyö");
}

static void test_ids_numbers_addresses(void **state)
{
	(void)state;
	TOGETHER(analyser, "ABC-123", "abc123", "ABC_123", "Abc-123");
	TOGETHER(analyser, "1234567-8", "12345678");
	TOGETHER(analyser, "15.3.2024", "15.03.2024", "2024-03-15");
	TOGETHER(analyser, "12,50", "12.50");
	TOGETHER(analyser, "e-mail", "email", "E-Mails");
	TOGETHER(analyser, "+358 40 123 4567", "040-1234567", "0401234567", "040 123 45 67", "00358401234567",
		 "+358 (0)40 1234567", "(040) 123 4567");
	assert_false(finds(analyser, "040 123 4567", "050 123 4567", FALSE));
	TOGETHER(analyser, "Matti.Virtanen@Esimerkki.fi", "matti.virtanen@esimerkki.fi");
	assert_true(finds(analyser, "virtanen", "matti.virtanen@esimerkki.fi", FALSE));
	assert_true(finds(analyser, "esimerkki.fi", "matti.virtanen@esimerkki.fi", FALSE));
	assert_true(finds(analyser, "tarjous", "C:\\asiakkaat\\tarjous_2024.pdf", FALSE));
}

struct place {
	size_t length, last;
	guint tokens, places;
};

static int check_place(const struct text_token *token, void *user)
{
	struct place *p = user;
	assert_true(token->start < token->end && token->end <= p->length);
	assert_true(token->start >= p->last);
	assert_true(token->length > 0);
	p->last = token->start;
	p->tokens++;
	p->places += !token->colocated;
	return 0;
}

static void test_offsets(void **state)
{
	(void)state;
	const char *text =
		"Ääkköset: \xff\xfe ja \xc3 (puhelin +358 40 123 4567), a.b@c.fi, http://x.fi/y?z=1 \xe2\x82";
	struct place p = {.length = strlen(text)};
	text_terms(analyser, TEXT_DOCUMENT, text, p.length, check_place, &p);
	assert_int_equal(p.places, 17);
	g_autofree char *junk = g_strnfill(5000, 'x');
	p = (struct place){.length = 5000};
	text_terms(analyser, TEXT_DOCUMENT, junk, 5000, check_place, &p);
	assert_in_range(p.tokens, 1, 30);
}

static int stop_at_second(const struct text_token *token, void *user)
{
	int *n = user;
	(void)token;
	return ++*n == 2 ? 42 : 0;
}

static void test_a_visit_can_end_it(void **state)
{
	(void)state;
	int n = 0;
	assert_int_equal(text_terms(analyser, TEXT_DOCUMENT, "1 2 3 4", 7, stop_at_second, &n), 42);
	assert_int_equal(n, 2);
}

static void test_without_a_dictionary(void **state)
{
	(void)state;
	g_autoptr(text_analyser) bare = analyser_new("fi", FALSE);
	assert_non_null(text_missing(bare));
	assert_non_null(strstr(text_missing(bare), "voikko-fi"));
	assert_string_not_equal(text_rules(bare), "");
	TOGETHER(bare, "sopimus", "sopimuksen", "sopimusta");
	TOGETHER(bare, "Kempower", "Kempowerin");
	if (!text_missing(analyser))
		assert_string_not_equal(text_rules(bare), text_rules(analyser));
}

static void test_rules_differ_by_language(void **state)
{
	(void)state;
	g_autoptr(text_analyser) swedish = text_analyser_new("sv");
	assert_string_not_equal(text_rules(swedish), text_rules(analyser));
}

/* The cache forgets; what it made must not change by that. */
static void test_the_cache_changes_nothing(void **state)
{
	(void)state;
	g_autoptr(text_analyser) tired = analyser_new("fi", FALSE);
	g_autoptr(GPtrArray) before = terms(tired, TEXT_DOCUMENT, "Sopimuksen liitteet toimitetaan asiakkaalle");
	GString *many = g_string_new(NULL);
	for (guint i = 0; i < 400000; i++)
		g_string_append_printf(many, "%c%c%c%c%cq ", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26,
				       'a' + i / 17576 % 26, 'a' + i / 456976 % 26);
	struct place p = {.length = many->len};
	text_terms(tired, TEXT_DOCUMENT, many->str, many->len, check_place, &p);
	assert_int_equal(p.places, 400000);
	g_string_free(many, TRUE);
	g_autoptr(GPtrArray) after = terms(tired, TEXT_DOCUMENT, "Sopimuksen liitteet toimitetaan asiakkaalle");
	assert_int_equal(before->len, after->len);
	for (guint i = 0; i < before->len; i++)
		assert_string_equal(before->pdata[i], after->pdata[i]);
}

/* What one analyser asked the dictionary, the next need not. */
static void test_analysers_share_what_they_know(void **state)
{
	(void)state;
	static const char text[] = "Huoltosopimuksen liitteet toimitetaan Kempowerille";
	g_autoptr(text_analyser) first = text_analyser_new("fi");
	g_autoptr(text_analyser) second = text_analyser_new("fi");
	struct terms known;
	need_dictionary();
	shared_forget();
	assert_false(shared_get("liitteet", 8, LANGUAGE_UNKNOWN, &known));
	g_autoptr(GPtrArray) one = terms(first, TEXT_DOCUMENT, text);
	assert_true(shared_get("liitteet", 8, LANGUAGE_UNKNOWN, &known) ||
		    shared_get("liitteet", 8, LANGUAGE_FI, &known));
	g_autoptr(GPtrArray) other = terms(second, TEXT_DOCUMENT, text);
	assert_int_equal(one->len, other->len);
	for (guint i = 0; i < one->len; i++)
		assert_string_equal(one->pdata[i], other->pdata[i]);
}

static char *asked(const char *text, gboolean prefix)
{
	g_autoptr(GPtrArray) words = text_query(analyser, text, strlen(text), prefix);
	GString *all = g_string_new(NULL);
	for (guint i = 0; i < words->len; i++) {
		g_string_append_c(all, ';');
		text_match_word(all, words->pdata[i], TEXT_ALL);
	}
	return g_string_free(all, FALSE);
}

/* A query asks for the same, whether the dictionary is asked or what it said before. */
static void test_queries_are_remembered(void **state)
{
	(void)state;
	static const char *const queries[] = {"huoltosopimuksen liite", "Hameenlinna", "EU:n maksut", "konepajoil",
					      "a"};
	for (guint i = 0; i < G_N_ELEMENTS(queries); i++)
		for (int prefix = 0; prefix < 2; prefix++) {
			shared_forget();
			g_autofree char *first = asked(queries[i], prefix), *second = asked(queries[i], prefix);
			assert_string_equal(first, second);
		}
	g_autofree char *whole = asked("konepaja", FALSE), *half = asked("konepaja", TRUE),
			*name = asked("Konepaja", FALSE);
	assert_string_not_equal(whole, half);
	assert_string_not_equal(whole, name);
}

static gpointer analyse_apart(gpointer number)
{
	g_autoptr(text_analyser) own = text_analyser_new("fi");
	guint right = 0;
	for (guint i = 0; i < 200; i++)
		right += finds(own, "sopimus", "Sopimuksen", FALSE) && finds(own, "Kempowerin", "Kempower", FALSE);
	(void)number;
	return GUINT_TO_POINTER(right);
}

static void test_one_analyser_a_thread(void **state)
{
	(void)state;
	GThread *threads[4];
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("words", analyse_apart, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		assert_int_equal(GPOINTER_TO_UINT(g_thread_join(threads[i])), 200);
}

static int set_up(void **state)
{
	(void)state;
	analyser = text_analyser_new("fi");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	text_analyser_free(analyser);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finnish_words),
		cmocka_unit_test(test_compounds_are_found_by_parts_but_apart),
		cmocka_unit_test(test_names_no_dictionary_knows),
		cmocka_unit_test(test_a_word_without_its_dots),
		cmocka_unit_test(test_swedish_and_english),
		cmocka_unit_test(test_one_spelling),
		cmocka_unit_test(test_ids_numbers_addresses),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_a_visit_can_end_it),
		cmocka_unit_test(test_without_a_dictionary),
		cmocka_unit_test(test_rules_differ_by_language),
		cmocka_unit_test(test_the_cache_changes_nothing),
		cmocka_unit_test(test_analysers_share_what_they_know),
		cmocka_unit_test(test_queries_are_remembered),
		cmocka_unit_test(test_one_analyser_a_thread),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
