/* find: a bounded walk over the records that match.
 *
 * Ranking visits every match, and a common word has hundreds of thousands. So the walk goes from the newest record back
 * and ends after LIMIT matches. Where it ended early, a second walk takes matches that have a wanted word in the title,
 * which is where the best hits of common words are. With a filter the walk may visit many that it does not take: it
 * visits about VISITS, and the older rest only if it took fewer than ENOUGH. Facets are of the first walk; the total is
 * counted up to COUNTED; the answer says when there is more. */
#include "lookup/about.h"
#include "lookup/internal.h"
#include "lookup/match.h"

#include <stdlib.h>
#include <string.h>

enum {
	SNIPPET_WIDTH = 220,
	OWN_COLUMN = 9,
	LIMIT = 1500,
	TITLE_LIMIT = 500,
	VISITS = 8000,
	ENOUGH = 100,
	COUNTED = 10000,
	THREAD_LIMIT = 1000,
	MAX_NAME_WORDS = 6,
	FIRST_YEAR = 1970,
	LAST_YEAR = 2100
};

struct candidate {
	gint64 id, occurred;
	double score;
};

/* What is known before the walk. */
struct basis {
	gint64 records, newest, now; /* newest: the largest row */
	double average;              /* size of a record */
};

struct finding {
	GArray *candidates;  /* struct candidate; of the first walk, then those of the second */
	GArray *ids;         /* of the first walk, ascending */
	guint walked;        /* those of the first walk */
	GHashTable *sources; /* id -> count */
	guint kinds[16];
	guint years[LAST_YEAR - FIRST_YEAR];
	gboolean more;
};

/* ---- years, where the daemon stands ---- */

static const gint64 *year_begins(void)
{
	static gint64 begins[LAST_YEAR - FIRST_YEAR + 1];
	static gsize done;
	if (g_once_init_enter(&done)) {
		for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
			g_autoptr(GDateTime) begin = g_date_time_new_local(year, 1, 1, 0, 0, 0);
			begins[year - FIRST_YEAR] = g_date_time_to_unix(begin);
		}
		g_once_init_leave(&done, 1);
	}
	return begins;
}

static void count_year(struct finding *f, gint64 seconds)
{
	const gint64 *begins = year_begins();
	int guess = (int)(seconds / 31556952); /* of a year's seconds: right, but for the turn of the year */
	if (!seconds || guess < 0 || guess >= LAST_YEAR - FIRST_YEAR)
		return;
	if (seconds < begins[guess])
		guess--;
	else if (seconds >= begins[guess + 1])
		guess++;
	if (guess >= 0 && guess < LAST_YEAR - FIRST_YEAR)
		f->years[guess]++;
}

/* ---- the walk ---- */

static void count_record(struct finding *f, gint64 source, int kind, gint64 occurred)
{
	gpointer key = GINT_TO_POINTER((int)source);
	g_hash_table_insert(f->sources, key,
			    GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(f->sources, key)) + 1));
	f->kinds[(guint)kind % G_N_ELEMENTS(f->kinds)]++;
	count_year(f, occurred);
}

/* ?1: the expression, ?2: the plan, ?3 and ?4: between which rows; the condition's values are numbered from 5 on. */
static char *statement_of(const struct lookup_match *match, guint limit)
{
	const char *where = match->where ? match->where : "1";
	if (match->fts)
		return g_strdup_printf(
			"SELECT r.id, r.source_id, r.kind, r.occurred, meri_rank(record_fts, ?2, r.size, r.occurred, "
			"r.kind) "
			"FROM record_fts f CROSS JOIN record_brief r ON r.id = f.rowid "
			"WHERE record_fts MATCH ?1 AND f.rowid BETWEEN ?3 AND ?4 AND %s ORDER BY f.rowid DESC LIMIT %u",
			where, limit);
	return g_strdup_printf("SELECT r.id, r.source_id, r.kind, r.occurred, 0.0, ?1, ?2, ?3, ?4 FROM record r WHERE "
			       "%s ORDER BY r.occurred DESC, r.id DESC LIMIT %u",
			       where, limit);
}

struct stretch {
	gint64 from, to;
};

