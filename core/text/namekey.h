/* namekey: what all the Finnish cases of a name that no dictionary knows have in common. The endings of case, number,
 * possession and emphasis are stripped and the regular changes of stems undone, by rule alone: Virtasen, Virtaselle and
 * Virtasten lead to the key of Virtanen, Fortumiin to that of Fortum.
 *
 * Where an ending may belong to the name itself (Orion, Elina) there are several readings. The index holds the
 * likeliest one or two of them (`likely`); a query asks for all, and for the likeliest reading of each: so that what
 * Orionin leads to (Orion) also finds what Orion itself was read as (the genitive of Orio). */
#pragma once

#include <glib.h>

#define NAMEKEYS      12
#define NAMEKEY_BYTES 96

struct namekeys {
	unsigned count, likely;
	struct {
		guint8 length;
		char bytes[NAMEKEY_BYTES];
	} key[NAMEKEYS];
};

/* `word`: folded. A word that is too short or too long for endings is its own key. */
void namekey(const char *word, size_t length, struct namekeys *keys);
/* The key of a name in its basic form. */
void namekey_base(const char *word, size_t length, struct namekeys *keys);
/* All that a query must ask for. */
void namekey_query(const char *word, size_t length, struct namekeys *keys);
