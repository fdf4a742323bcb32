/* fold: one spelling for what readers take for the same letters. Lower case, compatibility forms (full width,
 * ligatures) taken apart, diacritics dropped, except that å, ä and ö stay: in Finnish and Swedish they are letters of
 * their own. */
#pragma once

#include <glib.h>

/* Decodes one character of valid or invalid UTF-8; 0xFFFD and a length of 1 for what is none. `at` < `end`. */
gunichar fold_decode(const char *at, const char *end, unsigned *length);

/* Folds `length` bytes into `out` (room for `room` bytes, no NUL is written); returns the length written. What does not
 * fit is left out at a character's border. Characters that join or hint (soft hyphen, zero width) vanish. */
size_t fold_word(const char *word, size_t length, char *out, size_t room);

/* The folded word with å ä ö as a a o. In place; returns the new length. TRUE in `changed` if there were any. */
size_t fold_plain(char *word, size_t length, gboolean *changed);
