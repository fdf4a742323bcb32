/* bench_find: how long an answer takes at N records, and what the bounded set of candidates loses of the full ranking.
 *
 *   bench_find DATA STORE N      DATA: the packs; STORE: made when absent (minutes), used again when there
 *
 * Records are made of paragraphs of real mail, tickets and encyclopedia text, drawn with a fixed seed, so that words
 * are as frequent as in life. The queries are drawn from the store's own words: rare and common ones, pairs, phrases,
 * beginnings, and words with a filter. For each group it prints p50, p99 and the worst in milliseconds, and nDCG@10 of
 * the answer against the full ranking's scores; and whether totals and facets are what a full count tells: all of it
 * below ten thousand, and never more than there are above. FAST=1 leaves both out. */
#include <glib/gstdio.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base.h"
#include "lookup/desk.h"
#include "lookup/lookup.h"

enum { BATCH = 5000, PER_GROUP = 60, MAX_PARAGRAPHS = 400000, SOURCES = 6, SEED = 4711, TOP = 10 };

/* ---- paragraphs of real text ---- */

static void add_paragraph(GPtrArray *all, const char *text, gsize length)
{
	if (length < 40 || length > 1500 || all->len >= MAX_PARAGRAPHS || !g_utf8_validate(text, (gssize)length, NULL))
		return;
	g_ptr_array_add(all, g_strndup(text, length));
}

static void add_split(GPtrArray *all, const char *text, const char *between)
{
	while (*text) {
		const char *end = strstr(text, between);
		gsize length = end ? (gsize)(end - text) : strlen(text);
		add_paragraph(all, text, length);
		if (!end)
			return;
		text = end + strlen(between);
	}
}

static void read_passages(GPtrArray *all, const char *data)
{
	g_autofree char *path = g_build_filename(data, "relevance/squad2-fi/passages.tsv", NULL);
	g_autofree char *text = NULL;
	if (!g_file_get_contents(path, &text, NULL, NULL))
		return;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		const char *last = strrchr(*line, '\t');
		if (last)
			add_paragraph(all, last + 1, strlen(last + 1));
	}
}

static void read_mails(GPtrArray *all, const char *data)
{
	g_autofree char *path = g_build_filename(data, "mail-list/linux-mips.mbox", NULL);
	g_autofree char *text = NULL;
	gsize length;
	if (g_file_get_contents(path, &text, &length, NULL))
		add_split(all, text, "\n\n");
}

static void read_tickets(GPtrArray *all, const char *data)
{
	g_autofree char *path = g_build_filename(data, "tickets-jira/TIMOB", NULL);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;
	while (folder && (name = g_dir_read_name(folder))) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		g_autoptr(base_json) issue = json_load_file(file, 0, NULL);
		const char *text = json_string_value(json_object_get(json_object_get(issue, "fields"), "description"));
		if (text)
			add_split(all, text, "\n\n");
	}
}

/* ---- the store ---- */

static char *title_of(const char *paragraph)
{
	char *title = g_strndup(paragraph, 70);
	char *blank = strrchr(title, ' ');
	if (blank)
		*blank = 0;
	char *valid = g_utf8_make_valid(title, -1);
	g_free(title);
	return valid;
}

static gboolean put_one(store *s, GRand *rand, const GPtrArray *paragraphs, gint64 source, guint n, guint of,
			GError **error)
{
	const char *first = paragraphs->pdata[g_rand_int_range(rand, 0, (gint32)paragraphs->len)];
	const char *second = paragraphs->pdata[g_rand_int_range(rand, 0, (gint32)paragraphs->len)];
	const char *about = paragraphs->pdata[g_rand_int_range(rand, 0, (gint32)paragraphs->len)];
	g_autofree char *id = g_strdup_printf("%u", n), *title = title_of(about);
	g_autofree char *thread = g_strdup_printf("t%u", n / 3);
	g_autofree char *text = g_strconcat(first, "\n\n", second, NULL);
	struct meri_record record = {.size = sizeof record,
				     .id = id,
				     .kind = (enum meri_kind)(1 + n % 9),
				     .title = title,
				     .text = text,
				     .thread = n % 2 ? thread : NULL};
	/* ten years, later records newer but for a tenth that comes late */
	guint when = g_rand_int_range(rand, 0, 10) ? n : (guint)g_rand_int_range(rand, 0, (gint32)of);
	record.occurred = 1450000000 + (gint64)when * 315360000 / of;
	enum store_change change;
	gint64 row;
	return store_put(s, source, 1, &record, &change, &row, error);
}

