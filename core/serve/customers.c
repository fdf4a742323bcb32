#include "serve/customers.h"

#include "base/base.h"
#include "serve/answers.h"

enum { FOUND = 20, MAX_FOUND = 200, ROWS = 50, MAX_ROWS = 1000 };

/* An array of what `render` makes of each. */
static json_t *array_of(const GPtrArray *all, json_t *(*render)(gconstpointer))
{
	json_t *array = json_array();
	for (guint i = 0; i < all->len; i++)
		json_array_append_new(array, render(all->pdata[i]));
	return array;
}

/* {key: array}, or NULL where reading failed. Consumes the rows. */
static json_t *reply_of(const char *key, GPtrArray *rows, json_t *(*render)(gconstpointer))
{
	if (!rows)
		return NULL;
	json_t *reply = json_pack("{s:o}", key, array_of(rows, render));
	g_ptr_array_unref(rows);
	return reply;
}

static const char *kind_word(enum identity_kind kind)
{
	return kind == IDENTITY_PERSON ? "person" : "organisation";
}

static const char *strength_word(int strength)
{
	return strength >= 3 ? "decided" : strength == 2 ? "strong" : "weak";
}

/* ---- asking ---- */

static json_t *found_json(gconstpointer row)
{
	const struct identity_found *found = row;
	json_t *o = json_pack("{s:I, s:s, s:s, s:f, s:s, s:I}", "id", (json_int_t)found->id, "kind",
			      kind_word(found->kind), "name", found->name, "likeness", found->likeness, "by", found->by,
			      "records", (json_int_t)found->records);
	json_object_set_new(o, "organisation", serve_text_json(found->organisation));
	base_json_time(o, "last_at", found->last);
	return o;
}

json_t *serve_customers(struct serve_request *request, GError **error)
{
	const char *typed = serve_parameter(request, "q");
	guint limit;
	if (!serve_number(request, "n", 1, MAX_FOUND, FOUND, &limit, error))
		return NULL;
	return reply_of("customers",
			identity_find(request->worker->who, request->worker->store, typed ? typed : "", limit, error),
			found_json);
}

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
	base_json_text(o, "source", member->source);
	base_json_text(o, "external_id", member->external_id);
	base_json_text(o, "why", member->why);
	return o;
}

