#include "identity/internal.h"

#include <string.h>

#include "base/base.h"
#include "identity/keys.h"
#include "identity/score.h"

/* ---- keys ---- */

/* The keys that a row owns by its own record become those of `reading`; changed ones go to `dirty`. */
static gboolean keys_put(struct identity *i, store *s, gint64 node, gboolean made,
			 const struct identity_reading *reading, GArray *dirty, GError **error)
{
	g_autoptr(GArray) before =
		made ? g_array_new(FALSE, FALSE, sizeof(gint64))
		     : identity_numbers(s, error, "SELECT key_id FROM customer_key WHERE via = ?1 AND customer_id = ?1",
					"i", node);
	if (before == NULL)
		return FALSE;
	for (guint n = 0; n < reading->said->len; n++) {
		const struct identity_said *said = &g_array_index(reading->said, struct identity_said, n);
		gint64 key = said->key;
		gboolean had = FALSE;
		if (said->role != IDENTITY_ROLE_OWN)
			continue;
		for (guint b = 0; b < before->len && !had; b++)
			if (g_array_index(before, gint64, b) == key) {
				g_array_remove_index_fast(before, b);
				had = TRUE;
			}
		if (had)
			continue;
		if (!identity_key_own(i, s, key, node, node, IDENTITY_CLAIM_OWN, error))
			return FALSE;
		g_array_append_val(dirty, key);
	}
	for (guint b = 0; b < before->len; b++) {
		gint64 key = g_array_index(before, gint64, b);
		if (!identity_do(s, error,
				 "DELETE FROM customer_key WHERE key_id = ?1 AND customer_id = ?2 AND via = ?2", "ii",
				 key, node))
			return FALSE;
		g_array_append_val(dirty, key);
	}
	identity_keys_changed(i, before);
	return TRUE;
}

/* ---- pairs ---- */

struct counting {
	struct identity *identity;
	store *s;
};

static double count_of(gpointer user, enum identity_field field, const char *value)
{
	struct counting *c = user;
	return identity_counts_get(c->identity, c->s, field, value);
}

static char *reasons_text(const GArray *reasons)
{
	GString *out = g_string_new(NULL);
	for (guint n = 0; n < reasons->len; n++) {
		const struct identity_reason *reason = &g_array_index(reasons, struct identity_reason, n);
		if (strcmp(reason->rule, "any two") == 0)
			continue;
		g_string_append_printf(out, "%s%s %+.1f", out->len > 0 ? "; " : "", reason->rule, reason->bits);
		if (reason->words != NULL)
			g_string_append_printf(out, " (%s)", reason->words);
	}
	return g_string_free(out, FALSE);
}

/* `strong`: set when the two are one. */
static gboolean compare(struct identity *i, store *s, gint64 node, gint64 other, const struct identity_profile *profile,
			gboolean *strong, GError **error)
{
	sqlite3_stmt *ask = identity_ask(
		s, error,
		"SELECT c.profile, c.kind, coalesce(s.id, 0) FROM customer c LEFT JOIN source s ON s.name = c.source"
		" WHERE c.id = ? AND NOT c.gone",
		"i", other);
	gboolean failed = FALSE;
	if (ask == NULL)
		return FALSE;
	if (!identity_row(s, ask, &failed, error))
		return !failed;
	int kind = sqlite3_column_int(ask, 1);
	g_autoptr(identity_profile_t) theirs = NULL;
	if ((kind == IDENTITY_PERSON) == profile->person)
		theirs = identity_profile_unpack((const char *)sqlite3_column_text(ask, 0), profile->person);
	if (theirs != NULL)
		theirs->list = sqlite3_column_int64(ask, 2);
	sqlite3_reset(ask);
	if (theirs == NULL)
		return TRUE;
	struct counting counting = {i, s};
	struct identity_stats stats = {count_of, identity_counts_population(i, s, kind), &counting};
	if (identity_score(profile, theirs, &stats, NULL) < i->weak)
		return TRUE;
	g_autoptr(GArray) reasons = g_array_new(FALSE, TRUE, sizeof(struct identity_reason));
	g_array_set_clear_func(reasons, identity_reason_clear);
	double bits = identity_score(profile, theirs, &stats, reasons);
	g_autofree char *why = reasons_text(reasons);
	*strong |= bits >= i->strong;
	return identity_do(s, error, "INSERT OR REPLACE INTO identity_pair(a, b, bits, why) VALUES (?, ?, ?, ?)",
			   "iidt", MIN(node, other), MAX(node, other), bits, why);
}

