/* sync: runs (hub.c). Knows the settings' sources and the connectors there are; starts a connector process by schedule
 * or by word, takes its frames, hands batches to the store's writer, and gives the verdict on how the run ended. A
 * connector's crash, hang, flood or lie ends its run and nothing else.
 *
 * Lives in the main loop's thread. The functions marked (any thread) may be called from others, HTTP workers above all.
 */
#pragma once

#include <jansson.h>

#include "identity/identity.h"
#include "store/writer.h"
#include "sync/settings.h"
#include "wire/wire.h"

#define SYNC_ERROR (sync_error_quark())
GQuark sync_error_quark(void);
enum sync_error { SYNC_ERROR_ABSENT = 1, SYNC_ERROR_BUSY, SYNC_ERROR_SETTINGS };

/* A connector that was found: described by running it, never by loading it here. */
struct sync_connector {
	char *path;
	struct wire_hello *hello; /* NULL if it could not be described */
	char *problem;            /* why not */
};

/* How a source stands; a copy, free it. */
struct sync_state {
	char *name, *connector, *schedule;
	gboolean running, queued;
	guint64 done, total; /* progress of the run under way */
	char *what;
	gint64 started, next;                               /* times; next: 0 for manual */
	gint64 added, changed, removed, skipped, unchanged; /* of the run under way, or the last */
	gint64 stale_after;
	char **readers;                   /* teams; NULL: everybody */
	char *team;                       /* whose system it is; NULL: nobody's */
	gboolean lenient;                 /* unknown-readers = open */
	gint64 run;                       /* id of the run under way, or the last; 0 if none */
	char *verdict, *reason, *message; /* of the last run ended since the daemon started; NULL if none */
};
void sync_state_free(struct sync_state *state);
/* The one of that source among sync_hub_states; NULL: the settings do not name it. Borrowed. */
const struct sync_state *sync_state_named(const GPtrArray *states, const char *source);

typedef struct sync_hub sync_hub;

/* What `merid --check` does: describes all connectors and checks every source's options. Adds a line to `problems` for
 * each mistake, and for what is not there now: a path, a password file, a connector that works. */
void sync_check(const struct sync_settings *settings, GPtrArray *problems);

/* Takes the settings over. Describes all connectors, checks every source's options; on mistakes NULL and `problems`.
 * What is not there now (see options.h) is logged, and costs that source's runs only. The writer must outlive the hub.
 */
sync_hub *sync_hub_new(struct sync_settings *settings, store_writer *writer, GPtrArray *problems);
void sync_hub_free(sync_hub *hub);     /* stops all runs, waits for them to end, bounded */
void sync_hub_schedule(sync_hub *hub); /* starts the timers */
/* Starts no more runs, and stops those under way; they end in the main loop. */
void sync_hub_stop(sync_hub *hub);
/* New settings, taken over; runs under way go on under the old ones. Looks at all connectors anew. On mistakes FALSE,
 * and nothing changes. What was handed out of the hub's first settings stays valid. */
gboolean sync_hub_reload(sync_hub *hub, struct sync_settings *settings, GPtrArray *problems);
/* Runs the named sources (NULL or empty: all) once, prints a line each to stdout as they end, returns the exit status:
 * 0 all ok, 3 any partial, 1 any failed, 2 a name that is not in the settings. Runs the main loop meanwhile. */
int sync_hub_once(sync_hub *hub, const char *const *names);

gboolean sync_hub_start(sync_hub *hub, const char *source, GError **error);  /* (any thread) ABSENT, BUSY */
gboolean sync_hub_cancel(sync_hub *hub, const char *source, GError **error); /* (any thread) ABSENT */
GPtrArray *sync_hub_states(sync_hub *hub);                                   /* (any thread) struct sync_state * */
json_t *sync_hub_connectors(sync_hub *hub); /* (any thread) what `connector list` shows; owned by the caller */
/* (any thread) Asks a source's connector whether it can work; waits for the answer. FALSE: `message` says why not, or
 * `error` that there is no such source. */
gboolean sync_hub_check(sync_hub *hub, const char *source, char **message, GError **error);
/* Whom to tell, in the main loop's thread, that a source's state has changed (sync_hub_states); one at most, NULL:
 * nobody. It must not take long, and the hub's lock is not held. */
typedef void (*sync_listener)(const char *source, gpointer user);
void sync_hub_listen(sync_hub *hub, sync_listener listener, gpointer user);
store_writer *sync_hub_writer(sync_hub *hub); /* (any thread) */
/* Who a record is about, for jobs of the writer only. */
identity *sync_hub_identity(sync_hub *hub); /* (any thread) */
/* What identity is to know of the settings; borrows from them. */
struct identity_settings sync_identity_settings(const struct sync_settings *settings);
