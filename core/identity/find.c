/* Which customers a text may mean: by key where it is one, else by name: in any inflection, with slips, words in any
 * order. */
#include "identity/internal.h"

#include <string.h>

#include "identity/keys.h"

#define BEGINNING_LEAST 4 /* bytes of an address or domain that say something */

#define BLOCK_ROWS 400  /* of one word; a commoner one needs a second */
#define NEAR_ROWS  4096 /* where the newest record of a customer that has many is looked for first */

/* ---- answers ---- */

void identity_found_free(struct identity_found *found)
{
	if (found == NULL)
		return;
	g_free(found->name);
	g_free(found->organisation);
	g_free(found->by);
	g_free(found);
}

/* The customer that the row counts to, once; a better likeness replaces a lesser. */
static gboolean add_found(store *s, GPtrArray *out, gint64 row, double likeness, const char *by, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(s, error,
					 "SELECT n.id, n.kind, n.name FROM customer c JOIN customer n ON n.id = c.now "
					 "WHERE c.id = ? AND (NOT n.gone OR n.heir IS NOT NULL)",
					 "i", row);
	if (ask == NULL)
		return FALSE;
	if (!identity_row(s, ask, &failed, error))
		return !failed;
	struct identity_found *found = g_new0(struct identity_found, 1);
	*found = (struct identity_found){.id = sqlite3_column_int64(ask, 0),
					 .kind = sqlite3_column_int(ask, 1),
					 .name = store_column(ask, 2),
					 .likeness = likeness,
					 .by = g_strdup(by)};
	sqlite3_reset(ask);
	for (guint n = 0; n < out->len; n++) {
		struct identity_found *other = g_ptr_array_index(out, n);
		if (other->id != found->id)
			continue;
		other->likeness = MAX(other->likeness, likeness);
		identity_found_free(found);
		return TRUE;
	}
	g_ptr_array_add(out, found);
	return TRUE;
}

/* Takes `value` over. */
static gboolean find_key(store *s, GPtrArray *out, enum identity_key_kind kind, char *value, double likeness,
			 const char *by, GError **error)
{
	g_autofree char *key = value;
	if (key == NULL)
		return TRUE;
	g_autoptr(GArray) rows =
		identity_numbers(s, error,
				 "SELECT o.customer_id FROM identity_key k JOIN customer_key o ON o.key_id = k.id"
				 " WHERE k.kind = ? AND k.value = ? ORDER BY o.strength DESC, o.customer_id LIMIT 50",
				 "it", (gint64)kind, key);
	for (guint n = 0; rows != NULL && n < rows->len; n++)
		if (!add_found(s, out, g_array_index(rows, gint64, n), likeness, by, error))
			return FALSE;
	return rows != NULL;
}

/* An address or domain of which the beginning is typed. */
static gboolean find_beginning(store *s, GPtrArray *out, const char *text, GError **error)
{
	gboolean address = strchr(text, '@') != NULL;
	gsize n = strlen(text);
	if (n < BEGINNING_LEAST || n > 200 || strpbrk(text, " \t") != NULL)
		return TRUE;
	g_autofree char *lower = g_utf8_strdown(text, -1), *past = identity_prefix_end(lower);
	g_autoptr(GArray) rows = identity_numbers(
		s, error,
		"SELECT o.customer_id FROM (SELECT id FROM identity_key WHERE kind = ?1 AND value >= ?2 AND value < ?3"
		" ORDER BY value LIMIT 20) k JOIN customer_key o ON o.key_id = k.id LIMIT 20",
		"itt", (gint64)(address ? IDENTITY_KEY_EMAIL : IDENTITY_KEY_DOMAIN), lower, past);
	for (guint k = 0; rows != NULL && k < rows->len; k++)
		if (!add_found(s, out, g_array_index(rows, gint64, k), 0.7, address ? "e-mail" : "domain", error))
			return FALSE;
	return rows != NULL;
}

static gboolean find_id(store *s, GPtrArray *out, const char *text, GError **error)
{
	const char *digits = (*text == 'c' || *text == 'C') ? text + 1 : text;
	if (*digits == '\0' || strlen(digits) > 18 || digits[strspn(digits, "0123456789")] != '\0')
		return TRUE;
	return add_found(s, out, g_ascii_strtoll(digits, NULL, 10), 1, "id", error);
}

static gboolean find_keys(const identity *i, store *s, GPtrArray *out, const char *text, GError **error)
{
	gboolean address = strchr(text, '@') != NULL, dotted = strchr(text, '.') != NULL && strchr(text, ' ') == NULL;
	char *domain = address || dotted ? identity_domain(text) : NULL;
	if (domain != NULL && identity_domain_public(domain))
		g_clear_pointer(&domain, g_free);
	return find_id(s, out, text, error) &&
	       find_key(s, out, IDENTITY_KEY_EMAIL, identity_email(text), 1, "e-mail", error) &&
	       find_key(s, out, IDENTITY_KEY_DOMAIN, domain, address ? 0.9 : 1, "domain", error) &&
	       find_key(s, out, IDENTITY_KEY_BUSINESS, identity_business_id(text, i->region, NULL), 1, "business-id",
			error) &&
	       find_key(s, out, IDENTITY_KEY_PHONE, address ? NULL : identity_phone(text, i->region), 1, "phone",
			error) &&
	       find_key(s, out, IDENTITY_KEY_CRM, identity_crm_id(text), 1, "crm-id", error) &&
	       find_key(s, out, IDENTITY_KEY_ORG, address ? NULL : identity_org_name(text), 1, "name", error);
}

