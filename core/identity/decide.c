/* What people decide. The journal (`decision`) is what counts; decided_pair, decided_link, decided_role and the keys
 * with a negative `via` are what those that stand say, for quick use. A decision taken back takes its rows along, and
 * what they touched is worked out anew; so the order in which decisions are taken back makes no difference. Records are
 * named by source and id, rows of customers by their ids, which are for ever: a sync or a new index changes neither. */
#include "identity/internal.h"

#include <string.h>

#include "identity/keys.h"

#define PAIRS_MOST 20000

struct deciding {
	identity *i;
	store *s;
	gint64 decision;
	GArray *rows;    /* gint64: rows of customers to regroup */
	GArray *keys;    /* gint64: whose owners changed */
	GArray *records; /* gint64: to relink */
};

static gboolean refuse(GError **error, const char *why)
{
	g_set_error_literal(error, IDENTITY_ERROR, IDENTITY_ERROR_REFUSED, why);
	return FALSE;
}

gint64 identity_now(store *s, gint64 id)
{
	gint64 now;
	return identity_number(s, NULL, &now, 0, "SELECT now FROM customer WHERE id = ?", "i", id) ? now : 0;
}

static gboolean customer_named(const struct deciding *d, const json_t *what, const char *name, gint64 *id,
			       GError **error)
{
	gint64 given = json_integer_value(json_object_get(what, name));
	*id = given > 0 ? identity_now(d->s, given) : 0;
	if (*id == 0)
		g_set_error(error, IDENTITY_ERROR, IDENTITY_ERROR_ABSENT,
			    "there is no customer %" G_GINT64_FORMAT " (%s)", given, name);
	return *id != 0;
}

static gint64 kind_of(const struct deciding *d, gint64 id)
{
	gint64 kind;
	return identity_number(d->s, NULL, &kind, 0, "SELECT kind FROM customer WHERE id = ?", "i", id) ? kind : 0;
}

/* ---- pairs ---- */

static gboolean pair(struct deciding *d, gboolean same, gint64 a, gint64 b, GError **error)
{
	g_array_append_val(d->rows, a);
	g_array_append_val(d->rows, b);
	return identity_do(d->s, error, "INSERT OR IGNORE INTO decided_pair(decision, same, a, b) VALUES (?, ?, ?, ?)",
			   "iiii", d->decision, (gint64)same, a, b);
}

static gboolean keep_apart(struct deciding *d, const GArray *left, const GArray *right, GError **error)
{
	if ((guint64)left->len * right->len > PAIRS_MOST)
		return refuse(error, "these customers have too many records to be kept apart one by one: split them in "
				     "smaller steps");
	for (guint a = 0; a < left->len; a++)
		for (guint b = 0; b < right->len; b++)
			if (!pair(d, FALSE, g_array_index(left, gint64, a), g_array_index(right, gint64, b), error))
				return FALSE;
	return TRUE;
}

static gboolean merge(struct deciding *d, json_t *what, GError **error)
{
	gint64 from, into;
	if (!customer_named(d, what, "from", &from, error) || !customer_named(d, what, "into", &into, error))
		return FALSE;
	if (from == into)
		return refuse(error, "these are one customer already");
	if (kind_of(d, from) != kind_of(d, into))
		return refuse(error, "a person and an organisation cannot be one customer");
	json_object_set_new(what, "from", json_integer(from));
	json_object_set_new(what, "into", json_integer(into));
	return pair(d, TRUE, from, into, error);
}

static GArray *rows_of(const struct deciding *d, gint64 customer, GError **error)
{
	return identity_numbers(d->s, error, "SELECT id FROM customer WHERE now = ? ORDER BY id", "i", customer);
}

static json_t *numbers_json(const GArray *numbers)
{
	json_t *out = json_array();
	for (guint n = 0; n < numbers->len; n++)
		json_array_append_new(out, json_integer(g_array_index(numbers, gint64, n)));
	return out;
}

