/* The text of office documents, part by part. */
#include "host/text_office.h"

#include <string.h>

static gboolean is(const struct text_xml *x, const char *name)
{
	return x->name && strcmp(x->name, name) == 0;
}

static gboolean any(const struct text_xml *x, const char *const *names)
{
	return x->name && g_strv_contains(names, x->name);
}

static void skip(struct text_xml *x)
{
	x->skip = 1;
}

/* A table: a line a row, a tab between two cells; what ended a paragraph in a cell does not end the line. */
static void start_row(struct text_xml *x)
{
	x->cells = 0;
	text_flow_break(x->flow, 1);
}

static void start_cell(struct text_xml *x)
{
	if (x->cells++) {
		x->flow->breaks = 0;
		text_flow_tab(x->flow);
	}
	x->fresh_cell = TRUE;
}

static void start_paragraph(struct text_xml *x)
{
	if (!x->fresh_cell)
		text_flow_break(x->flow, 1);
	x->fresh_cell = FALSE;
}

/* ---- docx and pptx: text stands in <t> only, so that field codes and deleted words stay out ---- */

static void start_ooxml(struct text_xml *x)
{
	static const char *const not_shown[] = {"Fallback", "instrText", "delText", "pPr", "rPr", "sectPr", NULL};
	if (any(x, not_shown))
		skip(x);
	else if (is(x, "t"))
		x->depth_of_text++;
	else if (is(x, "tr"))
		start_row(x);
	else if (is(x, "tc"))
		start_cell(x);
	else if (is(x, "p"))
		start_paragraph(x);
	else if (is(x, "br") || is(x, "cr"))
		text_flow_break(x->flow, 1);
	else if (is(x, "tab"))
		x->flow->space = TRUE;
	else if (is(x, "noBreakHyphen"))
		text_flow_add(x->flow, "-", 1);
}

static void end_ooxml(struct text_xml *x)
{
	if (is(x, "t") && x->depth_of_text)
		x->depth_of_text--;
	else if (is(x, "p") || is(x, "tbl"))
		text_flow_break(x->flow, 1);
}

static void text_ooxml(struct text_xml *x, const char *utf8, gsize length)
{
	if (x->depth_of_text)
		text_flow_add(x->flow, utf8, length);
}

/* ---- xlsx ---- */

static void start_strings(struct text_xml *x)
{
	struct text_office *office = x->user;
	if (is(x, "si") && !office->gathered)
		office->gathered = g_string_new(NULL);
	else if (is(x, "rPh") || is(x, "phoneticPr"))
		skip(x);
}

static void end_strings(struct text_xml *x)
{
	struct text_office *office = x->user;
	if (is(x, "si") && office->gathered) {
		g_ptr_array_add(office->strings, g_string_free(office->gathered, FALSE));
		office->gathered = NULL;
	}
}

static void text_strings(struct text_xml *x, const char *utf8, gsize length)
{
	struct text_office *office = x->user;
	office->table_size += length;
	if (office->gathered && office->table_size < 2 * TEXT_MAX)
		g_string_append_len(office->gathered, utf8, (gssize)length);
}

static void start_sheet(struct text_xml *x)
{
	struct text_office *office = x->user;
	static const char *const not_shown[] = {
		"f", "rPh", "headerFooter", "conditionalFormatting", "dataValidations", "extLst", NULL};
	if (any(x, not_shown)) {
		skip(x);
	} else if (is(x, "row")) {
		text_flow_break(x->flow, 1);
	} else if (is(x, "c")) {
		g_autofree char *type = text_xml_attribute(x, "t");
		office->indexed = type && strcmp(type, "s") == 0;
		text_flow_tab(x->flow);
	} else if (is(x, "v") || is(x, "t")) {
		x->depth_of_text++;
	}
}

/* A cell's value is whole only at its end: the parser may hand it over in pieces. */
static void end_sheet(struct text_xml *x)
{
	struct text_office *office = x->user;
	if ((is(x, "v") || is(x, "t")) && x->depth_of_text)
		x->depth_of_text--;
	if (!is(x, "v") || !office->indexed || !office->index[0])
		return;
	guint64 index = g_ascii_strtoull(office->index, NULL, 10);
	if (index < office->strings->len) {
		const char *text = g_ptr_array_index(office->strings, index);
		text_flow_add(x->flow, text, strlen(text));
	}
	office->index[0] = '\0';
}

