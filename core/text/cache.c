#include "cache.h"

#define LINE        64 /* bytes of a line of the processor's cache, and of an entry */
#define BLOCK_BITS  18
#define BLOCK_BYTES (1u << BLOCK_BITS)
#define MAX_BLOCKS  100u
#define MAX_WORDS   150000u /* of a generation; there are at most two */
#define FIRST_WORDS 8192u   /* places in a new table */
#define FIRST_PLACE 8u      /* no place of a list is 0 or CACHE_IN_ENTRY */

G_STATIC_ASSERT(sizeof(struct cache_entry) == LINE);
G_STATIC_ASSERT(FIRST_WORDS / 2 > CACHE_ROOM);

/* A table of entries, and memory for what does not fit in them; freed as a whole. */
struct generation {
	struct cache_entry *entries;
	void *table; /* what `entries` lies in, at a line's border */
	guint32 mask, used;
	char *blocks[MAX_BLOCKS]; /* a place is a block's number and where in it */
	guint32 next, end;
	guint n_blocks;
};

struct cache_memory {
	struct generation young, old;
};

static void table_new(struct generation *g, guint32 size)
{
	g->mask = size - 1;
	/* calloc's memory is zero without being touched */
	g->table = g_malloc0((gsize)size * LINE + LINE);
	g->entries = (struct cache_entry *)(void *)((char *)g->table + (LINE - (guintptr)g->table % LINE) % LINE);
}

static void generation_init(struct generation *g)
{
	memset(g, 0, sizeof *g);
	table_new(g, FIRST_WORDS);
}

static void generation_clear(struct generation *g)
{
	g_clear_pointer(&g->table, g_free);
	g->entries = NULL;
	for (guint i = 0; i < g->n_blocks; i++)
		g_free(g->blocks[i]);
	g->n_blocks = 0;
}

static void show_table(struct cache *c)
{
	c->entries = c->memory->young.entries;
	c->mask = c->memory->young.mask;
}

struct cache *cache_new(void)
{
	struct cache *c = g_new0(struct cache, 1);
	c->memory = g_new0(struct cache_memory, 1);
	generation_init(&c->memory->young);
	show_table(c);
	return c;
}

void cache_free(struct cache *c)
{
	if (!c)
		return;
	generation_clear(&c->memory->young);
	generation_clear(&c->memory->old);
	g_free(c->memory);
	g_free(c);
}

static char *at_place(const struct generation *g, guint32 place)
{
	return g->blocks[place >> BLOCK_BITS] + (place & (BLOCK_BYTES - 1));
}

/* Room for a list or a rest, much smaller than a block. A stretch of text fills no block, so cache_trim is in time. */
static guint32 take(struct generation *g, size_t size)
{
	if (g->next + size > g->end) {
		g_assert(g->n_blocks < MAX_BLOCKS);
		g->blocks[g->n_blocks] = g_malloc(BLOCK_BYTES);
		g->next = g->n_blocks << BLOCK_BITS;
		g->end = g->next + BLOCK_BYTES;
		g->next += g->n_blocks++ == 0 ? FIRST_PLACE : 0;
	}
	guint32 place = g->next;
	g->next += (guint32)size;
	return place;
}

static gboolean is_word(const struct generation *g, const struct cache_entry *e, const struct cache_word *w)
{
	return e->hash == w->hash && e->head[0] == w->head[0] && e->head[1] == w->head[1] && e->length == w->length &&
	       (w->length <= CACHE_HEAD ||
		!memcmp(at_place(g, e->rest), w->bytes + CACHE_HEAD, w->length - CACHE_HEAD));
}

/* The word's entry, or the empty place for it. */
static struct cache_entry *entry_of(const struct generation *g, const struct cache_word *w)
{
	guint32 i = w->hash & g->mask;
	while (g->entries[i].length && !is_word(g, &g->entries[i], w))
		i = (i + 1) & g->mask;
	return &g->entries[i];
}

static void grow(struct generation *g)
{
	void *table = g->table;
	const struct cache_entry *entries = g->entries;
	guint32 size = g->mask + 1;
	table_new(g, size * 2);
	for (guint32 k = 0; k < size; k++) {
		if (!entries[k].length)
			continue;
		guint32 i = entries[k].hash & g->mask;
		while (g->entries[i].length)
			i = (i + 1) & g->mask;
		g->entries[i] = entries[k];
	}
	g_free(table);
}

