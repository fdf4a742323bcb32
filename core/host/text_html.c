/* HTML to text, as a reader would see it: through libxml2's push parser, event by event, so that no tree is built. */
#include "host/text.h"

#include <libxml/HTMLparser.h>
#include <string.h>

enum { CHUNK = 32 * 1024 };

struct page {
	struct text_job *job;
	struct text_flow *flow;
	htmlParserCtxtPtr parser;
	guint skip, pre; /* depth within what is not shown, and within what is set as it stands */
	guint events;
};

/* Elements that begin a line, and those that begin a paragraph; the others run on. */
static guint breaks_of(const char *name)
{
	static const char *const lines[] = {"div",     "li",      "tr",     "dt",      "dd",   "br",      "option",
					    "section", "article", "header", "footer",  "main", "address", "figure",
					    "form",    "body",    "legend", "caption", "nav",  "aside"};
	static const char *const paragraphs[] = {"p",   "h1",         "h2",    "h3",      "h4",      "h5",
						 "h6",  "ul",         "ol",    "dl",      "hr",      "table",
						 "pre", "blockquote", "title", "details", "fieldset"};
	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
		if (strcmp(name, lines[i]) == 0)
			return 1;
	for (gsize i = 0; i < G_N_ELEMENTS(paragraphs); i++)
		if (strcmp(name, paragraphs[i]) == 0)
			return 2;
	return 0;
}

static const char *attribute(const xmlChar **attributes, const char *name)
{
	for (; attributes && attributes[0]; attributes += 2)
		if (strcmp((const char *)attributes[0], name) == 0)
			return attributes[1] ? (const char *)attributes[1] : "";
	return NULL;
}

static gboolean is_hidden(const char *name, const xmlChar **attributes)
{
	static const char *const never[] = {"script", "style", "template", "object", "applet", "iframe"};
	for (gsize i = 0; i < G_N_ELEMENTS(never); i++)
		if (strcmp(name, never[i]) == 0)
			return TRUE;
	const char *style = attribute(attributes, "style");
	if (style) {
		g_autofree char *plain = g_ascii_strdown(style, MIN((gssize)strlen(style), 4096));
		const char *display = strstr(plain, "display");
		if (display && g_str_has_prefix(display + 7 + strspn(display + 7, " :"), "none"))
			return TRUE;
	}
	return attribute(attributes, "hidden") != NULL;
}

static void on_start(void *user, const xmlChar *element, const xmlChar **attributes)
{
	struct page *p = user;
	const char *name = (const char *)element;
	if (p->skip || is_hidden(name, attributes)) {
		p->skip++;
		return;
	}
	guint breaks = breaks_of(name);
	if (strcmp(name, "br") == 0)
		p->flow->breaks = MIN(p->flow->breaks + 1, 2);
	else if (breaks)
		text_flow_break(p->flow, breaks);
	if (strcmp(name, "blockquote") == 0)
		p->flow->quote++;
	else if (strcmp(name, "li") == 0)
		text_flow_add(p->flow, "- ", 2);
	else if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)
		text_flow_tab(p->flow);
	else if (strcmp(name, "pre") == 0)
		p->flow->pre = ++p->pre > 0;
	const char *alt = strcmp(name, "img") == 0 ? attribute(attributes, "alt") : NULL;
	if (alt)
		text_flow_add(p->flow, alt, strlen(alt));
}

static void on_end(void *user, const xmlChar *element)
{
	struct page *p = user;
	const char *name = (const char *)element;
	if (p->skip) {
		p->skip--;
		return;
	}
	guint breaks = breaks_of(name);
	if (breaks && strcmp(name, "br") != 0)
		text_flow_break(p->flow, breaks);
	if (strcmp(name, "blockquote") == 0 && p->flow->quote)
		p->flow->quote--;
	if (strcmp(name, "pre") == 0 && p->pre)
		p->flow->pre = --p->pre > 0;
	/* Pages made to be slow are slow between two elements, too: look often. */
	if ((++p->events & 0x3ff) == 0 && text_enough(p->job))
		xmlStopParser(p->parser);
}

static void on_text(void *user, const xmlChar *text, int length)
{
	struct page *p = user;
	if (!p->skip && length > 0)
		text_flow_add(p->flow, (const char *)text, (gsize)length);
}

gboolean text_html_flow(struct text_job *job, struct text_flow *flow, const char *utf8, gsize length)
{
	struct page page = {.job = job, .flow = flow};
	xmlSAXHandler events = {
		.startElement = on_start, .endElement = on_end, .characters = on_text, .ignorableWhitespace = on_text};
	page.parser = htmlCreatePushParserCtxt(&events, &page, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
	if (!page.parser)
		return text_trouble(job, "out of memory");
	htmlCtxtUseOptions(page.parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
						HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	for (gsize at = 0; at < length && !text_enough(job); at += CHUNK)
		htmlParseChunk(page.parser, utf8 + at, (int)MIN(CHUNK, length - at), 0);
	if (!job->why)
		htmlParseChunk(page.parser, NULL, 0, 1);
	if (page.parser->myDoc)
		xmlFreeDoc(page.parser->myDoc);
	htmlFreeParserCtxt(page.parser);
	flow->quote = 0;
	flow->pre = FALSE;
	return !job->why;
}

/* What a page says of its own charset, in its first bytes; NULL if nothing. */
static char *charset_of_page(const guint8 *bytes, gsize length)
{
	g_autofree char *start = g_strndup((const char *)bytes, MIN(length, 4096));
	for (const char *at = start; (at = strcasestr(at, "charset"));) {
		at += strlen("charset");
		at += strspn(at, " \t\r\n");
		if (*at != '=')
			continue;
		at += 1 + strspn(at + 1, " \t\r\n\"'");
		gsize n = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-:.+");
		/* It was read as ASCII, so it is not UTF-16, whatever it says. */
		if (n && g_ascii_strncasecmp(at, "utf-16", 6) != 0)
			return g_strndup(at, n);
	}
	return NULL;
}

gboolean text_read_html(struct text_job *job)
{
	g_autofree char *own = charset_of_page(job->bytes, job->length);
	g_autoptr(GString) text = text_decode_any(job->bytes, job->length, job->charset ? job->charset : own);
	if (!text)
		return text_trouble(job, "this machine's iconv cannot read Windows-1252");
	for (gsize i = 0; i < text->len; i++)
		if (!text->str[i])
			text->str[i] = ' ';
	return text_html_flow(job, &job->flow, text->str, text->len);
}
