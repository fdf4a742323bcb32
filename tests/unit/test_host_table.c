/* What a connector may call, with a parent at the other end of the line: what crosses, what is mended, and when the run
 * is over. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>

#include <cmocka.h>
#undef skip /* the connectors' functions have these names */
#undef fail

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/host.h"

static const struct meri_option options[] = {
	{.name = "path", .kind = MERI_PATH},
	{.name = "key", .kind = MERI_TEXT, .secret = 1},
	{.name = NULL},
};
static const struct meri_connector connector = {
	MERI_ABI, sizeof connector, sizeof options[0], "test", "Tests", options, NULL, NULL};

struct line {
	struct host host;
	const struct meri_host *api;
	int parent;
	GThread *thread; /* the parent that answers, if there is one */
	guint answers;
};

static int line_new(void **state)
{
	struct line *l = g_new0(struct line, 1);
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	l->host.fd = pair[0];
	l->parent = pair[1];
	l->host.in = wire_buffer_new();
	l->host.out = g_byte_array_new();
	l->host.connector = &connector;
	l->host.run.job = WIRE_JOB_SYNC;
	l->host.run.options = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_insert(l->host.run.options, (gpointer) "path", (gpointer) "/srv");
	l->host.secrets = g_ptr_array_new();
	g_ptr_array_add(l->host.secrets, (gpointer) "hunter2");
	l->host.flushed = l->host.looked = g_get_monotonic_time();
	host_table(&l->host);
	l->api = &l->host.api;
	*state = l;
	return 0;
}

static int line_free(void **state)
{
	struct line *l = *state;
	if (l->parent >= 0)
		close(l->parent);
	if (l->thread)
		g_thread_join(l->thread);
	close(l->host.fd);
	wire_buffer_free(l->host.in);
	g_byte_array_unref(l->host.out);
	g_hash_table_unref(l->host.run.options);
	g_ptr_array_unref(l->host.secrets);
	wire_items_free(l->host.items);
	host_text_free(l->host.text);
	g_free(l);
	return 0;
}

/* The next frame as the parent sees it, printed; NULL if nothing is there. */
static char *heard(struct line *l, enum wire_type *type)
{
	struct pollfd look = {.fd = l->parent, .events = POLLIN};
	struct wire_frame frame;
	host_flush(&l->host);
	if (poll(&look, 1, 0) != 1)
		return NULL;
	assert_true(wire_read(l->parent, &frame, NULL));
	*type = frame.type;
	char *text = g_variant_print(frame.payload, FALSE);
	wire_frame_clear(&frame);
	return text;
}

static void expect(struct line *l, enum wire_type type, const char *payload)
{
	enum wire_type got;
	g_autofree char *text = heard(l, &got);
	assert_non_null(text);
	assert_int_equal(got, type);
	assert_string_equal(text, payload);
}

static void expect_nothing(struct line *l)
{
	enum wire_type got;
	g_autofree char *text = heard(l, &got);
	assert_null(text);
}

static struct meri_record note(const char *id)
{
	return (struct meri_record){.size = sizeof(struct meri_record), .id = id, .kind = MERI_NOTE, .title = "T"};
}

/* A parent that answers each checkpoint. */
static gpointer answer(gpointer user)
{
	struct line *l = user;
	struct wire_frame frame;
	int fd = l->parent;
	while (l->answers && wire_read(fd, &frame, NULL)) {
		if (frame.type == WIRE_CHECKPOINT) {
			l->answers--;
			wire_write(fd, WIRE_DURABLE, g_variant_new("()"), NULL);
		}
		wire_frame_clear(&frame);
	}
	return NULL;
}

static void test_settings(void **state)
{
	struct line *l = *state;
	assert_string_equal(l->api->option(l->api, "path"), "/srv");
	assert_null(l->api->option(l->api, "no-such"));
	assert_null(l->api->option(l->api, NULL));
	assert_null(l->api->cursor(l->api));
	l->host.run.cursor = "";
	assert_string_equal(l->api->cursor(l->api), "");
}

static void test_what_is_said(void **state)
{
	struct line *l = *state;
	const struct meri_host *h = l->api;
	assert_int_equal(h->remove(h, "gone"), 0);
	assert_int_equal(h->skip(h, "bad", "because\nof this"), 0);
	assert_int_equal(h->complete(h), 0);
	h->log(h, MERI_DEBUG, "%d of %s", 3, "these");
	assert_int_equal(h->fail(h, MERI_RATE, 90, "come %s", "later"), MERI_RATE);
	expect(l, WIRE_REMOVE, "('gone',)");
	expect(l, WIRE_SKIP, "('bad', 'because of this')");
	expect(l, WIRE_COMPLETE, "()");
	expect(l, WIRE_LOG, "(1, '3 of these')");
	expect(l, WIRE_FAIL, "(3, 90, 'come later')");
	assert_int_equal(h->fail(h, (enum meri_class)77, -5, "odd"), MERI_BUG);
	expect(l, WIRE_FAIL, "(5, 0, 'odd')");
	expect_nothing(l);
}

