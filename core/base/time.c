#include "base/base.h"

#include <string.h>

gint64 base_now(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

char *base_time_rfc3339(gint64 seconds)
{
	if (seconds == 0)
		return NULL;
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);
	return time ? g_date_time_format_iso8601(time) : NULL; /* four digits of year, which %Y does not promise */
}

/* Whether `text` begins with the shape "dddd-dd-dd": GLib's parser also takes week dates and times without colons,
 * which people write by mistake only. */
static gboolean begins_with_date(const char *text)
{
	static const char shape[] = "dddd-dd-dd";
	for (gsize i = 0; shape[i]; i++)
		if (shape[i] == 'd' ? !g_ascii_isdigit(text[i]) : text[i] != shape[i])
			return FALSE;
	return TRUE;
}

gboolean base_time_parse(const char *text, gint64 *seconds)
{
	if (!text || !begins_with_date(text))
		return FALSE;
	g_autofree char *full = NULL;
	if (!text[10])
		full = g_strconcat(text, "T00:00:00Z", NULL);
	else if (strlen(text) >= 16 && text[13] == ':')
		full = g_ascii_strup(text, -1);
	else
		return FALSE;
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(full, utc);
	if (!time)
		return FALSE;
	*seconds = g_date_time_to_unix(time);
	return TRUE;
}

static gint64 unit_seconds(char unit)
{
	switch (unit) {
	case '\0':
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return 86400;
	case 'w':
		return 7 * 86400;
	default:
		return 0;
	}
}

gboolean base_duration_parse(const char *text, gint64 *seconds)
{
	if (!text || !g_ascii_isdigit(text[0]))
		return FALSE;
	char *end = NULL;
	guint64 number = g_ascii_strtoull(text, &end, 10);
	gint64 unit = unit_seconds(*end);
	if (unit == 0 || (*end && end[1]))
		return FALSE;
	if (number > (guint64)(G_MAXINT64 / unit)) /* strtoull's own overflow is G_MAXUINT64: refused as well */
		return FALSE;
	*seconds = (gint64)number * unit;
	return TRUE;
}

char *base_duration_words(gint64 seconds)
{
	static const struct {
		gint64 seconds;
		const char *name;
	} units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
	if (seconds < 0)
		seconds = 0;
	for (gsize i = 0; i + 1 < G_N_ELEMENTS(units); i++) {
		if (seconds < units[i].seconds)
			continue;
		gint64 large = seconds / units[i].seconds;
		gint64 small = seconds % units[i].seconds / units[i + 1].seconds;
		if (small == 0)
			return g_strdup_printf("%" G_GINT64_FORMAT " %s", large, units[i].name);
		return g_strdup_printf("%" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT " %s", large, units[i].name, small,
				       units[i + 1].name);
	}
	return g_strdup_printf("%" G_GINT64_FORMAT " s", seconds);
}