static json_t *person_json(gconstpointer row)
{
	const struct identity_person_of *person = row;
	json_t *o = json_pack("{s:I, s:I}", "id", (json_int_t)person->id, "records", (json_int_t)person->records);
	json_object_set_new(o, "name", serve_text_json(person->name));
	base_json_text(o, "address", person->address);
	base_json_text(o, "role", person->role);
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

static gboolean id_of(struct serve_request *request, const char *what, gint64 *id, GError **error)
{
	const char *text = request->argument + (request->argument[0] == 'c');
	if (g_ascii_string_to_signed(text, 10, 1, G_MAXINT64, id, NULL))
		return TRUE;
	g_set_error(error, SERVE_ERROR, MHD_HTTP_NOT_FOUND, "there is no %s \"%s\"", what, request->argument);
	return FALSE;
}

json_t *serve_customer(struct serve_request *request, GError **error)
{
	gint64 id;
	if (!id_of(request, "customer", &id, error))
		return NULL;
	g_autoptr(identity_view) view = identity_customer(request->worker->store, id, error);
	if (!view)
		return NULL;
	json_t *o = json_pack("{s:I, s:s, s:s, s:I, s:I}", "id", (json_int_t)view->id, "kind", kind_word(view->kind),
			      "name", view->name, "records", (json_int_t)view->records, "suggestions",
			      (json_int_t)view->suggestions);
	base_json_time(o, "first_at", view->first);
	base_json_time(o, "last_at", view->last);
	json_object_set_new(o, "keys", array_of(view->keys, key_json));
	json_object_set_new(o, "members", array_of(view->members, member_json));
	json_object_set_new(o, "people", array_of(view->people, person_json));
	json_object_set_new(o, "employers", array_of(view->employers, person_json));
	json_object_set_new(o, "sources", array_of(view->sources, tally_json));
	json_object_set_new(o, "kinds", array_of(view->kinds, tally_json));
	json_object_set_new(o, "years", array_of(view->years, tally_json));
	return o;
}

static json_t *reasons_json(gconstpointer row)
{
	const struct identity_reasons *reasons = row;
	json_t *o = json_pack("{s:I, s:s, s:s, s:s}", "customer", (json_int_t)reasons->customer, "name", reasons->name,
			      "strength", strength_word(reasons->strength), "rule", reasons->rule);
	base_json_text(o, "words", reasons->words);
	return o;
}

json_t *serve_record_links(struct serve_request *request, GError **error)
{
	gint64 id;
	if (!id_of(request, "record", &id, error))
		return NULL;
	return reply_of("links", identity_why(request->worker->store, id, error), reasons_json);
}

static json_t *suggestion_json(gconstpointer row)
{
	const struct identity_suggestion *suggestion = row;
	json_t *o = json_pack("{s:I, s:s, s:f, s:s}", "customer", (json_int_t)suggestion->a, "name", suggestion->a_name,
			      "probability", suggestion->probability, "why", suggestion->why);
	json_object_set_new(o, "other", suggestion->record ? json_null() : json_integer(suggestion->b));
	json_object_set_new(o, "record", suggestion->record ? json_integer(suggestion->record) : json_null());
	json_object_set_new(o, suggestion->record ? "title" : "other_name", serve_text_json(suggestion->b_name));
	return o;
}

json_t *serve_suggestions(struct serve_request *request, GError **error)
{
	guint limit;
	if (!serve_number(request, "n", 1, MAX_ROWS, ROWS, &limit, error))
		return NULL;
	return reply_of("suggestions", identity_suggestions(request->worker->who, request->worker->store, limit, error),
			suggestion_json);
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

json_t *serve_unmatched(struct serve_request *request, GError **error)
{
	guint limit;
	if (!serve_number(request, "n", 1, MAX_ROWS, ROWS, &limit, error))
		return NULL;
	return reply_of("unmatched", identity_unmatched(request->worker->store, limit, error), unmatched_json);
}

/* ---- deciding ---- */

static json_t *decision_json(gconstpointer row)
{
	const struct identity_decision *decision = row;
	json_t *o = json_pack("{s:I, s:s, s:s}", "id", (json_int_t)decision->id, "kind", decision->kind, "by",
			      decision->by);
	json_t *what = json_loads(decision->what, 0, NULL);
	base_json_text(o, "why", decision->why);
	json_object_set_new(o, "what", what ? what : json_null());
	base_json_time(o, "made_at", decision->made);
	base_json_time(o, "undone_at", decision->undone);
	base_json_text(o, "undone_by", decision->undone_by);
	base_json_text(o, "undone_why", decision->undone_why);
	return o;
}

json_t *serve_decisions(struct serve_request *request, GError **error)
{
	guint customer, limit;
	if (!serve_number(request, "customer", 0, G_MAXUINT, 0, &customer, error) ||
	    !serve_number(request, "n", 1, MAX_ROWS, ROWS, &limit, error))
		return NULL;
	return reply_of("decisions", identity_decisions(request->worker->store, customer, limit, error), decision_json);
}

struct deciding {
	identity *who;
	const json_t *what; /* NULL: `undo` */
	gint64 undo;
	char *by;
	const char *why;
	gboolean preview;
	struct identity_effect effect;
};

static gboolean decide_job(store *s, gpointer user, GError **error)
{
	struct deciding *d = user;
	return d->what ? identity_decide(d->who, s, d->what, d->by, d->why, base_now(), d->preview, &d->effect, error)
		       : identity_undo(d->who, s, d->undo, d->by, d->why, base_now(), d->preview, &d->effect, error);
}

static json_t *carry_out(struct serve_request *request, struct deciding *d, GError **error)
{
	d->who = sync_hub_identity(request->hub);
	d->why = json_string_value(json_object_get(request->body, "why"));
	d->preview = json_is_true(json_object_get(request->body, "preview"));
	d->by = serve_peer(request);
	json_t *reply = NULL;
	if (store_writer_call(sync_hub_writer(request->hub), decide_job, d, error))
		reply = json_pack("{s:b, s:I, s:I, s:I, s:I}", "preview", d->preview, "decision",
				  (json_int_t)d->effect.decision, "customer", (json_int_t)d->effect.customer, "records",
				  (json_int_t)d->effect.records, "customers", (json_int_t)d->effect.customers);
	if (reply)
		base_json_text(reply, "summary", d->effect.summary);
	identity_effect_clear(&d->effect);
	g_free(d->by);
	return reply;
}

json_t *serve_decide(struct serve_request *request, GError **error)
{
	struct deciding d = {.what = json_object_get(request->body, "what")};
	if (json_is_object(d.what))
		return carry_out(request, &d, error);
	g_set_error(error, SERVE_ERROR, MHD_HTTP_BAD_REQUEST, "what must be an object that says what is decided");
	return NULL;
}

json_t *serve_undo(struct serve_request *request, GError **error)
{
	struct deciding d = {0};
	return id_of(request, "decision", &d.undo, error) ? carry_out(request, &d, error) : NULL;
}
