#include "identity/internal.h"

#include <string.h>

#include "base/base.h"
#include "identity/keys.h"
#include "identity/score.h"

G_DEFINE_QUARK(identity - error - quark, identity_error)

identity *identity_new(const struct identity_settings *settings)
{
	identity *i = g_new0(identity, 1);
	GPtrArray *domains = g_ptr_array_new();
	for (gsize n = 0; settings->own_domains != NULL && settings->own_domains[n] != NULL; n++) {
		char *domain = identity_domain(settings->own_domains[n]);
		g_ptr_array_add(domains, domain != NULL ? domain : g_ascii_strdown(settings->own_domains[n], -1));
	}
	g_ptr_array_add(domains, NULL);
	i->own_domains = (char **)g_ptr_array_free(domains, FALSE);
	i->language = g_strdup(settings->language != NULL ? settings->language : "en");
	i->region = g_strdup(settings->region);
	i->strong =
		identity_bits(settings->match_strong > 0 && settings->match_strong < 1 ? settings->match_strong : 0.95);
	i->weak = identity_bits(settings->match_weak > 0 && settings->match_weak < 1 ? settings->match_weak : 0.5);
	i->counts = identity_cache_new(g_str_hash, g_str_equal, g_free, g_free, 100000);
	i->keys = identity_cache_new(g_str_hash, g_str_equal, g_free, g_free, 50000);
	i->common = identity_cache_new(g_int64_hash, g_int64_equal, g_free, NULL, 20000);
	i->owners = identity_cache_new(g_int64_hash, g_int64_equal, g_free, g_free, 50000);
	identity_rolled_back(i);
	return i;
}

void identity_free(identity *i)
{
	if (i == NULL)
		return;
	g_strfreev(i->own_domains);
	g_free(i->language);
	g_free(i->region);
	identity_cache_free(i->counts);
	identity_cache_free(i->keys);
	identity_cache_free(i->common);
	identity_cache_free(i->owners);
	identity_names_forget(i);
	g_free(i);
}

void identity_rolled_back(identity *i)
{
	i->decided = -1;
	i->filed = FALSE;
	i->newest = -1;
	i->source_id = 0;
	i->next_node = 0;
	identity_counts_forget(i);
	identity_cache_clear(i->common);
	identity_keys_forget(i);
	identity_names_forget(i);
}

/* ---- records that went ---- */

gboolean identity_settle(identity *i, store *s, GError **error)
{
	g_autoptr(GArray) gone =
		identity_numbers(s, error, "SELECT customer_id FROM identity_gone ORDER BY customer_id", "");
	if (gone == NULL || gone->len == 0)
		return gone != NULL;
	g_autoptr(GArray) dirty = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (guint n = 0; n < gone->len; n++)
		if (!identity_node_retire(i, s, g_array_index(gone, gint64, n), dirty, error))
			return FALSE;
	return identity_do(s, error, "DELETE FROM identity_gone", "") && identity_relink_keys(i, s, dirty, error);
}

/* ---- one record ---- */

static gboolean source_of(identity *i, store *s, struct identity_hand *hand, GError **error)
{
	if (!identity_number(s, error, &hand->source_id, 0, "SELECT source_id FROM record WHERE id = ?", "i",
			     hand->row))
		return FALSE;
	if (hand->source_id == 0) {
		g_set_error(error, IDENTITY_ERROR, IDENTITY_ERROR_ABSENT,
			    "record %" G_GINT64_FORMAT " is not in the store", hand->row);
		return FALSE;
	}
	if (hand->source_id != i->source_id) {
		gboolean failed = FALSE;
		sqlite3_stmt *ask =
			identity_ask(s, error, "SELECT name FROM source WHERE id = ?", "i", hand->source_id);
		if (ask == NULL || !identity_row(s, ask, &failed, error))
			return FALSE;
		i->source = g_intern_string((const char *)sqlite3_column_text(ask, 0));
		i->source_id = hand->source_id;
		sqlite3_reset(ask);
	}
	hand->source = i->source;
	return TRUE;
}

