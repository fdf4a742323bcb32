#include "lookup/vocabulary.h"

#include <pthread.h>
#include <string.h>
#include <sys/resource.h>

#include "base/base.h"

enum {
	STEP = 20000,     /* terms that are read in one transaction: a long one would keep the WAL from being cut */
	PAUSE = 60,       /* seconds at least from one reading to the next, */
	PAUSE_TIMES = 50, /* and so many times as long as the reading took */
	QUICK = 100000,   /* microseconds of a reading that is done at once when something changed, */
	QUICK_TIMES = 5,  /* but not more often than this */
	NICE = 10
};

struct vocabulary {
	char *path;
	pthread_mutex_t lock;
	pthread_cond_t read;
	GThread *thread;
	gboolean reading, stop;
	struct vocabulary_list *list; /* NULL: not yet */
	guint64 wanted;               /* the generation that is being read */
	gint64 ended, took;           /* microseconds: when the last reading ended, and how long it took */
};

struct vocabulary *vocabulary_new(const char *path)
{
	struct vocabulary *v = g_new0(struct vocabulary, 1);
	v->path = g_strdup(path);
	pthread_mutex_init(&v->lock, NULL);
	pthread_cond_init(&v->read, NULL);
	return v;
}

void vocabulary_free(struct vocabulary *v)
{
	if (!v)
		return;
	pthread_mutex_lock(&v->lock);
	v->stop = TRUE;
	GThread *thread = g_steal_pointer(&v->thread);
	pthread_mutex_unlock(&v->lock);
	if (thread)
		g_thread_join(thread);
	vocabulary_done(v->list);
	pthread_mutex_destroy(&v->lock);
	pthread_cond_destroy(&v->read);
	g_free(v->path);
	g_free(v);
}

void vocabulary_done(struct vocabulary_list *list)
{
	if (!list || !g_atomic_int_dec_and_test(&list->users))
		return;
	g_free((char *)list->bytes);
	g_free(list->at);
	g_free(list->documents);
	g_free(list);
}

/* ---- reading ---- */

struct reading {
	GString *bytes;
	GArray *at, *documents;
};

/* The terms behind the last one that was read, a step of them. How many; -1 on error. */
static int read_step(store *s, struct reading *r, GError **error)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT term, doc FROM record_terms WHERE term > ? LIMIT ?", error);
	int row, n = 0;
	if (!st)
		return -1;
	const char *last = r->at->len ? r->bytes->str + g_array_index(r->at, guint32, r->at->len - 1) : "";
	sqlite3_bind_text(st, 1, last, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int(st, 2, STEP);
	for (; (row = store_row(s, st, error)) == 1; n++) {
		guint32 at = (guint32)r->bytes->len, documents = (guint32)MIN(sqlite3_column_int64(st, 1), G_MAXUINT32);
		const char *term = (const char *)sqlite3_column_text(st, 0);
		g_string_append_len(r->bytes, term ? term : "", term ? (gssize)strlen(term) + 1 : 1);
		g_array_append_val(r->at, at);
		g_array_append_val(r->documents, documents);
	}
	return row == 0 ? n : -1;
}

static gboolean stopped(struct vocabulary *v)
{
	pthread_mutex_lock(&v->lock);
	gboolean stop = v->stop;
	pthread_mutex_unlock(&v->lock);
	return stop;
}

static struct vocabulary_list *read_list(struct vocabulary *v, guint64 generation)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(store) s = store_open(v->path, STORE_READ, NULL, &error);
	struct reading r = {g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(guint32)),
			    g_array_new(FALSE, FALSE, sizeof(guint32))};
	int n = s ? 1 : -1;
	while (n > 0 && r.bytes->len < G_MAXUINT32 / 2 && !stopped(v))
		n = read_step(s, &r, &error);
	struct vocabulary_list *list = g_new0(struct vocabulary_list, 1);
	list->users = 1;
	list->generation = generation;
	list->n = r.at->len;
	list->length = r.bytes->len;
	list->bytes = g_string_free(r.bytes, FALSE);
	list->at = (guint32 *)(gpointer)g_array_free(r.at, FALSE);
	list->documents = (guint32 *)(gpointer)g_array_free(r.documents, FALSE);
	if (n < 0) { /* nothing is better than half of it */
		base_log(BASE_WARNING, "the index's words cannot be read: %s", error ? error->message : "");
		g_clear_pointer(&list, vocabulary_done);
	}
	return list;
}