/* All pairs of the row, which has none. */
static gboolean pairs_find(struct identity *i, store *s, gint64 node, const struct identity_profile *profile,
			   gboolean *any, GError **error)
{
	g_autoptr(GArray) others = identity_candidates(i, s, node, profile, error);
	for (guint n = 0; others != NULL && n < others->len; n++)
		if (!compare(i, s, node, g_array_index(others, gint64, n), profile, any, error))
			return FALSE;
	return others != NULL;
}

/* The row's pairs go; `touched`: rows that were paired with it. */
static gboolean pairs_take(store *s, gint64 node, GArray *touched, GError **error)
{
	g_autoptr(GArray) before =
		identity_numbers(s, error, "SELECT a + b - ?1 FROM identity_pair WHERE a = ?1 OR b = ?1", "i", node);
	if (before == NULL || !identity_do(s, error, "DELETE FROM identity_pair WHERE a = ?1 OR b = ?1", "i", node))
		return FALSE;
	g_array_append_vals(touched, before->data, before->len);
	return TRUE;
}

/* ---- rows ---- */

static gboolean row_find(store *s, const char *source, const char *external, gint64 *node, char **profile, gint64 *gone,
			 char **name, GError **error)
{
	gboolean failed = FALSE;
	*node = 0;
	sqlite3_stmt *ask = identity_ask(
		s, error, "SELECT id, profile, gone, name FROM customer WHERE source = ? AND external_id = ?", "tt",
		source, external);
	if (ask == NULL)
		return FALSE;
	if (!identity_row(s, ask, &failed, error))
		return !failed;
	*node = sqlite3_column_int64(ask, 0);
	*profile = store_column(ask, 1);
	*gone = sqlite3_column_int64(ask, 2);
	*name = store_column(ask, 3);
	sqlite3_reset(ask);
	return TRUE;
}

/* A new row counts to itself; its id is guessed, so that it need not be written twice. */
static gboolean row_make(struct identity *i, store *s, const char *external, const struct identity_reading *reading,
			 const char *packed, gint64 *node, GError **error)
{
	const struct identity_hand *hand = i->hand;
	gint64 guess = i->next_node;
	if (!identity_do(s, error,
			 "INSERT INTO customer(kind, now, source, external_id, record_id, added, name, profile)"
			 " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			 "iittiitt", (gint64)reading->kind, guess, hand->source, external, hand->row, base_now(),
			 reading->name, packed))
		return FALSE;
	*node = sqlite3_last_insert_rowid(store_sqlite(s));
	i->next_node = *node + 1;
	return *node == guess || identity_do(s, error, "UPDATE customer SET now = id WHERE id = ?", "i", *node);
}

static gboolean row_renew(struct identity *i, store *s, const struct identity_reading *reading, const char *packed,
			  gint64 node, GError **error)
{
	identity_cache_clear(i->owners); /* they know the row's kind */
	return identity_do(s, error,
			   "UPDATE customer SET kind = ?, record_id = ?, name = ?, profile = ?, gone = 0, heir = NULL"
			   " WHERE id = ?",
			   "iitti", (gint64)reading->kind, i->hand->row, reading->name, packed, node) &&
	       identity_do(s, error, "UPDATE customer SET name = ?2 WHERE gone AND heir = ?1", "it", node,
			   reading->name);
}

static gboolean forget_profile(struct identity *i, store *s, gint64 node, const char *packed, int kind, GError **error)
{
	g_autoptr(identity_profile_t) old = identity_profile_unpack(packed, kind == IDENTITY_PERSON);
	return identity_counts_add(i, s, old, -1, error) && identity_unfile(s, node, old, error);
}

static gboolean note_name(struct identity *i, store *s, gint64 node, const struct identity_reading *reading,
			  gboolean changed, GError **error)
{
	identity_names_set(i, node, reading->kind, reading->name);
	if (!changed)
		return TRUE;
	return identity_do(s, error,
			   "INSERT INTO identity_name_todo(customer_id) VALUES (?) ON CONFLICT DO UPDATE SET alone = 0",
			   "i", node);
}

