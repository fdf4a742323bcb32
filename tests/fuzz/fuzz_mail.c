/* The bytes as an mbox, as one message, and as whatever the connector takes them for; packed ones are unpacked on the
 * way. A cursor made of their tail must do no harm either. */
// with: plugins/mail/*.c
// libs: gmime-3.0 zlib libzstd libsodium
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "inproc.h"

extern const struct meri_connector meri_connector;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void run(const char *path, const char *format, const char *cursor)
{
	const char *options[] = {"path", path, "format", format, NULL};
	struct inproc host;

	inproc_init(&host, options);
	host.strict_utf8 = 1;
	host.cursor = cursor;
	meri_connector.sync(&host.api);
	INPROC_REQUIRE(host.failed == 0, "nothing in a file makes the whole run fail");
	INPROC_REQUIRE(host.completes == 1, "one file is always listed whole");
	inproc_done(&host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("mail", MFD_CLOEXEC);
	char path[64], tail[256];
	size_t n = size < sizeof tail - 8 ? size : sizeof tail - 8;

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	run(path, "auto", NULL);
	run(path, "mbox", NULL);
	run(path, "eml", NULL);
	memcpy(tail, "mail 1\n", 7);
	memcpy(tail + 7, data + size - n, n);
	tail[7 + n] = '\0';
	run(path, "auto", tail);
	close(fd);
	return 0;
}
