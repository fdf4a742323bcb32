/* A customer's records are gathered once, narrow, and put in order; everything else is told from that. So a page, its
 * total, the months and the last contacts agree with each other, and with what the fence lets through. */
#include "lookup/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "lookup/about.h"
#include "lookup/internal.h"
#include "lookup/match.h"

enum {
	SNIPPET = 220,
	OWN_COLUMN = 9,
	FIRST_YEAR = 1970,
	LAST_YEAR = 2100,
	MONTHS = (LAST_YEAR - FIRST_YEAR) * 12,
	ONE_BY_ONE = 100 /* asking the index for one record costs about as much as walking over so many */
};

/* ---- all of a customer's records ---- */

/* Newest first. */
static int by_time(gconstpointer a, gconstpointer b)
{
	const struct lookup_moment *x = a, *y = b;
	if (x->occurred != y->occurred)
		return x->occurred < y->occurred ? 1 : -1;
	return x->id < y->id ? 1 : x->id > y->id ? -1 : 0;
}

GArray *lookup_moments(store *s, gint64 customer, GError **error)
{
	sqlite3_stmt *ask =
		store_prepare(s,
			      "SELECT r.id, r.occurred, r.source_id, r.kind FROM (SELECT DISTINCT record_id "
			      "FROM customer_record WHERE customer_id = ?1 AND strength >= 2 LIMIT ?2) l "
			      "JOIN record_brief r ON r.id = l.record_id",
			      error);
	if (!ask)
		return NULL;
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct lookup_moment));
	sqlite3_bind_int64(ask, 1, customer);
	sqlite3_bind_int64(ask, 2, LOOKUP_MOMENTS);
	int row;
	while ((row = store_row(s, ask, error)) == 1) {
		struct lookup_moment one = {sqlite3_column_int64(ask, 0), sqlite3_column_int64(ask, 1),
					    sqlite3_column_int64(ask, 2), sqlite3_column_int(ask, 3)};
		g_array_append_val(all, one);
	}
	if (row < 0)
		return NULL;
	g_array_sort(all, by_time);
	return g_steal_pointer(&all);
}

/* ---- months and years, where the daemon stands ---- */

static const gint64 *month_begins(void)
{
	static gint64 begins[MONTHS + 1];
	static gsize done;
	if (g_once_init_enter(&done)) {
		for (int i = 0; i <= MONTHS; i++) {
			g_autoptr(GDateTime) begin = g_date_time_new_local(FIRST_YEAR + i / 12, 1 + i % 12, 1, 0, 0, 0);
			begins[i] = g_date_time_to_unix(begin);
		}
		g_once_init_leave(&done, 1);
	}
	return begins;
}

/* Months since FIRST_YEAR began; -1 for no time, or one that is out of reach. */
static int month_of(gint64 seconds)
{
	const gint64 *begins = month_begins();
	if (seconds == 0 || seconds < begins[0] || seconds >= begins[MONTHS])
		return -1;
	int low = 0, high = MONTHS;
	while (high - low > 1) {
		int middle = (low + high) / 2;
		*(seconds < begins[middle] ? &high : &low) = middle;
	}
	return low;
}

GArray *lookup_months(const GArray *moments)
{
	g_autofree gint64(*counts)[LOOKUP_KINDS] = g_malloc0_n(MONTHS, sizeof *counts);
	g_autofree gboolean *any = g_new0(gboolean, MONTHS);
	for (guint i = 0; i < moments->len; i++) {
		const struct lookup_moment *one = &g_array_index(moments, struct lookup_moment, i);
		int month = month_of(one->occurred);
		if (month < 0 || one->kind < 0 || one->kind >= LOOKUP_KINDS)
			continue;
		counts[month][one->kind]++;
		any[month] = TRUE;
	}
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct lookup_month));
	for (int i = 0; i < MONTHS; i++) {
		struct lookup_month month = {.year = FIRST_YEAR + i / 12, .month = 1 + i % 12};
		memcpy(month.counts, counts[i], sizeof month.counts);
		if (any[i])
			g_array_append_val(all, month);
	}
	return all;
}

