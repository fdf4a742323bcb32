/* The settings file: what is taken, and each mistake with its file, line, section, key and the nearest right word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>

#include "sync/options.h"
#include "sync/settings.h"

static GPtrArray *new_list(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

static struct sync_settings *parse(const char *text, GPtrArray *problems)
{
	return sync_settings_parse("/etc/meri/meri.conf", text, strlen(text), problems);
}

static gboolean says(const GPtrArray *list, const char *words)
{
	for (guint i = 0; i < list->len; i++)
		if (strstr(list->pdata[i], words))
			return TRUE;
	return FALSE;
}

static void assert_says(const GPtrArray *list, const char *words)
{
	if (says(list, words))
		return;
	for (guint i = 0; i < list->len; i++)
		print_error("  %s\n", (const char *)list->pdata[i]);
	fail_msg("nothing says: %s", words);
}

static void assert_none(const GPtrArray *list)
{
	for (guint i = 0; i < list->len; i++)
		print_error("  %s\n", (const char *)list->pdata[i]);
	assert_int_equal(list->len, 0);
}

/* ---- the file ---- */

static void test_good(void **state)
{
	g_autoptr(GPtrArray) problems = new_list();
	g_autoptr(sync_settings_t) s = parse("\xef\xbb\xbf# Meri\r\n"
					     "[hub]\r\n"
					     "store = data/meri.db   # beside this file\r\n"
					     "listen = [::1]:8470\r\n"
					     "own-domains = Example.FI , example.com\r\n"
					     "parallel = 3\r\n"
					     "spool = 64M\r\n"
					     "\r\n"
					     "; a comment\r\n"
					     "[ source \"crm\" ]  # nightly\r\n"
					     "connector=crm_csv\r\n"
					     "path = \"/srv/a # b\" # a path with a hash in it\r\n"
					     "schedule = daily 02:30\r\n"
					     "readers = sales, support\r\n"
					     "memory = 256M\r\n"
					     "deadline = 2h\r\n"
					     "max-skipped = 0\r\n"
					     "[source \"notes\"]\n"
					     "connector = notes\n"
					     "color = #fff",
					     problems);

	(void)state;
	assert_none(problems);
	assert_string_equal(s->store, "/etc/meri/data/meri.db");
	assert_string_equal(s->listen, "[::1]:8470");
	assert_string_equal(s->own_domains[0], "example.fi");
	assert_string_equal(s->own_domains[1], "example.com");
	assert_int_equal(s->parallel, 3);
	assert_int_equal(s->spool, 64 << 20);
	assert_string_equal(s->language, "fi");
	assert_int_equal(s->sources->len, 2);
	const struct sync_source *crm = sync_settings_source(s, "crm");

	assert_string_equal(crm->connector, "crm_csv");
	assert_string_equal(crm->schedule_text, "daily 02:30");
	assert_string_equal(crm->readers[1], "support");
	assert_int_equal(crm->stale_after, 2 * 86400);
	assert_int_equal(crm->memory, 256 << 20);
	assert_int_equal(crm->deadline, 7200);
	assert_int_equal(crm->max_skipped, 0);
	assert_string_equal(sync_section_find(crm->section, "path")->value, "/srv/a # b");
	assert_int_equal(sync_section_find(crm->section, "path")->line, 12);
	const struct sync_source *notes = sync_settings_source(s, "notes");

	assert_string_equal(notes->schedule_text, "manual");
	assert_int_equal(notes->stale_after, 0);
	assert_null(notes->readers);
	/* A comment needs a blank before its sign, or to stand alone. */
	assert_string_equal(sync_section_find(notes->section, "color")->value, "");
	assert_null(sync_settings_source(s, "none"));
}

