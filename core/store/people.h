/* people: who may log in: users, their teams, and what they show to be let in: passwords, sessions, tokens, one-time
 * keys. Rights themselves are no matter of this module (fence.h applies them, core/serve works them out).
 *
 * A secret is 32 random bytes as text (base64 for URLs; a token begins with "meri_"). Only its BLAKE2b hash is kept, so
 * that a copy of the store lets nobody in; a password is kept as argon2id says it (libsodium). Secrets are handed out
 * once, when they are made. What comes from outside is taken as bytes of any kind: a secret that is none is no error,
 * but unknown.
 *
 * Names of users are lower case and compared so: letters, digits, and - _ . @ within; at most 64 characters. Teams are
 * plain words as in the settings' `readers =`, compared without case, kept as written.
 *
 * Functions marked (writer) change and belong into a transaction of the writing connection; the others read. Errors:
 * STORE_ERROR_ABSENT no such user, session, token or key (or one whose time is over: the same); STORE_ERROR_INVALID
 * what was handed over cannot be taken, the message says why; STORE_ERROR_TAKEN the name is another user's;
 * STORE_ERROR_REFUSED it would leave nobody who is an admin. Times are seconds since 1970, 0 for never. */
#pragma once

#include "store/store.h"

struct store_user {
	gint64 id;
	char *name, *full_name, *email; /* full_name, email: NULL if not told */
	gboolean admin;
	char **teams;          /* never NULL when read; NULL: none */
	gboolean password;     /* has one; else only the socket, a token or a proxy let them in */
	gint64 added, last_in; /* when made; when they last logged in */
};
void store_user_free(struct store_user *user);
typedef struct store_user store_user;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(store_user, store_user_free)

/* Makes a user of `user`'s name, full_name, email, admin and teams. (writer) INVALID, TAKEN */
gboolean store_user_add(store *s, const struct store_user *user, gint64 now, gint64 *id, GError **error);
struct store_user *store_user_get(store *s, gint64 id, GError **error);          /* ABSENT */
struct store_user *store_user_named(store *s, const char *name, GError **error); /* ABSENT */
GPtrArray *store_users(store *s, GError **error);                                /* by name; struct store_user * */
/* Sets name, full_name, email, admin and teams of the user `user->id`. (writer) ABSENT, INVALID, TAKEN, REFUSED */
gboolean store_user_change(store *s, const struct store_user *user, GError **error);
/* With sessions, tokens and invitations; what the audit says of them stays. (writer) ABSENT, REFUSED */
gboolean store_user_remove(store *s, gint64 id, GError **error);
gboolean store_users_any(store *s, gboolean *any, GError **error); /* is there an admin at all? */
/* A team that some user belongs to, as first written; GStrv, by name. */
char **store_teams(store *s, GError **error);

/* ---- passwords ---- */

enum { STORE_PASSWORD_LEAST = 10, STORE_PASSWORD_MOST = 1024 }; /* characters; bytes */

/* argon2id of the password, for store_password_set. Takes a tenth of a second and 64 MiB: not for the writer's thread.
 * INVALID: too short, too long, or no UTF-8. */
char *store_password_hash(const char *password, GError **error);
/* Ends all sessions of the user but `keep` (a session's secret; NULL: all). (writer) ABSENT */
gboolean store_password_set(store *s, gint64 user, const char *hash, const char *keep, GError **error);
/* The user of that name and password. Takes as long for a name that nobody has, or a user without password. ABSENT */
gboolean store_password_check(store *s, const char *name, const char *password, gint64 *user, GError **error);

/* ---- sessions ---- */

struct store_session {
	gint64 user, made, expires;
	char *csrf; /* what changes have to show beside the session; derived from its secret */
};
void store_session_free(struct store_session *session);
typedef struct store_session store_session;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(store_session, store_session_free)

/* (writer) Sessions that are over are forgotten by the way; the user's last_in becomes `now`. */
char *store_session_new(store *s, gint64 user, gint64 now, gint64 seconds, GError **error);
struct store_session *store_session_get(store *s, const char *secret, gint64 now, GError **error); /* ABSENT */
/* It lasts `seconds` from now on. (writer) ABSENT */
gboolean store_session_renew(store *s, const char *secret, gint64 now, gint64 seconds, GError **error);
gboolean store_session_end(store *s, const char *secret, GError **error); /* (writer) unknown: nothing happens */

/* ---- tokens ---- */

enum store_scope { STORE_SCOPE_READ = 1, STORE_SCOPE_WRITE = 2, STORE_SCOPE_ADMIN = 4 };

struct store_token {
	gint64 id, user, made, expires, used; /* expires: 0: never; used: last, to about an hour */
	char *name;                           /* what it is for */
	char *team;                           /* the one team it acts for, of its user's; NULL: as its user */
	guint scopes;                         /* of enum store_scope; none is not possible */
};
void store_token_free(struct store_token *token);
typedef struct store_token store_token;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(store_token, store_token_free)

/* Of `token`'s user, name, team, scopes, expires. The secret, "meri_...". (writer) ABSENT, INVALID */
char *store_token_add(store *s, const struct store_token *token, gint64 now, GError **error);
struct store_token *store_token_get(store *s, const char *secret, gint64 now, GError **error); /* ABSENT */
GPtrArray *store_tokens(store *s, gint64 user, GError **error); /* of a user, 0: all; struct store_token *, by id */
/* `user`: whose it must be, 0: anybody's. (writer) ABSENT */
gboolean store_token_remove(store *s, gint64 id, gint64 user, GError **error);
gboolean store_token_used(store *s, gint64 id, gint64 now, GError **error); /* (writer) */

/* ---- one-time keys: an invitation, or (user 0) the making of the first admin ---- */

/* A key of before for the same user is over. (writer) */
char *store_key_new(store *s, gint64 user, gint64 now, gint64 seconds, GError **error);
gboolean store_key_get(store *s, const char *secret, gint64 now, gint64 *user, GError **error); /* ABSENT */
/* ... and it is used up. A key for the first admin is worth nothing once there is an admin. (writer) ABSENT */
gboolean store_key_use(store *s, const char *secret, gint64 now, gint64 *user, GError **error);
