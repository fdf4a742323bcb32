#include "serve/login.h"

#include <string.h>

#include "base/base.h"
#include "serve/events.h"
#include "serve/inside.h"
#include "serve/parse.h"
#include "serve/trail.h"

/* ---- who am I ---- */

static json_t *strings_json(char *const *strings)
{
	json_t *all = json_array();
	for (guint i = 0; strings && strings[i]; i++)
		json_array_append_new(all, json_string(strings[i]));
	return all;
}

static json_t *sources_json(struct serve_request *request, const struct serve_caller *caller)
{
	g_autoptr(GPtrArray) states = sync_hub_states(request->hub);
	json_t *names = json_array();
	for (guint i = 0; i < states->len; i++) {
		const struct sync_state *state = states->pdata[i];
		if (serve_may_read(caller, state->readers))
			json_array_append_new(names, json_string(state->name));
	}
	return names;
}

static json_t *me_json(struct serve_request *request, const struct serve_caller *caller)
{
	const struct sync_settings *settings = request->serve->settings;
	json_t *user = json_pack("{s:I, s:s, s:s?, s:s?, s:b, s:o}", "id", (json_int_t)caller->user, "name",
				 caller->name, "full_name", caller->full_name, "email", caller->email, "admin",
				 caller->admin, "teams", strings_json(caller->teams));
	return json_pack("{s:o, s:s, s:s?, s:s, s:s, s:o, s:o}", "user", user, "via", serve_via_word(caller->via),
			 "csrf", caller->csrf, "version", MERI_VERSION, "language", settings->language, "sources",
			 sources_json(request, caller), "own_domains", strings_json(settings->own_domains));
}

json_t *serve_me(struct serve_request *request, GError **error)
{
	(void)error;
	return me_json(request, request->caller);
}

/* ---- the audit log ---- */

static void note(struct serve_request *request, const char *action, gint64 user, const char *name, const char *what)
{
	struct store_audit entry = {.user = user,
				    .name = (char *)name,
				    .via = (char *)"login",
				    .action = (char *)action,
				    .what = (char *)what,
				    .hits = -1,
				    .address = request->caller->address};
	serve_trail_note(request->serve->trail, &entry);
}

/* ---- how often one may try ---- */

struct attempt {
	char *name, *network; /* what is counted by */
};

static void attempt_clear(struct attempt *attempt)
{
	g_free(attempt->name);
	g_free(attempt->network);
}

