/* find: one pass over the records that match. It keeps the best hit of each conversation, and counts the facets. */
#include "lookup/internal.h"
#include "lookup/match.h"

#include <string.h>

enum { SNIPPET_WIDTH = 220, TEXT_COLUMN = 9 };

struct candidate {
	gint64 id;
	gint64 occurred;
	double score;
	guint more; /* other matches of its conversation */
};

struct finding {
	GArray *candidates;        /* struct candidate, the best of each conversation */
	GHashTable *conversations; /* "source/thread" -> index in candidates, plus one */
	GHashTable *sources, *kinds, *years; /* key -> count */
	gint64 total;
};

/* ---- the pass ---- */

static void count_one(GHashTable *counts, gint64 key)
{
	gpointer name = GINT_TO_POINTER((int)key);
	g_hash_table_insert(counts, name, GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(counts, name)) + 1));
}

static int year_of(gint64 seconds)
{
	g_autoptr(GDateTime) time = seconds ? g_date_time_new_from_unix_local(seconds) : NULL;
	return time ? g_date_time_get_year(time) : 0;
}

/* Better: higher score, then newer, then the later row. */
static int by_merit(gconstpointer a, gconstpointer b)
{
	const struct candidate *x = a, *y = b;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	if (x->occurred != y->occurred)
		return x->occurred < y->occurred ? 1 : -1;
	return x->id < y->id ? 1 : x->id > y->id ? -1 : 0;
}

static void take(struct finding *f, struct candidate c, gint64 source, const char *thread)
{
	if (!thread) {
		g_array_append_val(f->candidates, c);
		return;
	}
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT "/%s", source, thread);
	guint index = GPOINTER_TO_UINT(g_hash_table_lookup(f->conversations, key));
	if (!index) {
		g_array_append_val(f->candidates, c);
		g_hash_table_insert(f->conversations, g_steal_pointer(&key), GUINT_TO_POINTER(f->candidates->len));
		return;
	}
	struct candidate *best = &g_array_index(f->candidates, struct candidate, index - 1);
	c.more = best->more + 1;
	best->more++;
	if (by_merit(&c, best) < 0)
		*best = c;
}

/* The weights are bm25's for title, text, quoted text and people. */
static char *statement_of(const struct lookup_match *match)
{
	const char *where = match->where ? match->where : "1";
	if (match->fts)
		return g_strdup_printf("SELECT r.id, r.source_id, r.kind, r.occurred, r.thread, "
				       "-bm25(record_fts, 4.0, 1.0, 0.2, 2.0) FROM record_fts f JOIN record r ON r.id = f.rowid "
				       "WHERE record_fts MATCH ? AND %s",
				       where);
	return g_strdup_printf("SELECT r.id, r.source_id, r.kind, r.occurred, r.thread, 0.0 FROM record r WHERE %s", where);
}

static gboolean walk(store *s, const struct lookup_match *match, struct finding *f, GError **error)
{
	g_autofree char *sql = statement_of(match);
	sqlite3_stmt *st = store_prepare(s, sql, error);
	if (!st)
		return FALSE;
	if (match->fts)
		sqlite3_bind_text(st, 1, match->fts, -1, SQLITE_STATIC);
	lookup_match_bind(match, st, match->fts ? 2 : 1);
	int code;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		gint64 source = sqlite3_column_int64(st, 1);
		struct candidate c = {sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 3), sqlite3_column_double(st, 5), 0};
		f->total++;
		count_one(f->sources, source);
		count_one(f->kinds, sqlite3_column_int64(st, 2));
		count_one(f->years, year_of(c.occurred));
		take(f, c, source, (const char *)sqlite3_column_text(st, 4));
	}
	if (code != SQLITE_DONE)
		g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "find: %s", sqlite3_errmsg(store_sqlite(s)));
	sqlite3_reset(st);
	return code == SQLITE_DONE;
}

/* ---- hits ---- */

static char *column(sqlite3_stmt *st, int i)
{
	return g_strdup((const char *)sqlite3_column_text(st, i));
}

