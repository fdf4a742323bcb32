/* words_gold: word forms with the lemmas that people gave them, out of treebanks and lists, for bench_words. */
#pragma once

#include <glib.h>

struct gold_form {
	char *form;        /* as first written; capitals kept if any occurrence of a name has them */
	GPtrArray *lemmas; /* char *, in lower case, without marks of compounds */
};

/* Forms that differ when lower-cased, in order of appearance: struct gold_form *. */
struct gold {
	GPtrArray *forms;
	GHashTable *by_key, *lemma_forms; /* lemma -> GArray of guint (indexes) */
};

struct gold *gold_new(void);
void gold_free(struct gold *gold);
void gold_add(struct gold *gold, const char *form, const char *lemma);

/* Reads a .conllu file: tokens whose universal part of speech is among `kinds` ("NOUN PROPN"). FALSE: cannot be read.
 */
gboolean gold_read_conllu(struct gold *gold, const char *path, const char *kinds);
/* Reads lines of form TAB lemma TAB tags; `kinds` are first tags ("N PROPN"). */
gboolean gold_read_tagged(struct gold *gold, const char *path, const char *kinds);
/* Reads lines of lemma TAB form form form ... with blanks between; # begins a comment. */
gboolean gold_read_table(struct gold *gold, const char *path);
