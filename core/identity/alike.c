/* Which rows bear a name like a text. Every word of the text gives rows: those with a word that begins so, those whose
 * word has the same cases, those that sound alike. What they gain by it says which few are worth comparing whole. It is
 * asked at every key that is pressed, so all lists are bounded. */
#include "identity/internal.h"

#include <string.h>

#include "identity/block.h"
#include "identity/keys.h"
#include "identity/similar.h"
#include "text/namekey.h"

#define WORDS_MOST  8    /* of the text */
#define LIST_ROWS   200  /* of one word in one way */
#define BOTH_ROWS   3000 /* of a common word that are looked through for a second one */
#define WHOLE_MOST  60   /* names that are compared whole */
#define LATIN_WORD  40   /* bytes; longer ones have no cases */
#define OTHER_ORDER 0.95 /* "Konepaja Virtanen" for "virtasen konepaja" */

struct asked {
	const char *text;
	gsize length;
	struct namekeys keys;
	gboolean common, begun; /* many rows have the word; a word that begins so */
};

struct seen {
	gint64 row;
	double sum, now; /* now: of it, by the word at hand */
	guint word;
};

struct asking {
	store *s;
	int kind; /* 0: both */
	guint n;
	struct asked words[WORDS_MOST];
	guint at;         /* the word at hand */
	double gain;      /* of the blocks at hand */
	GHashTable *seen; /* struct seen *, by row */
	gboolean failed;
	GError **error;
};

/* ---- likeness of names ---- */

static gboolean share_case(const struct asked *a, const char *word, gsize length)
{
	struct namekeys keys;
	if (a->length < 3 || length < 3 || a->length > LATIN_WORD || length > LATIN_WORD)
		return FALSE;
	keys.count = keys.likely = 0;
	namekey(word, length, &keys);
	for (unsigned n = 0; n < a->keys.count; n++)
		for (unsigned k = 0; k < keys.likely; k++)
			if (a->keys.key[n].length == keys.key[k].length &&
			    memcmp(a->keys.key[n].bytes, keys.key[k].bytes, keys.key[k].length) == 0)
				return TRUE;
	return FALSE;
}

static double word_likeness(const struct asked *a, const char *word)
{
	gsize length = strlen(word);
	if (a->length == length && memcmp(a->text, word, length) == 0)
		return 1;
	if (share_case(a, word, length))
		return 0.97;
	if (identity_near(a->text, word))
		return 0.85;
	if (a->length > 1 && length > a->length && memcmp(word, a->text, a->length) == 0)
		return a->length > 2 ? 0.8 : 0.75;
	if (a->length == 1 && word[0] == a->text[0])
		return 0.7;
	if (strpbrk(a->text, "0123456789") != NULL || strpbrk(word, "0123456789") != NULL)
		return 0; /* another number is another thing */
	double similar = identity_jaro_winkler(a->text, word);
	return similar >= 0.9 ? similar - 0.12 : 0;
}

/* 1: the same words; each word of the question must find its own. An organisation's name has an order. */
static double name_likeness(const struct asking *a, const char *name, gboolean person)
{
	g_autofree char *core = identity_org_name(name);
	if (core == NULL)
		return 0;
	g_auto(GStrv) words = g_strsplit(core, " ", 24);
	guint m = g_strv_length(words), last = 0;
	guint32 taken = 0;
	gboolean in_order = TRUE;
	double sum = 0;
	for (guint k = 0; k < a->n; k++) {
		double best = 0;
		guint which = 0;
		for (guint w = 0; w < m; w++) {
			double like = (taken & 1U << w) != 0 ? 0 : word_likeness(&a->words[k], words[w]);
			if (like > best) {
				best = like;
				which = w;
			}
		}
		sum += best;
		if (best == 0)
			continue;
		taken |= 1U << which;
		in_order = in_order && which >= last;
		last = which;
	}
	double all = a->n == 0 ? 0 : 0.8 * sum / a->n + 0.2 * sum / MAX(a->n, m);
	return in_order || person ? all : all * OTHER_ORDER;
}

/* ---- rows by words ---- */

static void note(struct asking *a, gint64 row, double gain)
{
	struct seen *seen = g_hash_table_lookup(a->seen, &row);
	if (seen == NULL) {
		seen = g_new0(struct seen, 1);
		seen->row = row;
		g_hash_table_add(a->seen, seen);
	} else if (seen->word != a->at) {
		seen->now = 0;
	}
	seen->word = a->at;
	if (gain <= seen->now)
		return;
	seen->sum += gain - seen->now;
	seen->now = gain;
}

/* Rows with a word that is the asked one or begins so: the same word comes first in their order. Of a list that goes on
 * past what is read, a row says less. */
static void ask_beginnings(struct asking *a, int kind)
{
	struct asked *word = &a->words[a->at];
	g_autofree char *past = identity_prefix_end(word->text);
	gint64 rows[LIST_ROWS];
	guint n = 0, same = 0;
	sqlite3_stmt *ask =
		identity_ask(a->s, a->error,
			     "SELECT customer_id, word = ?2 FROM identity_name_word WHERE kind = ?1 AND word"
			     " >= ?2 AND word < ?3 ORDER BY word LIMIT ?4",
			     "itti", (gint64)kind, word->text, past, (gint64)LIST_ROWS);
	while (ask != NULL && identity_row(a->s, ask, &a->failed, a->error) && n < LIST_ROWS) {
		rows[n++] = sqlite3_column_int64(ask, 0);
		same += sqlite3_column_int(ask, 1) != 0;
	}
	a->failed |= ask == NULL;
	for (guint k = 0; k < n; k++)
		note(a, rows[k], k < same ? (same == LIST_ROWS ? 0.6 : 1) : (n == LIST_ROWS ? 0.5 : 0.8));
	word->common |= same > WHOLE_MOST / 2;
	word->begun |= n > WHOLE_MOST / 2;
}

