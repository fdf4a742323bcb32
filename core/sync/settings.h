/* settings: the settings file, read and checked as a whole. Every mistake is found in one reading, and each message names
 * file, section, key, what is wrong and the nearest right word. */
#pragma once

#include <glib.h>

struct sync_source {
	char *name, *connector;
	char *schedule_text;            /* as written; "manual" if none */
	struct sync_schedule *schedule; /* see schedule.h */
	GHashTable *raw;                /* connector options as written: char * -> char * */
	char **readers;                 /* teams; NULL: everybody */
	gint64 stale_after;             /* seconds */
	gint64 deadline;                /* seconds a run may take */
	guint64 memory;                 /* bytes a connector process may use */
};

struct sync_settings {
	char *file;                     /* absolute */
	char *store, *socket, *listen;  /* listen: NULL: no TCP */
	char *language, *region;
	char **own_domains;
	char *plugin_path;              /* NULL: beside the program */
	guint parallel;                 /* runs at once */
	GPtrArray *sources;             /* struct sync_source *, in the file's order */
};

/* Reads and checks what can be checked without connectors. On mistakes returns NULL and `problems` holds one line each. */
typedef struct sync_settings sync_settings_t;
struct sync_settings *sync_settings_load(const char *file, GPtrArray *problems);
void sync_settings_free(struct sync_settings *settings);
const struct sync_source *sync_settings_source(const struct sync_settings *settings, const char *name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sync_settings_t, sync_settings_free)
