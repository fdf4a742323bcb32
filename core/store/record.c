/* store_put: a record goes in, is replaced, or is found to be what it was. */
#include "store/internal.h"

#include <sodium.h>
#include <string.h>

#include "base/base.h"

#define ID_MAX 1000 /* bytes, as connector.h says */

/* ---- the content hash: over everything that counts, each part with its length, so that no two contents read alike
 * ---- */

static void hash_number(crypto_generichash_state *hash, guint64 value)
{
	guint64 little = GUINT64_TO_LE(value);
	crypto_generichash_update(hash, (const unsigned char *)&little, sizeof(little));
}

static void hash_text(crypto_generichash_state *hash, const char *text)
{
	gsize length = text ? strlen(text) : 0; /* NULL and "" both mean "not known" */
	hash_number(hash, length);
	if (length)
		crypto_generichash_update(hash, (const unsigned char *)text, length);
}

static void hash_pairs(crypto_generichash_state *hash, const struct meri_pair *pairs, gsize n)
{
	hash_number(hash, n);
	for (gsize i = 0; i < n; i++) {
		hash_text(hash, pairs[i].name);
		hash_text(hash, pairs[i].value);
	}
}

static void hash_arrays(crypto_generichash_state *hash, const struct meri_record *r)
{
	hash_number(hash, r->n_parties);
	for (gsize i = 0; i < r->n_parties; i++) {
		hash_text(hash, r->parties[i].role);
		hash_text(hash, r->parties[i].name);
		hash_text(hash, r->parties[i].address);
		hash_text(hash, r->parties[i].organisation);
	}
	hash_pairs(hash, r->hints, r->n_hints);
	hash_pairs(hash, r->fields, r->n_fields);
	hash_pairs(hash, r->left_out, r->n_left_out);
	hash_number(hash, r->n_quoted);
	for (gsize i = 0; i < r->n_quoted; i++) {
		hash_number(hash, r->quoted[i].start);
		hash_number(hash, r->quoted[i].length);
	}
	hash_number(hash, r->readers ? r->n_readers : G_MAXUINT64);
	for (gsize i = 0; r->readers && i < r->n_readers; i++)
		hash_text(hash, r->readers[i]);
}

static void content_hash(const struct meri_record *r, guint8 out[16])
{
	const char *const texts[] = {r->title, r->text, r->url, r->thread, r->parent, r->language, r->item};
	crypto_generichash_state hash;
	crypto_generichash_init(&hash, NULL, 0, 16);
	hash_number(&hash, r->kind);
	hash_number(&hash, (guint64)r->occurred);
	hash_number(&hash, (guint64)r->updated);
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		hash_text(&hash, texts[i]);
	hash_arrays(&hash, r);
	crypto_generichash_final(&hash, out, 16);
}

/* ---- what is derived from a record before it is written ---- */

struct content {
	const struct meri_record *record;
	guint8 hash[16];
	GString *people;    /* the line of names and addresses that the index knows the record by */
	GByteArray *quoted; /* packed spans; NULL: none */
};

typedef struct content content;
static void content_clear(content *c)
{
	if (c->people)
		g_string_free(c->people, TRUE);
	if (c->quoted)
		g_byte_array_unref(c->quoted);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(content, content_clear)

static void append_person(GString *line, const struct meri_party *party)
{
	const char *const words[] = {party->name, party->address, party->organisation};
	gsize before = line->len;
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		if (!words[i] || !words[i][0])
			continue;
		if (line->len > 0)
			g_string_append(line, line->len == before ? "; " : " ");
		g_string_append(line, words[i]);
	}
}

static void derive(content *c)
{
	const struct meri_record *r = c->record;
	content_hash(r, c->hash);
	c->people = g_string_new(NULL);
	for (gsize i = 0; i < r->n_parties; i++)
		append_person(c->people, &r->parties[i]);
	c->quoted = store_spans_pack(r->quoted, r->n_quoted, r->text);
}

/* ---- the rows ---- */

/* How much somebody wrote: what is quoted does not make a record long. */
static gint64 own_size(const struct meri_record *r)
{
	gsize size = (r->title ? strlen(r->title) : 0) + (r->text ? strlen(r->text) : 0);
	for (gsize i = 0; i < r->n_quoted; i++)
		size -= MIN(size, r->quoted[i].length);
	return (gint64)size;
}

