#include "cache.h"

#include <string.h>

#define BLOCK_BYTES (256u << 10)
#define MAX_WORDS   150000u /* of a generation; there are at most two */
#define MAX_BLOCKS  100u

/* A table with its memory; freed as a whole. */
struct slot {
	guint32 hash;
	struct cache_entry *entry;
};

struct generation {
	struct slot *slots;
	guint32 mask, used;
	GPtrArray *blocks;
	size_t left;
	char *free;
};

struct cache {
	struct generation young, old;
};

static void generation_init(struct generation *g)
{
	g->mask = 1023;
	g->used = 0;
	g->slots = g_new0(struct slot, g->mask + 1);
	g->blocks = g_ptr_array_new_with_free_func(g_free);
	g->left = 0;
	g->free = NULL;
}

static void generation_clear(struct generation *g)
{
	g_clear_pointer(&g->slots, g_free);
	g_clear_pointer(&g->blocks, g_ptr_array_unref);
}

struct cache *cache_new(void)
{
	struct cache *c = g_new0(struct cache, 1);
	generation_init(&c->young);
	return c;
}

void cache_free(struct cache *c)
{
	if (!c)
		return;
	generation_clear(&c->young);
	generation_clear(&c->old);
	g_free(c);
}

static void *take(struct generation *g, size_t size)
{
	size = (size + 7) & ~(size_t)7;
	if (size > g->left) {
		g->left = BLOCK_BYTES;
		g->free = g_malloc(g->left);
		g_ptr_array_add(g->blocks, g->free);
	}
	void *made = g->free;
	g->free += size;
	g->left -= size;
	return made;
}

/* Words are short: eight bytes a step, multiplied and folded. */
guint32 cache_hash(const char *word, size_t length)
{
	guint64 h = 0x9E3779B97F4A7C15u ^ length;
	while (length >= 8) {
		guint64 part;
		memcpy(&part, word, 8);
		h = (h ^ part) * 0xBF58476D1CE4E5B9u;
		h ^= h >> 29;
		word += 8;
		length -= 8;
	}
	guint64 rest = 0;
	memcpy(&rest, word, length);
	h = (h ^ rest) * 0x94D049BB133111EBu;
	return (guint32)(h ^ h >> 32);
}

void cache_expect(const struct cache *c, guint32 hash)
{
	__builtin_prefetch(&c->young.slots[hash & c->young.mask]);
}

static struct slot *slot_of(const struct generation *g, guint32 hash, const char *word, size_t length)
{
	guint32 i = hash & g->mask;
	while (g->slots[i].entry) {
		const struct cache_entry *e = g->slots[i].entry;
		if (g->slots[i].hash == hash && e->length == length && !memcmp(e->word, word, length))
			break;
		i = (i + 1) & g->mask;
	}
	return &g->slots[i];
}

static void put(struct generation *g, guint32 hash, struct cache_entry *e)
{
	*slot_of(g, hash, e->word, e->length) = (struct slot){hash, e};
}

static void grow(struct generation *g)
{
	struct generation wide = *g;
	wide.mask = g->mask * 2 + 1;
	wide.slots = g_new0(struct slot, wide.mask + 1);
	for (guint32 i = 0; i <= g->mask; i++)
		if (g->slots[i].entry)
			put(&wide, g->slots[i].hash, g->slots[i].entry);
	g_free(g->slots);
	*g = wide;
}

static const struct cache_list *copy_list(struct generation *g, const struct cache_list *list)
{
	if (!list)
		return NULL;
	struct cache_list *made = take(g, sizeof *list + list->size);
	memcpy(made, list, sizeof *list + list->size);
	return made;
}

static struct cache_entry *insert(struct generation *g, guint32 hash, const char *word, size_t length)
{
	if (g->used * 2 > g->mask)
		grow(g);
	struct cache_entry *e = take(g, sizeof *e + length);
	memset(e, 0, sizeof *e);
	e->length = (guint8)length;
	memcpy(e->word, word, length);
	put(g, hash, e);
	g->used++;
	return e;
}

struct cache_entry *cache_get(struct cache *c, guint32 hash, const char *word, size_t length, gboolean *made)
{
	struct cache_entry *e = slot_of(&c->young, hash, word, length)->entry;
	*made = FALSE;
	if (e)
		return e;
	struct cache_entry *before = c->old.slots ? slot_of(&c->old, hash, word, length)->entry : NULL;
	e = insert(&c->young, hash, word, length);
	*made = !before;
	if (before) {
		memcpy(e->votes, before->votes, sizeof e->votes);
		for (int i = 0; i < LANGUAGES; i++)
			e->list[i] = copy_list(&c->young, before->list[i]);
	}
	return e;
}

void cache_put(struct cache *c, struct cache_entry *entry, enum language language, const struct terms *terms)
{
	size_t size = 0;
	for (unsigned i = 0; i < terms->count; i++)
		size += 2u + terms->items[i].length;
	struct cache_list *list = take(&c->young, sizeof *list + size);
	list->size = (guint16)size;
	list->count = (guint8)terms->count;
	guint8 *at = list->data;
	for (unsigned i = 0; i < terms->count; i++) {
		const struct term *t = &terms->items[i];
		*at++ = t->kind;
		*at++ = t->length;
		memcpy(at, t->bytes, t->length);
		at += t->length;
	}
	entry->list[language] = list;
}

void cache_trim(struct cache *c)
{
	if (c->young.used < MAX_WORDS && c->young.blocks->len < MAX_BLOCKS)
		return;
	generation_clear(&c->old);
	c->old = c->young;
	generation_init(&c->young);
}