static void test_who_may_ask(void **state)
{
	g_autoptr(GPtrArray) problems = new_list(), mistakes = new_list();
	g_autoptr(sync_settings_t) s = parse("[hub]\npublic-url = https://meri.example.fi/\n"
					     "trusted-proxy = 127.0.0.1, ::1\nproxy-header = Remote-User\n"
					     "session-length = 8h\naudit-keep = 30d\nfind-rate = 0\n"
					     "[source \"a\"]\nconnector = x\nreaders = sales, support\n"
					     "unknown-readers = open\n"
					     "[source \"b\"]\nconnector = x\nreaders = sales\nteam = service\n"
					     "[source \"c\"]\nconnector = x\n",
					     problems),
				   wrong = parse("[hub]\npublic-url = meri.example.fi\ntrusted-proxy = localhost\n"
						 "proxy-header = X Remote\nfind-rate = -1\n"
						 "[source \"meri\"]\nconnector = x\nunknown-readers = maybe\n",
						 mistakes),
				   usual = parse("[hub]\n", problems);

	(void)state;
	assert_none(problems);
	assert_string_equal(s->public_url, "https://meri.example.fi");
	assert_string_equal(s->trusted_proxy[1], "::1");
	assert_string_equal(s->proxy_header, "Remote-User");
	assert_int_equal(s->session_length, 8 * 3600);
	assert_int_equal(s->audit_keep, 30 * 86400);
	assert_int_equal(s->find_rate, 0);
	assert_string_equal(sync_settings_source(s, "a")->team, "sales");
	assert_true(sync_settings_source(s, "a")->lenient);
	assert_string_equal(sync_settings_source(s, "b")->team, "service");
	assert_false(sync_settings_source(s, "b")->lenient);
	assert_null(sync_settings_source(s, "c")->team);
	assert_non_null(wrong);
	assert_says(mistakes, "public-url");
	assert_says(mistakes, "\"localhost\" is not an address");
	assert_says(mistakes, "a header's name");
	assert_says(mistakes, "a number of searches a second");
	assert_says(mistakes, "\"meri\" is the hub itself");
	assert_says(mistakes, "\"maybe\" is not open or closed");
	assert_null(usual->trusted_proxy);
	assert_int_equal(usual->session_length, 12 * 3600);
}

static void test_all_mistakes_in_one_go(void **state)
{
	g_autoptr(GPtrArray) problems = new_list();
	g_autoptr(sync_settings_t) s = parse("early = 1\n"
					     "[hub]\n"
					     "stor = x\n"
					     "listen = 8470\n"
					     "region = fi\n"
					     "language = finnish!\n"
					     "parallel = 0\n"
					     "own-domains = me@example.fi\n"
					     "spool = 12\n"
					     "socket =\n"
					     "parallel = 2\n"
					     "[source \"a\"]\n"
					     "shedule = every 5m\n"
					     "schedule = every\n"
					     "deadline = soon\n"
					     "memory = 1Q\n"
					     "readers = ,\n"
					     "max-skipped = -1\n"
					     "nothing\n"
					     "[source \"a\"]\n"
					     "connector = ignored\n"
					     "[sorce \"b\"]\n"
					     "[source]\n"
					     "connector = x\n"
					     "[hub \"two\"]\n"
					     "[broken\n"
					     "in = broken\n",
					     problems);
	static const char *const expected[] = {
		"/etc/meri/meri.conf:1: early: stands before the first section",
		":3: [hub] stor: there is no such key; did you mean \"store\"?",
		":4: [hub] listen: \"8470\" is not an address and a port",
		":5: [hub] region: \"fi\" is not a country",
		":6: [hub] language: \"finnish!\" is not a language",
		":7: [hub] parallel: \"0\" is not a number from 1 to 64",
		":8: [hub] own-domains: \"me@example.fi\" is not a domain",
		":9: [hub] spool: \"12\" is not a size",
		":10: [hub] socket: has no value",
		":11: [hub] parallel: stands here a second time; the first is on line 7",
		":12: [source \"a\"] names no connector",
		":14: [source \"a\"] schedule: \"every\" is not a schedule",
		":15: [source \"a\"] deadline: \"soon\" is not a duration",
		":16: [source \"a\"] memory: \"1Q\" is not a size",
		":17: [source \"a\"] readers: \",\" is not a list",
		":18: [source \"a\"] max-skipped: \"-1\" is not a number",
		":19: [source \"a\"] the line that begins with \"nothing\" is not understood",
		":20: [source \"a\"] stands here a second time; the first is on line 12",
		":22: [sorce \"b\"] there is no such section; did you mean [source \"NAME\"]?",
		":23: [source] write a name of letters",
		":25: [hub \"two\"] has no name: write [hub]",
		":26: [broken is not a section",
	};

	(void)state;
	assert_non_null(s);
	for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
		assert_says(problems, expected[i]);
	/* An unknown key of a source is its connector's business; keys of a refused section are no news. */
	assert_int_equal(problems->len, G_N_ELEMENTS(expected));
}

