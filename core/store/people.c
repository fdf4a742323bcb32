/* Users, their teams and passwords. */
#include "store/people.h"

#include <sodium.h>
#include <string.h>

#include "base/base.h"
#include "store/internal.h"

enum { MOST_NAME = 64, MOST_FULL_NAME = 200, MOST_EMAIL = 254, MOST_TEAMS = 100 }; /* characters; bytes for email */

void store_user_free(struct store_user *user)
{
	if (!user)
		return;
	g_free(user->name);
	g_free(user->full_name);
	g_free(user->email);
	g_strfreev(user->teams);
	g_free(user);
}

/* ---- what is taken ---- */

static gboolean invalid(GError **error, const char *why)
{
	g_set_error_literal(error, STORE_ERROR, STORE_ERROR_INVALID, why);
	return FALSE;
}

static gboolean no_user(GError **error)
{
	g_set_error_literal(error, STORE_ERROR, STORE_ERROR_ABSENT, "there is no such user");
	return FALSE;
}

/* Lower case, as users' names are kept; NULL with `error` for what is no name. */
static char *name_read(const char *name, GError **error)
{
	g_autofree char *folded = name && g_utf8_validate(name, -1, NULL) ? store_fold(name) : NULL;
	if (!folded || !*folded || g_utf8_strlen(folded, -1) > MOST_NAME) {
		invalid(error, "a user's name has 1 to 64 characters");
		return NULL;
	}
	for (const char *p = folded; *p; p = g_utf8_next_char(p))
		if (!g_unichar_isalnum(g_utf8_get_char(p)) && (p == folded || !strchr("-_.@", *p))) {
			invalid(error, "a user's name is made of letters, digits and, within, - _ . @");
			return NULL;
		}
	return g_steal_pointer(&folded);
}

static gboolean email_is_good(const char *email)
{
	const char *at = email ? strrchr(email, '@') : NULL;
	if (!email || !*email)
		return TRUE;
	if (!at || at == email || !at[1] || strlen(email) > MOST_EMAIL || !g_utf8_validate(email, -1, NULL))
		return FALSE;
	for (const char *p = email; *p; p++)
		if (g_ascii_iscntrl(*p) || strchr(" ,;<>\"", *p))
			return FALSE;
	return TRUE;
}

static gboolean team_is_good(const char *team)
{
	if (!*team || !g_utf8_validate(team, -1, NULL) || g_utf8_strlen(team, -1) > MOST_NAME)
		return FALSE;
	for (const char *p = team; *p; p = g_utf8_next_char(p))
		if (!g_unichar_isprint(g_utf8_get_char(p)) || *p == ',')
			return FALSE;
	return !g_ascii_isspace(*team) && !g_ascii_isspace(team[strlen(team) - 1]);
}

static gboolean teams_are_good(char **teams, GError **error)
{
	for (guint i = 0; teams && teams[i]; i++)
		if (i >= MOST_TEAMS || !team_is_good(teams[i]))
			return invalid(error,
				       "a team is a word or two without commas, at most 64 characters, and a user has "
				       "at most 100 of them");
	return TRUE;
}

static gboolean is_good(const struct store_user *user, GError **error)
{
	if (user->full_name &&
	    (!g_utf8_validate(user->full_name, -1, NULL) || g_utf8_strlen(user->full_name, -1) > MOST_FULL_NAME))
		return invalid(error, "a full name has at most 200 characters");
	if (!email_is_good(user->email))
		return invalid(error, "an address is written as in aino.virta@example.fi");
	return teams_are_good(user->teams, error);
}

/* ---- reading ---- */

static char **teams_of(store *s, gint64 user, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT team FROM user_team WHERE user_id = ? ORDER BY folded", error);
	if (!ask)
		return NULL;
	sqlite3_bind_int64(ask, 1, user);
	g_autoptr(GStrvBuilder) teams = g_strv_builder_new();
	int row;
	while ((row = store_row(s, ask, error)) == 1)
		g_strv_builder_add(teams, (const char *)sqlite3_column_text(ask, 0));
	return row == 0 ? g_strv_builder_end(teams) : NULL;
}

#define USER_SQL "SELECT id, name, full_name, email, admin, password IS NOT NULL, added, last_in FROM user"

static struct store_user *user_of(sqlite3_stmt *row)
{
	struct store_user *user = g_new0(struct store_user, 1);
	user->id = sqlite3_column_int64(row, 0);
	user->name = store_column(row, 1);
	user->full_name = store_column(row, 2);
	user->email = store_column(row, 3);
	user->admin = sqlite3_column_int(row, 4);
	user->password = sqlite3_column_int(row, 5);
	user->added = sqlite3_column_int64(row, 6);
	user->last_in = sqlite3_column_int64(row, 7);
	return user;
}

