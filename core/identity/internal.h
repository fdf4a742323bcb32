/* identity/internal: what the files of core/identity share, and no other folder includes. */
#pragma once

#include <jansson.h>

#include "identity/cache.h"
#include "identity/identity.h"
#include "identity/profile.h"
#include "store/store.h"

/* ---- sql.c ---- */

/* A cached statement with its parameters bound: `types` has a letter each: i gint64, d double, t text (NULL allowed;
 * must live until the statement was stepped), n NULL. NULL on error. Only one use of the same SQL at a time: read rows
 * before asking again. */
sqlite3_stmt *identity_ask(store *s, GError **error, const char *sql, const char *types, ...);
/* TRUE while there is a row; FALSE at the end (the statement is reset), or on error (then *failed). */
gboolean identity_row(store *s, sqlite3_stmt *ask, gboolean *failed, GError **error);
/* Runs a statement that gives no rows. */
gboolean identity_do(store *s, GError **error, const char *sql, const char *types, ...);
/* The first column of the first row; `otherwise` without a row. */
gboolean identity_number(store *s, GError **error, gint64 *number, gint64 otherwise, const char *sql, const char *types,
			 ...);
/* The first column of all rows. */
GArray *identity_numbers(store *s, GError **error, const char *sql, const char *types, ...); /* gint64; NULL on error */

/* ---- reading.c: what a record says about whom it is about ---- */

enum identity_key_kind {
	IDENTITY_KEY_CRM = 1,
	IDENTITY_KEY_BUSINESS,
	IDENTITY_KEY_EMAIL,
	IDENTITY_KEY_DOMAIN,
	IDENTITY_KEY_PHONE,
	IDENTITY_KEY_ORG,
	IDENTITY_KEY_PERSON,
	IDENTITY_KEY_USER,
	IDENTITY_KEY_REPLY /* of a mail without any other key: the mail that it answers */
};

enum identity_role {
	IDENTITY_ROLE_SUBJECT = 1, /* a hint, or a party on the customer's side */
	IDENTITY_ROLE_EMPLOYER,    /* of a person record: whom the person works for */
	IDENTITY_ROLE_OWN,         /* of an account or person record: its own */
};

struct identity_said {
	enum identity_key_kind kind;
	enum identity_role role;
	char *value;
	char *shown;        /* name that came with an address; NULL */
	char *domain;       /* of an address, if it can tell a customer; NULL */
	gint64 key, parent; /* ids, once identity_key_intern was there; the parent is the domain's key, 0 if none */
	gboolean made;      /* the key is new: nobody owned or held it */
};

struct identity_reading {
	int kind;   /* 0: no customer of its own; 1 organisation, 2 person */
	char *name; /* as written; of a customer */
	struct identity_profile *profile;
	GArray *said; /* struct identity_said */
};

struct identity_reading *identity_read(const struct identity *identity, const struct meri_record *record);
void identity_reading_free(struct identity_reading *reading);
typedef struct identity_reading identity_reading;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(identity_reading, identity_reading_free)

/* A profile as text, and back. */
char *identity_profile_pack(const struct identity_profile *profile);
struct identity_profile *identity_profile_unpack(const char *packed, gboolean person);

/* ---- counts.c: how common values are ---- */

void identity_counts_forget(struct identity *identity); /* after a rollback */
double identity_counts_get(struct identity *identity, store *s, enum identity_field field, const char *value);
gboolean identity_counts_add(struct identity *identity, store *s, const struct identity_profile *profile, int by,
			     GError **error);
double identity_counts_population(struct identity *identity, store *s, int kind);

/* ---- filing.c: under what rows are found ---- */

gboolean identity_file(store *s, gint64 node, const struct identity_profile *profile, GError **error);
/* `profile`: as it was when the row was filed. */
gboolean identity_unfile(store *s, gint64 node, const struct identity_profile *profile, GError **error);
/* Of a row that was made by hand: found by its name, like none. `there` FALSE: it goes. */
gboolean identity_file_name(store *s, gint64 node, int kind, const char *name, gboolean there, GError **error);
/* Rows of the same kind that are worth comparing with the profile of `node` (gint64). NULL on error. */
GArray *identity_candidates(struct identity *identity, store *s, gint64 node, const struct identity_profile *profile,
			    GError **error);
/* Files and counts the rows that a change of the rules left out; nothing to do, most of the time. */
gboolean identity_file_rest(struct identity *identity, store *s, GError **error);
/* Past all words that begin with the prefix; free with g_free. */
char *identity_prefix_end(const char *prefix);

