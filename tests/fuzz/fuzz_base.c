/* Times, durations, single lines and near words, out of settings, queries and sources. */
// with: core/base/*.c
// libs: glib-2.0 jansson libsodium
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(gboolean fine)
{
	if (!fine)
		abort();
}

static void try_line(const char *text, gsize max)
{
	g_autofree char *line = base_one_line(text, max);
	require(g_utf8_validate(line, -1, NULL) && (gsize)g_utf8_strlen(line, -1) <= max);
	require(!strpbrk(line, "\r\n\t\x1b"));
	g_autofree char *again = base_one_line(line, max);
	require(strcmp(line, again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const words[] = {"schedule", "connector", "readers", "päivä", "x", "", NULL};
	if (size < 1)
		return 0;
	g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
	gint64 seconds = 0, back = 0;
	if (base_time_parse(text, &seconds)) {
		g_autofree char *written = base_time_rfc3339(seconds);
		require(seconds == 0 || (written && base_time_parse(written, &back) && back == seconds));
	}
	if (base_duration_parse(text, &seconds)) {
		require(seconds >= 0);
		g_free(base_duration_words(seconds));
	}
	try_line(text, data[0]);
	base_nearest(text, words);
	g_autofree char *repaired = base_utf8_repair((const char *)data, (gssize)size);
	require(g_utf8_validate(repaired, -1, NULL));
	g_autoptr(base_json) object = json_object();
	base_json_text(object, "t", text);
	require(json_object_get(object, "t") != NULL);
	return 0;
}
