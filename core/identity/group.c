/* Which rows are one customer: a function of the pairs that matching found strong and of the decisions that stand, and
 * of nothing else, so that a decision taken back leaves no trace. Decisions come first, the newest before the older;
 * then what gone rows lead to; then pairs, the strongest first. Nothing joins two rows that a decision keeps apart, not
 * even through a third. */
#include "identity/internal.h"

#include <stdlib.h>

#define GROUP_MOST 20000 /* rows that are looked at together; more cannot be one customer */

struct edge {
	gint64 a, b;
	gint64 decision; /* 0: none */
	double bits;
	int same; /* -1: apart */
};

struct grouping {
	store *s;
	double strong;
	GArray *ids;       /* gint64, ascending once closed */
	GHashTable *known; /* gint64 -> index + 1 */
	GArray *edges;
	guint *parent;
	GArray *apart; /* struct edge, of indices */
	GArray *moved; /* gint64: rows whose `now` changed; NULL: nobody asks */
};

static void reach(struct grouping *g, gint64 id)
{
	if (id == 0 || g->ids->len >= GROUP_MOST || g_hash_table_contains(g->known, &id))
		return;
	g_array_append_val(g->ids, id);
	g_hash_table_insert(g->known, g_memdup2(&id, sizeof id), GUINT_TO_POINTER(g->ids->len));
}

static gboolean reach_all(struct grouping *g, GError **error, const char *sql, gint64 id)
{
	g_autoptr(GArray) more = identity_numbers(g->s, error, sql, "i", id);
	for (guint n = 0; more != NULL && n < more->len; n++)
		reach(g, g_array_index(more, gint64, n));
	return more != NULL;
}

/* Edges are read from their lower end's (or first) row, so that each comes once. */
static gboolean read_edges(struct grouping *g, GError **error, const char *sql, gint64 id)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(g->s, error, sql, "id", id, g->strong);
	if (ask == NULL)
		return FALSE;
	while (identity_row(g->s, ask, &failed, error)) {
		struct edge e = {id, sqlite3_column_int64(ask, 0), sqlite3_column_int64(ask, 1),
				 sqlite3_column_double(ask, 2), sqlite3_column_int(ask, 3)};
		g_array_append_val(g->edges, e);
	}
	return !failed;
}

static gboolean close_over(struct grouping *g, GError **error)
{
	for (guint n = 0; n < g->ids->len; n++) {
		gint64 id = g_array_index(g->ids, gint64, n);
		if (!reach_all(g, error, "SELECT r.id FROM customer c JOIN customer r ON r.now = c.now WHERE c.id = ?",
			       id) ||
		    !reach_all(g, error,
			       "SELECT id FROM customer WHERE gone AND heir = ?1 UNION ALL SELECT coalesce(heir, 0) "
			       "FROM customer WHERE id = ?1",
			       id) ||
		    !reach_all(g, error,
			       "SELECT b FROM decided_pair WHERE a = ?1 AND same UNION ALL SELECT a FROM decided_pair "
			       "WHERE b = ?1 AND same",
			       id) ||
		    !read_edges(g, error,
				"SELECT b, decision, 0.0, iif(same, 1, -1) FROM decided_pair WHERE a = ?1 AND ?2 = ?2",
				id) ||
		    !read_edges(g, error,
				"SELECT heir, 0, 1e6, 1 FROM customer WHERE id = ?1 AND gone AND heir IS NOT NULL AND "
				"?2 = ?2",
				id) ||
		    !read_edges(g, error, "SELECT b, 0, bits, 1 FROM identity_pair WHERE a = ?1 AND bits >= ?2", id))
			return FALSE;
		g_autoptr(GArray) paired =
			identity_numbers(g->s, error,
					 "SELECT b FROM identity_pair WHERE a = ?1 AND bits >= ?2 UNION ALL"
					 " SELECT a FROM identity_pair WHERE b = ?1 AND bits >= ?2",
					 "id", id, g->strong);
		if (paired == NULL)
			return FALSE;
		for (guint p = 0; p < paired->len; p++)
			reach(g, g_array_index(paired, gint64, p));
	}
	return TRUE;
}

static int edge_order(gconstpointer left, gconstpointer right)
{
	const struct edge *x = left, *y = right;
	if (x->decision != y->decision)
		return x->decision > y->decision ? -1 : 1;
	if (x->bits != y->bits)
		return x->bits > y->bits ? -1 : 1;
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

static guint top(guint *parent, guint n)
{
	while (parent[n] != n)
		n = parent[n] = parent[parent[n]];
	return n;
}

static gboolean index_of(const struct grouping *g, gint64 id, guint *index)
{
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(g->known, &id));
	*index = n - 1;
	return n != 0;
}

static gboolean kept_apart(const struct grouping *g, guint x, guint y)
{
	for (guint n = 0; n < g->apart->len; n++) {
		const struct edge *e = &g_array_index(g->apart, struct edge, n);
		guint a = top(g->parent, (guint)e->a), b = top(g->parent, (guint)e->b);
		if ((a == x && b == y) || (a == y && b == x))
			return TRUE;
	}
	return FALSE;
}

