/* rank: how well a record fits a query, of those that an FTS5 cursor stands at.
 *
 * BM25F (Robertson, Zaragoza and Taylor 2004): a word's occurrences in title,
 * text, quoted text and people are added up with weights before they saturate,
 * and the record's size counts once. On top come a bonus for words of the query
 * that stand side by side, and gentle signals of age and kind. Sizes and times
 * come from the shelf: FTS5's own bm25() asks a table for each row, and visits
 * all rows of each word before it begins. */
#pragma once

#include <sqlite3.h>

#include "lookup/lookup.h"

enum { LOOKUP_MAX_PHRASES = 192 };

/* What is known of the query's phrases before the walk, in the order in which
 * the FTS5 expression has them. */
struct lookup_plan {
	guint phrases, leaves;
	guint leaf[LOOKUP_MAX_PHRASES];    /* the query's word that the phrase is a form
					      of */
	double weight[LOOKUP_MAX_PHRASES]; /* 1: the word itself; less for a surer
					      guess at it; 0: does not count */
	double rarity[LOOKUP_MAX_PHRASES]; /* of each leaf: its idf */
	double average;                    /* size of a record, bytes */
	gint64 now;
	gboolean any; /* records may lack some of the words */
};

/* The score of the row that the cursor stands at; higher is better. */
struct shelf_record;
double lookup_rank(const Fts5ExtensionApi *api, Fts5Context *context, const struct lookup_plan *plan,
		   const struct shelf_record *record);
/* BM25's idf of a word that `documents` of `records` hold; never negative. */
double lookup_rarity(gint64 documents, gint64 records);
