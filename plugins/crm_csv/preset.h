/* preset: what the columns of known CRM exports mean, and what columns are commonly called elsewhere. A table is
 * recognised by its header alone; file names only break ties. */
#ifndef CRM_PRESET_H
#define CRM_PRESET_H

#include <stdbool.h>
#include <stddef.h>

enum object { OBJECT_NONE, ACCOUNT, PERSON, DEAL, EVENT, NOTE, TICKET, OTHER, OBJECTS };

enum role {
	ROLE_NONE,
	ROLE_ID,
	ROLE_TITLE,
	ROLE_FIRST,
	ROLE_LAST,
	ROLE_ACCOUNT,
	ROLE_ACCOUNT_NAME,
	ROLE_CONTACT_NAME,
	ROLE_RELATED,
	ROLE_RELATED_TYPE,
	ROLE_RELATED_NAME,
	ROLE_EMAIL,
	ROLE_PHONE,
	ROLE_WEBSITE,
	ROLE_BUSINESS_ID,
	ROLE_OWNER,
	ROLE_OWNER_EMAIL,
	ROLE_TEXT,
	ROLE_AMOUNT,
	ROLE_CURRENCY,
	ROLE_STAGE,
	ROLE_STATUS,
	ROLE_PRIORITY,
	ROLE_TYPE,
	ROLE_NUMBER,
	ROLE_START,
	ROLE_DUE,
	ROLE_CLOSE,
	ROLE_CREATED,
	ROLE_UPDATED,
	ROLE_IS_COMPANY,
	ROLE_URL,
	ROLE_DROP,
	ROLES
};

/* Names as the settings write them: "account", "account-name". */
const char *object_name(enum object object);
const char *role_name(enum role role);
enum role role_by_name(const char *name); /* ROLES if there is none of that name */
/* All role names with blanks between, for messages. */
const char *role_names(void);

/* A header as it is compared: lower case, letters and digits only, "(Do Not Modify)" taken off. Into `out`, cut at
 * `room`. */
void preset_normal(const char *header, char *out, size_t room);

struct preset {
	const char *crm;
	enum object object;
	const char *must;    /* words that all must be there; "a|b" is either */
	const char *columns; /* "header:role ..." in compared form */
};

enum { PRESET_NORMAL_MAX = 128 };

/* The best table for these headers (in compared form) among those of `crm`: a preset's name, "auto" for all, or "none"
 * for common names only. `hint`: the file's name. NULL if none fits. */
const struct preset *preset_find(const char *crm, char (*headers)[PRESET_NORMAL_MAX], size_t count, const char *hint);
/* What a header means in this table; headers that it does not list are looked up among common names. */
enum role preset_role(const struct preset *preset, const char *header);
/* The same for a table that nobody knows: what can be said without knowing what a row is. */
enum role preset_common_role(const char *header);
bool preset_is_common(const struct preset *preset);

#endif
