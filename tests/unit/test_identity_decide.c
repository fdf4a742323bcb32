/* Decisions: made, previewed, taken back in any order, and never overruled by what comes later. */
#include "identitytest.h"

static gboolean decide_json(struct hub *hub, json_t *what, gboolean preview, struct identity_effect *effect,
			    GError **error)
{
	gboolean ok = store_begin(hub->s, error) &&
		      identity_decide(hub->i, hub->s, what, "pekka", "koe", 99, preview, effect, error) &&
		      store_commit(hub->s, error);
	if (!ok && !sqlite3_get_autocommit(store_sqlite(hub->s)))
		store_rollback(hub->s);
	json_decref(what);
	return ok;
}

static gint64 decide(struct hub *hub, json_t *what)
{
	struct identity_effect effect;
	GOOD(decide_json(hub, what, FALSE, &effect, error));
	identity_effect_clear(&effect);
	return effect.decision;
}

static void undo(struct hub *hub, gint64 decision)
{
	struct identity_effect effect;
	GOOD(store_begin(hub->s, error));
	GOOD(identity_undo(hub->i, hub->s, decision, "pekka", "erehdys", 100, FALSE, &effect, error));
	GOOD(store_commit(hub->s, error));
	identity_effect_clear(&effect);
}

static json_t *merge(gint64 from, gint64 into)
{
	return json_pack("{s:s, s:I, s:I}", "kind", "merge", "from", (json_int_t)from, "into", (json_int_t)into);
}

static json_t *of_records(const char *kind, gint64 customer, gint64 record)
{
	return json_pack("{s:s, s:I, s:[I]}", "kind", kind, "customer", (json_int_t)customer, "records",
			 (json_int_t)record);
}

/* All that is derived, as text: whom each row counts to, whom each record is about and why, who works where, which keys
 * are in doubt. */
static char *dump(store *s)
{
	static const char about[] =
		"SELECT 'about', record_id, customer_id || ' ' || strength, group_concat(rule || ':' || "
		"coalesce(key_id, '') || ':' || coalesce(words, ''), ' ')"
		" FROM (SELECT * FROM customer_record ORDER BY record_id, customer_id, rule, row_id) GROUP BY "
		"record_id, customer_id, strength";
	const char *const questions[] = {
		"SELECT 'row', id, now, name FROM customer WHERE NOT gone ORDER BY id",
		about,
		"SELECT 'link', record_id, customer_id || ' ' || rule, strength FROM link ORDER BY 2, 3",
		"SELECT 'works', person, organisation, until FROM employment ORDER BY 2, 3",
		"SELECT 'doubt', id, doubt, value FROM identity_key WHERE doubt <> 0 ORDER BY id",
		"SELECT 'owns', key_id, customer_id, via || ' ' || strength FROM customer_key ORDER BY 2, 3, via",
		"SELECT 'pair', a, b, '' FROM identity_pair ORDER BY 2, 3",
	};
	GString *out = g_string_new(NULL);
	for (gsize q = 0; q < G_N_ELEMENTS(questions); q++) {
		sqlite3_stmt *ask = NULL;
		assert_int_equal(sqlite3_prepare_v2(store_sqlite(s), questions[q], -1, &ask, NULL), SQLITE_OK);
		while (sqlite3_step(ask) == SQLITE_ROW)
			g_string_append_printf(out, "%s %s %s %s\n", sqlite3_column_text(ask, 0),
					       sqlite3_column_text(ask, 1), sqlite3_column_text(ask, 2),
					       sqlite3_column_text(ask, 3));
		sqlite3_finalize(ask);
	}
	return g_string_free(out, FALSE);
}

static void assert_same(const char *is, const char *was, const char *what)
{
	if (strcmp(is, was) == 0)
		return;
	g_auto(GStrv) x = g_strsplit(is, "\n", -1);
	g_auto(GStrv) y = g_strsplit(was, "\n", -1);
	for (int n = 0; x[n] != NULL && y[n] != NULL; n++)
		if (strcmp(x[n], y[n]) != 0)
			fail_msg("%s: line %d is '%s' and was '%s'", what, n, x[n], y[n]);
	fail_msg("%s: one is longer", what);
}

