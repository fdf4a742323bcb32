#include "identity/names.h"

#include <string.h>

#include "identity/cache.h"
#include "identity/internal.h"
#include "identity/keys.h"
#include "identity/similar.h"
#include "text/fold.h"
#include "text/namekey.h"
#include "text/lexicon.h"

#define READINGS    (NAMEKEYS + 3) /* of one word: itself, and what its cases share */
#define ACTIVE_MOST 64
#define NEAR_WORD   8  /* bytes of a word in which a slip is forgiven, */
#define NEAR_KEY    5  /* of what its cases share, */
#define NEAR_EDGES  40 /* and names that may go on there */
#define MAYBE_BITS  21 /* of a word's hash: most words of a text are in no name, and one look says so */

struct edge {
	guint word, to;
};

struct state {
	GArray *ends; /* gint64: rows whose name ends here; NULL */
	GArray *next; /* struct edge: but of the beginning, where all names begin; NULL */
};

struct identity_automaton {
	struct lexicon *lexicon;
	identity_cache *wordings; /* word -> what the dictionary says of it, from 1 */
	GHashTable *words;        /* word -> number from 1 */
	GPtrArray *spelled;       /* char * of each number, borrowed; 0 is none */
	guint8 *maybe;            /* a bit for each hash that a word of a name has */
	GHashTable *steps;        /* state << 32 | word -> state */
	GArray *states;           /* struct state; 0 is the beginning */
	GHashTable *names;        /* gint64 -> struct identity_named * */
};

static void name_free(gpointer item)
{
	g_free(((struct identity_named *)item)->core);
	g_free(item);
}

static void state_clear(gpointer item)
{
	g_clear_pointer(&((struct state *)item)->ends, g_array_unref);
	g_clear_pointer(&((struct state *)item)->next, g_array_unref);
}

/* GLib's own hash of 64 bits is the lower half, which is the word: all names that share a word would meet in one place.
 */
static guint step_hash(gconstpointer key)
{
	guint64 mixed = *(const guint64 *)key * 0x9e3779b97f4a7c15ULL;
	return (guint)(mixed >> 32);
}

static guint word_hash(gconstpointer word)
{
	guint32 hash = 2166136261U;
	for (const guchar *p = word; *p != '\0'; p++)
		hash = (hash ^ *p) * 16777619U;
	return hash;
}

static gboolean may_be_known(const identity_automaton *a, guint32 hash)
{
	guint32 bit = (hash ^ hash >> MAYBE_BITS) & ((1U << MAYBE_BITS) - 1);
	return (a->maybe[bit >> 3] & 1U << (bit & 7)) != 0;
}

static void note_known(identity_automaton *a, guint32 hash)
{
	guint32 bit = (hash ^ hash >> MAYBE_BITS) & ((1U << MAYBE_BITS) - 1);
	a->maybe[bit >> 3] |= (guint8)(1U << (bit & 7));
}

identity_automaton *identity_automaton_new(void)
{
	identity_automaton *a = g_new0(identity_automaton, 1);
	a->lexicon = lexicon_new(TRUE);
	a->wordings = identity_cache_new(g_str_hash, g_str_equal, g_free, NULL, 20000);
	a->words = g_hash_table_new_full(word_hash, g_str_equal, g_free, NULL);
	a->spelled = g_ptr_array_new();
	g_ptr_array_add(a->spelled, NULL);
	a->maybe = g_malloc0((1U << MAYBE_BITS) / 8);
	a->steps = g_hash_table_new_full(step_hash, g_int64_equal, g_free, NULL);
	a->states = g_array_new(FALSE, TRUE, sizeof(struct state));
	g_array_set_clear_func(a->states, state_clear);
	g_array_set_size(a->states, 1);
	a->names = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, name_free);
	return a;
}