static gboolean may_try(struct serve_throttle *throttle, struct serve_request *request, const char *key, GError **error)
{
	guint wait = 0;
	if (serve_throttle_take(throttle, key, g_get_monotonic_time(), &wait))
		return TRUE;
	g_autofree char *seconds = g_strdup_printf("%u", wait), *words = base_duration_words(wait);
	serve_reply_header(request, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
	g_set_error(error, SERVE_ERROR, SERVE_THROTTLED, "too many attempts that failed; try again in %s", words);
	return FALSE;
}

/* Counts an attempt, as if it failed. Names are hashed: whoever tries may send any. */
static gboolean attempt_begin(struct serve_request *request, const char *name, struct attempt *attempt, GError **error)
{
	g_autofree char *folded = g_utf8_casefold(name, -1), *bare = g_strdup(g_strstrip(folded));
	guint8 hash[16];
	base_hash128(bare, strlen(bare), hash);
	attempt->name = g_base64_encode(hash, sizeof hash);
	attempt->network = serve_parse_network(request->caller->address);
	if (may_try(request->serve->addresses, request, attempt->network, error) &&
	    may_try(request->serve->names, request, attempt->name, error))
		return TRUE;
	note(request, "login_throttled", 0, name, NULL);
	return FALSE;
}

static void attempt_was_right(struct serve_request *request, const struct attempt *attempt)
{
	serve_throttle_give(request->serve->addresses, attempt->network);
	serve_throttle_give(request->serve->names, attempt->name);
}

/* The user of that name and password; 0 and WRONG_PASSWORD or THROTTLED. */
static gint64 check_password(struct serve_request *request, const char *name, const char *password, GError **error)
{
	g_autoptr(GError) problem = NULL;
	struct attempt attempt = {0};
	gint64 user = 0;
	if (attempt_begin(request, name, &attempt, error)) {
		if (store_password_check(request->worker->open, name, password, &user, &problem)) {
			attempt_was_right(request, &attempt);
		} else if (g_error_matches(problem, STORE_ERROR, STORE_ERROR_ABSENT)) {
			note(request, "login_failed", 0, name, NULL);
			g_set_error(error, SERVE_ERROR, SERVE_WRONG_PASSWORD, "wrong name or password");
		} else {
			g_propagate_error(error, g_steal_pointer(&problem));
		}
	}
	attempt_clear(&attempt);
	return user;
}

/* ---- sessions ---- */

static gboolean by_tls(struct serve_request *request)
{
	const char *scheme = serve_header(request, "X-Forwarded-Proto");
	g_autofree char *peer = serve_peer_address(request->connection);
	return request->serve->secure || (scheme && !strcmp(scheme, "https") && serve_is_proxy(request->serve, peer));
}

static void set_cookie(struct serve_request *request, const char *secret)
{
	g_autofree char *cookie =
		g_strdup_printf(SERVE_SESSION_COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict%s%s", secret,
				by_tls(request) ? "; Secure" : "", *secret ? "" : "; Max-Age=0");
	serve_reply_header(request, MHD_HTTP_HEADER_SET_COOKIE, cookie);
}

struct coming_in {
	gint64 user, length;
	const char *old;         /* a session that this one takes the place of; NULL */
	const char *key;         /* a one-time key that is used up; NULL */
	const char *hash;        /* the new password's; with `key` */
	struct store_user first; /* whom the first admin's key makes */
	char *session;
	gboolean made_first;
};

/* The user whom a key is for, made if it is the first admin's; with the password. */
static gboolean use_key(store *s, struct coming_in *in, GError **error)
{
	if (!store_key_use(s, in->key, base_now(), &in->user, error))
		return FALSE;
	if (!in->user) {
		in->made_first = TRUE;
		if (!store_user_add(s, &in->first, base_now(), &in->user, error))
			return FALSE;
	}
	return store_password_set(s, in->user, in->hash, NULL, error);
}

static gboolean come_in_job(store *s, gpointer data, GError **error)
{
	struct coming_in *in = data;
	if (in->key && !use_key(s, in, error))
		return FALSE;
	if (in->old && !store_session_end(s, in->old, error))
		return FALSE;
	in->session = store_session_new(s, in->user, base_now(), in->length, error);
	return in->session != NULL;
}

/* A session for the user; the reply is as /me. */
static json_t *come_in(struct serve_request *request, struct coming_in *in, const char *action, GError **error)
{
	in->length = request->serve->settings->session_length;
	in->old = request->caller->session;
	if (!store_writer_call(sync_hub_writer(request->hub), come_in_job, in, error)) {
		g_free(in->session);
		return NULL;
	}
	g_autofree char *session = in->session;
	g_autoptr(serve_caller_t) caller = serve_caller_of_session(request, session, error);
	if (!caller)
		return NULL;
	set_cookie(request, session);
	note(request, action, caller->user, caller->name, NULL);
	return me_json(request, caller);
}

json_t *serve_login(struct serve_request *request, GError **error)
{
	const char *name = serve_body_text(request, "name"), *password = serve_body_text(request, "password");
	if (!name || !password) {
		g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "a log-in needs name and password");
		return NULL;
	}
	struct coming_in in = {.user = check_password(request, name, password, error)};
	return in.user ? come_in(request, &in, "login", error) : NULL;
}

static gboolean go_job(store *s, gpointer data, GError **error)
{
	return store_session_end(s, data, error);
}

json_t *serve_logout(struct serve_request *request, GError **error)
{
	const struct serve_caller *caller = request->caller;
	set_cookie(request, "");
	if (!caller->session)
		return json_object();
	if (!store_writer_call(sync_hub_writer(request->hub), go_job, caller->session, error))
		return NULL;
	serve_events_drop(request->serve, caller->user);
	note(request, "logout", caller->user, caller->name, NULL);
	return json_object();
}

