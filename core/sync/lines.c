#include "sync/lines.h"

#include <string.h>

#include "base/base.h"

enum { MOST_PROBLEMS = 100 };

struct reader {
	const char *file;
	GPtrArray *sections, *problems;
	struct sync_section *current; /* NULL before the first header, and inside one that was refused */
	gboolean refused;             /* the header was: its keys are passed over in silence */
	guint line;
};

static void entry_free(gpointer data)
{
	struct sync_entry *entry = data;

	g_free(entry->key);
	g_free(entry->value);
	g_free(entry);
}

struct sync_section *sync_section_new(const char *kind, const char *name, guint line)
{
	struct sync_section *section = g_new0(struct sync_section, 1);

	section->kind = g_strdup(kind);
	section->name = g_strdup(name);
	section->title = name ? g_strdup_printf("[%s \"%s\"]", kind, name) : g_strdup_printf("[%s]", kind);
	section->line = line;
	section->entries = g_ptr_array_new_with_free_func(entry_free);
	return section;
}

void sync_section_free(struct sync_section *section)
{
	if (!section)
		return;
	g_free(section->kind);
	g_free(section->name);
	g_free(section->title);
	g_ptr_array_unref(section->entries);
	g_free(section);
}

void sync_problem(GPtrArray *problems, const char *file, guint line, const char *title, const char *key,
		  const char *format, ...)
{
	g_autoptr(GString) text = g_string_new(file);
	va_list arguments;

	if (problems->len >= MOST_PROBLEMS)
		return;
	if (problems->len == MOST_PROBLEMS - 1) {
		g_ptr_array_add(problems, g_strdup_printf("%s: and more mistakes, which are not listed", file));
		return;
	}
	if (line)
		g_string_append_printf(text, ":%u", line);
	g_string_append(text, ": ");
	if (title)
		g_string_append_printf(text, "%s ", title);
	if (key)
		g_string_append_printf(text, "%s: ", key);
	va_start(arguments, format);
	g_string_append_vprintf(text, format, arguments);
	va_end(arguments);
	g_ptr_array_add(problems, base_one_line(text->str, 1000));
}

const struct sync_entry *sync_section_find(const struct sync_section *section, const char *key)
{
	for (guint i = 0; i < section->entries->len; i++) {
		const struct sync_entry *entry = section->entries->pdata[i];

		if (!strcmp(entry->key, key))
			return entry;
	}
	return NULL;
}

/* Takes a value in quotes apart; NULL if it has no end or more than a comment after it. */
static char *unquote(const char *text)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const char *p = text + 1;

	for (; *p && *p != '"'; p++) {
		if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
			p++;
		g_string_append_c(out, *p);
	}
	if (*p != '"')
		return NULL;
	for (p++; g_ascii_isspace(*p); p++)
		;
	if (*p && *p != '#')
		return NULL;
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The value of what stands after the equals sign; NULL if its quotes are wrong. */
static char *take_value(const char *text)
{
	g_autofree char *value = g_strstrip(g_strdup(text));

	if (*value == '"')
		return unquote(value);
	if (*value == '#')
		*value = '\0';
	for (char *p = value; *p; p++)
		if (*p == '#' && p > value && g_ascii_isspace(p[-1])) {
			*p = '\0';
			break;
		}
	return g_strchomp(g_steal_pointer(&value));
}

static void refuse_header(struct reader *r, const char *line)
{
	g_autofree char *quoted = base_one_line(line, 80);

	r->refused = TRUE;
	r->current = NULL;
	sync_problem(r->problems, r->file, r->line, NULL, NULL, "%s is not a section: write [hub] or [source \"NAME\"]",
		     quoted);
}

static void begin_section(struct reader *r, const char *kind, const char *name)
{
	for (guint i = 0; i < r->sections->len; i++) {
		const struct sync_section *other = r->sections->pdata[i];

		if (strcmp(other->kind, kind) != 0 || g_strcmp0(other->name, name) != 0)
			continue;
		r->refused = TRUE;
		r->current = NULL;
		sync_problem(r->problems, r->file, r->line, other->title, NULL,
			     "stands here a second time; the first is on line %u", other->line);
		return;
	}
	r->refused = FALSE;
	r->current = sync_section_new(kind, name, r->line);
	g_ptr_array_add(r->sections, r->current);
}

static void read_header(struct reader *r, const char *line)
{
	g_autoptr(GRegex) header =
		g_regex_new("^\\[\\s*([^\\s\"\\]]+)\\s*(?:\"([^\"]*)\"\\s*)?\\]\\s*(?:[#;].*)?$", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;

	if (!g_regex_match(header, line, 0, &match)) {
		refuse_header(r, line);
		return;
	}
	g_autofree char *kind = g_match_info_fetch(match, 1);
	g_autofree char *name = g_match_info_get_match_count(match) > 2 ? g_match_info_fetch(match, 2) : NULL;

	begin_section(r, kind, name);
}

static void read_entry(struct reader *r, const char *line)
{
	const char *equals = strchr(line, '=');

	if (r->refused)
		return;
	if (!equals || equals == line) {
		g_autofree char *quoted = base_one_line(line, 40);

		/* The line may hold a secret whose equals sign is missing: only its first word is shown. */
		quoted[strcspn(quoted, " \t")] = '\0';
		sync_problem(r->problems, r->file, r->line, r->current ? r->current->title : NULL, NULL,
			     "the line that begins with \"%s\" is not understood: write key = value", quoted);
		return;
	}
	g_autofree char *key = g_strchomp(g_strndup(line, (gsize)(equals - line)));
	g_autofree char *value = take_value(equals + 1);

	if (!r->current) {
		sync_problem(r->problems, r->file, r->line, NULL, key,
			     "stands before the first section: begin with [hub]");
		return;
	}
	const struct sync_entry *first = sync_section_find(r->current, key);

	if (first) {
		sync_problem(r->problems, r->file, r->line, r->current->title, key,
			     "stands here a second time; the first is on line %u", first->line);
		return;
	}
	if (!value) {
		sync_problem(r->problems, r->file, r->line, r->current->title, key,
			     "the quotes are wrong: write \"value\" with a comment at most behind it, and \\\" for a "
			     "quote inside");
		return;
	}
	struct sync_entry *entry = g_new0(struct sync_entry, 1);

	entry->key = g_steal_pointer(&key);
	entry->value = g_steal_pointer(&value);
	entry->line = r->line;
	g_ptr_array_add(r->current->entries, entry);
}

static void read_line(struct reader *r, const char *bytes, gsize length)
{
	g_autofree char *line = NULL;

	if (!g_utf8_validate_len(bytes, length, NULL)) {
		sync_problem(r->problems, r->file, r->line, NULL, NULL,
			     "the line is not UTF-8 text: save the file as UTF-8");
		return;
	}
	line = g_strstrip(g_strndup(bytes, length));
	if (!*line || *line == '#' || *line == ';')
		return;
	if (*line == '[')
		read_header(r, line);
	else
		read_entry(r, line);
}

static void section_free(gpointer data)
{
	sync_section_free(data);
}

GPtrArray *sync_lines_parse(const char *file, const char *text, gsize length, GPtrArray *problems)
{
	struct reader r = {
		.file = file, .problems = problems, .sections = g_ptr_array_new_with_free_func(section_free)};
	const char *end = text + length;

	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		text += 3;
	while (text < end) {
		const char *stop = memchr(text, '\n', (gsize)(end - text));

		r.line++;
		read_line(&r, text, (gsize)((stop ? stop : end) - text));
		text = stop ? stop + 1 : end;
	}
	return r.sections;
}
