/* Which customers a text names, and whether that is enough. A name of several words is; one word that the language has,
 * too, is not ("Kone"), unless a legal form follows; a word of a name counts where the conversation has named the
 * customer in full. */
#include "identity/internal.h"

#include <string.h>

#include "identity/keys.h"
#include "identity/names.h"

#define PERSONS_MOST 200000 /* above that persons' names in texts say nothing */
#define AROUND_MOST  4      /* customers that a conversation is about */

void identity_names_forget(struct identity *i)
{
	g_clear_pointer(&i->names, identity_automaton_free);
}

void identity_names_set(struct identity *i, gint64 node, int kind, const char *name)
{
	if (i->names != NULL && (kind == IDENTITY_ORGANISATION || i->persons_named))
		identity_automaton_set(i->names, node, kind, name);
}

static gboolean load(struct identity *i, store *s, GError **error)
{
	gboolean failed = FALSE;
	if (i->names != NULL)
		return TRUE;
	i->persons_named = identity_counts_population(i, s, IDENTITY_PERSON) <= PERSONS_MOST;
	sqlite3_stmt *ask = identity_ask(s, error, "SELECT id, kind, name FROM customer WHERE NOT gone AND kind <= ?",
					 "i", (gint64)(i->persons_named ? 2 : 1));
	if (ask == NULL)
		return FALSE;
	i->names = identity_automaton_new(i->language);
	while (identity_row(s, ask, &failed, error))
		identity_automaton_set(i->names, sqlite3_column_int64(ask, 0), sqlite3_column_int(ask, 1),
				       (const char *)sqlite3_column_text(ask, 2));
	if (failed)
		identity_names_forget(i);
	return !failed;
}

/* ---- is it enough? ---- */

/* How the word is written in texts: small letters again and again mean a word, no name. */
static gboolean count_word(store *s, const struct identity_seen_name *seen, gboolean *word, GError **error)
{
	gboolean failed = FALSE;
	*word = FALSE;
	if (!identity_do(
		    s, error,
		    "INSERT INTO identity_word(word, lower, upper) VALUES (?1, ?2, 1 - ?2) ON CONFLICT DO UPDATE SET"
		    " lower = lower + ?2, upper = upper + 1 - ?2",
		    "ti", seen->name->core, (gint64)(seen->capitals == 0)))
		return FALSE;
	sqlite3_stmt *ask =
		identity_ask(s, error, "SELECT lower >= 3 AND lower * 4 > upper FROM identity_word WHERE word = ?", "t",
			     seen->name->core);
	if (ask == NULL || !identity_row(s, ask, &failed, error))
		return FALSE;
	*word = sqlite3_column_int(ask, 0);
	sqlite3_reset(ask);
	return TRUE;
}

/* 2 enough, 1 a suggestion, 0 nothing. */
static gboolean strength_of_one_word(store *s, const struct identity_seen_name *seen, int *strength, GError **error)
{
	gboolean word;
	*strength = 0;
	if (!count_word(s, seen, &word, error))
		return FALSE;
	if (seen->capitals == 0)
		return TRUE;
	if (seen->form_behind)
		*strength = 2;
	else if (seen->name->shouted || strlen(seen->name->core) < 4)
		*strength = seen->upper && !word && !seen->name->common ? 2 : 0;
	else if (!word && !seen->name->common)
		*strength = 2;
	else
		*strength = seen->opens ? 0 : 1;
	return TRUE;
}

static int strength_of_words(const struct identity_seen_name *seen)
{
	if (seen->form_behind || !seen->name->common)
		return 2;
	return seen->capitals == seen->words ? 2 : 1;
}