static void test_bytes(void **state)
{
	static const char nul[] = "[hub]\nstore = a\0b\n";
	g_autoptr(GPtrArray) problems = new_list();
	g_autoptr(sync_settings_t) a = sync_settings_parse("f", nul, sizeof nul - 1, problems);
	g_autoptr(sync_settings_t) b = parse("[hub]\nstore = \xff\xfe\n", problems);
	g_autoptr(sync_settings_t) c =
		parse("[hub]\nstore = \"open\nlanguage = \"sv\" x\nregion = \"S\\\"E\"\n", problems);

	(void)state;
	assert_int_equal(problems->len, 5);
	assert_says(problems, "f:2: the line is not UTF-8");
	assert_says(problems, ":2: [hub] store: the quotes are wrong");
	assert_says(problems, ":3: [hub] language: the quotes are wrong");
	assert_says(problems, ":4: [hub] region: \"S\"E\" is not a country");
}

/* A line whose equals sign is missing may hold a secret. */
static void test_a_broken_line_is_not_shown(void **state)
{
	g_autoptr(GPtrArray) problems = new_list();
	g_autoptr(sync_settings_t) s = parse("[source \"a\"]\nconnector = x\npassword hunter22\n", problems);

	(void)state;
	assert_int_equal(problems->len, 1);
	assert_false(says(problems, "hunter22"));
}

static void test_too_many_mistakes(void **state)
{
	g_autoptr(GPtrArray) problems = new_list();
	g_autoptr(GString) text = g_string_new("[hub]\n");

	(void)state;
	for (guint i = 0; i < 5000; i++)
		g_string_append_printf(text, "key-%u = x\n", i);
	g_autoptr(sync_settings_t) s = parse(text->str, problems);

	assert_int_equal(problems->len, 100);
	assert_string_equal(problems->pdata[99], "/etc/meri/meri.conf: and more mistakes, which are not listed");
}

static void test_no_file(void **state)
{
	g_autoptr(GPtrArray) problems = new_list();

	(void)state;
	assert_null(sync_settings_load("/nonexistent/meri.conf", problems));
	assert_says(problems, "/nonexistent/meri.conf: the settings cannot be read: No such file or directory");
	assert_null(sync_settings_load("/", problems));
	assert_says(problems, "it is a folder");
}

static void test_sizes(void **state)
{
	guint64 bytes;

	(void)state;
	assert_true(sync_size_parse("512M", &bytes));
	assert_int_equal(bytes, 512 << 20);
	assert_true(sync_size_parse("2GiB", &bytes));
	assert_int_equal(bytes, (guint64)2 << 30);
	assert_true(sync_size_parse("7", &bytes));
	assert_int_equal(bytes, 7);
	assert_false(sync_size_parse("", &bytes));
	assert_false(sync_size_parse("-1", &bytes));
	assert_false(sync_size_parse("1X", &bytes));
	assert_false(sync_size_parse("1MX", &bytes));
	assert_false(sync_size_parse("99999999999999999999", &bytes));
	assert_false(sync_size_parse("99999999999T", &bytes));
}

/* ---- options of a connector ---- */

