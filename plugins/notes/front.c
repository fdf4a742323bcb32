/* SPDX-License-Identifier: ISC
 *
 * front: what stands before a note's text. libyaml reads it event by event (aliases are never expanded, so nothing can
 * grow); what people write is often no YAML ("title: Visit: Virtanen"), so where libyaml gives up, "key: value" lines
 * are taken as they stand. TOML's "key = value" lines are read the same simple way. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "note.h"

#define MAX_FRONT 65536 /* bytes */
#define MAX_DEPTH 8

/* The length of the line at `text`, its '\n' not counted. */
static size_t line_length(const char *text, size_t left)
{
	const char *end = memchr(text, '\n', left);
	return end ? (size_t)(end - text) : left;
}

static bool is_fence(const char *line, size_t length, const char *fence)
{
	while (length && (line[length - 1] == ' ' || line[length - 1] == '\t'))
		length--;
	return length == 3 && !memcmp(line, fence, 3);
}

/* Where the closing fence's line begins; 0 if there is none. `after`: where the text goes on. */
static size_t closing(const char *text, size_t length, size_t start, const char *fence, size_t *after)
{
	for (size_t i = start; i < length && i < MAX_FRONT;) {
		size_t n = line_length(text + i, length - i);
		if (is_fence(text + i, n, fence) || (*fence == '-' && is_fence(text + i, n, "..."))) {
			*after = i + n < length ? i + n + 1 : i + n;
			return i;
		}
		i += n + 1;
	}
	return 0;
}

/* "key: value" or "key = value" lines, "- item" lines under a key. FALSE: it has none. */
static bool simple_lines(struct note *n, const char *text, size_t length, char between)
{
	const char *key = NULL;
	size_t key_length = 0;
	bool any = false;
	for (size_t i = 0; i < length;) {
		size_t l = line_length(text + i, length - i);
		const char *line = text + i, *mark = memchr(line, between, l), *value;
		i += l + 1;
		size_t indent = 0;
		while (indent < l && (line[indent] == ' ' || line[indent] == '\t'))
			indent++;
		if (indent == l || line[indent] == '#')
			continue;
		size_t left;
		if (line[indent] == '-' && key) {
			value = line + indent + 1;
			left = l - indent - 1;
		} else if (mark && mark > line &&
			   isalpha((unsigned char)line[indent] | ((unsigned char)line[indent] >= 0x80 ? 'a' : 0))) {
			key = line + indent;
			key_length = (size_t)(mark - key);
			while (key_length && key[key_length - 1] == ' ')
				key_length--;
			value = mark + 1;
			left = l - (size_t)(value - line);
		} else {
			continue;
		}
		while (left && (isspace((unsigned char)*value) || strchr("\"'[", *value))) {
			value++;
			left--;
		}
		while (left && (isspace((unsigned char)value[left - 1]) || strchr("\"']", value[left - 1])))
			left--;
		note_meta(n, key, key_length, value, left);
		any = true;
	}
	return any;
}

struct level {
	bool map, wants_value;
	size_t path; /* length of the path of keys up to here */
};

struct reader {
	struct note *note;
	struct level levels[MAX_DEPTH];
	int depth;
	struct buffer path; /* "customer-name" of {customer: {name: ...}} */
};

static void scalar(struct reader *r, const char *value, size_t length)
{
	struct level *l = &r->levels[r->depth - 1];
	if (l->map && !l->wants_value) {
		r->path.length = l->path;
		if (l->path)
			buffer_char(&r->path, '-');
		buffer_utf8(&r->path, value, length);
		l->wants_value = true;
		return;
	}
	l->wants_value = false;
	if (length == 1 && (*value == '~'))
		return;
	if (length == 4 && !strncasecmp(value, "null", 4))
		return;
	note_meta(r->note, buffer_string(&r->path), r->path.length, value, length);
}

static bool open_level(struct reader *r, bool map)
{
	if (r->depth == MAX_DEPTH)
		return false;
	if (r->depth)
		r->levels[r->depth - 1].wants_value = false;
	r->levels[r->depth++] = (struct level){.map = map, .path = r->path.length};
	return true;
}

/* Takes one event. FALSE: this is no front matter that we understand. */
static bool event(struct reader *r, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_MAPPING_START_EVENT:
	case YAML_SEQUENCE_START_EVENT:
		return (r->depth || e->type == YAML_MAPPING_START_EVENT) &&
		       open_level(r, e->type == YAML_MAPPING_START_EVENT);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		r->depth--;
		return true;
	case YAML_SCALAR_EVENT:
		if (!r->depth)
			return false;
		scalar(r, (const char *)e->data.scalar.value, e->data.scalar.length);
		return true;
	case YAML_ALIAS_EVENT:
		if (r->depth)
			r->levels[r->depth - 1].wants_value = false;
		return r->depth > 0;
	default:
		return true;
	}
}

static bool yaml(struct note *n, const char *text, size_t length)
{
	yaml_parser_t parser;
	struct reader r = {.note = n};
	bool going = true, good = true;
	if (!yaml_parser_initialize(&parser))
		return false;
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	while (going && good) {
		yaml_event_t e;
		good = yaml_parser_parse(&parser, &e);
		if (!good)
			break;
		going = e.type != YAML_STREAM_END_EVENT;
		good = event(&r, &e);
		yaml_event_delete(&e);
	}
	yaml_parser_delete(&parser);
	buffer_free(&r.path);
	return good;
}

static void forget_metas(struct note *n, size_t keep)
{
	while (n->n_metas > keep) {
		n->n_metas--;
		free(n->metas[n->n_metas].key);
		free(n->metas[n->n_metas].value);
	}
}

size_t read_front_matter(struct note *n, const char *text, size_t length)
{
	size_t first = line_length(text, length), after = 0;
	bool toml = is_fence(text, first, "+++");
	if (!toml && !is_fence(text, first, "---"))
		return 0;
	size_t start = first + 1, end = closing(text, length, start, toml ? "+++" : "---", &after), before = n->n_metas;
	if (!end)
		return 0;
	if (!toml && yaml(n, text + start, end - start))
		return after;
	forget_metas(n, before);
	return simple_lines(n, text + start, end - start, toml ? '=' : ':') ? after : 0;
}
