/* Plain text in any charset. */
#include "host/text.h"

#include <errno.h>
#include <string.h>

/* Names that senders use for what iconv knows under another, and charsets that are commonly meant by a smaller one's
 * name. */
static const char *const ALIASES[][2] = {
	{"iso-8859-1", "WINDOWS-1252"},
	{"latin1", "WINDOWS-1252"},
	{"iso8859-1", "WINDOWS-1252"},
	{"iso_8859-1", "WINDOWS-1252"},
	{"us-ascii", "WINDOWS-1252"},
	{"ascii", "WINDOWS-1252"},
	{"ansi", "WINDOWS-1252"},
	{"x-ansi", "WINDOWS-1252"},
	{"cp-850", "CP850"},
	{"ibm-850", "CP850"},
	{"iso-8859-9", "WINDOWS-1254"},
	{"x-mac-roman", "MACINTOSH"},
	{"ks_c_5601-1987", "CP949"},
	{"euc-kr", "CP949"},
	{"gb2312", "GB18030"},
	{"gbk", "GB18030"},
	{"x-gbk", "GB18030"},
	{"shift_jis", "CP932"},
	{"x-sjis", "CP932"},
	{"big5", "BIG5-HKSCS"},
	{"iso-8859-8-i", "ISO-8859-8"},
	{"unicode-1-1-utf-7", "UTF-7"},
	{"utf8", "UTF-8"},
	{"unicode", "UTF-16"},
};

static const char *iconv_name(const char *charset)
{
	for (gsize i = 0; i < G_N_ELEMENTS(ALIASES); i++)
		if (g_ascii_strcasecmp(charset, ALIASES[i][0]) == 0)
			return ALIASES[i][1];
	return charset;
}

/* Uses the converter up. */
static void decode_onto(GString *out, const guint8 *bytes, gsize length, GIConv converter)
{
	char *from = (char *)(gpointer)bytes; /* iconv does not write there */
	char piece[8192];
	while (length && out->len <= TEXT_MAX) {
		char *to = piece;
		gsize room = sizeof piece;
		gsize done = g_iconv(converter, &from, &length, &to, &room);
		int problem = errno;
		g_string_append_len(out, piece, to - piece);
		if (done == (gsize)-1 && problem != E2BIG) {
			g_string_append(out, "\xef\xbf\xbd");
			from++;
			length--;
		}
	}
	/* Some converters hold the last character back, to see whether an accent follows. */
	char *rest = piece;
	gsize room = sizeof piece;
	g_iconv(converter, NULL, NULL, &rest, &room);
	g_string_append_len(out, piece, rest - piece);
	g_iconv_close(converter);
}

GString *text_decode(const guint8 *bytes, gsize length, const char *charset)
{
	GIConv converter = g_iconv_open("UTF-8", iconv_name(charset));
	if (!~(gintptr)converter) /* (GIConv)-1 */
		return NULL;
	GString *out = g_string_sized_new(length + length / 4 + 16);
	decode_onto(out, bytes, length, converter);
	return out;
}

/* UTF-16 without a mark: in Western text every other byte is 0. */
const char *text_is_wide(const guint8 *bytes, gsize length)
{
	gsize even = 0, odd = 0, n = MIN(length, 4096) & ~(gsize)1;
	for (gsize i = 0; i < n; i += 2) {
		even += bytes[i] == 0;
		odd += bytes[i + 1] == 0;
	}
	if (n < 4)
		return NULL;
	if (odd > n / 4 && even <= n / 40)
		return "UTF-16LE";
	return even > n / 4 && odd <= n / 40 ? "UTF-16BE" : NULL;
}

static const char *by_mark(const guint8 *bytes, gsize length, gsize *mark)
{
	static const struct {
		const char *bytes;
		gsize length;
		const char *charset;
	} marks[] = {
		{"\xff\xfe\0\0", 4, "UTF-32LE"}, {"\0\0\xfe\xff", 4, "UTF-32BE"}, {"\xef\xbb\xbf", 3, "UTF-8"},
		{"\xff\xfe", 2, "UTF-16LE"},     {"\xfe\xff", 2, "UTF-16BE"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
		if (length >= marks[i].length && memcmp(bytes, marks[i].bytes, marks[i].length) == 0) {
			*mark = marks[i].length;
			return marks[i].charset;
		}
	}
	return NULL;
}

/* What says Latin is very often UTF-8 all the same; the other way round chance hardly ever makes valid UTF-8. */
static gboolean is_latin(const char *charset)
{
	const char *name = iconv_name(charset);
	return g_str_equal(name, "WINDOWS-1252") || g_ascii_strcasecmp(name, "iso-8859-15") == 0;
}

GString *text_decode_any(const guint8 *bytes, gsize length, const char *declared)
{
	gsize mark = 0;
	const char *charset = by_mark(bytes, length, &mark);
	if (charset) {
		bytes += mark;
		length -= mark;
	}
	gboolean is_utf8 = g_utf8_validate_len((const char *)bytes, length, NULL);
	if (!charset && declared && !(is_utf8 && is_latin(declared)))
		charset = declared;
	if (!charset)
		charset = text_is_wide(bytes, length);
	if (is_utf8 && (!charset || g_ascii_strcasecmp(iconv_name(charset), "UTF-8") == 0))
		return g_string_new_len((const char *)bytes, (gssize)MIN(length, TEXT_MAX + 8));
	GString *out = charset ? text_decode(bytes, length, charset) : NULL;
	if (!out)
		out = is_utf8 ? g_string_new_len((const char *)bytes, (gssize)MIN(length, TEXT_MAX + 8))
			      : text_decode(bytes, length, "WINDOWS-1252");
	return out;
}

/* Lines end with \n; control characters that are neither tab nor line end are dropped. */
static void add_plain(GString *out, const GString *from)
{
	const char *at = from->str, *end = at + from->len;
	while (at < end) {
		const char *run = at;
		while (at < end && ((guchar)*at >= 0x20 || *at == '\n' || *at == '\t') && *at != 0x7f)
			at++;
		g_string_append_len(out, run, at - run);
		if (at < end && ((*at == '\r' && (at + 1 == end || at[1] != '\n')) || *at == '\f'))
			g_string_append_c(out, '\n');
		at++;
	}
}

gboolean text_read_plain(struct text_job *job)
{
	g_autoptr(GString) text = text_decode_any(job->bytes, job->length, job->charset);
	if (!text)
		return text_trouble(job, "this machine's iconv cannot read Windows-1252");
	add_plain(job->flow.out, text);
	return TRUE;
}
