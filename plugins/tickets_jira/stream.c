/* SPDX-License-Identifier: ISC */
#include "stream.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "buffer.h"

struct stream {
	yajl_handle yajl;
	stream_visit visit;
	void *user;
	size_t max_element, index, cost;
	json_t *built[STREAM_MAX_DEPTH]; /* containers that are open, each owned until it is put into the one before */
	char *keys[STREAM_MAX_DEPTH];    /* the key that waits for its value, in each of them */
	size_t depth;
	size_t base;   /* how many of them belong to the page, not to an element */
	bool inside;   /* in the array whose elements are wanted */
	bool was_page; /* the root object had "issues" */
	bool had_array;
	size_t dropping; /* open containers of an element too large */
	int stopped;
	json_t *page;
	struct buffer scratch, error;
	uint64_t offset, lines; /* of what was fed before */
	bool begun;
};

static void drop_open(struct stream *s)
{
	while (s->depth > s->base) {
		s->depth--;
		json_decref(s->built[s->depth]);
		free(s->keys[s->depth]);
		s->keys[s->depth] = NULL;
	}
}

static int hand_out(struct stream *s, json_t *value)
{
	s->stopped = s->visit(s->user, value, s->index++);
	json_decref(value);
	s->cost = 0;
	return !s->stopped;
}

/* A value is whole: it goes into its container, or out. */
static int add(struct stream *s, json_t *value)
{
	if (s->inside && s->depth == s->base)
		return hand_out(s, value);
	if (!s->depth) {
		if (!s->was_page)
			return hand_out(s, value);
		json_decref(s->page);
		s->page = value;
		s->was_page = false;
		return 1;
	}
	json_t *parent = s->built[s->depth - 1];
	if (json_is_array(parent)) {
		json_array_append_new(parent, value);
	} else {
		json_object_set_new_nocheck(parent, s->keys[s->depth - 1], value);
		free(s->keys[s->depth - 1]);
		s->keys[s->depth - 1] = NULL;
	}
	return 1;
}

/* Counts what an element costs; over the limit it is dropped, to be reported when it ends. */
static bool too_large(struct stream *s, size_t more)
{
	if (s->dropping)
		return true;
	s->cost += more + 32;
	if (s->cost <= s->max_element || s->depth == s->base)
		return false;
	s->dropping = s->depth - s->base;
	drop_open(s);
	return true;
}

static int add_scalar(struct stream *s, json_t *value, size_t cost)
{
	if (!too_large(s, cost))
		return add(s, value);
	json_decref(value);
	return 1;
}

static int on_null(void *user)
{
	return add_scalar(user, json_null(), 0);
}

static int on_boolean(void *user, int value)
{
	return add_scalar(user, json_boolean(value), 0);
}

static int on_number(void *user, const char *bytes, size_t length)
{
	char text[64];
	if (length >= sizeof(text))
		return add_scalar(user, json_stringn(bytes, length), length);
	memcpy(text, bytes, length);
	text[length] = '\0';
	char *end;
	errno = 0;
	long long whole = strtoll(text, &end, 10);
	if (!*end && !errno)
		return add_scalar(user, json_integer(whole), 0);
	json_t *real = json_real(strtod(text, NULL)); /* NULL for what is no number to a double */
	return add_scalar(user, real ? real : json_string(text), 0);
}

static int on_string(void *user, const unsigned char *bytes, size_t length)
{
	struct stream *s = user;
	buffer_clear(&s->scratch);
	buffer_utf8(&s->scratch, (const char *)bytes, length);
	return add_scalar(s, json_stringn_nocheck(buffer_string(&s->scratch), s->scratch.length), length);
}

static int on_key(void *user, const unsigned char *bytes, size_t length)
{
	struct stream *s = user;
	if (too_large(s, length))
		return 1;
	struct buffer key = {0};
	buffer_utf8(&key, (const char *)bytes, length);
	buffer_add(&key, "", 0);
	free(s->keys[s->depth - 1]);
	s->keys[s->depth - 1] = key.data;
	return 1;
}

static int open_container(struct stream *s, json_t *container)
{
	if (s->dropping) {
		json_decref(container);
		return s->dropping++ < STREAM_MAX_DEPTH;
	}
	if (s->depth == STREAM_MAX_DEPTH) {
		json_decref(container);
		buffer_format(&s->error, "nested deeper than %d levels", STREAM_MAX_DEPTH);
		return 0;
	}
	s->cost += 64;
	s->keys[s->depth] = NULL;
	s->built[s->depth++] = container;
	return 1;
}

