/* words: what the index knows of a query's words: how many records hold them, and what is near to a word that none
 * holds. */
#pragma once

#include "lookup/lookup.h"

/* Records that hold the word in any of its readings, at most: the largest count of one of its terms. */
gint64 lookup_word_documents(store *s, const struct text_word *word);

/* Does any record hold the word? One of several atoms (ABC-123) must be there as a whole or in a row. */
gboolean lookup_word_is(store *s, const struct text_word *word);

/* The word nearest to one that is nowhere: one letter put in, left out, changed or swapped, or else the nearest of the
 * index's words as it is written in some record; of several the one that most records hold. NULL if nothing is near, or
 * if it takes too long to find. `written`: as typed. */
char *lookup_word_near(store *s, text_analyser *analyser, const struct text_word *word, const char *written);
