/* desk: what lookup keeps for a connection between two questions: the shelf of
 * its store, and which terms the index is known to hold. Made by
 * lookup_prepare, gone with the connection; one thread at a time, like the
 * connection. */
#pragma once

#include "lookup/shelf.h"
#include "lookup/vocabulary.h"

struct desk {
	struct shelf *shelf;
	guint64 generation; /* of the store, at the last desk_ready */
	gint64 seen;        /* the same as this connection sees it: SQLite's number */
	GHashTable *terms;  /* term -> guint64 *: the generation in which it was not
			       there; 0: it is there */
	guint *tallies;     /* room for counts of sources and of teams, SHELF_SOURCES each */
};

/* Makes one for the connection, if it has none. */
gboolean desk_make(store *s, GError **error);
/* The connection's desk, with the shelf brought up to date. NULL: not made, or
 * the store cannot be read. Borrowed. */
struct desk *desk_ready(store *s, GError **error);
/* What is known of the terms of the index: NULL if that is not known yet. */
struct vocabulary_list *desk_vocabulary(const struct desk *desk);
/* Waits until all that is kept in memory has been read: for measuring. */
void desk_wait(store *s);
/* As it was at the last desk_ready; NULL if there is none. */
struct desk *desk_of(store *s);
