#include "lookup/words.h"

#include <string.h>

#include "lookup/desk.h"
#include "lookup/walk.h"
#include "store/fence.h"

/* Letters from which on a word may have a slip, or two, and up to which one is looked for. */
enum { NEAR_MIN = 5, TWO_SLIPS = 8, NEAR_MAX = 24, WORD_MAX = 64, FEW = 8, FEW_FENCED = 400, READABLE_AMONG = 2000 };
enum { SAMPLE = 256, SAMPLE_VISITS = 20000, TERMS_KEPT = 50000, TERMS_LOOKED_AT = 64 };
/* Terms that a beginning is asked for as, and records that FTS5 may gather for one. */
enum { BEGUN = 24, GATHERED = 20000 };

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
static gboolean term_lives(store *s, struct desk *desk, const struct vocabulary_list *list, const char *term)
{
	if (list && vocabulary_documents(list, term))
		return TRUE;
	if (list && list->generation == desk->generation)
		return FALSE;
	gint64 *known = g_hash_table_lookup(desk->terms, term);
	if (known && (*known < 0 || *known == desk->seen))
		return *known < 0;
	if (g_hash_table_size(desk->terms) >= TERMS_KEPT)
		g_hash_table_remove_all(desk->terms);
	gint64 *made = g_new(gint64, 1);
	gboolean there = ask_term(s, term);
	*made = there ? -1 : desk->seen;
	g_hash_table_replace(desk->terms, g_strdup(term), made);
	return there;
}

void lookup_word_prune(store *s, struct text_word *word)
{
	struct desk *desk = desk_of(s);
	g_autoptr(vocabulary_list) list = desk ? desk_vocabulary(desk) : NULL;
	gboolean dead[TERMS_LOOKED_AT];
	guint n = MIN(word->alternatives->len, TERMS_LOOKED_AT), lives = word->alternatives->len - n;
	for (guint i = 0; word->steps && i < word->steps->len; i++)
		lookup_word_prune(s, word->steps->pdata[i]);
	for (guint i = 0; i < n; i++) {
		const struct text_alternative *a = &g_array_index(word->alternatives, struct text_alternative, i);
		dead[i] = desk && !a->prefix && !term_lives(s, desk, list, a->term);
		lives += !dead[i];
	}
	for (guint i = n; lives && i > 0; i--)
		if (dead[i - 1])
			g_array_remove_index(word->alternatives, i - 1);
}

/* ---- beginnings ---- */

struct stretch {
	guint from, to; /* in the vocabulary */
	enum text_class kind;
};

static struct stretch stretch_of(const struct vocabulary_list *list, const struct text_alternative *a)
{
	g_autofree char *end = g_strconcat(a->term, "\xff", NULL);
	return (struct stretch){vocabulary_seek(list, a->term), vocabulary_seek(list, end), a->kind};
}

struct begun {
	guint term;
	guint32 documents;
	enum text_class kind;
};

static int by_documents(gconstpointer a, gconstpointer b)
{
	const struct begun *x = a, *y = b;
	return x->documents != y->documents ? (x->documents < y->documents ? 1 : -1) : x->term < y->term ? -1 : 1;
}

/* The terms that begin so, the commonest first. */
static GArray *begun_terms(const struct vocabulary_list *list, const struct text_word *word, guint64 *documents)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct begun));
	for (guint i = 0; i < word->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(word->alternatives, struct text_alternative, i);
		struct stretch stretch = a->prefix ? stretch_of(list, a) : (struct stretch){0, 0, a->kind};
		for (guint k = stretch.from; k < stretch.to; k++) {
			struct begun made = {k, list->documents[k], stretch.kind};
			*documents += made.documents;
			g_array_append_val(all, made);
		}
	}
	g_array_sort(all, by_documents);
	return all;
}

static void alternative_clear(gpointer data)
{
	g_free(((struct text_alternative *)data)->term);
}

static void add_alternative(GArray *all, const char *term, enum text_class kind)
{
	struct text_alternative made = {g_strdup(term), kind, FALSE};
	g_array_append_val(all, made);
}

