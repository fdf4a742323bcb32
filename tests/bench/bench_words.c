/* Do the forms of a word find each other? For each set of word forms with known lemmas, and for each way of making
 * index terms: of the ordered pairs of different forms of one lemma, the share in which a query in form A finds form B
 * (one of A's query terms is one of B's index terms); of the unordered pairs of different forms that find each other in
 * either direction, the share that really have a lemma in common. Each form is indexed alone, as a text of one word, so
 * that no context helps. Then: index terms a word, and speed, on running text.
 *
 *   bench_words DATA FIXTURES [-v SET]     -v: prints the pairs that fail, of one set */
#include <libstemmer.h>
#include <libvoikko/voikko.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "text/text.h"
#include "words_gold.h"

struct way {
	const char *name;
	void (*terms)(struct way *way, enum text_mode mode, const char *form, GPtrArray *to);
	text_analyser *analyser;
	struct sb_stemmer *stemmer;
	struct VoikkoHandle *voikko;
	gboolean parts;
};

/* ---- ways of making terms ---- */

static void add_term(GPtrArray *to, char *term)
{
	if (g_ptr_array_find_with_equal_func(to, term, g_str_equal, NULL))
		g_free(term);
	else
		g_ptr_array_add(to, term);
}

static int take(const struct text_token *token, void *user)
{
	add_term(user, g_strndup(token->term, token->length));
	return 0;
}

static int take_sure(const struct text_token *token, void *user)
{
	return TEXT_SURE & 1u << token->kind ? take(token, user) : 0;
}

static int take_near(const struct text_token *token, void *user)
{
	return token->kind == TEXT_PART ? 0 : take(token, user);
}

static void terms_near(struct way *way, enum text_mode mode, const char *form, GPtrArray *to)
{
	text_terms(way->analyser, mode, form, strlen(form), take_near, to);
}

static void terms_ours(struct way *way, enum text_mode mode, const char *form, GPtrArray *to)
{
	text_terms(way->analyser, mode, form, strlen(form), way->parts ? take : take_sure, to);
}

static void terms_plain(struct way *way, enum text_mode mode, const char *form, GPtrArray *to)
{
	(void)way;
	(void)mode;
	add_term(to, g_utf8_strdown(form, -1));
}

static void terms_snowball(struct way *way, enum text_mode mode, const char *form, GPtrArray *to)
{
	(void)mode;
	g_autofree char *lower = g_utf8_strdown(form, -1);
	const sb_symbol *stem = sb_stemmer_stem(way->stemmer, (const sb_symbol *)lower, (int)strlen(lower));
	add_term(to, g_strndup((const char *)stem, (gsize)sb_stemmer_length(way->stemmer)));
}

static void terms_voikko(struct way *way, enum text_mode mode, const char *form, GPtrArray *to)
{
	struct voikko_mor_analysis **all = way->voikko ? voikkoAnalyzeWordCstr(way->voikko, form) : NULL;
	for (guint i = 0; all && all[i]; i++) {
		char *base = voikko_mor_analysis_value_cstr(all[i], "BASEFORM");
		if (base)
			add_term(to, g_utf8_strdown(base, -1));
		if (base)
			voikko_free_mor_analysis_value_cstr(base);
	}
	if (all)
		voikko_free_mor_analysis(all);
	if (to->len == 0)
		terms_plain(way, mode, form, to);
}

/* ---- the measure ---- */

struct result {
	double recall, precision, terms;
};

static GPtrArray *terms_of(struct way *way, enum text_mode mode, const char *form)
{
	GPtrArray *terms = g_ptr_array_new_with_free_func(g_free);
	way->terms(way, mode, form, terms);
	return terms;
}

static gboolean related(const struct gold_form *a, const struct gold_form *b)
{
	for (guint i = 0; i < a->lemmas->len; i++)
		if (g_ptr_array_find_with_equal_func(b->lemmas, a->lemmas->pdata[i], g_str_equal, NULL))
			return TRUE;
	return FALSE;
}

