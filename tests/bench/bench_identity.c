/* bench_identity: matching on sets with the truth beside them: pairwise precision, recall and F1. One model and one
 * pair of thresholds for all sets; nothing is trained, nothing tuned set by set. "links": what would be linked; "links
 * and suggestions": with what would go to the queue. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity/block.h"
#include "identity/score.h"
#include "identity_sets.h"
#include "identity_store.h"
#include "identity_truth.h"

struct corpus {
	struct identity_set *set;
	GHashTable *counts[IDENTITY_FIELDS]; /* word or value -> how many */
	GHashTable *blocks;                  /* gint64 -> GArray of guint */
};

struct edge {
	guint a, b;
	double bits;
};

static gboolean wordy(enum identity_field field)
{
	return field == IDENTITY_ORG || field == IDENTITY_TITLE || field == IDENTITY_STREET;
}

static void count_one(GHashTable *counts, const char *value)
{
	gpointer old = g_hash_table_lookup(counts, value);
	g_hash_table_replace(counts, g_strdup(value), GINT_TO_POINTER(GPOINTER_TO_INT(old) + 1));
}

static void count_values(struct corpus *c, const struct identity_profile *profile)
{
	for (int field = 0; field < IDENTITY_FIELDS; field++)
		for (guint i = 0; profile->values[field] != NULL && i < profile->values[field]->len; i++) {
			const char *value = g_ptr_array_index(profile->values[field], i);
			g_auto(GStrv) words = wordy(field) ? g_strsplit(value, " ", -1) : g_strsplit(value, "\n", 1);
			for (char **w = words; *w != NULL; w++)
				count_one(c->counts[field], *w);
		}
}

static double count_of(gpointer user, enum identity_field field, const char *value)
{
	struct corpus *c = user;
	return GPOINTER_TO_INT(g_hash_table_lookup(c->counts[field], value));
}

struct filing {
	struct corpus *corpus;
	guint index;
};

static void file(gint64 key, gpointer user)
{
	struct filing *f = user;
	GArray *block = g_hash_table_lookup(f->corpus->blocks, &key);
	if (block == NULL) {
		gint64 *copy = g_new(gint64, 1);
		*copy = key;
		block = g_array_new(FALSE, FALSE, sizeof(guint));
		g_hash_table_insert(f->corpus->blocks, copy, block);
	}
	if (block->len == 0 || g_array_index(block, guint, block->len - 1) != f->index)
		g_array_append_val(block, f->index);
}

/* As the store does (core/identity/filing.c): by the words of organisations' names, and by their beginnings. */
static void by_words(const struct identity_profile *profile, identity_block_fn visit, gpointer user)
{
	g_auto(GStrv) words = identity_name_words(profile);
	for (char **w = words; !profile->person && *w != NULL; w++) {
		visit(identity_block_key('o', *w, NULL), user);
		if (strlen(*w) < 6)
			continue;
		g_autofree char *beginning = g_strndup(*w, 6);
		visit(identity_block_key('x', beginning, NULL), user);
	}
}

struct gathering {
	struct corpus *corpus;
	guint index;
	GHashTable *candidates; /* index -> itself */
};

static void gather(gint64 key, gpointer user)
{
	struct gathering *g = user;
	GArray *block = g_hash_table_lookup(g->corpus->blocks, &key);
	if (block == NULL || block->len > IDENTITY_BLOCK_MOST)
		return;
	const struct identity_set *set = g->corpus->set;
	for (guint i = 0; i < block->len; i++) {
		guint other = g_array_index(block, guint, i);
		if (other < g->index && (!set->two_sided || g_array_index(set->sides, guint8, other) !=
								    g_array_index(set->sides, guint8, g->index)))
			g_hash_table_add(g->candidates, GUINT_TO_POINTER(other + 1));
	}
}

static int stronger(gconstpointer a, gconstpointer b)
{
	double x = ((const struct edge *)a)->bits, y = ((const struct edge *)b)->bits;
	return x > y ? -1 : x < y;
}

/* All pairs that share a block and score above `least`, strongest first. */
static GArray *edges(struct corpus *c, double least, guint64 *compared, guint *found)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(struct edge));
	struct identity_stats stats = {count_of, c->set->profiles->len, c};
	for (guint i = 0; i < c->set->profiles->len; i++) {
		g_autoptr(GHashTable) candidates = g_hash_table_new(NULL, NULL);
		struct gathering g = {c, i, candidates};
		identity_blocks(g_ptr_array_index(c->set->profiles, i), gather, &g);
		by_words(g_ptr_array_index(c->set->profiles, i), gather, &g);
		GHashTableIter iter;
		gpointer key;
		g_hash_table_iter_init(&iter, candidates);
		while (g_hash_table_iter_next(&iter, &key, NULL)) {
			guint other = GPOINTER_TO_UINT(key) - 1;
			struct edge edge = {other, i, 0};
			edge.bits = identity_score(g_ptr_array_index(c->set->profiles, other),
						   g_ptr_array_index(c->set->profiles, i), &stats, NULL);
			(*compared)++;
			g_autofree gint64 *pair = identity_pair_key(other, i);
			*found += g_hash_table_contains(c->set->pairs, pair);
			if (edge.bits >= least)
				g_array_append_val(out, edge);
		}
	}
	g_array_sort(out, stronger);
	return out;
}

