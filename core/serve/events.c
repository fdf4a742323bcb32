#include "serve/events.h"

#include <string.h>

#include "base/base.h"
#include "serve/inside.h"
#include "serve/sources.h"

enum {
	FLUSH_MS = 250,
	BEAT_SECONDS = 15,
	LIFE_SECONDS = 300,
	RETRY_MS = 2000, /* after which a browser comes again */
	MOST_WATCHES = 256,
	MOST_A_USER = 16,
	MOST_WAITING = 64 << 10, /* bytes */
	BLOCK = 8 << 10
};

/* Somebody who watches. Under the lock of the events. */
struct watch {
	struct serve_events *events;
	struct MHD_Connection *connection;
	struct serve_caller *caller;
	GString *waiting; /* what was not sent yet */
	gint64 began;
	gboolean asleep; /* its connection is laid aside until there is something */
	gboolean over, behind;
};

struct serve_events {
	struct serve_job job; /* first: telling, in a thread of a pool */
	struct serve *serve;
	pthread_mutex_t lock;
	GPtrArray *watches;  /* struct watch * */
	GHashTable *changed; /* names of sources of which nobody was told yet */
	gboolean telling, over;
	guint flush, beat;
};

/* ---- one watcher ---- */

static void wake(struct watch *watch)
{
	if (!watch->asleep)
		return;
	watch->asleep = FALSE;
	MHD_resume_connection(watch->connection);
}

static void say(struct watch *watch, const char *text)
{
	if (watch->waiting->len > MOST_WAITING)
		watch->behind = TRUE;
	else
		g_string_append(watch->waiting, text);
	wake(watch);
}

static void end(struct watch *watch)
{
	watch->over = TRUE;
	wake(watch);
}

static void flush_later(struct serve_events *events);

/* It has read all that waited, and missed something: it gets all sources as they are now. */
static void catch_up(struct watch *watch)
{
	g_autoptr(GPtrArray) states = sync_hub_states(watch->events->serve->hub);
	watch->behind = FALSE;
	for (guint i = 0; i < states->len; i++)
		g_hash_table_add(watch->events->changed, g_strdup(((struct sync_state *)states->pdata[i])->name));
	flush_later(watch->events);
}

/* libmicrohttpd wants more to send; in the listener's thread. */
static ssize_t take(void *cls, uint64_t position, char *buffer, size_t room)
{
	(void)position;
	struct watch *watch = cls;
	pthread_mutex_lock(&watch->events->lock);
	gsize length = MIN(room, watch->waiting->len);
	ssize_t given = (ssize_t)length;
	if (length) {
		memcpy(buffer, watch->waiting->str, length);
		g_string_erase(watch->waiting, 0, (gssize)length);
		if (watch->behind && !watch->waiting->len)
			catch_up(watch);
	} else if (watch->over) {
		given = MHD_CONTENT_READER_END_OF_STREAM;
	} else {
		watch->asleep = TRUE;
		MHD_suspend_connection(watch->connection);
	}
	pthread_mutex_unlock(&watch->events->lock);
	return given;
}

static void watch_free(void *cls)
{
	struct watch *watch = cls;
	struct serve_events *events = watch->events;
	pthread_mutex_lock(&events->lock);
	g_ptr_array_remove_fast(events->watches, watch);
	pthread_mutex_unlock(&events->lock);
	serve_caller_free(watch->caller);
	g_string_free(watch->waiting, TRUE);
	g_free(watch);
}

/* ---- telling ---- */

static char *event_of(const struct watch *watch, const struct sync_state *state, const struct store_source *stored)
{
	json_t *object = serve_source_seen(watch->caller, state, stored, base_now());
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	char *event = text ? g_strdup_printf("event: source\ndata: %s\n\n", text) : NULL;
	free(text);
	json_decref(object);
	return event;
}

