#include "serve/keep.h"

#include <pthread.h>
#include <stdlib.h>

/* Of one question. */
struct place {
	char *key;
	struct serve_kept *kept; /* NULL: somebody is making it */
	gint64 made, due;        /* monotonic, µs; due: to be made anew, while the old one still serves */
	gboolean renewed;        /* somebody is at that */
	guint64 ticket;          /* of who is making it, or making it anew */
	GList *link;             /* in `order`; NULL while it is being made */
};

struct serve_keep {
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t given;
	GHashTable *places; /* key -> struct place */
	GQueue order;       /* those that are made, oldest first */
	gsize bytes;
	guint64 changes; /* how often all was forgotten: the ticket of what is begun now */
};

/* ---- one answer ---- */

struct serve_kept *serve_kept_ref(struct serve_kept *kept)
{
	return g_atomic_rc_box_acquire(kept);
}

static void kept_clear(gpointer data)
{
	struct serve_kept *kept = data;
	free(kept->text);
	free(kept->packed);
	g_free(kept->tag);
	g_free(kept->what);
}

void serve_kept_unref(gpointer kept)
{
	g_atomic_rc_box_release_full(kept, kept_clear);
}

static gsize size_of(const struct place *place)
{
	return place->kept->length + place->kept->packed_length + 512;
}

/* ---- all of them ---- */

static void place_free(gpointer data)
{
	struct place *place = data;
	g_clear_pointer(&place->kept, serve_kept_unref);
	g_free(place->key);
	g_free(place);
}

struct serve_keep *serve_keep_new(void)
{
	struct serve_keep *keep = g_new0(struct serve_keep, 1);
	pthread_mutex_init(&keep->lock, NULL);
	pthread_cond_init(&keep->given, NULL);
	keep->places = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, place_free);
	g_queue_init(&keep->order);
	return keep;
}

void serve_keep_free(struct serve_keep *keep)
{
	if (!keep)
		return;
	g_queue_clear(&keep->order);
	g_hash_table_unref(keep->places);
	pthread_cond_destroy(&keep->given);
	pthread_mutex_destroy(&keep->lock);
	g_free(keep);
}

static void drop(struct serve_keep *keep, struct place *place)
{
	keep->bytes -= size_of(place);
	g_queue_delete_link(&keep->order, place->link);
	g_hash_table_remove(keep->places, place->key);
}

static gboolean is_old(const struct place *place)
{
	return g_get_monotonic_time() - place->made > SERVE_KEEP_SECONDS * G_USEC_PER_SEC;
}

static gboolean serves(const struct place *place)
{
	return place && place->kept && (place->renewed || g_get_monotonic_time() < place->due);
}

/* What was made at once is not due at once: else all who ask would wait for each other again and again. */
static gint64 due_at(gint64 made)
{
	const gint64 half = SERVE_KEEP_SECONDS * G_USEC_PER_SEC / 2;
	return made + half + (gint64)(g_random_double() * (double)half);
}

/* The oldest go while they are too old or too much. */
static void sweep(struct serve_keep *keep)
{
	struct place *oldest;
	while ((oldest = g_queue_peek_head(&keep->order)) && (keep->bytes > SERVE_KEEP_BYTES || is_old(oldest)))
		drop(keep, oldest);
}

struct serve_kept *serve_keep_peek(struct serve_keep *keep, const char *key)
{
	pthread_mutex_lock(&keep->lock);
	sweep(keep);
	const struct place *place = g_hash_table_lookup(keep->places, key);
	struct serve_kept *found = serves(place) ? serve_kept_ref(place->kept) : NULL;
	pthread_mutex_unlock(&keep->lock);
	return found;
}

/* The place of a key whose answer must be made, by who asks now: nobody makes it, or somebody who began too early. Or
 * it is due to be made anew. */
static gboolean take_over(struct serve_keep *keep, const char *key, struct place *place)
{
	if (!place) {
		place = g_new0(struct place, 1);
		place->key = g_strdup(key);
		g_hash_table_insert(keep->places, place->key, place);
	} else if (place->kept) {
		place->renewed = TRUE;
	} else if (place->ticket == keep->changes) {
		return FALSE;
	}
	place->ticket = keep->changes;
	return TRUE;
}

struct serve_kept *serve_keep_take(struct serve_keep *keep, const char *key, guint64 *ticket)
{
	struct serve_kept *found = NULL;
	pthread_mutex_lock(&keep->lock);
	for (;;) {
		sweep(keep);
		struct place *place = g_hash_table_lookup(keep->places, key);
		if (serves(place))
			found = serve_kept_ref(place->kept);
		if (found || take_over(keep, key, place))
			break;
		pthread_cond_wait(&keep->given, &keep->lock);
	}
	*ticket = keep->changes;
	pthread_mutex_unlock(&keep->lock);
	return found;
}

/* Takes what was there out of the count, and puts the new one in. */
static void put(struct serve_keep *keep, struct place *place, struct serve_kept *kept)
{
	if (place->kept) {
		keep->bytes -= size_of(place);
		g_queue_delete_link(&keep->order, place->link);
		serve_kept_unref(place->kept);
	}
	place->kept = serve_kept_ref(kept);
	place->made = g_get_monotonic_time();
	place->due = due_at(place->made);
	g_queue_push_tail(&keep->order, place);
	place->link = keep->order.tail;
	keep->bytes += size_of(place);
	sweep(keep);
}

void serve_keep_give(struct serve_keep *keep, const char *key, guint64 ticket, struct serve_kept *kept)
{
	pthread_mutex_lock(&keep->lock);
	struct place *place = g_hash_table_lookup(keep->places, key);
	gboolean mine = place && place->ticket == ticket && (!place->kept || place->renewed);
	if (mine)
		place->renewed = FALSE;
	if (mine && kept && ticket == keep->changes)
		put(keep, place, kept);
	else if (mine && !place->kept)
		g_hash_table_remove(keep->places, key);
	pthread_cond_broadcast(&keep->given);
	pthread_mutex_unlock(&keep->lock);
}

void serve_keep_forget(struct serve_keep *keep)
{
	pthread_mutex_lock(&keep->lock);
	while (!g_queue_is_empty(&keep->order))
		drop(keep, g_queue_peek_head(&keep->order));
	keep->changes++;
	pthread_cond_broadcast(&keep->given);
	pthread_mutex_unlock(&keep->lock);
}