/* The one user that the statement finds, with teams; the statement is reset. */
static struct store_user *one_user(store *s, sqlite3_stmt *ask, GError **error)
{
	int row = store_row(s, ask, error);
	g_autoptr(store_user) user = row == 1 ? user_of(ask) : NULL;
	sqlite3_reset(ask);
	if (row == 0)
		no_user(error);
	if (!user || !(user->teams = teams_of(s, user->id, error)))
		return NULL;
	return g_steal_pointer(&user);
}

struct store_user *store_user_get(store *s, gint64 id, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, USER_SQL " WHERE id = ?", error);
	if (!ask)
		return NULL;
	sqlite3_bind_int64(ask, 1, id);
	return one_user(s, ask, error);
}

struct store_user *store_user_named(store *s, const char *name, GError **error)
{
	g_autofree char *folded = name_read(name, NULL);
	sqlite3_stmt *ask = store_prepare(s, USER_SQL " WHERE name = ?", error);
	if (!ask)
		return NULL;
	store_bind(ask, 1, folded);
	return one_user(s, ask, error);
}

GPtrArray *store_users(store *s, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, USER_SQL " ORDER BY name", error);
	if (!ask)
		return NULL;
	g_autoptr(GPtrArray) users = g_ptr_array_new_with_free_func((GDestroyNotify)store_user_free);
	int row;
	while ((row = store_row(s, ask, error)) == 1)
		g_ptr_array_add(users, user_of(ask));
	for (guint i = 0; row == 0 && i < users->len; i++) {
		struct store_user *user = users->pdata[i];
		if (!(user->teams = teams_of(s, user->id, error)))
			row = -1;
	}
	return row == 0 ? g_steal_pointer(&users) : NULL;
}

gboolean store_users_any(store *s, gboolean *any, GError **error)
{
	gint64 admins = 0;
	gboolean good = store_number(s, "SELECT EXISTS (SELECT 1 FROM user WHERE admin)", &admins, error, 0);
	*any = admins > 0;
	return good;
}

char **store_teams(store *s, GError **error)
{
	sqlite3_stmt *ask =
		store_prepare(s, "SELECT team, min(user_id) FROM user_team GROUP BY folded ORDER BY folded", error);
	if (!ask)
		return NULL;
	g_autoptr(GStrvBuilder) teams = g_strv_builder_new();
	int row;
	while ((row = store_row(s, ask, error)) == 1)
		g_strv_builder_add(teams, (const char *)sqlite3_column_text(ask, 0));
	return row == 0 ? g_strv_builder_end(teams) : NULL;
}

/* ---- changing ---- */

