/* Frames: the types there are, writing, and reading with blocking. */
#include "wire/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

G_DEFINE_QUARK(wire - error - quark, wire_error)

const char *wire_payload_type(enum wire_type type)
{
	switch (type) {
	case WIRE_RUN:
		return "(usmsayta(say))";
	case WIRE_HELLO:
		return "(ssa(symsmsbbms))";
	case WIRE_RECORD:
		return "ay"; /* see record.h */
	case WIRE_REMOVE:
	case WIRE_SEEN:
	case WIRE_CHECKPOINT:
		return "(s)";
	case WIRE_SKIP:
		return "(ss)";
	case WIRE_PROGRESS:
		return "(tts)";
	case WIRE_LOG:
		return "(us)";
	case WIRE_FAIL:
		return "(uxs)";
	case WIRE_END:
		return "(i)";
	case WIRE_DURABLE:
	case WIRE_STOP:
	case WIRE_COMPLETE:
		return "()";
	}
	return NULL;
}

void wire_frame_clear(struct wire_frame *frame)
{
	g_clear_pointer(&frame->payload, g_variant_unref);
}

gboolean wire_append(GByteArray *out, enum wire_type type, GVariant *payload, GError **error)
{
	g_autoptr(GVariant) whole = g_variant_ref_sink(payload);
	if (G_BYTE_ORDER == G_BIG_ENDIAN) {
		GVariant *swapped = g_variant_byteswap(whole);
		g_variant_unref(whole);
		whole = swapped;
	}
	gsize length = g_variant_get_size(whole);
	if (length > WIRE_MAX_PAYLOAD) {
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE, "%zu MiB are more than a frame holds (%u MiB)",
			    length >> 20, WIRE_MAX_PAYLOAD >> 20);
		return FALSE;
	}
	guint32 little = GUINT32_TO_LE((guint32)length);
	guint8 head[WIRE_HEAD];
	memcpy(head, &little, 4);
	head[4] = (guint8)type;
	g_byte_array_append(out, head, WIRE_HEAD);
	if (length) /* not g_variant_store: that wants its target aligned */
		g_byte_array_append(out, g_variant_get_data(whole), (guint)length);
	return TRUE;
}

gboolean wire_write_all(int fd, const void *bytes, gsize length, GError **error)
{
	const char *from = bytes;
	gboolean is_socket = TRUE;
	while (length) {
		ssize_t n = is_socket ? send(fd, from, length, MSG_NOSIGNAL) : write(fd, from, length);
		if (n < 0 && errno == ENOTSOCK && is_socket) {
			is_socket = FALSE;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			gboolean gone = errno == EPIPE || errno == ECONNRESET;
			g_set_error(error, WIRE_ERROR, gone ? WIRE_ERROR_CLOSED : WIRE_ERROR_IO,
				    "cannot write a frame: %s", g_strerror(errno));
			return FALSE;
		}
		from += n;
		length -= (gsize)n;
	}
	return TRUE;
}

gboolean wire_write(int fd, enum wire_type type, GVariant *payload, GError **error)
{
	g_autoptr(GByteArray) out = g_byte_array_new();
	return wire_append(out, type, payload, error) && wire_write_all(fd, out->data, out->len, error);
}

/* Takes no more than the frame's bytes off `fd`, so that what follows stays there for the next reader. */
static gboolean read_exactly(int fd, guint8 *to, gsize length, gboolean may_end, GError **error)
{
	gsize got = 0;
	while (got < length) {
		ssize_t n = read(fd, to + got, length - got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != ECONNRESET) {
			g_set_error(error, WIRE_ERROR, WIRE_ERROR_IO, "cannot read a frame: %s", g_strerror(errno));
			return FALSE;
		}
		if (n <= 0 && got == 0 && may_end) {
			g_set_error_literal(error, WIRE_ERROR, WIRE_ERROR_CLOSED, "the other side is gone");
			return FALSE;
		}
		if (n <= 0) {
			g_set_error_literal(error, WIRE_ERROR, WIRE_ERROR_GARBAGE,
					    "the stream ends in the middle of a frame");
			return FALSE;
		}
		got += (gsize)n;
	}
	return TRUE;
}

gboolean wire_read(int fd, struct wire_frame *frame, GError **error)
{
	guint8 head[WIRE_HEAD];
	gsize length;
	frame->payload = NULL;
	if (!read_exactly(fd, head, WIRE_HEAD, TRUE, error) || !wire_head_parse(head, &frame->type, &length, error))
		return FALSE;
	g_autofree guint8 *bytes = g_malloc(length + 1);
	if (!read_exactly(fd, bytes, length, FALSE, error))
		return FALSE;
	frame->payload = wire_payload_parse(frame->type, g_steal_pointer(&bytes), length, error);
	return frame->payload != NULL;
}
