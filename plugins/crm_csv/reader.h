/* reader: the rows of one CSV file, read as a stream through libcsv. It knows on which line each row begins, notices
 * quotes that are never closed (libcsv would swallow the rest of the file) and goes on after the line where such a
 * quote opened, so that one bad quote costs one row. Memory is bounded by the longest row allowed. */
#ifndef CRM_READER_H
#define CRM_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "encoding.h"
#include "sniff.h"

enum {
	READER_ROW_MAX = 4 * 1024 * 1024, /* bytes: a longer row is a quote that is never closed, or no table */
	READER_CELLS_MAX = 8192
};

struct reader_row {
	const char *const
		*cells; /* `count` texts, NUL-terminated, without NUL bytes within; until the next reader_next */
	const size_t *lengths;
	size_t count;
	unsigned long line; /* where it begins; counts from 1 */
	bool zeros;         /* NUL bytes were left out of it */
	bool after_blank;   /* a blank line stands before it */
	const char *why;    /* READER_BROKEN: what is wrong with it; READER_FAILED: with the file */
};

enum reader_result { READER_END, READER_ROW, READER_BROKEN, READER_FAILED };

struct reader;

/* Takes the encoding over. `delimiter`: as declared, 0 to find out. NULL when memory is out or the file cannot be read.
 */
struct reader *reader_new(struct encoding *encoding, char delimiter);
const struct sniff *reader_sniff(const struct reader *reader);
char reader_date_order(const struct reader *reader); /* see sniff_dates */
/* From now on, rows have `least` to `most` cells: set it after the header. More than one number is right where the
 * header ends with columns without a name. */
void reader_set_width(struct reader *reader, size_t least, size_t most);
/* The next row that is not blank. */
enum reader_result reader_next(struct reader *reader, struct reader_row *row);
/* The last row ended without a line's end: with a broken row, the mark of a file that was cut off. */
bool reader_cut(const struct reader *reader);
const struct encoding *reader_encoding(const struct reader *reader);
void reader_free(struct reader *reader);

#endif
