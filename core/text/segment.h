/* segment: cuts text into chunks, and chunks into atoms. An atom is a run of letters, marks and digits, with the
 * apostrophes inside of it and the ending that Finnish hangs on with a colon (EU:n); a chunk is one atom, or several
 * held together by characters that do so inside of names and numbers: a hyphen, a dot, the @ of an address, the slashes
 * of a path. Bytes that are not UTF-8 are gaps. Offsets are bytes; a text is read up to 2 GiB. */
#pragma once

#include <glib.h>

#define SEGMENT_ATOMS 32   /* a longer chunk is cut */
#define SEGMENT_BYTES 1024 /* so is a longer atom */

enum segment_flag {
	SEGMENT_LETTER = 1, /* holds a letter */
	SEGMENT_DIGIT = 2,
	SEGMENT_CAPITAL = 4,  /* begins with one */
	SEGMENT_WIDE = 8,     /* holds other than ASCII */
	SEGMENT_QUOTE = 16,   /* holds an apostrophe */
	SEGMENT_COLON = 32,   /* has an ending behind a colon */
	SEGMENT_SEVERAL = 64, /* not one atom, but several with hyphens between (segment_several) */
};

struct segment_atom {
	guint32 start, end;
	guint32 flags;
	guint32 colon; /* SEGMENT_COLON: where it is */
};

/* Reads the next chunk at or after *at, which is moved behind it. `atoms`: room for SEGMENT_ATOMS. How many there are;
 * 0 at the end of the text. */
unsigned segment_next(const char *text, size_t length, size_t *at, struct segment_atom *atoms);

/* Atoms `first` to `last` of a chunk, taken as one. */
struct segment_atom segment_several(const struct segment_atom *first, const struct segment_atom *last);
