/* writer: the one thread that owns the one writing connection. Jobs run in it one after the other, each in a
 * transaction of its own: committed when the job says TRUE, rolled back when not. When there is no job it tidies up
 * (store_tidy), or makes a new full text index where the rules of words have changed, in steps short enough that a job
 * need not wait long. */
#pragma once

#include "store/store.h"

typedef struct store_writer store_writer;
typedef gboolean (*store_job)(store *s, gpointer user, GError **error);
typedef void (*store_job_done)(gpointer user, const GError *error); /* error: NULL when it was committed; borrowed */

store_writer *store_writer_new(const char *path, const char *language,
			       GError **error); /* opens the store for writing */
void store_writer_free(store_writer *writer);   /* finishes what is queued, closes the store */

/* Queues a job; `done` is called in the main context that was the thread's default when it was queued. Without `done`
 * an error is logged. Any thread. */
void store_writer_push(store_writer *writer, store_job job, gpointer user, store_job_done done);
/* A job in parts, so that its work begins before all of it is known: parts of one `batch` (any address) that follow
 * each other share a transaction, which the last commits. A part must not count on that. Whatever else is queued in
 * between, and a second without a part, undoes what the parts did: the next one finds another number of transaction,
 * and what was done is to be done again. `done` of a part that is not the last says that it was done, not that it
 * stays. */
void store_writer_push_part(store_writer *writer, gconstpointer batch, gboolean last, store_job job, gpointer user,
			    store_job_done done);
/* In a job: which transaction this is, from 1 on. */
guint64 store_writer_transaction(const store_writer *writer);
/* Queues a job and waits for it. Any thread but the writer's own. */
gboolean store_writer_call(store_writer *writer, store_job job, gpointer user, GError **error);

/* Somebody who keeps a memory of the store beside it, in the writer's thread. */
struct store_attendant {
	/* A bounded step of what can wait, in a transaction of its own; `more`: steps are left. */
	gboolean (*idle)(store *s, gpointer user, gboolean *more, GError **error);
	void (*rolled_back)(gpointer user); /* what the last job did to the store is undone */
	gpointer user;
};
/* To be called by a job, in the writer's thread. */
void store_writer_attend(store_writer *writer, const struct store_attendant *attendant);
