/* web: the page's files, which are part of the program. They are made at build out of this folder and of the few npm
 * packages that package-lock.json pins (tools/embed.mjs), so that nothing has to be installed beside merid and no
 * request of the page leaves the hub.
 *
 * The files are constant; any thread may read them. */
#pragma once

#include <glib.h>

struct web_file {
	const char *path;           /* as asked for: "/", "/app/main.js" */
	const char *type;           /* Content-Type, with charset */
	const unsigned char *bytes; /* as they are */
	gsize length;
	const unsigned char *gzip; /* the same, gzip -9; NULL where that saves nothing */
	gsize gzip_length;
	const char *etag; /* strong, with its quotes */
};

/* The file at a path; for an address inside the page ("/customer/12", "/find") the page itself, which reads the
 * address. NULL: there is none (a name with a suffix that no file has, or anything below /api). */
const struct web_file *web_file_find(const char *path);
