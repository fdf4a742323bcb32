/* Cursors: what is written is read again, of the same list and of no other; nothing else is a cursor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "serve/cursor.h"
#include "serve/rows.h"

static gint64 any(GRand *rand)
{
	return (gint64)((guint64)g_rand_int(rand) << 32 | g_rand_int(rand));
}

static void test_there_and_back(void **state)
{
	(void)state;
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);
	for (guint i = 0; i < 2000; i++) {
		gint64 numbers[SERVE_CURSOR_NUMBERS] = {0}, got[SERVE_CURSOR_NUMBERS];
		for (guint k = 0; i > 0 && k < SERVE_CURSOR_NUMBERS; k++)
			numbers[k] = i == 1 ? G_MININT64 : i == 2 ? G_MAXINT64 : any(rand);
		g_autofree char *word = serve_cursor_write("/find\nq", numbers);
		assert_int_equal(strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
				 strlen(word)); /* safe in a URL as it is */
		assert_true(serve_cursor_parse("/find\nq", word, got));
		assert_memory_equal(got, numbers, sizeof got);
		assert_false(serve_cursor_parse("/find\nqq", word, got));
		assert_false(serve_cursor_parse("", word, got));
	}
}

static void test_what_is_none(void **state)
{
	(void)state;
	const gint64 numbers[SERVE_CURSOR_NUMBERS] = {1, 2, 3, 4};
	gint64 got[SERVE_CURSOR_NUMBERS];
	g_autofree char *word = serve_cursor_write("list", numbers);
	gsize length = strlen(word);
	static const char *const none[] = {"", "a", "AAAA", "null", "\xff\xfe", "====", "%00"};
	for (gsize i = 0; i < G_N_ELEMENTS(none); i++)
		assert_false(serve_cursor_parse("list", none[i], got));
	for (gsize i = 0; i < length; i++) { /* cut, and with one letter too many */
		g_autofree char *cut = g_strndup(word, i);
		assert_false(serve_cursor_parse("list", cut, got));
	}
	g_autofree char *longer = g_strconcat(word, "A", NULL);
	assert_false(serve_cursor_parse("list", longer, got));
	guint other = 0;
	for (gsize i = 0; i < length; i++) { /* one letter changed: of another list, or other numbers, but read alike */
		g_autofree char *changed = g_strdup(word);
		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		if (!serve_cursor_parse("list", changed, got))
			continue;
		other++;
		g_autofree char *again = serve_cursor_write("list", got);
		assert_string_equal(again, changed);
	}
	assert_true(other < length - 10); /* the list's part is not taken if it is changed */
}

static void test_any_bytes(void **state)
{
	(void)state;
	g_autoptr(GRand) rand = g_rand_new_with_seed(2);
	gint64 got[SERVE_CURSOR_NUMBERS];
	for (guint i = 0; i < 5000; i++) {
		char bytes[70] = {0};
		guint n = (guint)g_rand_int_range(rand, 0, 69);
		for (guint k = 0; k < n; k++)
			bytes[k] = (char)g_rand_int_range(rand, 1, 256);
		assert_false(serve_cursor_parse("list", bytes, got));
	}
}

static void test_doubles(void **state)
{
	(void)state;
	static const double values[] = {0, -0.5, 14.93, 1e300, -1e-300};
	for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
		assert_true(serve_cursor_to_double(serve_cursor_of_double(values[i])) == values[i]);
}

static void test_keys_of_text(void **state)
{
	(void)state;
	static const char *const ordered[] = {"", "a", "ab", "abcdefg", "b", "z", "\xc3\xa4"};
	for (gsize i = 1; i < G_N_ELEMENTS(ordered); i++)
		assert_true(serve_key_of_beginning(ordered[i - 1]) < serve_key_of_beginning(ordered[i]));
	assert_true(serve_key_of_beginning("abcdefgh") == serve_key_of_beginning("abcdefgi"));
	assert_true(serve_key_of_text("abcdefgh") != serve_key_of_text("abcdefgi"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_what_is_none),
		cmocka_unit_test(test_any_bytes),      cmocka_unit_test(test_doubles),
		cmocka_unit_test(test_keys_of_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
