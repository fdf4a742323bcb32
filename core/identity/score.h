/* score: do two profiles speak of the same one? A sum of reasons for and against, each in bits: the binary logarithm of
 * how much likelier the finding is for one and the same than for two different ones (Fellegi and Sunter). Agreement on
 * what is rare weighs more than on what is common; what one side does not tell weighs nothing. */
#pragma once

#include <glib.h>

#include "identity/profile.h"

/* How common values are. `count`: how many profiles bear the value in the field (for names and titles: the word). */
struct identity_stats {
	double (*count)(gpointer user, enum identity_field field, const char *value);
	double population; /* profiles of this kind */
	gpointer user;
};

struct identity_reason {
	const char *rule; /* constant: "family-name", "e-mail near", ... */
	double bits;      /* for: above zero; against: below */
	char *words;      /* what it rests on: "virtanen", or "virtanen ~ virtannen" */
};
void identity_reason_clear(gpointer reason);

/* The sum in bits, prior included: above 0 it is likelier than not. `reasons`: NULL, or an array of struct
 * identity_reason that is appended to. */
double identity_score(const struct identity_profile *a, const struct identity_profile *b,
		      const struct identity_stats *stats, GArray *reasons);
double identity_probability(double bits);
double identity_bits(double probability); /* the inverse */
