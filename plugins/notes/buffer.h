/* SPDX-License-Identifier: ISC
 *
 * buffer: text that grows, and memory that is freed all at once. Out of memory ends the process: the run is a process
 * of its own, and the host reports how it ended. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct buffer {
	char *data; /* always ends with NUL once something was added; NULL before */
	size_t length, room;
};

void buffer_add(struct buffer *b, const char *bytes, size_t length);
void buffer_text(struct buffer *b, const char *text); /* NULL: nothing */
void buffer_char(struct buffer *b, char c);
void buffer_format(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3), nonnull(2)));
/* Length of the well-formed UTF-8 sequence at `p`, of which `left` bytes are there; 0: there is none. */
size_t utf8_sequence(const unsigned char *p, size_t left);
/* Adds bytes as UTF-8: what is not becomes U+FFFD, and NUL a blank. */
void buffer_utf8(struct buffer *b, const char *bytes, size_t length);
/* Adds a path as an id: UTF-8 of at most `most` bytes, and still unique where it had to be changed for that. */
void buffer_id(struct buffer *b, const char *path, size_t most);
/* Drops blanks and line breaks at the end. */
void buffer_trim(struct buffer *b);
const char *buffer_string(const struct buffer *b); /* "" if empty; borrowed */
void buffer_clear(struct buffer *b);               /* keeps the memory */
void buffer_free(struct buffer *b);

/* realloc that never returns NULL for a size that is not 0. */
void *must_realloc(void *old, size_t size);

uint64_t hash_text(uint64_t seed, const char *text); /* FNV-1a; seed 0 to begin; NULL counts as "" */