static gboolean listed(const json_t *array, gint64 number)
{
	for (size_t n = 0; n < json_array_size(array); n++)
		if (json_integer_value(json_array_get(array, n)) == number)
			return TRUE;
	return FALSE;
}

static gboolean split(struct deciding *d, json_t *what, GError **error)
{
	gint64 customer;
	if (!customer_named(d, what, "customer", &customer, error))
		return FALSE;
	const json_t *records = json_object_get(what, "records"), *rows = json_object_get(what, "rows");
	g_autoptr(GArray) all = rows_of(d, customer, error), leave = g_array_new(FALSE, FALSE, sizeof(gint64)),
			  stay = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (guint n = 0; all != NULL && n < all->len; n++) {
		gint64 record, row = g_array_index(all, gint64, n);
		if (!identity_number(d->s, error, &record, -1, "SELECT record_id FROM customer WHERE id = ?", "i", row))
			return FALSE;
		g_array_append_vals(listed(records, record) || listed(rows, row) ? leave : stay, &row, 1);
	}
	if (all == NULL)
		return FALSE;
	if (leave->len == 0)
		return refuse(error, "none of these records tells of this customer: name records of kind account or "
				     "person that belong to it");
	if (stay->len == 0)
		return refuse(error, "all records of the customer would leave: nothing would be left to split from");
	for (guint n = 1; n < leave->len; n++)
		if (!pair(d, TRUE, g_array_index(leave, gint64, n), g_array_index(leave, gint64, 0), error))
			return FALSE;
	json_object_set_new(what, "customer", json_integer(customer));
	json_object_set_new(what, "rows", numbers_json(leave));
	return keep_apart(d, leave, stay, error);
}

static gboolean apart(struct deciding *d, json_t *what, GError **error)
{
	gint64 a, b;
	if (!customer_named(d, what, "a", &a, error) || !customer_named(d, what, "b", &b, error))
		return FALSE;
	if (a == b)
		return refuse(error, "these are one customer now: split it instead");
	json_object_set_new(what, "a", json_integer(a));
	json_object_set_new(what, "b", json_integer(b));
	g_autoptr(GArray) left = rows_of(d, a, error);
	g_autoptr(GArray) right = rows_of(d, b, error);
	return left != NULL && right != NULL && keep_apart(d, left, right, error);
}

/* ---- links ---- */

static gboolean link_one(struct deciding *d, gint64 record, gint64 customer, int strength, GError **error)
{
	gint64 there;
	if (!identity_number(d->s, error, &there, 0, "SELECT 1 FROM record WHERE id = ?", "i", record))
		return FALSE;
	if (!there) {
		g_set_error(error, IDENTITY_ERROR, IDENTITY_ERROR_ABSENT, "there is no record %" G_GINT64_FORMAT,
			    record);
		return FALSE;
	}
	g_array_append_val(d->records, record);
	return identity_do(d->s, error,
			   "INSERT INTO decided_link(decision, source, external_id, customer_id, strength) SELECT ?1, "
			   "s.name, r.external_id, ?3,"
			   " ?4 FROM record r JOIN source s ON s.id = r.source_id WHERE r.id = ?2",
			   "iiii", d->decision, record, customer, (gint64)strength);
}

static gboolean link_records(struct deciding *d, json_t *what, int strength, GError **error)
{
	gint64 customer;
	const json_t *records = json_object_get(what, "records");
	if (!customer_named(d, what, "customer", &customer, error))
		return FALSE;
	if (json_array_size(records) == 0)
		return refuse(error, "no records are named");
	json_object_set_new(what, "customer", json_integer(customer));
	for (size_t n = 0; n < json_array_size(records); n++)
		if (!link_one(d, json_integer_value(json_array_get(records, n)), customer, strength, error))
			return FALSE;
	return TRUE;
}

