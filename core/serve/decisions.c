#include "serve/decisions.h"

#include <string.h>

#include "base/base.h"
#include "serve/answers.h"
#include "serve/rows.h"

enum { ROWS = 50, MAX_ROWS = 1000, MAX_NAME = 500, MAX_WHY = 2000 };

/* ---- the journal ---- */

static json_t *decision_json(gconstpointer row)
{
	const struct identity_decision *decision = row;
	json_t *o = json_pack("{s:I, s:s, s:s}", "id", (json_int_t)decision->id, "kind", decision->kind, "by",
			      decision->by);
	json_t *what = json_loads(decision->what, 0, NULL);
	serve_set_text(o, "why", decision->why);
	json_object_set_new(o, "what", what ? what : json_null());
	base_json_time(o, "made_at", decision->made);
	base_json_time(o, "undone_at", decision->undone);
	serve_set_text(o, "undone_by", decision->undone_by);
	serve_set_text(o, "undone_why", decision->undone_why);
	return o;
}

/* The newest first. */
static void decision_key(gconstpointer row, gint64 key[SERVE_KEY])
{
	key[0] = -((const struct identity_decision *)row)->id;
}

static GPtrArray *read_decisions(struct serve_request *request, gconstpointer customer, guint limit, GError **error)
{
	return identity_decisions(request->worker->store, *(const gint64 *)customer, limit, error);
}

json_t *serve_decisions(struct serve_request *request, GError **error)
{
	static const char *const about[] = {"customer", NULL};
	const char *text = serve_parameter(request, "customer");
	gint64 customer = 0;
	if (text && !g_ascii_string_to_signed(text + (*text == 'c'), 10, 0, G_MAXINT64, &customer, NULL)) {
		g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "customer must be a customer's number, not \"%s\"",
			    text);
		return NULL;
	}
	gint64 now = customer ? identity_now(request->worker->store, customer) : 0;
	customer = now ? now : customer;
	const struct serve_rows rows = {.name = "decisions",
					.about = about,
					.otherwise = ROWS,
					.most = MAX_ROWS,
					.read = read_decisions,
					.key = decision_key,
					.render = decision_json,
					.user = &customer};
	return serve_rows_reply(request, &rows, error);
}

/* ---- what may be decided ---- */

/* Whoever does not read everything decides on what they see: the rest is not there for them. */
static gboolean sees_customers(struct serve_request *request, const json_t *what, GError **error)
{
	static const char *const names[] = {"from", "into", "customer", "a", "b", "person"};
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const json_t *id = json_object_get(what, names[i]);
		if (!json_is_integer(id))
			continue;
		struct identity_found *found =
			identity_brief(request->worker->store, json_integer_value(id), "id", error);
		if (!found)
			return FALSE;
		identity_found_free(found);
	}
	return TRUE;
}

static GArray *numbers_of(const json_t *array)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(gint64));
	size_t i;
	json_t *one;
	json_array_foreach(array, i, one) g_array_append_vals(all, &(gint64){json_integer_value(one)}, 1);
	return all;
}

static guint different(GArray *numbers)
{
	g_autoptr(GHashTable) set = g_hash_table_new(g_int64_hash, g_int64_equal);
	for (guint i = 0; i < numbers->len; i++)
		g_hash_table_add(set, &g_array_index(numbers, gint64, i));
	return g_hash_table_size(set);
}

static gboolean sees_records(struct serve_request *request, const json_t *what, GError **error)
{
	g_autoptr(GArray) records = numbers_of(json_object_get(what, "records"));
	g_autoptr(GArray) rows = numbers_of(json_object_get(what, "rows"));
	gint64 there, rows_there;
	if (!lookup_count_there(request->worker->store, records, &there, error) ||
	    !lookup_count_rows_there(request->worker->store, rows, &rows_there, error))
		return FALSE;
	if (there == different(records) && rows_there == different(rows))
		return TRUE;
	g_set_error(error, SERVE_ERROR, SERVE_NOT_FOUND, "there is no such record among those that are named");
	return FALSE;
}

/* Texts of a decision go into the journal: they are lines, not documents. */
static gboolean texts_are_short(const json_t *what, GError **error)
{
	static const char *const names[] = {"name", "value", "role", "kind", "key"};
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *text = json_string_value(json_object_get(what, names[i]));
		if (!text || g_utf8_strlen(text, -1) <= MAX_NAME)
			continue;
		g_set_error(error, SERVE_ERROR, SERVE_REFUSED, "%s is longer than %d characters", names[i], MAX_NAME);
		return FALSE;
	}
	return TRUE;
}