void identity_automaton_free(identity_automaton *a)
{
	if (a == NULL)
		return;
	lexicon_free(a->lexicon);
	identity_cache_free(a->wordings);
	g_hash_table_unref(a->words);
	g_ptr_array_unref(a->spelled);
	g_free(a->maybe);
	g_hash_table_unref(a->steps);
	g_array_unref(a->states);
	g_hash_table_unref(a->names);
	g_free(a);
}

/* ---- words and what they may stand for ---- */

struct readings {
	guint n;
	guint words[READINGS];
};

static guint number_of(identity_automaton *a, const char *word, gboolean make)
{
	guint32 hash = word_hash(word);
	guint number = may_be_known(a, hash) ? GPOINTER_TO_UINT(g_hash_table_lookup(a->words, word)) : 0;
	if (number == 0 && make) {
		char *copy = g_strdup(word);
		number = g_hash_table_size(a->words) + 1;
		g_hash_table_insert(a->words, copy, GUINT_TO_POINTER(number));
		g_ptr_array_add(a->spelled, copy);
		note_known(a, hash);
	}
	return number;
}

static void add_reading(struct readings *r, guint number)
{
	for (guint n = 0; n < r->n; n++)
		if (r->words[n] == number)
			return;
	if (number != 0 && r->n < READINGS)
		r->words[r->n++] = number;
}

static void add_marked(identity_automaton *a, const char *bytes, gsize length, gboolean make, struct readings *r)
{
	char marked[NAMEKEY_BYTES + 2] = "~";
	if (length < 3 || length > NAMEKEY_BYTES)
		return;
	memcpy(marked + 1, bytes, length);
	marked[length + 1] = '\0';
	add_reading(r, number_of(a, marked, make));
}

/* Rinne becomes Rinteen, Turve Turpeen: before the e of the basic form the consonants are weak, in all cases strong. */
static void read_strong(identity_automaton *a, const char *word, gsize length, struct readings *r)
{
	static const char *const grades[][2] = {{"nne", "nte"}, {"mme", "mpe"}, {"lle", "lte"},
						{"rre", "rte"}, {"ve", "pe"},   {"de", "te"}};
	for (gsize n = 0; n < G_N_ELEMENTS(grades); n++) {
		gsize end = strlen(grades[n][0]);
		struct namekeys keys;
		if (length < end + 2 || strcmp(word + length - end, grades[n][0]) != 0)
			continue;
		g_autofree char *genitive = g_strdup_printf("%.*s%sen", (int)(length - end), word, grades[n][1]);
		memset(&keys, 0, sizeof keys);
		namekey(genitive, strlen(genitive), &keys);
		for (unsigned k = 0; k < keys.likely; k++)
			add_marked(a, keys.key[k].bytes, keys.key[k].length, TRUE, r);
		return;
	}
}

/* `likely`: as a name is filed: itself, and the likeliest of what its cases share; a text's word is read in all ways.
 */
static void read_word(identity_automaton *a, const char *word, gboolean cases, gboolean likely, struct readings *r)
{
	gsize length = strlen(word);
	r->n = 0;
	add_reading(r, number_of(a, word, likely));
	if (!cases || length < 4 || length > 40)
		return;
	struct namekeys keys;
	memset(&keys, 0, sizeof keys);
	if (length >= 6 && word[length - 1] == 's') /* Brännskärs Fisk Ab, and Brännskär */
		add_marked(a, word, length - 1, likely, r);
	if (likely) {
		namekey(word, length, &keys);
		add_marked(a, word, length, TRUE, r);
		read_strong(a, word, length, r);
	} else {
		namekey_query(word, length, &keys);
	}
	for (unsigned k = 0; k < (likely ? keys.likely : keys.count); k++)
		add_marked(a, keys.key[k].bytes, keys.key[k].length, likely, r);
}

/* ---- names in, names out ---- */

