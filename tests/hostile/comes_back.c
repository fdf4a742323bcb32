/* Checkpoints three records, puts one more, and fails with the class and the pause that its options name. The daemon must say: partial
 * for a rate limit, failed for the others, with that class; the next run by schedule comes not before the pause of a rate limit is
 * over, and as soon as that of a passing fault is; the three are kept, the fourth is not. */
#include "three.h"

static const struct meri_option all[] = {
	{.name = "class", .kind = MERI_CHOICE, .choices = "rate transient auth", .initial = "rate", .help = "How it fails"},
	{.name = "pause", .kind = MERI_DURATION, .initial = "3s", .help = "When a new try makes sense"},
	{.name = NULL},
};

static int sync_all(const struct meri_host *h)
{
	const char *class = h->option(h, "class"), *pause = h->option(h, "pause");
	for (int i = 1; i <= 3; i++)
		put_one(h, "kept", i, "what was checkpointed is kept");
	if (h->checkpoint(h, "three") != 0)
		return 0;
	put_one(h, "lost", 1, "never checkpointed");
	return h->fail(h, class[0] == 'r' ? MERI_RATE : class[0] == 't' ? MERI_TRANSIENT : MERI_AUTH, atoll(pause),
		       "come back in %s seconds", pause);
}

MERI_CONNECTOR("comes_back", "Fails, and says when to come back", all, NULL, sync_all);

const void *unused_options(void);
const void *unused_options(void)
{
	return options;
}
