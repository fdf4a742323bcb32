/* The fence: TEMP VIEWs before the tables, an authorizer against reading past them, and two SQL functions that know who
 * asks. */
#include "store/fence.h"

#include <string.h>

#include "identity/tables.h"
#include "store/internal.h"

/* ---- names ---- */

char *store_fold(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *lower = g_utf8_casefold(g_strstrip(valid), -1);
	char *folded = g_utf8_normalize(lower, -1, G_NORMALIZE_DEFAULT_COMPOSE);
	return folded ? folded : g_strdup("");
}

/* ---- who asks ---- */

struct store_asker {
	GHashTable *sources; /* id -> 1, or 2: unknown readers are as if there were none; NULL: nobody asks */
	GHashTable *names;   /* folded */
	GHashTable *known;   /* folded: all whom a reader's name may mean; NULL: not needed */
	GHashTable *records; /* restricted ones that were looked at: id -> 1 not open, 2 open */
	GHashTable *answers; /* struct answer -> itself: of identity's questions */
};

struct answer {
	const struct store_fence_question *question;
	gint64 a, b, is;
};

static guint answer_hash(gconstpointer data)
{
	const struct answer *answer = data;
	guint64 mixed = ((guint64)answer->a * 31 + (guint64)answer->b) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
	return (guint)(mixed >> 32) + g_direct_hash(answer->question);
}

static gboolean answer_equal(gconstpointer a, gconstpointer b)
{
	const struct answer *x = a, *y = b;
	return x->question == y->question && x->a == y->a && x->b == y->b;
}

static void asker_free(struct store_asker *asker)
{
	if (!asker)
		return;
	g_clear_pointer(&asker->sources, g_hash_table_unref);
	g_clear_pointer(&asker->names, g_hash_table_unref);
	g_clear_pointer(&asker->known, g_hash_table_unref);
	g_clear_pointer(&asker->records, g_hash_table_unref);
	g_clear_pointer(&asker->answers, g_hash_table_unref);
	g_free(asker);
}

void store_fence_forget(store *s)
{
	g_clear_pointer(&s->asker, asker_free);
}

static void add_names(GHashTable *set, const char *const *names)
{
	for (; names && *names; names++) {
		char *folded = store_fold(*names);
		if (*folded)
			g_hash_table_add(set, folded);
		else
			g_free(folded);
	}
}

/* Everybody whom the store knows by a name: users, their teams and addresses. */
static gboolean add_people(store *s, GHashTable *set, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT name FROM fence_people", error);
	int row = ask ? 0 : -1;
	while (ask && (row = store_row(s, ask, error)) == 1)
		g_hash_table_add(set, store_fold((const char *)sqlite3_column_text(ask, 0)));
	return row == 0;
}

static gpointer id_key(gint64 id)
{
	return g_memdup2(&id, sizeof id);
}

static GHashTable *id_table(void)
{
	return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static struct store_asker *asker_new(store *s, const struct store_rights *rights, GError **error)
{
	struct store_asker *asker = g_new0(struct store_asker, 1);
	asker->sources = id_table();
	asker->records = id_table();
	asker->answers = g_hash_table_new_full(answer_hash, answer_equal, g_free, NULL);
	asker->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (gsize i = 0; i < rights->n_sources; i++)
		g_hash_table_insert(asker->sources, id_key(rights->sources[i]), GINT_TO_POINTER(1));
	for (gsize i = 0; i < rights->n_lenient; i++)
		if (g_hash_table_contains(asker->sources, &rights->lenient[i]))
			g_hash_table_insert(asker->sources, id_key(rights->lenient[i]), GINT_TO_POINTER(2));
	add_names(asker->names, rights->names);
	if (rights->n_lenient == 0)
		return asker;
	asker->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	add_names(asker->known, rights->known);
	if (add_people(s, asker->known, error))
		return asker;
	asker_free(asker);
	return NULL;
}

/* ---- is a record open? ---- */

/* Of a restricted record, by the names of its readers; where none is named, the source said: nobody. What cannot be
 * read is not open. */
static gboolean look_at_readers(store *s, gint64 record, gboolean lenient)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT name FROM fence_reader WHERE record_id = ?", NULL);
	gboolean any = FALSE, named = FALSE, known = FALSE;
	int row = -1;
	if (!ask)
		return FALSE;
	sqlite3_bind_int64(ask, 1, record);
	while (!named && (row = store_row(s, ask, NULL)) == 1) {
		g_autofree char *name = store_fold((const char *)sqlite3_column_text(ask, 0));
		any = TRUE;
		named = g_hash_table_contains(s->asker->names, name);
		known |= lenient && g_hash_table_contains(s->asker->known, name);
	}
	sqlite3_reset(ask);
	return named || (row == 0 && any && lenient && !known);
}

/* 0: not open; 1: open; 2: open, and unknown readers are as if there were none. */
static int source_is_open(const store *s, gint64 source)
{
	return s->asker ? GPOINTER_TO_INT(g_hash_table_lookup(s->asker->sources, &source)) : 0;
}

