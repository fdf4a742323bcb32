/* spool: what a run has sent since its last checkpoint, kept until the next: in memory up to a few megabytes, then in a
 * file without a name beside the store, up to a limit. Filled in the main loop, read once in the writer's thread. */
#pragma once

#include "wire/wire.h"

struct sync_spool;
/* `folder`: where the file is made when it comes to that, made itself if need be; `limit`: bytes in all. */
struct sync_spool *sync_spool_new(const char *folder, guint64 limit);
void sync_spool_free(struct sync_spool *spool);
typedef struct sync_spool sync_spool_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sync_spool_t, sync_spool_free)

/* Appends; WIRE_ERROR_GARBAGE if it is over the limit then, WIRE_ERROR_IO if the file cannot be written. */
gboolean sync_spool_add(struct sync_spool *spool, enum wire_type type, GVariant *payload, GError **error);
guint64 sync_spool_count(const struct sync_spool *spool); /* frames */
guint64 sync_spool_bytes(const struct sync_spool *spool);
gboolean sync_spool_in_file(const struct sync_spool *spool);

/* Calls `visit` for each frame in order; stops at FALSE, which is returned with the visitor's error. */
typedef gboolean (*sync_spool_visit)(enum wire_type type, GVariant *payload, gpointer user, GError **error);
gboolean sync_spool_each(struct sync_spool *spool, sync_spool_visit visit, gpointer user, GError **error);
