/* Checkpoints three records, sends a frame that only the daemon may send (WIRE_DURABLE). The daemon must say: it comes
 * from the wrong side; failed, bug; the three are kept. */
#include <unistd.h>

#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	static const char frame[] = "\x01\x00\x00\x00\x02\x00";
	return write(3, frame, sizeof frame - 1) < 0;
}
HOSTILE("wrong_side", "Sends a frame of the daemon's", sync_all);