/* ---- deciding ---- */

struct deciding {
	identity *who;
	const json_t *what; /* NULL: `undo` */
	gint64 undo;
	const char *by, *why;
	gboolean preview;
	struct identity_effect effect;
};

static gboolean decide_job(store *s, gpointer user, GError **error)
{
	struct deciding *d = user;
	return d->what ? identity_decide(d->who, s, d->what, d->by, d->why, base_now(), d->preview, &d->effect, error)
		       : identity_undo(d->who, s, d->undo, d->by, d->why, base_now(), d->preview, &d->effect, error);
}

/* Numbers of the effect as who asks may know them: of what they see. */
static gboolean seen_effect(struct serve_request *request, struct identity_effect *effect, GError **error)
{
	if (request->caller->admin || !effect->touched)
		return TRUE;
	if (!lookup_count_there(request->worker->store, effect->touched, &effect->records, error) ||
	    !lookup_count_rows_there(request->worker->store, effect->moved, &effect->customers, error))
		return FALSE;
	g_autofree char *told = effect->summary;
	const char *end = strchr(told, ':');
	effect->summary = g_strdup_printf("%.*s: %" G_GINT64_FORMAT " records, %" G_GINT64_FORMAT
					  " customer records change their customer",
					  (int)(end ? end - told : 0), told, effect->records, effect->customers);
	return TRUE;
}

static json_t *effect_json(const struct deciding *d)
{
	json_t *reply = json_pack("{s:b, s:I, s:I, s:I, s:I}", "preview", d->preview, "decision",
				  (json_int_t)d->effect.decision, "customer", (json_int_t)d->effect.customer, "records",
				  (json_int_t)d->effect.records, "customers", (json_int_t)d->effect.customers);
	serve_set_text(reply, "summary", d->effect.summary);
	return reply;
}

static json_t *carry_out(struct serve_request *request, struct deciding *d, GError **error)
{
	d->who = sync_hub_identity(request->hub);
	d->why = serve_body_text(request, "why");
	d->preview = json_is_true(json_object_get(request->body, "preview"));
	if (d->why && g_utf8_strlen(d->why, -1) > MAX_WHY) {
		g_set_error(error, SERVE_ERROR, SERVE_REFUSED, "why is longer than %d characters", MAX_WHY);
		return NULL;
	}
	g_autofree char *by = serve_peer(request);
	json_t *reply = NULL;
	d->by = by;
	if (store_writer_call(sync_hub_writer(request->hub), decide_job, d, error) &&
	    seen_effect(request, &d->effect, error)) {
		reply = effect_json(d);
		serve_audit(request, d->effect.summary, d->effect.customer, -1);
	}
	identity_effect_clear(&d->effect);
	return reply;
}

json_t *serve_decide(struct serve_request *request, GError **error)
{
	struct deciding d = {.what = json_object_get(request->body, "what")};
	if (!json_is_object(d.what)) {
		g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST, "what must be an object that says what is decided");
		return NULL;
	}
	if (!texts_are_short(d.what, error))
		return NULL;
	if (!request->caller->admin &&
	    (!sees_customers(request, d.what, error) || !sees_records(request, d.what, error)))
		return NULL;
	return carry_out(request, &d, error);
}

/* Is the decision in the journal that who asks may read? */
static gboolean sees_decision(struct serve_request *request, gint64 id, GError **error)
{
	g_autoptr(GPtrArray) all = identity_decisions(request->worker->store, 0, G_MAXUINT, error);
	for (guint i = 0; all && i < all->len; i++)
		if (((const struct identity_decision *)all->pdata[i])->id == id)
			return TRUE;
	if (all)
		g_set_error(error, SERVE_ERROR, SERVE_NOT_FOUND, "there is no decision %" G_GINT64_FORMAT, id);
	return FALSE;
}

json_t *serve_undo(struct serve_request *request, GError **error)
{
	struct deciding d = {0};
	if (!serve_id(request, "decision", &d.undo, error) ||
	    (!request->caller->admin && !sees_decision(request, d.undo, error)))
		return NULL;
	return carry_out(request, &d, error);
}
