#include "identity/internal.h"

#include <string.h>

#include "base/base.h"
#include "identity/block.h"
#include "identity/keys.h"
#include "identity/score.h"

#define CANDIDATES_MOST 24   /* rows that one row is compared with: those that share most with it ... */
#define WEIGHT_LEAST    0.05 /* ... and at least a block of twenty, or several larger ones */

/* ---- keys ---- */

static gboolean parent_of(store *s, const struct identity_said *said, gint64 *parent, GError **error)
{
	*parent = 0;
	if (said->kind != IDENTITY_KEY_EMAIL)
		return TRUE;
	char *domain = identity_domain(said->value);
	if (domain == NULL || identity_domain_public(domain)) {
		g_free(domain);
		return TRUE;
	}
	struct identity_said of = {IDENTITY_KEY_DOMAIN, IDENTITY_ROLE_SUBJECT, domain, NULL};
	gboolean ok = identity_key_intern(s, &of, parent, error);
	g_free(domain);
	return ok;
}

gboolean identity_key_intern(store *s, const struct identity_said *said, gint64 *id, GError **error)
{
	gboolean failed = FALSE, shown = FALSE;
	sqlite3_stmt *ask =
		identity_ask(s, error, "SELECT id, shown IS NOT NULL FROM identity_key WHERE kind = ? AND value = ?",
			     "it", (gint64)said->kind, said->value);
	if (ask == NULL)
		return FALSE;
	if (identity_row(s, ask, &failed, error)) {
		*id = sqlite3_column_int64(ask, 0);
		shown = sqlite3_column_int(ask, 1);
		sqlite3_reset(ask);
		return said->shown == NULL || shown ||
		       identity_do(s, error, "UPDATE identity_key SET shown = ?2 WHERE id = ?1", "it", *id,
				   said->shown);
	}
	gint64 parent;
	if (failed || !parent_of(s, said, &parent, error) ||
	    !identity_do(s, error,
			 "INSERT INTO identity_key(kind, value, parent, shown) VALUES (?, ?, nullif(?, 0), ?)", "itit",
			 (gint64)said->kind, said->value, parent, said->shown))
		return FALSE;
	*id = sqlite3_last_insert_rowid(store_sqlite(s));
	return TRUE;
}

gboolean identity_key_own(store *s, gint64 key, gint64 node, gint64 via, int strength, GError **error)
{
	return identity_do(
		s, error, "INSERT OR REPLACE INTO customer_key(key_id, customer_id, via, strength) VALUES (?, ?, ?, ?)",
		"iiii", key, node, via, (gint64)strength);
}

gboolean identity_doubt_key(store *s, gint64 key, GError **error)
{
	return identity_do(s, error,
			   "UPDATE identity_key SET doubt = d FROM (SELECT coalesce(sum(DISTINCT kind), 0) AS d FROM "
			   "(SELECT c.kind FROM customer_key o"
			   " JOIN customer c ON c.id = o.customer_id WHERE o.key_id = ?1 AND o.strength = (SELECT "
			   "max(p.strength) FROM customer_key p"
			   " JOIN customer d ON d.id = p.customer_id WHERE p.key_id = ?1 AND d.kind = c.kind) GROUP BY "
			   "c.kind HAVING count(DISTINCT c.now) > 1))"
			   " WHERE id = ?1 AND doubt <> d",
			   "i", key);
}

gboolean identity_doubt_rows(store *s, const GArray *nodes, GError **error)
{
	g_autoptr(GHashTable) done = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint n = 0; n < nodes->len; n++) {
		g_autoptr(GArray) keys =
			identity_numbers(s, error, "SELECT key_id FROM customer_key WHERE customer_id = ?", "i",
					 g_array_index(nodes, gint64, n));
		if (keys == NULL)
			return FALSE;
		for (guint k = 0; k < keys->len; k++) {
			gint64 key = g_array_index(keys, gint64, k);
			if (g_hash_table_add(done, g_memdup2(&key, sizeof key)) && !identity_doubt_key(s, key, error))
				return FALSE;
		}
	}
	return TRUE;
}

