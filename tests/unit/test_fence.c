/* store: what an asker may read. Every table has a view before it or a reason why not; records are open by source and
 * by their own readers; nothing is told of the rest. */
#include "identitytest.h"

#include "identity/tables.h"
#include "lookup/lookup.h"
#include "store/fence.h"
#include "store/internal.h"
#include "store/people.h"

static store *reader_of(const struct hub *hub)
{
	store *s = open_store(hub->place, STORE_READ);
	GOOD(lookup_prepare(s, error));
	return s;
}

static gint64 source_id(store *s, const char *name)
{
	g_autofree char *sql = g_strdup_printf("SELECT id FROM source WHERE name = '%s'", name), *id = ask(s, sql);
	return g_ascii_strtoll(id, NULL, 10);
}

/* Fences for the sources (names with blanks between; with a ! behind those that are lenient) and names. */
static void fence(store *s, const char *sources, const char *const *names)
{
	g_auto(GStrv) words = g_strsplit(sources, " ", -1);
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(gint64)),
			  lenient = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (char **word = words; *word; word++) {
		gsize length = strlen(*word);
		gboolean is_lenient = length && (*word)[length - 1] == '!';
		if (is_lenient)
			(*word)[length - 1] = '\0';
		gint64 id = source_id(s, *word);
		g_array_append_val(open, id);
		if (is_lenient)
			g_array_append_val(lenient, id);
	}
	static const char *const known[] = {"Johto", NULL};
	const struct store_rights rights = {.sources = (gint64 *)(void *)open->data,
					    .n_sources = open->len,
					    .lenient = (gint64 *)(void *)lenient->data,
					    .n_lenient = lenient->len,
					    .names = names,
					    .known = known};
	GOOD(store_fence(s, &rights, error));
}
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* ---- nothing is forgotten ---- */

static gboolean is_shadowed(store *s, const char *name)
{
	g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM sqlite_temp_master WHERE name = '%s'", name),
			*count = ask(s, sql);
	return strcmp(count, "1") == 0;
}

