#include "namekey.h"

#include <string.h>

/* Inside, one byte a letter: å ä ö are } { |, the letters' places in the old Nordic alphabet. */
#define LETTERS 48

struct word {
	char s[LETTERS];
	size_t n;
};

static gboolean narrow(const char *word, size_t length, struct word *to)
{
	to->n = 0;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)word[i];
		unsigned char d = i + 1 < length ? (unsigned char)word[i + 1] : 0;
		char letter = (char)c;
		if (c == 0xC3 && (d == 0xA4 || d == 0xA5 || d == 0xB6)) {
			letter = d == 0xA4 ? '{' : d == 0xB6 ? '|' : '}';
			i++;
		} else if (c >= 0x80) {
			return FALSE;
		}
		if (to->n == LETTERS - 4)
			return FALSE;
		if (letter != '\'')
			to->s[to->n++] = letter;
	}
	return TRUE;
}

static void emit(struct namekeys *keys, const char *bytes, size_t length)
{
	if (length > NAMEKEY_BYTES)
		length = NAMEKEY_BYTES;
	for (unsigned i = 0; i < keys->count; i++)
		if (keys->key[i].length == length && !memcmp(keys->key[i].bytes, bytes, length))
			return;
	if (keys->count == NAMEKEYS)
		return;
	memcpy(keys->key[keys->count].bytes, bytes, length);
	keys->key[keys->count++].length = (guint8)length;
}

static gboolean vowel(char c)
{
	return c && strchr("aeiouy{|}", c) != NULL;
}

static gboolean ends(const struct word *w, const char *ending)
{
	size_t n = strlen(ending);
	return w->n >= n && !memcmp(w->s + w->n - n, ending, n);
}

/* The letter `back` from the end; 0 before the beginning. */
static char at(const struct word *w, size_t back)
{
	return back < w->n ? w->s[w->n - 1 - back] : 0;
}

static struct word cut(struct word w, size_t n)
{
	w.n -= MIN(n, w.n);
	return w;
}

static struct word plus(struct word w, const char *more)
{
	for (; *more && w.n < LETTERS; more++)
		w.s[w.n++] = *more;
	return w;
}

/* The spelling that the forms of one name share: no vowel at the end that comes and goes (Fortum, Fortumin; Neste,
 * Nesteen), and one k, p, t where they change with two (Marimekko, Marimekon). */
static void key(struct namekeys *keys, struct word w)
{
	char out[NAMEKEY_BYTES];
	size_t n = 0;
	if (((w.n >= 4 && at(&w, 0) == 'i') || (w.n >= 5 && at(&w, 0) == 'e')) && !vowel(at(&w, 1)))
		w = cut(w, 1);
	size_t last = w.n > 0 && vowel(at(&w, 0)) ? 1 : 0;
	if (w.n > last + 2 && at(&w, last) == at(&w, last + 1) && strchr("kpt", at(&w, last))) {
		memmove(w.s + w.n - 1 - last, w.s + w.n - last, last);
		w.n--;
	}
	for (size_t i = 0; i < w.n && n + 2 <= sizeof out; i++) {
		const char *wide = w.s[i] == '{' ? "ä" : w.s[i] == '|' ? "ö" : w.s[i] == '}' ? "å" : NULL;
		if (wide) {
			memcpy(out + n, wide, 2);
			n += 2;
		} else {
			out[n++] = w.s[i];
		}
	}
	emit(keys, out, n);
}

/* What stands before an ending of case: the stem of the singular, or that of the plural. */
static void stem(struct namekeys *keys, struct word w)
{
	char last = at(&w, 0), before = at(&w, 1);
	if (w.n >= 5 && ends(&w, "se") && vowel(at(&w, 2)))
		key(keys, plus(cut(w, 2), "nen"));
	else if (w.n >= 5 && ends(&w, "kse") && vowel(at(&w, 3)))
		key(keys, plus(cut(w, 3), "s"));
	else if (w.n >= 5 && last == 'e' && before == 'e')
		key(keys, cut(w, 1));
	else if (w.n >= 5 && last == 'i' && (before == 'o' || before == '|')) {
		key(keys, cut(w, 1));
		key(keys, plus(cut(w, 2), before == 'o' ? "a" : "{"));
	} else if (w.n >= 5 && last == 'i' && strchr("euy", before)) {
		key(keys, cut(w, 1));
	} else {
		key(keys, w);
		if (w.n >= 5 && ends(&w, "si") && vowel(at(&w, 2)))
			key(keys, plus(cut(w, 2), "nen"));
	}
}

/* Endings that leave no doubt about what is before them: a vowel. The longest first. */
static const char *const plain_endings[] = {"ssa", "ss{", "lla", "ll{", "lta", "lt{", "lle", "ksi", "etta", "ett{"};

