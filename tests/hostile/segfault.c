/* Reads address 0 at once. The daemon must say: ended by signal 11 (segmentation fault); failed, bug; no records. */
#include "three.h"

static int sync_all(const struct meri_host *h)
{
	const volatile char *nowhere = h->option(h, "no-such-option");
	return *nowhere;
}
HOSTILE("segfault", "Reads address 0", sync_all);
