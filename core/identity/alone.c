/* What a word of a customer's name means where it stands alone: "Meriharjulle" is the dairy Meriharjun Meijeri, "valo"
 * is light. It is weighed when the writer is idle, from all places where the word was seen and from what else the
 * records are about; not from what it was taken for before. So it does not matter which record came first. */
#include "identity/internal.h"

#include <math.h>
#include <string.h>

#include "identity/keys.h"
#include "identity/names.h"
#include "text/namekey.h"

#define SEEN_MOST   2000 /* of the newest places */
#define BESIDE_MOST 300  /* records whose company is looked at */
#define FULL_MOST   400  /* newest links that are looked through for the whole name */
#define STAFF_MOST  200
#define BEHIND_MOST 50 /* records of a conversation that are read again */

static gboolean weigh_later(store *s, gint64 node, GError **error)
{
	return identity_do(s, error, "INSERT OR IGNORE INTO identity_name_todo(customer_id, alone) VALUES (?, 1)", "i",
			   node);
}

gboolean identity_alone_seen(struct identity *i, store *s, gint64 record, gint64 node, int form, GError **error)
{
	return identity_do(s, error,
			   "INSERT INTO identity_sighting(customer_id, record_id, form) VALUES (?1, ?2, ?3)"
			   " ON CONFLICT DO UPDATE SET form = form | ?3",
			   "iii", node, record, (gint64)form) &&
	       (i->looking_back || weigh_later(s, node, error));
}

gboolean identity_alone_doubt(store *s, gint64 node, GError **error)
{
	return identity_do(s, error,
			   "INSERT OR IGNORE INTO identity_name_todo(customer_id, alone) SELECT ?1, 1 WHERE EXISTS"
			   " (SELECT 1 FROM identity_sighting WHERE customer_id = ?1)",
			   "i", node);
}

gboolean identity_alone_behind(store *s, gint64 record, GError **error)
{
	return identity_do(
		s, error,
		"INSERT OR IGNORE INTO identity_scan_todo(record_id) SELECT b.id FROM record r JOIN record b ON"
		" b.source_id = r.source_id AND b.thread = r.thread AND b.id > r.id WHERE r.id = ?1 AND"
		" r.thread IS NOT NULL ORDER BY b.id LIMIT ?2",
		"ii", record, (gint64)BEHIND_MOST);
}

gboolean identity_alone_relinked(store *s, gint64 record, GError **error)
{
	return identity_do(s, error,
			   "INSERT OR IGNORE INTO identity_name_todo(customer_id, alone) SELECT customer_id, 1 FROM"
			   " identity_sighting WHERE record_id = ?",
			   "i", record) &&
	       identity_do(s, error,
			   "INSERT OR IGNORE INTO identity_scan_todo(record_id) SELECT record_id FROM identity_sighting"
			   " WHERE record_id = ? LIMIT 1",
			   "i", record) &&
	       identity_alone_behind(s, record, error);
}

gboolean identity_words_alike(const char *a, const char *b)
{
	struct namekeys x, y;
	gsize n = strlen(a), m = strlen(b);
	if (strcmp(a, b) == 0)
		return TRUE;
	if (n < 4 || m < 4 || n > 40 || m > 40)
		return FALSE;
	memset(&x, 0, sizeof x);
	memset(&y, 0, sizeof y);
	namekey_query(a, n, &x);
	namekey(b, m, &y);
	for (unsigned k = 0; k < x.count; k++)
		for (unsigned l = 0; l < y.likely; l++)
			if (x.key[k].length == y.key[l].length &&
			    memcmp(x.key[k].bytes, y.key[l].bytes, x.key[k].length) == 0)
				return TRUE;
	return FALSE;
}

/* ---- what speaks for what ---- */

struct evidence {
	gint64 lower, inside, lone; /* records: in small letters; with a capital inside of a sentence; all */
	gint64 beside, elsewhere;   /* with the capital: about the customer for other reasons, too; about others */
	gint64 full;                /* with the whole name */
	gboolean owner;             /* somebody of that name works there */
};

static gboolean read_forms(store *s, gint64 node, struct evidence *e, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(
		s, error,
		"SELECT total(form & 1), total((form & 4) > 0), count(*) FROM (SELECT form FROM identity_sighting WHERE"
		" customer_id = ? ORDER BY record_id DESC LIMIT ?)",
		"ii", node, (gint64)SEEN_MOST);
	if (ask == NULL || !identity_row(s, ask, &failed, error))
		return FALSE;
	e->lower = sqlite3_column_int64(ask, 0);
	e->inside = sqlite3_column_int64(ask, 1);
	e->lone = sqlite3_column_int64(ask, 2);
	sqlite3_reset(ask);
	return TRUE;
}

/* In whose company the word is written. A link by the word itself, which has no key, is no company. */
static gboolean read_company(store *s, gint64 node, struct evidence *e, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(
		s, error,
		"SELECT total(beside), total(NOT beside AND elsewhere) FROM (SELECT EXISTS (SELECT 1 FROM link l JOIN"
		" customer c ON c.id = l.customer_id WHERE l.record_id = g.record_id AND l.strength >= 2 AND c.now = ?2"
		" AND l.rule <> ?4 AND (l.rule <> ?3 OR l.key_id IS NOT NULL)) AS beside, EXISTS (SELECT 1 FROM link l"
		" JOIN customer c ON c.id = l.customer_id WHERE l.record_id = g.record_id AND l.strength >= 2 AND"
		" c.kind = 1 AND l.rule <> ?3 AND l.rule <> ?4) AS elsewhere FROM identity_sighting g WHERE"
		" g.customer_id = ?1 AND g.form > 1 ORDER BY g.record_id DESC LIMIT ?5)",
		"iiiii", node, identity_now(s, node), (gint64)IDENTITY_RULE_MENTION,
		(gint64)IDENTITY_RULE_MENTION_SHORT, (gint64)BESIDE_MOST);
	if (ask == NULL || !identity_row(s, ask, &failed, error))
		return FALSE;
	e->beside = sqlite3_column_int64(ask, 0);
	e->elsewhere = sqlite3_column_int64(ask, 1);
	sqlite3_reset(ask);
	return TRUE;
}

