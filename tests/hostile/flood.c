/* Checkpoints three records, then puts records without end and without a checkpoint. The daemon must say: too much
 * without a checkpoint, or the deadline passed; its memory stays bounded; the three are kept, none of the flood. */
#include "three.h"

static int sync_all(const struct meri_host *h)
{
	char text[4096];
	if (three(h))
		return 0;
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	for (int i = 0; put_one(h, "flood", i, text) == 0; i++)
		;
	return 0;
}
HOSTILE("flood", "Puts records without end and without a checkpoint", sync_all);
