/* settings: the settings file, read and checked as a whole. Every mistake is found in one reading, and each message
 * names file, line, section, key, what is wrong and the nearest right word.
 *
 * What can be checked without connectors is checked here; a source's own options are kept as written for options.h,
 * which knows what its connector declares. */
#pragma once

#include <glib.h>

#include "sync/lines.h"
#include "sync/schedule.h"

struct sync_source {
	char *name, *connector;
	guint line;                     /* of its section */
	char *schedule_text;            /* as written; "manual" if none */
	struct sync_schedule *schedule; /* NULL if it was not understood */
	struct sync_section *section;   /* all its keys as written; borrowed from the settings */
	char **readers;                 /* teams; NULL: everybody */
	char *team;                     /* whose system it is; the first of readers if not told; NULL: none */
	gboolean lenient;               /* unknown-readers = open: a record whose own readers nobody knows is open */
	gint64 stale_after;             /* seconds; 0: never */
	gint64 deadline;                /* seconds a run may take */
	guint64 memory;                 /* bytes a connector process may use */
	gint64 max_skipped; /* more than that many, and the run has failed; -1: over 20 and over half of all */
};

/* The keys of [source] that are ours, NULL-terminated; the rest are its connector's. */
extern const char *const sync_source_keys[];

struct sync_settings {
	char *file;                    /* absolute */
	char *folder;                  /* that relative paths count from */
	gboolean readable_by_others;   /* then it may hold no secret */
	char *store, *socket, *listen; /* listen: NULL: no TCP */
	char *language, *region;
	char **own_domains;   /* never NULL; lower case */
	char *public_url;     /* how browsers reach us, without a slash at its end; NULL: as listen says */
	char **trusted_proxy; /* addresses whose proxy_header is believed; NULL: none */
	char *proxy_header;
	gint64 session_length; /* seconds that a log-in lasts without use */
	gint64 audit_keep;     /* seconds */
	guint find_rate;       /* searches a second that a user may make over TCP; 0: any number */
	char *plugin_path;     /* NULL: beside the program */
	guint parallel;        /* runs at once */
	gint64 grace;          /* seconds between a friendly word to end and the kill */
	guint64 spool;         /* bytes that a run may put without a checkpoint */
	GPtrArray *sources;    /* struct sync_source *, in the file's order */
	GPtrArray *sections;   /* struct sync_section * */
};
typedef struct sync_settings sync_settings_t;

/* Reads and checks what can be checked without connectors; each mistake is a line in `problems`. NULL only if there is
 * nothing to read: with mistakes, what was understood is returned, so that the sources' options can be looked at in the
 * same go. Nothing may be run with them. */
struct sync_settings *sync_settings_load(const char *file, GPtrArray *problems);
/* The same for text at hand. `file` is for the messages and for relative paths. */
struct sync_settings *sync_settings_parse(const char *file, const char *text, gsize length, GPtrArray *problems);
void sync_settings_free(struct sync_settings *settings);
const struct sync_source *sync_settings_source(const struct sync_settings *settings, const char *name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sync_settings_t, sync_settings_free)

/* ---- values, for options.h too ---- */

char *sync_path(const char *folder, const char *value);     /* absolute; ~/ is the home of who runs merid */
gboolean sync_size_parse(const char *text, guint64 *bytes); /* 512M, 2G, 64K, or a plain number of bytes */
char **sync_list(const char *value);                        /* split at commas, trimmed, empty ones left out */
