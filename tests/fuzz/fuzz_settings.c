/* Settings files, schedules, sizes, and a source's options against declarations of every kind. What holds: no crash, no
 * hang, each problem is one line of valid text, and a good schedule's next time is later. */
// with: core/sync/lines.c core/sync/settings.c core/sync/schedule.c core/sync/options.c core/base/*.c core/wire/*.c
// libs: glib-2.0 gio-2.0 jansson libsodium
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "sync/options.h"
#include "sync/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wire_option declared[] = {
	{.name = "path", .kind = MERI_PATH, .required = TRUE},
	{.name = "url", .kind = MERI_URL},
	{.name = "page", .kind = MERI_NUMBER},
	{.name = "closed", .kind = MERI_SWITCH},
	{.name = "pause", .kind = MERI_DURATION},
	{.name = "order", .kind = MERI_CHOICE, .choices = "newest oldest"},
	{.name = "projects", .kind = MERI_LIST},
	{.name = "title", .kind = MERI_TEXT},
	{.name = "password", .kind = MERI_TEXT, .secret = TRUE},
};

static void check(gboolean holds)
{
	if (!holds)
		__builtin_trap();
}

static void check_lines(const GPtrArray *lines)
{
	for (guint i = 0; i < lines->len; i++)
		check(g_utf8_validate(lines->pdata[i], -1, NULL) && !strpbrk(lines->pdata[i], "\r\n\t"));
}

static void try_settings(const char *text, size_t size)
{
	struct wire_hello hello = {.name = "x", .options = g_ptr_array_new()};
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(sync_settings_t) settings = sync_settings_parse("f.conf", text, size, problems);

	for (guint i = 0; i < G_N_ELEMENTS(declared); i++)
		g_ptr_array_add(hello.options, &declared[i]);
	check_lines(problems);
	for (guint i = 0; i < settings->sources->len && i < 20; i++) {
		g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(sync_options_t) options =
			sync_options_read(settings, settings->sources->pdata[i], &hello, lines, lines);
		g_autofree char *hidden = sync_options_hide(options, "a line of the log");

		check_lines(lines);
		check(hidden != NULL);
	}
	g_ptr_array_unref(hello.options);
}

static void try_schedule(const char *text, gint64 after)
{
	g_autofree char *problem = NULL;
	g_autoptr(sync_schedule_t) schedule = sync_schedule_parse(text, &problem);
	static GTimeZone *zone;

	if (!zone)
		zone = g_time_zone_new_identifier("Europe/Helsinki");
	check((schedule == NULL) == (problem != NULL));
	if (!schedule || sync_schedule_is_manual(schedule))
		return;
	gint64 next = sync_schedule_next(schedule, after, zone);

	check(next > after);
	check(strstr(text, "every") || sync_schedule_next(schedule, next - 1, zone) == next);
	check(sync_schedule_due(schedule, after, after, zone) >= after);
	check(sync_schedule_gap(schedule, after, zone) > 0);
}

/* The first byte chooses what the rest is taken for. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	guint64 bytes;

	if (size < 5)
		return 0;
	g_autofree char *text = g_strndup((const char *)data + 5, size - 5);

	if (data[0] % 3 == 0) {
		try_settings((const char *)data + 5, size - 5);
	} else if (data[0] % 3 == 1 && g_utf8_validate(text, -1, NULL)) {
		/* Any moment from 1970 to 2106. */
		try_schedule(text, (gint64)data[1] << 24 | data[2] << 16 | data[3] << 8 | data[4]);
	} else {
		sync_size_parse(text, &bytes);
	}
	return 0;
}
