/* Who works where: out of what a contact's record says of its employer, kept over time. */
#include "identity/internal.h"

#include <string.h>

#include "identity/keys.h"
#include "identity/similar.h"

struct post {
	gint64 organisation, key;
};

/* The organisations that the record's employer keys lead to. */
static GArray *posts_of(store *s, gint64 record, GError **error)
{
	gboolean failed = FALSE;
	GArray *posts = g_array_new(FALSE, FALSE, sizeof(struct post));
	sqlite3_stmt *ask = identity_ask(
		s, error,
		"SELECT l.customer_id, coalesce(l.key_id, r.key_id) FROM link l JOIN customer c ON c.id = l.customer_id"
		" LEFT JOIN record_key r ON r.record_id = l.record_id AND r.role = ?2"
		" WHERE l.record_id = ?1 AND l.strength = 2 AND c.kind = 1 AND l.rule IN (?3, ?4, ?5, ?6, ?7) GROUP BY "
		"l.customer_id",
		"iiiiiii", record, (gint64)IDENTITY_ROLE_EMPLOYER, (gint64)IDENTITY_RULE_CRM,
		(gint64)IDENTITY_RULE_CRM_OWN, (gint64)IDENTITY_RULE_ORG, (gint64)IDENTITY_RULE_BUSINESS,
		(gint64)IDENTITY_RULE_DOMAIN);
	while (ask != NULL && identity_row(s, ask, &failed, error)) {
		struct post post = {sqlite3_column_int64(ask, 0), sqlite3_column_int64(ask, 1)};
		g_array_append_val(posts, post);
	}
	if (ask == NULL || failed)
		g_clear_pointer(&posts, g_array_unref);
	return posts;
}

static gboolean holds(const GArray *posts, gint64 organisation)
{
	for (guint n = 0; n < posts->len; n++)
		if (g_array_index(posts, struct post, n).organisation == organisation)
			return TRUE;
	return FALSE;
}

/* "konepaja.fi" and "virtasen konepaja", "vk-konepaja.fi", "virtasenkonepaja.fi" */
static gboolean resembles(const char *domain, const char *name)
{
	g_autofree char *label = g_strndup(domain, strcspn(domain, "."));
	g_autofree char *folded = identity_fold(label), *core = identity_org_name(name);
	if (core == NULL || strlen(folded) < 2)
		return FALSE;
	g_strdelimit(folded, " ", '\0');
	g_auto(GStrv) words = identity_words(core);
	g_autofree char *whole = g_strjoinv(NULL, words);
	if (strcmp(folded, whole) == 0 || (strlen(folded) >= 4 && g_str_has_prefix(whole, folded)) ||
	    (strlen(whole) >= 4 && g_str_has_prefix(folded, whole)))
		return TRUE;
	for (char **w = words; *w != NULL; w++)
		if (strlen(*w) >= 5 && strstr(folded, *w) != NULL)
			return TRUE;
	return identity_jaro_winkler(folded, whole) >= 0.93;
}

