/* Checkpoints three records and tries what the sandbox forbids: read a file that no option names, write outside its
 * folder, leave its process group, trace, signal the daemon (with signal 0). The daemon must say: ok where the kernel
 * has seccomp and Landlock (6 or newer); else failed, with what was possible. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include "three.h"

static int can_open(const char *path, int flags)
{
	int fd = open(path, flags, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
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
	if (wrote || read_home || left || traced || signalled)
		return h->fail(h, MERI_BUG, 0, "could%s%s%s%s%s", wrote ? " write outside," : "",
			       read_home ? " read a home," : "", left ? " leave the process group," : "",
			       traced ? " trace," : "", signalled ? " signal the daemon" : "");
	return 0;
}
HOSTILE("reaches_out", "Tries what the sandbox forbids", sync_all);