static size_t list_size(const cache_list *list)
{
	size_t size = 1;
	for (guint i = 0; i < list[0]; i++)
		size += 2u + list[size + 1];
	return size;
}

static void copy_lists(struct cache *c, struct cache_entry *to, const struct cache_entry *from)
{
	to->votes = from->votes;
	memcpy(to->own, from->own, sizeof to->own);
	for (int i = 0; i < LANGUAGES; i++) {
		to->lists[i] = from->lists[i];
		if (from->lists[i] <= CACHE_IN_ENTRY)
			continue;
		const cache_list *list = (const cache_list *)at_place(&c->memory->old, from->lists[i]);
		size_t size = list_size(list);
		to->lists[i] = take(&c->memory->young, size);
		memcpy(at_place(&c->memory->young, to->lists[i]), list, size);
	}
}

static void fill(struct cache *c, struct cache_entry *e, const struct cache_word *w)
{
	e->head[0] = w->head[0];
	e->head[1] = w->head[1];
	e->hash = w->hash;
	e->length = (guint8)w->length;
	if (w->length > CACHE_HEAD) {
		e->rest = take(&c->memory->young, w->length - CACHE_HEAD);
		memcpy(at_place(&c->memory->young, e->rest), w->bytes + CACHE_HEAD, w->length - CACHE_HEAD);
	}
	c->memory->young.used++;
}

struct cache_entry *cache_get(struct cache *c, const struct cache_word *w, gboolean *made)
{
	struct cache_entry *e = entry_of(&c->memory->young, w);
	*made = FALSE;
	if (G_LIKELY(e->length))
		return e;
	fill(c, e, w);
	const struct cache_entry *before = c->memory->old.entries ? entry_of(&c->memory->old, w) : NULL;
	if (before && before->length)
		copy_lists(c, e, before);
	else
		*made = TRUE;
	return e;
}

void cache_spell(const struct cache *c, const struct cache_entry *e, char *to)
{
	const guint64 head[2] = {GUINT64_TO_LE(e->head[0]), GUINT64_TO_LE(e->head[1])};
	memcpy(to, head, MIN(e->length, CACHE_HEAD));
	if (e->length > CACHE_HEAD)
		memcpy(to + CACHE_HEAD, at_place(&c->memory->young, e->rest), e->length - CACHE_HEAD);
}

const cache_list *cache_far_terms(const struct cache *c, const struct cache_entry *e, enum language language)
{
	guint32 place = e->lists[language];
	if (place == CACHE_IN_ENTRY)
		return e->own;
	return place ? (const cache_list *)at_place(&c->memory->young, place) : NULL;
}

static gboolean own_is_free(const struct cache_entry *e)
{
	for (int i = 0; i < LANGUAGES; i++)
		if (e->lists[i] == CACHE_IN_ENTRY)
			return FALSE;
	return TRUE;
}

const cache_list *cache_put(struct cache *c, struct cache_entry *e, enum language language, const struct terms *terms)
{
	size_t size = 1;
	for (unsigned i = 0; i < terms->count; i++)
		size += 2u + terms->items[i].length;
	gboolean own = size <= CACHE_OWN && own_is_free(e);
	guint32 place = e->lists[language] = own ? CACHE_IN_ENTRY : take(&c->memory->young, size);
	cache_list *list = own ? e->own : (cache_list *)at_place(&c->memory->young, place), *at = list;
	*at++ = (guint8)terms->count;
	for (unsigned i = 0; i < terms->count; i++) {
		const struct term *t = &terms->items[i];
		*at++ = t->kind;
		*at++ = t->length;
		memcpy(at, t->bytes, t->length);
		at += t->length;
	}
	return list;
}

/* So many bytes may be taken for CACHE_ROOM words, four lists each. */
#define ROOM_BLOCKS (1 + CACHE_ROOM * (LANGUAGES * 740u + 240u) / BLOCK_BYTES)

void cache_trim(struct cache *c)
{
	struct generation *g = &c->memory->young;
	if (g->used + CACHE_ROOM > MAX_WORDS || g->n_blocks + ROOM_BLOCKS > MAX_BLOCKS) {
		generation_clear(&c->memory->old);
		c->memory->old = c->memory->young;
		generation_init(&c->memory->young);
	}
	while (g->used + CACHE_ROOM > g->mask / 4 * 3)
		grow(g);
	show_table(c);
}
