/* When good, puts three records and checkpoints. Else it says that its listing is complete though it lists nothing. The
 * daemon must say: ok or partial; nothing is removed. */
#include "three.h"

static int sync_all(const struct meri_host *h)
{
	const char *good = h->option(h, "good");
	if (good && *good == '1')
		return three(h) ? 0 : 0;
	h->complete(h);
	h->checkpoint(h, "empty");
	return 0;
}
HOSTILE("empty_listing", "Lists nothing and calls it complete", sync_all);