/* ---- one by one ---- */

static void merge_and_back(void **state)
{
	struct hub *hub = *state;
	gint64 a = HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtasen Konepaja Oy", "domain", "virtanen.fi");
	HINTED(hub, "crm", MERI_ACCOUNT, "a2", "VK Huolto Oy", "domain", "vkhuolto.fi");
	gint64 mail = hub_mail(hub, "m1", "A", "a@virtanen.fi", 1),
	       other = hub_mail(hub, "m2", "B", "b@vkhuolto.fi", 2);
	struct identity_effect effect;
	g_autofree char *before = dump(hub->s);
	GOOD(decide_json(hub, merge(1, 2), TRUE, &effect, error)); /* a preview tells, and leaves nothing */
	assert_int_equal(effect.records, 2);
	assert_int_equal(effect.customers, 1);
	assert_int_equal(effect.decision, 0);
	identity_effect_clear(&effect);
	g_autofree char *still = dump(hub->s);
	assert_same(still, before, "after a preview");
	gint64 decision = decide(hub, merge(1, 2));
	LINKS(hub, mail, "2+");
	LINKS(hub, other, "2+");
	assert_int_equal(identity_now(hub->s, 1), 2);
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtasen Konepaja Oyj", "domain",
	       "virtanen.fi"); /* a sync does not overrule */
	LINKS(hub, mail, "2+");
	hub_take(hub, "crm", "a1");
	assert_int_equal(identity_now(hub->s, 1), 2);
	assert_int_equal(HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtasen Konepaja Oy", "domain", "virtanen.fi") > a,
			 TRUE);
	assert_int_equal(identity_now(hub->s, 1), 2);
	undo(hub, decision);
	LINKS(hub, mail, "1+");
	LINKS(hub, other, "2+");
}

static void split_and_stay_split(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtasen Konepaja Oy", "business-id", "0112038-9");
	gint64 b = HINTED(hub, "erp", MERI_ACCOUNT, "b1", "Virtasen Konepaja", "business-id", "0112038-9");
	assert_int_equal(hub_customer(hub, b), 1);
	gint64 decision = decide(hub, of_records("split", 1, b));
	assert_int_equal(hub_customer(hub, b), 2);
	HINTED(hub, "tuki", MERI_ACCOUNT, "c1", "Virtasen Konepaja Oy", "business-id",
	       "0112038-9"); /* the third does not glue them */
	assert_int_equal(hub_customer(hub, b) != identity_now(hub->s, 1), TRUE);
	undo(hub, decision);
	assert_int_equal(hub_customer(hub, b), 1);
	assert_int_equal(identity_now(hub->s, 3), 1);
}

static void apart_is_no_suggestion(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtasen Konepaja Oy", "crm-id", "1");
	HINTED(hub, "crm", MERI_ACCOUNT, "a2", "Virtasen Konepaja Oy", "crm-id", "2");
	g_autoptr(GPtrArray) queue = NULL;
	GOOD(queue = identity_suggestions(hub->i, hub->s, 10, error));
	assert_int_equal(queue->len, 1);
	gint64 decision = decide(hub, json_pack("{s:s, s:i, s:i}", "kind", "apart", "a", 1, "b", 2));
	g_clear_pointer(&queue, g_ptr_array_unref);
	GOOD(queue = identity_suggestions(hub->i, hub->s, 10, error));
	assert_int_equal(queue->len, 0);
	undo(hub, decision);
	g_clear_pointer(&queue, g_ptr_array_unref);
	GOOD(queue = identity_suggestions(hub->i, hub->s, 10, error));
	assert_int_equal(queue->len, 1);
}

