/* What lets somebody in without a password: sessions, tokens, one-time keys. Each is found by the hash of its secret;
 * which kind it is goes into the hash, so that none can be shown in place of another. */
#include "store/people.h"

#include <sodium.h>
#include <string.h>

#include "base/base.h"
#include "store/internal.h"

enum {
	SECRET_BYTES = 32,
	HASH_BYTES = 32,
	MOST_SECRET = 128, /* bytes that are looked at: none of ours is so long */
	MOST_NAME = 200,
	USED_STEP = 3600 /* seconds: a token that is used all day need not be written all day */
};

#define TOKEN_MARK "meri_"

static char *make_secret(const char *mark)
{
	guint8 bytes[SECRET_BYTES];
	char text[sodium_base64_ENCODED_LEN(SECRET_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
	randombytes_buf(bytes, sizeof bytes);
	sodium_bin2base64(text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(bytes, sizeof bytes);
	return g_strconcat(mark, text, NULL);
}

static void hash_secret(const char *kind, const char *secret, guint8 hash[HASH_BYTES])
{
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
	crypto_generichash_update(&state, (const guint8 *)kind, strlen(kind) + 1);
	crypto_generichash_update(&state, (const guint8 *)secret, strlen(secret));
	crypto_generichash_final(&state, hash, HASH_BYTES);
}

static gboolean absent(GError **error, const char *what)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_ABSENT, "there is no such %s, or its time is over", what);
	return FALSE;
}

/* A statement whose first parameter is the hash of the secret. `hash` must live until it was stepped. */
static sqlite3_stmt *ask_secret(store *s, const char *sql, const char *kind, const char *secret,
				guint8 hash[HASH_BYTES], GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, sql, error);
	if (!ask)
		return NULL;
	hash_secret(kind, secret && strlen(secret) <= MOST_SECRET ? secret : "", hash);
	sqlite3_bind_blob(ask, 1, hash, HASH_BYTES, SQLITE_STATIC);
	return ask;
}

/* ---- sessions ---- */

void store_session_free(struct store_session *session)
{
	if (!session)
		return;
	g_free(session->csrf);
	g_free(session);
}

char *store_session_new(store *s, gint64 user, gint64 now, gint64 seconds, GError **error)
{
	guint8 hash[HASH_BYTES];
	g_autofree char *secret = make_secret("");
	if (!store_run_sql(s, "DELETE FROM session WHERE expires <= ?", error, 1, now) ||
	    !store_run_sql(s, "UPDATE user SET last_in = ?2 WHERE id = ?1", error, 2, user, now))
		return NULL;
	if (sqlite3_changes(s->db) == 0) {
		absent(error, "user");
		return NULL;
	}
	sqlite3_stmt *add = ask_secret(s, "INSERT INTO session(hash, user_id, made, expires) VALUES (?, ?, ?, ?)",
				       "session", secret, hash, error);
	if (!add)
		return NULL;
	sqlite3_bind_int64(add, 2, user);
	sqlite3_bind_int64(add, 3, now);
	sqlite3_bind_int64(add, 4, now + seconds);
	return store_step(s, add, error) ? g_steal_pointer(&secret) : NULL;
}

static char *csrf_of(const char *secret)
{
	guint8 hash[HASH_BYTES];
	char text[2 * HASH_BYTES + 1];
	hash_secret("csrf", secret, hash);
	return g_strdup(sodium_bin2hex(text, sizeof text, hash, sizeof hash));
}

struct store_session *store_session_get(store *s, const char *secret, gint64 now, GError **error)
{
	guint8 hash[HASH_BYTES];
	struct store_session *session = NULL;
	sqlite3_stmt *ask = ask_secret(s, "SELECT user_id, made, expires FROM session WHERE hash = ? AND expires > ?",
				       "session", secret, hash, error);
	if (!ask)
		return NULL;
	sqlite3_bind_int64(ask, 2, now);
	int row = store_row(s, ask, error);
	if (row == 1) {
		session = g_new0(struct store_session, 1);
		session->user = sqlite3_column_int64(ask, 0);
		session->made = sqlite3_column_int64(ask, 1);
		session->expires = sqlite3_column_int64(ask, 2);
		session->csrf = csrf_of(secret);
	} else if (row == 0) {
		absent(error, "session");
	}
	sqlite3_reset(ask);
	return session;
}

