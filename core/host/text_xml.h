/* text_xml: markup read event by event out of memory or out of an archive's entry, without network, entities or depth. What
 * an event means is the format's business: see text_office.c. */
#pragma once

#include <libxml/xmlreader.h>

#include "host/text.h"

/* Options for every xmlReader here: no entity is expanded, no DTD loaded, nothing fetched, libxml2's own limits kept. */
#define TEXT_XML_OPTIONS (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT)

struct text_xml {
	struct text_job *job;
	struct text_flow *flow;
	xmlTextReaderPtr reader;
	const char *name;   /* local name of the element at hand */
	guint skip;         /* depth within something that is not shown; elements are not reported there */
	guint depth_of_text; /* how many elements are open that hold text */
	guint cells;         /* of the row at hand */
	gboolean fresh_cell; /* nothing stands in it yet */
	gpointer user;
};

struct text_xml_events {
	void (*start)(struct text_xml *x);
	void (*end)(struct text_xml *x);
	void (*text)(struct text_xml *x, const char *utf8);
};

/* Reads to the end of `x->reader` (set by the caller, who frees it). FALSE: trouble was noted. */
gboolean text_xml_walk(struct text_xml *x, const struct text_xml_events *events);
/* An attribute by local name; free with g_free. NULL: none. */
char *text_xml_attribute(struct text_xml *x, const char *name);
