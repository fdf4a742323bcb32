/* Records on their way through a frame. The encoder mends what a connector hands over; the decoder believes nothing. */
#include "wire/wire.h"

#include <string.h>

/* ---- encode ---- */

struct mend {
	GVariantBuilder left_out;
	guint n_left_out;
	gboolean bad_utf8;
};

static void leave_out(struct mend *mend, const char *what, const char *why)
{
	if (mend->n_left_out++ < WIRE_MAX_ENTRIES)
		g_variant_builder_add(&mend->left_out, "(ss)", what, why);
}

/* A string of at most `max` bytes, cut between characters. */
static GVariant *string_of(struct mend *mend, const char *what, const char *text, gsize max)
{
	if (!text)
		return g_variant_new_string("");
	guint bad = 0;
	gsize length = strlen(text);
	g_autofree char *mended = wire_repair(text, length, &bad);
	if (mended) {
		g_autofree char *why = g_strdup_printf("%u %s not UTF-8", bad, bad == 1 ? "byte was" : "bytes were");
		leave_out(mend, what, why);
		text = mended;
		length = strlen(mended);
	}
	if (length <= max)
		return mended ? g_variant_new_take_string(g_steal_pointer(&mended)) : g_variant_new_string(text);
	gsize keep = max;
	while (keep && ((guchar)text[keep] & 0xC0) == 0x80)
		keep--;
	g_autofree char *why = g_strdup_printf("cut after %zu of %zu bytes", keep, length);
	leave_out(mend, what, why);
	return g_variant_new_take_string(g_strndup(text, keep));
}

static GVariant *short_of(struct mend *mend, const char *what, const char *text)
{
	return string_of(mend, what, text, WIRE_MAX_STRING);
}

/* An id is never cut: half an id names another thing. */
static GVariant *id_of(struct mend *mend, const char *what, const char *id)
{
	char *mended = id ? wire_repair_id(id) : NULL;
	GVariant *out = mended ? g_variant_new_take_string(mended) : g_variant_new_string(id ? id : "");
	if (g_variant_get_size(out) - 1 <= WIRE_MAX_ID)
		return out;
	g_variant_unref(g_variant_ref_sink(out));
	leave_out(mend, what, "longer than 1,000 bytes");
	return g_variant_new_string("");
}

static gsize bounded(struct mend *mend, const char *what, gsize n)
{
	if (n <= WIRE_MAX_ENTRIES)
		return n;
	g_autofree char *why = g_strdup_printf("only the first %u of %zu", WIRE_MAX_ENTRIES, n);
	leave_out(mend, what, why);
	return WIRE_MAX_ENTRIES;
}

static GVariant *pairs_of(struct mend *mend, const char *what, const struct meri_pair *pairs, gsize n)
{
	GVariantBuilder out;
	g_variant_builder_init(&out, G_VARIANT_TYPE("a(ss)"));
	n = bounded(mend, what, n);
	for (gsize i = 0; i < n; i++)
		g_variant_builder_add(&out, "(@s@s)", short_of(mend, what, pairs[i].name),
				      short_of(mend, what, pairs[i].value));
	return g_variant_builder_end(&out);
}

static GVariant *parties_of(struct mend *mend, const struct meri_party *parties, gsize n)
{
	GVariantBuilder out;
	g_variant_builder_init(&out, G_VARIANT_TYPE("a(ssss)"));
	n = bounded(mend, "parties", n);
	for (gsize i = 0; i < n; i++)
		g_variant_builder_add(&out, "(@s@s@s@s)", short_of(mend, "party", parties[i].role),
				      short_of(mend, "party", parties[i].name),
				      short_of(mend, "party", parties[i].address),
				      short_of(mend, "party", parties[i].organisation));
	return g_variant_builder_end(&out);
}

