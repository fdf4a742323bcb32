#include "lexicon.h"

#include <libstemmer.h>
#include <libvoikko/voikko.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fold.h"
#include "irregular.h"
#include "swedish.h"

struct lexicon {
	struct VoikkoHandle *voikko;
	struct sb_stemmer *stemmers[LANGUAGES];
	char swedish[LEXICON_WORD * 2];
	char *version;
};

/* The dictionary's own version and size: Voikko's interface does not tell them, so look where it looks. */
static char *dictionary_version(void)
{
	const char *own = g_getenv("VOIKKO_DICTIONARY_PATH");
	g_autofree char *home = g_build_filename(g_get_home_dir(), ".voikko", NULL);
	const char *places[] = {
		own, home, "/etc/voikko", "/usr/lib/voikko", "/usr/share/voikko", "/usr/local/lib/voikko"};
	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		if (!places[i])
			continue;
		g_autofree char *index = g_build_filename(places[i], "5", "mor-standard", "index.txt", NULL);
		g_autofree char *words = g_build_filename(places[i], "5", "mor-standard", "mor.vfst", NULL);
		g_autofree char *text = NULL;
		struct stat status;
		if (stat(words, &status) || !g_file_get_contents(index, &text, NULL, NULL))
			continue;
		const char *at = strstr(text, "SM-Version: ");
		int length = at ? (int)strcspn(at + 12, "\r\n") : 0;
		return g_strdup_printf("%.*s/%lld", length, at ? at + 12 : "", (long long)status.st_size);
	}
	return g_strdup("unknown");
}

static GMutex voikko_handles;

struct lexicon *lexicon_new(gboolean dictionary)
{
	struct lexicon *l = g_new0(struct lexicon, 1);
	const char *fault = NULL;
	/* what Voikko does at these two moments is not said to be safe beside another thread */
	g_mutex_lock(&voikko_handles);
	l->voikko = dictionary ? voikkoInit(&fault, "fi", NULL) : NULL;
	g_mutex_unlock(&voikko_handles);
	l->stemmers[LANGUAGE_FI] = sb_stemmer_new("finnish", "UTF_8");
	l->stemmers[LANGUAGE_EN] = sb_stemmer_new("english", "UTF_8");
	g_autofree char *words = l->voikko ? dictionary_version() : g_strdup("none");
	l->version = g_strdup_printf("voikko %s dictionary %s", l->voikko ? voikkoGetVersion() : "-", words);
	return l;
}

void lexicon_free(struct lexicon *l)
{
	if (!l)
		return;
	g_mutex_lock(&voikko_handles);
	if (l->voikko)
		voikkoTerminate(l->voikko);
	g_mutex_unlock(&voikko_handles);
	for (int i = 0; i < LANGUAGES; i++)
		if (l->stemmers[i])
			sb_stemmer_delete(l->stemmers[i]);
	g_free(l->version);
	g_free(l);
}

gboolean lexicon_knows_finnish(const struct lexicon *l)
{
	return l->voikko != NULL;
}

const char *lexicon_version(const struct lexicon *l)
{
	return l->version;
}

const char *lexicon_stem(struct lexicon *l, enum language language, const char *word, size_t length,
			 size_t *stem_length)
{
	if (language == LANGUAGE_SV) {
		length = MIN(length, sizeof l->swedish);
		*stem_length = swedish_stem(word, length, l->swedish);
		return l->swedish;
	}
	const sb_symbol *stem = NULL;
	const char *base = language == LANGUAGE_EN ? irregular_base(word, length) : NULL;
	if (base) {
		word = base;
		length = strlen(base);
	}
	if (l->stemmers[language])
		stem = sb_stemmer_stem(l->stemmers[language], (const sb_symbol *)word, (int)length);
	*stem_length = stem ? (size_t)sb_stemmer_length(l->stemmers[language]) : length;
	return stem ? (const char *)stem : word;
}

