#include "word.h"

#include <string.h>

#include "fold.h"
#include "irregular.h"
#include "language.h"
#include "namekey.h"
#include "spoken.h"

static const char marks[LANGUAGES] = {
	[LANGUAGE_FI] = TEXT_MARK_FINNISH,
	[LANGUAGE_SV] = TEXT_MARK_SWEDISH,
	[LANGUAGE_EN] = TEXT_MARK_ENGLISH,
};

static void add_stem(struct lexicon *lexicon, struct terms *terms, enum language language, const char *word,
		     size_t length)
{
	size_t n;
	const char *stem = lexicon_stem(lexicon, language, word, length, &n);
	terms_add(terms, marks[language], TEXT_STEM, stem, n);
}

static void add_names(struct terms *terms, const struct namekeys *keys, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		terms_add(terms, TEXT_MARK_NAME, TEXT_NAME, keys->key[i].bytes, keys->key[i].length);
}

static void add_bases(struct terms *terms, const struct lexicon_entry *entry, unsigned count)
{
	for (unsigned i = 0; i < entry->bases && i < count; i++)
		terms_add(terms, 0, TEXT_WHOLE, entry->base[i].bytes, entry->base[i].length);
	for (unsigned i = 0; i < entry->verbs; i++)
		terms_add(terms, 0, TEXT_WHOLE, entry->verb[i].bytes, entry->verb[i].length);
}

static gboolean any_proper(const struct lexicon_entry *entry)
{
	for (unsigned i = 0; i < entry->bases; i++)
		if (entry->proper[i])
			return TRUE;
	return FALSE;
}

/* A term without its mark and with the dots and rings off: for words that no dictionary can restore. */
static void add_folded(struct terms *terms, const struct term *of)
{
	char plain[TERM_BYTES];
	gboolean changed;
	size_t head = g_ascii_isalnum(of->bytes[0]) || of->bytes[0] & 0x80 ? 0 : 1, length = of->length - head;
	memcpy(plain, of->bytes + head, length);
	length = fold_plain(plain, length, &changed);
	if (changed)
		terms_add(terms, TEXT_MARK_FOLDED, TEXT_FOLDED, plain, length);
}

/* The dictionary knows words by their hyphens; all else takes e-mail and email for one. */
static struct word_given without_hyphens(const struct word_given *w, char plain[TERM_BYTES])
{
	struct word_given made = *w;
	if (!memchr(w->bytes, '-', w->length))
		return made;
	made.bytes = plain;
	made.length = 0;
	for (size_t i = 0; i < w->length; i++)
		if (w->bytes[i] != '-')
			plain[made.length++] = w->bytes[i];
	return made;
}

/* Bases of what an unknown word may be short for in speech. */
static void add_spoken(struct lexicon *lexicon, struct terms *terms, const struct word_given *w)
{
	char written[SPOKEN_MAX][SPOKEN_BYTES];
	struct lexicon_entry entry;
	unsigned n = w->capital || w->abbreviation ? 0 : spoken_written(w->bytes, w->length, written);
	for (unsigned i = 0; i < n; i++)
		if (lexicon_look_up(lexicon, written[i], strlen(written[i]), FALSE, &entry)) {
			add_bases(terms, &entry, 2);
			return;
		}
}

/* ---- a word of a text ---- */

static void add_foreign(struct lexicon *lexicon, struct terms *terms, const struct word_given *w)
{
	add_stem(lexicon, terms, LANGUAGE_EN, w->bytes, w->length);
	add_stem(lexicon, terms, LANGUAGE_SV, w->bytes, w->length);
}

/* A word that is one of both languages, by chance: option, men. */
static gboolean looks_english(const struct word_given *w)
{
	gint8 votes[LANGUAGES];
	language_votes(w->bytes, w->length, votes);
	return (votes[LANGUAGE_EN] > 0 && votes[LANGUAGE_FI] == 0) || irregular_base(w->bytes, w->length);
}

static void document_known(struct lexicon *lexicon, const struct word_given *w, const struct lexicon_entry *entry,
			   struct terms *terms)
{
	add_bases(terms, entry, 4);
	if (w->capital && !any_proper(entry)) {
		struct namekeys keys;
		namekey(w->bytes, w->length, &keys);
		add_names(terms, &keys, keys.likely);
	}
	if (w->language == LANGUAGE_UNKNOWN && !w->capital) {
		if (!language_looks_finnish(w->bytes, w->length))
			add_foreign(lexicon, terms, w);
		else if (looks_english(w))
			add_stem(lexicon, terms, LANGUAGE_EN, w->bytes, w->length);
	}
	for (unsigned i = 0; i < entry->parts; i++)
		terms_add(terms, TEXT_MARK_PART, TEXT_PART, entry->part[i].bytes, entry->part[i].length);
}

