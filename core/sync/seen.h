/* seen: the ids and items that a run has met, as 64-bit keyed hashes in one array, so that a complete listing of a
 * million records costs eight megabytes and not their names. The key is new for each run: a source cannot make two ids
 * meet on purpose. By chance two of a million meet once in some thirty million runs, and then one record that is gone
 * stays until the next. */
#pragma once

#include <glib.h>

struct sync_seen;
struct sync_seen *sync_seen_new(void);
void sync_seen_free(struct sync_seen *seen);
typedef struct sync_seen sync_seen_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sync_seen_t, sync_seen_free)

/* Each is FALSE when there are more than there is room for (SYNC_SEEN_MOST). */
#define SYNC_SEEN_MOST (1u << 24)
gboolean sync_seen_record(struct sync_seen *seen, const char *id); /* put */
gboolean sync_seen_item(struct sync_seen *seen, const char *item); /* unchanged: all records of it */
gboolean sync_seen_skip(struct sync_seen *seen, const char *name); /* skipped: a record's id, or an item */
gboolean sync_seen_any(const struct sync_seen *seen);
/* Of type store_seen_fn; user is the struct sync_seen. */
gboolean sync_seen_has(const char *id, const char *item, gpointer user);
