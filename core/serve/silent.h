/* silent: which sources cannot be relied on in an answer, and why: never read, failed, partial, or not read for too
 * long. */
#pragma once

#include <jansson.h>

#include "store/store.h"
#include "sync/sync.h"

/* "fresh", "never", "stale", "failed" or "partial"; `why` (owned by the caller) says more, NULL when fresh. `stored`:
 * NULL when the store does not know the source yet. */
const char *serve_freshness(const struct sync_state *state, const struct store_source *stored, gint64 now, char **why);

/* An array of {source, state, why, last_ok}, one for each source that is not fresh. NULL on error. */
json_t *serve_silent(sync_hub *hub, store *s, gint64 now, GError **error);
