#include "encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };
#define NO_CONVERTER ((iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): as iconv_open says no */

struct encoding {
	int fd;
	const char *name;
	char declared[64];
	iconv_t converter; /* NO_CONVERTER: the file is in UTF-8 */
	size_t unit;       /* bytes to leave out where a sequence is not known */
	uint64_t damaged, offset;
	bool ended;
	size_t at, length; /* what of `raw` is not converted yet */
	char raw[CHUNK];
};

/* ---- what is it written in? ---- */

struct census {
	uint64_t sequences, broken, c1; /* multi-byte sequences of UTF-8, bytes that are none, bytes 0x80 to 0x9F */
	unsigned want;                  /* continuation bytes still to come */
	unsigned char low, high;        /* bounds of the next one */
};

static void census_lead(struct census *census, unsigned char c)
{
	census->low = 0x80;
	census->high = 0xBF;
	if (c >= 0xC2 && c <= 0xDF) {
		census->want = 1;
	} else if (c >= 0xE0 && c <= 0xEF) {
		census->want = 2;
		if (c == 0xE0)
			census->low = 0xA0;
		if (c == 0xED)
			census->high = 0x9F;
	} else if (c >= 0xF0 && c <= 0xF4) {
		census->want = 3;
		if (c == 0xF0)
			census->low = 0x90;
		if (c == 0xF4)
			census->high = 0x8F;
	} else {
		census->broken++;
	}
}

static void census_byte(struct census *census, unsigned char c)
{
	if (c >= 0x80 && c <= 0x9F)
		census->c1++;
	if (census->want && c >= census->low && c <= census->high) {
		census->low = 0x80;
		census->high = 0xBF;
		if (--census->want == 0)
			census->sequences++;
		return;
	}
	if (census->want) {
		census->want = 0;
		census->broken++;
	}
	if (c >= 0x80)
		census_lead(census, c);
}

static bool ascii_only(const char *bytes, size_t length)
{
	size_t i = 0;

	for (; i + 8 <= length; i += 8) {
		uint64_t word;
		memcpy(&word, bytes + i, 8);
		if (word & UINT64_C(0x8080808080808080))
			return false;
	}
	for (; i < length; i++)
		if ((unsigned char)bytes[i] >= 0x80)
			return false;
	return true;
}

static int census_file(int fd, struct census *census)
{
	char *chunk = malloc(CHUNK);
	off_t offset = 0;
	ssize_t got = -1;

	while (chunk && (got = pread(fd, chunk, CHUNK, offset)) > 0) {
		offset += got;
		if (!census->want && ascii_only(chunk, (size_t)got))
			continue;
		for (ssize_t i = 0; i < got; i++)
			census_byte(census, (unsigned char)chunk[i]);
	}
	census->broken += census->want != 0;
	free(chunk);
	return got < 0 ? -1 : 0;
}

struct mark {
	const char *bytes;
	size_t length;
	const char *name;
};

static const struct mark marks[] = {
	{"\xEF\xBB\xBF", 3, "UTF-8"}, {"\xFF\xFE\0\0", 4, "UTF-32LE"}, {"\0\0\xFE\xFF", 4, "UTF-32BE"},
	{"\xFF\xFE", 2, "UTF-16LE"},  {"\xFE\xFF", 2, "UTF-16BE"},
};

static const struct mark *mark_of(const char *bytes, size_t length)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (length >= marks[i].length && !memcmp(bytes, marks[i].bytes, marks[i].length))
			return &marks[i];
	return NULL;
}

/* A table in UTF-16 has a zero in every other byte wherever it is written in Latin letters, digits and delimiters. */
static const char *wide(const char *bytes, size_t length)
{
	size_t zeros[2] = {0, 0}, pairs = length / 2;

	for (size_t i = 0; i < pairs * 2; i++)
		zeros[i % 2] += bytes[i] == '\0';
	if (pairs < 2)
		return NULL;
	if (zeros[1] * 10 >= pairs * 4 && zeros[0] * 20 <= pairs)
		return "UTF-16LE";
	if (zeros[0] * 10 >= pairs * 4 && zeros[1] * 20 <= pairs)
		return "UTF-16BE";
	return NULL;
}

