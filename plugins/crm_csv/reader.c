#include "reader.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

enum { PIECE = 64 * 1024, SAMPLE = 64 * 1024 };
static const uint64_t REREAD_MAX = 128u * 1024 * 1024; /* bytes read again after bad quotes before we give up */

struct reader {
	struct encoding *encoding;
	struct csv_parser csv;
	struct sniff sniff;
	char dates;
	size_t width, widest; /* cells a row has: at least, at most; 0: not known yet */

	/* Decoded text. [row, length) is kept: the row under way may have to be read again from its second line. */
	char *text;
	size_t room, length, at, row;
	bool ended, failed;
	unsigned long line, row_line; /* of `at`, of `row` */

	/* The row under way. */
	struct buffer cells; /* the cells' bytes, each with a NUL */
	size_t *starts, *lengths;
	const char **pointers;
	size_t count, table_room;
	bool done, zeros, cut, after_blank;
	size_t cells_at_line;                /* cells that were finished when the line began */
	unsigned long first_open, last_open; /* lines where cells of several lines open: the first, the last; 0: none */
	size_t first_after, last_after;      /* bytes of text after those lines */
	uint64_t reread;
	char why[256];
};

/* ---- text, a line at a time ---- */

static bool make_room(struct reader *r)
{
	if (r->row) {
		memmove(r->text, r->text + r->row, r->length - r->row);
		r->at -= r->row;
		r->length -= r->row;
		r->first_after -= r->first_open ? r->row : 0;
		r->last_after -= r->last_open ? r->row : 0;
		r->row = 0;
	}
	if (r->room - r->length >= PIECE)
		return true;
	size_t room = r->room ? r->room * 2 : PIECE * 2;
	char *grown = realloc(r->text, room);
	if (!grown)
		return false;
	r->text = grown;
	r->room = room;
	return true;
}

static bool more(struct reader *r)
{
	if (r->ended)
		return false;
	if (!make_room(r)) {
		snprintf(r->why, sizeof r->why, "memory ran out");
		r->failed = r->ended = true;
		return false;
	}
	ssize_t got = encoding_read(r->encoding, r->text + r->length, r->room - r->length);
	if (got < 0) {
		snprintf(r->why, sizeof r->why, "it cannot be read: %s", strerror(errno));
		r->failed = true;
	}
	r->ended = got <= 0;
	r->length += got > 0 ? (size_t)got : 0;
	return got > 0;
}

/* The line at `at`, its end included; 0 bytes at the end of the file. */
static size_t line_length(struct reader *r)
{
	size_t looked = 0;

	for (;;) {
		size_t left = r->length - r->at - looked;
		const char *from = r->text + r->at + looked;
		const char *end = left ? memchr(from, r->sniff.mac ? '\r' : '\n', left) : NULL;
		if (end)
			return (size_t)(end - (r->text + r->at)) + 1;
		looked += left;
		if (looked > READER_ROW_MAX || !more(r))
			return looked;
	}
}

static bool blank(const char *line, size_t length, char delimiter)
{
	for (size_t i = 0; i < length; i++)
		if (line[i] == delimiter || !strchr(" \t\r\n", line[i]) || !line[i])
			return false;
	return true;
}

/* ---- libcsv ---- */

