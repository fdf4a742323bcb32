#include "serve/users.h"

#include <string.h>

#include "base/base.h"
#include "serve/answers.h"
#include "serve/events.h"
#include "serve/login.h"

enum { MAX_TEAMS = 100, MAX_TEXT = 300 };

/* ---- as JSON ---- */

static json_t *user_json(gconstpointer row)
{
	const struct store_user *user = row;
	json_t *teams = json_array();
	for (guint i = 0; user->teams && user->teams[i]; i++)
		json_array_append_new(teams, json_string(user->teams[i]));
	json_t *o = json_pack("{s:I, s:s, s:b, s:o, s:b}", "id", (json_int_t)user->id, "name", user->name, "admin",
			      user->admin, "teams", teams, "has_password", user->password);
	json_object_set_new(o, "full_name", serve_text_json(user->full_name));
	json_object_set_new(o, "email", serve_text_json(user->email));
	base_json_time(o, "added_at", user->added);
	base_json_time(o, "last_in_at", user->last_in);
	return o;
}

json_t *serve_users(struct serve_request *request, GError **error)
{
	g_autoptr(GPtrArray) users = store_users(request->worker->open, error);
	if (!users)
		return NULL;
	json_t *all = json_array();
	for (guint i = 0; i < users->len; i++)
		json_array_append_new(all, user_json(users->pdata[i]));
	return json_pack("{s:o}", "users", all);
}

static struct store_user *user_of(struct serve_request *request, GError **error)
{
	gint64 id;
	return serve_id(request, "user", &id, error) ? store_user_get(request->worker->open, id, error) : NULL;
}

json_t *serve_user(struct serve_request *request, GError **error)
{
	g_autoptr(store_user) user = user_of(request, error);
	return user ? user_json(user) : NULL;
}

/* ---- what was sent ---- */

static gboolean wrong(const char *key, const char *what, GError **error)
{
	g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "%s must be %s", key, what);
	return FALSE;
}

/* A text that replaces `text`, where it is named; null takes it away. */
static gboolean read_text(const json_t *body, const char *key, char **text, GError **error)
{
	const json_t *value = json_object_get(body, key);
	if (!value)
		return TRUE;
	if (!json_is_null(value) && (!json_is_string(value) || g_utf8_strlen(json_string_value(value), -1) > MAX_TEXT))
		return wrong(key, "a short text", error);
	g_free(*text);
	*text = g_strdup(json_string_value(value));
	return TRUE;
}

static gboolean read_teams(const json_t *body, char ***teams, GError **error)
{
	const json_t *value = json_object_get(body, "teams");
	size_t i;
	json_t *one;
	if (!value)
		return TRUE;
	if (!json_is_array(value) || json_array_size(value) > MAX_TEAMS)
		return wrong("teams", "a list of names", error);
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
	json_array_foreach(value, i, one)
	{
		if (!json_is_string(one) || json_string_length(one) > MAX_TEXT)
			return wrong("teams", "a list of names", error);
		g_ptr_array_add(all, g_strdup(json_string_value(one)));
	}
	g_ptr_array_add(all, NULL);
	g_strfreev(*teams);
	*teams = (char **)g_ptr_array_steal(all, NULL);
	return TRUE;
}

/* The user's fields that the body names, into `user`. */
static gboolean read_user(const json_t *body, struct store_user *user, GError **error)
{
	const json_t *admin = json_object_get(body, "admin");
	if (admin && !json_is_boolean(admin))
		return wrong("admin", "true or false", error);
	if (admin)
		user->admin = json_is_true(admin);
	return read_text(body, "name", &user->name, error) && read_text(body, "full_name", &user->full_name, error) &&
	       read_text(body, "email", &user->email, error) && read_teams(body, &user->teams, error);
}

/* argon2id of the password in the body; NULL in `hash` if there is none. */
static gboolean read_password(const json_t *body, char **hash, GError **error)
{
	const json_t *value = json_object_get(body, "password");
	*hash = NULL;
	if (!value || json_is_null(value))
		return TRUE;
	if (!json_is_string(value))
		return wrong("password", "text", error);
	*hash = store_password_hash(json_string_value(value), error);
	return *hash != NULL;
}

/* ---- users, in the writer ---- */

struct change {
	struct store_user *user;
	const char *hash; /* of a new password; NULL: as it is */
	gint64 now;
};

static gboolean add_job(store *s, gpointer data, GError **error)
{
	struct change *c = data;
	return store_user_add(s, c->user, c->now, &c->user->id, error) &&
	       (!c->hash || store_password_set(s, c->user->id, c->hash, NULL, error));
}

static gboolean change_job(store *s, gpointer data, GError **error)
{
	struct change *c = data;
	return store_user_change(s, c->user, error) &&
	       (!c->hash || store_password_set(s, c->user->id, c->hash, NULL, error));
}

static gboolean remove_job(store *s, gpointer data, GError **error)
{
	return store_user_remove(s, *(const gint64 *)data, error);
}

