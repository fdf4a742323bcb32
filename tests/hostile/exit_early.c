/* Checkpoints three records, puts one more, leaves with status 0 and without the last word. The daemon must say: it
 * ended too early; failed, bug, in spite of the status; the three are kept. */
#include <unistd.h>

#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	put_one(h, "lost", 1, "never checkpointed");
	_exit(0);
}
HOSTILE("exit_early", "Leaves with status 0 in the middle of a run", sync_all);
