/* Bytes in as they come, whole frames out; and the checks that every reader of frames shares. */
#include "wire/wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { FILL = 256 * 1024 };

struct wire_buffer {
	guint8 *bytes;
	gsize room, start, end;
};

gboolean wire_head_parse(const guint8 head[WIRE_HEAD], enum wire_type *type, gsize *length, GError **error)
{
	guint32 little;
	memcpy(&little, head, 4);
	*length = GUINT32_FROM_LE(little);
	*type = head[4];
	if (!wire_payload_type(*type)) {
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE, "there is no frame of type %u", (guint)head[4]);
		return FALSE;
	}
	if (*length > WIRE_MAX_PAYLOAD) {
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE,
			    "a frame of type %u says it has %zu MiB; %u are allowed", (guint)head[4], *length >> 20,
			    WIRE_MAX_PAYLOAD >> 20);
		return FALSE;
	}
	return TRUE;
}

/* Records have a form of their own, which GVariant sees as mere bytes. */
static gboolean is_well_formed(enum wire_type type, GVariant *payload)
{
	struct wire_record record;
	if (type != WIRE_RECORD)
		return g_variant_is_normal_form(payload);
	if (!wire_record_decode(payload, &record, NULL))
		return FALSE;
	wire_record_clear(&record);
	return TRUE;
}

GVariant *wire_payload_parse(enum wire_type type, guint8 *bytes, gsize length, GError **error)
{
	const char *form = wire_payload_type(type);
	GVariant *payload = g_variant_new_from_data(G_VARIANT_TYPE(form), bytes, length, FALSE, g_free, bytes);
	g_variant_ref_sink(payload);
	if (!is_well_formed(type, payload)) {
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE, "a frame of type %u (%zu bytes) is not well formed",
			    (guint)type, length);
		g_variant_unref(payload);
		return NULL;
	}
	if (G_BYTE_ORDER == G_BIG_ENDIAN) {
		GVariant *swapped = g_variant_byteswap(payload);
		g_variant_unref(payload);
		return swapped;
	}
	return payload;
}

struct wire_buffer *wire_buffer_new(void)
{
	return g_new0(struct wire_buffer, 1);
}

void wire_buffer_free(struct wire_buffer *buffer)
{
	if (buffer)
		g_free(buffer->bytes);
	g_free(buffer);
}

gsize wire_buffer_pending(const struct wire_buffer *buffer)
{
	return buffer->end - buffer->start;
}

/* Room for `more` bytes at the end: by moving what waits to the front first, and giving back what one huge frame took.
 */
static void make_room(struct wire_buffer *buffer, gsize more)
{
	gsize pending = wire_buffer_pending(buffer);
	if (buffer->start) {
		memmove(buffer->bytes, buffer->bytes + buffer->start, pending);
		buffer->start = 0;
		buffer->end = pending;
	}
	gsize need = pending + more;
	if (need > buffer->room || (buffer->room > 8 * FILL && need < buffer->room / 4)) {
		buffer->room = need + need / 2;
		buffer->bytes = g_realloc(buffer->bytes, buffer->room);
	}
}

void wire_buffer_push(struct wire_buffer *buffer, const void *bytes, gsize length)
{
	if (!length)
		return;
	if (buffer->room - buffer->end < length)
		make_room(buffer, length);
	memcpy(buffer->bytes + buffer->end, bytes, length);
	buffer->end += length;
}

gssize wire_buffer_fill(struct wire_buffer *buffer, int fd, GError **error)
{
	if (buffer->room - buffer->end < FILL)
		make_room(buffer, FILL);
	ssize_t n;
	do
		n = read(fd, buffer->bytes + buffer->end, FILL);
	while (n < 0 && errno == EINTR);
	if (n >= 0) {
		buffer->end += (gsize)n;
		return n;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return -2;
	if (errno == ECONNRESET)
		return 0;
	g_set_error(error, WIRE_ERROR, WIRE_ERROR_IO, "cannot read frames: %s", g_strerror(errno));
	return -1;
}

int wire_buffer_next(struct wire_buffer *buffer, struct wire_frame *frame, GError **error)
{
	gsize length, pending = wire_buffer_pending(buffer);
	frame->payload = NULL;
	if (pending < WIRE_HEAD)
		return 0;
	if (!wire_head_parse(buffer->bytes + buffer->start, &frame->type, &length, error))
		return -1;
	if (pending < WIRE_HEAD + length)
		return 0;
	/* A copy of its own: aligned as GVariant wants it, and it outlives the buffer. */
	guint8 *bytes = g_malloc(length + 1);
	memcpy(bytes, buffer->bytes + buffer->start + WIRE_HEAD, length);
	buffer->start += WIRE_HEAD + length;
	frame->payload = wire_payload_parse(frame->type, bytes, length, error);
	return frame->payload ? 1 : -1;
}
