/* Any bytes as a text and as a query: offsets lie within, begin in order, terms are bounded in number and length, the
 * same each time; what is made of a query is a query that FTS5 takes, and a short text finds itself, taken as a phrase.
 */
// with: core/text/*.c
// libs: glib-2.0 sqlite3 libvoikko
// link: -lstemmer
#include <stdlib.h>
#include <string.h>

#include "text/text.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

struct seen {
	size_t length, last, same_place;
	guint64 hash, count;
};

static void demand(gboolean holds)
{
	if (!holds)
		abort();
}

static int see(const struct text_token *token, void *user)
{
	struct seen *s = user;
	demand(token->length > 0 && token->length <= 200);
	demand(token->start < token->end && token->end <= s->length);
	demand(token->start >= s->last);
	demand(!token->colocated || s->count > 0);
	s->last = token->start;
	s->same_place = token->colocated ? s->same_place + 1 : 0;
	demand(s->same_place < 64);
	s->count++;
	for (size_t i = 0; i < token->length; i++)
		s->hash = (s->hash ^ (guint8)token->term[i]) * 0x100000001B3u;
	return 0;
}

static int mark(size_t start, size_t end, int which, void *user)
{
	const size_t *length = user;
	demand(start < end && end <= *length && which == 7);
	return 0;
}

static void run(sqlite3 *db, const char *sql)
{
	demand(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static sqlite3 *index_of(const char *text, size_t size)
{
	static sqlite3 *db;
	sqlite3_stmt *insert = NULL;
	if (!db) {
		demand(sqlite3_open(":memory:", &db) == SQLITE_OK && text_register(db, "fi") == SQLITE_OK);
		run(db, "CREATE VIRTUAL TABLE t USING fts5(x, tokenize=meri)");
	}
	run(db, "DELETE FROM t");
	demand(sqlite3_prepare_v2(db, "INSERT INTO t VALUES (?)", -1, &insert, NULL) == SQLITE_OK);
	sqlite3_bind_text(insert, 1, text, (int)size, SQLITE_STATIC);
	demand(sqlite3_step(insert) == SQLITE_DONE);
	sqlite3_finalize(insert);
	return db;
}

static int ask(sqlite3 *db, const GString *match)
{
	sqlite3_stmt *select = NULL;
	demand(sqlite3_prepare_v2(db, "SELECT count(*) FROM t WHERE t MATCH ?", -1, &select, NULL) == SQLITE_OK);
	sqlite3_bind_text(select, 1, match->str, (int)match->len, SQLITE_STATIC);
	demand(sqlite3_step(select) == SQLITE_ROW);
	int found = sqlite3_column_int(select, 0);
	sqlite3_finalize(select);
	return found;
}

static void as_query(text_analyser *analyser, const char *text, size_t size)
{
	sqlite3 *db = index_of(text, size);
	/* addresses of the web are asked for without scheme and www, NUL ends what SQLite reads of a text */
	g_autofree char *small = g_ascii_strdown(text, (gssize)size);
	gboolean whole = size <= 300 && !memmem(text, size, "://", 3) && !memmem(small, size, "www", 3) &&
			 !memchr(text, 0, size);
	size = MIN(size, 300);
	for (int prefix = 0; prefix < 2; prefix++) {
		g_autoptr(GPtrArray) words = text_query(analyser, text, size, prefix);
		g_autoptr(text_marker) marker = text_marker_new();
		for (guint i = 0; i < words->len && i < 8; i++) {
			const struct text_word *word = words->pdata[i];
			g_autoptr(GString) one = g_string_new(NULL);
			demand(word->start < word->end && word->end <= size);
			if (text_match_word(one, word, TEXT_ALL))
				ask(db, one);
			text_marker_word(marker, word, TEXT_ALL, 7);
		}
		g_autoptr(GString) phrase = g_string_new(NULL);
		if (text_match_phrase(phrase, words, TEXT_ALL))
			demand(ask(db, phrase) == 1 || !whole || prefix);
		text_marker_phrase(marker, words, TEXT_ALL, 7);
		text_marks(analyser, marker, text, size, mark, &size);
	}
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
	static text_analyser *analyser;
	if (!analyser)
		analyser = text_analyser_new("fi");
	/* a copy of exactly this size, so that a read beyond it is seen */
	g_autofree char *text = g_memdup2(data, size);
	struct seen once = {.length = size}, again = {.length = size}, query = {.length = size};
	if (size == 0)
		return 0;
	text_terms(analyser, TEXT_DOCUMENT, text, size, see, &once);
	text_terms(analyser, TEXT_DOCUMENT, text, size, see, &again);
	demand(once.hash == again.hash && once.count == again.count);
	text_terms(analyser, TEXT_QUERY, text, MIN(size, 300), see, &query);
	as_query(analyser, text, size);
	return 0;
}
