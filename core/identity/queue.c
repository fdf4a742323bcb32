/* What waits for somebody to look at it: suggestions, and records that are about nobody we know. */
#include "identity/internal.h"

#include <string.h>

#include "identity/score.h"
#include "store/fence.h"

#define UNMATCHED_MOST 20000 /* records that are grouped: who has seen to these sees the next */

void identity_suggestion_free(struct identity_suggestion *suggestion)
{
	if (suggestion == NULL)
		return;
	g_free(suggestion->a_name);
	g_free(suggestion->b_name);
	g_free(suggestion->why);
	g_free(suggestion);
}

/* Two customers that may be one, the likeliest first; what a decision keeps apart is no suggestion. */
static const char pairs[] = "SELECT x.now, y.now, n.name, m.name, max(p.bits), p.why FROM identity_pair p JOIN "
			    "customer x ON x.id = p.a JOIN customer y ON y.id = p.b"
			    " JOIN customer n ON n.id = x.now JOIN customer m ON m.id = y.now WHERE x.now <> y.now AND "
			    "p.bits >= ?1 AND NOT EXISTS (SELECT 1 FROM decided_pair d"
			    " JOIN customer q ON q.id = d.a JOIN customer r ON r.id = d.b WHERE NOT d.same AND ((q.now "
			    "= x.now AND r.now = y.now) OR"
			    " (q.now = y.now AND r.now = x.now))) GROUP BY min(x.now, y.now), max(x.now, y.now) ORDER "
			    "BY max(p.bits) DESC LIMIT ?2";

/* Of the newest that may be about a customer: by a weak reason, or by a key that others claim, too. The two candidates'
 * tables are asked through indexes of their own, which a view cannot stand before: so where the connection is fenced
 * there are helpers for them, and only records that may be read are taken from them before they are cut off. */
#define RECORDS(weak, doubted)                                                                                         \
	"SELECT w.customer_id, w.record_id, n.name, coalesce(r.title, r.external_id), w.rule, coalesce(w.words,"       \
	" (SELECT k.value FROM identity_key k WHERE k.id = w.key_id)) FROM (SELECT l.record_id FROM " weak             \
	" UNION SELECT h.record_id FROM " doubted " CROSS JOIN record_key h ON h.key_id = k.id AND h.role <> 3"        \
	" ORDER BY 1 DESC LIMIT 5000) c"                                                                               \
	" CROSS JOIN customer_record w ON w.record_id = c.record_id AND w.strength = 1 CROSS JOIN customer n ON n.id"  \
	" = w.customer_id CROSS JOIN record r ON r.id = w.record_id WHERE NOT EXISTS"                                  \
	" (SELECT 1 FROM customer_record t WHERE t.record_id = w.record_id AND t.customer_id = w.customer_id AND"      \
	" t.strength > 1) GROUP BY w.record_id, w.customer_id ORDER BY w.record_id DESC LIMIT ?1"

static const char records[] =
	RECORDS("link l WHERE l.strength = 1", "(SELECT id FROM identity_key WHERE doubt <> 0) k");
static const char fenced_records[] =
	RECORDS("fence_weak l JOIN record_brief b ON b.id = l.record_id", "fence_doubted k");

static gboolean read_pairs(const identity *i, store *s, guint limit, GPtrArray *out, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(s, error, pairs, "di", i->weak, (gint64)limit);
	while (ask != NULL && identity_row(s, ask, &failed, error)) {
		struct identity_suggestion *g = g_new0(struct identity_suggestion, 1);
		*g = (struct identity_suggestion){sqlite3_column_int64(ask, 0),
						  sqlite3_column_int64(ask, 1),
						  0,
						  store_column(ask, 2),
						  store_column(ask, 3),
						  identity_probability(sqlite3_column_double(ask, 4)),
						  store_column(ask, 5)};
		g_ptr_array_add(out, g);
	}
	return ask != NULL && !failed;
}

