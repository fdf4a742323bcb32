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
	char *rules, *missing;
	struct segment_atom atoms[ANALYSER_ATOMS];
	guint32 hashes[ANALYSER_ATOMS];
	struct cache_entry *entries[ANALYSER_ATOMS]; /* NULL: no word, but a number, an id */
	guint8 counts[ANALYSER_ATOMS];               /* of the atoms of each chunk */
};

/* Whether an atom is looked up as a word: not a number, not an id, not too long. */
gboolean analyser_is_word(const struct segment_atom *atom);
/* The word's entry in the cache, votes and all. `hash`: cache_hash of the atom's bytes. */
struct cache_entry *analyser_entry(text_analyser *analyser, guint32 hash, const char *text,
				   const struct segment_atom *atom);
/* Its terms in a text of `language`. */
const struct cache_list *analyser_list(text_analyser *analyser, struct cache_entry *entry, enum language language);
/* A word as written, folded and without what hangs on it by a colon; the length. `out`: TERM_BYTES. */
size_t analyser_fold(const char *text, const struct segment_atom *atom, char *out);

/* text_analyser_new, or one as where there is no dictionary. */
text_analyser *analyser_new(const char *language, gboolean dictionary);
int document_terms(text_analyser *analyser, const char *text, size_t length, text_visit visit, void *user);
int query_terms(text_analyser *analyser, const char *text, size_t length, text_visit visit, void *user);
