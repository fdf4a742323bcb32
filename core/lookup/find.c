/* find: bounded walks over the records that match.
 *
 * Ranking visits every match, and a common word has hundreds of thousands. So the walk goes from the newest row back,
 * ranks the first RANKED matches, counts on to COUNTED, and ends there. Words that are common each but seldom together,
 * and filters, may make it visit many rows that it does not take: it visits about VISITS, and the older rest only if it
 * found fewer than ENOUGH. The answer says when there is more.
 *
 * Without words the shelf is walked instead of the index: all records are counted, and the newest come first. */
#include <string.h>

#include "lookup/about.h"
#include "lookup/desk.h"
#include "lookup/finding.h"
#include "lookup/internal.h"

enum {
	COUNTED = 10000,
	RANKED = 4000,
	VISITS = 120000,
	MIXED_VISITS = 16000, /* where each must be looked up */
	ENOUGH = 100,
	NEWEST_KEPT = 1024, /* of the newest records, where there are no words */
	NEWEST_CHUNKS = 300,
	MAX_NAME_WORDS = 6
};

/* ---- the walks ---- */

/* One question on its way. */
struct question {
	store *s;
	const struct lookup_request *request;
	const struct shelf *shelf;
	struct sieve *sieve;
	struct sieve_basis basis;
	struct finding *f;
};

static struct walk walk_new(struct question *q, const struct lookup_match *match)
{
	struct walk walk = {.sieve = q->sieve,
			    .plan = &match->plan,
			    .tallies = &q->f->tallies,
			    .candidates = q->f->candidates,
			    .ids = q->f->ids,
			    .ranked = q->request->full || q->f->newest ? G_MAXUINT : RANKED,
			    .limit = q->request->full ? G_MAXUINT : COUNTED,
			    .visits = q->request->full ? G_MAXUINT
				      : match->where   ? MIXED_VISITS
						       : VISITS};
	if (q->f->newest && q->request->after.id) {
		walk.behind.id = q->request->after.id;
		walk.behind.occurred = q->request->after.occurred;
	}
	if (q->f->newest)
		walk.plan = NULL;
	return walk;
}

/* The row from which on there are about as many records with the rarest of the
 * words as may be visited. A beginning is gathered whole, wherever the walk
 * begins; of words of which one is enough each visit is a match. */
static gint64 walk_begin(const struct question *q, const struct lookup_match *match, guint visits)
{
	gint64 documents = match->leaves->len && !match->plan.any ? G_MAXINT64 : 0;
	for (guint i = 0; i < match->leaves->len && !match->plan.any; i++)
		documents = MIN(documents, g_array_index(match->leaves, struct lookup_leaf, i).documents);
	gint64 newest = shelf_newest(q->shelf);
	if (documents <= (gint64)visits + visits / 4 || match->prefix || q->request->full)
		return 0;
	return newest - (gint64)((double)newest * visits / (double)documents);
}

/* They came from the newest row back. */
static void reverse(GArray *ids)
{
	for (guint i = 0, k = ids->len; i + 1 < k; i++) {
		gint64 other = g_array_index(ids, gint64, --k);
		g_array_index(ids, gint64, k) = g_array_index(ids, gint64, i);
		g_array_index(ids, gint64, i) = other;
	}
}

static gboolean walk_index(struct question *q, const struct lookup_match *match, GError **error)
{
	struct walk walk = walk_new(q, match);
	gint64 begin = walk_begin(q, match, walk.visits);
	if (!walk_words(q->s, &walk, match->fts, match, begin, G_MAXINT64, error))
		return FALSE;
	gint64 last = walk.ended ? walk.last : begin;
	if (last > 0 && walk.matched < ENOUGH) {
		walk.visits = G_MAXUINT;
		if (!walk_words(q->s, &walk, match->fts, match, 0, last - 1, error))
			return FALSE;
		last = walk.ended ? walk.last : 0;
	}
	q->f->total = walk.matched;
	q->f->more = last > 0;
	reverse(q->f->ids);
	return TRUE;
}

/* ---- without words ---- */

static void walk_shelf(struct question *q, const struct lookup_match *match)
{
	struct walk walk = walk_new(q, match);
	const GArray *rows = sieve_rows(q->sieve);
	walk.most = MAX(NEWEST_KEPT, 2 * (q->request->limit + q->request->offset));
	walk.plan = NULL;
	walk.ids = NULL;
	if (rows)
		for (guint i = rows->len; i > 0; i--)
			walk_take(&walk, g_array_index(rows, gint64, i - 1), 0);
	else
		for (gint64 id = shelf_newest(q->shelf); id > 0; id--)
			walk_take(&walk, id, 0);
	q->f->total = walk.matched;
	q->f->cut = walk.dropped;
	g_clear_pointer(&q->f->ids, g_array_unref); /* what the sieve lets through was found */
}

