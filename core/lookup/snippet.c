/* Passages: where the query's words stand in a text, and the best stretch of it to show. FTS5's own snippet() loses its
 * way among colocated terms; this one asks the analyser that made the index. To ask it is dear, so it is asked only
 * about words that begin as a form of one of the query's words may, and once about each. Of phrases, ids and addresses
 * it is asked about the stretch in which their beginnings are densest. About a whole text only if nothing is found so.
 */
#include "lookup/match.h"

#include <string.h>

enum {
	MAX_TEXT = 256 << 10, /* bytes of a text that are searched for a passage */
	MAX_TITLE = 4096,     /* bytes of a title that is marked */
	MAX_FOUND = 2000,     /* places in it */
	MAX_ITEMS = 64,
	MAX_LEAVES = 8,
	BEGINNING = 5,
	WITHIN = 4,          /* letters of a word that may be a part of another */
	SHORT = 4,           /* letters of a word whose forms may be like it in the first letter only */
	MAX_QUICK = 1 << 10, /* bytes of a text that is looked at whole although it may hold nothing */
	LEAD = 8             /* of the width, one part stands before the first match */
};

struct found {
	gsize start, end; /* bytes */
	int item;
};

static int add_found(size_t start, size_t end, int which, void *user)
{
	GArray *all = user;
	struct found f = {start, end, which};
	g_array_append_val(all, f);
	return all->len >= MAX_FOUND;
}

/* ---- the best stretch ---- */

/* The index of the match at which the best stretch of `width` bytes begins:
 * most different items, then most matches. */
static guint best_start(const GArray *all, gsize width)
{
	guint best = 0, best_value = 0;
	for (guint i = 0; i < all->len; i++) {
		const struct found *first = &g_array_index(all, struct found, i);
		guint64 items = 0;
		guint matches = 0;
		for (guint k = i; k < all->len && k < i + MAX_ITEMS; k++) {
			const struct found *f = &g_array_index(all, struct found, k);
			if (f->end > first->start + width)
				break;
			items |= G_GUINT64_CONSTANT(1) << (f->item % MAX_ITEMS);
			matches++;
		}
		guint different = 0;
		for (; items; items &= items - 1)
			different++;
		guint value = different * 100 + MIN(matches, 99);
		if (value > best_value) {
			best_value = value;
			best = i;
		}
	}
	return best;
}

