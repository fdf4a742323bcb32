/* hits: the best of what was found, one of each conversation, with all that is
 * shown of them. */
#include "lookup/finding.h"

#include <stdlib.h>

#include "lookup/about.h"
#include "lookup/internal.h"

enum { SNIPPET_WIDTH = 220, OWN_COLUMN = 9, THREAD_LIMIT = 1000 };

/* ---- the best first ---- */

/* Lets the candidate at `i` sink to where it belongs; the array is a heap with
 * the best at its head. Most of ten thousand candidates are never looked at, so
 * they are not sorted. */
static void sink(GArray *heap, guint i)
{
	struct candidate *all = (struct candidate *)(gpointer)heap->data;
	for (guint child; (child = 2 * i + 1) < heap->len; i = child) {
		if (child + 1 < heap->len && candidate_order(&all[child + 1], &all[child]) < 0)
			child++;
		if (candidate_order(&all[i], &all[child]) <= 0)
			return;
		struct candidate other = all[i];
		all[i] = all[child];
		all[child] = other;
	}
}

static void make_heap(GArray *candidates)
{
	for (guint i = candidates->len / 2; i > 0; i--)
		sink(candidates, i - 1);
}

static gboolean take_best(GArray *heap, struct candidate *best)
{
	if (heap->len == 0)
		return FALSE;
	*best = g_array_index(heap, struct candidate, 0);
	g_array_index(heap, struct candidate, 0) = g_array_index(heap, struct candidate, heap->len - 1);
	g_array_set_size(heap, heap->len - 1);
	sink(heap, 0);
	return TRUE;
}

/* ---- conversations ---- */

/* Where the record stands in a conversation: its key, or its own number where
 * there is none. NULL on error. */
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

/* What is known while hits are picked. */
struct picking {
	store *s;
	text_analyser *analyser;
	const struct lookup_request *request;
	const struct lookup_match *match;
	struct sieve *sieve;
	struct finding *f;
	GHashTable *seen;      /* conversations */
	struct candidate from; /* the page begins behind this one; id 0: at the best */
	gint64 newest;         /* row of the store */
};

static gboolean was_found(struct picking *p, gint64 id, struct shelf_record *record)
{
	if (sieve_look(p->sieve, id, record) != 0)
		return FALSE;
	return !p->f->ids || bsearch(&id, p->f->ids->data, p->f->ids->len, sizeof id, row_order) != NULL;
}

/* How many others of the conversation were found; `before`: one of them stands
 * on an earlier page. */
static guint more_of(struct picking *p, gint64 source, const char *thread, gint64 but, gboolean *before)
{
	sqlite3_stmt *st =
		store_prepare(p->s, "SELECT id FROM record WHERE source_id = ? AND thread = ? LIMIT ?", NULL);
	guint more = 0;
	*before = FALSE;
	if (!st || !thread)
		return 0;
	sqlite3_bind_int64(st, 1, source);
	sqlite3_bind_text(st, 2, thread, -1, SQLITE_STATIC);
	sqlite3_bind_int(st, 3, THREAD_LIMIT);
	while (sqlite3_step(st) == SQLITE_ROW) {
		struct shelf_record record;
		struct candidate other = {.id = sqlite3_column_int64(st, 0)};
		if (other.id == but || !was_found(p, other.id, &record))
			continue;
		other.occurred = record.occurred;
		more++;
		*before |= p->f->newest && p->from.id && candidate_order(&other, &p->from) <= 0;
	}
	sqlite3_reset(st);
	return more;
}

/* ---- what is shown ---- */

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

const char lookup_hit_columns[] = "SELECT r.id, s.name, r.external_id, r.kind, r.title, r.url, r.thread, "
				  "r.occurred,"
				  " (SELECT coalesce(p.name, p.address) FROM party p WHERE p.record_id = "
				  "r.id AND p.role IN"
				  "  ('from', 'author', 'reporter', 'owner') ORDER BY p.n LIMIT 1), "
				  "meri_own(r.text, r.quoted), r.text"
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

/* The best passage of what the writer wrote; of what is quoted there only if
 * the words stand nowhere else. */
