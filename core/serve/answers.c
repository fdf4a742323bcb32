#include "serve/answers.h"

#include <math.h>

#include "base/base.h"
#include "serve/silent.h"

json_t *serve_text_json(const char *text)
{
	json_t *json = text ? json_string(text) : json_null();
	if (json)
		return json;
	g_autofree char *repaired = base_utf8_repair(text, -1);
	return json_string(repaired);
}

json_t *serve_number_json(double number)
{
	return json_real(round(number * 1000) / 1000);
}

void serve_set_text(json_t *o, const char *key, const char *text)
{
	json_object_set_new(o, key, serve_text_json(text));
}

static json_t *marks_json(const GArray *marks)
{
	json_t *all = json_array();
	for (guint i = 0; marks && i < marks->len; i++) {
		const struct lookup_mark *mark = &g_array_index(marks, struct lookup_mark, i);
		json_array_append_new(all, json_pack("[i, i]", (int)mark->start, (int)mark->length));
	}
	return all;
}

static json_t *customers_json(const GPtrArray *customers)
{
	json_t *all = json_array();
	for (guint i = 0; customers && i < customers->len; i++) {
		const struct lookup_customer *customer = customers->pdata[i];
		json_array_append_new(all,
				      json_pack("{s:I, s:s}", "id", (json_int_t)customer->id, "name", customer->name));
	}
	return all;
}

/* What a hit and a whole record have in common. */
static json_t *head_json(const struct lookup_hit *hit)
{
	json_t *o = json_object();
	json_object_set_new(o, "id", json_integer(hit->id));
	json_object_set_new(o, "source", json_string(hit->source));
	json_object_set_new(o, "external_id", json_string(hit->external_id));
	json_object_set_new(o, "kind", json_string(hit->kind));
	json_object_set_new(o, "title", serve_text_json(hit->title));
	json_object_set_new(o, "from", serve_text_json(hit->from));
	base_json_time(o, "occurred_at", hit->occurred);
	json_object_set_new(o, "url", serve_text_json(hit->url));
	json_object_set_new(o, "thread", serve_text_json(hit->thread));
	json_object_set_new(o, "customers", customers_json(hit->customers));
	return o;
}

json_t *serve_hit_json(const struct lookup_hit *hit, gboolean score)
{
	json_t *o = head_json(hit);
	json_object_set_new(o, "title_marks", marks_json(hit->title_marks));
	json_object_set_new(o, "snippet", json_string(hit->snippet ? hit->snippet : ""));
	json_object_set_new(o, "marks", marks_json(hit->marks));
	if (score) {
		json_object_set_new(o, "more_in_thread", json_integer(hit->more));
		json_object_set_new(o, "score", serve_number_json(hit->score));
	}
	return o;
}

json_t *serve_hits_json(const GPtrArray *hits, gboolean score)
{
	json_t *all = json_array();
	for (guint i = 0; i < hits->len; i++)
		json_array_append_new(all, serve_hit_json(hits->pdata[i], score));
	return all;
}

json_t *serve_strings_json(const GPtrArray *strings)
{
	json_t *all = json_array();
	for (guint i = 0; i < strings->len; i++)
		json_array_append_new(all, json_string(strings->pdata[i]));
	return all;
}

static json_t *facet_json(const GPtrArray *facet)
{
	json_t *all = json_array();
	for (guint i = 0; i < facet->len; i++) {
		const struct lookup_count *count = facet->pdata[i];
		json_t *one = json_pack("{s:s, s:I}", "value", count->value, "count", (json_int_t)count->count);
		base_json_text(one, "name", count->name);
		json_array_append_new(all, one);
	}
	return all;
}

json_t *serve_answer_json(const struct lookup_answer *answer)
{
	return json_pack("{s:s, s:o, s:I, s:b, s:o, s:{s:o, s:o, s:o, s:o, s:o}}", "query", answer->query, "notes",
			 serve_strings_json(answer->notes), "total", (json_int_t)answer->total, "more", answer->more,
			 "hits", serve_hits_json(answer->hits, TRUE), "facets", "source", facet_json(answer->sources),
			 "kind", facet_json(answer->kinds), "customer", facet_json(answer->customers), "team",
			 facet_json(answer->teams), "year", facet_json(answer->years));
}

/* An array of objects out of a flat list: each `n` strings are the values of `names`. */
static json_t *flat_json(const GPtrArray *flat, const char *const *names, guint n)
{
	json_t *all = json_array();
	for (guint i = 0; i + n <= flat->len; i += n) {
		json_t *one = json_object();
		for (guint k = 0; k < n; k++)
			serve_set_text(one, names[k], flat->pdata[i + k]);
		json_array_append_new(all, one);
	}
	return all;
}

