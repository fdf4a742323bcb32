#include "identity/internal.h"

#include <string.h>

#include "identity/keys.h"

/* What columns of exports are called, folded; what they hold. Several street columns are joined. */
static const struct column {
	const char *header;
	enum identity_field field;
} columns[] = {
	{"given name", IDENTITY_GIVEN},
	{"first name", IDENTITY_GIVEN},
	{"firstname", IDENTITY_GIVEN},
	{"forename", IDENTITY_GIVEN},
	{"etunimi", IDENTITY_GIVEN},
	{"fornamn", IDENTITY_GIVEN},
	{"surname", IDENTITY_FAMILY},
	{"last name", IDENTITY_FAMILY},
	{"lastname", IDENTITY_FAMILY},
	{"family name", IDENTITY_FAMILY},
	{"sukunimi", IDENTITY_FAMILY},
	{"efternamn", IDENTITY_FAMILY},
	{"date of birth", IDENTITY_BIRTH},
	{"dob", IDENTITY_BIRTH},
	{"birth date", IDENTITY_BIRTH},
	{"birthdate", IDENTITY_BIRTH},
	{"birthday", IDENTITY_BIRTH},
	{"syntymaaika", IDENTITY_BIRTH},
	{"fodelsedatum", IDENTITY_BIRTH},
	{"street number", IDENTITY_STREET},
	{"house number", IDENTITY_STREET},
	{"street", IDENTITY_STREET},
	{"address", IDENTITY_STREET},
	{"address 1", IDENTITY_STREET},
	{"address1", IDENTITY_STREET},
	{"address line 1", IDENTITY_STREET},
	{"street address", IDENTITY_STREET},
	{"billing street", IDENTITY_STREET},
	{"billing address street", IDENTITY_STREET},
	{"mailing street", IDENTITY_STREET},
	{"primary address street", IDENTITY_STREET},
	{"katuosoite", IDENTITY_STREET},
	{"osoite", IDENTITY_STREET},
	{"lahiosoite", IDENTITY_STREET},
	{"gatuadress", IDENTITY_STREET},
	{"city", IDENTITY_CITY},
	{"suburb", IDENTITY_CITY},
	{"town", IDENTITY_CITY},
	{"billing city", IDENTITY_CITY},
	{"billing address city", IDENTITY_CITY},
	{"mailing city", IDENTITY_CITY},
	{"primary address city", IDENTITY_CITY},
	{"kaupunki", IDENTITY_CITY},
	{"paikkakunta", IDENTITY_CITY},
	{"postitoimipaikka", IDENTITY_CITY},
	{"ort", IDENTITY_CITY},
	{"postort", IDENTITY_CITY},
	{"postcode", IDENTITY_POSTCODE},
	{"postal code", IDENTITY_POSTCODE},
	{"zip", IDENTITY_POSTCODE},
	{"zip code", IDENTITY_POSTCODE},
	{"billing postal code", IDENTITY_POSTCODE},
	{"billing address postalcode", IDENTITY_POSTCODE},
	{"mailing postal code", IDENTITY_POSTCODE},
	{"postinumero", IDENTITY_POSTCODE},
	{"postnummer", IDENTITY_POSTCODE},
	{"state", IDENTITY_REGION},
	{"province", IDENTITY_REGION},
	{"region", IDENTITY_REGION},
	{"county", IDENTITY_REGION},
	{"maakunta", IDENTITY_REGION},
	{"soc sec id", IDENTITY_OTHER_ID},
	{"ssn", IDENTITY_OTHER_ID},
	{"social security number", IDENTITY_OTHER_ID},
	{"national id", IDENTITY_OTHER_ID},
	{"henkilotunnus", IDENTITY_OTHER_ID},
	{"hetu", IDENTITY_OTHER_ID},
	{"personnummer", IDENTITY_OTHER_ID},
	{"business id", IDENTITY_BUSINESS},
	{"y tunnus", IDENTITY_BUSINESS},
	{"ytunnus", IDENTITY_BUSINESS},
	{"vat", IDENTITY_BUSINESS},
	{"vat number", IDENTITY_BUSINESS},
	{"vat id", IDENTITY_BUSINESS},
	{"vat no", IDENTITY_BUSINESS},
	{"alv numero", IDENTITY_BUSINESS},
	{"orgnr", IDENTITY_BUSINESS},
	{"organisationsnummer", IDENTITY_BUSINESS},
	{"email", IDENTITY_EMAIL},
	{"e mail", IDENTITY_EMAIL},
	{"email address", IDENTITY_EMAIL},
	{"sahkoposti", IDENTITY_EMAIL},
	{"phone", IDENTITY_PHONE},
	{"mobile", IDENTITY_PHONE},
	{"telephone", IDENTITY_PHONE},
	{"puhelin", IDENTITY_PHONE},
	{"website", IDENTITY_DOMAIN},
	{"web", IDENTITY_DOMAIN},
	{"www", IDENTITY_DOMAIN},
	{"kotisivu", IDENTITY_DOMAIN},
	{"kotisivut", IDENTITY_DOMAIN},
};

