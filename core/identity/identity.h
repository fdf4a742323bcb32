/* identity: who is this about. Customers (organisations and people) out of whatever sources know, the records that
 * concern them, and a person's decisions about both, which no later sync overrules.
 *
 * The writer's part (identity_resolve and the decisions) runs in the one writing thread, inside the open transaction.
 * The asking part reads, on any connection. Customer ids are permanent: an id that was put together with another leads
 * to it for ever.
 *
 * Strength of a link: strong (a key, or a name that nobody else has), weak (a suggestion for somebody to look at),
 * decided. */
#pragma once

#include <glib.h>
#include <jansson.h>

#include "store/store.h"

#define IDENTITY_ERROR (identity_error_quark())
GQuark identity_error_quark(void);
enum identity_error {
	IDENTITY_ERROR_ABSENT = 1, /* no such customer, record or decision */
	IDENTITY_ERROR_REFUSED,    /* it makes no sense: a customer merged with itself, a decision undone twice */
};

struct identity_settings {
	const char *language;            /* "fi" */
	const char *region;              /* "FI"; NULL: numbers without country are no keys */
	const char *const *own_domains;  /* NULL: none */
	double match_strong, match_weak; /* probabilities; 0: 0.95 and 0.5 */
};

typedef struct identity identity;
identity *identity_new(const struct identity_settings *settings); /* copies */
void identity_free(identity *i);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(identity, identity_free)
/* What was remembered of the store is read anew: to be called after a rollback. */
void identity_rolled_back(identity *i);

/* ---- the writer's path ---- */

/* To be called inside the transaction after store_put said STORE_ADDED or STORE_CHANGED, with the row that it gave. */
gboolean identity_resolve(identity *i, store *s, gint64 record_row, const struct meri_record *record, GError **error);
/* Draws the consequences of records that were removed; after removals, inside the transaction. Cheap when there are
 * none. */
gboolean identity_settle(identity *i, store *s, GError **error);
/* Looks for names that are new in texts that are old: up to `budget` customers; TRUE in `more` when some are left. Idle
 * work. */
gboolean identity_look_back(identity *i, store *s, guint budget, gboolean *more, GError **error);
/* Resolves up to `budget` records with ids above `after` as they stand in the store (a store from before identity, or
 * new rules); `last`: the highest id done, 0 when there were none. Decisions stand. */
gboolean identity_resolve_stored(identity *i, store *s, gint64 after, guint budget, gint64 *last, GError **error);

/* ---- decisions; inside a transaction ---- */

struct identity_effect {
	gint64 decision;  /* id; 0 from a preview */
	gint64 customer;  /* whom it leads to */
	gint64 records;   /* that move */
	gint64 customers; /* rows of customers that move */
	char *summary;    /* one line */
	GArray *touched, *moved; /* gint64: those records, those rows; for who may see only some of them */
};
void identity_effect_clear(struct identity_effect *effect);

/* `what` is a JSON object, as it is kept in the journal:
 *   {"kind": "merge", "from": 7, "into": 3}
 *   {"kind": "split", "customer": 3, "records": [51, 52]}        records of kind account or person: they leave,
 * together
 *   {"kind": "apart", "a": 7, "b": 3}                            is not the same
 *   {"kind": "link", "customer": 3, "records": [90, 91]}
 *   {"kind": "unlink", "customer": 3, "records": [90]}
 *   {"kind": "own", "customer": 3, "key": "domain", "value": "example.fi"}
 *   {"kind": "create", "name": "Virtasen Konepaja Oy", "person": false}
 *   {"kind": "role", "person": 9, "customer": 3, "role": "buyer"}
 * `preview`: nothing stays changed (a savepoint is rolled back). ABSENT, REFUSED. */
gboolean identity_decide(identity *i, store *s, const json_t *what, const char *who, const char *why, gint64 now,
			 gboolean preview, struct identity_effect *effect, GError **error);
gboolean identity_undo(identity *i, store *s, gint64 decision, const char *who, const char *why, gint64 now,
		       gboolean preview, struct identity_effect *effect, GError **error);

