/* cache: from a word as written to the index terms that were made for it, so that a dictionary is asked once for a word
 * that comes a thousand times. Bounded: when it is full, the words not met since it was last full are forgotten.
 *
 * A text has a word each twenty nanoseconds or so, so all that a usual word needs lies in one line of the processor's
 * cache: its bytes, its votes, and its terms in the language in which it was met first. */
#pragma once

#include <string.h>

#include "lexicon.h"
#include "terms.h"

/* Votes for the three languages in one number, and sums of up to 500 of them. */
#define CACHE_VOTE_BITS 11
#define CACHE_VOTES(number, language)                                                                                  \
	((unsigned)((number) >> CACHE_VOTE_BITS * (language - LANGUAGE_FI)) & ((1u << CACHE_VOTE_BITS) - 1))

#define CACHE_HEAD 16 /* bytes of a word that are kept, and compared, as two numbers */
#define CACHE_OWN  19

/* Terms, packed: how many, and for each its kind, its length and its bytes. */
typedef guint8 cache_list;

struct cache_entry {
	guint64 head[2]; /* the first bytes, zeros behind them: no word has zeros in it */
	guint32 hash;
	guint32 votes;            /* for the language of the text that holds the word */
	guint32 lists[LANGUAGES]; /* where the terms are; 0: not made yet */
	guint32 rest;             /* where the bytes behind the head are */
	guint8 length;            /* 0: no entry */
	guint8 own[CACHE_OWN];    /* the first terms that were made, if they are short */
};

struct cache {
	struct cache_entry *entries; /* a table by hash, at most three quarters full */
	guint32 mask;
	struct cache_memory *memory;
};

/* A word that is looked for. */
struct cache_word {
	guint64 head[2];
	const char *bytes;
	guint32 length, hash;
};

/* Up to eight bytes as a number. `limit`: where the memory ends that may be read. */
static inline guint64 cache_number(const char *bytes, size_t length, const char *limit)
{
	guint64 number = 0;
	if (G_UNLIKELY(limit - bytes < 8)) {
		memcpy(&number, bytes, MIN(length, 8));
		return GUINT64_FROM_LE(number);
	}
	memcpy(&number, bytes, 8);
	number = GUINT64_FROM_LE(number);
	return length < 8 ? number & ~(G_MAXUINT64 << 8 * length) : number;
}

/* `length`: 1 to 255. */
static inline struct cache_word cache_word(const char *bytes, size_t length, const char *limit)
{
	struct cache_word w = {.bytes = bytes, .length = (guint32)length};
	w.head[0] = cache_number(bytes, length, limit);
	w.head[1] = length > 8 ? cache_number(bytes + 8, length - 8, limit) : 0;
	guint64 h = w.head[0] * 0x9E3779B97F4A7C15u ^ w.head[1] * 0xBF58476D1CE4E5B9u;
	for (size_t i = CACHE_HEAD; i < length; i += 8)
		h = (h ^ h >> 29 ^ cache_number(bytes + i, length - i, limit)) * 0x94D049BB133111EBu;
	w.hash = (guint32)(h >> 32);
	return w;
}

struct cache *cache_new(void);
void cache_free(struct cache *cache);

/* The word's entry; `made` is TRUE if it is new and its votes are to be filled in. Entries stay valid until the next
 * cache_trim; CACHE_ROOM new ones have room until then. */
#define CACHE_ROOM 2048
struct cache_entry *cache_get(struct cache *cache, const struct cache_word *word, gboolean *made);
/* To be called where no entry is held: makes room, if there is need. */
void cache_trim(struct cache *cache);

/* The entry of a word that is likely to be there; NULL: ask cache_get. */
static inline struct cache_entry *cache_peek(const struct cache *cache, const struct cache_word *w)
{
	struct cache_entry *e = &cache->entries[w->hash & cache->mask];
	return e->head[0] == w->head[0] && e->head[1] == w->head[1] && w->length < CACHE_HEAD ? e : NULL;
}

/* The word's bytes. `to`: room for 255. */
void cache_spell(const struct cache *cache, const struct cache_entry *entry, char *to);
/* NULL: not made yet. */
const cache_list *cache_far_terms(const struct cache *cache, const struct cache_entry *entry, enum language language);
const cache_list *cache_put(struct cache *cache, struct cache_entry *entry, enum language language,
			    const struct terms *terms);

#define CACHE_IN_ENTRY 1u /* of a list: it is the entry's own */
static inline const cache_list *cache_terms(const struct cache *cache, const struct cache_entry *entry,
					    enum language language)
{
	return G_LIKELY(entry->lists[language] == CACHE_IN_ENTRY) ? entry->own
								  : cache_far_terms(cache, entry, language);
}