static gboolean read_records(store *s, guint limit, GPtrArray *out, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(s, error, store_fenced(s) ? fenced_records : records, "i", (gint64)limit);
	while (ask != NULL && identity_row(s, ask, &failed, error)) {
		struct identity_suggestion *g = g_new0(struct identity_suggestion, 1);
		const char *words = (const char *)sqlite3_column_text(ask, 5),
			   *rule = identity_rule_name(sqlite3_column_int(ask, 4));
		*g = (struct identity_suggestion){sqlite3_column_int64(ask, 0),
						  0,
						  sqlite3_column_int64(ask, 1),
						  store_column(ask, 2),
						  store_column(ask, 3),
						  0.5,
						  words != NULL ? g_strdup_printf("%s (%s)", rule, words)
								: g_strdup(rule)};
		g_ptr_array_add(out, g);
	}
	return ask != NULL && !failed;
}

GPtrArray *identity_suggestions(const identity *i, store *s, guint limit, GError **error)
{
	GPtrArray *out = g_ptr_array_new_with_free_func((GDestroyNotify)identity_suggestion_free);
	if (!read_pairs(i, s, limit, out, error) ||
	    (out->len < limit && !read_records(s, limit - out->len, out, error)))
		g_clear_pointer(&out, g_ptr_array_unref);
	return out;
}

/* ---- unmatched ---- */

void identity_unmatched_free(struct identity_unmatched *unmatched)
{
	if (unmatched == NULL)
		return;
	g_free(unmatched->value);
	g_free(unmatched->title);
	g_free(unmatched);
}

/* The newest of those that are about nobody, grouped. Each record counts once, to the most telling of what it holds: a
 * domain, an address, a name. Columns: kind, value, records, last, the newest record's id and title. */
static const char unmatched[] =
	"SELECT (SELECT g.kind FROM identity_key g WHERE g.id = u.by_key), (SELECT g.value FROM identity_key g WHERE "
	"g.id"
	" = u.by_key), u.n, u.last, u.id, (SELECT coalesce(r.title, r.external_id) FROM record r WHERE r.id = u.id)"
	" FROM (SELECT by_key, count(*) AS n, max(occurred) AS last, id FROM (SELECT r.id, r.occurred,"
	" (SELECT coalesce(k.parent, k.id) FROM record_key h JOIN identity_key k ON k.id = h.key_id WHERE h.record_id ="
	" r.id AND k.kind IN (3, 4, 6) ORDER BY k.parent IS NULL AND k.kind <> 4, k.kind, k.id LIMIT 1) AS by_key"
	" FROM record_brief r WHERE r.kind > 2 AND NOT EXISTS (SELECT 1 FROM link l WHERE l.record_id = r.id AND"
	" l.strength >= 2) ORDER BY r.id DESC LIMIT ?2) GROUP BY by_key ORDER BY by_key IS NULL, n DESC, last DESC"
	" LIMIT ?1) u ORDER BY u.by_key IS NULL, u.n DESC, u.last DESC";

GPtrArray *identity_unmatched(store *s, guint limit, GError **error)
{
	gboolean failed = FALSE;
	GPtrArray *out = g_ptr_array_new_with_free_func((GDestroyNotify)identity_unmatched_free);
	sqlite3_stmt *ask = identity_ask(s, error, unmatched, "ii", (gint64)limit, (gint64)UNMATCHED_MOST);
	while (ask != NULL && identity_row(s, ask, &failed, error)) {
		struct identity_unmatched *u = g_new0(struct identity_unmatched, 1);
		int kind = sqlite3_column_int(ask, 0);
		*u = (struct identity_unmatched){kind == IDENTITY_KEY_DOMAIN  ? "domain"
						 : kind == IDENTITY_KEY_EMAIL ? "e-mail"
						 : kind == IDENTITY_KEY_ORG   ? "name"
									      : "",
						 store_column(ask, 1),
						 sqlite3_column_int64(ask, 2),
						 sqlite3_column_int64(ask, 3),
						 sqlite3_column_int64(ask, 4),
						 store_column(ask, 5)};
		g_ptr_array_add(out, u);
	}
	if (ask == NULL || failed)
		g_clear_pointer(&out, g_ptr_array_unref);
	return out;
}
