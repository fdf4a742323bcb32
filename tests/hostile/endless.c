/* Checkpoints three records and loops without calling the host. The daemon must say: the deadline passed, killed; the
 * three are kept. */
#include "three.h"

static int sync_all(const struct meri_host *h)
{
	static volatile unsigned long spins;
	if (three(h))
		return 0;
	for (;;)
		spins = spins + 1;
}
HOSTILE("endless", "Loops and never calls the host", sync_all);
