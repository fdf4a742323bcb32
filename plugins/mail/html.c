#include "html.h"

#include <string.h>

#include "quote.h"

/* Private-use characters: U+F8F0 begins, U+F8F1 ends. */
static const char BEGIN[] = "\xef\xa3\xb0", END[] = "\xef\xa3\xb1";

/* Containers of what is answered, by class or id; `rest`: it and all that follows it. */
static const struct {
	const char *word;
	gboolean rest;
} CONTAINERS[] = {{"gmail_quote", FALSE},          {"gmail_extra", FALSE},       {"yahoo_quoted", FALSE},
		  {"moz-cite-prefix", FALSE},      {"divRplyFwdMsg", TRUE},      {"appendonsend", TRUE},
		  {"zmail_extra", FALSE},          {"protonmail_quote", FALSE},  {"tutanota_quote", FALSE},
		  {"OLK_SRC_BODY_SECTION", FALSE}, {"gmail_signature", FALSE},   {"moz-signature", FALSE},
		  {"stopSpelling", TRUE},          {"ecxgmail_quote", FALSE},    {"reply-intro", FALSE},
		  {"mail_extra", FALSE},           {"WordSection1-quote", FALSE}};

struct tag {
	const char *start, *end; /* "<" and behind ">" */
	const char *name;
	gsize name_length;
	gboolean closing;
};

/* The next tag at or after `at`; comments are passed over. */
static gboolean next_tag(const char *at, const char *end, struct tag *t)
{
	while (at < end && (at = memchr(at, '<', (gsize)(end - at))) != NULL) {
		const char *p = at + 1;
		char quote = 0;

		if (end - at >= 4 && memcmp(at, "<!--", 4) == 0) {
			const char *close = memmem(at + 4, (gsize)(end - at - 4), "-->", 3);

			at = close ? close + 3 : end;
			continue;
		}
		t->start = at;
		t->closing = p < end && *p == '/';
		p += t->closing;
		t->name = p;
		while (p < end && (g_ascii_isalnum(*p) || *p == ':' || *p == '-'))
			p++;
		t->name_length = (gsize)(p - t->name);
		if (t->name_length == 0) {
			at++;
			continue;
		}
		for (; p < end && (quote || *p != '>') && p - at < 4096; p++) {
			if (quote)
				quote = *p == quote ? 0 : quote;
			else if ((*p == '"' || *p == '\'') && p[-1] == '=')
				quote = *p;
		}
		if (p >= end ||
		    *p != '>') { /* no tag, or one without an end: what was looked at is not looked at again */
			at = p;
			continue;
		}
		t->end = p + 1;
		return TRUE;
	}
	return FALSE;
}

static gboolean is_tag(const struct tag *t, const char *name)
{
	return t->name_length == strlen(name) && g_ascii_strncasecmp(t->name, name, t->name_length) == 0;
}

/* 0: not a container of a quotation; 1: it is; 2: the rest of the mail is. */
static int contains_quote(const struct tag *t)
{
	gsize n = (gsize)(t->end - t->start);

	if (is_tag(t, "blockquote"))
		return 1;
	if (!is_tag(t, "div") && !is_tag(t, "span") && !is_tag(t, "hr") && !is_tag(t, "pre"))
		return 0;
	for (gsize i = 0; i < G_N_ELEMENTS(CONTAINERS); i++)
		if (memmem(t->start, n, CONTAINERS[i].word, strlen(CONTAINERS[i].word)))
			return CONTAINERS[i].rest || is_tag(t, "hr") ? 2 : 1;
	return 0;
}

static void append_unmarked(GString *out, const char *at, const char *end)
{
	const char *hit;

	while ((hit = memmem(at, (gsize)(end - at), "\xef\xa3", 2)) != NULL) {
		g_string_append_len(out, at, hit - at);
		at = MIN(hit + 3, end);
	}
	g_string_append_len(out, at, end - at);
}

GString *mail_html_mark(const char *html, gsize length)
{
	GString *out = g_string_sized_new(length + 64);
	const char *at = html, *end = html + length;
	char kind[64]; /* of the containers that are open: their tag's first letter, upper case where it is marked */
	gsize open = 0;
	gboolean rest = FALSE;
	struct tag t;

	while (!rest && next_tag(at, end, &t)) {
		char letter = g_ascii_tolower(*t.name);
		gboolean nests =
			is_tag(&t, "blockquote") || is_tag(&t, "div") || is_tag(&t, "span") || is_tag(&t, "pre");

		append_unmarked(out, at, t.start);
		if (t.closing && nests) {
			gsize k = open;

			while (k > 0 && g_ascii_tolower(kind[k - 1]) != letter)
				k--;
			for (; k > 0 && open >= k; open--)
				if (g_ascii_isupper(kind[open - 1]))
					g_string_append(out, END);
			append_unmarked(out, t.start, t.end);
		} else {
			int quote = t.closing ? 0 : contains_quote(&t);

			append_unmarked(out, t.start, t.end);
			if (quote)
				g_string_append(out, BEGIN);
			rest = quote == 2;
			if (nests && !t.closing && t.end[-2] != '/' && open < sizeof(kind))
				kind[open++] = quote ? g_ascii_toupper(letter) : letter;
			else if (quote == 1)
				g_string_append(out, END); /* too deep to follow */
		}
		at = t.end;
	}
	append_unmarked(out, at, end);
	return out;
}

/* The host may write "> " before the lines of a blockquote: then those belong to it. */
static gsize line_start(const char *text, gsize from, gsize at)
{
	gsize start = at;

	while (start > from && (text[start - 1] == '>' || text[start - 1] == ' '))
		start--;
	return start == from || text[start - 1] == '\n' ? start : at;
}

void mail_html_spans(GString *text, gsize from, GArray *spans)
{
	gsize to = from, start = 0;
	int depth = 0;

	for (gsize at = from; at < text->len;) {
		if (strncmp(text->str + at, BEGIN, 3) == 0) {
			if (depth++ == 0)
				start = line_start(text->str, from, to);
			at += 3;
		} else if (strncmp(text->str + at, END, 3) == 0) {
			if (depth > 0 && --depth == 0)
				mail_quote_add(spans, start, to);
			at += 3;
		} else {
			text->str[to++] = text->str[at++];
		}
	}
	g_string_truncate(text, to);
	if (depth > 0)
		mail_quote_add(spans, start, to);
}

char *mail_html_charset(const char *html, gsize length)
{
	g_autofree char *head = g_ascii_strdown(html, (gssize)MIN(length, 1024));
	const char *at = strstr(head, "charset="), *end;

	if (!at || !strstr(head, "<meta"))
		return NULL;
	at += 8;
	at += strspn(at, "\"' ");
	for (end = at; g_ascii_isalnum(*end) || (*end && strchr("-_:.+", *end)); end++)
		;
	return end > at ? g_strndup(at, (gsize)(end - at)) : NULL;
}
