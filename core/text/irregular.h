/* irregular: English words whose forms no ending tells: men, went, bought, bigger; and short ones: yrs, msg. */
#pragma once

#include <glib.h>

/* The basic form of a folded word, NUL-terminated and constant; NULL if it is none of these. */
const char *irregular_base(const char *word, size_t length);
