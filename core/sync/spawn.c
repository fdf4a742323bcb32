#include "sync/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire/wire.h"

enum { ABOVE = 10 }; /* the child's descriptors are gathered above those that they become */

void sync_process_init(struct sync_process *process)
{
	*process = (struct sync_process){.watch = -1, .wire = -1, .output = -1};
}

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void sync_process_clear(struct sync_process *process)
{
	shut(&process->watch);
	shut(&process->wire);
	shut(&process->output);
}

/* What a connector may know of our environment: nothing that an admin may have put a secret into. */
static gboolean is_passed(const char *variable)
{
	static const char *const names[] = {
		"PATH=",        "HOME=",         "LANG=",          "TZ=",           "TMPDIR=",        "http_proxy=",
		"https_proxy=", "no_proxy=",     "HTTPS_PROXY=",   "NO_PROXY=",     "SSL_CERT_FILE=", "SSL_CERT_DIR=",
		"LC_",          "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS=", "TSAN_OPTIONS=",  "MERI_TEST_"};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_str_has_prefix(variable, names[i]))
			return TRUE;
	return FALSE;
}

static char **passed_environment(void)
{
	g_autoptr(GStrvBuilder) passed = g_strv_builder_new();
	g_auto(GStrv) all = g_get_environ();

	for (guint i = 0; all[i]; i++)
		if (is_passed(all[i]))
			g_strv_builder_add(passed, all[i]);
	return g_strv_builder_end(passed);
}

/* The child's ends, above ABOVE and closed on exec. */
struct ends {
	int wire, output, items;
};

static int raise_fd(int fd)
{
	int raised = fcntl(fd, F_DUPFD_CLOEXEC, ABOVE);

	close(fd);
	return raised;
}

static gboolean make_ends(struct sync_process *process, struct ends *ends, int items)
{
	int wire[2], output[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, wire) < 0)
		return FALSE;
	process->wire = wire[0];
	ends->wire = raise_fd(wire[1]);
	if (pipe2(output, O_CLOEXEC) < 0)
		return FALSE;
	process->output = output[0];
	ends->output = raise_fd(output[1]);
	if (items >= 0)
		ends->items = fcntl(items, F_DUPFD_CLOEXEC, ABOVE);
	return ends->wire >= 0 && ends->output >= 0 && (items < 0 || ends->items >= 0) &&
	       fcntl(process->wire, F_SETFL, O_NONBLOCK) == 0 && fcntl(process->output, F_SETFL, O_NONBLOCK) == 0;
}

static int spawn(struct sync_process *process, const struct ends *ends, const char *program, const char *plugin)
{
	g_auto(GStrv) environment = passed_environment();
	const char *arguments[] = {program, plugin, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&how);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&how, &none);
	posix_spawnattr_setsigdefault(&how, &all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, ends->output, 1);
	posix_spawn_file_actions_adddup2(&files, ends->output, 2);
	posix_spawn_file_actions_adddup2(&files, ends->wire, WIRE_FD);
	if (ends->items >= 0)
		posix_spawn_file_actions_adddup2(&files, ends->items, WIRE_ITEMS_FD);
	posix_spawn_file_actions_addclosefrom_np(&files, ends->items >= 0 ? WIRE_ITEMS_FD + 1 : WIRE_ITEMS_FD);
	posix_spawn_file_actions_addchdir_np(&files, "/");
	int result = posix_spawn(&process->pid, program, &files, &how, (char **)arguments, environment);

	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&how);
	return result;
}

gboolean sync_process_start(struct sync_process *process, const char *program, const char *plugin, int items,
			    GError **error)
{
	struct ends ends = {-1, -1, -1};
	int result = make_ends(process, &ends, items) ? spawn(process, &ends, program, plugin) : errno;

	shut(&ends.wire);
	shut(&ends.output);
	shut(&ends.items);
	if (result == 0) {
		process->watch = pidfd_open(process->pid, 0);
		if (process->watch >= 0)
			return TRUE;
		result = errno;
		kill(process->pid, SIGKILL);
		waitpid(process->pid, NULL, 0);
	}
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(result), "cannot start %s: %s", program,
		    g_strerror(result));
	sync_process_clear(process);
	return FALSE;
}
