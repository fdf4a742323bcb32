/* SPDX-License-Identifier: ISC
 * skeleton: the smallest connector: each *.txt file of a folder is a note. Copy it to plugins/NAME.c and replace
 * read_note() and sync_run() by what your system needs. The guide is plugins/README.md. */
#include "meri/connector.h"
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct meri_option options[] = {
	{.name = "path", .kind = MERI_PATH, .help = "Folder whose *.txt files are read.", .required = 1},
	{.name = NULL},
};

static int read_note(const struct meri_host *host, const char *name)
{
	static char text[1 << 20];
	char fingerprint[64];
	struct stat st;
	FILE *file = fopen(name, "rb");
	if (!file || fstat(fileno(file), &st) || !S_ISREG(st.st_mode) || st.st_size >= (off_t)sizeof(text))
		return (file ? fclose(file) : 0), host->skip(host, name, "cannot be opened, or is larger than 1 MiB");
	snprintf(fingerprint, sizeof(fingerprint), "%lld %lld", (long long)st.st_size, (long long)st.st_mtime);
	int known = host->unchanged(host, name, fingerprint);
	text[known ? 0 : fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	struct meri_record note = {.size = sizeof(note), .id = name, .kind = MERI_NOTE, .title = name, .text = text};
	note.occurred = st.st_mtime;
	note.fingerprint = fingerprint;
	return known ? 0 : host->put(host, &note);
}

static int check(const struct meri_host *host)
{
	const char *folder = host->option(host, "path");
	return chdir(folder) ? host->fail(host, MERI_CONFIG, 0, "%s: %s", folder, strerror(errno)) : 0;
}

static int sync_run(const struct meri_host *host)
{
	int stop = check(host);
	DIR *dir = stop ? NULL : opendir(".");
	if (!dir && !stop)
		stop = host->fail(host, MERI_CONFIG, 0, "the folder cannot be listed: %s", strerror(errno));
	for (struct dirent *entry; dir && !stop && (errno = 0, entry = readdir(dir));)
		if (!fnmatch("*.txt", entry->d_name, 0))
			stop = read_note(host, entry->d_name);
	int error = stop ? 0 : errno;
	if (dir)
		closedir(dir);
	if (error)
		return host->fail(host, MERI_TRANSIENT, 0, "the folder cannot be listed: %s", strerror(error));
	return stop ? stop : host->complete(host);
}

MERI_CONNECTOR("skeleton", "Text files of a folder, one note a file.", options, check, sync_run);
