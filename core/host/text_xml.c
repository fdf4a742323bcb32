/* Walking XML, and the text of XML of no known kind. */
#include "host/text_xml.h"

#include <string.h>

char *text_xml_attribute(struct text_xml *x, const char *name)
{
	char *out = NULL;
	while (!out && xmlTextReaderMoveToNextAttribute(x->reader) == 1) {
		const char *here = (const char *)xmlTextReaderConstLocalName(x->reader);
		if (here && strcmp(here, name) == 0)
			out = g_strdup((const char *)xmlTextReaderConstValue(x->reader));
	}
	xmlTextReaderMoveToElement(x->reader);
	return out;
}

static void on_node(struct text_xml *x, const struct text_xml_events *events)
{
	const xmlChar *value;
	x->name = (const char *)xmlTextReaderConstLocalName(x->reader);
	switch (xmlTextReaderNodeType(x->reader)) {
	case XML_READER_TYPE_ELEMENT: {
		gboolean empty = xmlTextReaderIsEmptyElement(x->reader) == 1;
		gboolean shown = !x->skip;
		if (shown)
			events->start(x);
		else
			x->skip++;
		/* libxml2 sends no end for <a/>; and `start` may just have begun something to skip. */
		if (empty && x->skip)
			x->skip--;
		if (empty && shown && !x->skip)
			events->end(x);
		break;
	}
	case XML_READER_TYPE_END_ELEMENT:
		if (x->skip)
			x->skip--;
		if (!x->skip)
			events->end(x);
		break;
	case XML_READER_TYPE_TEXT:
	case XML_READER_TYPE_CDATA:
	case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
		value = xmlTextReaderConstValue(x->reader);
		if (value && !x->skip)
			events->text(x, (const char *)value);
		break;
	default: break;
	}
}

gboolean text_xml_walk(struct text_xml *x, const struct text_xml_events *events)
{
	guint nodes = 0;
	int more;
	while ((more = xmlTextReaderRead(x->reader)) == 1) {
		on_node(x, events);
		if ((++nodes & 0xff) == 0 && text_enough(x->job))
			return FALSE;
	}
	if (more == 0)
		return TRUE;
	const xmlError *error = xmlGetLastError();
	g_autofree char *what = g_strdup(error && error->message ? g_strchomp(error->message) : "not well formed");
	return text_trouble(x->job, "damaged XML: %s", what);
}

/* ---- XML of no known kind: words, with a line for what its author began a line for ---- */

static void start_any(struct text_xml *x)
{
	x->flow->space = TRUE;
}

static void text_any(struct text_xml *x, const char *utf8)
{
	gsize length = strlen(utf8);
	if (strspn(utf8, " \t\r\n") == length && strchr(utf8, '\n'))
		text_flow_break(x->flow, 1);
	else
		text_flow_add(x->flow, utf8, length);
}

gboolean text_read_xml(struct text_job *job)
{
	static const struct text_xml_events events = {.start = start_any, .end = start_any, .text = text_any};
	g_autoptr(GString) recoded = NULL;
	const char *bytes = (const char *)job->bytes;
	gsize length = job->length;
	if (job->charset && g_ascii_strcasecmp(job->charset, "utf-8") != 0 && g_ascii_strcasecmp(job->charset, "us-ascii") != 0)
		recoded = text_decode_any(job->bytes, job->length, job->charset);
	if (recoded) {
		bytes = recoded->str;
		length = recoded->len;
	}
	struct text_xml x = {.job = job, .flow = &job->flow};
	x.reader = xmlReaderForMemory(bytes, (int)MIN(length, G_MAXINT), NULL, recoded ? "UTF-8" : NULL, TEXT_XML_OPTIONS);
	if (!x.reader)
		return text_trouble(job, "out of memory");
	gboolean fine = text_xml_walk(&x, &events);
	xmlFreeTextReader(x.reader);
	return fine;
}
