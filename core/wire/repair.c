/* Text that is not UTF-8, made so. */
#include "wire/wire.h"

#include <string.h>

static const char REPLACEMENT[] = "\xef\xbf\xbd";

char *wire_repair(const char *text, gsize length, guint *bad)
{
	const char *end;
	if (g_utf8_validate_len(text, length, &end))
		return NULL;
	GString *out = g_string_sized_new(length + 16);
	while (!g_utf8_validate_len(text, length, &end)) {
		g_string_append_len(out, text, end - text);
		g_string_append(out, REPLACEMENT);
		length -= (gsize)(end - text) + 1;
		text = end + 1;
		if (bad)
			++*bad;
	}
	g_string_append_len(out, text, (gssize)length);
	return g_string_free(out, FALSE);
}

char *wire_repair_id(const char *id)
{
	gsize length = strlen(id);
	const char *end;
	if (g_utf8_validate_len(id, length, &end))
		return NULL;
	GString *out = g_string_sized_new(length + 16);
	while (!g_utf8_validate_len(id, length, &end)) {
		g_string_append_len(out, id, end - id);
		g_string_append_printf(out, "%s%02x", REPLACEMENT, (guint)(guchar)*end);
		length -= (gsize)(end - id) + 1;
		id = end + 1;
	}
	g_string_append_len(out, id, (gssize)length);
	return g_string_free(out, FALSE);
}
