/* Checkpoints three records, writes bytes that are no frames to descriptor 3, ends well. The daemon must say: what came
 * is not a frame; it ends the run at once (failed, bug); the three are kept. */
#include <unistd.h>

#include "three.h"

static int sync_all(const struct meri_host *h)
{
	unsigned char bytes[4096];
	if (three(h))
		return 0;
	unsigned seed = 12345;
	for (size_t i = 0; i < sizeof bytes; i++) {
		seed = seed * 1103515245u + 12345u;
		bytes[i] = (unsigned char)(seed >> 16);
	}
	return write(3, bytes, sizeof bytes) < 0;
}
HOSTILE("garbage", "Writes what is no frame", sync_all);