gboolean identity_decided_links(identity *i, store *s, gint64 record, GError **error)
{
	if (i->decided < 0) {
		gint64 any;
		if (!identity_number(s, error, &any, 0, "SELECT EXISTS (SELECT 1 FROM decided_link)", ""))
			return FALSE;
		i->decided = any != 0;
	}
	if (!i->decided)
		return TRUE;
	return identity_do(s, error,
			   "INSERT OR REPLACE INTO link(record_id, customer_id, rule, strength, words)"
			   " SELECT r.id, d.customer_id, iif(d.strength > 0, ?2, ?3), d.strength, 'decision ' || "
			   "d.decision FROM record r"
			   " JOIN source s ON s.id = r.source_id JOIN decided_link d ON d.source = s.name AND "
			   "d.external_id = r.external_id WHERE r.id = ?1"
			   " AND d.decision = (SELECT max(e.decision) FROM decided_link e WHERE e.source = d.source "
			   "AND e.external_id = d.external_id"
			   " AND e.customer_id = d.customer_id)",
			   "iii", record, (gint64)IDENTITY_RULE_DECIDED, (gint64)IDENTITY_RULE_DENIED);
}

/* ---- keys, customers made by hand, roles ---- */

static const struct {
	const char *name;
	enum identity_key_kind kind;
} key_kinds[] = {{"crm-id", IDENTITY_KEY_CRM},   {"business-id", IDENTITY_KEY_BUSINESS},
		 {"e-mail", IDENTITY_KEY_EMAIL}, {"domain", IDENTITY_KEY_DOMAIN},
		 {"phone", IDENTITY_KEY_PHONE},  {"name", IDENTITY_KEY_ORG}};

static char *key_value(const identity *i, enum identity_key_kind kind, const char *text)
{
	switch (kind) {
	case IDENTITY_KEY_CRM:
		return identity_crm_id(text);
	case IDENTITY_KEY_BUSINESS:
		return identity_business_id(text, i->region, NULL);
	case IDENTITY_KEY_EMAIL:
		return identity_email(text);
	case IDENTITY_KEY_DOMAIN:
		return identity_domain(text);
	case IDENTITY_KEY_PHONE:
		return identity_phone(text, i->region);
	default:
		return identity_org_name(text);
	}
}

static gboolean own_key(struct deciding *d, gint64 customer, enum identity_key_kind kind, const char *text,
			GError **error)
{
	struct identity_said said = {.kind = kind, .role = IDENTITY_ROLE_OWN, .value = key_value(d->i, kind, text)};
	if (said.value == NULL)
		return refuse(error, "the key cannot be read: see its form");
	gboolean ok = identity_key_intern(d->i, d->s, &said, error) &&
		      identity_key_own(d->i, d->s, said.key, customer, -d->decision, IDENTITY_CLAIM_DECIDED, error);
	g_free(said.value);
	g_array_append_val(d->keys, said.key);
	return ok;
}

static gboolean own(struct deciding *d, json_t *what, GError **error)
{
	gint64 customer;
	const char *kind = json_string_value(json_object_get(what, "key")),
		   *value = json_string_value(json_object_get(what, "value"));
	if (!customer_named(d, what, "customer", &customer, error))
		return FALSE;
	json_object_set_new(what, "customer", json_integer(customer));
	for (gsize n = 0; kind != NULL && value != NULL && n < G_N_ELEMENTS(key_kinds); n++)
		if (strcmp(key_kinds[n].name, kind) == 0)
			return own_key(d, customer, key_kinds[n].kind, value, error);
	return refuse(error, "a key is one of crm-id, business-id, e-mail, domain, phone, name, and has a value");
}