struct tally {
	guint64 found, asked, right, matched;
	gboolean verbose;
};

static void tally_query(struct gold *gold, guint a, GArray *hits, GHashTable *seen, struct tally *t)
{
	struct gold_form *query = gold->forms->pdata[a];
	for (guint i = 0; i < hits->len; i++) {
		guint b = g_array_index(hits, guint, i);
		struct gold_form *form = gold->forms->pdata[b];
		gboolean good = related(query, form);
		t->found += good;
		gint64 *pair = g_new(gint64, 1);
		*pair = (gint64)MIN(a, b) << 32 | MAX(a, b);
		if (!g_hash_table_add(seen, pair))
			continue;
		t->matched++;
		t->right += good;
		if (t->verbose && !good)
			printf("false\t%s (%s)\t%s (%s)\n", query->form, (char *)query->lemmas->pdata[0], form->form,
			       (char *)form->lemmas->pdata[0]);
	}
}

static void tally_missed(struct gold *gold, guint a, GArray *hits, struct tally *t)
{
	struct gold_form *query = gold->forms->pdata[a];
	g_autoptr(GHashTable) asked = g_hash_table_new(NULL, NULL);
	for (guint l = 0; l < query->lemmas->len; l++) {
		GArray *forms = g_hash_table_lookup(gold->lemma_forms, query->lemmas->pdata[l]);
		for (guint i = 0; i < forms->len; i++) {
			guint b = g_array_index(forms, guint, i);
			if (b == a || !g_hash_table_add(asked, GUINT_TO_POINTER(b + 1)))
				continue;
			t->asked++;
			gboolean hit = FALSE;
			for (guint h = 0; h < hits->len && !hit; h++)
				hit = g_array_index(hits, guint, h) == b;
			if (!hit && t->verbose)
				printf("missed\t%s\t%s\t(%s)\n", query->form,
				       ((struct gold_form *)gold->forms->pdata[b])->form,
				       (char *)query->lemmas->pdata[l]);
		}
	}
}

static void index_forms(struct way *way, struct gold *gold, GHashTable *index, guint64 *terms)
{
	for (guint b = 0; b < gold->forms->len; b++) {
		struct gold_form *form = gold->forms->pdata[b];
		g_autoptr(GPtrArray) made = terms_of(way, TEXT_DOCUMENT, form->form);
		*terms += made->len;
		for (guint i = 0; i < made->len; i++) {
			GArray *list = g_hash_table_lookup(index, made->pdata[i]);
			if (!list) {
				list = g_array_new(FALSE, FALSE, sizeof(guint));
				g_hash_table_insert(index, g_strdup(made->pdata[i]), list);
			}
			g_array_append_val(list, b);
		}
	}
}

static GArray *ask(struct way *way, struct gold *gold, GHashTable *index, guint a)
{
	struct gold_form *query = gold->forms->pdata[a];
	g_autoptr(GPtrArray) made = terms_of(way, TEXT_QUERY, query->form);
	g_autoptr(GHashTable) once = g_hash_table_new(NULL, NULL);
	GArray *hits = g_array_new(FALSE, FALSE, sizeof(guint));
	for (guint i = 0; i < made->len; i++) {
		GArray *list = g_hash_table_lookup(index, made->pdata[i]);
		for (guint l = 0; list && l < list->len; l++) {
			guint b = g_array_index(list, guint, l);
			if (b != a && g_hash_table_add(once, GUINT_TO_POINTER(b + 1)))
				g_array_append_val(hits, b);
		}
	}
	return hits;
}

static struct result measure(struct way *way, struct gold *gold, gboolean verbose)
{
	struct tally t = {.verbose = verbose};
	guint64 terms = 0;
	g_autoptr(GHashTable) index =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	index_forms(way, gold, index, &terms);
	for (guint a = 0; a < gold->forms->len; a++) {
		g_autoptr(GArray) hits = ask(way, gold, index, a);
		tally_query(gold, a, hits, seen, &t);
		tally_missed(gold, a, hits, &t);
	}
	return (struct result){
		.recall = t.asked ? (double)t.found / (double)t.asked : 0,
		.precision = t.matched ? (double)t.right / (double)t.matched : 0,
		.terms = gold->forms->len ? (double)terms / gold->forms->len : 0,
	};
}