/* ---- node.c: rows of customers ---- */

/* The customer row of the record at hand, made or brought up to date with all that hangs on it: keys, blocks, pairs,
 * groups. `dirty`: ids of keys whose owners changed are appended (gint64). */
gboolean identity_node_put(struct identity *identity, store *s, const struct identity_reading *reading, GArray *dirty,
			   gint64 *node, GError **error);
/* Takes a row's keys, blocks and pairs away; the row stays as gone. */
gboolean identity_node_retire(struct identity *identity, store *s, gint64 node, GArray *dirty, GError **error);
/* How good a claim to a key is; of several, the best of each kind of customer counts alone. */
enum identity_claim {
	IDENTITY_CLAIM_GUESS = 1, /* a contact's address has this domain */
	IDENTITY_CLAIM_LIKELY,    /* ... and the domain looks like the employer's name */
	IDENTITY_CLAIM_OWN,       /* the customer's own record says it */
	IDENTITY_CLAIM_DECIDED,
};
/* Those who have the best claims of each kind of customer to a key, best first. */
struct identity_owner {
	gint64 node;
	const char *source; /* interned; NULL: made by hand */
	int kind;
	int claim;
	int claims; /* of this strength */
};
struct identity_owners {
	guint n;
	struct identity_owner owner[];
};
/* The last two that were asked for are good, until somebody owns a key; NULL on error. */
const struct identity_owners *identity_key_owners(struct identity *identity, store *s, gint64 key, GError **error);
/* Fills in the ids of the key, which is made if there is none. */
gboolean identity_key_intern(struct identity *identity, store *s, struct identity_said *said, GError **error);
gboolean identity_key_own(struct identity *identity, store *s, gint64 key, gint64 node, gint64 via, int strength,
			  GError **error);
/* Who owns these keys (ids, gint64) was changed in the store: nothing of it is remembered. */
void identity_keys_changed(struct identity *identity, const GArray *keys);
void identity_keys_forget(struct identity *identity); /* after a rollback: of all keys */
/* Recomputes the doubt of the keys that these rows own. */
gboolean identity_doubt_rows(store *s, const GArray *nodes, GError **error);
gboolean identity_doubt_key(store *s, gint64 key, GError **error);

/* ---- group.c: which rows are one customer ---- */

/* Recomputes `now` of these rows and of all that hang together with them, from pairs and decisions alone. */
gboolean identity_regroup(struct identity *identity, store *s, const GArray *nodes, GError **error);

/* ---- link.c: records and customers ---- */

enum identity_rule {
	IDENTITY_RULE_ITSELF = 1,
	IDENTITY_RULE_CRM,
	IDENTITY_RULE_CRM_OWN,
	IDENTITY_RULE_BUSINESS,
	IDENTITY_RULE_EMAIL,
	IDENTITY_RULE_DOMAIN,
	IDENTITY_RULE_PHONE,
	IDENTITY_RULE_ORG,
	IDENTITY_RULE_PERSON,
	IDENTITY_RULE_USER,
	IDENTITY_RULE_EMPLOYER,
	IDENTITY_RULE_MENTION,
	IDENTITY_RULE_MENTION_SHORT,
	IDENTITY_RULE_DECIDED,
	IDENTITY_RULE_DENIED,
	IDENTITY_RULE_NAME_NEAR,
	IDENTITY_RULE_THREAD
};

/* All links of a record anew, but those by mention. */
gboolean identity_relink(struct identity *identity, store *s, gint64 record, GError **error);
/* What is said about a ticket, and mails that answer this one and say nothing of their own, follow it. */
gboolean identity_relink_comments(struct identity *identity, store *s, gint64 ticket, GError **error);
/* The keys of the record at hand become those of its reading, which gets their ids. */
gboolean identity_keys_set(struct identity *identity, store *s, struct identity_reading *reading, GError **error);
/* All links anew, but those by mention, of all records that hold one of the keys (ids, gint64). */
gboolean identity_relink_keys(struct identity *identity, store *s, const GArray *keys, GError **error);

/* What relinking a person's record did to employments: keys whose owners changed are appended to `dirty`. */
gboolean identity_employ(struct identity *identity, store *s, gint64 record, gint64 person, gint64 when, GArray *dirty,
			 GError **error);
const char *identity_rule_name(int rule);

/* ---- alike.c: names like a text ---- */

struct identity_near_name {
	gint64 node;
	double bits; /* likeness: 1 exactly */
};
/* Rows of a kind (0: of both) with a name like the text's, at least so like, best first. NULL on error. */
GArray *identity_names_alike(store *s, const char *text, int kind, double least, GError **error);