static gboolean create(struct deciding *d, json_t *what, gint64 now, GError **error)
{
	const char *name = json_string_value(json_object_get(what, "name"));
	gboolean person = json_is_true(json_object_get(what, "person"));
	if (name == NULL || *name == '\0')
		return refuse(error, "a customer needs a name");
	if (!identity_do(d->s, error, "INSERT INTO customer(kind, now, added, name, profile) VALUES (?, 0, ?, ?, '')",
			 "iit", (gint64)(person ? IDENTITY_PERSON : IDENTITY_ORGANISATION), now, name))
		return FALSE;
	gint64 row = sqlite3_last_insert_rowid(store_sqlite(d->s));
	json_object_set_new(what, "customer", json_integer(row));
	g_array_append_val(d->rows, row);
	identity_names_set(d->i, row, person ? IDENTITY_PERSON : IDENTITY_ORGANISATION, name);
	return identity_do(d->s, error, "UPDATE customer SET now = id WHERE id = ?", "i", row) &&
	       identity_file_name(d->s, row, person ? IDENTITY_PERSON : IDENTITY_ORGANISATION, name, TRUE, error) &&
	       (person ||
		(own_key(d, row, IDENTITY_KEY_ORG, name, error) &&
		 identity_do(
			 d->s, error,
			 "INSERT INTO identity_name_todo(customer_id) VALUES (?) ON CONFLICT DO UPDATE SET alone = 0",
			 "i", row)));
}

static gboolean role(struct deciding *d, json_t *what, GError **error)
{
	gint64 person, organisation;
	const char *text = json_string_value(json_object_get(what, "role"));
	if (!customer_named(d, what, "person", &person, error) ||
	    !customer_named(d, what, "customer", &organisation, error))
		return FALSE;
	if (text == NULL || kind_of(d, person) != IDENTITY_PERSON || kind_of(d, organisation) != IDENTITY_ORGANISATION)
		return refuse(error, "a role is what a person is to an organisation: both must be named, and the role");
	json_object_set_new(what, "person", json_integer(person));
	json_object_set_new(what, "customer", json_integer(organisation));
	return identity_do(d->s, error,
			   "INSERT INTO decided_role(decision, person, organisation, role) VALUES (?, ?, ?, ?)", "iiit",
			   d->decision, person, organisation, text);
}

/* ---- consequences ---- */

static gboolean draw(struct deciding *d, GError **error)
{
	for (guint n = 0; n < d->records->len; n++)
		if (!identity_relink(d->i, d->s, g_array_index(d->records, gint64, n), error))
			return FALSE;
	return (d->rows->len == 0 || identity_regroup(d->i, d->s, d->rows, error)) &&
	       identity_relink_keys(d->i, d->s, d->keys, error);
}

/* Adds what the statement gives for the value to a set of numbers. */
static gboolean add_numbers(struct deciding *d, GHashTable *set, const char *sql, gint64 value, GError **error)
{
	g_autoptr(GArray) more = identity_numbers(d->s, error, sql, "i", value);
	for (guint n = 0; more != NULL && n < more->len; n++)
		g_hash_table_add(set, g_memdup2(&g_array_index(more, gint64, n), sizeof(gint64)));
	return more != NULL;
}

static gboolean count_effect(struct deciding *d, struct identity_effect *effect, GError **error)
{
	g_autoptr(GHashTable) records = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (guint n = 0; n < d->i->moved->len; n++)
		if (!add_numbers(d, records, "SELECT record_id FROM link WHERE customer_id = ? AND strength >= 2",
				 g_array_index(d->i->moved, gint64, n), error))
			return FALSE;
	for (guint n = 0; n < d->keys->len; n++)
		if (!add_numbers(d, records,
				 "SELECT r.record_id FROM record_key r JOIN identity_key k ON k.id = r.key_id WHERE "
				 "k.id = ?1 OR k.parent = ?1",
				 g_array_index(d->keys, gint64, n), error))
			return FALSE;
	for (guint n = 0; n < d->records->len; n++)
		g_hash_table_add(records, g_memdup2(&g_array_index(d->records, gint64, n), sizeof(gint64)));
	GHashTableIter iter;
	gpointer record;
	g_hash_table_iter_init(&iter, records);
	effect->touched = g_array_new(FALSE, FALSE, sizeof(gint64));
	while (g_hash_table_iter_next(&iter, &record, NULL))
		g_array_append_vals(effect->touched, record, 1);
	effect->moved = g_array_ref(d->i->moved);
	effect->customers = effect->moved->len;
	effect->records = effect->touched->len;
	return TRUE;
}

