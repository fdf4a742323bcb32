/* Checkpoints three records and says its secret wherever it can: log, progress, stdout, stderr, the reason of a skip, the reason of its
 * failure. The daemon must say: failed, auth; the three are kept; the secret is in no line of the daemon's and nowhere in its store. */
#include "three.h"

static const struct meri_option all[] = {
	{.name = "password", .kind = MERI_TEXT, .required = 1, .secret = 1, .help = "What must not be seen"},
	{.name = NULL},
};

static int sync_all(const struct meri_host *h)
{
	const char *secret = h->option(h, "password");
	for (int i = 1; i <= 3; i++)
		put_one(h, "kept", i, "what was checkpointed is kept");
	h->skip(h, "locked", secret);
	if (h->checkpoint(h, "three") != 0)
		return 0;
	h->log(h, MERI_WARNING, "trying %s", secret);
	h->progress(h, 1, 2, secret);
	printf("to stdout: %s\n", secret);
	fprintf(stderr, "to stderr: %s\n", secret);
	return h->fail(h, MERI_AUTH, 0, "%s was refused", secret);
}

MERI_CONNECTOR("leaks", "Says its secret", all, NULL, sync_all);

const void *unused_options(void);
const void *unused_options(void)
{
	return options;
}