static int is_space(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static int is_end(unsigned char c)
{
	return c == '\n';
}

static int is_space_mac(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static int is_end_mac(unsigned char c)
{
	return c == '\r';
}

static bool parser_start(struct csv_parser *csv, const struct sniff *sniff, unsigned char options)
{
	if (csv_init(csv, options))
		return false;
	csv_set_delim(csv, (unsigned char)sniff->delimiter);
	csv_set_space_func(csv, sniff->mac ? is_space_mac : is_space);
	csv_set_term_func(csv, sniff->mac ? is_end_mac : is_end);
	csv_set_blk_size(csv, 64 * 1024);
	return true;
}

static bool grow_table(struct reader *r)
{
	size_t room = r->table_room ? r->table_room * 2 : 64;
	size_t *starts = realloc(r->starts, room * sizeof *starts);

	if (starts)
		r->starts = starts;
	size_t *lengths = realloc(r->lengths, room * sizeof *lengths);
	if (lengths)
		r->lengths = lengths;
	const char **pointers = realloc(r->pointers, room * sizeof *pointers);
	if (pointers)
		r->pointers = pointers;
	if (!starts || !lengths || !pointers)
		return false;
	r->table_room = room;
	return true;
}

static void on_cell(void *bytes, size_t length, void *user)
{
	struct reader *r = user;
	const char *from = bytes, *zero;

	r->count++;
	if (r->count > READER_CELLS_MAX || r->cells.broken)
		return;
	if (r->count > r->table_room && !grow_table(r)) {
		r->cells.broken = true;
		return;
	}
	r->starts[r->count - 1] = r->cells.length;
	while (length && (zero = memchr(from, '\0', length))) {
		size_t before = (size_t)(zero - from);
		buffer_add(&r->cells, from, before);
		from += before + 1;
		length -= before + 1;
		r->zeros = true;
	}
	buffer_add(&r->cells, from, length);
	if (r->cells.broken)
		return;
	r->lengths[r->count - 1] = r->cells.length - r->starts[r->count - 1];
	buffer_add(&r->cells, "", 1);
}

static void on_row(int end, void *user)
{
	struct reader *r = user;

	(void)end;
	r->done = true;
}

/* ---- rows ---- */

static void row_begin(struct reader *r)
{
	r->row = r->at;
	r->row_line = r->line;
	r->count = 0;
	r->cells.length = 0;
	r->done = r->zeros = r->after_blank = false;
	r->first_open = r->last_open = 0;
}

static bool parser_again(struct reader *r)
{
	csv_free(&r->csv);
	if (parser_start(&r->csv, &r->sniff, 0))
		return true;
	snprintf(r->why, sizeof r->why, "memory ran out");
	r->failed = true;
	return false;
}

/* Reading goes on at `after`, a byte of the row under way that lies after line `line`. */
static enum reader_result resume(struct reader *r, struct reader_row *row, unsigned long line, size_t after)
{
	r->reread += r->at - after;
	if (r->reread > REREAD_MAX) {
		snprintf(r->why, sizeof r->why,
			 "too many quotes in it are never closed, the last that was tried in line %lu", line);
		r->failed = true;
		return READER_FAILED;
	}
	row->line = r->row_line;
	r->at = after;
	r->line = line + 1;
	row->why = r->why;
	if (!parser_again(r))
		return READER_FAILED;
	return READER_BROKEN;
}

/* Does a line within the row, after its first, look like a row of its own? Then a quote has swallowed it. */
static bool swallowed(const struct reader *r)
{
	const char *p = r->text + r->first_after, *end = r->text + r->at;

	while (p < end) {
		size_t delimiters = 0;
		const char *next = memchr(p, r->sniff.mac ? '\r' : '\n', (size_t)(end - p));
		const char *stop = next ? next : end;
		for (; p < stop; p++)
			delimiters += *p == r->sniff.delimiter;
		if (delimiters + 1 >= r->width)
			return true;
		p = next ? next + 1 : end;
	}
	return false;
}

/* Are the quotes of the row as they should be: doubled within a cell, else only around it? */
static bool well_quoted(const struct reader *r)
{
	struct csv_parser strict;

	if (!parser_start(&strict, &r->sniff, CSV_STRICT))
		return true;
	size_t length = r->at - r->row;
	size_t parsed = csv_parse(&strict, r->text + r->row, length, NULL, NULL, NULL);
	csv_free(&strict);
	return parsed == length;
}

static size_t filled(const struct reader *r)
{
	size_t count = r->count < READER_CELLS_MAX ? r->count : READER_CELLS_MAX;

	while (count && r->lengths[count - 1] == 0)
		count--;
	return count;
}

static bool fits(const struct reader *r)
{
	return r->width && r->count >= r->width && filled(r) <= r->widest && r->count <= READER_CELLS_MAX;
}

static enum reader_result row_hand_out(struct reader *r, struct reader_row *row)
{
	size_t count = r->count < READER_CELLS_MAX ? r->count : READER_CELLS_MAX;

	if (r->cells.broken) {
		snprintf(r->why, sizeof r->why, "memory ran out");
		return READER_FAILED;
	}
	for (size_t i = 0; i < count; i++)
		r->pointers[i] = r->cells.bytes + r->starts[i];
	*row = (struct reader_row){r->pointers, r->lengths, count, r->row_line, r->zeros, r->after_blank, r->why};
	if (!r->width && r->count <= READER_CELLS_MAX)
		return READER_ROW;
	if (fits(r)) {
		row->count = r->count < r->widest ? r->count : r->widest;
		return READER_ROW;
	}
	size_t cells = r->count > r->width ? filled(r) : r->count;
	snprintf(r->why, sizeof r->why, "the row has %zu cell%s where the header has %zu", cells, cells == 1 ? "" : "s",
		 r->count > r->width ? r->widest : r->width);
	return READER_BROKEN;
}

static enum reader_result row_end(struct reader *r, struct reader_row *row)
{
	if (r->first_open && r->width > 1 && (!fits(r) || !well_quoted(r)) && swallowed(r)) {
		snprintf(r->why, sizeof r->why, "the quote that opens in line %lu is not closed where it should be",
			 r->first_open);
		*row = (struct reader_row){.count = 0};
		return resume(r, row, r->first_open, r->first_after);
	}
	return row_hand_out(r, row);
}

/* A quote was never closed, or not within READER_ROW_MAX bytes. */
static enum reader_result runaway(struct reader *r, struct reader_row *row)
{
	if (r->failed)
		return READER_FAILED;
	snprintf(r->why, sizeof r->why, "the quote that opens in line %lu is never closed", r->last_open);
	*row = (struct reader_row){.count = 0};
	return resume(r, row, r->last_open, r->last_after);
}

static enum reader_result file_end(struct reader *r, struct reader_row *row)
{
	if (r->failed)
		return READER_FAILED;
	if (r->row == r->at)
		return READER_END;
	csv_set_opts(&r->csv,
		     CSV_STRICT | CSV_STRICT_FINI); /* strict from here on: only its last cell is left to judge */
	if (csv_fini(&r->csv, on_cell, on_row, r) && csv_error(&r->csv) == CSV_EPARSE) {
		r->cut = true;
		return runaway(r, row);
	}
	enum reader_result result = r->done ? row_end(r, row) : READER_END;
	r->cut = r->text[r->length - 1] != '\n' && r->text[r->length - 1] != '\r';
	return result;
}

/* A line that does not end the row leaves a quoted cell open: after the last cell that ended, in this line or before.
 */
static void note_open(struct reader *r)
{
	if (r->last_open && r->count == r->cells_at_line)
		return;
	r->last_open = r->line - 1;
	r->last_after = r->at;
	if (!r->first_open) {
		r->first_open = r->last_open;
		r->first_after = r->at;
	}
}

static bool feed(struct reader *r, size_t length)
{
	r->cells_at_line = r->count;
	if (csv_parse(&r->csv, r->text + r->at, length, on_cell, on_row, r) != length) {
		snprintf(r->why, sizeof r->why, "line %lu cannot be read: %s", r->line,
			 csv_strerror(csv_error(&r->csv)));
		r->failed = true;
		return false;
	}
	r->at += length;
	r->line++;
	return true;
}

static enum reader_result next(struct reader *r, struct reader_row *row)
{
	row_begin(r);
	for (;;) {
		size_t length = line_length(r);
		if (!length)
			return file_end(r, row);
		if (length > READER_ROW_MAX) {
			snprintf(r->why, sizeof r->why, "line %lu is longer than %d MiB", r->line,
				 READER_ROW_MAX >> 20);
			return READER_FAILED;
		}
		if (r->row == r->at && blank(r->text + r->at, length, r->sniff.delimiter)) {
			r->at += length;
			r->line++;
			row_begin(r);
			r->after_blank = true;
			continue;
		}
		if (!feed(r, length))
			return READER_FAILED;
		if (r->done)
			return row_end(r, row);
		note_open(r);
		if (r->at - r->row > READER_ROW_MAX)
			return runaway(r, row);
	}
}

enum reader_result reader_next(struct reader *r, struct reader_row *row)
{
	*row = (struct reader_row){.why = r->why};
	enum reader_result result = r->failed ? READER_FAILED : next(r, row);
	row->why = r->why;
	return result;
}

/* ---- beginning and end ---- */

static bool take_sample(struct reader *r)
{
	while (r->length < SAMPLE && more(r))
		;
	if (r->failed || !r->text)
		return false;
	return true;
}

struct reader *reader_new(struct encoding *encoding, char delimiter)
{
	struct reader *r = calloc(1, sizeof *r);

	if (!r) {
		encoding_close(encoding);
		return NULL;
	}
	r->encoding = encoding;
	if (!take_sample(r)) {
		reader_free(r);
		return NULL;
	}
	r->sniff = sniff_table(r->text, r->length, delimiter);
	r->dates = sniff_dates(r->text, r->length);
	r->at = r->sniff.header;
	r->line = r->sniff.header_line;
	if (!parser_start(&r->csv, &r->sniff, 0)) {
		reader_free(r);
		return NULL;
	}
	return r;
}

const struct sniff *reader_sniff(const struct reader *r)
{
	return &r->sniff;
}

char reader_date_order(const struct reader *r)
{
	return r->dates;
}

void reader_set_width(struct reader *r, size_t least, size_t most)
{
	r->width = least;
	r->widest = most;
}

bool reader_cut(const struct reader *r)
{
	return r->cut;
}

const struct encoding *reader_encoding(const struct reader *r)
{
	return r->encoding;
}

void reader_free(struct reader *r)
{
	if (!r)
		return;
	csv_free(&r->csv);
	encoding_close(r->encoding);
	buffer_free(&r->cells);
	free(r->starts);
	free(r->lengths);
	free(r->pointers);
	free(r->text);
	free(r);
}
