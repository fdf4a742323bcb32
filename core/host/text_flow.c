/* Running text out of words and breaks. */
#include "host/text.h"

#include <string.h>

enum { DEEPEST_QUOTE = 8 };

static void quote_marks(struct text_flow *f, guint depth)
{
	for (guint i = 0; i < MIN(depth, DEEPEST_QUOTE); i++)
		g_string_append(f->out, "> ");
}

static void line_end(struct text_flow *f)
{
	gsize n = f->out->len;
	while (n && (f->out->str[n - 1] == ' ' || f->out->str[n - 1] == '\t'))
		n--;
	g_string_truncate(f->out, n);
	g_string_append_c(f->out, '\n');
}

/* What waits goes before the next word. */
static void before_word(struct text_flow *f)
{
	if (!f->out->len) {
		quote_marks(f, f->quote);
	} else if (f->breaks) {
		line_end(f);
		for (guint i = 1; i < f->breaks; i++) {
			quote_marks(f, MIN(f->quote, f->last_quote));
			line_end(f);
		}
		quote_marks(f, f->quote);
	} else if (f->tab) {
		g_string_append_c(f->out, '\t');
	} else if (f->space) {
		g_string_append_c(f->out, ' ');
	}
	f->last_quote = f->quote;
	f->breaks = 0;
	f->space = f->tab = FALSE;
}

/* How many bytes at `at` are white space (TRUE in `blank`) or nothing at all, like a soft hyphen; 0: a word's. */
static gsize not_a_word(const guchar *at, gsize left, gboolean *blank)
{
	*blank = TRUE;
	if (*at <= 0x20 || *at == 0x7f)
		return 1;
	if (left >= 2 && at[0] == 0xC2 && (at[1] == 0xA0 || at[1] == 0x85))
		return 2;
	if (left >= 3 && at[0] == 0xE2 && at[1] == 0x80 && (at[2] == 0xA8 || at[2] == 0xA9))
		return 3;
	*blank = FALSE;
	if (left >= 2 && ((at[0] == 0xC2 && at[1] == 0xAD) || (at[0] == 0xCD && at[1] == 0x8F)))
		return 2;
	if (left >= 3 && at[0] == 0xE2 && at[1] == 0x80 && at[2] == 0x8B)
		return 3;
	return left >= 3 && at[0] == 0xEF && at[1] == 0xBB && at[2] == 0xBF ? 3 : 0;
}

/* White space of a text that is set as it stands. */
static void add_blank(struct text_flow *f, guchar c)
{
	if (!f->pre) {
		f->space = TRUE;
	} else if (c == '\n') {
		f->breaks++;
	} else if (c == ' ' || c == '\t') {
		if (f->breaks)
			before_word(f);
		g_string_append_c(f->out, (char)c);
	}
}

void text_flow_add(struct text_flow *f, const char *utf8, gsize length)
{
	const guchar *at = (const guchar *)utf8, *end = at + length;
	gboolean blank;
	while (at < end && !text_flow_full(f)) {
		const guchar *word = at;
		gsize n = 0;
		while (at < end && !(n = not_a_word(at, (gsize)(end - at), &blank)))
			at++;
		if (at > word) {
			before_word(f);
			g_string_append_len(f->out, (const char *)word, at - word);
		}
		if (n && blank)
			add_blank(f, *at);
		at += n;
	}
}

void text_flow_break(struct text_flow *f, guint lines)
{
	f->breaks = MAX(f->breaks, lines);
	f->space = f->tab = FALSE;
}

void text_flow_tab(struct text_flow *f)
{
	f->tab = TRUE;
}

gboolean text_flow_full(const struct text_flow *f)
{
	return f->out->len > TEXT_MAX;
}
