#include "identity/keys_vat.h"

#include <stdlib.h>
#include <string.h>

/* Shapes: 9 digit, A letter, X either. Each country's own rule for the check digit follows; the rules are published by
 * the tax authorities. A country whose rule covers only some of its numbers (personal ones excluded, say) checks those.
 */

static int digit(const char *s, int i)
{
	return s[i] - '0';
}

static int weighted(const char *s, const int *weights, int n)
{
	int sum = 0;
	for (int i = 0; i < n; i++)
		sum += weights[i] * digit(s, i);
	return sum;
}

static gboolean luhn(const char *s, int n)
{
	int sum = 0;
	for (int i = 0; i < n; i++) {
		int d = digit(s, n - 1 - i) * (i % 2 == 1 ? 2 : 1);
		sum += d > 9 ? d - 9 : d;
	}
	return sum % 10 == 0;
}

/* ISO 7064 MOD 11,10 */
static gboolean mod11_10(const char *s, int n)
{
	int p = 10;
	for (int i = 0; i < n - 1; i++) {
		int sum = (digit(s, i) + p) % 10;
		p = (sum == 0 ? 10 : sum) * 2 % 11;
	}
	return (11 - p) % 10 == digit(s, n - 1);
}

static gboolean all_digits(const char *s)
{
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

static gboolean fi(const char *s)
{
	int r = weighted(s, (const int[]){7, 9, 10, 5, 8, 4, 2}, 7) % 11;
	return r != 1 && (r == 0 ? 0 : 11 - r) == digit(s, 7);
}

static gboolean se(const char *s)
{
	return luhn(s, 10) && (s[10] != '0' || s[11] != '0');
}

static gboolean dk(const char *s)
{
	return s[0] != '0' && weighted(s, (const int[]){2, 7, 6, 5, 4, 3, 2, 1}, 8) % 11 == 0;
}

static gboolean no(const char *s)
{
	int r = weighted(s, (const int[]){3, 2, 7, 6, 5, 4, 3, 2}, 8) % 11;
	return r != 1 && (r == 0 ? 0 : 11 - r) == digit(s, 8);
}

static gboolean de(const char *s)
{
	return s[0] != '0' && mod11_10(s, 9);
}

static gboolean ee(const char *s)
{
	return (10 - weighted(s, (const int[]){3, 7, 1, 3, 7, 1, 3, 7}, 8) % 10) % 10 == digit(s, 8);
}

static gboolean lv(const char *s)
{
	if (s[0] <= '3') /* a person's: its first part is a date of birth, or the newer kind without one */
		return TRUE;
	int r = 3 - weighted(s, (const int[]){9, 1, 4, 8, 3, 10, 2, 5, 7, 6}, 10) % 11;
	return r != -1 && (r < -1 ? r + 11 : r) == digit(s, 10);
}

static gboolean lt(const char *s)
{
	static const int once[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2}, twice[] = {3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4};
	int n = (int)strlen(s) - 1, r = weighted(s, once, n) % 11;
	if (r == 10)
		r = weighted(s, twice, n) % 11 % 10;
	return r == digit(s, n) && s[n - 1] == '1';
}

static gboolean pl(const char *s)
{
	return weighted(s, (const int[]){6, 5, 7, 2, 3, 4, 5, 6, 7}, 9) % 11 == digit(s, 9);
}

static gboolean nl(const char *s)
{
	if (weighted(s, (const int[]){9, 8, 7, 6, 5, 4, 3, 2}, 8) % 11 == digit(s, 8))
		return TRUE;
	int r = 2321; /* "NL" in the digits of ISO 7064 MOD 97-10, which sole traders' numbers follow */
	r %= 97;
	for (const char *p = s; *p != '\0'; p++)
		r = g_ascii_isdigit(*p) ? (r * 10 + *p - '0') % 97 : (r * 100 + *p - 'A' + 10) % 97;
	return r == 1;
}

static long part(const char *s, int from, int n)
{
	long value = 0;
	for (int i = from; i < from + n; i++)
		value = value * 10 + digit(s, i);
	return value;
}

static gboolean be(const char *s)
{
	return s[0] <= '1' && 97 - part(s, 0, 8) % 97 == part(s, 8, 2);
}

static gboolean lu(const char *s)
{
	return part(s, 0, 6) % 89 == part(s, 6, 2);
}

static gboolean fr(const char *s)
{
	if (!all_digits(s + 2))
		return FALSE;
	if (!g_ascii_isdigit(s[0]) || !g_ascii_isdigit(s[1]))
		return luhn(s + 2, 9);
	return (12 + 3 * (part(s, 2, 9) % 97)) % 97 == part(s, 0, 2) && luhn(s + 2, 9);
}

static gboolean it(const char *s)
{
	return luhn(s, 11);
}

static gboolean es_company(const char *s)
{
	int sum = 0;
	for (int i = 1; i <= 7; i++) {
		int d = digit(s, i) * (i % 2 == 1 ? 2 : 1);
		sum += d > 9 ? d - 9 : d;
	}
	int check = (10 - sum % 10) % 10;
	return s[8] == '0' + check || s[8] == "JABCDEFGHI"[check];
}

static gboolean es(const char *s)
{
	for (int i = 1; i <= 7; i++)
		if (!g_ascii_isdigit(s[i]))
			return FALSE;
	if (strchr("ABCDEFGHJNPQRSUVW", s[0]) != NULL)
		return es_company(s);
	long value = part(s, 1, 7);
	if (g_ascii_isdigit(s[0]))
		value += 10000000L * digit(s, 0);
	else if (s[0] >= 'X' && s[0] <= 'Z')
		value += 10000000L * (s[0] - 'X');
	else if (strchr("KLM", s[0]) == NULL)
		return FALSE;
	return s[8] == "TRWAGMYFPDXBNJZSQVHLCKE"[value % 23];
}

static gboolean pt(const char *s)
{
	int r = 11 - weighted(s, (const int[]){9, 8, 7, 6, 5, 4, 3, 2}, 8) % 11;
	return (r > 9 ? 0 : r) == digit(s, 8);
}

static gboolean at(const char *s)
{
	int sum = 4;
	for (int i = 0; i < 7; i++)
		sum += i % 2 == 0 ? digit(s + 1, i) : digit(s + 1, i) / 5 + digit(s + 1, i) * 2 % 10;
	return (10 - sum % 10) % 10 == digit(s + 1, 7);
}

static gboolean ie(const char *s)
{
	static const char letters[] = "WABCDEFGHIJKLMNOPQRSTUV";
	size_t n = strlen(s);
	char digits[8] = {'0'};
	if (g_ascii_isdigit(s[1]))
		memcpy(digits, s, 7);
	else { /* the old form: second place a letter, first digit goes last */
		memcpy(digits + 1, s + 2, 5);
		digits[6] = s[0];
	}
	if (!all_digits(digits) || n < 8 || !g_ascii_isupper(s[7]))
		return FALSE;
	int sum = weighted(digits, (const int[]){8, 7, 6, 5, 4, 3, 2}, 7);
	if (n == 9 && s[8] != 'W')
		sum += 9 * (s[8] - 'A' + 1);
	return s[7] == letters[sum % 23];
}

static gboolean gb(const char *s)
{
	int sum = weighted(s, (const int[]){8, 7, 6, 5, 4, 3, 2}, 7) + (int)part(s, 7, 2);
	return sum % 97 == 0 || (sum + 55) % 97 == 0;
}

static gboolean cz(const char *s)
{
	if (strlen(s) != 8) /* a person's */
		return TRUE;
	int r = 11 - weighted(s, (const int[]){8, 7, 6, 5, 4, 3, 2}, 7) % 11;
	return r % 10 == digit(s, 7);
}

static gboolean sk(const char *s)
{
	return s[0] != '0' && part(s, 0, 10) % 11 == 0;
}

static gboolean hu(const char *s)
{
	return (10 - weighted(s, (const int[]){9, 7, 3, 1, 9, 7, 3}, 7) % 10) % 10 == digit(s, 7);
}

static gboolean si(const char *s)
{
	int r = 11 - weighted(s, (const int[]){8, 7, 6, 5, 4, 3, 2}, 7) % 11;
	return r != 11 && r % 10 == digit(s, 7);
}

static gboolean hr(const char *s)
{
	return mod11_10(s, 11);
}

static gboolean ro(const char *s)
{
	static const int weights[] = {7, 5, 3, 2, 1, 7, 5, 3, 2};
	int n = (int)strlen(s) - 1;
	return weighted(s, weights + 9 - n, n) * 10 % 11 % 10 == digit(s, n);
}

static gboolean bg(const char *s)
{
	if (strlen(s) != 9) /* a person's */
		return TRUE;
	int r = weighted(s, (const int[]){1, 2, 3, 4, 5, 6, 7, 8}, 8) % 11;
	if (r == 10)
		r = weighted(s, (const int[]){3, 4, 5, 6, 7, 8, 9, 10}, 8) % 11 % 10;
	return r == digit(s, 8);
}

static gboolean gr(const char *s)
{
	return weighted(s, (const int[]){256, 128, 64, 32, 16, 8, 4, 2}, 8) % 11 % 10 == digit(s, 8);
}

static gboolean cy(const char *s)
{
	static const int odd[] = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
	int sum = 0;
	for (int i = 0; i < 8; i++)
		sum += i % 2 == 0 ? odd[digit(s, i)] : digit(s, i);
	return s[8] == 'A' + sum % 26;
}

static gboolean mt(const char *s)
{
	return 37 - weighted(s, (const int[]){3, 4, 6, 7, 8, 9}, 6) % 37 == part(s, 6, 2);
}

static gboolean ch(const char *s)
{
	int r = weighted(s, (const int[]){5, 4, 3, 2, 7, 6, 5, 4}, 8) % 11;
	return r != 1 && (r == 0 ? 0 : 11 - r) == digit(s, 8);
}

static const struct rule {
	char country[3];
	const char *shapes; /* "99999999 999999999" */
	gboolean (*check)(const char *body);
} rules[] = {
	{"FI", "99999999", fi},
	{"SE", "999999999999", se},
	{"DK", "99999999", dk},
	{"NO", "999999999", no},
	{"DE", "999999999", de},
	{"EE", "999999999", ee},
	{"LV", "99999999999", lv},
	{"LT", "999999999 999999999999", lt},
	{"PL", "9999999999", pl},
	{"NL", "999999999B99", nl},
	{"BE", "9999999999", be},
	{"LU", "99999999", lu},
	{"FR", "XX999999999", fr},
	{"IT", "99999999999", it},
	{"ES", "X9999999X", es},
	{"PT", "999999999", pt},
	{"AT", "U99999999", at},
	{"IE", "9X99999A 9999999AA", ie},
	{"GB", "999999999 999999999999", gb},
	{"CZ", "99999999 999999999 9999999999", cz},
	{"SK", "9999999999", sk},
	{"HU", "99999999", hu},
	{"SI", "99999999", si},
	{"HR", "99999999999", hr},
	{"RO", "99 999 9999 99999 999999 9999999 99999999 999999999 9999999999", ro},
	{"BG", "999999999 9999999999", bg},
	{"GR", "999999999", gr},
	{"CY", "99999999A", cy},
	{"MT", "99999999", mt},
	{"CH", "999999999", ch},
};

static gboolean shaped(const char *body, const char *shape, size_t length)
{
	if (strlen(body) != length)
		return FALSE;
	for (size_t i = 0; i < length; i++) {
		char c = body[i];
		gboolean fits = shape[i] == '9'   ? g_ascii_isdigit(c)
				: shape[i] == 'A' ? g_ascii_isupper(c)
				: shape[i] == 'X' ? g_ascii_isdigit(c) || g_ascii_isupper(c)
						  : c == shape[i];
		if (!fits)
			return FALSE;
	}
	return TRUE;
}

static const struct rule *rule_of(const char *country)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
		if (strcmp(rules[i].country, country) == 0)
			return &rules[i];
	return NULL;
}

gboolean identity_vat_country(const char *country)
{
	return rule_of(country) != NULL;
}

const char *identity_vat_check(const char *country, const char *body)
{
	const struct rule *rule = rule_of(country);
	if (rule == NULL)
		return "no VAT numbers are known of this country";
	for (const char *shape = rule->shapes; *shape != '\0';) {
		size_t length = strcspn(shape, " ");
		if (shaped(body, shape, length))
			return rule->check(body) ? NULL : "its check digit is wrong";
		shape += length + (shape[length] == ' ');
	}
	return "it has not the length or form of this country's business ids";
}
