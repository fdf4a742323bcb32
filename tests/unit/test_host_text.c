/* text_of: each kind of file, whole and broken; and every file of the pack "documents", if it is there. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <ftw.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "host/host.h"
#include "host/text.h"

static struct host_text *reader;
static const char *why;

static const char *read_as(const void *bytes, gsize length, const char *name, const char *type)
{
	return host_text_of(reader, &(struct meri_blob){sizeof(struct meri_blob), bytes, length, name, type}, &why);
}

static const char *read_string(const char *text, const char *name, const char *type)
{
	return read_as(text, strlen(text), name, type);
}

static void gives(const char *text, const char *name, const char *type, const char *expected)
{
	const char *got = read_string(text, name, type);
	assert_non_null(got);
	assert_string_equal(got, expected);
	assert_null(why);
}

static void gives_nothing(const void *bytes, gsize length, const char *name, const char *type, const char *word)
{
	assert_null(read_as(bytes, length, name, type));
	assert_non_null(why);
	if (!strstr(why, word))
		fail_msg("\"%s\" does not say \"%s\"", why, word);
}

/* ---- plain text ---- */

static void test_plain(void **state)
{
	(void)state;
	gives("Hyvää päivää", NULL, NULL, "Hyvää päivää");
	gives("one\r\ntwo\rthree\n", "a.txt", NULL, "one\ntwo\nthree\n");
	gives("a\x01z\x1b[1m \x7f", "a.log", NULL, "az[1m ");
	gives("", "a.txt", NULL, "");
	gives("\xef\xbb\xbfmark", NULL, NULL, "mark");
	gives("P\xe4iv\xe4\xe4 \x96 20 \x80", NULL, NULL, "Päivää – 20 €");
	gives("<b>not markup</b>", "a.txt", "text/plain", "<b>not markup</b>");
}

static void test_charsets(void **state)
{
	(void)state;
	gives("P\xe4iv\xe4 \xa4", NULL, "text/plain; charset=ISO-8859-15", "Päivä €");
	gives("P\xe4iv\xe4 \x80", NULL, "text/plain; charset=\"us-ascii\"", "Päivä €");
	gives("\xcf\xf0\xe8\xe2\xe5\xf2", NULL, "text/plain; charset=windows-1251", "Привет");
	gives("\x1b$B$3$s\x1b(B", NULL, "text/plain; charset=iso-2022-jp", "こん");
	gives("xin ch\xe0o", NULL, "text/plain; charset=windows-1258", "xin chào");
	/* What says Latin and is UTF-8 is UTF-8. */
	gives("Päivää", NULL, "text/plain; charset=iso-8859-1", "Päivää");
	gives("P\xe4iv\xe4", NULL, "text/plain; charset=no-such-charset", "Päivä");
	gives("P\xe4iv\xe4", NULL, "text/plain; charset=utf-8", "P\xef\xbf\xbdiv\xef\xbf\xbd");
	assert_string_equal(read_as("\xff\xfeP\0\xe4\0", 6, NULL, NULL), "Pä");
	assert_string_equal(read_as("\xfe\xff\0P\0\xe4", 6, NULL, NULL), "Pä");
	assert_string_equal(read_as("P\0\xe4\0i\0v\0\xe4\0\n\0", 12, "a.txt", NULL), "Päivä\n");
	assert_string_equal(read_as("\xff\xfeP\0\xe4", 5, NULL, NULL), "P\xef\xbf\xbd"); /* half a character */
}

/* ---- HTML ---- */

