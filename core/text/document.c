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
	text_visit visit;
	void *user;
	int stopped;
};

static void tell(struct walk *w, const char *term, size_t length, size_t start, size_t end, enum text_class kind,
		 gboolean colocated)
{
	if (w->stopped)
		return;
	struct text_token token = {
		.term = term, .length = length, .start = start, .end = end, .colocated = colocated, .kind = kind};
	w->stopped = w->visit(&token, w->user);
}

static unsigned tell_list(struct walk *w, const struct cache_list *list, const struct segment_atom *atom)
{
	const guint8 *at = list->data;
	for (unsigned i = 0; i < list->count; i++) {
		tell(w, (const char *)at + 2, at[1], atom->start, atom->end, at[0], i > 0);
		at += 2 + at[1];
	}
	return list->count;
}

/* A number or an id, or a word too long to be one. */
static unsigned tell_plain(struct walk *w, const struct segment_atom *atom)
{
	char term[TERM_BYTES];
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
	guint32 hash = cache_hash(w->text + all.start, all.end - all.start);
	struct cache_entry *entry = analyser_entry(w->analyser, hash, w->text, &all);
	const struct cache_list *list = analyser_list(w->analyser, entry, w->language);
	const guint8 *at = list->data;
	for (unsigned i = 0; i < list->count; i++, at += 2 + at[1])
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

static gboolean told_before(const struct cache_list *list, unsigned number, const char *term, size_t length)
{
	const guint8 *at = list->data;
	for (unsigned i = 0; i < number; i++, at += 2 + at[1]) {
		size_t n;
		const char *other = bare(at, &n);
		if (n == length && !memcmp(other, term, n))
			return TRUE;
	}
	return FALSE;
}

/* The terms of a word that is only a part of another: all with the mark of parts. */
static unsigned tell_part(struct walk *w, const struct cache_list *list, const struct segment_atom *atom)
{
	const guint8 *at = list->data;
	for (unsigned i = 0; i < list->count; i++, at += 2 + at[1]) {
		char term[TERM_BYTES + 1] = {TEXT_MARK_PART};
		size_t n;
		const char *plain = bare(at, &n);
		if (told_before(list, i, plain, n))
			continue;
		memcpy(term + 1, plain, n);
		tell(w, term, n + 1, atom->start, atom->end, TEXT_PART, i > 0);
	}
	return list->count;
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

static void tell_chunk(struct walk *w, unsigned first, unsigned count)
{
	text_analyser *a = w->analyser;
	const struct segment_atom *atoms = a->atoms + first;
	struct joined wholes[JOINED_MAX];
	unsigned found = count > 1 ? joined_find(w->text, atoms, count, wholes) : 0, next = 0;
	for (unsigned i = 0; i < count && !w->stopped; i++) {
		struct cache_entry *entry = a->entries[first + i];
		unsigned told;
		if (!entry)
			told = tell_plain(w, &atoms[i]);
		else if (is_part(w, i, wholes, found))
			told = tell_part(w, analyser_list(a, entry, w->language), &atoms[i]);
		else
			told = tell_list(w, analyser_list(a, entry, w->language), &atoms[i]);
		if (told > 0 && !entry)
			tell_phone(w, &atoms[i]);
		for (; next < found && wholes[next].first <= i; next++)
			if (told > 0)
				tell_joined(w, atoms, &wholes[next]);
	}
}

/* Looks up the atoms that were read, and counts their votes. */
static void look_up(struct walk *w, unsigned atoms)
{
	text_analyser *a = w->analyser;
	for (unsigned i = 0; i < atoms; i++) {
		a->entries[i] = NULL;
		if (!analyser_is_word(&a->atoms[i]))
			continue;
		struct cache_entry *entry = a->entries[i] = analyser_entry(a, a->hashes[i], w->text, &a->atoms[i]);
		for (int l = LANGUAGE_FI; l < LANGUAGES; l++)
			w->scores[l] += entry->votes[l];
	}
}

/* Reads the next stretch into the analyser; the number of its chunks. */
static unsigned read_stretch(struct walk *w)
{
	text_analyser *a = w->analyser;
	unsigned chunks = 0, atoms = 0;
	cache_trim(a->cache);
	while (atoms + SEGMENT_ATOMS <= ANALYSER_ATOMS) {
		unsigned n = segment_next(w->text, w->length, &w->at, a->atoms + atoms);
		if (n == 0)
			break;
		for (unsigned i = atoms; i < atoms + n; i++) {
			a->hashes[i] = cache_hash(w->text + a->atoms[i].start, a->atoms[i].end - a->atoms[i].start);
			cache_expect(a->cache, a->hashes[i]);
		}
		a->counts[chunks++] = (guint8)n;
		atoms += n;
	}
	look_up(w, atoms);
	return chunks;
}

int document_terms(text_analyser *a, const char *text, size_t length, text_visit visit, void *user)
{
	struct walk w = {
		.analyser = a, .text = text, .length = MIN(length, (size_t)G_MAXINT32), .visit = visit, .user = user};
	unsigned chunks;
	while (!w.stopped && (chunks = read_stretch(&w)) > 0) {
		w.language = language_decide(w.scores);
		if (w.language == LANGUAGE_UNKNOWN)
			w.language = a->hub;
		for (unsigned i = 0, atom = 0; i < chunks && !w.stopped; atom += a->counts[i++])
			tell_chunk(&w, atom, a->counts[i]);
		for (int l = 0; l < LANGUAGES; l++)
			w.scores[l] /= 2; /* what was read last counts more */
	}
	return w.stopped;
}
