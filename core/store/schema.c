/* The schema, as numbered migrations. A step that has been released is never edited: what must change is a new step at
 * the end of `migrations`. Each runs in a transaction of its own, with PRAGMA user_version as the last thing in it.
 *
 * Columns that are asked for stand before long text in `record`: SQLite walks a row's overflow pages from the front. */
#include "store/internal.h"

#include "identity/tables.h"

static const char records[] =
	"CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;"

	"CREATE TABLE source ("
	"	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"	name TEXT NOT NULL UNIQUE,"
	"	connector TEXT NOT NULL,"
	"	cursor TEXT,"
	"	records INTEGER NOT NULL DEFAULT 0);" /* how many it has: kept by record.c and removal.c */

	"CREATE TABLE record ("
	"	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"	source_id INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE,"
	"	external_id TEXT NOT NULL,"
	"	kind INTEGER NOT NULL," /* enum meri_kind */
	"	hash BLOB NOT NULL,"    /* of all that counts of the content */
	"	occurred INTEGER NOT NULL DEFAULT 0,"
	"	updated INTEGER NOT NULL DEFAULT 0,"
	"	added INTEGER NOT NULL,"                /* when we first had it */
	"	changed INTEGER NOT NULL,"              /* when its content last changed here */
	"	restricted INTEGER NOT NULL DEFAULT 0," /* 1: `reader` says who may read it */
	"	size INTEGER NOT NULL DEFAULT 0,"       /* bytes of title and own text, for ranking */
	"	thread TEXT, parent TEXT, item TEXT, language TEXT, url TEXT,"
	"	title TEXT, people TEXT,"
	"	quoted BLOB," /* spans of text, packed: see spans.c */
	"	text TEXT,"
	"	UNIQUE (source_id, external_id));"
	"CREATE INDEX record_item ON record(source_id, item) WHERE item IS NOT NULL;"
	"CREATE INDEX record_thread ON record(source_id, thread) WHERE thread IS NOT NULL;"
	"CREATE INDEX record_occurred ON record(occurred);"
	/* What ranking, filters and facets ask of every match, without walking past the texts. */
	"CREATE INDEX record_narrow ON record(id, source_id, kind, occurred, size);"

	"CREATE TABLE party ("
	"	record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,"
	"	n INTEGER NOT NULL,"
	"	role TEXT, name TEXT,"
	"	address TEXT COLLATE NOCASE," /* as written; compares without case */
	"	organisation TEXT,"
	"	PRIMARY KEY (record_id, n)) WITHOUT ROWID;"
	"CREATE INDEX party_address ON party(address) WHERE address IS NOT NULL;"

	"CREATE TABLE hint ("
	"	record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,"
	"	n INTEGER NOT NULL,"
	"	scheme TEXT NOT NULL, value TEXT NOT NULL,"
	"	PRIMARY KEY (record_id, n)) WITHOUT ROWID;"
	"CREATE INDEX hint_value ON hint(scheme, value);"

	"CREATE TABLE field ("
	"	record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,"
	"	n INTEGER NOT NULL,"
	"	name TEXT NOT NULL COLLATE NOCASE, value TEXT NOT NULL COLLATE NOCASE,"
	"	PRIMARY KEY (record_id, n)) WITHOUT ROWID;"
	"CREATE INDEX field_status ON field(value) WHERE name = 'status';" /* what `status:` asks */

	"CREATE TABLE left_out ("
	"	record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,"
	"	n INTEGER NOT NULL,"
	"	what TEXT NOT NULL, why TEXT NOT NULL,"
	"	PRIMARY KEY (record_id, n)) WITHOUT ROWID;"

	"CREATE TABLE reader ("
	"	record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,"
	"	name TEXT NOT NULL,"
	"	PRIMARY KEY (record_id, name)) WITHOUT ROWID;"

	"CREATE VIEW record_text(rowid, title, text, quoted, people) AS"
	"	SELECT id, title, meri_own(text, quoted), meri_quoted(text, quoted), people FROM record;"
	"CREATE VIRTUAL TABLE record_fts USING fts5("
	"	title, text, quoted, people, content='record_text', content_rowid='rowid', tokenize='meri');"
	"CREATE VIRTUAL TABLE record_terms USING fts5vocab(record_fts, row);" /* how many records hold a term */

	/* What was read whole: an item (a file, say) and its fingerprint. `run`: in which it was read. */
	"CREATE TABLE item ("
	"	source_id INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE,"
	"	item TEXT NOT NULL,"
	"	run INTEGER NOT NULL,"
	"	fingerprint TEXT NOT NULL,"
	"	PRIMARY KEY (source_id, item)) WITHOUT ROWID;"

	"CREATE TABLE run ("
	"	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"	source_id INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE,"
	"	started INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0,"
	"	before INTEGER NOT NULL," /* records of the source when it began */
	"	added INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0,"
	"	removed INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0,"
	"	unchanged INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0,"
	"	verdict TEXT NOT NULL, reason TEXT, message TEXT, output TEXT);"
	"CREATE INDEX run_source ON run(source_id, id);"

	"CREATE TABLE failure ("
	"	source_id INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE,"
	"	external_id TEXT NOT NULL,"
	"	why TEXT NOT NULL,"
	"	run INTEGER NOT NULL," /* the last in which it failed */
	"	first INTEGER NOT NULL, last INTEGER NOT NULL, times INTEGER NOT NULL,"
	"	PRIMARY KEY (source_id, external_id)) WITHOUT ROWID;"

	/* Removals that wait: for the run's end, or (held) for an admin's word. `run`: the last that noted it. */
	"CREATE TABLE removal ("
	"	record_id INTEGER PRIMARY KEY REFERENCES record(id) ON DELETE CASCADE,"
	"	source_id INTEGER NOT NULL REFERENCES source(id) ON DELETE CASCADE,"
	"	item TEXT NOT NULL," /* what takes it back when found unchanged: see removal.c */
	"	run INTEGER NOT NULL,"
	"	held INTEGER NOT NULL DEFAULT 0);"
	"CREATE INDEX removal_item ON removal(source_id, item);";

