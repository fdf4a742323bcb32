/* What an asker may know of customers: only what records tell that they may read. Row by row:
 *
 * - A customer row is *told* if its own record is open, or if it was made by hand. A row that is not told is not there,
 *   but for its id: a group keeps its id, and ids of before a merge lead to it, as long as another row of the group is
 *   told; such a row looks like one whose record has gone, and has the name of the oldest row that is told.
 * - A key is a customer's if the row that said so is told, or a decision said so.
 * - A link is there if the record is open and what it rests on is: the row, the key's claim, the employment, the
 * ticket. It is a suggestion where what is left of its reasons would only have made it one.
 * - Whether a key is in doubt is worked out among the rows that are told.
 *
 * Which rows are one customer is worked out from all records, for everybody the same: otherwise two colleagues would
 * not speak of the same customer. */
#include <assert.h>

#include "identity/internal.h"
#include "identity/tables.h"

/* The rules' numbers as they stand in the SQL below. */
static_assert(IDENTITY_RULE_ITSELF == 1 && IDENTITY_RULE_CRM_OWN == 3 && IDENTITY_RULE_DOMAIN == 6 &&
		      IDENTITY_RULE_PERSON == 9 && IDENTITY_RULE_EMPLOYER == 11 && IDENTITY_RULE_MENTION == 12 &&
		      IDENTITY_RULE_MENTION_SHORT == 13 && IDENTITY_RULE_DECIDED == 14 && IDENTITY_RULE_DENIED == 15 &&
		      IDENTITY_RULE_NAME_NEAR == 16 && IDENTITY_RULE_THREAD == 17,
	      "rules");

#define TOLD "meri_told(c.id)"
/* The row that speaks for a row that is not told: one that matching found to be the same, else the oldest. */
#define PAIRED(column, ours, theirs)                                                                                   \
	"(SELECT t." column " FROM main.identity_pair p JOIN fence_told t ON t.id = p." theirs " WHERE p." ours        \
	" = c.id AND t.now = c.now ORDER BY t.id LIMIT 1)"
#define HELPER_OF(column)                                                                                              \
	"coalesce(" PAIRED(column, "b", "a") ", " PAIRED(                                                              \
		column, "a", "b") ", "                                                                                 \
				  "(SELECT t." column " FROM fence_told t WHERE t.now = c.now ORDER BY t.id LIMIT 1))"
#define PLAIN_COLUMN(column, otherwise) "iif(" TOLD ", c." column ", " otherwise ") AS " column ", "
#define HELPED_COLUMN(column, of)       "iif(" TOLD ", c." column ", " HELPER_OF(of) ") AS " column ", "
#define GONE                            PLAIN_COLUMN("gone", "1")
#define HEIR                            HELPED_COLUMN("heir", "id")
#define SOURCE                          PLAIN_COLUMN("source", "NULL")
#define EXTERNAL_ID                     PLAIN_COLUMN("external_id", "NULL")
#define RECORD_ID                       PLAIN_COLUMN("record_id", "NULL")
#define PROFILE                         PLAIN_COLUMN("profile", "''")
#define NAME                            HELPED_COLUMN("name", "name")
/* Has the row's id been the customer's, to those who may read what is told of it? It is the customer's today; its
 * record was in a source that is open; or somebody made one customer of two, and matching had it with a row that is
 * told. */
#define IS_MERGED(side) "EXISTS (SELECT 1 FROM main.decided_pair d WHERE d.same AND d." side " = c.id)"
#define IS_PAIRED       "coalesce(" PAIRED("id", "b", "a") ", " PAIRED("id", "a", "b") ")"
#define WAS_OPEN                                                                                                       \
	"c.gone AND EXISTS (SELECT 1 FROM main.source s WHERE s.name = c.source AND"                                   \
	" meri_open_source(s.id))"
#define LEADS "(c.id = c.now OR " WAS_OPEN " OR ((" IS_MERGED("a") " OR " IS_MERGED("b") ") AND " IS_PAIRED "))"
#define CUSTOMER                                                                                                       \
	"SELECT " GONE HEIR SOURCE EXTERNAL_ID RECORD_ID PROFILE NAME "c.id, c.kind, c.now, c.added"                   \
	" FROM main.customer c WHERE " TOLD " OR (" LEADS " AND meri_told_group(c.now))"

/* Does what the link rests on stand? */
#define EMPLOYED(l)                                                                                                    \
	"EXISTS (SELECT 1 FROM employment e JOIN customer_key o ON o.customer_id = e.person JOIN main.record_key h ON" \
	" h.key_id = o.key_id AND h.record_id = " l ".record_id WHERE e.organisation = " l ".customer_id)"
