#include "sync/seen.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

G_STATIC_ASSERT(crypto_shorthash_BYTES == sizeof(guint64));

enum space { RECORDS, ITEMS, SPACES };

struct sync_seen {
	guint8 keys[SPACES][crypto_shorthash_KEYBYTES]; /* a key a name space: an id is not an item of the same name */
	GArray *hashes;                                 /* guint64 */
	gboolean sorted;
};

struct sync_seen *sync_seen_new(void)
{
	struct sync_seen *seen = g_new0(struct sync_seen, 1);

	for (guint i = 0; i < SPACES; i++)
		crypto_shorthash_keygen(seen->keys[i]);
	seen->hashes = g_array_new(FALSE, FALSE, sizeof(guint64));
	return seen;
}

void sync_seen_free(struct sync_seen *seen)
{
	if (seen)
		g_array_unref(seen->hashes);
	g_free(seen);
}

static guint64 hash(const struct sync_seen *seen, enum space space, const char *name)
{
	guint64 out;

	crypto_shorthash((guint8 *)&out, (const guint8 *)name, strlen(name), seen->keys[space]);
	return out;
}

static gboolean add(struct sync_seen *seen, enum space space, const char *name)
{
	guint64 value = hash(seen, space, name);

	if (seen->hashes->len >= SYNC_SEEN_MOST)
		return FALSE;
	g_array_append_val(seen->hashes, value);
	seen->sorted = FALSE;
	return TRUE;
}

gboolean sync_seen_record(struct sync_seen *seen, const char *id)
{
	return add(seen, RECORDS, id);
}

gboolean sync_seen_item(struct sync_seen *seen, const char *item)
{
	return add(seen, ITEMS, item);
}

gboolean sync_seen_skip(struct sync_seen *seen, const char *name)
{
	return add(seen, RECORDS, name) && add(seen, ITEMS, name);
}

gboolean sync_seen_any(const struct sync_seen *seen)
{
	return seen->hashes->len > 0;
}

static int compare(const void *a, const void *b)
{
	guint64 one, other;

	memcpy(&one, a, sizeof one);
	memcpy(&other, b, sizeof other);
	return one < other ? -1 : one > other;
}

static gboolean has(const struct sync_seen *seen, enum space space, const char *name)
{
	guint64 value = hash(seen, space, name);

	return seen->hashes->len && bsearch(&value, seen->hashes->data, seen->hashes->len, sizeof value, compare);
}

gboolean sync_seen_has(const char *id, const char *item, gpointer user)
{
	struct sync_seen *seen = user;

	if (!seen->sorted && seen->hashes->len)
		qsort(seen->hashes->data, seen->hashes->len, sizeof(guint64), compare);
	seen->sorted = TRUE;
	return has(seen, RECORDS, id) || has(seen, ITEMS, item ? item : id);
}
