/* Passages: where the query's words stand in a text, and the best stretch of it to show. FTS5's own snippet() loses its way
 * among colocated terms; this one runs the text through the same analyser and counts positions itself. */
#include "lookup/lookup.h"

#include <string.h>

enum {
	MAX_SLOTS = 64,          /* words of the query that are looked for; a bit each */
	MAX_TEXT = 256 << 10,    /* bytes of a text that are searched for a passage */
	LEAD = 8                 /* of the width, one part stands before the first match */
};

/* A word or phrase of the query: `length` positions one after the other, each a slot. */
struct item {
	guint first, length;
};

struct lookup_wanted {
	GHashTable *terms;   /* term -> guint64 * of slots */
	GPtrArray *prefixes; /* char *, in step with prefix_slots */
	GArray *prefix_slots; /* guint64 */
	GArray *items;       /* struct item */
	guint slots;
};

/* ---- what is wanted ---- */

struct collecting {
	struct lookup_wanted *wanted;
	guint first, length; /* slots of the item at hand */
	gboolean prefix;
};

static void add_term(struct lookup_wanted *wanted, const char *term, gsize length, guint64 slot)
{
	g_autofree char *key = g_strndup(term, length);
	guint64 *slots = g_hash_table_lookup(wanted->terms, key);
	if (!slots) {
		slots = g_new0(guint64, 1);
		g_hash_table_insert(wanted->terms, g_steal_pointer(&key), slots);
	}
	*slots |= slot;
}

static int collect_term(const struct text_token *token, void *user)
{
	struct collecting *c = user;
	if (!token->colocated) {
		if (c->first + c->length >= MAX_SLOTS)
			return 1;
		c->length++;
	}
	if (c->length == 0)
		return 0;
	guint64 slot = G_GUINT64_CONSTANT(1) << (c->first + c->length - 1);
	if (c->prefix) {
		g_ptr_array_add(c->wanted->prefixes, g_strndup(token->term, token->length));
		g_array_append_val(c->wanted->prefix_slots, slot);
	} else {
		add_term(c->wanted, token->term, token->length, slot);
	}
	return 0;
}

static void want(struct lookup_wanted *wanted, text_analyser *analyser, const struct lookup_node *node)
{
	if (node->kind == LOOKUP_NOT || node->kind == LOOKUP_FIELD)
		return;
	if (node->children) {
		for (guint i = 0; i < node->children->len; i++)
			want(wanted, analyser, node->children->pdata[i]);
		return;
	}
	struct collecting c = {wanted, wanted->slots, 0, node->kind == LOOKUP_PREFIX};
	text_terms(analyser, TEXT_QUERY, node->text, strlen(node->text), collect_term, &c);
	if (c.length == 0)
		return;
	struct item item = {c.first, c.length};
	g_array_append_val(wanted->items, item);
	wanted->slots += c.length;
}

struct lookup_wanted *lookup_wanted_new(text_analyser *analyser, const struct lookup_query *query)
{
	struct lookup_wanted *wanted = g_new0(struct lookup_wanted, 1);
	wanted->terms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	wanted->prefixes = g_ptr_array_new_with_free_func(g_free);
	wanted->prefix_slots = g_array_new(FALSE, FALSE, sizeof(guint64));
	wanted->items = g_array_new(FALSE, FALSE, sizeof(struct item));
	want(wanted, analyser, query->root);
	return wanted;
}

void lookup_wanted_free(struct lookup_wanted *wanted)
{
	if (!wanted)
		return;
	g_hash_table_unref(wanted->terms);
	g_ptr_array_unref(wanted->prefixes);
	g_array_unref(wanted->prefix_slots);
	g_array_unref(wanted->items);
	g_free(wanted);
}

/* ---- where it stands ---- */

struct position {
	gsize start, end;
	guint64 slots;
};

struct found {
	gsize start, end; /* bytes */
	guint item;
};

struct scanning {
	const struct lookup_wanted *wanted;
	GArray *positions;
	GString *key;
};

static int scan_term(const struct text_token *token, void *user)
{
	struct scanning *s = user;
	if (!token->colocated || s->positions->len == 0) {
		struct position p = {token->start, token->end, 0};
		g_array_append_val(s->positions, p);
	}
	struct position *p = &g_array_index(s->positions, struct position, s->positions->len - 1);
	g_string_truncate(s->key, 0);
	g_string_append_len(s->key, token->term, (gssize)token->length);
	const guint64 *slots = g_hash_table_lookup(s->wanted->terms, s->key->str);
	if (slots)
		p->slots |= *slots;
	for (guint i = 0; i < s->wanted->prefixes->len; i++)
		if (g_str_has_prefix(s->key->str, s->wanted->prefixes->pdata[i]))
			p->slots |= g_array_index(s->wanted->prefix_slots, guint64, i);
	return 0;
}

static gboolean item_stands_at(const struct item *item, const GArray *positions, guint at)
{
	if (at + item->length > positions->len)
		return FALSE;
	for (guint k = 0; k < item->length; k++)
		if (!(g_array_index(positions, struct position, at + k).slots >> (item->first + k) & 1))
			return FALSE;
	return TRUE;
}