static void ask_block(gint64 key, gpointer user)
{
	struct asking *a = user;
	if (a->failed)
		return;
	sqlite3_stmt *ask = identity_ask(a->s, a->error, "SELECT customer_id FROM identity_block WHERE key = ? LIMIT ?",
					 "ii", key, (gint64)LIST_ROWS);
	while (ask != NULL && identity_row(a->s, ask, &a->failed, a->error))
		note(a, sqlite3_column_int64(ask, 0), a->gain);
	a->failed |= ask == NULL;
}

static void ask_word(struct asking *a)
{
	const struct asked *word = &a->words[a->at];
	for (int kind = 1; kind <= 2 && !a->failed; kind++)
		if (a->kind == 0 || a->kind == kind)
			ask_beginnings(a, kind);
	a->gain = 0.75;
	if (word->length > 2 && word->length <= LATIN_WORD)
		identity_query_cases(&word->keys, ask_block, a);
	a->gain = 0.5;
	if (word->length > 3)
		identity_query_sounds(word->text, ask_block, a);
}

/* Of two words of which both are common, the rows that have both: one whole, of the other the beginning. */
static void ask_both(struct asking *a, guint whole, guint beginning)
{
	static const char sql[] =
		"SELECT b.customer_id FROM (SELECT customer_id FROM identity_name_word WHERE kind = ?1"
		" AND word >= ?2 AND word < ?3 ORDER BY word LIMIT ?4) b WHERE EXISTS (SELECT 1 FROM"
		" identity_name_word w WHERE w.kind = ?1 AND w.word = ?5 AND w.customer_id ="
		" b.customer_id) LIMIT ?6";
	g_autofree char *past = identity_prefix_end(a->words[beginning].text);
	for (int kind = 1; kind <= 2; kind++) {
		if (a->failed || (a->kind != 0 && a->kind != kind))
			continue;
		g_autoptr(GArray) rows =
			identity_numbers(a->s, a->error, sql, "ittiti", (gint64)kind, a->words[beginning].text, past,
					 (gint64)BOTH_ROWS, a->words[whole].text, (gint64)LIST_ROWS);
		a->failed = rows == NULL;
		for (guint n = 0; rows != NULL && n < rows->len; n++) {
			a->at = whole;
			note(a, g_array_index(rows, gint64, n), 1);
			a->at = beginning;
			note(a, g_array_index(rows, gint64, n), 1);
		}
	}
}

static void ask_all(struct asking *a)
{
	for (a->at = 0; a->at < a->n && !a->failed; a->at++)
		ask_word(a);
	for (guint k = 0; k < a->n && k < 3; k++)
		for (guint w = 0; w < a->n && w < 3; w++)
			if (w != k && a->words[k].common && a->words[w].begun)
				ask_both(a, k, w);
}

/* ---- the few that gained most ---- */

static int most_first(gconstpointer a, gconstpointer b)
{
	const struct seen *x = *(const struct seen *const *)a, *y = *(const struct seen *const *)b;
	if (x->sum != y->sum)
		return x->sum > y->sum ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static int nearest_first(gconstpointer a, gconstpointer b)
{
	const struct identity_near_name *x = a, *y = b;
	if (x->bits != y->bits)
		return x->bits > y->bits ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

static gboolean compare(struct asking *a, gint64 row, double least, GArray *out)
{
	sqlite3_stmt *ask =
		identity_ask(a->s, a->error, "SELECT name, kind FROM customer WHERE id = ? AND NOT gone", "i", row);
	if (ask == NULL)
		return FALSE;
	if (!identity_row(a->s, ask, &a->failed, a->error))
		return !a->failed;
	struct identity_near_name near = {row, 0};
	int kind = sqlite3_column_int(ask, 1);
	if (a->kind == 0 || a->kind == kind)
		near.bits = name_likeness(a, (const char *)sqlite3_column_text(ask, 0), kind == IDENTITY_PERSON);
	sqlite3_reset(ask);
	if (near.bits >= least)
		g_array_append_val(out, near);
	return TRUE;
}

static GArray *compare_best(struct asking *a, double least)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(struct identity_near_name));
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	GHashTableIter iter;
	gpointer seen;
	g_hash_table_iter_init(&iter, a->seen);
	while (g_hash_table_iter_next(&iter, &seen, NULL))
		g_ptr_array_add(all, seen);
	g_ptr_array_sort(all, most_first);
	gboolean ok = TRUE;
	for (guint n = 0; ok && n < MIN(all->len, WHOLE_MOST); n++)
		ok = compare(a, ((const struct seen *)g_ptr_array_index(all, n))->row, least, out);
	g_array_sort(out, nearest_first);
	if (!ok)
		g_clear_pointer(&out, g_array_unref);
	return out;
}

GArray *identity_names_alike(store *s, const char *text, int kind, double least, GError **error)
{
	g_autofree char *core = identity_org_name(text);
	if (core == NULL)
		return g_array_new(FALSE, FALSE, sizeof(struct identity_near_name));
	g_auto(GStrv) words = g_strsplit(core, " ", WORDS_MOST + 1);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autofree struct asking *a = g_new0(struct asking, 1);
	*a = (struct asking){.s = s, .kind = kind, .seen = seen, .error = error};
	for (; words[a->n] != NULL && a->n < WORDS_MOST; a->n++) {
		struct asked *word = &a->words[a->n];
		word->text = words[a->n];
		word->length = strlen(word->text);
		if (word->length > 2 && word->length <= LATIN_WORD)
			namekey_query(word->text, word->length, &word->keys);
	}
	ask_all(a);
	return a->failed ? NULL : compare_best(a, least);
}