static guint step(identity_automaton *a, guint state, guint word, gboolean make)
{
	gint64 key = (gint64)state << 32 | word;
	gpointer to = g_hash_table_lookup(a->steps, &key);
	if (to != NULL || !make)
		return GPOINTER_TO_UINT(to);
	guint next = a->states->len;
	g_array_set_size(a->states, next + 1);
	g_hash_table_insert(a->steps, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(next));
	if (state == 0)
		return next;
	struct state *from = &g_array_index(a->states, struct state, state);
	struct edge edge = {word, next};
	if (from->next == NULL)
		from->next = g_array_new(FALSE, FALSE, sizeof(struct edge));
	g_array_append_val(from->next, edge);
	return next;
}

static void mark_end(identity_automaton *a, guint state, gint64 node, gboolean add)
{
	struct state *end = &g_array_index(a->states, struct state, state);
	if (end->ends == NULL)
		end->ends = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (guint n = 0; n < end->ends->len; n++)
		if (g_array_index(end->ends, gint64, n) == node) {
			if (!add)
				g_array_remove_index_fast(end->ends, n);
			return;
		}
	if (add)
		g_array_append_val(end->ends, node);
}

/* Walks all ways of reading the name's words, and marks where they end. */
static void file_name(identity_automaton *a, char *const *words, guint n, guint at, guint state, gint64 node,
		      gboolean add)
{
	if (at == n) {
		mark_end(a, state, node, add);
		return;
	}
	struct readings r;
	/* inside a name a genitive stays what it is: "Virtasen Konepajalle"; "Hyvä Huolto" becomes "Hyvän Huollon" */
	gboolean cases = at + 1 == n || !g_str_has_suffix(words[at], "n");
	read_word(a, words[at], cases, TRUE, &r);
	for (guint k = 0; k < r.n; k++) {
		guint next = step(a, state, r.words[k], add);
		if (next != 0)
			file_name(a, words, n, at + 1, next, node, add);
	}
}

static enum identity_wording look_up(identity_automaton *a, const char *word)
{
	char folded[LEXICON_WORD];
	struct lexicon_entry entry;
	size_t n = strlen(word) < LEXICON_WORD ? fold_word(word, strlen(word), folded, sizeof folded) : 0;
	if (n == 0 || strpbrk(word, "0123456789") != NULL || !lexicon_look_up(a->lexicon, folded, n, TRUE, &entry))
		return IDENTITY_WORDS_NONE;
	for (unsigned b = 0; b < entry.bases; b++)
		if (!entry.proper[b])
			return entry.parts > 1 ? IDENTITY_WORDS_COMPOUND : IDENTITY_WORDS_PLAIN;
	return entry.bases > 0 ? IDENTITY_WORDS_PROPER : IDENTITY_WORDS_NONE;
}

static enum identity_wording wording_of_word(identity_automaton *a, const char *word)
{
	guint known = GPOINTER_TO_UINT(identity_cache_get(a->wordings, word));
	if (known == 0) {
		known = (guint)look_up(a, word) + 1;
		identity_cache_put(a->wordings, g_strdup(word), GUINT_TO_POINTER(known));
	}
	return (enum identity_wording)(known - 1);
}

/* The words of a name as written, and what the dictionary says of each; looking up is dear. */
struct wordings {
	char **words, **plain;
	enum identity_wording *wording;
};

static void wordings_read(identity_automaton *a, const char *text, const char *core, struct wordings *w)
{
	g_auto(GStrv) among = g_strsplit(core, " ", -1);
	w->words = g_strsplit_set(text, " \t-&,./", -1);
	guint n = g_strv_length(w->words);
	w->plain = g_new0(char *, n + 1);
	w->wording = g_new0(enum identity_wording, n + 1);
	for (guint k = 0; k < n; k++) {
		w->plain[k] = identity_fold(w->words[k]);
		if (g_strv_contains((const char *const *)among, w->plain[k]))
			w->wording[k] = wording_of_word(a, w->words[k]);
	}
}

static void wordings_clear(struct wordings *w)
{
	g_strfreev(w->words);
	g_strfreev(w->plain);
	g_free(w->wording);
}

