/* joined: the wholes in a chunk of several atoms, which are index terms beside its parts: an e-mail address and its
 * domain, an id (ABC-123 and ABC123 are one), a date, a word written with a hyphen; and telephone numbers, whose digits
 * may stand in several chunks. File names and addresses of the web need none: their parts in a row say as much. */
#pragma once

#include "segment.h"
#include "terms.h"

enum joined_kind {
	JOINED_TERM, /* `term` is an index term as it is */
	JOINED_WORD, /* words and hyphens: to be looked up as a word; `term` without the hyphens is what it is otherwise
		      */
};

struct joined {
	enum joined_kind kind;
	unsigned first, last; /* atoms */
	guint8 length;
	char term[TERM_BYTES];
};

#define JOINED_MAX 6

/* How many wholes there are in the chunk; in order of `first`, the longest first. */
unsigned joined_find(const char *text, const struct segment_atom *atoms, unsigned count, struct joined *wholes);

#define JOINED_PHONE_DIGITS 15

/* Whether a telephone number begins with the atom at `start` of a text: where it ends, or 0. `key` gets its digits
 * without country code, trunk 0 and separators, so that +358 40 123 4567, 040-1234567 and 0358... are one. */
size_t joined_phone(const char *text, size_t length, size_t start, char key[JOINED_PHONE_DIGITS + 1],
		    size_t *key_length);