static void every_table_is_shadowed_or_harmless(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtanen Oy", "business-id", "0112038-9");
	g_autoptr(store) plain = reader_of(hub), s = reader_of(hub);
	g_autofree char *all = ask(plain, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')");
	fence(s, "crm", NAMES("aino"));
	g_auto(GStrv) names = g_strsplit(all, ",", -1);
	assert_true(g_strv_length(names) > 40);
	guint shadowed = 0;
	for (char **name = names; *name; name++) {
		gboolean there = is_shadowed(s, *name);
		shadowed += there;
		if (!there && !store_fence_passes(*name) && strcmp(*name, "sqlite_sequence") != 0)
			fail_msg("table %s: say in the fence who may see what of it", *name);
		/* The way past the view is closed. */
		g_autofree char *past = g_strdup_printf("SELECT * FROM main.%s", *name),
				*counted = g_strdup_printf("SELECT count(*) FROM main.%s", *name);
		sqlite3_stmt *statement = NULL;
		int code = sqlite3_prepare_v2(store_sqlite(s), past, -1, &statement, NULL);
		sqlite3_finalize(statement);
		assert_int_equal(code == SQLITE_OK, store_fence_passes(*name));
		code = sqlite3_prepare_v2(store_sqlite(s), counted, -1, &statement, NULL);
		sqlite3_finalize(statement);
		if (!g_str_has_prefix(*name, "record_brief") && !g_str_has_prefix(*name, "record_text") &&
		    !g_str_has_prefix(*name, "customer_record"))
			assert_int_equal(code == SQLITE_OK, store_fence_passes(*name));
	}
	assert_true(shadowed > 30);
	static const char *const tricks[] = {
		"WITH x AS (SELECT * FROM main.record) SELECT id FROM x",
		"SELECT id FROM (SELECT * FROM main.record) x",
		"SELECT (SELECT max(text) FROM main.record)",
		"SELECT 1 WHERE EXISTS (SELECT 1 FROM main.record WHERE id = 1)",
		"SELECT r.id FROM record r JOIN main.record_key k ON k.record_id = r.id",
		"SELECT password FROM main.user",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(tricks); i++) {
		sqlite3_stmt *statement = NULL;
		if (sqlite3_prepare_v2(store_sqlite(s), tricks[i], -1, &statement, NULL) == SQLITE_OK)
			fail_msg("%s: is possible", tricks[i]);
	}
}

static void only_readers_are_fenced(void **state)
{
	struct hub *hub = *state;
	g_autoptr(GError) said = NULL;
	g_autoptr(store) s = reader_of(hub);
	const struct store_rights all = {.all = TRUE}, none = {0};
	assert_false(store_fenced(s));
	assert_true(store_may_read(s, 99, TRUE, 99));
	BAD(store_fence(s, &all, error), STORE_ERROR_INVALID);
	BAD(store_fence(hub->s, &none, error), STORE_ERROR_INVALID);
	assert_false(store_fenced(hub->s));
	GOOD(store_fence(s, &none, error));
	assert_true(store_fenced(s));
	ASKED(s, "PRAGMA query_only", "1");
	BAD(store_fence(s, &all, error), STORE_ERROR_INVALID);
	assert_true(store_fenced(s));
}

/* ---- which records are open ---- */

static gint64 put_for(struct hub *hub, const char *source, const char *id, const char *const *readers)
{
	struct meri_record record = {.size = sizeof record,
				     .id = id,
				     .kind = MERI_NOTE,
				     .title = id,
				     .text = "pumppu vuotaa",
				     .readers = readers,
				     .n_readers = readers ? g_strv_length((char **)readers) : 0};
	return hub_put(hub, source, &record);
}

static void records_are_open_by_source_and_reader(void **state)
{
	struct hub *hub = *state;
	put_for(hub, "a", "free", NULL);
	put_for(hub, "a", "sales", NAMES("Myynti"));
	put_for(hub, "a", "aino", NAMES(" AINO@example.fi ", "somebody"));
	put_for(hub, "a", "strange", NAMES("cn=x", "uid=7"));
	put_for(hub, "a", "eero", NAMES("eero", "uid=7"));
	put_for(hub, "a", "heads", NAMES("JOHTO"));
	put_for(hub, "b", "other", NULL);
	put_for(hub, "b", "other-sales", NAMES("myynti"));
	put_for(hub, "c", "open-strange", NAMES("uid=8"));
	put_for(hub, "c", "nobody", NAMES(NULL));
	put_for(hub, "c", "open-eero", NAMES("Eero"));
	put_for(hub, "c", "open-heads", NAMES("johto"));
	put_for(hub, "c", "open-mail", NAMES("eero@example.fi"));
	put_for(hub, "c", "open-team", NAMES("HUOLTO"));
	put_for(hub, "c", "åäö", NAMES("ÅÄÖ"));
	char *teams[] = {"Huolto", NULL};
	const struct store_user eero = {.name = "eero", .email = "Eero@Example.fi", .teams = teams};
	gint64 id;
	GOOD(store_begin(hub->s, error));
	GOOD(store_user_add(hub->s, &eero, 1, &id, error));
	GOOD(store_commit(hub->s, error));
	g_autoptr(store) s = reader_of(hub);
	fence(s, "a c", NAMES("aino", "aino@example.fi", "myynti"));
#define OPEN "SELECT external_id FROM record ORDER BY external_id"
	ASKED(s, OPEN, "aino,free,sales");
	ASKED(s, "SELECT count(*) FROM record_brief", "3");
	ASKED(s, "SELECT count(*) FROM record_fts WHERE record_fts MATCH 'pumppu'", "3");
	ASKED(s,
	      "SELECT count(*) FROM main.record_fts f JOIN record_brief b ON b.id = f.rowid WHERE record_fts MATCH "
	      "'pumppu'",
	      "3");
	ASKED(s, "SELECT count(*) FROM reader", "3");
	ASKED(s, "SELECT name || records FROM source ORDER BY name", "a6,b0,c7");
	/* Unknown readers are as if there were none; known ones are not. */
	fence(s, "c!", NAMES("aino"));
	ASKED(s, OPEN, "open-strange,åäö");
	fence(s, "c!", NAMES("Åäö", "eero", "huolto"));
	ASKED(s, OPEN, "open-eero,open-strange,open-team,åäö");
	/* One asker after the other on one connection. */
	fence(s, "b", NAMES("aino"));
	ASKED(s, OPEN, "other");
	fence(s, "", NAMES("aino"));
	ASKED(s, OPEN, "");
	/* Whom the store knows may change between two requests. */
	GOOD(store_begin(hub->s, error));
	GOOD(store_user_remove(hub->s, id, error));
	GOOD(store_commit(hub->s, error));
	fence(s, "c!", NAMES("aino"));
	ASKED(s, OPEN, "open-eero,open-mail,open-strange,open-team,åäö");
	/* After a fence that failed nothing is open. */
	g_autoptr(GError) said = NULL;
	BAD(store_fence(s, &(struct store_rights){.all = TRUE}, error), STORE_ERROR_INVALID);
	ASKED(s, OPEN, "");
	fence(s, "a", NAMES("aino"));
	assert_true(store_may_read(s, source_id(s, "a"), FALSE, 1));
	assert_false(store_may_read(s, source_id(s, "b"), FALSE, 7));
	assert_false(store_may_read(s, source_id(s, "a"), TRUE, 2));
	assert_true(store_may_read_source(s, source_id(s, "a")));
	assert_false(store_may_read_source(s, source_id(s, "c")));
}

/* What a source's readers were may change: the next question knows. */
static void a_record_is_closed_when_it_changes(void **state)
{
	struct hub *hub = *state;
	put_for(hub, "a", "one", NAMES("aino"));
	g_autoptr(store) s = reader_of(hub);
	fence(s, "a", NAMES("aino"));
	ASKED(s, OPEN, "one");
	put_for(hub, "a", "one", NAMES("eero"));
	fence(s, "a", NAMES("aino"));
	ASKED(s, OPEN, "");
	put_for(hub, "a", "one", NULL);
	fence(s, "a", NAMES("aino"));
	ASKED(s, OPEN, "one");
}

/* ---- the plans ---- */

/* Steps of the plan that make a table first, or walk one from end to end. */
static guint clumsy_steps(store *s, const char *question)
{
	g_autofree char *sql = g_strconcat("EXPLAIN QUERY PLAN ", question, NULL);
	sqlite3_stmt *statement = NULL;
	guint n = 0;
	if (sqlite3_prepare_v2(store_sqlite(s), sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", question, sqlite3_errmsg(store_sqlite(s)));
	while (sqlite3_step(statement) == SQLITE_ROW) {
		const char *step = (const char *)sqlite3_column_text(statement, 3);
		n += strstr(step, "MATERIALIZE") || strstr(step, "AUTOMATIC") ||
		     (sqlite3_column_int(statement, 1) == 0 && g_str_has_prefix(step, "SCAN") &&
		      !strstr(step, "VIRTUAL TABLE"));
	}
	sqlite3_finalize(statement);
	return n;
}

/* What stands before a table must not be made whole before it is asked. */
static void views_are_flattened(void **state)
{
	struct hub *hub = *state;
	HINTED(hub, "crm", MERI_ACCOUNT, "a1", "Virtanen Oy", "business-id", "0112038-9");
	g_autoptr(store) plain = reader_of(hub), s = reader_of(hub);
	fence(s, "crm", NAMES("aino"));
	static const char *const questions[] = {
		"SELECT r.id, r.kind FROM main.record_fts f CROSS JOIN record_brief r ON r.id = f.rowid WHERE "
		"record_fts "
		"MATCH 'pumppu' ORDER BY f.rowid DESC LIMIT 100",
		"SELECT r.id, r.kind FROM record_fts f CROSS JOIN record_brief r ON r.id = f.rowid WHERE record_fts "
		"MATCH 'pumppu' ORDER BY f.rowid DESC LIMIT 100",
		"SELECT * FROM record WHERE id = 1",
		"SELECT id FROM record ORDER BY occurred DESC, id DESC LIMIT 10",
		"SELECT name FROM customer WHERE id = 1",
		"SELECT n.name FROM customer c JOIN customer n ON n.id = c.now WHERE c.id = 1",
		"SELECT l.customer_id, n.name FROM customer_record l JOIN customer n ON n.id = l.customer_id WHERE "
		"l.record_id = 1 AND l.strength >= 2",
		"SELECT count(*), max(r.occurred) FROM (SELECT DISTINCT record_id FROM customer_record WHERE "
		"customer_id "
		"= 1 AND strength >= 2) l JOIN record r ON r.id = l.record_id",
		"SELECT name, value FROM field WHERE record_id = 1 ORDER BY n",
		"SELECT record_id FROM field WHERE name = 'status' AND value = 'open'",
		"SELECT e.person FROM employment e WHERE e.organisation = 1",
		"SELECT o.customer_id FROM identity_key k JOIN customer_key o ON o.key_id = k.id WHERE k.kind = 3 AND "
		"k.value = 'a@b.fi'",
		"SELECT customer_id FROM identity_block WHERE key = 5 LIMIT 400",
	};
	for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
		if (clumsy_steps(s, questions[i]) != clumsy_steps(plain, questions[i]))
			fail_msg("not flattened: %s", questions[i]);
}

/* ---- what is withheld might as well not be there ---- */

/* Two hubs are fed from one plan: the one with all of it, fenced for aino, the other with nothing but what aino may
 * read. All answers must be the same, but for ids, scores and the bits of evidence, which depend on how common a value
 * is among all. */
struct plan {
	GRand *rand;
	struct hub *whole, *part;
	gboolean decided; /* people made decisions */
	GPtrArray *texts; /* char *: what is asked for, whether aino may know of it or not */
};

static const char *const firsts[] = {"Aino", "Eero", "Helmi", "Otso", "Tuuli", "Veikko", "Sanni", "Kaarlo"};
static const char *const lasts[] = {"Virta",   "Koivula",  "Harmaja", "Lindroos",
				    "Saarela", "Mustonen", "Tapper",  "Wirtala"};
static const char *const companies[] = {
	"Kuusiston Saha", "Meriharjun Meijeri", "Turun Kylmälaite", "Haukiveden Telakka", "Brännskär Varv",
	"Loimaan Mylly",  "Saimaan Koneistus",  "Kobbvik Fisk",     "Fenwick Foods",      "Pohjolan Pumppu"};
static const char *const labels[] = {"kuusisto", "meriharju", "turunkylma", "haukivesi", "brannskar",
				     "loimaa",   "saimaa",    "kobbvik",    "fenwick",   "pohjola"};

static gboolean chance(struct plan *p, double of)
{
	return g_rand_double(p->rand) < of;
}

static const char *one_of(struct plan *p, const char *const *words, guint n)
{
	return words[g_rand_int_range(p->rand, 0, (gint32)n)];
}

/* A restricted record has readers of which aino is one, or not. No account of the CRM is: links are drawn once for all,
 * to those who claim a key best, and where the best is withheld another's weaker claim was never followed. So who may
 * not read the best may see a reason less; never one more. */
static gboolean plan_put(struct plan *p, const char *source, struct meri_record *record)
{
	static const char *const hers[] = {"Aino", "tuki"}, *const others[] = {"eero", "cn=board"};
	gboolean closed = strcmp(source, "board") == 0;
	if (chance(p, 0.25) && (record->kind != MERI_ACCOUNT || strcmp(source, "crm") != 0)) {
		gboolean open = chance(p, 0.5);
		record->readers = open ? hers : others;
		record->n_readers = 2;
		closed |= !open;
	}
	record->size = sizeof *record;
	hub_put(p->whole, source, record);
	if (!closed)
		hub_put(p->part, source, record);
	return !closed;
}

static void asked_for(struct plan *p, const char *text)
{
	g_ptr_array_add(p->texts, g_strdup(text));
}

static void plan_account(struct plan *p, const char *source, guint c)
{
	g_autofree char *id = g_strdup_printf("a%u", c), *name = g_strconcat(companies[c], " Oy", NULL),
			*crm = g_strdup_printf("K-%u", 1000 + c), *domain = g_strconcat(labels[c], ".fi", NULL),
			*phone = g_strdup_printf("+35840123%04u", c);
	const struct meri_pair hints[] = {{"name", name}, {"domain", domain}, {"crm-id", crm}, {"phone", phone}};
	struct meri_record record = {.id = id,
				     .kind = MERI_ACCOUNT,
				     .title = name,
				     .hints = hints,
				     .n_hints = 4,
				     .occurred = 1000 + c,
				     .updated = 1000 + c};
	plan_put(p, source, &record);
	asked_for(p, name);
	asked_for(p, domain);
	asked_for(p, crm);
	asked_for(p, phone);
}

static void plan_person(struct plan *p, const char *source, guint c, guint n)
{
	const char *first = firsts[(c + n) % 8], *last = lasts[(3 * c + n) % 8];
	g_autofree char *id = g_strdup_printf("p%u-%u", c, n), *name = g_strdup_printf("%s %s", first, last),
			*address = g_strdup_printf("%s.%s@%s.fi", first, last, labels[c]),
			*crm = g_strdup_printf("K-%u", 1000 + c), *own = g_strdup_printf("H-%u", 10 * c + n),
			*company = g_strconcat(companies[c], " Oy", NULL);
	const struct meri_pair hints[] = {{"crm-id", crm}};
	const struct meri_party parties[] = {{"self", name, address, company}};
	const struct meri_pair fields[] = {{"number", own}};
	struct meri_record record = {.id = id,
				     .kind = MERI_PERSON,
				     .title = name,
				     .hints = hints,
				     .n_hints = 1,
				     .parties = parties,
				     .n_parties = 1,
				     .fields = fields,
				     .n_fields = 1,
				     .occurred = 2000 + c,
				     .updated = 2000 + c};
	plan_put(p, source, &record);
	asked_for(p, name);
	asked_for(p, address);
}

static const char *const subjects[] = {"pumppu vuotaa", "tarjous huollosta", "kutsu messuille", "lasku", "varaosat"};

static char *plan_text(struct plan *p)
{
	return g_strdup_printf("Hei, %s. %s %s Oy soitti, %s.", one_of(p, subjects, 5), one_of(p, subjects, 5),
			       one_of(p, companies, 10), one_of(p, lasts, 8));
}

static void plan_mail(struct plan *p, const char *source, guint m)
{
	guint c = g_rand_int_range(p->rand, 0, 12);
	const char *first = one_of(p, firsts, 8), *last = one_of(p, lasts, 8);
	g_autofree char *id = g_strdup_printf("m%u", m), *name = g_strdup_printf("%s %s", first, last),
			*address = g_strdup_printf("%s.%s@%s", first, last,
						   c < 10    ? labels[c]
						   : c == 10 ? "outo"
							     : "vieras"),
			*full = g_strconcat(address, ".fi", NULL), *text = plan_text(p);
	const struct meri_party parties[] = {{"from", name, full, NULL}, {"to", "Myynti", "myynti@meri-demo.fi", NULL}};
	struct meri_record record = {.id = id,
				     .kind = MERI_MESSAGE,
				     .title = one_of(p, subjects, 5),
				     .text = text,
				     .parties = parties,
				     .n_parties = 2,
				     .occurred = 100000 + 1000 * m};
	plan_put(p, source, &record);
}

static void plan_ticket(struct plan *p, const char *source, guint m)
{
	guint c = g_rand_int_range(p->rand, 0, 10);
	g_autofree char *id = g_strdup_printf("t%u", m), *name = g_strconcat(companies[c], " Oy", NULL),
			*crm = g_strdup_printf("K-%u", 1000 + c), *text = plan_text(p), *reply = plan_text(p),
			*comment = g_strdup_printf("t%u-c", m);
	const struct meri_pair by_name[] = {{"name", name}}, by_id[] = {{"crm-id", crm}};
	const struct meri_pair fields[] = {{"status", chance(p, 0.5) ? "open" : "closed"}};
	struct meri_record record = {.id = id,
				     .kind = MERI_TICKET,
				     .title = one_of(p, subjects, 5),
				     .text = text,
				     .thread = id,
				     .hints = chance(p, 0.5) ? by_name : by_id,
				     .n_hints = 1,
				     .fields = fields,
				     .n_fields = 1,
				     .occurred = 200000 + 1000 * m};
	plan_put(p, source, &record);
	struct meri_record answer = {.id = comment,
				     .kind = MERI_COMMENT,
				     .text = reply,
				     .thread = id,
				     .parent = id,
				     .occurred = 200500 + 1000 * m};
	plan_put(p, source, &answer);
}

static void plan_note(struct plan *p, const char *source, guint m)
{
	g_autofree char *id = g_strdup_printf("n%u", m), *text = plan_text(p);
	struct meri_record record = {.id = id,
				     .kind = MERI_NOTE,
				     .title = one_of(p, subjects, 5),
				     .text = text,
				     .occurred = 300000 + 1000 * m};
	plan_put(p, source, &record);
}

static void plan_carry_out(struct plan *p)
{
	for (guint c = 0; c < 10; c++) {
		gboolean secret = chance(p, 0.3);
		if (secret || chance(p, 0.3))
			plan_account(p, "board", c);
		if (!secret)
			plan_account(p, "crm", c);
		if (!secret && chance(p, 0.4))
			plan_account(p, "list", c);
		for (guint n = 0; n < 2; n++) {
			if (chance(p, 0.3))
				plan_person(p, "board", c, n);
			if (!secret && chance(p, 0.8))
				plan_person(p, "crm", c, n);
		}
	}
	for (guint m = 0; m < 30; m++) {
		plan_mail(p, chance(p, 0.2) ? "board" : "mail", m);
		plan_ticket(p, chance(p, 0.2) ? "board" : "tickets", m);
		plan_note(p, chance(p, 0.2) ? "board" : "notes", m);
	}
}

/* ---- decisions ---- */

/* The id of $SOURCE/ID (a customer's row: the customer of now) or @SOURCE/ID (a record); 0: there is none. */
static gint64 id_of(store *s, const char *word)
{
	g_auto(GStrv) parts = g_strsplit(word + 1, "/", 2);
	g_autofree char *sql =
		*word == '$'
			? g_strdup_printf("SELECT now FROM customer WHERE source = '%s' AND external_id = '%s'",
					  parts[0], parts[1])
			: g_strdup_printf(
				  "SELECT r.id FROM record r JOIN source s ON s.id = r.source_id WHERE s.name = '%s' "
				  "AND r.external_id = '%s'",
				  parts[0], parts[1]);
	g_autofree char *id = ask(s, sql);
	return g_ascii_strtoll(id, NULL, 10);
}

/* The decision with ids in place of words; NULL if one of these is not there. */
static json_t *with_ids(const struct hub *hub, const char *text)
{
	g_autoptr(GRegex) word = g_regex_new("\"[$@][a-z]+/[a-z0-9-]+\"", 0, 0, NULL);
	g_autoptr(GString) out = g_string_new(text);
	for (;;) {
		g_autoptr(GMatchInfo) match = NULL;
		if (!g_regex_match(word, out->str, 0, &match))
			return json_loads(out->str, 0, NULL);
		g_autofree char *name = g_match_info_fetch(match, 0);
		g_autofree char *bare = g_strndup(name + 1, strlen(name) - 2);
		gint64 id = id_of(hub->s, bare);
		if (id == 0)
			return NULL;
		g_autofree char *number = g_strdup_printf("%ld", id);
		g_string_replace(out, name, number, 1);
	}
}

/* In a hub in which all is there that it is about. A decision may be refused: that these are one already, say. */
static void decide_in(struct hub *hub, const char *text)
{
	g_autoptr(GError) said = NULL;
	g_autoptr(base_json) what = with_ids(hub, text);
	struct identity_effect effect = {0};
	if (!what)
		return;
	GOOD(store_begin(hub->s, error));
	if (!identity_decide(hub->i, hub->s, what, "aino", "we know", 500, FALSE, &effect, &said))
		assert_int_equal(said->code, IDENTITY_ERROR_REFUSED);
	GOOD(store_commit(hub->s, error));
	identity_effect_clear(&effect);
}

static void decide(struct plan *p, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	decide_in(p->whole, text);
	decide_in(p->part, text);
}

/* The account that a company is called by: the CRM's; or, as long as nobody made it one with another, the board's, of
 * one that is a secret. */
static char *account_of(struct plan *p, guint c, gboolean secret)
{
	char *word = g_strdup_printf("$crm/a%u", c);
	if (secret && id_of(p->whole->s, word) == 0) {
		g_free(word);
		word = g_strdup_printf("$board/a%u", c);
	}
	return word;
}

static void plan_decisions(struct plan *p)
{
	static const char *const others[] = {"mail", "tickets", "notes"};
	for (guint n = 0; n < 3; n++) {
		guint a = g_rand_int_range(p->rand, 0, 10), b = g_rand_int_range(p->rand, 0, 10),
		      m = g_rand_int_range(p->rand, 0, 30);
		g_autofree char *one = account_of(p, a, n == 0), *two = account_of(p, b, n == 0);
		decide(p, "{\"kind\": \"own\", \"customer\": \"%s\", \"key\": \"domain\", \"value\": \"uusi%u.fi\"}",
		       one, n);
		decide(p, "{\"kind\": \"link\", \"customer\": \"$crm/a%u\", \"records\": [\"@notes/n%u\"]}", b, m);
		decide(p, "{\"kind\": \"unlink\", \"customer\": \"$crm/a%u\", \"records\": [\"@%s/%c%u\"]}", a,
		       others[n], others[n][0], m);
		decide(p, "{\"kind\": \"role\", \"person\": \"$crm/p%u-0\", \"customer\": \"%s\", \"role\": \"buyer\"}",
		       a, one);
		if (g_str_has_prefix(two, "$crm"))
			decide(p, "{\"kind\": \"merge\", \"from\": \"%s\", \"into\": \"%s\"}", one, two);
		decide(p, "{\"kind\": \"split\", \"customer\": \"$list/a%u\", \"records\": [\"@list/a%u\"]}", m % 10,
		       m % 10);
	}
	decide(p, "{\"kind\": \"create\", \"name\": \"Käsin Tehty Oy\", \"person\": false}");
	asked_for(p, "uusi0.fi");
	asked_for(p, "käsin tehty");
}

/* ---- answers as text ---- */

struct telling {
	store *s;
	identity *who;
	text_analyser *analyser;
	GPtrArray *lines; /* char * */
	gboolean decided;
};

static char *text_of(store *s, const char *sql, gint64 id)
{
	g_autoptr(GError) error = NULL;
	sqlite3_stmt *statement = store_prepare(s, sql, &error);
	if (!statement)
		fail_msg("%s", error->message);
	sqlite3_bind_int64(statement, 1, id);
	char *text = sqlite3_step(statement) == SQLITE_ROW ? store_column(statement, 0) : NULL;
	sqlite3_reset(statement);
	return text ? text : g_strdup("-");
}

/* A customer by what tells of it first; a record by its source and its id there. */
static char *customer_word(store *s, gint64 id)
{
	return id == 0 ? g_strdup("0")
		       : text_of(s,
				 "SELECT min(coalesce(source || '/' || external_id, name)) FROM customer WHERE NOT "
				 "gone AND "
				 "now = (SELECT now FROM customer WHERE id = ?)",
				 id);
}

static char *record_word(store *s, gint64 id)
{
	return text_of(s,
		       "SELECT s.name || '/' || r.external_id FROM record r JOIN source s ON s.id = r.source_id WHERE "
		       "r.id = ?",
		       id);
}

/* Evidence has bits, notes have ids of customers, decisions have numbers. */
static char *without_numbers(const char *text)
{
	g_autoptr(GRegex) number = g_regex_new("[+-][0-9]+\\.[0-9]|\\(c[0-9]+\\)|decision [0-9]+", 0, 0, NULL);
	return text ? g_regex_replace_literal(number, text, -1, 0, "#", 0, NULL) : g_strdup("-");
}

static int by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Takes the lines of one answer, which may come in any order, and adds them under its name. */
static void tell(struct telling *t, const char *question, GPtrArray *answer)
{
	g_ptr_array_sort(answer, by_text);
	g_ptr_array_add(t->lines, g_strdup_printf("== %s", question));
	for (guint i = 0; i < answer->len; i++)
		g_ptr_array_add(t->lines, g_strdup(answer->pdata[i]));
}

#define LINE(answer, ...) g_ptr_array_add(answer, g_strdup_printf(__VA_ARGS__))

static void tell_people(struct telling *t, GPtrArray *answer, const char *what, const GPtrArray *people)
{
	for (guint i = 0; i < people->len; i++) {
		const struct identity_person_of *p = people->pdata[i];
		g_autofree char *word = customer_word(t->s, p->id);
		LINE(answer, "%s %s %s <%s> %s %ld %ld %ld %ld", what, word, p->name, p->address, p->role, p->since,
		     p->until, p->records, p->last);
	}
}

static void tell_tallies(GPtrArray *answer, const char *what, const GPtrArray *tallies)
{
	for (guint i = 0; i < tallies->len; i++) {
		const struct identity_tally *tally = tallies->pdata[i];
		LINE(answer, "%s %s %ld %ld", what, tally->word, tally->records, tally->last);
	}
}

static void tell_customer(struct telling *t, gint64 id)
{
	g_autoptr(identity_view) v = NULL;
	g_autoptr(GPtrArray) answer = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *word = customer_word(t->s, id), *question = g_strconcat("customer ", word, NULL);
	GOOD((v = identity_customer(t->s, id, error)) != NULL);
	LINE(answer, "%d %s: %ld records, %ld to %ld, %ld suggestions", v->kind, v->name, v->records, v->first, v->last,
	     v->suggestions);
	for (guint i = 0; i < v->keys->len; i++) {
		const struct identity_key *key = v->keys->pdata[i];
		LINE(answer, "key %s %s%s%s", key->kind, key->value, key->doubt ? " doubt" : "",
		     key->decided ? " decided" : "");
	}
	for (guint i = 0; i < v->members->len; i++) {
		const struct identity_member *m = v->members->pdata[i];
		g_autofree char *record = record_word(t->s, m->record), *why = without_numbers(m->why);
		if (t->decided) /* names rows: of one that is withheld it explains nothing to who asks */
			*why = '\0';
		LINE(answer, "member %s %s %s/%s %s", m->name, record, m->source, m->external_id, why);
	}
	tell_people(t, answer, "person", v->people);
	tell_people(t, answer, "employer", v->employers);
	tell_tallies(answer, "source", v->sources);
	tell_tallies(answer, "kind", v->kinds);
	tell_tallies(answer, "year", v->years);
	tell(t, question, answer);
}

static void tell_customers(struct telling *t)
{
	g_autofree char *all = ask(t->s, "SELECT now FROM customer WHERE NOT gone GROUP BY now ORDER BY"
					 " min(source || '/' || external_id)");
	g_auto(GStrv) ids = g_strsplit(all, ",", -1);
	for (char **id = ids; *id && **id; id++)
		tell_customer(t, g_ascii_strtoll(*id, NULL, 10));
}

static void tell_customers_of(struct telling *t, GString *line, const GPtrArray *customers)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < customers->len; i++) {
		const struct lookup_customer *customer = customers->pdata[i];
		g_autofree char *word = customer_word(t->s, customer->id);
		LINE(words, "%s=%s", word, customer->name);
	}
	g_ptr_array_sort(words, by_text);
	for (guint i = 0; i < words->len; i++)
		g_string_append_printf(line, " [%s]", (char *)words->pdata[i]);
}

static void tell_record(struct telling *t, gint64 id)
{
	g_autoptr(GPtrArray) answer = g_ptr_array_new_with_free_func(g_free), why = NULL;
	g_autofree char *word = record_word(t->s, id), *question = g_strconcat("record ", word, NULL);
	g_autoptr(lookup_record) record = NULL;
	GOOD((record = lookup_record_get(t->s, id, error)) != NULL);
	g_autoptr(GString) line = g_string_new(record->head.title);
	g_string_append_printf(line, " %s %u %u %u", record->text, record->parties->len, record->fields->len,
			       record->hints->len);
	tell_customers_of(t, line, record->head.customers);
	LINE(answer, "%s", line->str);
	GOOD((why = identity_why(t->s, id, error)) != NULL);
	for (guint i = 0; i < why->len; i++) {
		const struct identity_reasons *reason = why->pdata[i];
		g_autofree char *customer = customer_word(t->s, reason->customer),
				*words = without_numbers(reason->words);
		LINE(answer, "about %s %s %d %s %s", customer, reason->name, reason->strength, reason->rule, words);
	}
	tell(t, question, answer);
}

static void tell_records(struct telling *t)
{
	g_autofree char *all =
		ask(t->s, "SELECT r.id FROM record r JOIN source s ON s.id = r.source_id ORDER BY s.name, "
			  "r.external_id");
	g_auto(GStrv) ids = g_strsplit(all, ",", -1);
	for (char **id = ids; *id && **id; id++)
		tell_record(t, g_ascii_strtoll(*id, NULL, 10));
}

static void tell_found(struct telling *t, const char *text)
{
	g_autoptr(GPtrArray) found = NULL, answer = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *question = g_strconcat("find ", text, NULL);
	GOOD((found = identity_find(t->who, t->s, text, 50, error)) != NULL);
	for (guint i = 0; i < found->len; i++) {
		const struct identity_found *one = found->pdata[i];
		g_autofree char *word = customer_word(t->s, one->id);
		LINE(answer, "%s %d %s (%s) %s %.3f %ld %ld", word, one->kind, one->name, one->organisation, one->by,
		     one->likeness, one->records, one->last);
	}
	tell(t, question, answer);
}

static void tell_lists(struct telling *t)
{
	g_autoptr(GPtrArray) suggestions = NULL, unmatched = NULL, decisions = NULL,
			     answer = g_ptr_array_new_with_free_func(g_free),
			     strangers = g_ptr_array_new_with_free_func(g_free);
	GOOD((suggestions = identity_suggestions(t->who, t->s, 1000, error)) != NULL);
	for (guint i = 0; i < suggestions->len; i++) {
		const struct identity_suggestion *one = suggestions->pdata[i];
		g_autofree char *a = customer_word(t->s, one->a), *b = customer_word(t->s, one->b),
				*record = one->record ? record_word(t->s, one->record) : NULL,
				*why = without_numbers(one->why);
		LINE(answer, "%s %s %s %s %s: %s", a, one->a_name, b, record, one->b_name, why);
	}
	tell(t, "suggestions", answer);
	GOOD((unmatched = identity_unmatched(t->s, 1000, error)) != NULL);
	for (guint i = 0; i < unmatched->len; i++) {
		const struct identity_unmatched *one = unmatched->pdata[i];
		g_autofree char *record = record_word(t->s, one->sample);
		LINE(strangers, "%s %s %ld %ld %s %s", one->kind, one->value, one->records, one->last, record,
		     one->title);
	}
	tell(t, "unmatched", strangers);
	g_autoptr(GPtrArray) journal = g_ptr_array_new_with_free_func(g_free);
	GOOD((decisions = identity_decisions(t->s, 0, 1000, error)) != NULL);
	for (guint i = 0; i < decisions->len; i++) {
		const struct identity_decision *one = decisions->pdata[i];
		g_autoptr(base_json) what = json_loads(one->what, 0, NULL);
		static const char *const places[] = {"customer", "from", "into", "person"};
		g_autoptr(GString) line = g_string_new(one->kind);
		for (gsize k = 0; k < G_N_ELEMENTS(places); k++) {
			g_autofree char *word =
				customer_word(t->s, json_integer_value(json_object_get(what, places[k])));
			g_string_append_printf(line, " %s", word);
		}
		g_ptr_array_add(journal, g_string_free(g_steal_pointer(&line), FALSE));
	}
	tell(t, "decisions", journal);
}

static void tell_counts(GPtrArray *answer, const char *what, const GPtrArray *counts)
{
	for (guint i = 0; i < counts->len; i++) {
		const struct lookup_count *count = counts->pdata[i];
		LINE(answer, "%s %s %ld", what, count->name ? count->name : count->value, count->count);
	}
}

static void tell_hits(struct telling *t, const char *typed)
{
	g_autoptr(lookup_answer) found = NULL;
	g_autoptr(GPtrArray) answer = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *question = g_strconcat("hits ", typed, NULL);
	const struct lookup_request request = {
		.typed = typed, .who = t->who, .limit = 500, .sort = LOOKUP_NEWEST, .now = 1000000};
	GOOD((found = lookup_find(t->s, t->analyser, &request, error)) != NULL);
	LINE(answer, "%s: %ld%s", found->query, found->total, found->more ? " or more" : "");
	for (guint i = 0; i < found->notes->len; i++)
		g_ptr_array_add(answer, without_numbers(found->notes->pdata[i]));
	for (guint i = 0; i < found->hits->len; i++) {
		const struct lookup_hit *hit = found->hits->pdata[i];
		g_autoptr(GString) line = g_string_new(NULL);
		g_string_append_printf(line, "%s/%s %s %s | %s | %u marks, %u more", hit->source, hit->external_id,
				       hit->title, hit->from, hit->snippet, hit->marks->len, hit->more);
		tell_customers_of(t, line, hit->customers);
		g_ptr_array_add(answer, g_string_free(g_steal_pointer(&line), FALSE));
	}
	tell_counts(answer, "source", found->sources);
	tell_counts(answer, "kind", found->kinds);
	tell_counts(answer, "year", found->years);
	tell_counts(answer, "team", found->teams);
	tell_counts(answer, "customer", found->customers);
	tell(t, question, answer);
}

static const char *const questions_typed[] = {"pumppu",
					      "vuotaa",
					      "pumpp*",
					      "\"pumppu vuotaa\"",
					      "pumppu OR lasku",
					      "-pumppu",
					      "kind:ticket",
					      "status:open",
					      "source:board",
					      "source:crm lasku",
					      "from:virta",
					      "pumppu -lasku",
					      "pupmpu",
					      "messuile",
					      "haukiveden",
					      "kobbvik",
					      "lindroos",
					      "fenwik",
					      "after:1970-01-03",
					      "customer:\"Kuusiston Saha\"",
					      "customer:haukivesi.fi",
					      "pohjola*",
					      ""};

static GPtrArray *tell_all(struct plan *p, store *s)
{
	static const struct identity_settings settings = {"fi", "FI", hub_own, 0, 0};
	struct telling t = {.s = s,
			    .who = identity_new(&settings),
			    .analyser = text_analyser_new("fi"),
			    .lines = g_ptr_array_new_with_free_func(g_free),
			    .decided = p->decided};
	tell_records(&t);
	tell_customers(&t);
	tell_lists(&t);
	for (guint i = 0; i < p->texts->len; i++)
		tell_found(&t, p->texts->pdata[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(questions_typed); i++)
		tell_hits(&t, questions_typed[i]);
	for (guint i = 0; i < p->texts->len; i += 3)
		tell_hits(&t, p->texts->pdata[i]);
	identity_free(t.who);
	text_analyser_free(t.analyser);
	return t.lines;
}

static void lines_equal(const GPtrArray *fenced, const GPtrArray *part, guint32 seed)
{
	const char *question = "";
	for (guint i = 0; i < fenced->len || i < part->len; i++) {
		const char *a = i < fenced->len ? fenced->pdata[i] : "(end)",
			   *b = i < part->len ? part->pdata[i] : "(end)";
		if (strcmp(a, b) != 0)
			fail_msg("seed %u, %s:\nfenced: %s\nabsent: %s", seed, question, a, b);
		if (g_str_has_prefix(a, "== "))
			question = a;
	}
}

static void compare(guint32 seed)
{
	void *whole = NULL, *part = NULL;
	hub_make(&whole);
	hub_make(&part);
	struct plan p = {g_rand_new_with_seed(seed), whole, part, FALSE, g_ptr_array_new_with_free_func(g_free)};
	/* That there is a source is no secret. */
	static const char *const sources[] = {"board", "crm", "list", "mail", "tickets", "notes"};
	gint64 id;
	for (gsize i = 0; i < G_N_ELEMENTS(sources); i++)
		GOOD(store_begin(p.part->s, error) && store_source_ensure(p.part->s, sources[i], "test", &id, error) &&
		     store_commit(p.part->s, error));
	plan_carry_out(&p);
	p.decided = seed % 2 == 0;
	if (p.decided)
		plan_decisions(&p);
	g_autoptr(store) fenced = reader_of(p.whole), absent = reader_of(p.part);
	fence(fenced, "crm list mail tickets notes", NAMES("aino", "Tuki"));
	g_autoptr(GPtrArray) a = tell_all(&p, fenced), b = tell_all(&p, absent);
	assert_true(b->len > 500);
	lines_equal(a, b, seed);
	g_clear_pointer(&fenced, store_close);
	g_clear_pointer(&absent, store_close);
	g_rand_free(p.rand);
	g_ptr_array_unref(p.texts);
	hub_remove(&whole);
	hub_remove(&part);
}

static void what_is_withheld_might_as_well_not_be_there(void **state)
{
	(void)state;
	const char *given = g_getenv("MERI_SEED");
	for (guint32 seed = 1; seed <= 6 && !given; seed++)
		compare(seed);
	if (given)
		compare((guint32)g_ascii_strtoull(given, NULL, 10));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, hub_make, hub_remove)

int main(void)
{
	base_log_threshold(BASE_WARNING);
	const struct CMUnitTest tests[] = {
		TEST(every_table_is_shadowed_or_harmless),
		TEST(only_readers_are_fenced),
		TEST(records_are_open_by_source_and_reader),
		TEST(a_record_is_closed_when_it_changes),
		TEST(views_are_flattened),
		cmocka_unit_test(what_is_withheld_might_as_well_not_be_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
