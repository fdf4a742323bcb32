/* Checkpoints three records, announces a frame of 4 GiB. The daemon must say: more than is allowed, without waiting for
 * it; its memory stays bounded; failed, bug; the three are kept. */
#include <unistd.h>

#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	static const char head[] = "\xff\xff\xff\xff\x21";
	if (write(3, head, sizeof head - 1) < 0)
		return 1;
	for (;;)
		sleep(3600);
}
HOSTILE("claims_huge", "Announces a frame of 4 GiB", sync_all);