static void link_and_unlink(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtasen Konepaja Oy", "domain", "virtanen.fi");
	gint64 mail = hub_mail(hub, "m1", "A", "a@virtanen.fi", 1), note = hub_note(hub, "n1", NULL, "Soitto");
	gint64 deny = decide(hub, of_records("unlink", 1, mail)), link = decide(hub, of_records("link", 1, note));
	LINKS(hub, mail, "");
	LINKS(hub, note, "1!");
	hub_note(hub, "n1", NULL, "Soitto uudestaan"); /* changed in the source */
	LINKS(hub, note, "1!");
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtasen Konepaja Oy", "domain", "virtanen.fi", "phone", "040 1234567");
	LINKS(hub, mail, "");
	hub_take(hub, "notes", "n1");
	note = hub_note(hub, "n1", NULL, "Soitto"); /* it came back, under another row */
	LINKS(hub, note, "1!");
	undo(hub, deny);
	undo(hub, link);
	LINKS(hub, mail, "1+");
	LINKS(hub, note, "");
}

static void made_by_hand(void **state)
{
	struct hub *hub = *state;
	gint64 mail = hub_mail(hub, "m1", "A", "a@uusi.fi", 1);
	gint64 create = decide(hub, json_pack("{s:s, s:s}", "kind", "create", "name", "Uusi Asiakas Oy"));
	gint64 own = decide(hub, json_pack("{s:s, s:i, s:s, s:s}", "kind", "own", "customer", 1, "key", "domain",
					   "value", "uusi.fi"));
	LINKS(hub, mail, "1+");
	LINKS(hub, hub_note(hub, "n1", NULL, "Kävin: Uusi Asiakas Oy tilasi."), "1+");
	undo(hub, create);
	LINKS(hub, mail, "");
	undo(hub, own);
	LINKS(hub, mail, "");
}

static void refused(struct hub *hub, json_t *what, int code)
{
	struct identity_effect effect;
	g_autoptr(GError) said = NULL;
	assert_false(decide_json(hub, what, FALSE, &effect, &said));
	assert_true(g_error_matches(said, IDENTITY_ERROR, code));
}

static void what_makes_no_sense_is_refused(void **state)
{
	struct hub *hub = *state;
	gint64 a = HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtasen Konepaja Oy", "crm-id", "1");
	HINTED(hub, "crm", MERI_PERSON, "p1", "Liisa Korhonen", "crm-id", "1");
	g_autofree char *before = dump(hub->s);
	refused(hub, merge(1, 1), IDENTITY_ERROR_REFUSED);
	refused(hub, merge(1, 2), IDENTITY_ERROR_REFUSED);
	refused(hub, merge(1, 77), IDENTITY_ERROR_ABSENT);
	refused(hub, of_records("split", 1, a), IDENTITY_ERROR_REFUSED);
	refused(hub, of_records("link", 1, 4711), IDENTITY_ERROR_ABSENT);
	refused(hub, json_pack("{s:s}", "kind", "dance"), IDENTITY_ERROR_REFUSED);
	refused(hub, json_object(), IDENTITY_ERROR_REFUSED);
	refused(hub, json_pack("{s:s, s:i, s:s, s:s}", "kind", "own", "customer", 1, "key", "domain", "value", "?"),
		IDENTITY_ERROR_REFUSED);
	g_autofree char *after = dump(hub->s);
	assert_same(after, before, "after refusals");
	g_autoptr(GPtrArray) journal = NULL;
	GOOD(journal = identity_decisions(hub->s, 0, 10, error));
	assert_int_equal(journal->len, 0);
}

