/* rights: what a caller may read, worked out of the settings of now (whose source is whose), the store (which sources
 * there are) and the caller's own teams. Asked anew for each request, so that new settings hold from the next one on.
 */
#pragma once

#include "serve/caller.h"
#include "sync/sync.h"

/* Fences a connection (one of those kept for it: store/fence.h) for the caller. Not for admins, who need none. Sources
 * that the settings do not name are open to admins alone, but for the hub's own, "meri", where notes are kept: it is
 * open to all, and a note's own readers say more. `key`: a word that is the same for all who are fenced alike; owned by
 * the caller. */
gboolean serve_fence(sync_hub *hub, const struct serve_caller *caller, store *s, char **key, GError **error);
