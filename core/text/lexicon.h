/* lexicon: what is known of words: Voikko's Finnish dictionary, where there is one, and three Snowball stemmers. One a
 * thread. Words go in and come out folded (fold.h). */
#pragma once

#include <glib.h>

struct lexicon;

enum language { LANGUAGE_UNKNOWN, LANGUAGE_FI, LANGUAGE_SV, LANGUAGE_EN, LANGUAGES };

struct lexicon *lexicon_new(gboolean dictionary); /* FALSE: as where there is none */
void lexicon_free(struct lexicon *lexicon);
gboolean lexicon_knows_finnish(const struct lexicon *lexicon); /* FALSE: there is no dictionary */
const char *lexicon_version(const struct lexicon *lexicon);    /* of dictionary and stemmers */

#define LEXICON_BASES 8
#define LEXICON_PARTS 6
#define LEXICON_VERBS 2
#define LEXICON_WORD  64 /* bytes; longer words are not looked up */

struct lexicon_form {
	char bytes[LEXICON_WORD * 2];
	guint8 length;
};

/* What Voikko says about one word. */
struct lexicon_entry {
	unsigned bases, parts;
	struct lexicon_form base[LEXICON_BASES]; /* distinct base forms */
	gboolean proper[LEXICON_BASES];          /* a name */
	unsigned verbs;                          /* of participles (perustettu: perustaa) */
	struct lexicon_form verb[LEXICON_VERBS];
	struct lexicon_form part[LEXICON_PARTS]; /* base forms of the parts of compounds, and of what a word is derived
						    from (perustaja: perustaa) */
};
/* `name`: written with a capital. FALSE: not a word it knows. */
gboolean lexicon_look_up(struct lexicon *lexicon, const char *word, size_t length, gboolean name,
			 struct lexicon_entry *entry);

/* Snowball's stem, valid until the next call for the same language. Not LANGUAGE_UNKNOWN. */
const char *lexicon_stem(struct lexicon *lexicon, enum language language, const char *word, size_t length,
			 size_t *stem_length);