/* Binds what INSERT, UPDATE and the comparison of indexed text have in common: parameters 1 to 4. */
static void bind_indexed(sqlite3_stmt *to, const content *c)
{
	store_bind(to, 1, c->record->title);
	store_bind(to, 2, c->people->str);
	if (c->quoted)
		sqlite3_bind_blob(to, 3, c->quoted->data, (int)c->quoted->len, SQLITE_STATIC);
	store_bind(to, 4, c->record->text);
}

static void bind_content(sqlite3_stmt *to, const content *c)
{
	const struct meri_record *r = c->record;
	bind_indexed(to, c);
	sqlite3_bind_int(to, 5, (int)r->kind);
	sqlite3_bind_blob(to, 6, c->hash, sizeof(c->hash), SQLITE_STATIC);
	sqlite3_bind_int64(to, 7, r->occurred);
	sqlite3_bind_int64(to, 8, r->updated);
	sqlite3_bind_int64(to, 9, base_now());
	sqlite3_bind_int(to, 10, r->readers != NULL); /* an empty list is nobody */
	store_bind(to, 11, r->thread);
	store_bind(to, 12, r->parent);
	store_bind(to, 13, r->item);
	store_bind(to, 14, r->language);
	store_bind(to, 15, r->url);
	sqlite3_bind_int64(to, 16, own_size(r));
}

static gboolean insert_row(store *s, gint64 source, const content *c, gint64 *row, GError **error)
{
	sqlite3_stmt *insert = store_prepare(
		s,
		"INSERT INTO record(title, people, quoted, text, kind, hash, occurred, updated, added, changed, "
		"restricted,"
		" thread, parent, item, language, url, size, source_id, external_id)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
		error);
	if (!insert)
		return FALSE;
	bind_content(insert, c);
	sqlite3_bind_int64(insert, 17, source);
	store_bind(insert, 18, c->record->id);
	if (!store_step(s, insert, error))
		return FALSE;
	*row = sqlite3_last_insert_rowid(s->db);
	return TRUE;
}

static gboolean update_row(store *s, const content *c, gint64 row, GError **error)
{
	sqlite3_stmt *update = store_prepare(s,
					     "UPDATE record SET title = ?1, people = ?2, quoted = ?3, text = ?4, kind "
					     "= ?5, hash = ?6, occurred = ?7,"
					     " updated = ?8, changed = ?9, restricted = ?10, thread = ?11, parent = "
					     "?12, item = ?13, language = ?14, url = ?15, size = ?16"
					     " WHERE id = ?17",
					     error);
	if (!update)
		return FALSE;
	bind_content(update, c);
	sqlite3_bind_int64(update, 17, row);
	return store_step(s, update, error);
}

/* Whether what the index knows of the record stays: then a new status, say, costs no cutting of words. */
static gboolean indexed_text_stays(store *s, const content *c, gint64 row, gboolean *stays, GError **error)
{
	sqlite3_stmt *ask = store_prepare(
		s, "SELECT title IS ?1 AND people IS ?2 AND quoted IS ?3 AND text IS ?4 FROM record WHERE id = ?5",
		error);
	if (!ask)
		return FALSE;
	bind_indexed(ask, c);
	sqlite3_bind_int64(ask, 5, row);
	int found = store_row(s, ask, error);
	*stays = found == 1 && sqlite3_column_int(ask, 0);
	sqlite3_reset(ask);
	return found >= 0;
}

