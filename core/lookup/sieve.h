/* sieve: which of the records that hold the words are hits: filters, the simple
 * fields of the query (source:, kind:, team:, customer:, after:, before:), and,
 * on a fenced connection, what may be read. It looks at the shelf, so it costs
 * little; and it tells which filters alone keep a record out, which is what
 * facets count. */
#pragma once

#include "lookup/lookup.h"
#include "lookup/shelf.h"

enum { FIRST_YEAR = 1970, LAST_YEAR = 2100, YEARS = LAST_YEAR - FIRST_YEAR };

/* What keeps a record out. */
enum sieve_miss { MISS_SOURCE = 1, MISS_KIND = 2, MISS_YEAR = 4, MISS_TEAM = 8, MISS_CUSTOMER = 16, MISS_ALL = 32 };

struct sieve;
typedef struct sieve lookup_sieve;

/* Everything that may be read. NULL on error. */
struct sieve *sieve_new(store *s, const struct shelf *shelf, GError **error);
void sieve_free(struct sieve *sieve);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(lookup_sieve, sieve_free)

gboolean sieve_filter(struct sieve *sieve, const struct lookup_filters *filters, GError **error);
/* Takes a field of the query that every hit must have; with `deny`, that none
 * may have. FALSE: it is none of the simple ones, and the sieve is as it was.
 */
gboolean sieve_field(struct sieve *sieve, const struct lookup_node *field, gboolean deny, const identity *who,
		     GPtrArray *notes);

/* A set of enum sieve_miss; 0: a hit. `record` is filled unless it is MISS_ALL.
 */
guint sieve_look(struct sieve *sieve, gint64 id, struct shelf_record *record);
/* The only rows that can be hits, ascending, where that is known; else NULL.
 * Borrowed. */
const GArray *sieve_rows(const struct sieve *sieve);

guint sieve_sources(const struct sieve *sieve); /* ids of sources of records
						   that get through are below */

/* Keeps out records that came after `row`. */
void sieve_upto(struct sieve *sieve, gint64 row);

/* How many records may be read, and how long one is: by a few hundred of them. To be asked before the sieve is given
 * fields of the query. */
struct sieve_basis {
	gint64 records;
	double average;
};
struct sieve_basis sieve_measure(const struct sieve *sieve);

/* The year of a time where the daemon stands, less FIRST_YEAR; -1: none of
 * these. */
int sieve_year(gint64 seconds);
