/* store: users, passwords, sessions, tokens and one-time keys; and the audit. */
#include "storetest.h"

#include "store/audit.h"
#include "store/people.h"

enum { NOW = 1000000 };

static store *writer(const struct place *place)
{
	store *s = open_store(place, STORE_WRITE);
	GOOD(store_begin(s, error));
	return s;
}

static gint64 add_user(store *s, const char *name, gboolean admin, const char *teams)
{
	g_auto(GStrv) list = teams ? g_strsplit(teams, ",", -1) : NULL;
	const struct store_user user = {.name = (char *)name, .admin = admin, .teams = list};
	gint64 id = 0;
	GOOD(store_user_add(s, &user, NOW, &id, error));
	return id;
}

static void users_come_and_go(void **state)
{
	g_autoptr(store) s = writer(*state);
	char *teams[] = {"Myynti", "tuki", "MYYNTI", NULL};
	const struct store_user aino = {.name = "Aino.Virta",
					.full_name = "Aino Virta",
					.email = "aino@example.fi",
					.admin = TRUE,
					.teams = teams};
	gint64 id = 0;
	gboolean any = TRUE;
	GOOD(store_users_any(s, &any, error));
	assert_false(any);
	GOOD(store_user_add(s, &aino, NOW, &id, error));
	GOOD(store_users_any(s, &any, error));
	assert_true(any);
	g_autoptr(store_user) got = NULL;
	GOOD((got = store_user_named(s, "AINO.VIRTA", error)) != NULL);
	assert_int_equal(got->id, id);
	assert_string_equal(got->name, "aino.virta");
	assert_string_equal(got->full_name, "Aino Virta");
	assert_string_equal(got->email, "aino@example.fi");
	assert_true(got->admin);
	assert_false(got->password);
	assert_int_equal(got->added, NOW);
	assert_int_equal(g_strv_length(got->teams), 2); /* one team, however it is written */
	assert_string_equal(got->teams[0], "Myynti");

	gint64 other = add_user(s, "ÄIJÄ", FALSE, "tuki,huolto");
	g_autoptr(store_user) read = NULL;
	GOOD((read = store_user_get(s, other, error)) != NULL);
	assert_string_equal(read->name, "äijä");
	g_auto(GStrv) all = NULL;
	GOOD((all = store_teams(s, error)) != NULL);
	g_autofree char *words = g_strjoinv(" ", all);
	assert_string_equal(words, "huolto Myynti tuki");
	g_autoptr(GPtrArray) users = NULL;
	GOOD((users = store_users(s, error)) != NULL);
	assert_int_equal(users->len, 2);
	assert_string_equal(((struct store_user *)users->pdata[1])->teams[0], "huolto");

	g_free(read->full_name);
	read->full_name = g_strdup("Äijä Mies");
	g_strfreev(read->teams);
	read->teams = NULL;
	GOOD(store_user_change(s, read, error));
	g_autoptr(store_user) changed = NULL;
	GOOD((changed = store_user_get(s, other, error)) != NULL);
	assert_string_equal(changed->full_name, "Äijä Mies");
	assert_int_equal(g_strv_length(changed->teams), 0);
	GOOD(store_user_remove(s, other, error));
	g_autoptr(GError) said = NULL;
	BAD(store_user_get(s, other, error), STORE_ERROR_ABSENT);
	BAD(store_user_remove(s, other, error), STORE_ERROR_ABSENT);
	BAD(store_user_change(s, changed, error), STORE_ERROR_ABSENT);
	GOOD(store_commit(s, error));
}

