/* Records on their way out of a frame. Nothing is believed: each length, each end of a string, each character and each
 * span is checked before it is handed on. */
#include "wire/record.h"

#include <string.h>

struct unpack {
	const guint8 *at, *end;
	gboolean bad;
	GPtrArray *arena;
};

static void get(struct unpack *u, void *to, gsize length)
{
	if (u->bad || (gsize)(u->end - u->at) < length) {
		u->bad = TRUE;
		memset(to, 0, length);
		return;
	}
	memcpy(to, u->at, length);
	u->at += length;
}

static guint32 get_u32(struct unpack *u)
{
	guint32 little;
	get(u, &little, sizeof little);
	return GUINT32_FROM_LE(little);
}

static guint64 get_u64(struct unpack *u)
{
	guint64 little;
	get(u, &little, sizeof little);
	return GUINT64_FROM_LE(little);
}

/* Borrowed from the payload; NULL for an empty one. */
static const char *get_string(struct unpack *u, gsize max)
{
	gsize length = get_u32(u);
	const char *text = (const char *)u->at;
	if (u->bad || length > max || (gsize)(u->end - u->at) <= length || text[length] ||
	    !g_utf8_validate_len(text, length, NULL)) { /* which lets no NUL pass */
		u->bad = TRUE;
		return NULL;
	}
	u->at += length + 1;
	return length ? text : NULL;
}

static const char *get_short(struct unpack *u)
{
	return get_string(u, WIRE_MAX_STRING);
}

/* An array of as many as the payload says, if that can be. */
static gpointer get_array(struct unpack *u, gsize *n, gsize size)
{
	*n = get_u32(u);
	if (u->bad || *n > WIRE_MAX_ENTRIES) {
		u->bad = TRUE;
		*n = 0;
	}
	gpointer out = *n ? g_malloc0_n(*n, size) : NULL;
	if (out)
		g_ptr_array_add(u->arena, out);
	return out;
}

static const struct meri_pair *get_pairs(struct unpack *u, gsize *n)
{
	struct meri_pair *pairs = get_array(u, n, sizeof *pairs);
	for (gsize i = 0; i < *n && !u->bad; i++) {
		const char *name = get_short(u);
		pairs[i] = (struct meri_pair){name ? name : "", get_short(u)};
	}
	return pairs;
}

static const struct meri_party *get_parties(struct unpack *u, gsize *n)
{
	struct meri_party *parties = get_array(u, n, sizeof *parties);
	for (gsize i = 0; i < *n && !u->bad; i++) {
		parties[i].role = get_short(u);
		parties[i].name = get_short(u);
		parties[i].address = get_short(u);
		parties[i].organisation = get_short(u);
	}
	return parties;
}

/* Spans must lie inside the text, one after another. */
static const struct meri_span *get_spans(struct unpack *u, gsize *n, gsize length)
{
	struct meri_span *spans = get_array(u, n, sizeof *spans);
	guint64 done = 0;
	for (gsize i = 0; i < *n && !u->bad; i++) {
		guint64 start = get_u64(u), span = get_u64(u);
		if (start < done || start > length || span > length - start) {
			u->bad = TRUE;
			break;
		}
		done = start + span;
		spans[i] = (struct meri_span){(size_t)start, (size_t)span};
	}
	return spans;
}

static const char *const *get_readers(struct unpack *u, gsize *n)
{
	static const char *const nobody[] = {NULL};
	const guint8 *before = u->at;
	if (get_u32(u) == RECORD_NOT_SAID)
		return NULL;
	u->at = before;
	const char **readers = get_array(u, n, sizeof *readers);
	for (gsize i = 0; i < *n && !u->bad; i++) {
		const char *reader = get_short(u);
		readers[i] = reader ? reader : "";
	}
	return readers ? readers : nobody;
}

static void get_record(struct unpack *u, struct meri_record *r)
{
	guint8 head[2];
	get(u, head, sizeof head);
	r->size = sizeof *r;
	r->kind = head[1];
	r->occurred = (gint64)get_u64(u);
	r->updated = (gint64)get_u64(u);
	r->id = get_string(u, WIRE_MAX_ID);
	r->title = get_short(u);
	const guint8 *before = u->at;
	r->text = get_string(u, WIRE_MAX_TEXT);
	gsize length = r->text ? (gsize)(u->at - before) - sizeof(guint32) - 1 : 0;
	r->url = get_short(u);
	r->thread = get_string(u, WIRE_MAX_ID);
	r->parent = get_string(u, WIRE_MAX_ID);
	r->language = get_short(u);
	r->item = get_string(u, WIRE_MAX_ID);
	r->fingerprint = get_short(u);
	r->parties = get_parties(u, &r->n_parties);
	r->hints = get_pairs(u, &r->n_hints);
	r->fields = get_pairs(u, &r->n_fields);
	r->quoted = get_spans(u, &r->n_quoted, length);
	r->readers = get_readers(u, &r->n_readers);
	r->left_out = get_pairs(u, &r->n_left_out);
	if (head[0] != RECORD_FORM || !r->id || r->kind < MERI_ACCOUNT || r->kind > MERI_EVENT || u->at != u->end)
		u->bad = TRUE;
}

gboolean wire_record_decode(GVariant *payload, struct wire_record *out, GError **error)
{
	memset(out, 0, sizeof *out);
	out->payload = g_variant_ref(payload);
	out->arena = g_ptr_array_new_with_free_func(g_free);
	const guint8 *bytes = g_variant_get_data(payload);
	gsize length = g_variant_get_size(payload);
	struct unpack u = {.at = bytes, .end = bytes + length, .arena = out->arena};
	if (!bytes)
		u.bad = TRUE;
	get_record(&u, &out->record);
	if (!u.bad)
		return TRUE;
	wire_record_clear(out);
	g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE,
		    "a record of %zu bytes breaks the rules in its form, id, kind, spans, text or arrays", length);
	return FALSE;
}

void wire_record_clear(struct wire_record *record)
{
	g_clear_pointer(&record->arena, g_ptr_array_unref);
	g_clear_pointer(&record->payload, g_variant_unref);
}

const char *wire_record_id(GVariant *payload)
{
	return (const char *)g_variant_get_data(payload) + RECORD_ID_AT;
}
