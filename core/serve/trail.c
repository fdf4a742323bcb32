#include "serve/trail.h"

#include <pthread.h>

#include "base/base.h"

enum {
	WAIT_MS = 500,
	RETRY_MS = 5000,
	SEND_AT = 1000,       /* entries: so many do not wait for the timer */
	MOST_WAITING = 40000, /* beyond that, requests wait a little */
	MOST_KEPT = 80000,    /* beyond that, the store has not taken any for long: they are given up */
	HOLD_UP_MS = 1000,
	FORGET_SECONDS = 3600,
	FORGET_STEP = 2000
};

struct serve_trail {
	store_writer *writer;
	gint64 keep;
	pthread_mutex_t lock;
	pthread_cond_t taken;
	GPtrArray *waiting; /* struct store_audit * */
	GPtrArray *going;   /* those that the writer has; NULL: none */
	guint64 lost;
	guint timer, forget_timer;
	gboolean failing;
};

static void entry_free(gpointer entry)
{
	store_audit_free(entry);
}

static struct store_audit *entry_copy(const struct store_audit *entry)
{
	struct store_audit *copy = g_memdup2(entry, sizeof *entry);
	copy->at = base_now();
	copy->name = g_strdup(entry->name);
	copy->via = g_strdup(entry->via);
	copy->action = g_strdup(entry->action);
	copy->what = g_strdup(entry->what);
	copy->address = g_strdup(entry->address);
	return copy;
}

/* ---- to the store ---- */

static gboolean write_job(store *s, gpointer user, GError **error)
{
	struct serve_trail *trail = user;
	for (guint i = 0; i < trail->going->len; i++)
		if (!store_audit_note(s, trail->going->pdata[i], error))
			return FALSE;
	return TRUE;
}

static gboolean send(gpointer data);

/* Under the lock. */
static void send_later(struct serve_trail *trail, guint milliseconds)
{
	if (!trail->timer)
		trail->timer = g_timeout_add(milliseconds, send, trail);
}

/* What was not written goes back to the front of the list. Under the lock. */
static void take_back(struct serve_trail *trail)
{
	for (guint i = 0; i < trail->waiting->len; i++)
		g_ptr_array_add(trail->going, trail->waiting->pdata[i]);
	g_ptr_array_set_free_func(trail->waiting, NULL);
	g_ptr_array_unref(trail->waiting);
	trail->waiting = g_steal_pointer(&trail->going);
}

static void note_loss(struct serve_trail *trail)
{
	struct store_audit entry = {.via = (char *)"socket",
				    .action = (char *)"audit_lost",
				    .what = (char *)"entries that the store did not take",
				    .hits = (gint64)trail->lost};
	base_log(BASE_ERROR, "the audit log lacks %" G_GUINT64_FORMAT " entries that the store did not take",
		 trail->lost);
	trail->lost = 0;
	g_ptr_array_add(trail->waiting, entry_copy(&entry));
}

static void sent(struct serve_trail *trail, const GError *error)
{
	pthread_mutex_lock(&trail->lock);
	if (error) {
		base_log(BASE_ERROR, "the audit log cannot be written, it is tried again: %s", error->message);
		take_back(trail);
	} else {
		g_clear_pointer(&trail->going, g_ptr_array_unref);
		if (trail->lost)
			note_loss(trail);
	}
	trail->failing = error != NULL;
	if (trail->waiting->len)
		send_later(trail, error ? RETRY_MS : trail->waiting->len < SEND_AT ? WAIT_MS : 0);
	pthread_cond_broadcast(&trail->taken);
	pthread_mutex_unlock(&trail->lock);
}

static void write_done(gpointer user, const GError *error)
{
	sent(user, error);
}

/* Under the lock: there is something to write now. */
static gboolean begin(struct serve_trail *trail)
{
	if (trail->going || !trail->waiting->len)
		return FALSE;
	trail->going = trail->waiting;
	trail->waiting = g_ptr_array_new_with_free_func(entry_free);
	return TRUE;
}

