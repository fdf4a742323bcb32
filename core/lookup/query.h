/* query: what a person typed, read as a tree. Everything that can be typed has a reading; nothing is an error. How it
 * was read can be shown again (lookup_query_words), and what was not taken as it might have been meant is told in
 * notes.
 *
 *   words          all of them, in any form          "a phrase"       together, in this order
 *   -word          not this one                      a OR b           also TAI, ELLER, |
 *   ( )            brackets                          konep*           words that begin so
 *   field:value    source: kind: from: customer: team: status: after: before: last:, with Finnish and Swedish names
 *
 * after: and before: take 2024, 2024-03, 2024-03-15; last: takes 90d, 6w, 3m, 1y. A value with blanks goes into quotes.
 * A bracket or quote that is never closed closes at the end. An unknown field is read as words. */
#pragma once

#include <glib.h>

enum lookup_kind { LOOKUP_ALL, LOOKUP_ANY, LOOKUP_NOT, LOOKUP_WORD, LOOKUP_PHRASE, LOOKUP_PREFIX, LOOKUP_FIELD };

enum lookup_field {
	LOOKUP_SOURCE = 1,
	LOOKUP_KIND,
	LOOKUP_FROM,
	LOOKUP_CUSTOMER,
	LOOKUP_TEAM,
	LOOKUP_STATUS,
	LOOKUP_AFTER,
	LOOKUP_BEFORE /* both: `time` */
};

struct lookup_node {
	enum lookup_kind kind;
	enum lookup_field field; /* LOOKUP_FIELD */
	char *text;              /* WORD, PHRASE, PREFIX, FIELD: as written, without the signs */
	gint64 time;             /* AFTER: records at or after; BEFORE: records before; seconds UTC */
	GPtrArray *children;     /* ALL, ANY: two or more (ALL at the root: any number); NOT: one */
};

struct lookup_query {
	struct lookup_node *root; /* LOOKUP_ALL */
	GPtrArray *notes;         /* char *: what was read otherwise than it looks, in English */
};

/* `now`: what last: counts from. Input of any bytes; at most LOOKUP_QUERY_MAX of them are read. */
#define LOOKUP_QUERY_MAX 4096
struct lookup_query *lookup_query_read(const char *typed, gint64 now);
void lookup_query_free(struct lookup_query *query);
/* The query as it was read, in its own language. */
char *lookup_query_words(const struct lookup_query *query);
const char *lookup_field_name(enum lookup_field field);

typedef struct lookup_query lookup_query;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(lookup_query, lookup_query_free)
