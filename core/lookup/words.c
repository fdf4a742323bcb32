#include "lookup/words.h"

#include <string.h>

#include "base/base.h"

/* Letters from which on a word may have a slip, or two, and up to which one is looked for; terms of the index that are
 * looked at for it: numbers, not times, so that an answer does not depend on how busy the machine is. */
enum { NEAR_MIN = 5, TWO_SLIPS = 8, NEAR_MAX = 24, SCANNED = 12000, WORD_MAX = 64, SAMPLE = 400 };

static gint64 term_documents(store *s, const char *term)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT doc FROM record_terms WHERE term = ?", NULL);
	if (!st)
		return 0;
	sqlite3_bind_text(st, 1, term, -1, SQLITE_STATIC);
	gint64 documents = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	sqlite3_reset(st);
	return documents;
}

/* Counting all records that hold a common word takes long, and nobody needs to know to the last one. So the newest
 * SAMPLE are visited, and where there are more, the rest is taken for as dense. */
gint64 lookup_documents(store *s, const char *fts)
{
	sqlite3_stmt *st = store_prepare(s,
					 "SELECT count(*), min(rowid), max(rowid) FROM (SELECT rowid FROM record_fts "
					 "WHERE record_fts MATCH ? ORDER BY rowid DESC LIMIT ?)",
					 NULL);
	if (!st)
		return 0;
	sqlite3_bind_text(st, 1, fts, -1, SQLITE_STATIC);
	sqlite3_bind_int(st, 2, SAMPLE);
	gboolean row = sqlite3_step(st) == SQLITE_ROW;
	gint64 n = row ? sqlite3_column_int64(st, 0) : 0, oldest = row ? sqlite3_column_int64(st, 1) : 0,
	       newest = row ? sqlite3_column_int64(st, 2) : 0;
	sqlite3_reset(st);
	return n < SAMPLE ? n : (gint64)((double)n * (double)newest / (double)MAX(newest - oldest, 1));
}

gint64 lookup_word_documents(store *s, const struct text_word *word)
{
	g_autoptr(GString) match = g_string_new(NULL);
	return text_match_word(match, word, TEXT_ALL) ? lookup_documents(s, match->str) : 0;
}

/* ---- what is near ---- */

/* Changes of a letter (put in, left out, another, two swapped) from `a` to `b`, or `limit` + 1 if there are more.
 * Optimal string alignment: Damerau 1964. */
