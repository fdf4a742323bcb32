#include "lookup/words.h"

#include <string.h>

#include "base/base.h"
#include "lookup/desk.h"
#include "lookup/walk.h"

/* Letters from which on a word may have a slip, or two, and up to which one is
 * looked for; terms of the index that are looked at for it: numbers, not times,
 * so that an answer does not depend on how busy the machine is. */
enum { NEAR_MIN = 5, TWO_SLIPS = 8, NEAR_MAX = 24, SCANNED = 12000, WORD_MAX = 64 };
enum { SAMPLE = 256, SAMPLE_VISITS = 20000, TERMS_KEPT = 50000, TERMS_LOOKED_AT = 64 };

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

/* ---- as FTS5 expressions ---- */

static void append_sign(GString *to, char sign)
{
	if (sign == '"')
		g_string_append_c(to, '"');
	g_string_append_c(to, sign);
}

static void append_term(GString *to, const struct text_alternative *a)
{
	g_string_append_c(to, '"');
	g_string_append_c(to, TEXT_VERBATIM);
	for (const char *p = a->term; *p; p++)
		append_sign(to, *p);
	g_string_append(to, a->prefix ? "\" *" : "\"");
}

gboolean lookup_word_expression(GString *to, const struct text_word *word, unsigned classes)
{
	gsize before = to->len;
	guint pieces = 0;
	for (guint i = 0; i < word->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(word->alternatives, struct text_alternative, i);
		if (!(classes & 1u << a->kind))
			continue;
		g_string_append(to, pieces++ ? " OR " : "(");
		append_term(to, a);
	}
	if (word->steps) {
		g_autoptr(GString) row = g_string_new(NULL);
		if (text_match_phrase(row, word->steps, classes | 1u << TEXT_PART))
			g_string_append_printf(to, "%s%s", pieces++ ? " OR " : "(", row->str);
	}
	if (to->len > before)
		g_string_append_c(to, ')');
	return pieces > 0;
}

/* ---- which terms there are ---- */

static gboolean ask_term(store *s, const char *term)
{
	sqlite3_stmt *st = store_prepare(s,
					 "SELECT 1 FROM main.record_fts f WHERE f.record_fts MATCH "
					 "? ORDER BY f.rowid LIMIT 1",
					 NULL);
	struct text_alternative only = {.term = (char *)term, .kind = TEXT_WHOLE};
	g_autoptr(GString) match = g_string_new(NULL);
	append_term(match, &only);
	if (!st)
		return TRUE;
	sqlite3_bind_text(st, 1, match->str, (int)match->len, SQLITE_STATIC);
	gboolean there = sqlite3_step(st) == SQLITE_ROW;
	sqlite3_reset(st);
	return there;
}

/* A term that was there is taken to be there still: if it is not, that costs
 * little. One that was not is asked for anew when the store has changed. */
static gboolean term_lives(store *s, struct desk *desk, const char *term)
{
	guint64 *known = g_hash_table_lookup(desk->terms, term);
	if (known && (*known == 0 || *known == desk->generation))
		return *known == 0;
	if (g_hash_table_size(desk->terms) >= TERMS_KEPT)
		g_hash_table_remove_all(desk->terms);
	guint64 *made = g_new(guint64, 1);
	gboolean there = ask_term(s, term);
	*made = there ? 0 : desk->generation;
	g_hash_table_replace(desk->terms, g_strdup(term), made);
	return there;
}

void lookup_word_prune(store *s, struct text_word *word)
{
	struct desk *desk = desk_of(s);
	gboolean dead[TERMS_LOOKED_AT];
	guint n = MIN(word->alternatives->len, TERMS_LOOKED_AT), lives = word->alternatives->len - n;
	for (guint i = 0; word->steps && i < word->steps->len; i++)
		lookup_word_prune(s, word->steps->pdata[i]);
	for (guint i = 0; i < n; i++) {
		const struct text_alternative *a = &g_array_index(word->alternatives, struct text_alternative, i);
		dead[i] = desk && !a->prefix && !term_lives(s, desk, a->term);
		lives += !dead[i];
	}
	for (guint i = n; lives && i > 0; i--)
		if (dead[i - 1])
			g_array_remove_index(word->alternatives, i - 1);
}

/* ---- how many records ---- */

/* Counting all records that hold a common word takes long, and nobody needs to
 * know to the last one. So the newest SAMPLE are visited, and where there are
 * more, the rest is taken for as dense. */
gint64 lookup_documents(store *s, struct sieve *open, const char *fts)
{
	const struct desk *desk = desk_of(s);
	struct walk walk = {.sieve = open, .limit = SAMPLE, .visits = SAMPLE_VISITS};
	if (!desk || !open || !walk_words(s, &walk, fts, NULL, 0, G_MAXINT64, NULL) || !walk.ended)
		return walk.matched;
	gint64 newest = shelf_newest(desk->shelf);
	return (gint64)((double)walk.matched * (double)newest / (double)MAX(newest - walk.last + 1, 1));
}

gint64 lookup_word_documents(store *s, struct sieve *open, const struct text_word *word)
{
	g_autoptr(GString) match = g_string_new(NULL);
	return lookup_word_expression(match, word, TEXT_ALL) ? lookup_documents(s, open, match->str) : 0;
}

/* ---- what is near ---- */

/* Changes of a letter (put in, left out, another, two swapped) from `a` to `b`,
 * or `limit` + 1 if there are more. Optimal string alignment: Damerau 1964. */
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

/* Terms that begin as `like` does: with its mark, if it has one, and its first
 * `same` letters. */
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
	sqlite3_stmt *st = store_prepare(s,
					 "SELECT title, text, quoted, people FROM record_fts WHERE "
					 "record_fts MATCH ? LIMIT 1",
					 NULL);
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

/* All words that differ from `word` by one letter: two swapped, one too many,
 * another one, one too few (Norvig 2007).
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

/* The commonest of the index's words that hold `word` within: etävalvonta for
 * valvonta. */
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