static void tell_all(struct serve_events *events, const struct sync_state *state, const struct store_source *stored)
{
	pthread_mutex_lock(&events->lock);
	for (guint i = 0; i < events->watches->len; i++) {
		g_autofree char *event = event_of(events->watches->pdata[i], state, stored);
		if (event)
			say(events->watches->pdata[i], event);
	}
	pthread_mutex_unlock(&events->lock);
}

static GHashTable *names_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* In a thread of a pool, for it reads of the store. */
static void tell(struct serve_job *job, struct serve *serve)
{
	struct serve_events *events = (struct serve_events *)job;
	g_autoptr(GPtrArray) states = sync_hub_states(serve->hub);
	g_autoptr(GError) error = NULL;
	struct serve_worker *worker = serve_worker_get(serve, &error);
	pthread_mutex_lock(&events->lock);
	g_autoptr(GHashTable) changed = events->changed;
	events->changed = names_new();
	events->telling = FALSE;
	pthread_mutex_unlock(&events->lock);
	for (guint i = 0; worker && i < states->len; i++) {
		const struct sync_state *state = states->pdata[i];
		if (!g_hash_table_contains(changed, state->name))
			continue;
		struct store_source *stored = store_source_get(worker->open, state->name, NULL);
		tell_all(events, state, stored);
		store_source_free(stored);
	}
	if (error)
		base_log(BASE_WARNING, "those who watch were not told: %s", error->message);
}

static gboolean flush(gpointer data)
{
	struct serve_events *events = data;
	pthread_mutex_lock(&events->lock);
	events->flush = 0;
	if (!events->watches->len)
		g_hash_table_remove_all(events->changed);
	gboolean some = g_hash_table_size(events->changed) && !events->telling;
	if (some)
		events->telling = TRUE;
	pthread_mutex_unlock(&events->lock);
	if (some && !serve_pool_push(events->serve->reading, &events->job)) {
		pthread_mutex_lock(&events->lock);
		events->telling = FALSE;
		flush_later(events);
		pthread_mutex_unlock(&events->lock);
	}
	return G_SOURCE_REMOVE;
}

static void flush_later(struct serve_events *events)
{
	if (!events->flush && !events->over)
		events->flush = g_timeout_add(FLUSH_MS, flush, events);
}

static gboolean is_running(sync_hub *hub, const char *source)
{
	g_autoptr(GPtrArray) states = sync_hub_states(hub);
	const struct sync_state *state = sync_state_named(states, source);
	return state && state->running;
}

void serve_events_tell(struct serve *serve, const char *source)
{
	struct serve_events *events = serve->events;
	pthread_mutex_lock(&events->lock);
	if (events->watches->len) {
		g_hash_table_add(events->changed, g_strdup(source));
		flush_later(events);
	}
	pthread_mutex_unlock(&events->lock);
}

/* The run engine's word, in the main loop's thread. */
static void source_has_changed(const char *source, gpointer user)
{
	struct serve_events *events = user;
	if (!is_running(events->serve->hub, source))
		serve_keep_forget(events->serve->keep);
	serve_events_tell(events->serve, source);
}

static gboolean beat(gpointer data)
{
	struct serve_events *events = data;
	gint64 now = g_get_monotonic_time();
	pthread_mutex_lock(&events->lock);
	for (guint i = 0; i < events->watches->len; i++) {
		struct watch *watch = events->watches->pdata[i];
		if (now - watch->began > LIFE_SECONDS * G_USEC_PER_SEC)
			end(watch);
		else
			say(watch, ":\n\n");
	}
	pthread_mutex_unlock(&events->lock);
	return G_SOURCE_CONTINUE;
}

/* ---- the route ---- */

