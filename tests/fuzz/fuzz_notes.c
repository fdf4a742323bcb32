/* Any bytes as a note. The first byte chooses the kind of file and how it is split. */
// with: plugins/notes/*.c
// libs: libcmark yaml-0.1
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "inproc.h"

extern const struct meri_connector meri_connector;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"2025 log.md", "a.md",   "b.org",         "c.txt",
					    "d.html",      "e.docx", "2024-02-03.md", "f.org"};
	static char dir[64];
	char file[128];
	if (!size)
		return 0;
	if (!*dir) {
		snprintf(dir, sizeof(dir), "/tmp/fuzz-notes-XXXXXX");
		INPROC_REQUIRE(mkdtemp(dir), "a folder of our own");
	}
	snprintf(file, sizeof(file), "%s/%s", dir, names[data[0] & 7]);
	int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	INPROC_REQUIRE(fd >= 0 && write(fd, data + 1, size - 1) == (ssize_t)size - 1, "a file of our own");
	close(fd);
	const char *const options[] = {
		"path", dir, "split", data[0] & 8 ? "yes" : "auto", "undated", data[0] & 16 ? "mtime" : "unknown",
		NULL};
	struct inproc host;
	inproc_init(&host, options);
	host.strict_utf8 = 1;
	meri_connector.sync(&host.api);
	INPROC_REQUIRE(host.completes == 1 && host.records + host.skipped >= 1,
		       "one file is a record or a named failure");
	inproc_done(&host);
	unlink(file);
	return 0;
}
