/* connectors: which there are. Each .so of the plugin folder is described by a process of its own; what cannot be
 * described is listed with the reason, and costs nobody anything. */
#pragma once

#include <jansson.h>

#include "sync/options.h"
#include "sync/sync.h"

/* struct sync_connector *, by file name. Describes all of the folder side by side, and waits some seconds at most. A
 * folder that cannot be read is an error. */
GPtrArray *sync_connectors_find(const char *folder, GError **error);
/* The connector of that name, by what it says of itself or, if it cannot be described, by its file; NULL if there is
 * none. */
const struct sync_connector *sync_connectors_get(const GPtrArray *connectors, const char *name);
char **sync_connectors_names(const GPtrArray *connectors);
json_t *sync_connectors_json(const GPtrArray *connectors);

/* Asks a connector whether it can work with these options, and waits. NULL if it can, else why not. */
char *sync_connector_check(const char *plugin, const char *source, const struct sync_options *options,
			   const char *temp_root, gint64 grace);
