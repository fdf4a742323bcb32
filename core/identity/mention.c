/* Which customers a text names, and whether that is enough. A name of several words is; one word that the language has,
 * too, is not ("Kone"), unless a legal form follows; a word of a name counts where the conversation has named the
 * customer in full. */
#include "identity/internal.h"

#include <string.h>

#include "identity/keys.h"
#include "identity/names.h"

#define PERSONS_MOST   200000 /* above that persons' names in texts say nothing */
#define LOOK_BACK_MOST 20000  /* texts, the newest, that one new name is looked for in */
#define AROUND_MOST    4      /* customers that a conversation is about */

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
	i->names = identity_automaton_new();
	while (identity_row(s, ask, &failed, error))
		identity_automaton_set(i->names, sqlite3_column_int64(ask, 0), sqlite3_column_int(ask, 1),
				       (const char *)sqlite3_column_text(ask, 2));
	if (failed)
		identity_names_forget(i);
	return !failed;
}

/* ---- is it enough? ---- */

static int form_of(const struct identity_seen_name *seen)
{
	if (seen->title)
		return IDENTITY_FORM_TITLE;
	return seen->capitals == 0 ? IDENTITY_FORM_LOWER : seen->opens ? IDENTITY_FORM_OPENS : IDENTITY_FORM_INSIDE;
}

/* 2 enough, 1 a suggestion, 0 nothing. */
static int strength_of_alias(const struct identity_seen_name *seen, int alone)
{
	gboolean heads = seen->title && seen->start == 0; /* a note about the customer is called by its name */
	gboolean theirs = (alone & IDENTITY_ALONE_THEIRS) != 0, name = theirs || (alone & IDENTITY_ALONE_NAME) != 0;
	if ((alone & IDENTITY_ALONE_WORD) != 0 || (seen->capitals == 0 && !heads))
		return 0;
	switch (seen->name->wording) {
	case IDENTITY_WORDS_NONE:
		return 2;
	case IDENTITY_WORDS_COMPOUND:
		return seen->capitals > 0 && (!seen->opens || name) ? 2 : 0;
	default:
		return seen->capitals == 0 ? 0 : theirs ? 2 : seen->opens ? 0 : 1;
	}
}

static int strength_of_one_word(const struct identity_seen_name *seen, int alone)
{
	if (seen->capitals == 0)
		return 0;
	if (seen->form_behind)
		return 2;
	gboolean special = (alone & IDENTITY_ALONE_WORD) == 0 && seen->name->wording == IDENTITY_WORDS_NONE;
	if (seen->name->shouted || strlen(seen->name->core) < 4)
		return seen->upper && special ? 2 : 0;
	return special ? 2 : seen->opens ? 0 : 1;
}

static int strength_of_words(const struct identity_seen_name *seen)
{
	if (seen->form_behind || seen->name->wording <= IDENTITY_WORDS_PROPER || seen->capitals == seen->words)
		return 2;
	if (seen->title && (seen->start == 0 || seen->capitals > 0))
		return 2;
	if (seen->capitals == 0)
		return 1;
	/* at the beginning of a sentence any word has a capital; a genitive before a noun is still the name of
	 * something */
	gsize first = strcspn(seen->name->core, " ");
	return !seen->opens || (first >= 6 && seen->name->core[first - 1] == 'n') ? 2 : 1;
}

/* ---- persons: namesakes are many ---- */

/* A rare name that one customer's contact alone bears (alone.c); or the record is about the employer, too. */
static gboolean strength_of_person(struct identity *i, store *s, gint64 record, const struct identity_seen_name *seen,
				   int *strength, GError **error)
{
	gint64 there;
	int alone;
	*strength = 0;
	if (seen->capitals < 2)
		return TRUE;
	if (!identity_alone_seen(i, s, record, seen->name->node, IDENTITY_FORM_PERSON, error) ||
	    !identity_alone_state(i, s, seen->name->node, &alone, error) ||
	    !identity_number(s, error, &there, 0,
			     "SELECT EXISTS (SELECT 1 FROM employment e JOIN link l ON l.customer_id = e.organisation"
			     " WHERE e.person = ?1 AND l.record_id = ?2 AND l.strength >= 2)",
			     "ii", seen->name->node, record))
		return FALSE;
	*strength = there || (alone & IDENTITY_ALONE_THEIRS) != 0 ? 2 : 1;
	return TRUE;
}

