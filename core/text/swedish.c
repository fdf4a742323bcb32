#include "swedish.h"

#include <string.h>

struct stem {
	char *s;
	size_t n;
};

static gboolean ends(const struct stem *w, const char *ending)
{
	size_t n = strlen(ending);
	return w->n > n && !memcmp(w->s + w->n - n, ending, n);
}

static char last(const struct stem *w, size_t back)
{
	return back < w->n ? w->s[w->n - 1 - back] : 0;
}

static gboolean is_vowel(char c)
{
	return c && ((c & 0x80) != 0 || strchr("aeiouy", c)); /* å ä ö end in such a byte */
}

static gboolean holds_vowel(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_vowel(s[i]))
			return TRUE;
	return FALSE;
}

/* Takes `n` bytes off, if a word is left. */
static gboolean drop(struct stem *w, size_t n)
{
	if (w->n < n + 3 || !holds_vowel(w->s, w->n - n))
		return FALSE;
	w->n -= n;
	return TRUE;
}

/* The s of the genitive and of the passive. */
static gboolean drop_s(struct stem *w)
{
	return w->n >= 5 && last(w, 0) == 's' && strchr("abdefghjklmnoprtvy", last(w, 1)) && !ends(w, "is") &&
	       drop(w, 1);
}

/* Endings of number, definiteness, comparison and tense: what goes of each. The longest first. */
static const struct {
	const char *ending;
	size_t goes;
} endings[] = {
	{"heterna", 4}, {"andena", 4}, {"arnas", 5}, {"ernas", 5}, {"ornas", 5}, {"heten", 2}, {"heter", 2},
	{"andet", 2},   {"anden", 2},  {"ande", 1},  {"arna", 4},  {"erna", 4},  {"orna", 4},  {"arne", 4},
	{"aste", 4},    {"aren", 4},   {"ade", 3},   {"are", 3},   {"ast", 3},   {"ena", 3},   {"ana", 3},
	{"or", 2},      {"ar", 2},     {"er", 2},    {"an", 2},    {"en", 2},    {"et", 2},    {"at", 2},
	{"ad", 2},      {"it", 2},     {"na", 2},    {"a", 1},     {"e", 1},
};

/* Words, and last parts of compounds, that end like a definite form and are none. */
static gboolean is_whole(const struct stem *w)
{
	static const char *const wholes[] = {"plan", "kran", "gran", "span", "organ", "roman"};
	for (gsize i = 0; i < G_N_ELEMENTS(wholes); i++)
		if (ends(w, wholes[i]))
			return TRUE;
	return FALSE;
}

static void drop_ending(struct stem *w)
{
	if (is_whole(w))
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
		if (ends(w, endings[i].ending) && drop(w, endings[i].goes))
			return;
	if (last(w, 0) == 'n' && strchr("lr", last(w, 1)))
		drop(w, 1); /* fågeln, motorn */
}

/* What is left of a word may still differ from what is left of another form of it. */
static gboolean settle(struct stem *w)
{
	if (drop_s(w))
		return TRUE;
	if ((ends(w, "et") || ends(w, "or") || ends(w, "er")) && w->n >= 5)
		return drop(w, 2); /* paket, paketet; motor, motorn; finger, fingret */
	if (ends(w, "igt") || ends(w, "skt") || (last(w, 0) == 't' && w->n >= 5 && strchr("kp", last(w, 1))))
		return drop(w, 1);
	if (last(w, 0) == 'r' && w->n >= 5 && !is_vowel(last(w, 1)) && last(w, 1) != 'r')
		return drop(w, 1);
	if (ends(w, "el") && w->n >= 5 && !is_vowel(last(w, 2))) { /* fågel, fåglar */
		w->s[w->n - 2] = 'l';
		w->n--;
	}
	return FALSE;
}

size_t swedish_stem(const char *word, size_t length, char *out)
{
	struct stem w = {out, length};
	memcpy(out, word, length);
	if (ends(&w, "'s"))
		w.n -= 2;
	drop_s(&w);
	drop_ending(&w);
	for (int i = 0; i < 4 && settle(&w); i++)
		;
	if (w.n >= 4 && last(&w, 0) == last(&w, 1) && strchr("mn", last(&w, 0)))
		w.n--; /* rum, rummet */
	return w.n;
}
