/* SPDX-License-Identifier: ISC
 *
 * stream: JSON of any size, one issue at a time. Bytes go in as they are read; out come the elements of a search result
 * ({"issues": [...]}), of a bare array, of one object after the other (one a line), or the single object of the file,
 * each as a jansson value. Memory is that of one element, bounded. yajl does the reading; nothing else knows of it. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STREAM_MAX_ELEMENT (64u << 20) /* bytes of text in one issue */
#define STREAM_MAX_DEPTH   200

/* `value` is borrowed; NULL: the element was larger than the limit, and left out. `index` counts from 0. What is not 0
 * ends the reading. */
typedef int (*stream_visit)(void *user, json_t *value, size_t index);

struct stream;
struct stream *stream_new(stream_visit visit, void *user, size_t max_element); /* 0: STREAM_MAX_ELEMENT */
/* 0; -1 when the JSON is broken (stream_error says where); 1 when `visit` ended it. */
int stream_feed(struct stream *s, const char *bytes, size_t length);
int stream_end(struct stream *s); /* the same; the last element may come only now */
const char *stream_error(const struct stream *s);
/* What stood beside "issues": total, startAt, nextPageToken, names ... Borrowed; NULL if the root was no such object.
 */
json_t *stream_page(const struct stream *s);
bool stream_arrays(const struct stream *s); /* was there an array of issues at all? */
int stream_stopped(const struct stream *s); /* what `visit` returned */
void stream_free(struct stream *s);
