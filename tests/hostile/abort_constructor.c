/* Aborts while it is loaded, before main had a say. The daemon must say: ended by signal 6 (aborted) before it
 * introduced itself. */
#include "three.h"

static void __attribute__((constructor)) early(void)
{
	abort();
}

static int sync_all(const struct meri_host *h)
{
	return three(h) ? 0 : 0;
}
HOSTILE("abort_constructor", "Aborts while it is loaded", sync_all);
