/* query: the words of a query with all their readings. */
#include <string.h>

#include "analyser.h"
#include "fold.h"
#include "language.h"
#include "shared.h"
#include "word.h"

static void alternative_clear(gpointer data)
{
	g_free(((struct text_alternative *)data)->term);
}

static void word_free(gpointer data)
{
	struct text_word *w = data;
	g_array_unref(w->alternatives);
	if (w->steps)
		g_ptr_array_unref(w->steps);
	g_free(w);
}

static struct text_word *word_new(size_t start, size_t end)
{
	struct text_word *w = g_new0(struct text_word, 1);
	w->start = start;
	w->end = end;
	w->alternatives = g_array_new(FALSE, FALSE, sizeof(struct text_alternative));
	g_array_set_clear_func(w->alternatives, alternative_clear);
	return w;
}

static void add(struct text_word *w, const char *term, size_t length, enum text_class kind, gboolean prefix)
{
	guint at = w->alternatives->len;
	for (guint i = 0; i < w->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(w->alternatives, struct text_alternative, i);
		if (strlen(a->term) == length && !memcmp(a->term, term, length) && (a->prefix || !prefix))
			return;
		if (a->kind > kind && at == w->alternatives->len)
			at = i;
	}
	struct text_alternative made = {g_strndup(term, length), kind, prefix};
	g_array_insert_val(w->alternatives, at, made);
}

static void add_terms(struct text_word *w, const struct terms *terms)
{
	for (unsigned i = 0; i < terms->count; i++)
		add(w, terms->items[i].bytes, terms->items[i].length, terms->items[i].kind, FALSE);
}

static void add_prefixes(struct text_word *w, const char *word, size_t length)
{
	static const char marks[] = {0, TEXT_MARK_ENGLISH, TEXT_MARK_SWEDISH, TEXT_MARK_FINNISH, TEXT_MARK_NAME};
	for (gsize i = 0; i < sizeof marks; i++) {
		char term[TERM_BYTES + 1];
		size_t head = marks[i] ? 1 : 0;
		term[0] = marks[i];
		memcpy(term + head, word, MIN(length, TERM_BYTES - 1));
		add(w, term, head + MIN(length, TERM_BYTES - 1),
		    i == 0  ? TEXT_WHOLE
		    : i < 4 ? TEXT_STEM
			    : TEXT_NAME,
		    TRUE);
	}
}

/* IT and US are not it and us. */
static gboolean abbreviation(const char *text, const struct segment_atom *atom)
{
	for (size_t i = atom->start; i < atom->end; i++)
		if (!g_ascii_isupper(text[i]))
			return FALSE;
	return atom->end > atom->start + 1;
}

/* What a word of a query asks for or, not typed to its end, may become. The dictionary is asked dozens of times about
 * one: what it said is kept for the next letter, page or person. */
static void terms_of(text_analyser *a, const struct word_given *word, gboolean complete, struct terms *terms)
{
	char key[TERM_BYTES + 2] = {'\x01', (char)('0' + (word->capital ? 1 : 0) + (word->abbreviation ? 2 : 0) +
						   (complete ? 4 : 0))}; /* no word of a text begins so */
	memcpy(key + 2, word->bytes, word->length);
	if (a->shares && shared_get(key, word->length + 2, LANGUAGE_UNKNOWN, terms))
		return;
	if (complete)
		word_complete(a->lexicon, word, terms);
	else
		word_query(a->lexicon, word, terms);
	if (a->shares)
		shared_put(key, word->length + 2, LANGUAGE_UNKNOWN, terms);
}

/* `atom`: may be several with hyphens between. `prefix`: not typed to its end. */
static struct text_word *read_word(text_analyser *a, const char *text, const struct segment_atom *atom, gboolean prefix)
{
	struct text_word *w = word_new(atom->start, atom->end);
	char folded[TERM_BYTES];
	struct terms terms;
	struct word_given given = {.bytes = folded,
				   .capital = (atom->flags & SEGMENT_CAPITAL) != 0,
				   .abbreviation = (atom->flags & SEGMENT_COLON) != 0};
	given.length = analyser_fold(text, atom, folded);
	w->common = language_common(folded, given.length) && !abbreviation(text, atom);
	if (prefix)
		add_prefixes(w, folded, given.length);
	if ((atom->flags & (SEGMENT_DIGIT | SEGMENT_SEVERAL)) == SEGMENT_DIGIT) {
		add(w, folded, given.length, TEXT_WHOLE, FALSE);
		return w;
	}
	terms_of(a, &given, FALSE, &terms);
	add_terms(w, &terms);
	if (prefix && !given.abbreviation) {
		terms_of(a, &given, TRUE, &terms);
		add_terms(w, &terms);
	}
	return w;
}

/* The first atom of an address of the web that is more than https://www: one that is pasted should find it where it is
 * written without them. */
static unsigned web_begins(const char *text, const struct segment_atom *atoms, unsigned count)
{
	unsigned i = count > 2 && !strncmp(text + atoms[0].end, "://", 3) ? 1 : 0;
	if (i + 2 < count && atoms[i].end - atoms[i].start == 3 &&
	    !g_ascii_strncasecmp(text + atoms[i].start, "www", 3))
		i++;
	return i;
}

