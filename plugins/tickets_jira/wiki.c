/* SPDX-License-Identifier: ISC
 *
 * wiki: Jira's wiki markup made readable. Not a renderer: *bold*, bullets and tables read well as they are; what goes
 * is what hides words from a reader or from the search: {macros}, [links|http://...], {html} blocks. */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "text.h"

/* Macros that stand around or before text and say nothing themselves; others in braces are most likely somebody's code.
 */
static const char *const silent[] = {"color",  "panel",   "info", "warning", "note", "tip",  "expand", "section",
				     "column", "anchor",  "toc",  "center",  "div",  "span", "align",  "bgcolor",
				     "status", "excerpt", "jira", "mailto",  "font", "cut",  "indent", "adf"};

#define MAX_MONOSPACED 1000 /* bytes; bounds the search for the end */

struct macro {
	const char *name, *args; /* args: NULL if none */
	size_t name_length, args_length, whole;
};

/* "{name}" or "{name:args}" at `p`. */
static bool macro_at(const char *p, struct macro *m)
{
	if (*p != '{' || !isalpha((unsigned char)p[1]))
		return false;
	const char *q = p + 1;
	while (isalnum((unsigned char)*q) || *q == '-')
		q++;
	*m = (struct macro){.name = p + 1, .name_length = (size_t)(q - p - 1)};
	if (*q == ':') {
		m->args = ++q;
		while (*q && *q != '}' && *q != '\n' && *q != '{')
			q++;
		m->args_length = (size_t)(q - m->args);
	}
	if (*q != '}')
		return false;
	m->whole = (size_t)(q + 1 - p);
	return true;
}

static bool named(const struct macro *m, const char *name)
{
	return strlen(name) == m->name_length && !strncasecmp(m->name, name, m->name_length);
}

static bool is_silent(const struct macro *m)
{
	for (size_t i = 0; i < sizeof(silent) / sizeof(*silent); i++)
		if (named(m, silent[i]))
			return true;
	return false;
}

/* Where `{name}` closes, or the end of the text. */
static const char *closing(const char *p, const char *mark)
{
	const char *end = strcasestr(p, mark);
	return end ? end : p + strlen(p);
}

static const char *skip_mark(const char *p, const char *mark)
{
	return *p ? p + strlen(mark) : p;
}

static void verbatim(struct text *out, const char *from, const char *to)
{
	while (from < to && (*from == '\n' || *from == '\r'))
		from++;
	for (; from < to; from++)
		if (*from != '\r')
			buffer_char(&out->bytes, *from);
}

static bool starts(const char *p, const char *word)
{
	return !strncasecmp(p, word, strlen(word));
}

/* "[words|target]", "[target]", "[~user]", "[^file]". What is not a link (a log's [INFO]) stays. */
static const char *link_at(struct text *out, const char *p)
{
	const char *end = p + 1, *bar = NULL;
	for (; *end && *end != ']' && *end != '\n' && *end != '['; end++)
		if (*end == '|' && !bar)
			bar = end;
	if (*end != ']')
		return NULL;
	const char *target = bar ? bar + 1 : p + 1;
	if (p[1] == '~' || p[1] == '^') {
		if (p[1] == '~')
			buffer_char(&out->bytes, '@');
		const char *name = p + 2;
		if (starts(name, "accountid:"))
			name += strlen("accountid:");
		buffer_add(&out->bytes, name, (size_t)(end - name));
		return end + 1;
	}
	bool is_url = starts(target, "http://") || starts(target, "https://") || starts(target, "mailto:") ||
		      starts(target, "ftp://") || starts(target, "file:") || *target == '#';
	if (!is_url)
		return NULL;
	const char *words = bar ? p + 1 : target, *words_end = bar ? bar : end;
	const char *second = memchr(target, '|', (size_t)(end - target)); /* [words|url|smart-link] */
	const char *target_end = second ? second : end;
	if (starts(target, "mailto:"))
		target += strlen("mailto:");
	if (!bar)
		words = target;
	buffer_add(&out->bytes, words, (size_t)(words_end - words));
	size_t length = (size_t)(target_end - target);
	if (bar && *target != '#' && (length != (size_t)(words_end - words) || strncmp(words, target, length) != 0)) {
		buffer_text(&out->bytes, " (");
		buffer_add(&out->bytes, target, length);
		buffer_char(&out->bytes, ')');
	}
	return end + 1;
}

