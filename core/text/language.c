#include "language.h"

#include <string.h>

/* clang-format off */
/* The small words, with a blank on each side. Some belong to two languages, and vote for both. */
static const char *const small_words[LANGUAGES] = {
	[LANGUAGE_FI] =
		" "
		"ja on ei että se oli hän ovat mutta kun tai kuin myös niin joka ole sen jos mukaan olla "
		"siitä vain sitä ne en olen olisi minä sinä me te he tämä tämän tätä jotka mitä mikä miten "
		"missä milloin kuka koska vielä sekä jo ollut voi nyt kanssa ovatko joita jossa jonka siis "
		"sitten ennen jälkeen hyvin kaikki meidän teidän minun sinun hänen heidän tässä tästä siinä "
		"eivät emme ette oletko voisi pitää tulee kautta vaan eikä minkä mitkä kenen kenelle keneltä "
		"kenestä ketä keitä ketkä mihin mistä millä mille miltä millainen millaisia millaista "
		"millaisen minne miksi kuinka montako monta moniko kumpi minkälainen minkälaisia minkälaista "
		"onko oliko mikäli moi hei terveisin kiitos terve noin itse muun muut ilman ihan kyllä ett "
		"muassa johon josta asti ",
	[LANGUAGE_SV] =
		" "
		"och i att det som en på är av för med den till inte om ett har de jag var kan vi men så han "
		"från vid du ska skall eller när hon sig man då nu bara där också sin efter ut över blir upp "
		"mot hade utan vara mycket alla vad mellan hur detta denna dessa dem oss er ni mig dig sina "
		"sitt vår våra ert era vill skulle kunde vem vilken vilket vilka varför hurdan måste finns "
		"någon något några inom under genom samt både hej tack hälsningar enligt bli blev hos sedan ",
	[LANGUAGE_EN] =
		" "
		"the of and to a in is that for it with as was on are be this have from or an by not at but "
		"you i they he she we which their his her had has were been if would there what when will can "
		"who so no my your our its than then them these those could should does did do about into "
		"only other some such any may also more most how where why after before over under between "
		"through during both each very just because while it's don't i'm hi dear thanks whose whom "
		"whether regards please me him us am being up out ",
};
/* clang-format on */

static gboolean listed(enum language language, const char *word, size_t length)
{
	char wanted[20];
	if (length > 16)
		return FALSE;
	wanted[0] = ' ';
	memcpy(wanted + 1, word, length);
	memcpy(wanted + 1 + length, " ", 2);
	return strstr(small_words[language], wanted) != NULL;
}

static gboolean ends(const char *word, size_t length, const char *ending)
{
	size_t n = strlen(ending);
	return length > n + 1 && !memcmp(word + length - n, ending, n);
}

static gboolean ends_any(const char *word, size_t length, const char *const *endings)
{
	for (; *endings; endings++)
		if (ends(word, length, *endings))
			return TRUE;
	return FALSE;
}

static gboolean holds(const char *word, size_t length, const char *bytes)
{
	return g_strstr_len(word, (gssize)length, bytes) != NULL;
}

void language_votes(const char *word, size_t length, gint8 votes[LANGUAGES])
{
	static const char *const finnish[] = {"ssa", "ssä", "sta", "stä", "lla", "llä",  "lle", "ksi", "nen",
					      "aan", "ään", "een", "iin", "uun", "isi",  "vat", "vät", "tta",
					      "ttä", "in",  "en",  "ia",  "iä",  "aa",   "ää",  "uu",  "yy",
					      "us",  "ys",  "ka",  "kä",  "inä", "ille", NULL};
	static const char *const swedish[] = {"ning", "ande", "arna", "erna",   "orna",   "het",
					      "lig",  "ligt", "liga", "ningen", "ningar", "heten",
					      "erad", "erat", "eras", "ades",   NULL};
	static const char *const english[] = {"tion", "ing",   "ed",   "ly",    "ment", "ness", "ould", "'s",   "ies",
					      "ght",  "ions",  "ings", "ments", "ary",  "ous",  "ive",  "able", "ible",
					      "age",  "ance",  "ence", "ity",   "al",   "ic",   "ics",  "ism",  "ful",
					      "ware", "ize",   "ized", "ck",    "sh",   "th",   "tor",  "ers",  "tors",
					      "ages", "ences", "ces",  "ques",  "que",  NULL};
	unsigned lists = 0;
	memset(votes, 0, LANGUAGES);
	for (int i = LANGUAGE_FI; i < LANGUAGES; i++)
		lists += listed((enum language)i, word, length);
	for (int i = LANGUAGE_FI; i < LANGUAGES; i++)
		if (listed((enum language)i, word, length))
			votes[i] = lists == 1 ? 4 : 1;
	if (lists > 0 || length < 4)
		return;
	votes[LANGUAGE_FI] = (gint8)ends_any(word, length, finnish);
	votes[LANGUAGE_SV] = (gint8)ends_any(word, length, swedish);
	votes[LANGUAGE_EN] = (gint8)ends_any(word, length, english);
	if (holds(word, length, "å"))
		votes[LANGUAGE_SV] += 2;
	if (holds(word, length, "ä") || holds(word, length, "ö")) {
		votes[LANGUAGE_FI] += 1;
		votes[LANGUAGE_SV] += 1;
	}
}

enum language language_decide(const int scores[LANGUAGES])
{
	enum language best = LANGUAGE_FI;
	int second = 0;
	for (int i = LANGUAGE_SV; i < LANGUAGES; i++)
		if (scores[i] > scores[best])
			best = (enum language)i;
	for (int i = LANGUAGE_FI; i < LANGUAGES; i++)
		if (i != (int)best)
			second = MAX(second, scores[i]);
	return scores[best] >= 3 && scores[best] > 2 * second ? best : LANGUAGE_UNKNOWN;
}

gboolean language_common(const char *word, size_t length)
{
	for (int i = LANGUAGE_FI; i < LANGUAGES; i++)
		if (listed((enum language)i, word, length))
			return TRUE;
	return FALSE;
}

gboolean language_looks_finnish(const char *word, size_t length)
{
	char last = word[length - 1], before = length > 1 ? word[length - 2] : 0;
	gboolean vowel = strchr("aeiouy", last) != NULL || (last & 0x80);
	for (size_t i = 0; i < length; i++)
		if (strchr("bcfgqwxz", word[i]) && !(word[i] == 'g' && i > 0 && word[i - 1] == 'n'))
			return FALSE;
	if (holds(word, length, "å") || holds(word, length, "th") || holds(word, length, "sh"))
		return FALSE;
	if (!vowel && (!strchr("nstlr", last) || !(strchr("aeiouy", before) || (before & 0x80))))
		return FALSE;
	return TRUE;
}