static struct wire_option declared[] = {
	{.name = "path", .kind = MERI_PATH, .required = TRUE, .help = "Where it is."},
	{.name = "url", .kind = MERI_URL},
	{.name = "page", .kind = MERI_NUMBER, .initial = "50"},
	{.name = "closed", .kind = MERI_SWITCH, .initial = "no"},
	{.name = "pause", .kind = MERI_DURATION},
	{.name = "order", .kind = MERI_CHOICE, .choices = "newest oldest", .initial = "newest"},
	{.name = "projects", .kind = MERI_LIST},
	{.name = "title", .kind = MERI_TEXT},
	{.name = "password", .kind = MERI_TEXT, .secret = TRUE},
};

static struct wire_hello *hello(void)
{
	static struct wire_hello one = {.name = "jira"};

	if (!one.options) {
		one.options = g_ptr_array_new();
		for (guint i = 0; i < G_N_ELEMENTS(declared); i++)
			g_ptr_array_add(one.options, &declared[i]);
	}
	return &one;
}

/* Reads the options of the one source in `text`. */
static struct sync_options *read_options(const char *text, gboolean open_file, GPtrArray *mistakes, GPtrArray *absent)
{
	g_autoptr(GPtrArray) problems = new_list();
	g_autoptr(sync_settings_t) settings = parse(text, problems);

	assert_none(problems);
	settings->readable_by_others = open_file;
	return sync_options_read(settings, settings->sources->pdata[0], hello(), mistakes, absent);
}

#define SOURCE "[source \"a\"]\nconnector = jira\n"

static void test_option_values(void **state)
{
	g_autoptr(GPtrArray) mistakes = new_list(), absent = new_list();
	g_autoptr(sync_options_t) o =
		read_options(SOURCE "path = ../..\nurl = https://jira.example.fi/x\nclosed = Yes\npause = 2h\n"
				    "projects = A , B,,C\ntitle = $HOME\npage = 007\npassword = hunter22\n",
			     FALSE, mistakes, absent);

	(void)state;
	assert_none(mistakes);
	assert_none(absent);
	assert_string_equal(g_hash_table_lookup(o->values, "path"), "/");
	assert_string_equal(g_hash_table_lookup(o->values, "url"), "https://jira.example.fi/x");
	assert_string_equal(g_hash_table_lookup(o->values, "page"), "7");
	assert_string_equal(g_hash_table_lookup(o->values, "closed"), "1");
	assert_string_equal(g_hash_table_lookup(o->values, "pause"), "7200");
	assert_string_equal(g_hash_table_lookup(o->values, "order"), "newest");
	assert_string_equal(g_hash_table_lookup(o->values, "projects"), "A\nB\nC");
	assert_string_equal(g_hash_table_lookup(o->values, "title"), "$HOME");
	assert_string_equal(g_hash_table_lookup(o->values, "password"), "hunter22");
	g_autofree char *hidden = sync_options_hide(o, "login of me:hunter22 refused (hunter22)");

	assert_string_equal(hidden, "login of me:*** refused (***)");
}