/* Rows are never used again: above the highest of which anything is known there is nothing to take away. */
static gboolean note_newest(identity *i, store *s, struct identity_hand *hand, GError **error)
{
	if (i->newest < 0 &&
	    !identity_number(s, error, &i->newest, 0,
			     "SELECT max(coalesce((SELECT max(record_id) FROM record_key), 0),"
			     " coalesce((SELECT max(record_id) FROM link), 0),"
			     " coalesce((SELECT max(record_id) FROM customer WHERE record_id IS NOT NULL), 0))",
			     ""))
		return FALSE;
	hand->fresh = hand->row > i->newest;
	i->newest = MAX(i->newest, hand->row);
	return TRUE;
}

/* A record that told of a customer before and does no more (its kind changed). */
static gboolean no_customer(identity *i, store *s, GArray *dirty, GError **error)
{
	gint64 node = 0;
	if (!i->hand->fresh &&
	    !identity_number(s, error, &node, 0, "SELECT id FROM customer WHERE record_id = ?", "i", i->hand->row))
		return FALSE;
	return node == 0 || identity_node_retire(i, s, node, dirty, error);
}

static gboolean resolve_customer(identity *i, store *s, const struct identity_reading *reading, GError **error)
{
	struct identity_hand *hand = i->hand;
	g_autoptr(GArray) dirty = g_array_new(FALSE, FALSE, sizeof(gint64));
	if (!identity_file_rest(i, s, error) || !identity_node_put(i, s, reading, dirty, &hand->node, error) ||
	    !identity_relink_keys(i, s, dirty, error))
		return FALSE;
	if (reading->kind == IDENTITY_ORGANISATION)
		return identity_relink(i, s, hand->row, error);
	g_array_set_size(dirty, 0);
	gint64 when = hand->record->updated != 0 ? hand->record->updated : base_now();
	return identity_relink(i, s, hand->row, error) &&
	       identity_employ(i, s, hand->row, hand->node, when, dirty, error) &&
	       identity_relink_keys(i, s, dirty, error);
}

static gboolean resolve(identity *i, store *s, struct identity_reading *reading, GError **error)
{
	if (!source_of(i, s, i->hand, error) || !note_newest(i, s, i->hand, error) ||
	    !identity_keys_set(i, s, reading, error))
		return FALSE;
	if (reading->kind != 0)
		return resolve_customer(i, s, reading, error) &&
		       identity_mentions(i, s, i->hand->row, i->hand->record, error);
	g_autoptr(GArray) dirty = g_array_new(FALSE, FALSE, sizeof(gint64));
	return no_customer(i, s, dirty, error) && identity_relink_keys(i, s, dirty, error) &&
	       identity_relink(i, s, i->hand->row, error) &&
	       identity_mentions(i, s, i->hand->row, i->hand->record, error);
}

gboolean identity_resolve(identity *i, store *s, gint64 row, const struct meri_record *record, GError **error)
{
	g_autoptr(identity_reading) reading = identity_read(i, record);
	struct identity_hand hand = {.row = row, .record = record, .reading = reading};
	if (!identity_settle(i, s, error))
		return FALSE;
	i->hand = &hand;
	gboolean ok = resolve(i, s, reading, error);
	i->hand = NULL;
	return ok;
}

/* ---- records as they stand in the store ---- */

struct stored {
	struct meri_record record;
	GPtrArray *strings;
	GArray *parties, *hints, *fields;
};

static const char *keep(struct stored *t, sqlite3_stmt *row, int column)
{
	char *text = store_column(row, column);
	if (text != NULL)
		g_ptr_array_add(t->strings, text);
	return text;
}

