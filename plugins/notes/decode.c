/* SPDX-License-Identifier: ISC */
#include "decode.h"

#include <string.h>

/* 0x80 to 0x9f of Windows-1252; 0: not assigned. */
static const uint16_t windows[32] = {0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
				     0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017d, 0,
				     0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
				     0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

static void add_code(struct buffer *out, uint32_t c)
{
	char u[4];
	if (c == '\0')
		c = ' ';
	if ((c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
		c = 0xfffd;
	if (c < 0x80) {
		buffer_char(out, (char)c);
	} else if (c < 0x800) {
		u[0] = (char)(0xc0 | c >> 6);
		u[1] = (char)(0x80 | (c & 63));
		buffer_add(out, u, 2);
	} else if (c < 0x10000) {
		u[0] = (char)(0xe0 | c >> 12);
		u[1] = (char)(0x80 | (c >> 6 & 63));
		u[2] = (char)(0x80 | (c & 63));
		buffer_add(out, u, 3);
	} else {
		u[0] = (char)(0xf0 | c >> 18);
		u[1] = (char)(0x80 | (c >> 12 & 63));
		u[2] = (char)(0x80 | (c >> 6 & 63));
		u[3] = (char)(0x80 | (c & 63));
		buffer_add(out, u, 4);
	}
}

static void wide16(const unsigned char *p, size_t length, bool big, struct buffer *out)
{
	for (size_t i = 0; i + 1 < length; i += 2) {
		uint32_t c = big ? (uint32_t)p[i] << 8 | p[i + 1] : (uint32_t)p[i + 1] << 8 | p[i];
		if (c >= 0xd800 && c < 0xdc00 && i + 3 < length) {
			uint32_t d = big ? (uint32_t)p[i + 2] << 8 | p[i + 3] : (uint32_t)p[i + 3] << 8 | p[i + 2];
			if (d >= 0xdc00 && d < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) + (d - 0xdc00);
				i += 2;
			}
		}
		add_code(out, c);
	}
}

static void wide32(const unsigned char *p, size_t length, bool big, struct buffer *out)
{
	for (size_t i = 0; i + 3 < length; i += 4)
		add_code(out,
			 big ? (uint32_t)p[i] << 24 | (uint32_t)p[i + 1] << 16 | (uint32_t)p[i + 2] << 8 | p[i + 3]
			     : (uint32_t)p[i + 3] << 24 | (uint32_t)p[i + 2] << 16 | (uint32_t)p[i + 1] << 8 | p[i]);
}

bool decode_is_utf8(const char *bytes, size_t length)
{
	const unsigned char *p = (const unsigned char *)bytes;
	size_t n = 1;
	for (size_t i = 0; i < length && n; i += n)
		n = utf8_sequence(p + i, length - i);
	return n != 0;
}

/* Not UTF-8 throughout, but more of it than not: somebody pasted a few bad bytes into it. */
static bool is_nearly_utf8(const unsigned char *p, size_t length)
{
	size_t good = 0, bad = 0;
	for (size_t i = 0; i < length;) {
		size_t n = utf8_sequence(p + i, length - i);
		good += n > 1;
		bad += !n;
		i += n ? n : 1;
	}
	return good > bad * 2;
}

/* 'l' or 'b': half of the first bytes are zero, at odd or even places. */
static char looks_wide(const unsigned char *p, size_t length)
{
	size_t n = length < 2048 ? length & ~(size_t)1 : 2048, even = 0, odd = 0;
	for (size_t i = 0; i < n; i += 2) {
		even += p[i] == 0;
		odd += p[i + 1] == 0;
	}
	if (n >= 8 && odd * 10 >= n * 4 && !even)
		return 'l';
	return n >= 8 && even * 10 >= n * 4 && !odd ? 'b' : 0;
}

static bool is_binary(const char *bytes, size_t length)
{
	size_t control = 0, n = length < 65536 ? length : 65536;
	if (memchr(bytes, 0, n))
		return true;
	for (size_t i = 0; i < n; i++)
		control += (unsigned char)bytes[i] < 32 && !strchr("\t\n\r\f\v\033\b", bytes[i]);
	return control * 10 > n;
}

static void line_ends(struct buffer *b)
{
	size_t to = 0;
	for (size_t from = 0; from < b->length; from++) {
		char c = b->data[from];
		if (c == '\r') {
			c = '\n';
			if (from + 1 < b->length && b->data[from + 1] == '\n')
				from++;
		}
		b->data[to++] = c;
	}
	b->length = to;
	if (b->data)
		b->data[to] = '\0';
}

bool decode(const char *bytes, size_t length, struct buffer *out)
{
	const unsigned char *p = (const unsigned char *)bytes;
	char wide = 0;
	if (length >= 4 && (!memcmp(p, "\xff\xfe\0\0", 4) || !memcmp(p, "\0\0\xfe\xff", 4))) {
		wide32(p + 4, length - 4, !p[0], out);
	} else if (length >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff))) {
		wide16(p + 2, length - 2, p[0] == 0xfe, out);
	} else if ((wide = looks_wide(p, length))) {
		wide16(p, length, wide == 'b', out);
	} else if (length && is_binary(bytes, length)) {
		return false;
	} else {
		size_t mark = length >= 3 && !memcmp(p, "\xef\xbb\xbf", 3) ? 3 : 0;
		if (mark || decode_is_utf8(bytes, length) || is_nearly_utf8(p, length))
			buffer_utf8(out, bytes + mark, length - mark);
		else
			for (size_t i = 0; i < length; i++)
				add_code(out, p[i] >= 0x80 && p[i] < 0xa0
						      ? (windows[p[i] - 0x80] ? windows[p[i] - 0x80] : 0xfffd)
						      : p[i]);
	}
	line_ends(out);
	return true;
}
