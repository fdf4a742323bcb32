/* names: all customers' names at once, as one automaton over words; a text is walked through it once, however many
 * names there are. A word of a text stands for itself and for what the Finnish cases of a name share (text/namekey.h),
 * so "Virtasen Konepajalle" reaches "virtasen konepaja". Inner to core/identity. */
#pragma once

#include <glib.h>

#define IDENTITY_NAME_WORDS 6

/* What the dictionary says of a name, or of the word that stands for it. */
enum identity_wording {
	IDENTITY_WORDS_NONE,     /* of no word that it knows */
	IDENTITY_WORDS_PROPER,   /* a place's or a person's name is in it */
	IDENTITY_WORDS_COMPOUND, /* words of the language, one of them a compound */
	IDENTITY_WORDS_PLAIN,    /* words of the language alone */
};

struct identity_named {
	gint64 node;
	int kind; /* enum identity_kind */
	guint words;
	gboolean alias; /* the first word of a longer name, which people say for the whole */
	enum identity_wording wording;
	gboolean shouted; /* a short name that is written in capitals */
	char *core;       /* as identity_org_name gives it, or a person's "given family" */
};

struct identity_seen_name {
	const struct identity_named *name;
	gsize start, end; /* bytes of the text */
	guint words;
	guint capitals;       /* how many of its words were written with a capital */
	gboolean upper;       /* all in capitals */
	gboolean opens;       /* at the beginning of a sentence or line */
	gboolean title;       /* set by who scans a title */
	gboolean form_behind; /* a legal form follows: "Kone Oyj" */
};

typedef struct identity_automaton identity_automaton;
identity_automaton *identity_automaton_new(void);
void identity_automaton_free(identity_automaton *a);
/* `text` NULL: the name goes. Persons' names of one word are not taken. */
void identity_automaton_set(identity_automaton *a, gint64 node, int kind, const char *text);
const struct identity_named *identity_automaton_name(const identity_automaton *a, gint64 node);
/* Appends what is found (struct identity_seen_name), of overlapping ones the longest. */
void identity_automaton_scan(identity_automaton *a, const char *text, GArray *seen);
/* Words of a text that stand for a word of one of the names (of customers known from elsewhere): each alone. */
void identity_automaton_scan_words(identity_automaton *a, const char *text, const gint64 *nodes, guint n, GArray *seen);
