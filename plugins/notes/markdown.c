/* SPDX-License-Identifier: ISC
 *
 * markdown: through cmark, which knows what the eye knows and a line reader does not: that a '#' in a code block is no
 * heading, that "Title\n=====" is one, where emphasis and links begin and end. What cmark does not know (wiki links of
 * Obsidian, tables) is plain text to it, and stays readable. */
#include <cmark.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "note.h"

#define BELOW_HEADINGS 7  /* the level of lines that only look like headings */
#define MAX_NUMBERED   50 /* levels of lists whose numbers are kept */

struct walk {
	struct note *note;
	int numbers[MAX_NUMBERED]; /* of the next item, in each list around */
	struct buffer *out;
	int lists, items;   /* depth of lists; items that have not begun their text */
	size_t block, link; /* where the paragraph or heading, and the link at hand began */
};

/* At least `lines` line ends before the next block; none at the beginning. */
static void gap(struct walk *w, int lines)
{
	int there = 0;
	while (there < 2 && w->out->length > (size_t)there && w->out->data[w->out->length - 1 - (size_t)there] == '\n')
		there++;
	if (!w->out->length)
		return;
	for (; there < lines; there++)
		buffer_char(w->out, '\n');
}

static bool is_web(const char *url)
{
	return !strncasecmp(url, "http://", 7) || !strncasecmp(url, "https://", 8);
}

static const char *base_name(const char *url)
{
	const char *slash = strrchr(url, '/');
	return slash && slash[1] ? slash + 1 : url;
}

/* The words of an HTML block: tags and comments out. */
static void without_tags(struct buffer *out, const char *html)
{
	bool closable = true; /* once no '>' follows, none ever will */
	for (const char *p = html; *p;) {
		const char *end = NULL;
		if (!strncmp(p, "<!--", 4))
			end = strstr(p, "-->");
		else if (closable && *p == '<' && (p[1] == '/' || p[1] == '!' || (p[1] | 32) >= 'a'))
			closable = (end = strchr(p, '>')) != NULL;
		if (*p == '<' && end) {
			if (!strncasecmp(p, "<br", 3))
				buffer_char(out, '\n');
			p = end + (*end == '>' ? 1 : 3);
		} else if (!strncmp(p, "<!--", 4)) {
			return;
		} else {
			size_t n = 1 + strcspn(p + 1, "<");
			buffer_add(out, p, n);
			p += n;
		}
	}
}

static void html_block(struct walk *w, const char *html)
{
	struct buffer words = {0};
	without_tags(&words, html);
	buffer_trim(&words);
	const char *text = buffer_string(&words);
	text += strspn(text, " \t\n");
	if (*text) {
		gap(w, 2);
		buffer_text(w->out, text);
	}
	buffer_free(&words);
}

static void item(struct walk *w, cmark_node *node)
{
	cmark_node *list = cmark_node_parent(node);
	gap(w, 1);
	for (int i = 1; i < w->lists && i < 20; i++)
		buffer_text(w->out, "  ");
	if (cmark_node_get_list_type(list) == CMARK_ORDERED_LIST && w->lists <= MAX_NUMBERED)
		buffer_format(w->out, "%d. ", w->numbers[w->lists - 1]++);
	else
		buffer_text(w->out, "- ");
	w->items++;
}

static void begin_block(struct walk *w, cmark_node *node)
{
	cmark_node *parent = cmark_node_parent(node);
	bool in_item = parent && cmark_node_get_type(parent) == CMARK_NODE_ITEM;
	if (w->items)
		w->items = 0; /* goes on behind the bullet */
	else if (in_item && cmark_node_get_list_tight(cmark_node_parent(parent)))
		gap(w, 1);
	else
		gap(w, 2);
	w->block = w->out->length;
}

static void end_link(struct walk *w, cmark_node *node)
{
	const char *url = cmark_node_get_url(node);
	size_t words = w->out->length - w->link;
	if (!url || w->link > w->out->length)
		return;
	if (!strncasecmp(url, "mailto:", 7))
		url += 7;
	else if (!is_web(url)) {
		if (!words)
			buffer_text(w->out, base_name(url));
		return;
	}
	if (!words)
		buffer_text(w->out, url);
	else if (!memmem(w->out->data + w->link, words, url, strlen(url)))
		buffer_format(w->out, " (%s)", url);
}

