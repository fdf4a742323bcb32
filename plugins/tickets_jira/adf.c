/* SPDX-License-Identifier: ISC
 *
 * adf: the Atlassian Document Format (API 3) as text. A tree of nodes with `type`, `content`, `attrs`, `text`, `marks`.
 * A type that we do not know still gives the text below it, so that a newer Jira loses nothing. */
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "text.h"

#define MAX_DEPTH 150 /* the tree came through a reader that allows 200 levels of JSON; this bounds the stack here */

struct place {
	int depth;
	int list;   /* levels of lists around */
	int number; /* of the next item in an ordered list; 0: bullets */
	bool cell;  /* of a table: its paragraphs stand on one line */
};

static void render(struct text *out, json_t *node, struct place at);

static const char *attr(json_t *node, const char *name)
{
	return json_string_value(json_object_get(json_object_get(node, "attrs"), name));
}

static bool is(const char *type, const char *name)
{
	return !strcmp(type, name);
}

static bool among(const char *type, const char *const *names)
{
	for (; *names; names++)
		if (is(type, *names))
			return true;
	return false;
}

static void new_line(struct text *out)
{
	if (out->bytes.length && out->bytes.data[out->bytes.length - 1] != '\n')
		buffer_char(&out->bytes, '\n');
}

static void children(struct text *out, json_t *node, struct place at)
{
	size_t i;
	json_t *child;
	at.depth++;
	json_array_foreach(json_object_get(node, "content"), i, child) render(out, child, at);
}

static void words(struct text *out, json_t *node)
{
	const char *text = json_string_value(json_object_get(node, "text"));
	size_t i;
	json_t *mark;
	if (!text)
		return;
	buffer_text(&out->bytes, text);
	json_array_foreach(json_object_get(node, "marks"), i, mark)
	{
		const char *type = json_string_value(json_object_get(mark, "type")), *href = attr(mark, "href");
		if (type && is(type, "link") && href && strcmp(href, text) != 0 && !strstr(href, text))
			buffer_format(&out->bytes, " (%s)", href);
	}
}

static void list(struct text *out, json_t *node, struct place at, bool ordered)
{
	size_t i;
	json_t *item;
	int number = (int)json_integer_value(json_object_get(json_object_get(node, "attrs"), "order"));
	at.list++;
	at.depth++;
	json_array_foreach(json_object_get(node, "content"), i, item)
	{
		at.number = ordered ? (number > 0 ? number : 1) + (int)i : 0;
		new_line(out);
		for (int indent = 1; indent < at.list && indent < 10; indent++)
			buffer_text(&out->bytes, "  ");
		if (at.number)
			buffer_format(&out->bytes, "%d. ", at.number);
		else
			buffer_text(&out->bytes, "- ");
		children(out, item, at);
	}
	new_line(out);
}

static void row(struct text *out, json_t *node, struct place at)
{
	size_t i;
	json_t *cell;
	at.depth++;
	at.cell = true;
	new_line(out);
	json_array_foreach(json_object_get(node, "content"), i, cell)
	{
		buffer_trim(&out->bytes);
		buffer_text(&out->bytes, i ? " | " : out->bytes.length ? "\n" : "");
		children(out, cell, at);
	}
	buffer_trim(&out->bytes);
	buffer_char(&out->bytes, '\n');
}

static void date(struct text *out, json_t *node)
{
	json_t *stamp = json_object_get(json_object_get(node, "attrs"), "timestamp");
	long long ms = json_is_integer(stamp) ? json_integer_value(stamp) : 0;
	if (json_is_string(stamp))
		ms = strtoll(json_string_value(stamp), NULL, 10);
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	char text[32];
	if (gmtime_r(&seconds, &tm) && strftime(text, sizeof(text), "%Y-%m-%d", &tm))
		buffer_text(&out->bytes, text);
}

/* Nodes that are words themselves; FALSE if it is none. */
static bool inline_node(struct text *out, json_t *node, const char *type)
{
	if (is(type, "text")) {
		words(out, node);
	} else if (is(type, "hardBreak")) {
		buffer_char(&out->bytes, '\n');
	} else if (is(type, "mention") || is(type, "status") || is(type, "placeholder")) {
		const char *text = attr(node, "text");
		buffer_text(&out->bytes, text ? text : attr(node, "id"));
	} else if (is(type, "emoji")) {
		const char *text = attr(node, "text");
		buffer_text(&out->bytes, text ? text : attr(node, "shortName"));
	} else if (is(type, "date")) {
		date(out, node);
	} else if (is(type, "inlineCard") || is(type, "blockCard") || is(type, "embedCard")) {
		buffer_text(&out->bytes, attr(node, "url"));
	} else if (is(type, "media") || is(type, "mediaInline")) {
		const char *name = attr(node, "alt");
		if (name && *name)
			buffer_format(&out->bytes, "[%s]", name);
	} else {
		return false;
	}
	return true;
}

static void render(struct text *out, json_t *node, struct place at)
{
	static const char *const blocks[] = {
		"paragraph", "heading",      "codeBlock", "panel",         "mediaSingle",   "mediaGroup",
		"taskItem",  "decisionItem", "taskList",  "layoutSection", "layoutColumn",  "table",
		"expand",    "nestedExpand", "rule",      "caption",       "blockTaskItem", "decisionList",
		NULL};
	const char *type = json_string_value(json_object_get(node, "type"));
	if (!json_is_object(node) || at.depth > MAX_DEPTH)
		return;
	if (!type)
		type = "";
	if (inline_node(out, node, type))
		return;
	if (is(type, "bulletList") || is(type, "orderedList")) {
		list(out, node, at, is(type, "orderedList"));
	} else if (is(type, "tableRow")) {
		row(out, node, at);
	} else if (is(type, "blockquote")) {
		new_line(out);
		size_t start = out->bytes.length;
		children(out, node, at);
		text_quote(out, start);
	} else if (among(type, blocks)) {
		if (!at.list && !at.cell)
			new_line(out);
		const char *title = attr(node, "title");
		if (title && *title)
			buffer_format(&out->bytes, "%s\n", title);
		children(out, node, at);
		if (at.cell)
			buffer_char(&out->bytes, ' ');
		else
			new_line(out);
	} else {
		words(out, node);
		children(out, node, at);
	}
}

void text_adf(struct text *out, json_t *document)
{
	render(out, document, (struct place){0});
}