void identity_effect_clear(struct identity_effect *effect)
{
	g_clear_pointer(&effect->summary, g_free);
	g_clear_pointer(&effect->touched, g_array_unref);
	g_clear_pointer(&effect->moved, g_array_unref);
}

static gboolean dispatch(struct deciding *d, json_t *what, const char *kind, gint64 now, GError **error)
{
	if (g_strcmp0(kind, "merge") == 0)
		return merge(d, what, error);
	if (g_strcmp0(kind, "split") == 0)
		return split(d, what, error);
	if (g_strcmp0(kind, "apart") == 0)
		return apart(d, what, error);
	if (g_strcmp0(kind, "link") == 0)
		return link_records(d, what, 3, error);
	if (g_strcmp0(kind, "unlink") == 0)
		return link_records(d, what, -1, error);
	if (g_strcmp0(kind, "own") == 0)
		return own(d, what, error);
	if (g_strcmp0(kind, "create") == 0)
		return create(d, what, now, error);
	if (g_strcmp0(kind, "role") == 0)
		return role(d, what, error);
	return refuse(error, "a decision is one of merge, split, apart, link, unlink, own, create, role");
}

static gint64 leads_to(const struct deciding *d, const json_t *what, const char *kind)
{
	const char *name = g_str_equal(kind, "merge") ? "into" : g_str_equal(kind, "apart") ? "a" : "customer";
	gint64 id = json_integer_value(json_object_get(what, name));
	if (g_str_equal(kind, "split"))
		id = json_integer_value(json_array_get(json_object_get(what, "rows"), 0));
	return id > 0 ? identity_now(d->s, id) : 0;
}

static void deciding_clear(struct deciding *d)
{
	g_array_unref(d->rows);
	g_array_unref(d->keys);
	g_array_unref(d->records);
	g_clear_pointer(&d->i->moved, g_array_unref);
	d->i->decided = -1;
}

static struct deciding deciding_new(identity *i, store *s)
{
	struct deciding d = {i,
			     s,
			     0,
			     g_array_new(FALSE, FALSE, sizeof(gint64)),
			     g_array_new(FALSE, FALSE, sizeof(gint64)),
			     g_array_new(FALSE, FALSE, sizeof(gint64))};
	i->moved = g_array_new(FALSE, FALSE, sizeof(gint64));
	i->decided = 1;
	return d;
}

static gboolean decide(struct deciding *d, json_t *what, const char *who, const char *why, gint64 now,
		       struct identity_effect *effect, GError **error)
{
	const char *kind = json_string_value(json_object_get(what, "kind"));
	if (!identity_do(d->s, error, "INSERT INTO decision(kind, made, who, why, what) VALUES (?, ?, ?, ?, '{}')",
			 "titt", kind != NULL ? kind : "", now, who, why))
		return FALSE;
	d->decision = sqlite3_last_insert_rowid(store_sqlite(d->s));
	if (!dispatch(d, what, kind, now, error) || !draw(d, error) || !count_effect(d, effect, error))
		return FALSE;
	g_autofree char *text = json_dumps(what, JSON_COMPACT | JSON_SORT_KEYS);
	effect->decision = d->decision;
	effect->customer = leads_to(d, what, kind);
	effect->summary = g_strdup_printf("%s: %" G_GINT64_FORMAT " records, %" G_GINT64_FORMAT
					  " customer records change their customer",
					  kind, effect->records, effect->customers);
	return identity_do(d->s, error, "UPDATE decision SET what = ?2 WHERE id = ?1", "it", d->decision, text);
}