static void passage_read(sqlite3_stmt *st, text_analyser *analyser, const struct lookup_match *match,
			 struct lookup_hit *hit)
{
	const char *own = (const char *)sqlite3_column_text(st, OWN_COLUMN);
	const char *whole = (const char *)sqlite3_column_text(st, OWN_COLUMN + 1);
	gboolean quoted = whole && g_strcmp0(own, whole) != 0, titled = hit->title_marks->len > 0;
	hit->snippet = lookup_passage(analyser, match, own ? own : "", SNIPPET_WIDTH, !quoted && !titled, hit->marks);
	if (hit->marks->len || !quoted)
		return;
	g_autofree char *other = lookup_passage(analyser, match, whole, SNIPPET_WIDTH, !titled, hit->marks);
	if (hit->marks->len || !*hit->snippet) {
		g_free(hit->snippet);
		hit->snippet = g_steal_pointer(&other);
	}
}

static gboolean add_hit(struct picking *p, const struct candidate *c, guint more, GPtrArray *hits, GError **error)
{
	sqlite3_stmt *st = store_prepare(p->s, lookup_hit_columns, error);
	int row = -1;
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, c->id);
	if ((row = store_row(p->s, st, error)) == 1) {
		struct lookup_hit *hit = g_new0(struct lookup_hit, 1);
		lookup_hit_read(st, hit);
		hit->score = c->score;
		hit->more = more;
		hit->marks = g_array_new(FALSE, FALSE, sizeof(struct lookup_mark));
		hit->title_marks = g_array_new(FALSE, FALSE, sizeof(struct lookup_mark));
		if (hit->title)
			lookup_marks(p->analyser, p->match, hit->title, hit->title_marks);
		passage_read(st, p->analyser, p->match, hit);
		hit->customers = lookup_customers_of(p->s, c->id, error);
		g_ptr_array_add(hits, hit);
		row = hit->customers ? 0 : -1;
	}
	sqlite3_reset(st);
	return row >= 0;
}

/* ---- a page of them ---- */

/* Where the page begins. The record that ended the page before may be worth
 * another score by now: the page goes on behind it wherever it stands. */
static struct candidate beginning_of(const struct lookup_cursor *after, const GArray *candidates, gboolean newest)
{
	for (guint i = 0; after->id && !newest && i < candidates->len; i++)
		if (g_array_index(candidates, struct candidate, i).id == after->id)
			return g_array_index(candidates, struct candidate, i);
	return (struct candidate){after->id, after->occurred, newest ? 0 : after->score};
}

/* Is it the best of its conversation, and on this page? */
static gboolean is_wanted(struct picking *p, const struct candidate *c, guint *more, GError **error)
{
	gint64 source = 0;
	g_autofree char *thread = NULL;
	char *conversation = conversation_of(p->s, c->id, &source, &thread);
	gboolean before;
	if (!conversation) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "find: %s", sqlite3_errmsg(store_sqlite(p->s)));
		return FALSE;
	}
	if (!g_hash_table_add(p->seen, conversation) || g_hash_table_size(p->seen) <= p->request->offset)
		return FALSE;
	if (!p->f->newest && p->from.id && candidate_order(c, &p->from) <= 0)
		return FALSE;
	*more = more_of(p, source, thread, c->id, &before);
	return !before;
}

static struct lookup_cursor cursor_at(const struct picking *p, const struct candidate *c)
{
	gint64 row = p->request->after.row ? p->request->after.row : p->newest;
	return (struct lookup_cursor){c->score, c->occurred, c->id, p->request->now, row};
}

gboolean finding_hits(store *s, text_analyser *analyser, const struct lookup_request *request,
		      const struct lookup_match *match, struct sieve *sieve, struct finding *f,
		      struct lookup_answer *answer, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct picking p = {.s = s,
			    .analyser = analyser,
			    .request = request,
			    .match = match,
			    .sieve = sieve,
			    .f = f,
			    .seen = seen,
			    .from = beginning_of(&request->after, f->candidates, f->newest),
			    .newest = f->last_row};
	struct candidate c, last = {0, 0, 0};
	GError *failed = NULL;
	make_heap(f->candidates);
	while (!failed && take_best(f->candidates, &c)) {
		guint more = 0;
		gboolean wanted = is_wanted(&p, &c, &more, &failed);
		if (wanted && answer->hits->len >= request->limit) {
			answer->next = cursor_at(&p, &last);
			return TRUE;
		}
		last = c;
		if (wanted)
			add_hit(&p, &c, more, answer->hits, &failed);
	}
	if (f->cut && last.id)
		answer->next = cursor_at(&p, &last);
	if (failed)
		g_propagate_error(error, failed);
	return !failed;
}