gboolean store_session_renew(store *s, const char *secret, gint64 now, gint64 seconds, GError **error)
{
	guint8 hash[HASH_BYTES];
	sqlite3_stmt *renew = ask_secret(s, "UPDATE session SET expires = ?2 WHERE hash = ?1 AND expires > ?3", "session",
					 secret, hash, error);
	if (!renew)
		return FALSE;
	sqlite3_bind_int64(renew, 2, now + seconds);
	sqlite3_bind_int64(renew, 3, now);
	if (!store_step(s, renew, error))
		return FALSE;
	return sqlite3_changes(s->db) > 0 || absent(error, "session");
}

gboolean store_session_end(store *s, const char *secret, GError **error)
{
	guint8 hash[HASH_BYTES];
	sqlite3_stmt *end = ask_secret(s, "DELETE FROM session WHERE hash = ?", "session", secret, hash, error);
	return end && store_step(s, end, error);
}

gboolean store_sessions_end(store *s, gint64 user, const char *keep, GError **error)
{
	guint8 hash[HASH_BYTES];
	sqlite3_stmt *end =
		ask_secret(s, "DELETE FROM session WHERE hash <> ? AND user_id = ?", "session", keep, hash, error);
	if (!end)
		return FALSE;
	sqlite3_bind_int64(end, 2, user);
	return store_step(s, end, error);
}

/* ---- tokens ---- */

void store_token_free(struct store_token *token)
{
	if (!token)
		return;
	g_free(token->name);
	g_free(token->team);
	g_free(token);
}

static gboolean token_is_good(store *s, const struct store_token *token, gint64 now, GError **error)
{
	const guint all = STORE_SCOPE_READ | STORE_SCOPE_WRITE | STORE_SCOPE_ADMIN;
	const char *why = NULL;
	if (!token->name || !*token->name || !g_utf8_validate(token->name, -1, NULL) ||
	    g_utf8_strlen(token->name, -1) > MOST_NAME)
		why = "a token has a name of 1 to 200 characters that says what it is for";
	else if (!token->scopes || token->scopes & ~all)
		why = "a token has one or more of the scopes read, write and admin";
	else if (token->expires && token->expires <= now)
		why = "a token expires at a time to come, or never";
	if (why) {
		g_set_error_literal(error, STORE_ERROR, STORE_ERROR_INVALID, why);
		return FALSE;
	}
	g_autoptr(store_user) user = store_user_get(s, token->user, error);
	if (!user || !token->team || user->admin)
		return user != NULL;
	g_autofree char *wanted = store_fold(token->team);
	for (char **team = user->teams; *team; team++) {
		g_autofree char *folded = store_fold(*team);
		if (strcmp(folded, wanted) == 0)
			return TRUE;
	}
	g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID, "%s is not in the team \"%s\"", user->name, token->team);
	return FALSE;
}

char *store_token_add(store *s, const struct store_token *token, gint64 now, GError **error)
{
	guint8 hash[HASH_BYTES];
	if (!token_is_good(s, token, now, error))
		return NULL;
	g_autofree char *secret = make_secret(TOKEN_MARK);
	sqlite3_stmt *add = ask_secret(
		s, "INSERT INTO token(hash, user_id, name, team, scopes, made, expires) VALUES (?, ?, ?, ?, ?, ?, ?)",
		"token", secret, hash, error);
	if (!add)
		return NULL;
	sqlite3_bind_int64(add, 2, token->user);
	store_bind(add, 3, token->name);
	store_bind(add, 4, token->team);
	sqlite3_bind_int64(add, 5, token->scopes);
	sqlite3_bind_int64(add, 6, now);
	sqlite3_bind_int64(add, 7, token->expires);
	return store_step(s, add, error) ? g_steal_pointer(&secret) : NULL;
}

#define TOKEN_SQL "SELECT id, user_id, name, team, scopes, made, expires, used FROM token"

static struct store_token *token_of(sqlite3_stmt *row)
{
	struct store_token *token = g_new0(struct store_token, 1);
	token->id = sqlite3_column_int64(row, 0);
	token->user = sqlite3_column_int64(row, 1);
	token->name = store_column(row, 2);
	token->team = store_column(row, 3);
	token->scopes = (guint)sqlite3_column_int(row, 4);
	token->made = sqlite3_column_int64(row, 5);
	token->expires = sqlite3_column_int64(row, 6);
	token->used = sqlite3_column_int64(row, 7);
	return token;
}

