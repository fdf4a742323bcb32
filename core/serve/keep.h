/* keep: answers that were just given. People go back, take a facet away again, and open the same link at the same time;
 * so an answer is kept for half a minute for all who may read the same, and where several ask at once one of them works
 * it out and the rest wait for it. In the second half of its time somebody who asks makes it anew, while the others are
 * still given the old one.
 *
 * What is kept may be SERVE_KEEP_SECONDS older than what a sync that is under way writes. All of it is forgotten when a
 * person changes anything through the API, and when a source's state changes (a run's end among others). Rights are
 * part of the key: who may read something else never meets it. Any thread. */
#pragma once

#include "serve/http.h"

enum { SERVE_KEEP_SECONDS = 30, SERVE_KEEP_BYTES = 32 << 20 };

/* A reply's text, and what the audit log says of it. Counted references. */
struct serve_kept {
	char *text, *packed; /* JSON; the same by gzip, NULL where that saves nothing; both from malloc */
	gsize length, packed_length;
	char *tag;
	char *what;
	gint64 customer, hits;
};
struct serve_kept *serve_kept_ref(struct serve_kept *kept);
void serve_kept_unref(gpointer kept);
typedef struct serve_kept serve_kept;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(serve_kept, serve_kept_unref)

struct serve_keep;
struct serve_keep *serve_keep_new(void);
void serve_keep_free(struct serve_keep *keep);

/* What is kept under the key now, without waiting: a reference of the caller's own; NULL: nothing. */
struct serve_kept *serve_keep_peek(struct serve_keep *keep, const char *key);
/* What is kept under the key, maybe after waiting for who is making it; a reference of the caller's own. NULL: there is
 * nothing, and the caller must make it and then call serve_keep_give with the ticket, in any case. */
struct serve_kept *serve_keep_take(struct serve_keep *keep, const char *key, guint64 *ticket);
/* `kept`: borrowed; NULL: it could not be made. What was begun before serve_keep_forget is not kept. */
void serve_keep_give(struct serve_keep *keep, const char *key, guint64 ticket, struct serve_kept *kept);
/* What was asked before now no longer holds. */
void serve_keep_forget(struct serve_keep *keep);
