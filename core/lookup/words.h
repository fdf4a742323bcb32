/* words: what the index knows of a query's words: how many records hold them,
 * and what is near to a word that none holds. */
#pragma once

#include "lookup/sieve.h"

/* Takes out of the word what the index does not hold, if it holds any of it:
 * each term costs, each time it is asked. */
void lookup_word_prune(store *s, struct text_word *word);
/* The alternatives that stand for those of a word that is a beginning: the terms that begin so. FTS5 gathers all that
 * it has of a beginning each time it is asked. Where they are many, and in many records, the commonest ones stand for
 * all, and `partial` becomes TRUE. NULL: the word is to be asked for as it is. struct text_alternative; release with
 * g_array_unref. */
GArray *lookup_word_begun(store *s, const struct text_word *word, gboolean *partial);
/* Appends an FTS5 expression for the word, in brackets: its terms joined by OR,
 * which FTS5 walks twice as fast as terms in one string; lookup_rank counts
 * what stands at one place once. FALSE: no alternative is of these classes. */
gboolean lookup_word_expression(GString *to, const struct text_word *word, unsigned classes);

/* Records that may be read (`open`) and match the FTS5 expression, or hold the
 * word in any of its readings: exactly where they are few, else about. */
gint64 lookup_documents(store *s, struct sieve *open, const char *fts);
gint64 lookup_word_documents(store *s, struct sieve *open, const struct text_word *word);

/* The word nearest to one that is nowhere: one letter put in, left out, changed
 * or swapped; else one that holds it within; else the nearest of the index's
 * words as it is written in some record; of several the one that most records
 * hold. NULL if nothing is near among those that are looked at. `written`: as
 * typed. */
char *lookup_word_near(store *s, text_analyser *analyser, struct sieve *open, const struct text_word *word,
		       const char *written);
