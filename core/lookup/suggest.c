#include "lookup/suggest.h"

#include <string.h>

#include "base/base.h"
#include "lookup/desk.h"
#include "store/fence.h"

enum {
	TITLES = 60,      /* records whose title begins so, before they are ordered */
	TITLE_KEY = 24,   /* characters of a title that its index holds */
	RECENT = 1200,    /* records whose titles are looked at for words */
	TERMS = 16,       /* terms of the index that begin so, */
	SOUGHT = 96,      /* and how many are looked at for them: some are of records that may not be read */
	TERM_VISITS = 50, /* records that are looked at for how common a term is, */
	TERM_SAMPLES = 8, /* and for how it is written */
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
	tally->count = MAX(tally->count, count) + 1; /* several terms stand for one word: they are no more of it */
}

static gboolean in_word(gunichar c)
{
	return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

/* The next word of the text, from *at on, that begins so; NULL: there is none. The first byte is a cheap look before
 * the dear one. */
static char *next_begun(const char **at, const char *folded)
{
	for (const char *p = *at; *p;) {
		if (!in_word(g_utf8_get_char(p))) {
			p = g_utf8_next_char(p);
			continue;
		}
		const char *begin = p;
		while (*p && (in_word(g_utf8_get_char(p)) ||
			      (strchr("-_'", *p) && in_word(g_utf8_get_char(g_utf8_next_char(p))))))
			p = g_utf8_next_char(p);
		*at = p;
		if (!((guchar)*begin & 0x80) && g_ascii_tolower(*begin) != *folded)
			continue;
		g_autofree char *word = g_strndup(begin, (gsize)(p - begin));
		g_autofree char *plain = text_fold(word, -1);
		if (g_str_has_prefix(plain, folded) && strcmp(plain, folded) != 0)
			return g_steal_pointer(&word);
	}
	return NULL;
}

static void add_title(GHashTable *tallies, const char *title, const char *folded)
{
	char *word;
	while ((word = next_begun(&title, folded))) {
		add_word(tallies, word, 1);
		g_free(word);
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

/* How the term is written in one of the newest records that may be read: a word of its title, or of where its text
 * begins. NULL: in no way that begins so. */
static gboolean term_written(store *s, const char *term, const char *folded, char **written, GError **error)
{
	sqlite3_stmt *ask =
		store_prepare(s,
			      "SELECT r.title, substr(r.text, 1, 600) FROM (SELECT f.rowid AS id FROM "
			      "main.record_fts f WHERE f.record_fts MATCH ?1 ORDER BY f.rowid DESC LIMIT ?2) m "
			      "CROSS JOIN record r ON r.id = m.id",
			      error);
	*written = NULL;
	if (!ask)
		return FALSE;
	g_autofree char *match = g_strdup_printf("\"%c%s\"", TEXT_VERBATIM, term);
	sqlite3_bind_text(ask, 1, match, -1, SQLITE_STATIC);
	sqlite3_bind_int(ask, 2, TERM_SAMPLES);
	int row;
	while ((row = store_row(s, ask, error)) == 1) {
		for (int i = 0; i < 2 && !*written; i++) {
			const char *text = (const char *)sqlite3_column_text(ask, i);
			*written = text ? next_begun(&text, folded) : NULL;
		}
		if (*written)
			break;
	}
	sqlite3_reset(ask);
	return row >= 0;
}

/* Is it the same word but for capitals and what stands between its parts? "ABC-123" is abc123. */
static gboolean same_letters(const char *written, const char *term)
{
	g_autofree char *plain = written ? text_fold(written, -1) : NULL;
	g_autoptr(GString) letters = g_string_new(NULL);
	for (const char *p = plain; p && *p; p = g_utf8_next_char(p))
		if (in_word(g_utf8_get_char(p)))
			g_string_append_unichar(letters, g_utf8_get_char(p));
	g_autofree char *other = text_fold(term, -1);
	return !strcmp(letters->str, other);
}

/* Adds the term if it is in a record that may be read. `known`: records that hold it, 0: not known. */
static gboolean add_term(store *s, GHashTable *tallies, const char *term, const char *folded, guint known, guint *found,
			 GError **error)
{
	guint count = 0;
	g_autofree char *written = NULL;
	if (strchr(term, '"'))
		return TRUE;
	if (!term_count(s, term, &count, error) || (count && !term_written(s, term, folded, &written, error)))
		return FALSE;
	if (count && !g_ascii_ispunct(*term) && !same_letters(written, term)) {
		g_free(written); /* a base form, which nobody need have written */
		written = g_strdup(term);
	}
	if (written)
		add_word(tallies, written, store_fenced(s) ? count : MAX(count, known));
	*found += written != NULL;
	return TRUE;
}

/* Words, numbers and ids as the index has them: base forms. Other terms begin with a mark, and no word does. The first
 * ones, by the alphabet. */
static gboolean add_first_terms(store *s, GHashTable *tallies, const char *prefix, const char *folded, GError **error)
{
	g_autofree char *at = g_strdup(prefix);
	for (guint sought = 0, found = 0; sought < SOUGHT && found < TERMS; sought++) {
		char *term;
		if (!next_term(s, at, prefix, &term, error))
			return FALSE;
		if (!term)
			break;
		g_free(at);
		at = term;
		if (!add_term(s, tallies, term, folded, 0, &found, error))
			return FALSE;
	}
	return TRUE;
}

struct known {
	guint term, documents;
};

static int by_documents(gconstpointer a, gconstpointer b)
{
	const struct known *x = a, *y = b;
	return x->documents > y->documents ? -1 : x->documents < y->documents ? 1 : (int)x->term - (int)y->term;
}

static void gather(const vocabulary_list *list, const char *prefix, GArray *all)
{
	for (guint i = vocabulary_seek(list, prefix); i < list->n && g_str_has_prefix(vocabulary_term(list, i), prefix);
	     i++)
		g_array_append_vals(all, &(struct known){i, list->documents[i]}, 1);
}

/* The commonest ones of all kinds, where it is known how common they are. */
static gboolean add_terms(store *s, GHashTable *tallies, const char *prefix, const char *folded, GError **error)
{
	static const char marks[] = {TEXT_MARK_ENGLISH, TEXT_MARK_SWEDISH, TEXT_MARK_FINNISH, TEXT_MARK_NAME};
	const struct desk *desk = desk_ready(s, error);
	g_autoptr(vocabulary_list) list = desk ? desk_vocabulary(desk) : NULL;
	if (!desk)
		return FALSE;
	/* How common a word is among all records is nothing that who may not read them all may see by its place. */
	if (!list || store_fenced(s))
		return add_first_terms(s, tallies, prefix, folded, error);
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct known));
	gather(list, prefix, all);
	for (gsize i = 0; i < sizeof marks; i++) {
		g_autofree char *marked = g_strdup_printf("%c%s", marks[i], prefix);
		gather(list, marked, all);
	}
	g_array_sort(all, by_documents);
	for (guint i = 0, found = 0; i < MIN(all->len, SOUGHT) && found < TERMS; i++) {
		const struct known *one = &g_array_index(all, struct known, i);
		if (!add_term(s, tallies, vocabulary_term(list, one->term), folded, one->documents, &found, error))
			return FALSE;
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
	if (!add_recent(s, tallies, folded, error) || !add_terms(s, tallies, lower, folded, error))
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
		char *title = ((struct lookup_titled *)all->pdata[i])->title;
		if (g_hash_table_contains(seen, title)) { /* adding it would keep the one that goes away here */
			g_ptr_array_remove_index(all, i);
			continue;
		}
		g_hash_table_add(seen, title);
		i++;
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
