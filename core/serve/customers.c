#include "serve/customers.h"

#include "base/base.h"
#include "lookup/timeline.h"
#include "serve/answers.h"
#include "serve/notes.h"
#include "serve/rows.h"
#include "serve/silent.h"

enum { FOUND = 20, MAX_FOUND = 200, LISTED = 50, ROWS = 50, MAX_ROWS = 1000, HITS = 30, MAX_HITS = 200, OPEN = 50 };

json_t *serve_array_json(const GPtrArray *all, json_t *(*render)(gconstpointer))
{
	json_t *array = json_array();
	for (guint i = 0; i < all->len; i++)
		json_array_append_new(array, render(all->pdata[i]));
	return array;
}

static const char *kind_word(enum identity_kind kind)
{
	return kind == IDENTITY_PERSON ? "person" : "organisation";
}

static const char *strength_word(int strength)
{
	return strength >= 3 ? "decided" : strength == 2 ? "strong" : "weak";
}

/* ---- which customers ---- */

static json_t *found_json(gconstpointer row)
{
	const struct identity_found *found = row;
	json_t *o =
		json_pack("{s:I, s:s, s:s, s:o, s:s, s:I, s:b}", "id", (json_int_t)found->id, "kind",
			  kind_word(found->kind), "name", found->name, "likeness", serve_number_json(found->likeness),
			  "by", found->by, "records", (json_int_t)found->records, "more", found->more);
	json_object_set_new(o, "organisation", serve_text_json(found->organisation));
	base_json_time(o, "last_at", found->last);
	return o;
}

json_t *serve_founds_json(const GPtrArray *found)
{
	return serve_array_json(found, found_json);
}

/* Those that lookup_contacts gave, as they are shown. One that went meanwhile is left out. */
static json_t *contacts_json(store *s, const GArray *contacts, GError **error)
{
	json_t *all = json_array();
	for (guint i = 0; i < contacts->len; i++) {
		g_autoptr(GError) problem = NULL;
		const struct lookup_contact *contact = &g_array_index(contacts, struct lookup_contact, i);
		struct identity_found *found = identity_brief(s, contact->customer, "contact", &problem);
		if (problem && !g_error_matches(problem, IDENTITY_ERROR, IDENTITY_ERROR_ABSENT)) {
			g_propagate_error(error, g_steal_pointer(&problem));
			json_decref(all);
			return NULL;
		}
		if (!found)
			continue;
		found->last = contact->occurred;
		json_array_append_new(all, found_json(found));
		identity_found_free(found);
	}
	return all;
}

static json_t *by_contact(struct serve_request *request, GError **error)
{
	static const char *const about[] = {"q", NULL};
	guint limit;
	struct serve_cursor cursor;
	struct lookup_place next;
	gboolean end;
	if (!serve_number(request, "n", 1, MAX_FOUND, LISTED, &limit, error) ||
	    !serve_cursor_read(request, about, &cursor, error))
		return NULL;
	struct lookup_place after = {cursor.numbers[0], cursor.numbers[1], cursor.numbers[2]};
	g_autoptr(GArray) contacts = lookup_contacts(request->worker->store, after, limit, &next, &end, error);
	json_t *all = contacts ? contacts_json(request->worker->store, contacts, error) : NULL;
	if (!all)
		return NULL;
	struct serve_cursor place = {.numbers = {next.occurred, next.id, next.part}};
	return json_pack("{s:o, s:o}", "customers", all, "cursor", serve_cursor_json(request, about, &place, end));
}

json_t *serve_customers(struct serve_request *request, GError **error)
{
	const char *typed = serve_parameter(request, "q");
	guint limit;
	if (!typed || !*typed)
		return by_contact(request, error);
	if (!serve_number(request, "n", 1, MAX_FOUND, FOUND, &limit, error))
		return NULL;
	g_autoptr(GPtrArray) found = identity_find(request->worker->who, request->worker->store, typed, limit, error);
	if (!found)
		return NULL;
	serve_audit(request, typed, 0, found->len);
	return json_pack("{s:o, s:n}", "customers", serve_founds_json(found), "cursor");
}

/* ---- one customer ---- */

static json_t *key_json(gconstpointer row)
{
	const struct identity_key *key = row;
	return json_pack("{s:s, s:s, s:b, s:b}", "kind", key->kind, "value", key->value, "doubt", key->doubt, "decided",
			 key->decided);
}

