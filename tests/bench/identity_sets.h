/* identity_sets: the entity-resolution sets of the identity pack, read into profiles with the truth beside them. */
#pragma once

#include <glib.h>

#include "identity/profile.h"

struct truth_pair {
	guint a, b; /* indices of profiles, a < b */
};

struct identity_set {
	GPtrArray *profiles; /* struct identity_profile * */
	GArray *sides;       /* guint8: 0 or 1; only profiles of different sides are compared when `two_sided` */
	GPtrArray *tables;   /* rows of a file (GPtrArray of GPtrArray of char *), the header first; one a side */
	GPtrArray *rows;     /* GPtrArray * of each profile, borrowed from tables */
	GHashTable *pairs;   /* gint64 * -> itself: index of the lower << 32 | of the higher */
	gboolean two_sided;
};

struct identity_recipe {
	const char *name;
	const char *files[2]; /* under the pack; the second NULL: one file with duplicates in it */
	char separator;
	const char *columns; /* "header=field header=field ..."; field "name" is a person's whole name */
	const char *id;      /* header of the id */
	const char *truth;   /* file of pairs; "@header": a column that holds the cluster; "@febrl": rec-NUMBER-... */
	gboolean person;
	const char *published; /* what was published about the set, and by whom */
};

extern const struct identity_recipe identity_recipes[];
extern const guint identity_recipes_count;

/* FALSE when it is made from a file of another form, and was not. */
gboolean identity_set_there(const char *pack, const struct identity_recipe *recipe);
/* NULL, with a message on stderr, when a file is not there. */
struct identity_set *identity_set_read(const char *pack, const struct identity_recipe *recipe);
void identity_set_free(struct identity_set *set);
gint64 *identity_pair_key(guint a, guint b); /* newly allocated */
