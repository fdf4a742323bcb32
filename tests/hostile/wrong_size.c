/* Exports a struct that is too small to be a connector. The daemon must say that it is refused, and how large the two
 * are. */
#include "three.h"

__attribute__((visibility("default"))) extern const unsigned int meri_connector[3];
const unsigned int meri_connector[3] = {MERI_ABI, sizeof(unsigned int[3]), sizeof(struct meri_option)};

const void *unused_options(void);
const void *unused_options(void)
{
	return options;
}
