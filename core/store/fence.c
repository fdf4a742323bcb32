/* The fence: TEMP VIEWs before the tables, an authorizer against reading past them, and who asks in TEMP tables. */
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

static void fold(sqlite3_context *context, int n, sqlite3_value **values)
{
	(void)n;
	const char *text = (const char *)sqlite3_value_text(values[0]);
	if (text)
		sqlite3_result_text(context, store_fold(text), -1, g_free);
}

/* ---- what stands before which table ---- */

/* Who asks. */
static const char asker[] =
	"CREATE TEMP TABLE fence_source (id INTEGER PRIMARY KEY, lenient INTEGER NOT NULL);"
	"CREATE TEMP TABLE fence_name (name TEXT PRIMARY KEY) WITHOUT ROWID;"
	"CREATE TEMP TABLE fence_known (name TEXT PRIMARY KEY) WITHOUT ROWID;"
	"CREATE TEMP VIEW fence_people(name) AS SELECT name FROM main.user UNION SELECT folded FROM main.user_team"
	"	UNION SELECT meri_fold(email) FROM main.user WHERE email IS NOT NULL;"
	/* For restricted records alone, so in a view of its own: it is looked at last. */
	"CREATE TEMP VIEW fence_reader(record_id) AS SELECT d.record_id FROM main.reader d"
	"	WHERE meri_fold(d.name) IN (SELECT name FROM fence_name);"
	"CREATE TEMP VIEW fence_known_reader(record_id) AS SELECT d.record_id FROM main.reader d"
	"	WHERE meri_fold(d.name) IN (SELECT name FROM fence_known);";

/* Of a record at hand, `r`: may it be read? The + keeps SQLite from walking source by source. */
#define OPEN                                                                                                           \
	" +r.source_id IN (SELECT id FROM fence_source) AND (r.restricted = 0"                                         \
	" OR EXISTS (SELECT 1 FROM fence_reader d WHERE d.record_id = r.id)"                                           \
	" OR (+r.source_id IN (SELECT id FROM fence_source WHERE lenient)"                                             \
	" AND NOT EXISTS (SELECT 1 FROM fence_known_reader d WHERE d.record_id = r.id)))"

/* Rows of a table with `record_id`, of records that may be read. */
#define OF_RECORD(table)                                                                                               \
	"SELECT t.* FROM main." table                                                                                  \
	" t WHERE EXISTS (SELECT 1 FROM main.record_brief r WHERE r.id = t.record_id AND" OPEN ")"
#define OF_SOURCE      " WHERE source_id IN (SELECT id FROM fence_source)"
#define NOTHING(table) "SELECT * FROM main." table " WHERE 0"

static const struct store_fence_view views[] = {
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
		   " iif(id IN (SELECT id FROM fence_source), records, 0) AS records, team FROM main.source"},
	{"run", "SELECT id, source_id, started, ended, before, added, changed, removed, skipped, unchanged, held,"
		" verdict, reason, message, NULL AS output FROM main.run" OF_SOURCE},
	{"failure",
	 "SELECT source_id, NULL AS external_id, NULL AS why, run, first, last, times FROM main.failure" OF_SOURCE},
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
	{"record_fts_data", "the index's own, read by FTS5 itself"},
	{"record_fts_idx", "the index's own, read by FTS5 itself"},
	{"record_fts_docsize", "the index's own, read by FTS5 itself"},
	{"record_fts_config", "the index's own, read by FTS5 itself"},
	{"identity_doubted", "ids of keys alone, which tell something only through record_key and customer_key"},
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

