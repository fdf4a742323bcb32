#include "cli/cli.h"

#include <stdarg.h>
#include <string.h>

#include "base/base.h"

enum { MAX_COLUMNS = 16 };

const char *cli_style(const struct cli *cli, enum cli_style style)
{
	static const char *const codes[] = {"\033[0m",  "\033[1m",  "\033[2m", "\033[1;33m",
					    "\033[32m", "\033[33m", "\033[31m"};
	return cli->colour ? codes[style] : "";
}

void cli_error(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *line = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_autofree char *safe = base_one_line(line, 2000);
	fprintf(stderr, "meri: %s\n", safe);
}

static guint columns_of(gunichar c)
{
	return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

guint cli_columns(const char *text)
{
	guint columns = 0;
	for (const char *p = text; *p; p = g_utf8_next_char(p))
		columns += columns_of(g_utf8_get_char(p));
	return columns;
}

char *cli_fit(const char *text, guint columns)
{
	guint whole = cli_columns(text), used = 0;
	GString *out = g_string_new(NULL);
	guint room = whole > columns ? columns - MIN(columns, 1) : columns;
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (used + columns_of(c) > room)
			break;
		used += columns_of(c);
		g_string_append_unichar(out, c);
	}
	if (whole > columns && columns) {
		g_string_append(out, "…");
		used++;
	}
	for (; used < columns; used++)
		g_string_append_c(out, ' ');
	return g_string_free(out, FALSE);
}

const char *cli_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

gint64 cli_number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

gboolean cli_builtin(const json_t *source)
{
	return json_is_true(json_object_get(source, "builtin"));
}

static char *time_as(const json_t *object, const char *key, const char *format)
{
	gint64 seconds;
	if (!base_time_parse(cli_text(object, key), &seconds))
		return g_strdup("");
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(seconds);
	return time ? g_date_time_format(time, format) : g_strdup("");
}

char *cli_day(const json_t *object, const char *key)
{
	return time_as(object, key, "%Y-%m-%d");
}

char *cli_moment(const json_t *object, const char *key)
{
	return time_as(object, key, "%Y-%m-%d %H:%M");
}

char *cli_count(gint64 number)
{
	g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, number);
	GString *out = g_string_new(NULL);
	gsize length = strlen(digits);
	for (gsize i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0 && digits[i - 1] != '-')
			g_string_append_c(out, ',');
		g_string_append_c(out, digits[i]);
	}
	return g_string_free(out, FALSE);
}

void cli_print_json(const json_t *value)
{
	json_dumpf(value, stdout, JSON_INDENT(2));
	putchar('\n');
}

/* The widest cell of each column; the last column gets what is left of the line. */
static void measure(const struct cli *cli, const GPtrArray *cells, guint columns, guint *widths)
{
	guint used = 0;
	for (guint i = 0; i < cells->len; i++)
		widths[i % columns] = MAX(widths[i % columns], cli_columns(cells->pdata[i]));
	for (guint i = 0; i + 1 < columns; i++)
		used += widths[i] + 2;
	if (cli->width > used + 10)
		widths[columns - 1] = MIN(widths[columns - 1], cli->width - used);
}

void cli_table(const struct cli *cli, GPtrArray *cells, guint columns, guint32 right)
{
	guint widths[MAX_COLUMNS] = {0};
	g_return_if_fail(columns <= MAX_COLUMNS);
	measure(cli, cells, columns, widths);
	for (guint i = 0; i < cells->len; i++) {
		guint column = i % columns;
		g_autofree char *cell = cli_fit(cells->pdata[i], widths[column]);
		guint blanks = widths[column] - MIN(widths[column], cli_columns(cells->pdata[i]));
		if (i < columns)
			fputs(cli_style(cli, CLI_DIM), stdout);
		if (right >> column & 1)
			printf("%*s%s", (int)blanks, "", (char *)cells->pdata[i]);
		else
			fputs(column + 1 == columns ? g_strchomp(cell) : cell, stdout);
		if (i < columns)
			fputs(cli_style(cli, CLI_PLAIN), stdout);
		fputs(column + 1 == columns ? "\n" : "  ", stdout);
	}
	g_ptr_array_unref(cells);
}
