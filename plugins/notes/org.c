/* SPDX-License-Identifier: ISC
 *
 * org: Emacs Org files, line by line, as the format itself is. Keywords (#+TITLE:) and the file's property drawer are
 * what it says about itself; block marks, ids and cookies go; links keep their words. There is no library for Org in C.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "keys.h"
#include "note.h"

#define MAX_LINK 4000

struct org {
	struct note *note;
	struct buffer lines; /* running text that waits for its links: they may go over line ends */
	bool drawer;         /* inside :PROPERTIES: */
	bool verbatim;       /* inside a source or example block: its lines stay as they are */
};

static bool starts(const char *line, size_t length, const char *word)
{
	size_t n = strlen(word);
	return length >= n && !strncasecmp(line, word, n);
}

static bool is_web(const char *url, size_t length)
{
	return starts(url, length, "http://") || starts(url, length, "https://");
}

/* [[target][words]], [[target]]: the words, and a web address behind them. */
static void inline_text(struct buffer *out, const char *line, size_t length)
{
	for (size_t i = 0; i < length;) {
		const char *p = line + i;
		size_t left = length - i, most = left < MAX_LINK ? left : MAX_LINK;
		const char *end = left > 4 && p[0] == '[' && p[1] == '[' ? memmem(p + 2, most - 2, "]]", 2) : NULL;
		if (!end || end == p + 2 || memmem(p, (size_t)(end - p), "\n\n", 2)) {
			size_t plain = 1;
			while (plain < left && p[plain] != '[')
				plain++;
			buffer_add(out, p, plain);
			i += plain;
			continue;
		}
		const char *target = p + 2, *middle = memmem(target, (size_t)(end - target), "][", 2);
		size_t target_length = (size_t)((middle ? middle : end) - target);
		if (middle) {
			size_t words = (size_t)(end - middle - 2);
			buffer_add(out, middle + 2, words);
			if (is_web(target, target_length) &&
			    (words != target_length || memcmp(middle + 2, target, words) != 0)) {
				buffer_text(out, " (");
				buffer_add(out, target, target_length);
				buffer_char(out, ')');
			}
		} else {
			if (starts(target, target_length, "file:")) {
				const char *slash = memrchr(target, '/', target_length);
				const char *name = slash ? slash + 1 : target + 5;
				target_length -= (size_t)(name - target);
				target = name;
			}
			buffer_add(out, target, target_length);
		}
		i = (size_t)(end + 2 - line);
	}
}

/* Tags at a heading's end, ":visit:virtanen:", go to the metas. Returns the length of what stands before them. */
static size_t heading_tags(struct note *n, const char *line, size_t length)
{
	while (length && isspace((unsigned char)line[length - 1]))
		length--;
	if (length < 3 || line[length - 1] != ':')
		return length;
	size_t i = length - 1;
	while (i > 0 && !isspace((unsigned char)line[i - 1]))
		i--;
	if (i == 0 || line[i] != ':' || length - i < 3)
		return length;
	for (size_t a = i + 1; a < length;) {
		const char *colon = memchr(line + a, ':', length - a);
		size_t l = (size_t)(colon - (line + a));
		note_meta(n, "tag", 3, line + a, l);
		a += l + 1;
	}
	while (i && isspace((unsigned char)line[i - 1]))
		i--;
	return i;
}

static void heading(struct org *o, const char *line, size_t length, size_t stars)
{
	struct buffer *out = &o->note->text;
	line += stars;
	length -= stars;
	while (length && *line == ' ') {
		line++;
		length--;
	}
	length = heading_tags(o->note, line, length);
	size_t at = out->length;
	const char *cookie = memmem(line, length, "[#", 2);
	if (cookie && cookie + 3 < line + length && cookie[3] == ']') { /* a priority */
		buffer_add(out, line, (size_t)(cookie - line));
		const char *rest = cookie + 4 + (cookie + 4 < line + length && cookie[4] == ' ');
		inline_text(out, rest, length - (size_t)(rest - line));
	} else {
		inline_text(out, line, length);
	}
	size_t end = out->length;
	buffer_char(out, '\n');
	note_heading(o->note, (int)(stars < 50 ? stars : 50), at, out->length, out->data + at, end - at);
}

