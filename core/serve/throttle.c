#include "serve/throttle.h"

#include <math.h>
#include <pthread.h>

struct bucket {
	char *key;
	double left;  /* goes */
	gint64 as_of; /* when that was so */
	GList place;  /* in the order of use */
};

struct serve_throttle {
	pthread_mutex_t lock;
	double goes, per_second;
	guint most;
	GHashTable *buckets; /* key -> struct bucket */
	GQueue order;        /* used last: at the tail */
};

static void bucket_free(gpointer data)
{
	struct bucket *bucket = data;
	g_free(bucket->key);
	g_free(bucket);
}

struct serve_throttle *serve_throttle_new(guint goes, double seconds, guint most)
{
	struct serve_throttle *throttle = g_new0(struct serve_throttle, 1);
	pthread_mutex_init(&throttle->lock, NULL);
	throttle->goes = goes;
	throttle->per_second = goes / seconds;
	throttle->most = most;
	throttle->buckets = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, bucket_free);
	g_queue_init(&throttle->order);
	return throttle;
}

void serve_throttle_free(struct serve_throttle *throttle)
{
	if (!throttle)
		return;
	g_hash_table_unref(throttle->buckets);
	pthread_mutex_destroy(&throttle->lock);
	g_free(throttle);
}

static void forget_oldest(struct serve_throttle *throttle)
{
	struct bucket *oldest = g_queue_pop_head_link(&throttle->order)->data;
	g_hash_table_remove(throttle->buckets, oldest->key);
}

/* The key's bucket as it is now, made if there is none, and the last one used. */
static struct bucket *bucket_of(struct serve_throttle *throttle, const char *key, gint64 now)
{
	struct bucket *bucket = g_hash_table_lookup(throttle->buckets, key);
	if (bucket) {
		double passed = (double)MAX(now - bucket->as_of, 0) / G_USEC_PER_SEC;
		bucket->left = MIN(throttle->goes, bucket->left + passed * throttle->per_second);
		g_queue_unlink(&throttle->order, &bucket->place);
	} else {
		if (g_hash_table_size(throttle->buckets) >= throttle->most)
			forget_oldest(throttle);
		bucket = g_new0(struct bucket, 1);
		bucket->key = g_strdup(key);
		bucket->left = throttle->goes;
		bucket->place.data = bucket;
		g_hash_table_insert(throttle->buckets, bucket->key, bucket);
	}
	bucket->as_of = now;
	g_queue_push_tail_link(&throttle->order, &bucket->place);
	return bucket;
}

gboolean serve_throttle_take(struct serve_throttle *throttle, const char *key, gint64 now, guint *wait)
{
	pthread_mutex_lock(&throttle->lock);
	struct bucket *bucket = bucket_of(throttle, key, now);
	gboolean good = bucket->left >= 1;
	if (good)
		bucket->left -= 1;
	else
		*wait = (guint)MAX(1, ceil((1 - bucket->left) / throttle->per_second));
	pthread_mutex_unlock(&throttle->lock);
	return good;
}

void serve_throttle_give(struct serve_throttle *throttle, const char *key)
{
	pthread_mutex_lock(&throttle->lock);
	struct bucket *bucket = g_hash_table_lookup(throttle->buckets, key);
	if (bucket)
		bucket->left = MIN(throttle->goes, bucket->left + 1);
	pthread_mutex_unlock(&throttle->lock);
}

guint serve_throttle_keys(struct serve_throttle *throttle)
{
	pthread_mutex_lock(&throttle->lock);
	guint keys = g_hash_table_size(throttle->buckets);
	pthread_mutex_unlock(&throttle->lock);
	return keys;
}
