/* The connector tickets_jira as its host sees it, reading folders of exported JSON. The live API is in
 * tests/flow/jira_live.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "connectorhost.h"

static const struct meri_connector *jira;
static char *folder;

static int setup(void **state)
{
	(void)state;
	host_open(jira);
	folder = test_folder();
	host_set("path", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	test_folder_remove(folder);
	g_free(folder);
	host_close();
	return 0;
}

static void fixture(const char *name)
{
	g_autofree char *from = g_build_filename("tests/fixtures/tickets", name, NULL), *bytes = NULL;
	gsize length;
	assert_true(g_file_get_contents(from, &bytes, &length, NULL));
	test_file(folder, name, bytes, (gssize)length);
}

static char *issue(const char *id, const char *updated, const char *summary, guint comments)
{
	GString *out = g_string_new("");
	g_string_printf(out,
			"{\"id\":\"%s\",\"key\":\"AB-%s\",\"fields\":{\"summary\":\"%s\",\"updated\":\"%s\","
			"\"comment\":{\"comments\":[",
			id, id, summary, updated);
	for (guint i = 0; i < comments; i++)
		g_string_append_printf(out, "%s{\"id\":\"%s%u\",\"body\":\"c%u\"}", i ? "," : "", id, 100 + i, i);
	g_string_append(out, "]}}}");
	return g_string_free(out, FALSE);
}

static void put_issue(const char *file, const char *id, const char *updated, const char *summary, guint comments)
{
	g_autofree char *text = issue(id, updated, summary, comments);
	test_file(folder, file, text, -1);
}

static void ticket_as_api_2_gives_it(void **state)
{
	(void)state;
	fixture("v2.json");
	host_set("customer-field", "customfield_10100\ncustomfield_10101=crm-id");
	assert_int_equal(host_run(jira), 0);
	const struct kept *k = host_record("issue:10042");
	assert_int_equal(k->kind, MERI_TICKET);
	assert_string_equal(k->title, "TUKI-42: Tilaus 4711 ei näy portaalissa");
	assert_string_equal(k->url, "https://jira.example.fi/jira/browse/TUKI-42");
	assert_string_equal(k->thread, "issue:10042");
	assert_int_equal(k->occurred, 1762156800);
	assert_int_equal(k->updated, 1762252200);
	static const char *const there[] = {"reporter:Matti Meri<matti@virtanen.example>",
					    "assignee:Liisa Lahti<user:liisa>",
					    "contract-no:", /* only people become parties */
					    NULL};
	has(k->all, there[0]);
	has(k->all, there[1]);
	has_not(k->all, there[2]);
	has_not(k->all, "creator:");
	static const char *const facts[] = {"field key=TUKI-42\n",
					    "field status=Avoin\n",
					    "field priority=Korkea\n",
					    "field type=Vika\n",
					    "field project=Asiakastuki\n",
					    "field component=Portaali\n",
					    "field label=kiire\n",
					    "field label=b2b\n",
					    "field version=3.1\n",
					    "field contract-no=S-2024-17\n",
					    "field attachment=kuva.png\n",
					    "field link=is blocked by TUKI-7: Portaali alhaalla\n",
					    "field worklog=2025-11-03 2h Liisa Lahti: tutkittu\n",
					    "field organisation=Virtanen Group\n",
					    "hint name=Virtasen Konepaja Oy\n",
					    "hint crm-id=C-1007\n",
					    "hint name=Virtanen Group\n",
					    "customfield_10500:Olli Oja<user:olli>\n",
					    "left attachment kuva.png=",
					    "left comments=1 of 4",
					    "left worklog=1 of 2",
					    "reader Vain tuki\n",
					    NULL};
	for (const char *const *fact = facts; *fact; fact++)
		has(k->all, *fact);
	has_not(k->all, "i0001f");
	static const char *const words[] = {
		"Mitä tapahtui\nAsiakas näkee tyhjän sivun, ks. ohje (https://docs.example.fi/portaali).",
		"int [] a = {1};",
		"Kysy @liisa tai katso [kuva.png]",
		"Vanha järjestelmä",
		"[INFO] {foo} jäi",
		"Environment: Firefox 128",
		NULL};
	for (const char *const *word = words; *word; word++)
		has(k->text, *word);
	has_not(k->text, "{quote}");
	has_not(k->text, "{code");
	has_not(k->text, "{html}");
	has_not(k->text, "h2.");
	has(k->quoted, "Emme löydä tilausta.");
	has_not(k->quoted, "Asiakas");
}