/* ---- one-time keys ---- */

char *serve_welcome_link(const struct serve *serve, const char *key)
{
	return serve->link ? g_strdup_printf("%s/welcome?key=%s", serve->link, key) : NULL;
}

/* Whose key it is: a user's id, 0 for the first admin. */
static gboolean key_read(struct serve_request *request, const char *key, gint64 *user, GError **error)
{
	g_autofree char *network = serve_parse_network(request->caller->address);
	g_autoptr(GError) problem = NULL;
	if (!may_try(request->serve->addresses, request, network, error))
		return FALSE;
	if (key && store_key_get(request->worker->open, key, base_now(), user, &problem)) {
		serve_throttle_give(request->serve->addresses, network);
		return TRUE;
	}
	if (problem && !g_error_matches(problem, STORE_ERROR, STORE_ERROR_ABSENT))
		g_propagate_error(error, g_steal_pointer(&problem));
	else
		g_set_error(error, SERVE_ERROR, SERVE_EXPIRED,
			    "this link has been used, or its time is over: ask an admin for a new one");
	return FALSE;
}

json_t *serve_welcome(struct serve_request *request, GError **error)
{
	gint64 id = 0;
	if (!key_read(request, serve_parameter(request, "key"), &id, error))
		return NULL;
	g_autoptr(store_user) user = id ? store_user_get(request->worker->open, id, error) : NULL;
	if (id && !user)
		return NULL;
	return json_pack("{s:s?, s:b}", "name", user ? user->name : NULL, "first", !user);
}

json_t *serve_welcome_in(struct serve_request *request, GError **error)
{
	struct coming_in in = {.key = serve_body_text(request, "key")};
	const char *password = serve_body_text(request, "password");
	if (!key_read(request, in.key, &in.user, error))
		return NULL;
	if (!in.user && !serve_body_text(request, "name")) {
		g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "the first admin needs a name to log in by");
		return NULL;
	}
	g_autofree char *hash = store_password_hash(password, error);
	if (!hash)
		return NULL;
	in.hash = hash;
	in.first = (struct store_user){.name = (char *)serve_body_text(request, "name"),
				       .full_name = (char *)serve_body_text(request, "full_name"),
				       .email = (char *)serve_body_text(request, "email"),
				       .admin = TRUE};
	json_t *reply = come_in(request, &in, "welcome", error);
	if (reply && in.made_first) {
		pthread_mutex_lock(&request->serve->lock);
		g_clear_pointer(&request->serve->first_key, g_free);
		pthread_mutex_unlock(&request->serve->lock);
	}
	return reply;
}

/* ---- passwords ---- */

struct new_password {
	gint64 user;
	const char *hash, *keep;
};

static gboolean password_job(store *s, gpointer data, GError **error)
{
	struct new_password *new = data;
	return store_password_set(s, new->user, new->hash, new->keep, error);
}

/* May the caller set a password? Whoever has one must know it. */
static gboolean old_is_known(struct serve_request *request, GError **error)
{
	const struct serve_caller *caller = request->caller;
	const char *old = serve_body_text(request, "old");
	if (!caller->user || caller->via == SERVE_TOKEN) {
		g_set_error(error, SERVE_ERROR, SERVE_FORBIDDEN, "a password is set by the user, logged in as such");
		return FALSE;
	}
	g_autoptr(store_user) user = store_user_get(request->worker->open, caller->user, error);
	if (!user || !user->password)
		return user != NULL;
	return check_password(request, caller->name, old ? old : "", error) == caller->user;
}

json_t *serve_me_password(struct serve_request *request, GError **error)
{
	const struct serve_caller *caller = request->caller;
	struct new_password new = {.user = caller->user, .keep = caller->session};
	if (!old_is_known(request, error))
		return NULL;
	g_autofree char *hash = store_password_hash(serve_body_text(request, "new"), error);
	if (!hash)
		return NULL;
	new.hash = hash;
	if (!store_writer_call(sync_hub_writer(request->hub), password_job, &new, error))
		return NULL;
	note(request, "password", caller->user, caller->name, NULL);
	return json_object();
}
