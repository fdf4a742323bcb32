/* marks: where the words of a query stand in a text. The text's terms are walked place by place; a pattern is a row of
 * places, each with the terms that will do. */
#include <string.h>

#include "text.h"

/* A term that will do at a place of a pattern. */
struct wish {
	guint pattern, place;
	struct wish *next;
};

struct prefix {
	char *term;
	struct wish wish;
};

struct pattern {
	guint places;
	int which;
};

struct text_marker {
	GHashTable *exact; /* term -> struct wish list */
	GArray *prefixes;  /* struct prefix */
	GArray *patterns;  /* struct pattern */
};

static void wishes_free(gpointer data)
{
	for (struct wish *w = data, *next; w; w = next) {
		next = w->next;
		g_free(w);
	}
}

static void prefix_clear(gpointer data)
{
	g_free(((struct prefix *)data)->term);
}

text_marker *text_marker_new(void)
{
	text_marker *m = g_new0(text_marker, 1);
	m->exact = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, wishes_free);
	m->prefixes = g_array_new(FALSE, FALSE, sizeof(struct prefix));
	g_array_set_clear_func(m->prefixes, prefix_clear);
	m->patterns = g_array_new(FALSE, FALSE, sizeof(struct pattern));
	return m;
}

void text_marker_free(text_marker *m)
{
	if (!m)
		return;
	g_hash_table_unref(m->exact);
	g_array_unref(m->prefixes);
	g_array_unref(m->patterns);
	g_free(m);
}

static void wish(text_marker *m, const struct text_alternative *a, guint pattern, guint place)
{
	if (a->prefix) {
		struct prefix made = {g_strdup(a->term), {pattern, place, NULL}};
		g_array_append_val(m->prefixes, made);
		return;
	}
	struct wish *w = g_new(struct wish, 1);
	struct wish *first = g_hash_table_lookup(m->exact, a->term);
	*w = (struct wish){pattern, place, NULL};
	if (first) {
		w->next = first->next;
		first->next = w;
	} else {
		g_hash_table_insert(m->exact, g_strdup(a->term), w);
	}
}

static void place(text_marker *m, const struct text_word *word, unsigned classes, guint pattern, guint number)
{
	for (guint i = 0; i < word->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(word->alternatives, struct text_alternative, i);
		if (classes & 1u << a->kind)
			wish(m, a, pattern, number);
	}
}

static guint pattern_add(text_marker *m, int which)
{
	struct pattern made = {0, which};
	g_array_append_val(m->patterns, made);
	return m->patterns->len - 1;
}

static void add_row(text_marker *m, GPtrArray *words, unsigned classes, guint pattern)
{
	for (guint i = 0; i < words->len; i++) {
		const struct text_word *w = words->pdata[i];
		if (w->steps)
			add_row(m, w->steps, classes | 1u << TEXT_PART, pattern);
		else
			place(m, w, classes, pattern, g_array_index(m->patterns, struct pattern, pattern).places++);
	}
}

void text_marker_phrase(text_marker *m, GPtrArray *words, unsigned classes, int which)
{
	add_row(m, words, classes, pattern_add(m, which));
}

void text_marker_word(text_marker *m, const struct text_word *word, unsigned classes, int which)
{
	guint pattern = pattern_add(m, which);
	g_array_index(m->patterns, struct pattern, pattern).places = 1;
	place(m, word, classes, pattern, 0);
	if (word->steps)
		text_marker_phrase(m, word->steps, classes | 1u << TEXT_PART, which);
}

/* ---- the walk ---- */

/* How far a pattern has come at one of its places: the last two words that fulfilled it, and where their runs began. */
struct run {
	gint64 word, earlier; /* counted from 1; 0: none */
	size_t start, earlier_start;
};

struct walk {
	const text_marker *marker;
	GArray *runs; /* struct run for each pattern and place: [pattern * stride + place] */
	guint stride;
	gint64 word;
	size_t start, end;
	text_mark_visit visit;
	void *user;
	GString *term;
};

static struct run *run_at(struct walk *w, guint pattern, guint number)
{
	return &g_array_index(w->runs, struct run, (gsize)pattern * w->stride + number);
}

/* The word that is walked fulfils a place: a run that came to it goes on, and may be complete. */
static int fulfil(struct walk *w, const struct wish *wish, size_t start, size_t end)
{
	const struct pattern *p = &g_array_index(w->marker->patterns, struct pattern, wish->pattern);
	struct run *run = run_at(w, wish->pattern, wish->place);
	if (run->word == w->word)
		return 0; /* by another term already */
	if (wish->place > 0) {
		const struct run *before = run_at(w, wish->pattern, wish->place - 1);
		gint64 wanted = w->word - 1;
		if (wanted == 0 || (before->word != wanted && before->earlier != wanted))
			return 0;
		start = before->word == wanted ? before->start : before->earlier_start;
	}
	*run = (struct run){w->word, run->word, start, run->start};
	return wish->place + 1 == p->places ? w->visit(start, end, p->which, w->user) : 0;
}

static int walk_term(const struct text_token *token, void *user)
{
	struct walk *w = user;
	if (!token->colocated)
		w->word++;
	g_string_truncate(w->term, 0);
	g_string_append_len(w->term, token->term, (gssize)token->length);
	const struct wish *list = g_hash_table_lookup(w->marker->exact, w->term->str);
	for (; list; list = list->next) {
		int stop = fulfil(w, list, token->start, token->end);
		if (stop)
			return stop;
	}
	for (guint i = 0; i < w->marker->prefixes->len; i++) {
		const struct prefix *p = &g_array_index(w->marker->prefixes, struct prefix, i);
		int stop = g_str_has_prefix(w->term->str, p->term) ? fulfil(w, &p->wish, token->start, token->end) : 0;
		if (stop)
			return stop;
	}
	return 0;
}

int text_marks(text_analyser *analyser, const text_marker *m, const char *utf8, size_t length, text_mark_visit visit,
	       void *user)
{
	guint stride = 1;
	for (guint i = 0; i < m->patterns->len; i++)
		stride = MAX(stride, g_array_index(m->patterns, struct pattern, i).places);
	g_autoptr(GString) term = g_string_new(NULL);
	g_autoptr(GArray) runs = g_array_sized_new(FALSE, TRUE, sizeof(struct run), stride * MAX(m->patterns->len, 1u));
	g_array_set_size(runs, stride * MAX(m->patterns->len, 1u));
	struct walk w = {.marker = m, .runs = runs, .stride = stride, .visit = visit, .user = user, .term = term};
	return text_terms(analyser, TEXT_DOCUMENT, utf8, length, walk_term, &w);
}
