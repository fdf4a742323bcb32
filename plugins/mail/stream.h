/* stream: the bytes of one file of mail, as they are or out of gzip or Zstandard, told apart by their first bytes and
 * not by the file's name. A file is opened below a folder and never through a link. Its size at opening is taken as its
 * end: what a mail server appends meanwhile is for the next run. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Opens a file below the folder `root`, following no link; with AT_FDCWD, the very file that an admin named, which may
 * be a link. The descriptor, or -1 with errno set. */
int mail_open_below(int root, const char *path, int flags);

struct mail_stream;
/* NULL with *why set (a constant, or strerror's text) when it cannot be opened. `st` gets what fstat said. */
struct mail_stream *mail_stream_open(int root, const char *path, struct stat *st, const char **why);
/* Up to `n` bytes into `to`; 0 at the end; -1 with mail_stream_why() set when what follows cannot be read. */
ssize_t mail_stream_read(struct mail_stream *stream, void *to, size_t n);
/* Why reading ended before the file did, or NULL. Valid until close. */
const char *mail_stream_why(const struct mail_stream *stream);
/* 1 when the file was found shorter than at opening: somebody is writing it anew. */
int mail_stream_shrank(const struct mail_stream *stream);
/* Bytes of the file (packed ones, if it is packed) read so far. */
uint64_t mail_stream_consumed(const struct mail_stream *stream);
/* Back to the beginning, as after opening. */
void mail_stream_rewind(struct mail_stream *stream);
void mail_stream_close(struct mail_stream *stream);