static void said_clear(gpointer item)
{
	struct identity_said *said = item;
	g_free(said->value);
	g_free(said->shown);
	g_free(said->domain);
}

void identity_reading_free(struct identity_reading *reading)
{
	if (reading == NULL)
		return;
	g_free(reading->name);
	identity_profile_free(reading->profile);
	g_array_unref(reading->said);
	g_free(reading);
}

/* Takes `value` over; the same key twice is said once, in the role that says more. What was said; NULL: it is no key.
 */
static struct identity_said *say(struct identity_reading *r, enum identity_key_kind kind, enum identity_role role,
				 char *value, const char *shown)
{
	if (value == NULL || *value == '\0' || strlen(value) > 500) {
		g_free(value);
		return NULL;
	}
	for (guint i = 0; i < r->said->len; i++) {
		struct identity_said *said = &g_array_index(r->said, struct identity_said, i);
		if (said->kind == kind && strcmp(said->value, value) == 0) {
			said->role = MAX(said->role, role);
			if (said->shown == NULL)
				said->shown = g_strdup(shown);
			g_free(value);
			return said;
		}
	}
	struct identity_said said = {.kind = kind, .role = role, .value = value, .shown = g_strdup(shown)};
	g_array_append_val(r->said, said);
	return &g_array_index(r->said, struct identity_said, r->said->len - 1);
}

static gboolean own_domain(const struct identity *i, const char *domain)
{
	return domain != NULL && g_strv_contains((const char *const *)i->own_domains, domain);
}

/* A domain that can tell a customer; takes it over, NULL when it cannot. */
static char *telling(const struct identity *i, char *domain)
{
	if (domain == NULL || identity_domain_public(domain) || own_domain(i, domain)) {
		g_free(domain);
		return NULL;
	}
	return domain;
}

/* An address and its domain, both taken over. TRUE when it is of a person or organisation outside. */
static gboolean say_address(const struct identity *i, struct identity_reading *r, enum identity_role role, char *email,
			    char *domain, const char *shown)
{
	g_autofree char *of = domain;
	if (own_domain(i, of)) {
		g_free(email);
		return FALSE;
	}
	if (r->profile != NULL && role == IDENTITY_ROLE_OWN)
		identity_profile_add(r->profile, IDENTITY_EMAIL, email, NULL);
	struct identity_said *said = say(r, IDENTITY_KEY_EMAIL, role, email, shown);
	if (said != NULL && said->domain == NULL)
		said->domain = g_steal_pointer(&of);
	return TRUE;
}

static gboolean say_email(const struct identity *i, struct identity_reading *r, enum identity_role role,
			  const char *text, const char *shown)
{
	char *email = identity_email(text);
	return email != NULL && say_address(i, r, role, email, identity_domain(email), shown);
}

static void say_phone(const struct identity *i, struct identity_reading *r, enum identity_role role, const char *text)
{
	char *number = identity_phone(text, i->region);
	if (number != NULL && r->profile != NULL && role == IDENTITY_ROLE_OWN)
		identity_profile_add(r->profile, IDENTITY_PHONE, number, i->region);
	say(r, IDENTITY_KEY_PHONE, role, number, NULL);
}

static void say_domain(const struct identity *i, struct identity_reading *r, enum identity_role role, const char *text)
{
	char *domain = telling(i, identity_domain(text));
	if (domain != NULL && r->profile != NULL && role == IDENTITY_ROLE_OWN)
		identity_profile_add(r->profile, IDENTITY_DOMAIN, domain, NULL);
	say(r, IDENTITY_KEY_DOMAIN, role, domain, NULL);
}

/* ---- hints ---- */

