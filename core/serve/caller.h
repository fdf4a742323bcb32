/* caller: who asks, and what they may do. Found out once for each request, before its route runs: from the account at
 * the other end of the Unix socket, a session's cookie, a bearer token, or the header of a trusted proxy (in this
 * order: socket, token, session, proxy). A route finds it in request->caller, and the worker's store already fenced for
 * it. */
#pragma once

#include "store/people.h"

enum serve_via { SERVE_NOBODY, SERVE_SOCKET, SERVE_SESSION, SERVE_TOKEN, SERVE_PROXY };

struct serve_caller {
	enum serve_via via;
	guint scopes;   /* of enum store_scope: a token's own; all of them for everybody else */
	gboolean admin; /* reads everything; FALSE for an admin's token without that scope */
	gint64 user;    /* id; 0: nobody, or an account of the machine (root, the daemon's own) that is no user */
	char *name;     /* NULL: nobody */
	char *full_name, *email;
	char **teams;  /* never NULL */
	char *csrf;    /* what X-CSRF-Token must say in a change; NULL: nothing is needed */
	char *address; /* where from, for the audit log: "127.0.0.1", "socket"; never NULL */
	char *session; /* the session's secret; NULL */
	gint64 token;  /* its id; 0 */
	char *team;    /* of a token that acts for one team of its user's, and has no other then; NULL */
};

void serve_caller_free(struct serve_caller *caller);
typedef struct serve_caller serve_caller_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(serve_caller_t, serve_caller_free)

/* "session", "token", "socket", "proxy"; "nobody". */
const char *serve_via_word(enum serve_via via);
/* May the caller read a source of these readers (settings; NULL: everybody)? */
gboolean serve_may_read(const struct serve_caller *caller, char *const *readers);