static void roles_and_journal(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtasen Konepaja Oy", "crm-id", "1");
	HINTED(hub, "crm", MERI_PERSON, "p1", "Liisa Korhonen", "crm-id", "1");
	gint64 decision = decide(
		hub, json_pack("{s:s, s:i, s:i, s:s}", "kind", "role", "person", 2, "customer", 1, "role", "ostaja"));
	g_autoptr(identity_view) view = NULL;
	GOOD(view = identity_customer(hub->s, 1, error));
	assert_string_equal(((struct identity_person_of *)g_ptr_array_index(view->people, 0))->role, "ostaja");
	undo(hub, decision);
	g_autoptr(GPtrArray) journal = NULL;
	GOOD(journal = identity_decisions(hub->s, 1, 10, error));
	assert_int_equal(journal->len, 1);
	const struct identity_decision *one = g_ptr_array_index(journal, 0);
	assert_string_equal(one->by, "pekka");
	assert_string_equal(one->undone_why, "erehdys");
	struct identity_effect effect;
	g_autoptr(GError) said = NULL;
	assert_false(identity_undo(hub->i, hub->s, decision, "pekka", NULL, 1, FALSE, &effect, &said));
	assert_true(g_error_matches(said, IDENTITY_ERROR, IDENTITY_ERROR_REFUSED));
}

/* ---- whatever is decided, in whatever order it is taken back ---- */

static guint64 seed;

static guint dice(guint sides)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (guint)(seed >> 33) % sides;
}

static void world(struct hub *hub, guint companies)
{
	static const char *const first[] = {"Virtasen", "Korhosen", "Lahden", "Turun", "Pohjolan", "Saimaan"};
	static const char *const second[] = {"Konepaja", "Valimo", "Kuljetus", "Sahko", "Rakennus"};
	for (guint n = 0; n < companies; n++) {
		g_autofree char *name = g_strdup_printf("%s %s Oy", first[dice(6)], second[dice(5)]),
				*domain = g_strdup_printf("yritys%u.fi", dice(companies)),
				*id = g_strdup_printf("a%u", n), *crm = g_strdup_printf("%u", n);
		HINTED(hub, dice(2) ? "crm" : "erp", MERI_ACCOUNT, id, name, "crm-id", crm, "domain", domain);
		g_autofree char *person = g_strdup_printf("p%u", n),
				*address = g_strdup_printf("henkilo%u@yritys%u.fi", dice(9), dice(companies));
		HINTED(hub, "crm", MERI_PERSON, person, dice(2) ? "Liisa Korhonen" : "Matti Meikki", "crm-id", crm,
		       "e-mail", address);
	}
	for (guint n = 0; n < companies * 2; n++) {
		g_autofree char *id = g_strdup_printf("m%u", n),
				*address = g_strdup_printf("henkilo%u@yritys%u.fi", dice(9), dice(companies)),
				*note = g_strdup_printf("Tavattiin: %s %s ja muut", first[dice(6)], second[dice(5)]);
		hub_mail(hub, id, "Joku", address, 1000 + n);
		hub_note(hub, id, "ketju", note);
	}
}

