#include "lookup/about.h"

#include <string.h>

enum { MEANT = 5, TELLING = 3 };
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
	if (!found || ids->len == 0) {
		g_ptr_array_add(notes, g_strdup_printf("customer:%s is nobody we know: searched as words", text));
	} else {
		g_autofree char *names = names_of(found, ids->len);
		g_ptr_array_add(notes, g_strdup_printf("customer: %s", names));
	}
	return ids;
}

/* The records that tell of the customer, in the systems where customers are kept. */
static void add_telling(store *s, gint64 customer, GArray *records)
{
	sqlite3_stmt *st = store_prepare(
		s,
		"SELECT r.id FROM customer c JOIN source s ON s.name = c.source JOIN record r ON r.source_id = s.id "
		"AND "
		"r.external_id = c.external_id WHERE c.now = ? AND r.kind IN (?, ?) ORDER BY r.kind, r.id LIMIT ?",
		NULL);
	if (!st)
		return;
	sqlite3_bind_int64(st, 1, customer);
	sqlite3_bind_int(st, 2, MERI_ACCOUNT);
	sqlite3_bind_int(st, 3, MERI_PERSON);
	sqlite3_bind_int(st, 4, TELLING);
	while (sqlite3_step(st) == SQLITE_ROW) {
		gint64 id = sqlite3_column_int64(st, 0);
		g_array_append_val(records, id);
	}
	sqlite3_reset(st);
}

/* The number of a customer as people type it: "lv 1020" for LV-1020. NULL if the text is not like one. */
static char *like_number(const char *text)
{
	gsize letters = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
	gsize gap = strspn(text + letters, " -"), digits = strspn(text + letters + gap, "0123456789");
	if (letters == 0 || letters > 8 || digits == 0 || text[letters + gap + digits] || gap > 1)
		return NULL;
	g_autofree char *head = g_ascii_strup(text, (gssize)letters);
	return g_strdup_printf("%s%s%s", head, gap ? "-" : "", text + letters + gap);
}

static GPtrArray *find_named(store *s, const identity *who, const char *text)
{
	g_autoptr(GPtrArray) found = who ? identity_find(who, s, text, MEANT, NULL) : NULL;
	g_autofree char *number = who ? like_number(text) : NULL;
	gboolean none = !found || found->len == 0 || ((const struct identity_found *)found->pdata[0])->likeness < LIKE;
	if (none && number && strcmp(number, text) != 0)
		return identity_find(who, s, number, MEANT, NULL);
	return g_steal_pointer(&found);
}

GArray *lookup_records_named(store *s, const identity *who, const char *text, gboolean *key)
{
	GArray *records = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GPtrArray) found = find_named(s, who, text);
	double best = found && found->len ? ((const struct identity_found *)found->pdata[0])->likeness : 0;
	*key = FALSE;
	for (guint i = 0; found && i < found->len; i++) {
		const struct identity_found *one = found->pdata[i];
		if (one->likeness < LIKE || one->likeness < best * AS_GOOD || !strcmp(one->by, "id"))
			continue;
		*key |= strcmp(one->by, "name") != 0;
		add_telling(s, one->id, records);
	}
	return records;
}
