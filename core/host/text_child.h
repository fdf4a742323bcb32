/* text_child: readers that are programs of their own. They get the file as their standard input, in memory and without
 * a name, and limits on time, memory and output; a crash of theirs costs that file only. */
#pragma once

#include "host/text.h"

struct text_child {
	const char *program, *package;
	const char *const *arguments; /* with the name first; NULL-terminated; the file is /dev/stdin */
};

/* Appends what it writes to the job's flow. The exit status of the program, or -1: trouble was noted (not installed,
 * killed, too much, ...). */
int text_child_run(struct text_job *job, const struct text_child *child);
