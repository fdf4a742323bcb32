/* SPDX-License-Identifier: ISC
 *
 * known: which file holds which issue, by hashes, across runs. Exports overlap: the same issue lies in last week's file
 * and in this week's, and the newest must win whichever is read. Files that did not change are not read, so what they
 * hold must be known: 8 bytes an issue, carried in the cursor. A clash of hashes costs a full reading, never a wrong
 * answer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

struct known;
struct known *known_new(void);
void known_free(struct known *k);

uint32_t known_hash(const char *text);
/* What a cursor holds of former runs; FALSE if the text is damaged (nothing is loaded then). */
bool known_load(struct known *k, const char *text);
/* All of it, old and new, as text. */
void known_save(struct known *k, struct buffer *out);

/* The files that exist in this run, and those that were left unread because they have not changed. */
void known_listed(struct known *k, const char *path);
void known_kept(struct known *k, const char *path);
/* Notes that `path` holds the issue. TRUE if another file that exists holds it too. */
bool known_add(struct known *k, const char *id, const char *path);
/* Forgets what former runs said of files that were read anew or are gone. */
void known_settle(struct known *k);
size_t known_count(const struct known *k);