static void document_unknown(struct lexicon *lexicon, const struct word_given *w, struct terms *terms)
{
	struct namekeys keys;
	add_spoken(lexicon, terms, w);
	if (w->abbreviation)
		namekey_base(w->bytes, w->length, &keys);
	else
		namekey(w->bytes, w->length, &keys);
	add_names(terms, &keys, keys.likely);
	if (!w->capital && !w->abbreviation) {
		add_stem(lexicon, terms, LANGUAGE_FI, w->bytes, w->length);
		if (w->language == LANGUAGE_UNKNOWN)
			add_foreign(lexicon, terms, w);
	}
	if (terms->count > 0)
		add_folded(terms, &terms->items[0]);
}

void word_document(struct lexicon *lexicon, const struct word_given *given, struct terms *terms)
{
	struct lexicon_entry entry;
	char plain[TERM_BYTES];
	struct word_given one = without_hyphens(given, plain);
	const struct word_given *w = &one;
	terms->count = 0;
	terms->room = TERMS_DOCUMENT;
	if (w->language == LANGUAGE_SV || w->language == LANGUAGE_EN) {
		add_stem(lexicon, terms, w->language, w->bytes, w->length);
		if (w->language == LANGUAGE_SV && terms->count > 0)
			add_folded(terms, &terms->items[0]);
	} else if (lexicon_look_up(lexicon, given->bytes, given->length, w->capital, &entry)) {
		document_known(lexicon, w, &entry, terms);
	} else {
		document_unknown(lexicon, w, terms);
	}
}

/* ---- a word of a query ---- */

/* The places of a and o that may stand for ä and ö, as the words of Finnish have them: in a simple word all or none, in
 * a compound all before or all behind a border. `count` of them; those with first <= i < last are put back. */
static size_t put_back(const char *word, size_t length, unsigned first, unsigned last, char *out)
{
	size_t n = 0;
	unsigned i = 0;
	for (size_t k = 0; k < length; k++) {
		char c = word[k];
		gboolean back = (c == 'a' || c == 'o') && i >= first && i < last;
		i += c == 'a' || c == 'o';
		if (back) {
			out[n++] = '\xC3';
			out[n++] = c == 'a' ? '\xA4' : '\xB6';
		} else {
			out[n++] = c;
		}
	}
	return n;
}

static void try_back(struct lexicon *lexicon, const struct word_given *w, unsigned first, unsigned last,
		     struct terms *terms)
{
	char word[LEXICON_WORD * 2];
	struct lexicon_entry entry;
	size_t n = put_back(w->bytes, w->length, first, last, word);
	if (!lexicon_look_up(lexicon, word, n, FALSE, &entry))
		return;
	for (unsigned i = 0; i < entry.bases && i < 3; i++)
		terms_add(terms, 0, TEXT_FOLDED, entry.base[i].bytes, entry.base[i].length);
}

/* The word may have been typed without dots: what it may have been with them. */
static void restore(struct lexicon *lexicon, const struct word_given *w, struct terms *terms)
{
	unsigned places = 0;
	if (w->length < 3 || w->length > LEXICON_WORD / 2)
		return;
	for (size_t i = 0; i < w->length; i++) {
		if (w->bytes[i] & 0x80)
			return;
		places += w->bytes[i] == 'a' || w->bytes[i] == 'o';
	}
	if (places > 12)
		return;
	for (unsigned border = 1; border <= places; border++)
		try_back(lexicon, w, 0, border, terms);
	for (unsigned border = 1; border < places; border++)
		try_back(lexicon, w, border, places, terms);
}

/* Whatever was asked for in letters with dots, asked for without; and what the index holds without them. */
static void query_folded(struct terms *terms)
{
	for (unsigned i = 0, n = terms->count; i < n; i++) {
		struct term t = terms->items[i];
		char plain[TERM_BYTES];
		gboolean changed, marked = !(g_ascii_isalnum(t.bytes[0]) || t.bytes[0] & 0x80);
		size_t head = marked ? 1 : 0, length = t.length - head;
		if (t.bytes[0] == TEXT_MARK_PART || t.kind == TEXT_FOLDED)
			continue;
		memcpy(plain, t.bytes + head, length);
		length = fold_plain(plain, length, &changed);
		if (changed)
			terms_add(terms, marked ? t.bytes[0] : 0, TEXT_FOLDED, plain, length);
		else if (marked)
			terms_add(terms, TEXT_MARK_FOLDED, TEXT_FOLDED, plain, length);
	}
}

/* A name that the dictionary knows may have forms that it does not know, and those are in the index by their keys; a
 * form that it does not know may be of a name that it knows, and that is in the index as it is. */
