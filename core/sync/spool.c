#include "sync/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IN_MEMORY = 4 << 20 };

/* Before each payload; payloads stand as they are in memory, for this process alone. */
struct head {
	guint32 length, type;
};

struct sync_spool {
	char *folder;
	guint64 limit, bytes, count;
	GByteArray *memory; /* what is not yet in the file */
	int fd;             /* -1: none yet */
};

struct sync_spool *sync_spool_new(const char *folder, guint64 limit)
{
	struct sync_spool *spool = g_new0(struct sync_spool, 1);

	spool->folder = g_strdup(folder);
	spool->limit = limit;
	spool->memory = g_byte_array_new();
	spool->fd = -1;
	return spool;
}

void sync_spool_free(struct sync_spool *spool)
{
	if (!spool)
		return;
	if (spool->fd >= 0)
		close(spool->fd);
	g_byte_array_unref(spool->memory);
	g_free(spool->folder);
	g_free(spool);
}

guint64 sync_spool_count(const struct sync_spool *spool)
{
	return spool->count;
}

guint64 sync_spool_bytes(const struct sync_spool *spool)
{
	return spool->bytes;
}

gboolean sync_spool_in_file(const struct sync_spool *spool)
{
	return spool->fd >= 0;
}

static int open_unnamed(const char *folder)
{
	int fd;

	g_mkdir(folder, 0700);
	fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	/* A file system without O_TMPFILE: a name for a moment. */
	g_autofree char *name = g_build_filename(folder, "spool-XXXXXX", NULL);

	fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		unlink(name);
	return fd;
}

static gboolean flush(struct sync_spool *spool, GError **error)
{
	const guint8 *from = spool->memory->data;
	gsize left = spool->memory->len;

	if (spool->fd < 0)
		spool->fd = open_unnamed(spool->folder);
	while (spool->fd >= 0 && left) {
		ssize_t written = write(spool->fd, from, left);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			break;
		from += written;
		left -= (gsize)written;
	}
	if (spool->fd < 0 || left) {
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_IO, "cannot keep what comes before a checkpoint in %s: %s",
			    spool->folder, g_strerror(errno));
		return FALSE;
	}
	g_byte_array_set_size(spool->memory, 0);
	return TRUE;
}

gboolean sync_spool_add(struct sync_spool *spool, enum wire_type type, GVariant *payload, GError **error)
{
	struct head head = {.length = (guint32)g_variant_get_size(payload), .type = type};
	guint at;

	spool->bytes += sizeof head + head.length;
	spool->count++;
	if (spool->bytes > spool->limit) {
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE,
			    "put %" G_GUINT64_FORMAT " records (%" G_GUINT64_FORMAT " MiB) without a checkpoint",
			    spool->count, spool->bytes >> 20);
		return FALSE;
	}
	if (spool->memory->len + sizeof head + head.length > IN_MEMORY && spool->memory->len && !flush(spool, error))
		return FALSE;
	g_byte_array_append(spool->memory, (const guint8 *)&head, sizeof head);
	at = spool->memory->len;
	g_byte_array_set_size(spool->memory, at + head.length);
	if (head.length)
		g_variant_store(payload, spool->memory->data + at);
	return TRUE;
}

/* Hands `bytes` (taken over) to the visitor. */
static gboolean show(const struct head *head, guint8 *bytes, sync_spool_visit visit, gpointer user, GError **error)
{
	const GVariantType *form = G_VARIANT_TYPE(wire_payload_type(head->type));
	g_autoptr(GVariant) payload =
		g_variant_ref_sink(g_variant_new_from_data(form, bytes, head->length, TRUE, g_free, bytes));

	return visit(head->type, payload, user, error);
}

static gboolean read_exactly(int fd, void *to, gsize length, off_t *at, GError **error)
{
	char *next = to;

	while (length) {
		ssize_t got = pread(fd, next, length, *at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			g_set_error(error, WIRE_ERROR, WIRE_ERROR_IO,
				    "cannot read back what came before a checkpoint: %s",
				    got ? g_strerror(errno) : "the file is shorter than it was");
			return FALSE;
		}
		next += got;
		*at += got;
		length -= (gsize)got;
	}
	return TRUE;
}

static gboolean each_in_file(struct sync_spool *spool, sync_spool_visit visit, gpointer user, GError **error)
{
	struct stat status;
	struct head head;

	if (fstat(spool->fd, &status) < 0)
		status.st_size = 0;
	for (off_t at = 0; at < status.st_size;) {
		if (!read_exactly(spool->fd, &head, sizeof head, &at, error))
			return FALSE;
		g_autofree guint8 *bytes = g_malloc(head.length + 1);

		if (!read_exactly(spool->fd, bytes, head.length, &at, error))
			return FALSE;
		if (!show(&head, g_steal_pointer(&bytes), visit, user, error))
			return FALSE;
	}
	return TRUE;
}

gboolean sync_spool_each(struct sync_spool *spool, sync_spool_visit visit, gpointer user, GError **error)
{
	struct head head;

	if (spool->fd >= 0 && !each_in_file(spool, visit, user, error))
		return FALSE;
	for (guint at = 0; at < spool->memory->len;) {
		memcpy(&head, spool->memory->data + at, sizeof head);
		at += sizeof head;
		guint8 *bytes = g_malloc(head.length + 1);

		memcpy(bytes, spool->memory->data + at, head.length);
		at += head.length;
		if (!show(&head, bytes, visit, user, error))
			return FALSE;
	}
	return TRUE;
}
