/* similar: how alike two words are, in characters (not bytes). Both must be folded. */
#pragma once

#include <glib.h>

/* Jaro-Winkler, 0 (nothing in common) to 1 (equal). */
double identity_jaro_winkler(const char *a, const char *b);
/* Restricted Damerau-Levenshtein (insert, delete, replace, swap of neighbours); `limit` + 1 as soon as it is past
 * `limit`. */
guint identity_edits(const char *a, const char *b, guint limit);
/* TRUE when b may be a slip of the pen for a: one edit in 4 to 7 characters, two in 8 and more; digits never slip. */
gboolean identity_near(const char *a, const char *b);
/* First letter and consonant skeleton, in `out` (at least 8 bytes): equal for most misspellings of one name. */
void identity_skeleton(const char *word, char out[8]);