/* Nothing where the source does not say; an empty list is nobody. */
static GVariant *readers_of(struct mend *mend, const char *const *readers, gsize n)
{
	GVariantBuilder out;
	if (!readers)
		return g_variant_new_maybe(G_VARIANT_TYPE("as"), NULL);
	g_variant_builder_init(&out, G_VARIANT_TYPE("as"));
	n = bounded(mend, "readers", n);
	for (gsize i = 0; i < n; i++)
		g_variant_builder_add(&out, "@s", short_of(mend, "reader", readers[i]));
	return g_variant_new_maybe(NULL, g_variant_builder_end(&out));
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

static GVariant *spans_of(struct mend *mend, const struct meri_record *r, gsize kept)
{
	GVariantBuilder out;
	struct follow f = {.text = r->text ? r->text : ""};
	gsize n = bounded(mend, "quoted", r->n_quoted), done = 0, dropped = 0;
	g_variant_builder_init(&out, G_VARIANT_TYPE("a(tt)"));
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
		gsize start = follow(&f, s->start), end = follow(&f, done);
		if (start < MIN(end, kept))
			g_variant_builder_add(&out, "(tt)", (guint64)start, (guint64)(MIN(end, kept) - start));
	}
	if (dropped)
		leave_out(mend, "quoted", "a span lies outside the text or is out of order");
	return g_variant_builder_end(&out);
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

GVariant *wire_record_encode(const struct meri_record *r, GError **error)
{
	if (!may_cross(r, error))
		return NULL;
	struct mend mend = {.n_left_out = 0};
	g_variant_builder_init(&mend.left_out, G_VARIANT_TYPE("a(ss)"));
	gsize n_left_out = MIN(r->n_left_out, WIRE_MAX_ENTRIES - 100);
	for (gsize i = 0; i < n_left_out; i++) {
		g_variant_builder_add(&mend.left_out, "(@s@s)", short_of(&mend, "left out", r->left_out[i].name),
				      short_of(&mend, "left out", r->left_out[i].value));
		mend.n_left_out++;
	}
	if (n_left_out < r->n_left_out)
		leave_out(&mend, "left out", "more than can be listed");

	/* In order: what is mended on the way is listed at the end. */
	GVariant *id = id_of(&mend, "id", r->id);
	GVariant *title = short_of(&mend, "title", r->title);
	GVariant *text = string_of(&mend, "text", r->text, WIRE_MAX_TEXT);
	gsize kept = g_variant_get_size(text) - 1;
	GVariant *parties = parties_of(&mend, r->parties, r->n_parties);
	GVariant *hints = pairs_of(&mend, "hints", r->hints, r->n_hints);
	GVariant *fields = pairs_of(&mend, "fields", r->fields, r->n_fields);
	GVariant *quoted = spans_of(&mend, r, kept);
	GVariant *readers = readers_of(&mend, r->readers, r->n_readers);
	GVariant *url = short_of(&mend, "url", r->url);
	GVariant *thread = id_of(&mend, "thread", r->thread), *parent = id_of(&mend, "parent", r->parent);
	GVariant *item = id_of(&mend, "item", r->item), *language = short_of(&mend, "language", r->language);
	GVariant *fingerprint = short_of(&mend, "fingerprint", r->fingerprint);
	GVariant *whole =
		g_variant_new("(@sy@s@s@s@s@sxx@s@s@s@a(ssss)@a(ss)@a(ss)@a(tt)a(ss)@mas)", id, (guint8)r->kind, title,
			      text, url, thread, parent, r->occurred, r->updated, language, item, fingerprint, parties,
			      hints, fields, quoted, &mend.left_out, readers);
	g_variant_ref_sink(whole);
	gsize size = g_variant_get_size(whole);
	gboolean empty = !*g_variant_get_string(id, NULL);
	if (size <= WIRE_MAX_PAYLOAD && !empty)
		return whole;
	g_variant_unref(whole);
	g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE,
		    empty ? "a record's id has %zu bytes once it is UTF-8; 1,000 are allowed"
			  : "a record has %zu bytes; at most 64 MiB are allowed",
		    empty ? strlen(r->id) : size);
	return NULL;
}

/* ---- decode ---- */

static const char *known(const char *text)
{
	return *text ? text : NULL;
}

static gpointer array(GPtrArray *arena, gsize n, gsize size)
{
	gpointer out = g_malloc0_n(n + 1, size);
	g_ptr_array_add(arena, out);
	return out;
}

/* The children of `from`, borrowed from it; FALSE if there are too many of them. */
static gboolean pairs_from(GVariant *whole, gsize index, GPtrArray *arena, const struct meri_pair **out, gsize *n)
{
	g_autoptr(GVariant) from = g_variant_get_child_value(whole, index);
	*n = g_variant_n_children(from);
	if (*n > WIRE_MAX_ENTRIES)
		return FALSE;
	struct meri_pair *pairs = array(arena, *n, sizeof *pairs);
	for (gsize i = 0; i < *n; i++) {
		g_variant_get_child(from, i, "(&s&s)", &pairs[i].name, &pairs[i].value);
		pairs[i].value = known(pairs[i].value);
	}
	*out = pairs;
	return TRUE;
}