static void test_html(void **state)
{
	(void)state;
	gives("<html><head><title>Otsikko</title><style>p{}</style><script>var a = "
	      "'<p>';</script></head><body><p>Yksi&nbsp;"
	      "kaksi &amp; kolme</p><p>nelj&auml;<br>viisi</p></body></html>",
	      "a.html", NULL, "Otsikko\n\nYksi kaksi & kolme\n\nneljä\nviisi");
	gives("<p>See <a href='https://example.com/secret'>the offer</a>, <b>bold</b>ly.</p>", NULL, "text/html",
	      "See the offer, boldly.");
	gives("<ul><li>one<li>two</ul>", NULL, "text/html", "- one\n- two");
	gives("<table><tr><th>a<th>b<tr><td>1<td>2</table>", NULL, "text/html", "a\tb\n1\t2");
	gives("<pre>  x\n   y</pre><p>z</p>", NULL, "text/html", "  x\n   y\n\nz");
	gives("<p>hi</p><blockquote>they wrote<br>this<blockquote>and that</blockquote></blockquote><p>bye</p>", NULL,
	      "text/html", "hi\n\n> they wrote\n> this\n>\n> > and that\n\nbye");
	gives("<p style='display: none'>hidden</p><p hidden>too</p>shown<img alt='logo'>", NULL, "text/html",
	      "shownlogo");
	gives("un<span>closed <p>&#xe4;&lt;&unknown; x", NULL, "text/html", "unclosed\n\nä<&unknown; x");
	gives("soft\xc2\xadhyphen", NULL, "text/html", "softhyphen");
}

static void test_html_charsets(void **state)
{
	(void)state;
	gives("<meta charset=windows-1252><p>P\xe4iv\xe4", NULL, "text/html", "Päivä");
	gives("<meta http-equiv=Content-Type content='text/html; charset=iso-8859-15'><p>\xa4", NULL, "text/html", "€");
	gives("<meta charset=iso-8859-1><p>Päivä", NULL, "text/html", "Päivä");
	gives("<meta charset=utf-16><p>Päivä", NULL, "text/html", "Päivä");
	gives("<meta charset=iso-8859-15><p>\xe4", NULL, "text/html; charset=windows-1251", "д");
}

static void test_markup_is_recognised(void **state)
{
	(void)state;
	gives("<!-- x --> <!DOCTYPE html><p>a", NULL, NULL, "a");
	gives("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body><p>a</p></body></html>", NULL,
	      "application/xml", "a");
	gives("<?xml version='1.0'?><r><a>one</a>\n<b>two</b></r>", NULL, NULL, "one\ntwo");
}

static void test_deep_and_long_html_ends(void **state)
{
	(void)state;
	g_autoptr(GString) deep = g_string_new("<p>begin");
	for (int i = 0; i < 200000; i++)
		g_string_append(deep, i & 1 ? "<div>" : "<font>");
	gint64 began = g_get_monotonic_time();
	const char *text = read_as(deep->str, deep->len, NULL, "text/html");
	assert_non_null(text);
	assert_true(g_str_has_prefix(text, "begin"));
	assert_true(g_get_monotonic_time() - began < (TEXT_MAX_SECONDS + 10) * G_USEC_PER_SEC);
}

/* ---- XML ---- */

static void test_xml(void **state)
{
	(void)state;
	gives("<?xml version='1.0' encoding='iso-8859-1'?><a>P\xe4iv\xe4 &amp; <![CDATA[<y\xf6>]]></a>", "a.xml", NULL,
	      "Päivä & <yö>");
	/* Entities are not followed: neither to files nor into themselves. */
	const char *text =
		read_string("<!DOCTYPE a [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><a>x&f;y</a>", "a.xml", NULL);
	assert_true(!text || !strstr(text, "root"));
	g_autoptr(GString) bomb = g_string_new("<!DOCTYPE a [<!ENTITY e0 'ha'>");
	for (int i = 1; i < 40; i++)
		g_string_append_printf(bomb, "<!ENTITY e%d '&e%d;&e%d;'>", i, i - 1, i - 1);
	g_string_append(bomb, "]><a>x&e39;y</a>");
	text = read_as(bomb->str, bomb->len, "a.xml", NULL);
	assert_true(!text || strlen(text) < 100);
}

static void test_broken_xml_gives_what_it_had(void **state)
{
	(void)state;
	const char *text = read_string("<?xml version='1.0'?><a>one <b>two</a>", "a.xml", NULL);
	assert_non_null(text);
	assert_non_null(strstr(text, "two"));
	assert_non_null(why);
	assert_non_null(strstr(why, "damaged"));
}

/* ---- office documents: written here, part by part ---- */

struct made {
	const char *name, *content;
};

