#include "identity/keys.h"

#include <string.h>

#include "identity/keys_vat.h"

/* Letters and digits alone, in upper case; FALSE when there is anything but marks between them, or too much of it. */
static gboolean squeeze(const char *text, char *out, size_t size)
{
	size_t n = 0;
	for (const guchar *p = (const guchar *)text; *p != '\0'; p++) {
		if (g_ascii_isalnum(*p)) {
			if (n + 1 >= size)
				return FALSE;
			out[n++] = g_ascii_toupper((char)*p);
		} else if (strchr(" -.\t/:_", *p) == NULL && *p < 0x80) {
			return FALSE;
		}
	}
	out[n] = '\0';
	return n >= 4;
}

/* What people write before the number itself. */
static const char *without_label(const char *s)
{
	static const char *const labels[] = {
		"YTUNNUS", "ALVNRO", "ALVNUMERO", "ALVTUNNUS", "VATNO", "VATID", "VATNUMBER", "VATNR", "VAT", "USTIDNR",
		"USTID",   "MOMSNR", "ORGNR",     "ORGNO",     "CVRNR", "CVR",   "TVA",       "PIVA",  NULL};
	for (int i = 0; labels[i] != NULL; i++)
		if (g_str_has_prefix(s, labels[i]))
			return s + strlen(labels[i]);
	return s;
}

/* The national part as the VAT number has it: older and shorter ways of writing filled up. */
static void complete(const char *country, const char *body, char *out, size_t size)
{
	size_t n = strlen(body);
	if (strcmp(country, "FI") == 0 && n == 7)
		g_snprintf(out, size, "0%s", body); /* Y-tunnus of the first series, without its zero */
	else if (strcmp(country, "SE") == 0 && n == 10)
		g_snprintf(out, size, "%s01", body); /* organisation number */
	else if (strcmp(country, "BE") == 0 && n == 9)
		g_snprintf(out, size, "0%s", body);
	else
		g_strlcpy(out, body, size);
	n = strlen(out);
	if (strcmp(country, "NO") == 0 && n == 12 && g_str_has_suffix(out, "MVA"))
		out[n - 3] = '\0';
	if (strcmp(country, "CH") == 0 && n > 9 && g_ascii_isupper(out[n - 1]))
		out[9] = '\0'; /* MWST, TVA or IVA behind the number */
}

static char *as_country(const char *country, const char *body, const char **why)
{
	char full[40];
	complete(country, body, full, sizeof full);
	const char *wrong = identity_vat_check(country, full);
	if (wrong == NULL)
		return g_strconcat(country, full, NULL);
	*why = wrong;
	return NULL;
}

char *identity_business_id(const char *text, const char *region, const char **why)
{
	char all[36];
	const char *reason = NULL;
	if (why == NULL)
		why = &reason;
	*why = "it is not a business id: letters and digits of a length are expected";
	if (text == NULL || !squeeze(text, all, sizeof all))
		return NULL;
	const char *s = without_label(all);
	char country[3] = {s[0], s[0] != '\0' ? s[1] : '\0', '\0'};
	gsize skip = 2;
	if (strcmp(country, "EL") == 0)
		memcpy(country, "GR", 3);
	if (g_str_has_prefix(s, "CHE")) {
		memcpy(country, "CH", 3);
		skip = 3;
	}
	if (g_ascii_isupper(country[0]) && g_ascii_isupper(country[1]) && identity_vat_country(country)) {
		char *id = as_country(country, s + skip, why);
		if (id != NULL)
			return id;
	}
	if (region == NULL || strlen(region) != 2)
		return NULL;
	char own[3] = {g_ascii_toupper(region[0]), g_ascii_toupper(region[1]), '\0'};
	return as_country(own, s, why);
}

static gboolean uuid_like(const char *s, gsize n)
{
	if (n != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-')
		return FALSE;
	return strspn(s, "0123456789abcdefABCDEF-") == n;
}

/* Salesforce writes an id with 15 characters, or with 18: the last three spell the case of the others. */
static gboolean salesforce_18(const char *s, gsize n)
{
	if (n != 18)
		return FALSE;
	for (gsize i = 0; i < 15; i++)
		if (!g_ascii_isalnum(s[i]))
			return FALSE;
	for (int group = 0; group < 3; group++) {
		int bits = 0;
		for (int i = 0; i < 5; i++)
			bits |= g_ascii_isupper(s[group * 5 + i]) ? 1 << i : 0;
		if (s[15 + group] != "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits])
			return FALSE;
	}
	return TRUE;
}

char *identity_crm_id(const char *text)
{
	if (text == NULL)
		return NULL;
	g_autofree char *id = g_strstrip(g_utf8_make_valid(text, -1));
	gsize n = strlen(id);
	if (n == 0 || n > 200)
		return NULL;
	if (n == 38 && id[0] == '{' && uuid_like(id + 1, 36))
		return g_ascii_strdown(id + 1, 36);
	if (uuid_like(id, n))
		return g_ascii_strdown(id, (gssize)n);
	if (salesforce_18(id, n))
		return g_strndup(id, 15);
	return g_steal_pointer(&id);
}
