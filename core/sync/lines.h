/* lines: the settings file as sections of `key = value`, each with its line number, before anything is understood of
 * it.
 *
 * GKeyFile joins sections and keys that stand twice and forgets the lines; inih cuts a line at 200 bytes. An admin who
 * wrote a key twice must be told both lines, so this reads them itself.
 *
 * The format: `[hub]` and `[source "NAME"]` begin a section; `key = value`; `#` or `;` at the start of a line, or ` #`
 * after a value, begins a comment; a value in "double quotes" is taken as it stands, with \" and \\ for " and \. */
#pragma once

#include <glib.h>

struct sync_entry {
	char *key, *value; /* value: trimmed, without comment and quotes; may be empty */
	guint line;
};

struct sync_section {
	char *kind;  /* "hub", "source", or what else was written */
	char *name;  /* what stands in quotes; NULL if nothing does */
	char *title; /* as in messages: [source "crm"] */
	guint line;
	GPtrArray *entries; /* struct sync_entry * */
};

/* Reads all of it. Lines that are not understood, and sections and keys that stand twice (the first counts), become
 * problems. `file` is for the messages. Returns struct sync_section *, owned by the array. */
GPtrArray *sync_lines_parse(const char *file, const char *text, gsize length, GPtrArray *problems);
const struct sync_entry *sync_section_find(const struct sync_section *section, const char *key);
struct sync_section *sync_section_new(const char *kind, const char *name, guint line);
void sync_section_free(struct sync_section *section);

/* Adds "FILE:LINE: TITLE KEY: message". `title` and `key` may be NULL, `line` 0. */
void sync_problem(GPtrArray *problems, const char *file, guint line, const char *title, const char *key,
		  const char *format, ...) G_GNUC_PRINTF(6, 7);
