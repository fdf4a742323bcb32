#include "seen.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a over eight bytes at a time, with a mixer at the end: not for secrets, and even enough for a table. */
uint64_t seen_hash(uint64_t seed, const char *bytes, size_t length)
{
	uint64_t hash = seed ^ UINT64_C(0xcbf29ce484222325) ^ length;

	while (length >= 8) {
		uint64_t word;
		memcpy(&word, bytes, 8);
		hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
		hash ^= hash >> 32;
		bytes += 8;
		length -= 8;
	}
	while (length--)
		hash = (hash ^ (unsigned char)*bytes++) * UINT64_C(0x100000001b3);
	hash ^= hash >> 29;
	hash *= UINT64_C(0xbf58476d1ce4e5b9);
	hash ^= hash >> 32;
	return hash ? hash : 1;
}

static struct seen_entry *slot(struct seen_entry *entries, size_t room, uint64_t id)
{
	size_t i = (size_t)id & (room - 1);

	while (entries[i].id && entries[i].id != id)
		i = (i + 1) & (room - 1);
	return &entries[i];
}

static bool grow(struct seen *seen)
{
	size_t room = seen->room ? seen->room * 2 : 1024;
	struct seen_entry *entries = calloc(room, sizeof *entries);

	if (!entries)
		return false;
	for (size_t i = 0; i < seen->room; i++)
		if (seen->entries[i].id)
			*slot(entries, room, seen->entries[i].id) = seen->entries[i];
	free(seen->entries);
	seen->entries = entries;
	seen->room = room;
	return true;
}

struct seen_entry *seen_note(struct seen *seen, uint64_t id, uint64_t content, unsigned long line)
{
	if (!seen->full && seen->used * 4 >= seen->room * 3)
		seen->full = seen->used >= SEEN_MAX || !grow(seen);
	if (!seen->room)
		return NULL;
	struct seen_entry *entry = slot(seen->entries, seen->room, id);
	if (entry->id)
		return entry;
	if (seen->full)
		return NULL;
	*entry = (struct seen_entry){id, content, (uint32_t)line, 1};
	seen->used++;
	return NULL;
}

void seen_clear(struct seen *seen)
{
	free(seen->entries);
	*seen = (struct seen){0};
}
