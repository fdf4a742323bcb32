/* spawn: starting a connector process with the descriptors, the session and the environment that it is meant to have,
 * and no others. */
#pragma once

#include <glib.h>
#include <sys/types.h>

struct sync_process {
	pid_t pid;
	int watch;  /* readable when it has ended */
	int wire;   /* our end of the conversation; does not block */
	int output; /* what it writes; does not block */
};
void sync_process_init(struct sync_process *process);
void sync_process_clear(struct sync_process *process); /* closes our ends; the process is not touched */

/* `items`: a descriptor for its number 4, or -1; stays the caller's. */
gboolean sync_process_start(struct sync_process *process, const char *program, const char *plugin, int items,
			    GError **error);
