/* Customers by who was heard of last. The walk goes over records from the newest back and takes each customer when it
 * meets it first. A page that begins not far down walks to its beginning again, to know who was met; one that begins
 * further down asks of each customer that it meets whether it has a newer record: among the newest rows first, where a
 * customer of many records has one. */
#include "lookup/timeline.h"

enum { STRIDE = 1000, STRIDES = 40, VISITS = 5000, AGAIN = 2000, NEAREST = 2000, WIDER = 16 };

/* Of those made by hand that have no records, the place is {BY_HAND, row}: before all times. */
#define BY_HAND G_MININT64

static gboolean number(store *s, sqlite3_stmt *ask, gint64 *value, GError **error)
{
	int row = ask ? store_row(s, ask, error) : -1;
	*value = row == 1 ? sqlite3_column_int64(ask, 0) : 0;
	if (row == 1)
		sqlite3_reset(ask);
	return row >= 0;
}

/* Has the customer a record before the place, in the order of the walk? */
static gboolean met_before(store *s, gint64 customer, struct lookup_place place, gint64 newest, gboolean *met,
			   GError **error)
{
	*met = FALSE;
	for (gint64 reach = NEAREST;; reach = reach > newest / WIDER ? newest : reach * WIDER) {
		gint64 there;
		sqlite3_stmt *ask = store_prepare(
			s,
			"SELECT 1 FROM customer_record l CROSS JOIN record_brief r ON r.id = l.record_id WHERE "
			"l.customer_id = ?1 AND l.strength >= 2 AND l.record_id > ?2 AND (r.occurred, r.id) > (?3, "
			"?4) LIMIT 1",
			error);
		if (!ask)
			return FALSE;
		sqlite3_bind_int64(ask, 1, customer);
		sqlite3_bind_int64(ask, 2, newest - reach);
		sqlite3_bind_int64(ask, 3, place.occurred);
		sqlite3_bind_int64(ask, 4, place.id);
		if (!number(s, ask, &there, error))
			return FALSE;
		*met = there != 0;
		if (*met || reach >= newest)
			return TRUE;
	}
}

struct walking {
	store *s;
	struct lookup_place after;
	gint64 newest;
	guint limit;
	GHashTable *seen;  /* gint64 *, of customers that are taken or were met before */
	gboolean all_seen; /* all that were met before are in it */
	GArray *out;
};

static gboolean full(const struct walking *w)
{
	return w->out->len >= w->limit;
}

static void see(struct walking *w, gint64 customer)
{
	g_hash_table_add(w->seen, g_memdup2(&customer, sizeof customer));
}

static gboolean take(struct walking *w, gint64 customer, gint64 occurred, GError **error)
{
	gboolean met = FALSE;
	if (g_hash_table_contains(w->seen, &customer))
		return TRUE;
	if (w->after.id && !w->all_seen && !met_before(w->s, customer, w->after, w->newest, &met, error))
		return FALSE;
	see(w, customer);
	if (!met)
		g_array_append_vals(w->out, &(struct lookup_contact){customer, occurred}, 1);
	return TRUE;
}

/* Whom a record is about, by number. NULL on error. */
static GArray *customers_of(store *s, gint64 record, GError **error)
{
	sqlite3_stmt *ask = store_prepare(
		s, "SELECT DISTINCT customer_id FROM customer_record WHERE record_id = ? AND strength >= 2 ORDER BY 1",
		error);
	if (!ask)
		return NULL;
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	sqlite3_bind_int64(ask, 1, record);
	int row;
	while ((row = store_row(s, ask, error)) == 1) {
		gint64 id = sqlite3_column_int64(ask, 0);
		g_array_append_val(ids, id);
	}
	return row == 0 ? g_steal_pointer(&ids) : NULL;
}

/* Takes those of the record behind at->part, until the page is full; at->part is then the last one, else 0. */
static gboolean take_customers_of(struct walking *w, struct lookup_place *at, GError **error)
{
	g_autoptr(GArray) ids = customers_of(w->s, at->id, error);
	gint64 from = at->part;
	at->part = 0;
	for (guint i = 0; ids && i < ids->len; i++) {
		gint64 id = g_array_index(ids, gint64, i);
		if (id <= from)
			continue;
		if (!take(w, id, at->occurred, error))
			return FALSE;
		if (full(w)) {
			at->part = id;
			break;
		}
	}
	return ids != NULL;
}

/* Those of the record up to the number are no news; 0: all of them. */
static gboolean see_customers_of(struct walking *w, gint64 record, gint64 upto, GError **error)
{
	g_autoptr(GArray) ids = customers_of(w->s, record, error);
	for (guint i = 0; ids && i < ids->len; i++)
		if (!upto || g_array_index(ids, gint64, i) <= upto)
			see(w, g_array_index(ids, gint64, i));
	return ids != NULL;
}

/* A record on the way; one that nobody is linked to need not be looked at. */
struct step {
	struct lookup_place at;
	gboolean linked;
};

