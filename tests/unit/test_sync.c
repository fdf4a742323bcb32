/* The parts of a run: what it has seen, what it spools, what it keeps of the output, and the verdict on how it ended.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <signal.h>
#include <string.h>

#include "sync/output.h"
#include "sync/seen.h"
#include "sync/spool.h"
#include "sync/verdict.h"

/* ---- seen ---- */

static void test_seen(void **state)
{
	g_autoptr(sync_seen_t) seen = sync_seen_new();

	(void)state;
	assert_false(sync_seen_any(seen));
	assert_false(sync_seen_has("a", NULL, seen));
	assert_true(sync_seen_record(seen, "a"));
	assert_true(sync_seen_has("a", NULL, seen));
	assert_true(sync_seen_item(seen, "file.md"));
	assert_true(sync_seen_skip(seen, "broken"));
	assert_true(sync_seen_any(seen));
	assert_true(sync_seen_has("a", NULL, seen));
	assert_true(sync_seen_has("a", "other.md", seen));
	/* A record that was put says nothing of the others of its item. */
	assert_false(sync_seen_has("b", "a", seen));
	assert_true(sync_seen_has("file.md#2", "file.md", seen));
	/* An item that is its record itself. */
	assert_true(sync_seen_has("file.md", "file.md", seen));
	assert_true(sync_seen_has("file.md", NULL, seen));
	assert_true(sync_seen_has("broken", NULL, seen));
	assert_true(sync_seen_has("x", "broken", seen));
	assert_false(sync_seen_has("c", "c.md", seen));
}

static void test_seen_many(void **state)
{
	g_autoptr(sync_seen_t) seen = sync_seen_new();
	char id[40];
	guint count = 0;

	(void)state;
	for (guint i = 0; i < 100000; i++) {
		g_snprintf(id, sizeof id, "id-%u", i);
		assert_true(sync_seen_record(seen, id));
	}
	for (guint i = 0; i < 200000; i++) {
		g_snprintf(id, sizeof id, "id-%u", i);
		count += (guint)sync_seen_has(id, NULL, seen);
	}
	assert_int_equal(count, 100000);
	/* A run that names things without end is told so before it takes all memory. */
	for (guint i = 100000; i < SYNC_SEEN_MOST; i++)
		assert_true(sync_seen_item(seen, "x"));
	assert_false(sync_seen_item(seen, "x"));
}

/* ---- spool ---- */

struct reading {
	guint next, stop_at;
};

static char *long_name(guint number)
{
	g_autofree char *fill = g_strnfill(number % 977, (char)('a' + number % 26));

	return g_strdup_printf("%u-%s", number, fill);
}

static gboolean check_frame(enum wire_type type, GVariant *payload, gpointer user, GError **error)
{
	struct reading *reading = user;
	const char *name;
	g_autofree char *expected = long_name(reading->next);

	if (reading->next == reading->stop_at) {
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_IO, "enough");
		return FALSE;
	}
	assert_int_equal(type, reading->next % 2 ? WIRE_SEEN : WIRE_REMOVE);
	g_variant_get(payload, "(&s)", &name);
	assert_string_equal(name, expected);
	reading->next++;
	return TRUE;
}

static void fill(struct sync_spool *spool, guint count)
{
	for (guint i = 0; i < count; i++) {
		g_autofree char *name = long_name(i);
		g_autoptr(GVariant) payload = g_variant_ref_sink(g_variant_new("(s)", name));

		assert_true(sync_spool_add(spool, i % 2 ? WIRE_SEEN : WIRE_REMOVE, payload, NULL));
	}
}

static void check_spool(guint count, gboolean in_file)
{
	g_autoptr(sync_spool_t) spool = sync_spool_new("/tmp", (guint64)1 << 30);
	struct reading all = {0, G_MAXUINT}, some = {0, 3};
	g_autoptr(GError) error = NULL;

	fill(spool, count);
	assert_int_equal(sync_spool_in_file(spool), in_file);
	assert_int_equal(sync_spool_count(spool), count);
	assert_true(sync_spool_each(spool, check_frame, &all, &error));
	assert_int_equal(all.next, count);
	assert_false(sync_spool_each(spool, check_frame, &some, &error));
	assert_string_equal(error->message, "enough");
}