static gboolean insert_parties(store *s, gint64 row, const struct meri_record *r, GError **error)
{
	for (gsize i = 0; i < r->n_parties; i++) {
		const struct meri_party *party = &r->parties[i];
		sqlite3_stmt *insert = store_prepare(
			s,
			"INSERT INTO party(record_id, n, role, name, address, organisation) VALUES (?, ?, ?, ?, ?, ?)",
			error);
		if (!insert)
			return FALSE;
		sqlite3_bind_int64(insert, 1, row);
		sqlite3_bind_int64(insert, 2, (gint64)i);
		store_bind(insert, 3, party->role);
		store_bind(insert, 4, party->name);
		store_bind(insert, 5, party->address);
		store_bind(insert, 6, party->organisation);
		if (!store_step(s, insert, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean insert_pairs(store *s, const char *sql, gint64 row, const struct meri_pair *pairs, gsize n,
			     GError **error)
{
	for (gsize i = 0; i < n; i++) {
		sqlite3_stmt *insert = store_prepare(s, sql, error);
		if (!insert)
			return FALSE;
		sqlite3_bind_int64(insert, 1, row);
		sqlite3_bind_int64(insert, 2, (gint64)i);
		sqlite3_bind_text(insert, 3, pairs[i].name ? pairs[i].name : "", -1, SQLITE_STATIC);
		sqlite3_bind_text(insert, 4, pairs[i].value ? pairs[i].value : "", -1, SQLITE_STATIC);
		if (!store_step(s, insert, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean insert_readers(store *s, gint64 row, const struct meri_record *r, GError **error)
{
	for (gsize i = 0; r->readers && i < r->n_readers; i++) {
		sqlite3_stmt *insert =
			store_prepare(s, "INSERT OR IGNORE INTO reader(record_id, name) VALUES (?, ?)", error);
		if (!insert)
			return FALSE;
		sqlite3_bind_int64(insert, 1, row);
		sqlite3_bind_text(insert, 2, r->readers[i] ? r->readers[i] : "", -1, SQLITE_STATIC);
		if (!store_step(s, insert, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean insert_children(store *s, gint64 row, const struct meri_record *r, GError **error)
{
	return insert_parties(s, row, r, error) &&
	       insert_pairs(s, "INSERT INTO hint(record_id, n, scheme, value) VALUES (?, ?, ?, ?)", row, r->hints,
			    r->n_hints, error) &&
	       insert_pairs(s, "INSERT INTO field(record_id, n, name, value) VALUES (?, ?, ?, ?)", row, r->fields,
			    r->n_fields, error) &&
	       insert_pairs(s, "INSERT INTO left_out(record_id, n, what, why) VALUES (?, ?, ?, ?)", row, r->left_out,
			    r->n_left_out, error) &&
	       insert_readers(s, row, r, error);
}

static gboolean delete_children(store *s, gint64 row, GError **error)
{
	return store_run_sql(s, "DELETE FROM party WHERE record_id = ?", error, 1, row) &&
	       store_run_sql(s, "DELETE FROM hint WHERE record_id = ?", error, 1, row) &&
	       store_run_sql(s, "DELETE FROM field WHERE record_id = ?", error, 1, row) &&
	       store_run_sql(s, "DELETE FROM left_out WHERE record_id = ?", error, 1, row) &&
	       store_run_sql(s, "DELETE FROM reader WHERE record_id = ?", error, 1, row);
}

/* ---- items: what was read whole, and under which fingerprint ---- */

static const char *item_of(const struct meri_record *r)
{
	return r->item && r->item[0] ? r->item : r->id;
}

static gboolean forget_item(store *s, gint64 source, const char *item, GError **error)
{
	sqlite3_stmt *change = store_prepare(s, "DELETE FROM item WHERE source_id = ? AND item = ?", error);
	if (!change)
		return FALSE;
	sqlite3_bind_int64(change, 1, source);
	store_bind(change, 2, item);
	return store_step(s, change, error);
}

/* A record that moves to another item leaves one that cannot be told from a half-read one: were that found "unchanged"
 * under its old fingerprint later, the record would be missed. */
static gboolean forget_left_item(store *s, gint64 row, const char *item, GError **error)
{
	sqlite3_stmt *change =
		store_prepare(s,
			      "DELETE FROM item WHERE (source_id, item) = (SELECT source_id, ifnull(item, external_id)"
			      " FROM record WHERE id = ?1) AND item <> ?2",
			      error);
	if (!change)
		return FALSE;
	sqlite3_bind_int64(change, 1, row);
	store_bind(change, 2, item);
	return store_step(s, change, error);
}

static gboolean keep_item(store *s, gint64 source, gint64 run, const char *item, const char *fingerprint,
			  GError **error)
{
	sqlite3_stmt *change =
		store_prepare(s,
			      "INSERT INTO item(source_id, item, run, fingerprint) VALUES (?1, ?2, ?3, ?4)"
			      " ON CONFLICT DO UPDATE SET run = ?3, fingerprint = ?4 WHERE fingerprint <> ?4",
			      error);
	if (!change)
		return FALSE;
	sqlite3_bind_int64(change, 1, source);
	store_bind(change, 2, item);
	sqlite3_bind_int64(change, 3, run);
	store_bind(change, 4, fingerprint);
	return store_step(s, change, error) && store_failure_end(s, source, item, error);
}

/* A half-read item must not pass for one that was read whole: a change takes the fingerprint away until a new one
 * comes. */
static gboolean note_item(store *s, gint64 source, gint64 run, const struct meri_record *r, enum store_change change,
			  GError **error)
{
	const char *item = item_of(r);
	if (r->fingerprint && r->fingerprint[0])
		return keep_item(s, source, run, item, r->fingerprint, error);
	return change == STORE_SAME || forget_item(s, source, item, error);
}

/* ---- the whole ---- */

static gboolean add(store *s, gint64 source, content *c, gint64 *row, GError **error)
{
	return insert_row(s, source, c, row, error) && insert_children(s, *row, c->record, error) &&
	       store_run_sql(s, "UPDATE source SET records = records + 1 WHERE id = ?", error, 1, source) &&
	       store_fts_changes(s, *row, TRUE, error) && store_fts_settle(s, error);
}

static gboolean replace(store *s, content *c, gint64 row, GError **error)
{
	gboolean stays = FALSE;
	return indexed_text_stays(s, c, row, &stays, error) && (stays || store_fts_changes(s, row, FALSE, error)) &&
	       forget_left_item(s, row, item_of(c->record), error) && update_row(s, c, row, error) &&
	       delete_children(s, row, error) && insert_children(s, row, c->record, error) &&
	       store_fts_settle(s, error);
}

static gboolean acceptable(const struct meri_record *r, GError **error)
{
	gsize length = r->id ? strlen(r->id) : 0;
	if (length >= 1 && length <= ID_MAX && r->kind >= MERI_ACCOUNT && r->kind <= MERI_EVENT)
		return TRUE;
	g_autofree char *id = base_one_line(r->id, 60);
	g_set_error(error, STORE_ERROR, STORE_ERROR_INVALID,
		    "record \"%s\": its id has %" G_GSIZE_FORMAT
		    " bytes (1 to %d are allowed), its kind is %d (%d to %d exist)",
		    id, length, ID_MAX, (int)r->kind, MERI_ACCOUNT, MERI_EVENT);
	return FALSE;
}

static gboolean known(store *s, gint64 source, const content *c, gint64 *row, gboolean *same, GError **error)
{
	sqlite3_stmt *ask =
		store_prepare(s, "SELECT id, hash = ?3 FROM record WHERE source_id = ?1 AND external_id = ?2", error);
	if (!ask)
		return FALSE;
	sqlite3_bind_int64(ask, 1, source);
	store_bind(ask, 2, c->record->id);
	sqlite3_bind_blob(ask, 3, c->hash, sizeof(c->hash), SQLITE_STATIC);
	int found = store_row(s, ask, error);
	*row = found == 1 ? sqlite3_column_int64(ask, 0) : 0;
	*same = found == 1 && sqlite3_column_int(ask, 1);
	sqlite3_reset(ask);
	return found >= 0;
}

gboolean store_put(store *s, gint64 source, gint64 run, const struct meri_record *record, enum store_change *change,
		   gint64 *row, GError **error)
{
	if (!acceptable(record, error))
		return FALSE;
	g_auto(content) c = {.record = record};
	derive(&c);
	gint64 id = 0;
	gboolean same = FALSE;
	if (!known(s, source, &c, &id, &same, error))
		return FALSE;
	enum store_change what = !id ? STORE_ADDED : same ? STORE_SAME : STORE_CHANGED;
	if (what == STORE_ADDED ? !add(s, source, &c, &id, error) : !store_removal_cancel(s, id, error))
		return FALSE;
	if (what == STORE_CHANGED && !replace(s, &c, id, error))
		return FALSE;
	if (!note_item(s, source, run, record, what, error) || !store_failure_end(s, source, record->id, error))
		return FALSE;
	if (change)
		*change = what;
	if (row)
		*row = id;
	return TRUE;
}
