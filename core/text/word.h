/* word: the index terms of one word, for a text and for a query. */
#pragma once

#include "lexicon.h"
#include "terms.h"

struct word_given {
	const char *bytes; /* folded */
	size_t length;
	gboolean capital;       /* written with a capital */
	gboolean abbreviation;  /* an ending hung on it by a colon, which is gone */
	enum language language; /* of the text around it; a query has LANGUAGE_UNKNOWN */
};

void word_document(struct lexicon *lexicon, const struct word_given *word, struct terms *terms);
void word_query(struct lexicon *lexicon, const struct word_given *word, struct terms *terms);
/* What a word that is not typed to its end may become: exact terms, without what begins with the typed letters anyhow.
 */
void word_complete(struct lexicon *lexicon, const struct word_given *word, struct terms *terms);