static gboolean strength_of(struct identity *i, store *s, gint64 record, const struct identity_seen_name *seen,
			    int *strength, GError **error)
{
	int alone;
	if (seen->name->kind == IDENTITY_PERSON)
		return strength_of_person(i, s, record, seen, strength, error);
	if (seen->words > 1) {
		*strength = strength_of_words(seen);
		return identity_alone_doubt(s, seen->name->node, error);
	}
	if (!identity_alone_seen(i, s, record, seen->name->node, form_of(seen), error) ||
	    !identity_alone_state(i, s, seen->name->node, &alone, error))
		return FALSE;
	*strength = seen->name->alias ? strength_of_alias(seen, alone) : strength_of_one_word(seen, alone);
	return TRUE;
}

/* ---- links ---- */

static gboolean write_link(store *s, gint64 record, const struct identity_seen_name *seen, const char *text,
			   enum identity_rule rule, int strength, GError **error)
{
	gint64 key;
	g_autofree char *words = g_strndup(text + seen->start, MIN(seen->end - seen->start, 120));
	enum identity_key_kind kind = seen->name->kind == IDENTITY_PERSON ? IDENTITY_KEY_PERSON : IDENTITY_KEY_ORG;
	const char *core = seen->name->core; /* an alias has no key, and no doubt of others who bear the name */
	return identity_number(s, error, &key, 0, "SELECT id FROM identity_key WHERE kind = ?1 AND value = ?2 AND ?3",
			       "iti", (gint64)kind, core, (gint64)!seen->name->alias) &&
	       identity_do(s, error,
			   "INSERT INTO link(record_id, customer_id, rule, strength, key_id, words) VALUES (?1, ?2, "
			   "?3, ?4, nullif(?5, 0), ?6)"
			   " ON CONFLICT DO UPDATE SET strength = ?4, words = ?6 WHERE strength < ?4",
			   "iiiiit", record, seen->name->node, (gint64)rule, (gint64)strength, key, words);
}

/* The first word of two customers' names stands for neither. */
static gboolean ambiguous(store *s, const GArray *seen, guint which)
{
	const struct identity_seen_name *one = &g_array_index(seen, struct identity_seen_name, which);
	for (guint n = 0; one->name->alias && n < seen->len; n++) {
		const struct identity_seen_name *other = &g_array_index(seen, struct identity_seen_name, n);
		if (n != which && other->start == one->start && other->end == one->end &&
		    identity_now(s, other->name->node) != identity_now(s, one->name->node))
			return TRUE;
	}
	return FALSE;
}

/* Who is named speaks for the employer of that time. */
static gboolean link_employer(store *s, gint64 record, const struct identity_seen_name *seen, GError **error)
{
	return identity_do(
		s, error,
		"INSERT OR IGNORE INTO link(record_id, customer_id, rule, strength, key_id, words) SELECT ?1,"
		" e.organisation, ?3, 2, e.key_id, ?4 FROM employment e JOIN record r ON r.id = ?1 WHERE e.person = ?2"
		" AND (e.until = 0 OR e.until > r.occurred) AND (e.since <= r.occurred OR e.since = (SELECT min(since)"
		" FROM employment f WHERE f.person = ?2))",
		"iiit", record, seen->name->node, (gint64)IDENTITY_RULE_MENTION, seen->name->core);
}

