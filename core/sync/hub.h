/* hub: what the files of the hub share: hub.c (what others may ask), queue.c (when a source runs, and what its runs
 * tell), once.c (`merid --once`). No other file includes this. */
#pragma once

#include <pthread.h>

#include "sync/connectors.h"
#include "sync/run.h"
#include "sync/sync.h"

/* A source as the hub knows it. `state` may be read by any thread that holds the lock, and is changed by the main
 * loop's thread under it; the rest is the main loop's alone, but `source`, which is replaced under the lock too. */
struct sync_place {
	const struct sync_source *source; /* NULL: no more in the settings, only its run goes on */
	struct sync_state state;
	struct sync_run *run;
	gint64 last;      /* when it ran last */
	guint64 turn;     /* of those queued, the lowest is next */
	gboolean changed; /* the listener is to be told; under the lock */
};

struct sync_hub {
	pthread_mutex_t lock; /* POSIX's, for ThreadSanitizer's sake (see store/writer.c) */
	struct sync_settings *settings, *first;
	GPtrArray *connectors; /* struct sync_connector * */
	GPtrArray *places;     /* struct sync_place * */
	store_writer *writer;
	identity *who; /* the writer's thread uses it */
	GSource *wake; /* dispatches the queue; may be woken from any thread */
	gboolean scheduled, stopping;
	guint running;
	guint64 turns;
	struct sync_once *once; /* NULL: nobody waits for lines */
	sync_listener listener; /* NULL: nobody is told of changes */
	gpointer listener_user;
};

/* Holds a lock to the end of the block. */
typedef pthread_mutex_t sync_locker;
static inline sync_locker *sync_locker_new(pthread_mutex_t *lock)
{
	pthread_mutex_lock(lock);
	return lock;
}
static inline void sync_locker_free(sync_locker *lock)
{
	pthread_mutex_unlock(lock);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sync_locker, sync_locker_free)

/* ---- hub.c ---- */
struct sync_place *sync_hub_place(sync_hub *hub, const char *name); /* under the lock; NULL: none */
struct sync_place *sync_place_new(const struct sync_source *source);
void sync_place_free(gpointer place);
void sync_hub_tell(sync_hub *hub, const char *source); /* tells the listener; not under the lock */
void sync_hub_look_back(sync_hub *hub);                /* what the writer does when it is idle, to the end */

/* ---- queue.c ---- */
GSource *sync_queue_source(sync_hub *hub);
void sync_queue_wake(sync_hub *hub);                          /* (any thread) */
void sync_queue_add(sync_hub *hub, struct sync_place *place); /* under the lock */
/* When it runs next, from when it ran last. */
void sync_queue_plan(sync_hub *hub, struct sync_place *place);
/* What a run of the source is to be told (plugin, options), or why it cannot be (problem); under the lock. Paths and
 * secrets are looked at anew each time. */
void sync_queue_options(sync_hub *hub, const struct sync_source *source, struct sync_run_spec *spec);

/* ---- once.c ---- */
void sync_once_tell(sync_hub *hub, const struct sync_run *run);
