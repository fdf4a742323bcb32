#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t used, room;
	_Alignas(16) unsigned char bytes[];
};

static struct arena_block *block_new(size_t room)
{
	struct arena_block *block = malloc(sizeof *block + room);

	if (block) {
		block->next = NULL;
		block->used = 0;
		block->room = room;
	}
	return block;
}

void *arena_take(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->first;

	size = (size + 15) & ~(size_t)15;
	if (!block || block->room - block->used < size) {
		block = block_new(size > BLOCK ? size : BLOCK);
		if (!block) {
			arena->broken = true;
			return NULL;
		}
		block->next = arena->first;
		arena->first = block;
	}
	void *taken = block->bytes + block->used;
	block->used += size;
	memset(taken, 0, size);
	return taken;
}

char *arena_text(struct arena *arena, const char *text, size_t length)
{
	static char empty[1];
	char *copy = arena_take(arena, length + 1);

	if (!copy)
		return empty;
	if (length)
		memcpy(copy, text, length);
	return copy;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list list;
	char *text = NULL;

	va_start(list, format);
	int length = vasprintf(&text, format, list);
	va_end(list);
	if (length < 0) {
		arena->broken = true;
		return arena_text(arena, "", 0);
	}
	char *copy = arena_text(arena, text, (size_t)length);
	free(text);
	return copy;
}

void arena_clear(struct arena *arena)
{
	struct arena_block *keep = arena->first;

	if (keep) {
		arena->first = keep->next;
		if (keep->room > BLOCK) { /* one huge record must not be paid for by all that follow */
			free(keep);
			keep = NULL;
		}
	}
	arena_free(arena);
	if (keep) {
		keep->next = NULL;
		keep->used = 0;
		arena->first = keep;
	}
}

void arena_free(struct arena *arena)
{
	while (arena->first) {
		struct arena_block *next = arena->first->next;
		free(arena->first);
		arena->first = next;
	}
	arena->broken = false;
}

bool buffer_add(struct buffer *buffer, const char *bytes, size_t length)
{
	if (buffer->room - buffer->length <= length) {
		size_t room = buffer->room ? buffer->room : 256;
		while (room - buffer->length <= length)
			room *= 2;
		char *grown = realloc(buffer->bytes, room);
		if (!grown) {
			buffer->broken = true;
			return false;
		}
		buffer->bytes = grown;
		buffer->room = room;
	}
	if (length)
		memcpy(buffer->bytes + buffer->length, bytes, length);
	buffer->length += length;
	buffer->bytes[buffer->length] = '\0';
	return true;
}

bool buffer_text(struct buffer *buffer, const char *text)
{
	return buffer_add(buffer, text, strlen(text));
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){0};
}