static json_t *member_json(gconstpointer row)
{
	const struct identity_member *member = row;
	json_t *o = json_pack("{s:I, s:I, s:s}", "id", (json_int_t)member->row, "record", (json_int_t)member->record,
			      "name", member->name);
	serve_set_text(o, "source", member->source);
	serve_set_text(o, "external_id", member->external_id);
	serve_set_text(o, "why", member->why);
	serve_set_text(o, "url", member->url);
	return o;
}

static json_t *person_json(gconstpointer row)
{
	const struct identity_person_of *person = row;
	json_t *o = json_pack("{s:I, s:I}", "id", (json_int_t)person->id, "records", (json_int_t)person->records);
	json_object_set_new(o, "name", serve_text_json(person->name));
	serve_set_text(o, "address", person->address);
	serve_set_text(o, "role", person->role);
	base_json_time(o, "since", person->since);
	base_json_time(o, "until", person->until);
	base_json_time(o, "last_at", person->last);
	return o;
}

static json_t *tally_json(gconstpointer row)
{
	const struct identity_tally *tally = row;
	json_t *o = json_pack("{s:s, s:I}", "value", tally->word, "count", (json_int_t)tally->records);
	base_json_time(o, "last_at", tally->last);
	return o;
}

static json_t *matter_json(gconstpointer row)
{
	const struct lookup_matter *matter = row;
	json_t *o = json_pack("{s:I, s:s, s:s, s:s, s:s}", "id", (json_int_t)matter->id, "title", matter->title, "kind",
			      matter->kind, "status", matter->status, "source", matter->source);
	base_json_time(o, "occurred_at", matter->occurred);
	json_object_set_new(o, "url", serve_text_json(matter->url));
	return o;
}

static json_t *months_json(const GArray *moments)
{
	g_autoptr(GArray) months = lookup_months(moments);
	json_t *all = json_array();
	for (guint i = 0; i < months->len; i++) {
		const struct lookup_month *month = &g_array_index(months, struct lookup_month, i);
		g_autofree char *word = g_strdup_printf("%04d-%02d", month->year, month->month);
		json_t *counts = json_object();
		for (int kind = 0; kind < LOOKUP_KINDS; kind++)
			if (month->counts[kind])
				json_object_set_new(counts, lookup_kind_name(kind), json_integer(month->counts[kind]));
		json_array_append_new(all, json_pack("{s:s, s:o}", "month", word, "counts", counts));
	}
	return all;
}

/* How far a source can be relied on: as the hub knows it, or that it is no more in the settings. */
static const char *state_of(const GPtrArray *states, const struct store_source *stored, gint64 now, char **why)
{
	*why = NULL;
	if (serve_builtin(stored->name))
		return "fresh";
	const struct sync_state *state = sync_state_named(states, stored->name);
	if (state)
		return serve_freshness(state, stored, now, why);
	*why = g_strdup("is no longer in the settings");
	return "removed";
}

static json_t *source_json(const GPtrArray *states, const struct store_source *stored, const struct lookup_last *last,
			   gint64 now)
{
	g_autofree char *why = NULL;
	const char *state = state_of(states, stored, now, &why);
	json_t *o =
		json_pack("{s:s, s:I, s:s}", "value", stored->name, "count", (json_int_t)last->count, "state", state);
	base_json_time(o, "last_at", last->last);
	json_object_set_new(o, "why", serve_text_json(why));
	return o;
}

/* Where the customer's records come from, when each told something last, and whether it still would. */
static json_t *sources_json(struct serve_request *request, const GArray *moments, GError **error)
{
	gint64 now = base_now();
	g_autoptr(GArray) lasts = lookup_lasts(moments, now);
	g_autoptr(GPtrArray) stored = store_sources(request->worker->store, error);
	g_autoptr(GPtrArray) states = sync_hub_states(request->hub);
	if (!stored)
		return NULL;
	json_t *all = json_array();
	for (guint i = 0; i < lasts->len; i++) {
		const struct lookup_last *last = &g_array_index(lasts, struct lookup_last, i);
		for (guint k = 0; k < stored->len; k++)
			if (((const struct store_source *)stored->pdata[k])->id == last->source)
				json_array_append_new(all, source_json(states, stored->pdata[k], last, now));
	}
	return all;
}

