/* Files of every kind through text_of. PDF and old Office files go to programs of their own, which are not found here.
 * The first byte says under which name and type the file comes. */
// with: core/host/text*.c core/wire/*.c
// libs: glib-2.0 gio-2.0 libsodium libxml-2.0 libarchive
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/host.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"a.txt", "a.html", "a.xml", "a.docx", NULL, "a.rtf"};
	static const char *const types[] = {NULL, "text/html; charset=iso-2022-jp", "text/plain; charset=utf-7",
					    "application/xml; charset=gb2312"};
	static struct host_text *text;
	const char *why;
	if (!text) {
		setenv("PATH", "/nonexistent", 1);
		text = host_text_new(NULL, NULL, NULL);
	}
	if (size < 1)
		return 0;
	struct meri_blob blob = {.size = sizeof blob,
				 .bytes = data + 1,
				 .length = size - 1,
				 .name = names[data[0] % 6],
				 .media_type = types[data[0] / 6 % 4]};
	const char *out = host_text_of(text, &blob, &why);
	if ((!out && !why) || (out && !g_utf8_validate(out, -1, NULL)))
		abort();
	return 0;
}
