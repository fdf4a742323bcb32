/* writer: jobs one after the other, each whole or not at all, beside readers; callbacks come home to the pusher's loop.
 */
#include "storetest.h"

#include "store/writer.h"

static store_writer *open_writer(const struct place *place)
{
	store_writer *writer = NULL;
	GOOD((writer = store_writer_new(place->path, "fi", error)) != NULL);
	return writer;
}

struct task {
	int number; /* of the record to put */
	gboolean fails, silent;
	GThread *home;
	GMainLoop *loop;
	int *left;
	GPtrArray *order;
	char *message;
};

static gboolean put_one(store *s, gpointer user, GError **error)
{
	const struct task *task = user;
	gint64 source = 0;
	g_autofree char *id = g_strdup_printf("r%d", task->number),
			*text = g_strdup_printf("viesti number%d", task->number);
	struct meri_record record = record_of(id, text);
	if (!store_source_ensure(s, "crm", "test", &source, error) ||
	    !store_put(s, source, 1, &record, NULL, NULL, error))
		return FALSE;
	if (task->fails && !task->silent)
		g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, "job %d does not want to", task->number);
	return !task->fails;
}

static void came_home(gpointer user, const GError *error)
{
	struct task *task = user;
	assert_ptr_equal(g_thread_self(), task->home);
	task->message = error ? g_strdup(error->message) : NULL;
	g_ptr_array_add(task->order, task);
	if (--*task->left == 0)
		g_main_loop_quit(task->loop);
}

/* In a thread with a main context of its own, as in the default one. */
static gpointer push_many(gpointer user)
{
	store_writer *writer = user;
	enum { N = 60 };
	struct task tasks[N];
	int left = N;
	GMainContext *context = g_main_context_new();
	g_main_context_push_thread_default(context);
	GMainLoop *loop = g_main_loop_new(context, FALSE);
	g_autoptr(GPtrArray) order = g_ptr_array_new();
	for (int i = 0; i < N; i++) {
		tasks[i] = (struct task){.number = i,
					 .fails = i % 5 == 3,
					 .silent = i % 10 == 3,
					 .home = g_thread_self(),
					 .loop = loop,
					 .left = &left,
					 .order = order};
		store_writer_push(writer, put_one, &tasks[i], came_home);
	}
	g_main_loop_run(loop);
	for (int i = 0; i < N; i++) {
		assert_ptr_equal(order->pdata[i], &tasks[i]);
		assert_int_equal(tasks[i].message != NULL, tasks[i].fails);
		g_free(tasks[i].message);
	}
	g_main_loop_unref(loop);
	g_main_context_pop_thread_default(context);
	g_main_context_unref(context);
	return NULL;
}

static void jobs_are_whole_or_not_at_all(void **state)
{
	const struct place *place = *state;
	store_writer *writer = open_writer(place);
	push_many(writer);
	g_thread_join(g_thread_new("pusher", push_many, writer));
	store_writer_free(writer);
	g_autoptr(store) s = open_store(place, STORE_READ);
	ASKED(s, "SELECT count(*) FROM record", "48");
	ASKED(s, "SELECT count(*) FROM record WHERE external_id IN ('r3', 'r8', 'r58')", "0");
	verified(s);
}

static void calling_waits(void **state)
{
	const struct place *place = *state;
	store_writer *writer = open_writer(place);
	g_autoptr(GError) said = NULL;
	struct task good = {.number = 1}, bad = {.number = 2, .fails = TRUE},
		    silent = {.number = 3, .fails = TRUE, .silent = TRUE};
	GOOD(store_writer_call(writer, put_one, &good, error));
	BAD(store_writer_call(writer, put_one, &bad, error), STORE_ERROR_INVALID);
	assert_string_equal(said->message, "job 2 does not want to");
	BAD(store_writer_call(writer, put_one, &silent, error), STORE_ERROR_INVALID);
	g_autoptr(store) s = open_store(place, STORE_READ);
	ASKED(s, "SELECT external_id FROM record", "r1");
	store_writer_free(writer);
}