/* Who may log in and what they may read; who looked at what. The narrow index says whether a record is restricted, and
 * is asked through a view, which the fence (fence.h) can stand before. */
static const char people[] =
	"ALTER TABLE source ADD COLUMN team TEXT;" /* whose system it is, as the settings say */
	"DROP INDEX record_narrow;"
	"CREATE INDEX record_narrow ON record(id, source_id, kind, occurred, size, restricted);"
	"CREATE VIEW record_brief(id, source_id, kind, occurred, size, restricted) AS"
	"	SELECT id, source_id, kind, occurred, size, restricted FROM record INDEXED BY record_narrow;"

	"CREATE TABLE user ("
	"	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"	name TEXT NOT NULL UNIQUE," /* folded */
	"	full_name TEXT, email TEXT,"
	"	admin INTEGER NOT NULL DEFAULT 0,"
	"	password TEXT," /* argon2id, as libsodium writes it; NULL: none */
	"	added INTEGER NOT NULL, last_in INTEGER NOT NULL DEFAULT 0);"
	/* The key's columns first: SQLite 3.40's integrity_check takes any other order for NULLs. */
	"CREATE TABLE user_team ("
	"	user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,"
	"	folded TEXT NOT NULL,"
	"	team TEXT NOT NULL,"
	"	PRIMARY KEY (user_id, folded)) WITHOUT ROWID;"

	/* Hashes of secrets, never secrets. */
	"CREATE TABLE session ("
	"	hash BLOB PRIMARY KEY,"
	"	user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,"
	"	made INTEGER NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX session_user ON session(user_id);"
	"CREATE INDEX session_expires ON session(expires);"
	"CREATE TABLE token ("
	"	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"	hash BLOB NOT NULL UNIQUE,"
	"	user_id INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,"
	"	name TEXT NOT NULL, team TEXT,"
	"	scopes INTEGER NOT NULL," /* enum store_scope */
	"	made INTEGER NOT NULL, expires INTEGER NOT NULL DEFAULT 0, used INTEGER NOT NULL DEFAULT 0);"
	"CREATE INDEX token_user ON token(user_id);"
	"CREATE TABLE one_time_key ("
	"	hash BLOB PRIMARY KEY,"
	"	user_id INTEGER REFERENCES user(id) ON DELETE CASCADE," /* NULL: makes the first admin */
	"	made INTEGER NOT NULL, expires INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX one_time_key_user ON one_time_key(user_id);"

	"CREATE TABLE audit ("
	"	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	"	at INTEGER NOT NULL,"
	"	user_id INTEGER, name TEXT," /* no reference: users go, the audit stays */
	"	via TEXT NOT NULL, action TEXT NOT NULL, what TEXT,"
	"	customer INTEGER, hits INTEGER, address TEXT);"
	"CREATE INDEX audit_at ON audit(at);"
	"CREATE INDEX audit_name ON audit(name);"
	"CREATE INDEX audit_customer ON audit(customer) WHERE customer IS NOT NULL;"
	/* Append-only: what may be deleted is what retention has let go of (audit.c), in the same transaction. */
	"CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN"
	"	SELECT raise(ABORT, 'the audit cannot be changed'); END;"
	"CREATE TRIGGER audit_replaced BEFORE INSERT ON audit"
	"	WHEN EXISTS (SELECT 1 FROM audit WHERE id = new.id) BEGIN"
	"	SELECT raise(ABORT, 'the audit cannot be changed'); END;"
	"CREATE TRIGGER audit_kept BEFORE DELETE ON audit"
	"	WHEN old.at >= coalesce((SELECT value FROM meta WHERE name = 'audit_before'), 0) BEGIN"
	"	SELECT raise(ABORT, 'the audit is kept'); END;";