/* ---- running text: terms a word, and speed ---- */

static int count(const struct text_token *token, void *user)
{
	guint64 *n = user;
	n[0] += !token->colocated;
	n[1] += !(token->length > 0 && token->term[0] == TEXT_MARK_PART);
	n[2]++;
	return 0;
}

static char *sample(const char *data, const char *name, gsize bytes)
{
	g_autofree char *path = g_build_filename(data, name, NULL);
	FILE *file = fopen(path, "r");
	if (!file)
		return NULL;
	char *text = g_malloc(bytes + 1);
	bytes = fread(text, 1, bytes, file);
	text[bytes] = 0;
	fclose(file);
	return text;
}

struct speed {
	double rate, whole, all; /* MB/s; index terms a word without and with compound parts */
};

/* Line by line, as texts of their own: for passages that is what they are. */
static struct speed running_text(const char *data, const char *name, const char *language)
{
	g_autofree char *text = sample(data, name, 12 << 20);
	if (!text)
		return (struct speed){0};
	g_autoptr(text_analyser) analyser = text_analyser_new(language);
	guint64 n[3] = {0, 0, 0};
	gsize length = strlen(text);
	clock_t begin = clock(); /* of the processor: others may be at work on the machine */
	for (gsize at = 0; at < length;) {
		gsize size = MIN(4000, length - at);
		const char *cut = memchr(text + at + size, '\n', length - at - size);
		size = cut ? (gsize)(cut - text) - at + 1 : length - at;
		text_terms(analyser, TEXT_DOCUMENT, text + at, size, count, n);
		at += size;
	}
	double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
	return (struct speed){(double)length / 1e6 / seconds, (double)n[1] / (double)n[0], (double)n[2] / (double)n[0]};
}

/* ---- the sets ---- */

struct set {
	const char *name, *language;
	struct gold *gold;
	struct result ours;
};

static gboolean file_of(char **path, const char *base, const char *folder, const char *suffix)
{
	g_autofree char *in = g_build_filename(base, folder, NULL);
	g_autoptr(GDir) dir = g_dir_open(in, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));)
		if (g_str_has_suffix(name, suffix)) {
			*path = g_build_filename(in, name, NULL);
			return TRUE;
		}
	return FALSE;
}

static void read_bank(struct gold *gold, const char *data, const char *folder, const char *kinds)
{
	g_autofree char *path = NULL;
	if (file_of(&path, data, folder, "dev.conllu"))
		gold_read_conllu(gold, path, kinds);
}

static void read_running(struct gold *gold, const char *data, const char *name, const char *kinds)
{
	g_autofree char *path = g_build_filename(data, "words/sigmorphon2018-running-text", name, NULL);
	gold_read_tagged(gold, path, kinds);
}

static struct gold *finnish(const char *data, const char *conllu, const char *tags)
{
	struct gold *gold = gold_new();
	read_bank(gold, data, "words/UD_Finnish-TDT", conllu);
	read_bank(gold, data, "words/UD_Finnish-FTB", conllu);
	read_running(gold, data, "trainsets/fi-track1-high", tags);
	read_running(gold, data, "devsets/fi-uncovered", tags);
	return gold;
}

static struct gold *swedish(const char *data)
{
	struct gold *gold = gold_new();
	read_bank(gold, data, "words/UD_Swedish-Talbanken", "NOUN");
	read_bank(gold, data, "words/UD_Swedish-LinES", "NOUN");
	return gold;
}

static struct gold *table(const char *fixtures, const char *name)
{
	struct gold *gold = gold_new();
	g_autofree char *path = g_build_filename(fixtures, name, NULL);
	gold_read_table(gold, path);
	return gold;
}