/* "#+KEY: value". FALSE: a keyword that says something in the text itself. */
static bool keyword(struct org *o, const char *line, size_t length)
{
	static const char *const told[] = {
		"title",       "date",      "author",       "email",     "filetags", "customer", "asiakas",
		"kund",        "company",   "crm-id",       "crm_id",    "subtitle", "language", "keywords",
		"description", "attendees", "osallistujat", "deltagare", "yritys",   "created",  NULL};
	const char *colon = memchr(line, ':', length);
	if (!colon)
		return true; /* #+BEGIN_..., #+END_... */
	const char *value = colon + 1;
	size_t key_length = (size_t)(colon - line - 2), value_length = length - (size_t)(value - line);
	for (const char *const *key = told; *key; key++) {
		if (strlen(*key) != key_length || strncasecmp(*key, line + 2, key_length) != 0)
			continue;
		struct buffer words = {0};
		inline_text(&words, value, value_length);
		bool own = !strcmp(*key, "email"); /* in Org it is the writer's */
		note_meta(o->note, own ? "author" : *key, own ? 6 : key_length, buffer_string(&words), words.length);
		buffer_free(&words);
		return true;
	}
	return !starts(line, length, "#+caption");
}

/* What Emacs keeps there for itself. */
static bool is_inner(const char *key, size_t length)
{
	static const char *const inner[] = {
		"id",     "custom_id",   "roam_",  "noter",   "archive", "beamer",   "header-args", "export",
		"dir",    "visibility",  "cache",  "results", "attach",  "category", "style",       "effort",
		"coding", "last-repeat", "drill_", "html_",   "latex_",  NULL};
	for (const char *const *word = inner; *word; word++)
		if (starts(key, length, *word))
			return true;
	return false;
}

/* ":CUSTOMER: Virtanen" says whose the note is; what says nothing that we know stays in the text, to be found. */
static void property(struct org *o, const char *line, size_t length)
{
	const char *colon = length > 2 ? memchr(line + 1, ':', length - 1) : NULL;
	char name[64] = "";
	if (!colon || is_inner(line + 1, (size_t)(colon - line - 1)))
		return;
	size_t key_length = (size_t)(colon - line - 1), value_length = length - (size_t)(colon + 1 - line);
	for (size_t i = 0; i < key_length && i + 1 < sizeof(name); i++)
		name[i] = (char)(line[1 + i] == '_' ? '-' : tolower((unsigned char)line[1 + i]));
	if (key_of(name).kind != KEY_FIELD) {
		note_meta(o->note, line + 1, key_length, colon + 1, value_length);
		return;
	}
	buffer_add(&o->lines, line + 1, length - 1);
	buffer_char(&o->lines, '\n');
}

static void flush(struct org *o)
{
	if (o->lines.length)
		inline_text(&o->note->text, o->lines.data, o->lines.length);
	buffer_clear(&o->lines);
}

/* A block's marks go, and what stands between them stays as it is. */
static bool block_mark(struct org *o, const char *line, size_t length)
{
	if (starts(line, length, "#+begin_src") || starts(line, length, "#+begin_example"))
		o->verbatim = true;
	else if (starts(line, length, "#+end_src") || starts(line, length, "#+end_example"))
		o->verbatim = false;
	return starts(line, length, "#+begin_") || starts(line, length, "#+end_");
}

static void body_line(struct org *o, const char *line, size_t length)
{
	size_t indent = 0;
	while (indent < length && (line[indent] == ' ' || line[indent] == '\t'))
		indent++;
	const char *words = line + indent;
	size_t left = length - indent;
	while (left && isspace((unsigned char)words[left - 1]))
		left--;
	if (o->drawer && left == 5 && starts(words, left, ":end:")) {
		o->drawer = false;
		return;
	}
	o->drawer = o->drawer && left && *words == ':'; /* one that is never closed must not swallow the text */
	if (o->drawer) {
		property(o, words, left);
		return;
	}
	if (block_mark(o, words, left) ||
	    (!o->verbatim && left > 2 && words[0] == '#' && words[1] == '+' && keyword(o, words, left)))
		return;
	if (!o->verbatim && left == 12 && starts(words, left, ":properties:")) {
		o->drawer = true;
		return;
	}
	if (!o->verbatim && left && words[0] == ':' && words[left - 1] == ':' &&
	    (starts(words, left, ":end:") || starts(words, left, ":logbook:")))
		return;
	if (o->verbatim)
		flush(o);
	struct buffer *out = o->verbatim ? &o->note->text : &o->lines;
	buffer_add(out, line, length);
	buffer_char(out, '\n');
}

void read_org(struct note *n, const char *text, size_t length)
{
	struct org o = {.note = n};
	for (size_t i = read_front_matter(n, text, length); i < length;) {
		const char *line = text + i, *end = memchr(line, '\n', length - i);
		size_t l = end ? (size_t)(end - line) : length - i, stars = 0;
		i += l + 1;
		while (stars < l && line[stars] == '*')
			stars++;
		if (stars && stars < l && line[stars] == ' ' && !o.verbatim) {
			o.drawer = false;
			flush(&o);
			heading(&o, line, l, stars);
		} else {
			body_line(&o, line, l);
		}
	}
	flush(&o);
	buffer_free(&o.lines);
}