/* Rows of a question whose columns are id, occurred and linked. NULL on error. */
static GArray *steps(store *s, sqlite3_stmt *ask, struct lookup_place at, guint limit, GError **error)
{
	if (!ask)
		return NULL;
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct step));
	sqlite3_bind_int64(ask, 1, at.occurred);
	sqlite3_bind_int64(ask, 2, at.id);
	sqlite3_bind_int64(ask, 3, limit);
	int row;
	while ((row = store_row(s, ask, error)) == 1) {
		struct step one = {{.occurred = sqlite3_column_int64(ask, 1), .id = sqlite3_column_int64(ask, 0)},
				   sqlite3_column_int(ask, 2)};
		g_array_append_val(rows, one);
	}
	return row == 0 ? g_steal_pointer(&rows) : NULL;
}

#define LINKED "EXISTS (SELECT 1 FROM link l WHERE l.record_id = r.id AND l.strength >= 2)"

/* The next STRIDE records after the place, newest first. */
static GArray *records_after(store *s, struct lookup_place after, GError **error)
{
	static const struct lookup_place beginning = {.occurred = G_MAXINT64, .id = G_MAXINT64};
	sqlite3_stmt *ask =
		store_prepare(s,
			      "SELECT r.id, r.occurred, " LINKED " FROM record r WHERE (r.occurred, r.id) < (?1, ?2) "
			      "ORDER BY r.occurred DESC, r.id DESC LIMIT ?3",
			      error);
	return steps(s, ask, after.id ? after : beginning, STRIDE, error);
}

/* Meets again who was met on the pages before, if that is not long ago. */
static gboolean walk_again(struct walking *w, GError **error)
{
	if (!w->after.id)
		return TRUE;
	sqlite3_stmt *ask = store_prepare(
		w->s, "SELECT r.id, r.occurred, " LINKED " FROM record r WHERE (r.occurred, r.id) > (?1, ?2) LIMIT ?3",
		error);
	g_autoptr(GArray) rows = steps(w->s, ask, w->after, AGAIN, error);
	w->all_seen = rows && rows->len < AGAIN;
	for (guint i = 0; w->all_seen && i < rows->len; i++) {
		const struct step *one = &g_array_index(rows, struct step, i);
		if (one->linked && !see_customers_of(w, one->at.id, 0, error))
			return FALSE;
	}
	return rows && see_customers_of(w, w->after.id, w->after.part, error);
}

/* Goes on to where the page is full, or over some more records. `next` is where it stopped. */
static gboolean stride(struct walking *w, struct lookup_place *next, guint *visits, gboolean *end, GError **error)
{
	g_autoptr(GArray) rows = records_after(w->s, *next, error);
	guint i = 0;
	for (; rows && i < rows->len && !full(w); i++) {
		const struct step *one = &g_array_index(rows, struct step, i);
		*next = one->at;
		*visits += one->linked;
		if (one->linked && !take_customers_of(w, next, error))
			return FALSE;
	}
	*end = rows && i == rows->len && rows->len < STRIDE && !next->part;
	return rows != NULL;
}

/* Walks; `next` is where it stopped, {BY_HAND, 0} at the end of all records. */
static gboolean walk(struct walking *w, struct lookup_place *next, GError **error)
{
	guint visits = 0;
	gboolean end = FALSE;
	if (!walk_again(w, error) || (next->part && !take_customers_of(w, next, error)))
		return FALSE;
	for (guint i = 0; i < STRIDES && !end && visits < VISITS && !full(w); i++)
		if (!stride(w, next, &visits, &end, error))
			return FALSE;
	if (end)
		*next = (struct lookup_place){.occurred = BY_HAND};
	return TRUE;
}

static gboolean add_by_hand(struct walking *w, struct lookup_place *next, gboolean *end, GError **error)
{
	sqlite3_stmt *ask = store_prepare(
		w->s,
		"SELECT id FROM customer c WHERE id > ?1 AND now = id AND NOT gone AND source IS NULL AND "
		"NOT EXISTS (SELECT 1 FROM customer_record l WHERE l.customer_id = c.id AND "
		"l.strength >= 2) ORDER BY id LIMIT ?2",
		error);
	if (!ask)
		return FALSE;
	guint room = w->limit - MIN(w->limit, w->out->len);
	sqlite3_bind_int64(ask, 1, next->id);
	sqlite3_bind_int64(ask, 2, room);
	int row;
	guint taken = 0;
	while ((row = store_row(w->s, ask, error)) == 1) {
		next->id = sqlite3_column_int64(ask, 0);
		g_array_append_vals(w->out, &(struct lookup_contact){next->id, 0}, 1);
		taken++;
	}
	*end = taken < room;
	return row == 0;
}

GArray *lookup_contacts(store *s, struct lookup_place after, guint limit, struct lookup_place *next, gboolean *end,
			GError **error)
{
	struct walking w = {.s = s, .after = after, .limit = limit};
	g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(struct lookup_contact));
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	w.out = out;
	w.seen = seen;
	*next = after;
	*end = FALSE;
	if (!number(s, store_prepare(s, "SELECT max(id) FROM record", error), &w.newest, error))
		return NULL;
	if (after.occurred != BY_HAND && !walk(&w, next, error))
		return NULL;
	if (next->occurred == BY_HAND && !add_by_hand(&w, next, end, error))
		return NULL;
	return g_steal_pointer(&out);
}
