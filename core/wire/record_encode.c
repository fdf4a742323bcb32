/* Records on their way into a frame: what a connector hands over is mended, bounded and packed. The form is made for
 * this one purpose, because a record crosses twice for each mail or ticket there is; see record.h. */
#include "wire/record.h"

#include <string.h>

struct pack {
	GByteArray *out, *left_out; /* left_out: pairs, packed; they come last, as mending finds more on the way */
	guint n_left_out;
};

static void put_u32(GByteArray *out, gsize value)
{
	guint32 little = GUINT32_TO_LE((guint32)value);
	g_byte_array_append(out, (const guint8 *)&little, sizeof little);
}

static void put_u64(GByteArray *out, guint64 value)
{
	guint64 little = GUINT64_TO_LE(value);
	g_byte_array_append(out, (const guint8 *)&little, sizeof little);
}

/* What is past the largest frame is refused in the end: it need not be packed. */
static void put_bytes(GByteArray *out, const char *text, gsize length)
{
	if (out->len > WIRE_MAX_PAYLOAD)
		return;
	put_u32(out, length);
	g_byte_array_append(out, (const guint8 *)text, (guint)length);
	g_byte_array_append(out, (const guint8 *)"", 1);
}

static void leave_out(struct pack *p, const char *what, const char *why)
{
	if (p->n_left_out >= WIRE_MAX_ENTRIES)
		return;
	p->n_left_out++;
	put_bytes(p->left_out, what, strlen(what));
	put_bytes(p->left_out, why, strlen(why));
}

/* A string of at most `max` bytes, cut between characters. Returns how many bytes it has now. */
static gsize put_string(struct pack *p, GByteArray *out, const char *what, const char *text, gsize max)
{
	guint bad = 0;
	gsize length = text ? strlen(text) : 0;
	g_autofree char *mended = length ? wire_repair(text, length, &bad) : NULL;
	if (mended) {
		g_autofree char *why = g_strdup_printf("%u %s not UTF-8", bad, bad == 1 ? "byte was" : "bytes were");
		leave_out(p, what, why);
		text = mended;
		length = strlen(mended);
	}
	gsize keep = length;
	if (length > max) {
		keep = max;
		while (keep && ((guchar)text[keep] & 0xC0) == 0x80)
			keep--;
		g_autofree char *why = g_strdup_printf("cut after %zu of %zu bytes", keep, length);
		leave_out(p, what, why);
	}
	put_bytes(out, text, keep);
	return keep;
}

static void put_short(struct pack *p, const char *what, const char *text)
{
	put_string(p, p->out, what, text, WIRE_MAX_STRING);
}

/* An id is never cut: half an id names another thing. FALSE: it is left out. */
static gboolean put_id(struct pack *p, const char *what, const char *id)
{
	g_autofree char *mended = id ? wire_repair_id(id) : NULL;
	const char *text = mended ? mended : id ? id : "";
	gsize length = strlen(text);
	gboolean fits = length <= WIRE_MAX_ID;
	if (!fits)
		leave_out(p, what, "longer than 1,000 bytes");
	put_bytes(p->out, text, fits ? length : 0);
	return fits;
}

/* The number of entries that cross, packed. */
static gsize put_count(struct pack *p, const char *what, gsize n)
{
	gsize most = MIN(n, WIRE_MAX_ENTRIES);
	if (n > most) {
		g_autofree char *why = g_strdup_printf("only the first %u of %zu", WIRE_MAX_ENTRIES, n);
		leave_out(p, what, why);
	}
	put_u32(p->out, most);
	return most;
}

static void put_pairs(struct pack *p, const char *what, const struct meri_pair *pairs, gsize n)
{
	n = put_count(p, what, n);
	for (gsize i = 0; i < n; i++) {
		put_short(p, what, pairs[i].name);
		put_short(p, what, pairs[i].value);
	}
}

static void put_parties(struct pack *p, const struct meri_party *parties, gsize n)
{
	n = put_count(p, "parties", n);
	for (gsize i = 0; i < n; i++) {
		put_short(p, "party", parties[i].role);
		put_short(p, "party", parties[i].name);
		put_short(p, "party", parties[i].address);
		put_short(p, "party", parties[i].organisation);
	}
}

/* Nothing where the source does not say; an empty list is nobody. */
static void put_readers(struct pack *p, const char *const *readers, gsize n)
{
	if (!readers) {
		put_u32(p->out, RECORD_NOT_SAID);
		return;
	}
	n = put_count(p, "readers", n);
	for (gsize i = 0; i < n; i++)
		put_short(p, "reader", readers[i]);
}

/* Moves a boundary in the text as given to where it is in the text as mended: each invalid byte before it became three.
 */
struct follow {
	const char *text, *bad; /* `bad`: the next invalid byte at or after `at`, or the end */
	gsize length, grown;
};

