/* sandbox: see host_sandbox in host.h; the part that is about files is a module of its own. */
#pragma once

#include "host/host.h"

/* Landlock: the system's libraries and settings, the connector's own folder and the paths that its options name can be
 * read; the run's folder can be written; processes outside can be neither signalled nor traced. */
void sandbox_files(const struct wire_run *run, const char *plugin, GPtrArray *missing);
