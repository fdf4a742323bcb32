#include "lookup/suggest.h"

#include <string.h>

#include "base/base.h"

enum {
	TITLES = 60,      /* the same of records */
	TITLE_KEY = 24,   /* characters of a title that its index holds */
	RECENT = 1200,    /* records whose titles are looked at for words */
	TERMS = 16,       /* terms of the index that begin so, */
	SOUGHT = 96,      /* and how many are looked at for them: some are of records that may not be read */
	TERM_VISITS = 50, /* records that are looked at for how common a term is */
	LEAST_WORD = 2,
	LEAST_TITLE = 2
};

/* The first text after all that begin with the prefix. */
static char *beyond(const char *prefix)
{
	return g_strconcat(prefix, "\xf4\x8f\xbf\xbf", NULL);
}

/* How else the text may be written where an index knows only the case of a to z: with the other first letter. NULL if
 * that is the same. */
static char *other_case(const char *text)
{
	gunichar first = g_utf8_get_char(text);
	gunichar other = g_unichar_isupper(first) ? g_unichar_tolower(first) : g_unichar_toupper(first);
	char letter[7] = {0};
	if (first < 0x80 || other == first)
		return NULL;
	g_unichar_to_utf8(other, letter);
	return g_strconcat(letter, g_utf8_next_char(text), NULL);
}

/* ---- words ---- */

struct tally {
	char *written;
	guint count;
};

static void tally_free(gpointer data)
{
	struct tally *tally = data;
	g_free(tally->written);
	g_free(tally);
}

static void add_word(GHashTable *tallies, const char *written, guint count)
{
	g_autofree char *folded = text_fold(written, -1);
	struct tally *tally = g_hash_table_lookup(tallies, folded);
	if (!tally) {
		tally = g_new0(struct tally, 1);
		tally->written = g_strdup(written);
		g_hash_table_insert(tallies, g_steal_pointer(&folded), tally);
	} else if (g_unichar_isupper(g_utf8_get_char(tally->written)) && g_unichar_islower(g_utf8_get_char(written))) {
		g_free(tally->written); /* a capital may be a sentence's beginning; a small letter never is */
		tally->written = g_strdup(written);
	}
	tally->count += count;
}

static gboolean in_word(gunichar c)
{
	return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

/* Words of a title that begin so. `first` is the folded beginning's first byte: a cheap look before the dear one. */
static void add_title(GHashTable *tallies, const char *title, const char *folded)
{
	for (const char *p = title; *p;) {
		if (!in_word(g_utf8_get_char(p))) {
			p = g_utf8_next_char(p);
			continue;
		}
		const char *begin = p;
		while (*p && (in_word(g_utf8_get_char(p)) ||
			      (strchr("-_'", *p) && in_word(g_utf8_get_char(g_utf8_next_char(p))))))
			p = g_utf8_next_char(p);
		if (!((guchar)*begin & 0x80) && g_ascii_tolower(*begin) != *folded)
			continue;
		g_autofree char *word = g_strndup(begin, (gsize)(p - begin));
		g_autofree char *plain = text_fold(word, -1);
		if (g_str_has_prefix(plain, folded) && strcmp(plain, folded) != 0)
			add_word(tallies, word, 1);
	}
}

static gboolean add_recent(store *s, GHashTable *tallies, const char *folded, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT title FROM record ORDER BY id DESC LIMIT ?", error);
	if (!ask)
		return FALSE;
	sqlite3_bind_int(ask, 1, RECENT);
	int row;
	while ((row = store_row(s, ask, error)) == 1) {
		const char *title = (const char *)sqlite3_column_text(ask, 0);
		if (title)
			add_title(tallies, title, folded);
	}
	return row == 0;
}

/* The index's first term from `from` on, if it begins so. One term after the other is sought: to walk over them would
 * be to walk over every place where each stands. */
static gboolean next_term(store *s, const char *from, const char *prefix, char **term, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, "SELECT term FROM record_places WHERE term > ? LIMIT 1", error);
	if (!ask)
		return FALSE;
	sqlite3_bind_text(ask, 1, from, -1, SQLITE_STATIC);
	int row = store_row(s, ask, error);
	*term = row == 1 ? store_column(ask, 0) : NULL;
	sqlite3_reset(ask);
	if (*term && !g_str_has_prefix(*term, prefix))
		g_clear_pointer(term, g_free);
	return row >= 0;
}

