/* Why not libphonenumber: it is C++ (with ICU, Boost and Protobuf behind it, 40 MB) in a C daemon, and its tables tell
 * which numbers are in use, which matching does not ask. What matching needs is that two ways of writing one number
 * give the same string: the country's calling code, its trunk prefix, and the lengths that numbers there have. */
#include "identity/keys.h"

#include <string.h>

static const struct plan {
	char region[3];
	guint16 code;
	char trunk[3];   /* dropped in front of a national number; "" where there is none */
	guint8 min, max; /* digits of a national number, without trunk prefix */
} plans[] = {
	{"FI", 358, "0", 5, 11}, {"AX", 358, "0", 5, 11}, {"SE", 46, "0", 6, 10},  {"NO", 47, "", 5, 8},
	{"DK", 45, "", 8, 8},    {"IS", 354, "", 7, 9},   {"EE", 372, "", 7, 8},   {"LV", 371, "", 8, 8},
	{"LT", 370, "8", 8, 8},  {"DE", 49, "0", 5, 13},  {"AT", 43, "0", 4, 13},  {"CH", 41, "0", 9, 9},
	{"LI", 423, "", 7, 9},   {"NL", 31, "0", 9, 9},   {"BE", 32, "0", 8, 9},   {"LU", 352, "", 4, 11},
	{"FR", 33, "0", 9, 9},   {"GB", 44, "0", 7, 10},  {"IE", 353, "0", 7, 10}, {"ES", 34, "", 9, 9},
	{"PT", 351, "", 9, 9},   {"IT", 39, "", 6, 12},   {"MT", 356, "", 8, 8},   {"GR", 30, "", 10, 10},
	{"CY", 357, "", 8, 8},   {"PL", 48, "", 9, 9},    {"CZ", 420, "", 9, 9},   {"SK", 421, "0", 9, 9},
	{"HU", 36, "06", 8, 9},  {"SI", 386, "0", 8, 8},  {"HR", 385, "0", 8, 9},  {"RO", 40, "0", 9, 9},
	{"BG", 359, "0", 7, 9},  {"RS", 381, "0", 8, 10}, {"BA", 387, "0", 8, 9},  {"MK", 389, "0", 8, 8},
	{"AL", 355, "0", 8, 9},  {"ME", 382, "0", 8, 8},  {"TR", 90, "0", 10, 10}, {"UA", 380, "0", 9, 9},
	{"MD", 373, "0", 8, 8},  {"BY", 375, "80", 9, 9}, {"RU", 7, "8", 10, 10},  {"KZ", 7, "8", 10, 10},
	{"GE", 995, "0", 9, 9},  {"AM", 374, "0", 8, 8},  {"AZ", 994, "0", 9, 9},  {"US", 1, "1", 10, 10},
	{"CA", 1, "1", 10, 10},  {"MX", 52, "", 10, 10},  {"BR", 55, "0", 10, 11}, {"AR", 54, "0", 10, 11},
	{"CL", 56, "", 9, 9},    {"CO", 57, "", 10, 10},  {"PE", 51, "0", 8, 9},   {"VE", 58, "0", 10, 10},
	{"UY", 598, "0", 7, 8},  {"EC", 593, "0", 8, 9},  {"AU", 61, "0", 6, 10},  {"NZ", 64, "0", 8, 10},
	{"JP", 81, "0", 9, 10},  {"KR", 82, "0", 8, 10},  {"CN", 86, "0", 9, 11},  {"HK", 852, "", 8, 8},
	{"TW", 886, "0", 8, 9},  {"SG", 65, "", 8, 8},    {"MY", 60, "0", 8, 10},  {"TH", 66, "0", 8, 9},
	{"VN", 84, "0", 9, 10},  {"ID", 62, "0", 8, 12},  {"PH", 63, "0", 8, 10},  {"IN", 91, "0", 10, 10},
	{"PK", 92, "0", 9, 10},  {"BD", 880, "0", 8, 10}, {"LK", 94, "0", 9, 9},   {"IL", 972, "0", 8, 9},
	{"AE", 971, "0", 8, 9},  {"SA", 966, "0", 8, 9},  {"QA", 974, "", 8, 8},   {"KW", 965, "", 8, 8},
	{"JO", 962, "0", 8, 9},  {"LB", 961, "0", 7, 8},  {"EG", 20, "0", 8, 10},  {"MA", 212, "0", 9, 9},
	{"DZ", 213, "0", 8, 9},  {"TN", 216, "", 8, 8},   {"NG", 234, "0", 8, 10}, {"KE", 254, "0", 9, 9},
	{"GH", 233, "0", 9, 9},  {"ZA", 27, "0", 9, 9},   {"TZ", 255, "0", 9, 9},  {"UG", 256, "0", 9, 9},
	{"ET", 251, "0", 9, 9},  {"IR", 98, "0", 10, 10}, {"IQ", 964, "0", 8, 10},
};