static GByteArray *zip_of(const struct made *parts, gsize n)
{
	gsize room = 1 << 16, used = 0;
	for (gsize i = 0; i < n; i++)
		room += strlen(parts[i].content) + 1024;
	g_autofree guint8 *bytes = g_malloc(room);
	struct archive *a = archive_write_new();
	archive_write_set_format_zip(a);
	assert_int_equal(archive_write_open_memory(a, bytes, room, &used), ARCHIVE_OK);
	for (gsize i = 0; i < n; i++) {
		struct archive_entry *e = archive_entry_new();
		archive_entry_set_pathname(e, parts[i].name);
		archive_entry_set_size(e, (la_int64_t)strlen(parts[i].content));
		archive_entry_set_filetype(e, AE_IFREG);
		archive_entry_set_perm(e, 0644);
		assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
		archive_write_data(a, parts[i].content, strlen(parts[i].content));
		archive_entry_free(e);
	}
	archive_write_close(a);
	archive_write_free(a);
	GByteArray *out = g_byte_array_new();
	return g_byte_array_append(out, bytes, (guint)used);
}

static const char *office(const struct made *parts, gsize n)
{
	g_autoptr(GByteArray) zip = zip_of(parts, n);
	return read_as(zip->data, zip->len, "document", NULL);
}

#define W "xmlns:w='w' xmlns:mc='mc'"

static void test_docx(void **state)
{
	(void)state;
	static const struct made parts[] = {
		{"word/header1.xml", "<w:hdr " W "><w:p><w:r><w:t>Header</w:t></w:r></w:p></w:hdr>"},
		{"[Content_Types].xml", "<Types/>"},
		{"word/document.xml",
		 "<w:document " W "><w:body><w:p><w:pPr><w:t>style</w:t></w:pPr><w:r><w:t>Tarjous "
		 "</w:t></w:r><w:r><w:t>Virtaselle</w:t></w:r></w:p>"
		 "<w:p><w:r><w:instrText>PAGE</w:instrText><w:delText>old</w:delText><w:t>toinen</w:t><w:tab/"
		 "><w:t>rivi</w:t></w:r></w:p>"
		 "<mc:AlternateContent><mc:Choice><w:p><w:r><w:t>once</w:t></w:r></w:p></"
		 "mc:Choice><mc:Fallback><w:p><w:r><w:t>once</w:t></w:r></w:p>"
		 "</mc:Fallback></mc:AlternateContent>"
		 "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></"
		 "w:p><w:p><w:r><w:t>c</w:t></w:r></w:p>"
		 "</w:tc></w:tr></w:tbl><w:p><w:r><w:t>end</w:t></w:r></w:p></w:body></w:document>"},
		{"word/styles.xml", "<w:t " W ">never</w:t>"},
	};
	const char *text = office(parts, G_N_ELEMENTS(parts));
	assert_null(why);
	assert_string_equal(text, "Tarjous Virtaselle\ntoinen rivi\nonce\na\tb\nc\nend\n\nHeader");
}

static void test_xlsx(void **state)
{
	(void)state;
	static const struct made parts[] = {
		{"xl/worksheets/sheet10.xml",
		 "<worksheet><sheetData><row><c t='inlineStr'><is><t>last</t></is></c></row></sheetData></worksheet>"},
		{"xl/worksheets/sheet2.xml",
		 "<worksheet><sheetData><row><c t='s'><v>1</v></c><c><f>A1*2</f><v>42.5</v></c></row><row><c "
		 "t='s'><v>0</v></c><c t='s'><v>99</v></c>"
		 "<c t='str'><v>text</v></c></row></sheetData></worksheet>"},
		{"xl/sharedStrings.xml",
		 "<sst><si><t>first</t></si><si><r><t>sec</t></r><r><t>ond</t></r><rPh><t>no</t></rPh></si></sst>"},
	};
	const char *text = office(parts, G_N_ELEMENTS(parts));
	assert_null(why);
	assert_string_equal(text, "second\t42.5\nfirst\ttext\n\nlast");
}

