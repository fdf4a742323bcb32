/* Checkpoints three records, writes the head of a frame and a part of its payload to descriptor 3 and leaves. The
 * daemon must say: the stream ends in the middle of a frame; failed, bug; the three are kept. */
#include <unistd.h>

#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	static const char half[] = "\x00\x01\x00\x00\x21only so far";
	if (write(3, half, sizeof half - 1) < 0)
		return 1;
	_exit(0);
}
HOSTILE("half_frame", "Leaves in the middle of a frame", sync_all);
