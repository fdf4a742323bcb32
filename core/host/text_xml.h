/* text_xml: markup read event by event, as it comes out of memory or of an archive's entry; no tree, no network, no
 * entities. What an event means is the format's business: see text_office.c. */
#pragma once

#include <libxml/parser.h>

#include "host/text.h"

struct text_xml;
struct text_xml_events {
	void (*start)(struct text_xml *x);
	void (*end)(struct text_xml *x);
	void (*text)(struct text_xml *x, const char *utf8, gsize length);
};

struct text_xml {
	struct text_job *job;
	struct text_flow *flow;
	const struct text_xml_events *events;
	xmlParserCtxtPtr parser;
	const char *name;           /* local name of the element at hand */
	const xmlChar **attributes; /* of the element that starts */
	int n_attributes;
	guint skip;          /* depth within something that is not shown; elements are not reported there */
	guint depth_of_text; /* how many elements are open that hold text */
	guint cells;         /* of the row at hand */
	gboolean fresh_cell; /* nothing stands in it yet */
	gpointer user;
};

/* `x->job`, `flow`, `events` and `user` are the caller's. `is_utf8`: whatever the document says of itself. FALSE:
 * trouble was noted, and the rest is not to be called. */
gboolean text_xml_begin(struct text_xml *x, gboolean is_utf8);
/* FALSE when no more is wanted: broken, enough, or the run is over. */
gboolean text_xml_feed(struct text_xml *x, const void *bytes, gsize length);
/* To be called in any case, once begun. FALSE: trouble was noted; what was read until then stands in the flow. */
gboolean text_xml_end(struct text_xml *x);
/* An attribute by local name, within `start`; free with g_free. NULL: none. */
char *text_xml_attribute(const struct text_xml *x, const char *name);