/* Of a person record the keys of the organisation are the employer's, the others the person's own. */
static void hint(const struct identity *i, struct identity_reading *r, const char *scheme, const char *value)
{
	enum identity_role mine = r->kind != 0 ? IDENTITY_ROLE_OWN : IDENTITY_ROLE_SUBJECT;
	enum identity_role theirs = r->kind == IDENTITY_PERSON ? IDENTITY_ROLE_EMPLOYER : mine;
	if (value == NULL || *value == '\0')
		return;
	if (strcmp(scheme, "crm-id") == 0)
		say(r, IDENTITY_KEY_CRM, theirs, identity_crm_id(value), NULL);
	else if (strcmp(scheme, "business-id") == 0)
		say(r, IDENTITY_KEY_BUSINESS, theirs, identity_business_id(value, i->region, NULL), NULL);
	else if (strcmp(scheme, "domain") == 0)
		say_domain(i, r, theirs, value);
	else if (strcmp(scheme, "e-mail") == 0)
		say_email(i, r, mine, value, NULL);
	else if (strcmp(scheme, "phone") == 0)
		say_phone(i, r, mine, value);
	else if (strcmp(scheme, "name") == 0 && (r->kind != IDENTITY_PERSON || g_strcmp0(value, r->name) != 0))
		say(r, IDENTITY_KEY_ORG, theirs, identity_org_name(value), NULL);
}

/* ---- parties: those on our side do not tell whom a record is about ---- */

static gboolean our_side(const char *role)
{
	static const char *const ours[] = {"owner", "assignee", "agent", "sales", "responsible", NULL};
	return role != NULL && g_strv_contains(ours, role);
}

static void party(const struct identity *i, struct identity_reading *r, const struct meri_party *p)
{
	if (our_side(p->role))
		return;
	if (r->kind == IDENTITY_PERSON) {
		if (p->organisation != NULL)
			say(r, IDENTITY_KEY_ORG, IDENTITY_ROLE_EMPLOYER, identity_org_name(p->organisation), NULL);
		return;
	}
	char *email = p->address != NULL && !g_str_has_prefix(p->address, "tel:") ? identity_email(p->address) : NULL;
	g_autofree char *domain = p->address != NULL ? identity_domain(email != NULL ? email : p->address) : NULL;
	if (own_domain(i, domain)) {
		g_free(email);
		return;
	}
	if (p->organisation != NULL)
		say(r, IDENTITY_KEY_ORG, IDENTITY_ROLE_SUBJECT, identity_org_name(p->organisation), NULL);
	if (p->address != NULL && g_str_has_prefix(p->address, "tel:"))
		say_phone(i, r, IDENTITY_ROLE_SUBJECT, p->address);
	if (email != NULL) {
		say_address(i, r, IDENTITY_ROLE_SUBJECT, email, g_steal_pointer(&domain), p->name);
		return;
	}
	if (p->name == NULL)
		return;
	say(r, IDENTITY_KEY_PERSON, IDENTITY_ROLE_SUBJECT, identity_person_key(p->name), p->name);
	if (identity_org_like(p->name))
		say(r, IDENTITY_KEY_ORG, IDENTITY_ROLE_SUBJECT, identity_org_name(p->name), NULL);
}

/* ---- fields of a customer's record ---- */

static void field(const struct identity *i, struct identity_reading *r, const struct meri_pair *pair, GString *street)
{
	g_autofree char *header = identity_fold(pair->name);
	enum identity_field what = IDENTITY_FIELDS;
	for (gsize c = 0; c < G_N_ELEMENTS(columns) && what == IDENTITY_FIELDS; c++)
		if (strcmp(columns[c].header, header) == 0)
			what = columns[c].field;
	switch (what) {
	case IDENTITY_FIELDS:
		return;
	case IDENTITY_STREET:
		g_string_append_printf(street, "%s%s", street->len > 0 ? " " : "", pair->value);
		return;
	case IDENTITY_EMAIL:
		say_email(i, r, IDENTITY_ROLE_OWN, pair->value, NULL);
		return;
	case IDENTITY_PHONE:
		say_phone(i, r, IDENTITY_ROLE_OWN, pair->value);
		return;
	case IDENTITY_DOMAIN:
		say_domain(i, r, r->kind == IDENTITY_PERSON ? IDENTITY_ROLE_EMPLOYER : IDENTITY_ROLE_OWN, pair->value);
		return;
	case IDENTITY_BUSINESS:
		hint(i, r, "business-id", pair->value);
		return;
	default:
		identity_profile_add(r->profile, what, pair->value, i->region);
	}
}

