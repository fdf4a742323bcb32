/* identity_store: a set put through the real store and core/identity, row by row, as the CRM connector hands over
 * contacts. */
#pragma once

#include "identity_sets.h"

/* Pairs that are one customer at the end (as identity_pair_key). */
GHashTable *identity_store_run(const struct identity_set *set, const struct identity_recipe *recipe, double *seconds);