/* "!screen.png|thumbnail!": the picture's name in brackets. */
static const char *image_at(struct text *out, const char *p)
{
	const char *end = p + 1, *name_end = NULL, *dot = NULL;
	for (; *end && *end != '!' && *end != '\n'; end++) {
		if (*end == '|' && !name_end)
			name_end = end;
		if (*end == '.' && !name_end)
			dot = end;
	}
	if (!name_end)
		name_end = end;
	if (*end != '!' || !dot || name_end - dot < 3 || name_end - dot > 6 || isspace((unsigned char)p[1]) ||
	    end - p > 400)
		return NULL;
	buffer_char(&out->bytes, '[');
	buffer_add(&out->bytes, p + 1, (size_t)(name_end - p - 1));
	buffer_char(&out->bytes, ']');
	return end + 1;
}

/* A block that is taken as it stands, or by another reader; NULL if the macro is none of these. */
static const char *block_at(const struct meri_host *host, struct text *out, const char *p, const struct macro *m)
{
	const char *start = p + m->whole;
	if (named(m, "html")) {
		const char *end = closing(start, "{html}");
		if (end > start)
			text_html(host, out, start, (size_t)(end - start));
		return skip_mark(end, "{html}");
	}
	const char *mark = named(m, "code") ? "{code}" : named(m, "noformat") ? "{noformat}" : NULL;
	if (!mark)
		return NULL;
	const char *end = closing(start, mark);
	verbatim(out, start, end);
	return skip_mark(end, mark);
}

struct wiki {
	const struct meri_host *host;
	struct text *out;
	size_t quote; /* where the open {quote} began */
	bool in_quote;
};

static const char *macro(struct wiki *w, const char *p)
{
	struct macro m;
	if (p[0] == '{' && p[1] == '{') { /* {{monospaced}} */
		size_t most = 2;
		while (most < MAX_MONOSPACED && p[most] && p[most] != '\n')
			most++;
		const char *end = memmem(p + 2, most - 2, "}}", 2);
		if (!end)
			return NULL;
		buffer_add(&w->out->bytes, p + 2, (size_t)(end - p - 2));
		return end + 2;
	}
	if (!macro_at(p, &m))
		return NULL;
	if (named(&m, "quote")) {
		if (w->in_quote)
			text_quote(w->out, w->quote);
		w->in_quote = !w->in_quote;
		w->quote = w->out->bytes.length;
		return p + m.whole;
	}
	const char *after = block_at(w->host, w->out, p, &m);
	if (after)
		return after;
	return is_silent(&m) ? p + m.whole : NULL;
}

/* What may stand at the beginning of a line: "h1. ", "bq. ". */
static const char *line_start(struct wiki *w, const char *p, bool *quoted_line)
{
	if (p[0] == 'h' && p[1] >= '1' && p[1] <= '6' && p[2] == '.' && p[3] == ' ')
		return p + 4;
	*quoted_line = !strncmp(p, "bq. ", 4) && !w->in_quote;
	return *quoted_line ? p + 4 : p;
}

static const char *inline_at(struct wiki *w, const char *p)
{
	struct buffer *b = &w->out->bytes;
	const char *after = NULL;
	switch (*p) {
	case '{':
		after = macro(w, p);
		break;
	case '[':
		after = link_at(w->out, p);
		break;
	case '!':
		after = image_at(w->out, p);
		break;
	case '\r':
		return p + 1;
	case '\\':
		if (p[1] == '\\' && (isspace((unsigned char)p[2]) || !p[2])) {
			buffer_char(b, '\n');
			return p + 2;
		}
		if (p[1] && strchr("{}[]*_-!", p[1])) {
			buffer_char(b, p[1]);
			return p + 2;
		}
		break;
	case '|':
		if (p[1] == '|') {
			buffer_text(b, " | ");
			return p + 2;
		}
		break;
	default:
		break;
	}
	if (after)
		return after;
	buffer_char(b, *p);
	return p + 1;
}

void text_wiki(const struct meri_host *host, struct text *out, const char *wiki)
{
	struct wiki w = {.host = host, .out = out};
	bool begin = true, quoted_line = false;
	size_t line = 0;
	for (const char *p = wiki; *p;) {
		if (begin) {
			p = line_start(&w, p, &quoted_line);
			line = out->bytes.length;
			begin = false;
			continue;
		}
		if (*p == '\n') {
			if (quoted_line)
				text_quote(out, line);
			quoted_line = false;
			begin = true;
		}
		size_t plain = strcspn(p, "{[!\r\\|\n");
		if (plain) {
			buffer_add(&out->bytes, p, plain);
			p += plain;
		} else {
			p = inline_at(&w, p);
		}
	}
	if (quoted_line)
		text_quote(out, line);
	if (w.in_quote)
		text_quote(out, w.quote);
}
