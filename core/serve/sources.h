/* sources: the routes about sources and their runs, and about the hub as a whole. Each is as routes.c's table wants it.
 */
#pragma once

#include "serve/http.h"

json_t *serve_sources(struct serve_request *request, GError **error);    /* GET: all of them */
json_t *serve_source(struct serve_request *request, GError **error);     /* GET: one */
json_t *serve_runs(struct serve_request *request, GError **error);       /* GET: its runs, newest first */
json_t *serve_failures(struct serve_request *request, GError **error);   /* GET: what could not be read */
json_t *serve_sync(struct serve_request *request, GError **error);       /* POST: read it now */
json_t *serve_cancel(struct serve_request *request, GError **error);     /* POST: end its run */
json_t *serve_check(struct serve_request *request, GError **error);      /* POST: could it be read? */
json_t *serve_removals(struct serve_request *request, GError **error);   /* POST {decision}: on what is held */
json_t *serve_connectors(struct serve_request *request, GError **error); /* GET: the kinds of source there are */
json_t *serve_status(struct serve_request *request, GError **error);     /* GET: the hub at a glance */

/* A source as the caller may see it: whole for admins, reduced for everybody else ("withheld" if it is not open to
 * them). `stored`: NULL when it was never read. Also what an event of it says (events.c). */
json_t *serve_source_seen(const struct serve_caller *caller, const struct sync_state *state,
			  const struct store_source *stored, gint64 now);
