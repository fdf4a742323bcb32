#include "text.h"

#include <errno.h>
#include <gmime/gmime.h>
#include <stdint.h>
#include <string.h>

static const gunichar C1[32] = {0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
				0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
				0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

static void append_1252(GString *out, unsigned char byte)
{
	g_string_append_unichar(out, byte >= 0x80 && byte < 0xa0 ? C1[byte - 0x80] : byte);
}

/* Names that mail uses, and the larger set that iconv should read in their place: senders use characters of that one.
 */
static const char *const LARGER[][2] = {{"gb2312", "GB18030"},
					{"gb_2312-80", "GB18030"},
					{"gbk", "GB18030"},
					{"x-gbk", "GB18030"},
					{"euc-kr", "CP949"},
					{"ks_c_5601-1987", "CP949"},
					{"ks_c_5601", "CP949"},
					{"shift_jis", "CP932"},
					{"shift-jis", "CP932"},
					{"x-sjis", "CP932"},
					{"sjis", "CP932"},
					{"big5", "BIG5-HKSCS"},
					{"iso-8859-9", "WINDOWS-1254"},
					{"iso-8859-11", "CP874"},
					{"tis-620", "CP874"},
					{"iso-8859-8-i", "ISO-8859-8"},
					{"iso-8859-8-e", "ISO-8859-8"},
					{"iso-2022-jp", "ISO-2022-JP-3"},
					{"utf8", "UTF-8"},
					{"utf-8-mac", "UTF-8"},
					{"unicode-1-1-utf-8", "UTF-8"},
					{"unicode-1-1-utf-7", "UTF-7"},
					{"macintosh", "MACINTOSH"},
					{"x-mac-roman", "MACINTOSH"},
					{"cp-850", "CP850"}};

/* Those that are, or contain, ASCII or Latin-1 and need no iconv. */
static gboolean is_western(const char *charset)
{
	static const char *const names[] = {"us-ascii",
					    "ascii",
					    "iso-8859-1",
					    "iso8859-1",
					    "iso_8859-1",
					    "latin1",
					    "iso-8859-1:1987",
					    "windows-1252",
					    "cp1252",
					    "x-ansi",
					    "ansi",
					    "utf-8",
					    "utf8",
					    "ansi_x3.4-1968",
					    "8bit",
					    "default",
					    "iso-latin-1",
					    "latin-1",
					    "x-user-defined",
					    "unknown-8bit",
					    "x-unknown",
					    "unknown",
					    "7bit",
					    NULL};

	for (int i = 0; names[i]; i++)
		if (g_ascii_strcasecmp(charset, names[i]) == 0)
			return TRUE;
	return FALSE;
}

static gboolean is_open(iconv_t cd)
{
	return (intptr_t)cd != -1;
}

static iconv_t open_iconv(const char *charset)
{
	const char *name = charset;

	for (size_t i = 0; i < G_N_ELEMENTS(LARGER); i++)
		if (g_ascii_strcasecmp(charset, LARGER[i][0]) == 0) {
			iconv_t cd = iconv_open("UTF-8", LARGER[i][1]);

			if (is_open(cd))
				return cd;
		}
	name = g_mime_charset_iconv_name(charset);
	return iconv_open("UTF-8", name ? name : charset);
}

/* Through iconv, going on behind what it refuses. Returns how many bytes it refused. */
static gsize convert(iconv_t cd, const char *bytes, gsize length, GString *out)
{
	char *in, buffer[8192]; /* iconv's prototype lacks the const that it keeps */
	gsize left = length, refused = 0;

	memcpy(&in, &bytes, sizeof(in));
	while (left > 0) {
		char *to = buffer;
		gsize room = sizeof(buffer);
		gsize got = iconv(cd, &in, &left, &to, &room);
		int error = errno;

		g_string_append_len(out, buffer, to - buffer);
		if (got != (gsize)-1 || left == 0)
			break;
		if (error == E2BIG && to > buffer)
			continue;
		refused++;
		append_1252(out, (unsigned char)*in);
		in++;
		left--;
	}
	{
		char *to = buffer;
		gsize room = sizeof(buffer);

		iconv(cd, NULL, NULL, &to, &room);
		g_string_append_len(out, buffer, to - buffer);
	}
	return refused;
}

/* UTF-8 where it is, windows-1252 where it is not. */
static void append_mixed(GString *out, const char *bytes, gsize length)
{
	const char *at = bytes, *end = bytes + length, *bad;

	while (!g_utf8_validate(at, end - at, &bad)) {
		g_string_append_len(out, at, bad - at);
		append_1252(out, (unsigned char)*bad);
		at = bad + 1;
	}
	g_string_append_len(out, at, end - at);
}

/* Text of the East that names no charset still tells by its escape sequences; so does UTF-16 by its mark. */
static const char *sniff(const char *bytes, gsize length)
{
	if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
		return "UTF-16";
	if (!memchr(bytes, 033, length))
		return NULL;
	if (memmem(bytes, length, "\033$B", 3) || memmem(bytes, length, "\033$@", 3) ||
	    memmem(bytes, length, "\033(J", 3))
		return "ISO-2022-JP-3";
	return memmem(bytes, length, "\033$)C", 4) ? "ISO-2022-KR" : NULL;
}

/* In place: line ends, control characters. */
static void tidy(GString *text)
{
	char *to = text->str;

	for (const char *at = text->str, *end = at + text->len; at < end; at++) {
		unsigned char c = (unsigned char)*at;

		if (c >= ' ' && c != 127)
			*to++ = (char)c;
		else if (c == '\r')
			at + 1 < end &&at[1] == '\n' ? (void)0 : (void)(*to++ = '\n');
		else if (c == '\n' || c == '\t')
			*to++ = (char)c;
		else if (c == '\f' || c == '\v')
			*to++ = '\n';
		else if (c == '\0' && to > text->str &&
			 to[-1] != ' ') /* words are not joined over a hole in the file */
			*to++ = ' ';
	}
	g_string_truncate(text, (gsize)(to - text->str));
}

GString *mail_text_decode(const char *bytes, gsize length, const char *charset, gboolean *guessed)
{
	GString *out = g_string_sized_new(length + length / 16 + 1);
	g_autofree char *name = g_strstrip(g_strdup(charset ? charset : "us-ascii"));
	const char *sniffed = NULL;
	gboolean western = is_western(name), doubt = FALSE, convertible = FALSE;
	iconv_t cd = NULL;

	if (western)
		sniffed = sniff(bytes, length);
	if (sniffed || !western) {
		cd = open_iconv(sniffed ? sniffed : name);
		convertible = is_open(cd);
		doubt = !convertible;
	}
	if (!convertible && length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
		bytes += 3, length -= 3;
	if (convertible) {
		gsize refused = convert(cd, bytes, length, out);

		iconv_close(cd);
		if (refused > 0 && g_utf8_validate(bytes, (gssize)length, NULL)) {
			g_string_truncate(out, 0);
			g_string_append_len(out, bytes, (gssize)length);
		}
		doubt = refused > 0;
	} else {
		append_mixed(out, bytes, length);
	}
	if (guessed)
		*guessed = doubt;
	tidy(out);
	return out;
}

gboolean mail_text_bound(GString *text, gsize max)
{
	if (text->len <= max)
		return FALSE;
	while (max > 0 && ((unsigned char)text->str[max] & 0xc0) == 0x80)
		max--;
	g_string_truncate(text, max);
	return TRUE;
}

void mail_text_unflow(GString *text, gboolean delsp)
{
	GString *out = g_string_sized_new(text->len + 1);
	gboolean joining = FALSE;
	gsize depth_before = 0;

	for (const char *at = text->str, *end = at + text->len; at < end;) {
		const char *nl = memchr(at, '\n', (gsize)(end - at)), *line = at;
		gsize n, depth = 0;
		gboolean soft;

		at = nl ? nl + 1 : end;
		n = (gsize)((nl ? nl : end) - line);
		while (depth < n && line[depth] == '>')
			depth++;
		if (joining && depth == depth_before) {
			line += depth;
			n -= depth;
			if (n > 0 && *line == ' ')
				line++, n--;
		} else {
			if (joining)
				g_string_append_c(out, '\n');
			if (depth == 0 && n > 0 && *line == ' ')
				line++, n--; /* stuffed */
		}
		soft = n > 0 && line[n - 1] == ' ' && !(n == 3 && memcmp(line, "-- ", 3) == 0) &&
		       !(depth > 0 && n >= 3 && memcmp(line + n - 3, "-- ", 3) == 0) && nl;
		g_string_append_len(out, line, (gssize)(soft && delsp ? n - 1 : n));
		if (!soft && nl)
			g_string_append_c(out, '\n');
		joining = soft;
		depth_before = depth;
	}
	g_string_assign(text, "");
	g_string_append_len(text, out->str, (gssize)out->len);
	g_string_free(out, TRUE);
}

/* ---- uuencode ---- */

/* "begin 644 name": the name, or NULL. */
static const char *uu_begin(const char *line, gsize n, gsize *name_length)
{
	gsize at = 6;

	if (n < 11 || memcmp(line, "begin ", 6) != 0)
		return NULL;
	while (at < n && line[at] >= '0' && line[at] <= '7')
		at++;
	if (at < 9 || at > 10 || at + 1 >= n || line[at] != ' ')
		return NULL;
	*name_length = n - at - 1;
	return line + at + 1;
}

/* Whether a line holds as many characters as its first one says; 3 bytes in 4. */
static gboolean uu_line(const char *line, gsize n)
{
	gsize bytes = n > 0 ? ((gsize)(unsigned char)line[0] - 32) & 63 : 0, want = (bytes + 2) / 3 * 4;

	if (n == 0 || line[0] < ' ' || line[0] > '`')
		return FALSE;
	return bytes == 0 ? n <= 2 : n <= want + 3 && n + 3 >= want; /* blanks at the end get lost on the way */
}

static void uu_decode_line(const char *line, gsize n, GByteArray *out)
{
	gsize bytes = ((gsize)(unsigned char)line[0] - 32) & 63;

	for (gsize at = 1, done = 0; done < bytes; at += 4) {
		unsigned char v[4], three[3];

		for (gsize i = 0; i < 4; i++)
			v[i] = at + i < n ? (unsigned char)((unsigned char)line[at + i] - 32) & 63 : 0;
		three[0] = (unsigned char)(v[0] << 2 | v[1] >> 4);
		three[1] = (unsigned char)(v[1] << 4 | v[2] >> 2);
		three[2] = (unsigned char)(v[2] << 6 | v[3]);
		g_byte_array_append(out, three, (guint)MIN((gsize)3, bytes - done));
		done += MIN((gsize)3, bytes - done);
	}
}

/* The end of the file that begins behind the "begin" line at `at`, decoded into `out`; NULL if it is none. */
static const char *uu_file(const char *at, const char *end, GByteArray *out)
{
	gsize lines = 0;

	while (at < end) {
		const char *nl = memchr(at, '\n', (gsize)(end - at));
		gsize n = (gsize)((nl ? nl : end) - at);

		if (n >= 3 && memcmp(at, "end", 3) == 0 && (n == 3 || at[3] <= ' '))
			return lines > 0 ? (nl ? nl + 1 : end) : NULL;
		if (n > 0) { /* an empty one stands for a line of zero bytes that lost its blank */
			if (!uu_line(at, n))
				return NULL;
			uu_decode_line(at, n, out);
			lines++;
		}
		at = nl ? nl + 1 : end;
	}
	return lines > 8 ? end : NULL; /* cut short, but clearly one */
}

void mail_text_take_uuencoded(GString *text, void (*found)(void *context, const char *name, GByteArray *bytes),
			      void *context)
{
	g_autoptr(GString) out = NULL;
	const char *end = text->str + text->len, *done = text->str, *line = text->str;
	int files = 0;

	while (line && files < 100) {
		const char *nl = memchr(line, '\n', (gsize)(end - line)), *name = NULL, *after = NULL;
		gsize name_length = 0;
		g_autoptr(GByteArray) bytes = NULL;

		if (nl && (name = uu_begin(line, (gsize)(nl - line), &name_length)) != NULL) {
			bytes = g_byte_array_sized_new(256);
			after = uu_file(nl + 1, end, bytes);
		}
		if (after) {
			g_autofree char *copy = g_strndup(name, name_length);

			found(context, g_strstrip(copy), bytes);
			files++;
			if (!out)
				out = g_string_sized_new(text->len);
			g_string_append_len(out, done, line - done);
			line = done = after;
		} else {
			line = memmem(line, (gsize)(end - line), "\nbegin ", 7);
			line = line ? line + 1 : NULL;
		}
	}
	if (!out)
		return;
	g_string_append_len(out, done, end - done);
	g_string_assign(text, out->str);
}