static gboolean fill(store *s, const char *data, guint n, GError **error)
{
	g_autoptr(GPtrArray) paragraphs = g_ptr_array_new_with_free_func(g_free);
	read_passages(paragraphs, data);
	read_mails(paragraphs, data);
	read_tickets(paragraphs, data);
	if (paragraphs->len < 1000) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_ABSENT,
			    "the packs mail-list, tickets-jira and relevance are not in %s", data);
		return FALSE;
	}
	g_autoptr(GRand) rand = g_rand_new_with_seed(SEED);
	gint64 sources[SOURCES];
	for (guint i = 0; i < n;) {
		if (!store_begin(s, error))
			return FALSE;
		for (guint k = 0; i == 0 && k < SOURCES; k++) {
			g_autofree char *name = g_strdup_printf("source%u", k);
			if (!store_source_ensure(s, name, "bench", &sources[k], error))
				return FALSE;
		}
		for (guint end = MIN(n, i + BATCH); i < end; i++)
			if (!put_one(s, rand, paragraphs, sources[i % SOURCES], i, n, error))
				return FALSE;
		if (!store_commit(s, error))
			return FALSE;
		fprintf(stderr, "\r%u of %u", i, n);
	}
	fputc('\n', stderr);
	for (gboolean more = TRUE; more;) /* as the hub does when it has time */
		if (!store_tidy(s, &more, error))
			return FALSE;
	return TRUE;
}

/* ---- queries out of the store's own words ---- */

struct group {
	const char *name;
	GPtrArray *queries; /* char * */
};

static char *text_at(store *s, gint64 id)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT text FROM record WHERE id = ?", NULL);
	sqlite3_bind_int64(st, 1, id);
	char *text = sqlite3_step(st) == SQLITE_ROW ? g_strdup((const char *)sqlite3_column_text(st, 0)) : g_strdup("");
	sqlite3_reset(st);
	return text;
}

/* Words of letters only, three or more, as they stand in a random record. */
static char **words_of(store *s, GRand *rand, gint64 records)
{
	g_autofree char *text = text_at(s, 1 + (gint64)(g_rand_double(rand) * (double)(records - 1)));
	for (char *p = text; *p; p++)
		if (g_ascii_ispunct(*p) || g_ascii_isspace(*p))
			*p = ' ';
	g_auto(GStrv) all = g_strsplit(text, " ", -1);
	GPtrArray *words = g_ptr_array_new();
	for (char **word = all; *word; word++)
		if (g_utf8_strlen(*word, -1) >= 3 && !g_ascii_isdigit(**word))
			g_ptr_array_add(words, g_strdup(*word));
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_free(words, FALSE);
}

static gint64 matches(store *s, const char *query)
{
	g_autofree char *quoted = g_strdup_printf("\"%s\"", query);
	sqlite3_stmt *st = store_prepare(
		s, "SELECT count(*) FROM (SELECT 1 FROM record_fts WHERE record_fts MATCH ? LIMIT 300000)", NULL);
	sqlite3_bind_text(st, 1, quoted, -1, SQLITE_STATIC);
	gint64 n = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	sqlite3_reset(st);
	return n;
}

/* A word that between `low` and `high` of the records hold. */
static char *word_between(store *s, GRand *rand, gint64 records, double low, double high)
{
	for (int tries = 0; tries < 3000; tries++) {
		g_auto(GStrv) words = words_of(s, rand, records);
		guint n = g_strv_length(words);
		if (!n)
			continue;
		const char *word = words[g_rand_int_range(rand, 0, (gint32)n)];
		double share = (double)matches(s, word) / (double)records;
		if (share >= low && share < high)
			return g_strdup(word);
	}
	return g_strdup("the");
}

static char *make_query(store *s, GRand *rand, gint64 records, guint group)
{
	g_auto(GStrv) words = words_of(s, rand, records);
	guint n = g_strv_length(words);
	if (n < 4)
		return make_query(s, rand, records, group);
	guint at = (guint)g_rand_int_range(rand, 0, (gint32)n - 2);
	g_autofree char *common = group == 1 || group >= 6 ? word_between(s, rand, records, 0.03, 1.0) : NULL;
	switch (group) {
	case 0:
		return word_between(s, rand, records, 0, 0.001);
	case 1:
		return g_steal_pointer(&common);
	case 2:
		return g_strdup_printf("%s %s", words[at], words[at + 1]);
	case 3:
		return g_strdup_printf("%s %s %s", words[0], words[n / 2], words[n - 1]);
	case 4:
		return g_strdup_printf("\"%s %s\"", words[at], words[at + 1]);
	case 5: {
		g_autofree char *begin = g_utf8_substring(words[at], 0, MIN(g_utf8_strlen(words[at], -1), 4));
		return g_strdup_printf("%s*", begin);
	}
	case 6:
		return g_strdup_printf("%s source:source%d after:2024", common, g_rand_int_range(rand, 0, SOURCES));
	default:
		return g_strdup_printf("%s kind:ticket -%s", common, words[at]);
	}
}