static void test_pptx(void **state)
{
	(void)state;
	static const struct made parts[] = {
		{"ppt/slides/slide10.xml",
		 "<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>ten</a:t></a:r></a:p></p:sld>"},
		{"ppt/slides/slide2.xml",
		 "<p:sld xmlns:p='p' "
		 "xmlns:a='a'><a:p><a:r><a:t>two</a:t></a:r></a:p><a:p><a:r><a:t>more</a:t></a:r></a:p></p:sld>"},
		{"ppt/notesSlides/notesSlide1.xml",
		 "<p:notes xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>note</a:t></a:r></a:p></p:notes>"},
		{"ppt/slideMasters/slideMaster1.xml", "<a:t xmlns:a='a'>never</a:t>"},
	};
	assert_string_equal(office(parts, G_N_ELEMENTS(parts)), "two\nmore\n\nten\n\nnote");
}

static void test_odt(void **state)
{
	(void)state;
	static const struct made parts[] = {
		{"mimetype", "application/vnd.oasis.opendocument.text"},
		{"content.xml", "<o:document-content xmlns:o='o' xmlns:t='t' "
				"xmlns:b='b'><o:automatic-styles><t:p>never</t:p></o:automatic-styles><o:body><o:text>"
				"<t:tracked-changes><t:p>deleted</t:p></t:tracked-changes><t:h>Otsikko</"
				"t:h><t:p>yksi<t:s/>kaksi<t:line-break/>kolme</t:p>"
				"<b:table><b:table-row><b:table-cell><t:p>a</t:p></b:table-cell><b:table-cell><t:p>b</"
				"t:p></b:table-cell></b:table-row></b:table>"
				"<t:p>loppu</t:p></o:text></o:body></o:document-content>"},
	};
	assert_string_equal(office(parts, G_N_ELEMENTS(parts)), "Otsikko\nyksi kaksi\nkolme\na\tb\nloppu");
}

static void test_epub(void **state)
{
	(void)state;
	static const struct made parts[] = {
		{"META-INF/container.xml", "<container/>"},
		{"OEBPS/ch10.xhtml", "<html><body><p>Ten</p></body></html>"},
		{"OEBPS/ch2.xhtml", "<html><body><p>Two &auml;</p></body></html>"},
	};
	assert_string_equal(office(parts, G_N_ELEMENTS(parts)), "Two ä\n\nTen");
}

/* ---- what must not hurt ---- */

static void test_zip_bomb(void **state)
{
	(void)state;
	gsize length = 300u << 20;
	g_autofree char *body = g_malloc(length + 1);
	static const char begin[] = "<w:document xmlns:w='w'>", empty[] = "<w:p>        </w:p>";
	memcpy(body, begin, sizeof begin - 1);
	for (gsize i = 0; i < length - (sizeof begin - 1); i++)
		body[sizeof begin - 1 + i] = empty[i % (sizeof empty - 1)];
	body[length] = '\0';
	const struct made parts[] = {{"word/document.xml", body}};
	g_autoptr(GByteArray) zip = zip_of(parts, 1);
	assert_true(zip->len < (2u << 20));
	g_clear_pointer(&body, g_free);
	read_as(zip->data, zip->len, "bomb.docx", NULL);
	assert_non_null(why);
	if (!strstr(why, "unpacks to more"))
		fail_msg("%s", why);
}

static void test_strings_many_times(void **state)
{
	(void)state;
	/* A megabyte in the table, and 10,000 cells that name it. */
	g_autoptr(GString) strings = g_string_new("<sst><si><t>"), sheet = g_string_new("<worksheet><sheetData><row>");
	for (int i = 0; i < 100000; i++)
		g_string_append_printf(strings, "word%06d ", i);
	g_string_append(strings, "</t></si></sst>");
	for (int i = 0; i < 10000; i++)
		g_string_append(sheet, "<c t='s'><v>0</v></c>");
	g_string_append(sheet, "</row></sheetData></worksheet>");
	const struct made parts[] = {{"xl/sharedStrings.xml", strings->str}, {"xl/worksheets/sheet1.xml", sheet->str}};
	const char *text = office(parts, 2);
	assert_non_null(text);
	assert_non_null(why);
	assert_true(strlen(text) <= TEXT_MAX);
}

static void test_deep_xml(void **state)
{
	(void)state;
	g_autoptr(GString) deep = g_string_new("<w:document xmlns:w='w'><w:t>begin</w:t>");
	for (int i = 0; i < 100000; i++)
		g_string_append(deep, "<w:p>");
	const struct made parts[] = {{"word/document.xml", deep->str}};
	const char *text = office(parts, 1);
	assert_non_null(why);
	assert_string_equal(text, "begin");
}