static gboolean read_full(store *s, gint64 node, struct evidence *e, GError **error)
{
	return identity_number(s, error, &e->full, 0,
			       "SELECT count(*) FROM (SELECT rule, key_id, strength FROM link WHERE customer_id = ?1"
			       " ORDER BY record_id DESC LIMIT ?2) WHERE rule = ?3 AND strength >= 2 AND key_id IS NOT"
			       " NULL",
			       "iii", node, (gint64)FULL_MOST, (gint64)IDENTITY_RULE_MENTION);
}

/* Virtasen Konepaja is Eeva Virtanen's: who says Virtanen there, means it or her. */
static gboolean read_owner(store *s, gint64 node, const char *word, struct evidence *e, GError **error)
{
	gboolean failed = FALSE;
	sqlite3_stmt *ask = identity_ask(s, error,
					 "SELECT p.name FROM employment e JOIN customer p ON p.id = e.person WHERE"
					 " e.organisation = ? AND NOT p.gone LIMIT ?",
					 "ii", node, (gint64)STAFF_MOST);
	if (ask == NULL)
		return FALSE;
	while (identity_row(s, ask, &failed, error)) {
		struct identity_person person;
		if (!e->owner && identity_person_parse((const char *)sqlite3_column_text(ask, 0), &person)) {
			e->owner = person.family != NULL && identity_words_alike(word, person.family);
			identity_person_clear(&person);
		}
	}
	return !failed;
}

static int meaning_of(const struct evidence *e)
{
	int state = 0;
	gboolean company = e->beside >= 2 && e->elsewhere * 5 <= e->beside;
	gint64 theirs = e->full + e->beside, open = e->lone - e->beside - e->elsewhere;
	gboolean whole = e->full >= 5 && e->elsewhere * 20 <= theirs && open * 2 <= theirs;
	if (company || whole || e->owner)
		state |= IDENTITY_ALONE_THEIRS;
	if (e->lower == 0 && e->inside > 0)
		state |= IDENTITY_ALONE_NAME;
	if (e->lower >= 3 && e->lower * 4 > e->inside)
		state |= IDENTITY_ALONE_WORD;
	return state;
}

static gboolean weigh_word(store *s, gint64 node, const char *word, int *state, GError **error)
{
	struct evidence e = {0};
	if (!read_forms(s, node, &e, error) || !read_company(s, node, &e, error) || !read_full(s, node, &e, error) ||
	    !read_owner(s, node, word, &e, error))
		return FALSE;
	*state = meaning_of(&e);
	return TRUE;
}

/* A name that nobody else bears, and a rare one. */
static gboolean weigh_person(struct identity *i, store *s, const char *core, int *state, GError **error)
{
	gint64 namesakes;
	const char *family = strchr(core, ' ');
	if (!identity_number(
		    s, error, &namesakes, 0,
		    "SELECT count(DISTINCT c.now) FROM identity_key k JOIN customer_key o ON o.key_id = k.id JOIN"
		    " customer c ON c.id = o.customer_id WHERE k.kind = ? AND k.value = ?",
		    "it", (gint64)IDENTITY_KEY_PERSON, core))
		return FALSE;
	g_autofree char *given = g_strndup(core, (gsize)(family - core));
	double people = MAX(identity_counts_population(i, s, IDENTITY_PERSON), 250);
	double rarity = 2 * log2(people) - log2(MAX(identity_counts_get(i, s, IDENTITY_GIVEN, given), 0.5)) -
			log2(MAX(identity_counts_get(i, s, IDENTITY_FAMILY, family + 1), 0.5));
	*state = namesakes == 1 && rarity >= 14 ? IDENTITY_ALONE_THEIRS : 0;
	return TRUE;
}

static gboolean weigh(struct identity *i, store *s, gint64 node, int *state, GError **error)
{
	const struct identity_named *name = identity_automaton_name(i->names, -node);
	if (name == NULL)
		name = identity_automaton_name(i->names, node);
	*state = 0;
	if (name == NULL)
		return TRUE;
	gboolean several = strchr(name->core, ' ') != NULL;
	if (name->kind == IDENTITY_PERSON)
		return !several || weigh_person(i, s, name->core, state, error);
	return several || weigh_word(s, node, name->core, state, error);
}

static gboolean weighed(store *s, gint64 node, gint64 *state, GError **error)
{
	return identity_number(s, error, state, -1, "SELECT state FROM identity_alias WHERE customer_id = ?", "i",
			       node);
}

gboolean identity_alone_state(struct identity *i, store *s, gint64 node, int *state, GError **error)
{
	gint64 before;
	if (!weighed(s, node, &before, error))
		return FALSE;
	*state = (int)before;
	return before >= 0 || weigh(i, s, node, state, error);
}

gboolean identity_alone_weigh(struct identity *i, store *s, gint64 node, gboolean *other, GError **error)
{
	gint64 before;
	int state;
	if (!weighed(s, node, &before, error) || !weigh(i, s, node, &state, error))
		return FALSE;
	*other = state != before;
	return !*other ||
	       identity_do(s, error, "INSERT OR REPLACE INTO identity_alias(customer_id, state) VALUES (?, ?)", "ii",
			   node, (gint64)state);
}
