#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum packing { PLAIN, GZIP, ZSTANDARD };

struct mail_stream {
	int fd;
	enum packing packing;
	uint64_t size, consumed; /* of the file */
	const char *why;
	gboolean shrank, frame_open;
	unsigned char *in; /* packed bytes that wait */
	size_t in_at, in_end;
	z_stream gz;
	ZSTD_DStream *zst;
};

static const size_t IN_SIZE = 128 * 1024;

int mail_open_below(int root, const char *path, int flags)
{
	struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC | O_NOFOLLOW),
			       .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
	long fd;

	if (root == AT_FDCWD)
		return open(path, flags | O_CLOEXEC);
	fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	/* Old kernels and sandboxes do not know the call: then the last part of the path is guarded, and the folders
	 * above it were found by a listing that follows no links. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return openat(root, path, flags | O_CLOEXEC | O_NOFOLLOW);
	return (int)fd;
}

static ssize_t read_file(struct mail_stream *s, void *to, size_t n)
{
	size_t left = s->size > s->consumed ? (size_t)(s->size - s->consumed) : 0;
	ssize_t got;

	if (n > left)
		n = left;
	if (n == 0)
		return 0;
	do
		got = read(s->fd, to, n);
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		s->why = strerror(errno);
		return -1;
	}
	if (got == 0) {
		s->shrank = TRUE;
		s->why = "the file became shorter while it was read";
		return -1;
	}
	s->consumed += (uint64_t)got;
	return got;
}

/* Packed bytes for the decoder: 1 if there are some, 0 at the end, -1 on error. */
static int refill(struct mail_stream *s)
{
	ssize_t got;

	if (s->in_at < s->in_end)
		return 1;
	got = read_file(s, s->in, IN_SIZE);
	if (got <= 0)
		return (int)got;
	s->in_at = 0;
	s->in_end = (size_t)got;
	return 1;
}

static ssize_t broken(struct mail_stream *s, const char *why)
{
	s->why = why;
	return -1;
}

/* Several gzip members may follow one another, as after `cat a.gz b.gz`; zero bytes after the last are padding. */
static ssize_t read_gzip(struct mail_stream *s, void *to, size_t n)
{
	s->gz.next_out = to;
	s->gz.avail_out = (uInt)n;
	while (s->gz.avail_out > 0) {
		int have = refill(s), status;

		if (have < 0)
			return -1;
		if (have == 0) {
			if (s->frame_open && s->gz.avail_out == n)
				return broken(s, "the gzip data ends too early");
			break;
		}
		if (!s->frame_open) {
			if (s->in[s->in_at] == 0) {
				s->in_at++;
				continue;
			}
			inflateReset(&s->gz);
			s->frame_open = TRUE;
		}
		s->gz.next_in = s->in + s->in_at;
		s->gz.avail_in = (uInt)(s->in_end - s->in_at);
		status = inflate(&s->gz, Z_NO_FLUSH);
		s->in_at = s->in_end - s->gz.avail_in;
		if (status == Z_STREAM_END) {
			s->frame_open = FALSE;
		} else if (status != Z_OK && status != Z_BUF_ERROR) {
			if (s->gz.avail_out < n)
				break; /* what was good first; the next call meets the error again */
			return broken(s, "the gzip data is damaged");
		}
	}
	return (ssize_t)(n - s->gz.avail_out);
}

static ssize_t read_zstandard(struct mail_stream *s, void *to, size_t n)
{
	ZSTD_outBuffer out = {to, n, 0};

	while (out.pos < n) {
		int have = refill(s);
		ZSTD_inBuffer in;
		size_t status;

		if (have < 0)
			return -1;
		if (have == 0) {
			if (s->frame_open && out.pos == 0)
				return broken(s, "the Zstandard data ends too early");
			break;
		}
		in = (ZSTD_inBuffer){s->in, s->in_end, s->in_at};
		status = ZSTD_decompressStream(s->zst, &out, &in);
		s->in_at = in.pos;
		if (ZSTD_isError(status)) {
			if (out.pos > 0)
				break;
			return broken(s, "the Zstandard data is damaged or needs a window over 128 MiB");
		}
		s->frame_open = status != 0;
	}
	return (ssize_t)out.pos;
}

ssize_t mail_stream_read(struct mail_stream *s, void *to, size_t n)
{
	if (s->why)
		return -1;
	if (n > 1u << 30)
		n = 1u << 30;
	if (s->packing == GZIP)
		return read_gzip(s, to, n);
	if (s->packing == ZSTANDARD)
		return read_zstandard(s, to, n);
	return read_file(s, to, n);
}

/* Looks at the first bytes without moving on. */
static const char *recognise(struct mail_stream *s)
{
	unsigned char magic[6] = {0};

	if (pread(s->fd, magic, sizeof(magic), 0) < 0)
		return strerror(errno);
	if (magic[0] == 0x1f && magic[1] == 0x8b) {
		s->packing = GZIP;
		if (inflateInit2(&s->gz, 15 + 16) != Z_OK)
			return "zlib has no memory";
	} else if (memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0) {
		s->packing = ZSTANDARD;
		s->zst = ZSTD_createDStream();
		if (!s->zst)
			return "Zstandard has no memory";
	} else if (memcmp(magic,
			  "\xfd"
			  "7zXZ",
			  6) == 0) {
		return "packed with xz; only gzip and Zstandard are read";
	} else if (memcmp(magic, "BZh", 3) == 0 && magic[3] >= '1' && magic[3] <= '9') {
		return "packed with bzip2; only gzip and Zstandard are read";
	}
	if (s->packing != PLAIN)
		s->in = g_malloc(IN_SIZE);
	return NULL;
}

struct mail_stream *mail_stream_open(int root, const char *path, struct stat *st, const char **why)
{
	int fd = mail_open_below(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct mail_stream *s;

	if (fd < 0) {
		*why = errno == ELOOP ? "a link; links are not followed" : strerror(errno);
		return NULL;
	}
	if (fstat(fd, st) < 0 || !S_ISREG(st->st_mode)) {
		*why = "not a file";
		close(fd);
		return NULL;
	}
	s = g_new0(struct mail_stream, 1);
	s->fd = fd;
	s->size = (uint64_t)st->st_size;
	*why = recognise(s);
	if (*why) {
		mail_stream_close(s);
		return NULL;
	}
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return s;
}

const char *mail_stream_why(const struct mail_stream *stream)
{
	return stream->why;
}

int mail_stream_shrank(const struct mail_stream *stream)
{
	return stream->shrank;
}

uint64_t mail_stream_consumed(const struct mail_stream *stream)
{
	return stream->consumed;
}

void mail_stream_rewind(struct mail_stream *stream)
{
	stream->consumed = 0;
	stream->in_at = stream->in_end = 0;
	stream->why = NULL;
	stream->shrank = stream->frame_open = FALSE;
	if (stream->packing == ZSTANDARD)
		ZSTD_initDStream(stream->zst);
	if (lseek(stream->fd, 0, SEEK_SET) < 0)
		stream->why = strerror(errno);
}

void mail_stream_close(struct mail_stream *stream)
{
	if (!stream)
		return;
	if (stream->packing == GZIP)
		inflateEnd(&stream->gz);
	ZSTD_freeDStream(stream->zst);
	close(stream->fd);
	g_free(stream->in);
	g_free(stream);
}
