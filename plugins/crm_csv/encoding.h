/* encoding: the bytes of a file as UTF-8, a piece at a time. What the file is written in is read off its beginning
 * (byte order mark, the pattern of zero bytes) and, for files without a mark, off one quick pass over all of it: a file
 * whose first å comes after a gigabyte is still told from UTF-8. A declared encoding is believed. */
#ifndef CRM_ENCODING_H
#define CRM_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct encoding;

/* Takes over `fd` (a regular file). `declared`: a name that iconv knows, or NULL to find out. NULL on error, and `why`
 * (of `room` bytes) says what is wrong in words that can follow the file's name. */
struct encoding *encoding_open(int fd, const char *declared, char *why, size_t room);
/* Up to `room` bytes of UTF-8 (room >= 8); 0 at the end; -1 on a read error (errno). In a file in UTF-8 bytes that are
 * not stay as they are: the host repairs and counts them. */
ssize_t encoding_read(struct encoding *encoding, char *bytes, size_t room);
const char *encoding_name(const struct encoding *encoding);
/* Sequences that the encoding does not know, replaced by U+FFFD. */
uint64_t encoding_damaged(const struct encoding *encoding);
uint64_t encoding_offset(const struct encoding *encoding); /* bytes read of the file, for progress */
void encoding_close(struct encoding *encoding);

/* Whether iconv knows the name: for `check`. */
bool encoding_known(const char *name);

#endif
