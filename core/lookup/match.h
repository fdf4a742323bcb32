/* match: a query's tree as SQL. Words become one FTS5 expression as far as they
 * can; what FTS5 cannot say (fields, OR between words and fields) becomes
 * conditions on the record. Values are always bound, never pasted. */
#pragma once

#include "lookup/rank.h"

/* A word or phrase of the query that records must have, as it is asked for. */
struct lookup_leaf {
	char *written; /* as typed */
	double rarity;
	gint64 documents; /* records that hold it, at most: by the index's own counts
			     of its terms */
};

struct lookup_match {
	char *fts;               /* FTS5 expression that every hit matches; NULL: none */
	char *where;             /* further condition on `record r`, with ? for values; NULL: none */
	GPtrArray *values;       /* of where's ?: struct lookup_value * */
	GArray *leaves;          /* struct lookup_leaf: of fts, those that are wanted */
	text_marker *marker;     /* where fts's words stand in a text; `which` is the leaf */
	GHashTable *forms;       /* words of texts that were looked at -> the leaves that they are forms of, as bits */
	gboolean prefix;         /* a beginning is asked for: FTS5 gathers all its words anew each time it is asked */
	gboolean partial;        /* fts leaves some out: the commonest words that begin so stand for all */
	struct lookup_plan plan; /* how fts's phrases count; average and now are the caller's */
};

struct lookup_value {
	char *text; /* NULL: `number` is meant */
	gint64 number;
};

/* `who`: to tell whom customer: means; NULL: they are words. `records`: how
 * many the store has. `any`: of words that stand beside each other one is
 * enough. What was read otherwise than it looks is added to the query's notes.
 */
struct lookup_match *lookup_match_new(store *s, text_analyser *analyser, const identity *who,
				      const struct lookup_query *query, gint64 records, gboolean any);
enum lookup_match_flags { LOOKUP_MATCH_ANY = 1, LOOKUP_MATCH_WHOLE = 2 };
/* The same, by flags. WHOLE: a beginning is all the words that begin so, however common they are. */
struct lookup_match *lookup_match_make(store *s, text_analyser *analyser, const identity *who,
				       const struct lookup_query *query, gint64 records, enum lookup_match_flags flags);
void lookup_match_free(struct lookup_match *match);
/* A passage of `text` of about `width` characters around the words that match,
 * on one line. */
char *lookup_snippet(text_analyser *analyser, const struct lookup_match *match, const char *text, guint width,
		     GArray *marks);
/* The same; unless `thorough` it may find none, where the words stand in a form that is unlike them or not at all. */
char *lookup_passage(text_analyser *analyser, const struct lookup_match *match, const char *text, guint width,
		     gboolean thorough, GArray *marks);
/* Where the words that match stand in a short text that is shown as it is, such
 * as a title. */
void lookup_marks(text_analyser *analyser, const struct lookup_match *match, const char *text, GArray *marks);
/* Binds the values from parameter `index` on. */
void lookup_match_bind(const struct lookup_match *match, sqlite3_stmt *statement, int index);

typedef struct lookup_match lookup_match;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(lookup_match, lookup_match_free)
