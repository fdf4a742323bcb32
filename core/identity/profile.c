#include "identity/profile.h"

#include <string.h>

#include "identity/keys.h"

static const char *const names[IDENTITY_FIELDS] = {"given-name", "family-name", "name",   "business-id", "id",
						   "e-mail",     "phone",       "domain", "birth",       "street",
						   "city",       "postcode",    "region", "title",       "year"};

const char *identity_field_name(enum identity_field field)
{
	return names[field];
}

struct identity_profile *identity_profile_new(gboolean person)
{
	struct identity_profile *profile = g_new0(struct identity_profile, 1);
	profile->person = person;
	return profile;
}

void identity_profile_free(struct identity_profile *profile)
{
	if (profile == NULL)
		return;
	for (int i = 0; i < IDENTITY_FIELDS; i++)
		g_clear_pointer(&profile->values[i], g_ptr_array_unref);
	g_free(profile);
}

const char *identity_profile_first(const struct identity_profile *profile, enum identity_field field)
{
	const GPtrArray *values = profile->values[field];
	return values != NULL && values->len > 0 ? g_ptr_array_index(values, 0) : NULL;
}

/* Takes `value` over. */
static gboolean take(struct identity_profile *profile, enum identity_field field, char *value)
{
	if (value == NULL || *value == '\0') {
		g_free(value);
		return FALSE;
	}
	if (profile->values[field] == NULL)
		profile->values[field] = g_ptr_array_new_with_free_func(g_free);
	GPtrArray *values = profile->values[field];
	for (guint i = 0; i < values->len; i++)
		if (strcmp(g_ptr_array_index(values, i), value) == 0) {
			g_free(value);
			return TRUE;
		}
	g_ptr_array_add(values, value);
	return TRUE;
}

/* Day, month and year in any of the usual orders as yyyymmdd; what is no whole date stays its digits. */
static char *date(const char *text)
{
	int numbers[3] = {0}, digits[3] = {0}, n = 0;
	for (const char *p = text; *p != '\0' && *p != 'T' && n < 3;) {
		if (!g_ascii_isdigit(*p)) {
			p++;
			continue;
		}
		for (; g_ascii_isdigit(*p) && digits[n] < 8; p++, digits[n]++)
			numbers[n] = numbers[n] * 10 + (*p - '0');
		n++;
	}
	if (n == 1 && digits[0] == 8)
		return g_strdup_printf("%08d", numbers[0]);
	if (n == 3 && digits[0] == 4)
		return g_strdup_printf("%04d%02d%02d", numbers[0] % 10000, numbers[1] % 100, numbers[2] % 100);
	if (n == 3 && digits[2] == 4 && strchr(text, '/') != NULL && numbers[0] <= 12)
		return g_strdup_printf("%04d%02d%02d", numbers[2] % 10000, numbers[0] % 100, numbers[1] % 100);
	if (n == 3 && digits[2] == 4)
		return g_strdup_printf("%04d%02d%02d", numbers[2] % 10000, numbers[1] % 100, numbers[0] % 100);
	return n > 0 ? g_strdup_printf("%d", numbers[0]) : NULL;
}

/* Letters and digits alone; a leading zero that a spreadsheet ate makes no difference. */
static char *compact(const char *text)
{
	g_autofree char *folded = identity_fold(text);
	GString *out = g_string_sized_new(16);
	for (const char *p = folded; *p != '\0'; p++)
		if (*p != ' ')
			g_string_append_c(out, *p);
	gsize zeros = strspn(out->str, "0");
	if (zeros < out->len)
		g_string_erase(out, 0, (gssize)zeros);
	return g_string_free(out, FALSE);
}

static char *phone(const char *text, const char *region)
{
	char *number = identity_phone(text, region);
	if (number != NULL || region != NULL)
		return number;
	GString *out = g_string_sized_new(16); /* no country is known: digits are compared with digits */
	for (const char *p = text; *p != '\0'; p++)
		if (g_ascii_isdigit(*p))
			g_string_append_c(out, *p);
	return g_string_free(out, out->len < 6);
}

static char *normalise(enum identity_field field, const char *text, const char *region)
{
	switch (field) {
	case IDENTITY_ORG:
		return identity_org_name(text);
	case IDENTITY_BUSINESS:
		return identity_business_id(text, region, NULL);
	case IDENTITY_EMAIL:
		return identity_email(text);
	case IDENTITY_PHONE:
		return phone(text, region);
	case IDENTITY_DOMAIN:
		return identity_domain(text);
	case IDENTITY_BIRTH:
		return date(text);
	case IDENTITY_OTHER_ID:
		return compact(text);
	default:
		return identity_fold(text);
	}
}

gboolean identity_profile_add(struct identity_profile *profile, enum identity_field field, const char *text,
			      const char *region)
{
	if (text == NULL)
		return FALSE;
	while (g_ascii_isspace(*text))
		text++;
	return *text != '\0' && take(profile, field, normalise(field, text, region));
}

gboolean identity_profile_add_name(struct identity_profile *profile, const char *name)
{
	struct identity_person person;
	if (!identity_person_parse(name, &person))
		return FALSE;
	take(profile, IDENTITY_GIVEN, person.given);
	take(profile, IDENTITY_FAMILY, person.family);
	return TRUE;
}
