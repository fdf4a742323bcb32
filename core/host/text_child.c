/* Running a reader that is a program of its own. */
#include "host/text_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "wire/wire.h"

enum { CPU_SECONDS = 20, MEMORY = 1 << 30 };

static void limit(int what, rlim_t value)
{
	struct rlimit both = {value, value}, now;
	if (getrlimit((__rlimit_resource_t)what, &now) == 0 && (now.rlim_max == RLIM_INFINITY || value <= now.rlim_max))
		setrlimit((__rlimit_resource_t)what, &both);
}

/* The file as a descriptor that can be sought in: it lives in memory and has no name. */
static int file_of(struct text_job *job)
{
	int fd = memfd_create("document", MFD_CLOEXEC);
	if (fd >= 0 && wire_write_all(fd, job->bytes, job->length, NULL))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* After fork in a process that may have threads: system calls only. */
static _Noreturn void become(const char *program, const struct text_child *child, int file, int out)
{
	static const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", NULL};
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	lseek(file, 0, SEEK_SET);
	dup2(file, 0);
	dup2(out, 1);
	dup2(nowhere, 2);
	limit(RLIMIT_CPU, CPU_SECONDS);
	limit(RLIMIT_DATA, MEMORY);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_CORE, 0);
	execve(program, (char *const *)(gpointer)child->arguments, (char *const *)(gpointer)environment);
	_exit(127);
}

/* Until it ends, says too much or takes too long. */
static void take_output(struct text_job *job, int from)
{
	char piece[16384];
	while (!text_enough(job)) {
		struct pollfd look = {.fd = from, .events = POLLIN};
		if (poll(&look, 1, 100) <= 0)
			continue;
		ssize_t n = read(from, piece, sizeof piece);
		if (n == 0 || (n < 0 && errno != EINTR))
			break;
		for (ssize_t i = 0; i < n; i++)
			if ((guchar)piece[i] < 0x20 && piece[i] != '\t')
				piece[i] = '\n';
		if (n > 0)
			g_string_append_len(job->flow.out, piece, n);
	}
}

static int wait_for(struct text_job *job, pid_t child, const char *name)
{
	int status = 0;
	if (job->why)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (job->why)
		return -1;
	if (WIFSIGNALED(status))
		text_trouble(job, "%s was ended by signal %d (%s)", name, WTERMSIG(status),
			     strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) == 127)
		text_trouble(job, "%s could not be started", name);
	return job->why ? -1 : WEXITSTATUS(status);
}

int text_child_run(struct text_job *job, const struct text_child *child)
{
	g_autofree char *program = g_find_program_in_path(child->program);
	int ends[2];
	if (!program) {
		text_trouble(job, "%s is not installed (package %s)", child->program, child->package);
		return -1;
	}
	int file = file_of(job);
	if (file < 0 || pipe2(ends, O_CLOEXEC) != 0) {
		if (file >= 0)
			close(file);
		text_trouble(job, "no memory to hand the file over to %s", child->program);
		return -1;
	}
	pid_t pid = fork();
	if (pid == 0)
		become(program, child, file, ends[1]);
	close(file);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		text_trouble(job, "%s could not be started: %s", child->program, g_strerror(errno));
		return -1;
	}
	take_output(job, ends[0]);
	close(ends[0]);
	return wait_for(job, pid, child->program);
}