gboolean store_may_read_source(store *s, gint64 source)
{
	return !s->fenced || source_is_open(s, source);
}

gboolean store_may_read(store *s, gint64 source, gboolean restricted, gint64 record)
{
	int of_source = source_is_open(s, source);
	if (!s->fenced || !of_source || !restricted)
		return !s->fenced || of_source;
	int known = GPOINTER_TO_INT(g_hash_table_lookup(s->asker->records, &record));
	if (!known) {
		known = look_at_readers(s, record, of_source == 2) ? 2 : 1;
		g_hash_table_insert(s->asker->records, id_key(record), GINT_TO_POINTER(known));
	}
	return known == 2;
}

/* meri_open(source, restricted, record): 1 or 0 */
static void is_open(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	store *s = sqlite3_user_data(context);
	sqlite3_result_int(context, store_may_read(s, sqlite3_value_int64(values[0]), sqlite3_value_int(values[1]),
						   sqlite3_value_int64(values[2])));
}

/* meri_open_source(source): 1 or 0 */
static void is_open_source(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	store *s = sqlite3_user_data(context);
	sqlite3_result_int(context, store_may_read_source(s, sqlite3_value_int64(values[0])));
}

/* ---- questions whose answers are kept ---- */

struct asking {
	store *s;
	const struct store_fence_question *question;
};

static gint64 ask_store(store *s, const struct answer *answer, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, answer->question->sql, error);
	if (!ask)
		return 0;
	sqlite3_bind_int64(ask, 1, answer->a);
	if (answer->question->parameters > 1)
		sqlite3_bind_int64(ask, 2, answer->b);
	gint64 is = store_row(s, ask, error) == 1 ? sqlite3_column_int64(ask, 0) : 0;
	sqlite3_reset(ask);
	return is;
}

/* A question's function: of ids; 0 where one is NULL. */
static void answer_question(sqlite3_context *context, int n, sqlite3_value **values)
{
	const struct asking *asking = sqlite3_user_data(context);
	struct store_asker *asker = asking->s->asker;
	struct answer wanted = {asking->question, sqlite3_value_int64(values[0]),
				n > 1 ? sqlite3_value_int64(values[1]) : 0, 0};
	if (!asker || !wanted.a) {
		sqlite3_result_int(context, 0);
		return;
	}
	const struct answer *known = g_hash_table_lookup(asker->answers, &wanted);
	if (!known) {
		g_autoptr(GError) error = NULL;
		wanted.is = ask_store(asking->s, &wanted, &error);
		if (error) {
			sqlite3_result_error(context, error->message, -1);
			return;
		}
		struct answer *kept = g_memdup2(&wanted, sizeof wanted);
		g_hash_table_add(asker->answers, kept);
		known = kept;
	}
	sqlite3_result_int64(context, known->is);
}

/* ---- what stands before which table ---- */

#define OPEN " meri_open(r.source_id, r.restricted, r.id)"
/* Rows of a table with `record_id`, of records that may be read. */
#define OF_RECORD(table)                                                                                               \
	"SELECT t.* FROM main." table                                                                                  \
	" t WHERE EXISTS (SELECT 1 FROM main.record_brief r WHERE r.id = t.record_id AND" OPEN ")"
#define OF_SOURCE      " WHERE meri_open_source(source_id)"
#define NOTHING(table) "SELECT * FROM main." table " WHERE 0"

static const struct store_fence_view views[] = {
	/* Who is known by a name, and by which names readers are told: for the functions above. */
	{"fence_people", "SELECT name FROM main.user UNION ALL SELECT folded FROM main.user_team UNION ALL"
			 " SELECT email FROM main.user WHERE email IS NOT NULL"},
	{"fence_reader", "SELECT record_id, name FROM main.reader"},
	{"record", "SELECT r.* FROM main.record r WHERE" OPEN},
	{"record_brief", "SELECT r.* FROM main.record_brief r WHERE" OPEN},
	{"record_text", "SELECT t.* FROM main.record_text t WHERE EXISTS"
			" (SELECT 1 FROM main.record_brief r WHERE r.id = t.rowid AND" OPEN ")"},
	{"record_fts", "SELECT f.rowid AS rowid, f.record_fts AS record_fts, f.rank AS rank FROM main.record_fts f"
		       " WHERE EXISTS (SELECT 1 FROM main.record_brief r WHERE r.id = f.rowid AND" OPEN ")"},
	{"party", OF_RECORD("party")},
	{"hint", OF_RECORD("hint")},
	{"field", OF_RECORD("field")},
	{"left_out", OF_RECORD("left_out")},
	{"reader", OF_RECORD("reader")},
	{"removal", OF_RECORD("removal")},
	/* Names of sources are no secret; how much there is in one is. */
	{"source", "SELECT id, name, connector, NULL AS cursor,"
		   " iif(meri_open_source(id), records, 0) AS records, team FROM main.source"},
	{"run", "SELECT id, source_id, started, ended, before, added, changed, removed, skipped, unchanged, held,"
		" verdict, reason, message, NULL AS output FROM main.run" OF_SOURCE},
	{"failure",
	 "SELECT source_id, NULL AS external_id, NULL AS why, run, first, last, times FROM main.failure" OF_SOURCE},
	{"record_moved", NOTHING("record_moved")},
	{"item", NOTHING("item")},
	{"meta", NOTHING("meta")},
	{"user", NOTHING("user")},
	{"user_team", NOTHING("user_team")},
	{"session", NOTHING("session")},
	{"token", NOTHING("token")},
	{"one_time_key", NOTHING("one_time_key")},
	{"audit", NOTHING("audit")},
	{NULL, NULL},
};

