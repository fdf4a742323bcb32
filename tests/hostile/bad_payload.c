/* Checkpoints three records, writes a well-headed record frame whose payload is not well formed. The daemon must say:
 * the frame is not well formed; failed, bug; the three are kept. */
#include <unistd.h>

#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	static const char frame[] = "\x20\x00\x00\x00\x21"
				    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
				    "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
	return write(3, frame, sizeof frame - 1) < 0;
}
HOSTILE("bad_payload", "Sends a frame with a broken payload", sync_all);