static gboolean walk_where(struct question *q, const struct lookup_match *match, GError **error)
{
	struct walk walk = walk_new(q, match);
	walk.plan = NULL;
	walk.visits = G_MAXUINT;
	if (!walk_condition(q->s, &walk, match, error))
		return FALSE;
	q->f->total = walk.matched;
	q->f->more = walk.ended;
	g_array_sort(q->f->ids, row_order);
	return TRUE;
}

/* ---- the newest first ---- */

struct chunk {
	gint64 first, latest; /* its first row, and its newest record's time */
};

static int by_latest(gconstpointer a, gconstpointer b)
{
	const struct chunk *x = a, *y = b;
	return x->latest < y->latest ? 1 : x->latest > y->latest ? -1 : x->first < y->first ? 1 : -1;
}

/* The stretches of rows that hold records of before the page's beginning, those
 * with the newest ones first. */
static GArray *chunks_of(const struct question *q)
{
	GArray *chunks = g_array_new(FALSE, FALSE, sizeof(struct chunk));
	for (gint64 first = 0; first <= shelf_newest(q->shelf); first += SHELF_CHUNK) {
		gint64 earliest;
		struct chunk chunk = {.first = first};
		if (shelf_span(q->shelf, first, &earliest, &chunk.latest) &&
		    (!q->request->after.id || earliest <= q->request->after.occurred))
			g_array_append_val(chunks, chunk);
	}
	g_array_sort(chunks, by_latest);
	return chunks;
}

/* Rows come as they were loaded, not by time: an archive of years ago may have
 * been loaded yesterday. So where there are too many matches to look at all of
 * them, they are sought where the newest records are. */
static gboolean walk_newest(struct question *q, const struct lookup_match *match, GError **error)
{
	guint wanted = 2 * (q->request->limit + q->request->offset) + 1;
	struct walk walk = walk_new(q, match);
	walk.tallies = NULL;
	walk.ids = NULL;
	walk.limit = walk.visits = G_MAXUINT;
	walk.most = wanted;
	g_autoptr(GArray) chunks = chunks_of(q);
	g_array_set_size(q->f->candidates, 0);
	for (guint i = 0; i < chunks->len && i < NEWEST_CHUNKS; i++) {
		const struct chunk *chunk = &g_array_index(chunks, struct chunk, i);
		g_array_sort(q->f->candidates, candidate_order);
		if (q->f->candidates->len >= wanted &&
		    g_array_index(q->f->candidates, struct candidate, wanted - 1).occurred >= chunk->latest)
			break;
		if (!walk_words(q->s, &walk, match->fts, match, chunk->first, chunk->first + SHELF_CHUNK - 1, error))
			return FALSE;
	}
	g_array_sort(q->f->candidates, candidate_order);
	q->f->cut = q->f->candidates->len > wanted || walk.dropped;
	if (q->f->candidates->len > wanted)
		g_array_set_size(q->f->candidates, wanted);
	return TRUE;
}

static gboolean walk_all(struct question *q, struct lookup_match *match, GError **error)
{
	match->plan.average = q->basis.average;
	match->plan.now = q->request->now;
	q->f->newest = q->request->sort == LOOKUP_NEWEST || !match->fts;
	if (!match->fts) {
		if (match->where)
			return walk_where(q, match, error);
		walk_shelf(q, match);
		return TRUE;
	}
	return walk_index(q, match, error) && (!q->f->newest || !q->f->more || walk_newest(q, match, error));
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
		g_ptr_array_add(notes, g_strdup_printf("kind:%s is no kind: account, person, "
						       "message, ticket, comment, note, document, "
						       "deal, event",
						       node->text));
	if (node->field == LOOKUP_SOURCE) {
		g_autoptr(GError) absent = NULL;
		struct store_source *source = store_source_get(s, node->text, &absent);
		if (!source)
			g_ptr_array_add(notes, g_strdup_printf("source:%s is no source that has records", node->text));
		store_source_free(source);
	}
}

/* What of the query may be a name or a key: its words, if it is nothing but
 * words; else NULL. */
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

/* The records of accounts and persons that the query names stand first. One
 * that does not hold the words (a number written in another way) is a hit all
 * the same if there is no other, or if it was a key. */
static void put_named_first(struct question *q, const struct lookup_query *query)
{
	g_autofree char *text = q->request->who && !q->f->newest ? words_alone(query) : NULL;
	GArray *candidates = q->f->candidates;
	gboolean key;
	if (!text)
		return;
	g_autoptr(GArray) named = lookup_records_named(q->s, q->request->who, text, &key);
	double best = 0;
	for (guint i = 0; i < candidates->len; i++)
		best = MAX(best, g_array_index(candidates, struct candidate, i).score);
	gboolean adds = key || candidates->len == 0;
	guint added = 0;
	for (guint i = 0; i < named->len; i++) {
		gint64 id = g_array_index(named, gint64, i);
		double score = best + (double)(named->len - i) / 100;
		gboolean there = FALSE;
		for (guint k = 0; k < candidates->len; k++) {
			struct candidate *c = &g_array_index(candidates, struct candidate, k);
			if (c->id == id)
				c->score = score, there = TRUE;
		}
		if (there || !adds)
			continue;
		struct walk walk = {.sieve = q->sieve,
				    .tallies = &q->f->tallies,
				    .candidates = candidates,
				    .ids = q->f->ids,
				    .ranked = 1};
		walk_take(&walk, id, score);
		q->f->total += walk.matched;
		added += walk.matched;
	}
	if (added)
		g_array_sort(q->f->ids, row_order);
}
/* What of the query the sieve does not take: words, and what is more than a
 * simple field. */