#define RESTS(l)                                                                                                       \
	"CASE WHEN " l ".rule IN (14, 15) THEN meri_seen(" l ".customer_id) WHEN " l ".rule IN (1, 3, 12, 13, 16)"     \
	" THEN meri_told(" l ".customer_id) WHEN " l ".rule = 11 THEN meri_told(" l                                    \
	".customer_id) AND " EMPLOYED(l) " ELSE meri_claims(" l ".key_id, " l ".customer_id) > 0 END"

/* What is said about a ticket is about whom the open ticket is about. */
#define LINKED                                                                                                         \
	"CASE WHEN l.rule = 17 THEN EXISTS (SELECT 1 FROM main.record m JOIN main.record k ON k.source_id = "          \
	"m.source_id AND k.external_id = m.parent JOIN main.link p ON p.record_id = k.id AND p.customer_id = "         \
	"l.customer_id AND p.strength = 2 AND p.rule NOT IN (1, 17) WHERE m.id = l.record_id AND EXISTS (SELECT 1"     \
	" FROM record_brief b WHERE b.id = k.id) AND " RESTS("p") ") ELSE " RESTS("l") " END"

/* One guess that a domain is a customer's makes a suggestion, two make a link; a person's name alone makes a
 * suggestion, and a link where the record is about an employer. */
#define STRENGTH                                                                                                       \
	"CASE WHEN l.strength <> 2 THEN l.strength"                                                                    \
	" WHEN l.rule = 6 AND meri_claims(l.key_id, l.customer_id) = 1 THEN 1"                                         \
	" WHEN l.rule = 9 AND NOT EXISTS (SELECT 1 FROM employment e JOIN main.link o ON o.record_id = l.record_id"    \
	" AND o.customer_id = e.organisation AND o.strength >= 2 WHERE e.person = l.customer_id) THEN 1 ELSE 2 END"

const struct store_fence_question identity_fence_questions[] = {
	{"meri_told", "SELECT 1 FROM fence_told WHERE id = ?1", 1},
	{"meri_seen", "SELECT 1 FROM customer WHERE id = ?1", 1},
	{"meri_told_group", "SELECT 1 FROM fence_told WHERE now = ?1 LIMIT 1", 1},
	/* 0: nobody who is told claims the key for the row; 1: one does by a guess; 2: surely. */
	{"meri_claims",
	 "SELECT iif(count(*) = 0, 0, iif(max(strength) = 1 AND count(*) = 1, 1, 2)) FROM customer_key WHERE key_id = "
	 "?1"
	 " AND customer_id = ?2",
	 2},
	/* The bits of the kinds of customers of which more than one claims the key as well as anybody does. */
	{"meri_doubt",
	 "SELECT coalesce(sum(DISTINCT kind), 0) FROM (SELECT c.kind FROM customer_key o JOIN customer c ON c.id ="
	 " o.customer_id WHERE o.key_id = ?1 AND o.strength = (SELECT max(p.strength) FROM customer_key p JOIN"
	 " customer d ON d.id = p.customer_id WHERE p.key_id = ?1 AND d.kind = c.kind) GROUP BY c.kind HAVING"
	 " count(DISTINCT c.now) > 1)",
	 1},
	{0},
};

#define OF_RECORD(table)                                                                                               \
	"SELECT t.* FROM main." table " t WHERE EXISTS (SELECT 1 FROM record_brief b WHERE b.id = t.record_id)"
#define NOTHING(table) "SELECT * FROM main." table " WHERE 0"

#define RECORD_IS_OPEN "EXISTS (SELECT 1 FROM record_brief b WHERE b.id = l.record_id)"
#define LINK                                                                                                           \
	"SELECT l.record_id, l.customer_id, l.rule, " STRENGTH " AS strength, l.key_id, l.words FROM main.link l"      \
	" WHERE " RECORD_IS_OPEN " AND " LINKED
/* As the view of the schema (tables.c), but for what is not told. */
#define CUSTOMER_RECORD                                                                                                \
	"SELECT l.record_id, c.now AS customer_id, l.customer_id AS row_id, l.rule, l.key_id, l.words, CASE WHEN"      \
	" l.strength = 2 AND k.doubt & c.kind AND meri_doubt(l.key_id) & c.kind THEN 1 ELSE " STRENGTH                 \
	" END AS strength FROM main.link l JOIN main.customer c ON c.id = l.customer_id LEFT JOIN main.identity_key k" \
	" ON k.id = l.key_id WHERE l.strength > 0 AND " RECORD_IS_OPEN " AND " LINKED                                  \
	" AND (l.strength = 3 OR NOT EXISTS (SELECT 1 FROM main.link d JOIN main.customer e ON e.id = d.customer_id"   \
	" WHERE d.record_id = l.record_id AND d.strength < 0 AND e.now = c.now))"
