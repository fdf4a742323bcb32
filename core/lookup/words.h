/* words: what the index knows of a query's words: how many records hold them, and what is near to a word that none
 * holds. */
#pragma once

#include "lookup/lookup.h"

/* Records that match the FTS5 expression, or hold the word in any of its readings: exactly where they are few, else
 * about. */
gint64 lookup_documents(store *s, const char *fts);
gint64 lookup_word_documents(store *s, const struct text_word *word);

/* The word nearest to one that is nowhere: one letter put in, left out, changed or swapped; else one that holds it
 * within; else the nearest of the index's words as it is written in some record; of several the one that most records
 * hold. NULL if nothing is near among those that are looked at. `written`: as typed. */
char *lookup_word_near(store *s, text_analyser *analyser, const struct text_word *word, const char *written);