static void test_spool(void **state)
{
	(void)state;
	check_spool(10, FALSE);
	check_spool(50000, TRUE);
}

static void test_spool_empty_payload(void **state)
{
	g_autoptr(sync_spool_t) spool = sync_spool_new("/tmp", 1 << 20);
	g_autoptr(GVariant) nothing = g_variant_ref_sink(g_variant_new("()"));

	(void)state;
	assert_true(sync_spool_add(spool, WIRE_COMPLETE, nothing, NULL));
	assert_int_equal(sync_spool_count(spool), 1);
}

static void test_spool_limits(void **state)
{
	g_autoptr(sync_spool_t) spool = sync_spool_new("/tmp", 1000);
	g_autoptr(sync_spool_t) nowhere = sync_spool_new("/nonexistent/here", (guint64)1 << 30);
	g_autoptr(GVariant) payload = g_variant_ref_sink(g_variant_new("(s)", "0123456789"));
	g_autofree char *megabyte = g_strnfill(1 << 20, 'x');
	g_autoptr(GVariant) large = g_variant_ref_sink(g_variant_new("(s)", megabyte));
	g_autoptr(GError) error = NULL;
	guint i = 0;

	(void)state;
	while (sync_spool_add(spool, WIRE_SEEN, payload, &error))
		assert_true(++i < 100);
	assert_true(g_error_matches(error, WIRE_ERROR, WIRE_ERROR_GARBAGE));
	assert_non_null(strstr(error->message, "without a checkpoint"));
	g_clear_error(&error);
	for (i = 0; sync_spool_add(nowhere, WIRE_SEEN, large, &error); i++)
		assert_true(i < 10);
	assert_true(g_error_matches(error, WIRE_ERROR, WIRE_ERROR_IO));
	assert_non_null(strstr(error->message, "/nonexistent"));
}

/* ---- output ---- */

static void test_output(void **state)
{
	struct sync_output *output = sync_output_new();

	(void)state;
	sync_output_line(output, "info", "hello\tworld\n");
	sync_output_bytes(output, "one\ntw", 6);
	sync_output_bytes(output, "o\n\nthree", 8);
	assert_string_equal(sync_output_last(output), "two");
	sync_output_end(output);
	assert_string_equal(sync_output_last(output), "three");
	g_autofree char *text = sync_output_text(output);

	assert_non_null(strstr(text, " s  info: hello world"));
	assert_non_null(strstr(text, " s  wrote: two\n"));
	assert_non_null(strstr(text, " s  wrote: three\n"));
	sync_output_free(output);
}

static void test_output_is_bounded(void **state)
{
	struct sync_output *output = sync_output_new();
	g_autofree char *endless = g_strnfill(1 << 20, 'x');

	(void)state;
	for (guint i = 0; i < 20000; i++) {
		g_autofree char *line = g_strdup_printf("line %u\n", i);

		sync_output_bytes(output, line, strlen(line));
	}
	for (guint i = 0; i < 20; i++)
		sync_output_bytes(output, endless, 1 << 20);
	sync_output_bytes(output, "\nlast\xff\x1b[31m\n", 13);
	g_autofree char *text = sync_output_text(output);

	assert_true(strlen(text) < 70000);
	assert_true(g_utf8_validate(text, -1, NULL));
	assert_non_null(strstr(text, "earlier lines are left out)"));
	assert_non_null(strstr(text, "line 19999\n"));
	assert_null(strstr(text, "line 100\n"));
	assert_null(strchr(text, 0x1b));
	sync_output_free(output);
}

/* ---- verdicts ---- */

enum { EXIT = 8 }; /* bits that an exit status is shifted by in what wait(2) gives */

static void check_ending(struct sync_ending ending, enum sync_word word, int class, const char *message)
{
	struct sync_verdict verdict = {0};

	assert_false(sync_ending_is_good(&ending));
	sync_verdict_of_ending(&verdict, &ending, NULL, 7200, 5);
	assert_int_equal(verdict.word, word);
	assert_int_equal(verdict.class, class);
	assert_string_equal(verdict.message, message);
	sync_verdict_clear(&verdict);
}

#define ENDING(...) ((struct sync_ending){.started = TRUE, .hello = &somebody, __VA_ARGS__})
static struct wire_hello somebody;

