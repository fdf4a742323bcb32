/* serve: the faces of the hub: the HTTP API on the Unix socket and, where the settings say `listen`, on TCP, with the
 * page beside it there. Who asks is found out by the account at the other end of the socket, or by log-in, token or
 * trusted proxy. What changes anything goes through the run engine (sync.h) or the store's writer. */
#pragma once

#include "sync/sync.h"

struct serve;

/* Binds the sockets (replacing a dead daemon's file, refusing a living one's) and begins to answer. The settings are
 * those that the hub began with, and stay. In the main loop's thread. */
struct serve *serve_new(const struct sync_settings *settings, sync_hub *hub, GError **error);
void serve_free(struct serve *serve); /* ends what is being answered, removes the socket file */

/* The one-time link that makes the first admin; NULL when there is one in the store (any connection), or browsers cannot
 * reach us. Owned by the caller. Any thread. */
char *serve_first_link(struct serve *serve, store *s);