static const struct plan *plan_of_region(const char *region)
{
	for (gsize i = 0; region != NULL && i < G_N_ELEMENTS(plans); i++)
		if (g_ascii_strcasecmp(plans[i].region, region) == 0)
			return &plans[i];
	return NULL;
}

/* The plan whose code the digits begin with; `used`: digits of the code. Codes are prefix-free. */
static const struct plan *plan_of_code(const char *digits, int *used)
{
	for (gsize i = 0; i < G_N_ELEMENTS(plans); i++) {
		char code[8];
		*used = g_snprintf(code, sizeof code, "%u", plans[i].code);
		if (strncmp(digits, code, (gsize)*used) == 0)
			return &plans[i];
	}
	return NULL;
}

static gboolean extension_begins(const char *p)
{
	static const char *const words[] = {"ext",   "x", "alanro", "ankn", "anknytning", "durchwahl",
					    "poste", ";", "#",      ",",    NULL};
	for (int i = 0; words[i] != NULL; i++)
		if (g_ascii_strncasecmp(p, words[i], strlen(words[i])) == 0)
			return TRUE;
	return FALSE;
}

/* Digits alone, extension dropped, "(0)" dropped; FALSE for what telephone numbers do not hold. */
static gboolean digits_of(const char *text, char *out, gsize size, gboolean *international)
{
	gsize n = 0;
	*international = FALSE;
	if (g_ascii_strncasecmp(text, "tel:", 4) == 0)
		text += 4;
	while (*text != '\0' && !g_ascii_isdigit(*text) && *text != '+' && *text != '(') /* "Puh. ", "Tel: " */
		text++;
	for (const char *p = text; *p != '\0'; p++) {
		if (g_ascii_isdigit(*p)) {
			if (n + 1 >= size)
				return FALSE;
			out[n++] = *p;
		} else if (*p == '+' && n == 0) {
			*international = TRUE;
		} else if (strncmp(p, "(0)", 3) == 0 && n > 0) {
			p += 2;
		} else if (n >= 5 && extension_begins(p)) {
			break;
		} else if (g_ascii_isalpha(*p) || strchr("@:<>\"", *p) != NULL) {
			return FALSE;
		}
	}
	out[n] = '\0';
	return TRUE;
}

/* National digits checked against the plan, trunk prefix dropped. */
static char *assemble(const struct plan *plan, const char *national)
{
	gsize n = strlen(national), trunk = strlen(plan->trunk);
	if (trunk > 0 && n > plan->min && strncmp(national, plan->trunk, trunk) == 0 && n - trunk >= plan->min) {
		national += trunk;
		n -= trunk;
	}
	if (n < plan->min || n > plan->max)
		return NULL;
	return g_strdup_printf("+%u%s", plan->code, national);
}

char *identity_phone(const char *text, const char *region)
{
	char digits[32] = "";
	gboolean international = FALSE;
	if (text == NULL || strlen(text) > 100 || !digits_of(text, digits, sizeof digits, &international))
		return NULL;
	const char *rest = digits;
	const struct plan *own = plan_of_region(region);
	if (!international) {
		if (own != NULL && own->code == 1 && g_str_has_prefix(digits, "011")) {
			international = TRUE;
			rest += 3;
		} else if (g_str_has_prefix(digits, "00")) {
			international = TRUE;
			rest += 2;
		}
	}
	if (!international)
		return own != NULL ? assemble(own, rest) : NULL;
	int used;
	const struct plan *plan = plan_of_code(rest, &used);
	if (plan != NULL)
		return assemble(plan, rest + used);
	gsize n = strlen(rest); /* a country that the table does not know: E.164's own bounds */
	return n >= 8 && n <= 15 && rest[0] != '0' ? g_strconcat("+", rest, NULL) : NULL;
}
