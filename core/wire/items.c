/* The table behind unchanged(): which items were read whole under which fingerprint, as two keyed hashes each. The key
 * is drawn anew for each table, so that nobody can make two items collide. */
#include "wire/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

G_STATIC_ASSERT(crypto_shorthash_BYTES == 8 && crypto_shorthash_KEYBYTES == 16);

struct entry {
	guint64 item, fingerprint;
};

struct head {
	char magic[8];
	guint64 count;
	guint8 key[16];
};
static const char MAGIC[8] = "meri-it1";

struct wire_items {
	GArray *filling; /* struct entry; NULL once mapped */
	guint8 key[16];
	void *map;
	gsize map_length, count;
	const struct entry *entries;
};

static guint64 keyed(const struct wire_items *items, const char *text)
{
	guint64 hash;
	crypto_shorthash((unsigned char *)&hash, (const unsigned char *)text, strlen(text), items->key);
	return hash;
}

struct wire_items *wire_items_new(void)
{
	struct wire_items *items = g_new0(struct wire_items, 1);
	items->filling = g_array_new(FALSE, FALSE, sizeof(struct entry));
	randombytes_buf(items->key, sizeof items->key);
	return items;
}

void wire_items_add(struct wire_items *items, const char *item, const char *fingerprint)
{
	struct entry e = {keyed(items, item), keyed(items, fingerprint)};
	g_array_append_val(items->filling, e);
}

static int by_hash(gconstpointer a, gconstpointer b)
{
	const struct entry *x = a, *y = b;
	int order = (x->item > y->item) - (x->item < y->item);
	return order ? order : (x->fingerprint > y->fingerprint) - (x->fingerprint < y->fingerprint);
}

int wire_items_to_fd(struct wire_items *items, GError **error)
{
	g_array_sort(items->filling, by_hash);
	struct head head = {.count = items->filling->len};
	memcpy(head.magic, MAGIC, sizeof MAGIC);
	memcpy(head.key, items->key, sizeof head.key);
	int fd = memfd_create("meri-items", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0) {
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_IO, "cannot make the table of items: %s", g_strerror(errno));
		return -1;
	}
	/* Sealed, so that the child can neither change the table nor cut it short under another reader. */
	if (!wire_write_all(fd, &head, sizeof head, error) ||
	    !wire_write_all(fd, items->filling->data, items->filling->len * sizeof(struct entry), error) ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) {
		if (error && !*error)
			g_set_error(error, WIRE_ERROR, WIRE_ERROR_IO, "cannot seal the table of items: %s",
				    g_strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

struct wire_items *wire_items_from_fd(int fd, GError **error)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || (gsize)st.st_size < sizeof(struct head)) {
		g_set_error_literal(error, WIRE_ERROR, WIRE_ERROR_GARBAGE, "the table of items is too short");
		return NULL;
	}
	gsize length = (gsize)st.st_size;
	void *map = mmap(NULL, length, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED) {
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_IO, "cannot map the table of items: %s", g_strerror(errno));
		return NULL;
	}
	const struct head *head = map;
	gsize room = (length - sizeof *head) / sizeof(struct entry);
	if (memcmp(head->magic, MAGIC, sizeof MAGIC) != 0 || head->count != room) {
		g_set_error_literal(error, WIRE_ERROR, WIRE_ERROR_GARBAGE, "the table of items is not one");
		munmap(map, length);
		return NULL;
	}
	struct wire_items *items = g_new0(struct wire_items, 1);
	items->map = map;
	items->map_length = length;
	items->count = room;
	items->entries = (const struct entry *)(head + 1);
	memcpy(items->key, head->key, sizeof items->key);
	return items;
}

/* The hashes are evenly spread, but a table may be a liar's: a plain binary search has no bad case. */
gboolean wire_items_has(const struct wire_items *items, const char *item, const char *fingerprint)
{
	struct entry want = {keyed(items, item), keyed(items, fingerprint)};
	gsize low = 0, high = items->count;
	while (low < high) {
		gsize middle = low + (high - low) / 2;
		int order = by_hash(&items->entries[middle], &want);
		if (order == 0)
			return TRUE;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return FALSE;
}

void wire_items_free(struct wire_items *items)
{
	if (!items)
		return;
	if (items->filling)
		g_array_unref(items->filling);
	if (items->map)
		munmap(items->map, items->map_length);
	g_free(items);
}