static gboolean read_pairs(store *s, struct stored *t, const char *sql, gint64 id, GArray *out, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(s, error, sql, "i", id);
	if (ask == NULL)
		return FALSE;
	while (identity_row(s, ask, &failed, error)) {
		struct meri_pair pair = {keep(t, ask, 0), keep(t, ask, 1)};
		g_array_append_val(out, pair);
	}
	return !failed;
}

static gboolean read_parties(store *s, struct stored *t, gint64 id, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(
		s, error, "SELECT role, name, address, organisation FROM party WHERE record_id = ? ORDER BY n", "i",
		id);
	if (ask == NULL)
		return FALSE;
	while (identity_row(s, ask, &failed, error)) {
		struct meri_party party = {keep(t, ask, 0), keep(t, ask, 1), keep(t, ask, 2), keep(t, ask, 3)};
		g_array_append_val(t->parties, party);
	}
	return !failed;
}

static gboolean read_stored(store *s, struct stored *t, gint64 id, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(
		s, error,
		"SELECT external_id, kind, title, text, thread, parent, item, occurred, updated, language FROM record"
		" WHERE id = ?",
		"i", id);
	if (ask == NULL || !identity_row(s, ask, &failed, error))
		return FALSE;
	t->record = (struct meri_record){.size = sizeof t->record,
					 .id = keep(t, ask, 0),
					 .kind = sqlite3_column_int(ask, 1),
					 .title = keep(t, ask, 2),
					 .text = keep(t, ask, 3),
					 .thread = keep(t, ask, 4),
					 .parent = keep(t, ask, 5),
					 .item = keep(t, ask, 6),
					 .occurred = sqlite3_column_int64(ask, 7),
					 .updated = sqlite3_column_int64(ask, 8),
					 .language = keep(t, ask, 9)};
	sqlite3_reset(ask);
	if (!read_parties(s, t, id, error) ||
	    !read_pairs(s, t, "SELECT scheme, value FROM hint WHERE record_id = ? ORDER BY n", id, t->hints, error) ||
	    !read_pairs(s, t, "SELECT name, value FROM field WHERE record_id = ? ORDER BY n", id, t->fields, error))
		return FALSE;
	t->record.parties = (const struct meri_party *)(void *)t->parties->data;
	t->record.n_parties = t->parties->len;
	t->record.hints = (const struct meri_pair *)(void *)t->hints->data;
	t->record.n_hints = t->hints->len;
	t->record.fields = (const struct meri_pair *)(void *)t->fields->data;
	t->record.n_fields = t->fields->len;
	return TRUE;
}

gboolean identity_resolve_one(identity *i, store *s, gint64 id, gboolean mentions_only, GError **error)
{
	struct stored t = {.strings = g_ptr_array_new_with_free_func(g_free),
			   .parties = g_array_new(FALSE, FALSE, sizeof(struct meri_party)),
			   .hints = g_array_new(FALSE, FALSE, sizeof(struct meri_pair)),
			   .fields = g_array_new(FALSE, FALSE, sizeof(struct meri_pair))};
	gboolean ok = read_stored(s, &t, id, error);
	if (ok)
		ok = mentions_only ? identity_mentions(i, s, id, &t.record, error)
				   : identity_resolve(i, s, id, &t.record, error);
	g_ptr_array_unref(t.strings);
	g_array_unref(t.parties);
	g_array_unref(t.hints);
	g_array_unref(t.fields);
	return ok;
}

gboolean identity_resolve_stored(identity *i, store *s, gint64 after, guint budget, gint64 *last, GError **error)
{
	*last = 0;
	g_autoptr(GArray) ids = identity_numbers(s, error, "SELECT id FROM record WHERE id > ? ORDER BY id LIMIT ?",
						 "ii", after, (gint64)budget);
	for (guint n = 0; ids != NULL && n < ids->len; n++) {
		*last = g_array_index(ids, gint64, n);
		if (!identity_resolve_one(i, s, *last, FALSE, error))
			return FALSE;
	}
	return ids != NULL;
}