static void test_good_ending(void **state)
{
	struct sync_ending ending = ENDING(.ended = TRUE);

	(void)state;
	assert_true(sync_ending_is_good(&ending));
}

static void test_bad_endings(void **state)
{
	(void)state;
	check_ending(ENDING(.status = SIGSEGV), SYNC_FAILED, MERI_BUG,
		     "the connector died of SIGSEGV (Segmentation fault)");
	check_ending(ENDING(.status = SIGABRT | 0x80, .half = TRUE), SYNC_FAILED, MERI_BUG,
		     "the connector died of SIGABRT (Aborted) in the middle of a frame");
	check_ending(ENDING(.status = SIGSEGV, .ended = TRUE), SYNC_FAILED, MERI_BUG,
		     "the connector died of SIGSEGV (Segmentation fault)");
	check_ending(ENDING(.status = 3 << EXIT), SYNC_FAILED, MERI_BUG, "the connector exited with status 3");
	check_ending(ENDING(.status = 3 << EXIT, .ended = TRUE), SYNC_FAILED, MERI_BUG,
		     "the connector exited with status 3");
	check_ending(ENDING(.half = TRUE), SYNC_FAILED, MERI_BUG,
		     "the connector exited with status 0 in the middle of a frame");
	check_ending(ENDING(.status = 0), SYNC_FAILED, MERI_BUG,
		     "the connector exited with status 0 before it was done");
	check_ending((struct sync_ending){.started = TRUE}, SYNC_FAILED, MERI_BUG,
		     "the connector exited with status 0 before it introduced itself");
	check_ending(ENDING(.ended = TRUE, .result = -1), SYNC_FAILED, MERI_BUG,
		     "the connector gave up with -1 and did not say why");
	check_ending(
		ENDING(.fault = "sent garbage: there is no frame of type 9", .cut = SYNC_CUT_FAULT, .killed = TRUE),
		SYNC_FAILED, MERI_BUG, "the connector sent garbage: there is no frame of type 9");
	check_ending(ENDING(.fault = "the store did not take a checkpoint: disk full", .cut = SYNC_CUT_FAULT,
			    .fault_is_ours = TRUE),
		     SYNC_FAILED, MERI_TRANSIENT, "the store did not take a checkpoint: disk full");
	check_ending((struct sync_ending){.fault = "cannot start /x: No such file",
					  .cut = SYNC_CUT_FAULT,
					  .fault_is_ours = TRUE},
		     SYNC_FAILED, MERI_CONFIG, "cannot start /x: No such file");
}

static void test_cuts(void **state)
{
	(void)state;
	check_ending(ENDING(.cut = SYNC_CUT_DEADLINE, .ended = TRUE, .result = -1), SYNC_FAILED, MERI_TRANSIENT,
		     "stopped at its deadline of 2 h; what it had checkpointed is kept");
	check_ending(ENDING(.cut = SYNC_CUT_DEADLINE, .killed = TRUE, .status = SIGKILL), SYNC_FAILED, MERI_TRANSIENT,
		     "stopped at its deadline of 2 h (it did not heed the word to end, and was killed after 5 s); what "
		     "it had "
		     "checkpointed is kept");
	check_ending(ENDING(.cut = SYNC_CUT_CANCEL), SYNC_FAILED, MERI_TRANSIENT,
		     "cancelled; what it had checkpointed is kept");
	check_ending(ENDING(.cut = SYNC_CUT_SHUTDOWN), SYNC_FAILED, MERI_TRANSIENT,
		     "stopped because merid ends; what it had checkpointed is kept");
	check_ending(ENDING(.cut = SYNC_CUT_LINGER, .killed = TRUE, .ended = TRUE, .status = SIGKILL), SYNC_FAILED,
		     MERI_BUG, "the connector said that it was done, but did not end within 5 s, and was killed");
	check_ending(ENDING(.cut = SYNC_CUT_DEAF, .killed = TRUE, .status = SIGKILL), SYNC_FAILED, MERI_BUG,
		     "the connector closed its line to merid, but did not end within 5 s, and was killed");
}