static int by_count(gconstpointer a, gconstpointer b)
{
	const struct lookup_last *x = a, *y = b;
	return x->count < y->count ? 1 : x->count > y->count ? -1 : x->source < y->source ? -1 : x->source > y->source;
}

GArray *lookup_lasts(const GArray *moments, gint64 now)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct lookup_last));
	for (guint i = 0; i < moments->len; i++) {
		const struct lookup_moment *one = &g_array_index(moments, struct lookup_moment, i);
		guint at = 0;
		while (at < all->len && g_array_index(all, struct lookup_last, at).source != one->source)
			at++;
		if (at == all->len)
			g_array_append_vals(all, &(struct lookup_last){.source = one->source}, 1);
		struct lookup_last *last = &g_array_index(all, struct lookup_last, at);
		last->count++;
		if (one->occurred <= now)
			last->last = MAX(last->last, one->occurred);
	}
	g_array_sort(all, by_count);
	return all;
}

/* ---- filters ---- */

/* The numbers of what is named, as a set; a name that is nothing adds nothing. NULL where nothing is asked. */
static gboolean source_numbers(store *s, const GPtrArray *names, GHashTable **set, GError **error)
{
	*set = names && names->len ? g_hash_table_new(NULL, NULL) : NULL;
	for (guint i = 0; *set && i < names->len; i++) {
		sqlite3_stmt *ask = store_prepare(s, "SELECT id FROM source WHERE name = ? COLLATE NOCASE", error);
		if (!ask)
			return FALSE;
		sqlite3_bind_text(ask, 1, names->pdata[i], -1, SQLITE_STATIC);
		int row = store_row(s, ask, error);
		if (row < 0)
			return FALSE;
		if (row == 1)
			g_hash_table_add(*set, GSIZE_TO_POINTER((gsize)sqlite3_column_int64(ask, 0)));
		sqlite3_reset(ask);
	}
	return TRUE;
}

static GHashTable *kind_numbers(const GPtrArray *names)
{
	GHashTable *set = names && names->len ? g_hash_table_new(NULL, NULL) : NULL;
	for (guint i = 0; set && i < names->len; i++) {
		int kind = lookup_kind_of(names->pdata[i]);
		if (kind)
			g_hash_table_add(set, GINT_TO_POINTER(kind));
	}
	return set;
}

static GHashTable *year_numbers(const GPtrArray *names)
{
	GHashTable *set = names && names->len ? g_hash_table_new(NULL, NULL) : NULL;
	for (guint i = 0; set && i < names->len; i++) {
		guint64 year;
		if (g_ascii_string_to_unsigned(names->pdata[i], 10, FIRST_YEAR, LAST_YEAR, &year, NULL))
			g_hash_table_add(set, GINT_TO_POINTER((int)year));
	}
	return set;
}

static gboolean in(GHashTable *set, gint64 number)
{
	return !set || g_hash_table_contains(set, GSIZE_TO_POINTER((gsize)number));
}

/* The moments that the filters let through, in order. NULL on error. */
static GArray *filtered(store *s, const struct lookup_timeline_request *request, GError **error)
{
	GHashTable *sources;
	if (!source_numbers(s, request->sources, &sources, error)) {
		g_hash_table_unref(sources);
		return NULL;
	}
	GHashTable *kinds = kind_numbers(request->kinds), *years = year_numbers(request->years);
	GArray *out = g_array_new(FALSE, FALSE, sizeof(struct lookup_moment));
	for (guint i = 0; i < request->moments->len; i++) {
		const struct lookup_moment *one = &g_array_index(request->moments, struct lookup_moment, i);
		int month = years ? month_of(one->occurred) : 0;
		if (in(sources, one->source) && in(kinds, one->kind) && month >= 0 &&
		    in(years, FIRST_YEAR + month / 12))
			g_array_append_vals(out, one, 1);
	}
	g_clear_pointer(&sources, g_hash_table_unref);
	g_clear_pointer(&kinds, g_hash_table_unref);
	g_clear_pointer(&years, g_hash_table_unref);
	return out;
}