static const char *const GROUPS[] = {"rare word", "common word", "two words", "three words",
				     "phrase",    "beginning",   "filtered",  "kind and not"};

/* ---- measuring ---- */

static int by_double(gconstpointer a, gconstpointer b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double gain(const lookup_answer *answer)
{
	double sum = 0;
	for (guint i = 0; i < answer->hits->len && i < TOP; i++)
		sum += MAX(((const struct lookup_hit *)answer->hits->pdata[i])->score, 0) / log2(i + 2.0);
	return sum;
}

/* What answers said of how many there are: exact ones that the full count agrees with, or not, and "at least so many"
 * that are, or are not. */
struct checks {
	guint exact, wrong, bounds, broken;
};

static gint64 sum_of(const GPtrArray *facet)
{
	gint64 sum = 0;
	for (guint i = 0; i < facet->len; i++)
		sum += ((const struct lookup_count *)facet->pdata[i])->count;
	return sum;
}

static gint64 count_of(const GPtrArray *facet, const char *value)
{
	for (guint i = 0; i < facet->len; i++)
		if (!strcmp(((const struct lookup_count *)facet->pdata[i])->value, value))
			return ((const struct lookup_count *)facet->pdata[i])->count;
	return 0;
}

/* Is each count of `facet` that of `whole`; with `bound`, at most that? */
static gboolean agrees(const GPtrArray *facet, const GPtrArray *whole, gboolean bound)
{
	for (guint i = 0; i < facet->len; i++) {
		const struct lookup_count *c = facet->pdata[i];
		gint64 all = count_of(whole, c->value);
		if (bound ? c->count > all : c->count != all)
			return FALSE;
	}
	return bound || sum_of(facet) == sum_of(whole);
}

static void check(struct checks *checks, const lookup_answer *answer, const lookup_answer *full)
{
	gboolean bound = answer->more;
	gboolean good = (bound ? answer->total <= full->total : answer->total == full->total) &&
			agrees(answer->sources, full->sources, bound) && agrees(answer->kinds, full->kinds, bound) &&
			agrees(answer->years, full->years, bound);
	checks->exact += good && !bound;
	checks->wrong += !good && !bound;
	checks->bounds += good && bound;
	checks->broken += !good && bound;
}

/* The gain of the answer's first ten over that of the full ranking's, by the full ranking's scores. */
static double ndcg(store *s, text_analyser *analyser, const struct lookup_request *request, const lookup_answer *answer,
		   struct checks *checks)
{
	struct lookup_request full = *request;
	full.full = TRUE;
	full.limit = TOP;
	g_autoptr(lookup_answer) best = lookup_find(s, analyser, &full, NULL);
	check(checks, answer, best);
	double ideal = gain(best);
	return ideal > 0 ? MIN(gain(answer) / ideal, 1) : 1;
}

/* Milliseconds of this thread on a processor: what a busy machine does to the clock on the wall is not in it. */
static double cpu_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

/* The value that `share` of the array's are below; sorts it. */
static double quantile(GArray *values, double share)
{
	g_array_sort(values, by_double);
	return g_array_index(values, double, MIN((guint)(values->len * share), values->len - 1));
}

struct totals {
	GArray *wall, *cpu, *ndcg;
	struct checks checks;
};

static void measure(store *s, text_analyser *analyser, const char *name, const GPtrArray *queries,
		    struct totals *totals)
{
	g_autoptr(GArray) wall = g_array_new(FALSE, FALSE, sizeof(double)),
			  cpu = g_array_new(FALSE, FALSE, sizeof(double));
	double ndcg_sum = 0;
	for (guint i = 0; i < queries->len; i++) {
		struct lookup_request request = {.typed = queries->pdata[i], .limit = 20, .now = 1766000000};
		GError *error = NULL;
		gint64 begin = g_get_monotonic_time();
		double cpu_begin = cpu_now();
		g_autoptr(lookup_answer) answer = lookup_find(s, analyser, &request, &error);
		double used = cpu_now() - cpu_begin, ms = (double)(g_get_monotonic_time() - begin) / 1000;
		if (!answer) {
			fprintf(stderr, "%s: %s\n", request.typed, error->message);
			exit(1);
		}
		g_array_append_val(wall, ms);
		g_array_append_val(cpu, used);
		double quality = g_getenv("FAST") ? 1 : ndcg(s, analyser, &request, answer, &totals->checks);
		ndcg_sum += quality;
		g_array_append_val(totals->ndcg, quality);
		if (g_getenv("VERBOSE"))
			fprintf(stderr, "%8.2f ms  %8.2f cpu  %.3f  %8" G_GINT64_FORMAT "  %s\n", ms, used, quality,
				answer->total, request.typed);
	}
	g_array_append_vals(totals->wall, wall->data, wall->len);
	g_array_append_vals(totals->cpu, cpu->data, cpu->len);
	printf("%-14s %8.2f %8.2f %8.2f   %8.2f %8.2f %8.2f   %.4f\n", name, quantile(wall, 0.5), quantile(wall, 0.99),
	       quantile(wall, 1), quantile(cpu, 0.5), quantile(cpu, 0.99), quantile(cpu, 1), ndcg_sum / queries->len);
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: bench_find DATA STORE N\n", stderr);
		return 2;
	}
	g_autoptr(GError) error = NULL;
	guint n = (guint)g_ascii_strtoull(argv[3], NULL, 10);
	gboolean there = g_file_test(argv[2], G_FILE_TEST_EXISTS);
	g_autoptr(store) s = store_open(argv[2], STORE_WRITE, "fi", &error);
	if (!s || (!there && !fill(s, argv[1], n, &error))) {
		fprintf(stderr, "skip bench-find: %s\n", error->message);
		if (!there)
			g_unlink(argv[2]);
		return 0;
	}
	g_clear_pointer(&s, store_close);
	s = store_open(argv[2], STORE_READ, "fi", &error);
	if (!s || !lookup_prepare(s, &error)) {
		fprintf(stderr, "bench-find: %s\n", error->message);
		return 1;
	}
	gint64 begin = g_get_monotonic_time();
	desk_wait(s);
	printf("the terms of the index were read in %.1f s\n",
	       (double)(g_get_monotonic_time() - begin) / G_USEC_PER_SEC);
	g_autoptr(text_analyser) analyser = text_analyser_new("fi");
	g_autoptr(GRand) rand = g_rand_new_with_seed(SEED + 1);
	g_autoptr(GArray) wall = g_array_new(FALSE, FALSE, sizeof(double)),
			  cpu = g_array_new(FALSE, FALSE, sizeof(double)),
			  quality = g_array_new(FALSE, FALSE, sizeof(double));
	struct totals totals = {wall, cpu, quality, {0, 0, 0, 0}};
	printf("%u records, 20 hits with snippets and facets, milliseconds by the clock, and of the processor\n"
	       "%-14s %8s %8s %8s   %8s %8s %8s   nDCG@10\n",
	       n, "queries", "p50", "p99", "worst", "p50", "p99", "worst");
	const char *only = g_getenv("ONLY"); /* a group's name, for profiling */
	for (guint g = 0; g < G_N_ELEMENTS(GROUPS); g++) {
		if (only && strcmp(only, GROUPS[g]) != 0)
			continue;
		g_autoptr(GPtrArray) queries = g_ptr_array_new_with_free_func(g_free);
		for (int i = 0; i < PER_GROUP; i++)
			g_ptr_array_add(queries, make_query(s, rand, n, g));
		measure(s, analyser, GROUPS[g], queries, &totals);
	}
	double sum = 0;
	if (quality->len == 0)
		return 0;
	for (guint i = 0; i < quality->len; i++)
		sum += g_array_index(quality, double, i);
	if (!g_getenv("FAST"))
		printf("total and facets, of %u answers: exact %u, \"at least so many\" %u, wrong %u\n", quality->len,
		       totals.checks.exact, totals.checks.bounds, totals.checks.wrong + totals.checks.broken);
	printf("bench-find: %u records, p50 %.2f ms, p99 %.2f ms; of the processor p50 %.2f ms, p99 %.2f ms; nDCG@10 "
	       "%.4f\n",
	       n, quantile(wall, 0.5), quantile(wall, 0.99), quantile(cpu, 0.5), quantile(cpu, 0.99),
	       sum / quality->len);
	return 0;
}