static void what_is_no_user_is_refused(void **state)
{
	g_autoptr(store) s = writer(*state);
	g_autofree char *long_name = g_strnfill(65, 'a');
	const char *const names[] = {NULL,   "",         "aino virta", "-aino", "a/b",
				     "a\nb", "\xff\xfe", long_name,    "a,b",   "a'b"};
	g_autoptr(GError) said = NULL;
	gint64 id = 0;
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const struct store_user user = {.name = (char *)names[i]};
		BAD(store_user_add(s, &user, NOW, &id, error), STORE_ERROR_INVALID);
	}
	const char *const addresses[] = {"aino", "@example.fi", "aino@", "a b@example.fi", "a@b\n", "<a@b>"};
	for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
		const struct store_user user = {.name = "aino", .email = (char *)addresses[i]};
		BAD(store_user_add(s, &user, NOW, &id, error), STORE_ERROR_INVALID);
	}
	const char *const teams[] = {"a,b", "", " a", "a\nb", "\xff"};
	for (gsize i = 0; i < G_N_ELEMENTS(teams); i++) {
		char *list[] = {(char *)teams[i], NULL};
		const struct store_user user = {.name = "aino", .teams = list};
		BAD(store_user_add(s, &user, NOW, &id, error), STORE_ERROR_INVALID);
	}
	add_user(s, "aino", FALSE, NULL);
	const struct store_user again = {.name = "AINO"};
	BAD(store_user_add(s, &again, NOW, &id, error), STORE_ERROR_TAKEN);
	struct store_user renamed = {.id = add_user(s, "eero", FALSE, NULL), .name = "aino"};
	BAD(store_user_change(s, &renamed, error), STORE_ERROR_TAKEN);
	BAD(store_user_named(s, "\xff", error), STORE_ERROR_ABSENT);
	BAD(store_user_named(s, NULL, error), STORE_ERROR_ABSENT);
}

static void an_admin_stays(void **state)
{
	g_autoptr(store) s = writer(*state);
	g_autoptr(GError) said = NULL;
	gint64 first = add_user(s, "first", TRUE, NULL);
	struct store_user user = {.id = first, .name = "first"};
	BAD(store_user_change(s, &user, error), STORE_ERROR_REFUSED);
	BAD(store_user_remove(s, first, error), STORE_ERROR_REFUSED);
	gint64 second = add_user(s, "second", TRUE, NULL);
	GOOD(store_user_change(s, &user, error));
	BAD(store_user_remove(s, second, error), STORE_ERROR_REFUSED);
	GOOD(store_user_remove(s, first, error));
}

/* ---- passwords ---- */

static void passwords_are_checked(void **state)
{
	g_autoptr(store) s = writer(*state);
	g_autoptr(GError) said = NULL;
	gint64 id = add_user(s, "aino", FALSE, NULL), none = add_user(s, "eero", FALSE, NULL), got = 7;
	g_autofree char *hash = NULL, *other = NULL, *most = g_strnfill(STORE_PASSWORD_MOST + 1, 'x');
	GOOD((hash = store_password_hash("oikea hevonen ääni", error)) != NULL);
	GOOD((other = store_password_hash("oikea hevonen ääni", error)) != NULL);
	assert_true(g_str_has_prefix(hash, "$argon2id$"));
	assert_string_not_equal(hash, other); /* salted */
	GOOD(store_password_set(s, id, hash, NULL, error));
	GOOD(store_password_check(s, "Aino", "oikea hevonen ääni", &got, error));
	assert_int_equal(got, id);
	const char *const wrong[] = {"",  "oikea hevonen", "oikea hevonen ääni ", "nobody has this password", most,
				     NULL};
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		BAD(store_password_check(s, "aino", wrong[i], &got, error), STORE_ERROR_ABSENT);
		assert_int_equal(got, 0);
		BAD(store_password_check(s, "eero", wrong[i], &got, error), STORE_ERROR_ABSENT);   /* has none */
		BAD(store_password_check(s, "nobody", wrong[i], &got, error), STORE_ERROR_ABSENT); /* is none */
		BAD(store_password_check(s, "\xff", wrong[i], &got, error), STORE_ERROR_ABSENT);
	}
	BAD(store_password_set(s, none + 100, hash, NULL, error), STORE_ERROR_ABSENT);
	BAD(store_password_hash("lyhyt", error), STORE_ERROR_INVALID);
	BAD(store_password_hash("ääääääääå", error), STORE_ERROR_INVALID); /* nine, in more bytes */
	BAD(store_password_hash(most, error), STORE_ERROR_INVALID);
	BAD(store_password_hash("oikea hevonen \xff", error), STORE_ERROR_INVALID);
	BAD(store_password_hash(NULL, error), STORE_ERROR_INVALID);
	g_autoptr(store_user) user = NULL;
	GOOD((user = store_user_get(s, id, error)) != NULL);
	assert_true(user->password);
}

static gint64 time_of(store *s, const char *name, const char *password)
{
	gint64 user = 0, begin = g_get_monotonic_time();
	store_password_check(s, name, password, &user, NULL);
	return g_get_monotonic_time() - begin;
}