static struct serve_caller *caller_copy(const struct serve_caller *caller)
{
	struct serve_caller *copy = g_memdup2(caller, sizeof *caller);
	copy->name = g_strdup(caller->name);
	copy->full_name = g_strdup(caller->full_name);
	copy->email = g_strdup(caller->email);
	copy->teams = g_strdupv(caller->teams);
	copy->csrf = NULL;
	copy->address = g_strdup(caller->address);
	copy->session = NULL;
	copy->team = g_strdup(caller->team);
	return copy;
}

/* Under the lock: may one more begin? */
static gboolean room_for(const struct serve_events *events, const struct serve_caller *caller, GError **error)
{
	guint own = 0;
	for (guint i = 0; i < events->watches->len; i++)
		own += ((struct watch *)events->watches->pdata[i])->caller->user == caller->user;
	if (events->watches->len < MOST_WATCHES && own < MOST_A_USER)
		return TRUE;
	g_set_error(error, SERVE_ERROR, SERVE_THROTTLED, "too many are watching already; close some windows");
	return FALSE;
}

static struct MHD_Response *begin(struct serve_request *request, GError **error)
{
	struct serve_events *events = request->serve->events;
	struct watch *watch = NULL;
	pthread_mutex_lock(&events->lock);
	if (room_for(events, request->caller, error)) {
		watch = g_new0(struct watch, 1);
		watch->events = events;
		watch->connection = request->connection;
		watch->caller = caller_copy(request->caller);
		watch->began = g_get_monotonic_time();
		watch->waiting = g_string_new(NULL);
		watch->over = events->over;
		g_string_append_printf(watch->waiting, "retry: %d\nevent: hello\ndata: {\"version\":\"%s\"}\n\n",
				       RETRY_MS, MERI_VERSION);
		g_ptr_array_add(events->watches, watch);
	}
	pthread_mutex_unlock(&events->lock);
	return watch ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, take, watch, watch_free) : NULL;
}

json_t *serve_watch(struct serve_request *request, GError **error)
{
	if (request->head) {
		serve_reply_text(request, MHD_HTTP_OK, "text/event-stream", "");
		return NULL;
	}
	struct MHD_Response *response = begin(request, error);
	if (!response)
		return NULL;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "text/event-stream");
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	MHD_add_response_header(response, "X-Accel-Buffering", "no"); /* nginx: hand it on at once */
	serve_reply_safety(request->serve, response, FALSE);
	request->response = response;
	request->status = MHD_HTTP_OK;
	return NULL;
}

/* ---- life ---- */

struct serve_events *serve_events_new(struct serve *serve)
{
	struct serve_events *events = g_new0(struct serve_events, 1);
	events->job.run = tell;
	events->serve = serve;
	pthread_mutex_init(&events->lock, NULL);
	events->watches = g_ptr_array_new();
	events->changed = names_new();
	events->beat = g_timeout_add_seconds(BEAT_SECONDS, beat, events);
	sync_hub_listen(serve->hub, source_has_changed, events);
	return events;
}

static void drop(struct serve_events *events, gint64 user)
{
	for (guint i = 0; i < events->watches->len; i++) {
		struct watch *watch = events->watches->pdata[i];
		if (!user || watch->caller->user == user)
			end(watch);
	}
}

void serve_events_drop(struct serve *serve, gint64 user)
{
	pthread_mutex_lock(&serve->events->lock);
	drop(serve->events, user);
	pthread_mutex_unlock(&serve->events->lock);
}

void serve_events_stop(struct serve_events *events)
{
	sync_hub_listen(events->serve->hub, NULL, NULL);
	pthread_mutex_lock(&events->lock);
	events->over = TRUE;
	drop(events, 0);
	pthread_mutex_unlock(&events->lock);
	g_source_remove(events->beat);
	if (events->flush)
		g_source_remove(events->flush);
	events->flush = 0;
}

void serve_events_free(struct serve_events *events)
{
	if (!events)
		return;
	g_ptr_array_unref(events->watches);
	g_hash_table_unref(events->changed);
	pthread_mutex_destroy(&events->lock);
	g_free(events);
}