/* ---- alone.c: what a word of a name means where it stands alone ---- */

enum identity_form { /* how it was written, somewhere in a record */
		     IDENTITY_FORM_LOWER = 1,
		     IDENTITY_FORM_OPENS = 2,  /* with a capital, as any word at the beginning of a sentence */
		     IDENTITY_FORM_INSIDE = 4, /* with a capital inside of one */
		     IDENTITY_FORM_TITLE = 8,
		     IDENTITY_FORM_PERSON = 16, /* a person's whole name */
};
enum identity_alone {                            /* what it means, as weighed last */
		      IDENTITY_ALONE_THEIRS = 1, /* who writes it means the customer */
		      IDENTITY_ALONE_NAME =
			      2, /* it is never in small letters, and with a capital inside of sentences */
		      IDENTITY_ALONE_WORD = 4, /* it is often in small letters: a word like others */
};
gboolean identity_alone_state(struct identity *identity, store *s, gint64 node, int *state, GError **error);
/* It was seen in the record: to be weighed anew. */
gboolean identity_alone_seen(struct identity *identity, store *s, gint64 record, gint64 node, int form, GError **error);
/* What speaks for one meaning or another has changed. */
gboolean identity_alone_doubt(store *s, gint64 node, GError **error);
/* Weighs it; TRUE in `other` when it means something else than before. */
gboolean identity_alone_weigh(struct identity *identity, store *s, gint64 node, gboolean *other, GError **error);
/* The record's other links have changed: what it says of names is read again. */
gboolean identity_alone_relinked(store *s, gint64 record, GError **error);
/* What came behind the record in its conversation is read again: it may say less, for the record has said it. */
gboolean identity_alone_behind(store *s, gint64 record, GError **error);
/* The two words share a case of a name: "virtaselle" and "virtanen". */
gboolean identity_words_alike(const char *a, const char *b);

/* ---- mention.c: names in texts ---- */

typedef struct identity_automaton identity_automaton;
/* Scans the record's text and sets its links by mention. */
gboolean identity_mentions(struct identity *identity, store *s, gint64 record, const struct meri_record *from,
			   GError **error);
/* A customer row's name is new, or gone (NULL). */
void identity_names_set(struct identity *identity, gint64 node, int kind, const char *name);
void identity_names_forget(struct identity *identity); /* they are read from the store when they are needed next */

/* ---- resolve.c ---- */

/* Resolves a record as it stands in the store; `mentions_only`: only looks for names in its text. */
gboolean identity_resolve_one(struct identity *identity, store *s, gint64 id, gboolean mentions_only, GError **error);

/* ---- decide.c ---- */

/* The decided links of a record, by its source and id. */
gboolean identity_decided_links(struct identity *identity, store *s, gint64 record, GError **error);

/* The record that is being resolved: what need not be asked of the store. */
struct identity_hand {
	gint64 row, source_id;
	const char *source; /* interned */
	const struct meri_record *record;
	const struct identity_reading *reading;
	gint64 node;      /* its customer row; 0: none */
	gboolean fresh;   /* it was never resolved: there is nothing of it to take away */
	gint64 made_from; /* keys from this id on were made for it: no other record holds them; 0: none */
};

struct identity {
	struct identity_settings settings;
	char **own_domains; /* registered domains */
	char *language, *region;
	double strong, weak;       /* bits */
	identity_cache *counts;    /* letter of the field, value -> gint64 * */
	identity_cache *keys;      /* letter of the kind, value -> struct known_key * (node.c) */
	identity_cache *owners;    /* gint64: key -> struct identity_owners * */
	identity_cache *common;    /* gint64: blocks that too many share */
	gint64 source_id;          /* the source asked for last, and its name */
	const char *source;        /* interned */
	gint64 population[3];      /* by kind; -1: not known */
	identity_automaton *names; /* NULL: to be read from the store */
	gboolean persons_named;
	gboolean looking_back;      /* texts are read again: nothing new is seen in them */
	gboolean filed;             /* no row waits for being filed */
	int decided;                /* are there decided links at all? -1: not known */
	gint64 next_node;           /* the id that the next customer row will have, most likely */
	gint64 newest;              /* the highest record that has keys, links or a customer; -1: not known */
	struct identity_hand *hand; /* NULL: no record is at hand */
	guint following;            /* how deep the record at hand is in a chain of answers */
	gint64 linked;              /* the record that was relinked last, if it is about an organisation for sure */
	GArray *moved;              /* gint64: rows that changed their customer, while a decision is made; else NULL */
};