static gboolean teams_set(store *s, gint64 user, char **teams, GError **error)
{
	if (!store_run_sql(s, "DELETE FROM user_team WHERE user_id = ?", error, 1, user))
		return FALSE;
	for (char **team = teams; team && *team; team++) {
		g_autofree char *folded = store_fold(*team);
		sqlite3_stmt *add = store_prepare(
			s, "INSERT OR IGNORE INTO user_team(user_id, team, folded) VALUES (?, ?, ?)", error);
		if (!add)
			return FALSE;
		sqlite3_bind_int64(add, 1, user);
		store_bind(add, 2, *team);
		store_bind(add, 3, folded);
		if (!store_step(s, add, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean name_is_free(store *s, const char *name, gint64 user, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT 1 FROM user WHERE name = ? AND id <> ?", error);
	if (!ask)
		return FALSE;
	store_bind(ask, 1, name);
	sqlite3_bind_int64(ask, 2, user);
	int row = store_row(s, ask, error);
	sqlite3_reset(ask);
	if (row == 1)
		g_set_error(error, STORE_ERROR, STORE_ERROR_TAKEN, "there is a user \"%s\" already", name);
	return row == 0;
}

static void bind_user(sqlite3_stmt *change, const char *name, const struct store_user *user)
{
	store_bind(change, 1, name);
	store_bind(change, 2, user->full_name);
	store_bind(change, 3, user->email);
	sqlite3_bind_int(change, 4, user->admin != 0);
}

gboolean store_user_add(store *s, const struct store_user *user, gint64 now, gint64 *id, GError **error)
{
	g_autofree char *name = name_read(user->name, error);
	if (!name || !is_good(user, error) || !name_is_free(s, name, 0, error))
		return FALSE;
	sqlite3_stmt *add = store_prepare(
		s, "INSERT INTO user(name, full_name, email, admin, added) VALUES (?, ?, ?, ?, ?)", error);
	if (!add)
		return FALSE;
	bind_user(add, name, user);
	sqlite3_bind_int64(add, 5, now);
	if (!store_step(s, add, error))
		return FALSE;
	*id = sqlite3_last_insert_rowid(s->db);
	return teams_set(s, *id, user->teams, error);
}

/* Somebody must be left who can make others admins. */
static gboolean an_admin_is_left(store *s, gint64 without, GError **error)
{
	gint64 was = 0, others = 0;
	if (!store_number(s, "SELECT admin FROM user WHERE id = ?", &was, error, 1, without) ||
	    !store_number(s, "SELECT count(*) FROM user WHERE admin AND id <> ?", &others, error, 1, without))
		return FALSE;
	if (was && !others)
		g_set_error_literal(error, STORE_ERROR, STORE_ERROR_REFUSED,
				    "this is the only admin: make another user an admin first");
	return !was || others;
}

static gboolean was_there(store *s, GError **error)
{
	return sqlite3_changes(s->db) > 0 || no_user(error);
}

gboolean store_user_change(store *s, const struct store_user *user, GError **error)
{
	g_autofree char *name = name_read(user->name, error);
	if (!name || !is_good(user, error) || !name_is_free(s, name, user->id, error) ||
	    (!user->admin && !an_admin_is_left(s, user->id, error)))
		return FALSE;
	sqlite3_stmt *change =
		store_prepare(s, "UPDATE user SET name = ?, full_name = ?, email = ?, admin = ? WHERE id = ?", error);
	if (!change)
		return FALSE;
	bind_user(change, name, user);
	sqlite3_bind_int64(change, 5, user->id);
	return store_step(s, change, error) && was_there(s, error) && teams_set(s, user->id, user->teams, error);
}

gboolean store_user_remove(store *s, gint64 id, GError **error)
{
	return an_admin_is_left(s, id, error) && store_run_sql(s, "DELETE FROM user WHERE id = ?", error, 1, id) &&
	       was_there(s, error);
}

/* ---- passwords ---- */

static gboolean hash_password(const char *password, char hash[crypto_pwhash_STRBYTES], GError **error)
{
	if (crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
			      crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0)
		return TRUE;
	g_set_error_literal(error, STORE_ERROR, STORE_ERROR_FULL, "no memory to hash a password: 64 MiB are needed");
	return FALSE;
}

char *store_password_hash(const char *password, GError **error)
{
	char hash[crypto_pwhash_STRBYTES];
	if (!password || !g_utf8_validate(password, -1, NULL) || strlen(password) > STORE_PASSWORD_MOST ||
	    g_utf8_strlen(password, -1) < STORE_PASSWORD_LEAST) {
		invalid(error, "a password has at least 10 characters, and at most 1024 bytes");
		return NULL;
	}
	return hash_password(password, hash, error) ? g_strdup(hash) : NULL;
}

gboolean store_password_set(store *s, gint64 user, const char *hash, const char *keep, GError **error)
{
	sqlite3_stmt *change = store_prepare(s, "UPDATE user SET password = ? WHERE id = ?", error);
	if (!change)
		return FALSE;
	store_bind(change, 1, hash);
	sqlite3_bind_int64(change, 2, user);
	return store_step(s, change, error) && was_there(s, error) && store_sessions_end(s, user, keep, error);
}

/* What the password of somebody who is not there is checked against, so that it takes as long. */
static gpointer make_decoy(gpointer unused)
{
	(void)unused;
	static char decoy[crypto_pwhash_STRBYTES];
	return hash_password("nobody has this password", decoy, NULL) ? decoy : NULL;
}

gboolean store_password_check(store *s, const char *name, const char *password, gint64 *user, GError **error)
{
	static GOnce decoy = G_ONCE_INIT;
	const char *other = g_once(&decoy, make_decoy, NULL);
	g_autofree char *folded = name_read(name, NULL), *hash = NULL;
	gboolean long_one = !password || strlen(password) > STORE_PASSWORD_MOST;
	sqlite3_stmt *ask = store_prepare(s, "SELECT id, password FROM user WHERE name = ?", error);
	if (!ask)
		return FALSE;
	store_bind(ask, 1, folded);
	int row = store_row(s, ask, error);
	*user = row == 1 ? sqlite3_column_int64(ask, 0) : 0;
	hash = row == 1 ? store_column(ask, 1) : NULL;
	sqlite3_reset(ask);
	if (row < 0)
		return FALSE;
	if (!other) {
		g_set_error_literal(error, STORE_ERROR, STORE_ERROR_FULL, "no memory to check a password");
		return FALSE;
	}
	const char *asked = long_one ? "" : password;
	gboolean good = crypto_pwhash_str_verify(hash ? hash : other, asked, strlen(asked)) == 0;
	if (good && hash && !long_one)
		return TRUE;
	*user = 0;
	return no_user(error);
}
