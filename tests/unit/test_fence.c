/* store: what an asker may read. Every table has a view before it or a reason why not; records are open by source and
 * by their own readers; nothing is told of the rest. */
#include "identitytest.h"

#include "identity/tables.h"
#include "lookup/lookup.h"
#include "store/fence.h"
#include "store/internal.h"
#include "store/people.h"

static store *reader_of(const struct hub *hub)
{
	store *s = open_store(hub->place, STORE_READ);
	GOOD(lookup_prepare(s, error));
	return s;
}

static gint64 source_id(store *s, const char *name)
{
	g_autofree char *sql = g_strdup_printf("SELECT id FROM source WHERE name = '%s'", name), *id = ask(s, sql);
	return g_ascii_strtoll(id, NULL, 10);
}

/* Fences for the sources (names with blanks between; with a ! behind those that are lenient) and names. */
static void fence(store *s, const char *sources, const char *const *names)
{
	g_auto(GStrv) words = g_strsplit(sources, " ", -1);
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(gint64)),
			  lenient = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (char **word = words; *word; word++) {
		gsize length = strlen(*word);
		gboolean is_lenient = length && (*word)[length - 1] == '!';
		if (is_lenient)
			(*word)[length - 1] = '\0';
		gint64 id = source_id(s, *word);
		g_array_append_val(open, id);
		if (is_lenient)
			g_array_append_val(lenient, id);
	}
	static const char *const known[] = {"Johto", NULL};
	const struct store_rights rights = {.sources = (gint64 *)(void *)open->data,
					    .n_sources = open->len,
					    .lenient = (gint64 *)(void *)lenient->data,
					    .n_lenient = lenient->len,
					    .names = names,
					    .known = known};
	GOOD(store_fence(s, &rights, error));
}
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* ---- nothing is forgotten ---- */

static gboolean is_shadowed(store *s, const char *name)
{
	g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM sqlite_temp_master WHERE name = '%s'", name),
			*count = ask(s, sql);
	return strcmp(count, "1") == 0;
}

