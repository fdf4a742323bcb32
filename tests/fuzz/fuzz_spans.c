/* Quoted spans as connectors give them, and as a damaged file would hold them: whatever they are, what is kept lies in
 * the text, in order, on whole characters, and own and quoted text together are the text. */
// with: core/store/*.c core/text/*.c core/base/*.c core/identity/*.c
// libs: glib-2.0 sqlite3 jansson libsodium libvoikko libpsl
// link: -lstemmer -lm
#include <stdlib.h>
#include <string.h>

#include "store/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(gboolean fine)
{
	if (!fine)
		abort();
}

static void check_spans(const char *text, gsize length, const GArray *spans)
{
	gsize last = 0, quoted = 0;
	for (guint i = 0; i < spans->len; i++) {
		const struct meri_span *span = &g_array_index(spans, struct meri_span, i);
		require(span->start >= last && span->length > 0 && span->start + span->length <= length);
		require(g_utf8_validate(text + span->start, (gssize)span->length, NULL));
		last = span->start + span->length;
		quoted += span->length;
	}
	require(quoted <= length);
}

/* The bytes of a text that are no line breaks: cutting adds line breaks, and nothing else. */
static gsize weight(const char *text, gsize length)
{
	gsize n = 0;
	for (gsize i = 0; i < length; i++)
		n += text[i] != '\n';
	return n;
}

static void try_given(const char *text, const struct meri_span *spans, gsize n)
{
	gsize length = strlen(text);
	g_autoptr(GByteArray) packed = store_spans_pack(spans, n, text);
	if (!packed)
		return;
	g_autoptr(GArray) unpacked = store_spans_unpack(packed->data, packed->len);
	check_spans(text, length, unpacked);
	g_autoptr(GByteArray) again =
		store_spans_pack((const struct meri_span *)(void *)unpacked->data, unpacked->len, text);
	require(again && again->len == packed->len && memcmp(again->data, packed->data, packed->len) == 0);
	GString *own = store_spans_text(text, length, packed->data, packed->len, FALSE);
	GString *others = store_spans_text(text, length, packed->data, packed->len, TRUE);
	require(weight(own->str, own->len) + weight(others->str, others->len) == weight(text, length));
	g_string_free(own, TRUE);
	g_string_free(others, TRUE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	gsize n = data[0] % 12;
	gsize head = MIN(size - 1, n * 4);
	struct meri_span spans[12] = {0};
	for (gsize i = 0; i < head / 4; i++) {
		const uint8_t *at = data + 1 + i * 4;
		spans[i].start = at[0] == 255 ? SIZE_MAX - at[1] : (gsize)at[0] | (gsize)(at[1] & 1) << 8;
		spans[i].length = at[2] == 255 ? SIZE_MAX - at[3] : (gsize)at[2] | (gsize)(at[3] & 1) << 8;
	}
	g_autofree char *text = g_utf8_make_valid((const char *)data + 1 + head, (gssize)(size - 1 - head));
	try_given(text, spans, head / 4);
	/* A damaged column: any bytes for the packed spans of any text. */
	for (int quoted = 0; quoted < 2; quoted++)
		g_string_free(store_spans_text(text, strlen(text), data, size, quoted), TRUE);
	return 0;
}
