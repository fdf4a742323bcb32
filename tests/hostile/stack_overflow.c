/* Checkpoints three records and calls itself until the stack is full. The daemon must say: ended by signal 11; the
 * three are kept. */
#include "three.h"

static int deeper(volatile char *above, int depth)
{
	volatile char here[4096];
	here[0] = above ? above[0] : 0;
	return depth < 0 ? here[0] : deeper(here, depth + 1) + here[0];
}

static int sync_all(const struct meri_host *h)
{
	return three(h) ? 0 : deeper(NULL, 0);
}
HOSTILE("stack_overflow", "Fills the stack", sync_all);