static void query_names(const struct word_given *w, const struct lexicon_entry *entry, struct terms *terms)
{
	struct namekeys keys;
	if (any_proper(entry)) {
		for (unsigned i = 0; i < entry->bases; i++)
			if (entry->proper[i])
				terms_add(terms, TEXT_MARK_NAME, TEXT_NAME, entry->base[i].bytes,
					  entry->base[i].length);
		terms_add(terms, TEXT_MARK_NAME, TEXT_NAME, w->bytes, w->length);
		return;
	}
	if (w->abbreviation)
		namekey_base(w->bytes, w->length, &keys);
	else if (entry->bases > 0 && !w->capital)
		namekey(w->bytes, w->length, &keys);
	else
		namekey_query(w->bytes, w->length, &keys);
	add_names(terms, &keys, keys.likely);
	for (unsigned i = 0; entry->bases == 0 && i < keys.likely; i++)
		terms_add(terms, 0, TEXT_NAME, keys.key[i].bytes, keys.key[i].length);
}

/* What was surely asked for, as a part of a compound. */
static void query_parts(struct terms *terms)
{
	for (unsigned i = 0, n = terms->count; i < n; i++) {
		struct term t = terms->items[i];
		size_t head = g_ascii_isalnum(t.bytes[0]) || t.bytes[0] & 0x80 ? 0 : 1;
		if (t.kind == TEXT_WHOLE || t.kind == TEXT_STEM || t.kind == TEXT_NAME)
			terms_add(terms, TEXT_MARK_PART, TEXT_PART, t.bytes + head, t.length - head);
	}
}

/* A capitalised English or Swedish word in a text of unknown language is in the index as if it were a name, with its s.
 */
static void query_plural(struct terms *terms, const struct word_given *w)
{
	char word[TERM_BYTES + 1];
	struct namekeys keys;
	if (w->capital || w->length < 4 || w->length >= TERM_BYTES - 2)
		return;
	memcpy(word, w->bytes, w->length);
	word[w->length] = 's';
	size_t n = word[w->length - 1] == 's' ? w->length - 1 : w->length + 1;
	namekey_base(word, n, &keys);
	add_names(terms, &keys, 1);
}

void word_query(struct lexicon *lexicon, const struct word_given *given, struct terms *terms)
{
	struct lexicon_entry entry;
	char plain[TERM_BYTES];
	struct word_given one = without_hyphens(given, plain);
	const struct word_given *w = &one;
	terms->count = 0;
	terms->room = TERMS_QUERY;
	if (lexicon_look_up(lexicon, given->bytes, given->length, w->capital, &entry))
		add_bases(terms, &entry, LEXICON_BASES);
	if (entry.bases == 0) {
		terms_add(terms, 0, TEXT_WHOLE, w->bytes, w->length);
		add_spoken(lexicon, terms, w);
		add_stem(lexicon, terms, LANGUAGE_FI, w->bytes, w->length);
	}
	add_stem(lexicon, terms, LANGUAGE_EN, w->bytes, w->length);
	add_stem(lexicon, terms, LANGUAGE_SV, w->bytes, w->length);
	query_names(w, &entry, terms);
	query_plural(terms, w);
	query_folded(terms);
	if (entry.bases == 0 || entry.parts > 0)
		restore(lexicon, w, terms);
	query_parts(terms);
}

/* ---- half a word ---- */

static gboolean begins(const struct lexicon_form *form, const struct word_given *w)
{
	return form->length >= w->length && !memcmp(form->bytes, w->bytes, w->length);
}

/* Finnish words bend before they end, so the letters typed may be of no index term: try what may follow them. */
void word_complete(struct lexicon *lexicon, const struct word_given *w, struct terms *terms)
{
	static const char *const endings[] = {
		"n",   "a",  "ä",   "t",   "en", "in",    "an",   "än",   "ssa", "ssä", "la",  "lä",  "lla", "llä",
		"lle", "le", "sta", "stä", "ta", "tä",    "sa",   "sä",   "ja",  "jä",  "den", "ien", "sen", "set",
		"een", "si", "sti", "ee",  "i",  "uksen", "ksen", "isen", "nen", "aa",  "ää",  "oi",  "ut",  "vat"};
	terms->count = 0;
	terms->room = 12;
	if (w->length < 3 || w->length > LEXICON_WORD)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
		char word[LEXICON_WORD + 8];
		struct lexicon_entry entry;
		memcpy(word, w->bytes, w->length);
		memcpy(word + w->length, endings[i], strlen(endings[i]));
		if (!lexicon_look_up(lexicon, word, w->length + strlen(endings[i]), FALSE, &entry))
			continue;
		for (unsigned b = 0; b < entry.bases; b++)
			if (!begins(&entry.base[b], w))
				terms_add(terms, 0, TEXT_WHOLE, entry.base[b].bytes, entry.base[b].length);
	}
	static const char *const of_names[] = {"n", "en", "lla"};
	for (gsize i = 0; i < G_N_ELEMENTS(of_names); i++) {
		char word[LEXICON_WORD + 8];
		struct namekeys keys;
		memcpy(word, w->bytes, w->length);
		memcpy(word + w->length, of_names[i], strlen(of_names[i]));
		namekey(word, w->length + strlen(of_names[i]), &keys);
		add_names(terms, &keys, MIN(keys.likely, 1u));
	}
}
