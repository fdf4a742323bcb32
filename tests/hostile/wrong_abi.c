/* Was built for another ABI. The daemon must say both numbers: built for ABI 999, this program has ABI 1. */
#include "three.h"

static int sync_all(const struct meri_host *h)
{
	return three(h) ? 0 : 0;
}

__attribute__((visibility("default"))) extern const struct meri_connector meri_connector;
const struct meri_connector meri_connector = {
	999,
	sizeof(struct meri_connector),
	sizeof(struct meri_option),
	"wrong_abi",
	"Was built for ABI 999",
	options,
	NULL,
	sync_all,
};