/* ---- Voikko ---- */

static unsigned note(struct lexicon_form *list, unsigned count, unsigned room, const char *form, size_t length,
		     unsigned *place)
{
	struct lexicon_form made;
	char plain[LEXICON_WORD * 2];
	size_t n = 0;
	for (size_t i = 0; i < length && n < sizeof plain; i++)
		if (form[i] != '=' && form[i] != '-')
			plain[n++] = form[i];
	made.length = (guint8)fold_word(plain, n, made.bytes, sizeof made.bytes);
	for (unsigned i = 0; i < count; i++)
		if (list[i].length == made.length && !memcmp(list[i].bytes, made.bytes, made.length)) {
			*place = i;
			return count;
		}
	if (count == room || made.length == 0) {
		*place = room;
		return count;
	}
	list[count] = made;
	*place = count;
	return count + 1;
}

/* A word's make-up as Voikko tells it: "+huolto(huolto)+sopimus(sopimus)", "+etä+valvo(valvoa)+n+ta(+ta)". A piece with
 * a word in brackets is made of that word; one with a + in brackets is an ending that derives; one without brackets is
 * what only stands before others, or joins an ending. */
#define PIECES 12
struct piece {
	size_t start, length; /* of the base form */
	const char *word;     /* NULL: without brackets */
	size_t word_length;
};

static gboolean is_made_of_word(const struct piece *p)
{
	return p->word && p->word_length > 0 && p->word[0] != '+';
}

static unsigned read_pieces(const char *bases, struct piece *pieces)
{
	unsigned count = 0;
	size_t start = 0;
	while (*bases == '+' && count < PIECES) {
		struct piece *p = &pieces[count++];
		*p = (struct piece){.start = start, .length = strcspn(++bases, "+(")};
		start += p->length;
		bases += p->length;
		if (*bases != '(')
			continue;
		p->word = bases + 1;
		p->word_length = strcspn(p->word, ")");
		bases = p->word + p->word_length;
		bases += *bases == ')';
	}
	return count;
}

/* Whether a piece and the endings behind it, up to `next`, are a word in its basic form: valvo+n+ta. */
static gboolean is_derived(const struct piece *p, const struct piece *next, const char *base)
{
	gboolean derives = FALSE;
	while (++p < next) {
		if (!p->word || p->word_length == 0)
			continue;
		size_t ending = p->word_length - 1; /* without its + */
		if (ending > p->length || memcmp(p->word + 1, base + p->start + p->length - ending, ending) != 0)
			return FALSE;
		derives = TRUE;
	}
	return derives;
}

/* What is made of words and endings inside of a compound: "valvonta" of etävalvonta and of valvontakamera. */
static void note_derived(struct lexicon_entry *e, const struct piece *pieces, unsigned count, const char *base)
{
	const struct piece *end = pieces + count;
	size_t whole = end[-1].start + end[-1].length;
	unsigned place;
	if (strlen(base) != whole || strchr(base, '-'))
		return;
	for (const struct piece *p = pieces; p < end; p++) {
		const struct piece *next = p + 1;
		while (next < end && !is_made_of_word(next))
			next++;
		size_t stop = next < end ? next->start : whole;
		if (is_made_of_word(p) && stop - p->start < whole && is_derived(p, next, base))
			e->parts = note(e->part, e->parts, LEXICON_PARTS, base + p->start, stop - p->start, &place);
	}
}

/* The words of a compound are its parts. A word of one part and endings is a participle, or another word derived from
 * it. */
