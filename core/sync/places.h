/* places: where things are beside the running program, and how much memory a process has taken. */
#pragma once

#include <glib.h>

/* meri-connector: beside this program, else in ../lib/meri; MERI_CONNECTOR overrides. Newly allocated. */
char *sync_connector_program(void);
/* The folder of connectors where the settings name none: ../plugins of this program if there is one (a build tree),
 * else
 * ../lib/meri/plugins. Newly allocated. */
char *sync_plugin_path(void);

/* The most memory that the process has held so far, bytes; pid 0: this one. 0 if it cannot be told. */
guint64 sync_peak_memory(int pid);

/* Where runs keep what they need for a while: a folder beside the store, this daemon's alone. Newly allocated. */
char *sync_temp_root(const char *store);
/* A new folder in it for one run's temporary files, the root made if need be; NULL if none can be made. And the removal
 * of a folder with all that is in it, without following links. */
char *sync_temp_new(const char *root, GError **error);
void sync_temp_remove(const char *path);
