/* Checkpoints three records, leaves a child behind that holds every descriptor and sleeps, ends well. The daemon must
 * say: ok, without waiting for the child's end of the stream; the child is gone a moment after the run. The child is
 * called "meri-left". */
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	if (fork() == 0) {
		prctl(PR_SET_NAME, "meri-left");
		signal(SIGTERM, SIG_IGN);
		setsid(); /* the sandbox refuses */
		sleep(600);
		_exit(0);
	}
	return 0;
}
HOSTILE("forks", "Leaves a child behind", sync_all);
