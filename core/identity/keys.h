/* keys: the forms in which two systems' ways of writing the same thing are equal. Pure functions without state: an
 * e-mail address, a business id, a telephone number, a domain or a name goes in as somebody wrote it, and comes out as
 * the one string that every other way of writing it gives too; or NULL, when it is no such thing.
 *
 * What comes back is newly allocated UTF-8 (g_free). What goes in may be any bytes that end with NUL. */
#pragma once

#include <glib.h>

/* ---- text ---- */

/* Lower case, no diacritics ("Häme" and "HAME" give "hame"), ligatures and width folded, apostrophes dropped, every
 * other mark a single space. Never NULL. */
char *identity_fold(const char *text);
/* The words of a folded text; NULL-terminated, free with g_strfreev. */
char **identity_words(const char *folded);

/* ---- addresses and domains ---- */

/* "local@host" in lower case, without plus-tag, "mailto:", display name or comment; "name at host dot org" as archives
 * write it is understood. Dots and "googlemail" of Gmail are folded. NULL: no address in it. */
char *identity_email(const char *text);
/* The registered domain of a host name, URL or address ("https://www.shop.example.co.uk/x" gives "example.co.uk"); NULL
 * for an IP address, a public suffix alone, or a name without a dot. */
char *identity_domain(const char *text);
/* TRUE when the domain serves the public (free mail, access providers): it says nothing about who someone works for. */
gboolean identity_domain_public(const char *domain);
/* TRUE for local parts that several people read: info, sales, noreply, ... */
gboolean identity_email_shared(const char *email);

/* ---- numbers ---- */

/* A Finnish Y-tunnus or a VAT number of an EU country, Great Britain, Norway or Switzerland, as the VAT number with its
 * country
 * ("0112038-9" gives "FI01120389"). Without a country in the text it is taken for one of `region` (ISO 3166, "FI").
 * NULL when format or check digit is wrong; `why`, if given, is then a constant sentence. */
char *identity_business_id(const char *text, const char *region, const char **why);
/* E.164 ("+358401234567"); a number without country belongs to `region`. Extensions are dropped. NULL: no telephone
 * number. */
char *identity_phone(const char *text, const char *region);
/* An id of a CRM: blanks trimmed; a Salesforce id of 18 characters as its 15. Letters keep their case, except of UUIDs.
 */
char *identity_crm_id(const char *text);

/* ---- names ---- */

/* An organisation's name as its folded words without legal forms ("Oy Virtasen Konepaja Ab" gives "virtasen konepaja").
 * A name that is nothing but a legal form stays as it is. NULL: no word in it. */
char *identity_org_name(const char *text);
/* TRUE when the name carries a legal form or another word that only organisations have. */
gboolean identity_org_like(const char *text);
/* Length in words of the legal form that `words` begins with, 0 for none. */
guint identity_legal_form(char *const *words);

struct identity_person {
	char *given;   /* folded given names, "matti j"; NULL if not known */
	char *family;  /* folded family name, "virtanen"; NULL if not known */
	gboolean sure; /* the text told which is which (a comma, fields of their own) */
};
/* "Virtanen, Matti J.", "Dr. Matti Virtanen", "VIRTANEN Matti": titles and suffixes stripped. FALSE: no name in it. */
gboolean identity_person_parse(const char *text, struct identity_person *person);
/* What a person is called by: the first given name (both halves of a double one) and the family name, "ville veikko
 * virtanen" for "Virtanen, Ville-Veikko J."; NULL when one of them is not there. */
char *identity_person_key(const char *text);
/* The name in an address: "matti.virtanen@x.fi" gives matti, virtanen. FALSE where it shows none. */
gboolean identity_person_of_email(const char *email, struct identity_person *person);
void identity_person_clear(struct identity_person *person);