static json_t *view_json(const struct identity_view *view)
{
	json_t *o = json_pack("{s:I, s:s, s:s, s:I, s:I}", "id", (json_int_t)view->id, "kind", kind_word(view->kind),
			      "name", view->name, "records", (json_int_t)view->records, "suggestions",
			      (json_int_t)view->suggestions);
	base_json_time(o, "first_at", view->first);
	base_json_time(o, "last_at", view->last);
	json_object_set_new(o, "keys", serve_array_json(view->keys, key_json));
	json_object_set_new(o, "members", serve_array_json(view->members, member_json));
	json_object_set_new(o, "people", serve_array_json(view->people, person_json));
	json_object_set_new(o, "employers", serve_array_json(view->employers, person_json));
	json_object_set_new(o, "kinds", serve_array_json(view->kinds, tally_json));
	json_object_set_new(o, "years", serve_array_json(view->years, tally_json));
	return o;
}

/* What of the customer's records is told beside who it is. */
static gboolean add_extras(struct serve_request *request, gint64 id, json_t *o, GError **error)
{
	g_autoptr(GArray) moments = lookup_moments(request->worker->store, id, error);
	if (!moments)
		return FALSE;
	g_autoptr(GPtrArray) matters = lookup_open_matters(request->worker->store, moments, OPEN, error);
	json_t *sources = matters ? sources_json(request, moments, error) : NULL;
	if (!sources)
		return FALSE;
	json_object_set_new(o, "sources", sources);
	json_object_set_new(o, "open", serve_array_json(matters, matter_json));
	json_object_set_new(o, "months", months_json(moments));
	json_t *silent = serve_silent(request, base_now(), error);
	if (silent)
		json_object_set_new(o, "silent", silent);
	return silent != NULL;
}

/* The number in the path: "42", or "c42" as people are shown it. */
static gboolean number_of(struct serve_request *request, gint64 *id, GError **error)
{
	const char *text = request->argument + (request->argument[0] == 'c');
	if (g_ascii_string_to_signed(text, 10, 1, G_MAXINT64, id, NULL))
		return TRUE;
	g_set_error(error, SERVE_ERROR, SERVE_NOT_FOUND, "there is no customer \"%s\"", request->argument);
	return FALSE;
}

json_t *serve_customer(struct serve_request *request, GError **error)
{
	gint64 id;
	if (!number_of(request, &id, error))
		return NULL;
	g_autoptr(identity_view) view = identity_customer(request->worker->store, id, error);
	if (!view)
		return NULL;
	serve_audit(request, view->name, view->id, view->records);
	g_autoptr(base_json) o = view_json(view);
	return add_extras(request, view->id, o, error) ? json_incref(o) : NULL;
}

/* The customer in the path as it is today: ABSENT if it is not there for who asks. */
static gboolean customer_of(struct serve_request *request, gint64 *id, GError **error)
{
	if (!number_of(request, id, error))
		return FALSE;
	struct identity_found *found = identity_brief(request->worker->store, *id, "id", error);
	if (found)
		*id = found->id;
	identity_found_free(found);
	return found != NULL;
}

static json_t *page_json(struct serve_request *request, const struct lookup_page *page, const char *const *about)
{
	struct serve_cursor next = {.numbers = {page->next.occurred, page->next.id}};
	return json_pack("{s:o, s:I, s:b, s:o, s:o}", "records", serve_hits_json(page->hits, FALSE), "total",
			 (json_int_t)page->total, "more", page->more, "notes", serve_strings_json(page->notes),
			 "cursor", serve_cursor_json(request, about, &next, page->end));
}

json_t *serve_timeline(struct serve_request *request, GError **error)
{
	static const char *const about[] = {"q", "source", "kind", "year", NULL};
	gint64 id;
	struct serve_cursor cursor;
	struct lookup_timeline_request wanted = {
		.typed = serve_parameter(request, "q"), .who = request->worker->who, .now = base_now()};
	if (!customer_of(request, &id, error) || !serve_number(request, "n", 1, MAX_HITS, HITS, &wanted.limit, error) ||
	    !serve_cursor_read(request, about, &cursor, error))
		return NULL;
	g_autoptr(GArray) moments = lookup_moments(request->worker->store, id, error);
	g_autoptr(GPtrArray) sources = serve_parameters(request, "source");
	g_autoptr(GPtrArray) kinds = serve_parameters(request, "kind");
	g_autoptr(GPtrArray) years = serve_parameters(request, "year");
	wanted.moments = moments;
	wanted.sources = sources;
	wanted.kinds = kinds;
	wanted.years = years;
	wanted.after = (struct lookup_place){cursor.numbers[0], cursor.numbers[1], 0};
	g_autoptr(lookup_page) page =
		moments ? lookup_timeline(request->worker->store, request->worker->analyser, &wanted, error) : NULL;
	if (!page)
		return NULL;
	serve_audit(request, wanted.typed, id, page->total);
	return page_json(request, page, about);
}

