/* Checkpoints three records and tries what the sandbox forbids: read a file that no option names, write outside its
 * folder, leave its process group, trace, signal the daemon (with signal 0), talk to local programs, raise its limits,
 * see the daemon's environment. The daemon must say: ok where the kernel has seccomp and Landlock (6 or newer); else
 * failed, with what was possible. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "three.h"

static int can_open(const char *path, int flags)
{
	int fd = open(path, flags, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Whether /proc/self/environ has an entry that begins like this; a line end stands for the NUL between two. */
static int environ_holds(const char *what)
{
	static char text[65536];
	int fd = open("/proc/self/environ", O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text + 1, sizeof text - 2);
	text[0] = '\n';
	for (ssize_t i = 1; i <= n; i++)
		if (!text[i])
			text[i] = '\n';
	if (fd >= 0)
		close(fd);
	return strstr(text, what) != NULL;
}

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	char outside[64];
	snprintf(outside, sizeof outside, "/tmp/meri-reaches-out-%d", (int)getpid());
	int wrote = can_open(outside, O_WRONLY | O_CREAT);
	if (wrote)
		unlink(outside);
	int read_home = can_open("/root", O_RDONLY | O_DIRECTORY) || can_open("/home", O_RDONLY | O_DIRECTORY);
	int left = setsid() >= 0, traced = ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0,
	    signalled = kill(getppid(), 0) == 0;
	/* The tests are run with B in the environment, as a daemon may have secrets of other sources there. */
	int environment = getenv("B") != NULL || environ_holds("\nB=");
	int local = socket(AF_UNIX, SOCK_STREAM, 0) >= 0; /* the way to the daemon's own socket */
	int raised = setrlimit(RLIMIT_CORE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}) == 0;
	if (wrote || read_home || left || traced || signalled || environment || local || raised)
		return h->fail(h, MERI_BUG, 0, "could%s%s%s%s%s%s%s%s", environment ? " see the environment," : "",
			       wrote ? " write outside," : "", read_home ? " read a home," : "",
			       left ? " leave the process group," : "", traced ? " trace," : "",
			       signalled ? " signal the daemon," : "", local ? " talk to local programs," : "",
			       raised ? " raise its limits" : "");
	return 0;
}
HOSTILE("reaches_out", "Tries what the sandbox forbids", sync_all);
