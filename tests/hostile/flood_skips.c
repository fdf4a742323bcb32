/* Checkpoints three records, then skips records without end. The daemon must say: too many could not be read; its
 * memory and the list of failures stay bounded; the three are kept. */
#include "three.h"

static int sync_all(const struct meri_host *h)
{
	char id[40];
	if (three(h))
		return 0;
	for (int i = 0;; i++) {
		snprintf(id, sizeof id, "unreadable-%d", i);
		if (h->skip(h, id, "because") != 0)
			return 0;
	}
}
HOSTILE("flood_skips", "Skips records without end", sync_all);
