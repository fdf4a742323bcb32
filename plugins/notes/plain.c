/* SPDX-License-Identifier: ISC
 *
 * plain: text files, HTML, and wiki links, which any of them may hold. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dates.h"
#include "note.h"

#define MAX_LINK    1000 /* bytes between [[ and ]] */
#define MAX_HEADING 160  /* bytes of a line that may be a heading in plain text */

void plain_wiki_links(struct buffer *b, size_t start)
{
	if (b->length < start + 4 || !memmem(b->data + start, b->length - start, "[[", 2))
		return;
	struct buffer out = {0};
	for (size_t i = start; i < b->length;) {
		const char *p = b->data + i;
		size_t left = b->length - i, most = left < MAX_LINK ? left : MAX_LINK;
		bool embed = left > 3 && p[0] == '!' && p[1] == '[' && p[2] == '[';
		const char *open = embed ? p + 1 : p;
		const char *end = left > 4 && open[0] == '[' && open[1] == '['
					  ? memmem(open + 2, most - 2 - (size_t)(open - p), "]]", 2)
					  : NULL;
		if (!end || end == open + 2 || memchr(open, '\n', (size_t)(end - open))) {
			buffer_char(&out, *p);
			i++;
			continue;
		}
		const char *words = open + 2, *bar = memchr(words, '|', (size_t)(end - words));
		size_t length = (size_t)(end - words);
		if (bar && !embed && bar + 1 < end) { /* in embeds what follows the bar is a size */
			words = bar + 1;
			length = (size_t)(end - words);
		} else if (bar) {
			length = (size_t)(bar - words);
		}
		if (embed)
			buffer_char(&out, '[');
		buffer_add(&out, words, length);
		if (embed)
			buffer_char(&out, ']');
		i = (size_t)(end + 2 - b->data);
	}
	b->length = start;
	buffer_add(b, buffer_string(&out), out.length);
	buffer_free(&out);
}

static bool is_underline(const char *line, size_t length)
{
	if (length < 3 || (*line != '=' && *line != '-' && *line != '~'))
		return false;
	for (size_t i = 1; i < length; i++)
		if (line[i] != *line)
			return false;
	return true;
}

/* The words that may stand before a day and leave the line a heading: "ma 3.11.2025", "Kokous 3.11.2025". */
bool plain_begins_with_day(const char *line, size_t length)
{
	char text[MAX_HEADING + 1];
	struct date d;
	if (length > MAX_HEADING)
		return false;
	memcpy(text, line, length);
	text[length] = '\0';
	return date_find(text, 0, false, &d) && d.start <= 24 && !memchr(text, ':', d.start) &&
	       !memchr(text, ',', d.start);
}

void read_plain(struct note *n, const char *text, size_t length)
{
	size_t i = read_front_matter(n, text, length);
	bool after_blank = true;
	while (i < length) {
		const char *line = text + i, *end = memchr(line, '\n', length - i);
		size_t l = end ? (size_t)(end - line) : length - i, next = i + l + 1, at = n->text.length;
		const char *second = next < length ? text + next : NULL,
			   *second_end = second ? memchr(second, '\n', length - next) : NULL;
		size_t second_length = second ? (second_end ? (size_t)(second_end - second) : length - next) : 0;
		size_t words = l;
		while (words && isspace((unsigned char)line[words - 1]))
			words--;
		buffer_add(&n->text, line, l);
		buffer_char(&n->text, '\n');
		if (words && words <= MAX_HEADING && second && is_underline(second, second_length) &&
		    !is_underline(line, words)) {
			note_heading(n, *second == '=' ? 1 : 2, at, n->text.length, line, words);
			next += second_length + 1; /* the underline is markup */
		} else if (words && after_blank && plain_begins_with_day(line, words)) {
			note_heading(n, 3, at, n->text.length, line, words);
		}
		after_blank = !words;
		i = next;
	}
}

/* The first <title>, for the host's text has it as its first line, and not always. */
static void html_title(struct note *n, const struct meri_host *host, const char *bytes, size_t length)
{
	size_t most = length < 65536 ? length : 65536;
	for (size_t i = 0; i + 8 < most; i++) {
		if (bytes[i] != '<' || strncasecmp(bytes + i, "<title", 6) != 0)
			continue;
		const char *start = memchr(bytes + i, '>', most - i);
		const char *end = start ? memmem(start, most - (size_t)(start - bytes), "</", 2) : NULL;
		if (!end)
			return;
		struct buffer page = {0};
		const char *why, *text;
		buffer_text(&page, "<p>");
		buffer_add(&page, start + 1, (size_t)(end - start - 1));
		struct meri_blob blob = {
			.size = sizeof(blob), .bytes = page.data, .length = page.length, .media_type = "text/html"};
		text = host->text_of(host, &blob, &why);
		if (text)
			note_meta(n, "title", 5, text, strlen(text));
		buffer_free(&page);
		return;
	}
}

void read_html(struct note *n, const struct meri_host *host, const char *bytes, size_t length, const char *name)
{
	html_title(n, host, bytes, length);
	const char *why = NULL;
	struct meri_blob blob = {
		.size = sizeof(blob), .bytes = bytes, .length = length, .name = name, .media_type = "text/html"};
	const char *text = host->text_of(host, &blob, &why);
	if (text)
		read_plain(n, text, strlen(text));
	else
		note_problem(n, why ? why : "its HTML could not be read");
}