/* ---- words ---- */

/* The rows as a JSON array, for json_each. */
static char *rows_json(const GArray *moments)
{
	GString *text = g_string_sized_new(moments->len * 8 + 2);
	for (guint i = 0; i < moments->len; i++)
		g_string_append_printf(text, "%c%" G_GINT64_FORMAT, i ? ',' : '[',
				       g_array_index(moments, struct lookup_moment, i).id);
	g_string_append(text, moments->len ? "]" : "[]");
	return g_string_free(text, FALSE);
}

static int by_number(gconstpointer a, gconstpointer b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
	return x < y ? -1 : x > y;
}

/* Takes those moments out whose row the statement does not give; its rows come in any order, and may be others'. */
static gboolean keep_rows(store *s, sqlite3_stmt *ask, GArray *moments, GError **error)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(gint64));
	int row;
	while ((row = store_row(s, ask, error)) == 1) {
		gint64 id = sqlite3_column_int64(ask, 0);
		g_array_append_val(rows, id);
	}
	g_array_sort(rows, by_number);
	guint kept = 0;
	for (guint i = 0; i < moments->len; i++) {
		struct lookup_moment one = g_array_index(moments, struct lookup_moment, i);
		if (rows->len && bsearch(&one.id, rows->data, rows->len, sizeof one.id, by_number))
			g_array_index(moments, struct lookup_moment, kept++) = one;
	}
	g_array_set_size(moments, kept);
	return row == 0;
}

/* Is it less work to ask the index for each of the rows than to walk over all that hold the words? */
static gboolean few(const struct lookup_match *match, const GArray *moments)
{
	gint64 documents = match->leaves->len ? G_MAXINT64 : 0;
	for (guint i = 0; i < match->leaves->len; i++)
		documents = MIN(documents, g_array_index(match->leaves, struct lookup_leaf, i).documents);
	return !match->prefix && documents / ONE_BY_ONE > moments->len;
}

static gboolean keep_words(store *s, const struct lookup_match *match, GArray *moments, GError **error)
{
	gboolean each = few(match, moments);
	g_autofree char *rows = each ? rows_json(moments) : NULL;
	sqlite3_stmt *ask = store_prepare(
		s,
		each ? "SELECT f.rowid FROM json_each(?1) j CROSS JOIN main.record_fts f ON f.rowid = j.value WHERE "
		       "f.record_fts MATCH ?2"
		     : "SELECT f.rowid FROM main.record_fts f WHERE f.record_fts MATCH ?1 AND f.rowid BETWEEN ?2 AND "
		       "?3",
		error);
	if (!ask)
		return FALSE;
	gint64 least = G_MAXINT64, most = 0;
	for (guint i = 0; i < moments->len; i++) {
		gint64 id = g_array_index(moments, struct lookup_moment, i).id;
		least = MIN(least, id);
		most = MAX(most, id);
	}
	if (each)
		sqlite3_bind_text(ask, 1, rows, -1, SQLITE_STATIC);
	sqlite3_bind_text(ask, each ? 2 : 1, match->fts, -1, SQLITE_STATIC);
	if (!each) {
		sqlite3_bind_int64(ask, 2, least);
		sqlite3_bind_int64(ask, 3, most);
	}
	return keep_rows(s, ask, moments, error);
}

static gboolean keep_fields(store *s, const struct lookup_match *match, GArray *moments, GError **error)
{
	g_autofree char *sql = g_strdup_printf("SELECT r.id FROM json_each(?1) j CROSS JOIN record r ON r.id = j.value "
					       "WHERE %s",
					       match->where);
	g_autofree char *rows = rows_json(moments);
	sqlite3_stmt *ask = store_prepare(s, sql, error);
	if (!ask)
		return FALSE;
	sqlite3_bind_text(ask, 1, rows, -1, SQLITE_STATIC);
	lookup_match_bind(match, ask, 2);
	return keep_rows(s, ask, moments, error);
}