static void test_broken_archives(void **state)
{
	(void)state;
	static const struct made parts[] = {
		{"word/document.xml", "<w:document xmlns:w='w'><w:p><w:t>words</w:t></w:p></w:document>"}};
	static const struct made other[] = {{"readme.txt", "an archive"}};
	g_autoptr(GByteArray) zip = zip_of(parts, 1), pictures = zip_of(other, 1);
	for (guint cut = 4; cut < zip->len; cut++) { /* every length gives text or a reason */
		const char *text = read_as(zip->data, cut, "a.docx", NULL);
		assert_true(text || why);
	}
	for (guint at = 0; at < zip->len; at++) {
		zip->data[at] ^= 0xff;
		const char *text = read_as(zip->data, zip->len, "a.docx", NULL);
		assert_true(text || why);
		zip->data[at] ^= 0xff;
	}
	gives_nothing(pictures->data, pictures->len, "a.zip", NULL, "no reader for this kind of archive");
}

static void test_no_reader(void **state)
{
	(void)state;
	gives_nothing("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0", 20, "logo.png", "image/png", "no reader for image/png");
	gives_nothing("AC1027\0\0\0\0\0\0\0\0\0\0\0", 18, "plan.DWG", NULL, "no reader for .dwg files");
	gives_nothing("\0\1\2\3\4\5\6\7\0\1\2\3\4\5", 14, NULL, NULL, "its kind is not known");
	gives_nothing("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", 10, "a.doc", "application/msword",
		      "no reader for this kind of compound file");
	gives_nothing("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1_\0_\0s\0u\0b\0s\0t\0g\0001\0.\0000\0_\0", 33, "a.msg", NULL,
		      "Outlook");
}

static void test_pdf(void **state)
{
	(void)state;
	static const char pdf[] =
		"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count "
		"1>>endobj\n"
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 "
		"R>>>>>>endobj\n"
		"4 0 obj<</Length 44>>stream\nBT /F1 18 Tf 20 100 Td (Tarjous 4711) Tj ET \nendstream endobj\n"
		"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
	g_autofree char *program = g_find_program_in_path("pdftotext");
	if (!program) {
		assert_null(read_string(pdf, "a.pdf", NULL));
		assert_non_null(strstr(why, "pdftotext is not installed"));
		skip();
	}
	const char *text = read_string(pdf, "offer", "application/octet-stream");
	assert_non_null(text);
	assert_non_null(strstr(text, "Tarjous 4711"));
	gives_nothing("%PDF-1.4\nnothing here", 20, "a.pdf", NULL, "pdftotext could not read it");
	g_autofree char *path = g_strdup(g_getenv("PATH"));
	g_setenv("PATH", "/nowhere", TRUE);
	gives_nothing(pdf, sizeof pdf - 1, "a.pdf", NULL, "pdftotext is not installed");
	g_setenv("PATH", path, TRUE);
}

