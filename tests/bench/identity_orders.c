/* identity_orders STORE [ORDERS]: the records of a store, put into new ones in shuffled orders: whom they are about
 * must not depend on which came first. What is said in a conversation, or in a file, keeps its order: each part is
 * understood from those before. Prints the links that do, and ends with 1 if there are any. With an order of 0 alone it
 * prints the links. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity_fill.h"

#define BATCH 40 /* records of a transaction, and idle work in between */

/* A record as the store has it; what it points to lives as long as `strings`. */
struct stored {
	struct meri_record record;
	guint source;
	GArray *parties, *hints, *fields;
};

static const char *keep(GPtrArray *strings, sqlite3_stmt *row, int column)
{
	char *text = store_column(row, column);
	if (text != NULL)
		g_ptr_array_add(strings, text);
	return text;
}

static sqlite3_stmt *ask(store *s, const char *sql, gint64 id)
{
	GError *error = NULL;
	sqlite3_stmt *statement = store_prepare(s, sql, &error);
	identity_fill_need(statement != NULL, error);
	sqlite3_bind_int64(statement, 1, id);
	return statement;
}

static GArray *read_pairs(store *s, GPtrArray *strings, const char *sql, gint64 id)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(struct meri_pair));
	sqlite3_stmt *rows = ask(s, sql, id);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		struct meri_pair pair = {keep(strings, rows, 0), keep(strings, rows, 1)};
		g_array_append_val(out, pair);
	}
	sqlite3_reset(rows);
	return out;
}

static void read_rest(store *s, GPtrArray *strings, struct stored *t, gint64 id)
{
	t->parties = g_array_new(FALSE, FALSE, sizeof(struct meri_party));
	sqlite3_stmt *rows =
		ask(s, "SELECT role, name, address, organisation FROM party WHERE record_id = ? ORDER BY n", id);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		struct meri_party party = {keep(strings, rows, 0), keep(strings, rows, 1), keep(strings, rows, 2),
					   keep(strings, rows, 3)};
		g_array_append_val(t->parties, party);
	}
	sqlite3_reset(rows);
	t->hints = read_pairs(s, strings, "SELECT scheme, value FROM hint WHERE record_id = ? ORDER BY n", id);
	t->fields = read_pairs(s, strings, "SELECT name, value FROM field WHERE record_id = ? ORDER BY n", id);
	t->record.parties = (const struct meri_party *)(void *)t->parties->data;
	t->record.n_parties = t->parties->len;
	t->record.hints = (const struct meri_pair *)(void *)t->hints->data;
	t->record.n_hints = t->hints->len;
	t->record.fields = (const struct meri_pair *)(void *)t->fields->data;
	t->record.n_fields = t->fields->len;
}

static guint source_number(GPtrArray *sources, const char *name)
{
	guint n;
	if (g_ptr_array_find_with_equal_func(sources, name, g_str_equal, &n))
		return n;
	g_ptr_array_add(sources, (gpointer)name);
	return sources->len - 1;
}

static GArray *read_records(store *s, GPtrArray *strings, GPtrArray *sources)
{
	GArray *out = g_array_new(FALSE, TRUE, sizeof(struct stored));
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	sqlite3_stmt *rows = ask(s,
				 "SELECT r.id, s.name, r.external_id, r.kind, r.title, r.text, r.thread, r.parent,"
				 " r.occurred, r.updated FROM record r JOIN source s ON s.id = r.source_id WHERE ?1 ="
				 " ?1 ORDER BY r.id",
				 0);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		gint64 id = sqlite3_column_int64(rows, 0);
		struct stored t = {.source = source_number(sources, keep(strings, rows, 1)),
				   .record = {.size = sizeof t.record,
					      .id = keep(strings, rows, 2),
					      .kind = sqlite3_column_int(rows, 3),
					      .title = keep(strings, rows, 4),
					      .text = keep(strings, rows, 5),
					      .thread = keep(strings, rows, 6),
					      .parent = keep(strings, rows, 7),
					      .occurred = sqlite3_column_int64(rows, 8),
					      .updated = sqlite3_column_int64(rows, 9)}};
		g_array_append_val(out, t);
		g_array_append_val(ids, id);
	}
	sqlite3_reset(rows);
	for (guint n = 0; n < out->len; n++)
		read_rest(s, strings, &g_array_index(out, struct stored, n), g_array_index(ids, gint64, n));
	return out;
}

/* ---- in some order ---- */

static int by_place(gconstpointer a, gconstpointer b)
{
	return *(const guint *)a < *(const guint *)b ? -1 : 1;
}

/* The places that a conversation's records came to are theirs in their old order. */
static void keep_conversations(const GArray *records, guint *order)
{
	g_autoptr(GHashTable) places =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
	for (guint pass = 0; pass < 2; pass++)
		for (guint k = 0; k < records->len; k++) {
			const struct stored *t = &g_array_index(records, struct stored, pass == 0 ? order[k] : k);
			if (t->record.thread == NULL)
				continue;
			g_autofree char *name = g_strdup_printf("%u %s", t->source, t->record.thread);
			GArray *list = g_hash_table_lookup(places, name);
			if (pass == 1) {
				order[g_array_index(list, guint, 0)] = k;
				g_array_remove_index(list, 0);
				continue;
			}
			if (list == NULL) {
				list = g_array_new(FALSE, FALSE, sizeof(guint));
				g_hash_table_insert(places, g_steal_pointer(&name), list);
			}
			g_array_append_val(list, k);
			g_array_sort(list, by_place);
		}
}

