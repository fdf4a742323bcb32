/* analyser: what the files of this folder share about an analyser; text.h is for everybody else. */
#pragma once

#include "cache.h"
#include "joined.h"
#include "lexicon.h"
#include "text.h"

#define ANALYSER_ATOMS 320 /* of a stretch whose language is decided at once */

struct text_analyser {
	enum language hub; /* what text is taken for when it does not tell */
	struct lexicon *lexicon;
	struct cache *cache;
	gboolean shares; /* what it looks up, with other analysers of the process: all have the same dictionary */
	char *rules, *missing;
	struct segment_atom atoms[ANALYSER_ATOMS];
	struct cache_entry *entries[ANALYSER_ATOMS]; /* NULL: no word, but a number, an id */
	guint8 counts[ANALYSER_ATOMS];               /* of the atoms of each chunk */
};

#define ANALYSER_WORD 96 /* bytes: longer atoms are not words */

/* Whether an atom is looked up as a word: not a number, not an id, not too long. */
static inline gboolean analyser_is_word(const struct segment_atom *atom)
{
	return (atom->flags & (SEGMENT_DIGIT | SEGMENT_SEVERAL)) != SEGMENT_DIGIT &&
	       atom->end - atom->start <= ANALYSER_WORD;
}

/* The word's entry in the cache, votes and all. `word`: the atom's bytes. */
struct cache_entry *analyser_entry(text_analyser *analyser, const char *text, const struct segment_atom *atom,
				   const struct cache_word *word);
/* Makes its terms in a text of `language`, which the cache has not yet. */
const cache_list *analyser_make(text_analyser *analyser, struct cache_entry *entry, enum language language);
/* A word as written, folded and without what hangs on it by a colon; the length. `out`: TERM_BYTES. */
size_t analyser_fold(const char *text, const struct segment_atom *atom, char *out);

/* text_analyser_new, or one as where there is no dictionary. */
text_analyser *analyser_new(const char *language, gboolean dictionary);

/* FTS5's way to be told of a token. */
typedef int (*analyser_sink)(void *user, int flags, const char *term, int length, int start, int end);
/* Tells the terms of a text. `kind`: set to each term's before it is told; NULL: nobody asks. */
int document_tell(text_analyser *analyser, const char *text, size_t length, analyser_sink sink, void *user,
		  enum text_class *kind);
int query_terms(text_analyser *analyser, const char *text, size_t length, text_visit visit, void *user);
