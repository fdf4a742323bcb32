/* SPDX-License-Identifier: ISC
 *
 * note: a file as it was understood: its text without the markup that hides words, where its headings stand, and what
 * it says about itself (front matter, Org keywords). One reader for each format fills it; records are made of it in
 * record.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"
#include "meri/connector.h"

struct heading {
	int level;       /* 1: the highest */
	size_t at, body; /* bytes of the text: where its line begins, and what follows it */
	char *title;
};

struct meta {
	char *key, *value; /* the key in lower case with '-' for blanks and '_' */
};

struct note {
	struct buffer text;
	struct heading *headings;
	size_t n_headings;
	struct meta *metas; /* in the order of the file; a key may repeat */
	size_t n_metas;
	char *problem; /* what could not be read of it; NULL if all was */
};

void note_free(struct note *n);
void note_heading(struct note *n, int level, size_t at, size_t body, const char *title, size_t length);
void note_meta(struct note *n, const char *key, size_t key_length, const char *value, size_t length);
void note_problem(struct note *n, const char *why);              /* the first counts */
const char *note_meta_of(const struct note *n, const char *key); /* the first value; NULL if there is none */

/* ---- the readers; `text` is UTF-8 with '\n' ---- */
void read_markdown(struct note *n, const char *text, size_t length);
void read_org(struct note *n, const char *text, size_t length);
/* Plain text: headings are lines that are underlined, or that begin with a day after an empty line. */
void read_plain(struct note *n, const char *text, size_t length);
/* HTML: `bytes` as in the file, for the host finds its charset out. */
void read_html(struct note *n, const struct meri_host *host, const char *bytes, size_t length, const char *name);

/* Front matter (YAML between "---", TOML between "+++") goes into n->metas; returns how many bytes of the text it is.
 */
size_t read_front_matter(struct note *n, const char *text, size_t length);
/* From `start` on: [[page|words]] becomes words, ![[file.png]] the name in brackets. */
void plain_wiki_links(struct buffer *b, size_t start);
/* Is the line a heading because it begins with a day, a word or two before it at most? */
bool plain_begins_with_day(const char *line, size_t length);
