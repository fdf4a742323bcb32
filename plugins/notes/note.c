/* SPDX-License-Identifier: ISC */
#include "note.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MAX_METAS    400 /* a file that says more about itself than this is no note */
#define MAX_HEADINGS 20000
#define MAX_VALUE    4000 /* bytes */

static char *copy(const char *text, size_t length)
{
	struct buffer b = {0};
	buffer_utf8(&b, text, length);
	buffer_add(&b, "", 0);
	return b.data;
}

void note_free(struct note *n)
{
	for (size_t i = 0; i < n->n_headings; i++)
		free(n->headings[i].title);
	for (size_t i = 0; i < n->n_metas; i++) {
		free(n->metas[i].key);
		free(n->metas[i].value);
	}
	free(n->headings);
	free(n->metas);
	free(n->problem);
	buffer_free(&n->text);
	*n = (struct note){0};
}

static bool at_power(size_t n)
{
	return !(n & (n - 1));
}

void note_heading(struct note *n, int level, size_t at, size_t body, const char *title, size_t length)
{
	if (n->n_headings == MAX_HEADINGS)
		return;
	if (at_power(n->n_headings))
		n->headings = must_realloc(n->headings, (n->n_headings ? n->n_headings * 2 : 1) * sizeof(*n->headings));
	while (length && isspace((unsigned char)title[length - 1]))
		length--;
	n->headings[n->n_headings++] = (struct heading){level, at, body, copy(title, length)};
}

static size_t cut(const char *text, size_t length, size_t most)
{
	if (length <= most)
		return length;
	while (most && ((unsigned char)text[most] & 0xc0) == 0x80)
		most--;
	return most;
}

void note_meta(struct note *n, const char *key, size_t key_length, const char *value, size_t length)
{
	while (length && isspace((unsigned char)*value)) {
		value++;
		length--;
	}
	while (length && isspace((unsigned char)value[length - 1]))
		length--;
	if (!key_length || key_length > 100 || !length || n->n_metas == MAX_METAS)
		return;
	if (at_power(n->n_metas))
		n->metas = must_realloc(n->metas, (n->n_metas ? n->n_metas * 2 : 1) * sizeof(*n->metas));
	struct meta *m = &n->metas[n->n_metas++];
	struct buffer text = {0};
	m->key = copy(key, key_length);
	for (char *p = m->key; *p; p++)
		*p = (char)(*p == ' ' || *p == '_' ? '-' : (unsigned char)*p < 0x80 ? tolower((unsigned char)*p) : *p);
	if (length > MAX_VALUE)
		note_problem(n, "a value in its front matter was cut after 4,000 bytes");
	buffer_utf8(&text, value, cut(value, length, MAX_VALUE));
	plain_wiki_links(&text, 0);
	m->value = text.data;
}

void note_problem(struct note *n, const char *why)
{
	if (!n->problem)
		n->problem = copy(why, strlen(why));
}

const char *note_meta_of(const struct note *n, const char *key)
{
	for (size_t i = 0; i < n->n_metas; i++)
		if (!strcmp(n->metas[i].key, key))
			return n->metas[i].value;
	return NULL;
}
