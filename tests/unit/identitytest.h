/* What the tests of core/identity share: a hub with a store and an identity, and records in one line. */
#pragma once

#include "storetest.h"

#include "identity/identity.h"

struct hub {
	struct place *place;
	store *s;
	identity *i;
};

static const char *const hub_own[] = {"meri-demo.fi", NULL};

static inline int hub_make(void **state)
{
	struct hub *hub = g_new0(struct hub, 1);
	void *place = NULL;
	if (place_make(&place) != 0)
		return -1;
	hub->place = place;
	hub->s = open_store(hub->place, STORE_WRITE);
	const struct identity_settings settings = {"fi", "FI", hub_own, 0, 0};
	hub->i = identity_new(&settings);
	*state = hub;
	return 0;
}

static inline int hub_remove(void **state)
{
	struct hub *hub = *state;
	void *place = hub->place;
	identity_free(hub->i);
	store_close(hub->s);
	place_remove(&place);
	g_free(hub);
	return 0;
}

/* Puts and resolves in a transaction of its own, as the writer does. */
static inline gint64 hub_put(struct hub *hub, const char *source, const struct meri_record *record)
{
	gint64 id, run, row = 0;
	enum store_change change;
	GOOD(store_begin(hub->s, error));
	GOOD(store_source_ensure(hub->s, source, "test", &id, error));
	GOOD(store_run_begin(hub->s, id, 1, &run, error));
	GOOD(store_put(hub->s, id, run, record, &change, &row, error));
	if (change != STORE_SAME)
		GOOD(identity_resolve(hub->i, hub->s, row, record, error));
	GOOD(store_commit(hub->s, error));
	return row;
}

static inline void hub_take(struct hub *hub, const char *source, const char *id)
{
	gint64 source_id, run, removed, held;
	GOOD(store_begin(hub->s, error));
	GOOD(store_source_ensure(hub->s, source, "test", &source_id, error));
	GOOD(store_run_begin(hub->s, source_id, 1, &run, error));
	GOOD(store_remove(hub->s, source_id, run, id, error));
	GOOD(store_removals_settle(hub->s, source_id, &removed, &held, error));
	GOOD(identity_settle(hub->i, hub->s, error));
	GOOD(store_commit(hub->s, error));
	assert_int_equal(removed, 1);
}

/* Hints as "scheme", "value", ..., NULL. */
static inline gint64 hub_hinted(struct hub *hub, const char *source, enum meri_kind kind, const char *id,
				const char *title, const char *const *hints)
{
	struct meri_pair pairs[12];
	gsize n = 0;
	for (; hints != NULL && hints[2 * n] != NULL; n++)
		pairs[n] = (struct meri_pair){hints[2 * n], hints[2 * n + 1]};
	struct meri_record record = {.size = sizeof record,
				     .id = id,
				     .kind = kind,
				     .title = title,
				     .hints = pairs,
				     .n_hints = n,
				     .updated = 1000};
	return hub_put(hub, source, &record);
}
#define HINTED(hub, source, kind, id, title, ...)                                                                      \
	hub_hinted(hub, source, kind, id, title, (const char *const[]){__VA_ARGS__, NULL})

static inline gint64 hub_mail(struct hub *hub, const char *id, const char *name, const char *address, gint64 when)
{
	const struct meri_party parties[] = {{"from", name, address, NULL},
					     {"to", "Myynti", "myynti@meri-demo.fi", NULL}};
	struct meri_record record = {.size = sizeof record,
				     .id = id,
				     .kind = MERI_MESSAGE,
				     .title = "Hei",
				     .text = "Palataan asiaan.",
				     .parties = parties,
				     .n_parties = 2,
				     .occurred = when};
	return hub_put(hub, "mail", &record);
}

static inline gint64 hub_note(struct hub *hub, const char *id, const char *thread, const char *text)
{
	struct meri_record record = {
		.size = sizeof record, .id = id, .kind = MERI_NOTE, .text = text, .thread = thread};
	return hub_put(hub, "notes", &record);
}

/* "3+ 5?": customers the record is linked to (+ strong, ! decided) or may be (?), ascending. */
static inline char *hub_links(struct hub *hub, gint64 record)
{
	sqlite3_stmt *ask = NULL;
	GString *out = g_string_new(NULL);
	assert_int_equal(sqlite3_prepare_v2(store_sqlite(hub->s),
					    "SELECT customer_id, max(strength) FROM customer_record WHERE record_id = ?"
					    " GROUP BY customer_id ORDER BY customer_id",
					    -1, &ask, NULL),
			 SQLITE_OK);
	sqlite3_bind_int64(ask, 1, record);
	while (sqlite3_step(ask) == SQLITE_ROW)
		g_string_append_printf(out, "%s%lld%c", out->len > 0 ? " " : "", sqlite3_column_int64(ask, 0),
				       "??+!"[sqlite3_column_int(ask, 1)]);
	sqlite3_finalize(ask);
	return g_string_free(out, FALSE);
}

static inline void hub_assert_links(struct hub *hub, gint64 record, const char *expected, int line)
{
	g_autofree char *links = hub_links(hub, record);
	if (strcmp(links, expected) != 0)
		fail_msg("line %d: record %lld has links '%s', not '%s'", line, (long long)record, links, expected);
}
#define LINKS(hub, record, expected) hub_assert_links(hub, record, expected, __LINE__)

static inline gint64 hub_customer(struct hub *hub, gint64 record)
{
	sqlite3_stmt *ask = NULL;
	gint64 now = 0;
	assert_int_equal(sqlite3_prepare_v2(store_sqlite(hub->s), "SELECT now FROM customer WHERE record_id = ?", -1,
					    &ask, NULL),
			 SQLITE_OK);
	sqlite3_bind_int64(ask, 1, record);
	if (sqlite3_step(ask) == SQLITE_ROW)
		now = sqlite3_column_int64(ask, 0);
	sqlite3_finalize(ask);
	return now;
}