static guint distance(const gunichar *a, guint n, const gunichar *b, guint m, guint limit)
{
	guint rows[3][WORD_MAX + 1];
	for (guint j = 0; j <= m; j++)
		rows[0][j] = j;
	for (guint i = 1; i <= n; i++) {
		guint *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
		guint least = now[0] = i;
		for (guint j = 1; j <= m; j++) {
			guint best = MIN(before[j], now[j - 1]) + 1;
			best = MIN(best, before[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = MIN(best, earlier[j - 2] + 1);
			now[j] = best;
			least = MIN(least, best);
		}
		if (least > limit)
			return limit + 1;
	}
	return rows[n % 3][m];
}

struct nearest {
	guint limit, best;
	guint left; /* terms that may still be looked at */
	gint64 documents;
	char *term;
};

static void consider(struct nearest *n, const gunichar *word, guint length, const char *term, gsize mark,
		     gint64 documents)
{
	glong m;
	g_autofree gunichar *letters = g_utf8_to_ucs4_fast(term + mark, -1, &m);
	if (m > WORD_MAX || (guint)ABS(m - (glong)length) > n->limit)
		return;
	guint d = distance(word, length, letters, (guint)m, n->limit);
	if (d > n->limit || d > n->best || (d == n->best && documents <= n->documents))
		return;
	n->best = d;
	n->documents = documents;
	g_free(n->term);
	n->term = g_strdup(term);
}

/* Terms that begin as `like` does: with its mark, if it has one, and its first `same` letters. */
static void scan(store *s, struct nearest *n, const char *like, glong same)
{
	gsize mark = g_ascii_ispunct(*like) ? 1 : 0;
	glong length;
	g_autofree gunichar *letters = g_utf8_to_ucs4_fast(like + mark, -1, &length);
	sqlite3_stmt *st = store_prepare(s, "SELECT term, doc FROM record_terms WHERE term >= ? AND term < ?", NULL);
	if (!st || length < same || length > WORD_MAX)
		return;
	g_autofree char *from = g_strndup(like, (gsize)(g_utf8_offset_to_pointer(like + mark, same) - like));
	g_autofree char *to = g_strconcat(from, "\xf4\x8f\xbf\xbf", NULL);
	sqlite3_bind_text(st, 1, from, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, to, -1, SQLITE_STATIC);
	for (; n->left && sqlite3_step(st) == SQLITE_ROW; n->left--)
		consider(n, letters, (guint)length, (const char *)sqlite3_column_text(st, 0), mark,
			 sqlite3_column_int64(st, 1));
	sqlite3_reset(st);
}

struct place {
	size_t start, end;
};

static int first_mark(size_t start, size_t end, int which, void *user)
{
	(void)which;
	*(struct place *)user = (struct place){start, end};
	return 1;
}

/* The word as it stands in one of the records that hold the term. */
static char *written_as(store *s, text_analyser *analyser, const char *term)
{
	g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(struct text_alternative));
	struct text_alternative only = {.term = (char *)term, .kind = TEXT_WHOLE};
	g_array_append_val(terms, only);
	struct text_word word = {.alternatives = terms};
	g_autoptr(GString) match = g_string_new(NULL);
	g_autoptr(text_marker) marker = text_marker_new();
	text_match_word(match, &word, TEXT_SURE);
	text_marker_word(marker, &word, TEXT_SURE, 0);
	sqlite3_stmt *st = store_prepare(
		s, "SELECT title, text, quoted, people FROM record_fts WHERE record_fts MATCH ? LIMIT 1", NULL);
	if (!st)
		return NULL;
	sqlite3_bind_text(st, 1, match->str, (int)match->len, SQLITE_STATIC);
	char *written = NULL;
	int columns = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_count(st) : 0;
	for (int i = 0; i < columns && !written; i++) {
		const char *text = (const char *)sqlite3_column_text(st, i);
		struct place at = {0, 0};
		if (text && text_marks(analyser, marker, text, strlen(text), first_mark, &at))
			written = g_strndup(text + at.start, at.end - at.start);
	}
	sqlite3_reset(st);
	return written;
}

/* ---- one slip ---- */

static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzåäö";

struct slip {
	store *s;
	text_analyser *analyser;
	gint64 documents;
	char *word;
};

/* Is `word` one that records hold, and more of them than the best so far? */
static void try_word(struct slip *slip, const gunichar *letters, glong length)
{
	g_autofree char *word = g_ucs4_to_utf8(letters, length, NULL, NULL, NULL);
	g_autoptr(GPtrArray) words = text_query(slip->analyser, word, strlen(word), FALSE);
	const struct text_word *one = words->len == 1 ? words->pdata[0] : NULL;
	gint64 documents = 0;
	for (guint i = 0; one && i < one->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(one->alternatives, struct text_alternative, i);
		if (TEXT_SURE & 1u << a->kind)
			documents = MAX(documents, term_documents(slip->s, a->term));
	}
	if (documents <= slip->documents)
		return;
	slip->documents = documents;
	g_free(slip->word);
	slip->word = g_steal_pointer(&word);
}

/* All words that differ from `word` by one letter: two swapped, one too many, another one, one too few (Norvig 2007).
 */
static void try_slips(struct slip *slip, const gunichar *word, glong n, const gunichar *letters, glong count)
{
	gunichar made[WORD_MAX + 1];
	for (glong i = 0; i <= n; i++) {
		memcpy(made, word, (gsize)n * sizeof *word);
		if (i + 1 < n && word[i] != word[i + 1]) {
			made[i] = word[i + 1];
			made[i + 1] = word[i];
			try_word(slip, made, n);
		}
		memcpy(made, word, (gsize)i * sizeof *word);
		if (i < n) {
			memcpy(made + i, word + i + 1, (gsize)(n - i - 1) * sizeof *word);
			try_word(slip, made, n - 1);
		}
		for (glong k = 0; k < count; k++) {
			made[i] = letters[k];
			if (i < n && word[i] != letters[k]) {
				memcpy(made + i + 1, word + i + 1, (gsize)(n - i - 1) * sizeof *word);
				try_word(slip, made, n);
			}
			memcpy(made + i + 1, word + i, (gsize)(n - i) * sizeof *word);
			try_word(slip, made, n + 1);
		}
	}
}

static char *one_slip(store *s, text_analyser *analyser, const gunichar *word, glong n)
{
	struct slip slip = {s, analyser, 0, NULL};
	glong count;
	g_autofree gunichar *letters = g_utf8_to_ucs4_fast(LETTERS, -1, &count);
	try_slips(&slip, word, n, letters, count);
	return slip.word;
}

/* ---- within ---- */

/* The commonest of the index's words that hold `word` within: etävalvonta for valvonta. */
static char *holding(store *s, text_analyser *analyser, const char *word)
{
	gint64 most = 0;
	g_autofree char *term = NULL;
	sqlite3_stmt *st = store_prepare(s, "SELECT term, doc FROM record_terms WHERE term > 'a'", NULL);
	if (!st)
		return NULL;
	for (guint left = SCANNED; left && sqlite3_step(st) == SQLITE_ROW; left--) {
		const char *one = (const char *)sqlite3_column_text(st, 0);
		if (sqlite3_column_int64(st, 1) > most && strstr(one + 1, word)) {
			most = sqlite3_column_int64(st, 1);
			g_free(term);
			term = g_strdup(one);
		}
	}
	sqlite3_reset(st);
	return term ? written_as(s, analyser, term) : NULL;
}

/* ---- all of them ---- */

char *lookup_word_near(store *s, text_analyser *analyser, const struct text_word *word, const char *written)
{
	static const glong same[] = {3, 1};
	g_autofree char *folded = text_fold(written, -1);
	glong length;
	g_autofree gunichar *letters = g_utf8_to_ucs4_fast(folded, -1, &length);
	if (length < NEAR_MIN || length > NEAR_MAX || strpbrk(written, "0123456789") || word->steps)
		return NULL;
	char *near = one_slip(s, analyser, letters, length);
	if (!near)
		near = holding(s, analyser, folded);
	if (near || length < TWO_SLIPS)
		return near;
	struct nearest n = {.limit = 2, .best = 3, .left = SCANNED};
	for (gsize pass = 0; pass < G_N_ELEMENTS(same) && !n.term; pass++)
		for (guint i = 0; i < word->alternatives->len; i++) {
			const struct text_alternative *a =
				&g_array_index(word->alternatives, struct text_alternative, i);
			if (TEXT_SURE & 1u << a->kind)
				scan(s, &n, a->term, same[pass]);
		}
	near = n.term ? written_as(s, analyser, n.term) : NULL;
	g_free(n.term);
	return near;
}
