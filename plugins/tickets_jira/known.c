/* SPDX-License-Identifier: ISC */
#include "known.h"

#include <stdlib.h>
#include <string.h>

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
#define DIGITS 11 /* of 6 bits, for 64 */

struct set { /* of 64-bit values; sorted when asked */
	uint64_t *v;
	size_t n, room;
	bool sorted;
};

struct known {
	struct set old;    /* issue << 32 | file, of former runs */
	struct set listed; /* files */
	struct set kept;
	uint64_t *fresh; /* open addressing, of this run; 0: free */
	size_t n_fresh, room_fresh;
};

static void set_add(struct set *s, uint64_t value)
{
	if (s->n == s->room) {
		s->room = s->room ? s->room * 2 : 256;
		s->v = must_realloc(s->v, s->room * sizeof(*s->v));
	}
	s->v[s->n++] = value;
	s->sorted = false;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

/* The place of the first value that is not below `value`. */
static size_t set_find(struct set *s, uint64_t value)
{
	if (!s->sorted && s->n)
		qsort(s->v, s->n, sizeof(*s->v), compare);
	s->sorted = true;
	size_t low = 0, high = s->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (s->v[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool set_has(struct set *s, uint64_t value)
{
	size_t i = set_find(s, value);
	return i < s->n && s->v[i] == value;
}

struct known *known_new(void)
{
	struct known *k = must_realloc(NULL, sizeof(*k));
	memset(k, 0, sizeof(*k));
	return k;
}

void known_free(struct known *k)
{
	if (!k)
		return;
	free(k->old.v);
	free(k->listed.v);
	free(k->kept.v);
	free(k->fresh);
	free(k);
}

uint32_t known_hash(const char *text)
{
	uint64_t h = hash_text(0, text);
	return (uint32_t)(h ^ (h >> 32));
}

bool known_load(struct known *k, const char *text)
{
	size_t length = strlen(text);
	if (length % DIGITS || strspn(text, digits) != length)
		return false;
	for (size_t i = 0; i < length; i += DIGITS) {
		uint64_t value = 0;
		for (size_t d = 0; d < DIGITS; d++)
			value = value << 6 | (uint64_t)(strchr(digits, text[i + d]) - digits);
		set_add(&k->old, value);
	}
	return true;
}

static void save(struct buffer *out, uint64_t value)
{
	char text[DIGITS];
	for (size_t d = DIGITS; d-- > 0; value >>= 6)
		text[d] = digits[value & 63];
	buffer_add(out, text, DIGITS);
}

void known_save(struct known *k, struct buffer *out)
{
	struct set all = {0};
	for (size_t i = 0; i < k->old.n; i++)
		set_add(&all, k->old.v[i]);
	for (size_t i = 0; i < k->room_fresh; i++)
		if (k->fresh[i])
			set_add(&all, k->fresh[i]);
	set_find(&all, 0); /* sorts: the same knowledge is the same text, however it was come by */
	for (size_t i = 0; i < all.n; i++)
		if (!i || all.v[i] != all.v[i - 1])
			save(out, all.v[i]);
	free(all.v);
}

void known_listed(struct known *k, const char *path)
{
	set_add(&k->listed, known_hash(path));
}

void known_kept(struct known *k, const char *path)
{
	set_add(&k->kept, known_hash(path));
}

static void fresh_put(struct known *k, uint64_t value)
{
	size_t i = (value >> 32) * 2654435761u % k->room_fresh;
	while (k->fresh[i])
		i = (i + 1) % k->room_fresh;
	k->fresh[i] = value;
}

static void fresh_grow(struct known *k)
{
	uint64_t *before = k->fresh;
	size_t room = k->room_fresh;
	k->room_fresh = room ? room * 2 : 1024;
	k->fresh = must_realloc(NULL, k->room_fresh * sizeof(*k->fresh));
	memset(k->fresh, 0, k->room_fresh * sizeof(*k->fresh));
	for (size_t i = 0; i < room; i++)
		if (before[i])
			fresh_put(k, before[i]);
	free(before);
}

/* Does the old list know the issue in another file that is there? */
static bool old_elsewhere(struct known *k, uint32_t issue, uint32_t file)
{
	for (size_t i = set_find(&k->old, (uint64_t)issue << 32); i < k->old.n && k->old.v[i] >> 32 == issue; i++)
		if ((uint32_t)k->old.v[i] != file && set_has(&k->listed, (uint32_t)k->old.v[i]))
			return true;
	return false;
}

bool known_add(struct known *k, const char *id, const char *path)
{
	uint32_t issue = known_hash(id), file = known_hash(path);
	uint64_t value = (uint64_t)issue << 32 | file;
	if (!value)
		return false;
	if (k->n_fresh * 2 >= k->room_fresh)
		fresh_grow(k);
	for (size_t i = (value >> 32) * 2654435761u % k->room_fresh; k->fresh[i]; i = (i + 1) % k->room_fresh)
		if (k->fresh[i] >> 32 == issue)
			return true; /* twice in one file is twice, too */
	fresh_put(k, value);
	k->n_fresh++;
	return old_elsewhere(k, issue, file);
}

void known_settle(struct known *k)
{
	size_t n = 0;
	for (size_t i = 0; i < k->old.n; i++)
		if (set_has(&k->kept, (uint32_t)k->old.v[i]))
			k->old.v[n++] = k->old.v[i];
	k->old.n = n;
}

size_t known_count(const struct known *k)
{
	return k->old.n + k->n_fresh;
}