static guint root(guint *parent, guint i)
{
	while (parent[i] != i)
		i = parent[i] = parent[parent[i]];
	return i;
}

/* Pairs that follow from the edges at or above `least`: whole clusters, or one partner each between two clean lists. */
static GHashTable *decide(const struct identity_set *set, const GArray *all, double least)
{
	guint n = set->profiles->len;
	g_autofree guint *parent = g_new(guint, n);
	g_autofree guint8 *taken = g_new0(guint8, n);
	GHashTable *made = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint i = 0; i < n; i++)
		parent[i] = i;
	for (guint i = 0; i < all->len; i++) {
		const struct edge *e = &g_array_index(all, struct edge, i);
		if (e->bits < least)
			break;
		if (!set->two_sided) {
			parent[root(parent, e->a)] = root(parent, e->b);
		} else if (!taken[e->a] && !taken[e->b]) {
			taken[e->a] = taken[e->b] = 1;
			g_hash_table_add(made, identity_pair_key(e->a, e->b));
		}
	}
	if (set->two_sided)
		return made;
	g_autoptr(GHashTable) members = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
	for (guint i = 0; i < n; i++) {
		gpointer top = GUINT_TO_POINTER(root(parent, i));
		GArray *list = g_hash_table_lookup(members, top);
		if (list == NULL) {
			list = g_array_new(FALSE, FALSE, sizeof(guint));
			g_hash_table_insert(members, top, list);
		}
		for (guint j = 0; j < list->len; j++)
			g_hash_table_add(made, identity_pair_key(g_array_index(list, guint, j), i));
		g_array_append_val(list, i);
	}
	return made;
}

struct measure {
	double precision, recall, f1;
};

static struct measure measure(GHashTable *truth, GHashTable *made)
{
	guint right = 0;
	GHashTableIter iter;
	gpointer key;
	g_hash_table_iter_init(&iter, made);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		right += g_hash_table_contains(truth, key);
	struct measure m = {0};
	m.precision = g_hash_table_size(made) > 0 ? (double)right / g_hash_table_size(made) : 1;
	m.recall = g_hash_table_size(truth) > 0 ? (double)right / g_hash_table_size(truth) : 1;
	m.f1 = m.precision + m.recall > 0 ? 2 * m.precision * m.recall / (m.precision + m.recall) : 0;
	return m;
}

static void show_errors(const struct identity_set *set, struct corpus *c, GHashTable *made, guint most)
{
	struct identity_stats stats = {count_of, set->profiles->len, c};
	for (int wrong = 0; wrong < 2; wrong++) {
		GHashTableIter iter;
		gpointer key;
		guint shown = 0;
		g_hash_table_iter_init(&iter, wrong ? made : set->pairs);
		while (shown < most && g_hash_table_iter_next(&iter, &key, NULL)) {
			if (g_hash_table_contains(wrong ? set->pairs : made, key))
				continue;
			gint64 pair = *(gint64 *)key;
			g_autoptr(GArray) reasons = g_array_new(FALSE, TRUE, sizeof(struct identity_reason));
			g_array_set_clear_func(reasons, identity_reason_clear);
			double bits =
				identity_score(g_ptr_array_index(set->profiles, pair >> 32),
					       g_ptr_array_index(set->profiles, pair & 0xffffffff), &stats, reasons);
			printf("  %s %.1f:", wrong ? "wrong" : "missed", bits);
			for (guint i = 0; i < reasons->len; i++) {
				const struct identity_reason *r = &g_array_index(reasons, struct identity_reason, i);
				printf(" %s %+.1f (%s);", r->rule, r->bits, r->words != NULL ? r->words : "");
			}
			printf("\n");
			shown++;
		}
	}
}

static struct corpus *corpus_new(struct identity_set *set)
{
	struct corpus *c = g_new0(struct corpus, 1);
	c->set = set;
	c->blocks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_array_unref);
	for (int i = 0; i < IDENTITY_FIELDS; i++)
		c->counts[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < set->profiles->len; i++) {
		struct filing f = {c, i};
		identity_blocks(g_ptr_array_index(set->profiles, i), file, &f);
		by_words(g_ptr_array_index(set->profiles, i), file, &f);
		count_values(c, g_ptr_array_index(set->profiles, i));
	}
	return c;
}

static void corpus_free(struct corpus *c)
{
	g_hash_table_unref(c->blocks);
	for (int i = 0; i < IDENTITY_FIELDS; i++)
		g_hash_table_unref(c->counts[i]);
	g_free(c);
}

