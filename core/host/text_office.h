/* text_office: what the markup of office documents means: Office Open XML (docx, xlsx, pptx), OpenDocument (odt, ods,
 * odp) and e-books (epub). */
#pragma once

#include "host/text_xml.h"

/* What the parts of one document share. */
struct text_office {
	GPtrArray *strings; /* char *: a workbook's table of strings */
	gsize table_size;   /* bytes in it */
	GString *gathered;  /* the string at hand */
	gboolean indexed;   /* the cell at hand points into the table */
	char index[16];     /* where to, in digits */
};

struct text_office_part {
	const char *folder, *start, *end;     /* of the part's name; folder "*": any */
	guint rank;                           /* order in the text; 0: a table that others need */
	const struct text_xml_events *events; /* NULL: HTML */
};

/* The kind of part that an entry of this name is; NULL: none that holds text. */
const struct text_office_part *text_office_part(const char *name);
