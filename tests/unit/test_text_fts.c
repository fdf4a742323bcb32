/* text in FTS5: what is asked of the index is what is in it: phrases over terms that share a place, prefixes, wholes
 * and parts; and where in a text the words stand that matched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "text/text.h"

struct fixture {
	sqlite3 *db;
	text_analyser *analyser;
};

static const char *const texts[] = {
	"Huoltosopimuksen irtisanominen on tehty kirjallisesti.",                                     /* 1 */
	"Konepajojen tilauksesta (ABC-123) soitti Virtasen Kalle, 040 123 4567.",                     /* 2 */
	"The delivery of two new machines was delayed, wrote john.smith@example.com",                 /* 3 */
	"Avtalet gäller alla kunder i Helsingfors och kunderna är nöjda med det.",                    /* 4 */
	"Sopimus uusi, uusi sopimus, sopimuksen uusi liite raportti_2024.pdf",                        /* 5 */
	"Coca-Cola Oy:n tuotteita; Kempowerin laturit, ks. https://www.example.com/tuki/laturit?x=1", /* 6 */
};

static void run(sqlite3 *db, const char *sql)
{
	char *message = NULL;
	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
}

static int set_up(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	assert_int_equal(sqlite3_open(":memory:", &f->db), SQLITE_OK);
	assert_int_equal(text_register(f->db, "fi"), SQLITE_OK);
	run(f->db, "CREATE TABLE doc(id INTEGER PRIMARY KEY, x TEXT);"
		   "CREATE VIRTUAL TABLE t USING fts5(x, content='doc', content_rowid='id', tokenize=meri)");
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		char *sql = sqlite3_mprintf("INSERT INTO doc VALUES (%u, %Q)", i + 1, texts[i]);
		run(f->db, sql);
		sqlite3_free(sql);
	}
	run(f->db, "INSERT INTO t(t) VALUES ('rebuild')");
	f->analyser = text_analyser_new("fi");
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	text_analyser_free(f->analyser);
	assert_int_equal(sqlite3_close(f->db), SQLITE_OK);
	g_free(f);
	return 0;
}

/* The rows that match, as "1 5". */
static char *rows(struct fixture *f, const char *match)
{
	GString *found = g_string_new(NULL);
	sqlite3_stmt *select = NULL;
	assert_int_equal(
		sqlite3_prepare_v2(f->db, "SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid", -1, &select, NULL),
		SQLITE_OK);
	sqlite3_bind_text(select, 1, match, -1, SQLITE_STATIC);
	int status;
	while ((status = sqlite3_step(select)) == SQLITE_ROW)
		g_string_append_printf(found, "%s%d", found->len ? " " : "", sqlite3_column_int(select, 0));
	if (status != SQLITE_DONE)
		fail_msg("%s: %s", match, sqlite3_errmsg(f->db));
	sqlite3_finalize(select);
	return g_string_free(found, FALSE);
}

static void assert_words(struct fixture *f, const char *query, gboolean prefix, unsigned classes, const char *wanted)
{
	g_autoptr(GPtrArray) words = text_query(f->analyser, query, strlen(query), prefix);
	g_autoptr(GString) match = g_string_new(NULL);
	for (guint i = 0; i < words->len; i++) {
		g_string_append(match, i ? " AND " : "");
		assert_true(text_match_word(match, words->pdata[i], classes));
	}
	g_autofree char *found = rows(f, match->str);
	if (strcmp(found, wanted))
		fail_msg("%s finds '%s', not '%s', by %s", query, found, wanted, match->str);
}

static void assert_phrase(struct fixture *f, const char *query, unsigned classes, const char *wanted)
{
	g_autoptr(GPtrArray) words = text_query(f->analyser, query, strlen(query), FALSE);
	g_autoptr(GString) match = g_string_new(NULL);
	assert_true(text_match_phrase(match, words, classes));
	g_autofree char *found = rows(f, match->str);
	if (strcmp(found, wanted))
		fail_msg("\"%s\" finds '%s', not '%s', by %s", query, found, wanted, match->str);
}

