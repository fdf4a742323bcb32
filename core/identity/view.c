/* The customer on one screen, and why a record is said to be about whom. */
#include "identity/internal.h"

#include <string.h>
#include <time.h>

#define LISTED_MOST 500 /* people, keys */

static const char *const key_names[] = {"",      "crm-id", "business-id",   "e-mail", "domain",
					"phone", "name",   "person's name", "user"};

/* As the API calls them. */
static char *kind_name(int kind)
{
	static const char *const kinds[] = {"",        "account", "person",   "message", "ticket",
					    "comment", "note",    "document", "deal",    "event"};
	return g_strdup(kinds[CLAMP(kind, 0, (int)G_N_ELEMENTS(kinds) - 1)]);
}

static void key_free(gpointer item)
{
	g_free(((struct identity_key *)item)->value);
	g_free(item);
}

static void member_free(gpointer item)
{
	struct identity_member *m = item;
	g_free(m->name);
	g_free(m->source);
	g_free(m->external_id);
	g_free(m->why);
	g_free(m->url);
	g_free(m);
}

static void person_free(gpointer item)
{
	struct identity_person_of *p = item;
	g_free(p->name);
	g_free(p->address);
	g_free(p->role);
	g_free(p);
}

static void tally_free(gpointer item)
{
	g_free(((struct identity_tally *)item)->word);
	g_free(item);
}

void identity_view_free(struct identity_view *view)
{
	if (view == NULL)
		return;
	g_free(view->name);
	GPtrArray *arrays[] = {view->keys,    view->members, view->people, view->employers,
			       view->sources, view->kinds,   view->years};
	for (gsize n = 0; n < G_N_ELEMENTS(arrays); n++)
		if (arrays[n] != NULL)
			g_ptr_array_unref(arrays[n]);
	g_free(view);
}

static gboolean read_keys(store *s, struct identity_view *v, GError **error)
{
	gboolean failed = FALSE;
	v->keys = g_ptr_array_new_with_free_func(key_free);
	sqlite3_stmt *ask = identity_ask(
		s, error,
		"SELECT k.kind, k.value, k.doubt & c.kind, max(o.strength) = 4 FROM customer c JOIN customer_key o ON"
		" o.customer_id = c.id JOIN identity_key k ON k.id = o.key_id WHERE c.now = ? AND (NOT c.gone OR "
		"c.heir IS NOT NULL) GROUP BY k.id"
		" ORDER BY k.kind, k.value LIMIT ?",
		"ii", v->id, (gint64)LISTED_MOST);
	while (ask != NULL && identity_row(s, ask, &failed, error)) {
		struct identity_key *key = g_new0(struct identity_key, 1);
		int kind = sqlite3_column_int(ask, 0);
		*key = (struct identity_key){key_names[CLAMP(kind, 0, 8)], store_column(ask, 1),
					     sqlite3_column_int(ask, 2) != 0, sqlite3_column_int(ask, 3)};
		g_ptr_array_add(v->keys, key);
	}
	return ask != NULL && !failed;
}

static gboolean read_members(store *s, struct identity_view *v, GError **error)
{
	gboolean failed = FALSE;
	v->members = g_ptr_array_new_with_free_func(member_free);
	sqlite3_stmt *ask = identity_ask(s, error,
					 "SELECT c.id, coalesce(c.record_id, 0), c.name, c.source, c.external_id, "
					 "coalesce((SELECT 'decision ' || max(decision) FROM decided_pair d"
					 " WHERE same AND (d.a = c.id OR d.b = c.id)), (SELECT p.why FROM "
					 "identity_pair p JOIN customer o ON o.id = p.a + p.b - c.id"
					 " WHERE (p.a = c.id OR p.b = c.id) AND o.now = c.now ORDER BY p.bits DESC "
					 "LIMIT 1)), (SELECT r.url FROM record r WHERE r.id = c.record_id)"
					 " FROM customer c WHERE c.now = ? AND NOT c.gone"
					 " ORDER BY c.id LIMIT ?",
					 "ii", v->id, (gint64)LISTED_MOST);
	while (ask != NULL && identity_row(s, ask, &failed, error)) {
		struct identity_member *m = g_new0(struct identity_member, 1);
		*m = (struct identity_member){sqlite3_column_int64(ask, 0), sqlite3_column_int64(ask, 1),
					      store_column(ask, 2),         store_column(ask, 3),
					      store_column(ask, 4),         store_column(ask, 5),
					      store_column(ask, 6)};
		g_ptr_array_add(v->members, m);
	}
	return ask != NULL && !failed;
}

