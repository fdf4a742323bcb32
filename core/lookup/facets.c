/* facets: what the matches are, counted: for the answer, as words. */
#include <string.h>

#include "lookup/finding.h"

static int by_count(gconstpointer a, gconstpointer b)
{
	const struct lookup_count *x = *(const struct lookup_count *const *)a,
				  *y = *(const struct lookup_count *const *)b;
	return x->count < y->count ? 1 : x->count > y->count ? -1 : strcmp(x->value, y->value);
}

static void add_count(GPtrArray *facet, char *value, gint64 n)
{
	struct lookup_count *count = g_new0(struct lookup_count, 1);
	count->value = value;
	count->count = n;
	g_ptr_array_add(facet, count);
}

/* Adds to what is counted of the team, whose name is taken. */
static void add_to_team(GPtrArray *facet, char *team, gint64 n)
{
	for (guint i = 0; i < facet->len; i++) {
		struct lookup_count *count = facet->pdata[i];
		if (strcmp(count->value, team) == 0) {
			count->count += n;
			g_free(team);
			return;
		}
	}
	add_count(facet, team, n);
}

static gboolean count_sources(store *s, const struct finding *f, struct lookup_answer *answer, GError **error)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT id, name, team FROM source", error);
	int row = st ? 1 : -1;
	while (st && (row = store_row(s, st, error)) == 1) {
		gint64 id = sqlite3_column_int64(st, 0);
		if (id < 0 || id >= SHELF_SOURCES)
			continue;
		if (f->tallies.sources[id])
			add_count(answer->sources, store_column(st, 1), f->tallies.sources[id]);
		if (f->tallies.teams[id] && sqlite3_column_type(st, 2) != SQLITE_NULL)
			add_to_team(answer->teams, store_column(st, 2), f->tallies.teams[id]);
	}
	g_ptr_array_sort(answer->sources, by_count);
	g_ptr_array_sort(answer->teams, by_count);
	return row == 0;
}

/* ---- customers ---- */

static gboolean count_customers_of(store *s, gint64 record, GHashTable *counts, GError **error)
{
	sqlite3_stmt *st = store_prepare(s,
					 "SELECT DISTINCT customer_id FROM customer_record WHERE "
					 "record_id = ? AND strength >= 2",
					 error);
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, record);
	int row;
	while ((row = store_row(s, st, error)) == 1) {
		gint64 id = sqlite3_column_int64(st, 0);
		gint64 *known = g_hash_table_lookup(counts, &id);
		if (known) {
			known[1]++;
			continue;
		}
		known = g_new(gint64, 2);
		known[0] = id;
		known[1] = 1;
		g_hash_table_insert(counts, known, known);
	}
	return row == 0;
}

static int by_customers_count(gconstpointer a, gconstpointer b)
{
	const gint64 *x = *(const gint64 *const *)a, *y = *(const gint64 *const *)b;
	return x[1] != y[1] ? (x[1] < y[1] ? 1 : -1) : x[0] < y[0] ? -1 : x[0] > y[0];
}

static gboolean name_customer(store *s, const gint64 *counted, GPtrArray *facet, GError **error)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT name FROM customer WHERE id = ?", error);
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, counted[0]);
	int row = store_row(s, st, error);
	if (row == 1) {
		add_count(facet, g_strdup_printf("%" G_GINT64_FORMAT, counted[0]), counted[1]);
		((struct lookup_count *)facet->pdata[facet->len - 1])->name = store_column(st, 0);
	}
	sqlite3_reset(st);
	return row >= 0;
}

static gboolean any_customer(store *s)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT 1 FROM customer LIMIT 1", NULL);
	gboolean any = st && sqlite3_step(st) == SQLITE_ROW;
	if (st)
		sqlite3_reset(st);
	return any;
}

/* Of those candidates that were met first, the newest rows. */
static gboolean count_customers(store *s, const struct finding *f, GPtrArray *facet, GError **error)
{
	g_autoptr(GHashTable) counts = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	if (!f->first || !f->candidates->len || !any_customer(s))
		return TRUE;
	for (guint i = 0; i < f->candidates->len && i < LOOKUP_CUSTOMERS_OF; i++)
		if (!count_customers_of(s, g_array_index(f->candidates, struct candidate, i).id, counts, error))
			return FALSE;
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	GHashTableIter iter;
	gpointer counted;
	g_hash_table_iter_init(&iter, counts);
	while (g_hash_table_iter_next(&iter, NULL, &counted))
		g_ptr_array_add(sorted, counted);
	g_ptr_array_sort(sorted, by_customers_count);
	for (guint i = 0; i < sorted->len && i < LOOKUP_CUSTOMERS; i++)
		if (!name_customer(s, sorted->pdata[i], facet, error))
			return FALSE;
	return TRUE;
}

/* ---- all of them ---- */

gboolean finding_facets(store *s, const struct finding *f, struct lookup_answer *answer, GError **error)
{
	for (guint kind = 0; kind < G_N_ELEMENTS(f->tallies.kinds); kind++)
		if (f->tallies.kinds[kind])
			add_count(answer->kinds, g_strdup(lookup_kind_name((int)kind)), f->tallies.kinds[kind]);
	for (int year = YEARS - 1; year >= 0; year--)
		if (f->tallies.years[year])
			add_count(answer->years, g_strdup_printf("%d", FIRST_YEAR + year), f->tallies.years[year]);
	g_ptr_array_sort(answer->kinds, by_count);
	return count_sources(s, f, answer, error) && count_customers(s, f, answer->customers, error);
}
