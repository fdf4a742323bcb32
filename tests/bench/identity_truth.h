/* identity_truth: how far a set's truth can be believed where it says that a made link is wrong, and what all links of
 * organisations and people come to. */
#pragma once

#include "identity_sets.h"

/* TRUE for sets of organisations and of people: what Meri matches. */
gboolean identity_set_matters(const struct identity_recipe *recipe);
/* Notes the links (as identity_pair_key) made in a set that matters. `how`: "pairs" or "store". */
void identity_truth_note(const struct identity_set *set, const struct identity_recipe *recipe, const char *how,
			 GHashTable *made);
/* Prints the table, and appends "matters=... matters_corrected=..." to the summary. */
void identity_truth_report(GString *summary);
