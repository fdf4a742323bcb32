#include "sync/seen.h"

#include <sodium.h>
#include <string.h>

/* The hashes stand in the table as pointers. */
G_STATIC_ASSERT(sizeof(gpointer) == 8);
G_STATIC_ASSERT(crypto_shorthash_BYTES == 8);

enum space { RECORDS, ITEMS, SPACES };

struct sync_seen {
	guint8 keys[SPACES][crypto_shorthash_KEYBYTES]; /* a key a name space: an id is not an item of the same name */
	GHashTable *hashes;
};

struct sync_seen *sync_seen_new(void)
{
	struct sync_seen *seen = g_new0(struct sync_seen, 1);

	for (guint i = 0; i < SPACES; i++)
		crypto_shorthash_keygen(seen->keys[i]);
	seen->hashes = g_hash_table_new(NULL, NULL);
	return seen;
}

void sync_seen_free(struct sync_seen *seen)
{
	if (seen)
		g_hash_table_unref(seen->hashes);
	g_free(seen);
}

static gpointer hash(const struct sync_seen *seen, enum space space, const char *name)
{
	guint64 out;

	crypto_shorthash((guint8 *)&out, (const guint8 *)name, strlen(name), seen->keys[space]);
	return (gpointer)(guintptr)out;
}

static void add(struct sync_seen *seen, enum space space, const char *name)
{
	g_hash_table_add(seen->hashes, hash(seen, space, name));
}

void sync_seen_record(struct sync_seen *seen, const char *id)
{
	add(seen, RECORDS, id);
}

void sync_seen_item(struct sync_seen *seen, const char *item)
{
	add(seen, ITEMS, item);
}

void sync_seen_skip(struct sync_seen *seen, const char *name)
{
	add(seen, RECORDS, name);
	add(seen, ITEMS, name);
}

guint sync_seen_count(const struct sync_seen *seen)
{
	return g_hash_table_size(seen->hashes);
}

gboolean sync_seen_has(const char *id, const char *item, gpointer user)
{
	const struct sync_seen *seen = user;

	return g_hash_table_contains(seen->hashes, hash(seen, RECORDS, id)) ||
	       g_hash_table_contains(seen->hashes, hash(seen, ITEMS, item ? item : id));
}