static gint64 count(struct hub *hub, const char *table)
{
	g_autofree char *sql = g_strdup_printf("SELECT max(id) FROM %s", table);
	sqlite3_stmt *ask = NULL;
	assert_int_equal(sqlite3_prepare_v2(store_sqlite(hub->s), sql, -1, &ask, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(ask), SQLITE_ROW);
	gint64 n = sqlite3_column_int64(ask, 0);
	sqlite3_finalize(ask);
	return n;
}

static json_t *any_decision(struct hub *hub)
{
	gint64 customers = count(hub, "customer"), records = count(hub, "record");
	gint64 a = 1 + dice((guint)customers), b = 1 + dice((guint)customers), record = 1 + dice((guint)records);
	switch (dice(8)) {
	case 0:
	case 1:
		return merge(a, b);
	case 2:
		return json_pack("{s:s, s:I, s:[I, I]}", "kind", "split", "customer", (json_int_t)a, "rows",
				 (json_int_t)b, (json_int_t)1 + dice((guint)customers));
	case 3:
		return json_pack("{s:s, s:I, s:I}", "kind", "apart", "a", (json_int_t)a, "b", (json_int_t)b);
	case 4:
		return of_records("link", a, record);
	case 5:
		return of_records("unlink", a, record);
	case 6:
		return json_pack("{s:s, s:I, s:s, s:s}", "kind", "own", "customer", (json_int_t)a, "key", "domain",
				 "value", dice(2) ? "yritys1.fi" : "yritys2.fi");
	default:
		return json_pack("{s:s, s:s}", "kind", "create", "name", dice(2) ? "Uusi Oy" : "Virtasen Konepaja Oy");
	}
}

static void split_of_group(struct hub *hub, GArray *made)
{
	sqlite3_stmt *ask = NULL;
	gint64 customer = 0, row = 0;
	assert_int_equal(sqlite3_prepare_v2(store_sqlite(hub->s),
					    "SELECT now, id FROM customer WHERE now <> id ORDER BY random() LIMIT 1",
					    -1, &ask, NULL),
			 SQLITE_OK);
	if (sqlite3_step(ask) == SQLITE_ROW) {
		customer = sqlite3_column_int64(ask, 0);
		row = sqlite3_column_int64(ask, 1);
	}
	sqlite3_finalize(ask);
	struct identity_effect effect;
	g_autoptr(GError) error = NULL;
	if (customer != 0 && decide_json(hub,
					 json_pack("{s:s, s:I, s:[I]}", "kind", "split", "customer",
						   (json_int_t)customer, "rows", (json_int_t)row),
					 FALSE, &effect, &error)) {
		g_array_append_val(made, effect.decision);
		identity_effect_clear(&effect);
	}
}

static GArray *decide_at_random(struct hub *hub, guint tries)
{
	GArray *made = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (guint n = 0; n < tries; n++) {
		struct identity_effect effect;
		g_autoptr(GError) error = NULL;
		if (dice(5) == 0) {
			split_of_group(hub, made);
		} else if (decide_json(hub, any_decision(hub), FALSE, &effect, &error)) {
			g_array_append_val(made, effect.decision);
			identity_effect_clear(&effect);
		} else if (error->domain != IDENTITY_ERROR) {
			fail_msg("%s", error->message);
		}
		if (made->len > 0 && dice(4) == 0) { /* taken back at once, or later; both in between others */
			guint which = dice(made->len);
			undo(hub, g_array_index(made, gint64, which));
			g_array_remove_index_fast(made, which);
		}
	}
	return made;
}

static void undo_at_random(struct hub *hub, GArray *made, guint keep)
{
	while (made->len > keep) {
		guint which = dice(made->len);
		undo(hub, g_array_index(made, gint64, which));
		g_array_remove_index(made, which);
	}
}

static void all_taken_back_is_as_before(void **state)
{
	struct hub *hub = *state;
	seed = 4711;
	world(hub, 12);
	g_autofree char *before = dump(hub->s);
	for (int round = 0; round < 12; round++) {
		g_autoptr(GArray) made = decide_at_random(hub, 25);
		assert_true(made->len > 3);
		undo_at_random(hub, made, 0);
		g_autofree char *after = dump(hub->s);
		assert_same(after, before, "all taken back");
	}
}

/* The same decisions taken back in two orders leave the same. */
static void order_makes_no_difference(void **state)
{
	struct hub *hub = *state;
	seed = 1234;
	world(hub, 10);
	for (int round = 0; round < 8; round++) {
		g_autoptr(GArray) made = decide_at_random(hub, 16);
		g_autofree char *path = g_strdup_printf("%s/copy%d.db", hub->place->folder, round);
		GOOD(store_backup(hub->s, path, error));
		char *results[2] = {NULL, NULL};
		guint half = made->len / 2;
		for (int order = 0; order < 2; order++) {
			struct place place = {hub->place->folder, path};
			g_autofree char *again = g_strdup_printf("%s.%d", path, order);
			if (order == 0) {
				g_autofree char *bytes = NULL;
				gsize length;
				assert_true(g_file_get_contents(path, &bytes, &length, NULL));
				assert_true(g_file_set_contents(again, bytes, (gssize)length, NULL));
				place.path = again;
			}
			struct hub copy = {&place, open_store(&place, STORE_WRITE), hub->i};
			identity_rolled_back(hub->i); /* another store */
			for (guint n = 0; n < half; n++)
				undo(&copy, g_array_index(made, gint64, order == 0 ? n : half - 1 - n));
			results[order] = dump(copy.s);
			store_close(copy.s);
		}
		identity_rolled_back(hub->i);
		assert_same(results[1], results[0], "two orders");
		undo_at_random(hub, made, 0);
		g_free(results[0]);
		g_free(results[1]);
		results[0] = results[1] = NULL;
	}
}

/* Everything resolved again, twenty times, with syncs in between: what was decided stands. */
static void decisions_outlast_syncs(void **state)
{
	struct hub *hub = *state;
	seed = 99;
	world(hub, 10);
	g_autoptr(GArray) made = decide_at_random(hub, 12);
	assert_true(made->len > 0);
	gint64 last;
	GOOD(store_begin(hub->s, error)); /* names of those made by hand are in texts of before */
	GOOD(identity_resolve_stored(hub->i, hub->s, 0, 10000, &last, error));
	GOOD(store_commit(hub->s, error));
	g_autofree char *before = dump(hub->s);
	for (int round = 0; round < 20; round++) {
		GOOD(store_begin(hub->s, error));
		GOOD(identity_resolve_stored(hub->i, hub->s, 0, 10000, &last, error));
		GOOD(store_commit(hub->s, error));
	}
	g_autofree char *after = dump(hub->s);
	assert_same(after, before, "resolved again");
}

/* A thousand syncs in which records change, and change back. */
static void decisions_outlast_changes(void **state)
{
	struct hub *hub = *state;
	seed = 2024;
	world(hub, 10);
	for (guint n = 0; n < 6; n++) { /* three that are one, in three systems */
		g_autofree char *id = g_strdup_printf("s%u", n);
		HINTED(hub, "erp", MERI_ACCOUNT, id, "Saman Talon Oy", "business-id",
		       n % 2 ? "0112038-9" : "1234567-1");
	}
	g_autoptr(GArray) made = decide_at_random(hub, 12);
	g_autofree char *before = dump(hub->s);
	for (guint n = 0; n < 1000; n++) {
		g_autofree char *mail = g_strdup_printf("m%u", dice(20)), *account = g_strdup_printf("s%u", n % 6);
		if (n % 5 == 0) {
			HINTED(hub, "erp", MERI_ACCOUNT, account, "Muu Nimi Oy", "phone", "040 1234567");
			HINTED(hub, "erp", MERI_ACCOUNT, account, "Saman Talon Oy", "business-id",
			       n % 6 % 2 ? "0112038-9" : "1234567-1");
		} else {
			sqlite3_stmt *ask = NULL;
			assert_int_equal(
				sqlite3_prepare_v2(
					store_sqlite(hub->s),
					"SELECT p.address, r.occurred FROM record r JOIN party p ON p.record_id = r.id"
					" WHERE r.external_id = ? AND r.kind = 3 AND p.role = 'from'",
					-1, &ask, NULL),
				SQLITE_OK);
			sqlite3_bind_text(ask, 1, mail, -1, SQLITE_STATIC);
			assert_int_equal(sqlite3_step(ask), SQLITE_ROW);
			g_autofree char *address = g_strdup((const char *)sqlite3_column_text(ask, 0));
			gint64 when = sqlite3_column_int64(ask, 1);
			sqlite3_finalize(ask);
			hub_mail(hub, mail, "Toinen", "toinen@muualla.fi", when);
			hub_mail(hub, mail, "Joku", address, when);
		}
	}
	g_autofree char *after = dump(hub->s);
	assert_same(after, before, "after a thousand changes");
	undo_at_random(hub, made, 0);
}

#define HUB(test) cmocka_unit_test_setup_teardown(test, hub_make, hub_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HUB(merge_and_back),
		HUB(split_and_stay_split),
		HUB(apart_is_no_suggestion),
		HUB(link_and_unlink),
		HUB(made_by_hand),
		HUB(what_makes_no_sense_is_refused),
		HUB(roles_and_journal),
		HUB(all_taken_back_is_as_before),
		HUB(order_makes_no_difference),
		HUB(decisions_outlast_syncs),
		HUB(decisions_outlast_changes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
