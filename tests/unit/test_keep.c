/* Answers that are kept: who makes them, who waits, and what makes them void. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "serve/keep.h"

static struct serve_kept *made(const char *text, gsize length)
{
	struct serve_kept *kept = g_atomic_rc_box_new0(struct serve_kept);
	kept->text = calloc(1, length + 1);
	memcpy(kept->text, text, MIN(strlen(text), length));
	kept->length = length;
	kept->tag = g_strdup(text);
	return kept;
}

static void give(struct serve_keep *keep, const char *key, guint64 ticket, const char *text, gsize length)
{
	g_autoptr(serve_kept) kept = made(text, length);
	serve_keep_give(keep, key, ticket, kept);
}

static void expect(struct serve_keep *keep, const char *key, const char *text)
{
	guint64 ticket;
	g_autoptr(serve_kept) kept = serve_keep_take(keep, key, &ticket);
	if (!text) {
		assert_null(kept);
		serve_keep_give(keep, key, ticket, NULL);
		return;
	}
	assert_non_null(kept);
	assert_string_equal(kept->text, text);
}

static void is_kept_and_forgotten(void **state)
{
	(void)state;
	struct serve_keep *keep = serve_keep_new();
	guint64 ticket;
	assert_null(serve_keep_take(keep, "a", &ticket));
	give(keep, "a", ticket, "one", 3);
	expect(keep, "a", "one");
	expect(keep, "b", NULL);
	expect(keep, "b", NULL); /* who could not make it leaves nothing behind */
	serve_keep_forget(keep);
	expect(keep, "a", NULL);
	serve_keep_free(keep);
}

static void begun_before_a_change(void **state)
{
	(void)state;
	struct serve_keep *keep = serve_keep_new();
	guint64 early, late;
	assert_null(serve_keep_take(keep, "a", &early));
	serve_keep_forget(keep);
	assert_null(serve_keep_take(keep, "a", &late)); /* does not wait for what will be void */
	give(keep, "a", early, "old", 3);
	give(keep, "a", late, "new", 3);
	give(keep, "a", early, "old", 3);
	expect(keep, "a", "new");
	serve_keep_free(keep);
}

static void bounded(void **state)
{
	(void)state;
	struct serve_keep *keep = serve_keep_new();
	const gsize size = SERVE_KEEP_BYTES / 4;
	guint64 ticket;
	for (int i = 0; i < 6; i++) {
		g_autofree char *key = g_strdup_printf("%d", i);
		assert_null(serve_keep_take(keep, key, &ticket));
		give(keep, key, ticket, key, size);
	}
	expect(keep, "0", NULL);
	expect(keep, "5", "5");
	assert_null(serve_keep_take(keep, "huge", &ticket));
	give(keep, "huge", ticket, "huge", SERVE_KEEP_BYTES + 1);
	expect(keep, "huge", NULL);
	serve_keep_free(keep);
}

struct crowd {
	struct serve_keep *keep;
	atomic_uint made, answered;
};

static void *ask(void *data)
{
	struct crowd *crowd = data;
	guint64 ticket;
	g_autoptr(serve_kept) kept = serve_keep_take(crowd->keep, "same", &ticket);
	if (!kept) {
		atomic_fetch_add(&crowd->made, 1);
		g_usleep(20000);
		give(crowd->keep, "same", ticket, "same", 4);
	}
	atomic_fetch_add(&crowd->answered, 1);
	return NULL;
}

static void one_works_for_all(void **state)
{
	(void)state;
	struct crowd crowd = {.keep = serve_keep_new()};
	pthread_t threads[8];
	for (int i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask, &crowd), 0);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(crowd.made, 1);
	assert_int_equal(crowd.answered, 8);
	serve_keep_free(crowd.keep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_kept_and_forgotten),
		cmocka_unit_test(begun_before_a_change),
		cmocka_unit_test(bounded),
		cmocka_unit_test(one_works_for_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
