/* block: which profiles are worth comparing. Each is filed under some dozen keys; two that share none are never
 * compared, and a key that too many share is passed over, so that the work stays near linear in the number of profiles.
 */
#pragma once

#include <glib.h>

#include "identity/profile.h"
#include "text/namekey.h"

#define IDENTITY_BLOCK_MOST 60 /* profiles under one key; beyond that it says nothing */

typedef void (*identity_block_fn)(gint64 key, gpointer user);
void identity_blocks(const struct identity_profile *profile, identity_block_fn visit, gpointer user);
/* More keys, for finding by name alone: what the Finnish cases of each word share. */
void identity_name_blocks(const struct identity_profile *profile, identity_block_fn visit, gpointer user);
/* The words of its names, each once: kept in their order, so that they are found by their beginnings. Free with
 * g_strfreev. */
char **identity_name_words(const struct identity_profile *profile);
/* Of a word that somebody typed: under which keys names with it in a case (`keys`: of namekey_query), or with a word
 * that sounds like it, may be filed. */
void identity_query_cases(const struct namekeys *keys, identity_block_fn visit, gpointer user);
void identity_query_sounds(const char *word, identity_block_fn visit, gpointer user);
/* The key of a value that profiles are filed under as it is (ids, addresses, numbers); 0: not in this field. */
gint64 identity_value_block(enum identity_field field, const char *value);
/* The key of one text, for lookups by name; `class` as in block.c. */
gint64 identity_block_key(char class, const char *first, const char *second);