GArray *lookup_word_begun(store *s, const struct text_word *word, gboolean *partial)
{
	struct desk *desk = desk_of(s);
	g_autoptr(vocabulary_list) list = desk && !word->steps ? desk_vocabulary(desk) : NULL;
	guint64 documents = 0;
	if (!list)
		return NULL;
	g_autoptr(GArray) begun = begun_terms(list, word, &documents);
	gboolean all = begun->len <= BEGUN && list->generation == desk->generation;
	if (begun->len == 0 || (!all && documents <= GATHERED))
		return NULL;
	GArray *alternatives = g_array_new(FALSE, FALSE, sizeof(struct text_alternative));
	g_array_set_clear_func(alternatives, alternative_clear);
	for (guint i = 0; i < begun->len && i < BEGUN; i++) {
		const struct begun *b = &g_array_index(begun, struct begun, i);
		add_alternative(alternatives, vocabulary_term(list, b->term), b->kind);
	}
	for (guint i = 0; i < word->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(word->alternatives, struct text_alternative, i);
		if (!a->prefix)
			add_alternative(alternatives, a->term, a->kind);
	}
	*partial |= !all;
	return alternatives;
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

/* By the vocabulary: at least as many as hold the commonest term, at most the sum of them. -1: it does not know all of
 * them, or must not be asked. */
static gint64 documents_known(store *s, const struct text_word *word)
{
	const struct desk *desk = desk_of(s);
	g_autoptr(vocabulary_list) list = desk && !word->steps && !store_fenced(s) ? desk_vocabulary(desk) : NULL;
	gint64 most = 0, sum = 0;
	for (guint i = 0; list && i < word->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(word->alternatives, struct text_alternative, i);
		gint64 documents = a->prefix ? 0 : vocabulary_documents(list, a->term);
		if (!documents)
			return -1;
		most = MAX(most, documents);
		sum += documents;
	}
	return sum ? MIN(most + (sum - most) / 2, shelf_records(desk->shelf)) : -1;
}

gint64 lookup_word_documents(store *s, struct sieve *open, const struct text_word *word)
{
	gint64 known = documents_known(s, word);
	if (known > 0)
		return known;
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

/* Words that may be meant, the likeliest first: a few, for a word may have gone since the list was made. */
struct guess {
	guint distance;
	gint64 documents;
	char *text; /* a term, or a word */
};

static void guess_clear(gpointer data)
{
	g_free(((struct guess *)data)->text);
}

static GArray *guesses_new(void)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct guess));
	g_array_set_clear_func(all, guess_clear);
	return all;
}

static gboolean likelier(const struct guess *a, const struct guess *b)
{
	return a->distance != b->distance ? a->distance < b->distance : a->documents > b->documents;
}

static void add_guess_among(GArray *all, guint few, guint how_far, gint64 documents, const char *text)
{
	struct guess made = {how_far, documents, NULL};
	guint at = all->len;
	while (at > 0 && likelier(&made, &g_array_index(all, struct guess, at - 1)))
		at--;
	if (at >= few)
		return;
	made.text = g_strdup(text);
	g_array_insert_val(all, at, made);
	if (all->len > few)
		g_array_set_size(all, few);
}

static void add_guess(GArray *all, guint how_far, gint64 documents, const char *text)
{
	add_guess_among(all, FEW, how_far, documents, text);
}

/* How many records hold the term that may be read: what is withheld must not decide which word is offered either. */
static gint64 readable(store *s, struct sieve *open, const struct vocabulary_list *list, const char *term)
{
	gint64 all = vocabulary_documents(list, term);
	if (!all || !store_fenced(s))
		return all;
	g_autoptr(GString) match = g_string_new(NULL);
	append_term(match, &(struct text_alternative){.term = (char *)term, .kind = TEXT_WHOLE});
	return lookup_documents(s, open, match->str);
}

/* Bits for the letters of a word: two words that differ in many are far from each other. */
static guint32 letters_of(const char *term)
{
	guint32 bits = 0;
	for (; *term; term++)
		bits |= 1u << ((guchar)*term & 31);
	return bits;
}

static guint bits_of(guint32 bits)
{
	guint n = 0;
	for (; bits; bits &= bits - 1)
		n++;
	return n;
}

