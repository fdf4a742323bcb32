/* swedish: a stem that the forms of a Swedish word share. Snowball's Swedish stemmer leaves the commonest definite
 * forms as they are (huset, flickan, äpplen), so that six of ten forms of nouns find each other; these rules are ours.
 */
#pragma once

#include <glib.h>

/* `word`: folded; `out`: room for `length` bytes. The stem's length. */
size_t swedish_stem(const char *word, size_t length, char *out);
