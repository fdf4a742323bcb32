/* Checkpoints three records, closes all descriptors, the conversation among them, and goes on putting. The daemon must
 * say: it ended too early; failed, bug; the three are kept. */
#include <unistd.h>

#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	for (int fd = 0; fd < 1024; fd++)
		close(fd);
	for (int i = 0; i < 100000 && put_one(h, "lost", i, "nobody hears this") == 0; i++)
		;
	h->checkpoint(h, "lost");
	return 0;
}
HOSTILE("closes_all", "Closes all descriptors", sync_all);