static gboolean walk(store *s, const struct lookup_match *match, const char *fts, struct stretch rows, guint limit,
		     struct finding *f, GError **error)
{
	g_autofree char *sql = statement_of(match, limit);
	sqlite3_stmt *st = store_prepare(s, sql, error);
	if (!st)
		return FALSE;
	sqlite3_bind_text(st, 1, fts, -1, SQLITE_STATIC);
	lookup_rank_bind(st, 2, &match->plan);
	sqlite3_bind_int64(st, 3, rows.from);
	sqlite3_bind_int64(st, 4, rows.to);
	lookup_match_bind(match, st, 5);
	gboolean counts = fts == match->fts;
	int code;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		struct candidate c = {sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 3),
				      sqlite3_column_double(st, 4)};
		g_array_append_val(f->candidates, c);
		f->walked += counts;
		if (counts)
			count_record(f, sqlite3_column_int64(st, 1), sqlite3_column_int(st, 2), c.occurred);
	}
	if (code != SQLITE_DONE)
		g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "find: %s", sqlite3_errmsg(store_sqlite(s)));
	sqlite3_reset(st);
	return code == SQLITE_DONE;
}

/* The row from which on there are about as many records with the rarest of the words as may be visited, if there are
 * many more. A beginning is gathered whole, wherever the walk begins. */
static gint64 newest_begin(const struct lookup_match *match, gint64 newest)
{
	gint64 visits = match->where ? VISITS : 3 * VISITS;
	gint64 documents = match->leaves->len ? G_MAXINT64 : 0;
	for (guint i = 0; i < match->leaves->len; i++)
		documents = MIN(documents, g_array_index(match->leaves, struct lookup_leaf, i).documents);
	if (documents <= 2 * visits || match->prefix)
		return 1;
	return newest - (gint64)((double)newest * (double)visits / (double)documents);
}

/* Of one word, which is the usual question; to count what several have in common takes as long as to find it. */
static gboolean count_matches(store *s, const struct lookup_match *match, struct lookup_answer *answer, GError **error)
{
	if (g_array_index(match->leaves, struct lookup_leaf, 0).documents > 2 * COUNTED) {
		answer->total = COUNTED;
		return TRUE;
	}
	sqlite3_stmt *st = store_prepare(
		s, "SELECT count(*) FROM (SELECT 1 FROM record_fts WHERE record_fts MATCH ? LIMIT ?)", error);
	if (!st)
		return FALSE;
	sqlite3_bind_text(st, 1, match->fts, -1, SQLITE_STATIC);
	sqlite3_bind_int(st, 2, COUNTED + 1);
	gint64 n = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	sqlite3_reset(st);
	answer->total = MAX(answer->total, MIN(n, COUNTED));
	answer->more = n > COUNTED;
	return TRUE;
}

/* One more, as if it had been met in the walk. */
static gboolean add_record(store *s, gint64 id, double score, struct finding *f, GError **error)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT source_id, kind, occurred FROM record WHERE id = ?", error);
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, id);
	if (sqlite3_step(st) == SQLITE_ROW) {
		struct candidate c = {id, sqlite3_column_int64(st, 2), score};
		count_record(f, sqlite3_column_int64(st, 0), sqlite3_column_int(st, 1), c.occurred);
		g_array_insert_val(f->candidates, 0, c);
		f->walked++;
	}
	sqlite3_reset(st);
	return TRUE;
}

static gboolean walk_all(store *s, struct lookup_match *match, const struct basis *basis, gboolean full,
			 struct finding *f, GError **error)
{
	match->plan.average = basis->average;
	match->plan.now = basis->now;
	guint limit = full ? G_MAXINT : LIMIT;
	gint64 begin = full || !match->fts ? 1 : newest_begin(match, basis->newest);
	struct stretch newer = {begin, G_MAXINT64}, older = {0, begin - 1};
	if (!walk(s, match, match->fts, newer, limit, f, error))
		return FALSE;
	f->more = f->walked == limit || (begin > 1 && f->walked >= ENOUGH);
	if (begin > 1 && f->walked < ENOUGH)
		return walk(s, match, match->fts, older, limit, f, error);
	return !f->more || !match->in_title || walk(s, match, match->in_title, newer, TITLE_LIMIT, f, error);
}

/* ---- the best, one of each conversation ---- */

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

static int by_id(gconstpointer a, gconstpointer b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
	return x < y ? -1 : x > y;
}

static void keep_ids(struct finding *f)
{
	for (guint i = f->walked; i > 0; i--)
		g_array_append_val(f->ids, g_array_index(f->candidates, struct candidate, i - 1).id);
	g_array_sort(f->ids, by_id);
}

