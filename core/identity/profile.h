/* profile: what is known of one organisation, person or thing, field by field, each value in the form that comparing
 * needs. A profile is made once out of a record, compared often (score.h), and gives the keys under which it is filed
 * (block.h). */
#pragma once

#include <glib.h>

enum identity_field {
	IDENTITY_GIVEN,    /* folded given names */
	IDENTITY_FAMILY,   /* folded family name */
	IDENTITY_ORG,      /* organisation's name without legal forms */
	IDENTITY_BUSINESS, /* business id, as identity_business_id gives it */
	IDENTITY_OTHER_ID, /* an id that a person or thing bears in the world: social security, passport, model number
			    */
	IDENTITY_EMAIL,
	IDENTITY_PHONE,  /* E.164, or digits */
	IDENTITY_DOMAIN, /* registered domain, public and own ones left out */
	IDENTITY_BIRTH,  /* yyyymmdd */
	IDENTITY_STREET, /* folded, with the number */
	IDENTITY_CITY,
	IDENTITY_POSTCODE,
	IDENTITY_REGION, /* state, county, country */
	IDENTITY_TITLE,  /* words that say what it is */
	IDENTITY_YEAR,
	IDENTITY_FIELDS
};

struct identity_profile {
	gboolean person;
	gint64 list; /* the source that keeps it; within one, two rows of one name are two until more speaks against it.
			0: not known */
	GPtrArray *values[IDENTITY_FIELDS]; /* char *, folded; NULL: none */
};

struct identity_profile *identity_profile_new(gboolean person);
void identity_profile_free(struct identity_profile *profile);
typedef struct identity_profile identity_profile_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(identity_profile_t, identity_profile_free)

/* Normalises `text` as the field asks and adds it, once; what is no such value is left out (FALSE). `region` for phones
 * and business ids, NULL if not known. */
gboolean identity_profile_add(struct identity_profile *profile, enum identity_field field, const char *text,
			      const char *region);
/* A person's whole name, in whatever order. */
gboolean identity_profile_add_name(struct identity_profile *profile, const char *name);
/* What the first value is; NULL if none. */
const char *identity_profile_first(const struct identity_profile *profile, enum identity_field field);
const char *identity_field_name(enum identity_field field);
