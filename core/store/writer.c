#include "store/writer.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

#include "base/base.h"

#define QUIET_MS     1000 /* without a job, before tidying: a sync that goes on must not pay for it between two batches */
#define REINDEX_ROWS 200 /* a step of the new index: some tenths of a second, so that a job need not wait long */

/* Thread and locks are POSIX's and not GLib's: those are made of futexes that ThreadSanitizer cannot see, and here it
 * should. */
struct store_writer {
	store *s;
	pthread_t thread;
	pthread_mutex_t lock; /* of the queue, and of `over` of all jobs */
	pthread_cond_t queued, ended;
	GQueue jobs; /* struct job * */
	struct store_attendant attendant;
	/* of the thread */
	guint64 transaction;
	gconstpointer batch; /* whose transaction is open and waits for its next part */
};

struct job {
	store_job work; /* NULL: the end */
	gpointer user;
	GError *error;
	gconstpointer batch; /* it is a part of; NULL: a whole job */
	gboolean last;
	/* Somebody who goes on: told through the main loop. */
	store_job_done done;
	GMainContext *context;
	/* Somebody who waits: the job is theirs. */
	gboolean waited;
	gint over; /* done with in the writer's thread */
};

static void job_free(gpointer data)
{
	struct job *job = data;
	g_clear_pointer(&job->context, g_main_context_unref);
	g_clear_error(&job->error);
	g_free(job);
}

static void push(store_writer *writer, struct job *job)
{
	pthread_mutex_lock(&writer->lock);
	g_queue_push_tail(&writer->jobs, job);
	pthread_cond_signal(&writer->queued);
	pthread_mutex_unlock(&writer->lock);
}

/* The next job. Waits for one, for ever or, with `until`, up to that time: then NULL. */
static struct job *pop(store_writer *writer, const struct timespec *until)
{
	int code = 0;
	pthread_mutex_lock(&writer->lock);
	struct job *job = g_queue_pop_head(&writer->jobs);
	while (!job && code != ETIMEDOUT) {
		code = until ? pthread_cond_timedwait(&writer->queued, &writer->lock, until)
			     : pthread_cond_wait(&writer->queued, &writer->lock);
		job = g_queue_pop_head(&writer->jobs);
	}
	pthread_mutex_unlock(&writer->lock);
	return job;
}

static struct timespec from_now(gint64 milliseconds)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	gint64 nanoseconds = time.tv_nsec + milliseconds * 1000000;
	time.tv_sec += nanoseconds / 1000000000;
	time.tv_nsec = nanoseconds % 1000000000;
	return time;
}

static gboolean report(gpointer data)
{
	struct job *job = data;
	g_assert(g_atomic_int_get(&job->over));
	job->done(job->user, job->error);
	return G_SOURCE_REMOVE;
}

static void roll_back(store_writer *writer)
{
	store_rollback(writer->s);
	if (writer->attendant.rolled_back)
		writer->attendant.rolled_back(writer->attendant.user);
}

/* What the parts of an unfinished batch did is undone. */
static void let_go(store_writer *writer)
{
	if (!writer->batch)
		return;
	writer->batch = NULL;
	roll_back(writer);
}

static gboolean begin(store_writer *writer, struct job *job)
{
	if (job->batch && job->batch == writer->batch)
		return TRUE;
	let_go(writer);
	writer->transaction++;
	return store_begin(writer->s, &job->error);
}

static void run(store_writer *writer, struct job *job)
{
	store *s = writer->s;
	if (!begin(writer, job))
		return;
	gboolean good = job->work(s, job->user, &job->error);
	writer->batch = good && !job->last ? job->batch : NULL;
	if (writer->batch)
		return;
	if (good) {
		if (!store_commit(s, &job->error))
			roll_back(writer);
		return;
	}
	roll_back(writer);
	if (!job->error)
		g_set_error(&job->error, STORE_ERROR, STORE_ERROR_INVALID,
			    "a job for the store failed without saying why");
}

/* Hands the job back to where it was pushed: always through the main loop, never from this thread. */
static void finish(store_writer *writer, struct job *job)
{
	if (job->waited) {
		pthread_mutex_lock(&writer->lock);
		job->over = 1;
		pthread_cond_broadcast(&writer->ended);
		pthread_mutex_unlock(&writer->lock);
		return;
	}
	if (!job->done) {
		if (job->error)
			base_log(BASE_ERROR, "%s", job->error->message);
		job_free(job);
		return;
	}
	GSource *source = g_idle_source_new();
	g_source_set_priority(source, G_PRIORITY_DEFAULT);
	g_source_set_callback(source, report, job, job_free);
	g_atomic_int_set(&job->over, 1);
	g_source_attach(source, job->context);
	g_source_unref(source);
}