/* Where the record stands in a conversation: its key, or its own number where there is none. NULL on error. */
static char *conversation_of(store *s, gint64 id, gint64 *source, char **thread)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT source_id, thread FROM record WHERE id = ?", NULL);
	if (!st)
		return NULL;
	sqlite3_bind_int64(st, 1, id);
	*source = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	*thread = g_strdup((const char *)sqlite3_column_text(st, 1));
	sqlite3_reset(st);
	return *thread ? g_strdup_printf("%" G_GINT64_FORMAT "/%s", *source, *thread)
		       : g_strdup_printf("%" G_GINT64_FORMAT, id);
}

/* How many others of the conversation were met in the first walk. */
static guint more_of(store *s, const struct finding *f, gint64 source, const char *thread, gint64 but)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT id FROM record WHERE source_id = ? AND thread = ? LIMIT ?", NULL);
	guint more = 0;
	if (!st || !thread)
		return 0;
	sqlite3_bind_int64(st, 1, source);
	sqlite3_bind_text(st, 2, thread, -1, SQLITE_STATIC);
	sqlite3_bind_int(st, 3, THREAD_LIMIT);
	while (sqlite3_step(st) == SQLITE_ROW) {
		gint64 id = sqlite3_column_int64(st, 0);
		more += id != but && bsearch(&id, f->ids->data, f->ids->len, sizeof id, by_id) != NULL;
	}
	sqlite3_reset(st);
	return more;
}

/* ---- hits ---- */

void lookup_hit_read(sqlite3_stmt *st, struct lookup_hit *hit)
{
	hit->id = sqlite3_column_int64(st, 0);
	hit->source = store_column(st, 1);
	hit->external_id = store_column(st, 2);
	hit->kind = lookup_kind_name(sqlite3_column_int(st, 3));
	hit->title = store_column(st, 4);
	hit->url = store_column(st, 5);
	hit->thread = store_column(st, 6);
	hit->occurred = sqlite3_column_int64(st, 7);
	hit->from = store_column(st, 8);
}

const char lookup_hit_columns[] =
	"SELECT r.id, s.name, r.external_id, r.kind, r.title, r.url, r.thread, r.occurred,"
	" (SELECT coalesce(p.name, p.address) FROM party p WHERE p.record_id = r.id AND p.role IN"
	"  ('from', 'author', 'reporter', 'owner') ORDER BY p.n LIMIT 1), meri_own(r.text, r.quoted), r.text"
	" FROM record r JOIN source s ON s.id = r.source_id WHERE r.id = ?";

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
	if (hit->title_marks)
		g_array_unref(hit->title_marks);
	if (hit->customers)
		g_ptr_array_unref(hit->customers);
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
	g_free(count->name);
	g_free(count);
}

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

static gboolean count_sources(store *s, const struct finding *f, GPtrArray *facet, GError **error)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT id, name FROM source", error);
	if (!st)
		return FALSE;
	while (sqlite3_step(st) == SQLITE_ROW) {
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(f->sources, GINT_TO_POINTER(sqlite3_column_int(st, 0))));
		if (n)
			add_count(facet, store_column(st, 1), n);
	}
	sqlite3_reset(st);
	g_ptr_array_sort(facet, by_count);
	return TRUE;
}

static gboolean facets_fill(store *s, const struct finding *f, struct lookup_answer *answer, GError **error)
{
	for (guint kind = 0; kind < G_N_ELEMENTS(f->kinds); kind++)
		if (f->kinds[kind])
			add_count(answer->kinds, g_strdup(lookup_kind_name((int)kind)), f->kinds[kind]);
	for (int year = LAST_YEAR - FIRST_YEAR - 1; year >= 0; year--)
		if (f->years[year])
			add_count(answer->years, g_strdup_printf("%d", FIRST_YEAR + year), f->years[year]);
	g_ptr_array_sort(answer->kinds, by_count);
	return count_sources(s, f, answer->sources, error);
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
		g_ptr_array_add(
			notes, g_strdup_printf(
				       "kind:%s is no kind: account, person, message, ticket, comment, note, document, "
				       "deal, event",
				       node->text));
	if (node->field == LOOKUP_TEAM)
		g_ptr_array_add(notes,
				g_strdup_printf("team:%s was left out: records do not belong to teams", node->text));
	if (node->field == LOOKUP_SOURCE) {
		g_autoptr(GError) absent = NULL;
		struct store_source *source = store_source_get(s, node->text, &absent);
		if (!source)
			g_ptr_array_add(notes, g_strdup_printf("source:%s is no source that has records", node->text));
		store_source_free(source);
	}
}

