/* seen: which ids one file has had, in 24 bytes each, so that a second row under an id is noticed however large the
 * file. */
#ifndef CRM_SEEN_H
#define CRM_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen_entry {
	uint64_t id, content; /* hashes */
	uint32_t line, times;
};

struct seen {
	struct seen_entry *entries;
	size_t room, used;
	bool full; /* SEEN_MAX reached, or memory out: rows from there on are not compared */
};

enum { SEEN_MAX = 1572864 };

uint64_t seen_hash(uint64_t seed, const char *bytes, size_t length);

/* The entry of an earlier row with this id, or NULL (the row is noted then, as the first). */
struct seen_entry *seen_note(struct seen *seen, uint64_t id, uint64_t content, unsigned long line);
void seen_clear(struct seen *seen);

#endif