static int by_number(gconstpointer a, gconstpointer b)
{
	const gint64 *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* Nobody can find out by a watch which names there are: the middle times are of one size. */
static void unknown_names_take_as_long(void **state)
{
	g_autoptr(store) s = writer(*state);
	g_autofree char *hash = store_password_hash("oikea hevonen", NULL);
	GOOD(store_password_set(s, add_user(s, "aino", FALSE, NULL), hash, NULL, error));
	time_of(s, "aino", "x"); /* makes what is made once */
	gint64 known[5], unknown[5];
	for (int i = 0; i < 5; i++) {
		known[i] = time_of(s, "aino", "wrong password");
		unknown[i] = time_of(s, "nobody", "wrong password");
	}
	qsort(known, 5, sizeof *known, by_number);
	qsort(unknown, 5, sizeof *unknown, by_number);
	assert_true(unknown[2] * 2 > known[2]);
	assert_true(known[2] * 2 > unknown[2]);
}

/* ---- secrets ---- */

/* No secret is anywhere in the store's file. */
static void assert_nowhere(const struct place *place, const char *secret)
{
	static const char *const endings[] = {"", "-wal"};
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		g_autofree char *path = g_strconcat(place->path, endings[i], NULL), *bytes = NULL;
		gsize length = 0;
		if (g_file_get_contents(path, &bytes, &length, NULL))
			assert_null(memmem(bytes, length, secret, strlen(secret)));
	}
}

static void sessions_end(void **state)
{
	const struct place *place = *state;
	g_autoptr(store) s = writer(place);
	g_autoptr(GError) said = NULL;
	gint64 aino = add_user(s, "aino", FALSE, NULL), eero = add_user(s, "eero", FALSE, NULL);
	g_autofree char *one = NULL, *two = NULL, *three = NULL;
	GOOD((one = store_session_new(s, aino, NOW, 100, error)) != NULL);
	GOOD((two = store_session_new(s, aino, NOW + 1, 100, error)) != NULL);
	GOOD((three = store_session_new(s, eero, NOW + 1, 100, error)) != NULL);
	BAD(store_session_new(s, 99, NOW, 100, error), STORE_ERROR_ABSENT);
	assert_int_equal(strlen(one), 43); /* 32 bytes */
	assert_string_not_equal(one, two);
	g_autoptr(store_session) got = NULL, again = NULL, other = NULL;
	GOOD((got = store_session_get(s, one, NOW + 99, error)) != NULL);
	GOOD((again = store_session_get(s, one, NOW + 99, error)) != NULL);
	GOOD((other = store_session_get(s, two, NOW + 99, error)) != NULL);
	assert_int_equal(got->user, aino);
	assert_int_equal(got->expires, NOW + 100);
	assert_string_equal(got->csrf, again->csrf);
	assert_string_not_equal(got->csrf, other->csrf);
	assert_null(strstr(got->csrf, one));
	BAD(store_session_get(s, one, NOW + 100, error), STORE_ERROR_ABSENT);
	g_autofree char *most = g_strnfill(100000, 'a');
	const char *const none[] = {NULL, "", "a", "\xff\xfe", most, got->csrf};
	for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
		BAD(store_session_get(s, none[i], NOW, error), STORE_ERROR_ABSENT);
		BAD(store_token_get(s, none[i], NOW, error), STORE_ERROR_ABSENT);
		gint64 user;
		BAD(store_key_get(s, none[i], NOW, &user, error), STORE_ERROR_ABSENT);
		GOOD(store_session_end(s, none[i], error));
	}
	/* A session is no token and no key. */
	BAD(store_token_get(s, one, NOW, error), STORE_ERROR_ABSENT);

	GOOD(store_session_renew(s, one, NOW + 50, 100, error));
	g_autoptr(store_session) longer = NULL;
	GOOD((longer = store_session_get(s, one, NOW + 149, error)) != NULL);
	BAD(store_session_renew(s, one, NOW + 150, 100, error), STORE_ERROR_ABSENT); /* what is over stays over */

	/* A new password leaves the one session in which it was set. */
	GOOD(store_password_set(s, aino, "$x", two, error));
	BAD(store_session_get(s, one, NOW, error), STORE_ERROR_ABSENT);
	g_autoptr(store_session) kept = NULL, others = NULL;
	GOOD((kept = store_session_get(s, two, NOW, error)) != NULL);
	GOOD((others = store_session_get(s, three, NOW, error)) != NULL);
	GOOD(store_session_end(s, two, error));
	BAD(store_session_get(s, two, NOW, error), STORE_ERROR_ABSENT);
	GOOD(store_user_remove(s, eero, error));
	BAD(store_session_get(s, three, NOW, error), STORE_ERROR_ABSENT);
	ASKED(s, "SELECT last_in FROM user", "1000001");

	/* What is over is forgotten. */
	g_autofree char *four = store_session_new(s, aino, NOW, 10, NULL),
			*five = store_session_new(s, aino, NOW + 10, 10, NULL);
	ASKED(s, "SELECT count(*) FROM session", "1");
	GOOD(store_commit(s, error));
	assert_nowhere(place, four);
	assert_nowhere(place, five);
}

