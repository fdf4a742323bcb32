/* fence: what one asker may read, applied inside the store, so that no question has to know of it.
 *
 * On a reading connection that has been fenced, TEMP VIEWs stand before every table that tells of records or customers,
 * by the same names: `record` is the records that the asker may read, `customer` the customers that one of them tells
 * of, and so on. SQLite finds TEMP names first and flattens the views into the question, so that counts, facets and
 * limits count what may be seen. A table that has no view cannot be read at all there (an authorizer refuses it when
 * the statement is prepared), so a new table is closed until somebody says in fence.c who may see what of it.
 *
 * The full text index cannot be fenced by itself cheaply: `record_fts` is shadowed by a view that joins record_brief,
 * which is right everywhere; a question that joins record_brief anyway may say `main.record_fts`, and then must not
 * count before the join. `record_terms` (how many records hold a term) is not shadowed: a question that shows anything
 * of it must look at store_fenced() and make sure that an open record holds the term.
 *
 * Rules: a record is open if its source is in `sources`, and either it is not restricted, or one of its readers is one
 * of `names`, or its source is in `lenient` and none of its readers is anybody we know: neither user, team or address
 * of one, nor in `known`. Names are compared folded. */
#pragma once

#include "store/store.h"

/* Borrowed strings and arrays; what it says is copied into the connection. */
struct store_rights {
	gboolean all;          /* an admin: reads everything, and so needs no fence */
	const gint64 *sources; /* ids of the sources that are open */
	gsize n_sources;
	const gint64 *lenient; /* of these, those with unknown-readers = open */
	gsize n_lenient;
	const char *const *names; /* name, address and teams of who asks; NULL-terminated */
	const char *const *known; /* teams that the settings name; NULL-terminated, or NULL: none */
};

/* Fences the connection (STORE_READ) for who asks, until the next call: cheap, once a request. `rights->all` is
 * INVALID: such askers use a connection that was never fenced; and one that was is never free again. After an error
 * nothing is open. */
gboolean store_fence(store *s, const struct store_rights *rights, GError **error);
gboolean store_fenced(store *s); /* was store_fence called on it? */

/* For who has read a record otherwise than by a question to the connection (lookup's shelf): the same rule. Everything
 * is open on a connection that is not fenced. */
gboolean store_may_read(store *s, gint64 source, gboolean restricted, gint64 record);
gboolean store_may_read_source(store *s, gint64 source); /* its unrestricted records */
