/* Checkpoints three records, puts a record without a size. The daemon must say: called the host wrongly; failed, bug;
 * the three are kept. */
#include "three.h"

static int sync_all(const struct meri_host *h)
{
	if (three(h))
		return 0;
	h->put(h, &(struct meri_record){.id = "no-size", .kind = MERI_NOTE});
	put_one(h, "lost", 1, "after what was wrong");
	h->checkpoint(h, "lost");
	return 0;
}
HOSTILE("misuses", "Forgets a record's size", sync_all);