static gboolean strength_of(store *s, gint64 record, const struct identity_seen_name *seen, int *strength,
			    GError **error)
{
	if (seen->name->kind ==
	    IDENTITY_PERSON) { /* namesakes are many: only where the record is about the employer, too */
		gint64 there;
		if (!identity_number(
			    s, error, &there, 0,
			    "SELECT EXISTS (SELECT 1 FROM employment e JOIN link l ON l.customer_id = e.organisation"
			    " WHERE e.person = ?1 AND l.record_id = ?2 AND l.strength >= 2)",
			    "ii", seen->name->node, record))
			return FALSE;
		*strength = seen->capitals == 0 ? 0 : there ? 2 : 1;
		return TRUE;
	}
	if (seen->words == 1)
		return strength_of_one_word(s, seen, strength, error);
	*strength = strength_of_words(seen);
	return TRUE;
}

/* ---- links ---- */

static gboolean write_link(store *s, gint64 record, const struct identity_seen_name *seen, const char *text,
			   enum identity_rule rule, int strength, GError **error)
{
	gint64 key;
	g_autofree char *words = g_strndup(text + seen->start, MIN(seen->end - seen->start, 120));
	enum identity_key_kind kind = seen->name->kind == IDENTITY_PERSON ? IDENTITY_KEY_PERSON : IDENTITY_KEY_ORG;
	return identity_number(s, error, &key, 0, "SELECT id FROM identity_key WHERE kind = ? AND value = ?", "it",
			       (gint64)kind, seen->name->core) &&
	       identity_do(s, error,
			   "INSERT INTO link(record_id, customer_id, rule, strength, key_id, words) VALUES (?1, ?2, "
			   "?3, ?4, nullif(?5, 0), ?6)"
			   " ON CONFLICT DO UPDATE SET strength = ?4, words = ?6 WHERE strength < ?4",
			   "iiiiit", record, seen->name->node, (gint64)rule, (gint64)strength, key, words);
}

static gboolean link_seen(store *s, gint64 record, const GArray *seen, const char *text, int kind, GError **error)
{
	for (guint n = 0; n < seen->len; n++) {
		const struct identity_seen_name *one = &g_array_index(seen, struct identity_seen_name, n);
		int strength;
		if (one->name->kind != kind)
			continue;
		if (!strength_of(s, record, one, &strength, error) ||
		    (strength > 0 && !write_link(s, record, one, text, IDENTITY_RULE_MENTION, strength, error)))
			return FALSE;
	}
	return TRUE;
}

/* Customers that the records before this one in its conversation are about, named in full or by key, and this one is
 * not yet. A bounded look: a conversation, or the file that a log is, may have thousands of records. */
static GArray *around(store *s, gint64 record, const struct meri_record *from, GError **error)
{
	return identity_numbers(
		s, error,
		"SELECT DISTINCT l.customer_id FROM (SELECT r.id FROM record r WHERE r.thread = ?2 AND r.id < ?1 AND"
		" r.source_id = (SELECT source_id FROM record WHERE id = ?1) ORDER BY r.id DESC LIMIT 50) b"
		" JOIN link l ON l.record_id = b.id AND l.strength >= 2 AND l.rule <> ?4"
		" JOIN customer c ON c.id = l.customer_id AND c.kind = 1"
		" WHERE NOT EXISTS (SELECT 1 FROM link t WHERE t.record_id = ?1 AND t.customer_id = l.customer_id AND "
		"t.strength >= 2)"
		" LIMIT ?3",
		"itii", record, from->thread, (gint64)AROUND_MOST + 1, (gint64)IDENTITY_RULE_MENTION_SHORT);
}

