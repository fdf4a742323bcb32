/* timeline: a customer's records in the order of time, with filters, and what follows from all of them together: how
 * many there are in each month, when somebody was last heard of in each source, what is still open. Also the records of
 * one conversation, and customers by who was heard of last. Reads only, by names of tables that a fence may stand
 * before. */
#pragma once

#include "lookup/lookup.h"

/* Where a page ends: a place in the order of time that stays right when records come and go. All zero: the beginning.
 */
struct lookup_place {
	gint64 occurred, id;
	gint64 part; /* of lookup_contacts: the last customer of that record; 0: all of them */
};

/* One of a customer's records, as narrow as the order of time needs it. */
struct lookup_moment {
	gint64 id, occurred;
	gint64 source;
	int kind;
};

/* At most so many of a customer's records are looked at, the newest rows. */
enum { LOOKUP_MOMENTS = 200000 };

/* The customer's records, newest first (of one time: the later row first); struct lookup_moment. The id of a customer
 * of today. NULL on error. */
GArray *lookup_moments(store *s, gint64 customer, GError **error);

struct lookup_timeline_request {
	GArray *moments; /* of lookup_moments; borrowed */
	/* Either of these where there are several; NULL or empty: any. char * each. */
	const GPtrArray *sources, *kinds, *years;
	const char *typed; /* words and fields as in find; NULL or empty: any record */
	const identity *who;
	struct lookup_place after;
	guint limit;
	gint64 now;
};

struct lookup_page {
	GPtrArray *hits; /* struct lookup_hit *; score and more are 0 */
	gint64 total;    /* of a timeline or a thread: all that fit, not only those after the place */
	gboolean more;   /* there are more than `total` */
	gboolean end;    /* nothing comes after these */
	struct lookup_place next;
	GPtrArray *notes; /* char *: of `typed`; NULL for a thread */
};
struct lookup_page *lookup_timeline(store *s, text_analyser *analyser, const struct lookup_timeline_request *request,
				    GError **error);
void lookup_page_free(struct lookup_page *page);

/* The records of the conversation that the record stands in, oldest first; itself alone if it is in none. ABSENT. */
struct lookup_page *lookup_thread(store *s, text_analyser *analyser, gint64 record, struct lookup_place after,
				  guint limit, GError **error);
/* How many records the conversation has, 1 where there is none, counted up to `most`. FALSE on error. */
gboolean lookup_thread_size(store *s, gint64 record, guint most, gint64 *size, GError **error);

/* ---- out of all moments ---- */

enum { LOOKUP_KINDS = 10 };

struct lookup_month {
	int year, month;             /* where the daemon stands; month 1 to 12 */
	gint64 counts[LOOKUP_KINDS]; /* by enum meri_kind */
};
/* struct lookup_month, oldest first, without those in which nothing happened. Records without a time count nowhere. */
GArray *lookup_months(const GArray *moments);

struct lookup_last {
	gint64 source, count, last; /* last: of what happened up to now; 0: nothing that has a time */
};
GArray *lookup_lasts(const GArray *moments, gint64 now); /* struct lookup_last, most records first */

/* ---- what is open ---- */

/* Does the word of a ticket's or deal's status say that it is over? In Finnish, Swedish and English. */
gboolean lookup_status_closed(const char *status);

struct lookup_matter {
	gint64 id, occurred;
	const char *kind;
	char *title, *status, *source, *url;
};
/* Tickets and deals among the moments that have a status, and not one of those that end them; the newest first, at
 * most `limit`. struct lookup_matter *. */
GPtrArray *lookup_open_matters(store *s, const GArray *moments, guint limit, GError **error);

/* ---- customers by last contact ---- */

struct lookup_contact {
	gint64 customer;
	gint64 occurred; /* of its newest record */
};
/* Customers of whom somebody was heard, the newest first, and then those made by hand of whom nobody was; struct
 * lookup_contact. `next`: where to go on; `end`: there is no more. A page may have fewer than `limit` (none, too) and
 * still not be the end, so that its time is bounded. */
GArray *lookup_contacts(store *s, struct lookup_place after, guint limit, struct lookup_place *next, gboolean *end,
			GError **error);

typedef struct lookup_page lookup_page;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(lookup_page, lookup_page_free)
