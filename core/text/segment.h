/* segment: cuts text into chunks, and chunks into atoms. An atom is a run of letters, marks and digits; a chunk is one atom,
 * or several held together by characters that do so inside of names and numbers: a hyphen, a dot between letters, the @ of
 * an address. Offsets are bytes of the text. Bytes that are not UTF-8 are gaps. */
#pragma once

#include <glib.h>

#define SEGMENT_ATOMS 24    /* a longer chunk is cut */
#define SEGMENT_BYTES 1024  /* so is a longer atom */

struct segment_atom {
	size_t start, end;
	gboolean digit, letter, ascii, upper; /* holds a digit, a letter; is plain ASCII; begins in upper case */
};

struct segment {
	unsigned count;
	struct segment_atom atoms[SEGMENT_ATOMS];
};

/* The next chunk at or after *at, which is moved behind it. FALSE at the end of the text. */
gboolean segment_next(const char *text, size_t length, size_t *at, struct segment *chunk);