static gboolean strip_plain(struct namekeys *keys, const struct word *w)
{
	for (size_t i = 0; i < G_N_ELEMENTS(plain_endings); i++) {
		struct word rest = cut(*w, 3); /* the e of -että stays */
		if (!ends(w, plain_endings[i]) || rest.n < 3 || !vowel(at(&rest, 0)))
			continue;
		stem(keys, rest);
		keys->likely = keys->count;
		key(keys, *w);
		return TRUE;
	}
	return FALSE;
}

/* -sta: from within (Nokiasta), or the partitive of -nen (Virtasta) and of -s (Markusta). */
static gboolean strip_sta(struct namekeys *keys, const struct word *w)
{
	struct word rest = cut(*w, 3);
	if (!(ends(w, "sta") || ends(w, "st{")) || rest.n < 3 || !vowel(at(&rest, 0)))
		return FALSE;
	stem(keys, rest);
	key(keys, plus(rest, "nen"));
	keys->likely = MIN(keys->count, 2);
	key(keys, plus(rest, "s"));
	key(keys, *w);
	return TRUE;
}

static gboolean strip_plural(struct namekeys *keys, const struct word *w)
{
	static const struct {
		const char *ending;
		size_t letters; /* of it that go */
	} endings[] = {
		{"ineen", 4}, {"itten", 4}, {"isiin", 4}, {"iden", 3}, {"ihin", 3}, {"ita", 2}, {"it{", 2},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		struct word rest = cut(*w, endings[i].letters);
		if (!ends(w, endings[i].ending) || rest.n < 4 || !vowel(at(&rest, 1)))
			continue;
		stem(keys, rest);
		if (endings[i].letters == 4)
			key(keys, cut(*w, 1)); /* Deloitten: of Deloitte */
		keys->likely = MIN(keys->count, 2);
		key(keys, *w);
		return TRUE;
	}
	if ((ends(w, "ja") || ends(w, "j{") || ends(w, "jen")) && w->n >= 5) {
		struct word rest = cut(*w, ends(w, "jen") ? 3 : 2);
		if (!vowel(at(&rest, 0)) || at(&rest, 0) == 'i')
			return FALSE;
		stem(keys, plus(rest, "i"));
		keys->likely = MIN(keys->count, 2);
		key(keys, *w);
		return TRUE;
	}
	if (ends(w, "ien") && w->n >= 6 && !vowel(at(w, 3))) {
		stem(keys, cut(*w, 2));
		keys->likely = MIN(keys->count, 2);
		key(keys, *w);
		return TRUE;
	}
	if (ends(w, "sten") && w->n >= 6 && vowel(at(w, 4))) {
		key(keys, plus(cut(*w, 4), "nen"));
		key(keys, cut(*w, 1)); /* Lacosten: of Lacoste */
		keys->likely = 2;
		key(keys, plus(cut(*w, 4), "s"));
		key(keys, *w);
		return TRUE;
	}
	return FALSE;
}

/* -n: of the genitive, or of the illative with its long vowel (Nokiaan, Espooseen, Suohon). */
static gboolean strip_n(struct namekeys *keys, const struct word *w)
{
	char last = at(w, 1), before = at(w, 2);
	if (at(w, 0) != 'n' || w->n < 4 || !vowel(last))
		return FALSE;
	if (ends(w, "nen"))
		return FALSE;
	struct word rest = cut(*w, 1);
	if (ends(w, "seen") && vowel(at(w, 4)) && at(w, 4) == at(w, 5))
		rest = cut(*w, 4);
	else if (last == before)
		rest = cut(*w, 2);
	else if (before == 'h' && at(w, 3) == last && w->n >= 6 && vowel(at(w, 4)))
		rest = cut(*w, 3);
	if (rest.n < 3)
		return FALSE;
	stem(keys, rest);
	keys->likely = 1;
	if (last != before)
		key(keys, *w);
	else
		key(keys, cut(*w, 1)); /* Yahoon */
	return TRUE;
}

/* -a, -ä, -ta of the partitive; -t of the plural; -na of the essive. Most may belong to the name. */
static gboolean strip_short(struct namekeys *keys, const struct word *w)
{
	char last = at(w, 0), before = at(w, 1), third = at(w, 2);
	gboolean a = last == 'a' || last == '{';
	if (a && w->n >= 5 && before == 't' && vowel(third) && vowel(at(w, 3))) { /* Espoota, Valiota */
		key(keys, cut(*w, 2));
		key(keys, *w);
		keys->likely = 1;
	} else if (a && w->n >= 5 && before == last) { /* Nokiaa */
		key(keys, cut(*w, 1));
		keys->likely = 1;
		key(keys, *w);
	} else if (a && w->n >= 5 && strchr("ouy|", before)) { /* Keskoa */
		key(keys, cut(*w, 1));
		keys->likely = 1;
		key(keys, *w);
	} else if (a && w->n >= 5 && (before == 'i' || before == 'e')) { /* Fortumia, Googlea; but Nokia, Nordea */
		key(keys, *w);
		key(keys, cut(*w, 1));
		keys->likely = 2;
		if (ends(w, "sia") || ends(w, "si{"))
			key(keys, plus(cut(*w, 3), "nen"));
	} else if (a && w->n >= 6 && before == 'n' && third == 'i' && strchr("o|euy", at(w, 3))) { /* Keskoina */
		stem(keys, cut(*w, 2));
		keys->likely = MIN(keys->count, 2);
		key(keys, *w);
	} else if (a && w->n >= 6 && before == 'n' && vowel(third) &&
		   (at(w, 3) != third || strchr("oe", third))) { /* Keskona; but Valentina */
		key(keys, *w);
		stem(keys, cut(*w, 2));
		keys->likely = MIN(keys->count, 2);
	} else if (a && w->n >= 7 && before == 't' && third == 't' && vowel(at(w, 3))) { /* Keskotta; but Charlotta */
		key(keys, *w);
		stem(keys, cut(*w, 3));
		keys->likely = 2;
	} else if (last == 't' && w->n >= 5 && vowel(before)) { /* Keskot; but Valmet */
		stem(keys, cut(*w, 1));
		keys->likely = 1;
		key(keys, *w);
	} else {
		return FALSE;
	}
	return TRUE;
}

