/* document: the terms of a text, stretch by stretch: words are looked up in the cache, vote for the stretch's language,
 * and then give their terms in it. */
#include <string.h>

#include "analyser.h"
#include "fold.h"
#include "language.h"

struct walk {
	text_analyser *analyser;
	const char *text;
	size_t length, at;
	size_t phone_end; /* what is before it belongs to a telephone number that was told */
	enum language language;
	int scores[LANGUAGES];
	analyser_sink sink;
	void *user;
	enum text_class *kind;
	int stopped;
};

static void tell(struct walk *w, const char *term, size_t length, size_t start, size_t end, enum text_class kind,
		 gboolean colocated)
{
	if (w->stopped)
		return;
	*w->kind = kind;
	w->stopped = w->sink(w->user, colocated ? FTS5_TOKEN_COLOCATED : 0, term, (int)length, (int)start, (int)end);
}

static unsigned tell_list(struct walk *w, const cache_list *list, const struct segment_atom *atom)
{
	const guint8 *at = list + 1;
	for (unsigned i = 0; i < list[0] && !w->stopped; i++) {
		*w->kind = at[0];
		w->stopped = w->sink(w->user, i > 0 ? FTS5_TOKEN_COLOCATED : 0, (const char *)at + 2, at[1],
				     (int)atom->start, (int)atom->end);
		at += 2 + at[1];
	}
	return list[0];
}

/* A word's terms in the language of the stretch. */
static const cache_list *list_of(struct walk *w, struct cache_entry *entry)
{
	const cache_list *list = cache_terms(w->analyser->cache, entry, w->language);
	return G_LIKELY(list) ? list : analyser_make(w->analyser, entry, w->language);
}

/* A number or an id, or a word too long to be one. */
static unsigned tell_plain(struct walk *w, const struct segment_atom *atom)
{
	char term[TERM_BYTES];
	if (!(atom->flags & ~(guint32)SEGMENT_DIGIT) && atom->end - atom->start <= sizeof term) {
		tell(w, w->text + atom->start, atom->end - atom->start, atom->start, atom->end, TEXT_WHOLE, FALSE);
		return 1;
	}
	size_t n = analyser_fold(w->text, atom, term);
	if (n > 0)
		tell(w, term, n, atom->start, atom->end, TEXT_WHOLE, FALSE);
	return n > 0;
}

static void tell_phone(struct walk *w, const struct segment_atom *atom)
{
	char key[JOINED_PHONE_DIGITS + 2];
	size_t n;
	if (atom->flags & SEGMENT_LETTER || atom->start < w->phone_end)
		return;
	size_t end = joined_phone(w->text, w->length, atom->start, key + 1, &n);
	if (end == 0)
		return;
	key[0] = TEXT_MARK_PHONE;
	tell(w, key, n + 1, atom->start, end, TEXT_WHOLE, TRUE);
	w->phone_end = end;
}

/* A whole beside its first atom. Of its own parts each stands at its own place. */
static void tell_joined(struct walk *w, const struct segment_atom *atoms, const struct joined *whole)
{
	struct segment_atom all = segment_several(&atoms[whole->first], &atoms[whole->last]);
	if (whole->kind != JOINED_WORD || !analyser_is_word(&all)) {
		tell(w, whole->term, whole->length, all.start, all.end, TEXT_WHOLE, TRUE);
		return;
	}
	struct cache_word word = cache_word(w->text + all.start, all.end - all.start, w->text + w->length);
	const cache_list *list = list_of(w, analyser_entry(w->analyser, w->text, &all, &word));
	const guint8 *at = list + 1;
	for (unsigned i = 0; i < list[0]; i++, at += 2 + at[1])
		if (at[0] != TEXT_PART)
			tell(w, (const char *)at + 2, at[1], all.start, all.end, at[0], TRUE);
}

/* A term without its mark. */
static const char *bare(const guint8 *at, size_t *length)
{
	gboolean marked = at[0] != TEXT_WHOLE;
	*length = at[1] - marked;
	return (const char *)at + 2 + marked;
}

static gboolean told_before(const cache_list *list, unsigned number, const char *term, size_t length)
{
	const guint8 *at = list + 1;
	for (unsigned i = 0; i < number; i++, at += 2 + at[1]) {
		size_t n;
		const char *other = bare(at, &n);
		if (n == length && !memcmp(other, term, n))
			return TRUE;
	}
	return FALSE;
}

/* The terms of a word that is only a part of another: all with the mark of parts. */
static unsigned tell_part(struct walk *w, const cache_list *list, const struct segment_atom *atom)
{
	const guint8 *at = list + 1;
	for (unsigned i = 0; i < list[0]; i++, at += 2 + at[1]) {
		char term[TERM_BYTES + 1] = {TEXT_MARK_PART};
		size_t n;
		const char *plain = bare(at, &n);
		if (told_before(list, i, plain, n))
			continue;
		memcpy(term + 1, plain, n);
		tell(w, term, n + 1, atom->start, atom->end, TEXT_PART, i > 0);
	}
	return list[0];
}

