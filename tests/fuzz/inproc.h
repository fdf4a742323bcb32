/* inproc: a meri_host inside the fuzz target's own process. It stores nothing: it checks that a connector keeps to
 * meri/connector.h in what it passes (ids, kinds, spans, arrays, ends of strings) and counts. What breaks the contract
 * aborts, so that the fuzzer keeps the input.
 *
 *     static const char *const options[] = {"path", "/tmp/x", NULL};
 *     struct inproc host;
 *     inproc_init(&host, options);
 *     meri_connector.sync(&host.api);
 *     inproc_done(&host); */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "meri/connector.h"

struct inproc {
	struct meri_host api;
	const char *const *options; /* name, value, name, value, NULL */
	const char *cursor;         /* what cursor() answers */
	const char *body;           /* what fetch answers, with status 200; NULL: it fails */
	size_t body_length;
	unsigned stop_after; /* calls after which the run is over; 0: never */
	unsigned calls, records, removed, skipped, checkpoints, completes, failed, unchanged;
	int strict_utf8;    /* what the connector decodes itself must come out as UTF-8 */
	char *text, *reply; /* lent by text_of and fetch */
};

#define INPROC_REQUIRE(condition, what)                                                                                \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			fprintf(stderr, "the connector broke the contract: %s (%s)\n", what, #condition);              \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

static struct inproc *inproc_of(const struct meri_host *api)
{
	return (struct inproc *)(void *)(uintptr_t)api;
}

static int inproc_over(struct inproc *p)
{
	p->calls++;
	return p->stop_after && p->calls >= p->stop_after ? MERI_STOP : 0;
}

/* Whether `s` is UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF. */
static int inproc_is_utf8(const char *text)
{
	for (const unsigned char *s = (const unsigned char *)text; *s;) {
		unsigned n = *s < 0x80                  ? 0
			     : *s >= 0xC2 && *s <= 0xDF ? 1
			     : (*s & 0xF0) == 0xE0      ? 2
			     : *s >= 0xF0 && *s <= 0xF4 ? 3
							: 9;
		if (n == 9 || (*s == 0xE0 && s[1] < 0xA0) || (*s == 0xED && s[1] > 0x9F) ||
		    (*s == 0xF0 && s[1] < 0x90) || (*s == 0xF4 && s[1] > 0x8F))
			return 0;
		for (s++; n; n--, s++)
			if ((*s & 0xC0) != 0x80)
				return 0;
	}
	return 1;
}

/* Reads a string to its end, which an address sanitizer watches. */
static void inproc_string(const struct inproc *p, const char *text, const char *what)
{
	if (!text)
		return;
	INPROC_REQUIRE(strlen(text) < (64u << 20), what);
	if (p->strict_utf8)
		INPROC_REQUIRE(inproc_is_utf8(text), what);
}

static void inproc_pairs(const struct inproc *p, const struct meri_pair *pairs, size_t n, const char *what)
{
	INPROC_REQUIRE(!n || pairs, what);
	for (size_t i = 0; i < n; i++) {
		INPROC_REQUIRE(pairs[i].name && *pairs[i].name, what);
		inproc_string(p, pairs[i].name, what);
		inproc_string(p, pairs[i].value, what);
	}
}

static void inproc_spans(const struct meri_record *r)
{
	size_t length = r->text ? strlen(r->text) : 0, done = 0;
	INPROC_REQUIRE(!r->n_quoted || r->quoted, "quoted");
	for (size_t i = 0; i < r->n_quoted; i++) {
		INPROC_REQUIRE(r->quoted[i].start >= done, "spans ascend and do not overlap");
		INPROC_REQUIRE(r->quoted[i].start <= length, "a span lies inside the text");
		INPROC_REQUIRE(r->quoted[i].length <= length - r->quoted[i].start, "a span lies inside the text");
		done = r->quoted[i].start + r->quoted[i].length;
	}
}

static int inproc_put(const struct meri_host *api, const struct meri_record *r)
{
	struct inproc *p = inproc_of(api);
	INPROC_REQUIRE(r && r->size == sizeof *r, "a record says its size");
	INPROC_REQUIRE(r->id && *r->id && strlen(r->id) <= 1000, "an id has 1 to 1,000 bytes");
	INPROC_REQUIRE(r->kind >= MERI_ACCOUNT && r->kind <= MERI_EVENT, "a record has a kind");
	inproc_string(p, r->title, "title");
	inproc_string(p, r->text, "text");
	inproc_string(p, r->url, "url");
	inproc_string(p, r->thread, "thread");
	inproc_string(p, r->parent, "parent");
	inproc_string(p, r->language, "language");
	inproc_string(p, r->fingerprint, "fingerprint");
	INPROC_REQUIRE(!r->item || (*r->item && strlen(r->item) <= 1000), "an item has 1 to 1,000 bytes");
	inproc_pairs(p, r->hints, r->n_hints, "hints");
	inproc_pairs(p, r->fields, r->n_fields, "fields");
	inproc_pairs(p, r->left_out, r->n_left_out, "left_out");
	inproc_spans(r);
	INPROC_REQUIRE(!r->n_parties || r->parties, "parties");
	for (size_t i = 0; i < r->n_parties; i++) {
		inproc_string(p, r->parties[i].role, "a party's role");
		inproc_string(p, r->parties[i].name, "a party's name");
		inproc_string(p, r->parties[i].address, "a party's address");
		inproc_string(p, r->parties[i].organisation, "a party's organisation");
	}
	INPROC_REQUIRE(!r->n_readers || r->readers, "readers");
	for (size_t i = 0; i < r->n_readers; i++)
		inproc_string(p, r->readers[i], "a reader");
	p->records++;
	return inproc_over(p);
}