static gboolean send(gpointer data)
{
	struct serve_trail *trail = data;
	pthread_mutex_lock(&trail->lock);
	trail->timer = 0;
	gboolean some = begin(trail);
	pthread_mutex_unlock(&trail->lock);
	if (some)
		store_writer_push(trail->writer, write_job, trail, write_done);
	return G_SOURCE_REMOVE;
}

/* ---- from requests ---- */

static struct timespec hold_up_until(void)
{
	struct timespec time;
	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_sec += HOLD_UP_MS / 1000;
	return time;
}

void serve_trail_note(struct serve_trail *trail, const struct store_audit *entry)
{
	const struct timespec until = hold_up_until();
	pthread_mutex_lock(&trail->lock);
	while (trail->waiting->len >= MOST_WAITING && !trail->failing)
		if (pthread_cond_timedwait(&trail->taken, &trail->lock, &until) != 0)
			break;
	if (trail->waiting->len < MOST_KEPT)
		g_ptr_array_add(trail->waiting, entry_copy(entry));
	else
		trail->lost++;
	gboolean now = !trail->failing && trail->waiting->len >= SEND_AT && begin(trail);
	if (!now && !trail->going)
		send_later(trail, WAIT_MS);
	pthread_mutex_unlock(&trail->lock);
	if (now)
		store_writer_push(trail->writer, write_job, trail, write_done);
}

/* ---- retention ---- */

struct forgetting {
	struct serve_trail *trail;
	gint64 forgotten;
};

static gboolean forget_job(store *s, gpointer user, GError **error)
{
	struct forgetting *f = user;
	return store_audit_forget(s, base_now() - f->trail->keep, FORGET_STEP, &f->forgotten, error);
}

static void forget_step(struct serve_trail *trail);

static void forget_done(gpointer user, const GError *error)
{
	struct forgetting *f = user;
	if (error)
		base_log(BASE_WARNING, "old entries of the audit log stay for now: %s", error->message);
	else if (f->forgotten == FORGET_STEP && f->trail->forget_timer)
		forget_step(f->trail);
	g_free(f);
}

static void forget_step(struct serve_trail *trail)
{
	struct forgetting *f = g_new0(struct forgetting, 1);
	f->trail = trail;
	store_writer_push(trail->writer, forget_job, f, forget_done);
}

static gboolean forget(gpointer data)
{
	forget_step(data);
	return G_SOURCE_CONTINUE;
}

/* ---- life ---- */

struct serve_trail *serve_trail_new(store_writer *writer, gint64 keep)
{
	struct serve_trail *trail = g_new0(struct serve_trail, 1);
	trail->writer = writer;
	trail->keep = keep;
	trail->waiting = g_ptr_array_new_with_free_func(entry_free);
	pthread_mutex_init(&trail->lock, NULL);
	pthread_cond_init(&trail->taken, NULL);
	trail->forget_timer = g_timeout_add_seconds(FORGET_SECONDS, forget, trail);
	forget_step(trail);
	return trail;
}

static gboolean nothing_job(store *s, gpointer user, GError **error)
{
	(void)s, (void)user, (void)error;
	return TRUE;
}

static gboolean settled(struct serve_trail *trail)
{
	pthread_mutex_lock(&trail->lock);
	gboolean none = !trail->going;
	pthread_mutex_unlock(&trail->lock);
	return none;
}

void serve_trail_free(struct serve_trail *trail)
{
	g_autoptr(GError) error = NULL;
	if (!trail)
		return;
	g_source_remove(trail->forget_timer);
	trail->forget_timer = 0;
	/* What the writer was given comes back through the main loop, and needs us. */
	do {
		store_writer_call(trail->writer, nothing_job, NULL, NULL);
		while (g_main_context_iteration(NULL, FALSE))
			;
	} while (!settled(trail));
	if (trail->timer)
		g_source_remove(trail->timer);
	if (begin(trail) && !store_writer_call(trail->writer, write_job, trail, &error))
		base_log(BASE_ERROR, "the audit log lacks its last %u entries: %s", trail->going->len, error->message);
	g_clear_pointer(&trail->going, g_ptr_array_unref);
	g_ptr_array_unref(trail->waiting);
	pthread_mutex_destroy(&trail->lock);
	pthread_cond_destroy(&trail->taken);
	g_free(trail);
}