static void need_dictionary(struct fixture *f)
{
	if (text_missing(f->analyser))
		skip();
}

static void test_words(void **state)
{
	struct fixture *f = *state;
	assert_words(f, "kempower", FALSE, TEXT_SURE, "6");
	assert_words(f, "deliveries machine", FALSE, TEXT_SURE, "3");
	assert_words(f, "avtal kund", FALSE, TEXT_SURE, "4");
	assert_words(f, "abc123", FALSE, TEXT_SURE, "2");
	assert_words(f, "ABC 123", FALSE, TEXT_SURE, "2");
	assert_words(f, "+358 40 1234567", FALSE, TEXT_SURE, "2");
	assert_words(f, "john.smith@example.com", FALSE, TEXT_SURE, "3");
	assert_words(f, "example.com", FALSE, TEXT_SURE, "3 6");
	assert_words(f, "https://example.com/tuki", FALSE, TEXT_SURE, "6");
	assert_words(f, "raportti_2024.pdf", FALSE, TEXT_SURE, "5");
	assert_words(f, "cocacola", FALSE, TEXT_SURE, "6");
	assert_words(f, "coca-cola", FALSE, TEXT_SURE, "6");
	need_dictionary(f);
	assert_words(f, "sopimukset", FALSE, TEXT_SURE, "5");
	assert_words(f, "sopimukset", FALSE, TEXT_ALL, "1 5");
	assert_words(f, "tilaukset", FALSE, TEXT_SURE, "2");
	assert_words(f, "Virtanen", FALSE, TEXT_SURE, "2");
}

static void test_phrases(void **state)
{
	struct fixture *f = *state;
	assert_phrase(f, "new machine", TEXT_SURE, "3");
	assert_phrase(f, "machines new", TEXT_SURE, "");
	assert_phrase(f, "delivery of two", TEXT_SURE, "3");
	assert_phrase(f, "Coca-Cola Oy", TEXT_SURE, "6");
	assert_phrase(f, "wrote john.smith", TEXT_SURE, "3");
	need_dictionary(f);
	assert_phrase(f, "uuden sopimuksen", TEXT_SURE, "5");
	assert_phrase(f, "sopimuksen liite", TEXT_SURE, "");
	assert_phrase(f, "sopimukset irtisanominen", TEXT_ALL, "1");
	assert_phrase(f, "Virtanen Kalle", TEXT_SURE, "2");
}

static void test_half_words(void **state)
{
	struct fixture *f = *state;
	assert_words(f, "kempo", TRUE, TEXT_SURE, "6");
	assert_words(f, "deliv", TRUE, TEXT_SURE, "3");
	assert_words(f, "deliveries", TRUE, TEXT_SURE, "3");
	assert_words(f, "abc-1", TRUE, TEXT_SURE, "2");
	need_dictionary(f);
	assert_words(f, "konepaj", TRUE, TEXT_SURE, "2");
	assert_words(f, "konepajoi", TRUE, TEXT_SURE, "2");
	assert_words(f, "huoltosopimuks", TRUE, TEXT_SURE, "1");
	assert_words(f, "virtas", TRUE, TEXT_SURE, "2");
}

static void test_plain_strings(void **state)
{
	struct fixture *f = *state;
	g_autofree char *one = rows(f, "\"Kempowerille\"");
	g_autofree char *id = rows(f, "\"ABC-123\"");
	g_autofree char *phrase = rows(f, "\"two new machines\"");
	assert_string_equal(one, "6");
	assert_string_equal(id, "2");
	assert_string_equal(phrase, "3");
}