/* In Finnish a hyphen makes a compound, so what it joins are parts. */
static gboolean is_part(const struct walk *w, unsigned i, const struct joined *wholes, unsigned found)
{
	if (w->language == LANGUAGE_EN || w->language == LANGUAGE_SV)
		return FALSE;
	for (unsigned k = 0; k < found; k++)
		if (wholes[k].kind == JOINED_WORD && wholes[k].first <= i && i <= wholes[k].last)
			return TRUE;
	return FALSE;
}

/* A chunk of several atoms, with their wholes. */
static void tell_chunk(struct walk *w, unsigned first, unsigned count)
{
	text_analyser *a = w->analyser;
	const struct segment_atom *atoms = a->atoms + first;
	struct joined wholes[JOINED_MAX];
	unsigned found = joined_find(w->text, atoms, count, wholes), next = 0;
	for (unsigned i = 0; i < count && !w->stopped; i++) {
		struct cache_entry *entry = a->entries[first + i];
		unsigned told;
		if (!entry)
			told = tell_plain(w, &atoms[i]);
		else if (is_part(w, i, wholes, found))
			told = tell_part(w, list_of(w, entry), &atoms[i]);
		else
			told = tell_list(w, list_of(w, entry), &atoms[i]);
		if (told > 0 && !entry)
			tell_phone(w, &atoms[i]);
		for (; next < found && wholes[next].first <= i; next++)
			if (told > 0)
				tell_joined(w, atoms, &wholes[next]);
	}
}

static void tell_atom(struct walk *w, unsigned number)
{
	const struct segment_atom *atom = &w->analyser->atoms[number];
	struct cache_entry *entry = w->analyser->entries[number];
	if (G_LIKELY(entry))
		tell_list(w, list_of(w, entry), atom);
	else if (tell_plain(w, atom))
		tell_phone(w, atom);
}

/* Looks up an atom; its votes. */
static inline guint32 look_up(const struct walk *w, unsigned number)
{
	text_analyser *a = w->analyser;
	const struct segment_atom *atom = &a->atoms[number];
	a->entries[number] = NULL;
	if (!analyser_is_word(atom))
		return 0;
	struct cache_word word = cache_word(w->text + atom->start, atom->end - atom->start, w->text + w->length);
	struct cache_entry *entry = cache_peek(a->cache, &word);
	if (!entry)
		entry = analyser_entry(a, w->text, atom, &word);
	a->entries[number] = entry;
	return entry->votes;
}

/* Reads the next stretch into the analyser; the number of its chunks. */
static unsigned read_stretch(struct walk *w)
{
	text_analyser *a = w->analyser;
	const char *end = w->text + w->length, *at = w->text + w->at;
	unsigned chunks = 0, atoms = 0;
	guint64 votes = 0;
	cache_trim(a->cache);
	while (atoms + SEGMENT_ATOMS <= ANALYSER_ATOMS) {
		const char *behind = segment_simple(w->text, at, end, &a->atoms[atoms]);
		unsigned n = 1;
		if (!behind) {
			w->at = (size_t)(at - w->text);
			n = segment_next(w->text, w->length, &w->at, a->atoms + atoms);
			behind = w->text + w->at;
			if (n == 0)
				break;
		}
		a->counts[chunks++] = (guint8)n;
		for (at = behind; n > 0; n--)
			votes += look_up(w, atoms++);
	}
	w->at = (size_t)(at - w->text);
	for (enum language l = LANGUAGE_FI; l < LANGUAGES; l++)
		w->scores[l] += (int)CACHE_VOTES(votes, l);
	return chunks;
}

int document_tell(text_analyser *a, const char *text, size_t length, analyser_sink sink, void *user,
		  enum text_class *kind)
{
	enum text_class nobody;
	struct walk w = {.analyser = a,
			 .text = text,
			 .length = MIN(length, (size_t)G_MAXINT32),
			 .sink = sink,
			 .user = user,
			 .kind = kind ? kind : &nobody};
	unsigned chunks;
	while (!w.stopped && (chunks = read_stretch(&w)) > 0) {
		w.language = language_decide(w.scores);
		if (w.language == LANGUAGE_UNKNOWN)
			w.language = a->hub;
		for (unsigned i = 0, atom = 0; i < chunks && !w.stopped; atom += a->counts[i++])
			if (a->counts[i] == 1)
				tell_atom(&w, atom);
			else
				tell_chunk(&w, atom, a->counts[i]);
		for (int l = 0; l < LANGUAGES; l++)
			w.scores[l] /= 2; /* what was read last counts more */
	}
	return w.stopped;
}
