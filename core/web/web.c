/* web: finds a file among those that the build embedded. */
#include "web/web.h"

#include <stdlib.h>
#include <string.h>

/* Made by tools/embed.mjs: sorted by path. */
extern const struct web_file web_files[];
extern const gsize web_n_files;

static int by_path(const void *path, const void *file)
{
	return strcmp(path, ((const struct web_file *)file)->path);
}

static const struct web_file *exactly(const char *path)
{
	return bsearch(path, web_files, web_n_files, sizeof *web_files, by_path);
}

/* Addresses of the page have no suffix; files have. */
static gboolean is_address(const char *path)
{
	const char *last = strrchr(path, '/');
	return last && !strchr(last, '.') && strncmp(path, "/api/", 5) != 0 && strcmp(path, "/api") != 0;
}

const struct web_file *web_file_find(const char *path)
{
	const struct web_file *file = exactly(path);
	return file || !is_address(path) ? file : exactly("/");
}