/* -kin, -kaan, -ko and the like behind an ending of case: off with them. */
static struct word strip_clitics(struct word w)
{
	static const char *const clitics[] = {"kaan", "k{{n", "kin", "han", "h{n", "ko", "k|", "pa", "p{"};
	static const char *const cases[] = {"ssa", "ss{", "sta", "st{", "lla", "ll{", "lta", "lt{", "lle", "ksi", "n"};
	for (size_t i = 0; i < G_N_ELEMENTS(clitics); i++) {
		struct word rest = cut(w, strlen(clitics[i]));
		if (!ends(&w, clitics[i]) || rest.n < 5)
			continue;
		for (size_t c = 0; c < G_N_ELEMENTS(cases); c++)
			if (ends(&rest, cases[c]) && (c + 1 < G_N_ELEMENTS(cases) || vowel(at(&rest, 1))))
				return rest;
	}
	return w;
}

static void readings(struct namekeys *keys, const struct word *w)
{
	if (w->n >= 5 && ends(w, "nen")) {
		key(keys, *w);
		keys->likely = 1;
		return;
	}
	if (strip_plain(keys, w) || strip_sta(keys, w) || strip_plural(keys, w) || strip_n(keys, w) ||
	    strip_short(keys, w))
		return;
	key(keys, *w);
	keys->likely = 1;
}

void namekey(const char *word, size_t length, struct namekeys *keys)
{
	struct word w;
	keys->count = keys->likely = 0;
	if (!narrow(word, length, &w) || w.n < 4) {
		emit(keys, word, length);
		keys->likely = keys->count;
		return;
	}
	struct word bare = strip_clitics(w);
	readings(keys, &bare);
	keys->likely = MIN(keys->likely, keys->count);
	if (w.n >= 8 && vowel(at(&w, 3)) && (ends(&w, "mme") || ends(&w, "nne") || ends(&w, "nsa") || ends(&w, "ns{")))
		key(keys, cut(w, 3));
}

void namekey_base(const char *word, size_t length, struct namekeys *keys)
{
	struct word w;
	keys->count = 0;
	if (narrow(word, length, &w))
		key(keys, w);
	else
		emit(keys, word, length);
	keys->likely = keys->count;
}

/* Basic forms some of whose cases are read as another name's. */
static void misread(struct namekeys *keys, const struct word *w)
{
	if (w->n >= 4 && vowel(at(w, 0)) && at(w, 0) == at(w, 1)) /* Yahoon: illative of Yaho */
		key(keys, cut(*w, 1));
	if (w->n >= 6 && ends(w, "es")) /* Sokrateen */
		key(keys, cut(*w, 2));
	if (w->n >= 6 && ends(w, "at")) /* Sokrateelle: of Sokrates */
		key(keys, plus(*w, "es"));
	if (w->n >= 5 && ends(w, "nen")) /* Virtasia */
		key(keys, plus(cut(*w, 3), "s"));
	if (w->n >= 5 && at(w, 0) == 's' && vowel(at(w, 1))) { /* Sokoksia, Sokosta */
		key(keys, plus(cut(*w, 1), "ks"));
		key(keys, cut(*w, 1));
	}
	if (w->n >= 4 && (at(w, 0) == 'a' || at(w, 0) == '{')) /* Nokioita */
		key(keys, plus(cut(*w, 1), at(w, 0) == 'a' ? "o" : "|"));
}

void namekey_query(const char *word, size_t length, struct namekeys *keys)
{
	namekey(word, length, keys);
	for (unsigned i = 0, n = keys->count; i < n; i++) {
		struct namekeys again;
		struct word w;
		namekey(keys->key[i].bytes, keys->key[i].length, &again);
		for (unsigned k = 0; k < again.likely; k++)
			emit(keys, again.key[k].bytes, again.key[k].length);
		if (narrow(keys->key[i].bytes, keys->key[i].length, &w))
			misread(keys, &w);
	}
	keys->likely = keys->count;
}