#define CUSTOMER_KEY                                                                                                   \
	"SELECT o.* FROM main.customer_key o WHERE CASE WHEN o.via > 0 THEN meri_told(o.via) AND"                      \
	" (o.via = o.customer_id OR meri_told(o.customer_id)) ELSE meri_seen(o.customer_id) END"
#define SHOWN                                                                                                          \
	"(SELECT p.name FROM record_key h JOIN main.party p ON p.record_id = h.record_id WHERE h.key_id = k.id AND"    \
	" lower(trim(p.address)) = k.value AND p.name <> '' ORDER BY h.record_id LIMIT 1)"
#define NAMED                                                                                                          \
	"json_each(d.what) j WHERE j.key IN ('from', 'into', 'customer', 'a', 'b', 'person') AND j.type = 'integer'"
#define DECISION                                                                                                       \
	"SELECT d.* FROM main.decision d WHERE NOT EXISTS (SELECT 1 FROM " NAMED " AND NOT meri_seen(j.value))"        \
	" AND NOT EXISTS (SELECT 1 FROM json_each(d.what, '$.rows') j WHERE NOT meri_seen(j.value))"                   \
	" AND NOT EXISTS (SELECT 1 FROM json_each(d.what, '$.records') j WHERE NOT EXISTS"                             \
	" (SELECT 1 FROM record_brief b WHERE b.id = j.value))"
#define DECIDED_LINK                                                                                                   \
	"SELECT d.* FROM main.decided_link d WHERE meri_seen(d.customer_id) AND EXISTS (SELECT 1 FROM main.source s"   \
	" JOIN main.record r ON r.source_id = s.id AND r.external_id = d.external_id JOIN record_brief b ON b.id ="    \
	" r.id WHERE s.name = d.source)"

const struct store_fence_view identity_fence_views[] = {
	/* Ids of what suggestions are looked for among (queue.c), through indexes of their own. */
	{"fence_weak", "SELECT record_id FROM main.link WHERE strength = 1"},
	{"fence_doubted", "SELECT id FROM main.identity_key WHERE doubt <> 0"},
	{"fence_told", "SELECT c.id, c.now, c.name FROM main.customer c WHERE (c.source IS NULL AND NOT c.gone) OR"
		       " EXISTS (SELECT 1 FROM record_brief b WHERE b.id = c.record_id)"},
	{"customer", CUSTOMER},
	{"customer_key", CUSTOMER_KEY},
	/* Keys by themselves tell nothing: who asks has come to them through record_key or customer_key. */
	{"identity_key", "SELECT k.id, k.kind, k.value, k.parent, meri_doubt(k.id) AS doubt, " SHOWN
			 " AS shown FROM main.identity_key k"},
	{"record_key", OF_RECORD("record_key")},
	{"employment", "SELECT e.* FROM main.employment e WHERE meri_told(e.person) AND meri_told(e.organisation)"},
	{"link", LINK},
	{"customer_record", CUSTOMER_RECORD},
	{"identity_pair", "SELECT p.* FROM main.identity_pair p WHERE meri_told(p.a) AND meri_told(p.b)"},
	{"identity_block", "SELECT k.* FROM main.identity_block k WHERE meri_told(k.customer_id)"},
	{"identity_name_word", "SELECT w.* FROM main.identity_name_word w WHERE meri_told(w.customer_id)"},
	{"decision", DECISION},
	{"decided_pair", "SELECT d.* FROM main.decided_pair d WHERE meri_seen(d.a) AND meri_seen(d.b)"},
	{"decided_link", DECIDED_LINK},
	{"decided_role", "SELECT d.* FROM main.decided_role d WHERE meri_seen(d.person) AND meri_seen(d.organisation)"},
	{"identity_count", NOTHING("identity_count")},
	{"identity_sighting", NOTHING("identity_sighting")},
	{"identity_alias", NOTHING("identity_alias")},
	{"identity_scan_todo", NOTHING("identity_scan_todo")},
	{"identity_gone", NOTHING("identity_gone")},
	{"identity_file_todo", NOTHING("identity_file_todo")},
	{"identity_name_todo", NOTHING("identity_name_todo")},
	{0},
};