/* Goes from `at` to the beginning of a word, not before `floor`. */
static gsize word_begin(const char *text, gsize at, gsize floor)
{
	while (at > floor && !g_ascii_isspace(text[at - 1]))
		at--;
	while (at > 0 && ((guchar)text[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static gsize word_end(const char *text, gsize at, gsize length)
{
	gsize limit = MIN(length, at + 40);
	while (at < limit && !g_ascii_isspace(text[at]))
		at++;
	while (at < length && ((guchar)text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

/* Signs that turn the direction of writing: a source could make a line read as
 * what it is not. */
static gboolean turns(gunichar c)
{
	return c == 0x200e || c == 0x200f || c == 0x61c || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Copies text[begin, end) on one line, and notes where the matches come to
 * stand. */
static char *render(const char *text, gsize begin, gsize end, gsize length, const GArray *all, GArray *marks)
{
	GString *out = g_string_new(begin ? "… " : NULL);
	guint characters = begin ? 2 : 0, next = 0, mark_start = 0;
	gsize mark_end = 0;
	gboolean blank = TRUE;
	for (const char *p = text + begin; p < text + end; p = g_utf8_next_char(p)) {
		gsize at = (gsize)(p - text);
		if (mark_end && at >= mark_end) {
			struct lookup_mark mark = {mark_start, characters - mark_start};
			g_array_append_val(marks, mark);
			mark_end = 0;
		}
		while (next < all->len && g_array_index(all, struct found, next).start < at)
			next++;
		if (!mark_end && next < all->len && g_array_index(all, struct found, next).start == at) {
			mark_start = characters;
			mark_end = g_array_index(all, struct found, next).end;
		}
		gunichar c = g_utf8_get_char(p);
		if (turns(c))
			continue;
		if (g_unichar_isspace(c) || g_unichar_iscntrl(c)) {
			if (!blank) {
				g_string_append_c(out, ' ');
				characters++;
			}
			blank = TRUE;
			continue;
		}
		blank = FALSE;
		g_string_append_unichar(out, c);
		characters++;
	}
	if (mark_end) {
		struct lookup_mark mark = {mark_start, characters - mark_start};
		g_array_append_val(marks, mark);
	}
	if (end < length)
		g_string_append(out, out->len && out->str[out->len - 1] == ' ' ? "…" : " …");
	return g_string_free(out, FALSE);
}

/* ---- where to look ---- */

/* A letter as most people would type it, for a rough comparison: small, without
 * its dots. */
static gunichar plain(gunichar c)
{
	c = c < 0x80 ? (gunichar)g_ascii_tolower((char)c) : g_unichar_tolower(c);
	return c == 0xe4 || c == 0xe5 ? 'a' : c == 0xf6 ? 'o' : c;
}

/* The first letters of a word: what all its forms, or nearly all, begin with.
 */
static guint beginning_of(const char *word, gunichar out[BEGINNING])
{
	glong length = g_utf8_strlen(word, -1);
	guint n = 0;
	for (; *word && n < BEGINNING && n + 1 < (guint)MAX(length, 3); word = g_utf8_next_char(word))
		out[n++] = plain(g_utf8_get_char(word));
	return n;
}

static gboolean begins_here(const char *text, const gunichar *beginning, guint n)
{
	for (guint i = 0; i < n; i++, text = g_utf8_next_char(text))
		if (plain(g_utf8_get_char(text)) != beginning[i])
			return FALSE;
	return n > 0;
}

/* The query's words' beginnings, for a rough comparison. */
struct rough {
	gunichar letters[MAX_LEAVES][BEGINNING];
	guint lengths[MAX_LEAVES], leaves;
	guint nearly[MAX_LEAVES]; /* so many letters a form of the leaf has in common with it, at its beginning */
	gboolean rows;            /* some leaf is more than one word */
};

static void rough_fill(struct rough *rough, const struct lookup_match *match)
{
	rough->leaves = MIN(match->leaves->len, MAX_LEAVES);
	rough->rows = match->leaves->len > MAX_LEAVES;
	for (guint i = 0; i < rough->leaves; i++) {
		const char *written = g_array_index(match->leaves, struct lookup_leaf, i).written;
		rough->lengths[i] = beginning_of(written, rough->letters[i]);
		rough->nearly[i] =
			MIN(rough->lengths[i], g_utf8_strlen(written, -1) <= SHORT ? 1u : 2u); /* työ: töitä */
		for (const char *p = written; *p; p = g_utf8_next_char(p))
			rough->rows |= !g_unichar_isalpha(g_utf8_get_char(p));
	}
}

/* Where the wanted words may stand: everywhere where their first letters do, in
 * words' middles too. */
static GArray *rough_places(const struct rough *rough, const char *text, gsize length)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct found));
	for (const char *p = text; p < text + length && all->len < MAX_FOUND; p = g_utf8_next_char(p))
		for (guint i = 0; i < rough->leaves; i++)
			if (begins_here(p, rough->letters[i], rough->lengths[i])) {
				gsize at = (gsize)(p - text);
				add_found(at, at + rough->lengths[i], (int)i, all);
			}
	return all;
}

/* Marks of text[begin, end) alone. */
static void mark_stretch(text_analyser *analyser, const struct lookup_match *match, const char *text, gsize begin,
			 gsize end, GArray *all)
{
	text_marks(analyser, match->marker, text + begin, end - begin, add_found, all);
	for (guint i = 0; i < all->len; i++) {
		g_array_index(all, struct found, i).start += begin;
		g_array_index(all, struct found, i).end += begin;
	}
}

/* How many different words of the query are among the places that begin before
 * `end`, from place `i` on. */
static guint different(const GArray *all, guint i, gsize end)
{
	guint64 items = 0;
	guint n = 0;
	for (; i < all->len && g_array_index(all, struct found, i).start < end; i++)
		items |= G_GUINT64_CONSTANT(1) << (g_array_index(all, struct found, i).item % MAX_ITEMS);
	for (; items; items &= items - 1)
		n++;
	return n;
}

/* ---- words one by one ---- */

static gboolean in_word(gunichar c)
{
	return c < 0x80 ? g_ascii_isalnum((char)c) || c == '\'' || c == ':'
			: g_unichar_isalnum(c) || g_unichar_ismark(c) || c == 0x2019;
}

/* May text[begin, end), which is a word, be a form of a leaf, or hold one? */
static gboolean may_be(const struct rough *rough, const char *text, gsize begin, gsize end)
{
	for (guint i = 0; i < rough->leaves; i++) {
		if (begins_here(text + begin, rough->letters[i], rough->nearly[i]))
			return TRUE;
		if (rough->lengths[i] < WITHIN || end - begin <= rough->lengths[i])
			continue;
		for (const char *p = text + begin; p < text + end; p = g_utf8_next_char(p))
			if (begins_here(p, rough->letters[i], rough->lengths[i]))
				return TRUE;
	}
	return FALSE;
}

static int add_leaf(size_t start, size_t end, int which, void *user)
{
	(void)start, (void)end;
	*(guint *)user |= 1u << (which & 31);
	return 0;
}

/* Which leaves a word is a form of, as bits; what was found out is kept for as long as the match is. */
static guint leaves_of(text_analyser *analyser, const struct lookup_match *match, const char *word, gsize length)
{
	g_autofree char *key = g_strndup(word, length);
	const guint *known = g_hash_table_lookup(match->forms, key);
	guint leaves = 0;
	if (known)
		return *known;
	text_marks(analyser, match->marker, word, length, add_leaf, &leaves);
	g_hash_table_insert(match->forms, g_steal_pointer(&key), g_memdup2(&leaves, sizeof leaves));
	return leaves;
}

/* Marks of those words of the text that come into question, each looked at alone. */
static void mark_words(text_analyser *analyser, const struct lookup_match *match, const struct rough *rough,
		       const char *text, gsize length, GArray *all)
{
	for (gsize at = 0; at < length && all->len < MAX_FOUND;) {
		gsize word = at;
		while (at < length && in_word(g_utf8_get_char(text + at)))
			at = (gsize)(g_utf8_next_char(text + at) - text);
		if (at == word) {
			at = (gsize)(g_utf8_next_char(text + at) - text);
			continue;
		}
		guint leaves = may_be(rough, text, word, at) ? leaves_of(analyser, match, text + word, at - word) : 0;
		for (int which = 0; leaves; which++, leaves >>= 1)
			if (leaves & 1)
				add_found(word, at, which, all);
	}
}

/* ---- rows of words ---- */

/* The best of the stretches where the words may stand, looked at as a whole. FALSE: they are not there. */
static gboolean mark_rows(text_analyser *analyser, const struct lookup_match *match, const struct rough *words,
			  const char *text, gsize length, guint width, GArray *all)
{
	g_autoptr(GArray) rough = rough_places(words, text, length);
	if (!rough->len)
		return FALSE;
	guint best = best_start(rough, width);
	gsize first = g_array_index(rough, struct found, best).start;
	gsize begin = word_begin(text, first - MIN(first, width / 4), first - MIN(first, width / 2));
	gsize end = word_end(text, MIN(first + width, length), length);
	mark_stretch(analyser, match, text, begin, end, all);
	if (all->len && different(all, 0, end) >= different(rough, best, first + width))
		return TRUE;
	g_array_set_size(all, 0);
	return FALSE;
}

/* `thorough`: the words must be there somewhere. */
static GArray *find_marks(text_analyser *analyser, const struct lookup_match *match, const char *text, gsize length,
			  guint width, gboolean thorough)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct found));
	struct rough words;
	rough_fill(&words, match);
	if (!words.rows)
		mark_words(analyser, match, &words, text, length, all);
	else if (mark_rows(analyser, match, &words, text, length, width, all))
		return all;
	if (!all->len && (thorough || words.rows) && length <= (thorough ? MAX_TEXT : MAX_QUICK))
		text_marks(analyser, match->marker, text, length, add_found, all);
	return all;
}

/* ---- the whole ---- */

static void add_mark(GArray *marks, const char *text, gsize start, gsize end)
{
	struct lookup_mark mark = {(guint)g_utf8_strlen(text, (gssize)start),
				   (guint)g_utf8_strlen(text + start, (gssize)(end - start))};
	g_array_append_val(marks, mark);
}

void lookup_marks(text_analyser *analyser, const struct lookup_match *match, const char *text, GArray *marks)
{
	gsize length = strlen(text), end = 0;
	if (match->leaves->len == 0 || length > MAX_TITLE)
		return;
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct found));
	struct rough words;
	rough_fill(&words, match);
	if (words.rows)
		text_marks(analyser, match->marker, text, length, add_found, all);
	else
		mark_words(analyser, match, &words, text, length, all);
	for (guint i = 0; i < all->len; i++) {
		const struct found *f = &g_array_index(all, struct found, i);
		if (f->start < end)
			continue; /* part of the one before */
		end = f->end;
		add_mark(marks, text, f->start, f->end);
	}
}

char *lookup_snippet(text_analyser *analyser, const struct lookup_match *match, const char *text, guint width,
		     GArray *marks)
{
	return lookup_passage(analyser, match, text, width, TRUE, marks);
}

char *lookup_passage(text_analyser *analyser, const struct lookup_match *match, const char *text, guint width,
		     gboolean thorough, GArray *marks)
{
	gsize length = strlen(text);
	gsize searched = MIN(length, MAX_TEXT);
	while (searched < length && searched > 0 && ((guchar)text[searched] & 0xc0) == 0x80)
		searched--;
	g_autoptr(GArray) all = match->leaves->len ? find_marks(analyser, match, text, searched, width, thorough)
						   : g_array_new(FALSE, FALSE, sizeof(struct found));
	gsize begin = 0;
	if (all->len) {
		const struct found *first = &g_array_index(all, struct found, best_start(all, width));
		begin = first->start > width / LEAD ? word_begin(text, first->start - width / LEAD,
								 first->start - MIN(first->start, width / 2))
						    : 0;
	}
	gsize end = begin + width >= length ? length : word_end(text, begin + width, length);
	return render(text, begin, end, length, all, marks);
}
