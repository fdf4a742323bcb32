#include "words_gold.h"

#include <string.h>

static void form_free(gpointer data)
{
	struct gold_form *form = data;
	g_free(form->form);
	g_ptr_array_unref(form->lemmas);
	g_free(form);
}

struct gold *gold_new(void)
{
	struct gold *g = g_new0(struct gold, 1);
	g->forms = g_ptr_array_new_with_free_func(form_free);
	g->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g->lemma_forms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
	return g;
}

void gold_free(struct gold *g)
{
	if (!g)
		return;
	g_hash_table_unref(g->by_key);
	g_hash_table_unref(g->lemma_forms);
	g_ptr_array_unref(g->forms);
	g_free(g);
}

static gboolean worth_asking(const char *form)
{
	gboolean letters = FALSE;
	for (const char *at = form; *at; at = g_utf8_next_char(at)) {
		letters |= g_unichar_isalpha(g_utf8_get_char(at));
		if (*at == ' ' || *at == '@' || *at == '/')
			return FALSE;
	}
	return letters;
}

void gold_add(struct gold *g, const char *form, const char *lemma)
{
	if (!worth_asking(form) || !strcmp(lemma, "_"))
		return;
	g_autofree char *key = g_utf8_strdown(form, -1);
	g_autofree char *lower = g_utf8_strdown(lemma, -1);
	g_auto(GStrv) pieces = g_strsplit(lower, "#", -1);
	g_autofree char *plain = g_strjoinv("", pieces);
	guint index = GPOINTER_TO_UINT(g_hash_table_lookup(g->by_key, key));
	if (index == 0) {
		struct gold_form *made = g_new0(struct gold_form, 1);
		made->form = g_strdup(form);
		made->lemmas = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(g->forms, made);
		index = g->forms->len;
		g_hash_table_insert(g->by_key, g_steal_pointer(&key), GUINT_TO_POINTER(index));
	}
	struct gold_form *f = g_ptr_array_index(g->forms, index - 1);
	if (g_ptr_array_find_with_equal_func(f->lemmas, plain, g_str_equal, NULL))
		return;
	GArray *forms = g_hash_table_lookup(g->lemma_forms, plain);
	if (!forms) {
		forms = g_array_new(FALSE, FALSE, sizeof(guint));
		g_hash_table_insert(g->lemma_forms, g_strdup(plain), forms);
	}
	index--;
	g_array_append_val(forms, index);
	g_ptr_array_add(f->lemmas, g_steal_pointer(&plain));
}

static gboolean among(const char *kinds, const char *kind, gsize length)
{
	for (const char *at = kinds; (at = strstr(at, kind)); at++)
		if ((at == kinds || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
			return TRUE;
	return FALSE;
}

static char **lines_of(const char *path)
{
	g_autofree char *text = NULL;
	return g_file_get_contents(path, &text, NULL, NULL) ? g_strsplit(text, "\n", -1) : NULL;
}

gboolean gold_read_conllu(struct gold *g, const char *path, const char *kinds)
{
	g_auto(GStrv) lines = lines_of(path);
	for (guint i = 0; lines && lines[i]; i++) {
		g_auto(GStrv) cell = g_strsplit(lines[i], "\t", 6);
		if (g_strv_length(cell) >= 5 && strspn(cell[0], "0123456789") == strlen(cell[0]) &&
		    among(kinds, cell[3], strlen(cell[3])))
			gold_add(g, cell[1], cell[2]);
	}
	return lines != NULL;
}

gboolean gold_read_tagged(struct gold *g, const char *path, const char *kinds)
{
	g_auto(GStrv) lines = lines_of(path);
	for (guint i = 0; lines && lines[i]; i++) {
		g_auto(GStrv) cell = g_strsplit(lines[i], "\t", 4);
		if (g_strv_length(cell) < 3)
			continue;
		g_autofree char *kind = g_strndup(cell[2], strcspn(cell[2], ";"));
		if (*kind && among(kinds, kind, strlen(kind)))
			gold_add(g, cell[0], cell[1]);
	}
	return lines != NULL;
}

gboolean gold_read_table(struct gold *g, const char *path)
{
	g_auto(GStrv) lines = lines_of(path);
	for (guint i = 0; lines && lines[i]; i++) {
		g_auto(GStrv) cell = g_strsplit(lines[i], "\t", 2);
		if (lines[i][0] == '#' || g_strv_length(cell) < 2)
			continue;
		g_auto(GStrv) forms = g_strsplit(cell[1], " ", -1);
		gold_add(g, cell[0], cell[0]);
		for (guint f = 0; forms[f]; f++)
			if (*forms[f])
				gold_add(g, forms[f], cell[0]);
	}
	return lines != NULL;
}
