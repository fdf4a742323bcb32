/* SPDX-License-Identifier: ISC
 *
 * keys: what front matter says, in the words of three languages, and what it means for a record. */
#pragma once

#include "note.h"

enum key_kind {
	KEY_FIELD, /* none of the others: a free field under its own name */
	KEY_TITLE,
	KEY_DATE,
	KEY_UPDATED,
	KEY_LANGUAGE,
	KEY_TAG,
	KEY_PARTY,
	KEY_HINT
};

struct key {
	enum key_kind kind;
	const char *detail; /* role of a party, scheme of a hint */
};

struct key key_of(const char *name); /* lower case, '-' for blanks and '_' */
/* The first value of a kind; NULL if there is none. */
const char *key_value(const struct note *note, enum key_kind kind);
