/* The routes that search and show records. */
#include "serve/find.h"

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "lookup/suggest.h"
#include "lookup/timeline.h"
#include "serve/answers.h"
#include "serve/cursor.h"
#include "serve/customers.h"
#include "serve/notes.h"
#include "serve/silent.h"

enum {
	AGE_STEP = 3600,
	HITS = 20,
	MAX_HITS = 200,
	OFFERED = 6,
	MAX_OFFERED = 20,
	NAMED = 3,
	THREAD = 50,
	MAX_FILTERS = 100,
	MAX_WORDS = 6
};

static const char *const asked[] = {"q", "source", "kind", "customer", "team", "year", "sort", NULL};

/* ---- what is asked ---- */

/* The filters as lookup wants them, and what keeps them alive. */
struct filters {
	GPtrArray *sources, *kinds, *teams;
	GArray *customers, *years;
	struct lookup_filters of;
};

static void filters_clear(struct filters *f)
{
	g_clear_pointer(&f->sources, g_ptr_array_unref);
	g_clear_pointer(&f->kinds, g_ptr_array_unref);
	g_clear_pointer(&f->teams, g_ptr_array_unref);
	g_clear_pointer(&f->customers, g_array_unref);
	g_clear_pointer(&f->years, g_array_unref);
}
typedef struct filters filters_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(filters_t, filters_clear)

static const char *const *words_of(struct serve_request *request, const char *name, GPtrArray **kept)
{
	*kept = serve_parameters(request, name);
	return (*kept)->len ? (const char *const *)(*kept)->pdata : NULL;
}

/* Customers of today: an id of before a merge leads to one. An id that leads nowhere matches nothing. */
static gboolean read_customers(struct serve_request *request, GArray **ids, GError **error)
{
	g_autoptr(GPtrArray) texts = serve_parameters(request, "customer");
	*ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (guint i = 0; i < texts->len; i++) {
		const char *text = texts->pdata[i];
		gint64 id;
		if (!g_ascii_string_to_signed(text + (*text == 'c'), 10, 1, G_MAXINT64, &id, NULL)) {
			g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST,
				    "customer must be a customer's number, not \"%s\"", text);
			return FALSE;
		}
		gint64 now = identity_now(request->worker->store, id);
		g_array_append_vals(*ids, now ? &now : &id, 1);
	}
	return TRUE;
}

static gboolean read_years(struct serve_request *request, GArray **years, GError **error)
{
	g_autoptr(GPtrArray) texts = serve_parameters(request, "year");
	*years = g_array_new(FALSE, FALSE, sizeof(int));
	for (guint i = 0; i < texts->len; i++) {
		gint64 year;
		if (!g_ascii_string_to_signed(texts->pdata[i], 10, 1, 9999, &year, NULL)) {
			g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "year must be one as in 2026, not \"%s\"",
				    (char *)texts->pdata[i]);
			return FALSE;
		}
		g_array_append_vals(*years, &(int){(int)year}, 1);
	}
	return TRUE;
}

static gboolean read_filters(struct serve_request *request, struct filters *f, GError **error)
{
	if (!read_customers(request, &f->customers, error) || !read_years(request, &f->years, error))
		return FALSE;
	f->of = (struct lookup_filters){
		.sources = words_of(request, "source", &f->sources),
		.kinds = words_of(request, "kind", &f->kinds),
		.teams = words_of(request, "team", &f->teams),
		.customers = (const gint64 *)f->customers->data,
		.n_customers = f->customers->len,
		.years = (const int *)f->years->data,
		.n_years = f->years->len,
	};
	if (f->sources->len + f->kinds->len + f->teams->len + f->customers->len + f->years->len <= MAX_FILTERS)
		return TRUE;
	g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "at most %d filters can be combined", MAX_FILTERS);
	return FALSE;
}

static gboolean read_sort(struct serve_request *request, enum lookup_sort *sort, GError **error)
{
	const char *word = serve_parameter(request, "sort");
	*sort = !g_strcmp0(word, "newest") ? LOOKUP_NEWEST : LOOKUP_BEST;
	if (!word || !*word || *sort == LOOKUP_NEWEST || !strcmp(word, "best"))
		return TRUE;
	g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "sort must be \"best\" or \"newest\", not \"%s\"", word);
	return FALSE;
}

/* ---- what is answered ---- */

/* May the words be somebody's name, address or number? Not if they use the query language. */
static gboolean may_name(const char *typed)
{
	guint words = 0;
	if (strpbrk(typed, ":\"()|*") || g_str_has_prefix(typed, "-") || strstr(typed, " -"))
		return FALSE;
	for (const char *p = typed; *p; p++)
		words += *p == ' ' && p[1] != ' ';
	return words < MAX_WORDS;
}

/* The customers that the words may mean, on the first page. NULL on error. */
static json_t *named(struct serve_request *request, const char *typed, gboolean first, GError **error)
{
	if (!first || !*typed || !may_name(typed))
		return json_array();
	g_autoptr(GPtrArray) found = identity_find(request->worker->who, request->worker->store, typed, NAMED, error);
	return found ? serve_founds_json(found) : NULL;
}

