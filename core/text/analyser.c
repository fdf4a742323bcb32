#include "analyser.h"

#include <string.h>

#include "fold.h"
#include "language.h"
#include "shared.h"
#include "word.h"

/* To be raised when the rules change, so that terms change: the index is then made anew. */
#define RULES 2

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
	a->shares = lexicon_knows_finnish(a->lexicon);
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

struct cache_entry *analyser_entry(text_analyser *a, const char *text, const struct segment_atom *atom,
				   const struct cache_word *w)
{
	gboolean made;
	struct cache_entry *entry = cache_get(a->cache, w, &made);
	if (G_UNLIKELY(made)) {
		char word[TERM_BYTES];
		gint8 votes[LANGUAGES];
		language_votes(word, analyser_fold(text, atom, word), votes);
		for (int l = LANGUAGE_FI; l < LANGUAGES; l++)
			entry->votes |= (guint32)votes[l] << CACHE_VOTE_BITS * (l - LANGUAGE_FI);
	}
	return entry;
}

/* An entry knows its word as written, so its flags can be had again from there. */
static struct word_given given_of(const char *word, size_t length, char *folded, enum language language)
{
	struct segment_atom atoms[SEGMENT_ATOMS];
	size_t at = 0;
	struct word_given w = {.bytes = folded, .language = language};
	unsigned n = segment_next(word, length, &at, atoms);
	struct segment_atom atom = n > 1 ? segment_several(&atoms[0], &atoms[n - 1]) : atoms[0];
	if (n > 0)
		w.length = analyser_fold(word, &atom, folded);
	w.capital = (atom.flags & SEGMENT_CAPITAL) != 0 && n > 0;
	w.abbreviation = (atom.flags & SEGMENT_COLON) != 0 && n > 0;
	return w;
}

const cache_list *analyser_make(text_analyser *a, struct cache_entry *entry, enum language language)
{
	char word[256], folded[TERM_BYTES];
	struct terms terms;
	cache_spell(a->cache, entry, word);
	/* stems alone cost less than a lock and a copy */
	gboolean shared = a->shares && language != LANGUAGE_SV && language != LANGUAGE_EN;
	if (shared && shared_get(word, entry->length, language, &terms))
		return cache_put(a->cache, entry, language, &terms);
	struct word_given w = given_of(word, entry->length, folded, language);
	word_document(a->lexicon, &w, &terms);
	if (shared)
		shared_put(word, entry->length, language, &terms);
	return cache_put(a->cache, entry, language, &terms);
}

/* Between a visitor of terms and what tells FTS5. */
struct visitor {
	text_visit visit;
	void *user;
	enum text_class kind;
};

static int visit_term(void *user, int flags, const char *term, int length, int start, int end)
{
	const struct visitor *v = user;
	struct text_token token = {.term = term,
				   .length = (size_t)length,
				   .start = (size_t)start,
				   .end = (size_t)end,
				   .colocated = (flags & FTS5_TOKEN_COLOCATED) != 0,
				   .kind = v->kind};
	return v->visit(&token, v->user);
}

int text_terms(text_analyser *a, enum text_mode mode, const char *utf8, size_t length, text_visit visit, void *user)
{
	struct visitor v = {.visit = visit, .user = user};
	return mode == TEXT_DOCUMENT ? document_tell(a, utf8, length, visit_term, &v, &v.kind)
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