static void test_option_mistakes(void **state)
{
	g_autoptr(GPtrArray) mistakes = new_list(), absent = new_list();
	g_autoptr(sync_options_t) o = read_options(
		SOURCE "pth = /\nurl = ftp://x\npage = many\nclosed = perhaps\npause = long\norder = newst\n"
		       "projects = ,\ntitle =\nzebra = 1\n",
		FALSE, mistakes, absent);
	static const char *const expected[] = {
		":3: [source \"a\"] pth: connector jira has no such option; did you mean \"path\"?",
		":1: [source \"a\"] path: is missing, and connector jira needs it: Where it is.",
		":4: [source \"a\"] url: \"ftp://x\" is not a URL",
		":5: [source \"a\"] page: \"many\" is not a whole number",
		":6: [source \"a\"] closed: \"perhaps\" is not yes or no",
		":7: [source \"a\"] pause: \"long\" is not a duration",
		":8: [source \"a\"] order: \"newst\" is not one of newest, oldest; did you mean \"newest\"?",
		":9: [source \"a\"] projects: \",\" is not a list",
		":10: [source \"a\"] title: has no value",
		":11: [source \"a\"] zebra: connector jira has no such option (`meri connector describe jira`",
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
		assert_says(mistakes, expected[i]);
	assert_int_equal(mistakes->len, G_N_ELEMENTS(expected));
	assert_none(absent);
	assert_null(g_hash_table_lookup(o->values, "page"));
}

static void test_what_is_absent_is_no_mistake(void **state)
{
	g_autoptr(GPtrArray) mistakes = new_list(), absent = new_list();
	g_autoptr(sync_options_t) o =
		read_options(SOURCE "path = gone\npassword = $MERI_TEST_NOT_SET\n", FALSE, mistakes, absent);

	(void)state;
	(void)o;
	assert_none(mistakes);
	assert_int_equal(absent->len, 2);
	assert_says(absent, "path: /etc/meri/gone: No such file or directory");
	assert_says(absent, "password: the variable MERI_TEST_NOT_SET is not set");
}

static void test_secrets(void **state)
{
	g_autoptr(GPtrArray) mistakes = new_list(), absent = new_list();
	g_autofree char *folder = g_dir_make_tmp("meri-settings-XXXXXX", NULL);
	g_autofree char *file = g_build_filename(folder, "password", NULL);
	g_autofree char *text = g_strdup_printf(SOURCE "path = /\npassword-file = %s\n", file);

	(void)state;
	/* A secret in a file that everybody may read is refused, and not shown. */
	sync_options_free(read_options(SOURCE "path = /\npassword = hunter22\n", TRUE, mistakes, absent));
	assert_int_equal(mistakes->len, 1);
	assert_says(mistakes, ":4: [source \"a\"] password: is a secret in a file that everybody may read: chmod o-r "
			      "/etc/meri/meri.conf");
	assert_false(says(mistakes, "hunter22"));
	g_ptr_array_set_size(mistakes, 0);
	/* Out of the environment. */
	g_setenv("MERI_TEST_SECRET", "out of the air", TRUE);
	g_autoptr(sync_options_t) e =
		read_options(SOURCE "path = /\npassword = $MERI_TEST_SECRET\n", TRUE, mistakes, absent);

	assert_none(mistakes);
	assert_string_equal(g_hash_table_lookup(e->values, "password"), "out of the air");
	/* Out of a file: missing, open to others, empty, good. */
	sync_options_free(read_options(text, TRUE, mistakes, absent));
	assert_says(absent, "cannot be read: No such file");
	assert_true(g_file_set_contents(file, " \n", -1, NULL));
	g_chmod(file, 0600);
	sync_options_free(read_options(text, TRUE, mistakes, absent));
	assert_says(absent, "holds no text");
	assert_true(g_file_set_contents(file, "  s3cret word\n\n", -1, NULL));
	g_chmod(file, 0604);
	sync_options_free(read_options(text, TRUE, mistakes, absent));
	assert_says(absent, "may be read by everybody: chmod o-r");
	assert_int_equal(absent->len, 3);
	g_chmod(file, 0640);
	g_autoptr(sync_options_t) f = read_options(text, TRUE, mistakes, absent);

	assert_int_equal(absent->len, 3);
	assert_none(mistakes);
	assert_string_equal(g_hash_table_lookup(f->values, "password"), "s3cret word");
	g_remove(file);
	g_rmdir(folder);
}

static void test_secret_twice(void **state)
{
	g_autoptr(GPtrArray) mistakes = new_list(), absent = new_list();

	(void)state;
	sync_options_free(read_options(SOURCE "path = /\npassword = a\npassword-file = b\n", FALSE, mistakes, absent));
	assert_int_equal(mistakes->len, 1);
	assert_says(mistakes, "password: is set twice, here and as a file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_who_may_ask),
		cmocka_unit_test(test_all_mistakes_in_one_go),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_a_broken_line_is_not_shown),
		cmocka_unit_test(test_too_many_mistakes),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_option_values),
		cmocka_unit_test(test_option_mistakes),
		cmocka_unit_test(test_what_is_absent_is_no_mistake),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_secret_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
