/* SPDX-License-Identifier: ISC
 *
 * text: what people wrote in Jira, as text that people read. Three forms come: wiki markup (API 2), the Atlassian
 * Document Format (API 3, a JSON tree), and HTML (renderedFields, and {html} blocks of wiki text). Markup that only
 * dresses the words goes; links keep their words; quotations are marked as such. */
#pragma once

#include <jansson.h>

#include "buffer.h"
#include "meri/connector.h"

struct text {
	struct buffer bytes;
	struct meri_span *quoted; /* ascending, not overlapping */
	size_t n_quoted, room_quoted;
	char problem[200]; /* why a part of it could not be read; "" if all was */
};

void text_wiki(const struct meri_host *host, struct text *out, const char *wiki);
void text_adf(struct text *out, json_t *document);
void text_html(const struct meri_host *host, struct text *out, const char *html, size_t length);
/* Whichever of the three a field holds; `rendered` (may be NULL) is taken where `body` has nothing. */
void text_body(const struct meri_host *host, struct text *out, json_t *body, json_t *rendered);

void text_clear(struct text *t);
void text_free(struct text *t);

/* "2011-04-15T02:49:49.000+0000", "+00:00", "Z", or a date alone; 0 if it is none of these. `milliseconds` may be NULL.
 */
int64_t text_time(const char *time, int64_t *milliseconds);

/* For the two that make it. */
void text_quote(struct text *t, size_t start); /* what stands from `start` on was quoted */