static void part_fields(struct question *q, const struct lookup_query *query, GPtrArray *rest)
{
	for (guint i = 0; i < query->root->children->len; i++) {
		struct lookup_node *node = query->root->children->pdata[i];
		gboolean deny = node->kind == LOOKUP_NOT;
		const struct lookup_node *field = deny ? node->children->pdata[0] : node;
		if (field->kind != LOOKUP_FIELD || !sieve_field(q->sieve, field, deny, q->request->who, query->notes))
			g_ptr_array_add(rest, node);
	}
}

static void forget(struct question *q)
{
	g_array_set_size(q->f->candidates, 0);
	g_clear_pointer(&q->f->ids, g_array_unref);
	q->f->ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	memset(q->f->tallies.sources, 0, sieve_sources(q->sieve) * sizeof *q->f->tallies.sources);
	memset(q->f->tallies.teams, 0, sieve_sources(q->sieve) * sizeof *q->f->tallies.teams);
	memset(q->f->tallies.kinds, 0, sizeof q->f->tallies.kinds);
	memset(q->f->tallies.years, 0, sizeof q->f->tallies.years);
	q->f->more = q->f->cut = FALSE;
}

static gboolean answer_fill(struct question *q, text_analyser *analyser, const struct lookup_query *query,
			    struct lookup_answer *answer, GError **error)
{
	const struct lookup_request *request = q->request;
	g_autoptr(GPtrArray) rest = g_ptr_array_new();
	if (request->after.row && request->sort == LOOKUP_BEST)
		sieve_upto(q->sieve, request->after.row);
	q->basis = sieve_measure(q->sieve);
	if (!sieve_filter(q->sieve, &request->filters, error))
		return FALSE;
	part_fields(q, query, rest);
	struct lookup_node root = {.kind = LOOKUP_ALL, .children = rest};
	struct lookup_query asked = {&root, query->notes};
	guint notes = query->notes->len;
	enum lookup_match_flags whole = request->full ? LOOKUP_MATCH_WHOLE : 0;
	g_autoptr(lookup_match) match =
		lookup_match_make(q->s, analyser, request->who, &asked, q->basis.records, whole);
	if (!walk_all(q, match, error))
		return FALSE;
	put_named_first(q, query);
	if (q->f->total == 0 && match->leaves->len > 1) {
		g_ptr_array_set_size(query->notes, (gint)notes);
		lookup_match_free(match);
		match = lookup_match_make(q->s, analyser, request->who, &asked, q->basis.records,
					  whole | LOOKUP_MATCH_ANY);
		forget(q);
		if (!walk_all(q, match, error))
			return FALSE;
		if (q->f->total)
			g_ptr_array_add(query->notes, g_strdup("no record has all of these words: shown are "
							       "those that have most"));
	}
	answer->total = q->f->total;
	answer->more = q->f->more || match->partial;
	q->f->first = request->after.id == 0;
	return finding_facets(q->s, q->f, answer, error) &&
	       finding_hits(q->s, analyser, request, match, q->sieve, q->f, answer, error);
}

static void hit_free(gpointer data)
{
	lookup_hit_clear(data);
	g_free(data);
}

static void count_free(gpointer data)
{
	struct lookup_count *count = data;
	g_free(count->value);
	g_free(count->name);
	g_free(count);
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
	const struct desk *desk = desk_ready(s, error);
	g_autoptr(lookup_sieve) sieve = desk ? sieve_new(s, desk->shelf, error) : NULL;
	if (!sieve)
		return NULL;
	struct lookup_request asked = *request;
	asked.now = request->after.id ? request->after.now : request->now;
	g_autoptr(lookup_query) query = lookup_query_read(request->typed, asked.now);
	struct lookup_answer *answer = answer_new(query);
	note_fields(s, query->root, answer->notes);
	struct finding f = {.candidates = g_array_new(FALSE, FALSE, sizeof(struct candidate)),
			    .last_row = shelf_newest(desk->shelf),
			    .tallies = {.sources = desk->tallies, .teams = desk->tallies + SHELF_SOURCES}};
	struct question q = {.s = s, .request = &asked, .shelf = desk->shelf, .sieve = sieve, .f = &f};
	forget(&q);
	gboolean good = answer_fill(&q, analyser, query, answer, error);
	g_array_unref(f.candidates);
	g_clear_pointer(&f.ids, g_array_unref);
	if (good)
		return answer;
	lookup_answer_free(answer);
	return NULL;
}

gboolean lookup_prepare(store *s, GError **error)
{
	return walk_register(s, error) && desk_make(s, error);
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
