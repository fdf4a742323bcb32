/* Whom a record is about, from the keys that it holds and those who own them. Rows of `link` point to rows of customers
 * and name the key; whether the key is in doubt, and what the rows count to today, is looked up when it is asked. So
 * nothing here depends on how customers are grouped, and a merge or a split rewrites no link. */
#include "identity/internal.h"

#include <string.h>

#include "base/base.h"
#include "identity/keys.h"
#include "identity/similar.h"

#define FOLLOW_MOST 20 /* answers to answers */

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

struct linking {
	struct identity *identity;
	store *s;
	const struct identity_hand *hand; /* it is the record at hand; else NULL */
	gint64 record, occurred, source_id;
	const char *source; /* interned */
	char *parent, *thread;
	int kind;
	GArray *held;          /* struct held */
	GArray *organisations; /* gint64: rows that it is linked to, for persons' names */
	gboolean any;
};

/* ---- the record's keys ---- */

static gboolean key_hold(struct identity *i, store *s, const struct identity_said *said, GError **error)
{
	const char *sql = i->hand->fresh ? "INSERT INTO record_key(record_id, key_id, role) VALUES (?1, ?2, ?3)"
					 : "INSERT INTO record_key(record_id, key_id, role) VALUES (?1, ?2, ?3)"
					   " ON CONFLICT DO UPDATE SET role = ?3 WHERE role <> ?3";
	return identity_do(s, error, sql, "iii", i->hand->row, said->key, (gint64)said->role);
}