/* Of the newest records that hold the term, those that may be read. */
static gboolean term_count(store *s, const char *term, guint *count, GError **error)
{
	sqlite3_stmt *ask =
		store_prepare(s,
			      "SELECT count(*) FROM (SELECT f.rowid AS id FROM main.record_fts f WHERE "
			      "f.record_fts MATCH ?1 ORDER BY f.rowid DESC LIMIT ?2) m JOIN record_brief r ON r.id = "
			      "m.id",
			      error);
	if (!ask)
		return FALSE;
	g_autofree char *match = g_strdup_printf("\"%c%s\"", TEXT_VERBATIM, term);
	sqlite3_bind_text(ask, 1, match, -1, SQLITE_STATIC);
	sqlite3_bind_int(ask, 2, TERM_VISITS);
	int row = store_row(s, ask, error);
	*count = row == 1 ? (guint)sqlite3_column_int(ask, 0) : 0;
	sqlite3_reset(ask);
	return row >= 0;
}

/* Words, numbers and ids as the index has them: base forms. Other terms begin with a mark, and no word does. */
static gboolean add_terms(store *s, GHashTable *tallies, const char *prefix, GError **error)
{
	g_autofree char *at = g_strdup(prefix);
	for (guint sought = 0, found = 0; sought < SOUGHT && found < TERMS; sought++) {
		char *term;
		guint count;
		if (!next_term(s, at, prefix, &term, error))
			return FALSE;
		if (!term)
			break;
		g_free(at);
		at = term;
		if (strchr(term, '"'))
			continue;
		if (!term_count(s, term, &count, error))
			return FALSE;
		if (count)
			add_word(tallies, term, count);
		found += count > 0;
	}
	return TRUE;
}

static int commoner(gconstpointer a, gconstpointer b)
{
	const struct tally *x = *(const struct tally *const *)a, *y = *(const struct tally *const *)b;
	return x->count > y->count ? -1 : x->count < y->count ? 1 : strcmp(x->written, y->written);
}

/* The word that is being typed; "" after a blank, or where it is none. */
static const char *last_word(const char *typed)
{
	const char *last = typed;
	for (const char *p = typed; *p; p = g_utf8_next_char(p))
		if (g_unichar_isspace(g_utf8_get_char(p)) || strchr("\"(|", *p))
			last = g_utf8_next_char(p);
	last += *last == '-';
	return strchr(last, ':') || strchr(last, '*') ? "" : last;
}

static GPtrArray *words_of(store *s, const char *typed, guint limit, GError **error)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) tallies = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, tally_free);
	const char *last = last_word(typed);
	g_autofree char *folded = text_fold(last, -1), *lower = g_utf8_strdown(last, -1);
	if (g_utf8_strlen(last, -1) < LEAST_WORD || !*folded || g_ascii_ispunct(*folded))
		return g_steal_pointer(&words);
	if (!add_recent(s, tallies, folded, error) || !add_terms(s, tallies, lower, error))
		return NULL;
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	GHashTableIter iter;
	gpointer tally;
	g_hash_table_iter_init(&iter, tallies);
	while (g_hash_table_iter_next(&iter, NULL, &tally))
		g_ptr_array_add(all, tally);
	g_ptr_array_sort(all, commoner);
	for (guint i = 0; i < MIN(limit, all->len); i++)
		g_ptr_array_add(words, g_strdup(((const struct tally *)all->pdata[i])->written));
	return g_steal_pointer(&words);
}

/* ---- records ---- */

static void titled_free(gpointer data)
{
	struct lookup_titled *titled = data;
	g_free(titled->title);
	g_free(titled->source);
	g_free(titled);
}