/* All places where an item of the query stands, by start. */
static GArray *find_items(text_analyser *analyser, const struct lookup_wanted *wanted, const char *text, gsize length)
{
	g_autoptr(GArray) positions = g_array_new(FALSE, FALSE, sizeof(struct position));
	struct scanning s = {wanted, positions, g_string_new(NULL)};
	text_terms(analyser, TEXT_DOCUMENT, text, length, scan_term, &s);
	g_string_free(s.key, TRUE);
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct found));
	for (guint at = 0; at < positions->len; at++) {
		if (!g_array_index(positions, struct position, at).slots)
			continue;
		for (guint i = 0; i < wanted->items->len; i++) {
			const struct item *item = &g_array_index(wanted->items, struct item, i);
			if (!item_stands_at(item, positions, at))
				continue;
			const struct position *last = &g_array_index(positions, struct position, at + item->length - 1);
			struct found f = {g_array_index(positions, struct position, at).start, last->end, i};
			g_array_append_val(all, f);
		}
	}
	return all;
}

/* ---- the best stretch ---- */

/* The index of the match at which the best stretch of `width` bytes begins: most different items, then most matches. */
static guint best_start(const GArray *all, gsize width)
{
	guint best = 0, best_value = 0;
	for (guint i = 0; i < all->len; i++) {
		const struct found *first = &g_array_index(all, struct found, i);
		guint64 items = 0;
		guint matches = 0;
		for (guint k = i; k < all->len && k < i + MAX_SLOTS; k++) {
			const struct found *f = &g_array_index(all, struct found, k);
			if (f->end > first->start + width)
				break;
			items |= G_GUINT64_CONSTANT(1) << (f->item % MAX_SLOTS);
			matches++;
		}
		guint different = 0;
		for (; items; items &= items - 1)
			different++;
		guint value = different * 100 + MIN(matches, 99);
		if (value > best_value) {
			best_value = value;
			best = i;
		}
	}
	return best;
}

/* Goes from `at` to the beginning of a word, not before `floor`. */
static gsize word_begin(const char *text, gsize at, gsize floor)
{
	while (at > floor && !g_ascii_isspace(text[at - 1]))
		at--;
	while (at > 0 && ((guchar)text[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static gsize word_end(const char *text, gsize at, gsize length)
{
	gsize limit = MIN(length, at + 40);
	while (at < limit && !g_ascii_isspace(text[at]))
		at++;
	while (at < length && ((guchar)text[at] & 0xc0) == 0x80)
		at++;
	return at;
}

/* Copies text[begin, end) on one line, and notes where the matches come to stand. */
static char *render(const char *text, gsize begin, gsize end, gsize length, const GArray *all, GArray *marks)
{
	GString *out = g_string_new(begin ? "… " : NULL);
	guint characters = begin ? 2 : 0, next = 0, mark_start = 0;
	gsize mark_end = 0;
	gboolean blank = TRUE;
	for (const char *p = text + begin; p < text + end; p = g_utf8_next_char(p)) {
		gsize at = (gsize)(p - text);
		if (mark_end && at >= mark_end) {
			struct lookup_mark mark = {mark_start, characters - mark_start};
			g_array_append_val(marks, mark);
			mark_end = 0;
		}
		while (next < all->len && g_array_index(all, struct found, next).start < at)
			next++;
		if (!mark_end && next < all->len && g_array_index(all, struct found, next).start == at) {
			mark_start = characters;
			mark_end = g_array_index(all, struct found, next).end;
		}
		gunichar c = g_utf8_get_char(p);
		if (g_unichar_isspace(c) || g_unichar_iscntrl(c)) {
			if (!blank) {
				g_string_append_c(out, ' ');
				characters++;
			}
			blank = TRUE;
			continue;
		}
		blank = FALSE;
		g_string_append_unichar(out, c);
		characters++;
	}
	if (mark_end) {
		struct lookup_mark mark = {mark_start, characters - mark_start};
		g_array_append_val(marks, mark);
	}
	if (end < length)
		g_string_append(out, out->len && out->str[out->len - 1] == ' ' ? "…" : " …");
	return g_string_free(out, FALSE);
}

char *lookup_snippet(text_analyser *analyser, const struct lookup_wanted *wanted, const char *text, guint width, GArray *marks)
{
	gsize length = strlen(text);
	gsize searched = MIN(length, MAX_TEXT);
	while (searched < length && searched > 0 && ((guchar)text[searched] & 0xc0) == 0x80)
		searched--;
	g_autoptr(GArray) all = find_items(analyser, wanted, text, searched);
	gsize begin = 0;
	if (all->len) {
		const struct found *first = &g_array_index(all, struct found, best_start(all, width));
		begin = first->start > width / LEAD ? word_begin(text, first->start - width / LEAD, first->start - MIN(first->start, width / 2)) : 0;
	}
	gsize end = begin + width >= length ? length : word_end(text, begin + width, length);
	return render(text, begin, end, length, all, marks);
}
