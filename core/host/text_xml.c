/* Walking XML through libxml2's push parser, and the text of XML of no known kind. */
#include "host/text_xml.h"

#include <libxml/parserInternals.h>
#include <string.h>

enum { CHUNK = 32 * 1024 };

char *text_xml_attribute(const struct text_xml *x, const char *name)
{
	/* Five pointers each: local name, prefix, URI, and where the value begins and ends. */
	for (int i = 0; i < x->n_attributes; i++) {
		const xmlChar **a = x->attributes + 5 * i;
		if (strcmp((const char *)a[0], name) == 0)
			return g_strndup((const char *)a[3], (gsize)(a[4] - a[3]));
	}
	return NULL;
}

static void on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_namespaces,
		     const xmlChar **namespaces, int n_attributes, int n_defaulted, const xmlChar **attributes)
{
	struct text_xml *x = user;
	(void)prefix;
	(void)uri;
	(void)n_namespaces;
	(void)namespaces;
	(void)n_defaulted;
	if (x->skip) {
		x->skip++;
		return;
	}
	x->name = (const char *)name;
	x->attributes = attributes;
	x->n_attributes = n_attributes;
	x->events->start(x);
	x->n_attributes = 0;
}

static void on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct text_xml *x = user;
	(void)prefix;
	(void)uri;
	if (x->skip && --x->skip)
		return;
	x->name = (const char *)name;
	x->events->end(x);
}

static void on_text(void *user, const xmlChar *text, int length)
{
	struct text_xml *x = user;
	if (!x->skip && length > 0)
		x->events->text(x, (const char *)text, (gsize)length);
}

gboolean text_xml_begin(struct text_xml *x, gboolean is_utf8)
{
	/* No handler for declarations: a document's own entities do not exist for us, so that none can grow or lead
	 * anywhere. */
	xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
				 .startElementNs = on_start,
				 .endElementNs = on_end,
				 .characters = on_text,
				 .ignorableWhitespace = on_text,
				 .cdataBlock = on_text};
	x->parser = xmlCreatePushParserCtxt(&handler, x, NULL, 0, NULL);
	if (!x->parser)
		return text_trouble(x->job, "out of memory");
	xmlCtxtUseOptions(x->parser, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
					     (is_utf8 ? XML_PARSE_IGNORE_ENC : 0));
	if (is_utf8)
		xmlSwitchEncoding(x->parser, XML_CHAR_ENCODING_UTF8);
	return TRUE;
}

gboolean text_xml_feed(struct text_xml *x, const void *bytes, gsize length)
{
	for (gsize at = 0; at < length; at += CHUNK) {
		if (text_enough(x->job) || text_flow_full(x->flow))
			return FALSE;
		xmlParseChunk(x->parser, (const char *)bytes + at, (int)MIN(CHUNK, length - at), 0);
		if (x->parser->disableSAX)
			return FALSE;
	}
	return TRUE;
}

gboolean text_xml_end(struct text_xml *x)
{
	if (!x->parser->disableSAX)
		xmlParseChunk(x->parser, NULL, 0, 1);
	/* A space of names that is not declared is no damage. */
	if (!x->parser->wellFormed) {
		const char *what = x->parser->lastError.message;
		g_autofree char *line = g_strdup(what ? what : "not well formed");
		text_trouble(x->job, "damaged XML: %s", g_strchomp(line));
	}
	if (x->parser->myDoc)
		xmlFreeDoc(x->parser->myDoc);
	xmlFreeParserCtxt(x->parser);
	x->parser = NULL;
	return !x->job->why;
}

/* ---- XML of no known kind: words, with a line for what its author began a line for ---- */

static void start_any(struct text_xml *x)
{
	x->flow->space = TRUE;
}

static gboolean is_line_end(const char *text, gsize length)
{
	gboolean ends = FALSE;
	for (gsize i = 0; i < length; i++) {
		if (!strchr(" \t\r\n", text[i]))
			return FALSE;
		ends |= text[i] == '\n';
	}
	return ends;
}

static void text_any(struct text_xml *x, const char *utf8, gsize length)
{
	if (is_line_end(utf8, length))
		text_flow_break(x->flow, 1);
	else
		text_flow_add(x->flow, utf8, length);
}

gboolean text_read_xml(struct text_job *job)
{
	static const struct text_xml_events events = {.start = start_any, .end = start_any, .text = text_any};
	g_autoptr(GString) recoded = NULL;
	if (job->charset && g_ascii_strcasecmp(job->charset, "utf-8") != 0 &&
	    g_ascii_strcasecmp(job->charset, "us-ascii") != 0)
		recoded = text_decode_any(job->bytes, job->length, job->charset);
	struct text_xml x = {.job = job, .flow = &job->flow, .events = &events};
	if (!text_xml_begin(&x, recoded != NULL))
		return FALSE;
	if (recoded)
		text_xml_feed(&x, recoded->str, recoded->len);
	else
		text_xml_feed(&x, job->bytes, job->length);
	return text_xml_end(&x);
}
