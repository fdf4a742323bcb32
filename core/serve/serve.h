/* serve: the HTTP listener on the Unix socket, and the routes of /api/v1. Worker threads answer; each owns a read-only
 * connection to the store. What changes anything goes through the run engine (sync.h) or the store's writer.
 *
 * The socket file is made for its owner and group only: whoever may open it may ask. */
#pragma once

#include "sync/sync.h"

struct serve;

/* Binds the socket (replacing a dead daemon's file, refusing a living one's) and begins to answer. */
struct serve *serve_new(const struct sync_settings *settings, sync_hub *hub, GError **error);
void serve_free(struct serve *serve); /* ends what is being answered, removes the socket file */