/* The user as it stands after a change. */
static json_t *done(struct serve_request *request, const struct store_user *user, GError **error)
{
	g_autoptr(store_user) now = store_user_get(request->worker->open, user->id, error);
	if (!now)
		return NULL;
	serve_audit(request, now->name, 0, -1);
	return user_json(now);
}

json_t *serve_user_add(struct serve_request *request, GError **error)
{
	g_autoptr(store_user) user = g_new0(struct store_user, 1);
	g_autofree char *hash = NULL;
	if (!read_user(request->body, user, error) || !read_password(request->body, &hash, error))
		return NULL;
	if (!user->name) {
		wrong("name", "the name that the user logs in by", error);
		return NULL;
	}
	if (!user->teams)
		user->teams = g_new0(char *, 1);
	struct change c = {user, hash, base_now()};
	if (!store_writer_call(sync_hub_writer(request->hub), add_job, &c, error))
		return NULL;
	request->status = MHD_HTTP_CREATED;
	return done(request, user, error);
}

json_t *serve_user_change(struct serve_request *request, GError **error)
{
	g_autoptr(store_user) user = user_of(request, error);
	g_autofree char *hash = NULL;
	if (!user || !read_user(request->body, user, error) || !read_password(request->body, &hash, error))
		return NULL;
	if (!user->name) {
		wrong("name", "text", error);
		return NULL;
	}
	struct change c = {user, hash, base_now()};
	if (!store_writer_call(sync_hub_writer(request->hub), change_job, &c, error))
		return NULL;
	serve_events_drop(request->serve, user->id);
	return done(request, user, error);
}

json_t *serve_user_remove(struct serve_request *request, GError **error)
{
	g_autoptr(store_user) user = user_of(request, error);
	if (!user || !store_writer_call(sync_hub_writer(request->hub), remove_job, &user->id, error))
		return NULL;
	serve_events_drop(request->serve, user->id);
	serve_audit(request, user->name, 0, -1);
	return json_object();
}

struct invitation {
	gint64 user, now;
	char *key;
};

static gboolean invite_job(store *s, gpointer data, GError **error)
{
	struct invitation *invitation = data;
	invitation->key = store_key_new(s, invitation->user, invitation->now, SERVE_KEY_SECONDS, error);
	return invitation->key != NULL;
}

json_t *serve_user_invite(struct serve_request *request, GError **error)
{
	g_autoptr(store_user) user = user_of(request, error);
	if (!user)
		return NULL;
	struct invitation invitation = {.user = user->id, .now = base_now()};
	if (!store_writer_call(sync_hub_writer(request->hub), invite_job, &invitation, error)) {
		g_free(invitation.key);
		return NULL;
	}
	g_autofree char *key = invitation.key, *link = serve_welcome_link(request->serve, key);
	json_t *reply = json_object();
	json_object_set_new(reply, "link", serve_text_json(link));
	json_object_set_new(reply, "key", json_string(key));
	base_json_time(reply, "expires_at", invitation.now + SERVE_KEY_SECONDS);
	serve_audit(request, user->name, 0, -1);
	request->status = MHD_HTTP_CREATED;
	return reply;
}

/* ---- tokens ---- */

static const struct {
	const char *word;
	enum store_scope scope;
} scopes[] = {{"read", STORE_SCOPE_READ}, {"write", STORE_SCOPE_WRITE}, {"admin", STORE_SCOPE_ADMIN}};

static json_t *token_json(const struct store_token *token, const struct store_user *user)
{
	json_t *words = json_array();
	for (gsize i = 0; i < G_N_ELEMENTS(scopes); i++)
		if (token->scopes & scopes[i].scope)
			json_array_append_new(words, json_string(scopes[i].word));
	json_t *o = json_pack("{s:I, s:s, s:o, s:{s:I, s:s}}", "id", (json_int_t)token->id, "name", token->name,
			      "scopes", words, "user", "id", (json_int_t)token->user, "name", user ? user->name : "");
	json_object_set_new(o, "team", serve_text_json(token->team));
	base_json_time(o, "made_at", token->made);
	base_json_time(o, "expires_at", token->expires);
	base_json_time(o, "used_at", token->used);
	return o;
}

static const struct store_user *user_with(const GPtrArray *users, gint64 id)
{
	for (guint i = 0; i < users->len; i++)
		if (((const struct store_user *)users->pdata[i])->id == id)
			return users->pdata[i];
	return NULL;
}

json_t *serve_tokens(struct serve_request *request, GError **error)
{
	const struct serve_caller *caller = request->caller;
	gboolean all = caller->admin && !g_strcmp0(serve_parameter(request, "all"), "1");
	json_t *array = json_array();
	if (!all && !caller->user)
		return json_pack("{s:o}", "tokens", array);
	g_autoptr(GPtrArray) tokens = store_tokens(request->worker->open, all ? 0 : caller->user, error);
	g_autoptr(GPtrArray) users = tokens ? store_users(request->worker->open, error) : NULL;
	if (!users) {
		json_decref(array);
		return NULL;
	}
	for (guint i = 0; i < tokens->len; i++) {
		const struct store_token *token = tokens->pdata[i];
		json_array_append_new(array, token_json(token, user_with(users, token->user)));
	}
	return json_pack("{s:o}", "tokens", array);
}

