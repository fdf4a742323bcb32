#include "identity_truth.h"

#include <stdio.h>
#include <string.h>

#include "identity/keys.h"
#include "identity/similar.h"

struct noted {
	char *name;
	const char *how;
	gboolean emails;
	guint made, right, omitted, pairs;
};

static struct noted all[40];
static guint n_all;

gboolean identity_set_matters(const struct identity_recipe *recipe)
{
	return recipe->person || strstr(recipe->columns, "=name") != NULL;
}

/* Each word of the shorter name is a word of the longer, or nearly. */
static gboolean same_words(const char *left, const char *right)
{
	g_auto(GStrv) x = identity_words(left);
	g_auto(GStrv) y = identity_words(right);
	char **fewer = g_strv_length(x) <= g_strv_length(y) ? x : y, **more = fewer == x ? y : x;
	for (char **w = fewer; *w != NULL; w++) {
		gboolean there = FALSE;
		for (char **v = more; *v != NULL && !there; v++)
			there = identity_near(*w, *v) || g_str_has_prefix(*v, *w) || g_str_has_prefix(*w, *v);
		if (!there)
			return FALSE;
	}
	return *fewer != NULL;
}

/* Two rows that the truth does not name as one though they have the whole telephone number in common, and all words of
 * the shorter name: no two restaurants do. */
static gboolean left_out(const struct identity_profile *a, const struct identity_profile *b)
{
	const char *x = identity_profile_first(a, IDENTITY_PHONE), *y = identity_profile_first(b, IDENTITY_PHONE);
	const char *left = identity_profile_first(a, IDENTITY_ORG), *right = identity_profile_first(b, IDENTITY_ORG);
	return x != NULL && y != NULL && strlen(x) >= 9 && strcmp(x, y) == 0 && left != NULL && right != NULL &&
	       same_words(left, right);
}

void identity_truth_note(const struct identity_set *set, const struct identity_recipe *recipe, const char *how,
			 GHashTable *made)
{
	if (!identity_set_matters(recipe) || n_all == G_N_ELEMENTS(all))
		return;
	struct noted *n = &all[n_all++];
	*n = (struct noted){.name = g_strdup(recipe->name),
			    .how = how,
			    .emails = strstr(recipe->columns, "=e-mail") != NULL,
			    .made = g_hash_table_size(made),
			    .pairs = g_hash_table_size(set->pairs)};
	GHashTableIter iter;
	gpointer key;
	g_hash_table_iter_init(&iter, made);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		gint64 pair = *(const gint64 *)key;
		if (g_hash_table_contains(set->pairs, key))
			n->right++;
		else if (left_out(g_ptr_array_index(set->profiles, pair >> 32),
				  g_ptr_array_index(set->profiles, pair & 0xffffffff)))
			n->omitted++;
	}
}

static double part(guint of, guint whole)
{
	return whole > 0 ? (double)of / whole : 1;
}

static void print(const struct noted *n)
{
	printf("%-24s %-7s %-8s %6u %8u %10u %6u  %.4f     %.4f     %.4f\n", n->name, n->how, n->emails ? "yes" : "",
	       n->made, n->right, n->omitted, n->made - n->right - n->omitted, part(n->right, n->made),
	       part(n->right + n->omitted, n->made), part(n->right, n->pairs));
}

void identity_truth_report(GString *summary)
{
	struct noted sum = {.name = (char *)"all of them", .how = ""};
	if (n_all == 0)
		return;
	puts("\nOrganisations and people. \"left out\": links that the truth does not name, though both rows have the "
	     "same "
	     "whole telephone number and all\nwords of the shorter name (D1 lists 20 such restaurants twice and names "
	     "them nowhere); \"counted so\" is the precision with these as right.");
	printf("%-24s %-7s %-8s %6s %8s %10s %6s  %-9s  %-9s  %s\n", "set", "by", "e-mails", "links", "as truth",
	       "left out", "wrong", "precision", "counted so", "recall");
	for (guint k = 0; k < n_all; k++) {
		print(&all[k]);
		sum.made += all[k].made;
		sum.right += all[k].right;
		sum.omitted += all[k].omitted;
		sum.pairs += all[k].pairs;
		g_free(all[k].name);
	}
	print(&sum);
	g_string_append_printf(summary, " precision=%.4f precision_counted_so=%.4f", part(sum.right, sum.made),
			       part(sum.right + sum.omitted, sum.made));
}
