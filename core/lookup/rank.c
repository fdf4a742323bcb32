#include "lookup/rank.h"

#include <math.h>
#include <string.h>

static const char PLAN[] = "meri_rank";

/* Saturation and length, as in the literature; the weights of title, text, quoted and people were chosen by measuring.
 */
static const double K1 = 1.2, B = 0.6;
static const double COLUMN_WEIGHT[] = {4.0, 1.0, 0.15, 2.0};
/* What an account or a person gains when the query's words are its name, and when they stand in it elsewhere; how
 * little a record is worth that lacks nearly all of the words; from which weight on a reading is no mere part of a
 * word. */
static const double NAMED = 1.6, TELLS = 1.15, MISSING = 0.6, SURE = 0.5;

enum { MAX_POSITIONS = 24, NEAR = 6 };

/* Where the words of a leaf stand, of one phrase of it: enough to tell whether leaves stand side by side. */
struct places {
	guint n;
	int column[MAX_POSITIONS], offset[MAX_POSITIONS];
	double amount; /* weighted occurrences */
	gboolean titled;
};

static void read_phrase(const Fts5ExtensionApi *api, Fts5Context *context, int phrase, struct places *out)
{
	Fts5PhraseIter iter;
	int column, offset;
	out->n = 0;
	out->amount = 0;
	out->titled = FALSE;
	if (api->xPhraseFirst(context, phrase, &iter, &column, &offset) != SQLITE_OK)
		return;
	for (; column >= 0; api->xPhraseNext(context, &iter, &column, &offset)) {
		out->titled |= column == 0;
		out->amount += COLUMN_WEIGHT[MIN(column, (int)G_N_ELEMENTS(COLUMN_WEIGHT) - 1)];
		if (out->n < MAX_POSITIONS) {
			out->column[out->n] = column;
			out->offset[out->n++] = offset;
		}
	}
}

/* 1 when `b` comes right after `a` somewhere, less when it is near, 0 else. Quoted text does not count. */
static double closeness(const struct places *a, const struct places *b)
{
	int best = NEAR + 1;
	for (guint i = 0, k = 0; i < a->n; i++) {
		if (a->column[i] == 2)
			continue;
		while (k < b->n && (b->column[k] < a->column[i] ||
				    (b->column[k] == a->column[i] && b->offset[k] < a->offset[i] - NEAR)))
			k++;
		for (guint j = k; j < b->n && b->column[j] == a->column[i] && b->offset[j] <= a->offset[i] + NEAR;
		     j++) {
			int distance = b->offset[j] - a->offset[i];
			best = MIN(best, distance > 0 ? distance : 1 - distance);
		}
	}
	return best > NEAR ? 0 : best <= 1 ? 1 : 0.5 * (double)(NEAR + 1 - best) / NEAR;
}

/* What a leaf adds: its best form's occurrences, saturated. */
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
	struct places best = {0}, before = {0}, now;
	double score = 0, wanted = 0, held = 0;
	guint n = MIN(plan->phrases, (guint)api->xPhraseCount(context));
	gboolean titled = TRUE;
	for (guint i = 0; i < n;) {
		guint leaf = plan->leaf[i];
		gboolean in_title = FALSE;
		best.n = 0;
		best.amount = 0;
		for (; i < n && plan->leaf[i] == leaf; i++) {
			if (plan->weight[i] <= 0)
				continue;
			read_phrase(api, context, (int)i, &now);
			in_title |= now.titled && plan->weight[i] >= SURE;
			now.amount *= plan->weight[i];
			if (now.amount > best.amount)
				best = now;
		}
		titled &= in_title || best.amount <= 0;
		wanted += plan->rarity[leaf];
		held += best.amount > 0 ? plan->rarity[leaf] : 0;
		score += leaf_score(plan, leaf, best.amount, length);
		if (leaf > 0 && best.n && before.n)
			score += 0.6 * closeness(&before, &best) * MIN(plan->rarity[leaf - 1], plan->rarity[leaf]);
		before = best;
	}
	*holds = plan->any && held < wanted ? SOME : titled ? IN_TITLE : ALL;
	/* where words are missing, those with most of them come first */
	return *holds == SOME ? score * (1 - MISSING + MISSING * held / wanted) : score;
}

/* New things a little above old ones, whoever bears the name above what was written about them. */
static double signals(const struct lookup_plan *plan, gint64 occurred, int kind, enum holds holds)
{
	double years = occurred ? (double)MAX(plan->now - occurred, 0) / (365.25 * 86400) : 5;
	double factor = 1 + 0.12 * exp2(-years / 2);
	if (holds != SOME && (kind == MERI_ACCOUNT || kind == MERI_PERSON))
		factor *= holds == IN_TITLE ? NAMED : TELLS;
	return kind == MERI_COMMENT ? factor * 0.97 : factor;
}

static void rank(const Fts5ExtensionApi *api, Fts5Context *context, sqlite3_context *result, int n,
		 sqlite3_value **values)
{
	const struct lookup_plan *plan = n == 4 ? sqlite3_value_pointer(values[0], PLAN) : NULL;
	if (!plan) {
		sqlite3_result_error(result, "meri_rank wants a plan, size, time and kind", -1);
		return;
	}
	enum holds holds;
	double score = words_score(api, context, plan, sqlite3_value_double(values[1]), &holds);
	sqlite3_result_double(
		result, score * signals(plan, sqlite3_value_int64(values[2]), sqlite3_value_int(values[3]), holds));
}

gboolean lookup_rank_register(store *s, GError **error)
{
	sqlite3 *db = store_sqlite(s);
	fts5_api *api = NULL;
	sqlite3_stmt *ask = store_prepare(s, "SELECT fts5(?1)", error);
	if (!ask)
		return FALSE;
	sqlite3_bind_pointer(ask, 1, &api, "fts5_api_ptr", NULL);
	sqlite3_step(ask);
	sqlite3_reset(ask);
	if (api && api->xCreateFunction(api, "meri_rank", NULL, rank, NULL) == SQLITE_OK)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "this SQLite has no FTS5: %s", sqlite3_errmsg(db));
	return FALSE;
}

void lookup_rank_bind(sqlite3_stmt *statement, int index, const struct lookup_plan *plan)
{
	sqlite3_bind_pointer(statement, index, (void *)plan, PLAN, NULL);
}

double lookup_rarity(gint64 documents, gint64 records)
{
	double d = (double)MIN(documents, records), n = (double)MAX(records, 1);
	return MAX(log(1 + (n - d + 0.5) / (d + 0.5)), 1e-3);
}