static void tokens_are_scoped_and_expire(void **state)
{
	const struct place *place = *state;
	g_autoptr(store) s = writer(place);
	g_autoptr(GError) said = NULL;
	gint64 aino = add_user(s, "aino", FALSE, "Myynti"), eero = add_user(s, "eero", TRUE, NULL);
	struct store_token token = {.user = aino, .name = "nightly", .team = "myynti", .scopes = STORE_SCOPE_READ};
	g_autofree char *secret = NULL, *second = NULL;
	GOOD((secret = store_token_add(s, &token, NOW, error)) != NULL);
	assert_true(g_str_has_prefix(secret, "meri_"));
	g_autoptr(store_token) got = NULL;
	GOOD((got = store_token_get(s, secret, NOW + 1000000000, error)) != NULL); /* never ends */
	assert_int_equal(got->user, aino);
	assert_string_equal(got->name, "nightly");
	assert_string_equal(got->team, "myynti");
	assert_int_equal(got->scopes, STORE_SCOPE_READ);
	BAD(store_session_get(s, secret, NOW, error), STORE_ERROR_ABSENT);
	BAD(store_token_get(s, secret + 5, NOW, error), STORE_ERROR_ABSENT);

	struct store_token brief = {.user = eero, .name = "brief", .team = "any", .scopes = 7, .expires = NOW + 60};
	GOOD((second = store_token_add(s, &brief, NOW, error)) != NULL); /* an admin may choose any team */
	g_autoptr(store_token) live = NULL;
	GOOD((live = store_token_get(s, second, NOW + 59, error)) != NULL);
	BAD(store_token_get(s, second, NOW + 60, error), STORE_ERROR_ABSENT);

	struct store_token wrong[] = {token, token, token, token, token, token};
	wrong[0].name = "";
	wrong[1].scopes = 0;
	wrong[2].scopes = 8;
	wrong[3].expires = NOW;
	wrong[4].team = "tuki"; /* not hers */
	wrong[5].name = "\xff";
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
		BAD(store_token_add(s, &wrong[i], NOW, error), STORE_ERROR_INVALID);
	wrong[0] = token;
	wrong[0].user = 99;
	BAD(store_token_add(s, &wrong[0], NOW, error), STORE_ERROR_ABSENT);

	/* Used all day, written once an hour. */
	GOOD(store_token_used(s, got->id, NOW, error));
	GOOD(store_token_used(s, got->id, NOW + 3599, error));
	ASKED(s, "SELECT used FROM token WHERE name = 'nightly'", "1000000");
	GOOD(store_token_used(s, got->id, NOW + 3600, error));
	ASKED(s, "SELECT used FROM token WHERE name = 'nightly'", "1003600");

	g_autoptr(GPtrArray) hers = NULL, all = NULL;
	GOOD((hers = store_tokens(s, aino, error)) != NULL);
	GOOD((all = store_tokens(s, 0, error)) != NULL);
	assert_int_equal(hers->len, 1);
	assert_int_equal(all->len, 2);
	BAD(store_token_remove(s, got->id, eero, error), STORE_ERROR_ABSENT); /* not his */
	GOOD(store_token_remove(s, got->id, aino, error));
	BAD(store_token_get(s, secret, NOW, error), STORE_ERROR_ABSENT);
	GOOD(store_token_remove(s, live->id, 0, error));
	GOOD(store_commit(s, error));
	assert_nowhere(place, secret);
	assert_nowhere(place, second);
}

