#include "identity/cache.h"

struct identity_cache {
	GHashTable *young, *old;
	guint most;
};

identity_cache *identity_cache_new(GHashFunc hash, GEqualFunc equal, GDestroyNotify key_free, GDestroyNotify value_free,
				   guint most)
{
	identity_cache *cache = g_new0(identity_cache, 1);
	cache->young = g_hash_table_new_full(hash, equal, key_free, value_free);
	cache->old = g_hash_table_new_full(hash, equal, key_free, value_free);
	cache->most = most;
	return cache;
}

void identity_cache_free(identity_cache *cache)
{
	if (cache == NULL)
		return;
	g_hash_table_unref(cache->young);
	g_hash_table_unref(cache->old);
	g_free(cache);
}

void identity_cache_put(identity_cache *cache, gpointer key, gpointer value)
{
	if (g_hash_table_size(cache->young) >= cache->most) {
		GHashTable *spare = cache->old;
		g_hash_table_remove_all(spare);
		cache->old = cache->young;
		cache->young = spare;
	}
	g_hash_table_remove(cache->old, key);
	g_hash_table_replace(cache->young, key, value);
}

gpointer identity_cache_get(identity_cache *cache, gconstpointer key)
{
	gpointer kept_key, value = g_hash_table_lookup(cache->young, key);
	if (value != NULL || !g_hash_table_steal_extended(cache->old, key, &kept_key, &value))
		return value;
	identity_cache_put(cache, kept_key, value);
	return value;
}

void identity_cache_drop(identity_cache *cache, gconstpointer key)
{
	g_hash_table_remove(cache->young, key);
	g_hash_table_remove(cache->old, key);
}

void identity_cache_clear(identity_cache *cache)
{
	g_hash_table_remove_all(cache->young);
	g_hash_table_remove_all(cache->old);
}