static const char *inproc_option(const struct meri_host *api, const char *name)
{
	const struct inproc *p = inproc_of(api);
	INPROC_REQUIRE(name, "an option has a name");
	for (const char *const *o = p->options; o && o[0]; o += 2)
		if (strcmp(o[0], name) == 0)
			return o[1];
	return NULL;
}

static const char *inproc_cursor(const struct meri_host *api)
{
	return inproc_of(api)->cursor;
}

static int inproc_remove(const struct meri_host *api, const char *id)
{
	INPROC_REQUIRE(id && *id && strlen(id) <= 1000, "an id has 1 to 1,000 bytes");
	inproc_of(api)->removed++;
	return inproc_over(inproc_of(api));
}

static int inproc_unchanged(const struct meri_host *api, const char *item, const char *fingerprint)
{
	INPROC_REQUIRE(item && *item && fingerprint, "unchanged needs an item and a fingerprint");
	inproc_of(api)->unchanged++;
	return 0;
}

static int inproc_skip(const struct meri_host *api, const char *id, const char *why)
{
	INPROC_REQUIRE(id && *id, "skip names what it skips");
	INPROC_REQUIRE(why && *why, "skip says why");
	inproc_of(api)->skipped++;
	return inproc_over(inproc_of(api));
}

static int inproc_checkpoint(const struct meri_host *api, const char *cursor)
{
	inproc_string(inproc_of(api), cursor, "cursor");
	inproc_of(api)->checkpoints++;
	return inproc_over(inproc_of(api));
}

static int inproc_complete(const struct meri_host *api)
{
	inproc_of(api)->completes++;
	return inproc_over(inproc_of(api));
}

static int inproc_progress(const struct meri_host *api, uint64_t done, uint64_t total, const char *what)
{
	(void)done;
	(void)total;
	inproc_string(inproc_of(api), what, "progress");
	return inproc_over(inproc_of(api));
}

static int inproc_fetch(const struct meri_host *api, const struct meri_request *request, struct meri_reply *reply)
{
	struct inproc *p = inproc_of(api);
	INPROC_REQUIRE(request && request->size == sizeof *request && request->url, "a request says its size and URL");
	INPROC_REQUIRE(reply && reply->size == sizeof *reply, "a reply says its size");
	if (!p->body || inproc_over(p))
		return MERI_TRANSIENT;
	free(p->reply);
	p->reply = malloc(p->body_length + 1);
	memcpy(p->reply, p->body, p->body_length);
	p->reply[p->body_length] = '\0';
	*reply = (struct meri_reply){.size = sizeof *reply,
				     .status = 200,
				     .body = p->reply,
				     .length = p->body_length,
				     .url = request->url,
				     .media_type = "application/json"};
	p->body = NULL; /* once: a connector that pages would page for ever */
	return 0;
}

/* What can be printed of it, for text. */
static const char *inproc_text_of(const struct meri_host *api, const struct meri_blob *blob, const char **why)
{
	struct inproc *p = inproc_of(api);
	INPROC_REQUIRE(blob && blob->size == sizeof *blob && (blob->bytes || !blob->length), "a blob says its size");
	if (why)
		*why = NULL;
	if (blob->length && *(const char *)blob->bytes == '!') {
		if (why)
			*why = "no reader";
		return NULL;
	}
	free(p->text);
	p->text = malloc(blob->length + 1);
	for (size_t i = 0; i < blob->length; i++) {
		unsigned char c = ((const unsigned char *)blob->bytes)[i];
		p->text[i] = (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t' ? (char)c : '?';
	}
	p->text[blob->length] = '\0';
	return p->text;
}

static void __attribute__((format(printf, 3, 4)))
inproc_log(const struct meri_host *api, enum meri_level level, const char *format, ...)
{
	char line[512];
	va_list values;
	(void)api;
	INPROC_REQUIRE(level >= MERI_DEBUG && level <= MERI_ERROR, "a log line has a level");
	va_start(values, format);
	vsnprintf(line, sizeof line, format, values);
	va_end(values);
}

static int __attribute__((format(printf, 4, 5)))
inproc_fail(const struct meri_host *api, enum meri_class class, int64_t after, const char *format, ...)
{
	char line[512];
	va_list values;
	INPROC_REQUIRE(class >= MERI_CONFIG && class <= MERI_BUG, "a failure has a class");
	INPROC_REQUIRE(after >= 0, "a failure looks forward");
	va_start(values, format);
	vsnprintf(line, sizeof line, format, values);
	va_end(values);
	inproc_of(api)->failed++;
	return (int)class;
}

static inline void inproc_init(struct inproc *p, const char *const *options)
{
	memset(p, 0, sizeof *p);
	p->options = options;
	p->api = (struct meri_host){sizeof p->api,     MERI_ABI,        inproc_option,    inproc_cursor,
				    inproc_put,        inproc_remove,   inproc_unchanged, inproc_skip,
				    inproc_checkpoint, inproc_complete, inproc_progress,  inproc_fetch,
				    inproc_text_of,    inproc_log,      inproc_fail};
}

static inline void inproc_done(struct inproc *p)
{
	free(p->text);
	free(p->reply);
	p->text = p->reply = NULL;
}