/* Of all the words in `wanted`, the least common one's. */
static enum identity_wording wording_of(const struct wordings *w, const char *wanted)
{
	enum identity_wording least = IDENTITY_WORDS_PLAIN;
	gboolean any = FALSE;
	g_auto(GStrv) among = g_strsplit(wanted, " ", -1);
	for (guint k = 0; w->plain[k] != NULL; k++) {
		if (w->plain[k][0] == '\0' || !g_strv_contains((const char *const *)among, w->plain[k]))
			continue;
		least = MIN(least, w->wording[k]);
		any = TRUE;
	}
	return any ? least : IDENTITY_WORDS_NONE;
}

static gboolean in_capitals(const char *text)
{
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
		if (g_unichar_islower(g_utf8_get_char(p)))
			return FALSE;
	return TRUE;
}

static char *core_of(int kind, const char *text)
{
	return kind == IDENTITY_ORGANISATION ? identity_org_name(text) : identity_person_key(text);
}

/* A person is called by given name and family name, or the other way round: "Rinteen Juhalle". */
static void file_in_orders(identity_automaton *a, char **words, guint n, gint64 filed, int kind, gboolean add)
{
	file_name(a, words, n, 0, 0, filed, add);
	if (kind != IDENTITY_PERSON || n != 2)
		return;
	char *turned[] = {words[1], words[0], NULL};
	file_name(a, turned, n, 0, 0, filed, add);
}

/* Rows are filed under their ids, the first words of their names under the same below zero. */
static void forget(identity_automaton *a, gint64 filed)
{
	const struct identity_named *old = g_hash_table_lookup(a->names, &filed);
	if (old == NULL)
		return;
	g_auto(GStrv) words = g_strsplit(old->core, " ", -1);
	file_in_orders(a, words, MIN(g_strv_length(words), IDENTITY_NAME_WORDS), filed, old->kind, FALSE);
	g_hash_table_remove(a->names, &filed);
}

static void take(identity_automaton *a, gint64 filed, struct identity_named *name)
{
	g_auto(GStrv) words = g_strsplit(name->core, " ", -1);
	name->words = MIN(g_strv_length(words), IDENTITY_NAME_WORDS);
	file_in_orders(a, words, name->words, filed, name->kind, TRUE);
	g_hash_table_insert(a->names, g_memdup2(&filed, sizeof filed), name);
}

/* People say "Meriharju" for Meriharjun Meijeri Oy: the first word, when it is no plain word of the language; else, of
 * two, the second ("Kyrösharju" for Kylpylä Kyrösharju Oy), which then has to be seen in the customer's company. */
static void take_alias(identity_automaton *a, gint64 node, const struct wordings *w, const char *core)
{
	gsize n = strcspn(core, " ");
	g_autofree char *word = g_strndup(core, n);
	enum identity_wording wording = wording_of(w, word);
	if (core[n] == '\0')
		return;
	if (wording == IDENTITY_WORDS_PLAIN && strchr(core + n + 1, ' ') == NULL) {
		g_free(word);
		word = g_strdup(core + n + 1);
		wording = wording_of(w, word);
		if (wording != IDENTITY_WORDS_PLAIN)
			wording = IDENTITY_WORDS_PROPER;
	}
	if (strlen(word) < 5 || wording == IDENTITY_WORDS_PLAIN)
		return;
	struct identity_named *name = g_new0(struct identity_named, 1);
	*name = (struct identity_named){.node = node, .kind = IDENTITY_ORGANISATION, .alias = TRUE, .wording = wording};
	name->core = g_steal_pointer(&word);
	take(a, -node, name);
}