static int close_container(struct stream *s)
{
	if (s->dropping) {
		if (--s->dropping)
			return 1;
		s->cost = 0;
		s->stopped = s->visit(s->user, NULL, s->index++);
		return !s->stopped;
	}
	s->depth--;
	free(s->keys[s->depth]);
	s->keys[s->depth] = NULL;
	return add(s, s->built[s->depth]);
}

static int on_map(void *user)
{
	return open_container(user, json_object());
}

static int on_map_end(void *user)
{
	return close_container(user);
}

static int on_array(void *user)
{
	struct stream *s = user;
	bool is_issues = s->depth == 1 && json_is_object(s->built[0]) && s->keys[0] && !strcmp(s->keys[0], "issues");
	if (!s->inside && !s->dropping && (s->depth == 0 || is_issues)) {
		s->inside = s->had_array = true;
		s->base = s->depth;
		s->was_page = is_issues;
		s->cost = 0;
		return 1;
	}
	return open_container(s, json_array());
}

static int on_array_end(void *user)
{
	struct stream *s = user;
	if (!s->inside || s->dropping || s->depth != s->base)
		return close_container(s);
	s->inside = false;
	s->base = 0;
	s->cost = 0;
	if (s->depth) {
		free(s->keys[0]);
		s->keys[0] = NULL;
	}
	return 1;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_map,
	.yajl_map_key = on_key,
	.yajl_end_map = on_map_end,
	.yajl_start_array = on_array,
	.yajl_end_array = on_array_end,
};

struct stream *stream_new(stream_visit visit, void *user, size_t max_element)
{
	struct stream *s = must_realloc(NULL, sizeof(*s));
	memset(s, 0, sizeof(*s));
	s->visit = visit;
	s->user = user;
	s->max_element = max_element ? max_element : STREAM_MAX_ELEMENT;
	s->yajl = yajl_alloc(&callbacks, NULL, s);
	if (!s->yajl)
		abort();
	yajl_config(s->yajl, yajl_dont_validate_strings, 1); /* we repair them: one bad byte must not cost an issue */
	yajl_config(s->yajl, yajl_allow_multiple_values, 1);
	return s;
}

static uint64_t count_lines(const char *bytes, size_t length)
{
	uint64_t n = 0;
	if (!length)
		return 0;
	for (const char *p = bytes; (p = memchr(p, '\n', length - (size_t)(p - bytes))); p++)
		n++;
	return n;
}

static int outcome(struct stream *s, yajl_status status, const char *bytes, size_t length)
{
	if (status == yajl_status_ok)
		return 0;
	if (s->stopped)
		return 1;
	size_t consumed = bytes ? yajl_get_bytes_consumed(s->yajl) : 0;
	if (consumed > length)
		consumed = length;
	unsigned char *why = s->error.length ? NULL : yajl_get_error(s->yajl, 0, NULL, 0);
	if (why) {
		buffer_text(&s->error, (const char *)why);
		buffer_trim(&s->error);
		yajl_free_error(s->yajl, why);
	}
	uint64_t line = s->lines + count_lines(bytes, consumed) + 1;
	buffer_format(&s->error, " (line %" PRIu64 ", byte %" PRIu64 ")", line, s->offset + consumed);
	return -1;
}

int stream_feed(struct stream *s, const char *bytes, size_t length)
{
	if (!s->begun && length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3)) {
		bytes += 3;
		length -= 3;
		s->offset = 3;
	}
	s->begun = true;
	int result = outcome(s, yajl_parse(s->yajl, (const unsigned char *)bytes, length), bytes, length);
	if (!result) {
		s->offset += length;
		s->lines += count_lines(bytes, length);
	}
	return result;
}

int stream_end(struct stream *s)
{
	return outcome(s, yajl_complete_parse(s->yajl), NULL, 0);
}

const char *stream_error(const struct stream *s)
{
	return buffer_string(&s->error);
}

json_t *stream_page(const struct stream *s)
{
	return s->page;
}

bool stream_arrays(const struct stream *s)
{
	return s->had_array;
}

int stream_stopped(const struct stream *s)
{
	return s->stopped;
}

void stream_free(struct stream *s)
{
	if (!s)
		return;
	s->base = 0;
	drop_open(s);
	json_decref(s->page);
	yajl_free(s->yajl);
	buffer_free(&s->scratch);
	buffer_free(&s->error);
	free(s);
}
