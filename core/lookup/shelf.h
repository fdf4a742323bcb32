/* shelf: what ranking, filters and facets ask of every record (source, kind,
 * time, size), kept in memory: 16 bytes a record, once for all connections of
 * the process to a store. To ask the store for it takes longer than to find the
 * record.
 *
 * The shelf reads through a connection of its own, which sees all records: who
 * uses it for somebody must look at the source, and at `restricted`. It follows
 * the store by its rows' numbers (new ones are at the end) and by the list
 * record_moved of those that changed or went. */
#pragma once

#include "store/store.h"

struct shelf;

struct shelf_record {
	gint64 occurred;
	guint32 source;
	guint32 size; /* bytes */
	int kind;
	gboolean restricted; /* not everybody who may read the source may read it */
};

enum { SHELF_SOURCES = 1 << 16, SHELF_CHUNK = 4096 }; /* ids of sources are below; rows of a chunk */

/* Of one source: how many records that are not restricted, and their sizes
 * together. */
struct shelf_source {
	gint64 records, size;
};

/* The shelf of a store's file, made if there is none yet: one for all that ask.
 * Given back by shelf_release. Reads nothing yet. */
struct shelf *shelf_take(const char *path);
void shelf_release(struct shelf *shelf);

/* Brings the shelf up to what the store holds now; costs next to nothing if
 * nothing changed. `generation`, if not NULL, becomes a number that is another
 * one whenever the store has changed. Any thread. */
gboolean shelf_refresh(struct shelf *shelf, guint64 *generation, GError **error);

/* FALSE: no such record. Any thread, also while another refreshes. */
gboolean shelf_get(const struct shelf *shelf, gint64 id, struct shelf_record *record);
/* The largest row ever met. */
gint64 shelf_newest(const struct shelf *shelf);
/* Between which times the records of the chunk that begins with row `first`
 * lie, at most. FALSE: there are none. */
gboolean shelf_span(const struct shelf *shelf, gint64 first, gint64 *earliest, gint64 *latest);
struct shelf_source shelf_source(const struct shelf *shelf, guint32 source);
/* The terms of the same store. */
struct vocabulary *shelf_vocabulary(const struct shelf *shelf);
/* How many records there are. */
gint64 shelf_records(const struct shelf *shelf);