/* Counting all records of a customer that has tens of thousands takes longer than one types a letter, so they are
 * counted up to a bound. Then the newest contact is looked for among the newest rows. */
static gboolean newest_of(store *s, gint64 customer, gint64 *last, GError **error)
{
	gint64 newest;
	if (!identity_number(s, error, &newest, 0, "SELECT max(id) FROM record_brief", ""))
		return FALSE;
	for (gint64 reach = NEAR_ROWS;; reach *= 16) {
		if (!identity_number(s, error, last, 0,
				     "SELECT max(r.occurred) FROM customer_record l JOIN record_brief r ON r.id = "
				     "l.record_id WHERE l.customer_id = ? AND l.strength >= 2 AND l.record_id > ?",
				     "ii", customer, newest - reach))
			return FALSE;
		if (*last != 0 || reach >= newest)
			return TRUE;
	}
}

static gboolean count_records(store *s, struct identity_found *found, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(s, error,
					 "SELECT count(*), max(r.occurred) FROM (SELECT DISTINCT record_id FROM "
					 "customer_record WHERE customer_id = ? AND strength >= 2 LIMIT ?) l"
					 " JOIN record_brief r ON r.id = l.record_id",
					 "ii", found->id, (gint64)IDENTITY_COUNTED);
	if (ask == NULL || !identity_row(s, ask, &failed, error))
		return FALSE;
	found->records = sqlite3_column_int64(ask, 0);
	found->last = sqlite3_column_int64(ask, 1);
	found->more = found->records == IDENTITY_COUNTED;
	sqlite3_reset(ask);
	return !found->more || newest_of(s, found->id, &found->last, error);
}

static gboolean complete(store *s, struct identity_found *found, GError **error)
{
	gboolean failed = FALSE;
	if (!count_records(s, found, error))
		return FALSE;
	if (found->kind != IDENTITY_PERSON)
		return TRUE;
	sqlite3_stmt *ask = identity_ask(
		s, error,
		"SELECT n.name FROM customer p JOIN employment e ON e.person = p.id JOIN customer o ON o.id = "
		"e.organisation"
		" JOIN customer n ON n.id = o.now WHERE p.now = ? AND e.until = 0 ORDER BY e.since DESC LIMIT 1",
		"i", found->id);
	if (ask == NULL)
		return FALSE;
	if (identity_row(s, ask, &failed, error)) {
		found->organisation = store_column(ask, 0);
		sqlite3_reset(ask);
	}
	return !failed;
}

struct identity_found *identity_brief(store *s, gint64 id, const char *by, GError **error)
{
	g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)identity_found_free);
	if (!add_found(s, out, id, 1, by, error))
		return NULL;
	if (out->len == 0) {
		g_set_error(error, IDENTITY_ERROR, IDENTITY_ERROR_ABSENT, "there is no customer %" G_GINT64_FORMAT, id);
		return NULL;
	}
	return complete(s, g_ptr_array_index(out, 0), error) ? g_ptr_array_steal_index(out, 0) : NULL;
}

static int best_first(gconstpointer a, gconstpointer b)
{
	const struct identity_found *x = *(const struct identity_found *const *)a,
				    *y = *(const struct identity_found *const *)b;
	if (x->likeness != y->likeness)
		return x->likeness > y->likeness ? -1 : 1;
	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	if (x->records != y->records)
		return x->records > y->records ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

GPtrArray *identity_find(const identity *i, store *s, const char *text, guint limit, GError **error)
{
	GPtrArray *out = g_ptr_array_new_with_free_func((GDestroyNotify)identity_found_free);
	g_autofree char *asked = g_strstrip(g_utf8_make_valid(text, -1));
	gboolean ok = strlen(asked) > 500 || *asked == '\0' || find_keys(i, s, out, asked, error);
	g_autoptr(GArray) near = NULL;
	if (ok && strlen(asked) <= 500 && strchr(asked, '@') == NULL) {
		near = identity_names_alike(s, asked, 0, 0.6, error);
		ok = near != NULL;
	}
	for (guint n = 0; ok && near != NULL && n < near->len && out->len < limit + 20; n++) {
		const struct identity_near_name *one = &g_array_index(near, struct identity_near_name, n);
		ok = add_found(s, out, one->node, one->bits * 0.999, "name", error);
	}
	if (ok && out->len < limit && strlen(asked) <= 500)
		ok = find_beginning(s, out, asked, error);
	for (guint n = 0; ok && n < out->len; n++)
		ok = complete(s, g_ptr_array_index(out, n), error);
	if (!ok) {
		g_ptr_array_unref(out);
		return NULL;
	}
	g_ptr_array_sort(out, best_first);
	if (out->len > limit)
		g_ptr_array_set_size(out, (gint)limit);
	return out;
}