static gboolean make(store *s, GError **error)
{
	static const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
	if (s->mode != STORE_READ) {
		g_set_error_literal(error, STORE_ERROR, STORE_ERROR_INVALID, "only a reading connection can be fenced");
		return FALSE;
	}
	store_statements_clear(s);
	if (sqlite3_create_function_v2(s->db, "meri_fold", 1, flags, NULL, fold, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail(s, "registering a function", error);
	if (!store_exec(s->db, "PRAGMA temp_store = MEMORY", error) || !store_exec(s->db, asker, error) ||
	    !make_views(s, views, error) || !make_views(s, identity_fence_views, error))
		return FALSE;
	sqlite3_set_authorizer(s->db, authorize, NULL);
	return TRUE;
}

/* ---- who asks ---- */

static gboolean add_names(store *s, const char *sql, const char *const *names, GError **error)
{
	for (; names && *names; names++) {
		g_autofree char *folded = store_fold(*names);
		sqlite3_stmt *add = store_prepare(s, sql, error);
		if (!add)
			return FALSE;
		store_bind(add, 1, folded);
		if (*folded && !store_step(s, add, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean add_sources(store *s, const char *sql, const gint64 *sources, gsize n, GError **error)
{
	for (gsize i = 0; i < n; i++)
		if (!store_run_sql(s, sql, error, 1, sources[i]))
			return FALSE;
	return TRUE;
}

static gboolean write_asker(store *s, const struct store_rights *rights, GError **error)
{
	return store_run_sql(s, "DELETE FROM fence_source", error, 0) &&
	       store_run_sql(s, "DELETE FROM fence_name", error, 0) &&
	       store_run_sql(s, "DELETE FROM fence_known", error, 0) &&
	       add_sources(s, "INSERT OR IGNORE INTO fence_source(id, lenient) VALUES (?, 0)", rights->sources,
			   rights->n_sources, error) &&
	       add_sources(s, "UPDATE fence_source SET lenient = 1 WHERE id = ?", rights->lenient, rights->n_lenient,
			   error) &&
	       add_names(s, "INSERT OR IGNORE INTO fence_name(name) VALUES (?)", rights->names, error) &&
	       (rights->n_lenient == 0 ||
		(store_run_sql(s, "INSERT OR IGNORE INTO fence_known SELECT name FROM fence_people", error, 0) &&
		 add_names(s, "INSERT OR IGNORE INTO fence_known(name) VALUES (?)", rights->known, error)));
}

/* All that write_asker writes, as text; NULL if it depends on what the store says, too. */
static char *asker_text(const struct store_rights *rights)
{
	if (rights->n_lenient > 0)
		return NULL;
	GString *text = g_string_new(NULL);
	for (gsize i = 0; i < rights->n_sources; i++)
		g_string_append_printf(text, "%" G_GINT64_FORMAT " ", rights->sources[i]);
	for (const char *const *name = rights->names; name && *name; name++)
		g_string_append_printf(text, "%zu:%s", strlen(*name), *name);
	return g_string_free(text, FALSE);
}

gboolean store_fence(store *s, const struct store_rights *rights, GError **error)
{
	if (rights->all) {
		g_set_error_literal(error, STORE_ERROR, STORE_ERROR_INVALID,
				    "who may read everything asks a connection without a fence");
		return FALSE;
	}
	g_autofree char *text = asker_text(rights);
	if (s->fenced && text && g_strcmp0(text, s->asker) == 0)
		return TRUE;
	g_clear_pointer(&s->asker, g_free);
	if (!store_exec(s->db, "PRAGMA query_only = OFF", error))
		return FALSE;
	gboolean before = s->fenced;
	s->fenced = TRUE; /* whatever happens, it is not for those who may read everything any more */
	gboolean good = (before || make(s, error)) && write_asker(s, rights, error);
	if (!good) /* nobody asks: nothing is open */
		sqlite3_exec(s->db, "DELETE FROM fence_source", NULL, NULL, NULL);
	good = store_exec(s->db, "PRAGMA query_only = ON", good ? error : NULL) && good;
	if (good)
		s->asker = g_steal_pointer(&text);
	return good;
}

gboolean store_fenced(store *s)
{
	return s->fenced;
}