static void note_parts(struct lexicon_entry *e, const char *bases, const char *base, gboolean participle)
{
	struct piece pieces[PIECES];
	unsigned words = 0, place, n = read_pieces(bases, pieces);
	const struct piece *first = NULL;
	gboolean derived = FALSE;
	for (unsigned i = 0; i < n; i++) {
		derived |= pieces[i].word && pieces[i].word[0] == '+';
		words += is_made_of_word(&pieces[i]);
		if (!first && is_made_of_word(&pieces[i]))
			first = &pieces[i];
	}
	if (first && words == 1 && derived && participle) {
		e->verbs = note(e->verb, e->verbs, LEXICON_VERBS, first->word, first->word_length, &place);
		return;
	}
	for (unsigned i = 0; i < n && (words > 1 || derived || n > 1); i++)
		if (is_made_of_word(&pieces[i]))
			e->parts =
				note(e->part, e->parts, LEXICON_PARTS, pieces[i].word, pieces[i].word_length, &place);
	if (n > 1 && base)
		note_derived(e, pieces, n, base);
}

static gboolean is_name(const char *class)
{
	return !strcmp(class, "etunimi") || !strcmp(class, "sukunimi") || !strcmp(class, "paikannimi") ||
	       !strcmp(class, "nimi");
}

/* How far-fetched an analysis is: a case that is rarely used, an ending of possession or emphasis, one more part. */
static unsigned far_fetched(const struct voikko_mor_analysis *analysis)
{
	static const char *const rare[] = {"olento", "vajanto", "seuranto", "keinonto"};
	unsigned far = 0;
	char *in = voikko_mor_analysis_value_cstr(analysis, "SIJAMUOTO");
	for (gsize i = 0; in && i < G_N_ELEMENTS(rare); i++)
		far += !strcmp(in, rare[i]);
	if (in)
		voikko_free_mor_analysis_value_cstr(in);
	const char **keys = voikko_mor_analysis_keys(analysis);
	for (; keys && *keys; keys++)
		far += !strcmp(*keys, "POSSESSIVE") || !strcmp(*keys, "FOCUS");
	return far;
}

static void note_analysis(struct lexicon_entry *e, const struct voikko_mor_analysis *analysis)
{
	char *base = voikko_mor_analysis_value_cstr(analysis, "BASEFORM");
	char *class = voikko_mor_analysis_value_cstr(analysis, "CLASS");
	char *parts = voikko_mor_analysis_value_cstr(analysis, "WORDBASES");
	char *participle = voikko_mor_analysis_value_cstr(analysis, "PARTICIPLE");
	unsigned before = e->bases, place = LEXICON_BASES;
	if (base)
		e->bases = note(e->base, e->bases, LEXICON_BASES, base, strlen(base), &place);
	if (place < LEXICON_BASES) {
		gboolean name = class && is_name(class);
		e->proper[place] = before < e->bases ? name : e->proper[place] && name;
	}
	if (parts)
		note_parts(e, parts, base, participle != NULL);
	char *values[] = {base, class, parts, participle};
	for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
		if (values[i])
			voikko_free_mor_analysis_value_cstr(values[i]);
}

/* All analyses; of what may be a name only those that are no more far-fetched than the least (Marina is not the essive
 * of Mari). */
static void note_analyses(struct lexicon_entry *e, struct voikko_mor_analysis **all, gboolean name)
{
	unsigned far[32], least = 100, count = 0;
	for (; all[count] && count < G_N_ELEMENTS(far); count++) {
		far[count] = name ? far_fetched(all[count]) : 0;
		least = MIN(least, far[count]);
	}
	for (unsigned i = 0; i < count; i++)
		if (far[i] == least)
			note_analysis(e, all[i]);
}

gboolean lexicon_look_up(struct lexicon *l, const char *word, size_t length, gboolean name, struct lexicon_entry *e)
{
	e->bases = e->parts = e->verbs = 0;
	if (!l->voikko || length == 0 || length > LEXICON_WORD)
		return FALSE;
	char text[LEXICON_WORD + 1];
	memcpy(text, word, length);
	text[length] = 0;
	struct voikko_mor_analysis **all = voikkoAnalyzeWordCstr(l->voikko, text);
	if (all)
		note_analyses(e, all, name);
	if (all)
		voikko_free_mor_analysis(all);
	return e->bases > 0;
}
