/* The way into the audit log: many notes become few transactions, what failed comes later, and nothing is lost at the
 * end. */
#include "storetest.h"

#include "serve/trail.h"

static store_writer *open_writer(const struct place *place)
{
	store_writer *writer = NULL;
	GOOD((writer = store_writer_new(place->path, "fi", error)) != NULL);
	return writer;
}

static void note(struct serve_trail *trail, const char *what)
{
	struct store_audit entry = {.user = 3,
				    .name = (char *)"anna",
				    .via = (char *)"session",
				    .action = (char *)"find",
				    .what = (char *)what,
				    .hits = 12,
				    .address = (char *)"192.0.2.7"};
	serve_trail_note(trail, &entry);
}

static GPtrArray *entries(const struct place *place)
{
	g_autoptr(store) s = NULL;
	GPtrArray *all = NULL;
	struct store_audit_filter any = {0};
	GOOD((s = store_open(place->path, STORE_READ, "fi", error)) != NULL);
	GOOD((all = store_audit_list(s, &any, 100000, error)) != NULL);
	return all;
}

static gpointer note_many(gpointer trail)
{
	for (guint i = 0; i < 500; i++)
		note(trail, "konepaja");
	return NULL;
}

static gboolean time_is_up(gpointer loop)
{
	g_main_loop_quit(loop);
	return G_SOURCE_REMOVE;
}

static void wait_ms(guint milliseconds)
{
	GMainLoop *loop = g_main_loop_new(NULL, FALSE);
	g_timeout_add(milliseconds, time_is_up, loop);
	g_main_loop_run(loop);
	g_main_loop_unref(loop);
}

static void test_all_arrive(void **state)
{
	const struct place *place = *state;
	store_writer *writer = open_writer(place);
	struct serve_trail *trail = serve_trail_new(writer, 3600);
	GThread *threads[4];
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("asks", note_many, trail);
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		g_thread_join(threads[i]);
	wait_ms(1500); /* they come by themselves */
	g_autoptr(GPtrArray) early = entries(place);
	assert_int_equal(early->len, 2000);
	note(trail, "the last one");
	serve_trail_free(trail); /* ... and the end waits for what is left */
	g_autoptr(GPtrArray) all = entries(place);
	assert_int_equal(all->len, 2001);
	const struct store_audit *last = all->pdata[0];
	assert_string_equal(last->what, "the last one");
	assert_string_equal(last->name, "anna");
	assert_string_equal(last->address, "192.0.2.7");
	assert_int_equal(last->hits, 12);
	assert_true(last->at > 0);
	store_writer_free(writer);
}

static gboolean take_table_away(store *s, gpointer user, GError **error)
{
	(void)user, (void)error;
	return sqlite3_exec(store_sqlite(s), "ALTER TABLE audit RENAME TO elsewhere", NULL, NULL, NULL) == SQLITE_OK;
}

static gboolean bring_table_back(store *s, gpointer user, GError **error)
{
	(void)user, (void)error;
	return sqlite3_exec(store_sqlite(s), "ALTER TABLE elsewhere RENAME TO audit", NULL, NULL, NULL) == SQLITE_OK;
}

static void test_what_failed_comes_later(void **state)
{
	const struct place *place = *state;
	store_writer *writer = open_writer(place);
	struct serve_trail *trail = serve_trail_new(writer, 3600);
	GOOD(store_writer_call(writer, take_table_away, NULL, error));
	note(trail, "first");
	wait_ms(800); /* it was tried, and failed */
	note(trail, "second");
	GOOD(store_writer_call(writer, bring_table_back, NULL, error));
	g_autoptr(GPtrArray) none = entries(place);
	assert_int_equal(none->len, 0);
	serve_trail_free(trail);
	g_autoptr(GPtrArray) all = entries(place);
	assert_int_equal(all->len, 2);
	assert_string_equal(((struct store_audit *)all->pdata[0])->what, "second");
	assert_string_equal(((struct store_audit *)all->pdata[1])->what, "first");
	store_writer_free(writer);
}

static void test_old_ones_go(void **state)
{
	const struct place *place = *state;
	store_writer *writer = open_writer(place);
	struct serve_trail *trail = serve_trail_new(writer, 3600);
	note(trail, "old");
	serve_trail_free(trail);
	g_autoptr(GPtrArray) kept = entries(place);
	assert_int_equal(kept->len, 1);
	trail = serve_trail_new(writer, -2); /* all that is older than two seconds from now */
	serve_trail_free(trail);
	g_autoptr(GPtrArray) gone = entries(place);
	assert_int_equal(gone->len, 0);
	store_writer_free(writer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all_arrive, place_make, place_remove),
		cmocka_unit_test_setup_teardown(test_what_failed_comes_later, place_make, place_remove),
		cmocka_unit_test_setup_teardown(test_old_ones_go, place_make, place_remove),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
