/* text: words. Cuts text into index terms, for documents and for queries, by the same rules, so that what was written in
 * one form is found in every other. Knows nothing of records. The FTS5 tokenizer "meri" (text_fts5.c) and everybody who
 * needs to know where in a text a query's words stand (snippets, marks) use the same function. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

typedef struct text_analyser text_analyser; /* one a thread */

/* `language`: BCP 47 tag that text is taken for when it does not tell ("fi"). Never fails: what is not installed is left
 * out, and text_missing() says what that was. */
text_analyser *text_analyser_new(const char *language);
void text_analyser_free(text_analyser *analyser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(text_analyser, text_analyser_free)

/* One line for the log about what is missing and what that costs; NULL if nothing is. */
const char *text_missing(const text_analyser *analyser);

/* The version of the rules, dictionary included: an index made under another one must be made anew. */
const char *text_rules(const text_analyser *analyser);

enum text_mode { TEXT_DOCUMENT, TEXT_QUERY };

struct text_token {
	const char *term;    /* index term, not NUL-terminated */
	size_t length;
	size_t start, end;   /* bytes of the word in the text */
	gboolean colocated;  /* another term for the word before it */
};

/* Calls `visit` for each term, in order of `start`. A visit that returns non-zero ends it, and is returned. Invalid UTF-8 is
 * taken as a gap between words. */
typedef int (*text_visit)(const struct text_token *token, void *user);
int text_terms(text_analyser *analyser, enum text_mode mode, const char *utf8, size_t length, text_visit visit, void *user);

/* Registers the FTS5 tokenizer "meri" with this connection, which then owns an analyser of its own. SQLite result code. */
int text_register(sqlite3 *db, const char *language);
