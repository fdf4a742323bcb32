/* text: words. Cuts text into index terms, for documents and for queries, by the same rules, so that what was written
 * in one form is found in every other. Knows nothing of records. The FTS5 tokenizer "meri" and everybody who needs to
 * know where in a text a query's words stand (snippets, marks) use the same function.
 *
 * What a word becomes. Finnish: its base forms by Voikko ("sopimuksen": sopimus), and each part of a compound with a
 * mark of its own; what Voikko does not know: a stem, or for a name the key that all its cases share. Swedish and
 * English: a stem. The language is decided stretch by stretch from the words around; where it is not clear, a word gets
 * the terms of all. Numbers, ids, addresses: themselves. Several atoms that belong together (ABC-123, an e-mail
 * address) stand in the index part by part, each at a place of its own, and as a whole beside the first part; a
 * telephone number as a key without country code and blanks, beside its first digits. In Finnish text the parts of a word
 * with hyphens have the mark of parts; a phrase that runs over such a word asks for them so.
 *
 * A query has no language, so it asks for all readings of a word: text_query() tells them, each with its class. Terms
 * of different kinds begin with different marks (TEXT_MARK_...), so ranking can weigh them and a query can leave some
 * out.
 *
 * Asking FTS5. All terms of a word stand at one place (FTS5: colocated), so phrases work over any of them. Three traps:
 *  - FTS5 tokenizes the strings of a MATCH expression again. A string that begins with TEXT_VERBATIM is taken as it is:
 * it holds index terms, each with that byte before it, and means any of them, at one place. text_match_word() and
 *    text_match_phrase() write such strings, in quotes. They may be followed by + (a phrase goes on) but by * only if
 * all the terms are meant as prefixes; so prefixes become strings of their own, joined by OR.
 *  - The terms of one word must be one string, not several joined by OR: only then does bm25 count the word once.
 *  - In a phrase a word of several atoms takes as many places as it has atoms: there its parts must be asked for, never
 * its whole. A plain string (without TEXT_VERBATIM) works too, and means: any reading but compound parts; several words
 * are a phrase. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

typedef struct text_analyser text_analyser; /* one a thread */

/* `language`: BCP 47 tag that text is taken for when it does not tell ("fi"). Never fails: what is not installed is
 * left out, and text_missing() says what that was. */
text_analyser *text_analyser_new(const char *language);
void text_analyser_free(text_analyser *analyser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(text_analyser, text_analyser_free)

/* One line for the log about what is missing and what that costs; NULL if nothing is. */
const char *text_missing(const text_analyser *analyser);

/* The version of the rules, dictionary included: an index made under another one must be made anew. */
const char *text_rules(const text_analyser *analyser);

enum text_mode { TEXT_DOCUMENT, TEXT_QUERY };

/* How a term stands for its word, from the surest to the least sure. */
enum text_class {
	TEXT_WHOLE,  /* the word itself, its base form, a number, an address, an id */
	TEXT_STEM,   /* Snowball's stem of a word that no dictionary knows */
	TEXT_NAME,   /* what the cases of an unknown name share */
	TEXT_FOLDED, /* with a and o for å, ä and ö, or those put back */
	TEXT_PART,   /* a part of a compound */
	TEXT_CLASSES
};

/* Terms other than words, numbers and ids as they are begin with a mark, so that the kinds cannot be taken for each
 * other. No word, number or id begins with one of these. */
#define TEXT_MARK_ENGLISH '.' /* a stem of that language */
#define TEXT_MARK_SWEDISH ';'
#define TEXT_MARK_FINNISH ':'
#define TEXT_MARK_NAME    '~'
#define TEXT_MARK_FOLDED  '^'
#define TEXT_MARK_PART    '+'
#define TEXT_MARK_PHONE   '#'

#define TEXT_VERBATIM '\x01'

struct text_token {
	const char *term; /* index term, not NUL-terminated */
	size_t length;
	size_t start, end;  /* bytes of the word in the text */
	gboolean colocated; /* another term for the word before it */
	enum text_class kind;
};

/* Calls `visit` for each term, in order of `start`. A visit that returns non-zero ends it, and is returned. Invalid
 * UTF-8 is taken as a gap between words. A text gives the same terms each time, but a part of a text may be taken for
 * another language than the whole: hand over what was indexed as one. At most 2 GiB are read. */
typedef int (*text_visit)(const struct text_token *token, void *user);
int text_terms(text_analyser *analyser, enum text_mode mode, const char *utf8, size_t length, text_visit visit,
	       void *user);

/* Registers the FTS5 tokenizer "meri" with this connection, which then owns an analyser of its own. SQLite result code.
 */
int text_register(sqlite3 *db, const char *language);

/* ---- queries ---- */

struct text_alternative {
	char *term; /* index term, NUL-terminated */
	enum text_class kind;
	gboolean prefix; /* all terms that begin so are meant */
};

/* One word of a query. */
struct text_word {
	size_t start, end;    /* bytes of the query */
	gboolean common;      /* one of the small words that every text has: may be left out where there are others */
	GArray *alternatives; /* struct text_alternative, the surest class first */
	GPtrArray *steps; /* struct text_word *: atoms that in a row say the same (ABC-123: abc, 123); NULL if it is one
			     atom */
};

/* Reads a run of words without operators: telephone numbers may have blanks. `prefix`: the last word is not typed to
 * its end; it finds what begins like it, in any form (konepajoil: konepaja). Free with g_ptr_array_unref. */
GPtrArray *text_query(text_analyser *analyser, const char *utf8, size_t length, gboolean prefix);

/* Sets of classes. */
#define TEXT_SURE (1u << TEXT_WHOLE | 1u << TEXT_STEM | 1u << TEXT_NAME)
#define TEXT_ALL  (TEXT_SURE | 1u << TEXT_FOLDED | 1u << TEXT_PART)

/* Appends an FTS5 expression for one word, in brackets if it needs them; or for the words in a row. FALSE, and nothing
 * is appended, if no alternative is of these classes. */
gboolean text_match_word(GString *to, const struct text_word *word, unsigned classes);
gboolean text_match_phrase(GString *to, GPtrArray *words, unsigned classes);

/* ---- marks: where the words of a query stand in a text ---- */

typedef struct text_marker text_marker;
text_marker *text_marker_new(void);
void text_marker_free(text_marker *marker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(text_marker, text_marker_free)
/* `which`: what text_marks() calls it. The words are copied. */
void text_marker_word(text_marker *marker, const struct text_word *word, unsigned classes, int which);
void text_marker_phrase(text_marker *marker, GPtrArray *words, unsigned classes, int which);

/* Calls `visit` with the bytes of each word, or run of words of a phrase, that matches; in order of their beginning;
 * ranges may overlap. Whole words are told, also where a compound part or a prefix matched. `utf8`: the whole text, as
 * it was indexed. */
typedef int (*text_mark_visit)(size_t start, size_t end, int which, void *user);
int text_marks(text_analyser *analyser, const text_marker *marker, const char *utf8, size_t length,
	       text_mark_visit visit, void *user);

/* ---- nearness, for "did you mean" ---- */

/* The text folded as the index folds it, å ä ö included: two spellings that readers take for one are equal. */
char *text_fold(const char *utf8, gssize length);
