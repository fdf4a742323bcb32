/* files: the files of an export folder, in order of their paths, without following links. */
#ifndef CRM_FILES_H
#define CRM_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct files {
	int root;     /* the folder, or the folder that the one file is in; -1: not open */
	char **paths; /* within the root */
	size_t count, room;
	char **unread; /* folders that could not be listed: "path: reason" */
	size_t n_unread, unread_room;
	size_t links; /* links that were not followed */
	bool single;  /* the path is one file */
};

/* `path`: a file or a folder; `patterns`: '\n' between two, matched as in map_matches. FALSE if the path cannot be
 * opened or memory is out: `errno` says which. Clear with files_clear in either case. */
bool files_list(struct files *files, const char *path, const char *patterns);
/* Opens one of them for reading, never through a link. -1 and errno. `st`: what it is. */
int files_open(const struct files *files, const char *path, struct stat *st);
void files_clear(struct files *files);

#endif