static void comments_of_a_ticket(void **state)
{
	(void)state;
	fixture("v2.json");
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(g_hash_table_size(host.records), 4);
	const struct kept *first = host_record("comment:501"), *second = host_record("comment:502");
	assert_int_equal(first->kind, MERI_COMMENT);
	assert_string_equal(first->parent, "issue:10042");
	assert_string_equal(first->thread, "issue:10042");
	assert_string_equal(first->url, "https://jira.example.fi/jira/browse/TUKI-42?focusedCommentId=501");
	assert_string_equal(first->text, "tyhjän sivun\nKorjattu.");
	assert_string_equal(first->quoted, "tyhjän sivun");
	has(first->all, "author:Liisa Lahti<user:liisa>");
	has_not(first->all, "editor:");
	has(first->all, "reader Vain tuki"); /* a comment is for those who see the ticket */
	has(second->all, "reader Developers");
	has_not(second->all, "Vain tuki");
	has(second->all, "editor:Liisa Lahti");
	has(second->all, "field internal=yes");
	assert_int_equal(host_record("comment:503")->occurred, 1762252200); /* a number for an id, no author, no text */
}

static void documents_of_api_3(void **state)
{
	(void)state;
	fixture("v3.json");
	assert_int_equal(host_run(jira), 0);
	const struct kept *k = host_record("issue:20001");
	assert_string_equal(
		k->text,
		"Steg\nSe guiden (https://docs.example/guide) och fråga @Lisa\n2025-11-03\n1. öppna\n2. stäng\n"
		"  - helt\nDet gick inte.\nA | B\nokänt men läst\nx = 1");
	assert_string_equal(k->quoted, "Det gick inte.\n");
	has(k->all, "reporter:Erik Ek<user:5b10a>");
	assert_string_equal(k->url, "https://acme.example/browse/CLOUD-1");
}

static void pages_arrays_and_lines(void **state)
{
	(void)state;
	g_autofree char *a = issue("1", "2025-01-01T00:00:00.000+0000", "a", 1),
			*b = issue("2", "2025-01-01T00:00:00.000+0000", "b", 0);
	g_autofree char *c = issue("3", "2025-01-01T00:00:00.000+0000", "c", 2),
			*d = issue("4", "2025-01-01T00:00:00.000+0000", "d", 0);
	g_autofree char *page = g_strdup_printf(
		"\xef\xbb\xbf{\"expand\":\"x\",\"total\":2,\"issues\":[%s,%s],\"names\":{\"a\":\"b\"}}", a, b);
	g_autofree char *array = g_strdup_printf("[%s]", c), *lines = g_strdup_printf("%s\n", d);
	test_file(folder, "page.json", page, -1);
	test_file(folder, "deep/er/array.JSON", array, -1);
	test_file(folder, "lines.jsonl", lines, -1);
	test_file(folder, "empty-page.json", "{\"total\":0,\"issues\":[]}", -1);
	test_file(folder, "readme.txt", "not JSON", -1);
	test_file(folder, ".hidden/x.json", a, -1);
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(g_hash_table_size(host.records), 7);
	assert_int_equal(host.skips->len, 0);
	assert_int_equal(host.completes, 1);
	assert_string_equal(host_record("issue:3")->item, "deep/er/array.JSON");
	has(host.log->str, "1 files that are not *.json");
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(host.puts, 0);
	assert_int_equal(host.unchanged, 3);
	assert_int_equal(g_hash_table_size(host.records), 7);
}