/* Without the lock; `v->reading` keeps others out. */
static void read_anew(struct vocabulary *v)
{
	gint64 begin = g_get_monotonic_time();
	struct vocabulary_list *list = read_list(v, v->wanted), *old;
	pthread_mutex_lock(&v->lock);
	old = list ? v->list : NULL;
	v->list = list ? list : v->list;
	v->ended = g_get_monotonic_time();
	v->took = v->ended - begin;
	v->reading = FALSE;
	pthread_cond_broadcast(&v->read);
	pthread_mutex_unlock(&v->lock);
	vocabulary_done(old);
}

static gpointer thread_main(gpointer data)
{
	setpriority(PRIO_PROCESS, 0, NICE); /* of this thread alone, on Linux */
	read_anew(data);
	return NULL;
}

/* With the lock. */
static gboolean is_due(const struct vocabulary *v, guint64 generation)
{
	if (v->reading || v->stop || (v->list && v->list->generation == generation))
		return FALSE;
	gint64 since = g_get_monotonic_time() - v->ended;
	if (!v->ended || (v->list && v->took < QUICK))
		return since >= QUICK_TIMES * v->took;
	return since >= MAX((gint64)PAUSE * G_USEC_PER_SEC, PAUSE_TIMES * v->took);
}

/* With the lock, which is given back while it is read here and now. */
static void begin_reading(struct vocabulary *v, guint64 generation, gboolean now)
{
	v->reading = TRUE;
	v->wanted = generation;
	GThread *before = g_steal_pointer(&v->thread);
	if (before)
		g_thread_join(before); /* it has ended, or is about to */
	if (!now)
		v->thread = g_thread_try_new("vocabulary", thread_main, v, NULL);
	if (v->thread)
		return;
	pthread_mutex_unlock(&v->lock);
	read_anew(v);
	pthread_mutex_lock(&v->lock);
}

static struct vocabulary_list *take_list(struct vocabulary *v)
{
	if (v->list)
		g_atomic_int_inc(&v->list->users);
	return v->list;
}

struct vocabulary_list *vocabulary_get(struct vocabulary *v, guint64 generation, gint64 records)
{
	pthread_mutex_lock(&v->lock);
	if (is_due(v, generation))
		begin_reading(v, generation, v->list ? v->took < QUICK : records <= VOCABULARY_SMALL);
	struct vocabulary_list *list = take_list(v);
	pthread_mutex_unlock(&v->lock);
	return list;
}

struct vocabulary_list *vocabulary_wait(struct vocabulary *v, guint64 generation)
{
	pthread_mutex_lock(&v->lock);
	if (!v->reading && !v->list)
		begin_reading(v, generation, FALSE);
	while (v->reading)
		pthread_cond_wait(&v->read, &v->lock);
	struct vocabulary_list *list = take_list(v);
	pthread_mutex_unlock(&v->lock);
	return list;
}

/* ---- seeking ---- */

guint vocabulary_seek(const struct vocabulary_list *list, const char *text)
{
	guint low = 0, high = list->n;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (strcmp(vocabulary_term(list, middle), text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

guint32 vocabulary_documents(const struct vocabulary_list *list, const char *term)
{
	guint at = vocabulary_seek(list, term);
	return at < list->n && strcmp(vocabulary_term(list, at), term) == 0 ? list->documents[at] : 0;
}
