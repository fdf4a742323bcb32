/* Checkpoints three records and sleeps. The daemon must say: the deadline passed; it ends at SIGTERM or is killed; the
 * three are kept. */
#include <unistd.h>

#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	for (;;)
		sleep(3600);
}
HOSTILE("sleeps", "Sleeps for ever", sync_all);
