/* Whom a record is about, from the keys that it holds and those who own them. Rows of `link` point to rows of customers
 * and name the key; whether the key is in doubt, and what the rows count to today, is looked up when it is asked. So
 * nothing here depends on how customers are grouped, and a merge or a split rewrites no link. */
#include "identity/internal.h"

#include <string.h>

#include "base/base.h"
#include "identity/keys.h"
#include "identity/similar.h"

#define OWNERS_MOST 50

static const char *const rule_names[] = {[IDENTITY_RULE_ITSELF] = "record",
					 [IDENTITY_RULE_CRM] = "crm-id",
					 [IDENTITY_RULE_CRM_OWN] = "crm-id",
					 [IDENTITY_RULE_BUSINESS] = "business-id",
					 [IDENTITY_RULE_EMAIL] = "e-mail",
					 [IDENTITY_RULE_DOMAIN] = "domain",
					 [IDENTITY_RULE_PHONE] = "phone",
					 [IDENTITY_RULE_ORG] = "name",
					 [IDENTITY_RULE_PERSON] = "person's name",
					 [IDENTITY_RULE_USER] = "user",
					 [IDENTITY_RULE_EMPLOYER] = "employer",
					 [IDENTITY_RULE_MENTION] = "mention",
					 [IDENTITY_RULE_MENTION_SHORT] = "short mention",
					 [IDENTITY_RULE_DECIDED] = "decision",
					 [IDENTITY_RULE_DENIED] = "decision",
					 [IDENTITY_RULE_NAME_NEAR] = "name near",
					 [IDENTITY_RULE_THREAD] = "thread"};

const char *identity_rule_name(int rule)
{
	return rule > 0 && rule < (int)G_N_ELEMENTS(rule_names) && rule_names[rule] != NULL ? rule_names[rule]
											    : "other";
}

struct held {
	gint64 key, parent;
	enum identity_key_kind kind;
	enum identity_role role;
};

struct owner {
	gint64 node;
	int kind;
	gboolean same_source;
	int claim;
	int claims; /* of this strength */
};

struct linking {
	struct identity *identity;
	store *s;
	gint64 record, occurred, source_id;
	char *source, *parent, *thread;
	int kind;
	GArray *held;          /* struct held */
	GArray *organisations; /* gint64: rows that it is linked to, for persons' names */
	gboolean any;
};

/* ---- the record's keys ---- */

gboolean identity_keys_set(store *s, gint64 record, const struct identity_reading *reading, GError **error)
{
	g_autoptr(GArray) before =
		identity_numbers(s, error, "SELECT key_id FROM record_key WHERE record_id = ?", "i", record);
	if (before == NULL)
		return FALSE;
	for (guint n = 0; n < reading->said->len; n++) {
		const struct identity_said *said = &g_array_index(reading->said, struct identity_said, n);
		gint64 key;
		if (!identity_key_intern(s, said, &key, error) ||
		    !identity_do(s, error,
				 "INSERT INTO record_key(record_id, key_id, role) VALUES (?1, ?2, ?3)"
				 " ON CONFLICT DO UPDATE SET role = ?3 WHERE role <> ?3",
				 "iii", record, key, (gint64)said->role))
			return FALSE;
		for (guint b = 0; b < before->len; b++)
			if (g_array_index(before, gint64, b) == key)
				g_array_remove_index_fast(before, b--);
	}
	for (guint b = 0; b < before->len; b++)
		if (!identity_do(s, error, "DELETE FROM record_key WHERE record_id = ? AND key_id = ?", "ii", record,
				 g_array_index(before, gint64, b)))
			return FALSE;
	return TRUE;
}

static gboolean read_held(struct linking *l, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(
		l->s, error,
		"SELECT k.id, k.parent, k.kind, r.role FROM record_key r JOIN identity_key k ON k.id = r.key_id"
		" WHERE r.record_id = ?",
		"i", l->record);
	if (ask == NULL)
		return FALSE;
	while (identity_row(l->s, ask, &failed, error)) {
		struct held held = {sqlite3_column_int64(ask, 0), sqlite3_column_int64(ask, 1),
				    sqlite3_column_int(ask, 2), sqlite3_column_int(ask, 3)};
		g_array_append_val(l->held, held);
	}
	return !failed;
}

