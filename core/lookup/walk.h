/* walk: visits the records that hold the words of a query, from the newest row
 * back, as an auxiliary function of FTS5: all that is to be done at a row is
 * done there, and a whole walk is one step of a statement. Rows go through the
 * sieve, are counted for the facets, ranked and kept; the walk ends when enough
 * have matched or been visited. */
#pragma once

#include "lookup/match.h"
#include "lookup/sieve.h"

/* Records by what they are. Of each of these the matches, and what only its own
 * filter keeps out. */
struct tallies {
	guint *sources, *teams; /* by id of the source */
	guint kinds[16], years[YEARS];
};

struct candidate {
	gint64 id, occurred;
	double score;
};

/* What is wanted, and what was found. */
struct walk {
	struct sieve *sieve;
	const struct lookup_plan *plan; /* NULL: candidates are not ranked */
	struct tallies *tallies;        /* NULL: not counted */
	GArray *candidates;             /* struct candidate: those that match are added; NULL: not
					   kept */
	GArray *ids;                    /* gint64: rows that match; NULL: not kept */
	guint ranked;                   /* so many of the first matches become candidates */
	guint limit, visits;            /* so many matches, or so many rows that were looked at,
					   end the walk */
	guint most;                     /* so many of the best candidates are kept, at least; 0: all */
	struct candidate behind;        /* keeps those only that come behind this one; id 0: all */
	/* found */
	guint matched, visited;
	gint64 first, last;     /* the first row that matched, and the last row that was
				   visited; 0: none */
	gboolean ended;         /* by a limit: there may be more */
	gboolean dropped;       /* there were more than `most` */
	struct candidate worst; /* where dropped: what does not come before this one is not kept */
	/* of the row at hand */
	struct shelf_record record;
	guint misses;
};

/* The order of hits: higher score, then newer, then the later row. */
int candidate_order(gconstpointer a, gconstpointer b);
int row_order(gconstpointer a, gconstpointer b); /* gint64, ascending */

/* Makes the functions known to the connection; twice is once. */
gboolean walk_register(store *s, GError **error);

/* Walks over rows `from` to `to`, both included, that match the FTS5
 * expression, and the condition on `record r` if `match` has one; `match` NULL:
 * none. */
gboolean walk_words(store *s, struct walk *walk, const char *fts, const struct lookup_match *match, gint64 from,
		    gint64 to, GError **error);
/* The same over records that the condition is true for, by time, newest first.
 */
gboolean walk_condition(store *s, struct walk *walk, const struct lookup_match *match, GError **error);
/* Takes a record as if it had been met, if the sieve lets it through. */
void walk_take(struct walk *walk, gint64 id, double score);
