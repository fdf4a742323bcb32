/* Keys: what records hold and customers own. Ids and owners of those asked for lately are remembered, for the writer
 * asks for the same addresses and domains again and again. */
#include "identity/internal.h"

#include <string.h>

#include "identity/keys.h"

#define OWNERS_MOST 50

struct known_key {
	gint64 id, parent;
	gboolean shown;
};

void identity_keys_forget(struct identity *i)
{
	identity_cache_clear(i->keys);
	identity_cache_clear(i->owners);
}

void identity_keys_changed(struct identity *i, const GArray *keys)
{
	for (guint n = 0; n < keys->len; n++)
		identity_cache_drop(i->owners, &g_array_index(keys, gint64, n));
}

/* ---- ids ---- */

static gboolean parent_of(struct identity *i, store *s, const struct identity_said *said, gint64 *parent,
			  GError **error)
{
	*parent = 0;
	if (said->kind != IDENTITY_KEY_EMAIL)
		return TRUE;
	g_autofree char *domain = said->domain != NULL ? g_strdup(said->domain) : identity_domain(said->value);
	if (domain == NULL || identity_domain_public(domain))
		return TRUE;
	struct identity_said of = {.kind = IDENTITY_KEY_DOMAIN, .role = IDENTITY_ROLE_SUBJECT, .value = domain};
	if (!identity_key_intern(i, s, &of, error))
		return FALSE;
	*parent = of.key;
	return TRUE;
}

static void remember(struct identity *i, const struct identity_said *said, const char *name, gboolean shown)
{
	struct known_key *known = g_new(struct known_key, 1);
	*known = (struct known_key){said->key, said->parent, shown};
	identity_cache_put(i->keys, g_strdup(name), known);
}

/* TRUE in `found` when the store has it. */
static gboolean look_up(struct identity *i, store *s, struct identity_said *said, const char *name, gboolean *shown,
			gboolean *found, GError **error)
{
	gboolean failed = FALSE;
	const struct known_key *known = identity_cache_get(i->keys, name);
	if (known != NULL) {
		said->key = known->id;
		said->parent = known->parent;
		*shown = known->shown;
		return *found = TRUE;
	}
	sqlite3_stmt *ask = identity_ask(
		s, error, "SELECT id, parent, shown IS NOT NULL FROM identity_key WHERE kind = ? AND value = ?", "it",
		(gint64)said->kind, said->value);
	if (ask == NULL)
		return FALSE;
	*found = identity_row(s, ask, &failed, error);
	if (!*found)
		return !failed;
	said->key = sqlite3_column_int64(ask, 0);
	said->parent = sqlite3_column_int64(ask, 1);
	*shown = sqlite3_column_int(ask, 2);
	sqlite3_reset(ask);
	remember(i, said, name, *shown || said->shown != NULL);
	return TRUE;
}

gboolean identity_key_intern(struct identity *i, store *s, struct identity_said *said, GError **error)
{
	gboolean shown = FALSE, found = FALSE;
	g_autofree char *name = g_strconcat((const char[]){(char)('a' + (int)said->kind), '\0'}, said->value, NULL);
	if (!look_up(i, s, said, name, &shown, &found, error))
		return FALSE;
	said->made = !found;
	if (found && (said->shown == NULL || shown))
		return TRUE;
	if (found) {
		remember(i, said, name, TRUE);
		return identity_do(s, error, "UPDATE identity_key SET shown = ?2 WHERE id = ?1", "it", said->key,
				   said->shown);
	}
	if (!parent_of(i, s, said, &said->parent, error) ||
	    !identity_do(s, error,
			 "INSERT INTO identity_key(kind, value, parent, shown) VALUES (?, ?, nullif(?, 0), ?)", "itit",
			 (gint64)said->kind, said->value, said->parent, said->shown))
		return FALSE;
	said->key = sqlite3_last_insert_rowid(store_sqlite(s));
	if (i->hand != NULL && i->hand->made_from == 0)
		i->hand->made_from = said->key;
	remember(i, said, name, said->shown != NULL);
	return TRUE;
}

/* ---- owners ---- */

gboolean identity_key_own(struct identity *i, store *s, gint64 key, gint64 node, gint64 via, int strength,
			  GError **error)
{
	identity_cache_drop(i->owners, &key);
	return identity_do(
		s, error, "INSERT OR REPLACE INTO customer_key(key_id, customer_id, via, strength) VALUES (?, ?, ?, ?)",
		"iiii", key, node, via, (gint64)strength);
}