static gboolean read_record(struct linking *l, gboolean *there, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask =
		identity_ask(l->s, error,
			     "SELECT s.name, r.kind, r.occurred, r.parent, r.source_id, r.thread FROM record r"
			     " JOIN source s ON s.id = r.source_id WHERE r.id = ?",
			     "i", l->record);
	if (ask == NULL)
		return FALSE;
	*there = identity_row(l->s, ask, &failed, error);
	if (!*there)
		return !failed;
	l->source = store_column(ask, 0);
	l->kind = sqlite3_column_int(ask, 1);
	l->occurred = sqlite3_column_int64(ask, 2);
	l->parent = l->kind == MERI_COMMENT ? store_column(ask, 3) : NULL;
	l->source_id = sqlite3_column_int64(ask, 4);
	l->thread = l->kind == MERI_TICKET ? store_column(ask, 5) : NULL;
	sqlite3_reset(ask);
	return TRUE;
}

/* ---- owners ---- */

/* The best claims of each kind of customer. */
static gboolean owners_of(struct linking *l, gint64 key, struct owner out[OWNERS_MOST], guint *n, GError **error)
{
	gboolean failed = FALSE;
	int best[3] = {0};
	*n = 0;
	sqlite3_stmt *ask = identity_ask(
		l->s, error,
		"SELECT o.customer_id, c.kind, c.source IS ?2, o.strength, count(*) FROM customer_key o"
		" JOIN customer c ON c.id = o.customer_id WHERE o.key_id = ?1 GROUP BY o.customer_id, o.strength"
		" ORDER BY o.strength DESC, o.customer_id",
		"it", key, l->source);
	if (ask == NULL)
		return FALSE;
	while (identity_row(l->s, ask, &failed, error)) {
		struct owner o = {sqlite3_column_int64(ask, 0), sqlite3_column_int(ask, 1), sqlite3_column_int(ask, 2),
				  sqlite3_column_int(ask, 3), sqlite3_column_int(ask, 4)};
		if (o.kind < 1 || o.kind > 2 || o.claim < best[o.kind] || *n >= OWNERS_MOST)
			continue;
		best[o.kind] = o.claim;
		out[(*n)++] = o;
	}
	return !failed;
}

static gboolean link_to(struct linking *l, gint64 node, int kind, enum identity_rule rule, int strength, gint64 key,
			const char *words, GError **error)
{
	l->any |= strength >= 2;
	if (kind == IDENTITY_ORGANISATION && strength >= 2)
		g_array_append_val(l->organisations, node);
	return identity_do(
		l->s, error,
		"INSERT INTO link(record_id, customer_id, rule, strength, key_id, words) VALUES (?1, ?2, ?3, ?4, "
		"nullif(?5, 0), ?6)"
		" ON CONFLICT DO UPDATE SET strength = ?4, key_id = nullif(?5, 0), words = ?6 WHERE strength < ?4",
		"iiiiit", l->record, node, (gint64)rule, (gint64)strength, key, words);
}

static int strength_of(const struct owner *o)
{
	return o->claim > IDENTITY_CLAIM_GUESS || o->claims > 1 ? 2 : 1;
}

static gboolean link_owners(struct linking *l, const struct owner *owners, guint n, int kind, enum identity_rule rule,
			    gint64 key, GError **error)
{
	for (guint o = 0; o < n; o++)
		if ((kind == 0 || owners[o].kind == kind) &&
		    !link_to(l, owners[o].node, owners[o].kind, rule, strength_of(&owners[o]), key, NULL, error))
			return FALSE;
	return TRUE;
}

/* ---- employment ---- */

