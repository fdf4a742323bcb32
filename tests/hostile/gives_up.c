/* Checkpoints three records and returns 42 without a word. The daemon must say: gave up with 42 and did not say why;
 * failed, bug; the three are kept. */
#include "three.h"

static int sync_all(const struct meri_host *h)
{
	return three(h) ? 0 : 42;
}
HOSTILE("gives_up", "Gives up without a word", sync_all);
