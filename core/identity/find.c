/* Which customers a text may mean: by key where it is one, else by name: in any inflection, with slips, words in any
 * order. */
#include "identity/internal.h"

#include <string.h>

#include "identity/block.h"
#include "identity/keys.h"
#include "identity/similar.h"
#include "text/namekey.h"

#define BLOCK_ROWS 400 /* of one word; a commoner one needs a second */
#define NEAR_ROWS  4096 /* where the newest record of a customer that has many is looked for first */

/* ---- likeness of names ---- */

static gboolean share_case(const char *a, const char *b)
{
	struct namekeys x, y;
	memset(&x, 0, sizeof x);
	memset(&y, 0, sizeof y);
	if (strlen(a) < 3 || strlen(b) < 3 || strlen(a) > 40 || strlen(b) > 40)
		return FALSE;
	namekey_query(a, strlen(a), &x);
	namekey(b, strlen(b), &y);
	for (unsigned n = 0; n < x.count; n++)
		for (unsigned k = 0; k < y.likely; k++)
			if (x.key[n].length == y.key[k].length &&
			    memcmp(x.key[n].bytes, y.key[k].bytes, x.key[n].length) == 0)
				return TRUE;
	return FALSE;
}

static double word_likeness(const char *asked, const char *word)
{
	if (strcmp(asked, word) == 0)
		return 1;
	if (share_case(asked, word))
		return 0.97;
	if (identity_near(asked, word))
		return 0.85;
	if (strlen(asked) >= 3 && g_str_has_prefix(word, asked))
		return 0.8;
	if (strlen(asked) == 1 && word[0] == asked[0])
		return 0.7;
	if (strpbrk(asked, "0123456789") != NULL || strpbrk(word, "0123456789") != NULL)
		return 0; /* another number is another thing */
	double similar = identity_jaro_winkler(asked, word);
	return similar >= 0.9 ? similar - 0.12 : 0;
}

/* 1: the same words; each word of the question must find its own. */
static double name_likeness(char *const *asked, const char *name)
{
	g_autofree char *core = identity_org_name(name);
	if (core == NULL)
		return 0;
	g_auto(GStrv) words = g_strsplit(core, " ", 24);
	guint n = g_strv_length((char **)asked), m = g_strv_length(words);
	guint32 taken = 0;
	double sum = 0;
	for (guint a = 0; a < n; a++) {
		double best = 0;
		guint which = 0;
		for (guint w = 0; w < m; w++) {
			double like = (taken & 1U << w) != 0 ? 0 : word_likeness(asked[a], words[w]);
			if (like > best) {
				best = like;
				which = w;
			}
		}
		if (best > 0)
			taken |= 1U << which;
		sum += best;
	}
	return n == 0 ? 0 : 0.8 * sum / n + 0.2 * sum / MAX(n, m);
}

struct asking {
	store *s;
	GError **error;
	gboolean failed;
	GHashTable *rows; /* gint64 -> itself */
};

static void ask_block(guint64 key, gpointer user)
{
	struct asking *a = user;
	if (a->failed)
		return;
	g_autoptr(GArray) rows =
		identity_numbers(a->s, a->error, "SELECT customer_id FROM identity_block WHERE key = ? LIMIT ?", "ii",
				 (gint64)key, (gint64)BLOCK_ROWS);
	a->failed = rows == NULL;
	for (guint n = 0; rows != NULL && n < rows->len; n++)
		g_hash_table_add(a->rows, g_memdup2(&g_array_index(rows, gint64, n), sizeof(gint64)));
}

static int nearest_first(gconstpointer a, gconstpointer b)
{
	const struct identity_near_name *x = a, *y = b;
	if (x->bits != y->bits)
		return x->bits > y->bits ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

/* Rows with a name like the text's; `bits` is the likeness. `kind` 0: of both kinds. */
static GArray *names_like(store *s, const char *text, int kind, double least, GError **error)
{
	GArray *out = g_array_new(FALSE, FALSE, sizeof(struct identity_near_name));
	g_autoptr(GHashTable) rows = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	struct asking a = {s, error, FALSE, rows};
	g_autofree char *core = identity_org_name(text);
	if (core == NULL)
		return out;
	g_auto(GStrv) asked = g_strsplit(core, " ", 12);
	identity_query_blocks(text, ask_block, &a);
	GHashTableIter iter;
	gpointer row;
	g_hash_table_iter_init(&iter, rows);
	while (!a.failed && g_hash_table_iter_next(&iter, &row, NULL)) {
		sqlite3_stmt *ask = identity_ask(s, error, "SELECT name, kind FROM customer WHERE id = ? AND NOT gone",
						 "i", *(gint64 *)row);
		if (ask == NULL || (!identity_row(s, ask, &a.failed, error) && a.failed))
			a.failed = TRUE;
		if (a.failed || sqlite3_data_count(ask) == 0)
			continue;
		struct identity_near_name near = {*(gint64 *)row, 0};
		if (kind == 0 || sqlite3_column_int(ask, 1) == kind)
			near.bits = name_likeness(asked, (const char *)sqlite3_column_text(ask, 0));
		sqlite3_reset(ask);
		if (near.bits >= least)
			g_array_append_val(out, near);
	}
	g_array_sort(out, nearest_first);
	if (a.failed)
		g_clear_pointer(&out, g_array_unref);
	return out;
}

GArray *identity_near_names(identity *i, store *s, const char *name, gboolean person, GError **error)
{
	(void)i;
	return names_like(s, name, person ? IDENTITY_PERSON : IDENTITY_ORGANISATION, 0.88, error);
}

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
		near = names_like(s, asked, 0, 0.6, error);
		ok = near != NULL;
	}
	for (guint n = 0; ok && near != NULL && n < near->len && out->len < limit + 20; n++) {
		const struct identity_near_name *one = &g_array_index(near, struct identity_near_name, n);
		ok = add_found(s, out, one->node, one->bits * 0.999, "name", error);
	}
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
