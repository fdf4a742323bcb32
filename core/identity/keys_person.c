#include "identity/keys.h"

#include <string.h>

/* Titles, degrees and suffixes, folded: what stands beside a name and is no part of it. */
static const char *const titles[] = {"mr",        "mrs",      "ms",
				     "miss",      "mx",       "sir",
				     "madam",     "dr",       "prof",
				     "professor", "phd",      "msc",
				     "bsc",       "mba",      "md",
				     "dds",       "esq",      "cpa",
				     "rev",       "hon",      "jr",
				     "sr",        "ii",       "iii",
				     "herra",     "hra",      "rouva",
				     "rva",       "neiti",    "nti",
				     "tri",       "tohtori",  "tri",
				     "di",        "ktm",      "kti",
				     "ft",        "fm",       "ftri",
				     "tkt",       "tkl",      "htm",
				     "vtm",       "yo",       "ylioppilas",
				     "insinoori", "ins",      "dipl",
				     "diplomi",   "maisteri", "toimitusjohtaja",
				     "tj",        "johtaja",  "herr",
				     "frau",      "fru",      "froken",
				     "herrn",     "doktor",   "ing",
				     "dipling",   "direktor", "civilingenjor",
				     "ekon",      "mag",      "monsieur",
				     "madame",    "mme",      "mlle",
				     "sig",       "sigra",    "dott",
				     "dottssa",   "senor",    "senora",
				     "sr",        "sra",      "srta",
				     "don",       "dona",     NULL};
/* Words inside family names: "van der Berg", "von Wright", "af Ursin", "de la Cruz". */
static const char *const particles[] = {"van", "von", "der", "den", "de",  "del", "della", "di",  "da",
					"dos", "do",  "la",  "le",  "af",  "av",  "ter",   "ten", "zu",
					"zur", "el",  "al",  "bin", "ibn", "st",  "mac",   "mc",  NULL};

void identity_person_clear(struct identity_person *person)
{
	g_free(person->given);
	g_free(person->family);
	memset(person, 0, sizeof *person);
}

/* Text without what stands in brackets or quotes, and without an address: "Matti (tuki) <m@x.fi>" gives "Matti". */
static char *bare(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *out = g_string_sized_new(strlen(valid));
	int depth = 0;
	for (const char *p = valid; *p != '\0'; p++) {
		if (*p == '(' || *p == '[' || *p == '<')
			depth++;
		else if ((*p == ')' || *p == ']' || *p == '>') && depth > 0)
			depth--;
		else if (depth == 0)
			g_string_append_c(out, *p);
	}
	return g_string_free(out, FALSE);
}

/* The words of a part of a name, titles gone (if that leaves any). */
static GPtrArray *name_words(const char *text)
{
	g_autofree char *folded = identity_fold(text);
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) all = identity_words(folded);
	for (char **w = all; *w != NULL; w++)
		if (!g_strv_contains(titles, *w) && !g_ascii_isdigit(**w))
			g_ptr_array_add(words, g_strdup(*w));
	return words;
}

static char *join(const GPtrArray *words, guint from, guint to)
{
	if (from >= to)
		return NULL;
	GString *out = g_string_new(g_ptr_array_index(words, from));
	for (guint i = from + 1; i < to; i++)
		g_string_append_printf(out, " %s", (char *)g_ptr_array_index(words, i));
	return g_string_free(out, FALSE);
}

static gboolean upper_word(const char *text, gsize length)
{
	gboolean any = FALSE;
	g_autofree char *word = g_strndup(text, length);
	for (const char *p = word; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (g_unichar_islower(c))
			return FALSE;
		any |= g_unichar_isupper(c);
	}
	return any && g_utf8_strlen(word, -1) > 2;
}

/* "VIRTANEN Matti": the family name in capitals in front, others not. */
static gboolean capitals_in_front(const char *text)
{
	while (*text == ' ')
		text++;
	gsize first = strcspn(text, " ");
	const char *rest = text + first;
	while (*rest == ' ')
		rest++;
	return *rest != '\0' && upper_word(text, first) && !upper_word(rest, strcspn(rest, " "));
}

static void split_plain(const GPtrArray *words, struct identity_person *person)
{
	guint n = words->len, family = n - 1;
	while (family > 1 && g_strv_contains(particles, g_ptr_array_index(words, family - 1)))
		family--;
	if (n == 1) {
		person->family = join(words, 0, 1);
		return;
	}
	person->given = join(words, 0, family);
	person->family = join(words, family, n);
}

gboolean identity_person_parse(const char *text, struct identity_person *person)
{
	memset(person, 0, sizeof *person);
	if (text == NULL || strlen(text) > 300)
		return FALSE;
	g_autofree char *name = bare(text);
	char *comma = strchr(name, ',');
	if (comma != NULL) {
		*comma = '\0';
		g_autoptr(GPtrArray) behind = name_words(comma + 1);
		if (behind->len > 0) {
			g_autoptr(GPtrArray) front = name_words(name);
			person->given = join(behind, 0, behind->len);
			person->family = join(front, 0, front->len);
			person->sure = person->family != NULL;
			return TRUE;
		}
	}
	g_autoptr(GPtrArray) words = name_words(name);
	if (words->len == 0 || words->len > 8)
		return FALSE;
	if (words->len > 1 && capitals_in_front(name)) {
		person->family = join(words, 0, 1);
		person->given = join(words, 1, words->len);
		person->sure = TRUE;
	} else {
		split_plain(words, person);
	}
	return TRUE;
}

/* Length in bytes of the first given name: of "ville veikko" all of it, if the text has a hyphen there. */
static gsize first_given(const char *text, const char *given)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_auto(GStrv) tokens = g_strsplit_set(valid, " ,\t", -1);
	for (char **t = tokens; *t != NULL; t++) {
		g_autofree char *folded = strchr(*t, '-') != NULL ? identity_fold(*t) : NULL;
		gsize n = folded != NULL ? strlen(folded) : 0;
		if (n > 0 && strncmp(given, folded, n) == 0 && (given[n] == ' ' || given[n] == '\0'))
			return n;
	}
	return strcspn(given, " ");
}

char *identity_person_key(const char *text)
{
	struct identity_person person;
	char *key = NULL;
	if (identity_person_parse(text, &person) && person.given != NULL && person.family != NULL) {
		gsize n = first_given(text, person.given);
		key = g_strdup_printf("%.*s %s", (int)n, person.given, person.family);
	}
	identity_person_clear(&person);
	return key;
}

gboolean identity_person_of_email(const char *email, struct identity_person *person)
{
	memset(person, 0, sizeof *person);
	const char *at = email != NULL ? strchr(email, '@') : NULL;
	if (at == NULL || at == email || identity_email_shared(email))
		return FALSE;
	g_autofree char *local = g_strndup(email, (gsize)(at - email));
	if (strpbrk(local, "._-") == NULL)
		return FALSE;
	g_autoptr(GPtrArray) words = name_words(g_strdelimit(local, "_", '.'));
	guint letters = 0;
	for (guint i = 0; i < words->len; i++)
		letters += strlen(g_ptr_array_index(words, i)) > 1;
	if (words->len < 2 || words->len > 4 || letters == 0)
		return FALSE;
	split_plain(words, person);
	return TRUE;
}