/* ---- why a record is about somebody ---- */

static json_t *reasons_json(gconstpointer row)
{
	const struct identity_reasons *reasons = row;
	json_t *o = json_pack("{s:I, s:s, s:s, s:s}", "customer", (json_int_t)reasons->customer, "name", reasons->name,
			      "strength", strength_word(reasons->strength), "rule", reasons->rule);
	serve_set_text(o, "words", reasons->words);
	return o;
}

json_t *serve_record_links(struct serve_request *request, GError **error)
{
	gint64 id;
	if (!serve_id(request, "record", &id, error))
		return NULL;
	g_autoptr(lookup_record) there = lookup_record_get(request->worker->store, id, error);
	g_autoptr(GPtrArray) links = there ? identity_why(request->worker->store, id, error) : NULL;
	return links ? json_pack("{s:o}", "links", serve_array_json(links, reasons_json)) : NULL;
}

/* ---- work lists ---- */

static json_t *suggestion_json(gconstpointer row)
{
	const struct identity_suggestion *suggestion = row;
	json_t *o = json_pack("{s:I, s:s, s:o, s:s}", "customer", (json_int_t)suggestion->a, "name", suggestion->a_name,
			      "probability", serve_number_json(suggestion->probability), "why", suggestion->why);
	json_object_set_new(o, "other", suggestion->record ? json_null() : json_integer(suggestion->b));
	json_object_set_new(o, "record", suggestion->record ? json_integer(suggestion->record) : json_null());
	json_object_set_new(o, suggestion->record ? "title" : "other_name", serve_text_json(suggestion->b_name));
	return o;
}

/* Customers that may be one, the likeliest first; then records, the newest rows first. */
static void suggestion_key(gconstpointer row, gint64 key[SERVE_KEY])
{
	const struct identity_suggestion *suggestion = row;
	key[0] = suggestion->record ? 1 : (gint64)(-1e15 * CLAMP(suggestion->probability, 0, 1)) - 1;
	key[1] = suggestion->record ? -suggestion->record : suggestion->a;
	key[2] = suggestion->record ? suggestion->a : suggestion->b;
}

static GPtrArray *read_suggestions(struct serve_request *request, gconstpointer user, guint limit, GError **error)
{
	(void)user;
	return identity_suggestions(request->worker->who, request->worker->store, limit, error);
}

json_t *serve_suggestions(struct serve_request *request, GError **error)
{
	static const struct serve_rows rows = {.name = "suggestions",
					       .otherwise = ROWS,
					       .most = MAX_ROWS,
					       .read = read_suggestions,
					       .key = suggestion_key,
					       .render = suggestion_json};
	return serve_rows_reply(request, &rows, error);
}

static json_t *unmatched_json(gconstpointer row)
{
	const struct identity_unmatched *group = row;
	json_t *o = json_pack("{s:s, s:s, s:I, s:I}", "kind", group->kind, "value", group->value ? group->value : "",
			      "records", (json_int_t)group->records, "sample", (json_int_t)group->sample);
	json_object_set_new(o, "title", serve_text_json(group->title));
	base_json_time(o, "last_at", group->last);
	return o;
}

/* Groups by what they share, the largest first; what shares nothing stands at the end. */
static void unmatched_key(gconstpointer row, gint64 key[SERVE_KEY])
{
	const struct identity_unmatched *group = row;
	g_autofree char *name = g_strconcat(group->kind, " ", group->value, NULL);
	key[0] = group->value ? -group->records : G_MAXINT64;
	key[1] = -group->last;
	key[2] = serve_key_of_text(name);
}

static GPtrArray *read_unmatched(struct serve_request *request, gconstpointer user, guint limit, GError **error)
{
	(void)user;
	return identity_unmatched(request->worker->store, limit, error);
}

json_t *serve_unmatched(struct serve_request *request, GError **error)
{
	static const struct serve_rows rows = {.name = "unmatched",
					       .otherwise = ROWS,
					       .most = MAX_ROWS,
					       .read = read_unmatched,
					       .key = unmatched_key,
					       .render = unmatched_json};
	return serve_rows_reply(request, &rows, error);
}