void identity_automaton_set(identity_automaton *a, gint64 node, int kind, const char *name_text)
{
	g_autofree char *text = name_text != NULL ? g_utf8_make_valid(name_text, -1) : NULL;
	g_autofree char *core = text != NULL ? core_of(kind, text) : NULL;
	const struct identity_named *old = g_hash_table_lookup(a->names, &node);
	if (old != NULL && core != NULL && strcmp(old->core, core) == 0)
		return;
	forget(a, node);
	forget(a, -node);
	if (core == NULL)
		return;
	struct wordings w = {NULL, NULL, NULL};
	if (kind == IDENTITY_ORGANISATION)
		wordings_read(a, text, core, &w);
	struct identity_named *name = g_new0(struct identity_named, 1);
	name->node = node;
	name->kind = kind;
	name->wording = kind == IDENTITY_ORGANISATION ? wording_of(&w, core) : IDENTITY_WORDS_PROPER;
	name->shouted = strchr(core, ' ') == NULL && strlen(core) <= 4 && in_capitals(text);
	name->core = g_strdup(core);
	take(a, node, name);
	if (kind == IDENTITY_ORGANISATION)
		take_alias(a, node, &w, core);
	wordings_clear(&w);
}

const struct identity_named *identity_automaton_name(const identity_automaton *a, gint64 node)
{
	return g_hash_table_lookup(a->names, &node);
}

/* ---- the words of a text ---- */

struct word_at {
	gsize start, end;
	gboolean capital, upper, opens;
	gboolean breaks; /* no name goes on from the word before */
	guint32 hash;    /* of plain */
	char plain[72];
};