/* The packs hold no English gold; a treebank that somebody adds to them is taken. */
static struct gold *english(const char *data)
{
	struct gold *gold = gold_new();
	read_bank(gold, data, "words/UD_English-EWT", "NOUN");
	return gold;
}

static const char *snowball_name(const char *language)
{
	return !strcmp(language, "fi") ? "finnish" : !strcmp(language, "sv") ? "swedish" : "english";
}

static void run_set(struct set *set, const char *verbose)
{
	const char *fault = NULL;
	g_autoptr(text_analyser) hub = text_analyser_new("fi");
	g_autoptr(text_analyser) known = text_analyser_new(set->language);
	struct sb_stemmer *stemmer = sb_stemmer_new(snowball_name(set->language), NULL);
	struct VoikkoHandle *voikko = voikkoInit(&fault, "fi", NULL);
	struct way ways[] = {
		{.name = "unicode61", .terms = terms_plain},
		{.name = "Snowball alone", .terms = terms_snowball, .stemmer = stemmer},
		{.name = "Voikko alone", .terms = terms_voikko, .voikko = voikko},
		{.name = "ours", .terms = terms_ours, .analyser = hub},
		{.name = "ours, language known", .terms = terms_ours, .analyser = known},
		{.name = "ours, and folded", .terms = terms_near, .analyser = hub},
		{.name = "ours, folded, parts", .terms = terms_ours, .analyser = hub, .parts = TRUE},
	};
	printf("%s: %u forms of %u lemmas\n", set->name, set->gold->forms->len,
	       g_hash_table_size(set->gold->lemma_forms));
	for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
		if (i == 4 && !strcmp(set->language, "fi"))
			continue;
		gboolean ours = i == 3;
		struct result r = measure(&ways[i], set->gold, ours && verbose && !strcmp(verbose, set->name));
		if (ours)
			set->ours = r;
		printf("  %-26s recall %.3f  precision %.3f  terms %.2f\n", ways[i].name, r.recall, r.precision,
		       r.terms);
	}
	sb_stemmer_delete(stemmer);
	if (voikko)
		voikkoTerminate(voikko);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: bench_words DATA FIXTURES [-v SET]\n");
		return 2;
	}
	const char *data = argv[1], *fixtures = argv[2], *verbose = argc > 4 ? argv[4] : NULL;
	struct set sets[] = {
		{.name = "nouns", .language = "fi", .gold = finnish(data, "NOUN", "N")},
		{.name = "names", .language = "fi", .gold = finnish(data, "PROPN", "PROPN")},
		{.name = "companies", .language = "fi", .gold = table(fixtures, "companies.tsv")},
		{.name = "swedish", .language = "sv", .gold = swedish(data)},
		{.name = "english", .language = "en", .gold = table(fixtures, "english.tsv")},
		{.name = "english-bank", .language = "en", .gold = english(data)},
	};
	for (guint i = 0; i < G_N_ELEMENTS(sets); i++)
		if (sets[i].gold->forms->len > 0 && (!verbose || !strcmp(verbose, sets[i].name)))
			run_set(&sets[i], verbose);
	struct speed fi = running_text(data, "relevance/squad2-fi/passages.tsv", "fi");
	struct speed en = running_text(data, "mail-list/linux-mips.mbox", "fi");
	printf("running text: Finnish %.1f MB/s, %.2f terms a word (%.2f with compound parts); English mail %.1f MB/s, "
	       "%.2f (%.2f)\n",
	       fi.rate, fi.whole, fi.all, en.rate, en.whole, en.all);
	printf("bench-words:");
	for (guint i = 0; i < G_N_ELEMENTS(sets); i++) {
		if (sets[i].gold->forms->len > 0)
			printf(" %s %.3f/%.3f", sets[i].name, sets[i].ours.recall, sets[i].ours.precision);
		gold_free(sets[i].gold);
	}
	printf(" (recall/precision), terms %.2f fi %.2f en, %.1f MB/s fi %.1f en\n", fi.whole, en.whole, fi.rate,
	       en.rate);
	return 0;
}
