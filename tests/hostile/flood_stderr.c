/* Checkpoints three records, writes 64 MiB to stderr and stdout, ends well. The daemon must say: ok; the run's output
 * is cut, the daemon's memory stays bounded and the connector is never blocked by a full pipe; the three are kept. */
#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	for (int i = 0; i < 524288; i++)
		fprintf(i & 1 ? stderr : stdout, "%-126d\n", i);
	return 0;
}
HOSTILE("flood_stderr", "Writes 64 MiB to stderr", sync_all);