static gboolean word_character(gunichar c)
{
	if (c < 0x80)
		return g_ascii_isalnum((char)c);
	return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

static gunichar character(const char *text, gsize at, gsize length, gsize *next)
{
	if ((guchar)text[at] < 0x80) {
		*next = at + 1;
		return (guchar)text[at];
	}
	unsigned n;
	gunichar c = fold_decode(text + at, text + length, &n);
	*next = at + n;
	return c;
}

static void fold_into(const char *word, gsize length, char out[72])
{
	if (length < 70) { /* most words are plain ASCII */
		gsize k = 0;
		for (; k < length && (guchar)word[k] < 0x80 && word[k] != '\''; k++)
			out[k] = g_ascii_tolower(word[k]);
		out[k] = '\0';
		if (k == length)
			return;
	}
	gboolean changed;
	size_t n = fold_word(word, length, out, 70);
	n = fold_plain(out, n, &changed);
	out[n] = '\0';
	for (size_t k = 0; k < n; k++)
		if ((guchar)out[k] >= 0x80) { /* letters that identity_fold spells out */
			g_autofree char *spelled = identity_fold(out);
			g_strlcpy(out, spelled, 71);
			return;
		}
}

/* Between two words of a name there is no end of a sentence or part of one; a line's end only where the text is filled.
 */
static gboolean may_part(const char *text, gsize at, gsize word)
{
	if (text[at] == '.')
		return word >= 4 && (text[at + 1] == ' ' || text[at + 1] == '\n' || text[at + 1] == '\0');
	gsize line = at;
	while (line > 0 && text[line - 1] != '\n' && at - line < 40)
		line--;
	return at - line < 40 || text[at + 1] == '\n';
}

/* What ASCII is, for words are many: a letter or digit; a mark that opens a sentence or line; one that ends a name; one
 * that may (parts). */
enum { WORDLY = 1, OPENS = 2, PARTS = 4, MAY_PART = 8 };
#define W8 WORDLY, WORDLY, WORDLY, WORDLY, WORDLY, WORDLY, WORDLY, WORDLY
static const guint8 ascii[128] = {
	['\n'] = OPENS | MAY_PART,
	['.'] = OPENS | MAY_PART,
	['!'] = OPENS | PARTS,
	['?'] = OPENS | PARTS,
	[':'] = OPENS,
	[';'] = OPENS | PARTS,
	['*'] = OPENS,
	['#'] = OPENS,
	['>'] = OPENS | PARTS,
	['|'] = OPENS | PARTS,
	['"'] = OPENS | PARTS,
	['-'] = OPENS,
	[','] = PARTS,
	['('] = PARTS,
	[')'] = PARTS,
	['['] = PARTS,
	[']'] = PARTS,
	['<'] = PARTS,
	['\t'] = PARTS,
	['0'] = W8,
	['8'] = WORDLY,
	['9'] = WORDLY,
	['A'] = W8,
	['I'] = W8,
	['Q'] = W8,
	['Y'] = WORDLY,
	['Z'] = WORDLY,
	['a'] = W8,
	['i'] = W8,
	['q'] = W8,
	['y'] = WORDLY,
	['z'] = WORDLY,
};

/* What reading a text word by word has to remember. */
struct reading_text {
	const char *text;
	gsize length, at, word; /* word: bytes of the last one */
	gboolean opens;
};

/* To where the next word begins; TRUE in `breaks` when no name goes on to it. FALSE: there is none. */
static gboolean skip_marks(struct reading_text *r, gboolean *breaks)
{
	gsize next;
	*breaks = FALSE;
	for (; r->at < r->length; r->at = next) {
		guchar c = (guchar)r->text[r->at];
		next = r->at + 1;
		if (c >= 0x80) {
			if (word_character(character(r->text, r->at, r->length, &next)))
				return TRUE;
			continue;
		}
		guint8 is = ascii[c];
		if ((is & WORDLY) != 0)
			return TRUE;
		r->opens = r->opens || (is & OPENS) != 0;
		*breaks = *breaks || (is & PARTS) != 0 || ((is & MAY_PART) != 0 && may_part(r->text, r->at, r->word));
	}
	return FALSE;
}

/* A word of plain ASCII, folded on the way. FALSE: it is none, or a long one. */
static gboolean ascii_word(struct reading_text *r, struct word_at *w)
{
	guint32 hash = 2166136261U;
	gsize n = 0, most = MIN(r->length - r->at, sizeof w->plain - 2);
	const guchar *p = (const guchar *)r->text + r->at;
	for (; n < most && p[n] < 0x80 && (ascii[p[n]] & WORDLY) != 0; n++) {
		guchar c = p[n];
		w->upper = w->upper && (c < 'a' || c > 'z');
		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		w->plain[n] = (char)c;
		hash = (hash ^ c) * 16777619U;
	}
	if (n == most && n < r->length - r->at)
		return FALSE;
	if (n < r->length - r->at && (p[n] >= 0x80 || (p[n] == '\'' && g_ascii_isalpha(p[n + 1]))))
		return FALSE;
	w->plain[n] = '\0';
	w->hash = hash;
	r->at += n;
	return TRUE;
}

static void any_word(struct reading_text *r, struct word_at *w)
{
	gsize next = r->at;
	gunichar c;
	w->upper = TRUE;
	while (r->at < r->length && (word_character(c = character(r->text, r->at, r->length, &next)) ||
				     (c == '\'' && next < r->length && g_ascii_isalpha(r->text[next])))) {
		w->upper = w->upper && !g_unichar_islower(c);
		r->at = next;
	}
	fold_into(r->text + w->start, r->at - w->start, w->plain);
	w->hash = word_hash(w->plain);
}

static gboolean next_word(struct reading_text *r, struct word_at *w)
{
	gsize next;
	if (!skip_marks(r, &w->breaks))
		return FALSE;
	w->start = r->at;
	w->capital = g_unichar_isupper(character(r->text, r->at, r->length, &next));
	w->upper = TRUE;
	w->opens = r->opens;
	if (!ascii_word(r, w))
		any_word(r, w);
	w->end = r->at;
	r->opens = FALSE;
	r->word = w->end - w->start;
	return TRUE;
}

/* ---- scanning ---- */

struct active {
	guint state, words, capitals;
	gsize start;
	gboolean upper, opens;
};

static void add_seen(identity_automaton *a, guint state, const struct active *path, gsize end, GArray *seen)
{
	const GArray *ends = g_array_index(a->states, struct state, state).ends;
	for (guint n = 0; ends != NULL && n < ends->len; n++) {
		const struct identity_named *name = g_hash_table_lookup(a->names, &g_array_index(ends, gint64, n));
		gboolean again = name == NULL;
		for (guint k = seen->len;
		     !again && k-- > 0 && k + 16 > seen->len;) { /* another reading of the same words */
			const struct identity_seen_name *before = &g_array_index(seen, struct identity_seen_name, k);
			again = before->name == name && before->start == path->start && before->end == end;
		}
		if (again)
			continue;
		struct identity_seen_name s = {name,        path->start, end,   path->words, path->capitals,
					       path->upper, path->opens, FALSE, FALSE};
		g_array_append_val(seen, s);
	}
}

/* Where a later word of a name leads that has a slip in it; 0: nowhere. Only long words, written as names are, and only
 * where few names go on. */
static guint step_near(identity_automaton *a, guint state, const struct word_at *w)
{
	const GArray *next = state != 0 ? g_array_index(a->states, struct state, state).next : NULL;
	struct namekeys keys;
	gsize length = strlen(w->plain);
	if (next == NULL || next->len > NEAR_EDGES || !w->capital || length < NEAR_WORD || length > 40)
		return 0;
	memset(&keys, 0, sizeof keys);
	namekey_query(w->plain, length, &keys);
	for (guint n = 0; n < next->len; n++) {
		const struct edge *edge = &g_array_index(next, struct edge, n);
		const char *word = g_ptr_array_index(a->spelled, edge->word);
		for (unsigned k = 0; *word == '~' && k < keys.count; k++) {
			char key[NAMEKEY_BYTES + 1] = "";
			memcpy(key, keys.key[k].bytes, keys.key[k].length);
			if (strlen(key) >= NEAR_KEY && strlen(word + 1) >= NEAR_KEY &&
			    identity_edits(key, word + 1, 1) <= 1)
				return edge->to;
		}
	}
	return 0;
}

static void note_form(GArray *seen, const struct word_at *w)
{
	static const char *const forms[] = {"oy",  "oyj", "ab", "abp", "ky",  "ltd",  "gmbh", "inc", "as",
					    "asa", "ag",  "bv", "llc", "plc", "corp", "tmi",  NULL};
	for (guint n = seen->len; n-- > 0 && n + 8 > seen->len;) {
		struct identity_seen_name *s = &g_array_index(seen, struct identity_seen_name, n);
		if (w->start == s->end + 1 && g_strv_contains(forms, w->plain))
			s->form_behind = TRUE;
	}
}

static int longest_first(gconstpointer left, gconstpointer right)
{
	const struct identity_seen_name *x = left, *y = right;
	if (x->words != y->words)
		return x->words > y->words ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

/* A name inside a longer one is not meant. */
static void keep_longest(GArray *seen, guint from)
{
	g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(struct identity_seen_name));
	GArray *fresh = g_array_new(FALSE, FALSE, sizeof(struct identity_seen_name));
	if (seen->len > from)
		g_array_append_vals(fresh, &g_array_index(seen, struct identity_seen_name, from),
				    MIN(seen->len - from, 5000));
	g_array_sort(fresh, longest_first);
	for (guint n = 0; n < fresh->len; n++) {
		const struct identity_seen_name *s = &g_array_index(fresh, struct identity_seen_name, n);
		gboolean inside = FALSE;
		for (guint k = 0; k < kept->len && k < 500 && !inside; k++) {
			const struct identity_seen_name *t = &g_array_index(kept, struct identity_seen_name, k);
			inside = t->words > s->words && s->start < t->end && s->end > t->start;
		}
		if (!inside)
			g_array_append_val(kept, *s);
	}
	g_array_set_size(seen, from);
	g_array_append_vals(seen, kept->data, kept->len);
	g_array_unref(fresh);
}

static guint step_near_unless(identity_automaton *a, guint state, const struct readings *r, const struct word_at *w)
{
	for (guint k = 0; k < r->n; k++)
		if (step(a, state, r->words[k], FALSE) != 0)
			return 0;
	return step_near(a, state, w);
}

void identity_automaton_scan(identity_automaton *a, const char *text, GArray *seen)
{
	struct reading_text reading = {text, strlen(text), 0, 0, TRUE};
	guint from = seen->len, n_active = 0;
	struct active active[ACTIVE_MOST], next[ACTIVE_MOST];
	struct word_at w;
	while (next_word(&reading, &w)) {
		struct readings r;
		guint n_next = 0;
		if (w.breaks)
			n_active = 0;
		gboolean behind = seen->len > from &&
				  g_array_index(seen, struct identity_seen_name, seen->len - 1).end + 1 == w.start;
		if (n_active == 0 && !w.capital && !behind && !may_be_known(a, w.hash))
			continue;
		read_word(a, w.plain, w.capital || n_active > 0, FALSE, &r);
		note_form(seen, &w);
		for (guint p = 0; p <= n_active; p++) { /* the last one begins here */
			struct active path =
				p < n_active ? active[p] : (struct active){0, 0, 0, w.start, TRUE, w.opens};
			guint before = path.state;
			path.words++;
			path.capitals += w.capital;
			path.upper = path.upper && w.upper;
			guint near = before == 0 ? 0 : step_near_unless(a, before, &r, &w);
			for (guint k = 0; k < r.n + (near != 0); k++) {
				path.state = k < r.n ? step(a, before, r.words[k], FALSE) : near;
				if (path.state == 0)
					continue;
				add_seen(a, path.state, &path, w.end, seen);
				if (n_next < ACTIVE_MOST)
					next[n_next++] = path;
			}
		}
		memcpy(active, next, n_next * sizeof *next);
		n_active = n_next;
	}
	keep_longest(seen, from);
}

static gboolean reads_alike(const struct readings *x, const struct readings *y)
{
	for (guint n = 0; n < x->n; n++)
		for (guint k = 0; k < y->n; k++)
			if (x->words[n] == y->words[k])
				return TRUE;
	return FALSE;
}

/* A word of a name that is looked for alone. */
struct wanted {
	const struct identity_named *name;
	char begins[4]; /* cases change the end of a word */
	struct readings filed;
	gboolean found;
};

static GArray *wanted_words(identity_automaton *a, const gint64 *nodes, guint n)
{
	GArray *out = g_array_new(FALSE, TRUE, sizeof(struct wanted));
	for (guint c = 0; c < n; c++) {
		const struct identity_named *name = identity_automaton_name(a, nodes[c]);
		if (name == NULL || name->words < 2 || name->kind != IDENTITY_ORGANISATION)
			continue;
		g_auto(GStrv) words = g_strsplit(name->core, " ", -1);
		for (char **part = words; *part != NULL; part++) {
			struct wanted w = {.name = name};
			if (strlen(*part) < 5)
				continue;
			memcpy(w.begins, *part, 3);
			read_word(a, *part, TRUE, TRUE, &w.filed);
			g_array_append_val(out, w);
		}
	}
	return out;
}

void identity_automaton_scan_words(identity_automaton *a, const char *text, const gint64 *nodes, guint n, GArray *seen)
{
	g_autoptr(GArray) wanted = wanted_words(a, nodes, n);
	struct reading_text reading = {text, strlen(text), 0, 0, TRUE};
	struct word_at w;
	while (wanted->len > 0 && next_word(&reading, &w))
		for (guint k = 0; k < wanted->len; k++) {
			struct wanted *one = &g_array_index(wanted, struct wanted, k);
			struct readings r;
			if (one->found || strncmp(w.plain, one->begins, 3) != 0)
				continue;
			read_word(a, w.plain, TRUE, FALSE, &r);
			one->found = reads_alike(&one->filed, &r);
			struct identity_seen_name s = {one->name, w.start, w.end, 1,    w.capital,
						       w.upper,   w.opens, FALSE, FALSE};
			if (one->found)
				g_array_append_val(seen, s);
		}
}
