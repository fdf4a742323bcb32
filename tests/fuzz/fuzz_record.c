/* What a connector may hand over in a record, however wrong: the daemon must get a record that keeps the rules, or
 * none. The input is cut at line ends: id, title, text, then the numbers of spans and a field. */
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

static gboolean at_a_character(const char *text, gsize at)
{
	return ((guchar)text[at] & 0xC0) != 0x80;
}

static void look(const struct meri_record *r)
{
	const char *text = r->text ? r->text : "";
	gsize length = strlen(text), done = 0;
	require(r->id && *r->id && strlen(r->id) <= WIRE_MAX_ID && g_utf8_validate(r->id, -1, NULL));
	require(g_utf8_validate(text, -1, NULL) && (!r->title || g_utf8_validate(r->title, -1, NULL)));
	for (gsize i = 0; i < r->n_quoted; i++) {
		const struct meri_span *s = &r->quoted[i];
		require(s->start >= done && s->length > 0 && s->start <= length && s->length <= length - s->start);
		require(at_a_character(text, s->start) && at_a_character(text, s->start + s->length));
		done = s->start + s->length;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *copy = g_strndup((const char *)data, size);
	g_auto(GStrv) lines = g_strsplit(copy, "\n", 6);
	struct meri_span spans[16];
	gsize n = 0, length = g_strv_length(lines);
	const char *number = length > 3 ? lines[3] : "";
	/* Two characters a span: how far on it begins, and how long it is. */
	for (gsize at = 0; n < 16 && number[0] && number[1]; number += 2, n++) {
		at += (gsize)(signed char)number[0] - 32;
		spans[n] = (struct meri_span){at, (gsize)(signed char)number[1] - 32};
		at += spans[n].length;
	}
	struct meri_pair pair = {length > 4 ? lines[4] : NULL, length > 5 ? lines[5] : NULL};
	struct meri_record given = {.size = sizeof given,
				    .id = length ? lines[0] : NULL,
				    .kind = MERI_NOTE,
				    .title = length > 1 ? lines[1] : NULL,
				    .text = length > 2 ? lines[2] : NULL,
				    .parent = length ? lines[0] : NULL,
				    .quoted = spans,
				    .n_quoted = n,
				    .fields = &pair,
				    .n_fields = 1,
				    .left_out = &pair,
				    .n_left_out = 1};
	g_autoptr(GVariant) payload = wire_record_encode(&given, NULL);
	if (!payload)
		return 0;
	struct wire_record out;
	require(wire_record_decode(payload, &out, NULL));
	look(&out.record);
	require(strcmp(wire_record_id(payload), out.record.id) == 0);
	wire_record_clear(&out);
	return 0;
}
