/* words: what the index knows of a query's words: how many records hold them, and what is near to a word that none
 * holds. */
#pragma once

#include "lookup/lookup.h"

/* Records that hold the word in any of its readings, at most: the largest count of one of its terms. */
gint64 lookup_word_documents(store *s, const struct text_word *word);

/* The word of the index nearest to a word that is nowhere: as few changes of a letter as there can be, and of those the
 * one that most records hold. NULL if nothing is near. */
char *lookup_word_near(store *s, const char *word);
