/* SPDX-License-Identifier: ISC
 *
 * record: a file that was read, as records. A file is one record of kind note (document for office files and PDF). A
 * log with dated headings is more: one note for each of them, with the file's record as parent and the file as thread;
 * the file's own record keeps what stands outside of them. An entry's id is the file, the heading's words, and, where
 * the same words come again, a count that begins at the end that does not grow: so entries keep their ids when new ones
 * are added. */
#pragma once

#include "note.h"

enum split { SPLIT_AUTO, SPLIT_YES, SPLIT_NO };

struct settings {
	const struct meri_host *host;
	enum split split;
	bool mtime_is_date;       /* undated notes: taken as written when the file was last changed */
	unsigned customer_folder; /* which folder of a path is a customer's name, counted from 1; 0: none */
	const char *base_url;     /* NULL: notes have no address */
};

struct source_file {
	const char *path; /* below the root, as in the file system */
	const char *id;   /* the same as UTF-8, unique */
	const char *fingerprint;
	int64_t changed;
	bool document; /* an office file or PDF */
};

/* Puts the records; `count` is raised by how many. 0 or MERI_STOP. */
int record_put(const struct settings *s, const struct source_file *file, const struct note *note, uint64_t *count);
