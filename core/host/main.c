/* meri-connector FILE.so: one run of one connector. Started by the daemon with the conversation on descriptor 3 and,
 * for a run that knows what was read before, the table of items on descriptor 4; not meant to be called by hand. */
#include "host/host.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

_Noreturn void host_die(enum host_exit status, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	g_autofree char *line = g_strdup_vprintf(format, values);
	va_end(values);
	fprintf(stderr, "meri-connector: %s\n", line);
	_exit((int)status);
}

/* No descriptor of the parent's but those that are meant for us; 0, 1 and 2 exist, so that nothing else gets their
 * numbers. */
static void settle_descriptors(void)
{
	close_range(WIRE_ITEMS_FD + 1, ~0U, 0);
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd ? O_WRONLY : O_RDONLY) != fd)
			_exit(HOST_EXIT_USAGE);
	fcntl(WIRE_FD, F_SETFD, FD_CLOEXEC);
}

/* A process group of its own, so that the parent can end what the connector started; and an end with the parent's. */
static void settle_process(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	umask(077);
	setlocale(LC_CTYPE, "C.UTF-8"); /* libarchive turns names of entries into the locale's charset */
	host_signals();
}

static void take_items(struct host *h, GPtrArray *notes)
{
	g_autoptr(GError) error = NULL;
	if (fcntl(WIRE_ITEMS_FD, F_GETFD) < 0)
		return;
	h->items = wire_items_from_fd(WIRE_ITEMS_FD, &error);
	if (!h->items)
		g_ptr_array_add(notes, g_strdup_printf("%s: everything is read anew", error->message));
	close(WIRE_ITEMS_FD);
}

static void note_secrets(struct host *h)
{
	const char *at = (const char *)h->connector->options;
	h->secrets = g_ptr_array_new();
	for (; at && ((const struct meri_option *)(const void *)at)->name; at += h->connector->option_size) {
		const struct meri_option *o = (const void *)at;
		char *value = g_hash_table_lookup(h->run.options, o->name);
		if (o->secret && value && strlen(value) >= 3) /* shorter ones would blot out ordinary words */
			g_ptr_array_add(h->secrets, value);
	}
}

static int work(struct host *h)
{
	int result = 0;
	if (h->run.job == WIRE_JOB_CHECK && h->connector->check)
		result = h->connector->check(&h->api);
	if (h->run.job == WIRE_JOB_SYNC)
		result = h->connector->sync(&h->api);
	if (result && !h->failed && !h->stopped)
		host_fail(h, MERI_BUG, 0, "the connector %s gave up with %d and did not say why", h->connector->name,
			  result);
	return h->failed && !result ? MERI_BUG : result;
}

int main(int argc, char **argv)
{
	static struct host host;
	struct host *h = &host;
	settle_descriptors();
	if (argc != 2)
		host_die(HOST_EXIT_USAGE, "usage: meri-connector FILE.so, with the daemon on descriptor %d", WIRE_FD);
	settle_process();

	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
	h->fd = WIRE_FD;
	h->in = wire_buffer_new();
	h->out = g_byte_array_new();
	if (!host_hear_run(h, &error))
		host_die(HOST_EXIT_USAGE, "%s", error->message);
	take_items(h, notes);
	g_autofree char *plugin = realpath(argv[1], NULL), *message = NULL;
	host_sandbox(&h->run, plugin ? plugin : argv[1], notes);

	h->connector = host_load(plugin ? plugin : argv[1], &message);
	if (!h->connector) {
		host_fail(h, MERI_CONFIG, 0, "%s", message);
		host_die(HOST_EXIT_LOAD, "%s", message);
	}
	host_table(h);
	note_secrets(h);
	host_say(h, WIRE_HELLO, wire_hello_encode(h->connector));
	for (guint i = 0; i < notes->len && h->run.job == WIRE_JOB_SYNC; i++)
		host_log(h, MERI_INFO, "%s", (const char *)g_ptr_array_index(notes, i));
	host_flush(h);

	int result = work(h);
	host_say(h, WIRE_END, g_variant_new("(i)", result));
	host_flush(h);
	fflush(NULL);
	/* Without the connector's destructors, and without asking whether it gave everything back. */
	_exit(h->parent_gone ? HOST_EXIT_PARENT : 0);
}