static void end_image(struct walk *w, cmark_node *node)
{
	const char *url = cmark_node_get_url(node);
	if (w->out->length && w->out->data[w->out->length - 1] == '[' && url)
		buffer_text(w->out, strncasecmp(url, "data:", 5) ? base_name(url) : "image");
	buffer_char(w->out, ']');
}

static void end_heading(struct walk *w, cmark_node *node)
{
	plain_wiki_links(w->out, w->block);
	size_t end = w->out->length;
	buffer_char(w->out, '\n');
	note_heading(w->note, cmark_node_get_heading_level(node), w->block, w->out->length, w->out->data + w->block,
		     end - w->block);
}

/* "**3.11.2025 Call**" on a line of its own is a heading to whoever wrote it. */
static void end_paragraph(struct walk *w, cmark_node *node)
{
	cmark_node *only = cmark_node_first_child(node), *parent = cmark_node_parent(node);
	plain_wiki_links(w->out, w->block);
	if (!only || cmark_node_next(only) || cmark_node_get_type(only) != CMARK_NODE_STRONG ||
	    cmark_node_get_type(parent) != CMARK_NODE_DOCUMENT)
		return;
	size_t end = w->out->length;
	if (!plain_begins_with_day(w->out->data + w->block, end - w->block))
		return;
	buffer_char(w->out, '\n');
	note_heading(w->note, BELOW_HEADINGS, w->block, w->out->length, w->out->data + w->block, end - w->block);
}

static void enter(struct walk *w, cmark_node *node)
{
	const char *literal = cmark_node_get_literal(node);
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_LIST:
		if (w->lists++ < MAX_NUMBERED)
			w->numbers[w->lists - 1] = cmark_node_get_list_start(node);
		break;
	case CMARK_NODE_ITEM:
		item(w, node);
		break;
	case CMARK_NODE_HEADING:
	case CMARK_NODE_PARAGRAPH:
		begin_block(w, node);
		break;
	case CMARK_NODE_CODE_BLOCK:
		begin_block(w, node);
		buffer_text(w->out, literal);
		break;
	case CMARK_NODE_HTML_BLOCK:
		html_block(w, literal ? literal : "");
		break;
	case CMARK_NODE_TEXT:
	case CMARK_NODE_CODE:
		buffer_text(w->out, literal);
		break;
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		buffer_char(w->out, '\n');
		break;
	case CMARK_NODE_HTML_INLINE:
		if (literal && !strncasecmp(literal, "<br", 3))
			buffer_char(w->out, '\n');
		break;
	case CMARK_NODE_LINK:
		w->link = w->out->length;
		break;
	case CMARK_NODE_IMAGE:
		buffer_char(w->out, '[');
		break;
	default:
		break;
	}
}

static void leave(struct walk *w, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_LIST:
		w->lists--;
		break;
	case CMARK_NODE_ITEM:
		w->items = 0;
		break;
	case CMARK_NODE_HEADING:
		end_heading(w, node);
		break;
	case CMARK_NODE_PARAGRAPH:
		end_paragraph(w, node);
		break;
	case CMARK_NODE_LINK:
		end_link(w, node);
		break;
	case CMARK_NODE_IMAGE:
		end_image(w, node);
		break;
	default:
		break;
	}
}

void read_markdown(struct note *n, const char *text, size_t length)
{
	size_t front = read_front_matter(n, text, length);
	cmark_node *document = cmark_parse_document(text + front, length - front, CMARK_OPT_DEFAULT);
	if (!document) {
		note_problem(n, "its Markdown could not be read: it is shown as it stands");
		buffer_add(&n->text, text + front, length - front);
		return;
	}
	struct walk w = {.note = n, .out = &n->text};
	cmark_iter *iter = cmark_iter_new(document);
	for (cmark_event_type e; (e = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
		if (e == CMARK_EVENT_ENTER)
			enter(&w, cmark_iter_get_node(iter));
		else
			leave(&w, cmark_iter_get_node(iter));
	}
	cmark_iter_free(iter);
	cmark_node_free(document);
}