static gboolean keep_matches(store *s, const struct lookup_match *match, GArray *moments, GError **error)
{
	return (!match->where || !moments->len || keep_fields(s, match, moments, error)) &&
	       (!match->fts || !moments->len || keep_words(s, match, moments, error));
}

/* ---- a page of hits ---- */

static void hit_free(gpointer data)
{
	lookup_hit_clear(data);
	g_free(data);
}

static struct lookup_page *page_new(void)
{
	struct lookup_page *page = g_new0(struct lookup_page, 1);
	page->hits = g_ptr_array_new_with_free_func(hit_free);
	page->end = TRUE;
	return page;
}

void lookup_page_free(struct lookup_page *page)
{
	if (!page)
		return;
	g_ptr_array_unref(page->hits);
	g_clear_pointer(&page->notes, g_ptr_array_unref);
	g_free(page);
}

/* A record that went meanwhile is left out. */
static gboolean add_hit(store *s, text_analyser *analyser, const struct lookup_match *match, gint64 id, GPtrArray *hits,
			GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, lookup_hit_columns, error);
	if (!ask)
		return FALSE;
	sqlite3_bind_int64(ask, 1, id);
	int row = store_row(s, ask, error);
	if (row == 1) {
		struct lookup_hit *hit = g_new0(struct lookup_hit, 1);
		const char *own = (const char *)sqlite3_column_text(ask, OWN_COLUMN),
			   *whole = (const char *)sqlite3_column_text(ask, OWN_COLUMN + 1);
		lookup_hit_read(ask, hit);
		hit->marks = g_array_new(FALSE, FALSE, sizeof(struct lookup_mark));
		hit->snippet = lookup_snippet(analyser, match, own ? own : "", SNIPPET, hit->marks);
		if (!hit->marks->len && whole && (!*hit->snippet || match->leaves->len)) {
			g_autofree char *other = lookup_snippet(analyser, match, whole, SNIPPET, hit->marks);
			if (hit->marks->len || !*hit->snippet) {
				g_free(hit->snippet);
				hit->snippet = g_steal_pointer(&other);
			}
		}
		g_ptr_array_add(hits, hit);
		sqlite3_reset(ask);
		hit->customers = lookup_customers_of(s, id, error);
		return hit->customers != NULL;
	}
	return row == 0;
}

