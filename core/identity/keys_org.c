#include "identity/keys.h"

#include <string.h>

#include "identity/legal_forms.h"

#define FORM_WORDS 6

/* Form -> 1 (behind the name) or 2 (in front of it, too); keyed by its words with a blank between. */
static GHashTable *forms(void)
{
	static GHashTable *table;
	if (g_once_init_enter(&table)) {
		GHashTable *made = g_hash_table_new(g_str_hash, g_str_equal);
		for (unsigned i = 0; i < identity_forms_count; i++) {
			gboolean first = identity_forms[i].first ||
					 g_hash_table_lookup(made, identity_forms[i].words) == GINT_TO_POINTER(2);
			g_hash_table_insert(made, (gpointer)identity_forms[i].words, GINT_TO_POINTER(first ? 2 : 1));
		}
		for (int i = 0; identity_forms_glued[i] != NULL; i++)
			g_hash_table_insert(made, (gpointer)identity_forms_glued[i], GINT_TO_POINTER(2));
		g_once_init_leave(&table, made);
	}
	return table;
}

static int form_of(char *const *words, guint n)
{
	g_autoptr(GString) joined = g_string_sized_new(32);
	for (guint i = 0; i < n; i++) {
		if (i > 0)
			g_string_append_c(joined, ' ');
		g_string_append(joined, words[i]);
	}
	return GPOINTER_TO_INT(g_hash_table_lookup(forms(), joined->str));
}

static guint form_in_front(char *const *words, guint n)
{
	for (guint length = MIN(n, FORM_WORDS); length > 0; length--)
		if (form_of(words, length) == 2)
			return length;
	return 0;
}

static guint form_behind(char *const *words, guint n)
{
	for (guint length = MIN(n, FORM_WORDS); length > 0; length--)
		if (form_of(words + n - length, length) != 0)
			return length;
	return 0;
}

guint identity_legal_form(char *const *words)
{
	return form_in_front(words, g_strv_length((char **)words));
}

/* "S.p.A.", "A/S" and "G.m.b.H." become one word each: marks between single letters go. */
static char *without_inner_marks(const char *text)
{
	if (strpbrk(text, "./") == NULL)
		return g_strdup(text);
	GString *out = g_string_sized_new(strlen(text) + 1);
	gunichar before = ' ', last = ' ';
	for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p), next = g_utf8_get_char(g_utf8_next_char(p));
		gboolean single = g_unichar_isalnum(last) && !g_unichar_isalnum(before);
		if ((c == '.' || c == '/') && single && (g_unichar_isalnum(next) || c == '.')) {
			last = before; /* the letter behind the mark is again the first of a word */
			if (!g_unichar_isalnum(next))
				g_string_append_c(out, ' ');
			continue;
		}
		g_string_append_unichar(out, c);
		before = last;
		last = c;
	}
	return g_string_free(out, FALSE);
}

/* Forms that are written without a blank, taken off a word as long as something is left of it. */
static void unglue(char *word)
{
	if (g_str_is_ascii(word))
		return;
	for (int i = 0; identity_forms_glued[i] != NULL; i++) {
		const char *form = identity_forms_glued[i];
		gsize n = strlen(word), m = strlen(form);
		gboolean behind = n > m && g_str_has_suffix(word, form), before = n > m && g_str_has_prefix(word, form);
		if (!behind && !before)
			continue;
		if (behind)
			word[n - m] = '\0';
		else
			memmove(word, word + m, n - m + 1);
		i = -1; /* there may be another */
	}
}

static char **words_of(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *close = without_inner_marks(valid);
	g_autofree char *folded = identity_fold(close);
	char **words = identity_words(folded);
	for (char **w = words; *w != NULL; w++)
		unglue(*w);
	return words;
}

char *identity_org_name(const char *text)
{
	if (text == NULL || strlen(text) > 2000)
		return NULL;
	g_auto(GStrv) words = words_of(text);
	guint n = g_strv_length(words), from = 0;
	if (n == 0)
		return NULL;
	guint to = n;
	for (guint cut = form_behind(words, to); cut > 0 && cut < to; cut = form_behind(words, to))
		to -= cut;
	for (guint cut = form_in_front(words, to); cut > 0 && from + cut < to;
	     cut = form_in_front(words + from, to - from))
		from += cut;
	GString *out = g_string_new(words[from]);
	for (guint i = from + 1; i < to; i++)
		g_string_append_printf(out, " %s", words[i]);
	return g_string_free(out, FALSE);
}

gboolean identity_org_like(const char *text)
{
	if (text == NULL)
		return FALSE;
	g_auto(GStrv) words = words_of(text);
	guint n = g_strv_length(words);
	if (n < 2)
		return FALSE;
	if (form_behind(words, n) > 0 || form_in_front(words, n) > 0)
		return TRUE;
	for (guint i = 0; i < n; i++)
		if (g_strv_contains(identity_org_words, words[i]))
			return TRUE;
	return FALSE;
}
