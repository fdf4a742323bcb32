/* language: which of Finnish, Swedish and English a stretch of text is in, by the votes of its words: the small words
 * that every sentence has, and letters and endings that one language has and the others have not. */
#pragma once

#include "lexicon.h"

/* The votes of a folded word. */
void language_votes(const char *word, size_t length, gint8 votes[LANGUAGES]);

/* The winner, or LANGUAGE_UNKNOWN if none is clear. */
enum language language_decide(const int scores[LANGUAGES]);

/* A word that is in nearly every text of a language, and says nothing of what a text is about. */
gboolean language_common(const char *word, size_t length);

/* Whether a folded word is built as the words of Finnish are; of names and new loans that says little. */
gboolean language_looks_finnish(const char *word, size_t length);