/* The row is filed under what its profile says, and paired with those that are like it. */
static gboolean profile_put(struct identity *i, store *s, gint64 node, gboolean made, struct identity_profile *profile,
			    GError **error)
{
	g_autoptr(GArray) touched = g_array_new(FALSE, FALSE, sizeof(gint64));
	gboolean strong = FALSE;
	profile->list = i->hand->source_id;
	if ((!made && !pairs_take(s, node, touched, error)) || !identity_counts_add(i, s, profile, 1, error) ||
	    !identity_file(s, node, profile, error) || !pairs_find(i, s, node, profile, &strong, error))
		return FALSE;
	if (made && !strong)
		return TRUE; /* nobody can count to it, nor it to anybody */
	g_array_append_val(touched, node);
	return identity_regroup(i, s, touched, error);
}

gboolean identity_node_put(struct identity *i, store *s, const struct identity_reading *reading, GArray *dirty,
			   gint64 *node, GError **error)
{
	const char *external = i->hand->record->id;
	g_autofree char *before = NULL, *name = NULL, *packed = identity_profile_pack(reading->profile);
	gint64 gone = 0;
	if (!row_find(s, i->hand->source, external, node, &before, &gone, &name, error))
		return FALSE;
	gboolean made = *node == 0, fresh = made || gone || strcmp(before, packed) != 0;
	if (!made && !gone && fresh && !forget_profile(i, s, *node, before, reading->kind, error))
		return FALSE;
	if (!(made ? row_make(i, s, external, reading, packed, node, error)
		   : row_renew(i, s, reading, packed, *node, error)) ||
	    !keys_put(i, s, *node, made, reading, dirty, error) ||
	    !note_name(i, s, *node, reading, g_strcmp0(name, reading->name) != 0, error))
		return FALSE;
	return !fresh || profile_put(i, s, *node, made, reading->profile, error);
}

/* Who keeps a gone row's id alive: the oldest row that was one customer with it. Rows that led to it lead there, too.
 */
static gboolean heir_set(store *s, gint64 node, GError **error)
{
	gint64 heir;
	return identity_number(s, error, &heir, 0,
			       "SELECT min(id) FROM customer WHERE NOT gone AND id <> ?1 AND now ="
			       " (SELECT now FROM customer WHERE id = ?1)",
			       "i", node) &&
	       identity_do(s, error,
			   "UPDATE customer SET heir = nullif(?2, 0), name = coalesce((SELECT name FROM customer WHERE "
			   "id = ?2), name)"
			   " WHERE id = ?1 OR heir = ?1",
			   "ii", node, heir);
}

gboolean identity_node_retire(struct identity *i, store *s, gint64 node, GArray *dirty, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask =
		identity_ask(s, error, "SELECT profile, kind FROM customer WHERE id = ? AND NOT gone", "i", node);
	if (ask == NULL)
		return FALSE;
	if (!identity_row(s, ask, &failed, error))
		return !failed;
	g_autofree char *packed = store_column(ask, 0);
	int kind = sqlite3_column_int(ask, 1);
	sqlite3_reset(ask);
	g_autoptr(GArray) keys = identity_numbers(
		s, error, "SELECT DISTINCT key_id FROM customer_key WHERE customer_id = ?1 OR via = ?1", "i", node);
	g_autoptr(GArray) touched = g_array_new(FALSE, FALSE, sizeof(gint64));
	if (keys == NULL || !forget_profile(i, s, node, packed, kind, error) || !heir_set(s, node, error) ||
	    !identity_do(s, error, "UPDATE customer SET gone = 1, record_id = NULL WHERE id = ?", "i", node) ||
	    !identity_do(s, error, "DELETE FROM customer_key WHERE (customer_id = ?1 AND via > 0) OR via = ?1", "i",
			 node) ||
	    !identity_do(s, error,
			 "UPDATE employment SET until = ?2 WHERE (person = ?1 OR organisation = ?1) AND until = 0",
			 "ii", node, base_now()))
		return FALSE;
	g_array_append_vals(dirty, keys->data, keys->len);
	identity_keys_changed(i, keys);
	identity_names_set(i, node, kind, NULL);
	if (!pairs_take(s, node, touched, error))
		return FALSE;
	g_array_append_val(touched, node);
	return identity_regroup(i, s, touched, error);
}
