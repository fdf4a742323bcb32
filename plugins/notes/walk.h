/* SPDX-License-Identifier: ISC
 *
 * walk: the regular files below a folder, in the order of their names, without ever leaving it: every step is an openat
 * that does not follow links, so that a link put there while we walk leads nowhere either. */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

struct walk_visitor {
	/* A file; `folder` and `name` open it (openat, O_NOFOLLOW), `relative` is its path below the root. Not 0 ends
	 * the walk. */
	int (*file)(void *user, int folder, const char *name, const char *relative, const struct stat *st);
	/* Is this folder to be walked? Its name may be hidden (".git"). */
	bool (*enter)(void *user, const char *name, const char *relative);
	/* A link, a socket, a device: what is neither file nor folder is passed over. */
	void (*other)(void *user, const char *relative, const struct stat *st);
	/* A folder or file that could not be looked at. Not 0 ends the walk. */
	int (*problem)(void *user, const char *relative, const char *why);
	void *user;
};

/* `root`: a folder, or one file. 0, what a visitor returned, or WALK_ROOT with errno when the root itself cannot be
 * opened. */
#define WALK_ROOT (-1000)
int walk(const char *root, const struct walk_visitor *visitor);
