/* events: what a browser watches live (GET /api/v1/events, server-sent events): a source's object whenever it changes,
 * at most four times a second, as the watcher may see it; a comment every 15 seconds, so that a dead watcher is
 * noticed. A watcher costs a connection and no thread. What waits for one that reads slowly is bounded: states that it
 * missed are left out, and the last one comes when it reads again.
 *
 * A watch ends after some minutes and the browser begins a new one, so that nobody watches on with rights of before. */
#pragma once

#include "serve/http.h"

struct serve_events;

struct serve_events *serve_events_new(struct serve *serve); /* in the main loop's thread */
void serve_events_stop(struct serve_events *events);        /* ends all watches; no more begin */
void serve_events_free(struct serve_events *events);        /* after all connections were closed */

/* Ends the watches of a user, whose rights have changed (0: of all). Any thread. */
void serve_events_drop(struct serve *serve, gint64 user);

/* A source has changed by something else than a run: whoever watches is told. Any thread. */
void serve_events_tell(struct serve *serve, const char *source);

/* The route. Its reply is no JSON, and stands in the request. */
json_t *serve_watch(struct serve_request *request, GError **error);
