/* Puts a record from check, which must put nothing. The daemon must say: called the host wrongly; no record is kept. */
#include "three.h"

static int check(const struct meri_host *h)
{
	put_one(h, "lost", 1, "check puts nothing");
	return 0;
}

static int sync_all(const struct meri_host *h)
{
	return three(h) ? 0 : 0;
}
MERI_CONNECTOR("puts_in_check", "Puts a record from check", options, check, sync_all);
