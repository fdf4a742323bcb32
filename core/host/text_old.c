/* Office files of before 2007, by the programs of the catdoc package where that is installed. They are compound files:
 * small file systems, whose entries have names in UTF-16 that tell what they are. */
#include "host/text_child.h"

#include <string.h>

#include "wire/wire.h"

/* Whether a compound file has an entry of this name; its directory lies anywhere. */
static gboolean has_entry(const struct text_job *job, const char *name)
{
	guint8 wide[64];
	gsize n = strlen(name);
	for (gsize i = 0; i < n; i++) {
		wide[2 * i] = (guint8)name[i];
		wide[2 * i + 1] = 0;
	}
	return memmem(job->bytes, job->length, wide, 2 * n) != NULL;
}

/* catdoc shows the codes of links as well as their text. */
static void drop_field_codes(GString *text)
{
	g_autoptr(GRegex) code = g_regex_new(
		" ?(HYPERLINK|PAGEREF|INCLUDEPICTURE)( +\\\\[a-z])* +\"?[^\" \\n]*\"?( +\\\\[a-z])* ?", 0, 0, NULL);
	g_autofree char *plain = g_regex_replace_literal(code, text->str, (gssize)text->len, 0, " ", 0, NULL);
	if (plain)
		g_string_assign(text, plain);
}

gboolean text_read_old_office(struct text_job *job)
{
	static const char *const word[] = {"catdoc", "-w", "-d", "utf-8", "/dev/stdin", NULL};
	static const char *const excel[] = {"xls2csv", "-q", "0", "-c", "\t", "-d", "utf-8", "/dev/stdin", NULL};
	static const char *const powerpoint[] = {"catppt", "-d", "utf-8", "/dev/stdin", NULL};
	static const struct {
		const char *entry;
		struct text_child child;
	} kinds[] = {
		{"WordDocument", {"catdoc", "catdoc", word}},
		{"Workbook", {"xls2csv", "catdoc", excel}},
		{"PowerPoint Document", {"catppt", "catdoc", powerpoint}},
		{"Book", {"xls2csv", "catdoc", excel}},
	};
	if (has_entry(job, "EncryptedPackage"))
		return text_trouble(job, "it is encrypted");
	if (has_entry(job, "__substg1.0_"))
		return text_trouble(job, "no reader for Outlook messages (.msg)");
	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
		if (!has_entry(job, kinds[i].entry))
			continue;
		int status = text_child_run(job, &kinds[i].child);
		GString *plain = job->flow.out;
		g_autofree char *mended = wire_repair(plain->str, plain->len, NULL);
		if (mended)
			g_string_assign(plain, mended);
		drop_field_codes(plain);
		if (status > 0)
			text_trouble(job, "%s could not read it: damaged or encrypted", kinds[i].child.program);
		return !job->why;
	}
	return text_trouble(job, "no reader for this kind of compound file");
}
