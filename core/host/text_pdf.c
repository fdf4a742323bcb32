/* PDF, by pdftotext: a child of this process with limits of its own, so that a file that breaks it costs that file
 * only. */
#include "host/text.h"

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
	int fd = memfd_create("document.pdf", MFD_CLOEXEC);
	if (fd >= 0 && wire_write_all(fd, job->bytes, job->length, NULL))
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* After fork in a process that may have threads: system calls only. */
static _Noreturn void become_pdftotext(const char *program, int file, int out)
{
	static const char *const arguments[] = {"pdftotext", "-q",         "-enc", "UTF-8", "-eol",
						"unix",      "/dev/stdin", "-",    NULL};
	static const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", NULL};
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int nowhere = open("/dev/null", O_WRONLY);
	dup2(file, 0);
	dup2(out, 1);
	dup2(nowhere, 2);
	limit(RLIMIT_CPU, CPU_SECONDS);
	limit(RLIMIT_DATA, MEMORY);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_CORE, 0);
	execve(program, (char *const *)(gpointer)arguments, (char *const *)(gpointer)environment);
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
			if (piece[i] == '\f' || piece[i] == '\r' || piece[i] == '\0')
				piece[i] = '\n';
		if (n > 0)
			g_string_append_len(job->flow.out, piece, n);
	}
}

static void judge(struct text_job *job, int status)
{
	GString *out = job->flow.out;
	if (job->why)
		return;
	if (WIFSIGNALED(status))
		text_trouble(job, "pdftotext was ended by signal %d (%s)", WTERMSIG(status),
			     strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) == 127)
		text_trouble(job, "pdftotext could not be started");
	else if (WEXITSTATUS(status) == 3)
		text_trouble(job, "the PDF does not allow its text to be taken");
	else if (WEXITSTATUS(status) != 0)
		text_trouble(job, "pdftotext could not read it: damaged or encrypted");
	if (!out->str[strspn(out->str, " \t\n")])
		g_string_truncate(out, 0);
	if (!out->len)
		text_trouble(job, "the PDF holds no text; a scanned picture, perhaps");
}

gboolean text_read_pdf(struct text_job *job)
{
	g_autofree char *program = g_find_program_in_path("pdftotext");
	int ends[2], status = 0;
	if (!program)
		return text_trouble(job, "pdftotext is not installed (package poppler-utils)");
	int file = file_of(job);
	if (file < 0 || pipe2(ends, O_CLOEXEC) != 0) {
		if (file >= 0)
			close(file);
		return text_trouble(job, "no memory to hand the PDF over");
	}
	pid_t child = fork();
	if (child == 0)
		become_pdftotext(program, file, ends[1]);
	close(file);
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return text_trouble(job, "pdftotext could not be started: %s", g_strerror(errno));
	}
	take_output(job, ends[0]);
	close(ends[0]);
	if (job->why)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	judge(job, status);
	return !job->why;
}