struct store_token *store_token_get(store *s, const char *secret, gint64 now, GError **error)
{
	guint8 hash[HASH_BYTES];
	struct store_token *token = NULL;
	sqlite3_stmt *ask = ask_secret(s, TOKEN_SQL " WHERE hash = ?1 AND (expires = 0 OR expires > ?2)", "token",
				       secret, hash, error);
	if (!ask)
		return NULL;
	sqlite3_bind_int64(ask, 2, now);
	int row = store_row(s, ask, error);
	if (row == 1)
		token = token_of(ask);
	else if (row == 0)
		absent(error, "token");
	sqlite3_reset(ask);
	return token;
}

GPtrArray *store_tokens(store *s, gint64 user, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, TOKEN_SQL " WHERE ?1 = 0 OR user_id = ?1 ORDER BY id", error);
	if (!ask)
		return NULL;
	sqlite3_bind_int64(ask, 1, user);
	g_autoptr(GPtrArray) tokens = g_ptr_array_new_with_free_func((GDestroyNotify)store_token_free);
	int row;
	while ((row = store_row(s, ask, error)) == 1)
		g_ptr_array_add(tokens, token_of(ask));
	return row == 0 ? g_steal_pointer(&tokens) : NULL;
}

gboolean store_token_remove(store *s, gint64 id, gint64 user, GError **error)
{
	return store_run_sql(s, "DELETE FROM token WHERE id = ?1 AND (?2 = 0 OR user_id = ?2)", error, 2, id, user) &&
	       (sqlite3_changes(s->db) > 0 || absent(error, "token"));
}

gboolean store_token_used(store *s, gint64 id, gint64 now, GError **error)
{
	return store_run_sql(s, "UPDATE token SET used = ?2 WHERE id = ?1 AND used <= ?3", error, 3, id, now,
			     now - USED_STEP);
}

/* ---- one-time keys ---- */

char *store_key_new(store *s, gint64 user, gint64 now, gint64 seconds, GError **error)
{
	guint8 hash[HASH_BYTES];
	g_autofree char *secret = make_secret("");
	g_autoptr(store_user) known = user ? store_user_get(s, user, error) : NULL;
	if (user && !known)
		return NULL;
	if (!store_run_sql(s, "DELETE FROM one_time_key WHERE user_id IS nullif(?1, 0) OR expires <= ?2", error, 2,
			   user, now))
		return NULL;
	sqlite3_stmt *add =
		ask_secret(s, "INSERT INTO one_time_key(hash, user_id, made, expires) VALUES (?, nullif(?, 0), ?, ?)",
			   "key", secret, hash, error);
	if (!add)
		return NULL;
	sqlite3_bind_int64(add, 2, user);
	sqlite3_bind_int64(add, 3, now);
	sqlite3_bind_int64(add, 4, now + seconds);
	return store_step(s, add, error) ? g_steal_pointer(&secret) : NULL;
}

gboolean store_key_get(store *s, const char *secret, gint64 now, gint64 *user, GError **error)
{
	guint8 hash[HASH_BYTES];
	sqlite3_stmt *ask =
		ask_secret(s,
			   "SELECT coalesce(user_id, 0) FROM one_time_key WHERE hash = ? AND expires > ? AND"
			   " (user_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM user WHERE admin))",
			   "key", secret, hash, error);
	if (!ask)
		return FALSE;
	sqlite3_bind_int64(ask, 2, now);
	int row = store_row(s, ask, error);
	*user = row == 1 ? sqlite3_column_int64(ask, 0) : 0;
	sqlite3_reset(ask);
	return row == 1 || (row == 0 && absent(error, "key"));
}

gboolean store_key_use(store *s, const char *secret, gint64 now, gint64 *user, GError **error)
{
	guint8 hash[HASH_BYTES];
	if (!store_key_get(s, secret, now, user, error))
		return FALSE;
	sqlite3_stmt *end = ask_secret(s, "DELETE FROM one_time_key WHERE hash = ?", "key", secret, hash, error);
	return end && store_step(s, end, error);
}