static void read_person(struct identity_reading *r)
{
	struct identity_profile *profile = r->profile;
	if (profile->values[IDENTITY_GIVEN] == NULL && profile->values[IDENTITY_FAMILY] == NULL)
		identity_profile_add_name(profile, r->name);
	char *key = identity_person_key(r->name);
	const char *given = identity_profile_first(profile, IDENTITY_GIVEN);
	const char *family = identity_profile_first(profile, IDENTITY_FAMILY);
	if (key == NULL && given != NULL && family != NULL)
		key = g_strdup_printf("%.*s %s", (int)strcspn(given, " "), given, family);
	say(r, IDENTITY_KEY_PERSON, IDENTITY_ROLE_OWN, key, NULL);
}

static void read_organisation(const struct identity *i, struct identity_reading *r)
{
	identity_profile_add(r->profile, IDENTITY_ORG, r->name, NULL);
	say(r, IDENTITY_KEY_ORG, IDENTITY_ROLE_OWN, identity_org_name(r->name), NULL);
	for (guint n = 0; n < r->said->len; n++) { /* the domain of its own address is its domain */
		const struct identity_said said = g_array_index(r->said, struct identity_said, n);
		if (said.kind == IDENTITY_KEY_BUSINESS)
			identity_profile_add(r->profile, IDENTITY_BUSINESS, said.value, i->region);
		else if (said.kind == IDENTITY_KEY_EMAIL && said.role == IDENTITY_ROLE_OWN)
			say_domain(i, r, IDENTITY_ROLE_OWN, said.value);
	}
}

/* The employer's name and domain say something of the person, too. */
static void read_employer(struct identity_reading *r)
{
	for (guint n = 0; n < r->said->len; n++) {
		const struct identity_said *said = &g_array_index(r->said, struct identity_said, n);
		if (said->kind == IDENTITY_KEY_ORG && said->role == IDENTITY_ROLE_EMPLOYER)
			identity_profile_add(r->profile, IDENTITY_ORG, said->value, NULL);
	}
}

struct identity_reading *identity_read(const struct identity *i, const struct meri_record *record)
{
	struct identity_reading *r = g_new0(struct identity_reading, 1);
	r->said = g_array_new(FALSE, TRUE, sizeof(struct identity_said));
	g_array_set_clear_func(r->said, said_clear);
	r->kind = record->kind == MERI_ACCOUNT  ? IDENTITY_ORGANISATION
		  : record->kind == MERI_PERSON ? IDENTITY_PERSON
						: 0;
	if (r->kind != 0) {
		r->name = g_strdup(record->title != NULL && *record->title != '\0' ? record->title : record->id);
		r->profile = identity_profile_new(r->kind == IDENTITY_PERSON);
	}
	for (gsize n = 0; n < record->n_hints; n++)
		hint(i, r, record->hints[n].name, record->hints[n].value);
	for (gsize n = 0; n < record->n_parties; n++)
		party(i, r, &record->parties[n]);
	if (record->kind == MERI_MESSAGE && r->said->len == 0)
		say(r, IDENTITY_KEY_REPLY, IDENTITY_ROLE_SUBJECT, g_strdup(record->parent), NULL);
	if (r->kind == 0)
		return r;
	g_autoptr(GString) street = g_string_new(NULL);
	for (gsize n = 0; n < record->n_fields; n++)
		if (record->fields[n].name != NULL && record->fields[n].value != NULL)
			field(i, r, &record->fields[n], street);
	if (street->len > 0)
		identity_profile_add(r->profile, IDENTITY_STREET, street->str, NULL);
	if (r->kind == IDENTITY_PERSON) {
		read_person(r);
		read_employer(r);
	} else {
		read_organisation(i, r);
	}
	return r;
}

/* ---- a profile as text: a letter for the field, the value, a line each ---- */

char *identity_profile_pack(const struct identity_profile *profile)
{
	GString *out = g_string_new(NULL);
	for (int f = 0; f < IDENTITY_FIELDS; f++)
		for (guint n = 0; profile->values[f] != NULL && n < profile->values[f]->len; n++)
			g_string_append_printf(out, "%c%s\n", 'a' + f,
					       (char *)g_ptr_array_index(profile->values[f], n));
	return g_string_free(out, FALSE);
}

struct identity_profile *identity_profile_unpack(const char *packed, gboolean person)
{
	struct identity_profile *profile = identity_profile_new(person);
	while (packed != NULL && *packed != '\0') {
		gsize length = strcspn(packed, "\n");
		int f = *packed - 'a';
		if (f >= 0 && f < IDENTITY_FIELDS && length > 1) {
			if (profile->values[f] == NULL)
				profile->values[f] = g_ptr_array_new_with_free_func(g_free);
			g_ptr_array_add(profile->values[f], g_strndup(packed + 1, length - 1));
		}
		packed += length + (packed[length] == '\n');
	}
	return profile;
}
