/* text: the readers behind text_of. Each turns bytes that somebody else wrote into plain UTF-8 with one paragraph a
 * line, under limits on size, depth, ratio and time, so that no file costs more than it is worth. A reader appends to a
 * flow and reports trouble with text_trouble; what it had read until then still counts. */
#pragma once

#include <glib.h>

#include "meri/connector.h"

#define TEXT_MAX          (32u << 20)  /* bytes of text out of one file */
#define TEXT_MAX_UNPACKED (256u << 20) /* bytes that one archive may unpack to */
#define TEXT_MAX_PARTS    20000u       /* entries of one archive that are looked at */
#define TEXT_MAX_SECONDS  30           /* for one file */

/* Running text: white space collapsed, blocks set apart, quotations marked with "> ". */
struct text_flow {
	GString *out;
	guint breaks;            /* line ends that wait for the next word */
	guint quote, last_quote; /* depth of quotation now, and of the line before */
	gboolean space, tab, pre;
};
void text_flow_add(struct text_flow *flow, const char *utf8, gsize length);
void text_flow_break(struct text_flow *flow, guint lines); /* 1: a new line, 2: a new paragraph */
void text_flow_tab(struct text_flow *flow);
gboolean text_flow_full(const struct text_flow *flow); /* there is more than TEXT_MAX */

struct text_job {
	const guint8 *bytes;
	gsize length;
	const char *name; /* NULL if not known */
	char *media_type; /* lower case, without parameters; NULL if not known */
	char *charset;    /* as declared; NULL if not */
	const char *temp;
	struct text_flow flow;
	char *why;    /* trouble; the first counts */
	gint64 until; /* monotonic microseconds */
	gboolean (*stop)(gpointer user);
	gpointer user;
};

/* Notes why the text is not whole. Always FALSE, so that a reader can return it. */
gboolean text_trouble(struct text_job *job, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* TRUE when reading must end: too long, too much, or the run is over. Notes the trouble. */
gboolean text_enough(struct text_job *job);

/* The readers. FALSE: trouble was noted. */
gboolean text_read_plain(struct text_job *job);
gboolean text_read_html(struct text_job *job);
gboolean text_read_xml(struct text_job *job);
gboolean text_read_zip(struct text_job *job); /* office documents and e-books */
gboolean text_read_pdf(struct text_job *job);
gboolean text_read_rtf(struct text_job *job);
gboolean text_read_old_office(struct text_job *job);

/* HTML that is UTF-8 already, into a flow. */
gboolean text_html_flow(struct text_job *job, struct text_flow *flow, const char *utf8, gsize length);

/* Bytes in a charset to UTF-8; what is not of it becomes U+FFFD. NULL: no such charset. */
GString *text_decode(const guint8 *bytes, gsize length, const char *charset);
/* The same with the charset found out: byte order mark, `declared` (may be NULL), else UTF-8, UTF-16 or Windows-1252.
 */
GString *text_decode_any(const guint8 *bytes, gsize length, const char *declared);
/* "UTF-16LE" or "UTF-16BE" if the bytes look like it though they have no mark; else NULL. */
const char *text_is_wide(const guint8 *bytes, gsize length);
