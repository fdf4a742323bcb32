/* How what people type is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/query.h"

/* 2026-03-01 12:00 UTC */
#define NOW G_GINT64_CONSTANT(1772366400)

static void reads(const char *typed, const char *as, const char *note)
{
	g_autoptr(lookup_query) query = lookup_query_read(typed, NOW);
	g_autofree char *words = lookup_query_words(query);
	assert_string_equal(words, as);
	assert_int_equal(query->notes->len, note ? 1 : 0);
	if (note)
		assert_non_null(strstr(query->notes->pdata[0], note));
}

static void words_and_phrases(void **state)
{
	(void)state;
	reads("", "", NULL);
	reads("   ", "", NULL);
	reads("virtasen konepaja", "virtasen konepaja", NULL);
	reads("\"virtasen konepaja\" huolto", "\"virtasen konepaja\" huolto", NULL);
	reads("„huolto sopimus“", "\"huolto sopimus\"", NULL);
	reads("\"never closed", "\"never closed\"", NULL);
	reads("\"\" x", "x", NULL);
	reads("konep*", "konep*", NULL);
	reads("*", "", NULL);
	reads("ABC-123 info@example.fi", "ABC-123 info@example.fi", NULL);
}

static void not_and_or(void **state)
{
	(void)state;
	reads("huolto -tarjous", "huolto -tarjous", NULL);
	reads("huolto - tarjous", "huolto - tarjous", NULL);
	reads("-\"a b\"", "-\"a b\"", NULL);
	reads("--a", "a", NULL);
	reads("-(a b)", "-(a b)", NULL);
	reads("a OR b c", "(a OR b) c", NULL);
	reads("a tai b", "a tai b", NULL);
	reads("a TAI b ELLER c", "a OR b OR c", NULL);
	reads("a | b", "a OR b", NULL);
	reads("a|b", "a OR b", NULL);
	reads("OR a OR", "a", NULL);
	reads("a AND b JA c OCH d", "a b c d", NULL);
	reads("(a OR (b c)) -d", "(a OR (b c)) -d", NULL);
	reads("((((", "", NULL);
	reads("a ) b", "a b", NULL);
	reads("(a", "a", NULL);
	reads("()", "", NULL);
}

static void fields(void **state)
{
	(void)state;
	reads("source:crm", "source:crm", NULL);
	reads("SOURCE:crm", "source:crm", NULL);
	reads("lähde:crm källa:crm", "source:crm source:crm", NULL);
	reads("source:crm,mail", "source:crm OR source:mail", NULL);
	reads("-kind:ticket x", "-kind:ticket x", NULL);
	reads("asiakas:\"Virtasen Konepaja\"", "customer:\"Virtasen Konepaja\"", NULL);
	reads("after:2024-03", "after:2024-03-01", NULL);
	reads("before:2024", "before:2024-01-01", NULL);
	reads("after:2024-02-30", "after:2024-02-30", "is no date");
	reads("after:soon", "after:soon", "is no date");
	reads("last:90d", "after:2025-12-01", NULL);
	reads("last:3kk", "after:2025-12-01", NULL);
	reads("last:x", "last:x", "is no span");
	reads("source: x", "x", "has no value");
	reads("colour:red", "colour:red", "colour: is no field");
	reads("https://example.fi/a 12:30 Re:", "https://example.fi/a 12:30 Re:", NULL);
}

/* A date is the beginning of that day where the daemon stands. */
static void dates_are_local(void **state)
{
	(void)state;
	g_autoptr(lookup_query) query = lookup_query_read("after:2024-03-15", NOW);
	g_autoptr(GDateTime) day = g_date_time_new_local(2024, 3, 15, 0, 0, 0);
	const struct lookup_node *node = query->root->children->pdata[0];
	assert_int_equal(node->time, g_date_time_to_unix(day));
}

/* Whatever is typed, what is shown as the reading is read the same again. */
static void any_input_has_a_reading(void **state)
{
	(void)state;
	static const char *const pieces[] = {"a",    "(",   ")",       "\"",         "-", "OR", "|",
					     "*",    ":",   "source:", "after:2024", " ", " ",  "é",
					     "\xff", "x y", "last:1y", ",",          "”", "''"};
	guint32 seed = 20260301;
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	for (int round = 0; round < 20000; round++) {
		g_autoptr(GString) typed = g_string_new(NULL);
		for (int n = g_rand_int_range(rand, 0, 14); n > 0; n--)
			g_string_append(typed, pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))]);
		g_autoptr(lookup_query) once = lookup_query_read(typed->str, NOW);
		g_autofree char *first = lookup_query_words(once);
		g_autoptr(lookup_query) again = lookup_query_read(first, NOW);
		g_autofree char *second = lookup_query_words(again);
		if (strcmp(first, second))
			fail_msg("seed %u round %d: \"%s\" reads as \"%s\", and that as \"%s\"", seed, round,
				 typed->str, first, second);
	}
}

static void very_long_input_is_cut(void **state)
{
	(void)state;
	g_autofree char *brackets = g_strnfill(LOOKUP_QUERY_MAX * 2, '(');
	g_autoptr(lookup_query) query = lookup_query_read(brackets, NOW);
	assert_int_equal(query->notes->len, 1);
	g_autofree char *minus = g_strnfill(LOOKUP_QUERY_MAX - 1, '-');
	g_autofree char *typed = g_strconcat(minus, "a", NULL);
	g_autoptr(lookup_query) denied = lookup_query_read(typed, NOW);
	assert_int_equal(denied->root->children->len, 1);
}

int main(void)
{
	setenv("TZ", "Europe/Helsinki", 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_phrases),
		cmocka_unit_test(not_and_or),
		cmocka_unit_test(fields),
		cmocka_unit_test(dates_are_local),
		cmocka_unit_test(any_input_has_a_reading),
		cmocka_unit_test(very_long_input_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
