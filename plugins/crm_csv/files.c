#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "map.h"

enum { DEPTH = 40, FILES_MAX = 1000000 };

static bool push(char ***list, size_t *count, size_t *room, char *text)
{
	if (!text)
		return false;
	if (*count == *room) {
		size_t grown = *room ? *room * 2 : 64;
		char **again = grown <= FILES_MAX ? realloc(*list, grown * sizeof **list) : NULL;
		if (!again) {
			free(text);
			return false;
		}
		*list = again;
		*room = grown;
	}
	(*list)[(*count)++] = text;
	return true;
}

static char *joined(const char *folder, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s%s%s", folder, *folder ? "/" : "", name) < 0)
		return NULL;
	return path;
}

static bool note_unread(struct files *files, const char *folder)
{
	char *text = NULL;

	if (asprintf(&text, "%s: %s", *folder ? folder : ".", strerror(errno)) < 0)
		return false;
	return push(&files->unread, &files->n_unread, &files->unread_room, text);
}

static bool walk(struct files *files, int fd, const char *folder, const char *patterns, int depth);

static bool walk_entry(struct files *files, int fd, const char *folder, const char *name, const char *patterns,
		       int depth)
{
	struct stat st;
	bool done = true;
	char *path = joined(folder, name);

	if (!path)
		return false;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW)) {
		done = errno == ENOENT || note_unread(files, path);
	} else if (S_ISLNK(st.st_mode)) {
		files->links++;
	} else if (S_ISDIR(st.st_mode)) {
		int inner = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (inner < 0)
			done = note_unread(files, path);
		else
			done = walk(files, inner, path, patterns, depth + 1);
	} else if (S_ISREG(st.st_mode) && map_matches(patterns, path)) {
		return push(&files->paths, &files->count, &files->room, path);
	}
	free(path);
	return done;
}

/* Takes `fd` over. */
static bool walk(struct files *files, int fd, const char *folder, const char *patterns, int depth)
{
	DIR *dir = depth < DEPTH ? fdopendir(fd) : NULL;
	bool done = true;

	if (!dir) {
		if (depth >= DEPTH)
			errno = ELOOP;
		done = note_unread(files, folder);
		close(fd);
		return done;
	}
	for (struct dirent *entry; done && (errno = 0, entry = readdir(dir));)
		if (entry->d_name[0] != '.' &&
		    strncmp(entry->d_name, "~$", 2) != 0) /* hidden files, and what Office keeps open */
			done = walk_entry(files, dirfd(dir), folder, entry->d_name, patterns, depth);
	if (done && errno)
		done = note_unread(files, folder);
	closedir(dir);
	return done;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool one_file(struct files *files, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");

	files->single = true;
	files->root = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	free(folder);
	return files->root >= 0 && push(&files->paths, &files->count, &files->room, strdup(slash ? slash + 1 : path));
}

bool files_list(struct files *files, const char *path, const char *patterns)
{
	struct stat st;

	*files = (struct files){.root = -1};
	if (stat(path, &st))
		return false;
	if (!S_ISDIR(st.st_mode))
		return one_file(files, path);
	files->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int listed = files->root < 0 ? -1 : openat(files->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (listed < 0 || !walk(files, listed, "", patterns, 0))
		return false;
	if (files->count)
		qsort(files->paths, files->count, sizeof *files->paths, by_path);
	return true;
}

int files_open(const struct files *files, const char *path, struct stat *st)
{
	/* The one file that the settings name may be a link: an admin chose it. */
	int fd = openat(files->root, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (files->single ? 0 : O_NOFOLLOW));

	if (fd < 0)
		return -1;
	if (!fstat(fd, st) && S_ISREG(st->st_mode))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

static void free_list(char **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i]);
	free(list);
}

void files_clear(struct files *files)
{
	free_list(files->paths, files->count);
	free_list(files->unread, files->n_unread);
	if (files->root >= 0)
		close(files->root);
	*files = (struct files){.root = -1};
}