/* Runs in a savepoint, so that a refusal or a preview leaves nothing. */
static gboolean finish(identity *i, store *s, gboolean ok, gboolean preview, struct identity_effect *effect,
		       GError **error)
{
	sqlite3 *db = store_sqlite(s);
	if (!ok || preview) {
		sqlite3_exec(db, "ROLLBACK TO identity_decision", NULL, NULL, NULL);
		identity_rolled_back(i);
		effect->decision = 0;
	}
	if (sqlite3_exec(db, "RELEASE identity_decision", NULL, NULL, NULL) != SQLITE_OK && ok) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_SQL, "identity: %s", sqlite3_errmsg(db));
		return FALSE;
	}
	return ok;
}

gboolean identity_decide(identity *i, store *s, const json_t *what, const char *who, const char *why, gint64 now,
			 gboolean preview, struct identity_effect *effect, GError **error)
{
	*effect = (struct identity_effect){0};
	if (!identity_do(s, error, "SAVEPOINT identity_decision", ""))
		return FALSE;
	struct deciding d = deciding_new(i, s);
	json_t *copy = json_deep_copy(what);
	gboolean ok = decide(&d, copy, who, why, now, effect, error);
	json_decref(copy);
	deciding_clear(&d);
	return finish(i, s, ok, preview, effect, error);
}

/* ---- taking back ---- */

static gboolean gather(struct deciding *d, GArray *into, const char *sql, gint64 value, GError **error)
{
	g_autoptr(GArray) more = identity_numbers(d->s, error, sql, "i", value);
	if (more != NULL)
		g_array_append_vals(into, more->data, more->len);
	return more != NULL;
}

static gboolean uncreate(struct deciding *d, const json_t *what, GError **error)
{
	gint64 row = json_integer_value(json_object_get(what, "customer"));
	int kind = kind_of(d, row);
	const char *name = json_string_value(json_object_get(what, "name"));
	g_array_append_val(d->rows, row);
	identity_names_set(d->i, row, IDENTITY_ORGANISATION, NULL);
	return identity_do(d->s, error, "UPDATE customer SET gone = 1 WHERE id = ?", "i", row) &&
	       identity_file_name(d->s, row, kind, name, FALSE, error) &&
	       gather(d, d->records, "SELECT record_id FROM link WHERE customer_id = ?", row, error) &&
	       identity_do(d->s, error, "DELETE FROM link WHERE customer_id = ?", "i", row);
}

static gboolean take_back(struct deciding *d, const json_t *what, const char *kind, GError **error)
{
	if (!gather(d, d->rows,
		    "SELECT a FROM decided_pair WHERE decision = ?1 UNION SELECT b FROM decided_pair WHERE decision = "
		    "?1",
		    d->decision, error) ||
	    !gather(d, d->keys, "SELECT key_id FROM customer_key WHERE via = ?", -d->decision, error) ||
	    !gather(d, d->records,
		    "SELECT r.id FROM decided_link l JOIN source s ON s.name = l.source JOIN record r ON r.source_id = "
		    "s.id"
		    " AND r.external_id = l.external_id WHERE l.decision = ?",
		    d->decision, error))
		return FALSE;
	identity_keys_changed(d->i, d->keys);
	return identity_do(d->s, error, "DELETE FROM decided_pair WHERE decision = ?", "i", d->decision) &&
	       identity_do(d->s, error, "DELETE FROM decided_link WHERE decision = ?", "i", d->decision) &&
	       identity_do(d->s, error, "DELETE FROM decided_role WHERE decision = ?", "i", d->decision) &&
	       identity_do(d->s, error, "DELETE FROM customer_key WHERE via = ?", "i", -d->decision) &&
	       (strcmp(kind, "create") != 0 || uncreate(d, what, error)) && draw(d, error);
}