static void what_cannot_be_read_is_named(void **state)
{
	(void)state;
	put_issue("good.json", "1", "2025-01-01T00:00:00.000+0000", "good", 0);
	test_file(folder, "broken.json", "{\"id\":\"5\",\n\"key\":\"AB-5\", oops", -1);
	test_file(folder, "cut.json",
		  "[{\"id\":\"6\",\"key\":\"AB-6\",\"fields\":{\"summary\":\"kept\"}},{\"id\":", -1);
	test_file(folder, "empty.json", "", -1);
	test_file(folder, "error.json", "{\"errorMessages\":[\"Issue Does Not Exist\"],\"errors\":{}}", -1);
	test_file(folder, "other.json", "{\"glossary\":{}}", -1);
	test_file(folder, "list.json", "[{},{},{},{}]", -1);
	test_file(folder, "mixed.json", "[1,{\"id\":\"8\",\"key\":\"AB-8\",\"fields\":{}}]", -1);
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(host.completes, 1);
	g_ptr_array_add(host.skips, NULL);
	g_autofree char *skips = g_strjoinv("\n", (char **)host.skips->pdata);
	g_ptr_array_set_size(host.skips, 7);
	has(skips, "broken.json|broken JSON: lexical error");
	has(skips, "(line 2, byte");
	has(skips, "cut.json|broken JSON: parse error: premature EOF");
	has(skips, "1 issues before it were read");
	has(skips, "empty.json|the file is empty");
	has(skips, "error.json|not a Jira issue: an error message of Jira");
	has(skips, "other.json|not a Jira issue: it has no \"fields\"");
	has(skips, "mixed.json#0|not a Jira issue");
	has(skips, "list.json|not a Jira issue: it has no \"fields\"; nor is anything else in this file");
	host_record("issue:6");
	host_record("issue:8");
	assert_int_equal(g_hash_table_size(host.records), 3);
	/* They are tried again; the good one is not. */
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(host.skips->len, 7);
	assert_int_equal(host.unchanged, 1);
	assert_int_equal(g_hash_table_size(host.records), 3);
}

static void deleted_files_and_comments_go(void **state)
{
	(void)state;
	for (int i = 1; i <= 30; i++) {
		g_autofree char *file = g_strdup_printf("%d.json", i), *id = g_strdup_printf("%d", i);
		put_issue(file, id, "2025-01-01T00:00:00.000+0000", "s", 2);
	}
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(g_hash_table_size(host.records), 90);
	for (int i = 1; i <= 10; i++) {
		g_autofree char *path = g_strdup_printf("%s/%d.json", folder, i);
		g_unlink(path);
	}
	put_issue("30.json", "30", "2025-01-02T00:00:00.000+0000", "changed", 1);
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(g_hash_table_size(host.records), 59);
	assert_int_equal(host.unchanged, 19);
	assert_string_equal(host_record("issue:30")->title, "AB-30: changed");
}

static void the_newest_of_two_versions_wins(void **state)
{
	(void)state;
	put_issue("b/week1.json", "1", "2025-01-01T00:00:00.000+0000", "old", 3);
	put_issue("a/week2.json", "1", "2025-01-08T00:00:00.000+0000", "new", 1);
	put_issue("c/week0.json", "1", "2024-12-24T00:00:00.000+0000", "oldest", 4);
	put_issue("other.json", "2", "2025-01-01T00:00:00.000+0000", "other", 0);
	assert_int_equal(host_run(jira), 0);
	assert_string_equal(host_record("issue:1")->title, "AB-1: new");
	assert_int_equal(g_hash_table_size(host.records), 3);
	has(host.log->str, "b/week1.json: AB-1 (issue:1) is in another file too");
	has(host.log->str, "c/week0.json");
	/* Nothing changed: nothing is read, nothing goes. */
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(host.puts, 0);
	assert_int_equal(g_hash_table_size(host.records), 3);
	/* The newest goes: the one before it comes back. */
	g_autofree char *path = g_build_filename(folder, "a/week2.json", NULL);
	g_unlink(path);
	assert_int_equal(host_run(jira), 0);
	assert_string_equal(host_record("issue:1")->title, "AB-1: old");
	assert_int_equal(g_hash_table_size(host.records), 5);
}

