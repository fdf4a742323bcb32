#include "lookup/words.h"

#include <string.h>

#include "base/base.h"

enum { NEAR_MIN = 4, NEAR_SCANNED = 200000, WORD_MAX = 64 };

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

/* The commonest few terms that begin so are enough to tell how common a beginning is. */
static gint64 prefix_documents(store *s, const char *prefix)
{
	sqlite3_stmt *st =
		store_prepare(s,
			      "SELECT sum(doc) FROM (SELECT doc FROM record_terms WHERE term >= ?1 AND term < ?1 || "
			      "char(0x10ffff) LIMIT 1000)",
			      NULL);
	if (!st)
		return 0;
	sqlite3_bind_text(st, 1, prefix, -1, SQLITE_STATIC);
	gint64 documents = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	sqlite3_reset(st);
	return documents;
}

static gint64 row_documents(store *s, const GPtrArray *steps)
{
	gint64 least = G_MAXINT64;
	for (guint i = 0; i < steps->len; i++)
		least = MIN(least, lookup_word_documents(s, steps->pdata[i]));
	return steps->len ? least : 0;
}

gint64 lookup_word_documents(store *s, const struct text_word *word)
{
	gint64 most = word->steps ? row_documents(s, word->steps) : 0;
	for (guint i = 0; i < word->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(word->alternatives, struct text_alternative, i);
		gint64 documents = a->prefix ? prefix_documents(s, a->term) : term_documents(s, a->term);
		most = MAX(most, documents);
	}
	return most;
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
	gunichar *word;
	guint length, limit, best;
	gint64 documents;
	char *term;
};

static void consider(struct nearest *n, const char *term, gint64 documents)
{
	glong length;
	g_autofree gunichar *letters = g_utf8_to_ucs4_fast(term, -1, &length);
	if (length > WORD_MAX || (guint)ABS(length - (glong)n->length) > n->limit)
		return;
	guint d = distance(n->word, n->length, letters, (guint)length, n->limit);
	if (d > n->limit || d > n->best || (d == n->best && documents <= n->documents))
		return;
	n->best = d;
	n->documents = documents;
	g_free(n->term);
	n->term = g_strdup(term);
}

/* Terms that begin with the same letter; a wrong first letter is rare, and all terms are too many. */
static void scan(store *s, struct nearest *n, const char *from, const char *to)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT term, doc FROM record_terms WHERE term >= ? AND term < ?", NULL);
	if (!st)
		return;
	sqlite3_bind_text(st, 1, from, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, to, -1, SQLITE_STATIC);
	for (int i = 0; i < NEAR_SCANNED && sqlite3_step(st) == SQLITE_ROW; i++)
		consider(n, (const char *)sqlite3_column_text(st, 0), sqlite3_column_int64(st, 1));
	sqlite3_reset(st);
}

char *lookup_word_near(store *s, const char *word)
{
	g_autofree char *folded = g_utf8_casefold(word, -1);
	glong length;
	g_autofree gunichar *letters = g_utf8_to_ucs4_fast(folded, -1, &length);
	if (length < NEAR_MIN || length > WORD_MAX)
		return NULL;
	guint limit = length < 8 ? 1 : 2;
	struct nearest n = {letters, (guint)length, limit, limit + 1, 0, NULL};
	char from[7] = {0};
	g_unichar_to_utf8(letters[0], from);
	g_autofree char *to = g_strconcat(from, "\xf4\x8f\xbf\xbf", NULL);
	scan(s, &n, from, to);
	return n.term;
}