/* Columns: id, name, address, role, since, until, records, last. */
static gboolean read_people(store *s, GPtrArray *out, const char *sql, gint64 id, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(s, error, sql, "ii", id, (gint64)LISTED_MOST);
	while (ask != NULL && identity_row(s, ask, &failed, error)) {
		struct identity_person_of *p = g_new0(struct identity_person_of, 1);
		*p = (struct identity_person_of){sqlite3_column_int64(ask, 0), store_column(ask, 1),
						 store_column(ask, 2),         store_column(ask, 3),
						 sqlite3_column_int64(ask, 4), sqlite3_column_int64(ask, 5),
						 sqlite3_column_int64(ask, 6), sqlite3_column_int64(ask, 7)};
		g_ptr_array_add(out, p);
	}
	return ask != NULL && !failed;
}

#define FIRST_EMAIL                                                                                                    \
	"(SELECT k.value FROM customer_key o JOIN identity_key k ON k.id = o.key_id WHERE o.customer_id = p.id AND "   \
	"k.kind = 3 LIMIT 1)"
#define RECORDS_OF                                                                                                     \
	"(SELECT count(DISTINCT l.record_id) FROM customer_record l WHERE l.customer_id = p.now AND l.strength >= 2)"
#define LAST_OF                                                                                                        \
	"(SELECT max(r.occurred) FROM customer_record l JOIN record r ON r.id = l.record_id WHERE l.customer_id = "    \
	"p.now AND l.strength >= 2)"

/* What their own records say that they do, the newest first. */
#define TITLE_OF                                                                                                       \
	"(SELECT f.value FROM customer w JOIN record r ON r.id = w.record_id JOIN field f ON f.record_id = r.id"       \
	" WHERE w.now = p.now AND f.name IN ('job-title', 'jobtitle', 'title', 'position', 'role') AND f.value <> ''"  \
	" ORDER BY max(r.updated, r.occurred) DESC LIMIT 1)"

static const char employed[] =
	"SELECT p.now, n.name, " FIRST_EMAIL
	", coalesce((SELECT d.role FROM decided_role d JOIN customer x ON x.id = d.person JOIN customer y ON y.id ="
	" d.organisation WHERE x.now = p.now AND y.now = c.now ORDER BY d.decision DESC LIMIT 1), " TITLE_OF
	"), min(e.since), "
	"iif(min(e.until) = 0, 0, max(e.until)), " RECORDS_OF ", " LAST_OF
	" FROM customer c JOIN employment e ON e.organisation = c.id JOIN customer p ON p.id = e.person JOIN customer "
	"n ON n.id = p.now"
	" WHERE c.now = ?1 AND (NOT n.gone OR n.heir IS NOT NULL) GROUP BY p.now ORDER BY 8 DESC LIMIT ?2";

/* Addresses under the customer's domains that no contact has. What came with an address is asked for those alone that
 * are listed: under a fence that is a question of its own. */
static const char addressed[] =
	"SELECT 0, (SELECT k.shown FROM identity_key k WHERE k.id = g.id), g.value, NULL, g.first, 0, g.n, g.last FROM"
	" (SELECT k.id, k.value, min(nullif(r.occurred, 0)) AS first, count(*) AS n, max(r.occurred) AS last"
	" FROM customer c CROSS JOIN customer_key o ON o.customer_id = c.id CROSS JOIN identity_key d ON d.id = "
	"o.key_id"
	" AND d.kind = 4 JOIN identity_key k ON k.parent = d.id JOIN record_key h ON h.key_id = k.id"
	" JOIN record r ON r.id = h.record_id WHERE c.now = ?1 AND (NOT c.gone OR c.heir IS NOT NULL) AND NOT EXISTS"
	" (SELECT 1 FROM customer_key q WHERE q.key_id = k.id) GROUP BY k.id ORDER BY n DESC LIMIT ?2) g ORDER BY g.n "
	"DESC";