/* The best passage of what the writer wrote; of what is quoted there only if the words stand nowhere else. */
static void passage_read(sqlite3_stmt *st, text_analyser *analyser, const struct lookup_match *match,
			 struct lookup_hit *hit)
{
	const char *own = (const char *)sqlite3_column_text(st, OWN_COLUMN);
	const char *whole = (const char *)sqlite3_column_text(st, OWN_COLUMN + 1);
	hit->snippet = lookup_snippet(analyser, match, own ? own : "", SNIPPET_WIDTH, hit->marks);
	if (hit->marks->len || !whole || !g_strcmp0(own, whole))
		return;
	g_autofree char *other = lookup_snippet(analyser, match, whole, SNIPPET_WIDTH, hit->marks);
	if (hit->marks->len || !*hit->snippet) {
		g_free(hit->snippet);
		hit->snippet = g_steal_pointer(&other);
	}
}

static gboolean add_hit(store *s, text_analyser *analyser, const struct lookup_match *match, const struct candidate *c,
			guint more, GPtrArray *hits, GError **error)
{
	sqlite3_stmt *st = store_prepare(s, lookup_hit_columns, error);
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, c->id);
	if (sqlite3_step(st) == SQLITE_ROW) {
		struct lookup_hit *hit = g_new0(struct lookup_hit, 1);
		lookup_hit_read(st, hit);
		hit->score = c->score;
		hit->more = more;
		hit->marks = g_array_new(FALSE, FALSE, sizeof(struct lookup_mark));
		passage_read(st, analyser, match, hit);
		hit->customers = lookup_customers_of(s, c->id, error);
		g_ptr_array_add(hits, hit);
	}
	sqlite3_reset(st);
	return !hits->len || ((const struct lookup_hit *)hits->pdata[hits->len - 1])->customers;
}

/* How many records there are and how long one is, as far as the index knows. */
static gboolean measure_store(store *s, struct basis *basis, GError **error)
{
	sqlite3_stmt *st = store_prepare(s, "SELECT sum(records), (SELECT max(id) FROM record) FROM source", error);
	if (!st)
		return FALSE;
	gboolean there = sqlite3_step(st) == SQLITE_ROW;
	basis->records = there ? sqlite3_column_int64(st, 0) : 0;
	basis->newest = there ? sqlite3_column_int64(st, 1) : 0;
	sqlite3_reset(st);
	st = store_prepare(
		s,
		"SELECT avg(size) FROM (SELECT size FROM record_brief ORDER BY id DESC LIMIT 500)",
		error);
	if (!st)
		return FALSE;
	basis->average = sqlite3_step(st) == SQLITE_ROW ? MAX(sqlite3_column_double(st, 0), 1) : 1;
	sqlite3_reset(st);
	return TRUE;
}

/* Takes the candidates in order, one of each conversation, until those are found that were asked for. */
static gboolean hits_fill(store *s, text_analyser *analyser, const struct lookup_request *request,
			  const struct lookup_match *match, const struct finding *f, GPtrArray *hits, GError **error)
{
	g_autoptr(GArray) best = g_array_copy(f->candidates);
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (match->fts)
		g_array_sort(best, by_merit);
	for (guint i = 0; i < best->len && hits->len < request->limit; i++) {
		const struct candidate *c = &g_array_index(best, struct candidate, i);
		gint64 source;
		g_autofree char *thread = NULL;
		char *conversation = conversation_of(s, c->id, &source, &thread);
		if (!conversation || !g_hash_table_add(seen, conversation) ||
		    g_hash_table_size(seen) <= request->offset)
			continue;
		if (!add_hit(s, analyser, match, c, more_of(s, f, source, thread, c->id), hits, error))
			return FALSE;
	}
	return TRUE;
}

/* What of the query may be a name or a key: its words, if it is nothing but words; else NULL. */
static char *words_alone(const struct lookup_query *query)
{
	g_autoptr(GString) words = g_string_new(NULL);
	for (guint i = 0; i < query->root->children->len; i++) {
		const struct lookup_node *node = query->root->children->pdata[i];
		if (node->kind != LOOKUP_WORD || i >= MAX_NAME_WORDS)
			return NULL;
		g_string_append_printf(words, "%s%s", i ? " " : "", node->text);
	}
	return words->len ? g_string_free(g_steal_pointer(&words), FALSE) : NULL;
}

/* The records of accounts and persons that the query names stand first. One that does not hold the words (a number
 * written in another way) is a hit all the same if there is no other, or if it was a key. */
