/* suggest: what somebody who is still typing may mean: customers by name, address or number, ends of the word at hand,
 * and records whose title begins so. Every part is bounded by numbers of rows, so that it answers while one types,
 * however large the store is. Reads only, by names of tables that a fence may stand before; words come out of what the
 * asker may read. */
#pragma once

#include "lookup/lookup.h"

enum { LOOKUP_TYPED_MAX = 200 }; /* characters that are looked at; what is typed longer is cut */

struct lookup_titled {
	gint64 id, occurred;
	const char *kind;
	char *title, *source;
};

struct lookup_suggestions {
	GPtrArray *customers; /* struct identity_found *, best first */
	GPtrArray *words;     /* char *: ends of the last word, as they are written; the commonest first */
	GPtrArray *records;   /* struct lookup_titled *, newest first, each title once */
};

/* At most `limit` of each. `typed`: any bytes. */
struct lookup_suggestions *lookup_suggest(store *s, const identity *who, const char *typed, guint limit,
					  GError **error);
void lookup_suggestions_free(struct lookup_suggestions *suggestions);

typedef struct lookup_suggestions lookup_suggestions;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(lookup_suggestions, lookup_suggestions_free)
