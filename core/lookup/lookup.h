/* lookup: questions to the store, and their answers as plain structs (core/serve makes JSON of them). Reads only. */
#pragma once

#include "identity/identity.h"
#include "lookup/query.h"
#include "store/store.h"
#include "text/text.h"

struct lookup_mark {
	guint start, length; /* characters (code points) of the snippet */
};

struct lookup_customer {
	gint64 id;
	char *name;
};

struct lookup_hit {
	gint64 id;
	char *source, *external_id, *title, *url, *thread, *snippet;
	const char *kind;
	char *from;           /* who wrote it, as displayed; NULL if nobody is named */
	GPtrArray *customers; /* struct lookup_customer *: whom it is about */
	GArray *marks;        /* struct lookup_mark: where the query's words stand in the snippet */
	GArray *title_marks;  /* the same of the title */
	gint64 occurred;
	guint more;   /* further hits in the same thread */
	double score; /* higher is better */
};

struct lookup_count {
	char *value;
	char *name; /* of a customer, whose id is the value; else NULL */
	gint64 count;
};

enum lookup_sort { LOOKUP_BEST, LOOKUP_NEWEST };

/* Where a page of hits ended. It stays right when records come and go: the next page begins behind that very record,
 * or where it would stand. All zero: the beginning, and the end. */
struct lookup_cursor {
	double score;
	gint64 occurred, id;
	gint64 now; /* what the age of records was reckoned from */
	gint64 row; /* the store's last record then: what came later is on no later page of the best */
};

/* What hits must be besides what was typed: of each of these, one of those named; where none is named, any. Names that
 * mean nothing match nothing. */
struct lookup_filters {
	const char *const *sources; /* NULL-terminated; NULL: any */
	const char *const *kinds;   /* words of the API */
	const char *const *teams;   /* whose source it is */
	const gint64 *customers;    /* ids of customers of today */
	gsize n_customers;
	const int *years; /* as the daemon's clock has them */
	gsize n_years;
};

struct lookup_answer {
	char *query;               /* as it was read */
	GPtrArray *notes;          /* char * */
	gint64 total;              /* records that match; as many were counted, if `more` */
	gboolean more;             /* there are more: total and facets are lower bounds */
	GPtrArray *hits;           /* struct lookup_hit * */
	struct lookup_cursor next; /* where the next page begins; all zero: there is none */
	/* Facets: struct lookup_count *, most first (years: newest first). Each counts the matches that its own filter
	 * keeps out, too, so that another value can be chosen instead; but `customers`, at most LOOKUP_CUSTOMERS, are
	 * of the first LOOKUP_CUSTOMERS_OF matches that pass all filters, by newest row, and of a first page only. */
	GPtrArray *sources, *kinds, *years, *teams, *customers;
};
enum { LOOKUP_CUSTOMERS = 20, LOOKUP_CUSTOMERS_OF = 200 };

struct lookup_request {
	const char *typed;
	const identity *who; /* to tell whom customer: means; NULL: customers are words */
	guint limit, offset; /* hits wanted */
	struct lookup_filters filters;
	enum lookup_sort sort;
	struct lookup_cursor after; /* `next` of the page before, asked with the same words, filters and sort */
	gboolean full;              /* rank and count every match, however many there are: for measuring */
	gint64 now;                 /* `after.now`, if that is set */
};

/* Once for each connection, before it is asked. */
gboolean lookup_prepare(store *s, GError **error);

struct lookup_answer *lookup_find(store *s, text_analyser *analyser, const struct lookup_request *request,
				  GError **error);
void lookup_answer_free(struct lookup_answer *answer);

/* The word of a kind in the API ("message"), and back; 0 for a word that is none. Understands Finnish and Swedish. */
const char *lookup_kind_name(int kind);
int lookup_kind_of(const char *word);

/* A whole record; arrays of strings lie flat: parties 4 a piece (role, name, address, organisation), pairs 2. */
struct lookup_record {
	struct lookup_hit head;
	char *text, *parent, *item, *language;
	gint64 updated, added, changed;
	GPtrArray *parties, *fields, *hints, *left_out;
};
struct lookup_record *lookup_record_get(store *s, gint64 id, GError **error); /* STORE_ERROR_ABSENT */
void lookup_record_free(struct lookup_record *record);
/* How many of the records, and of the customers' own rows, are there for who asks: ids, gint64. */
gboolean lookup_count_there(store *s, const GArray *records, gint64 *count, GError **error);
gboolean lookup_count_rows_there(store *s, const GArray *rows, gint64 *count, GError **error);
/* Who may read the record, as its source names them; none: the source did not say. */
GPtrArray *lookup_readers(store *s, gint64 record, GError **error); /* char * */

typedef struct lookup_answer lookup_answer;
typedef struct lookup_record lookup_record;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(lookup_answer, lookup_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(lookup_record, lookup_record_free)
