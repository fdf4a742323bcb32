/* throttle: how often something may be done, by key: wrong passwords by name and by address, searches by user. Each key
 * has a bucket of so many goes, which fills up again over time. Memory is bounded: of too many keys, the one that was
 * used least lately is forgotten. Any thread. */
#pragma once

#include <glib.h>

struct serve_throttle;

/* `goes` at once, and as many again every `seconds`; `most` keys are remembered. */
struct serve_throttle *serve_throttle_new(guint goes, double seconds, guint most);
void serve_throttle_free(struct serve_throttle *throttle);
/* Takes a go of the key. FALSE: there is none left; `wait` (seconds, at least 1) says when there is one again. `now`:
 * microseconds of a clock that only goes forward. */
gboolean serve_throttle_take(struct serve_throttle *throttle, const char *key, gint64 now, guint *wait);
/* Gives one back: it was not of the kind that counts. */
void serve_throttle_give(struct serve_throttle *throttle, const char *key);

guint serve_throttle_keys(struct serve_throttle *throttle); /* that are remembered */
