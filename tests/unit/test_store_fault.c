/* store: a disk that is full, or fails, at any write. The transaction is lost and nothing else: the store is as it was,
 * and when there is room again the same work goes through. */
#include "storetest.h"

#include "faultvfs.h"

/* All that a store says of its records: to be the same before and after what failed. */
static char *contents(store *s)
{
	return ask(s, "SELECT group_concat(external_id || text || hex(hash) || ifnull(people, '')) || '|' ||"
		      " (SELECT count(*) FROM party) || '|' || (SELECT ifnull(cursor, '-') FROM source) || '|' ||"
		      " (SELECT group_concat(item || fingerprint) FROM item) || '|' || (SELECT count(*) FROM removal) "
		      "|| '|' ||"
		      " (SELECT count(*) FROM record_fts WHERE record_fts MATCH 'viesti')"
		      " FROM (SELECT * FROM record ORDER BY id)");
}

static gboolean batch(store *s, gint64 source, int from, int n, const char *word, GError **error)
{
	static const struct meri_party party = {"from", "Aino Virta", "aino@esimerkki.fi", NULL};
	if (!store_begin(s, error))
		return FALSE;
	for (int i = from; i < from + n; i++) {
		g_autofree char *id = g_strdup_printf("r%d", i), *text = g_strdup_printf("viesti %s %d", word, i);
		g_autoptr(GString) padded = g_string_new(text);
		for (int w = 0; w < 200; w++)
			g_string_append_printf(padded, " sana%d", (i * 7919 + w * 104729) % 5000);
		struct meri_record record = record_of(id, padded->str);
		record.parties = &party, record.n_parties = 1;
		record.fingerprint = word;
		if (!store_put(s, source, 1, &record, NULL, NULL, error))
			return FALSE;
	}
	return store_remove(s, source, 1, "r1", error) && store_cursor_set(s, source, word, error) &&
	       store_commit(s, error);
}

static void fail_everywhere(const struct place *place, int code, enum store_error wanted)
{
	store *s = open_store(place, STORE_WRITE);
	gint64 source = source_new(s, "crm");
	GOOD(batch(s, source, 0, 40, "eka", error));
	g_autofree char *before = contents(s), *after = NULL;

	/* How many writes the work takes, and then a failure at each of them. */
	int failures = 0;
	for (long at = 0;; at += 1 + at / 40) {
		g_autoptr(GError) failed = NULL;
		fault_set(at, code);
		gboolean went = batch(s, source, 20, 60, "toka", &failed);
		gboolean hit = fault.hits > 0;
		fault_none();
		if (went) {
			/* A checkpoint after the commit may fail: then the commit stands. */
			assert_true(at > 0);
			if (!hit)
				break;
			GOOD(store_begin(s, error));
			GOOD(store_source_drop(s, source, error));
			GOOD(store_commit(s, error));
			source = source_new(s, "crm");
			GOOD(batch(s, source, 0, 40, "eka", error));
			continue;
		}
		store_rollback(s);
		failures++;
		if (!g_error_matches(failed, STORE_ERROR, (int)wanted))
			fail_msg("write %ld: %s", at, failed->message);
		if (!strstr(failed->message, "nothing of it was kept"))
			fail_msg("write %ld: says nothing of use: %s", at, failed->message);
		g_autofree char *now = contents(s);
		if (strcmp(now, before) != 0)
			fail_msg("write %ld: the store is not as it was", at);
		if (failures % 10 == 1)
			verified(s);
		if (failures % 7 == 1) { /* and after a restart */
			store_close(s);
			s = open_store(place, STORE_WRITE);
			g_autofree char *reopened = contents(s);
			assert_string_equal(reopened, before);
		}
	}
	assert_true(failures >= 10);
	after = contents(s);
	assert_string_not_equal(after, before);
	verified(s);
	store_close(s);
	print_message("failed at %d different writes\n", failures);
}

static void a_full_disk(void **state)
{
	fail_everywhere(*state, SQLITE_FULL, STORE_ERROR_FULL);
}

static void a_failing_disk(void **state)
{
	fail_everywhere(*state, SQLITE_IOERR_WRITE, STORE_ERROR_FULL);
}

