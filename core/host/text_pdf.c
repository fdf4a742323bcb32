/* PDF, by pdftotext. */
#include "host/text_child.h"

#include <string.h>

gboolean text_read_pdf(struct text_job *job)
{
	static const char *const arguments[] = {"pdftotext", "-q",         "-enc", "UTF-8", "-eol",
						"unix",      "/dev/stdin", "-",    NULL};
	static const struct text_child child = {"pdftotext", "poppler-utils", arguments};
	GString *out = job->flow.out;
	int status = text_child_run(job, &child);
	if (status == 3)
		text_trouble(job, "the PDF does not allow its text to be taken");
	else if (status > 0)
		text_trouble(job, "pdftotext could not read it: damaged or encrypted");
	if (!out->str[strspn(out->str, " \t\n")])
		g_string_truncate(out, 0);
	if (!out->len)
		text_trouble(job, "the PDF holds no text; a scanned picture, perhaps");
	return !job->why;
}