/* What is queued when the writer is freed is still done. */
static void freeing_finishes(void **state)
{
	const struct place *place = *state;
	store_writer *writer = open_writer(place);
	struct task tasks[200];
	for (int i = 0; i < 200; i++) {
		tasks[i] = (struct task){.number = i};
		store_writer_push(writer, put_one, &tasks[i], NULL);
	}
	store_writer_free(writer);
	g_autoptr(store) s = open_store(place, STORE_WRITE); /* the lock is free again */
	ASKED(s, "SELECT count(*) FROM record", "200");
	verified(s);
}

static void one_writer_at_a_time(void **state)
{
	const struct place *place = *state;
	store_writer *writer = open_writer(place);
	g_autoptr(GError) said = NULL;
	BAD(store_writer_new(place->path, "fi", error), STORE_ERROR_BUSY);
	g_autofree char *pid = g_strdup_printf("process %ld", (long)getpid());
	assert_non_null(strstr(said->message, pid));
	store_writer_free(writer);
}

static gboolean put_two(store *s, gpointer user, GError **error)
{
	struct task first = {.number = GPOINTER_TO_INT(user) * 2}, second = {.number = first.number + 1};
	return put_one(s, &first, error) && put_one(s, &second, error);
}

/* When nothing else is to be done, the writer makes the index that new rules of words ask for, while readers find. */
static void a_new_index_in_quiet_moments(void **state)
{
	const struct place *place = *state;
	store_writer *writer = open_writer(place);
	for (int i = 0; i < 150; i++)
		store_writer_push(writer, put_two, GINT_TO_POINTER(i), NULL);
	store_writer_free(writer);
	GOOD((writer = store_writer_new(place->path, "sv", error)) != NULL);
	g_autoptr(store) s = open_store(place, STORE_READ);
	assert_true(store_index_stale(s));
	gboolean done = FALSE;
	for (int i = 0; i < 600 && !done; i++) {
		ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'viesti'", "300");
		g_autofree char *rules = ask(s, "SELECT value FROM meta WHERE name = 'text_rules'");
		done = g_str_has_prefix(rules, "sv ");
		g_usleep(50000);
	}
	assert_true(done);
	assert_false(store_index_stale(s));
	store_writer_free(writer);
	verified(s);
}

/* ---- work in parts ---- */

struct piece {
	store_writer *writer;
	int number;
	guint64 transaction;
	gboolean fails;
	int told, errors;
};

static gboolean put_piece(store *s, gpointer user, GError **error)
{
	struct piece *piece = user;
	struct task task = {.number = piece->number, .fails = piece->fails};
	piece->transaction = store_writer_transaction(piece->writer);
	return put_one(s, &task, error);
}

static gboolean nothing(store *s, gpointer user, GError **error)
{
	(void)s;
	(void)user;
	(void)error;
	return TRUE;
}

static void count_error(gpointer user, const GError *error)
{
	struct piece *piece = user;
	piece->told++;
	piece->errors += error != NULL;
}

static void parts_share_a_transaction(void **state)
{
	const struct place *place = *state;
	store_writer *writer = open_writer(place);
	g_autoptr(store) s = open_store(place, STORE_READ);
	int batch = 0, other = 0;
	struct piece pieces[6];
	for (int i = 0; i < 6; i++)
		pieces[i] = (struct piece){.writer = writer, .number = i};
	store_writer_push_part(writer, &batch, FALSE, put_piece, &pieces[0], NULL);
	store_writer_push_part(writer, &batch, FALSE, put_piece, &pieces[1], NULL);
	store_writer_push_part(writer, &batch, TRUE, put_piece, &pieces[2], NULL);
	GOOD(store_writer_call(writer, nothing, NULL, error));
	ASKED(s, "SELECT count(*) FROM record", "3");
	assert_int_equal(pieces[0].transaction, pieces[1].transaction);
	assert_int_equal(pieces[0].transaction, pieces[2].transaction);
	/* another batch comes between */
	store_writer_push_part(writer, &batch, FALSE, put_piece, &pieces[3], NULL);
	store_writer_push_part(writer, &other, TRUE, put_piece, &pieces[4], NULL);
	store_writer_push_part(writer, &batch, TRUE, put_piece, &pieces[5], NULL);
	GOOD(store_writer_call(writer, nothing, NULL, error));
	ASKED(s, "SELECT group_concat(external_id) FROM (SELECT external_id FROM record ORDER BY id)",
	      "r0,r1,r2,r4,r5");
	assert_int_not_equal(pieces[3].transaction, pieces[5].transaction);
	store_writer_free(writer);
	verified(s);
}