static void test_old_office(void **state)
{
	(void)state;
	/* What catdoc makes of something that is no document: a reason, or nothing, but no crash of ours. */
	static const char bad[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0";
	g_autofree char *path = g_strdup(g_getenv("PATH"));
	const char *text = read_as(bad, sizeof bad, "a.doc", NULL);
	assert_true(text || why);
	g_setenv("PATH", "/nowhere", TRUE);
	gives_nothing(bad, sizeof bad, "a.doc", NULL, "catdoc is not installed");
	g_setenv("PATH", path, TRUE);
}

static void test_rtf(void **state)
{
	(void)state;
	gives("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 "
	      "Times;}}{\\colortbl;\\red1;}"
	      "{\\*\\generator Word;}{\\info{\\title T}}\\f0 P\\'e4iv\\'e4\\~hyv\\'e4\\par {\\f1 \\'cf\\'f0}\\tab "
	      "\\{x\\}\r\ny\\par}",
	      "a.rtf", NULL, "Päivä hyvä\nПр\t{x}y");
	gives("{\\rtf1\\uc1 a\\u228?b\\u8364 ?c \\uc2\\u-10179 ??\\u-8640 ??d\\emdash e}", NULL, NULL, "aäb€c 🙀d—e");
	gives("{\\rtf1 {\\field{\\*\\fldinst HYPERLINK \"http://x/\"}{\\fldrslt the offer}}{\\pict\\bin4 }}}}} done}",
	      NULL, NULL, "the offer done");
	gives("{\\rtf1 {\\trowd a\\cell b\\cell\\row c\\cell\\row}}", NULL, NULL, "a\tb\nc");
	const char *text = read_string("{\\rtf1 begun {\\b bold", NULL, NULL);
	assert_string_equal(text, "begun bold");
	assert_non_null(strstr(why, "too early"));
	g_autofree char *deep = g_strnfill(100000, '{');
	memcpy(deep, "{\\rtf1 x", 8);
	assert_string_equal(read_string(deep, NULL, NULL), "x");
}

static gboolean over(gpointer user)
{
	(void)user;
	return TRUE;
}

static void test_stop(void **state)
{
	(void)state;
	struct host_text *stopped = host_text_new(NULL, over, NULL);
	g_autofree char *page = g_strnfill(200000, 'x');
	memcpy(page, "<html><p>", 9);
	host_text_of(stopped, &(struct meri_blob){sizeof(struct meri_blob), page, 200000, "a.html", NULL}, &why);
	assert_non_null(why);
	assert_non_null(strstr(why, "the run is over"));
	host_text_free(stopped);
}

/* ---- the pack ---- */

static struct {
	guint files, read, refused;
	gint64 slowest;
	char slowest_name[200];
} tally;

static int on_file(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)where;
	g_autofree char *bytes = NULL;
	gsize length;
	if (type != FTW_F || !g_file_get_contents(path, &bytes, &length, NULL))
		return 0;
	gint64 began = g_get_monotonic_time();
	const char *text = read_as(bytes, length, path, NULL);
	gint64 took = g_get_monotonic_time() - began;
	if (!text && !why)
		fail_msg("%s: neither text nor a reason", path);
	if (text && !g_utf8_validate(text, -1, NULL))
		fail_msg("%s: the text is not UTF-8", path);
	tally.files++;
	tally.read += text != NULL;
	tally.refused += text == NULL;
	if (took > tally.slowest) {
		tally.slowest = took;
		g_strlcpy(tally.slowest_name, path, sizeof tally.slowest_name);
	}
	return 0;
}

static void test_pack(void **state)
{
	(void)state;
	const char *given = g_getenv("MERI_DATA");
	g_autofree char *folder = g_build_filename(given ? given : ".data", "documents", NULL);
	if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
		print_message("skip the pack \"documents\" is not here\n");
		g_clear_pointer(&folder, g_free); /* skip() jumps over the cleanups */
		skip();
	}
	struct rusage usage;
	assert_int_equal(nftw(folder, on_file, 20, FTW_PHYS), 0);
	getrusage(RUSAGE_SELF, &usage);
	print_message("%u files: text of %u, a reason for %u; slowest %.2f s: %s\n", tally.files, tally.read,
		      tally.refused, (double)tally.slowest / G_USEC_PER_SEC, tally.slowest_name);
	assert_true(tally.read > tally.refused);
	assert_true(tally.slowest < 20 * G_USEC_PER_SEC);
}

static int set_up(void **state)
{
	(void)state;
	reader = host_text_new(NULL, NULL, NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	host_text_free(reader);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_charsets),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_html_charsets),
		cmocka_unit_test(test_markup_is_recognised),
		cmocka_unit_test(test_deep_and_long_html_ends),
		cmocka_unit_test(test_xml),
		cmocka_unit_test(test_broken_xml_gives_what_it_had),
		cmocka_unit_test(test_docx),
		cmocka_unit_test(test_xlsx),
		cmocka_unit_test(test_pptx),
		cmocka_unit_test(test_odt),
		cmocka_unit_test(test_epub),
		cmocka_unit_test(test_zip_bomb),
		cmocka_unit_test(test_strings_many_times),
		cmocka_unit_test(test_deep_xml),
		cmocka_unit_test(test_broken_archives),
		cmocka_unit_test(test_no_reader),
		cmocka_unit_test(test_pdf),
		cmocka_unit_test(test_old_office),
		cmocka_unit_test(test_rtf),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_pack),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