static int best_first(gconstpointer a, gconstpointer b)
{
	const struct identity_owner *x = a, *y = b;
	if (x->claim != y->claim)
		return y->claim - x->claim;
	return x->node < y->node ? -1 : x->node > y->node;
}

/* Of each customer its best claims alone; they come ordered by customer. */
static void add_claim(GArray *all, const struct identity_owner *claim)
{
	struct identity_owner *last = all->len > 0 ? &g_array_index(all, struct identity_owner, all->len - 1) : NULL;
	if (last == NULL || last->node != claim->node)
		g_array_append_val(all, *claim);
	else if (last->claim == claim->claim)
		last->claims++;
	else if (last->claim < claim->claim)
		*last = *claim;
}

static GArray *read_claims(store *s, gint64 key, GError **error)
{
	gboolean failed = FALSE;
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct identity_owner));
	sqlite3_stmt *ask =
		identity_ask(s, error,
			     "SELECT o.customer_id, c.kind, c.source, o.strength FROM customer_key o JOIN"
			     " customer c ON c.id = o.customer_id WHERE o.key_id = ? ORDER BY o.customer_id",
			     "i", key);
	while (ask != NULL && identity_row(s, ask, &failed, error)) {
		struct identity_owner claim = {.node = sqlite3_column_int64(ask, 0),
					       .kind = sqlite3_column_int(ask, 1),
					       .source = g_intern_string((const char *)sqlite3_column_text(ask, 2)),
					       .claim = sqlite3_column_int(ask, 3),
					       .claims = 1};
		if (claim.kind == IDENTITY_ORGANISATION || claim.kind == IDENTITY_PERSON)
			add_claim(all, &claim);
	}
	if (ask == NULL || failed)
		g_clear_pointer(&all, g_array_unref);
	return all;
}

const struct identity_owners *identity_key_owners(struct identity *i, store *s, gint64 key, GError **error)
{
	static const struct identity_owners nobody;
	int best[3] = {0};
	if (i->hand != NULL && i->hand->made_from > 0 && key >= i->hand->made_from &&
	    i->hand->record->kind > MERI_PERSON)
		return &nobody;
	struct identity_owners *owners = identity_cache_get(i->owners, &key);
	if (owners != NULL)
		return owners;
	g_autoptr(GArray) all = read_claims(s, key, error);
	if (all == NULL)
		return NULL;
	g_array_sort(all, best_first);
	guint most = MIN(all->len, OWNERS_MOST);
	owners = g_malloc0(sizeof *owners + most * sizeof owners->owner[0]);
	for (guint n = 0; n < all->len && owners->n < most; n++) {
		const struct identity_owner *one = &g_array_index(all, struct identity_owner, n);
		if (one->claim < best[one->kind])
			continue;
		best[one->kind] = one->claim;
		owners->owner[owners->n++] = *one;
	}
	identity_cache_put(i->owners, g_memdup2(&key, sizeof key), owners);
	return owners;
}

/* ---- doubt ---- */

/* 1: the best claims are of several organisations; 2: of several persons. */
static gboolean doubt_of(store *s, gint64 key, gint64 *doubt, GError **error)
{
	gboolean failed = FALSE, several[3] = {FALSE};
	gint64 now[3] = {0};
	int best[3] = {0};
	sqlite3_stmt *ask =
		identity_ask(s, error,
			     "SELECT c.kind, o.strength, c.now FROM customer_key o JOIN customer c ON c.id ="
			     " o.customer_id WHERE o.key_id = ?",
			     "i", key);
	if (ask == NULL)
		return FALSE;
	while (identity_row(s, ask, &failed, error)) {
		int kind = sqlite3_column_int(ask, 0), claim = sqlite3_column_int(ask, 1);
		gint64 whose = sqlite3_column_int64(ask, 2);
		if (kind < 1 || kind > 2 || claim < best[kind])
			continue;
		several[kind] = claim == best[kind] && (several[kind] || whose != now[kind]);
		best[kind] = claim;
		now[kind] = whose;
	}
	*doubt = (several[IDENTITY_ORGANISATION] ? IDENTITY_ORGANISATION : 0) |
		 (several[IDENTITY_PERSON] ? IDENTITY_PERSON : 0);
	return !failed;
}

gboolean identity_doubt_key(store *s, gint64 key, GError **error)
{
	gint64 doubt;
	return doubt_of(s, key, &doubt, error) &&
	       identity_do(s, error, "UPDATE identity_key SET doubt = ?2 WHERE id = ?1 AND doubt <> ?2", "ii", key,
			   doubt);
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
