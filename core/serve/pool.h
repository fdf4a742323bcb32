/* pool: threads that answer requests, so that the thread that reads and writes sockets never waits for the store. Tasks
 * are begun in the order in which they came. */
#pragma once

#include <glib.h>

struct serve_pool;
typedef void (*serve_task)(gpointer task, gpointer user);

/* `most`: so many may wait for a thread. */
struct serve_pool *serve_pool_new(const char *name, guint threads, guint most, serve_task work, gpointer user);
gboolean serve_pool_push(struct serve_pool *pool, gpointer task); /* any thread; FALSE: too many wait, or it ends */
void serve_pool_stop(struct serve_pool *pool); /* does what is queued, waits for the threads to end, takes no more */
void serve_pool_free(struct serve_pool *pool); /* stops it, too */
