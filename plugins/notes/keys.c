/* SPDX-License-Identifier: ISC */
#include "keys.h"

#include <string.h>

/* The words of each meaning, with blanks around each. */
static const struct {
	enum key_kind kind;
	const char *detail, *words;
} keys[] = {
	{KEY_TITLE, NULL, " title otsikko titel rubrik "},
	{KEY_DATE, NULL,
	 " date created created-at pvm p\xc3\xa4iv\xc3\xa4m\xc3\xa4\xc3\xa4r\xc3\xa4 p\xc3\xa4iv\xc3\xa4ys datum "
	 "when "},
	{KEY_UPDATED, NULL,
	 " updated modified lastmod last-modified updated-at muokattu p\xc3\xa4ivitetty \xc3\xa4ndrad uppdaterad "},
	{KEY_LANGUAGE, NULL, " lang language kieli spr\xc3\xa5k "},
	{KEY_TAG, NULL,
	 " tag tags filetags keywords categories category avainsanat asiasanat tunnisteet nyckelord taggar "},
	{KEY_PARTY, "author", " author authors kirjoittaja tekij\xc3\xa4 laatija f\xc3\xb6rfattare written-by "},
	{KEY_PARTY, "attendee",
	 " attendees participants present osallistujat l\xc3\xa4sn\xc3\xa4 paikalla deltagare n\xc3\xa4rvarande "},
	{KEY_PARTY, "contact", " contact contacts contact-person yhteyshenkil\xc3\xb6 kontakt kontaktperson "},
	{KEY_HINT, "name",
	 " customer customer-name client account company organisation organization asiakas asiakkaat yritys kund "
	 "f\xc3\xb6retag "},
	{KEY_HINT, "crm-id",
	 " crm-id crmid crm customer-id account-id customer-crm-id asiakasnumero asiakasnro kundnummer "},
	{KEY_HINT, "business-id",
	 " business-id y-tunnus ytunnus vat vat-id alv-tunnus organisationsnummer org-nr orgnr fo-nummer "},
	{KEY_HINT, "e-mail", " email e-mail mail s\xc3\xa4hk\xc3\xb6posti e-post epost "},
	{KEY_HINT, "phone", " phone tel telephone puhelin puh telefon "},
	{KEY_HINT, "domain", " domain website verkkosivu verkkosivut kotisivu webbplats "},
};

struct key key_of(const char *name)
{
	size_t length = strlen(name);
	if (!length || strchr(name, ' '))
		return (struct key){KEY_FIELD, NULL};
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		for (const char *p = keys[i].words; (p = strstr(p, name)); p++)
			if (p[-1] == ' ' && p[length] == ' ')
				return (struct key){keys[i].kind, keys[i].detail};
	return (struct key){KEY_FIELD, NULL};
}

const char *key_value(const struct note *note, enum key_kind kind)
{
	for (size_t i = 0; i < note->n_metas; i++)
		if (key_of(note->metas[i].key).kind == kind)
			return note->metas[i].value;
	return NULL;
}
