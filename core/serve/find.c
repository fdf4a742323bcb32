/* The routes that search and show records. */
#include "serve/find.h"

#include "base/base.h"
#include "serve/answers.h"
#include "serve/silent.h"

enum { HITS = 20, MAX_HITS = 200, MAX_OFFSET = 10000 };

json_t *serve_find(struct serve_request *request, GError **error)
{
	const char *typed = serve_parameter(request, "q");
	struct lookup_request wanted = {.typed = typed ? typed : "", .who = request->worker->who, .now = base_now()};
	if (!serve_number(request, "n", 1, MAX_HITS, HITS, &wanted.limit, error) ||
	    !serve_number(request, "offset", 0, MAX_OFFSET, 0, &wanted.offset, error))
		return NULL;
	g_autoptr(lookup_answer) answer =
		lookup_find(request->worker->store, request->worker->analyser, &wanted, error);
	if (!answer)
		return NULL;
	json_t *silent = serve_silent(request->hub, request->worker->store, wanted.now, error);
	if (!silent)
		return NULL;
	serve_audit(request, wanted.typed, 0, answer->total);
	json_t *reply = serve_answer_json(answer);
	json_object_set_new(reply, "silent", silent);
	return reply;
}

json_t *serve_record(struct serve_request *request, GError **error)
{
	gint64 id;
	if (!serve_id(request, "record", &id, error))
		return NULL;
	g_autoptr(lookup_record) found = lookup_record_get(request->worker->store, id, error);
	if (!found)
		return NULL;
	serve_audit(request, request->argument, 0, 1);
	return serve_record_json(found);
}
