/* cache: what the writer remembers of the store, in bounded memory. Two generations: what was not asked for while the
 * younger one filled up is forgotten, without a list to keep in order. */
#pragma once

#include <glib.h>

typedef struct identity_cache identity_cache;

/* `most`: entries of a generation; twice as many may be held. */
identity_cache *identity_cache_new(GHashFunc hash, GEqualFunc equal, GDestroyNotify key_free, GDestroyNotify value_free,
				   guint most);
void identity_cache_free(identity_cache *cache);
/* NULL: not known. Good until the next put. */
gpointer identity_cache_get(identity_cache *cache, gconstpointer key);
/* Takes both over. */
void identity_cache_put(identity_cache *cache, gpointer key, gpointer value);
void identity_cache_drop(identity_cache *cache, gconstpointer key);
void identity_cache_clear(identity_cache *cache);
