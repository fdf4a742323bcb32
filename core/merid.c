/* merid: start-up and the main loop, nothing else. */
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sodium.h>
#include <systemd/sd-daemon.h>

#include "base/base.h"
#include "serve/serve.h"
#include "sync/sync.h"

#define DEFAULT_SETTINGS "/etc/meri/meri.conf"

enum { EXIT_SETTINGS = 2 };

struct daemon {
	char *file;
	gboolean check, once, version;
	char **names;
	GMainLoop *loop;
	sync_hub *hub;
};

/* ---- settings ---- */

static void log_problems(const GPtrArray *problems)
{
	for (guint i = 0; i < problems->len; i++)
		base_log(BASE_ERROR, "%s", (const char *)problems->pdata[i]);
}

static int check(const char *file)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(sync_settings_t) settings = sync_settings_load(file, problems);

	if (settings)
		sync_check(settings, problems);
	for (guint i = 0; i < problems->len; i++)
		printf("%s\n", (const char *)problems->pdata[i]);
	if (!settings || problems->len)
		return EXIT_SETTINGS;
	printf("%s: %u source%s, all good\n", settings->file, settings->sources->len,
	       settings->sources->len == 1 ? "" : "s");
	return EXIT_SUCCESS;
}

/* ---- signals ---- */

static gboolean on_reload(gpointer data)
{
	struct daemon *d = data;
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	struct sync_settings *settings;

	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time());
	settings = sync_settings_load(d->file, problems);
	if (settings && sync_hub_reload(d->hub, settings, problems))
		base_log(BASE_INFO, "%s: read again", d->file);
	log_problems(problems);
	if (problems->len)
		base_log(BASE_ERROR, "%s: the settings are wrong; those of before stay in force", d->file);
	sd_notify(0, "READY=1");
	return G_SOURCE_CONTINUE;
}

static gboolean on_end(gpointer data)
{
	struct daemon *d = data;

	sd_notify(0, "STOPPING=1");
	sync_hub_stop(d->hub);
	g_main_loop_quit(d->loop);
	return G_SOURCE_CONTINUE;
}

static gboolean on_watchdog(gpointer data)
{
	(void)data;
	sd_notify(0, "WATCHDOG=1");
	return G_SOURCE_CONTINUE;
}

static void listen_to_signals(struct daemon *d)
{
	guint64 watchdog = 0;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit of file size is then an error of a write, like a full disk */
	g_unix_signal_add(SIGTERM, on_end, d);
	g_unix_signal_add(SIGINT, on_end, d);
	if (d->once)
		signal(SIGHUP, SIG_IGN);
	else
		g_unix_signal_add(SIGHUP, on_reload, d);
	if (sd_watchdog_enabled(0, &watchdog) > 0)
		g_timeout_add((guint)(watchdog / 2000), on_watchdog, NULL);
}

/* ---- running ---- */

static int serve_until_told(struct daemon *d, const struct sync_settings *settings)
{
	g_autoptr(GError) error = NULL;
	struct serve *serve = serve_new(settings, d->hub, &error);

	if (!serve) {
		base_log(BASE_ERROR, "%s", error->message);
		return EXIT_FAILURE;
	}
	base_log(BASE_INFO, "merid %s: sources: %u, store %s, socket %s", MERI_VERSION, settings->sources->len,
		 settings->store, settings->socket);
	sync_hub_schedule(d->hub);
	sd_notify(0, "READY=1");
	g_main_loop_run(d->loop);
	serve_free(serve);
	return EXIT_SUCCESS;
}

static int work(struct daemon *d, struct sync_settings *settings, store_writer *writer)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	int status;

	d->hub = sync_hub_new(settings, writer, problems);
	if (!d->hub) {
		log_problems(problems);
		return EXIT_SETTINGS;
	}
	d->loop = g_main_loop_new(NULL, FALSE);
	listen_to_signals(d);
	status = d->once ? sync_hub_once(d->hub, (const char *const *)d->names) : serve_until_told(d, settings);
	sync_hub_free(d->hub);
	g_main_loop_unref(d->loop);
	return status;
}

static int run(struct daemon *d)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(sync_settings_t) settings = sync_settings_load(d->file, problems);
	g_autoptr(GError) error = NULL;
	store_writer *writer;
	int status;

	if (problems->len) {
		if (settings)
			sync_check(settings, problems);
		log_problems(problems);
		return EXIT_SETTINGS;
	}
	writer = store_writer_new(settings->store, settings->language, &error);
	if (!writer) {
		base_log(BASE_ERROR, "%s", error->message);
		return EXIT_FAILURE;
	}
	status = work(d, g_steal_pointer(&settings), writer);
	store_writer_free(writer);
	return status;
}

static gboolean read_arguments(struct daemon *d, int *argc, char ***argv)
{
	const GOptionEntry entries[] = {
		{"config", 'c', 0, G_OPTION_ARG_FILENAME, &d->file, "Settings file (" DEFAULT_SETTINGS ")", "FILE"},
		{"check", 0, 0, G_OPTION_ARG_NONE, &d->check, "Check the settings against the connectors, and end",
		 NULL},
		{"once", 0, 0, G_OPTION_ARG_NONE, &d->once,
		 "Read the named sources, or all, once; print a line each, and end", NULL},
		{"version", 0, 0, G_OPTION_ARG_NONE, &d->version, "Print the version, and end", NULL},
		{G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &d->names, NULL, "[SOURCE ...]"},
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	g_option_context_set_summary(
		context, "The daemon of Meri: reads the sources by their schedules into the store, and answers.");
	g_option_context_set_description(
		context, "Exit status with --once: 0 all ok, 3 some partial, 1 some failed; 2 wrong settings.\n"
			 "MERI_LOG=debug logs more.");
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, argc, argv, &error))
		fprintf(stderr, "merid: %s (merid --help)\n", error->message);
	else if (d->names && !d->once)
		fprintf(stderr, "merid: \"%s\": sources are named with --once only (merid --help)\n", d->names[0]);
	else
		return TRUE;
	return FALSE;
}

static int run_as_told(struct daemon *d)
{
	if (d->version) {
		printf("merid %s\n", MERI_VERSION);
		return EXIT_SUCCESS;
	}
	if (sodium_init() < 0) {
		base_log(BASE_ERROR, "libsodium cannot begin");
		return EXIT_FAILURE;
	}
	if (d->once)
		base_log_threshold(BASE_ERROR);
	if (!g_strcmp0(g_getenv("MERI_LOG"), "debug"))
		base_log_threshold(BASE_DEBUG);
	if (!d->file)
		d->file = g_strdup(DEFAULT_SETTINGS);
	return d->check ? check(d->file) : run(d);
}

int main(int argc, char **argv)
{
	struct daemon d = {0};

	setlocale(LC_ALL, "");
	int status = read_arguments(&d, &argc, &argv) ? run_as_told(&d) : EXIT_SETTINGS;

	g_free(d.file);
	g_strfreev(d.names);
	return status;
}