void lookup_hit_read(sqlite3_stmt *st, struct lookup_hit *hit)
{
	hit->id = sqlite3_column_int64(st, 0);
	hit->source = column(st, 1);
	hit->external_id = column(st, 2);
	hit->kind = lookup_kind_name(sqlite3_column_int(st, 3));
	hit->title = column(st, 4);
	hit->url = column(st, 5);
	hit->thread = column(st, 6);
	hit->occurred = sqlite3_column_int64(st, 7);
	hit->from = column(st, 8);
}

const char lookup_hit_columns[] =
	"SELECT r.id, s.name, r.external_id, r.kind, r.title, r.url, r.thread, r.occurred,"
	" (SELECT coalesce(p.name, p.address) FROM party p WHERE p.record_id = r.id AND p.role IN"
	"  ('from', 'author', 'reporter', 'owner') ORDER BY p.n LIMIT 1), r.text"
	" FROM record r JOIN source s ON s.id = r.source_id WHERE r.id = ?";

static gboolean add_hit(store *s, text_analyser *analyser, const struct lookup_wanted *wanted, const struct candidate *c,
			GPtrArray *hits, GError **error)
{
	sqlite3_stmt *st = store_prepare(s, lookup_hit_columns, error);
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, c->id);
	if (sqlite3_step(st) == SQLITE_ROW) {
		struct lookup_hit *hit = g_new0(struct lookup_hit, 1);
		lookup_hit_read(st, hit);
		hit->score = c->score;
		hit->more = c->more;
		hit->marks = g_array_new(FALSE, FALSE, sizeof(struct lookup_mark));
		const char *text = (const char *)sqlite3_column_text(st, TEXT_COLUMN);
		hit->snippet = lookup_snippet(analyser, wanted, text ? text : "", SNIPPET_WIDTH, hit->marks);
		g_ptr_array_add(hits, hit);
	}
	sqlite3_reset(st);
	return TRUE;
}

void lookup_hit_clear(struct lookup_hit *hit)
{
	g_free(hit->source);
	g_free(hit->external_id);
	g_free(hit->title);
	g_free(hit->url);
	g_free(hit->thread);
	g_free(hit->snippet);
	g_free(hit->from);
	if (hit->marks)
		g_array_unref(hit->marks);
}

static void hit_free(gpointer data)
{
	lookup_hit_clear(data);
	g_free(data);
}

/* ---- facets ---- */

static void count_free(gpointer data)
{
	struct lookup_count *count = data;
	g_free(count->value);
	g_free(count);
}

static int by_count(gconstpointer a, gconstpointer b)
{
	const struct lookup_count *x = *(const struct lookup_count *const *)a, *y = *(const struct lookup_count *const *)b;
	return x->count < y->count ? 1 : x->count > y->count ? -1 : strcmp(x->value, y->value);
}

static int by_value_down(gconstpointer a, gconstpointer b)
{
	const struct lookup_count *x = *(const struct lookup_count *const *)a, *y = *(const struct lookup_count *const *)b;
	return strcmp(y->value, x->value);
}

typedef char *(*name_fn)(store *s, int key);

static char *source_name(store *s, int key)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT name FROM source WHERE id = ?", NULL);
	char *name = NULL;
	if (!st)
		return NULL;
	sqlite3_bind_int(st, 1, key);
	if (sqlite3_step(st) == SQLITE_ROW)
		name = column(st, 0);
	sqlite3_reset(st);
	return name;
}

static char *kind_name(store *s, int key)
{
	(void)s;
	return g_strdup(lookup_kind_name(key));
}

static char *year_name(store *s, int key)
{
	(void)s;
	return key ? g_strdup_printf("%04d", key) : NULL; /* no date: in no year */
}

static GPtrArray *facet(store *s, GHashTable *counts, name_fn name_of, GCompareFunc order)
{
	GPtrArray *facet = g_ptr_array_new_with_free_func(count_free);
	GHashTableIter iter;
	gpointer key, value;
	for (g_hash_table_iter_init(&iter, counts); g_hash_table_iter_next(&iter, &key, &value);) {
		char *name = name_of(s, GPOINTER_TO_INT(key));
		if (!name)
			continue;
		struct lookup_count *count = g_new0(struct lookup_count, 1);
		count->value = name;
		count->count = GPOINTER_TO_UINT(value);
		g_ptr_array_add(facet, count);
	}
	g_ptr_array_sort(facet, order);
	return facet;
}

