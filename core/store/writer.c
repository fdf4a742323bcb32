#include "store/writer.h"

#include "base/base.h"

#define REINDEX_ROWS 200 /* a step of the new index: some tenths of a second, so that a job need not wait long */

struct store_writer {
	store *s;
	GThread *thread;
	GAsyncQueue *jobs; /* struct job * */
	GMutex lock;       /* of `over` of all jobs */
	GCond ended;
};

struct job {
	store_job work; /* NULL: the end */
	gpointer user;
	GError *error;
	/* Somebody who goes on: told through the main loop. */
	store_job_done done;
	GMainContext *context;
	/* Somebody who waits: the job is theirs, and over when `over` says so. */
	gboolean waited, over;
};

static void job_free(gpointer data)
{
	struct job *job = data;
	g_clear_pointer(&job->context, g_main_context_unref);
	g_clear_error(&job->error);
	g_free(job);
}

static gboolean report(gpointer data)
{
	struct job *job = data;
	job->done(job->user, job->error);
	return G_SOURCE_REMOVE;
}

static void run(store *s, struct job *job)
{
	if (!store_begin(s, &job->error))
		return;
	if (job->work(s, job->user, &job->error)) {
		if (!store_commit(s, &job->error))
			store_rollback(s);
		return;
	}
	store_rollback(s);
	if (!job->error)
		g_set_error(&job->error, STORE_ERROR, STORE_ERROR_INVALID,
			    "a job for the store failed without saying why");
}

/* Hands the job back to where it was pushed: always through the main loop, never from this thread. */
static void finish(store_writer *writer, struct job *job)
{
	if (job->waited) {
		g_mutex_lock(&writer->lock);
		job->over = TRUE;
		g_cond_broadcast(&writer->ended);
		g_mutex_unlock(&writer->lock);
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
	g_source_attach(source, job->context);
	g_source_unref(source);
}

/* One bounded step of what can wait. FALSE when nothing is left to do. */
static gboolean idle_step(store *s)
{
	g_autoptr(GError) error = NULL;
	gboolean more = FALSE;
	gboolean went = store_index_stale(s) ? store_reindex_step(s, REINDEX_ROWS, &more, &error)
					     : store_tidy(s, &more, &error);
	if (!went)
		base_log(BASE_WARNING, "tidying up failed and is tried again later: %s", error->message);
	return went && more;
}

static gpointer loop(gpointer data)
{
	store_writer *writer = data;
	gboolean more = TRUE; /* the last daemon may have left something to tidy */
	for (;;) {
		struct job *job = g_async_queue_try_pop(writer->jobs);
		if (!job && more) {
			more = idle_step(writer->s);
			continue;
		}
		if (!job)
			job = g_async_queue_pop(writer->jobs);
		if (!job->work) {
			job_free(job);
			return NULL;
		}
		run(writer->s, job);
		finish(writer, job);
		more = TRUE;
	}
}

store_writer *store_writer_new(const char *path, const char *language, GError **error)
{
	g_autoptr(store) s = store_open(path, STORE_WRITE, language, error);
	if (!s)
		return NULL;
	store_writer *writer = g_new0(store_writer, 1);
	writer->s = g_steal_pointer(&s);
	writer->jobs = g_async_queue_new();
	g_mutex_init(&writer->lock);
	g_cond_init(&writer->ended);
	writer->thread = g_thread_new("store", loop, writer);
	return writer;
}

void store_writer_free(store_writer *writer)
{
	if (!writer)
		return;
	g_async_queue_push(writer->jobs, g_new0(struct job, 1));
	g_thread_join(writer->thread);
	g_async_queue_unref(writer->jobs);
	g_mutex_clear(&writer->lock);
	g_cond_clear(&writer->ended);
	store_close(writer->s);
	g_free(writer);
}

void store_writer_push(store_writer *writer, store_job work, gpointer user, store_job_done done)
{
	struct job *job = g_new0(struct job, 1);
	job->work = work;
	job->user = user;
	job->done = done;
	job->context = g_main_context_ref_thread_default();
	g_async_queue_push(writer->jobs, job);
}

gboolean store_writer_call(store_writer *writer, store_job work, gpointer user, GError **error)
{
	g_return_val_if_fail(g_thread_self() != writer->thread, FALSE); /* it would wait for itself */
	struct job job = {.work = work, .user = user, .waited = TRUE};
	g_async_queue_push(writer->jobs, &job);
	g_mutex_lock(&writer->lock);
	while (!job.over)
		g_cond_wait(&writer->ended, &writer->lock);
	g_mutex_unlock(&writer->lock);
	if (!job.error)
		return TRUE;
	g_propagate_error(error, job.error);
	return FALSE;
}
