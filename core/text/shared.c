#include "shared.h"

#include <pthread.h>

#include "cache.h"

/* POSIX's, not GLib's: ThreadSanitizer sees it. The cache lives as long as the process. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct cache *words;

/* With the lock held. */
static struct cache_entry *entry_of(const char *word, size_t length)
{
	struct cache_word w = cache_word(word, length, word + length);
	gboolean made;
	if (!words)
		words = cache_new();
	cache_trim(words);
	return cache_get(words, &w, &made);
}

static void unpack(const cache_list *list, struct terms *terms)
{
	const guint8 *at = list + 1;
	terms->count = list[0];
	for (guint i = 0; i < list[0]; i++, at += 2 + at[1]) {
		terms->items[i].kind = at[0];
		terms->items[i].length = at[1];
		memcpy(terms->items[i].bytes, at + 2, at[1]);
	}
}

gboolean shared_get(const char *word, size_t length, enum language language, struct terms *terms)
{
	pthread_mutex_lock(&lock);
	const struct cache_entry *entry = entry_of(word, length);
	const cache_list *list = cache_terms(words, entry, language);
	if (list)
		unpack(list, terms);
	pthread_mutex_unlock(&lock);
	return list != NULL;
}

void shared_put(const char *word, size_t length, enum language language, const struct terms *terms)
{
	pthread_mutex_lock(&lock);
	struct cache_entry *entry = entry_of(word, length);
	if (!cache_terms(words, entry, language))
		cache_put(words, entry, language, terms);
	pthread_mutex_unlock(&lock);
}

void shared_forget(void)
{
	pthread_mutex_lock(&lock);
	g_clear_pointer(&words, cache_free);
	pthread_mutex_unlock(&lock);
}