static const char employers[] = "SELECT o.now, n.name, NULL, (SELECT d.role FROM decided_role d JOIN customer x ON "
				"x.id = d.person JOIN customer y ON y.id = d.organisation"
				" WHERE x.now = p.now AND y.now = o.now ORDER BY d.decision DESC LIMIT 1), "
				"min(e.since), iif(min(e.until) = 0, 0, max(e.until)), 0, 0 FROM customer p"
				" JOIN employment e ON e.person = p.id JOIN customer o ON o.id = e.organisation JOIN "
				"customer n ON n.id = o.now WHERE p.now = ?1 AND (NOT n.gone OR n.heir IS NOT NULL)"
				" GROUP BY o.now ORDER BY min(e.until) = 0 DESC, 5 DESC LIMIT ?2";

/* ---- what there is about it ---- */

/* By source, kind and year: id or number -> struct identity_tally. */
struct tallies {
	GHashTable *of[3];
};

static void tally_add(GHashTable *of, gint64 id, gint64 occurred)
{
	struct identity_tally *t = g_hash_table_lookup(of, &id);
	if (t == NULL) {
		t = g_new0(struct identity_tally, 1);
		g_hash_table_insert(of, g_memdup2(&id, sizeof id), t);
	}
	t->records++;
	t->last = MAX(t->last, occurred);
}

static gint64 year_of(gint64 seconds)
{
	time_t time = (time_t)seconds;
	struct tm tm;
	return localtime_r(&time, &tm) != NULL ? tm.tm_year + 1900 : 0;
}

/* One walk for all of it: a large customer has ten thousands of links. A record that a strong link leads to counts; one
 * that only weak ones do is a suggestion. */
static gboolean read_records(store *s, struct identity_view *v, struct tallies *tallies, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(
		s, error,
		"SELECT max(l.strength), r.source_id, r.kind, r.occurred FROM customer_record l JOIN record_brief r"
		" ON r.id = l.record_id WHERE l.customer_id = ? GROUP BY l.record_id",
		"i", v->id);
	while (ask != NULL && identity_row(s, ask, &failed, error)) {
		gint64 occurred = sqlite3_column_int64(ask, 3);
		if (sqlite3_column_int(ask, 0) < 2) {
			v->suggestions++;
			continue;
		}
		v->records++;
		v->last = MAX(v->last, occurred);
		if (occurred != 0 && (v->first == 0 || occurred < v->first))
			v->first = occurred;
		tally_add(tallies->of[0], sqlite3_column_int64(ask, 1), occurred);
		tally_add(tallies->of[1], sqlite3_column_int64(ask, 2), occurred);
		if (occurred != 0)
			tally_add(tallies->of[2], year_of(occurred), occurred);
	}
	return ask != NULL && !failed;
}

static char *source_name(store *s, gint64 id, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(s, error, "SELECT name FROM source WHERE id = ?", "i", id);
	char *name = ask != NULL && identity_row(s, ask, &failed, error) ? store_column(ask, 0) : NULL;
	if (ask != NULL)
		sqlite3_reset(ask);
	return name;
}

static int most_first(gconstpointer a, gconstpointer b)
{
	const struct identity_tally *x = *(const struct identity_tally *const *)a,
				    *y = *(const struct identity_tally *const *)b;
	return x->records != y->records ? (x->records > y->records ? -1 : 1) : g_strcmp0(x->word, y->word);
}

static int latest_first(gconstpointer a, gconstpointer b)
{
	const struct identity_tally *x = *(const struct identity_tally *const *)a,
				    *y = *(const struct identity_tally *const *)b;
	return x->last != y->last ? (x->last > y->last ? -1 : 1) : 0;
}

