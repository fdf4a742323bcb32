/* silent: which sources cannot be relied on in an answer, and why: never read, failed, partial, or not read for too
 * long. */
#pragma once

#include "serve/http.h"

/* "fresh", "never", "stale", "failed" or "partial"; `why` (owned by the caller) says more, NULL when fresh. `stored`:
 * NULL when the store does not know the source yet. */
const char *serve_freshness(const struct sync_state *state, const struct store_source *stored, gint64 now, char **why);

/* An array of {source, state, why, last_ok}, one for each source that is not fresh, or that is not open to who asks
 * (the state is "withheld" then, and nothing else is told). NULL on error. */
json_t *serve_silent(struct serve_request *request, gint64 now, GError **error);