static void every_table_is_shadowed_or_harmless(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtanen Oy", "business-id", "0112038-9");
	g_autoptr(store) plain = reader_of(hub), s = reader_of(hub);
	g_autofree char *all = ask(plain, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')");
	fence(s, "crm", NAMES("aino"));
	g_auto(GStrv) names = g_strsplit(all, ",", -1);
	assert_true(g_strv_length(names) > 40);
	guint shadowed = 0;
	for (char **name = names; *name; name++) {
		gboolean there = is_shadowed(s, *name);
		shadowed += there;
		if (!there && !store_fence_passes(*name) && strcmp(*name, "sqlite_sequence") != 0)
			fail_msg("table %s: say in the fence who may see what of it", *name);
		/* The way past the view is closed. */
		g_autofree char *past = g_strdup_printf("SELECT * FROM main.%s", *name),
				*counted = g_strdup_printf("SELECT count(*) FROM main.%s", *name);
		sqlite3_stmt *statement = NULL;
		int code = sqlite3_prepare_v2(store_sqlite(s), past, -1, &statement, NULL);
		sqlite3_finalize(statement);
		assert_int_equal(code == SQLITE_OK, store_fence_passes(*name));
		code = sqlite3_prepare_v2(store_sqlite(s), counted, -1, &statement, NULL);
		sqlite3_finalize(statement);
		if (!g_str_has_prefix(*name, "record_brief") && !g_str_has_prefix(*name, "record_text") &&
		    !g_str_has_prefix(*name, "customer_record"))
			assert_int_equal(code == SQLITE_OK, store_fence_passes(*name));
	}
	assert_true(shadowed > 30);
	static const char *const tricks[] = {
		"WITH x AS (SELECT * FROM main.record) SELECT id FROM x",
		"SELECT id FROM (SELECT * FROM main.record) x",
		"SELECT (SELECT max(text) FROM main.record)",
		"SELECT 1 WHERE EXISTS (SELECT 1 FROM main.record WHERE id = 1)",
		"SELECT r.id FROM record r JOIN main.record_key k ON k.record_id = r.id",
		"SELECT password FROM main.user",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(tricks); i++) {
		sqlite3_stmt *statement = NULL;
		if (sqlite3_prepare_v2(store_sqlite(s), tricks[i], -1, &statement, NULL) == SQLITE_OK)
			fail_msg("%s: is possible", tricks[i]);
	}
}

static void only_readers_are_fenced(void **state)
{
	struct hub *hub = *state;
	g_autoptr(GError) said = NULL;
	g_autoptr(store) s = reader_of(hub);
	const struct store_rights all = {.all = TRUE}, none = {0};
	assert_false(store_fenced(s));
	assert_true(store_may_read(s, 99, TRUE, 99));
	BAD(store_fence(s, &all, error), STORE_ERROR_INVALID);
	BAD(store_fence(hub->s, &none, error), STORE_ERROR_INVALID);
	assert_false(store_fenced(hub->s));
	GOOD(store_fence(s, &none, error));
	assert_true(store_fenced(s));
	ASKED(s, "PRAGMA query_only", "1");
	BAD(store_fence(s, &all, error), STORE_ERROR_INVALID);
	assert_true(store_fenced(s));
}

/* ---- which records are open ---- */

static gint64 put_for(struct hub *hub, const char *source, const char *id, const char *const *readers)
{
	struct meri_record record = {.size = sizeof record,
				     .id = id,
				     .kind = MERI_NOTE,
				     .title = id,
				     .text = "pumppu vuotaa",
				     .readers = readers,
				     .n_readers = readers ? g_strv_length((char **)readers) : 0};
	return hub_put(hub, source, &record);
}

static void records_are_open_by_source_and_reader(void **state)
{
	struct hub *hub = *state;
	put_for(hub, "a", "free", NULL);
	put_for(hub, "a", "sales", NAMES("Myynti"));
	put_for(hub, "a", "aino", NAMES(" AINO@example.fi ", "somebody"));
	put_for(hub, "a", "strange", NAMES("cn=x", "uid=7"));
	put_for(hub, "a", "eero", NAMES("eero", "uid=7"));
	put_for(hub, "a", "heads", NAMES("JOHTO"));
	put_for(hub, "b", "other", NULL);
	put_for(hub, "b", "other-sales", NAMES("myynti"));
	put_for(hub, "c", "open-strange", NAMES("uid=8"));
	put_for(hub, "c", "nobody", NAMES(NULL));
	put_for(hub, "c", "open-eero", NAMES("Eero"));
	put_for(hub, "c", "open-heads", NAMES("johto"));
	put_for(hub, "c", "open-mail", NAMES("eero@example.fi"));
	put_for(hub, "c", "open-team", NAMES("HUOLTO"));
	put_for(hub, "c", "åäö", NAMES("ÅÄÖ"));
	char *teams[] = {"Huolto", NULL};
	const struct store_user eero = {.name = "eero", .email = "Eero@Example.fi", .teams = teams};
	gint64 id;
	GOOD(store_begin(hub->s, error));
	GOOD(store_user_add(hub->s, &eero, 1, &id, error));
	GOOD(store_commit(hub->s, error));
	g_autoptr(store) s = reader_of(hub);
	fence(s, "a c", NAMES("aino", "aino@example.fi", "myynti"));
#define OPEN "SELECT external_id FROM record ORDER BY external_id"
	ASKED(s, OPEN, "aino,free,sales");
	ASKED(s, "SELECT count(*) FROM record_brief", "3");
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'pumppu'", "3");
	ASKED(s,
	      "SELECT count(*) FROM main.record_fts f JOIN record_brief b ON b.id = f.rowid WHERE record_fts MATCH "
	      "'pumppu'",
	      "3");
	ASKED(s, "SELECT count(*) FROM reader", "3");
	ASKED(s, "SELECT name || records FROM source ORDER BY name", "a6,b0,c7");
	/* Unknown readers are as if there were none; known ones are not. */
	fence(s, "c!", NAMES("aino"));
	ASKED(s, OPEN, "open-strange,åäö");
	fence(s, "c!", NAMES("Åäö", "eero", "huolto"));
	ASKED(s, OPEN, "open-eero,open-strange,open-team,åäö");
	/* One asker after the other on one connection. */
	fence(s, "b", NAMES("aino"));
	ASKED(s, OPEN, "other");
	fence(s, "", NAMES("aino"));
	ASKED(s, OPEN, "");
	/* Whom the store knows may change between two requests. */
	GOOD(store_begin(hub->s, error));
	GOOD(store_user_remove(hub->s, id, error));
	GOOD(store_commit(hub->s, error));
	fence(s, "c!", NAMES("aino"));
	ASKED(s, OPEN, "open-eero,open-mail,open-strange,open-team,åäö");
	/* After a fence that failed nothing is open. */
	g_autoptr(GError) said = NULL;
	BAD(store_fence(s, &(struct store_rights){.all = TRUE}, error), STORE_ERROR_INVALID);
	ASKED(s, OPEN, "");
	fence(s, "a", NAMES("aino"));
	assert_true(store_may_read(s, source_id(s, "a"), FALSE, 1));
	assert_false(store_may_read(s, source_id(s, "b"), FALSE, 7));
	assert_false(store_may_read(s, source_id(s, "a"), TRUE, 2));
	assert_true(store_may_read_source(s, source_id(s, "a")));
	assert_false(store_may_read_source(s, source_id(s, "c")));
}

/* What a source's readers were may change: the next question knows. */
static void a_record_is_closed_when_it_changes(void **state)
{
	struct hub *hub = *state;
	put_for(hub, "a", "one", NAMES("aino"));
	g_autoptr(store) s = reader_of(hub);
	fence(s, "a", NAMES("aino"));
	ASKED(s, OPEN, "one");
	put_for(hub, "a", "one", NAMES("eero"));
	fence(s, "a", NAMES("aino"));
	ASKED(s, OPEN, "");
	put_for(hub, "a", "one", NULL);
	fence(s, "a", NAMES("aino"));
	ASKED(s, OPEN, "one");
}

/* ---- the plans ---- */

/* Steps of the plan that make a table first, or walk one from end to end. */
static guint clumsy_steps(store *s, const char *question)
{
	g_autofree char *sql = g_strconcat("EXPLAIN QUERY PLAN ", question, NULL);
	sqlite3_stmt *statement = NULL;
	guint n = 0;
	if (sqlite3_prepare_v2(store_sqlite(s), sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", question, sqlite3_errmsg(store_sqlite(s)));
	while (sqlite3_step(statement) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(statement, 3);
		n += strstr(step, "MATERIALIZE") || strstr(step, "AUTOMATIC") ||
		     (sqlite3_column_int(statement, 1) == 0 && g_str_has_prefix(step, "SCAN") &&
		      !strstr(step, "VIRTUAL TABLE"));
	}
	sqlite3_finalize(statement);
	return n;
}

/* What stands before a table must not be made whole before it is asked. */
static void views_are_flattened(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtanen Oy", "business-id", "0112038-9");
	g_autoptr(store) plain = reader_of(hub), s = reader_of(hub);
	fence(s, "crm", NAMES("aino"));
	static const char *const questions[] = {
		"SELECT r.id, r.kind FROM main.record_fts f CROSS JOIN record_brief r ON r.id = f.rowid WHERE "
		"record_fts "
		"MATCH 'pumppu' ORDER BY f.rowid DESC LIMIT 100",
		"SELECT r.id, r.kind FROM record_fts f CROSS JOIN record_brief r ON r.id = f.rowid WHERE record_fts "
		"MATCH 'pumppu' ORDER BY f.rowid DESC LIMIT 100",
		"SELECT * FROM record WHERE id = 1",
		"SELECT id FROM record ORDER BY occurred DESC, id DESC LIMIT 10",
		"SELECT name FROM customer WHERE id = 1",
		"SELECT n.name FROM customer c JOIN customer n ON n.id = c.now WHERE c.id = 1",
		"SELECT l.customer_id, n.name FROM customer_record l JOIN customer n ON n.id = l.customer_id WHERE "
		"l.record_id = 1 AND l.strength >= 2",
		"SELECT count(*), max(r.occurred) FROM (SELECT DISTINCT record_id FROM customer_record WHERE "
		"customer_id "
		"= 1 AND strength >= 2) l JOIN record r ON r.id = l.record_id",
		"SELECT name, value FROM field WHERE record_id = 1 ORDER BY n",
		"SELECT record_id FROM field WHERE name = 'status' AND value = 'open'",
		"SELECT e.person FROM employment e WHERE e.organisation = 1",
		"SELECT o.customer_id FROM identity_key k JOIN customer_key o ON o.key_id = k.id WHERE k.kind = 3 AND "
		"k.value = 'a@b.fi'",
		"SELECT customer_id FROM identity_block WHERE key = 5 LIMIT 400",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
		if (clumsy_steps(s, questions[i]) != clumsy_steps(plain, questions[i]))
			fail_msg("not flattened: %s", questions[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, hub_make, hub_remove)

int main(void)
{
	base_log_threshold(BASE_WARNING);
	const struct CMUnitTest tests[] = {
		TEST(every_table_is_shadowed_or_harmless),
		TEST(only_readers_are_fenced),
		TEST(records_are_open_by_source_and_reader),
		TEST(a_record_is_closed_when_it_changes),
		TEST(views_are_flattened),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