/* Terms with the mark of `like` that are at most `limit` changes away from it. A change of a letter of two bytes
 * changes up to four bits. */
static void guess_terms(store *s, struct sieve *open, const struct vocabulary_list *list, const char *like, guint limit,
			GArray *guesses)
{
	gsize mark = g_ascii_ispunct(*like) ? 1 : 0;
	glong length;
	g_autofree gunichar *letters = g_utf8_to_ucs4_fast(like + mark, -1, &length);
	char begin[2] = {mark ? *like : 'a', 0}, end[5] = {mark ? (char)(*like + 1) : '\xf5', 0};
	guint32 bits = letters_of(like + mark);
	gsize bytes = strlen(like);
	if (length > WORD_MAX)
		return;
	for (guint i = vocabulary_seek(list, begin), to = vocabulary_seek(list, end); i < to; i++) {
		const char *term = vocabulary_term(list, i);
		gsize size = (i + 1 < list->n ? list->at[i + 1] : list->length) - list->at[i] - 1;
		glong m;
		if ((!mark && *term == TEXT_MARK_NAME) || size + 2 * limit < bytes || size > bytes + 2 * limit ||
		    bits_of(bits ^ letters_of(term + mark)) > 4 * limit)
			continue;
		gunichar other[WORD_MAX * 2];
		m = 0;
		for (const char *p = term + mark; *p && m < WORD_MAX; p = g_utf8_next_char(p))
			other[m++] = g_utf8_get_char(p);
		guint d = distance(letters, (guint)length, other, (guint)m, limit);
		gint64 documents = d <= limit ? readable(s, open, list, term) : 0;
		if (documents)
			add_guess(guesses, d, documents, term);
	}
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

/* The word as it stands in one of the records that hold the term and may be read; NULL if there is none. */
static char *written_as(store *s, text_analyser *analyser, const char *term)
{
	g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(struct text_alternative));
	struct text_alternative only = {.term = (char *)term, .kind = TEXT_WHOLE};
	g_array_append_val(terms, only);
	struct text_word word = {.alternatives = terms};
	g_autoptr(GString) match = g_string_new(NULL);
	g_autoptr(text_marker) marker = text_marker_new();
	append_term(match, &only);
	text_marker_word(marker, &word, TEXT_SURE, 0);
	sqlite3_stmt *st =
		store_prepare(s,
			      "SELECT t.title, t.text, t.quoted, t.people FROM (SELECT f.rowid AS id FROM "
			      "main.record_fts f WHERE f.record_fts MATCH ? ORDER BY f.rowid DESC LIMIT ?) m "
			      "CROSS JOIN record_text t ON t.rowid = m.id LIMIT 1",
			      NULL);
	if (!st)
		return NULL;
	sqlite3_bind_text(st, 1, match->str, (int)match->len, SQLITE_STATIC);
	sqlite3_bind_int(st, 2, READABLE_AMONG);
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
	struct sieve *open;
	const struct vocabulary_list *list;
	text_analyser *analyser;
	GArray *guesses;
	gboolean basic; /* words in their basic form alone */
};

/* Is `word` one that records hold? A word in its basic form is itself a term; what another form is a form of, the
 * analyser must be asked, which is dear. */