/* Where the person worked when the record was written: the employment of that time; the only one there is; today's. */
static gboolean link_employers(struct linking *l, gint64 person, GError **error)
{
	g_autoptr(GArray) at = identity_numbers(
		l->s, error,
		"SELECT organisation FROM employment WHERE person = ?1 AND ((since <= ?2 AND (until = 0 OR until > "
		"?2)) OR ?2 = 0 AND until = 0"
		" OR NOT EXISTS (SELECT 1 FROM employment e WHERE e.person = ?1 AND e.since <= ?2) AND since ="
		" (SELECT min(since) FROM employment e WHERE e.person = ?1))",
		"ii", person, l->occurred);
	if (at == NULL)
		return FALSE;
	for (guint n = 0; n < at->len; n++) {
		gint64 key, node = g_array_index(at, gint64, n);
		if (!identity_number(l->s, error, &key, 0,
				     "SELECT key_id FROM employment WHERE person = ? AND organisation = ?", "ii",
				     person, node) ||
		    !link_to(l, node, IDENTITY_ORGANISATION, IDENTITY_RULE_EMPLOYER, 2, key, NULL, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- key by key ---- */

static gboolean link_crm(struct linking *l, const struct held *h, const struct owner *owners, guint n, GError **error)
{
	gboolean own = FALSE;
	for (guint o = 0; o < n; o++)
		own |= owners[o].same_source;
	for (guint o = 0; o < n; o++)
		if ((!own || owners[o].same_source) &&
		    !link_to(l, owners[o].node, owners[o].kind, own ? IDENTITY_RULE_CRM_OWN : IDENTITY_RULE_CRM, 2,
			     own ? 0 : h->key, NULL, error))
			return FALSE;
	return TRUE;
}

static gboolean link_email(struct linking *l, const struct held *h, const struct owner *owners, guint n, GError **error)
{
	struct owner of_domain[OWNERS_MOST];
	guint m = 0;
	if (h->parent != 0 && !owners_of(l, h->parent, of_domain, &m, error))
		return FALSE;
	if (!link_owners(l, owners, n, 0, IDENTITY_RULE_EMAIL, h->key, error) ||
	    !link_owners(l, of_domain, m, IDENTITY_ORGANISATION, IDENTITY_RULE_DOMAIN, h->parent, error))
		return FALSE;
	for (guint o = 0; o < n && m == 0; o++) /* the domain says better whom the address speaks for */
		if (owners[o].kind == IDENTITY_PERSON && !link_employers(l, owners[o].node, error))
			return FALSE;
	return TRUE;
}

/* A name that nobody bears as it is written, but somebody nearly. */
static gboolean link_near(struct linking *l, const struct held *h, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(l->s, error, "SELECT value FROM identity_key WHERE id = ?", "i", h->key);
	if (ask == NULL || !identity_row(l->s, ask, &failed, error))
		return ask != NULL && !failed;
	g_autofree char *name = store_column(ask, 0);
	sqlite3_reset(ask);
	g_autoptr(GArray) near = identity_near_names(l->identity, l->s, name, FALSE, error);
	for (guint n = 0; near != NULL && n < near->len && n < 3; n++)
		if (!link_to(l, g_array_index(near, struct identity_near_name, n).node, IDENTITY_ORGANISATION,
			     IDENTITY_RULE_NAME_NEAR, 1, h->key, NULL, error))
			return FALSE;
	return near != NULL;
}

static gboolean link_key(struct linking *l, const struct held *h, GError **error)
{
	struct owner owners[OWNERS_MOST];
	guint n;
	if (h->role == IDENTITY_ROLE_OWN || h->kind == IDENTITY_KEY_PERSON)
		return TRUE;
	if (!owners_of(l, h->key, owners, &n, error))
		return FALSE;
	switch (h->kind) {
	case IDENTITY_KEY_CRM:
		return link_crm(l, h, owners, n, error);
	case IDENTITY_KEY_EMAIL:
		return link_email(l, h, owners, n, error);
	case IDENTITY_KEY_BUSINESS:
		return link_owners(l, owners, n, 0, IDENTITY_RULE_BUSINESS, h->key, error);
	case IDENTITY_KEY_DOMAIN:
		return link_owners(l, owners, n, IDENTITY_ORGANISATION, IDENTITY_RULE_DOMAIN, h->key, error);
	case IDENTITY_KEY_PHONE:
		return link_owners(l, owners, n, 0, IDENTITY_RULE_PHONE, h->key, error);
	case IDENTITY_KEY_ORG:
		if (n == 0)
			return link_near(l, h, error);
		return link_owners(l, owners, n, IDENTITY_ORGANISATION, IDENTITY_RULE_ORG, h->key, error);
	default:
		return link_owners(l, owners, n, 0, IDENTITY_RULE_USER, h->key, error);
	}
}

/* A person's name alone says little; together with the organisation that the record is about, and where a person of
 * that name works, it says enough. */
static gboolean link_person(struct linking *l, const struct held *h, GError **error)
{
	struct owner owners[OWNERS_MOST];
	guint n;
	if (h->kind != IDENTITY_KEY_PERSON || h->role == IDENTITY_ROLE_OWN)
		return TRUE;
	if (!owners_of(l, h->key, owners, &n, error))
		return FALSE;
	for (guint o = 0; o < n && n <= 10; o++) {
		g_autoptr(GArray) at = identity_numbers(
			l->s, error, "SELECT organisation FROM employment WHERE person = ?", "i", owners[o].node);
		if (at == NULL)
			return FALSE;
		int strength = 1;
		for (guint a = 0; a < at->len; a++)
			for (guint k = 0; k < l->organisations->len; k++)
				if (g_array_index(at, gint64, a) == g_array_index(l->organisations, gint64, k))
					strength = 2;
		if ((strength == 2 || n <= 3) &&
		    !link_to(l, owners[o].node, IDENTITY_PERSON, IDENTITY_RULE_PERSON, strength, h->key, NULL, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- the whole record ---- */

/* What is said about a ticket is about whom the ticket is about. */
static gboolean link_parent(struct linking *l, GError **error)
{
	if (l->parent == NULL)
		return TRUE;
	return identity_do(
		l->s, error,
		"INSERT OR IGNORE INTO link(record_id, customer_id, rule, strength, key_id, words)"
		" SELECT ?1, p.customer_id, ?4, p.strength, p.key_id, p.words FROM record r JOIN link p ON p.record_id "
		"= r.id"
		" WHERE r.source_id = ?2 AND r.external_id = ?3 AND p.strength = 2 AND p.rule NOT IN (?4, 1)",
		"iiti", l->record, l->source_id, l->parent, (gint64)IDENTITY_RULE_THREAD);
}

static gboolean relink_comments(struct linking *l, GError **error)
{
	if (l->thread == NULL)
		return TRUE;
	g_autoptr(GArray) comments =
		identity_numbers(l->s, error, "SELECT id FROM record WHERE source_id = ? AND thread = ? AND kind = ?",
				 "iti", l->source_id, l->thread, (gint64)MERI_COMMENT);
	for (guint n = 0; comments != NULL && n < comments->len; n++)
		if (!identity_relink(l->identity, l->s, g_array_index(comments, gint64, n), error))
			return FALSE;
	return comments != NULL;
}

static gboolean relink(struct linking *l, GError **error)
{
	gboolean there;
	gint64 itself = 0;
	if (!read_record(l, &there, error) || (there && !read_held(l, error)))
		return FALSE;
	if (!there)
		return TRUE;
	if (!identity_do(l->s, error, "DELETE FROM link WHERE record_id = ?1 AND rule NOT IN (?2, ?3)", "iii",
			 l->record, (gint64)IDENTITY_RULE_MENTION, (gint64)IDENTITY_RULE_MENTION_SHORT))
		return FALSE;
	if (l->kind <= MERI_PERSON &&
	    !identity_number(l->s, error, &itself, 0, "SELECT id FROM customer WHERE record_id = ?", "i", l->record))
		return FALSE;
	if (itself != 0 && !link_to(l, itself, l->kind, IDENTITY_RULE_ITSELF, 2, 0, NULL, error))
		return FALSE;
	for (guint n = 0; n < l->held->len; n++)
		if (!link_key(l, &g_array_index(l->held, struct held, n), error))
			return FALSE;
	for (guint n = 0; n < l->held->len; n++)
		if (!link_person(l, &g_array_index(l->held, struct held, n), error))
			return FALSE;
	l->identity->linked = l->organisations->len > 0 ? l->record : 0;
	return link_parent(l, error) && identity_decided_links(l->identity, l->s, l->record, error) &&
	       relink_comments(l, error);
}

gboolean identity_relink_comments(struct identity *i, store *s, gint64 ticket, GError **error)
{
	struct linking l = {.identity = i, .s = s, .record = ticket};
	gboolean there;
	gboolean ok = read_record(&l, &there, error) && (!there || relink_comments(&l, error));
	g_free(l.source);
	g_free(l.parent);
	g_free(l.thread);
	return ok;
}

gboolean identity_relink(struct identity *i, store *s, gint64 record, GError **error)
{
	struct linking l = {.identity = i, .s = s, .record = record};
	l.held = g_array_new(FALSE, FALSE, sizeof(struct held));
	l.organisations = g_array_new(FALSE, FALSE, sizeof(gint64));
	gboolean ok = relink(&l, error);
	g_array_unref(l.held);
	g_array_unref(l.organisations);
	g_free(l.source);
	g_free(l.parent);
	g_free(l.thread);
	return ok;
}

gboolean identity_relink_keys(struct identity *i, store *s, const GArray *keys, GError **error)
{
	g_autoptr(GHashTable) done = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint k = 0; k < keys->len; k++) {
		gint64 key = g_array_index(keys, gint64, k);
		if (!identity_doubt_key(s, key, error))
			return FALSE;
		g_autoptr(GArray) records = identity_numbers(
			s, error,
			"SELECT record_id FROM record_key WHERE key_id = ?1 UNION ALL SELECT r.record_id"
			" FROM identity_key k JOIN record_key r ON r.key_id = k.id WHERE k.parent = ?1",
			"i", key);
		if (records == NULL)
			return FALSE;
		for (guint n = 0; n < records->len; n++) {
			gint64 record = g_array_index(records, gint64, n);
			if (record != i->resolving && g_hash_table_add(done, g_memdup2(&record, sizeof record)) &&
			    !identity_relink(i, s, record, error))
				return FALSE;
		}
	}
	return TRUE;
}
