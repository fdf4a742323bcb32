#include "lookup/about.h"

enum { MEANT = 5 };
/* As like as this, and as like as the best of them, a customer is meant. */
static const double LIKE = 0.75, AS_GOOD = 0.98;

static void customer_free(gpointer data)
{
	struct lookup_customer *customer = data;
	g_free(customer->name);
	g_free(customer);
}

GPtrArray *lookup_customers_of(store *s, gint64 record, GError **error)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(customer_free);
	sqlite3_stmt *st =
		store_prepare(s,
			      "SELECT DISTINCT c.id, c.name FROM customer_record l JOIN customer c ON c.id = "
			      "l.customer_id WHERE l.record_id = ? AND l.strength >= 2 ORDER BY c.kind, c.name",
			      error);
	if (!st) {
		g_ptr_array_unref(all);
		return NULL;
	}
	sqlite3_bind_int64(st, 1, record);
	while (sqlite3_step(st) == SQLITE_ROW) {
		struct lookup_customer *customer = g_new0(struct lookup_customer, 1);
		customer->id = sqlite3_column_int64(st, 0);
		customer->name = g_strdup((const char *)sqlite3_column_text(st, 1));
		g_ptr_array_add(all, customer);
	}
	sqlite3_reset(st);
	return all;
}

/* "Virtasen Konepaja Oy (c12), ..." */
static char *names_of(const GPtrArray *found, guint n)
{
	GString *names = g_string_new(NULL);
	for (guint i = 0; i < n; i++) {
		const struct identity_found *one = found->pdata[i];
		g_string_append_printf(names, "%s%s (c%" G_GINT64_FORMAT ")", i ? ", " : "", one->name, one->id);
	}
	return g_string_free(names, FALSE);
}

GArray *lookup_customers_meant(store *s, const identity *who, const char *text, GPtrArray *notes)
{
	GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GPtrArray) found = who ? identity_find(who, s, text, MEANT, NULL) : NULL;
	double best = found && found->len ? ((const struct identity_found *)found->pdata[0])->likeness : 0;
	for (guint i = 0; found && i < found->len; i++) {
		const struct identity_found *one = found->pdata[i];
		if (one->likeness >= LIKE && one->likeness >= best * AS_GOOD)
			g_array_append_val(ids, one->id);
	}
	if (ids->len == 0) {
		g_ptr_array_add(notes, g_strdup_printf("customer:%s is nobody we know: searched as words", text));
	} else {
		g_autofree char *names = names_of(found, ids->len);
		g_ptr_array_add(notes, g_strdup_printf("customer: %s", names));
	}
	return ids;
}
