/* record: how a record lies in its frame. All numbers are little-endian; a string is its length (4 bytes), its bytes,
 * and a NUL that the length does not count, so that a reader may point at it where it is.
 *
 *     form (1 byte, RECORD_FORM), kind (1 byte), occurred, updated (8 bytes each, signed)
 *     id, title, text, url, thread, parent, language, item, fingerprint (strings; "" is NULL)
 *     parties: how many (4 bytes), then role, name, address, organisation of each
 *     hints, fields: how many, then name and value of each
 *     quoted: how many, then start and length (8 bytes each) of each
 *     readers: how many, or RECORD_NOT_SAID, then the strings
 *     left out: how many, then name and value of each
 *
 * and nothing after that. */
#pragma once

#include "wire/wire.h"

#define RECORD_FORM     1
#define RECORD_ID_AT (2 + 8 + 8 + 4) /* where the first string begins */
#define RECORD_NOT_SAID 0xffffffffu