/* Tables that may be asked past their view, or have none. */
static const struct {
	const char *name, *why;
} harmless[] = {
	{"record_fts", "gives row ids and ranks alone: who names it as main.record_fts joins record_brief"},
	{"record_terms", "who asks it looks at store_fenced() and shows no term that no open record holds"},
	{"record_places", "the same: lookup's suggest.c counts the open records of each term"},
	{"record_places", "as record_terms"},
	{"json_each", "no table: takes a value of the question apart"},
	{"record_fts_data", "the index's own, read by FTS5 itself"},
	{"record_fts_idx", "the index's own, read by FTS5 itself"},
	{"record_fts_docsize", "the index's own, read by FTS5 itself"},
	{"record_fts_config", "the index's own, read by FTS5 itself"},
	{"sqlite_master", "what tables there are is no secret, and FTS5 looks"},
};

/* ---- reading past the fence ---- */

static gboolean has_view(const struct store_fence_view *list, const char *name)
{
	for (; list->name; list++)
		if (strcmp(list->name, name) == 0)
			return TRUE;
	return FALSE;
}

/* A view of the fence, or what is asked inside one, may read the tables; a question may not. */
static gboolean is_ours(const char *view)
{
	return view &&
	       (g_str_has_prefix(view, "fence_") || has_view(views, view) || has_view(identity_fence_views, view));
}

gboolean store_fence_passes(const char *table)
{
	for (gsize i = 0; i < G_N_ELEMENTS(harmless); i++)
		if (strcmp(harmless[i].name, table) == 0)
			return TRUE;
	return FALSE;
}

static int authorize(void *unused, int action, const char *table, const char *column, const char *database,
		     const char *view)
{
	(void)unused, (void)column;
	if (action != SQLITE_READ || g_strcmp0(database, "main") != 0 || is_ours(view) || store_fence_passes(table))
		return SQLITE_OK;
	return SQLITE_DENY;
}

/* ---- making it ---- */

static gboolean make_views(store *s, const struct store_fence_view *list, GError **error)
{
	for (; list->name; list++) {
		g_autofree char *sql = g_strdup_printf("CREATE TEMP VIEW %s AS %s", list->name, list->select);
		if (!store_exec(s->db, sql, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean make_functions(store *s, GError **error)
{
	static const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
	if (sqlite3_create_function_v2(s->db, "meri_open", 3, flags, s, is_open, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_create_function_v2(s->db, "meri_open_source", 1, flags, s, is_open_source, NULL, NULL, NULL) !=
		    SQLITE_OK)
		return store_fail(s, "registering functions", error);
	for (const struct store_fence_question *question = identity_fence_questions; question->name; question++) {
		struct asking *asking = g_new(struct asking, 1);
		*asking = (struct asking){s, question};
		if (sqlite3_create_function_v2(s->db, question->name, question->parameters, flags, asking,
					       answer_question, NULL, NULL, g_free) != SQLITE_OK)
			return store_fail(s, "registering functions", error);
	}
	return TRUE;
}

static gboolean make(store *s, GError **error)
{
	store_statements_clear(s);
	if (!make_functions(s, error) || !store_exec(s->db, "PRAGMA query_only = OFF", error) ||
	    !store_exec(s->db, "PRAGMA temp_store = MEMORY", error) || !make_views(s, views, error) ||
	    !make_views(s, identity_fence_views, error) || !store_exec(s->db, "PRAGMA query_only = ON", error))
		return FALSE;
	sqlite3_set_authorizer(s->db, authorize, NULL);
	return TRUE;
}

gboolean store_fence(store *s, const struct store_rights *rights, GError **error)
{
	const char *wrong = s->mode != STORE_READ ? "only a reading connection can be fenced"
			    : rights->all         ? "who may read everything asks a connection without a fence"
			    : s->broken           ? "the fence of this connection could not be made"
						  : NULL;
	store_fence_forget(s); /* until all is well nothing is open */
	if (wrong) {
		g_set_error_literal(error, STORE_ERROR, STORE_ERROR_INVALID, wrong);
		return FALSE;
	}
	if (!s->fenced) {
		s->fenced = TRUE;
		s->broken = TRUE;
		if (!make(s, error))
			return FALSE;
		s->broken = FALSE;
	}
	s->asker = asker_new(s, rights, error);
	return s->asker != NULL;
}

gboolean store_fenced(store *s)
{
	return s->fenced;
}