/* ---- the answer ---- */

/* Tells of fields whose value cannot match anything, with what could. */
static void note_fields(store *s, const struct lookup_node *node, GPtrArray *notes)
{
	for (guint i = 0; node->children && i < node->children->len; i++)
		note_fields(s, node->children->pdata[i], notes);
	if (node->kind != LOOKUP_FIELD)
		return;
	if (node->field == LOOKUP_KIND && !lookup_kind_of(node->text))
		g_ptr_array_add(notes, g_strdup_printf("kind:%s is no kind: account, person, message, ticket, comment, note, document, "
						       "deal, event", node->text));
	if (node->field == LOOKUP_TEAM)
		g_ptr_array_add(notes, g_strdup_printf("team:%s was left out: records do not belong to teams", node->text));
	if (node->field == LOOKUP_CUSTOMER)
		g_ptr_array_add(notes, g_strdup_printf("customer:%s was searched as words", node->text));
	if (node->field == LOOKUP_SOURCE) {
		g_autoptr(GError) absent = NULL;
		struct store_source *source = store_source_get(s, node->text, &absent);
		if (!source)
			g_ptr_array_add(notes, g_strdup_printf("source:%s is no source that has records", node->text));
		store_source_free(source);
	}
}

static void finding_init(struct finding *f)
{
	f->candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate));
	f->conversations = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->sources = g_hash_table_new(NULL, NULL);
	f->kinds = g_hash_table_new(NULL, NULL);
	f->years = g_hash_table_new(NULL, NULL);
}

static void finding_clear(struct finding *f)
{
	g_array_unref(f->candidates);
	g_hash_table_unref(f->conversations);
	g_hash_table_unref(f->sources);
	g_hash_table_unref(f->kinds);
	g_hash_table_unref(f->years);
}

static gboolean answer_fill(store *s, text_analyser *analyser, const struct lookup_request *request, const struct lookup_query *query,
			    struct finding *f, struct lookup_answer *answer, GError **error)
{
	g_autoptr(lookup_match) match = lookup_match_new(analyser, query);
	if (!walk(s, match, f, error))
		return FALSE;
	answer->total = f->total;
	g_array_sort(f->candidates, by_merit);
	g_autoptr(lookup_wanted) wanted = lookup_wanted_new(analyser, query);
	for (guint i = request->offset; i < f->candidates->len && i - request->offset < request->limit; i++)
		if (!add_hit(s, analyser, wanted, &g_array_index(f->candidates, struct candidate, i), answer->hits, error))
			return FALSE;
	answer->sources = facet(s, f->sources, source_name, by_count);
	answer->kinds = facet(s, f->kinds, kind_name, by_count);
	answer->years = facet(s, f->years, year_name, by_value_down);
	return TRUE;
}

struct lookup_answer *lookup_find(store *s, text_analyser *analyser, const struct lookup_request *request, GError **error)
{
	g_autoptr(lookup_query) query = lookup_query_read(request->typed, request->now);
	g_autoptr(lookup_answer) answer = g_new0(struct lookup_answer, 1);
	answer->query = lookup_query_words(query);
	answer->notes = g_ptr_array_ref(query->notes);
	answer->hits = g_ptr_array_new_with_free_func(hit_free);
	note_fields(s, query->root, answer->notes);
	struct finding f = {0};
	finding_init(&f);
	gboolean good = answer_fill(s, analyser, request, query, &f, answer, error);
	finding_clear(&f);
	return good ? g_steal_pointer(&answer) : NULL;
}

void lookup_answer_free(struct lookup_answer *answer)
{
	if (!answer)
		return;
	g_free(answer->query);
	g_ptr_array_unref(answer->notes);
	g_ptr_array_unref(answer->hits);
	g_clear_pointer(&answer->sources, g_ptr_array_unref);
	g_clear_pointer(&answer->kinds, g_ptr_array_unref);
	g_clear_pointer(&answer->years, g_ptr_array_unref);
	g_free(answer);
}