/* Settling, too, is whole or not at all. */
static void settling_on_a_full_disk(void **state)
{
	const struct place *place = *state;
	store *s = open_store(place, STORE_WRITE);
	gint64 source = source_new(s, "crm"), removed = 0, held = 0;
	GOOD(batch(s, source, 0, 40, "eka", error));
	GOOD(store_begin(s, error));
	for (int i = 0; i < 10; i++) {
		g_autofree char *id = g_strdup_printf("r%d", i);
		GOOD(store_remove(s, source, 1, id, error));
	}
	GOOD(store_commit(s, error));
	g_autofree char *before = contents(s);
	int failures = 0;
	for (long at = 0;; at++) {
		fault_set(at, SQLITE_FULL);
		gboolean went = store_begin(s, NULL) && store_removals_settle(s, source, &removed, &held, NULL) &&
				store_commit(s, NULL);
		fault_none();
		if (went)
			break;
		failures++;
		store_rollback(s);
		g_autofree char *now = contents(s);
		assert_string_equal(now, before);
		verified(s);
	}
	assert_true(failures > 0);
	assert_int_equal(removed, 10);
	verified(s);
	store_close(s);
}

/* A step of the schema that fails leaves the file as an older Meri left it; the next start does it again. */
static void making_a_store_on_a_full_disk(void **state)
{
	const struct place *place = *state;
	int failures = 0;
	for (long at = 0; at < 2000; at += 1 + at / 12) {
		g_autoptr(GError) failed = NULL;
		fault_set(at, SQLITE_FULL);
		store *s = store_open(place->path, STORE_WRITE, "fi", &failed);
		gboolean hit = fault.hits > 0;
		fault_none();
		if (s && !hit) {
			verified(s);
			store_close(s);
			assert_true(failures > 3);
			return;
		}
		failures++;
		store_close(s);
		s = open_store(place, STORE_WRITE); /* there is room again */
		verified(s);
		store_close(s);
		g_autofree char *wal = g_strconcat(place->path, "-wal", NULL),
				*shm = g_strconcat(place->path, "-shm", NULL);
		g_unlink(place->path);
		g_unlink(wal);
		g_unlink(shm);
	}
	fail_msg("it never went through");
}

/* Dropping a source and making a new index fail at each write in turn, and go through in the end. */
static void large_works_on_a_full_disk(void **state)
{
	const struct place *place = *state;
	store *s = open_store(place, STORE_WRITE);
	gint64 source = source_new(s, "crm");
	GOOD(batch(s, source, 0, 40, "eka", error));
	store_close(s);
	GOOD((s = store_open(place->path, STORE_WRITE, "sv", error)) != NULL);
	assert_true(store_index_stale(s));
	int failures = 0;
	gboolean more = TRUE;
	for (long at = 0; more; at++) {
		fault_set(at % 300, SQLITE_FULL);
		gboolean went = store_reindex_step(s, 15, &more, NULL);
		fault_none();
		failures += !went;
		more = more || !went;
		assert_true(at < 1000);
	}
	assert_true(failures > 3);
	assert_false(store_index_stale(s));
	verified(s);
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'viesti'", "40");

	gboolean dropped = FALSE;
	for (long at = 0; !dropped; at++) {
		fault_set(at, SQLITE_IOERR_WRITE);
		dropped = store_begin(s, NULL) && store_source_drop(s, source, NULL) && store_commit(s, NULL);
		fault_none();
		if (dropped)
			break;
		store_rollback(s);
		ASKED(s, "SELECT count(*) FROM record", "40");
	}
	verified(s);
	ASKED(s, "SELECT count(*) FROM record", "0");
	store_close(s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
	if (fault_register() != SQLITE_OK)
		return 1;
	base_log_threshold(BASE_WARNING);
	const struct CMUnitTest tests[] = {
		TEST(a_full_disk),
		TEST(a_failing_disk),
		TEST(settling_on_a_full_disk),
		TEST(large_works_on_a_full_disk),
		TEST(making_a_store_on_a_full_disk),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