/* The domains of the person's addresses become claims of the employer. */
static gboolean claim_domains(struct identity *i, store *s, gint64 person, const GArray *posts, GArray *dirty,
			      GError **error)
{
	g_autoptr(GArray) before = identity_numbers(
		s, error, "SELECT key_id FROM customer_key WHERE via = ?1 AND customer_id <> ?1", "i", person);
	g_autoptr(GArray) domains =
		identity_numbers(s, error,
				 "SELECT DISTINCT k.parent FROM customer_key o JOIN identity_key k ON k.id = o.key_id"
				 " WHERE o.customer_id = ?1 AND o.via = ?1 AND k.parent IS NOT NULL",
				 "i", person);
	if (before == NULL || domains == NULL)
		return FALSE;
	identity_keys_changed(i, before);
	if (before->len > 0 &&
	    !identity_do(s, error, "DELETE FROM customer_key WHERE via = ?1 AND customer_id <> ?1", "i", person))
		return FALSE;
	g_autoptr(GArray) after = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (guint d = 0; posts->len == 1 && d < domains->len; d++) {
		gint64 domain = g_array_index(domains, gint64, d),
		       organisation = g_array_index(posts, struct post, 0).organisation;
		gboolean failed = FALSE;
		sqlite3_stmt *ask = identity_ask(s, error,
						 "SELECT (SELECT value FROM identity_key WHERE id = ?), (SELECT name "
						 "FROM customer WHERE id = ?)",
						 "ii", domain, organisation);
		if (ask == NULL || !identity_row(s, ask, &failed, error))
			return FALSE;
		g_autofree char *value = store_column(ask, 0), *name = store_column(ask, 1);
		sqlite3_reset(ask);
		int claim = value != NULL && name != NULL && resembles(value, name) ? IDENTITY_CLAIM_LIKELY
										    : IDENTITY_CLAIM_GUESS;
		if (!identity_key_own(i, s, domain, organisation, person, claim, error))
			return FALSE;
		g_array_append_val(after, domain);
	}
	gboolean same = before->len == after->len;
	for (guint n = 0; same && n < after->len; n++)
		same = g_array_index(before, gint64, n) == g_array_index(after, gint64, n);
	if (!same) {
		g_array_append_vals(dirty, before->data, before->len);
		g_array_append_vals(dirty, after->data, after->len);
	}
	return TRUE;
}

gboolean identity_employ(struct identity *i, store *s, gint64 record, gint64 person, gint64 when, GArray *dirty,
			 GError **error)
{
	g_autoptr(GArray) posts = posts_of(s, record, error);
	g_autoptr(GArray) before = identity_numbers(
		s, error, "SELECT organisation FROM employment WHERE person = ? AND until = 0", "i", person);
	gint64 ever;
	if (posts == NULL || before == NULL ||
	    !identity_number(s, error, &ever, 0, "SELECT count(*) FROM employment WHERE person = ?", "i", person))
		return FALSE;
	gboolean changed = FALSE;
	for (guint n = 0; n < before->len; n++) {
		gint64 organisation = g_array_index(before, gint64, n);
		if (holds(posts, organisation))
			continue;
		changed = TRUE;
		if (!identity_do(s, error,
				 "UPDATE employment SET until = max(?3, since + 1) WHERE person = ?1 AND organisation "
				 "= ?2 AND until = 0",
				 "iii", person, organisation, when))
			return FALSE;
	}
	for (guint n = 0; n < posts->len; n++) {
		const struct post *post = &g_array_index(posts, struct post, n);
		gboolean had = FALSE;
		for (guint b = 0; b < before->len; b++)
			had |= g_array_index(before, gint64, b) == post->organisation;
		if (had)
			continue;
		changed = TRUE;
		if (!identity_do(s, error,
				 "INSERT INTO employment(person, organisation, key_id, since) VALUES (?1, ?2, ?3, ?4)"
				 " ON CONFLICT DO UPDATE SET key_id = ?3, until = 0",
				 "iiii", person, post->organisation, post->key, ever > 0 ? when : (gint64)0))
			return FALSE;
	}
	for (guint n = 0; n < posts->len; n++) /* a company may be called after somebody who works there */
		if (changed && !identity_alone_doubt(s, g_array_index(posts, struct post, n).organisation, error))
			return FALSE;
	if (changed && !identity_do(s, error, /* who names the person, speaks for the employer */
				    "INSERT OR IGNORE INTO identity_scan_todo(record_id) SELECT record_id FROM"
				    " identity_sighting WHERE customer_id = ?",
				    "i", person))
		return FALSE;
	if (changed) { /* records that hold the person's keys follow */
		g_autoptr(GArray) keys = identity_numbers(
			s, error, "SELECT key_id FROM customer_key WHERE customer_id = ?", "i", person);
		if (keys == NULL)
			return FALSE;
		g_array_append_vals(dirty, keys->data, keys->len);
	}
	return claim_domains(i, s, person, posts, dirty, error);
}