static void parts_are_undone(void **state)
{
	const struct place *place = *state;
	store_writer *writer = open_writer(place);
	g_autoptr(store) s = open_store(place, STORE_READ);
	int batch = 0;
	struct piece first = {.writer = writer, .number = 1}, late = {.writer = writer, .number = 3},
		     bad = {.writer = writer, .number = 2, .fails = TRUE};
	/* by one of them that fails */
	store_writer_push_part(writer, &batch, FALSE, put_piece, &first, count_error);
	store_writer_push_part(writer, &batch, FALSE, put_piece, &bad, count_error);
	GOOD(store_writer_call(writer, nothing, NULL, error));
	/* by a second in which nothing comes */
	store_writer_push_part(writer, &batch, FALSE, put_piece, &first, NULL);
	g_usleep(2500000);
	store_writer_push_part(writer, &batch, FALSE, put_piece, &late, NULL);
	GOOD(store_writer_call(writer, nothing, NULL, error));
	assert_int_not_equal(first.transaction, late.transaction);
	ASKED(s, "SELECT count(*) FROM record", "0");
	/* by the end */
	store_writer_push_part(writer, &batch, FALSE, put_piece, &first, NULL);
	store_writer_free(writer);
	ASKED(s, "SELECT count(*) FROM record", "0");
	while (g_main_context_iteration(NULL, FALSE))
		continue;
	assert_int_equal(first.told, 1);
	assert_int_equal(first.errors, 0);
	assert_int_equal(bad.errors, 1);
	verified(s);
}

/* ---- readers beside the writer (the test to run under ThreadSanitizer) ---- */

struct reading {
	const struct place *place;
	gint stop;
	gint64 questions;
};

/* Each transaction adds two records: a reader never sees an odd number, nor an index that differs from the records. */
static gpointer read_on(gpointer user)
{
	struct reading *reading = user;
	g_autoptr(store) s = open_store(reading->place, STORE_READ);
	g_autofree char *last = g_strdup("0");
	while (!g_atomic_int_get(&reading->stop)) {
		char *now = ask(
			s,
			"SELECT count(*) || ' ' || (SELECT count(*) FROM record_fts WHERE record_fts MATCH 'viesti') ||"
			" ' ' || (count(*) % 2) FROM record");
		g_auto(GStrv) parts = g_strsplit(now, " ", 3);
		if (strcmp(parts[0], parts[1]) != 0 || strcmp(parts[2], "0") != 0)
			g_error("a reader saw half a transaction: %s", now);
		if (g_ascii_strtoll(now, NULL, 10) < g_ascii_strtoll(last, NULL, 10))
			g_error("a reader went back in time: %s after %s", now, last);
		g_free(last);
		last = now;
		reading->questions++;
	}
	return NULL;
}

static void readers_never_see_halves(void **state)
{
	const struct place *place = *state;
	store_writer *writer = open_writer(place);
	struct reading readings[3];
	GThread *threads[3];
	for (int i = 0; i < 3; i++) {
		readings[i] = (struct reading){.place = place};
		threads[i] = g_thread_new("reader", read_on, &readings[i]);
	}
	for (int i = 0; i < 300; i++) {
		if (i % 3 == 0)
			GOOD(store_writer_call(writer, put_two, GINT_TO_POINTER(i), error));
		else
			store_writer_push(writer, put_two, GINT_TO_POINTER(i), NULL);
		if (i % 50 == 0)
			g_usleep(20000); /* time for tidying, too */
	}
	store_writer_free(writer);
	for (int i = 0; i < 3; i++) {
		g_atomic_int_set(&readings[i].stop, 1);
		g_thread_join(threads[i]);
		assert_true(readings[i].questions > 0);
	}
	g_autoptr(store) s = open_store(place, STORE_READ);
	ASKED(s, "SELECT count(*) FROM record", "600");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(jobs_are_whole_or_not_at_all),
		TEST(calling_waits),
		TEST(freeing_finishes),
		TEST(one_writer_at_a_time),
		TEST(a_new_index_in_quiet_moments),
		TEST(parts_share_a_transaction),
		TEST(parts_are_undone),
		TEST(readers_never_see_halves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