static gboolean short_names(struct identity *i, store *s, gint64 record, const struct meri_record *from, GError **error)
{
	if (from->text == NULL || from->thread == NULL)
		return TRUE;
	g_autoptr(GArray) rows = around(s, record, from, error);
	g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(struct identity_seen_name));
	if (rows == NULL)
		return FALSE;
	if (rows->len == 0 || rows->len > AROUND_MOST)
		return TRUE;
	identity_automaton_scan_words(i->names, from->text, (const gint64 *)(void *)rows->data, rows->len, seen);
	for (guint n = 0; n < seen->len; n++) {
		const struct identity_seen_name *one = &g_array_index(seen, struct identity_seen_name, n);
		gboolean shared = FALSE;
		for (guint k = 0; k < seen->len; k++)
			shared |= k != n && g_array_index(seen, struct identity_seen_name, k).start == one->start &&
				  strcmp(g_array_index(seen, struct identity_seen_name, k).name->core,
					 one->name->core) != 0;
		if (!shared && !write_link(s, record, one, from->text, IDENTITY_RULE_MENTION_SHORT, 2, error))
			return FALSE;
	}
	return TRUE;
}

gboolean identity_mentions(struct identity *i, store *s, gint64 record, const struct meri_record *from, GError **error)
{
	if (from->kind <= MERI_PERSON)
		return TRUE;
	if (!load(i, s, error) ||
	    !identity_do(s, error, "DELETE FROM link WHERE record_id = ? AND rule IN (?, ?)", "iii", record,
			 (gint64)IDENTITY_RULE_MENTION, (gint64)IDENTITY_RULE_MENTION_SHORT))
		return FALSE;
	const char *texts[2] = {from->title, from->text};
	for (int t = 0; t < 2; t++) {
		g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(struct identity_seen_name));
		if (texts[t] == NULL)
			continue;
		identity_automaton_scan(i->names, texts[t], seen);
		if (seen->len > 0 && (!link_seen(s, record, seen, texts[t], IDENTITY_ORGANISATION, error) ||
				      !link_seen(s, record, seen, texts[t], IDENTITY_PERSON, error)))
			return FALSE;
	}
	return short_names(i, s, record, from, error);
}

/* ---- new names in old texts ---- */

static char *phrase_of(const char *name)
{
	g_autofree char *core = identity_org_name(name);
	if (core == NULL)
		return NULL;
	g_auto(GStrv) words = g_strsplit(core, " ", -1);
	GString *query = g_string_new(NULL);
	for (char **w = words; *w != NULL; w++)
		g_string_append_printf(query, "%s\"%s\"", query->len > 0 ? " AND " : "",
				       *w); /* folded: no quote can be in it */
	return g_string_free(query, FALSE);
}

gboolean identity_look_back(identity *i, store *s, guint budget, gboolean *more, GError **error)
{
	*more = FALSE;
	g_autoptr(GArray) rows =
		identity_numbers(s, error, "SELECT customer_id FROM identity_name_todo ORDER BY customer_id LIMIT ?",
				 "i", (gint64)budget + 1);
	for (guint n = 0; rows != NULL && n < rows->len; n++) {
		gint64 node = g_array_index(rows, gint64, n);
		gboolean failed = FALSE;
		if (n == budget) {
			*more = TRUE;
			break;
		}
		sqlite3_stmt *ask =
			identity_ask(s, error, "SELECT name FROM customer WHERE id = ? AND NOT gone", "i", node);
		if (ask == NULL)
			return FALSE;
		g_autofree char *query = NULL;
		if (identity_row(s, ask, &failed, error)) {
			query = phrase_of((const char *)sqlite3_column_text(ask, 0));
			sqlite3_reset(ask);
		}
		if (failed || !identity_do(s, error, "DELETE FROM identity_name_todo WHERE customer_id = ?", "i", node))
			return FALSE;
		if (query == NULL)
			continue;
		g_autoptr(GArray) records = identity_numbers(
			s, error,
			"SELECT r.id FROM record_fts f JOIN record r ON r.id = f.rowid WHERE record_fts MATCH ?"
			" AND r.kind > 2",
			"t", query);
		for (guint r = 0; records != NULL && r < records->len; r++)
			if (!identity_resolve_one(i, s, g_array_index(records, gint64, r), TRUE, error))
				return FALSE;
		if (records == NULL)
			return FALSE;
	}
	return rows != NULL;
}
