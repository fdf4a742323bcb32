/* audit: who looked up whom, when, how, and with how many hits; who logged in, or failed to; who changed what. Rows are
 * only ever added: the schema refuses to change one, and to delete one that retention (audit-keep) does not cover.
 *
 * Entries keep the user's name as it was, for users go and the audit stays. What was typed is kept up to 500
 * characters. */
#pragma once

#include "store/store.h"

struct store_audit {
	gint64 id, at;
	gint64 user;     /* 0: nobody we know */
	char *name;      /* of the user, as logged in or tried; NULL */
	char *via;       /* "session", "token", "socket", "proxy", "login" */
	char *action;    /* a stable word: "find", "customer", "record", "login", "login_failed", "user_add", ... */
	char *what;      /* the query, what was changed; NULL */
	gint64 customer; /* 0: none */
	gint64 hits;     /* -1: not a question that has hits */
	char *address;   /* where it came from; NULL: the socket */
};
void store_audit_free(struct store_audit *entry);

/* Adds an entry (its id does not count); strings are copied, made UTF-8 and cut. In a transaction of the writer. */
gboolean store_audit_note(store *s, const struct store_audit *entry, GError **error);

struct store_audit_filter {
	const char *user, *action; /* NULL: any; user: name, without case */
	gint64 customer;           /* 0: any */
	gint64 after, before;      /* times: at or after, before; 0: any */
	gint64 below;              /* entries with ids below this, 0: from the newest: the cursor */
};
/* Newest first, at most `limit`; struct store_audit *. */
GPtrArray *store_audit_list(store *s, const struct store_audit_filter *filter, guint limit, GError **error);
/* Deletes what was noted before the time `before`; at most `most` entries, so that the writer is not held up.
 * `forgotten`: how many. In a transaction of the writer. */
gboolean store_audit_forget(store *s, gint64 before, guint most, gint64 *forgotten, GError **error);