static gboolean link_seen(struct identity *i, store *s, gint64 record, const GArray *seen, const char *text, int kind,
			  GError **error)
{
	for (guint n = 0; n < seen->len; n++) {
		const struct identity_seen_name *one = &g_array_index(seen, struct identity_seen_name, n);
		int strength;
		if (one->name->kind != kind || ambiguous(s, seen, n))
			continue;
		if (!strength_of(i, s, record, one, &strength, error) ||
		    (strength > 0 && !write_link(s, record, one, text, IDENTITY_RULE_MENTION, strength, error)) ||
		    (strength > 1 && kind == IDENTITY_PERSON && !link_employer(s, record, one, error)))
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

/* TRUE when the word is part of a whole name that the text has, or two customers' names have it. */
static gboolean taken(const GArray *seen, const struct identity_seen_name *one, const GArray *whole)
{
	for (guint n = 0; n < seen->len; n++) {
		const struct identity_seen_name *other = &g_array_index(seen, struct identity_seen_name, n);
		if (other->start == one->start && strcmp(other->name->core, one->name->core) != 0)
			return TRUE;
	}
	for (guint n = 0; n < whole->len; n++) {
		const struct identity_seen_name *other = &g_array_index(whole, struct identity_seen_name, n);
		if (other->words > 1 && other->start <= one->start && other->end >= one->end)
			return TRUE;
	}
	return FALSE;
}

/* `whole`: names that the text has in full. */
static gboolean short_names(struct identity *i, store *s, gint64 record, const struct meri_record *from,
			    const GArray *whole, GError **error)
{
	if (from->text == NULL || from->thread == NULL || i->linked == record)
		return TRUE; /* nothing to look at, or keys have said it */
	g_autoptr(GArray) rows = around(s, record, from, error);
	g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(struct identity_seen_name));
	if (rows == NULL)
		return FALSE;
	if (rows->len == 0 || rows->len > AROUND_MOST)
		return TRUE;
	identity_automaton_scan_words(i->names, from->text, (const gint64 *)(void *)rows->data, rows->len, seen);
	for (guint n = 0; n < seen->len; n++) {
		const struct identity_seen_name *one = &g_array_index(seen, struct identity_seen_name, n);
		if (!taken(seen, one, whole) &&
		    !write_link(s, record, one, from->text, IDENTITY_RULE_MENTION_SHORT, 2, error))
			return FALSE;
	}
	return TRUE;
}

/* What a customer's own record says of others: they are named, and in full. */
static gboolean named_beside(struct identity *i, store *s, gint64 record, const GArray *seen, const char *text,
			     GError **error)
{
	gint64 own;
	if (!identity_number(s, error, &own, 0, "SELECT now FROM customer WHERE record_id = ?", "i", record))
		return FALSE;
	for (guint n = 0; n < seen->len; n++) {
		const struct identity_seen_name *one = &g_array_index(seen, struct identity_seen_name, n);
		int strength;
		if (one->name->kind != IDENTITY_ORGANISATION || identity_now(s, one->name->node) == own)
			continue;
		if (one->words < 2) {
			if (!identity_alone_seen(i, s, record, one->name->node, form_of(one), error))
				return FALSE;
			continue;
		}
		if (!strength_of(i, s, record, one, &strength, error) ||
		    (strength > 1 && !write_link(s, record, one, text, IDENTITY_RULE_MENTION, strength, error)))
			return FALSE;
	}
	return TRUE;
}

static gboolean scan(struct identity *i, store *s, gint64 record, const struct meri_record *from, const char *text,
		     gboolean title, GArray *seen, GError **error)
{
	if (text == NULL)
		return TRUE;
	identity_automaton_scan(i->names, text, seen);
	for (guint n = 0; n < seen->len; n++)
		g_array_index(seen, struct identity_seen_name, n).title = title;
	if (seen->len == 0)
		return TRUE;
	if (from->kind <= MERI_PERSON)
		return title || named_beside(i, s, record, seen, text, error);
	return link_seen(i, s, record, seen, text, IDENTITY_ORGANISATION, error) &&
	       link_seen(i, s, record, seen, text, IDENTITY_PERSON, error);
}

gboolean identity_mentions(struct identity *i, store *s, gint64 record, const struct meri_record *from, GError **error)
{
	gboolean fresh = i->hand != NULL && i->hand->row == record && i->hand->fresh;
	if (i->newest >= 0)
		i->newest = MAX(i->newest, record);
	if (!load(i, s, error) ||
	    (!fresh &&
	     !(identity_do(s, error, "DELETE FROM link WHERE record_id = ?1 AND (rule = ?2 OR rule = ?3)", "iii",
			   record, (gint64)IDENTITY_RULE_MENTION, (gint64)IDENTITY_RULE_MENTION_SHORT) &&
	       identity_do(s, error, "DELETE FROM identity_sighting WHERE record_id = ?", "i", record))))
		return FALSE;
	g_autoptr(GArray) in_title = g_array_new(FALSE, FALSE, sizeof(struct identity_seen_name));
	g_autoptr(GArray) in_text = g_array_new(FALSE, FALSE, sizeof(struct identity_seen_name));
	return scan(i, s, record, from, from->title, TRUE, in_title, error) &&
	       scan(i, s, record, from, from->text, FALSE, in_text, error) &&
	       (from->kind <= MERI_PERSON || short_names(i, s, record, from, in_text, error)) &&
	       (!i->looking_back || in_title->len + in_text->len == 0 || identity_alone_behind(s, record, error)) &&
	       ((from->kind != MERI_TICKET && from->kind != MERI_MESSAGE) || in_title->len + in_text->len == 0 ||
		identity_relink_comments(i, s, record, error));
}

/* ---- new names in old texts ---- */

/* All words of the name; the first alone, where people say it for the whole. Two that are written with a hyphen, the
 * index knows as one. */
static char *phrase_of(const struct identity *i, gint64 node)
{
	const struct identity_named *alias = identity_automaton_name(i->names, -node),
				    *name = identity_automaton_name(i->names, node);
	if (name == NULL || *name->core == '\0')
		return NULL;
	g_auto(GStrv) words = g_strsplit(name->core, " ", -1); /* folded: no quote can be in it */
	g_autofree char *all = g_strjoinv("\" AND \"", words);
	GString *query = g_string_new(NULL);
	g_string_append_printf(query, "(\"%s\")", alias != NULL ? alias->core : all);
	for (char **w = words; w[0] != NULL && w[1] != NULL; w++)
		g_string_append_printf(query, " OR \"%s%s\"", w[0], w[1]);
	return g_string_free(query, FALSE);
}

static gboolean scan_again(identity *i, store *s, const GArray *records, GError **error)
{
	for (guint r = 0; records != NULL && r < records->len; r++)
		if (!identity_resolve_one(i, s, g_array_index(records, gint64, r), TRUE, error))
			return FALSE;
	return records != NULL;
}

/* Texts of before that may hold the name of the row. */
static gboolean look_for(identity *i, store *s, gint64 node, GError **error)
{
	g_autofree char *query = phrase_of(i, node);
	if (query == NULL)
		return TRUE;
	g_autoptr(GArray) records = identity_numbers(
		s, error,
		"SELECT r.id FROM record_fts f JOIN record r ON r.id = f.rowid WHERE record_fts MATCH ?1"
		" ORDER BY f.rowid DESC LIMIT ?2",
		"ti", query, (gint64)LOOK_BACK_MOST);
	return scan_again(i, s, records, error);
}

static gboolean look_back(identity *i, store *s, gint64 node, GError **error)
{
	gint64 alone;
	gboolean other;
	if (!load(i, s, error) ||
	    !identity_number(s, error, &alone, 1, "SELECT alone FROM identity_name_todo WHERE customer_id = ?", "i",
			     node) ||
	    (!alone && !look_for(i, s, node, error)) ||
	    !identity_do(s, error, "DELETE FROM identity_name_todo WHERE customer_id = ?", "i", node) ||
	    !identity_alone_weigh(i, s, node, &other, error))
		return FALSE;
	if (!other)
		return TRUE;
	g_autoptr(GArray) records = identity_numbers(
		s, error, "SELECT record_id FROM identity_sighting WHERE customer_id = ? AND form > 1", "i", node);
	return scan_again(i, s, records, error);
}

/* Records whose other links have changed since they were scanned. */
static gboolean look_again(identity *i, store *s, guint budget, GError **error)
{
	g_autoptr(GArray) records = identity_numbers(
		s, error, "SELECT record_id FROM identity_scan_todo ORDER BY record_id LIMIT ?", "i", (gint64)budget);
	for (guint r = 0; records != NULL && r < records->len; r++)
		if (!identity_do(s, error, "DELETE FROM identity_scan_todo WHERE record_id = ?", "i",
				 g_array_index(records, gint64, r)))
			return FALSE;
	return scan_again(i, s, records, error);
}

gboolean identity_look_back(identity *i, store *s, guint budget, gboolean *more, GError **error)
{
	gint64 left = 0;
	*more = FALSE;
	if (!identity_file_rest(i, s, error) || !load(i, s, error))
		return FALSE;
	g_autoptr(GArray) rows =
		identity_numbers(s, error, "SELECT customer_id FROM identity_name_todo ORDER BY customer_id LIMIT ?",
				 "i", (gint64)budget);
	i->looking_back = TRUE;
	gboolean ok = rows != NULL && look_again(i, s, budget, error);
	for (guint n = 0; ok && n < rows->len; n++)
		ok = look_back(i, s, g_array_index(rows, gint64, n), error);
	i->looking_back = FALSE;
	ok = ok && identity_number(s, error, &left, 0,
				   "SELECT EXISTS (SELECT 1 FROM identity_name_todo) OR EXISTS (SELECT 1 FROM "
				   "identity_scan_todo)",
				   "");
	*more = left != 0;
	return ok;
}
