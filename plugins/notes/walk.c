/* SPDX-License-Identifier: ISC */
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buffer.h"

#define MAX_DEPTH 64

struct names {
	char **list;
	size_t n, room;
};

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Takes `fd` over. FALSE with errno when the folder could not be listed to its end. */
static bool list(int fd, struct names *names)
{
	DIR *dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return false;
	}
	for (struct dirent *entry; (errno = 0, entry = readdir(dir));) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (names->n == names->room) {
			names->room = names->room ? names->room * 2 : 64;
			names->list = must_realloc(names->list, names->room * sizeof(*names->list));
		}
		names->list[names->n++] = strdup(entry->d_name);
	}
	int error = errno;
	closedir(dir);
	errno = error;
	if (names->n)
		qsort(names->list, names->n, sizeof(*names->list), compare);
	return !error;
}

static int folder(int parent, const char *name, struct buffer *path, int depth, const struct walk_visitor *v);

static int entry(int fd, const char *name, struct buffer *path, int depth, const struct walk_visitor *v)
{
	struct stat st;
	const char *relative = buffer_string(path);
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : v->problem(v->user, relative, strerror(errno));
	if (S_ISREG(st.st_mode))
		return v->file(v->user, fd, name, relative, &st);
	if (S_ISDIR(st.st_mode))
		return v->enter(v->user, name, relative) ? folder(fd, name, path, depth + 1, v) : 0;
	v->other(v->user, relative, &st);
	return 0;
}

static int folder(int parent, const char *name, struct buffer *path, int depth, const struct walk_visitor *v)
{
	if (depth > MAX_DEPTH)
		return v->problem(v->user, buffer_string(path), "folders nested deeper than 64 are not read");
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return v->problem(v->user, buffer_string(path), strerror(errno));
	struct names names = {0};
	int result = 0, copy = dup(fd);
	if (copy < 0 || !list(copy, &names))
		result = v->problem(v->user, path->length ? buffer_string(path) : ".", strerror(errno));
	size_t length = path->length;
	for (size_t i = 0; i < names.n; i++) {
		if (!result) {
			buffer_text(path, length ? "/" : "");
			buffer_text(path, names.list[i]);
			result = entry(fd, names.list[i], path, depth, v);
			path->length = length;
			path->data[length] = '\0';
		}
		free(names.list[i]);
	}
	free(names.list);
	close(fd);
	return result;
}

int walk(const char *root, const struct walk_visitor *v)
{
	struct stat st;
	struct buffer path = {0};
	int fd = open(root, O_PATH | O_CLOEXEC); /* the root itself is the admin's choice: it may be a link */
	if (fd < 0)
		return WALK_ROOT;
	int result;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode)) {
		const char *name = strrchr(root, '/');
		char *in = strndup(root, name ? (size_t)(name - root + 1) : 0);
		int dir = open(name ? in : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
		name = name ? name + 1 : root;
		result = dir < 0 ? WALK_ROOT : v->file(v->user, dir, name, name, &st);
		if (dir >= 0)
			close(dir);
		free(in);
	} else if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		result = WALK_ROOT;
	} else {
		result = access(root, R_OK | X_OK) ? WALK_ROOT : folder(fd, ".", &path, 0, v);
	}
	int error = errno;
	close(fd);
	buffer_free(&path);
	errno = error;
	return result;
}
