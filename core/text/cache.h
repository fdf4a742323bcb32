/* cache: from a word as written to the index terms that were made for it, so that a dictionary is asked once for a word
 * that comes a thousand times. Bounded: when it is full, the words not met since it was last full are forgotten. */
#pragma once

#include "lexicon.h"
#include "terms.h"

struct cache;

/* Terms, packed: for each its kind, its length and its bytes. */
struct cache_list {
	guint16 size;
	guint8 count;
	guint8 data[];
};

struct cache_entry {
	guint8 length;
	gint8 votes[LANGUAGES];                   /* for the language of the text that holds the word */
	const struct cache_list *list[LANGUAGES]; /* NULL: not made yet */
	char word[];
};

struct cache *cache_new(void);
void cache_free(struct cache *cache);

guint32 cache_hash(const char *word, size_t length);
/* Memory is slow, and the next words are known: have the place of a hash fetched before it is needed. */
void cache_expect(const struct cache *cache, guint32 hash);
/* The word's entry; `made` is TRUE if it is new and its votes are to be filled in. At most 255 bytes. Entries stay
 * valid until the next cache_trim. */
struct cache_entry *cache_get(struct cache *cache, guint32 hash, const char *word, size_t length, gboolean *made);
void cache_put(struct cache *cache, struct cache_entry *entry, enum language language, const struct terms *terms);
/* To be called where no entry is held: makes room, if there is need. */
void cache_trim(struct cache *cache);