/* The keys that a row owns by its own record become those of `reading`; changed ones go to `dirty`. */
static gboolean keys_put(store *s, gint64 node, const struct identity_reading *reading, GArray *dirty, GError **error)
{
	g_autoptr(GArray) before = identity_numbers(
		s, error, "SELECT key_id FROM customer_key WHERE via = ?1 AND customer_id = ?1", "i", node);
	if (before == NULL)
		return FALSE;
	for (guint n = 0; n < reading->said->len; n++) {
		const struct identity_said *said = &g_array_index(reading->said, struct identity_said, n);
		gint64 key;
		gboolean had = FALSE;
		if (said->role != IDENTITY_ROLE_OWN)
			continue;
		if (!identity_key_intern(s, said, &key, error))
			return FALSE;
		for (guint b = 0; b < before->len && !had; b++)
			if (g_array_index(before, gint64, b) == key) {
				g_array_remove_index_fast(before, b);
				had = TRUE;
			}
		if (had)
			continue;
		if (!identity_key_own(s, key, node, node, IDENTITY_CLAIM_OWN, error))
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
	return TRUE;
}

/* ---- blocks and pairs ---- */

static void collect(guint64 key, gpointer user)
{
	g_array_append_val((GArray *)user, key);
}

static GArray *blocks_of(const struct identity_profile *profile)
{
	GArray *keys = g_array_new(FALSE, FALSE, sizeof(guint64));
	identity_blocks(profile, collect, keys);
	return keys;
}

static gboolean blocks_put(store *s, gint64 node, const GArray *keys, GError **error)
{
	for (guint n = 0; n < keys->len; n++)
		if (!identity_do(s, error, "INSERT OR IGNORE INTO identity_block(key, customer_id) VALUES (?, ?)", "ii",
				 (gint64)g_array_index(keys, guint64, n), node))
			return FALSE;
	return TRUE;
}

struct candidate {
	gint64 row;
	double weight;
};

static int heaviest_first(gconstpointer a, gconstpointer b)
{
	const struct candidate *x = a, *y = b;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* Rows that share blocks with it, those first that share many and small ones; a block with too many says nothing. */
static GArray *candidates(store *s, gint64 node, const GArray *keys, GError **error)
{
	g_autoptr(GHashTable) at = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	GArray *out = g_array_new(FALSE, FALSE, sizeof(struct candidate));
	for (guint n = 0; out != NULL && n < keys->len; n++) {
		g_autoptr(GArray) members = identity_numbers(
			s, error, "SELECT customer_id FROM identity_block WHERE key = ?1 LIMIT ?2", "ii",
			(gint64)g_array_index(keys, guint64, n), (gint64)IDENTITY_BLOCK_MOST + 1);
		if (members == NULL)
			g_clear_pointer(&out, g_array_unref);
		for (guint m = 0; members != NULL && members->len <= IDENTITY_BLOCK_MOST && m < members->len; m++) {
			struct candidate c = {g_array_index(members, gint64, m), 1.0 / members->len};
			guint index = GPOINTER_TO_UINT(g_hash_table_lookup(at, &c.row));
			if (c.row == node)
				continue;
			if (index > 0) {
				g_array_index(out, struct candidate, index - 1).weight += c.weight;
				continue;
			}
			g_array_append_val(out, c);
			g_hash_table_insert(at, g_memdup2(&c.row, sizeof c.row), GUINT_TO_POINTER(out->len));
		}
	}
	if (out != NULL)
		g_array_sort(out, heaviest_first);
	return out;
}

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

static gboolean compare(struct identity *i, store *s, gint64 node, gint64 other, const struct identity_profile *profile,
			GError **error)
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
	return identity_do(s, error, "INSERT OR REPLACE INTO identity_pair(a, b, bits, why) VALUES (?, ?, ?, ?)",
			   "iidt", MIN(node, other), MAX(node, other), bits, why);
}

/* All pairs of the row anew; `touched`: rows that were or are paired with it. */
static gboolean pairs_put(struct identity *i, store *s, gint64 node, const struct identity_profile *profile,
			  const GArray *keys, GArray *touched, GError **error)
{
	g_autoptr(GArray) before =
		identity_numbers(s, error, "SELECT a + b - ?1 FROM identity_pair WHERE a = ?1 OR b = ?1", "i", node);
	if (before == NULL || !identity_do(s, error, "DELETE FROM identity_pair WHERE a = ?1 OR b = ?1", "i", node))
		return FALSE;
	g_array_append_vals(touched, before->data, before->len);
	if (profile == NULL)
		return TRUE;
	g_autoptr(GArray) others = candidates(s, node, keys, error);
	for (guint n = 0; others != NULL && n < MIN(others->len, CANDIDATES_MOST); n++)
		if (g_array_index(others, struct candidate, n).weight >= WEIGHT_LEAST &&
		    !compare(i, s, node, g_array_index(others, struct candidate, n).row, profile, error))
			return FALSE;
	return others != NULL;
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

static gboolean row_write(store *s, const char *source, gint64 record, const char *external,
			  const struct identity_reading *reading, const char *packed, gint64 *node, GError **error)
{
	if (*node != 0)
		return identity_do(s, error,
				   "UPDATE customer SET kind = ?, record_id = ?, name = ?, profile = ?, gone = 0, heir "
				   "= NULL"
				   " WHERE id = ?",
				   "iitti", (gint64)reading->kind, record, reading->name, packed, *node) &&
		       identity_do(s, error, "UPDATE customer SET name = ?2 WHERE gone AND heir = ?1", "it", *node,
				   reading->name);
	if (!identity_do(s, error,
			 "INSERT INTO customer(kind, now, source, external_id, record_id, added, name, profile)"
			 " VALUES (?, 0, ?, ?, ?, ?, ?, ?)",
			 "ittiitt", (gint64)reading->kind, source, external, record, base_now(), reading->name, packed))
		return FALSE;
	*node = sqlite3_last_insert_rowid(store_sqlite(s));
	return identity_do(s, error, "UPDATE customer SET now = id WHERE id = ?", "i", *node);
}

static gboolean forget_profile(struct identity *i, store *s, gint64 node, const char *packed, int kind, GError **error)
{
	g_autoptr(identity_profile_t) old = identity_profile_unpack(packed, kind == IDENTITY_PERSON);
	return identity_counts_add(i, s, old, -1, error) &&
	       identity_do(s, error, "DELETE FROM identity_block WHERE customer_id = ?", "i", node);
}

static gboolean regroup_with(struct identity *i, store *s, gint64 node, GArray *touched, GError **error)
{
	g_array_append_val(touched, node);
	return identity_regroup(i, s, touched, error);
}

static gboolean note_name(struct identity *i, store *s, gint64 node, const struct identity_reading *reading,
			  gboolean changed, GError **error)
{
	identity_names_set(i, node, reading->kind, reading->name);
	if (!changed)
		return TRUE;
	return identity_do(s, error, "INSERT OR IGNORE INTO identity_name_todo(customer_id) VALUES (?)", "i", node);
}

gboolean identity_node_put(struct identity *i, store *s, const char *source, gint64 record,
			   const struct meri_record *from, const struct identity_reading *reading, GArray *dirty,
			   gint64 *node, GError **error)
{
	g_autofree char *before = NULL, *name = NULL, *packed = identity_profile_pack(reading->profile);
	gint64 gone = 0;
	if (!row_find(s, source, from->id, node, &before, &gone, &name, error))
		return FALSE;
	gboolean fresh = *node == 0 || gone || strcmp(before, packed) != 0;
	if (*node != 0 && !gone && fresh && !forget_profile(i, s, *node, before, reading->kind, error))
		return FALSE;
	if (!row_write(s, source, record, from->id, reading, packed, node, error) ||
	    !keys_put(s, *node, reading, dirty, error) ||
	    !note_name(i, s, *node, reading, g_strcmp0(name, reading->name) != 0, error))
		return FALSE;
	if (!fresh)
		return TRUE;
	if (!identity_number(s, error, &reading->profile->list, 0, "SELECT source_id FROM record WHERE id = ?", "i",
			     record))
		return FALSE;
	g_autoptr(GArray) keys = blocks_of(reading->profile), names = g_array_new(FALSE, FALSE, sizeof(guint64));
	identity_name_blocks(reading->profile, collect, names);
	g_autoptr(GArray) touched = g_array_new(FALSE, FALSE, sizeof(gint64));
	return identity_counts_add(i, s, reading->profile, 1, error) && blocks_put(s, *node, keys, error) &&
	       blocks_put(s, *node, names, error) && pairs_put(i, s, *node, reading->profile, keys, touched, error) &&
	       regroup_with(i, s, *node, touched, error);
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
	identity_names_set(i, node, kind, NULL);
	return pairs_put(i, s, node, NULL, NULL, touched, error) && regroup_with(i, s, node, touched, error);
}
