/* arena: memory of one record. Everything that a record points to is taken from its arena and given back at once, so
 * that building a record needs no bookkeeping. Running out of memory sets `broken`; the pointers handed out then are
 * still usable (an empty string, a small spare block never written), so callers check once, at the end. */
#ifndef CRM_ARENA_H
#define CRM_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block;
struct arena {
	struct arena_block *first;
	bool broken;
};

/* NULL when memory is out (and `broken` is set). Zeroed, aligned for any type. */
void *arena_take(struct arena *arena, size_t size);
/* Copies of text, always ending with NUL; "" when memory is out. */
char *arena_text(struct arena *arena, const char *text, size_t length);
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Forgets all, keeps one block for the next record. */
void arena_clear(struct arena *arena);
void arena_free(struct arena *arena);

/* A text that grows; ends with NUL whenever it has bytes. Not in an arena: free with buffer_free. */
struct buffer {
	char *bytes;
	size_t length, room;
	bool broken;
};
bool buffer_add(struct buffer *buffer, const char *bytes, size_t length);
bool buffer_text(struct buffer *buffer, const char *text);
void buffer_free(struct buffer *buffer);

#endif