static gsize follow(struct follow *f, gsize boundary)
{
	const char *to = f->text + boundary, *end = f->text + f->length;
	while (f->bad < to) {
		f->grown += 2;
		const char *next = f->bad + 1;
		g_utf8_validate_len(next, (gsize)(end - next), &f->bad);
	}
	/* A boundary in the middle of a character moves to its start. */
	gsize at = boundary;
	if (to < f->bad)
		while (at && at < f->length && ((guchar)f->text[at] & 0xC0) == 0x80)
			at--;
	return at + f->grown;
}

static void put_spans(struct pack *p, const struct meri_record *r, gsize kept)
{
	g_autoptr(GByteArray) spans = g_byte_array_new();
	struct follow f = {.text = r->text ? r->text : ""};
	gsize n = MIN(r->n_quoted, WIRE_MAX_ENTRIES), done = 0, dropped = r->n_quoted - n;
	if (n) {
		f.length = strlen(f.text);
		g_utf8_validate_len(f.text, f.length, &f.bad);
	}
	for (gsize i = 0; i < n; i++) {
		const struct meri_span *s = &r->quoted[i];
		if (s->start < done || s->start > f.length || s->length > f.length - s->start) {
			dropped++;
			continue;
		}
		done = s->start + s->length;
		gsize start = follow(&f, s->start), end = MIN(follow(&f, done), kept);
		if (start < end) {
			put_u64(spans, start);
			put_u64(spans, end - start);
		}
	}
	if (dropped)
		leave_out(p, "quoted", "a span lies outside the text or is out of order, or there are too many");
	put_u32(p->out, spans->len / 16);
	g_byte_array_append(p->out, spans->data, spans->len);
}

static gboolean may_cross(const struct meri_record *r, GError **error)
{
	gsize length = r->id ? strlen(r->id) : 0;
	if (length < 1 || length > WIRE_MAX_ID)
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE, "a record's id has %zu bytes; 1 to %u are allowed",
			    length, WIRE_MAX_ID);
	else if (r->kind < MERI_ACCOUNT || r->kind > MERI_EVENT)
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE, "record kind %d is not one of 1 to %d", (int)r->kind,
			    MERI_EVENT);
	else
		return TRUE;
	return FALSE;
}

static void put_left_out(struct pack *p, const struct meri_record *r)
{
	/* Some room is kept for what mending finds. */
	gsize n = MIN(r->n_left_out, WIRE_MAX_ENTRIES - 100);
	if (n < r->n_left_out)
		leave_out(p, "left out", "more than can be listed");
	for (gsize i = 0; i < n && p->n_left_out < WIRE_MAX_ENTRIES; i++) {
		/* What is wrong with these two themselves would be listed in their midst: it is mended in silence. */
		struct pack silent = {.out = p->left_out, .left_out = p->left_out, .n_left_out = WIRE_MAX_ENTRIES};
		put_short(&silent, "", r->left_out[i].name);
		put_short(&silent, "", r->left_out[i].value);
		p->n_left_out++;
	}
	put_u32(p->out, p->n_left_out);
	g_byte_array_append(p->out, p->left_out->data, p->left_out->len);
}

/* FALSE: the id does not fit once it is mended. */
static gboolean put_record(struct pack *p, const struct meri_record *r)
{
	guint8 head[] = {RECORD_FORM, (guint8)r->kind};
	g_byte_array_append(p->out, head, sizeof head);
	put_u64(p->out, (guint64)r->occurred);
	put_u64(p->out, (guint64)r->updated);
	gboolean fits = put_id(p, "id", r->id);
	put_short(p, "title", r->title);
	gsize kept = put_string(p, p->out, "text", r->text, WIRE_MAX_TEXT);
	put_short(p, "url", r->url);
	put_id(p, "thread", r->thread);
	put_id(p, "parent", r->parent);
	put_short(p, "language", r->language);
	put_id(p, "item", r->item);
	put_short(p, "fingerprint", r->fingerprint);
	put_parties(p, r->parties, r->n_parties);
	put_pairs(p, "hints", r->hints, r->n_hints);
	put_pairs(p, "fields", r->fields, r->n_fields);
	put_spans(p, r, kept);
	put_readers(p, r->readers, r->n_readers);
	put_left_out(p, r);
	return fits;
}

GVariant *wire_record_encode(const struct meri_record *r, GError **error)
{
	if (!may_cross(r, error))
		return NULL;
	g_autoptr(GByteArray) left_out = g_byte_array_new();
	struct pack p = {.out = g_byte_array_sized_new(4096), .left_out = left_out};
	gboolean fits = put_record(&p, r);
	gsize size = p.out->len;
	g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(p.out);
	if (!fits)
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE,
			    "a record's id has %zu bytes, and more once it is UTF-8; 1,000 are allowed", strlen(r->id));
	else if (size > WIRE_MAX_PAYLOAD)
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE, "a record has %zu bytes; at most 64 MiB are allowed",
			    size);
	else
		return g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));
	return NULL;
}
