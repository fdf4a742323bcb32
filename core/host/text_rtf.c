/* RTF to text. The format is groups in braces, control words, and bytes in the code page of the font at hand. */
#include "host/text.h"

#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 500, MOST_FONTS = 65536 };

struct group {
	guint16 code_page, unicode_skip;
	guint8 hidden;   /* a destination that is not shown */
	guint8 in_fonts; /* the table of fonts */
};

struct rtf {
	struct text_job *job;
	struct text_flow *flow;
	const guint8 *at, *end;
	struct group group, stack[DEEPEST];
	guint depth, too_deep; /* open groups that are kept, and those that are not */
	GByteArray *bytes;     /* text in the code page at hand that was not decoded yet */
	guint16 default_page, font_pages[MOST_FONTS];
	guint font;    /* the one that the table describes */
	guint pending; /* characters to skip after \u: what stands there for older readers */
	gunichar high; /* first half of a surrogate pair */
	gboolean star; /* \* was read: if the next word is not known, its group is hidden */
	guint events;
};

static guint16 page_of_charset(int charset)
{
	static const struct {
		int charset;
		guint16 page;
	} pages[] = {{77, 10000}, {128, 932},  {129, 949},  {130, 1361}, {134, 936},  {136, 950},
		     {161, 1253}, {162, 1254}, {163, 1258}, {177, 1255}, {178, 1256}, {186, 1257},
		     {204, 1251}, {222, 874},  {238, 1250}, {255, 437}};
	for (gsize i = 0; i < G_N_ELEMENTS(pages); i++)
		if (pages[i].charset == charset)
			return pages[i].page;
	return 0; /* the document's own */
}

static void flush(struct rtf *r)
{
	if (!r->bytes->len)
		return;
	char name[16];
	g_snprintf(name, sizeof name, r->group.code_page == 10000 ? "MACINTOSH" : "CP%u", r->group.code_page);
	g_autoptr(GString) text = text_decode(r->bytes->data, r->bytes->len, name);
	if (!text)
		text = text_decode(r->bytes->data, r->bytes->len, "WINDOWS-1252");
	if (text)
		text_flow_add(r->flow, text->str, text->len);
	g_byte_array_set_size(r->bytes, 0);
}

static gboolean shown(const struct rtf *r)
{
	return !r->group.hidden && !r->group.in_fonts;
}

static void put_byte(struct rtf *r, guint8 byte)
{
	if (r->pending)
		r->pending--;
	else if (shown(r))
		g_byte_array_append(r->bytes, &byte, 1);
}

static void put_unicode(struct rtf *r, gunichar c)
{
	char utf8[8];
	if (!shown(r))
		return;
	flush(r);
	if (c >= 0xD800 && c < 0xDC00) {
		r->high = c;
		return;
	}
	if (c >= 0xDC00 && c < 0xE000)
		c = r->high ? 0x10000 + ((r->high - 0xD800) << 10) + (c - 0xDC00) : 0xFFFD;
	r->high = 0;
	text_flow_add(r->flow, utf8, (gsize)g_unichar_to_utf8(c ? c : 0xFFFD, utf8));
}

static void line_end(struct rtf *r)
{
	if (!shown(r))
		return;
	flush(r);
	text_flow_break(r->flow, 1);
}

static void open_group(struct rtf *r)
{
	flush(r);
	if (r->depth < DEEPEST)
		r->stack[r->depth++] = r->group;
	else
		r->too_deep++;
}

static void close_group(struct rtf *r)
{
	flush(r);
	r->pending = 0;
	if (r->too_deep)
		r->too_deep--;
	else if (r->depth)
		r->group = r->stack[--r->depth];
}

/* ---- control words ---- */

static gboolean hides(const char *word)
{
	static const char *const words[] = {
		"colortbl",  "stylesheet", "info",      "pict",      "fldinst",  "themedata",  "colorschememapping",
		"datastore", "listtable",  "rsidtbl",   "generator", "objdata",  "xmlnstbl",   "latentstyles",
		"bkmkstart", "bkmkend",    "pgdsctbl",  "revtbl",    "listtext", "nonshppict", "filetbl",
		"private",   "template",   "datafield", NULL};
	return g_strv_contains(words, word);
}

/* Characters that have words of their own. */
static gunichar named(const char *word)
{
	static const struct {
		const char *word;
		gunichar character;
	} all[] = {{"emdash", 0x2014}, {"endash", 0x2013},    {"lquote", 0x2018},
		   {"rquote", 0x2019}, {"ldblquote", 0x201C}, {"rdblquote", 0x201D},
		   {"bullet", 0x2022}, {"emspace", 0x2003},   {"enspace", 0x2002}};
	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		if (strcmp(word, all[i].word) == 0)
			return all[i].character;
	return 0;
}

