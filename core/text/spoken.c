#include "spoken.h"

#include <string.h>

static const struct {
	const char *ending;       /* as spoken */
	size_t goes;              /* how much of it */
	const char *back, *front; /* what comes instead, after back vowels and after others */
} rules[] = {
	{"st", 0, "a", "ä"},  {"lt", 0, "a", "ä"},  {"ss", 0, "a", "ä"},  {"ll", 0, "a", "ä"},   {"s", 0, "sa", "sä"},
	{"l", 0, "la", "lä"}, {"oo", 1, "a", "a"},  {"uu", 1, "a", "a"},  {"ii", 1, "a", "ä"},   {"yy", 1, "ä", "ä"},
	{"ki", 0, "n", "n"},  {"kää", 0, "n", "n"}, {"kaa", 0, "n", "n"}, {"la", 1, "la", "la"}, {"lä", 2, "lä", "lä"},
	{"ee", 0, "n", "n"},  {"oo", 0, "n", "n"},  {"uu", 0, "n", "n"},  {"ii", 0, "n", "n"},   {"aa", 0, "n", "n"},
	{"ää", 0, "n", "n"},  {"hi", 0, "n", "n"},  {"hu", 0, "n", "n"},  {"hä", 0, "n", "n"},
};

static gboolean ends(const char *word, size_t length, const char *ending)
{
	size_t n = strlen(ending);
	return length > n + 2 && !memcmp(word + length - n, ending, n);
}

unsigned spoken_written(const char *word, size_t length, char written[SPOKEN_MAX][SPOKEN_BYTES])
{
	unsigned count = 0;
	gboolean back = FALSE;
	if (length < 4 || length > SPOKEN_BYTES - 8)
		return 0;
	for (size_t i = 0; i < length; i++)
		back |= strchr("aou", word[i]) != NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(rules) && count < SPOKEN_MAX; i++) {
		if (!ends(word, length, rules[i].ending))
			continue;
		size_t kept = length - rules[i].goes;
		memcpy(written[count], word, kept);
		g_strlcpy(written[count++] + kept, back ? rules[i].back : rules[i].front, 4);
	}
	return count;
}
