/* segment: cuts text into chunks, and chunks into atoms. An atom is a run of letters, marks and digits, with the
 * apostrophes inside of it and the ending that Finnish hangs on with a colon (EU:n); a chunk is one atom, or several
 * held together by characters that do so inside of names and numbers: a hyphen, a dot, the @ of an address, the slashes
 * of a path. Bytes that are not UTF-8 are gaps. Offsets are bytes; a text is read up to 2 GiB. */
#pragma once

#include "ascii.h"

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

/* What a byte is. What may hold a chunk together is a JOINER (in an address of the web a WEB_JOINER too). OTHER is not
 * ASCII. */
enum segment_kind {
	SEGMENT_GAP,
	SEGMENT_SMALL,
	SEGMENT_UPPER,
	SEGMENT_NUMBER,
	SEGMENT_JOINER,
	SEGMENT_WEB_JOINER,
	SEGMENT_APOSTROPHE,
	SEGMENT_INVISIBLE,
	SEGMENT_IDEOGRAPH,
	SEGMENT_OTHER
};
extern const guint8 segment_kinds[256];

/* What most chunks are: one atom, a short run of ASCII letters and digits, and then a blank, or a comma and a blank.
 * Where the atom ends, or NULL if what comes next is, or may be, more than that: then segment_next knows. */
static inline const char *segment_simple(const char *text, const char *at, const char *end, struct segment_atom *atom)
{
	at += at < end && segment_kinds[(unsigned char)*at] == SEGMENT_GAP;
	if (end - at < ASCII_STEP)
		return NULL;
	struct ascii_bits bits = ascii_bits(at);
	guint32 both = bits.letters | bits.numbers;
	guint32 start = (guint32)__builtin_ctz(both | 1u << ASCII_STEP),
		stop = start + (guint32)__builtin_ctz(~(both >> start));
	guint32 before = (1u << stop) - 1, within = before & ~((1u << start) - 1);
	if (stop >= ASCII_STEP - 1 || bits.other & before)
		return NULL;
	guint8 kind = segment_kinds[(unsigned char)at[stop]];
	if (kind != SEGMENT_GAP && (kind > SEGMENT_APOSTROPHE || segment_kinds[(unsigned char)at[stop + 1]]))
		return NULL;
	guint32 flags = (bits.letters & within ? SEGMENT_LETTER : 0u) | (bits.numbers & within ? SEGMENT_DIGIT : 0u) |
			(segment_kinds[(unsigned char)at[start]] == SEGMENT_UPPER ? SEGMENT_CAPITAL : 0u);
	guint32 from = (guint32)(at - text);
	*atom = (struct segment_atom){from + start, from + stop, flags, 0};
	return at + stop;
}

/* Atoms `first` to `last` of a chunk, taken as one. */
struct segment_atom segment_several(const struct segment_atom *first, const struct segment_atom *last);