static void text_sheet(struct text_xml *x, const char *utf8, gsize length)
{
	struct text_office *office = x->user;
	if (!x->depth_of_text)
		return;
	if (!office->indexed) {
		text_flow_add(x->flow, utf8, length);
		return;
	}
	gsize had = strlen(office->index), more = MIN(length, sizeof office->index - 1 - had);
	memcpy(office->index + had, utf8, more);
	office->index[had + more] = '\0';
}

/* ---- OpenDocument ---- */

static void start_odf(struct text_xml *x)
{
	static const char *const not_shown[] = {"tracked-changes", "scripts",         "automatic-styles",
						"font-face-decls", "forms",           "sequence-decls",
						"settings",        "event-listeners", NULL};
	if (any(x, not_shown))
		skip(x);
	else if (is(x, "p") || is(x, "h"))
		start_paragraph(x);
	else if (is(x, "table-row"))
		start_row(x);
	else if (is(x, "table-cell") || is(x, "covered-table-cell"))
		start_cell(x);
	else if (is(x, "line-break"))
		text_flow_break(x->flow, 1);
	else if (is(x, "s") || is(x, "tab"))
		x->flow->space = TRUE;
}

static void end_odf(struct text_xml *x)
{
	if (is(x, "p") || is(x, "h") || is(x, "table") || is(x, "table-row"))
		text_flow_break(x->flow, 1);
}

static void text_odf(struct text_xml *x, const char *utf8, gsize length)
{
	text_flow_add(x->flow, utf8, length);
}

/* ---- which part is what ---- */

static const struct text_xml_events ooxml = {start_ooxml, end_ooxml, text_ooxml};
static const struct text_xml_events strings = {start_strings, end_strings, text_strings};
static const struct text_xml_events sheet = {start_sheet, end_sheet, text_sheet};
static const struct text_xml_events odf = {start_odf, end_odf, text_odf};

static const struct text_office_part parts[] = {
	{"xl/", "sharedStrings", ".xml", 0, &strings},
	{"word/", "document", ".xml", 1, &ooxml},
	{"word/", "footnotes", ".xml", 2, &ooxml},
	{"word/", "endnotes", ".xml", 3, &ooxml},
	{"word/", "comments", ".xml", 4, &ooxml},
	{"word/", "header", ".xml", 5, &ooxml},
	{"word/", "footer", ".xml", 6, &ooxml},
	{"ppt/slides/", "slide", ".xml", 1, &ooxml},
	{"ppt/notesSlides/", "notesSlide", ".xml", 2, &ooxml},
	{"ppt/comments/", "comment", ".xml", 3, &ooxml},
	{"xl/worksheets/", "", ".xml", 1, &sheet},
	{"xl/drawings/", "drawing", ".xml", 2, &ooxml},
	{"xl/", "comments", ".xml", 3, &ooxml},
	{"word/diagrams/", "data", ".xml", 7, &ooxml},
	{"ppt/diagrams/", "data", ".xml", 7, &ooxml},
	{"xl/diagrams/", "data", ".xml", 7, &ooxml},
	{"", "content", ".xml", 1, &odf},
	{"*", "", ".xhtml", 1, NULL},
	{"*", "", ".html", 1, NULL},
	{"*", "", ".htm", 1, NULL},
};

const struct text_office_part *text_office_part(const char *name)
{
	while (*name == '/')
		name++;
	const char *slash = strrchr(name, '/');
	const char *file = slash ? slash + 1 : name;
	gsize folder = (gsize)(file - name);
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		const struct text_office_part *p = &parts[i];
		gboolean here = *p->folder == '*' ||
				(strlen(p->folder) == folder && g_ascii_strncasecmp(p->folder, name, folder) == 0);
		if (here && g_ascii_strncasecmp(file, p->start, strlen(p->start)) == 0 &&
		    strlen(file) > strlen(p->end) &&
		    g_ascii_strcasecmp(file + strlen(file) - strlen(p->end), p->end) == 0)
			return p;
	}
	return NULL;
}