static gboolean read_scopes(const json_t *body, guint *bits, GError **error)
{
	const json_t *given = json_object_get(body, "scopes");
	size_t i;
	json_t *one;
	*bits = 0;
	json_array_foreach(given, i, one)
	{
		guint bit = 0;
		for (gsize k = 0; k < G_N_ELEMENTS(scopes); k++)
			if (!g_strcmp0(json_string_value(one), scopes[k].word))
				bit = scopes[k].scope;
		if (!bit)
			return wrong("scopes", "a list of read, write and admin", error);
		*bits |= bit;
	}
	return *bits || wrong("scopes", "a list of read, write and admin", error);
}

static gboolean read_time(const json_t *body, const char *key, gint64 *seconds, GError **error)
{
	const json_t *value = json_object_get(body, key);
	if (!value || json_is_null(value))
		return TRUE;
	if (json_is_string(value) && base_time_parse(json_string_value(value), seconds))
		return TRUE;
	return wrong(key, "a time as in 2027-01-31T12:00:00Z", error);
}

/* For whom: oneself, or whom an admin names. */
static gboolean read_whose(struct serve_request *request, gint64 *user, GError **error)
{
	const json_t *given = json_object_get(request->body, "user");
	*user = request->caller->user;
	if (given && !json_is_integer(given))
		return wrong("user", "the number of a user", error);
	if (given && json_integer_value(given) != *user && !request->caller->admin) {
		g_set_error(error, SERVE_ERROR, SERVE_FORBIDDEN, "only an admin makes tokens for others");
		return FALSE;
	}
	if (given)
		*user = json_integer_value(given);
	return *user > 0 || wrong("user", "the number of the user whom the token acts for", error);
}

/* May such a token be made? A token makes none, so that one that leaked has no heirs. */
static gboolean may_make(struct serve_request *request, const struct store_token *token, gint64 now, GError **error)
{
	const char *problem = NULL;
	if (request->caller->via == SERVE_TOKEN)
		problem = "a token cannot make tokens: log in";
	else if (token->scopes & STORE_SCOPE_ADMIN && !request->caller->admin)
		problem = "only an admin makes tokens with the scope admin";
	if (problem) {
		g_set_error(error, SERVE_ERROR, SERVE_FORBIDDEN, "%s", problem);
		return FALSE;
	}
	if (token->expires && token->expires <= now)
		return wrong("expires_at", "a time to come", error);
	return TRUE;
}

struct making {
	struct store_token token;
	gint64 now;
	char *secret;
};

static gboolean token_job(store *s, gpointer data, GError **error)
{
	struct making *making = data;
	making->secret = store_token_add(s, &making->token, making->now, error);
	return making->secret != NULL;
}

/* The newest token of the user is the one that was made. */
static json_t *made(struct serve_request *request, const struct making *making, GError **error)
{
	g_autoptr(store_user) user = store_user_get(request->worker->open, making->token.user, error);
	g_autoptr(store_token) token =
		user ? store_token_get(request->worker->open, making->secret, making->now, error) : NULL;
	if (!token)
		return NULL;
	json_t *reply = token_json(token, user);
	json_object_set_new(reply, "token", json_string(making->secret));
	serve_audit(request, token->name, 0, -1);
	request->status = MHD_HTTP_CREATED;
	return reply;
}

json_t *serve_token_add(struct serve_request *request, GError **error)
{
	const json_t *body = request->body;
	struct making making = {.now = base_now()};
	g_autofree char *name = NULL, *team = NULL;
	if (!read_text(body, "name", &name, error) || !read_text(body, "team", &team, error) ||
	    !read_scopes(body, &making.token.scopes, error) ||
	    !read_time(body, "expires_at", &making.token.expires, error) ||
	    !may_make(request, &making.token, making.now, error) || !read_whose(request, &making.token.user, error))
		return NULL;
	if (!name || !*name) {
		wrong("name", "a text that says what the token is for", error);
		return NULL;
	}
	making.token.name = name;
	making.token.team = team;
	json_t *reply = NULL;
	if (store_writer_call(sync_hub_writer(request->hub), token_job, &making, error))
		reply = made(request, &making, error);
	g_free(making.secret);
	return reply;
}

struct removing {
	gint64 token, user;
};

static gboolean token_remove_job(store *s, gpointer data, GError **error)
{
	const struct removing *removing = data;
	return store_token_remove(s, removing->token, removing->user, error);
}

json_t *serve_token_remove(struct serve_request *request, GError **error)
{
	const struct serve_caller *caller = request->caller;
	struct removing removing = {.user = caller->admin ? 0 : caller->user};
	if (!serve_id(request, "token", &removing.token, error))
		return NULL;
	if (!caller->admin && !caller->user) {
		g_set_error(error, SERVE_ERROR, SERVE_NOT_FOUND, "there is no such token");
		return NULL;
	}
	return store_writer_call(sync_hub_writer(request->hub), token_remove_job, &removing, error) ? json_object()
												    : NULL;
}
