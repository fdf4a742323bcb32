/* signed: S/MIME messages that carry their content inside the signature (smime-type=signed-data). The content is taken
 * out; the signature is not judged: who may be believed is not this connector's business. */
#include <string.h>

#include "body.h"

struct der {
	const guint8 *at, *end;
};

struct tlv {
	guint8 tag;
	gboolean indefinite;
	struct der value;
};

/* Reads a tag and a length; `in` then stands behind the value (or, of indefinite length, behind the header). */
static gboolean next(struct der *in, struct tlv *out)
{
	gsize length;

	if (in->end - in->at < 2)
		return FALSE;
	out->tag = *in->at++;
	length = *in->at++;
	out->indefinite = length == 0x80;
	if (length > 0x80) {
		gsize n = length & 0x7f;

		if (n > 4 || (gsize)(in->end - in->at) < n)
			return FALSE;
		for (length = 0; n > 0; n--)
			length = length << 8 | *in->at++;
	}
	out->value.at = in->at;
	out->value.end = in->end;
	if (out->indefinite)
		return (out->tag & 0x20) != 0;
	if ((gsize)(in->end - in->at) < length)
		length = (gsize)(in->end - in->at); /* cut short: what there is */
	out->value.end = in->at += length;
	return TRUE;
}

/* An octet string, whole or in pieces. */
static void octets(struct tlv *t, GByteArray *out, int depth)
{
	struct tlv piece;

	if (t->tag == 0x04) {
		g_byte_array_append(out, t->value.at, (guint)(t->value.end - t->value.at));
		return;
	}
	while (t->tag == 0x24 && depth < 4 && next(&t->value, &piece) && (piece.tag == 0x04 || piece.tag == 0x24))
		octets(&piece, out, depth + 1);
}

GByteArray *mail_signed_content(const GByteArray *bytes, const char **why)
{
	static const guint8 SIGNED[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};
	struct der in = {bytes->data, bytes->data + bytes->len};
	struct tlv outer, oid, box, content, item, inner;
	GByteArray *out;

	*why = "S/MIME that cannot be read";
	if (bytes->len == 0 || !next(&in, &outer) || outer.tag != 0x30 || !next(&outer.value, &oid) || oid.tag != 0x06)
		return NULL;
	if (oid.value.end - oid.value.at != sizeof(SIGNED) || memcmp(oid.value.at, SIGNED, sizeof(SIGNED)) != 0) {
		/* The type that differs in its last byte alone is enveloped-data. */
		if (oid.value.end - oid.value.at == sizeof(SIGNED) && oid.value.at[8] == 0x03)
			*why = "encrypted with S/MIME";
		return NULL;
	}
	/* SignedData: version, digest algorithms, then the content with its type. */
	if (!next(&outer.value, &box) || box.tag != 0xa0 || !next(&box.value, &content) || content.tag != 0x30 ||
	    !next(&content.value, &item) || item.tag != 0x02 || !next(&content.value, &item) || item.indefinite ||
	    !next(&content.value, &inner) || inner.tag != 0x30 || !next(&inner.value, &oid) || oid.tag != 0x06 ||
	    !next(&inner.value, &box) || box.tag != 0xa0 || !next(&box.value, &item))
		return NULL;
	out = g_byte_array_new();
	octets(&item, out, 0);
	if (out->len > 0)
		return out;
	g_byte_array_unref(out);
	*why = "S/MIME without content";
	return NULL;
}