static void try_word(struct slip *slip, const gunichar *letters, glong length)
{
	g_autofree char *word = g_ucs4_to_utf8(letters, length, NULL, NULL, NULL);
	if (slip->basic) {
		gint64 documents = readable(slip->s, slip->open, slip->list, word);
		if (documents)
			add_guess(slip->guesses, 1, documents, word);
		return;
	}
	g_autoptr(GPtrArray) words = text_query(slip->analyser, word, strlen(word), FALSE);
	const struct text_word *one = words->len == 1 ? words->pdata[0] : NULL;
	gint64 whole = 0, documents = 0;
	for (guint i = 0; one && i < one->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(one->alternatives, struct text_alternative, i);
		gint64 known = TEXT_SURE & 1u << a->kind ? readable(slip->s, slip->open, slip->list, a->term) : 0;
		whole = MAX(whole, a->kind == TEXT_WHOLE ? known : 0);
		documents = MAX(documents, known);
	}
	if (documents) /* a word is likelier than what looks like a form of some name */
		add_guess(slip->guesses, whole ? 1 : 2, whole ? whole : documents, word);
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

/* The likeliest of the words that records hold which may be read. */
static char *one_slip(store *s, text_analyser *analyser, const struct vocabulary_list *list, struct sieve *open,
		      const gunichar *word, glong n)
{
	glong count;
	g_autofree gunichar *letters = g_utf8_to_ucs4_fast(LETTERS, -1, &count);
	for (int basic = 1; basic >= 0; basic--) {
		g_autoptr(GArray) guesses = guesses_new();
		struct slip slip = {s, open, list, analyser, guesses, basic};
		try_slips(&slip, word, n, letters, count);
		for (guint i = 0; i < guesses->len; i++) {
			const char *text = g_array_index(guesses, struct guess, i).text;
			g_autoptr(GPtrArray) words = text_query(analyser, text, strlen(text), FALSE);
			if (words->len == 1 && lookup_word_documents(s, open, words->pdata[0]) > 0)
				return g_strdup(text);
		}
	}
	return NULL;
}

static char *first_written(store *s, text_analyser *analyser, const GArray *guesses)
{
	char *written = NULL;
	for (guint i = 0; i < guesses->len && !written; i++)
		written = written_as(s, analyser, g_array_index(guesses, struct guess, i).text);
	return written;
}

/* ---- within ---- */

/* The commonest of the index's words that hold `word` within: etävalvonta for valvonta. */
static char *holding(store *s, text_analyser *analyser, const struct vocabulary_list *list, struct sieve *open,
		     const char *word)
{
	g_autoptr(GArray) guesses = guesses_new(), open_ones = guesses_new();
	guint few = store_fenced(s) ? FEW_FENCED : FEW;
	guint first = vocabulary_seek(list, "a"); /* words alone: what has a mark comes before */
	const char *p = list->bytes + (first < list->n ? list->at[first] : list->length),
		   *end = list->bytes + list->length;
	gsize length = strlen(word);
	while (p < end && (p = memmem(p, (gsize)(end - p), word, length))) {
		guint low = first, high = list->n, at = (guint)(p - list->bytes);
		while (high - low > 1) { /* the term that stands there */
			guint middle = low + (high - low) / 2;
			if (list->at[middle] <= at)
				low = middle;
			else
				high = middle;
		}
		if (list->at[low] < at)
			add_guess_among(guesses, few, 0, list->documents[low], vocabulary_term(list, low));
		p += length;
	}
	for (guint i = 0; i < guesses->len; i++) {
		const char *term = g_array_index(guesses, struct guess, i).text;
		gint64 documents = readable(s, open, list, term);
		if (documents)
			add_guess(open_ones, 0, documents, term);
	}
	return first_written(s, analyser, open_ones);
}

/* ---- all of them ---- */

static char *two_slips(store *s, text_analyser *analyser, const struct vocabulary_list *list, struct sieve *open,
		       const struct text_word *word)
{
	g_autoptr(GArray) guesses = guesses_new();
	for (guint i = 0; i < word->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(word->alternatives, struct text_alternative, i);
		if (TEXT_SURE & 1u << a->kind)
			guess_terms(s, open, list, a->term, 2, guesses);
	}
	return first_written(s, analyser, guesses);
}

char *lookup_word_near(store *s, text_analyser *analyser, struct sieve *open, const struct text_word *word,
		       const char *written)
{
	const struct desk *desk = desk_of(s);
	g_autoptr(vocabulary_list) list = desk ? desk_vocabulary(desk) : NULL;
	g_autofree char *folded = text_fold(written, -1);
	glong length;
	g_autofree gunichar *letters = g_utf8_to_ucs4_fast(folded, -1, &length);
	if (!list || length < NEAR_MIN || length > NEAR_MAX || strpbrk(written, "0123456789") || word->steps)
		return NULL;
	char *near = one_slip(s, analyser, list, open, letters, length);
	if (!near)
		near = holding(s, analyser, list, open, folded);
	return near || length < TWO_SLIPS ? near : two_slips(s, analyser, list, open, word);
}
