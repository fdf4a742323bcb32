/* shared: what the dictionary said about words, known to all analysers of the process. Each analyser has a cache of its
 * own, which costs no lock; this one is asked, and told, before and after a word is looked up in the dictionary. So
 * what the writer met while it made the index costs a reader that shows a passage of it next to nothing. It also keeps
 * what the words of queries ask for (query.c). */
#pragma once

#include "lexicon.h"
#include "terms.h"

/* The terms of a word as written in a text of `language`; FALSE if nobody has looked it up, or long ago. */
gboolean shared_get(const char *word, size_t length, enum language language, struct terms *terms);
void shared_put(const char *word, size_t length, enum language language, const struct terms *terms);
/* For those who measure: as if no word had been met. */
void shared_forget(void);
