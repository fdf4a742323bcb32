#include "analyser.h"

#include <string.h>

#include "fold.h"
#include "language.h"
#include "word.h"

/* To be raised when the rules change, so that terms change: the index is then made anew. */
#define RULES 1

#define WORD_BYTES 96 /* longer atoms are not words */

static enum language language_of(const char *tag)
{
	if (tag && !g_ascii_strncasecmp(tag, "sv", 2))
		return LANGUAGE_SV;
	if (tag && !g_ascii_strncasecmp(tag, "en", 2))
		return LANGUAGE_EN;
	return LANGUAGE_UNKNOWN;
}

text_analyser *text_analyser_new(const char *language)
{
	return analyser_new(language, TRUE);
}

text_analyser *analyser_new(const char *language, gboolean dictionary)
{
	text_analyser *a = g_new0(text_analyser, 1);
	a->hub = language_of(language);
	a->lexicon = lexicon_new(dictionary);
	a->cache = cache_new();
	a->rules =
		g_strdup_printf("meri-words %d, %s, %s", RULES, a->hub ? language : "fi", lexicon_version(a->lexicon));
	if (!lexicon_knows_finnish(a->lexicon))
		a->missing = g_strdup(
			"no Finnish dictionary for Voikko (package voikko-fi): Finnish words are found by their stems "
			"alone, so fewer of their forms find each other, and parts of compounds find nothing");
	return a;
}

void text_analyser_free(text_analyser *a)
{
	if (!a)
		return;
	lexicon_free(a->lexicon);
	cache_free(a->cache);
	g_free(a->rules);
	g_free(a->missing);
	g_free(a);
}

const char *text_missing(const text_analyser *a)
{
	return a->missing;
}

const char *text_rules(const text_analyser *a)
{
	return a->rules;
}

size_t analyser_fold(const char *text, const struct segment_atom *atom, char *out)
{
	size_t end = atom->flags & SEGMENT_COLON ? atom->colon : atom->end;
	return fold_word(text + atom->start, end - atom->start, out, TERM_BYTES);
}

gboolean analyser_is_word(const struct segment_atom *atom)
{
	return (atom->flags & (SEGMENT_DIGIT | SEGMENT_SEVERAL)) != SEGMENT_DIGIT &&
	       atom->end - atom->start <= WORD_BYTES;
}

struct cache_entry *analyser_entry(text_analyser *a, guint32 hash, const char *text, const struct segment_atom *atom)
{
	gboolean made;
	struct cache_entry *entry = cache_get(a->cache, hash, text + atom->start, atom->end - atom->start, &made);
	if (made) {
		char word[TERM_BYTES];
		language_votes(word, analyser_fold(text, atom, word), entry->votes);
	}
	return entry;
}

/* An entry knows its word as written, so its flags can be had again from there. */
static struct word_given given_of(const struct cache_entry *entry, char *folded, enum language language)
{
	struct segment_atom atoms[SEGMENT_ATOMS];
	size_t at = 0;
	struct word_given w = {.bytes = folded, .language = language};
	unsigned n = segment_next(entry->word, entry->length, &at, atoms);
	struct segment_atom atom = n > 1 ? segment_several(&atoms[0], &atoms[n - 1]) : atoms[0];
	if (n > 0)
		w.length = analyser_fold(entry->word, &atom, folded);
	w.capital = (atom.flags & SEGMENT_CAPITAL) != 0 && n > 0;
	w.abbreviation = (atom.flags & SEGMENT_COLON) != 0 && n > 0;
	return w;
}

const struct cache_list *analyser_list(text_analyser *a, struct cache_entry *entry, enum language language)
{
	if (!entry->list[language]) {
		char folded[TERM_BYTES];
		struct terms terms;
		struct word_given w = given_of(entry, folded, language);
		word_document(a->lexicon, &w, &terms);
		cache_put(a->cache, entry, language, &terms);
	}
	return entry->list[language];
}

int text_terms(text_analyser *a, enum text_mode mode, const char *utf8, size_t length, text_visit visit, void *user)
{
	return mode == TEXT_DOCUMENT ? document_terms(a, utf8, length, visit, user)
				     : query_terms(a, utf8, length, visit, user);
}

char *text_fold(const char *utf8, gssize length)
{
	size_t n = length < 0 ? strlen(utf8) : (size_t)length;
	char *out = g_malloc(n * 2 + 8);
	gboolean changed;
	n = fold_plain(out, fold_word(utf8, n, out, n * 2 + 7), &changed);
	out[n] = 0;
	return out;
}
