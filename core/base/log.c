#include "base/base.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOG_LINE_MAX 4000 /* characters: longer lines are cut, journald would split them */

static gint threshold = BASE_INFO;

void base_log_threshold(enum base_level level)
{
	g_atomic_int_set(&threshold, (gint)level);
}

static const char *prefix(enum base_level level, gboolean terminal)
{
	switch (level) {
	case BASE_DEBUG:
		return terminal ? "debug: " : "<7>";
	case BASE_INFO:
		return terminal ? "" : "<6>";
	case BASE_WARNING:
		return terminal ? "warning: " : "<4>";
	case BASE_ERROR:
		return terminal ? "error: " : "<3>";
	}
	return "";
}

void base_log(enum base_level level, const char *format, ...)
{
	if ((gint)level < g_atomic_int_get(&threshold))
		return;
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);

	/* What is logged may come out of a source: a line break in it must not forge a line of ours. */
	g_autofree char *one = base_one_line(text, LOG_LINE_MAX);
	g_autofree char *line = g_strconcat(prefix(level, isatty(STDERR_FILENO)), one, "\n", NULL);

	/* One write a line, so that lines of several threads and processes do not mix. */
	const char *rest = line;
	gsize left = strlen(line);
	while (left > 0) {
		gssize written = write(STDERR_FILENO, rest, left);
		if (written <= 0)
			return; /* nowhere left to say so */
		rest += written;
		left -= (gsize)written;
	}
}
