#include "identity/tables.h"

/* A customer row is one organisation or person as one record tells of it (or as somebody made it by hand). `now` is the
 * customer that it counts to today: itself, or the one that matching or a person put it together with. All else points
 * to rows, never to `now`, so that putting together and taking apart moves nothing. A row whose record is gone stays,
 * for its id is for ever. */
const char identity_tables[] =
	"CREATE TABLE customer ("
	"	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"	kind INTEGER NOT NULL," /* 1 organisation, 2 person */
	"	now INTEGER NOT NULL,"
	"	gone INTEGER NOT NULL DEFAULT 0," /* 1: no record tells of it any more */
	"	heir INTEGER,"                    /* gone: the row that its id leads to */
	"	source TEXT, external_id TEXT,"   /* NULL: made by hand */
	"	record_id INTEGER,"
	"	added INTEGER NOT NULL,"
	"	name TEXT NOT NULL,"    /* as written */
	"	profile TEXT NOT NULL," /* see profile.h */
	"	UNIQUE (source, external_id));"
	"CREATE INDEX customer_now ON customer(now);"
	"CREATE INDEX customer_heir ON customer(heir) WHERE heir IS NOT NULL;"
	"CREATE INDEX customer_by_record ON customer(record_id) WHERE record_id IS NOT NULL;"

	/* What records are about, in normal form: addresses, domains, ids, names. */
	"CREATE TABLE identity_key ("
	"	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"	kind INTEGER NOT NULL,"
	"	value TEXT NOT NULL,"
	"	parent INTEGER,"                   /* of an address: its domain */
	"	doubt INTEGER NOT NULL DEFAULT 0," /* 1: of several organisations, 2: of several persons */
	"	shown TEXT,"                       /* of an address: the name that came with it */
	"	UNIQUE (kind, value));"
	"CREATE INDEX identity_key_doubt ON identity_key(id) WHERE doubt <> 0;"
	"CREATE INDEX identity_key_parent ON identity_key(parent) WHERE parent IS NOT NULL;"

	/* Whose a key is. `via`: the row that told it (a contact tells its employer's domain), or minus the decision.
	 */
	"CREATE TABLE customer_key ("
	"	key_id INTEGER NOT NULL, customer_id INTEGER NOT NULL, via INTEGER NOT NULL,"
	"	strength INTEGER NOT NULL,"
	"	PRIMARY KEY (key_id, customer_id, via)) WITHOUT ROWID;"
	"CREATE INDEX customer_key_customer ON customer_key(customer_id);"
	"CREATE INDEX customer_key_via ON customer_key(via);"

	"CREATE TABLE record_key ("
	"	record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,"
	"	key_id INTEGER NOT NULL,"
	"	role INTEGER NOT NULL,"
	"	PRIMARY KEY (record_id, key_id)) WITHOUT ROWID;"
	"CREATE INDEX record_key_key ON record_key(key_id);"

	/* Why a record is about a customer: derived, except that a decision's rows say so by their rule. */
	"CREATE TABLE link ("
	"	record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,"
	"	customer_id INTEGER NOT NULL,"
	"	rule INTEGER NOT NULL,"
	"	strength INTEGER NOT NULL," /* 1 weak, 2 strong, 3 decided; -1 decided that it is not */
	"	key_id INTEGER,"
	"	words TEXT," /* what it rests on, where that is no key */
	"	PRIMARY KEY (record_id, customer_id, rule)) WITHOUT ROWID;"
	"CREATE INDEX link_customer ON link(customer_id, record_id);"
	"CREATE INDEX link_denied ON link(record_id) WHERE strength < 0;"
	"CREATE INDEX link_weak ON link(record_id) WHERE strength = 1;"

	"CREATE TABLE employment ("
	"	person INTEGER NOT NULL, organisation INTEGER NOT NULL,"
	"	key_id INTEGER NOT NULL,"          /* by which we know */
	"	since INTEGER NOT NULL,"           /* 0: from the beginning of what we know */
	"	until INTEGER NOT NULL DEFAULT 0," /* 0: today */
	"	PRIMARY KEY (person, organisation, since)) WITHOUT ROWID;"
	"CREATE INDEX employment_organisation ON employment(organisation);"

	/* Two rows that may be the same: bits of evidence (score.h). a < b */
	"CREATE TABLE identity_pair ("
	"	a INTEGER NOT NULL, b INTEGER NOT NULL,"
	"	bits REAL NOT NULL, why TEXT NOT NULL,"
	"	PRIMARY KEY (a, b)) WITHOUT ROWID;"
	"CREATE INDEX identity_pair_b ON identity_pair(b);"
	"CREATE TABLE identity_block ("
	"	key INTEGER NOT NULL, customer_id INTEGER NOT NULL,"
	"	PRIMARY KEY (key, customer_id)) WITHOUT ROWID;"
	"CREATE INDEX identity_block_customer ON identity_block(customer_id);"
	"CREATE TABLE identity_count ("
	"	field INTEGER NOT NULL, value TEXT NOT NULL, n INTEGER NOT NULL,"
	"	PRIMARY KEY (field, value)) WITHOUT ROWID;"
	/* How a one-word name is written in texts: in lower case it is a word, and no name. */
	"CREATE TABLE identity_word ("
	"	word TEXT PRIMARY KEY, lower INTEGER NOT NULL DEFAULT 0, upper INTEGER NOT NULL DEFAULT 0,"
	"	beside INTEGER NOT NULL DEFAULT 0," /* in records that are about the customer for other reasons, too */
	"	elsewhere INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"

	"CREATE TABLE decision ("
	"	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"	kind TEXT NOT NULL,"
	"	made INTEGER NOT NULL, who TEXT NOT NULL, why TEXT,"
	"	what TEXT NOT NULL," /* JSON */
	"	undone INTEGER NOT NULL DEFAULT 0, undone_by TEXT, undone_why TEXT);"
	/* What the decisions that stand say, for quick use: derived from decision. */
	"CREATE TABLE decided_pair ("
	"	decision INTEGER NOT NULL, same INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL,"
	"	PRIMARY KEY (decision, a, b)) WITHOUT ROWID;"
	"CREATE INDEX decided_pair_a ON decided_pair(a);"
	"CREATE INDEX decided_pair_b ON decided_pair(b);"
	"CREATE TABLE decided_link ("
	"	decision INTEGER NOT NULL, source TEXT NOT NULL, external_id TEXT NOT NULL,"
	"	customer_id INTEGER NOT NULL, strength INTEGER NOT NULL,"
	"	PRIMARY KEY (source, external_id, decision)) WITHOUT ROWID;"
	"CREATE INDEX decided_link_decision ON decided_link(decision);"
	"CREATE TABLE decided_role ("
	"	decision INTEGER PRIMARY KEY, person INTEGER NOT NULL, organisation INTEGER NOT NULL, role TEXT NOT "
	"NULL);"

	/* Rows whose record went, until identity has drawn the consequences. */
	"CREATE TABLE identity_gone (customer_id INTEGER PRIMARY KEY);"
	"CREATE TRIGGER customer_gone AFTER DELETE ON record WHEN old.kind <= 2 BEGIN"
	"	INSERT OR IGNORE INTO identity_gone SELECT id FROM customer WHERE record_id = old.id; END;"
	/* New names that texts of before may hold: looked for when the writer is idle. */
	"CREATE TABLE identity_name_todo (customer_id INTEGER PRIMARY KEY);"

	/* Whom a record is about, as things stand: one row a reason. Strength 2 and 3 are links, 1 is a suggestion. */
	"CREATE VIEW customer_record AS"
	"	SELECT l.record_id, c.now AS customer_id, l.customer_id AS row_id, l.rule, l.key_id, l.words,"
	"	CASE WHEN l.strength = 2 AND k.doubt & c.kind THEN 1 ELSE l.strength END AS strength"
	"	FROM link l JOIN customer c ON c.id = l.customer_id JOIN customer n ON n.id = c.now AND (NOT n.gone OR "
	"n.heir IS NOT NULL)"
	" LEFT JOIN identity_key k ON k.id = l.key_id"
	"	WHERE l.strength > 0 AND (l.strength = 3 OR NOT EXISTS (SELECT 1 FROM link d JOIN customer e ON e.id = "
	"d.customer_id"
	"	WHERE d.record_id = l.record_id AND d.strength < 0 AND e.now = c.now));";