struct identity_decision {
	gint64 id, made, undone;
	char *kind, *by, *why, *what, *undone_by, *undone_why;
};
void identity_decision_free(struct identity_decision *decision);
GPtrArray *identity_decisions(store *s, gint64 customer, guint limit,
			      GError **error); /* newest first; customer 0: all */

/* ---- questions ---- */

enum identity_kind { IDENTITY_ORGANISATION = 1, IDENTITY_PERSON };

struct identity_found {
	gint64 id;
	enum identity_kind kind;
	char *name;
	char *organisation; /* of a person: the employer's name; NULL */
	double likeness;    /* 1: exactly */
	char *by;           /* "name", "e-mail", "domain", "id", "phone", "business-id", "crm-id" */
	gint64 records;  /* counted up to IDENTITY_COUNTED */
	gint64 last;     /* time of the newest record */
	gboolean more;   /* there are more than `records` */
};
enum { IDENTITY_COUNTED = 1000 };
void identity_found_free(struct identity_found *found);
/* Customers that the text may mean, best first: name in any inflection or with slips, e-mail, domain, phone, business
 * id, CRM id, id ("42" or "c42"). `i` is needed for region and language. */
GPtrArray *identity_find(const identity *i, store *s, const char *text, guint limit, GError **error);
/* The customer that the id leads to, as identity_find shows it, likeness 1. ABSENT */
struct identity_found *identity_brief(store *s, gint64 id, const char *by, GError **error);

struct identity_key {
	const char *kind;
	char *value;
	gboolean doubt; /* others claim it, too */
	gboolean decided;
};
struct identity_member {    /* a record that tells of the customer */
	gint64 row, record; /* row: customer id of its own; record 0: made by hand */
	char *name, *source, *external_id;
	char *why; /* the evidence that ties it to the others; NULL if it is alone */
	char *url; /* where a person can open the original; NULL if the source does not say */
};
struct identity_person_of {
	gint64 id; /* 0: known by address alone */
	char *name, *address, *role;
	gint64 since, until; /* 0: not known, today */
	gint64 records, last;
};
struct identity_tally {
	char *word; /* source, kind or year */
	gint64 records, last;
};
struct identity_view {
	gint64 id;
	enum identity_kind kind;
	char *name;
	GPtrArray *keys, *members, *people, *employers; /* identity_key, identity_member, identity_person_of twice */
	GPtrArray *sources, *kinds, *years;             /* identity_tally */
	gint64 records, first, last;                    /* of links; times */
	gint64 suggestions;                             /* records that may be about it */
};
void identity_view_free(struct identity_view *view);
/* NULL and ABSENT when there is no such customer. An id of before a merge gives the customer it leads to. */
struct identity_view *identity_customer(store *s, gint64 id, GError **error);
/* The customer that an id leads to; 0: none. */
gint64 identity_now(store *s, gint64 id);

struct identity_reasons {
	gint64 customer;
	char *name;
	int strength; /* 1 weak, 2 strong, 3 decided */
	char *rule, *words;
};
void identity_reasons_free(struct identity_reasons *reasons);
/* Whom a record is about and why; one a reason, strongest first. */
GPtrArray *identity_why(store *s, gint64 record, GError **error);

struct identity_suggestion {
	gint64 a, b;           /* two customers that may be one; or customer and ... */
	gint64 record;         /* ... 0, or a record that may be about customer `a` */
	char *a_name, *b_name; /* b_name: the record's title */
	double probability;
	char *why;
};
void identity_suggestion_free(struct identity_suggestion *suggestion);
GPtrArray *identity_suggestions(const identity *i, store *s, guint limit, GError **error);

struct identity_unmatched {
	const char *kind; /* what the records share: "domain", "e-mail", "name"; "" for nothing */
	char *value;
	gint64 records, last;
	gint64 sample; /* the newest of the records */
	char *title;
};
void identity_unmatched_free(struct identity_unmatched *unmatched);
/* Records that are about nobody we know, grouped by what they share, most first. */
GPtrArray *identity_unmatched(store *s, guint limit, GError **error);

typedef struct identity_view identity_view;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(identity_view, identity_view_free)
