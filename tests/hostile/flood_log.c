/* Checkpoints three records, writes 200,000 log lines, ends well. The daemon must say: ok (or partial); the run's log
 * is cut, the three are kept. */
#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	for (int i = 0; i < 200000; i++)
		h->log(h, i % 100 ? MERI_INFO : MERI_WARNING, "line %d of a connector that talks too much", i);
	return 0;
}
HOSTILE("flood_log", "Writes 200,000 log lines", sync_all);