static gboolean put_named_first(store *s, const identity *who, const struct lookup_query *query, struct finding *f,
				GError **error)
{
	g_autofree char *text = who ? words_alone(query) : NULL;
	if (!text)
		return TRUE;
	gboolean key;
	g_autoptr(GArray) named = lookup_records_named(s, who, text, &key);
	double best = 0;
	for (guint i = 0; i < f->candidates->len; i++)
		best = MAX(best, g_array_index(f->candidates, struct candidate, i).score);
	gboolean adds = key || f->candidates->len == 0;
	for (guint i = 0; i < named->len; i++) {
		gint64 id = g_array_index(named, gint64, i);
		double score = best + (double)(named->len - i) / 100;
		gboolean there = FALSE;
		for (guint k = 0; k < f->candidates->len; k++) {
			struct candidate *c = &g_array_index(f->candidates, struct candidate, k);
			if (c->id == id)
				c->score = score, there = TRUE;
		}
		if (!there && adds && !add_record(s, id, score, f, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean answer_fill(store *s, text_analyser *analyser, const struct lookup_request *request,
			    const struct lookup_query *query, struct finding *f, struct lookup_answer *answer,
			    GError **error)
{
	struct basis basis = {.now = request->now};
	if (!measure_store(s, &basis, error))
		return FALSE;
	guint notes = query->notes->len;
	g_autoptr(lookup_match) match = lookup_match_new(s, analyser, request->who, query, basis.records, FALSE);
	if (!walk_all(s, match, &basis, request->full, f, error) || !put_named_first(s, request->who, query, f, error))
		return FALSE;
	if (f->walked == 0 && match->leaves->len > 1) {
		g_ptr_array_set_size(query->notes, (gint)notes);
		lookup_match_free(match);
		match = lookup_match_new(s, analyser, request->who, query, basis.records, TRUE);
		if (!walk_all(s, match, &basis, request->full, f, error))
			return FALSE;
		if (f->walked)
			g_ptr_array_add(query->notes,
					g_strdup("no record has all of these words: shown are those that have most"));
	}
	keep_ids(f);
	answer->total = f->walked;
	answer->more = f->more;
	if (f->more && match->fts && !match->where && !match->prefix && match->plan.phrases > 1 &&
	    match->leaves->len == 1 && !count_matches(s, match, answer, error))
		return FALSE;
	return hits_fill(s, analyser, request, match, f, answer->hits, error) && facets_fill(s, f, answer, error);
}

static struct lookup_answer *answer_new(const struct lookup_query *query)
{
	struct lookup_answer *answer = g_new0(struct lookup_answer, 1);
	answer->query = lookup_query_words(query);
	answer->notes = g_ptr_array_ref(query->notes);
	answer->hits = g_ptr_array_new_with_free_func(hit_free);
	answer->sources = g_ptr_array_new_with_free_func(count_free);
	answer->kinds = g_ptr_array_new_with_free_func(count_free);
	answer->years = g_ptr_array_new_with_free_func(count_free);
	answer->teams = g_ptr_array_new_with_free_func(count_free);
	answer->customers = g_ptr_array_new_with_free_func(count_free);
	return answer;
}

struct lookup_answer *lookup_find(store *s, text_analyser *analyser, const struct lookup_request *request,
				  GError **error)
{
	g_autoptr(lookup_query) query = lookup_query_read(request->typed, request->now);
	struct lookup_answer *answer = answer_new(query);
	note_fields(s, query->root, answer->notes);
	struct finding f = {.candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate)),
			    .ids = g_array_new(FALSE, FALSE, sizeof(gint64)),
			    .sources = g_hash_table_new(NULL, NULL)};
	gboolean good = answer_fill(s, analyser, request, query, &f, answer, error);
	g_array_unref(f.candidates);
	g_array_unref(f.ids);
	g_hash_table_unref(f.sources);
	if (good)
		return answer;
	lookup_answer_free(answer);
	return NULL;
}

gboolean lookup_prepare(store *s, GError **error)
{
	return lookup_rank_register(s, error);
}

void lookup_answer_free(struct lookup_answer *answer)
{
	if (!answer)
		return;
	g_free(answer->query);
	g_ptr_array_unref(answer->notes);
	g_ptr_array_unref(answer->hits);
	g_ptr_array_unref(answer->sources);
	g_ptr_array_unref(answer->kinds);
	g_ptr_array_unref(answer->years);
	g_ptr_array_unref(answer->teams);
	g_ptr_array_unref(answer->customers);
	g_free(answer);
}