static void keys_work_once(void **state)
{
	const struct place *place = *state;
	g_autoptr(store) s = writer(place);
	g_autoptr(GError) said = NULL;
	gint64 user = 7;
	g_autofree char *old = NULL, *first = NULL, *invitation = NULL, *late = NULL;
	GOOD((old = store_key_new(s, 0, NOW, 100, error)) != NULL);
	GOOD((first = store_key_new(s, 0, NOW, 100, error)) != NULL);
	BAD(store_key_get(s, old, NOW, &user, error), STORE_ERROR_ABSENT); /* a new one ends the old */
	GOOD(store_key_get(s, first, NOW + 99, &user, error));
	assert_int_equal(user, 0);
	BAD(store_key_get(s, first, NOW + 100, &user, error), STORE_ERROR_ABSENT);
	GOOD(store_key_use(s, first, NOW, &user, error));
	BAD(store_key_use(s, first, NOW, &user, error), STORE_ERROR_ABSENT);

	/* Whoever keeps a key for the first admin cannot make a second. */
	GOOD((late = store_key_new(s, 0, NOW, 100, error)) != NULL);
	gint64 aino = add_user(s, "aino", TRUE, NULL);
	BAD(store_key_get(s, late, NOW, &user, error), STORE_ERROR_ABSENT);
	BAD(store_key_use(s, late, NOW, &user, error), STORE_ERROR_ABSENT);
	GOOD((invitation = store_key_new(s, aino, NOW, 100, error)) != NULL);
	GOOD(store_key_use(s, invitation, NOW, &user, error));
	assert_int_equal(user, aino);
	BAD(store_key_new(s, 99, NOW, 100, error), STORE_ERROR_ABSENT);
	GOOD(store_commit(s, error));
	assert_nowhere(place, late);
}

/* ---- audit ---- */

static void note(store *s, gint64 at, const char *name, const char *action, const char *what, gint64 customer)
{
	const struct store_audit entry = {.at = at,
					  .user = 3,
					  .name = (char *)name,
					  .via = "session",
					  .action = (char *)action,
					  .what = (char *)what,
					  .customer = customer,
					  .hits = customer ? -1 : 5,
					  .address = "127.0.0.1"};
	GOOD(store_audit_note(s, &entry, error));
}

static guint count_of(store *s, const struct store_audit_filter *filter, guint limit, gint64 *first)
{
	g_autoptr(GPtrArray) entries = NULL;
	GOOD((entries = store_audit_list(s, filter, limit, error)) != NULL);
	*first = entries->len ? ((struct store_audit *)entries->pdata[0])->id : 0;
	return entries->len;
}

static void the_audit_is_asked(void **state)
{
	g_autoptr(store) s = writer(*state);
	gint64 first = 0;
	for (int i = 0; i < 10; i++)
		note(s, NOW + i, i % 2 ? "Aino" : "eero", i < 5 ? "find" : "customer", i < 5 ? "pumppu" : NULL,
		     i < 5 ? 0 : i);
	g_autoptr(GPtrArray) entries = NULL;
	GOOD((entries = store_audit_list(s, &(struct store_audit_filter){0}, 3, error)) != NULL);
	assert_int_equal(entries->len, 3);
	const struct store_audit *newest = entries->pdata[0];
	assert_int_equal(newest->id, 10);
	assert_int_equal(newest->at, NOW + 9);
	assert_string_equal(newest->name, "aino");
	assert_string_equal(newest->via, "session");
	assert_string_equal(newest->action, "customer");
	assert_null(newest->what);
	assert_int_equal(newest->customer, 9);
	assert_int_equal(newest->hits, -1);
	assert_string_equal(newest->address, "127.0.0.1");
	assert_int_equal(count_of(s, &(struct store_audit_filter){.below = 8}, 100, &first), 7);
	assert_int_equal(first, 7);
	assert_int_equal(count_of(s, &(struct store_audit_filter){.user = "AINO"}, 100, &first), 5);
	assert_int_equal(count_of(s, &(struct store_audit_filter){.action = "find"}, 100, &first), 5);
	assert_int_equal(count_of(s, &(struct store_audit_filter){.customer = 7}, 100, &first), 1);
	assert_int_equal(first, 8);
	assert_int_equal(count_of(s, &(struct store_audit_filter){.after = NOW + 2, .before = NOW + 5}, 100, &first),
			 3);
	assert_int_equal(count_of(s, &(struct store_audit_filter){.user = "aino", .action = "customer", .below = 9},
				  100, &first),
			 2);
	assert_int_equal(count_of(s, &(struct store_audit_filter){.user = "\xff"}, 100, &first), 0);

	/* What is typed cannot look like another entry, nor fill the disk. */
	g_autofree char *most = g_strnfill(100000, 'x');
	note(s, NOW, "a\nb", "login_failed", "one\r\ntwo\x1b[2J\xff", 0);
	note(s, NOW, most, most, most, 0);
	ASKED(s, "SELECT name || '|' || what FROM audit WHERE id = 11", "a b|one two [2J\xef\xbf\xbd");
	ASKED(s, "SELECT length(name) || ' ' || length(action) || ' ' || length(what) FROM audit WHERE id = 12",
	      "200 64 500");
}

