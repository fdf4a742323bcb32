#include "sniff.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { ROWS = 60, FITTING = 1000 /* points for a header that is as wide as the rows */ };

struct rows {
	unsigned count;            /* rows looked at */
	unsigned delimiters[ROWS]; /* outside quotes */
	size_t start[ROWS];
	unsigned line[ROWS];
};

static bool line_end(char c, bool mac)
{
	return c == (mac ? '\r' : '\n');
}

/* A quote opens at the beginning of a cell only and closes before a delimiter or a line's end, as lenient readers have
 * it. */
static bool quote_closes(const char *at, const char *end, char delimiter)
{
	return at + 1 >= end || at[1] == delimiter || at[1] == '\n' || at[1] == '\r';
}

static void count_rows(const char *sample, size_t from, size_t length, bool mac, char delimiter, struct rows *rows)
{
	const char *end = sample + length;
	bool quoted = false, fresh = true, blank = true;
	unsigned line = 1, found = 0;
	size_t start = from;

	*rows = (struct rows){0};
	for (const char *p = sample + from; p < end && rows->count < ROWS; p++) {
		if (line_end(*p, mac))
			line++;
		if (quoted) {
			quoted = !(*p == '"' && quote_closes(p, end, delimiter));
			continue;
		}
		if (line_end(*p, mac)) {
			if (!blank) {
				rows->delimiters[rows->count] = found;
				rows->line[rows->count] = line - 1;
				rows->start[rows->count++] = start;
			}
			start = (size_t)(p - sample) + 1;
			found = 0;
			fresh = blank = true;
			continue;
		}
		if (*p == '"' && fresh)
			quoted = true;
		found += *p == delimiter;
		fresh = *p == delimiter || (fresh && *p == ' ');
		blank = blank && isspace((unsigned char)*p) && *p != delimiter;
	}
	if (!blank && rows->count < ROWS &&
	    !quoted) { /* the last row may be cut by the sample's end: its start counts */
		rows->delimiters[rows->count] = found;
		rows->line[rows->count] = line;
		rows->start[rows->count++] = start;
	}
}

/* The number of delimiters that most rows have; of two as common, the larger. */
static unsigned usual(const struct rows *rows, unsigned *times)
{
	unsigned best = 0;

	*times = 0;
	for (unsigned i = 0; i < rows->count; i++) {
		unsigned same = 0;
		for (unsigned k = 0; k < rows->count; k++)
			same += rows->delimiters[k] == rows->delimiters[i];
		if (same > *times || (same == *times && rows->delimiters[i] > best)) {
			*times = same;
			best = rows->delimiters[i];
		}
	}
	return best;
}

/* Most rows have `width` delimiters: enough of them to call a row without any a title, or text? With one delimiter
 * only, as a comma that happens to stand in a sentence, nearly all. */
static bool steady(const struct rows *rows, unsigned width, unsigned times)
{
	return width >= 2 ? times * 4 >= rows->count * 3 || rows->count < 8 : width && times * 10 >= rows->count * 9;
}

static unsigned fit(const struct rows *rows)
{
	unsigned times, width = usual(rows, &times);

	if (!rows->count || !width)
		return rows->count && rows->delimiters[0] ? 1 : 0;
	if (!rows->delimiters[0] &&
	    (width < 2 || times * 4 < rows->count * 3)) /* a title above a table, or just text */
		return 0;
	return times * 1000 / rows->count + (rows->delimiters[0] == width ? FITTING : 0) + (width < 50 ? width : 50);
}

/* A delimiter that nobody expects must be in every row, as often as in the header. */
static char find_rare(const char *sample, size_t from, size_t length, bool mac)
{
	static const char candidates[] = "\x1F^~%>:#";

	for (const char *c = candidates; *c; c++) {
		struct rows rows;
		unsigned times, width;
		count_rows(sample, from, length, mac, *c, &rows);
		width = usual(&rows, &times);
		unsigned whole = rows.count - (rows.count == ROWS ? 0 : 1); /* the last may be cut off */
		if (width >= 2 && whole >= 3 && rows.delimiters[0] == width && times >= whole)
			return *c;
	}
	return 0;
}

