/* Quoted spans: how they are kept, and the two SQL functions that cut a record's text by them. Other people's words and
 * signatures have a column of their own in the index, so that they can be found without drowning what was written. */
#include "store/internal.h"

#include <string.h>

static void put_varint(GByteArray *bytes, guint64 value)
{
	while (value >= 0x80) {
		guint8 byte = (guint8)(value | 0x80);
		g_byte_array_append(bytes, &byte, 1);
		value >>= 7;
	}
	guint8 last = (guint8)value;
	g_byte_array_append(bytes, &last, 1);
}

static gboolean get_varint(const guint8 **at, const guint8 *end, guint64 *value)
{
	*value = 0;
	for (guint shift = 0; *at < end && shift < 64; shift += 7) {
		guint8 byte = *(*at)++;
		*value |= (guint64)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return TRUE;
	}
	return FALSE;
}

static int by_start(gconstpointer a, gconstpointer b)
{
	const struct meri_span *x = a, *y = b;
	return x->start < y->start ? -1 : x->start > y->start;
}

static gboolean inside_character(const char *text, gsize at)
{
	return ((guint8)text[at] & 0xc0) == 0x80;
}

GByteArray *store_spans_pack(const struct meri_span *spans, gsize n, const char *text)
{
	if (n == 0 || !text)
		return NULL;
	gsize length = strlen(text), last = 0;
	g_autofree struct meri_span *sorted = g_memdup2(spans, n * sizeof(*spans));
	qsort(sorted, n, sizeof(*sorted), by_start);
	GByteArray *packed = g_byte_array_new();
	for (gsize i = 0; i < n; i++) {
		gsize start = MIN(sorted[i].start, length);
		gsize end = start + MIN(sorted[i].length, length - start);
		while (start > 0 && inside_character(text, start))
			start--;
		while (end < length && inside_character(text, end))
			end++;
		start = MAX(start, last);
		if (end <= start)
			continue;
		put_varint(packed, start - last);
		put_varint(packed, end - start);
		last = end;
	}
	if (packed->len > 0)
		return packed;
	g_byte_array_unref(packed);
	return NULL;
}

static gboolean next_span(const guint8 **at, const guint8 *end, gsize *position, struct meri_span *span)
{
	guint64 gap = 0, length = 0;
	if (*at >= end || !get_varint(at, end, &gap) || !get_varint(at, end, &length))
		return FALSE;
	if (gap > G_MAXUINT32 || length > G_MAXUINT32) /* no text is so long: a damaged row */
		return FALSE;
	span->start = *position + gap;
	span->length = length;
	*position = span->start + span->length;
	return TRUE;
}

GArray *store_spans_unpack(const void *packed, gsize length)
{
	GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct meri_span));
	const guint8 *at = packed;
	gsize position = 0;
	struct meri_span span;
	while (packed && next_span(&at, (const guint8 *)packed + length, &position, &span))
		g_array_append_val(spans, span);
	return spans;
}

GString *store_spans_text(const char *text, gsize length, const guint8 *packed, gsize packed_length, gboolean quoted)
{
	GString *out = g_string_sized_new(length + 1);
	g_autoptr(GArray) spans = store_spans_unpack(packed, packed_length);
	gsize position = 0;
	for (guint i = 0; i < spans->len; i++) {
		const struct meri_span *span = &g_array_index(spans, struct meri_span, i);
		gsize start = MIN(span->start, length), end = MIN(span->start + span->length, length);
		gsize from = quoted ? start : position, to = quoted ? end : start;
		if (out->len > 0 && to > from)
			g_string_append_c(out, '\n'); /* words on both sides of a cut are not neighbours */
		g_string_append_len(out, text + from, (gssize)(to - from));
		position = end;
	}
	if (!quoted && position < length) {
		if (out->len > 0)
			g_string_append_c(out, '\n');
		g_string_append_len(out, text + position, (gssize)(length - position));
	}
	return out;
}

/* meri_own(text, spans) and meri_quoted(text, spans); which of the two is the function's user data. */
static void cut(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	gboolean quoted = sqlite3_user_data(context) != NULL;
	int packed_length = sqlite3_value_bytes(values[1]);
	const guint8 *packed = sqlite3_value_blob(values[1]);
	if (packed_length == 0) {
		if (!quoted)
			sqlite3_result_value(context, values[0]);
		return;
	}
	const char *text = (const char *)sqlite3_value_text(values[0]);
	if (!text)
		return;
	GString *out =
		store_spans_text(text, (gsize)sqlite3_value_bytes(values[0]), packed, (gsize)packed_length, quoted);
	gsize length = out->len;
	sqlite3_result_text64(context, g_string_free(out, FALSE), length, g_free, SQLITE_UTF8);
}

gboolean store_spans_register(sqlite3 *db, GError **error)
{
	static const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
	static char yes;
	if (sqlite3_create_function_v2(db, "meri_own", 2, flags, NULL, cut, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_create_function_v2(db, "meri_quoted", 2, flags, &yes, cut, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail_db(db, "registering functions", error);
	return TRUE;
}
