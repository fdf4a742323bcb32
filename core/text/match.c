/* match: FTS5 expressions out of the words of a query. */
#include <string.h>

#include "text.h"

/* The parts of a word with hyphens are marked as parts in Finnish text, so there they are always asked for as such too.
 */
#define WITHIN (1u << TEXT_PART)

static gboolean wanted(const struct text_alternative *a, unsigned classes)
{
	return (classes & 1u << a->kind) != 0;
}

static void append_term(GString *to, const char *term)
{
	g_string_append_c(to, TEXT_VERBATIM);
	for (; *term; term++) {
		if (*term == '"')
			g_string_append_c(to, '"');
		g_string_append_c(to, *term);
	}
}

/* "any of these", or with `prefix` "any that begins with one of these" *. */
static gboolean append_string(GString *to, const struct text_word *w, unsigned classes, gboolean prefix)
{
	gboolean any = FALSE;
	for (guint i = 0; i < w->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(w->alternatives, struct text_alternative, i);
		if (!wanted(a, classes) || a->prefix != prefix)
			continue;
		if (!any)
			g_string_append_c(to, '"');
		append_term(to, a->term);
		any = TRUE;
	}
	if (any)
		g_string_append(to, prefix ? "\" *" : "\"");
	return any;
}

static gboolean has(const struct text_word *w, unsigned classes, gboolean prefix)
{
	for (guint i = 0; i < w->alternatives->len; i++) {
		const struct text_alternative *a = &g_array_index(w->alternatives, struct text_alternative, i);
		if (wanted(a, classes) && a->prefix == prefix)
			return TRUE;
	}
	return FALSE;
}

gboolean text_match_word(GString *to, const struct text_word *w, unsigned classes)
{
	g_autoptr(GString) out = g_string_new(NULL);
	guint pieces = append_string(out, w, classes, FALSE);
	if (has(w, classes, TRUE)) {
		g_string_append(out, pieces ? " OR " : "");
		pieces += append_string(out, w, classes, TRUE);
	}
	if (w->steps) {
		g_autoptr(GString) row = g_string_new(NULL);
		if (text_match_phrase(row, w->steps, classes | WITHIN)) {
			g_string_append_printf(out, "%s%s", pieces ? " OR " : "", row->str);
			pieces++;
		}
	}
	if (pieces)
		g_string_append_printf(to, pieces > 1 ? "(%s)" : "%s", out->str);
	return pieces > 0;
}

struct atom {
	const struct text_word *word;
	unsigned classes;
};

static void flatten(GPtrArray *words, unsigned classes, GArray *atoms)
{
	for (guint i = 0; i < words->len; i++) {
		const struct text_word *w = words->pdata[i];
		struct atom atom = {w, classes};
		if (w->steps)
			flatten(w->steps, classes | WITHIN, atoms);
		else
			g_array_append_val(atoms, atom);
	}
}

gboolean text_match_phrase(GString *to, GPtrArray *words, unsigned classes)
{
	g_autoptr(GArray) atoms = g_array_new(FALSE, FALSE, sizeof(struct atom));
	g_autoptr(GString) out = g_string_new(NULL);
	flatten(words, classes, atoms);
	for (guint i = 0; i < atoms->len; i++) {
		const struct atom *a = &g_array_index(atoms, struct atom, i);
		gboolean last = i + 1 == atoms->len;
		if (i > 0)
			g_string_append(out, " + ");
		/* a prefix may only end a phrase, and there it says more than the exact terms */
		if (!append_string(out, a->word, a->classes, last && has(a->word, a->classes, TRUE)))
			return FALSE;
	}
	g_string_append(to, out->str);
	return atoms->len > 0;
}
