/* options: what stands in the settings of a source, held against what its connector declares, and made into the values
 * that the connector is handed.
 *
 * Mistakes are what an admin must mend in the file: unknown keys, values of the wrong kind, what is missing. `absent`
 * is what may come and go without the file being wrong: a path that does not exist now, a variable or a password file
 * that is not there. A mistake keeps the daemon from taking the settings; what is absent costs that source's run only.
 */
#pragma once

#include "sync/settings.h"
#include "wire/wire.h"

struct sync_options {
	GHashTable *values; /* char * -> char *: as the connector is handed them, defaults included */
	GPtrArray *secrets; /* char *: values that must not appear in any log */
};
void sync_options_free(struct sync_options *options);
typedef struct sync_options sync_options_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sync_options_t, sync_options_free)

/* Never NULL; good for a run only if neither list grew. */
struct sync_options *sync_options_read(const struct sync_settings *settings, const struct sync_source *source,
				       const struct wire_hello *hello, GPtrArray *mistakes, GPtrArray *absent);

/* Replaces every secret in `text` by "***"; newly allocated. Secrets shorter than four bytes are left, they are
 * everywhere. */
char *sync_options_hide(const struct sync_options *options, const char *text);