static gboolean parties_from(GVariant *whole, gsize index, GPtrArray *arena, struct meri_record *r)
{
	g_autoptr(GVariant) from = g_variant_get_child_value(whole, index);
	r->n_parties = g_variant_n_children(from);
	if (r->n_parties > WIRE_MAX_ENTRIES)
		return FALSE;
	struct meri_party *parties = array(arena, r->n_parties, sizeof *parties);
	for (gsize i = 0; i < r->n_parties; i++) {
		struct meri_party *p = &parties[i];
		g_variant_get_child(from, i, "(&s&s&s&s)", &p->role, &p->name, &p->address, &p->organisation);
		*p = (struct meri_party){known(p->role), known(p->name), known(p->address), known(p->organisation)};
	}
	r->parties = parties;
	return TRUE;
}

static gboolean readers_from(GVariant *whole, gsize index, GPtrArray *arena, struct meri_record *r)
{
	g_autoptr(GVariant) maybe = g_variant_get_child_value(whole, index);
	g_autoptr(GVariant) from = g_variant_get_maybe(maybe);
	if (!from)
		return TRUE;
	r->n_readers = g_variant_n_children(from);
	if (r->n_readers > WIRE_MAX_ENTRIES)
		return FALSE;
	const char **readers = array(arena, r->n_readers, sizeof *readers);
	for (gsize i = 0; i < r->n_readers; i++)
		g_variant_get_child(from, i, "&s", &readers[i]);
	r->readers = readers;
	return TRUE;
}

/* Spans must lie inside the text, one after another. */
static gboolean spans_from(GVariant *whole, gsize index, gsize length, GPtrArray *arena, struct meri_record *r)
{
	g_autoptr(GVariant) from = g_variant_get_child_value(whole, index);
	r->n_quoted = g_variant_n_children(from);
	if (r->n_quoted > WIRE_MAX_ENTRIES)
		return FALSE;
	struct meri_span *spans = array(arena, r->n_quoted, sizeof *spans);
	guint64 done = 0;
	for (gsize i = 0; i < r->n_quoted; i++) {
		guint64 start, n;
		g_variant_get_child(from, i, "(tt)", &start, &n);
		if (start < done || start > length || n > length - start)
			return FALSE;
		done = start + n;
		spans[i] = (struct meri_span){(size_t)start, (size_t)n};
	}
	r->quoted = spans;
	return TRUE;
}

static gboolean id_fits(const char *id)
{
	return !id || strlen(id) <= WIRE_MAX_ID;
}

gboolean wire_record_decode(GVariant *payload, struct wire_record *out, GError **error)
{
	struct meri_record *r = &out->record;
	guint8 kind;
	memset(out, 0, sizeof *out);
	out->payload = g_variant_ref(payload);
	out->arena = g_ptr_array_new_with_free_func(g_free);
	g_variant_get_data(payload); /* so that all strings live in the one serialised block */
	r->size = sizeof *r;
	g_variant_get(payload, "(&sy&s&s&s&s&sxx&s&s&s@a(ssss)@a(ss)@a(ss)@a(tt)@a(ss)@mas)", &r->id, &kind, &r->title,
		      &r->text, &r->url, &r->thread, &r->parent, &r->occurred, &r->updated, &r->language, &r->item,
		      &r->fingerprint, NULL, NULL, NULL, NULL, NULL, NULL);
	gsize length = strlen(r->text);
	r->kind = kind;
	r->title = known(r->title);
	r->text = known(r->text);
	r->url = known(r->url);
	r->thread = known(r->thread);
	r->parent = known(r->parent);
	r->language = known(r->language);
	r->item = known(r->item);
	r->fingerprint = known(r->fingerprint);
	if (*r->id && id_fits(r->id) && id_fits(r->thread) && id_fits(r->parent) && id_fits(r->item) &&
	    kind >= MERI_ACCOUNT && kind <= MERI_EVENT && parties_from(payload, 12, out->arena, r) &&
	    pairs_from(payload, 13, out->arena, &r->hints, &r->n_hints) &&
	    pairs_from(payload, 14, out->arena, &r->fields, &r->n_fields) &&
	    spans_from(payload, 15, length, out->arena, r) &&
	    pairs_from(payload, 16, out->arena, &r->left_out, &r->n_left_out) &&
	    readers_from(payload, 17, out->arena, r))
		return TRUE;
	g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE,
		    "record \"%.100s\": its id, kind, spans or arrays break the rules", r->id);
	wire_record_clear(out);
	return FALSE;
}

void wire_record_clear(struct wire_record *record)
{
	g_clear_pointer(&record->arena, g_ptr_array_unref);
	g_clear_pointer(&record->payload, g_variant_unref);
}
