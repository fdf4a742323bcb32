/* Everything that arrives over the wire, as the daemon and as the connector process read it. The first byte of the
 * input says how many bytes come at a time. */
// with: core/wire/*.c
// libs: glib-2.0 gio-2.0 libsodium
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(gboolean fine)
{
	if (!fine)
		abort();
}

/* What was taken for a record must go through again, and come out the same. */
static void again(const struct meri_record *r)
{
	g_autoptr(GVariant) payload = wire_record_encode(r, NULL);
	struct wire_record copy;
	if (!payload) /* with U+FFFD in it an id may have become too long */
		return;
	g_variant_ref_sink(payload);
	require(wire_record_decode(payload, &copy, NULL));
	require(g_strcmp0(copy.record.id, r->id) == 0 && g_strcmp0(copy.record.text, r->text) == 0);
	require(copy.record.n_quoted <= r->n_quoted && copy.record.n_parties == r->n_parties);
	wire_record_clear(&copy);
}

static void look_into(const struct wire_frame *frame)
{
	g_autoptr(GError) error = NULL;
	struct wire_record record;
	struct wire_run run = {0};
	switch (frame->type) {
	case WIRE_RECORD:
		if (!wire_record_decode(frame->payload, &record, &error))
			break;
		for (gsize i = 0; i < record.record.n_quoted; i++)
			require(record.record.quoted[i].start + record.record.quoted[i].length <=
				strlen(record.record.text));
		again(&record.record);
		wire_record_clear(&record);
		break;
	case WIRE_HELLO:
		wire_hello_free(wire_hello_decode(frame->payload, &error));
		break;
	case WIRE_RUN:
		if (wire_run_decode(frame->payload, &run, &error))
			g_hash_table_unref(run.options);
		break;
	default:
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	gsize step = data[0] + 1;
	struct wire_buffer *buffer = wire_buffer_new();
	for (gsize at = 1; at < size; at += step) {
		g_autoptr(GError) error = NULL;
		struct wire_frame frame;
		int got;
		wire_buffer_push(buffer, data + at, MIN(step, size - at));
		while ((got = wire_buffer_next(buffer, &frame, &error)) > 0) {
			look_into(&frame);
			wire_frame_clear(&frame);
		}
		require((got < 0) == (error != NULL));
		if (got < 0)
			break;
	}
	wire_buffer_free(buffer);
	return 0;
}