static void test_puts_gather(void **state)
{
	struct line *l = *state;
	struct pollfd look = {.fd = l->parent, .events = POLLIN};
	struct meri_record r = note("1");
	assert_int_equal(l->api->put(l->api, &r), 0);
	assert_int_equal(poll(&look, 1, 0), 0); /* no system call for one record */
	for (int i = 0; i < 2000; i++)
		assert_int_equal(l->api->put(l->api, &r), 0);
	assert_int_equal(poll(&look, 1, 0), 1);
	assert_in_range(l->host.out->len, 0, 65536 + 1000);
}

static void test_secrets_are_blotted_out(void **state)
{
	struct line *l = *state;
	l->api->log(l->api, MERI_INFO, "got 403 for %s and %s", "hunter2", "https://x/?token=hunter2&a=b");
	l->api->fail(l->api, MERI_AUTH, 0, "hunter2 was refused");
	expect(l, WIRE_LOG, "(2, 'got 403 for *** and https://x/?token=***&a=b')");
	expect(l, WIRE_FAIL, "(2, 0, '*** was refused')");
}

static void test_bad_records_are_skips(void **state)
{
	struct line *l = *state;
	struct meri_record r = note("");
	assert_int_equal(l->api->put(l->api, &r), 0);
	r = note("k");
	r.kind = 0;
	assert_int_equal(l->api->put(l->api, &r), 0);
	expect(l, WIRE_SKIP, "('(no id)', \"a record's id has 0 bytes; 1 to 1000 are allowed\")");
	expect(l, WIRE_SKIP, "('k', 'record kind 0 is not one of 1 to 9')");
}

static void test_an_older_connectors_record(void **state)
{
	struct line *l = *state;
	/* It was built when a record ended before its parties; what lies behind is not read. */
	struct meri_record r = note("old");
	r.size = offsetof(struct meri_record, parties);
	r.n_parties = 1000000;
	assert_int_equal(l->api->put(l->api, &r), 0);
	host_flush(&l->host);
	struct wire_frame frame;
	struct wire_record got;
	assert_true(wire_read(l->parent, &frame, NULL));
	assert_int_equal(frame.type, WIRE_RECORD);
	assert_true(wire_record_decode(frame.payload, &got, NULL));
	assert_string_equal(got.record.id, "old");
	assert_int_equal(got.record.n_parties, 0);
	wire_record_clear(&got);
	wire_frame_clear(&frame);
}

static void test_misuse_ends_the_run(void **state)
{
	struct line *l = *state;
	struct meri_record r = note("1");
	r.size = 0;
	assert_int_equal(l->api->put(l->api, &r), MERI_STOP);
	r.size = sizeof r;
	assert_int_equal(l->api->put(l->api, &r), MERI_STOP);
	enum wire_type type;
	g_autofree char *text = heard(l, &type);
	assert_int_equal(type, WIRE_FAIL);
	assert_non_null(strstr(text, "wrongly"));
	expect_nothing(l); /* once is enough */
}

static void test_check_puts_nothing(void **state)
{
	struct line *l = *state;
	struct meri_record r = note("1");
	l->host.run.job = WIRE_JOB_CHECK;
	assert_int_equal(l->api->put(l->api, &r), MERI_STOP);
	enum wire_type type;
	g_autofree char *text = heard(l, &type);
	assert_int_equal(type, WIRE_FAIL);
}

static void test_unchanged(void **state)
{
	struct line *l = *state;
	const struct meri_host *h = l->api;
	assert_int_equal(h->unchanged(h, "a", "f"), 0); /* nothing is known */
	struct wire_items *items = wire_items_new();
	wire_items_add(items, "a", "f");
	wire_items_add(items,
		       "b\xef\xbf\xbd"
		       "e4",
		       "g"); /* as put stored it: mended */
	int fd = wire_items_to_fd(items, NULL);
	wire_items_free(items);
	l->host.items = wire_items_from_fd(fd, NULL);
	close(fd);
	assert_int_equal(h->unchanged(h, "a", "f"), 1);
	assert_int_equal(h->unchanged(h, "a", "F"), 0);
	assert_int_equal(h->unchanged(h, "b\xe4", "g"), 1);
	assert_int_equal(h->unchanged(h, NULL, "f"), 0);
	assert_int_equal(h->unchanged(h, "a", ""), 0);
	expect(l, WIRE_SEEN, "('a',)");
	expect(l, WIRE_SEEN,
	       "('b\xef\xbf\xbd"
	       "e4',)");
	expect_nothing(l);
}