/* External content: a delete tells the old text again, and nothing of it may stay. */
static void test_deleting(void **state)
{
	struct fixture *f = *state;
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		char *sql = sqlite3_mprintf("INSERT INTO t(t, rowid, x) VALUES ('delete', %u, %Q)", i + 1, texts[i]);
		run(f->db, sql);
		sqlite3_free(sql);
	}
	run(f->db, "DELETE FROM doc");
	run(f->db, "INSERT INTO t(t) VALUES ('integrity-check')");
	run(f->db, "CREATE VIRTUAL TABLE v USING fts5vocab(t, row)");
	sqlite3_stmt *select = NULL;
	sqlite3_prepare_v2(f->db, "SELECT count(*) FROM v", -1, &select, NULL);
	assert_int_equal(sqlite3_step(select), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(select, 0), 0);
	sqlite3_finalize(select);
}

/* ---- marks ---- */

struct marked {
	const char *text;
	GString *found;
};

static int mark(size_t start, size_t end, int which, void *user)
{
	struct marked *m = user;
	assert_int_equal(which, 3);
	g_string_append_printf(m->found, "[%.*s]", (int)(end - start), m->text + start);
	return 0;
}

static void assert_marks(struct fixture *f, const char *query, gboolean phrase, gboolean prefix, const char *text,
			 const char *wanted)
{
	g_autoptr(GPtrArray) words = text_query(f->analyser, query, strlen(query), prefix);
	g_autoptr(text_marker) marker = text_marker_new();
	g_autoptr(GString) found = g_string_new(NULL);
	struct marked m = {text, found};
	if (phrase)
		text_marker_phrase(marker, words, TEXT_ALL, 3);
	else
		for (guint i = 0; i < words->len; i++)
			text_marker_word(marker, words->pdata[i], TEXT_ALL, 3);
	text_marks(f->analyser, marker, text, strlen(text), mark, &m);
	assert_string_equal(found->str, wanted);
}

static void test_marks(void **state)
{
	struct fixture *f = *state;
	assert_marks(f, "kempower", FALSE, FALSE, texts[5], "[Kempowerin]");
	assert_marks(f, "machines", FALSE, FALSE, texts[2], "[machines]");
	assert_marks(f, "0401234567", FALSE, FALSE, texts[1], "[040 123 4567]");
	assert_marks(f, "john.smith@example.com", FALSE, FALSE, texts[2],
		     "[john.smith@example.com][john.smith@example.com]");
	assert_marks(f, "deliv", FALSE, TRUE, texts[2], "[delivery]");
	assert_marks(f, "new machines", TRUE, FALSE, texts[2], "[new machines]");
	assert_marks(f, "of new", TRUE, FALSE, texts[2], "");
	assert_marks(f, "a a b", TRUE, FALSE, "a a a b a b", "[a a b]");
	need_dictionary(f);
	assert_marks(f, "sopimus", FALSE, FALSE, texts[0], "[Huoltosopimuksen]");
	assert_marks(f, "uusi sopimus", TRUE, FALSE, texts[4], "[uusi sopimus]");
	assert_marks(f, "sopimus uusi", TRUE, FALSE, texts[4], "[Sopimus uusi][sopimuksen uusi]");
	assert_marks(f, "konepajoil", FALSE, TRUE, texts[1], "[Konepajojen]");
}

static void test_query_words(void **state)
{
	struct fixture *f = *state;
	g_autoptr(GPtrArray) words = text_query(f->analyser, "missä on +358 40 123 4567 laturi", 32, FALSE);
	assert_int_equal(words->len, 4);
	const struct text_word *first = words->pdata[0], *phone = words->pdata[2], *last = words->pdata[3];
	assert_true(first->common);
	assert_false(last->common);
	assert_int_equal(phone->start, 11);
	assert_int_equal(phone->end, 26);
	for (guint i = 1; i < last->alternatives->len; i++)
		assert_true(g_array_index(last->alternatives, struct text_alternative, i - 1).kind <=
			    g_array_index(last->alternatives, struct text_alternative, i).kind);
	g_autoptr(GPtrArray) none = text_query(f->analyser, " -- \xff ", 6, TRUE);
	assert_int_equal(none->len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_words, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_phrases, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_half_words, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_plain_strings, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_deleting, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_marks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_query_words, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
