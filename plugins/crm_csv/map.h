/* map: what the columns of one file mean: out of the settings, a known export's table, or common names. */
#ifndef CRM_MAP_H
#define CRM_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "preset.h"

struct reader_row;

/* The settings that say what files mean. Texts are the options' values: lists with a '\n' between two. */
struct map_settings {
	const char *preset;         /* "auto", a CRM's name, "none" */
	const char *maps[OBJECTS];  /* "role=Header", or NULL */
	const char *files[OBJECTS]; /* patterns, or NULL */
};

struct column {
	char *header; /* as written; "Column 3" where there is none */
	char *field;  /* the name of the record's field */
	enum role role;
};

struct map {
	enum object object;
	struct column *columns;
	size_t count, least; /* of columns; those after `least` have no name, and rows may end before them */
	bool headless;       /* the first row is data already */
	bool guessed;        /* by common names, or not at all: ids are this file's own */
	bool own_ids;        /* the id column is named after the file: no id that other sources would know */
	bool salesforce;
	const char *crm; /* for the log */
};

/* From the file's first row. `file`: its path within the source. FALSE if a mapping of the settings names a header that
 * is not there, or memory is out; `why` then says so. Clear with map_clear in either case. */
bool map_make(struct map *map, const struct map_settings *settings, const char *file, const struct reader_row *header,
	      char *why, size_t room);
void map_clear(struct map *map);

/* Checks a mapping option: NULL if it is fine, else what is wrong, in `why`. */
const char *map_problem(const char *value, char *why, size_t room);

/* Does `file` (its path within the source, or its name) match one of the patterns? */
bool map_matches(const char *patterns, const char *file);

#endif
