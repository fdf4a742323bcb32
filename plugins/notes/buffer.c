/* SPDX-License-Identifier: ISC */
#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *must_realloc(void *old, size_t size)
{
	void *p = realloc(old, size);
	if (!p && size) {
		fprintf(stderr, "notes: out of memory (%zu bytes wanted)\n", size);
		abort();
	}
	return p;
}

static void grow(struct buffer *b, size_t more)
{
	if (b->length + more + 1 <= b->room)
		return;
	size_t room = b->room ? b->room * 2 : 256;
	while (room < b->length + more + 1)
		room *= 2;
	b->data = must_realloc(b->data, room);
	b->room = room;
}

void buffer_add(struct buffer *b, const char *bytes, size_t length)
{
	grow(b, length);
	if (length)
		memcpy(b->data + b->length, bytes, length);
	b->length += length;
	b->data[b->length] = '\0';
}

void buffer_text(struct buffer *b, const char *text)
{
	if (text)
		buffer_add(b, text, strlen(text));
}

void buffer_char(struct buffer *b, char c)
{
	buffer_add(b, &c, 1);
}

void buffer_format(struct buffer *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length <= 0)
		return;
	grow(b, (size_t)length);
	va_start(args, format);
	vsnprintf(b->data + b->length, (size_t)length + 1, format, args);
	va_end(args);
	b->length += (size_t)length;
}

size_t utf8_sequence(const unsigned char *p, size_t left)
{
	unsigned char c = p[0];
	size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
	if (!n || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f) || (c == 0xf0 && p[1] < 0x90) ||
	    (c == 0xf4 && p[1] > 0x8f))
		return 0;
	return n;
}

void buffer_utf8(struct buffer *b, const char *bytes, size_t length)
{
	const unsigned char *p = (const unsigned char *)bytes;
	size_t start = 0, i = 0;
	while (i < length) {
		size_t n = p[i] ? utf8_sequence(p + i, length - i) : 0;
		if (n) {
			i += n;
			continue;
		}
		buffer_add(b, bytes + start, i - start);
		buffer_text(b, p[i] ? "\xef\xbf\xbd" : " ");
		start = ++i;
	}
	buffer_add(b, bytes + start, i - start);
}

void buffer_trim(struct buffer *b)
{
	while (b->length && strchr(" \t\r\n", b->data[b->length - 1]))
		b->data[--b->length] = '\0';
}

const char *buffer_string(const struct buffer *b)
{
	return b->data ? b->data : "";
}

void buffer_clear(struct buffer *b)
{
	b->length = 0;
	if (b->data)
		b->data[0] = '\0';
}

void buffer_free(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer){0};
}

uint64_t hash_text(uint64_t seed, const char *text)
{
	uint64_t h = seed ? seed : 14695981039346656037u;
	for (const unsigned char *p = (const unsigned char *)(text ? text : ""); *p; p++)
		h = (h ^ *p) * 1099511628211u;
	return (h ^ 0xff) * 1099511628211u; /* an end mark, so that "ab" "c" differs from "a" "bc" */
}

/* Does the text end inside a letter? */
static int utf8_broken_end(const char *text, size_t length)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = 1;
	while (n < 4 && n < length && (p[length - n] & 0xc0) == 0x80)
		n++;
	return utf8_sequence(p + length - n, n) != n;
}

void buffer_id(struct buffer *b, const char *path, size_t most)
{
	size_t length = strlen(path), start = b->length;
	buffer_utf8(b, path, length);
	if (b->length - start == length && length <= most && !memcmp(b->data + start, path, length))
		return;
	if (b->length - start > most - 17)
		b->length = start + most - 17;
	while (b->length > start && utf8_broken_end(b->data + start, b->length - start))
		b->length--;
	buffer_format(b, "~%016llx", (unsigned long long)hash_text(0, path));
}