static struct measure run(const char *pack, const struct identity_recipe *recipe, double strong, double weak,
			  guint errors)
{
	struct identity_set *set = identity_set_read(pack, recipe);
	struct measure none = {0};
	if (set == NULL)
		return none;
	gint64 start = g_get_monotonic_time();
	struct corpus *c = corpus_new(set);
	guint64 compared = 0;
	guint found = 0;
	g_autoptr(GArray) all = edges(c, identity_bits(weak), &compared, &found);
	g_autoptr(GHashTable) links = decide(set, all, identity_bits(strong));
	g_autoptr(GHashTable) both = decide(set, all, identity_bits(weak));
	double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
	struct measure l = measure(set->pairs, links), b = measure(set->pairs, both);
	guint pairs = g_hash_table_size(set->pairs);
	printf("%-22s %6u %6u  %.3f  %5.1f  %.4f %.4f %.4f   %.4f %.4f %.4f  %5.1f  %s\n", recipe->name,
	       set->profiles->len, pairs, pairs > 0 ? (double)found / pairs : 1, (double)compared / set->profiles->len,
	       l.precision, l.recall, l.f1, b.precision, b.recall, b.f1, seconds, recipe->published);
	identity_truth_note(set, recipe, "pairs", links);
	if (errors > 0)
		show_errors(set, c, links, errors);
	corpus_free(c);
	identity_set_free(set);
	return l;
}

/* The sets of persons once more, through the store and the writer's path: what a CRM export of them would become. */
static void through_store(const char *pack, const char *only, GString *summary)
{
	printf("\n%-22s %6s  %-20s   %5s\n", "through the store", "n", "links: P      R      F1", "s");
	for (guint i = 0; i < identity_recipes_count; i++) {
		const struct identity_recipe *recipe = &identity_recipes[i];
		double seconds;
		if (!recipe->person || (only != NULL && strcmp(only, recipe->name) != 0) ||
		    !identity_set_there(pack, recipe))
			continue;
		struct identity_set *set = identity_set_read(pack, recipe);
		g_autoptr(GHashTable) made = set != NULL ? identity_store_run(set, recipe, &seconds) : NULL;
		if (made != NULL) {
			struct measure m = measure(set->pairs, made);
			identity_truth_note(set, recipe, "store", made);
			printf("%-22s %6u  %.4f %.4f %.4f   %5.1f\n", recipe->name, set->profiles->len, m.precision,
			       m.recall, m.f1, seconds);
			g_string_append_printf(summary, " store_%s=%.4f", recipe->name, m.f1);
		}
		if (set != NULL)
			identity_set_free(set);
	}
}

/* What the pack holds besides, and why it is not in the tables. */
static void say_not_measured(const char *pack)
{
	static const char *const sets[][2] = {
		{"D9 dblp-scholar", "the pack lacks one of its two lists (scholar.csv)"},
		{"deepmatcher amazon-google", "pairs of products chosen for training, without the two lists they come "
					      "from; the same products are D3 in whole"},
		{"deepmatcher itunes-amazon", "the pack lacks one of its two lists (tableB.csv)"},
		{"splink transactions", "payments, not customers, in parquet files"},
		{"gleif-elf, opensanctions", "legal forms, not records"},
	};
	puts("\nNot measured:");
	for (gsize n = 0; n < G_N_ELEMENTS(sets); n++)
		printf("%-28s %s\n", sets[n][0], sets[n][1]);
	for (guint i = 0; i < identity_recipes_count; i++)
		if (!identity_set_there(pack, &identity_recipes[i]))
			printf("%-28s it is a parquet file, and node and npm's hyparquet are not at hand to read it\n",
			       identity_recipes[i].name);
}

int main(int argc, char **argv)
{
	const char *pack = argc > 1 ? argv[1] : ".data/identity", *only = argc > 2 ? argv[2] : NULL;
	guint errors = argc > 3 ? (guint)g_ascii_strtoull(argv[3], NULL, 10) : 0;
	if (!g_file_test(pack, G_FILE_TEST_IS_DIR)) {
		fprintf(stderr, "bench_identity: no identity pack at %s: unpack it there, or name its folder\n", pack);
		return 77;
	}
	double strong = 0.95, weak = 0.5;
	puts("pyJedAI: best configuration of its documentation.");
	printf("%-22s %6s %6s  %-5s  %5s  %-20s   %-20s  %5s  %s\n", "set", "n", "pairs", "reach", "cmp/n",
	       "links: P      R      F1", "and suggestions: P R F1", "s", "published F1");
	g_autoptr(GString) summary = g_string_new("bench-identity");
	for (guint i = 0; i < identity_recipes_count; i++)
		if ((only == NULL || strcmp(only, identity_recipes[i].name) == 0) &&
		    identity_set_there(pack, &identity_recipes[i])) {
			struct measure m = run(pack, &identity_recipes[i], strong, weak, errors);
			g_autofree char *name = g_strdelimit(g_strdup(identity_recipes[i].name), " ,", '_');
			g_string_append_printf(summary, " %s=%.4f", name, m.f1);
		}
	through_store(pack, only, summary);
	identity_truth_report(summary);
	if (only == NULL)
		say_not_measured(pack);
	puts(summary->str);
	return 0;
}
