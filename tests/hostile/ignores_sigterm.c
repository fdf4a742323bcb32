/* Checkpoints three records, ignores SIGTERM and loops, deaf to MERI_STOP. The daemon must say: the deadline passed,
 * killed; the three are kept. */
#include <signal.h>
#include <unistd.h>

#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	signal(SIGTERM, SIG_IGN);
	for (;;) {
		h->progress(h, 3, 4, "not listening");
		usleep(20000);
	}
}
HOSTILE("ignores_sigterm", "Ignores SIGTERM and MERI_STOP", sync_all);