static int newer(gconstpointer a, gconstpointer b)
{
	const struct lookup_titled *x = *(const struct lookup_titled *const *)a,
				   *y = *(const struct lookup_titled *const *)b;
	if (x->occurred != y->occurred)
		return x->occurred > y->occurred ? -1 : 1;
	return x->id > y->id ? -1 : x->id < y->id;
}

static gboolean add_titled(store *s, const char *typed, GPtrArray *all, GError **error)
{
	sqlite3_stmt *ask =
		store_prepare(s,
			      "SELECT r.id, r.occurred, r.kind, r.title, s.name FROM record r JOIN source s ON s.id = "
			      "r.source_id WHERE r.title IS NOT NULL AND substr(r.title, 1, 24) COLLATE NOCASE >= "
			      "?1 AND substr(r.title, 1, 24) COLLATE NOCASE < ?2 LIMIT ?3",
			      error);
	if (!ask)
		return FALSE;
	g_autofree char *key = g_utf8_substring(typed, 0, MIN(g_utf8_strlen(typed, -1), TITLE_KEY)), *end = beyond(key),
			*folded = text_fold(typed, -1);
	sqlite3_bind_text(ask, 1, key, -1, SQLITE_STATIC);
	sqlite3_bind_text(ask, 2, end, -1, SQLITE_STATIC);
	sqlite3_bind_int(ask, 3, TITLES);
	int row;
	while ((row = store_row(s, ask, error)) == 1) {
		g_autofree char *title = store_column(ask, 3), *plain = text_fold(title, -1);
		if (!g_str_has_prefix(plain, folded))
			continue;
		struct lookup_titled *titled = g_new0(struct lookup_titled, 1);
		titled->id = sqlite3_column_int64(ask, 0);
		titled->occurred = sqlite3_column_int64(ask, 1);
		titled->kind = lookup_kind_name(sqlite3_column_int(ask, 2));
		titled->title = g_steal_pointer(&title);
		titled->source = store_column(ask, 4);
		g_ptr_array_add(all, titled);
	}
	return row == 0;
}

static GPtrArray *records_of(store *s, const char *typed, guint limit, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(titled_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *other = other_case(typed);
	if (g_utf8_strlen(typed, -1) < LEAST_TITLE)
		return g_steal_pointer(&all);
	if (!add_titled(s, typed, all, error) || (other && !add_titled(s, other, all, error)))
		return NULL;
	g_ptr_array_sort(all, newer);
	for (guint i = 0; i < all->len && i < limit;) {
		if (g_hash_table_add(seen, ((struct lookup_titled *)all->pdata[i])->title))
			i++;
		else
			g_ptr_array_remove_index(all, i);
	}
	g_ptr_array_set_size(all, (gint)MIN(limit, all->len));
	return g_steal_pointer(&all);
}

/* ---- all of it ---- */

struct lookup_suggestions *lookup_suggest(store *s, const identity *who, const char *typed, guint limit, GError **error)
{
	g_autofree char *text = g_strstrip(base_one_line(typed, LOOKUP_TYPED_MAX));
	gboolean ended = g_ascii_isspace(typed[strlen(typed) - (*typed != '\0')]); /* the last word is whole */
	g_autoptr(lookup_suggestions) all = g_new0(struct lookup_suggestions, 1);
	if (!*text) {
		all->customers = g_ptr_array_new_with_free_func((GDestroyNotify)identity_found_free);
		all->words = g_ptr_array_new_with_free_func(g_free);
		all->records = g_ptr_array_new_with_free_func(titled_free);
		return g_steal_pointer(&all);
	}
	if (!(all->customers = identity_find(who, s, text, limit, error)) ||
	    !(all->words = words_of(s, ended ? "" : text, limit, error)) ||
	    !(all->records = records_of(s, text, limit, error)))
		return NULL;
	return g_steal_pointer(&all);
}

void lookup_suggestions_free(struct lookup_suggestions *suggestions)
{
	if (!suggestions)
		return;
	g_clear_pointer(&suggestions->customers, g_ptr_array_unref);
	g_clear_pointer(&suggestions->words, g_ptr_array_unref);
	g_clear_pointer(&suggestions->records, g_ptr_array_unref);
	g_free(suggestions);
}