/* What people put into export folders that is no CSV, told by its first bytes. */
static const char *foreign(const char *bytes, size_t length)
{
	static const struct mark kinds[] = {
		{"PK\x03\x04", 4, "a ZIP archive or an Excel workbook (.xlsx)"},
		{"\xD0\xCF\x11\xE0", 4, "an old Excel workbook (.xls)"},
		{"%PDF", 4, "a PDF document"},
		{"\x1F\x8B", 2, "packed with gzip"},
		{"\x28\xB5\x2F\xFD", 4, "packed with zstd"},
		{"BZh", 3, "packed with bzip2"},
		{"SQLite format 3", 15, "an SQLite database"},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (length >= kinds[i].length && !memcmp(bytes, kinds[i].bytes, kinds[i].length))
			return kinds[i].name;
	return NULL;
}

static bool is_text(const char *bytes, size_t length)
{
	size_t zeros = 0, controls = 0;

	for (size_t i = 0; i < length; i++) {
		zeros += bytes[i] == '\0';
		controls += (unsigned char)bytes[i] < 0x20 && bytes[i] != '\0' && !strchr("\t\n\v\f\r\x1B", bytes[i]);
	}
	return zeros * 3 <= length && controls * 20 <= length;
}

static const char *guess(struct encoding *e, char *why, size_t room)
{
	struct census census = {0};
	const char *name = wide(e->raw, e->length);

	if (name)
		return name;
	if (!is_text(e->raw, e->length)) {
		snprintf(why, room, "it is not text (too many zero and control bytes)");
		return NULL;
	}
	if (census_file(e->fd, &census) < 0) {
		snprintf(why, room, "it cannot be read: %s", strerror(errno));
		return NULL;
	}
	if (census.sequences >= census.broken * 10)
		return "UTF-8";
	return census.c1 ? "WINDOWS-1252" : "ISO-8859-1";
}

/* ---- reading ---- */

static int fill(struct encoding *e)
{
	memmove(e->raw, e->raw + e->at, e->length);
	e->at = 0;
	while (!e->ended && e->length < sizeof e->raw) {
		ssize_t got = read(e->fd, e->raw + e->length, sizeof e->raw - e->length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		e->ended = got == 0;
		e->length += (size_t)got;
		e->offset += (uint64_t)got;
	}
	return 0;
}

static bool begin(struct encoding *e, const char *declared, char *why, size_t room)
{
	if (fill(e) < 0) {
		snprintf(why, room, "it cannot be read: %s", strerror(errno));
		return false;
	}
	const struct mark *mark = mark_of(e->raw, e->length);
	const char *kind = foreign(e->raw, e->length);
	if (kind) {
		snprintf(why, room, "it is %s, not a CSV file: export or unpack it as CSV", kind);
		return false;
	}
	if (declared)
		snprintf(e->declared, sizeof e->declared, "%s", declared);
	e->name = declared ? e->declared : mark ? mark->name : guess(e, why, room);
	if (!e->name)
		return false;
	bool utf8 = !strcasecmp(e->name, "utf-8") || !strcasecmp(e->name, "utf8");
	bool utf16 = !strncasecmp(e->name, "utf-16", 6) || !strncasecmp(e->name, "ucs-2", 5);
	if (mark && (utf8 == (mark == &marks[0])) && (utf8 || utf16 || !declared)) {
		e->at = mark->length;
		e->length -= mark->length;
		if (utf16 && declared) /* the mark knows the byte order better than a bare "UTF-16" does */
			e->name = mark->name;
	}
	e->unit = utf16 ? 2 : !strncasecmp(e->name, "utf-32", 6) ? 4 : 1;
	if (!utf8 && (e->converter = iconv_open("UTF-8", e->name)) == NO_CONVERTER) {
		snprintf(why, room, "the encoding \"%s\" is not known here: `iconv -l` lists those that are", e->name);
		return false;
	}
	return true;
}

struct encoding *encoding_open(int fd, const char *declared, char *why, size_t room)
{
	struct encoding *e = calloc(1, sizeof *e);

	if (!e) {
		close(fd);
		snprintf(why, room, "memory ran out");
		return NULL;
	}
	e->fd = fd;
	e->converter = NO_CONVERTER;
	if (!begin(e, declared, why, room)) {
		encoding_close(e);
		return NULL;
	}
	return e;
}

static ssize_t plain(struct encoding *e, char *bytes, size_t room)
{
	size_t n = e->length < room ? e->length : room;

	memcpy(bytes, e->raw + e->at, n);
	e->at += n;
	e->length -= n;
	return (ssize_t)n;
}

static void leave_out(struct encoding *e, char **out, size_t *left)
{
	size_t unit = e->unit < e->length ? e->unit : e->length;

	memcpy(*out, "\xEF\xBF\xBD", 3);
	*out += 3;
	*left -= 3;
	e->at += unit;
	e->length -= unit;
	e->damaged++;
}

static ssize_t converted(struct encoding *e, char *bytes, size_t room)
{
	char *out = bytes;
	size_t left = room;

	while (e->length && left >= 8) {
		char *in = e->raw + e->at;
		size_t before = e->length;
		size_t rc = iconv(e->converter, &in, &e->length, &out, &left);
		e->at += before - e->length;
		if (rc != (size_t)-1 || errno == E2BIG)
			break;
		if (errno == EINVAL && !e->ended) /* half a character: the rest of it is still in the file */
			break;
		if (left < 8)
			break;
		leave_out(e, &out, &left);
	}
	return out - bytes;
}

ssize_t encoding_read(struct encoding *e, char *bytes, size_t room)
{
	for (;;) {
		if (e->length < 16 && !e->ended && fill(e) < 0)
			return -1;
		if (!e->length)
			return 0;
		ssize_t got = e->converter == NO_CONVERTER ? plain(e, bytes, room) : converted(e, bytes, room);
		if (got)
			return got;
	}
}

const char *encoding_name(const struct encoding *e)
{
	return e->name;
}

uint64_t encoding_damaged(const struct encoding *e)
{
	return e->damaged;
}

uint64_t encoding_offset(const struct encoding *e)
{
	return e->offset - e->length;
}

void encoding_close(struct encoding *e)
{
	if (!e)
		return;
	if (e->converter != NO_CONVERTER)
		iconv_close(e->converter);
	close(e->fd);
	free(e);
}

bool encoding_known(const char *name)
{
	iconv_t converter = iconv_open("UTF-8", name);

	if (converter == NO_CONVERTER)
		return false;
	iconv_close(converter);
	return true;
}