/* What is being typed is completed: titles by their beginnings, words out of the index. */
static const char beginnings[] =
	"CREATE INDEX record_title ON record(substr(title, 1, 24) COLLATE NOCASE) WHERE title IS NOT NULL;"
	"CREATE VIRTUAL TABLE record_places USING fts5vocab(record_fts, instance);"; /* each place of each term */

static const char restricted[] = "CREATE INDEX record_restricted ON record(source_id) WHERE restricted <> 0;";

static const char moved[] =
	"CREATE TABLE record_moved (n INTEGER PRIMARY KEY, record_id INTEGER NOT NULL);"
	"CREATE TRIGGER record_moves AFTER UPDATE OF source_id, kind, occurred, size, restricted ON record"
	"	WHEN old.source_id <> new.source_id OR old.kind <> new.kind OR old.occurred <> new.occurred"
	"	OR old.size <> new.size OR old.restricted <> new.restricted BEGIN"
	"	INSERT INTO record_moved(record_id) VALUES (new.id);"
	"	DELETE FROM record_moved WHERE n <= last_insert_rowid() - 20000; END;"
	"CREATE TRIGGER record_goes AFTER DELETE ON record BEGIN"
	"	INSERT INTO record_moved(record_id) VALUES (old.id);"
	"	DELETE FROM record_moved WHERE n <= last_insert_rowid() - 20000; END;";

static const struct {
	const char *what; /* for the log and for messages: "adds ..." */
	const char *sql;
} migrations[] = {
	{"records, runs and the full text index", records},
	{"customers, their keys and the links of records", identity_tables},
	{"users, rights and the audit", people},
	{"which records are restricted", restricted},
	{"beginnings of titles and words", beginnings},
	{"a list of what records moved", moved},
	{"the words of names in their order", identity_words_tables},
	{"where names were seen alone", identity_sighting_tables},
};

const int store_schema_newest = G_N_ELEMENTS(migrations);

static gboolean step(sqlite3 *db, int version, GError **error)
{
	g_autofree char *mark = g_strdup_printf("PRAGMA user_version = %d", version);
	return store_exec(db, "BEGIN IMMEDIATE", error) && store_exec(db, migrations[version - 1].sql, error) &&
	       store_exec(db, mark, error) && store_exec(db, "COMMIT", error);
}

gboolean store_schema_migrate(sqlite3 *db, int from, int to, GError **error)
{
	for (int version = from + 1; version <= to; version++) {
		if (step(db, version, error))
			continue;
		if (!sqlite3_get_autocommit(db))
			sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
		g_prefix_error(error, "schema step %d (%s) failed and was undone: ", version,
			       migrations[version - 1].what);
		return FALSE;
	}
	return TRUE;
}