static gboolean undo(struct deciding *d, const char *who, const char *why, gint64 now, struct identity_effect *effect,
		     GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask =
		identity_ask(d->s, error, "SELECT kind, what, undone FROM decision WHERE id = ?", "i", d->decision);
	if (ask == NULL)
		return FALSE;
	if (!identity_row(d->s, ask, &failed, error)) {
		if (!failed)
			g_set_error(error, IDENTITY_ERROR, IDENTITY_ERROR_ABSENT,
				    "there is no decision %" G_GINT64_FORMAT, d->decision);
		return FALSE;
	}
	g_autofree char *kind = store_column(ask, 0), *text = store_column(ask, 1);
	gint64 undone = sqlite3_column_int64(ask, 2);
	sqlite3_reset(ask);
	if (undone != 0)
		return refuse(error, "the decision was taken back before");
	json_t *what = json_loads(text, 0, NULL);
	gboolean ok = take_back(d, what, kind, error) && count_effect(d, effect, error) &&
		      identity_do(d->s, error,
				  "UPDATE decision SET undone = ?2, undone_by = ?3, undone_why = ?4 WHERE id = ?1",
				  "iitt", d->decision, now, who, why);
	effect->decision = d->decision;
	effect->customer = leads_to(d, what, kind);
	effect->summary = g_strdup_printf("%s taken back: %" G_GINT64_FORMAT " records, %" G_GINT64_FORMAT
					  " customer records change their customer",
					  kind, effect->records, effect->customers);
	json_decref(what);
	return ok;
}

gboolean identity_undo(identity *i, store *s, gint64 decision, const char *who, const char *why, gint64 now,
		       gboolean preview, struct identity_effect *effect, GError **error)
{
	*effect = (struct identity_effect){0};
	if (!identity_do(s, error, "SAVEPOINT identity_decision", ""))
		return FALSE;
	struct deciding d = deciding_new(i, s);
	d.decision = decision;
	gboolean ok = undo(&d, who, why, now, effect, error);
	deciding_clear(&d);
	return finish(i, s, ok, preview, effect, error);
}

/* ---- the journal ---- */

void identity_decision_free(struct identity_decision *decision)
{
	if (decision == NULL)
		return;
	g_free(decision->kind);
	g_free(decision->by);
	g_free(decision->why);
	g_free(decision->what);
	g_free(decision->undone_by);
	g_free(decision->undone_why);
	g_free(decision);
}

static gboolean concerns(store *s, const char *text, gint64 customer)
{
	static const char *const names[] = {"from", "into", "customer", "a", "b", "person"};
	json_t *what = json_loads(text, 0, NULL);
	gboolean yes = FALSE;
	for (gsize n = 0; n < G_N_ELEMENTS(names) && !yes; n++) {
		gint64 id = json_integer_value(json_object_get(what, names[n]));
		yes = id > 0 && (id == customer || identity_now(s, id) == customer);
	}
	json_decref(what);
	return yes;
}

GPtrArray *identity_decisions(store *s, gint64 customer, guint limit, GError **error)
{
	gboolean failed = FALSE;
	GPtrArray *out = g_ptr_array_new_with_free_func((GDestroyNotify)identity_decision_free);
	sqlite3_stmt *ask = identity_ask(
		s, error,
		"SELECT id, made, undone, kind, who, why, what, undone_by, undone_why FROM decision ORDER BY id DESC",
		"");
	while (ask != NULL && identity_row(s, ask, &failed, error)) {
		if (customer != 0 && !concerns(s, (const char *)sqlite3_column_text(ask, 6), customer))
			continue;
		struct identity_decision *d = g_new0(struct identity_decision, 1);
		*d = (struct identity_decision){
			sqlite3_column_int64(ask, 0), sqlite3_column_int64(ask, 1), sqlite3_column_int64(ask, 2),
			store_column(ask, 3),         store_column(ask, 4),         store_column(ask, 5),
			store_column(ask, 6),         store_column(ask, 7),         store_column(ask, 8)};
		g_ptr_array_add(out, d);
		if (out->len >= limit) {
			sqlite3_reset(ask);
			break;
		}
	}
	if (ask == NULL || failed)
		g_clear_pointer(&out, g_ptr_array_unref);
	return out;
}
