/* Checkpoints three records, leaves a child behind that holds every descriptor, and crashes. The daemon must say: ended
 * by signal 6, at once, though the child keeps the stream open; the child is gone a moment later; the three are kept.
 */
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
		sleep(600);
		_exit(0);
	}
	abort();
}
HOSTILE("forks_and_dies", "Leaves a child behind and crashes", sync_all);