/* The first moment after the place; all are newest first. */
static guint begin_of(const GArray *moments, struct lookup_place after)
{
	struct lookup_moment place = {.id = after.id, .occurred = after.occurred};
	guint low = 0, high = moments->len;
	while (low < high) {
		guint middle = (low + high) / 2;
		if (by_time(&g_array_index(moments, struct lookup_moment, middle), &place) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return after.id ? low : 0;
}

static gboolean fill(store *s, text_analyser *analyser, const struct lookup_match *match, const GArray *moments,
		     struct lookup_place after, guint limit, struct lookup_page *page, GError **error)
{
	guint begin = begin_of(moments, after);
	guint end = begin + MIN(limit, moments->len - begin);
	for (guint i = begin; i < end; i++)
		if (!add_hit(s, analyser, match, g_array_index(moments, struct lookup_moment, i).id, page->hits, error))
			return FALSE;
	page->total = moments->len;
	page->end = end == moments->len;
	if (end > begin) {
		const struct lookup_moment *last = &g_array_index(moments, struct lookup_moment, end - 1);
		page->next = (struct lookup_place){.occurred = last->occurred, .id = last->id};
	}
	return TRUE;
}

struct lookup_page *lookup_timeline(store *s, text_analyser *analyser, const struct lookup_timeline_request *request,
				    GError **error)
{
	g_autoptr(lookup_query) query = lookup_query_read(request->typed ? request->typed : "", request->now);
	g_autoptr(GArray) moments = filtered(s, request, error);
	if (!moments)
		return NULL;
	g_autoptr(lookup_match) match =
		lookup_match_new(s, analyser, request->who, query, MAX(request->moments->len, 1), FALSE);
	g_autoptr(lookup_page) page = page_new();
	page->notes = g_ptr_array_ref(query->notes);
	page->more = request->moments->len >= LOOKUP_MOMENTS;
	if (!keep_matches(s, match, moments, error) ||
	    !fill(s, analyser, match, moments, request->after, request->limit, page, error))
		return NULL;
	return g_steal_pointer(&page);
}

/* ---- one conversation ---- */

/* Records of the same source and thread; ?1 is the row. */
#define THREAD_OF                                                                                                      \
	" FROM record t CROSS JOIN record r ON r.source_id = t.source_id AND r.thread = t.thread WHERE t.id = ?1"

gboolean lookup_thread_size(store *s, gint64 record, guint most, gint64 *size, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT count(*) FROM (SELECT 1" THREAD_OF " LIMIT ?2)", error);
	if (!ask)
		return FALSE;
	sqlite3_bind_int64(ask, 1, record);
	sqlite3_bind_int64(ask, 2, most);
	int row = store_row(s, ask, error);
	*size = row == 1 ? MAX(sqlite3_column_int64(ask, 0), 1) : 1;
	sqlite3_reset(ask);
	return row >= 0;
}

static gboolean read_rows(store *s, sqlite3_stmt *ask, GArray *rows, GError **error)
{
	int row;
	while ((row = store_row(s, ask, error)) == 1) {
		struct lookup_place one = {.occurred = sqlite3_column_int64(ask, 1),
					   .id = sqlite3_column_int64(ask, 0)};
		g_array_append_val(rows, one);
	}
	return row == 0;
}

/* The conversation from a place on, in one row more than `limit` if there is more; alone: the record itself. */
static GArray *thread_rows(store *s, gint64 record, struct lookup_place after, guint limit, GError **error)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct lookup_place));
	sqlite3_stmt *ask = store_prepare(s,
					  "SELECT r.id, r.occurred" THREAD_OF
					  " AND (r.occurred, r.id) > (?2, ?3) ORDER BY r.occurred, r.id LIMIT ?4",
					  error);
	if (!ask)
		return NULL;
	sqlite3_bind_int64(ask, 1, record);
	sqlite3_bind_int64(ask, 2, after.id ? after.occurred : G_MININT64);
	sqlite3_bind_int64(ask, 3, after.id);
	sqlite3_bind_int64(ask, 4, (gint64)limit + 1);
	if (!read_rows(s, ask, rows, error))
		return NULL;
	if (rows->len == 0 && !after.id) {
		ask = store_prepare(s, "SELECT id, occurred FROM record WHERE id = ?", error);
		if (!ask)
			return NULL;
		sqlite3_bind_int64(ask, 1, record);
		if (!read_rows(s, ask, rows, error))
			return NULL;
	}
	return g_steal_pointer(&rows);
}

struct lookup_page *lookup_thread(store *s, text_analyser *analyser, gint64 record, struct lookup_place after,
				  guint limit, GError **error)
{
	g_autoptr(lookup_query) nothing = lookup_query_read("", 0);
	g_autoptr(GArray) rows = thread_rows(s, record, after, limit, error);
	g_autoptr(lookup_page) page = page_new();
	if (!rows)
		return NULL;
	if (!rows->len && !after.id) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_ABSENT, "there is no record %" G_GINT64_FORMAT, record);
		return NULL;
	}
	g_autoptr(lookup_match) match = lookup_match_new(s, analyser, NULL, nothing, 1, FALSE);
	page->end = rows->len <= limit;
	for (guint i = 0; i < MIN(rows->len, limit); i++) {
		page->next = g_array_index(rows, struct lookup_place, i);
		if (!add_hit(s, analyser, match, page->next.id, page->hits, error))
			return NULL;
	}
	return lookup_thread_size(s, record, LOOKUP_MOMENTS, &page->total, error) ? g_steal_pointer(&page) : NULL;
}
