/* SPDX-License-Identifier: ISC
 *
 * decode: a text file's bytes as UTF-8. Known by its mark: UTF-8, UTF-16, UTF-32; without one: UTF-8 if it is that
 * throughout, UTF-16 if every other byte is zero, else Windows-1252, of which ISO-8859-1 is a part. Line ends become
 * '\n'. */
#pragma once

#include <stdbool.h>

#include "buffer.h"

/* FALSE: these bytes are no text (they hold zeros, or mostly control characters). */
bool decode(const char *bytes, size_t length, struct buffer *out);
bool decode_is_utf8(const char *bytes, size_t length);