/* The whole of a chunk of several atoms: what its first and longest whole says. */
static struct text_word *read_chunk(text_analyser *a, const char *text, const struct segment_atom *atoms,
				    unsigned count, gboolean prefix)
{
	if (count == 1)
		return read_word(a, text, &atoms[0], prefix);
	struct text_word *w = word_new(atoms[0].start, atoms[count - 1].end);
	struct joined wholes[JOINED_MAX];
	unsigned found = joined_find(text, atoms, count, wholes), first = web_begins(text, atoms, count);
	w->steps = g_ptr_array_new_with_free_func(word_free);
	for (unsigned i = first; i < count; i++)
		g_ptr_array_add(w->steps, read_word(a, text, &atoms[i], prefix && i + 1 == count));
	for (unsigned i = 0; i < found; i++) {
		const struct joined *whole = &wholes[i];
		if (whole->first != 0 || whole->last != count - 1)
			continue;
		if (whole->kind == JOINED_WORD) {
			struct segment_atom all = segment_several(&atoms[0], &atoms[count - 1]);
			g_autoptr(GPtrArray) one = g_ptr_array_new_with_free_func(word_free);
			g_ptr_array_add(one, read_word(a, text, &all, FALSE));
			struct text_word *read = one->pdata[0];
			for (guint k = 0; k < read->alternatives->len; k++) {
				struct text_alternative *alt =
					&g_array_index(read->alternatives, struct text_alternative, k);
				add(w, alt->term, strlen(alt->term), alt->kind, FALSE);
			}
		}
		add(w, whole->term, whole->length, TEXT_WHOLE, prefix);
	}
	return w;
}

static struct text_word *read_phone(const char *text, size_t length, const struct segment_atom *atom, size_t *end)
{
	char key[JOINED_PHONE_DIGITS + 2];
	size_t n;
	*end = atom->flags & SEGMENT_LETTER ? 0 : joined_phone(text, length, atom->start, key + 1, &n);
	if (*end == 0)
		return NULL;
	struct text_word *w = word_new(atom->start, *end);
	key[0] = TEXT_MARK_PHONE;
	add(w, key, n + 1, TEXT_WHOLE, FALSE);
	return w;
}

/* Where an atom ends without what hangs on it by a colon. */
static size_t own_end(const struct segment_atom *atom)
{
	return atom->flags & SEGMENT_COLON ? atom->colon : atom->end;
}

/* The digits as they were written, in a row; how many of the atoms are such. */
static unsigned phone_steps(text_analyser *a, const char *text, struct text_word *phone,
			    const struct segment_atom *atoms, unsigned count)
{
	unsigned i = 0;
	if (!phone->steps)
		phone->steps = g_ptr_array_new_with_free_func(word_free);
	for (; i < count && own_end(&atoms[i]) <= phone->end; i++)
		g_ptr_array_add(phone->steps, read_word(a, text, &atoms[i], FALSE));
	return i;
}

GPtrArray *text_query(text_analyser *a, const char *text, size_t length, gboolean prefix)
{
	GPtrArray *words = g_ptr_array_new_with_free_func(word_free);
	struct segment_atom atoms[SEGMENT_ATOMS];
	struct text_word *phone_word = NULL;
	size_t at = 0, phone_end = 0;
	unsigned n;
	while ((n = segment_next(text, length, &at, atoms)) > 0) {
		size_t end = 0;
		if (atoms[0].start < phone_end) {
			unsigned own = phone_steps(a, text, phone_word, atoms, n);
			if (own < n) /* 040 1234567.pdf */
				g_ptr_array_add(words,
						read_chunk(a, text, atoms + own, n - own, prefix && at == length));
			continue;
		}
		struct text_word *phone = read_phone(text, length, &atoms[0], &end);
		if (phone && own_end(&atoms[n - 1]) <= end) {
			phone_end = end;
			phone_steps(a, text, phone, atoms, n);
			g_ptr_array_add(words, phone_word = phone);
			continue;
		}
		if (phone)
			word_free(phone);
		g_ptr_array_add(words, read_chunk(a, text, atoms, n, prefix && at == length));
	}
	return words;
}

/* ---- as tokens, for those who ask FTS5 with plain strings ---- */

static int tell_word(const struct text_word *w, text_visit visit, void *user)
{
	gboolean first = TRUE;
	for (guint i = 0; i < w->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(w->alternatives, struct text_alternative, i);
		struct text_token token = {.term = a->term,
					   .length = strlen(a->term),
					   .start = w->start,
					   .end = w->end,
					   .colocated = !first,
					   .kind = a->kind};
		int stop = visit(&token, user);
		first = FALSE;
		if (stop)
			return stop;
	}
	return 0;
}

/* One chunk alone is asked for as a whole, if it has one that is more than its parts; else part by part. */
int query_terms(text_analyser *a, const char *text, size_t length, text_visit visit, void *user)
{
	g_autoptr(GPtrArray) words = text_query(a, text, length, FALSE);
	int stop = 0;
	for (guint i = 0; i < words->len && !stop; i++) {
		const struct text_word *w = words->pdata[i];
		gboolean whole = !w->steps || (words->len == 1 && w->alternatives->len > 0);
		if (whole)
			stop = tell_word(w, visit, user);
		for (guint k = 0; !whole && k < w->steps->len && !stop; k++)
			stop = tell_word(w->steps->pdata[k], visit, user);
	}
	return stop;
}
