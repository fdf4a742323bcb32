#include "serve/pool.h"

#include <pthread.h>

#include "base/base.h"

/* POSIX's threads and locks and not GLib's, for ThreadSanitizer's sake (see store/writer.c). */
struct serve_pool {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	GQueue tasks;
	guint most, n_threads;
	gboolean over;
	serve_task work;
	gpointer user;
	pthread_t threads[];
};

/* The next task, waited for; NULL: the end. */
static gpointer pop(struct serve_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	while (g_queue_is_empty(&pool->tasks) && !pool->over)
		pthread_cond_wait(&pool->filled, &pool->lock);
	gpointer task = g_queue_pop_head(&pool->tasks);
	pthread_mutex_unlock(&pool->lock);
	return task;
}

static void *loop(void *data)
{
	struct serve_pool *pool = data;
	gpointer task;
	while ((task = pop(pool)))
		pool->work(task, pool->user);
	return NULL;
}

struct serve_pool *serve_pool_new(const char *name, guint threads, guint most, serve_task work, gpointer user)
{
	struct serve_pool *pool = g_malloc0(sizeof *pool + threads * sizeof pool->threads[0]);
	pool->most = most;
	pool->work = work;
	pool->user = user;
	g_queue_init(&pool->tasks);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->filled, NULL);
	for (; pool->n_threads < threads; pool->n_threads++) {
		if (pthread_create(&pool->threads[pool->n_threads], NULL, loop, pool) != 0)
			break;
		g_autofree char *label = g_strdup_printf("%.11s-%u", name, pool->n_threads);
		pthread_setname_np(pool->threads[pool->n_threads], label);
	}
	if (pool->n_threads)
		return pool;
	serve_pool_free(pool);
	return NULL;
}

gboolean serve_pool_push(struct serve_pool *pool, gpointer task)
{
	pthread_mutex_lock(&pool->lock);
	gboolean taken = !pool->over && g_queue_get_length(&pool->tasks) < pool->most;
	if (taken) {
		g_queue_push_tail(&pool->tasks, task);
		pthread_cond_signal(&pool->filled);
	}
	pthread_mutex_unlock(&pool->lock);
	return taken;
}

void serve_pool_stop(struct serve_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->over = TRUE;
	pthread_cond_broadcast(&pool->filled);
	pthread_mutex_unlock(&pool->lock);
	for (; pool->n_threads; pool->n_threads--)
		pthread_join(pool->threads[pool->n_threads - 1], NULL);
}

void serve_pool_free(struct serve_pool *pool)
{
	if (!pool)
		return;
	serve_pool_stop(pool);
	pthread_cond_destroy(&pool->filled);
	pthread_mutex_destroy(&pool->lock);
	g_free(pool);
}
