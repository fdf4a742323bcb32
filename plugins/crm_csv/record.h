/* record: a row, with what its columns mean, becomes a record of the hub. */
#ifndef CRM_RECORD_H
#define CRM_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "map.h"
#include "meri/connector.h"
#include "reader.h"

struct record_settings {
	const struct meri_host *host; /* for HTML in text columns */
	const char *file;             /* path within the source: the record's item */
	const char *url_template;     /* NULL: none */
	char dates, point;            /* see value.h */
	uint64_t doubtful_dates,
		doubtful_amounts; /* counted here: cells left as text since they can be read in two ways */
};

struct record {
	struct arena arena;
	struct meri_record record; /* all of it borrowed from `arena` */
	bool own_key;              /* the id is the row's own, not made from its content */
	uint64_t key, content;     /* hashes of the id, and of all cells */
	unsigned long line;
};

/* FALSE when memory is out. */
bool record_make(struct record *record, const struct map *map, const struct reader_row *row,
		 struct record_settings *settings);
/* Another id for a row whose id an earlier one has: the same with a mark. */
void record_mark(struct record *record, const char *format, unsigned long long mark);
void record_free(struct record *record);

/* The id that a row with a wrong number of cells seems to have; NULL if that cannot be said. In the arena. */
const char *record_id_of(struct arena *arena, const struct map *map, const struct reader_row *row, const char *file);

#endif