static void test_failures_that_it_tells(void **state)
{
	struct sync_ending rate = ENDING(.fail_class = MERI_RATE, .fail_why = "429 Too Many Requests",
					 .fail_after = 600, .ended = TRUE, .result = MERI_RATE);
	struct sync_verdict verdict = {0};

	(void)state;
	check_ending(
		ENDING(.fail_class = MERI_AUTH, .fail_why = "401\nUnauthorized", .ended = TRUE, .result = MERI_AUTH),
		SYNC_FAILED, MERI_AUTH, "401 Unauthorized");
	check_ending(ENDING(.fail_class = MERI_CONFIG, .fail_why = "cannot load x.so", .status = 71 << EXIT),
		     SYNC_FAILED, MERI_CONFIG, "cannot load x.so");
	check_ending(rate, SYNC_PARTIAL, MERI_RATE, "429 Too Many Requests");
	sync_verdict_of_ending(&verdict, &rate, NULL, 7200, 5);
	assert_int_equal(verdict.after, 600);
	sync_verdict_clear(&verdict);
}

static void test_last_words(void **state)
{
	struct sync_ending ending = ENDING(.status = SIGABRT);
	struct sync_verdict verdict = {0};

	(void)state;
	sync_verdict_of_ending(&verdict, &ending, "free(): invalid pointer", 7200, 5);
	assert_string_equal(verdict.message,
			    "the connector died of SIGABRT (Aborted); its last words: free(): invalid pointer");
	sync_verdict_clear(&verdict);
}

static void check_run(struct sync_tally tally, gint64 most, const char *empty, enum sync_word word, const char *message)
{
	struct sync_verdict verdict = {0};

	sync_verdict_of_run(&verdict, "crm", &tally, most, empty);
	assert_int_equal(verdict.word, word);
	if (message)
		assert_string_equal(verdict.message, message);
	else
		assert_null(verdict.message);
	sync_verdict_clear(&verdict);
}

static void test_runs(void **state)
{
	(void)state;
	check_run((struct sync_tally){.added = 5}, -1, NULL, SYNC_OK, NULL);
	check_run((struct sync_tally){0}, -1, NULL, SYNC_OK, NULL);
	check_run((struct sync_tally){.added = 5, .skipped = 2}, -1, NULL, SYNC_PARTIAL,
		  "2 could not be read: meri source failures crm");
	check_run((struct sync_tally){.unchanged = 50, .held = 12}, -1, NULL, SYNC_PARTIAL,
		  "12 removals are held: meri source approve crm");
	check_run((struct sync_tally){.skipped = 1, .held = 12}, -1, "the listing was empty", SYNC_PARTIAL,
		  "1 could not be read: meri source failures crm; 12 removals are held: meri source approve crm; the "
		  "listing was empty");
	/* So many that the run has failed: over 20 and over half, or as the settings say. */
	check_run((struct sync_tally){.skipped = 20}, -1, NULL, SYNC_PARTIAL,
		  "20 could not be read: meri source failures crm");
	check_run((struct sync_tally){.skipped = 21, .unchanged = 21}, -1, NULL, SYNC_PARTIAL,
		  "21 could not be read: meri source failures crm");
	check_run((struct sync_tally){.skipped = 22, .added = 21}, -1, NULL, SYNC_FAILED,
		  "22 of 43 could not be read, which is too many: meri source failures crm lists them");
	/* Unchanged items stand for many records: a source is not worse for not having changed. */
	check_run((struct sync_tally){.skipped = 100, .unchanged = 3, .records = 120}, -1, NULL, SYNC_PARTIAL,
		  "100 could not be read: meri source failures crm");
	check_run((struct sync_tally){.skipped = 1, .added = 1000}, 0, NULL, SYNC_FAILED,
		  "1 of 1001 could not be read, which is too many: meri source failures crm lists them");
	check_run((struct sync_tally){.skipped = 900, .added = 1}, 1000, NULL, SYNC_PARTIAL,
		  "900 could not be read: meri source failures crm");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_seen),
		cmocka_unit_test(test_seen_many),
		cmocka_unit_test(test_spool),
		cmocka_unit_test(test_spool_empty_payload),
		cmocka_unit_test(test_spool_limits),
		cmocka_unit_test(test_output),
		cmocka_unit_test(test_output_is_bounded),
		cmocka_unit_test(test_good_ending),
		cmocka_unit_test(test_bad_endings),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_failures_that_it_tells),
		cmocka_unit_test(test_last_words),
		cmocka_unit_test(test_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