gboolean identity_keys_set(struct identity *i, store *s, struct identity_reading *reading, GError **error)
{
	gint64 record = i->hand->row;
	g_autoptr(GArray) before =
		i->hand->fresh
			? g_array_new(FALSE, FALSE, sizeof(gint64))
			: identity_numbers(s, error, "SELECT key_id FROM record_key WHERE record_id = ?", "i", record);
	if (before == NULL)
		return FALSE;
	for (guint n = 0; n < reading->said->len; n++) {
		struct identity_said *said = &g_array_index(reading->said, struct identity_said, n);
		if (!identity_key_intern(i, s, said, error) || !key_hold(i, s, said, error))
			return FALSE;
		for (guint b = 0; b < before->len; b++)
			if (g_array_index(before, gint64, b) == said->key)
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
	l->source = g_intern_string((const char *)sqlite3_column_text(ask, 0));
	l->kind = sqlite3_column_int(ask, 1);
	l->occurred = sqlite3_column_int64(ask, 2);
	l->parent = l->kind == MERI_COMMENT || l->kind == MERI_MESSAGE ? store_column(ask, 3) : NULL;
	l->source_id = sqlite3_column_int64(ask, 4);
	l->thread = l->kind == MERI_TICKET ? store_column(ask, 5) : NULL;
	sqlite3_reset(ask);
	return TRUE;
}

static char *known(const char *text)
{
	return text != NULL && *text != '\0' ? g_strdup(text) : NULL;
}

static int by_key(gconstpointer a, gconstpointer b)
{
	const struct held *x = a, *y = b;
	return x->key < y->key ? -1 : x->key > y->key;
}

/* What the store would say of the record at hand, in the same order. */
static void take_hand(struct linking *l)
{
	const struct meri_record *record = l->hand->record;
	const GArray *said = l->hand->reading->said;
	l->source = l->hand->source;
	l->source_id = l->hand->source_id;
	l->kind = (int)record->kind;
	l->occurred = record->occurred;
	l->parent = l->kind == MERI_COMMENT || l->kind == MERI_MESSAGE ? known(record->parent) : NULL;
	l->thread = l->kind == MERI_TICKET ? known(record->thread) : NULL;
	for (guint n = 0; n < said->len; n++) {
		const struct identity_said *one = &g_array_index(said, struct identity_said, n);
		struct held held = {one->key, one->parent, one->kind, one->role};
		g_array_append_val(l->held, held);
	}
	g_array_sort(l->held, by_key);
}

static gboolean read_all(struct linking *l, gboolean *there, gint64 *itself, GError **error)
{
	*there = TRUE;
	*itself = 0;
	if (l->hand != NULL) {
		take_hand(l);
		*itself = l->hand->node;
		return TRUE;
	}
	return read_record(l, there, error) &&
	       (!*there || (read_held(l, error) &&
			    (l->kind > MERI_PERSON ||
			     identity_number(l->s, error, itself, 0, "SELECT id FROM customer WHERE record_id = ?", "i",
					     l->record))));
}

/* ---- owners ---- */

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

static int strength_of(const struct identity_owner *o)
{
	return o->claim > IDENTITY_CLAIM_GUESS || o->claims > 1 ? 2 : 1;
}

static gboolean link_owners(struct linking *l, const struct identity_owners *of, int kind, enum identity_rule rule,
			    gint64 key, GError **error)
{
	for (guint o = 0; o < of->n; o++)
		if ((kind == 0 || of->owner[o].kind == kind) && !link_to(l, of->owner[o].node, of->owner[o].kind, rule,
									 strength_of(&of->owner[o]), key, NULL, error))
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

static gboolean link_crm(struct linking *l, const struct held *h, const struct identity_owners *of, GError **error)
{
	gboolean own = FALSE;
	for (guint o = 0; o < of->n; o++)
		own |= of->owner[o].source == l->source;
	for (guint o = 0; o < of->n; o++)
		if ((!own || of->owner[o].source == l->source) &&
		    !link_to(l, of->owner[o].node, of->owner[o].kind, own ? IDENTITY_RULE_CRM_OWN : IDENTITY_RULE_CRM,
			     2, own ? 0 : h->key, NULL, error))
			return FALSE;
	return TRUE;
}

static gboolean link_email(struct linking *l, const struct held *h, const struct identity_owners *of, GError **error)
{
	static const struct identity_owners nobody;
	const struct identity_owners *domain =
		h->parent != 0 ? identity_key_owners(l->identity, l->s, h->parent, error) : &nobody;
	if (domain == NULL || !link_owners(l, of, 0, IDENTITY_RULE_EMAIL, h->key, error) ||
	    !link_owners(l, domain, IDENTITY_ORGANISATION, IDENTITY_RULE_DOMAIN, h->parent, error))
		return FALSE;
	for (guint o = 0; o < of->n && domain->n == 0; o++) /* the domain says better whom the address speaks for */
		if (of->owner[o].kind == IDENTITY_PERSON && !link_employers(l, of->owner[o].node, error))
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
	g_autoptr(GArray) near = identity_names_alike(l->s, name, IDENTITY_ORGANISATION, 0.88, error);
	for (guint n = 0; near != NULL && n < near->len && n < 3; n++)
		if (!link_to(l, g_array_index(near, struct identity_near_name, n).node, IDENTITY_ORGANISATION,
			     IDENTITY_RULE_NAME_NEAR, 1, h->key, NULL, error))
			return FALSE;
	return near != NULL;
}

static gboolean link_key(struct linking *l, const struct held *h, GError **error)
{
	if (h->role == IDENTITY_ROLE_OWN || h->kind == IDENTITY_KEY_PERSON || h->kind == IDENTITY_KEY_REPLY)
		return TRUE;
	const struct identity_owners *of = identity_key_owners(l->identity, l->s, h->key, error);
	if (of == NULL)
		return FALSE;
	switch (h->kind) {
	case IDENTITY_KEY_CRM:
		return link_crm(l, h, of, error);
	case IDENTITY_KEY_EMAIL:
		return link_email(l, h, of, error);
	case IDENTITY_KEY_BUSINESS:
		return link_owners(l, of, 0, IDENTITY_RULE_BUSINESS, h->key, error);
	case IDENTITY_KEY_DOMAIN:
		return link_owners(l, of, IDENTITY_ORGANISATION, IDENTITY_RULE_DOMAIN, h->key, error);
	case IDENTITY_KEY_PHONE:
		return link_owners(l, of, 0, IDENTITY_RULE_PHONE, h->key, error);
	case IDENTITY_KEY_ORG:
		if (of->n == 0)
			return link_near(l, h, error);
		return link_owners(l, of, IDENTITY_ORGANISATION, IDENTITY_RULE_ORG, h->key, error);
	default:
		return link_owners(l, of, 0, IDENTITY_RULE_USER, h->key, error);
	}
}

/* A person's name alone says little; together with the organisation that the record is about, and where a person of
 * that name works, it says enough. */
static gboolean link_person(struct linking *l, const struct held *h, GError **error)
{
	if (h->kind != IDENTITY_KEY_PERSON || h->role == IDENTITY_ROLE_OWN)
		return TRUE;
	const struct identity_owners *of = identity_key_owners(l->identity, l->s, h->key, error);
	if (of == NULL)
		return FALSE;
	for (guint o = 0; o < of->n && of->n <= 10; o++) {
		gint64 node = of->owner[o].node;
		g_autoptr(GArray) at = identity_numbers(
			l->s, error, "SELECT organisation FROM employment WHERE person = ?", "i", node);
		if (at == NULL)
			return FALSE;
		int strength = 1;
		for (guint a = 0; a < at->len; a++)
			for (guint k = 0; k < l->organisations->len; k++)
				if (g_array_index(at, gint64, a) == g_array_index(l->organisations, gint64, k))
					strength = 2;
		if ((strength == 2 || of->n <= 3) &&
		    !link_to(l, node, IDENTITY_PERSON, IDENTITY_RULE_PERSON, strength, h->key, NULL, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- the whole record ---- */

/* What is said about a ticket is about whom the ticket is about; and a mail that holds no key and answers another,
 * about whom that one is about. */
static gboolean link_parent(struct linking *l, GError **error)
{
	gboolean reply = l->kind == MERI_MESSAGE;
	if (l->parent == NULL ||
	    (reply && (l->held->len != 1 || g_array_index(l->held, struct held, 0).kind != IDENTITY_KEY_REPLY)))
		return TRUE;
	return identity_do(
		l->s, error,
		"INSERT OR IGNORE INTO link(record_id, customer_id, rule, strength, key_id, words)"
		" SELECT ?1, p.customer_id, ?4, p.strength, p.key_id, p.words FROM record r JOIN link p ON p.record_id "
		"= r.id"
		" WHERE r.source_id = ?2 AND r.external_id = ?3 AND p.strength = 2 AND (p.rule <> ?4 OR ?5) AND p.rule "
		"<> 1",
		"iitii", l->record, l->source_id, l->parent, (gint64)IDENTITY_RULE_THREAD, (gint64)reply);
}

static GArray *followers(struct linking *l, GError **error)
{
	if (l->kind == MERI_TICKET)
		return identity_numbers(l->s, error,
					"SELECT id FROM record WHERE source_id = ? AND thread = ? AND kind = ?", "iti",
					l->source_id, l->thread, (gint64)MERI_COMMENT);
	return identity_numbers(
		l->s, error,
		"SELECT h.record_id FROM record m JOIN identity_key k ON k.kind = ?2 AND k.value = m.external_id JOIN"
		" record_key h ON h.key_id = k.id WHERE m.id = ?1 AND h.record_id <> ?1",
		"ii", l->record, (gint64)IDENTITY_KEY_REPLY);
}

static gboolean relink_comments(struct linking *l, GError **error)
{
	if (l->kind != MERI_MESSAGE && l->thread == NULL)
		return TRUE;
	g_autoptr(GArray) all = followers(l, error);
	gboolean ok = all != NULL && l->identity->following < FOLLOW_MOST;
	l->identity->following++;
	for (guint n = 0; ok && n < all->len; n++)
		ok = identity_relink(l->identity, l->s, g_array_index(all, gint64, n), error);
	l->identity->following--;
	return ok || (all != NULL && l->identity->following >= FOLLOW_MOST);
}

static gboolean take_links(struct linking *l, GError **error)
{
	if (l->hand != NULL && l->hand->fresh)
		return TRUE;
	return identity_do(l->s, error, "DELETE FROM link WHERE record_id = ?1 AND rule <> ?2 AND rule <> ?3", "iii",
			   l->record, (gint64)IDENTITY_RULE_MENTION, (gint64)IDENTITY_RULE_MENTION_SHORT);
}

/* A contact whose employer came to be known after it. */
static gboolean employ(struct linking *l, gint64 person, GError **error)
{
	gint64 when;
	g_autoptr(GArray) dirty = g_array_new(FALSE, FALSE, sizeof(gint64));
	if (l->hand != NULL || l->kind != MERI_PERSON || person == 0)
		return TRUE;
	return identity_number(l->s, error, &when, 0, "SELECT updated FROM record WHERE id = ?", "i", l->record) &&
	       identity_employ(l->identity, l->s, l->record, person, when != 0 ? when : base_now(), dirty, error) &&
	       identity_relink_keys(l->identity, l->s, dirty, error);
}

static gboolean relink(struct linking *l, GError **error)
{
	gboolean there;
	gint64 itself;
	if (!read_all(l, &there, &itself, error) || (there && !take_links(l, error)))
		return FALSE;
	if (!there)
		return TRUE;
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
	       (l->hand != NULL || identity_alone_relinked(l->s, l->record, error)) && employ(l, itself, error) &&
	       relink_comments(l, error);
}

static void linking_clear(struct linking *l)
{
	g_array_unref(l->held);
	g_array_unref(l->organisations);
	g_free(l->parent);
	g_free(l->thread);
}

static struct linking linking_new(struct identity *i, store *s, gint64 record)
{
	if (i->newest >= 0)
		i->newest = MAX(i->newest, record);
	return (struct linking){.identity = i,
				.s = s,
				.hand = i->hand != NULL && i->hand->row == record ? i->hand : NULL,
				.record = record,
				.held = g_array_new(FALSE, FALSE, sizeof(struct held)),
				.organisations = g_array_new(FALSE, FALSE, sizeof(gint64))};
}

gboolean identity_relink_comments(struct identity *i, store *s, gint64 ticket, GError **error)
{
	struct linking l = linking_new(i, s, ticket);
	gboolean there = TRUE;
	if (l.hand != NULL)
		take_hand(&l);
	gboolean ok = (l.hand != NULL || read_record(&l, &there, error)) && (!there || relink_comments(&l, error));
	linking_clear(&l);
	return ok;
}

gboolean identity_relink(struct identity *i, store *s, gint64 record, GError **error)
{
	struct linking l = linking_new(i, s, record);
	gboolean ok = relink(&l, error);
	linking_clear(&l);
	return ok;
}

gboolean identity_relink_keys(struct identity *i, store *s, const GArray *keys, GError **error)
{
	g_autoptr(GHashTable) done = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint k = 0; k < keys->len; k++) {
		gint64 key = g_array_index(keys, gint64, k);
		if (i->hand != NULL && i->hand->made_from > 0 && key >= i->hand->made_from)
			continue; /* nobody else holds or owns it */
		if (!identity_doubt_key(s, key, error))
			return FALSE;
		g_autoptr(GArray) records = identity_numbers(
			s, error,
			"SELECT record_id FROM record_key WHERE key_id = ?1 AND role < ?2 UNION ALL SELECT r.record_id"
			" FROM identity_key k JOIN record_key r ON r.key_id = k.id AND r.role < ?2 WHERE k.parent = ?1",
			"ii", key, (gint64)IDENTITY_ROLE_OWN);
		if (records == NULL)
			return FALSE;
		for (guint n = 0; n < records->len; n++) {
			gint64 record = g_array_index(records, gint64, n);
			if ((i->hand == NULL || record != i->hand->row) &&
			    g_hash_table_add(done, g_memdup2(&record, sizeof record)) &&
			    !identity_relink(i, s, record, error))
				return FALSE;
		}
	}
	return TRUE;
}