static guint *order_of(const GArray *records, guint32 seed)
{
	guint n = records->len, *order = g_new(guint, n);
	g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
	for (guint k = 0; k < n; k++)
		order[k] = k;
	for (guint k = n; seed > 0 && k > 1; k--) {
		guint other = (guint)g_rand_int_range(dice, 0, (gint32)k), spare = order[k - 1];
		order[k - 1] = order[other];
		order[other] = spare;
	}
	keep_conversations(records, order);
	return order;
}

static gboolean idle(struct identity_fill *fill)
{
	GError *error = NULL;
	gboolean more = FALSE;
	identity_fill_begin(fill);
	identity_fill_need(identity_look_back(fill->i, fill->s, 20, &more, &error), error);
	identity_fill_commit(fill);
	return more;
}

/* "source, record: customer" -> itself; customers by their own record, and so that no id is in it. */
static GHashTable *links_of(store *s)
{
	GHashTable *links = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	sqlite3_stmt *rows =
		ask(s,
		    "SELECT s.name || ', ' || r.external_id || ': ' || (SELECT min(m.source || ', ' ||"
		    " m.external_id) FROM customer m WHERE m.now = l.customer_id) || iif(max(l.strength) >="
		    " 2, '', ' (maybe)') FROM customer_record l JOIN record r ON r.id = l.record_id JOIN"
		    " source s ON s.id = r.source_id WHERE ?1 = ?1 GROUP BY l.record_id, l.customer_id",
		    0);
	while (sqlite3_step(rows) == SQLITE_ROW)
		g_hash_table_add(links, g_strdup((const char *)sqlite3_column_text(rows, 0)));
	sqlite3_reset(rows);
	return links;
}

static GHashTable *links_in_order(const GArray *records, const GPtrArray *sources, guint32 seed)
{
	static const char *const own[] = {"lahdevirta.example", NULL};
	const struct identity_settings settings = {"fi", "FI", own, 0, 0};
	g_autofree char *folder = identity_fill_folder();
	g_autofree guint *order = order_of(records, seed);
	struct identity_fill fill;
	identity_fill_open(&fill, folder, "orders.db", "fi", &settings, (const char *const *)sources->pdata,
			   sources->len);
	for (guint n = 0; n < records->len; n += BATCH) {
		identity_fill_begin(&fill);
		for (guint k = n; k < MIN(n + BATCH, records->len); k++) {
			const struct stored *t = &g_array_index(records, struct stored, order[k]);
			identity_fill_put(&fill, t->source, &t->record);
		}
		identity_fill_commit(&fill);
		if (seed % 2 == 1)
			idle(&fill);
	}
	while (idle(&fill))
		continue;
	GHashTable *links = links_of(fill.s);
	identity_fill_close(&fill);
	identity_fill_remove(folder);
	return links;
}

static guint report(GHashTable *links, GHashTable *others, const char *what)
{
	guint n = 0;
	GHashTableIter iter;
	gpointer link;
	g_hash_table_iter_init(&iter, links);
	while (g_hash_table_iter_next(&iter, &link, NULL)) {
		if (g_hash_table_contains(others, link))
			continue;
		printf("%s %s\n", what, (const char *)link);
		n++;
	}
	return n;
}

int main(int argc, char **argv)
{
	guint orders = argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 6, different = 0;
	GError *error = NULL;
	g_set_prgname("identity_orders");
	if (argc < 2) {
		fprintf(stderr, "usage: identity_orders STORE [ORDERS]\n");
		return 2;
	}
	store *s = store_open(argv[1], STORE_READ, "fi", &error);
	identity_fill_need(s != NULL, error);
	g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func(g_free), sources = g_ptr_array_new();
	g_autoptr(GArray) records = read_records(s, strings, sources);
	store_close(s);
	g_autoptr(GHashTable) links = links_in_order(records, sources, 0), none = g_hash_table_new(NULL, NULL);
	for (guint seed = 1; seed <= orders; seed++) {
		g_autoptr(GHashTable) others = links_in_order(records, sources, seed);
		g_autofree char *only = g_strdup_printf("order %u alone:", seed),
				*lacks = g_strdup_printf("order %u lacks:", seed);
		different += report(others, links, only) + report(links, others, lacks);
	}
	if (orders == 0)
		report(links, none, "");
	printf("identity_orders records=%u links=%u orders=%u different=%u\n", records->len, g_hash_table_size(links),
	       orders, different);
	for (guint n = 0; n < records->len; n++) {
		struct stored *t = &g_array_index(records, struct stored, n);
		g_array_unref(t->parties);
		g_array_unref(t->hints);
		g_array_unref(t->fields);
	}
	return different > 0;
}