static void join_all(struct grouping *g)
{
	g_array_sort(g->edges, edge_order);
	for (guint n = 0; n < g->edges->len; n++) {
		const struct edge *e = &g_array_index(g->edges, struct edge, n);
		guint a, b;
		if (!index_of(g, e->a, &a) || !index_of(g, e->b, &b))
			continue;
		guint x = top(g->parent, a), y = top(g->parent, b);
		if (x == y)
			continue; /* a newer merge outdoes an older word that they are two */
		if (e->same < 0) {
			struct edge apart = {a, b, e->decision, 0, -1};
			g_array_append_val(g->apart, apart);
		} else if (!kept_apart(g, x, y)) {
			g->parent[MAX(x, y)] = MIN(x, y);
		}
	}
}

/* What a group is called: what the newest merge in it was into; else its oldest row, be its record gone or not, as long
 * as there is one that still tells of it. */
static gboolean name_groups(struct grouping *g, gint64 *name, GError **error)
{
	g_autofree gint64 *oldest = g_new0(gint64, g->ids->len), *gone = g_new0(gint64, g->ids->len);
	for (guint n = 0; n < g->ids->len; n++) {
		gint64 id = g_array_index(g->ids, gint64, n);
		guint x = top(g->parent, n);
		if (!identity_number(g->s, error, &gone[n], 1,
				     "SELECT gone AND heir IS NULL FROM customer WHERE id = ?", "i", id))
			return FALSE;
		if (oldest[x] == 0 || id < oldest[x])
			oldest[x] = id;
		if (!gone[n] && (name[x] == 0 || id < name[x]))
			name[x] = id;
	}
	for (guint n = 0; n < g->ids->len; n++)
		if (name[n] == 0)
			name[n] = oldest[n];
	for (guint n = g->edges->len; n-- > 0;) { /* the oldest decision first: the newest has the last word */
		const struct edge *e = &g_array_index(g->edges, struct edge, n);
		guint a, b;
		if (e->decision != 0 && e->same > 0 && index_of(g, e->a, &a) && index_of(g, e->b, &b) &&
		    top(g->parent, a) == top(g->parent, b) && !gone[b])
			name[top(g->parent, a)] = e->b;
	}
	return TRUE;
}

static gboolean write_groups(struct grouping *g, const gint64 *name, GArray *moved, GError **error)
{
	for (guint n = 0; n < g->ids->len; n++) {
		gint64 now, id = g_array_index(g->ids, gint64, n), then = name[top(g->parent, n)];
		if (!identity_number(g->s, error, &now, 0, "SELECT now FROM customer WHERE id = ?", "i", id))
			return FALSE;
		if (now == then || now == 0)
			continue;
		if (!identity_do(g->s, error, "UPDATE customer SET now = ?2 WHERE id = ?1", "ii", id, then))
			return FALSE;
		g_array_append_val(moved, id);
	}
	return TRUE;
}

static gboolean alone(struct grouping *g, gint64 id, gboolean *yes, GError **error)
{
	gint64 ties;
	*yes = FALSE;
	if (!identity_number(g->s, error, &ties, 0,
			     "SELECT (SELECT now <> id OR gone FROM customer WHERE id = ?1) OR EXISTS (SELECT 1 FROM "
			     "customer WHERE now = ?1 AND id <> ?1)"
			     " OR EXISTS (SELECT 1 FROM identity_pair WHERE a = ?1 AND bits >= ?2) OR EXISTS (SELECT 1 "
			     "FROM identity_pair WHERE b = ?1 AND bits >= ?2)"
			     " OR EXISTS (SELECT 1 FROM decided_pair WHERE a = ?1 OR b = ?1)",
			     "id", id, g->strong))
		return FALSE;
	*yes = !ties;
	return TRUE;
}

static gboolean regroup(struct grouping *g, GError **error)
{
	if (!close_over(g, error))
		return FALSE;
	g->parent = g_new(guint, g->ids->len);
	for (guint n = 0; n < g->ids->len; n++)
		g->parent[n] = n;
	join_all(g);
	g_autofree gint64 *name = g_new0(gint64, g->ids->len);
	g_autoptr(GArray) moved = g_array_new(FALSE, FALSE, sizeof(gint64));
	gboolean ok = name_groups(g, name, error) && write_groups(g, name, moved, error) &&
		      identity_doubt_rows(g->s, moved, error);
	if (g->moved != NULL)
		g_array_append_vals(g->moved, moved->data, moved->len);
	return ok;
}

gboolean identity_regroup(struct identity *i, store *s, const GArray *nodes, GError **error)
{
	struct grouping g = {s,
			     i->strong,
			     g_array_new(FALSE, FALSE, sizeof(gint64)),
			     g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
			     g_array_new(FALSE, FALSE, sizeof(struct edge)),
			     NULL,
			     g_array_new(FALSE, FALSE, sizeof(struct edge)),
			     i->moved};
	gboolean ok = TRUE, single = FALSE;
	if (nodes->len == 1)
		ok = alone(&g, g_array_index(nodes, gint64, 0), &single, error);
	for (guint n = 0; n < nodes->len; n++)
		reach(&g, g_array_index(nodes, gint64, n));
	if (ok && !single)
		ok = regroup(&g, error);
	g_array_unref(g.ids);
	g_hash_table_unref(g.known);
	g_array_unref(g.edges);
	g_array_unref(g.apart);
	g_free(g.parent);
	return ok;
}
