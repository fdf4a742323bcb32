/* match: a query's tree as SQL. Words become one FTS5 expression as far as they can; what FTS5 cannot say (fields, OR
 * between words and fields) becomes conditions on the record. Values are always bound, never pasted. */
#pragma once

#include "lookup/lookup.h"

struct lookup_match {
	char *fts;         /* FTS5 expression that every hit matches; NULL: none */
	char *where;       /* further condition on `record r`, with ? for values; NULL: none */
	GPtrArray *values; /* of where's ?: struct lookup_value * */
};

struct lookup_value {
	char *text;        /* NULL: `number` is meant */
	gint64 number;
};

struct lookup_match *lookup_match_new(text_analyser *analyser, const struct lookup_query *query);
void lookup_match_free(struct lookup_match *match);
/* Binds the values from parameter `index` on. */
void lookup_match_bind(const struct lookup_match *match, sqlite3_stmt *statement, int index);

typedef struct lookup_match lookup_match;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(lookup_match, lookup_match_free)
