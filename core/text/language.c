#include "language.h"

#include <pthread.h>
#include <string.h>

/* clang-format off */
/* The small words. Some belong to two languages, and vote for both. */
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

#define SMALL_BYTES 16
#define SMALL_ROOM  1024

/* The small words by hash. Made once; then it is only read. */
static struct small {
	char word[SMALL_BYTES];
	guint8 length, languages; /* a bit each */
} small[SMALL_ROOM];
static pthread_once_t small_once = PTHREAD_ONCE_INIT;

/* The word's place, or the empty one for it. */
static struct small *small_place(const char *word, size_t length)
{
	guint32 hash = 5381;
	for (size_t i = 0; i < length; i++)
		hash = hash * 33 + (unsigned char)word[i];
	hash ^= hash >> 15;
	while (small[hash % SMALL_ROOM].length &&
	       (small[hash % SMALL_ROOM].length != length || memcmp(small[hash % SMALL_ROOM].word, word, length) != 0))
		hash++;
	return &small[hash % SMALL_ROOM];
}

static void small_fill(void)
{
	for (guint i = LANGUAGE_FI; i < LANGUAGES; i++)
		for (const char *word = small_words[i] + 1; *word;) {
			size_t length = strcspn(word, " ");
			g_assert(length > 0 && length <= SMALL_BYTES);
			struct small *place = small_place(word, length);
			memcpy(place->word, word, length);
			place->length = (guint8)length;
			place->languages |= (guint8)(1u << i);
			word += length + 1;
		}
}

/* The languages that have the word among their small ones, a bit each. */
static guint listed(const char *word, size_t length)
{
	if (length == 0 || length > SMALL_BYTES)
		return 0;
	pthread_once(&small_once, small_fill);
	return small_place(word, length)->languages;
}

struct ending {
	guint8 length;
	char bytes[7];
};

static gboolean ends_any(const char *word, size_t length, const struct ending *endings)
{
	for (; endings->length; endings++) {
		size_t n = endings->length;
		if (length > n + 1 && word[length - 1] == endings->bytes[n - 1] &&
		    !memcmp(word + length - n, endings->bytes, n))
			return TRUE;
	}
	return FALSE;
}

static gboolean holds(const char *word, size_t length, const char *bytes)
{
	return memmem(word, length, bytes, strlen(bytes)) != NULL;
}

/* clang-format off */
#define E(bytes) {sizeof(bytes) - 1, bytes}
static const struct ending finnish[] = {
	E("ssa"), E("ssä"), E("sta"), E("stä"), E("lla"), E("llä"), E("lle"), E("ksi"), E("nen"), E("aan"),
	E("ään"), E("een"), E("iin"), E("uun"), E("isi"), E("vat"), E("vät"), E("tta"), E("ttä"), E("in"), E("en"),
	E("ia"), E("iä"), E("aa"), E("ää"), E("uu"), E("yy"), E("us"), E("ys"), E("ka"), E("kä"), E("inä"),
	E("ille"),
	{0, ""}};
static const struct ending swedish[] = {
	E("ning"), E("ande"), E("arna"), E("erna"), E("orna"), E("het"), E("lig"), E("ligt"), E("liga"),
	E("ningen"), E("ningar"), E("heten"), E("erad"), E("erat"), E("eras"), E("ades"),
	{0, ""}};
static const struct ending english[] = {
	E("tion"), E("ing"), E("ed"), E("ly"), E("ment"), E("ness"), E("ould"), E("'s"), E("ies"), E("ght"),
	E("ions"), E("ings"), E("ments"), E("ary"), E("ous"), E("ive"), E("able"), E("ible"), E("age"), E("ance"),
	E("ence"), E("ity"), E("al"), E("ic"), E("ics"), E("ism"), E("ful"), E("ware"), E("ize"), E("ized"),
	E("ck"), E("sh"), E("th"), E("tor"), E("ers"), E("tors"), E("ages"), E("ences"), E("ces"), E("ques"),
	E("que"),
	{0, ""}};
#undef E
/* clang-format on */

void language_votes(const char *word, size_t length, gint8 votes[LANGUAGES])
{
	guint lists = listed(word, length);
	memset(votes, 0, LANGUAGES);
	for (int i = LANGUAGE_FI; i < LANGUAGES; i++)
		if (lists & 1u << i)
			votes[i] = lists == 1u << i ? 4 : 1;
	if (lists || length < 4)
		return;
	votes[LANGUAGE_FI] = (gint8)ends_any(word, length, finnish);
	votes[LANGUAGE_SV] = (gint8)ends_any(word, length, swedish);
	votes[LANGUAGE_EN] = (gint8)ends_any(word, length, english);
	if (!memchr(word, 0xC3, length)) /* as å ä ö begin */
		return;
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
	return listed(word, length) != 0;
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
