/* Checkpoints three records and takes memory until it gets no more. The daemon must say: failed, bug ("out of memory
 * after ..."), or how the kernel ended it; it never takes more than its limit; the three are kept. */
#include "three.h"

enum { STEP = 1 << 20 };

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	for (int i = 0;; i++) {
		char *more = malloc(STEP);
		if (!more)
			return h->fail(h, MERI_BUG, 0, "out of memory after %d MiB", i);
		memset(more, i, STEP);
	}
}
HOSTILE("eats_memory", "Takes all the memory there is", sync_all);
