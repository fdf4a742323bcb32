/* terms: a small bounded list of index terms, made for one word. */
#pragma once

#include <glib.h>

#include "text.h"

#define TERM_BYTES     120 /* the longest term; what is longer is cut at a character's border */
#define TERMS_DOCUMENT 6
#define TERMS_QUERY    48

struct term {
	guint8 kind;   /* enum text_class */
	guint8 length; /* the mark is counted */
	char bytes[TERM_BYTES];
};

struct terms {
	unsigned count, room; /* room: at most so many are taken */
	struct term items[TERMS_QUERY];
};

/* Adds `mark` (0: none) and `bytes` as a term, unless it is there, is empty, or there is no room. */
void terms_add(struct terms *terms, char mark, enum text_class kind, const char *bytes, size_t length);