/* Moves the tallies into the array, each with its word. `which`: 0 source, 1 kind, 2 year. */
static GPtrArray *tallies_out(store *s, struct tallies *tallies, guint which, GError **error)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(tally_free);
	GHashTableIter iter;
	gpointer key, value;
	g_hash_table_iter_init(&iter, tallies->of[which]);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		struct identity_tally *t = value;
		gint64 id = *(gint64 *)key;
		t->word = which == 0   ? source_name(s, id, error)
			  : which == 1 ? kind_name((int)id)
				       : g_strdup_printf("%" G_GINT64_FORMAT, id);
		g_ptr_array_add(out, t);
	}
	g_ptr_array_sort(out, which == 2 ? latest_first : most_first);
	return out;
}

static gboolean read_tallies(store *s, struct identity_view *v, GError **error)
{
	struct tallies tallies;
	for (guint n = 0; n < G_N_ELEMENTS(tallies.of); n++)
		tallies.of[n] = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	gboolean good = read_records(s, v, &tallies, error);
	v->sources = tallies_out(s, &tallies, 0, error);
	v->kinds = tallies_out(s, &tallies, 1, error);
	v->years = tallies_out(s, &tallies, 2, error);
	for (guint n = 0; n < G_N_ELEMENTS(tallies.of); n++)
		g_hash_table_unref(tallies.of[n]);
	return good;
}

static gboolean read_head(store *s, gint64 id, struct identity_view *v, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(
		s, error, "SELECT n.id, n.kind, n.name FROM customer c JOIN customer n ON n.id = c.now WHERE c.id = ?",
		"i", id);
	if (ask == NULL)
		return FALSE;
	if (!identity_row(s, ask, &failed, error)) {
		if (!failed)
			g_set_error(error, IDENTITY_ERROR, IDENTITY_ERROR_ABSENT,
				    "there is no customer %" G_GINT64_FORMAT, id);
		return FALSE;
	}
	v->id = sqlite3_column_int64(ask, 0);
	v->kind = sqlite3_column_int(ask, 1);
	v->name = store_column(ask, 2);
	sqlite3_reset(ask);
	return TRUE;
}

struct identity_view *identity_customer(store *s, gint64 id, GError **error)
{
	g_autoptr(identity_view) v = g_new0(struct identity_view, 1);
	v->people = g_ptr_array_new_with_free_func(person_free);
	v->employers = g_ptr_array_new_with_free_func(person_free);
	if (!read_head(s, id, v, error) || !read_keys(s, v, error) || !read_members(s, v, error) ||
	    !read_people(s, v->people, employed, v->id, error) || !read_people(s, v->people, addressed, v->id, error) ||
	    !read_people(s, v->employers, employers, v->id, error) || !read_tallies(s, v, error))
		return NULL;
	return g_steal_pointer(&v);
}

/* ---- why ---- */

void identity_reasons_free(struct identity_reasons *reasons)
{
	if (reasons == NULL)
		return;
	g_free(reasons->name);
	g_free(reasons->rule);
	g_free(reasons->words);
	g_free(reasons);
}

GPtrArray *identity_why(store *s, gint64 record, GError **error)
{
	gboolean failed = FALSE;
	GPtrArray *out = g_ptr_array_new_with_free_func((GDestroyNotify)identity_reasons_free);
	sqlite3_stmt *ask = identity_ask(
		s, error,
		"SELECT l.customer_id, n.name, l.strength, l.rule, coalesce(l.words, (SELECT k.value FROM identity_key "
		"k WHERE k.id = l.key_id)) FROM customer_record l JOIN customer n ON n.id = l.customer_id WHERE "
		"l.record_id = ?"
		" GROUP BY l.customer_id, l.rule ORDER BY l.strength DESC, l.customer_id, l.rule",
		"i", record);
	while (ask != NULL && identity_row(s, ask, &failed, error)) {
		struct identity_reasons *r = g_new0(struct identity_reasons, 1);
		*r = (struct identity_reasons){
			sqlite3_column_int64(ask, 0), store_column(ask, 1), sqlite3_column_int(ask, 2),
			g_strdup(identity_rule_name(sqlite3_column_int(ask, 3))), store_column(ask, 4)};
		g_ptr_array_add(out, r);
	}
	if (ask == NULL || failed)
		g_clear_pointer(&out, g_ptr_array_unref);
	return out;
}