static gboolean complete(struct serve_request *request, const struct lookup_request *wanted, gboolean first,
			 json_t *reply, GError **error)
{
	json_t *customers = named(request, wanted->typed, first, error);
	json_t *silent = customers ? serve_silent(request, wanted->now, error) : NULL;
	if (customers)
		json_object_set_new(reply, "customers", customers);
	if (silent)
		json_object_set_new(reply, "silent", silent);
	return silent != NULL;
}

json_t *serve_find(struct serve_request *request, GError **error)
{
	gint64 begin = g_get_monotonic_time();
	const char *typed = serve_parameter(request, "q");
	struct lookup_request wanted = {.typed = typed ? typed : "", .who = request->worker->who, .now = base_now()};
	wanted.now -=
		wanted.now % AGE_STEP; /* so that the same question has the same answer, tag and all, for a while */
	g_auto(filters_t) filters = {0};
	struct serve_cursor cursor;
	if (!serve_number(request, "n", 1, MAX_HITS, HITS, &wanted.limit, error) ||
	    !serve_cursor_read(request, asked, &cursor, error) || !read_sort(request, &wanted.sort, error) ||
	    !read_filters(request, &filters, error))
		return NULL;
	wanted.filters = filters.of;
	double score = serve_cursor_to_double(cursor.numbers[0]);
	wanted.after = (struct lookup_cursor){isfinite(score) ? score : 0, cursor.numbers[1], cursor.numbers[2],
					      cursor.numbers[3], cursor.numbers[4]};
	g_autoptr(lookup_answer) answer =
		lookup_find(request->worker->store, request->worker->analyser, &wanted, error);
	if (!answer)
		return NULL;
	serve_audit(request, wanted.typed,
		    filters.customers->len == 1 ? g_array_index(filters.customers, gint64, 0) : 0, answer->total);
	g_autoptr(base_json) reply = serve_answer_json(answer);
	struct serve_cursor next = {.numbers = {serve_cursor_of_double(answer->next.score), answer->next.occurred,
						answer->next.id, answer->next.now, answer->next.row}};
	json_object_set_new(reply, "cursor", serve_cursor_json(request, asked, &next, answer->next.id == 0));
	if (!complete(request, &wanted, !cursor.there, reply, error))
		return NULL;
	json_object_set_new(reply, "took_ms", json_integer((g_get_monotonic_time() - begin) / 1000));
	return json_incref(reply);
}

static json_t *titled_json(const GPtrArray *records)
{
	json_t *all = json_array();
	for (guint i = 0; i < records->len; i++) {
		const struct lookup_titled *titled = records->pdata[i];
		json_t *one = json_pack("{s:I, s:s, s:s, s:s}", "id", (json_int_t)titled->id, "title", titled->title,
					"kind", titled->kind, "source", titled->source);
		base_json_time(one, "occurred_at", titled->occurred);
		json_array_append_new(all, one);
	}
	return all;
}

json_t *serve_suggest(struct serve_request *request, GError **error)
{
	const char *typed = serve_parameter(request, "q");
	guint limit;
	if (!serve_number(request, "n", 1, MAX_OFFERED, OFFERED, &limit, error))
		return NULL;
	g_autoptr(lookup_suggestions) found =
		lookup_suggest(request->worker->store, request->worker->who, typed ? typed : "", limit, error);
	if (!found)
		return NULL;
	serve_audit(request, typed, 0, found->customers->len);
	return json_pack("{s:o, s:o, s:o}", "customers", serve_founds_json(found->customers), "words",
			 serve_strings_json(found->words), "records", titled_json(found->records));
}

/* ---- one record ---- */

json_t *serve_record(struct serve_request *request, GError **error)
{
	gint64 id, size;
	if (!serve_id(request, "record", &id, error))
		return NULL;
	g_autoptr(lookup_record) found = lookup_record_get(request->worker->store, id, error);
	if (!found || !lookup_thread_size(request->worker->store, id, MAX_HITS, &size, error))
		return NULL;
	const struct lookup_customer *first = found->head.customers->len ? found->head.customers->pdata[0] : NULL;
	serve_audit(request, request->argument, first ? first->id : 0, 1);
	json_t *reply = serve_record_json(found);
	json_object_set_new(reply, "thread_size", json_integer(size));
	json_object_set_new(reply, "editable", json_boolean(serve_note_is_of(request->caller, found)));
	return reply;
}

json_t *serve_thread(struct serve_request *request, GError **error)
{
	gint64 id;
	guint limit;
	struct serve_cursor cursor;
	if (!serve_id(request, "record", &id, error) ||
	    !serve_number(request, "n", 1, MAX_HITS, THREAD, &limit, error) ||
	    !serve_cursor_read(request, NULL, &cursor, error))
		return NULL;
	struct lookup_place after = {cursor.numbers[0], cursor.numbers[1], 0};
	g_autoptr(lookup_page) page =
		lookup_thread(request->worker->store, request->worker->analyser, id, after, limit, error);
	if (!page)
		return NULL;
	struct serve_cursor next = {.numbers = {page->next.occurred, page->next.id}};
	return json_pack("{s:o, s:I, s:o}", "records", serve_hits_json(page->hits, FALSE), "total",
			 (json_int_t)page->total, "cursor", serve_cursor_json(request, NULL, &next, page->end));
}
