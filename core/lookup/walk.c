#include "lookup/walk.h"

#include <string.h>

static const char WALK[] = "meri_walk";

/* ---- a row ---- */

static void count(struct walk *w)
{
	struct tallies *t = w->tallies;
	const struct shelf_record *r = &w->record;
	if (!(w->misses & ~(guint)MISS_SOURCE))
		t->sources[r->source]++;
	if (!(w->misses & ~(guint)MISS_TEAM))
		t->teams[r->source]++;
	if (!(w->misses & ~(guint)MISS_KIND))
		t->kinds[r->kind]++;
	if (!(w->misses & ~(guint)MISS_YEAR)) {
		int year = sieve_year(r->occurred);
		if (year >= 0)
			t->years[year]++;
	}
}

static gboolean look(struct walk *w, gint64 id)
{
	w->visited++;
	w->last = id;
	w->misses = sieve_look(w->sieve, id, &w->record);
	return w->misses != MISS_ALL;
}

int candidate_order(gconstpointer a, gconstpointer b)
{
	const struct candidate *x = a, *y = b;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	if (x->occurred != y->occurred)
		return x->occurred < y->occurred ? 1 : -1;
	return x->id < y->id ? 1 : x->id > y->id ? -1 : 0;
}

int row_order(gconstpointer a, gconstpointer b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
	return x < y ? -1 : x > y;
}

static void add_candidate(struct walk *w, const struct candidate *c)
{
	if ((w->behind.id && candidate_order(&w->behind, c) >= 0) || (w->dropped && candidate_order(c, &w->worst) >= 0))
		return;
	g_array_append_vals(w->candidates, c, 1);
	if (!w->most || w->candidates->len < 2 * w->most)
		return;
	g_array_sort(w->candidates, candidate_order);
	g_array_set_size(w->candidates, w->most);
	w->worst = g_array_index(w->candidates, struct candidate, w->most - 1);
	w->dropped = TRUE;
}

static void take(struct walk *w, gint64 id, double score)
{
	if (w->tallies)
		count(w);
	if (w->misses)
		return;
	w->matched++;
	if (!w->first)
		w->first = id;
	if (w->ids)
		g_array_append_val(w->ids, id);
	if (w->candidates && w->matched <= w->ranked) {
		struct candidate c = {id, w->record.occurred, score};
		add_candidate(w, &c);
	}
}

static gboolean enough(struct walk *w)
{
	w->ended = w->matched >= w->limit || w->visited >= w->visits;
	return w->ended;
}

void walk_take(struct walk *w, gint64 id, double score)
{
	if (look(w, id))
		take(w, id, score);
}

/* ---- as functions of FTS5 ---- */

static struct walk *walk_of(sqlite3_context *result, int n, sqlite3_value **values)
{
	struct walk *w = n == 1 ? sqlite3_value_pointer(values[0], WALK) : NULL;
	if (!w)
		sqlite3_result_error(result, "a walk is wanted", -1);
	return w;
}

/* Does the row at hand come into question, before more is asked about it? 2:
 * the walk ends here. */
static void pass(const Fts5ExtensionApi *api, Fts5Context *context, sqlite3_context *result, int n,
		 sqlite3_value **values)
{
	struct walk *w = walk_of(result, n, values);
	if (w)
		sqlite3_result_int(result, look(w, api->xRowid(context)) ? 1 : enough(w) ? 2 : 0);
}

static void take_row(const Fts5ExtensionApi *api, Fts5Context *context, struct walk *w)
{
	double score =
		!w->misses && w->plan && w->matched < w->ranked ? lookup_rank(api, context, w->plan, &w->record) : 0;
	take(w, api->xRowid(context), score);
}

/* Takes the row at hand, which has passed; 1: the walk ends here. */
static void keep(const Fts5ExtensionApi *api, Fts5Context *context, sqlite3_context *result, int n,
		 sqlite3_value **values)
{
	struct walk *w = walk_of(result, n, values);
	if (!w)
		return;
	take_row(api, context, w);
	sqlite3_result_int(result, enough(w));
}

