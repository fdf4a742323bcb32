/* crm_csv.h: what the run shares with the reading of one file. */
#ifndef CRM_CSV_H
#define CRM_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include "files.h"
#include "map.h"
#include "meri/connector.h"

/* Raised when the same file and settings would give other records than before: all files are then read again. */
enum { CRM_READING = 1 };

struct crm {
	const struct meri_host *host;
	const char *path, *patterns, *encoding, *url_template;
	char delimiter, dates, point;
	struct map_settings map;
	uint64_t digest;
	struct files files;
	unsigned since_checkpoint;
};

/* Reads one file of the list, if it has changed. MERI_STOP when the run is over. */
int crm_file(struct crm *crm, const char *path);

#endif