/* The attendant's step, in a transaction. */
static gboolean attendant_step(store_writer *writer, gboolean *more, GError **error)
{
	*more = FALSE;
	if (!writer->attendant.idle)
		return TRUE;
	if (!store_begin(writer->s, error))
		return FALSE;
	if (writer->attendant.idle(writer->s, writer->attendant.user, more, error) && store_commit(writer->s, error))
		return TRUE;
	roll_back(writer);
	return FALSE;
}

/* One bounded step of what can wait. FALSE when nothing is left to do. */
static gboolean idle_step(store_writer *writer)
{
	g_autoptr(GError) error = NULL;
	gboolean more = FALSE;
	gboolean went = attendant_step(writer, &more, &error);
	if (went && !more)
		went = store_index_stale(writer->s) ? store_reindex_step(writer->s, REINDEX_ROWS, &more, &error)
						    : store_tidy(writer->s, &more, &error);
	if (!went)
		base_log(BASE_WARNING, "tidying up failed and is tried again later: %s", error->message);
	return went && more;
}

static void *loop(void *data)
{
	store_writer *writer = data;
	gboolean more = TRUE;   /* the last daemon may have left something to tidy */
	gboolean quiet = FALSE; /* nothing came for a while: steps of tidying may follow each other */
	for (;;) {
		struct timespec until = from_now(quiet ? 0 : QUIET_MS);
		struct job *job = pop(writer, more ? &until : NULL);
		if (!job) {
			let_go(writer);
			more = idle_step(writer);
			quiet = TRUE;
			continue;
		}
		if (!job->work) {
			let_go(writer);
			job_free(job);
			return NULL;
		}
		run(writer, job);
		finish(writer, job);
		more = TRUE;
		quiet = FALSE;
	}
}

static void forget(store_writer *writer)
{
	pthread_mutex_destroy(&writer->lock);
	pthread_cond_destroy(&writer->queued);
	pthread_cond_destroy(&writer->ended);
	store_close(writer->s);
	g_free(writer);
}

store_writer *store_writer_new(const char *path, const char *language, GError **error)
{
	g_autoptr(store) s = store_open(path, STORE_WRITE, language, error);
	if (!s)
		return NULL;
	store_writer *writer = g_new0(store_writer, 1);
	writer->s = g_steal_pointer(&s);
	g_queue_init(&writer->jobs);
	pthread_mutex_init(&writer->lock, NULL);
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&writer->queued, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_cond_init(&writer->ended, NULL);
	int code = pthread_create(&writer->thread, NULL, loop, writer);
	if (code == 0)
		return writer;
	g_set_error(error, STORE_ERROR, STORE_ERROR_FULL, "store %s: cannot start the writer's thread: %s", path,
		    g_strerror(code));
	forget(writer);
	return NULL;
}

void store_writer_free(store_writer *writer)
{
	if (!writer)
		return;
	push(writer, g_new0(struct job, 1));
	pthread_join(writer->thread, NULL);
	forget(writer);
}

void store_writer_push(store_writer *writer, store_job work, gpointer user, store_job_done done)
{
	store_writer_push_part(writer, NULL, TRUE, work, user, done);
}

void store_writer_push_part(store_writer *writer, gconstpointer batch, gboolean last, store_job work, gpointer user,
			    store_job_done done)
{
	struct job *job = g_new0(struct job, 1);
	job->work = work;
	job->user = user;
	job->batch = batch;
	job->last = last;
	job->done = done;
	job->context = g_main_context_ref_thread_default();
	push(writer, job);
}

guint64 store_writer_transaction(const store_writer *writer)
{
	return writer->transaction;
}

gboolean store_writer_call(store_writer *writer, store_job work, gpointer user, GError **error)
{
	g_return_val_if_fail(!pthread_equal(pthread_self(), writer->thread), FALSE); /* it would wait for itself */
	struct job job = {.work = work, .user = user, .waited = TRUE};
	push(writer, &job);
	pthread_mutex_lock(&writer->lock);
	while (!job.over)
		pthread_cond_wait(&writer->ended, &writer->lock);
	pthread_mutex_unlock(&writer->lock);
	if (!job.error)
		return TRUE;
	g_propagate_error(error, job.error);
	return FALSE;
}

void store_writer_attend(store_writer *writer, const struct store_attendant *attendant)
{
	writer->attendant = *attendant;
}
