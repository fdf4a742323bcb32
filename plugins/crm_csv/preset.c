#include "preset.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "preset_tables.h"

static const char *const object_names[OBJECTS] = {"none",  "account", "person", "deal",
						  "event", "note",    "ticket", "row"};

static const char *const names[ROLES] = {
	[ROLE_NONE] = "none",
	[ROLE_ID] = "id",
	[ROLE_TITLE] = "title",
	[ROLE_FIRST] = "first-name",
	[ROLE_LAST] = "last-name",
	[ROLE_ACCOUNT] = "account",
	[ROLE_ACCOUNT_NAME] = "account-name",
	[ROLE_CONTACT_NAME] = "contact-name",
	[ROLE_RELATED] = "related",
	[ROLE_RELATED_TYPE] = "related-type",
	[ROLE_RELATED_NAME] = "related-name",
	[ROLE_EMAIL] = "email",
	[ROLE_PHONE] = "phone",
	[ROLE_WEBSITE] = "website",
	[ROLE_BUSINESS_ID] = "business-id",
	[ROLE_OWNER] = "owner",
	[ROLE_OWNER_EMAIL] = "owner-email",
	[ROLE_TEXT] = "text",
	[ROLE_AMOUNT] = "amount",
	[ROLE_CURRENCY] = "currency",
	[ROLE_STAGE] = "stage",
	[ROLE_STATUS] = "status",
	[ROLE_PRIORITY] = "priority",
	[ROLE_TYPE] = "type",
	[ROLE_NUMBER] = "number",
	[ROLE_START] = "start",
	[ROLE_DUE] = "due",
	[ROLE_CLOSE] = "close",
	[ROLE_CREATED] = "created",
	[ROLE_UPDATED] = "updated",
	[ROLE_IS_COMPANY] = "is-company",
	[ROLE_URL] = "url",
	[ROLE_DROP] = "drop",
};

const char *object_name(enum object object)
{
	return object_names[object];
}

const char *role_name(enum role role)
{
	return names[role];
}

enum role role_by_name(const char *name)
{
	for (int role = ROLE_ID; role < ROLES; role++)
		if (!strcasecmp(names[role], name))
			return (enum role)role;
	return ROLES;
}

const char *role_names(void)
{
	static char all[512];

	if (!all[0])
		for (int role = ROLE_ID; role < ROLES; role++) {
			size_t used = strlen(all);
			snprintf(all + used, sizeof all - used, "%s%s", used ? " " : "", names[role]);
		}
	return all;
}

/* ---- how headers are compared ---- */

static const char *without_mark(const char *header)
{
	static const char *const words[] = {"(do not modify)", "(älä muokkaa)", "(ändra inte)"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strncasecmp(header, words[i], strlen(words[i])))
			return header + strlen(words[i]);
	return header;
}

void preset_normal(const char *header, char *out, size_t room)
{
	size_t n = 0;

	for (const char *p = without_mark(header); *p && n + 2 < room; p++) {
		unsigned char c = (unsigned char)*p;
		if (c >= 'A' && c <= 'Z')
			out[n++] = (char)(c + 32);
		else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[n++] = (char)c;
		else if (c == 0xC3 && (unsigned char)p[1] >= 0x80 && (unsigned char)p[1] <= 0x9E &&
			 (unsigned char)p[1] != 0x97) {
			out[n++] = (char)c;
			out[n++] = (char)((unsigned char)*++p + 0x20);
		} else if (c >= 0x80)
			out[n++] = (char)c;
	}
	out[n] = '\0';
}

/* ---- looking things up ---- */

/* The role that `header` has in a list "header:role ...". ROLES if it is not there. */
static enum role listed(const char *list, const char *header)
{
	size_t length = strlen(header);

	for (const char *p = list; length && *p;) {
		p += strspn(p, " ");
		size_t word = strcspn(p, " ");
		if (word > length + 1 && p[length] == ':' && !memcmp(p, header, length)) {
			char name[32];
			snprintf(name, sizeof name, "%.*s", (int)(word - length - 1), p + length + 1);
			return !strcmp(name, "none") ? ROLE_NONE : role_by_name(name);
		}
		p += word;
	}
	return ROLES;
}

enum role preset_common_role(const char *header)
{
	enum role role = listed(preset_common, header);

	return role == ROLES ? ROLE_NONE : role;
}

enum role preset_role(const struct preset *preset, const char *header)
{
	enum role role = listed(preset->columns, header);

	return role == ROLES ? preset_common_role(header) : role;
}

bool preset_is_common(const struct preset *preset)
{
	return !strcmp(preset->crm, "none");
}

static bool has(char (*headers)[PRESET_NORMAL_MAX], size_t count, const char *word, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(headers[i]) == length && !memcmp(headers[i], word, length))
			return true;
	return false;
}

static bool has_one(char (*headers)[PRESET_NORMAL_MAX], size_t count, const char *words, size_t length)
{
	const char *end = words + length;

	while (words < end) {
		size_t word = strcspn(words, "| ");
		if (has(headers, count, words, word))
			return true;
		words += word + 1;
	}
	return false;
}

static bool has_all(char (*headers)[PRESET_NORMAL_MAX], size_t count, const char *must)
{
	while (*must) {
		size_t length = strcspn(must, " ");
		if (!has_one(headers, count, must, length))
			return false;
		must += length;
		must += strspn(must, " ");
	}
	return true;
}

static const char *const file_words[OBJECTS] = {
	[ACCOUNT] = "account compan customer asiak yrity kund företag partner supplier",
	[PERSON] = "contact person lead people yhteyshenk kontakt",
	[DEAL] = "deal opportunit pipeline kaupat tarjou affär crm_lead",
	[EVENT] = "event task activit call meeting tapahtum tapaami aktivit möte",
	[NOTE] = "note muistiinpan anteckning",
	[TICKET] = "ticket case tiket palvelupyyn ärende",
};

static bool named(const char *file, const char *words)
{
	while (words && *words) {
		char word[32];
		size_t length = strcspn(words, " ");
		snprintf(word, sizeof word, "%.*s", (int)length, words);
		if (strcasestr(file, word))
			return true;
		words += length;
		words += strspn(words, " ");
	}
	return false;
}

static unsigned score(const struct preset *preset, char (*headers)[PRESET_NORMAL_MAX], size_t count, const char *hint)
{
	unsigned matched = 0;

	if (!count || !has_all(headers, count, preset->must))
		return 0;
	for (size_t i = 0; i < count; i++)
		matched += listed(preset->columns, headers[i]) != ROLES;
	return matched * 1000 / (unsigned)count + matched * 10 + (named(hint, file_words[preset->object]) ? 150 : 0) +
	       (preset_is_common(preset) ? 1 : 2000);
}

const struct preset *preset_find(const char *crm, char (*headers)[PRESET_NORMAL_MAX], size_t count, const char *hint)
{
	const struct preset *best = NULL;
	unsigned best_score = 0;

	for (size_t i = 0; i < preset_n_tables; i++) {
		if (strcmp(crm, "auto") != 0 && strcmp(crm, preset_tables[i].crm) != 0 &&
		    !preset_is_common(&preset_tables[i]))
			continue;
		unsigned points = score(&preset_tables[i], headers, count, hint);
		if (points > best_score) {
			best_score = points;
			best = &preset_tables[i];
		}
	}
	return best;
}