static void test_checkpoint_waits(void **state)
{
	struct line *l = *state;
	struct meri_record r = note("1");
	l->answers = 2;
	l->thread = g_thread_new("parent", answer, l);
	assert_int_equal(l->api->put(l->api, &r), 0);
	assert_int_equal(l->api->checkpoint(l->api, "one"), 0);
	assert_int_equal(l->api->checkpoint(l->api, NULL), 0);
	assert_int_equal(l->answers, 0);
}

static void test_stop_instead_of_durable(void **state)
{
	struct line *l = *state;
	assert_true(wire_write(l->parent, WIRE_STOP, g_variant_new("()"), NULL));
	assert_int_equal(l->api->checkpoint(l->api, "one"), MERI_STOP);
	struct meri_record r = note("1");
	assert_int_equal(l->api->put(l->api, &r), MERI_STOP);
	assert_int_equal(l->api->unchanged(l->api, "a", "f"), 0);
}

static void test_stop_is_seen_soon(void **state)
{
	struct line *l = *state;
	struct meri_record r = note("1");
	assert_int_equal(l->api->put(l->api, &r), 0);
	assert_true(wire_write(l->parent, WIRE_STOP, g_variant_new("()"), NULL));
	gint64 began = g_get_monotonic_time();
	while (l->api->put(l->api, &r) == 0) {
		assert_true(g_get_monotonic_time() - began < G_USEC_PER_SEC);
		g_usleep(1000); /* nobody reads here: do not fill the line */
	}
}

static void test_parent_that_is_gone(void **state)
{
	struct line *l = *state;
	struct meri_record r = note("1");
	close(l->parent);
	l->parent = -1;
	assert_int_equal(l->api->checkpoint(l->api, "one"), MERI_STOP);
	assert_int_equal(l->api->put(l->api, &r), MERI_STOP);
	assert_true(l->host.parent_gone);
}

static void test_progress_is_not_a_flood(void **state)
{
	struct line *l = *state;
	enum wire_type type;
	guint frames = 0;
	for (guint i = 1; i <= 100000; i++)
		assert_int_equal(l->api->progress(l->api, i, 100000, "working"), 0);
	for (char *text; (text = heard(l, &type)); frames++)
		g_free(text);
	assert_in_range(frames, 2, 100); /* the first and the last at least */
}

static void test_text_of(void **state)
{
	struct line *l = *state;
	const char *why;
	struct meri_blob blob = {sizeof blob, "<p>hi", 5, "a.html", NULL};
	assert_string_equal(l->api->text_of(l->api, &blob, &why), "hi");
	assert_null(why);
	assert_string_equal(l->api->text_of(l->api, &blob, NULL), "hi");
	assert_null(l->api->text_of(
		l->api, &(struct meri_blob){.size = sizeof blob, .bytes = "\0\1\2\0\0", .length = 5}, &why));
	assert_non_null(why);
}

static void test_loading_what_is_no_connector(void **state)
{
	(void)state;
	char *message = NULL;
	assert_null(host_load("/nonexistent/x.so", &message));
	assert_non_null(strstr(message, "cannot load"));
	g_clear_pointer(&message, g_free);
	assert_null(host_load("libz.so.1", &message));
	assert_non_null(message);
	g_free(message);
}

#define ON_A_LINE(test) cmocka_unit_test_setup_teardown(test, line_new, line_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_LINE(test_settings),
		ON_A_LINE(test_what_is_said),
		ON_A_LINE(test_puts_gather),
		ON_A_LINE(test_secrets_are_blotted_out),
		ON_A_LINE(test_bad_records_are_skips),
		ON_A_LINE(test_an_older_connectors_record),
		ON_A_LINE(test_misuse_ends_the_run),
		ON_A_LINE(test_check_puts_nothing),
		ON_A_LINE(test_unchanged),
		ON_A_LINE(test_checkpoint_waits),
		ON_A_LINE(test_stop_instead_of_durable),
		ON_A_LINE(test_stop_is_seen_soon),
		ON_A_LINE(test_parent_that_is_gone),
		ON_A_LINE(test_progress_is_not_a_flood),
		ON_A_LINE(test_text_of),
		cmocka_unit_test(test_loading_what_is_no_connector),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