/* A file that comes later holds an older version of an issue of a file that is not read again. */
static void an_older_version_that_comes_later_loses(void **state)
{
	(void)state;
	put_issue("b.json", "1", "2025-01-08T00:00:00.000+0000", "new", 1);
	put_issue("c.json", "2", "2025-01-08T00:00:00.000+0000", "other", 0);
	assert_int_equal(host_run(jira), 0);
	put_issue("d.json", "1", "2025-01-01T00:00:00.000+0000", "old", 2);
	assert_int_equal(host_run(jira), 0);
	assert_string_equal(host_record("issue:1")->title, "AB-1: new");
	assert_int_equal(g_hash_table_size(host.records), 3);
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(host.puts, 0);
	/* A file that was only renamed is no second version. */
	g_autofree char *from = g_build_filename(folder, "c.json", NULL),
			*to = g_build_filename(folder, "z.json", NULL);
	g_autofree char *old = g_build_filename(folder, "d.json", NULL);
	g_unlink(old);
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(g_rename(from, to), 0);
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(host.puts, 1);
	assert_int_equal(g_hash_table_size(host.records), 3);
}

static void stopping_and_going_on(void **state)
{
	(void)state;
	GString *all = g_string_new("[");
	for (int i = 1; i <= 3000; i++) {
		g_autofree char *id = g_strdup_printf("%d", i),
				*one = issue(id, "2025-01-01T00:00:00.000+0000", "s", 0);
		g_autofree char *file = g_strdup_printf("f%04d.json", i);
		if (i <= 2000)
			test_file(folder, file, one, -1);
		else
			g_string_append_printf(all, "%s%s", i > 2001 ? "," : "", one);
	}
	g_string_append_c(all, ']');
	test_file(folder, "page.json", all->str, -1);
	g_string_free(all, TRUE);
	host.stop_after = 1500;
	assert_int_equal(host_run(jira), MERI_STOP);
	assert_int_equal(host.completes, 0);
	assert_true(host.checkpoints >= 1);
	host.stop_after = 0;
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(host.completes, 1);
	assert_int_equal(g_hash_table_size(host.records), 3000);
	assert_true(host.unchanged >= 1400);
}

static void bytes_that_are_not_text(void **state)
{
	(void)state;
	static const char bytes[] = "{\"id\":\"1\",\"key\":\"AB-1\",\"fields\":{\"summary\":\"p\xe4iv\xe4\","
				    "\"description\":\"a\\u0000b \\ud800 c\"}}";
	test_file(folder, "latin1.json", bytes, sizeof(bytes) - 1);
	GString *deep = g_string_new("{\"id\":\"2\",\"fields\":");
	for (int i = 0; i < 300; i++)
		g_string_append(deep, "{\"a\":");
	test_file(folder, "deep.json", deep->str, -1);
	g_string_free(deep, TRUE);
	g_autofree char *odd = g_strdup("n\xff.json"), *one = issue("3", "", "odd name", 0);
	test_file(folder, odd, one, -1);
	assert_int_equal(host_run(jira), 0);
	assert_string_equal(host_record("issue:1")->title, "AB-1: p\xef\xbf\xbdiv\xef\xbf\xbd");
	has(host_record("issue:1")->text, "a b ");
	assert_true(g_utf8_validate(host_record("issue:3")->item, -1, NULL));
	assert_int_equal(host.skips->len, 1);
	has(host.skips->pdata[0], "nested deeper than");
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(host.unchanged, 2);
}