static char find_delimiter(const char *sample, size_t from, size_t length, bool mac)
{
	static const char candidates[] = ",;\t|";
	unsigned best = 0;
	char found = 0;

	for (const char *c = candidates; *c; c++) {
		struct rows rows;
		count_rows(sample, from, length, mac, *c, &rows);
		unsigned score = fit(&rows);
		if (score > best) {
			best = score;
			found = *c;
		}
	}
	char rare = best > FITTING ? 0 : find_rare(sample, from, length, mac);
	return rare ? rare : found;
}

/* Excel's own first line, `sep=;`, says the delimiter and is no part of the table. */
static size_t separator_line(const char *sample, size_t length, char *delimiter)
{
	size_t at = length && sample[0] == '"';

	if (length < at + 5 || strncasecmp(sample + at, "sep=", 4) != 0)
		return 0;
	char separator = sample[at + 4];
	at += 5;
	while (at < length && (sample[at] == '"' || sample[at] == ' '))
		at++;
	if (at < length && sample[at] != '\r' && sample[at] != '\n')
		return 0;
	if (at < length && sample[at] == '\r')
		at++;
	if (at < length && sample[at] == '\n')
		at++;
	*delimiter = separator;
	return at;
}

/* Titles before the header have no delimiter where the rest has. */
static void skip_titles(const struct rows *rows, struct sniff *sniff)
{
	unsigned times, width = usual(rows, &times), first = 0;

	while (steady(rows, width, times) && first < rows->count && rows->delimiters[first] == 0)
		first++;
	if (first == rows->count || !rows->count)
		return;
	sniff->titles = first;
	sniff->header = rows->start[first];
}

static unsigned line_of(const char *sample, size_t at, bool mac)
{
	unsigned line = 1;

	for (size_t i = 0; i < at; i++)
		line += line_end(sample[i], mac);
	return line;
}

/* Lines that end with CR alone, though a quoted cell may hold an LF. */
static bool ends_with_cr(const char *sample, size_t length)
{
	size_t lone = 0, feeds = 0;

	for (size_t i = 0; i < length; i++) {
		lone += sample[i] == '\r' && (i + 1 == length || sample[i + 1] != '\n');
		feeds += sample[i] == '\n';
	}
	return lone > feeds;
}

struct sniff sniff_table(const char *sample, size_t length, char delimiter)
{
	struct sniff sniff = {.delimiter = delimiter};
	struct rows rows;
	char declared = 0;

	sniff.mac = ends_with_cr(sample, length);
	sniff.header = separator_line(sample, length, &declared);
	if (!sniff.delimiter)
		sniff.delimiter = declared ? declared : find_delimiter(sample, sniff.header, length, sniff.mac);
	sniff.tabular = sniff.delimiter != 0;
	if (!sniff.delimiter)
		sniff.delimiter = ',';
	count_rows(sample, sniff.header, length, sniff.mac, sniff.delimiter, &rows);
	if (rows.count)
		skip_titles(&rows, &sniff);
	sniff.header_line = line_of(sample, sniff.header, sniff.mac);
	return sniff;
}

static const char *number(const char *p, const char *end, unsigned *value)
{
	const char *begin = p;

	*value = 0;
	while (p < end && isdigit((unsigned char)*p) && p - begin < 4)
		*value = *value * 10 + (unsigned)(*p++ - '0');
	return p == begin ? NULL : p;
}

static bool date_at(const char *p, const char *end, unsigned *first, unsigned *second)
{
	unsigned year;
	const char *next = number(p, end, first);

	if (!next || next - p > 2 || next >= end || (*next != '/' && *next != '-'))
		return false;
	char separator = *next;
	p = next + 1;
	next = number(p, end, second);
	if (!next || next - p > 2 || next >= end || *next != separator)
		return false;
	p = next + 1;
	next = number(p, end, &year);
	return next && (next - p == 4 || next - p == 2);
}

char sniff_dates(const char *sample, size_t length)
{
	const char *end = sample + length;
	bool day = false, month = false;

	for (const char *p = sample; p < end; p++) {
		unsigned first, second;
		bool begins = isdigit((unsigned char)*p) && (p == sample || !isalnum((unsigned char)p[-1]));
		if (!begins || (p > sample && strchr("-/.", p[-1])) || !date_at(p, end, &first, &second))
			continue;
		day = day || (first > 12 && first <= 31 && second <= 12);
		month = month || (second > 12 && second <= 31 && first <= 12);
	}
	return day == month ? 0 : day ? 'd' : 'm';
}