/* Names' words stand in their order, so that they are found by their beginnings; what a row is filed under follows from
 * its profile, so nobody has to look it up by row. All rows are filed anew. Of a key's holders those are asked for whom
 * it does not belong to. */
const char identity_words_tables[] =
	"CREATE TABLE identity_name_word ("
	"	kind INTEGER NOT NULL, word TEXT NOT NULL, customer_id INTEGER NOT NULL,"
	"	PRIMARY KEY (kind, word, customer_id)) WITHOUT ROWID;"
	"DROP INDEX identity_block_customer;"
	"DELETE FROM identity_block;"
	"DELETE FROM identity_count;"
	"CREATE TABLE identity_file_todo (customer_id INTEGER PRIMARY KEY);"
	"INSERT INTO identity_file_todo SELECT id FROM customer WHERE NOT gone;"
	"DROP INDEX record_key_key;"
	"CREATE INDEX record_key_key ON record_key(key_id, role);";

/* What a word of a name alone means is weighed when the writer is idle, from all places where it was seen, so that it
 * does not depend on which came first. `form`: enum identity_form. */
const char identity_sighting_tables[] =
	"CREATE TABLE identity_sighting ("
	"	customer_id INTEGER NOT NULL,"
	"	record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,"
	"	form INTEGER NOT NULL,"
	"	PRIMARY KEY (customer_id, record_id)) WITHOUT ROWID;"
	"CREATE INDEX identity_sighting_record ON identity_sighting(record_id);"
	"CREATE TABLE identity_alias (customer_id INTEGER PRIMARY KEY, state INTEGER NOT NULL);"
	"DROP TABLE identity_word;"
	/* `alone` 1: no text need be looked through, only what the name alone means weighed anew. */
	"ALTER TABLE identity_name_todo ADD COLUMN alone INTEGER NOT NULL DEFAULT 0;"
	"INSERT OR IGNORE INTO identity_name_todo(customer_id) SELECT id FROM customer WHERE NOT gone;"
	/* Records that hold names, and whose other links have changed. */
	"CREATE TABLE identity_scan_todo (record_id INTEGER PRIMARY KEY REFERENCES record(id) ON DELETE CASCADE);";
