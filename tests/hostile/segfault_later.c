/* Checkpoints three records, puts two more, reads address 0. The daemon must say: ended by signal 11; the three are
 * kept, the two are not. */
#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	put_one(h, "lost", 1, "never checkpointed");
	put_one(h, "lost", 2, "never checkpointed");
	const volatile char *nowhere = h->option(h, "no-such-option");
	return *nowhere;
}
HOSTILE("segfault_later", "Reads address 0 after a checkpoint", sync_all);