/* Both at once. */
static void visit(const Fts5ExtensionApi *api, Fts5Context *context, sqlite3_context *result, int n,
		  sqlite3_value **values)
{
	struct walk *w = walk_of(result, n, values);
	if (!w)
		return;
	if (look(w, api->xRowid(context)))
		take_row(api, context, w);
	sqlite3_result_int(result, enough(w));
}

gboolean walk_register(store *s, GError **error)
{
	fts5_api *api = NULL;
	sqlite3_stmt *ask = store_prepare(s, "SELECT fts5(?1)", error);
	if (!ask)
		return FALSE;
	sqlite3_bind_pointer(ask, 1, &api, "fts5_api_ptr", NULL);
	sqlite3_step(ask);
	sqlite3_reset(ask);
	if (api && api->xCreateFunction(api, "meri_visit", NULL, visit, NULL) == SQLITE_OK &&
	    api->xCreateFunction(api, "meri_pass", NULL, pass, NULL) == SQLITE_OK &&
	    api->xCreateFunction(api, "meri_keep", NULL, keep, NULL) == SQLITE_OK)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "this SQLite has no FTS5: %s",
		    sqlite3_errmsg(store_sqlite(s)));
	return FALSE;
}

/* ---- the walks ---- */

static gboolean step(store *s, sqlite3_stmt *st, GError **error)
{
	int row = store_row(s, st, error);
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return row >= 0;
}

/* The functions are true where the walk ends: then there is a row, and the
 * statement's LIMIT is reached. What stands in a CASE is asked in that order.
 */
gboolean walk_words(store *s, struct walk *w, const char *fts, const struct lookup_match *match, gint64 from, gint64 to,
		    GError **error)
{
	static const char words[] = "SELECT 1 FROM main.record_fts f WHERE f.record_fts MATCH ?1 AND f.rowid "
				    "BETWEEN ?3 "
				    "AND ?4 AND meri_visit(record_fts, ?2) ORDER BY f.rowid DESC LIMIT 1";
	const char *where = match ? match->where : NULL;
	g_autofree char *mixed =
		where ? g_strdup_printf("SELECT 1 FROM main.record_fts f CROSS JOIN record_brief r ON "
					"r.id = f.rowid "
					"WHERE f.record_fts MATCH ?1 AND f.rowid BETWEEN ?3 AND ?4 AND "
					"CASE meri_pass(record_fts, ?2) WHEN 0 THEN 0 WHEN 2 THEN 1 "
					"ELSE "
					"CASE WHEN %s THEN meri_keep(record_fts, ?2) ELSE 0 END END "
					"ORDER BY f.rowid DESC LIMIT 1",
					where)
		      : NULL;
	sqlite3_stmt *st = store_prepare(s, mixed ? mixed : words, error);
	w->ended = FALSE;
	if (!st)
		return FALSE;
	sqlite3_bind_text(st, 1, fts, -1, SQLITE_STATIC);
	sqlite3_bind_pointer(st, 2, w, WALK, NULL);
	sqlite3_bind_int64(st, 3, from);
	sqlite3_bind_int64(st, 4, to);
	if (where)
		lookup_match_bind(match, st, 5);
	return step(s, st, error);
}

gboolean walk_condition(store *s, struct walk *w, const struct lookup_match *match, GError **error)
{
	g_autofree char *sql = g_strdup_printf("SELECT r.id, ?1, ?2, ?3, ?4 FROM record r WHERE %s "
					       "ORDER BY r.occurred DESC, r.id DESC",
					       match->where);
	sqlite3_stmt *st = store_prepare(s, sql, error);
	w->ended = FALSE;
	if (!st)
		return FALSE;
	lookup_match_bind(match, st, 5);
	int row;
	while ((row = store_row(s, st, error)) == 1 && !w->ended) {
		walk_take(w, sqlite3_column_int64(st, 0), 0);
		enough(w);
	}
	sqlite3_reset(st);
	return row >= 0;
}
