/* answers: what lookup, store and sync know, as JSON of the API. Names are snake_case, times RFC 3339 UTC, null: not
 * known. */
#pragma once

#include <jansson.h>

#include "lookup/lookup.h"
#include "sync/sync.h"

json_t *serve_text_json(const char *text); /* null for NULL */
json_t *serve_number_json(double number);  /* three decimals: what is finer is noise */
void serve_set_text(json_t *o, const char *key, const char *text);
json_t *serve_hit_json(const struct lookup_hit *hit, gboolean score); /* `score`: it is an answer to a search */
json_t *serve_hits_json(const GPtrArray *hits, gboolean score);
json_t *serve_strings_json(const GPtrArray *strings);
json_t *serve_answer_json(const struct lookup_answer *answer); /* without `silent`, `customers` and `cursor` */
json_t *serve_record_json(const struct lookup_record *record);
json_t *serve_run_json(const struct store_run *run);
json_t *serve_failure_json(const struct store_failure *failure);
/* `stored`: NULL when the source was never read. */
json_t *serve_source_json(const struct sync_state *state, const struct store_source *stored, gint64 now);
