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
	gint64 occurred;
	guint more;   /* further hits in the same thread */
	double score; /* higher is better */
};

struct lookup_count {
	char *value;
	gint64 count;
};

struct lookup_answer {
	char *query;      /* as it was read */
	GPtrArray *notes; /* char * */
	gint64 total;     /* records that match; as many were counted, if `more` */
	gboolean more;    /* there are more: total and facets are of the newest ones */
	GPtrArray *hits;  /* struct lookup_hit * */
	GPtrArray *sources, *kinds,
		*years; /* facets over all matches: struct lookup_count *, most first (years: newest first) */
};

struct lookup_request {
	const char *typed;
	const identity *who; /* to tell whom customer: means; NULL: customers are words */
	guint limit, offset; /* hits wanted */
	gboolean full;       /* rank every match, however many there are: for measuring */
	gint64 now;
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

typedef struct lookup_answer lookup_answer;
typedef struct lookup_record lookup_record;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(lookup_answer, lookup_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(lookup_record, lookup_record_free)