json_t *serve_record_json(const struct lookup_record *record)
{
	static const char *const party[] = {"role", "name", "address", "organisation"};
	static const char *const pair[] = {"name", "value"}, *const hint[] = {"scheme", "value"},
				 *const left[] = {"what", "why"};
	json_t *o = head_json(&record->head);
	json_object_set_new(o, "text", serve_text_json(record->text));
	json_object_set_new(o, "parent", serve_text_json(record->parent));
	json_object_set_new(o, "item", serve_text_json(record->item));
	json_object_set_new(o, "language", serve_text_json(record->language));
	base_json_time(o, "updated_at", record->updated);
	base_json_time(o, "added_at", record->added);
	base_json_time(o, "changed_at", record->changed);
	json_object_set_new(o, "parties", flat_json(record->parties, party, 4));
	json_object_set_new(o, "fields", flat_json(record->fields, pair, 2));
	json_object_set_new(o, "hints", flat_json(record->hints, hint, 2));
	json_object_set_new(o, "left_out", flat_json(record->left_out, left, 2));
	return o;
}

json_t *serve_run_json(const struct store_run *run)
{
	json_t *o = json_object();
	json_object_set_new(o, "id", json_integer(run->id));
	base_json_time(o, "started_at", run->started);
	base_json_time(o, "ended_at", run->ended);
	json_object_set_new(o, "verdict", serve_text_json(run->verdict));
	json_object_set_new(o, "reason", serve_text_json(run->reason));
	json_object_set_new(o, "message", serve_text_json(run->message));
	json_object_set_new(o, "added", json_integer(run->added));
	json_object_set_new(o, "changed", json_integer(run->changed));
	json_object_set_new(o, "removed", json_integer(run->removed));
	json_object_set_new(o, "skipped", json_integer(run->skipped));
	json_object_set_new(o, "unchanged", json_integer(run->unchanged));
	json_object_set_new(o, "held", json_integer(run->held));
	json_object_set_new(o, "output", serve_text_json(run->output));
	return o;
}

json_t *serve_failure_json(const struct store_failure *failure)
{
	json_t *o = json_pack("{s:s, s:s, s:I}", "id", failure->id, "why", failure->why, "times",
			      (json_int_t)failure->times);
	base_json_time(o, "first_at", failure->first);
	base_json_time(o, "last_at", failure->last);
	return o;
}

static json_t *progress_json(const struct sync_state *state)
{
	if (!state->running)
		return json_null();
	json_t *o = json_object();
	json_object_set_new(o, "done", json_integer((json_int_t)state->done));
	json_object_set_new(o, "total", json_integer((json_int_t)state->total));
	serve_set_text(o, "what", state->what);
	base_json_time(o, "started_at", state->started);
	json_object_set_new(o, "added", json_integer(state->added));
	json_object_set_new(o, "changed", json_integer(state->changed));
	json_object_set_new(o, "skipped", json_integer(state->skipped));
	json_object_set_new(o, "unchanged", json_integer(state->unchanged));
	return o;
}

json_t *serve_source_json(const struct sync_state *state, const struct store_source *stored, gint64 now)
{
	g_autofree char *why = NULL;
	const char *freshness = serve_freshness(state, stored, now, &why);
	json_t *o = json_object();
	json_object_set_new(o, "name", json_string(state->name));
	json_object_set_new(o, "connector", json_string(state->connector));
	json_object_set_new(o, "schedule", serve_text_json(state->schedule));
	json_object_set_new(o, "state", json_string(freshness));
	json_object_set_new(o, "why", serve_text_json(why));
	json_object_set_new(o, "running", json_boolean(state->running));
	json_object_set_new(o, "queued", json_boolean(state->queued));
	json_object_set_new(o, "progress", progress_json(state));
	json_object_set_new(o, "run", json_integer(state->run));
	base_json_time(o, "next_at", state->next);
	json_object_set_new(o, "records", json_integer(stored ? stored->records : 0));
	json_object_set_new(o, "failures", json_integer(stored ? stored->failures : 0));
	json_object_set_new(o, "held", json_integer(stored ? stored->held : 0));
	json_object_set_new(o, "verdict", serve_text_json(stored ? stored->verdict : NULL));
	json_object_set_new(o, "message", serve_text_json(stored ? stored->message : NULL));
	base_json_time(o, "last_run_at", stored ? stored->last_run : 0);
	base_json_time(o, "last_ok_at", stored ? stored->last_ok : 0);
	base_json_time(o, "last_change_at", stored ? stored->last_change : 0);
	json_object_set_new(o, "team", serve_text_json(state->team));
	json_object_set_new(o, "withheld", json_false());
	json_object_set_new(o, "builtin", json_false());
	return o;
}