static gboolean is_line(const char *word)
{
	static const char *const words[] = {"par", "line", "sect", "page", "row", "column", "softline", NULL};
	return g_strv_contains(words, word);
}

static void select_font(struct rtf *r, int number)
{
	r->font = (guint)CLAMP(number, 0, MOST_FONTS - 1);
	if (r->group.in_fonts)
		return;
	flush(r);
	guint16 page = r->font_pages[r->font];
	r->group.code_page = page ? page : r->default_page;
}

static void on_word(struct rtf *r, const char *word, int number)
{
	gboolean star = r->star;
	r->star = FALSE;
	if (strcmp(word, "u") == 0) {
		put_unicode(r, (gunichar)(number < 0 ? number + 65536 : number) & 0x1fffff);
		r->pending = r->group.unicode_skip;
	} else if (strcmp(word, "uc") == 0) {
		r->group.unicode_skip = (guint16)CLAMP(number, 0, 16);
	} else if (is_line(word)) {
		line_end(r);
	} else if (strcmp(word, "tab") == 0 || strcmp(word, "cell") == 0 || strcmp(word, "nestcell") == 0) {
		flush(r);
		text_flow_tab(r->flow);
	} else if (strcmp(word, "f") == 0) {
		select_font(r, number);
	} else if (strcmp(word, "fcharset") == 0) {
		r->font_pages[r->font] = page_of_charset(number);
	} else if (strcmp(word, "ansicpg") == 0) {
		r->group.code_page = r->default_page = (guint16)CLAMP(number, 1, 65535);
	} else if (strcmp(word, "fonttbl") == 0) {
		r->group.in_fonts = 1;
	} else if (strcmp(word, "bin") == 0) {
		r->at += MIN(r->end - r->at, MAX(number, 0));
	} else if (named(word)) {
		put_unicode(r, named(word));
	} else if (hides(word) || (star && strcmp(word, "shppict") != 0)) {
		flush(r);
		r->group.hidden = 1;
	}
}

/* `at` stands behind the backslash, on a letter. */
static void read_word(struct rtf *r)
{
	char word[33];
	gsize n = 0;
	int number = 0, digits = 0;
	for (; r->at < r->end && g_ascii_isalpha(*r->at); r->at++)
		if (n < sizeof word - 1)
			word[n++] = (char)*r->at;
	word[n] = '\0';
	gboolean minus = r->at < r->end && *r->at == '-';
	r->at += minus;
	for (; r->at < r->end && g_ascii_isdigit(*r->at); r->at++, digits++)
		if (digits < 9)
			number = number * 10 + (*r->at - '0');
	if (r->at < r->end && *r->at == ' ')
		r->at++;
	on_word(r, word, minus ? -number : number);
}

static void read_control(struct rtf *r)
{
	if (r->at >= r->end)
		return;
	guint8 c = *r->at;
	if (g_ascii_isalpha(c)) {
		read_word(r);
		return;
	}
	r->at++;
	if (c == '\'' && r->end - r->at >= 2) {
		int high = g_ascii_xdigit_value((char)r->at[0]), low = g_ascii_xdigit_value((char)r->at[1]);
		r->at += 2;
		if (high >= 0 && low >= 0)
			put_byte(r, (guint8)(high * 16 + low));
	} else if (c == '*') {
		r->star = TRUE;
	} else if (c == '~') {
		put_byte(r, ' ');
	} else if (c == '_') {
		put_byte(r, '-');
	} else if (c == '\r' || c == '\n') {
		line_end(r);
	} else if (c == '\\' || c == '{' || c == '}') {
		put_byte(r, c);
	}
}

gboolean text_read_rtf(struct text_job *job)
{
	struct rtf *r = g_new0(struct rtf, 1);
	r->job = job;
	r->flow = &job->flow;
	r->at = job->bytes;
	r->end = job->bytes + job->length;
	r->bytes = g_byte_array_new();
	r->default_page = 1252;
	r->group = (struct group){.code_page = 1252, .unicode_skip = 1};
	while (r->at < r->end && ((++r->events & 0xfff) || !text_enough(job))) {
		guint8 c = *r->at++;
		if (c == '{')
			open_group(r);
		else if (c == '}')
			close_group(r);
		else if (c == '\\')
			read_control(r);
		else if (c >= 0x20)
			put_byte(r, c);
	}
	flush(r);
	if (r->depth && !job->why)
		text_trouble(job, "the RTF ends too early: %u groups are open", r->depth + r->too_deep);
	g_byte_array_unref(r->bytes);
	g_free(r);
	return !job->why;
}