static void the_audit_is_kept(void **state)
{
	g_autoptr(store) s = writer(*state);
	g_autoptr(GError) said = NULL;
	gint64 forgotten = 0;
	for (int i = 0; i < 10; i++)
		note(s, NOW + i, "aino", "find", "pumppu", 0);
	sqlite3 *db = store_sqlite(s);
	assert_int_not_equal(sqlite3_exec(db, "UPDATE audit SET name = 'eero'", NULL, NULL, NULL), SQLITE_OK);
	assert_int_not_equal(sqlite3_exec(db, "DELETE FROM audit WHERE id = 1", NULL, NULL, NULL), SQLITE_OK);
	assert_int_not_equal(
		sqlite3_exec(db, "REPLACE INTO audit(id, at, via, action) VALUES (1, 1, '', '')", NULL, NULL, NULL),
		SQLITE_OK);
	GOOD(store_audit_forget(s, NOW + 6, 4, &forgotten, error));
	assert_int_equal(forgotten, 4);
	GOOD(store_audit_forget(s, NOW + 6, 4, &forgotten, error));
	assert_int_equal(forgotten, 2);
	GOOD(store_audit_forget(s, NOW + 6, 4, &forgotten, error));
	assert_int_equal(forgotten, 0);
	ASKED(s, "SELECT min(id) || ' ' || count(*) FROM audit", "7 4");
	assert_int_not_equal(sqlite3_exec(db, "DELETE FROM audit WHERE id = 7", NULL, NULL, NULL), SQLITE_OK);
	note(s, NOW, "aino", "find", "pumppu", 0);
	ASKED(s, "SELECT max(id) FROM audit", "11"); /* no number comes twice */
	GOOD(store_commit(s, error));
	verified(s);
}

/* ---- whose a source is ---- */

static void a_source_has_a_team(void **state)
{
	g_autoptr(store) s = writer(*state);
	gint64 crm = 0;
	GOOD(store_source_ensure(s, "crm", "test", &crm, error));
	GOOD(store_source_team_set(s, crm, "Myynti", error));
	gint64 changes = sqlite3_total_changes(store_sqlite(s));
	GOOD(store_source_team_set(s, crm, "Myynti", error)); /* the same again writes nothing */
	assert_int_equal(sqlite3_total_changes(store_sqlite(s)), changes);
	struct store_source *source = NULL;
	GOOD((source = store_source_get(s, "crm", error)) != NULL);
	assert_string_equal(source->team, "Myynti");
	store_source_free(source);
	GOOD(store_source_team_set(s, crm, NULL, error));
	ASKED(s, "SELECT team IS NULL FROM source", "1");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_make, place_remove)

int main(void)
{
	base_log_threshold(BASE_WARNING);
	const struct CMUnitTest tests[] = {
		TEST(users_come_and_go),
		TEST(what_is_no_user_is_refused),
		TEST(an_admin_stays),
		TEST(passwords_are_checked),
		TEST(unknown_names_take_as_long),
		TEST(sessions_end),
		TEST(tokens_are_scoped_and_expire),
		TEST(keys_work_once),
		TEST(the_audit_is_asked),
		TEST(the_audit_is_kept),
		TEST(a_source_has_a_team),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