static void settings_that_contradict(void **state)
{
	(void)state;
	host_set("url", "https://jira.example.fi");
	assert_int_equal(jira->check(&host.api), MERI_CONFIG);
	has(host.failure, "exactly one of path");
	g_hash_table_remove(host.options, "url");
	host_set("jql", "project = A");
	assert_int_equal(jira->check(&host.api), MERI_CONFIG);
	has(host.failure, "jql needs a live Jira");
	g_hash_table_remove(host.options, "jql");
	host_set("customer-field", "customfield_1=shoe-size");
	assert_int_equal(jira->check(&host.api), MERI_CONFIG);
	has(host.failure, "shoe-size");
	g_hash_table_remove(host.options, "customer-field");
	host_set("path", "/nonexistent/folder");
	assert_int_equal(jira->check(&host.api), MERI_CONFIG);
	has(host.failure, "/nonexistent/folder");
	assert_int_equal(host_run(jira), MERI_CONFIG);
}

static void links_are_not_followed(void **state)
{
	(void)state;
	put_issue("in/a.json", "1", "2025-01-01T00:00:00.000+0000", "in", 0);
	char *outside = test_folder();
	g_autofree char *text = issue("2", "2025-01-01T00:00:00.000+0000", "out", 0);
	test_file(outside, "secret.json", text, -1);
	g_autofree char *link = g_build_filename(folder, "link", NULL),
			*loop = g_build_filename(folder, "in", "loop", NULL);
	g_autofree char *file = g_build_filename(folder, "file.json", NULL),
			*secret = g_build_filename(outside, "secret.json", NULL);
	assert_int_equal(symlink(outside, link) || symlink("..", loop) || symlink(secret, file), 0);
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(g_hash_table_size(host.records), 1);
	test_folder_remove(outside);
	g_free(outside);
}

/* ---- real data ---- */

static void six_thousand_real_issues(void **state)
{
	(void)state;
	const char *data = g_getenv("MERI_DATA");
	g_autofree char *pack = g_build_filename(data ? data : ".data", "tickets-jira", NULL);
	if (!g_file_test(pack, G_FILE_TEST_IS_DIR)) {
		print_message("skip the pack tickets-jira is not there\n");
		g_clear_pointer(&pack, g_free); /* skip() jumps over the cleanups */
		skip();
	}
	host_set("path", pack);
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(host.skips->len, 0);
	assert_int_equal(host.puts, 6000 + 19197); /* counted with another program: every issue and comment */
	assert_int_equal(g_hash_table_size(host.records), 6000 + 19197);
	assert_int_equal(host_run(jira), 0);
	assert_int_equal(host.puts, 0);
	assert_int_equal(host.unchanged, 6000);
}

int main(void)
{
	jira = host_load("tickets_jira");
	if (!jira) {
		print_message("skip plugins/tickets_jira.so is not built\n");
		return 77;
	}
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(ticket_as_api_2_gives_it, setup, teardown),
		cmocka_unit_test_setup_teardown(comments_of_a_ticket, setup, teardown),
		cmocka_unit_test_setup_teardown(documents_of_api_3, setup, teardown),
		cmocka_unit_test_setup_teardown(pages_arrays_and_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_named, setup, teardown),
		cmocka_unit_test_setup_teardown(deleted_files_and_comments_go, setup, teardown),
		cmocka_unit_test_setup_teardown(the_newest_of_two_versions_wins, setup, teardown),
		cmocka_unit_test_setup_teardown(an_older_version_that_comes_later_loses, setup, teardown),
		cmocka_unit_test_setup_teardown(stopping_and_going_on, setup, teardown),
		cmocka_unit_test_setup_teardown(bytes_that_are_not_text, setup, teardown),
		cmocka_unit_test_setup_teardown(settings_that_contradict, setup, teardown),
		cmocka_unit_test_setup_teardown(links_are_not_followed, setup, teardown),
		cmocka_unit_test_setup_teardown(six_thousand_real_issues, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
