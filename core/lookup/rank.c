#include "lookup/rank.h"

#include "lookup/shelf.h"
#include <math.h>
#include <string.h>

/* Saturation and length, as in the literature; the weights of title, text,
 * quoted and people were chosen by measuring.
 */
static const double K1 = 1.2, B = 0.6;
static const double COLUMN_WEIGHT[] = {4.0, 1.0, 0.15, 2.0};
/* What an account or a person gains when the query's words are its name, and
 * when they stand in it elsewhere; how little a record is worth that lacks
 * nearly all of the words; from which weight on a reading is no mere part of a
 * word. */
static const double NAMED = 1.6, TELLS = 1.15, MISSING = 0.3, SURE = 0.5;

enum { MAX_POSITIONS = 24, NEAR = 6 };

struct place {
	int column, offset;
	double weight; /* of the column, and of the surest reading that stands there */
};

/* Where the words of a leaf stand: the first places, which is enough to tell
 * whether leaves stand side by side. */
struct places {
	guint n;
	struct place at[MAX_POSITIONS];
	double further; /* weights of what stands behind these */
	gboolean titled;
};

static void read_phrase(const Fts5ExtensionApi *api, Fts5Context *context, int phrase, double weight,
			struct places *out)
{
	Fts5PhraseIter iter;
	int column, offset;
	out->n = 0;
	out->further = 0;
	out->titled = FALSE;
	if (api->xPhraseFirst(context, phrase, &iter, &column, &offset) != SQLITE_OK)
		return;
	for (; column >= 0; api->xPhraseNext(context, &iter, &column, &offset)) {
		double amount = weight * COLUMN_WEIGHT[MIN(column, (int)G_N_ELEMENTS(COLUMN_WEIGHT) - 1)];
		if (out->n < MAX_POSITIONS)
			out->at[out->n++] = (struct place){column, offset, amount};
		else
			out->further += amount;
	}
	out->titled = out->n && out->at[0].column == 0 && weight >= SURE;
}

/* Terms of one word stand at one place, and count there once. */
static void merge(struct places *all, const struct places *more)
{
	struct places out; /* not cleared: most of it is never looked at, and this is done for each record */
	out.n = 0;
	out.further = MAX(all->further, more->further);
	out.titled = all->titled || more->titled;
	for (guint i = 0, k = 0; (i < all->n || k < more->n) && out.n < MAX_POSITIONS;) {
		const struct place *a = i < all->n ? &all->at[i] : NULL, *b = k < more->n ? &more->at[k] : NULL;
		int order = !a ? 1 : !b ? -1 : a->column != b->column ? a->column - b->column : a->offset - b->offset;
		out.at[out.n] = order <= 0 ? *a : *b;
		if (order == 0)
			out.at[out.n].weight = MAX(a->weight, b->weight);
		out.n++;
		i += order <= 0;
		k += order >= 0;
	}
	memcpy(all->at, out.at, out.n * sizeof *out.at);
	all->n = out.n;
	all->further = out.further;
	all->titled = out.titled;
}

static double amount_of(const struct places *places)
{
	double sum = places->further;
	for (guint i = 0; i < places->n; i++)
		sum += places->at[i].weight;
	return sum;
}

/* 1 when `b` comes right after `a` somewhere, less when it is near, 0 else.
 * Quoted text does not count. */
static double closeness(const struct places *a, const struct places *b)
{
	int best = NEAR + 1;
	for (guint i = 0, k = 0; i < a->n; i++) {
		const struct place *p = &a->at[i];
		if (p->column == 2)
			continue;
		while (k < b->n && (b->at[k].column < p->column ||
				    (b->at[k].column == p->column && b->at[k].offset < p->offset - NEAR)))
			k++;
		for (guint j = k; j < b->n && b->at[j].column == p->column && b->at[j].offset <= p->offset + NEAR;
		     j++) {
			int distance = b->at[j].offset - p->offset;
			best = MIN(best, distance > 0 ? distance : 1 - distance);
		}
	}
	return best > NEAR ? 0 : best <= 1 ? 1 : 0.5 * (double)(NEAR + 1 - best) / NEAR;
}

/* What a leaf adds: its occurrences, saturated. */
static double leaf_score(const struct lookup_plan *plan, guint leaf, double amount, double length)
{
	double norm = K1 * (1 - B + B * length / plan->average);
	return plan->rarity[leaf] * amount * (K1 + 1) / (amount + norm);
}

/* How much of the query a record holds. */
enum holds { SOME, ALL, IN_TITLE };

static double words_score(const Fts5ExtensionApi *api, Fts5Context *context, const struct lookup_plan *plan,
			  double length, enum holds *holds)
{
	struct places all, before, more;
	before.n = 0;
	double score = 0, wanted = 0, held = 0;
	guint n = MIN(plan->phrases, (guint)api->xPhraseCount(context));
	gboolean titled = TRUE;
	for (guint i = 0; i < n;) {
		guint leaf = plan->leaf[i];
		all.n = 0;
		all.further = 0;
		all.titled = FALSE;
		for (; i < n && plan->leaf[i] == leaf; i++) {
			if (plan->weight[i] <= 0)
				continue;
			struct places *to = all.n ? &more : &all;
			read_phrase(api, context, (int)i, plan->weight[i], to);
			if (to == &more && more.n)
				merge(&all, &more);
		}
		double amount = amount_of(&all);
		titled &= all.titled || amount <= 0;
		wanted += plan->rarity[leaf];
		held += amount > 0 ? plan->rarity[leaf] : 0;
		score += leaf_score(plan, leaf, amount, length);
		if (leaf > 0 && all.n && before.n)
			score += 0.6 * closeness(&before, &all) * MIN(plan->rarity[leaf - 1], plan->rarity[leaf]);
		memcpy(before.at, all.at, all.n * sizeof *all.at);
		before.n = all.n;
	}
	*holds = plan->any && held < wanted ? SOME : titled ? IN_TITLE : ALL;
	/* where words are missing, those with most of them come first */
	return *holds == SOME ? score * (1 - MISSING + MISSING * held / wanted) : score;
}

/* New things a little above old ones, whoever bears the name above what was
 * written about them. */
static double signals(const struct lookup_plan *plan, gint64 occurred, int kind, enum holds holds)
{
	double years = occurred ? (double)MAX(plan->now - occurred, 0) / (365.25 * 86400) : 5;
	double factor = 1 + 0.12 * exp2(-years / 2);
	if (holds != SOME && (kind == MERI_ACCOUNT || kind == MERI_PERSON))
		factor *= holds == IN_TITLE ? NAMED : TELLS;
	return kind == MERI_COMMENT ? factor * 0.97 : factor;
}

double lookup_rank(const Fts5ExtensionApi *api, Fts5Context *context, const struct lookup_plan *plan,
		   const struct shelf_record *record)
{
	enum holds holds;
	double score = words_score(api, context, plan, record->size, &holds);
	return score * signals(plan, record->occurred, record->kind, holds);
}

double lookup_rarity(gint64 documents, gint64 records)
{
	double d = (double)MIN(documents, records), n = (double)MAX(records, 1);
	/* in steps: pages of one answer, asked one after the other while records come, must agree on the order */
	return MAX(round(20 * log(1 + (n - d + 0.5) / (d + 0.5))) / 20, 1e-3);
}
