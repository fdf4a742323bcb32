#include "lookup/match.h"

#include <string.h>

struct compiling {
	text_analyser *analyser;
	GPtrArray *values;
};

static void value_free(gpointer data)
{
	struct lookup_value *value = data;
	g_free(value->text);
	g_free(value);
}

static void add_text(struct compiling *c, char *text)
{
	struct lookup_value *value = g_new0(struct lookup_value, 1);
	value->text = text;
	g_ptr_array_add(c->values, value);
}

static void add_number(struct compiling *c, gint64 number)
{
	struct lookup_value *value = g_new0(struct lookup_value, 1);
	value->number = number;
	g_ptr_array_add(c->values, value);
}

/* ---- words: FTS5 expressions ---- */

static int count_term(const struct text_token *token, void *user)
{
	(void)token;
	*(gboolean *)user = TRUE;
	return 1;
}

/* A word of signs only ("&", "!!!") has no terms, and FTS5 would find nothing for it. */
static gboolean has_terms(struct compiling *c, const char *text)
{
	gboolean some = FALSE;
	text_terms(c->analyser, TEXT_QUERY, text, strlen(text), count_term, &some);
	return some;
}

static char *quoted(const char *text, const char *after)
{
	g_auto(GStrv) parts = g_strsplit(text, "\"", -1);
	g_autofree char *inside = g_strjoinv("\"\"", parts);
	return g_strconcat("\"", inside, "\"", after, NULL);
}

static gboolean is_words_only(const struct lookup_node *node)
{
	if (node->kind == LOOKUP_FIELD)
		return FALSE;
	for (guint i = 0; node->children && i < node->children->len; i++)
		if (!is_words_only(node->children->pdata[i]))
			return FALSE;
	return TRUE;
}

static char *fts_of(struct compiling *c, const struct lookup_node *node);

/* Joins what FTS5 can match of an ALL's or ANY's children. Those of an ALL that are denied go behind one NOT. */
static char *fts_of_group(struct compiling *c, const struct lookup_node *node)
{
	g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) denied = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < node->children->len; i++) {
		const struct lookup_node *child = node->children->pdata[i];
		gboolean deny = child->kind == LOOKUP_NOT;
		char *fts = fts_of(c, deny ? child->children->pdata[0] : child);
		if (fts)
			g_ptr_array_add(deny ? denied : wanted, fts);
	}
	if (wanted->len == 0)
		return NULL;
	g_ptr_array_add(wanted, NULL);
	g_autofree char *yes = g_strjoinv(node->kind == LOOKUP_ANY ? " OR " : " AND ", (char **)wanted->pdata);
	if (denied->len == 0)
		return g_strdup_printf("(%s)", yes);
	g_ptr_array_add(denied, NULL);
	g_autofree char *no = g_strjoinv(" OR ", (char **)denied->pdata);
	return g_strdup_printf("((%s) NOT (%s))", yes, no);
}

static char *fts_of(struct compiling *c, const struct lookup_node *node)
{
	switch (node->kind) {
	case LOOKUP_WORD:
	case LOOKUP_PHRASE:
		return has_terms(c, node->text) ? quoted(node->text, NULL) : NULL;
	case LOOKUP_PREFIX:
		return has_terms(c, node->text) ? quoted(node->text, " *") : NULL;
	case LOOKUP_ALL:
	case LOOKUP_ANY:
		return fts_of_group(c, node);
	case LOOKUP_NOT:
	case LOOKUP_FIELD:
		break;
	}
	return NULL;
}

/* Can FTS5 say all of it? A NOT needs something beside it that is wanted, so one under an ANY cannot be said. */
static gboolean fts_can(const struct lookup_node *node)
{
	if (node->kind == LOOKUP_NOT || !is_words_only(node))
		return FALSE;
	gboolean wanted = !node->children;
	for (guint i = 0; node->children && i < node->children->len; i++) {
		const struct lookup_node *child = node->children->pdata[i];
		gboolean deny = child->kind == LOOKUP_NOT;
		if (deny && node->kind == LOOKUP_ANY)
			return FALSE;
		if (!fts_can(deny ? child->children->pdata[0] : child))
			return FALSE;
		wanted |= !deny;
	}
	return wanted;
}

/* ---- fields and mixtures: conditions on the record ---- */

static char *field_condition(struct compiling *c, const struct lookup_node *node)
{
	switch (node->field) {
	case LOOKUP_SOURCE:
		add_text(c, g_strdup(node->text));
		return g_strdup("r.source_id IN (SELECT id FROM source WHERE name = ? COLLATE NOCASE)");
	case LOOKUP_KIND:
		add_number(c, lookup_kind_of(node->text));
		return g_strdup("r.kind = ?");
	case LOOKUP_AFTER:
		add_number(c, node->time);
		return g_strdup("r.occurred >= ?");
	case LOOKUP_BEFORE:
		add_number(c, node->time);
		return g_strdup("(r.occurred < ? AND r.occurred <> 0)");
	case LOOKUP_STATUS:
		add_text(c, g_strdup(node->text));
		return g_strdup("r.id IN (SELECT record_id FROM field WHERE name = 'status' AND value = ?)");
	case LOOKUP_FROM:
		add_text(c, g_strdup(node->text));
		add_text(c, g_strdup(node->text));
		return g_strdup("EXISTS (SELECT 1 FROM party p WHERE p.record_id = r.id AND p.role IN ('from', 'author', "
				"'reporter', 'sender') AND (instr(lower(p.name), lower(?)) OR instr(lower(p.address), lower(?))))");
	case LOOKUP_CUSTOMER: /* by the words of the name, wherever they stand */
		if (!has_terms(c, node->text))
			return NULL;
		add_text(c, quoted(node->text, NULL));
		return g_strdup("r.id IN (SELECT rowid FROM record_fts WHERE record_fts MATCH ?)");
	case LOOKUP_TEAM:
		break;
	}
	return NULL;
}

static char *condition(struct compiling *c, const struct lookup_node *node)
{
	if (node->kind == LOOKUP_FIELD)
		return field_condition(c, node);
	if (node->kind == LOOKUP_NOT) {
		g_autofree char *inner = condition(c, node->children->pdata[0]);
		return inner ? g_strdup_printf("NOT %s", inner) : NULL;
	}
	if (fts_can(node)) {
		char *fts = fts_of(c, node);
		if (!fts)
			return NULL;
		add_text(c, fts);
		return g_strdup("r.id IN (SELECT rowid FROM record_fts WHERE record_fts MATCH ?)");
	}
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < node->children->len; i++) {
		char *part = condition(c, node->children->pdata[i]);
		if (part)
			g_ptr_array_add(parts, part);
	}
	if (parts->len == 0)
		return NULL;
	g_ptr_array_add(parts, NULL);
	g_autofree char *joined = g_strjoinv(node->kind == LOOKUP_ANY ? " OR " : " AND ", (char **)parts->pdata);
	return g_strdup_printf("(%s)", joined);
}

/* ---- the whole ---- */

/* Parts the root's children: those that FTS5 can say go into one expression, denied ones too if something is wanted. */
struct lookup_match *lookup_match_new(text_analyser *analyser, const struct lookup_query *query)
{
	struct lookup_match *match = g_new0(struct lookup_match, 1);
	match->values = g_ptr_array_new_with_free_func(value_free);
	struct compiling c = {analyser, match->values};
	struct lookup_node words = {.kind = LOOKUP_ALL, .children = g_ptr_array_new()};
	g_autoptr(GPtrArray) rest = g_ptr_array_new();
	for (guint i = 0; i < query->root->children->len; i++) {
		struct lookup_node *child = query->root->children->pdata[i];
		gboolean deny = child->kind == LOOKUP_NOT;
		gboolean can = fts_can(deny ? child->children->pdata[0] : child);
		g_ptr_array_add(can ? words.children : rest, child);
	}
	match->fts = fts_of_group(&c, &words);
	for (guint i = 0; !match->fts && i < words.children->len; i++)
		g_ptr_array_add(rest, words.children->pdata[i]); /* nothing but denied words */
	struct lookup_node others = {.kind = LOOKUP_ALL, .children = rest};
	if (rest->len)
		match->where = condition(&c, &others);
	g_ptr_array_unref(words.children);
	return match;
}

void lookup_match_free(struct lookup_match *match)
{
	if (!match)
		return;
	g_free(match->fts);
	g_free(match->where);
	g_ptr_array_unref(match->values);
	g_free(match);
}

void lookup_match_bind(const struct lookup_match *match, sqlite3_stmt *statement, int index)
{
	for (guint i = 0; i < match->values->len; i++) {
		const struct lookup_value *value = match->values->pdata[i];
		if (value->text)
			sqlite3_bind_text(statement, index + (int)i, value->text, -1, SQLITE_STATIC);
		else
			sqlite3_bind_int64(statement, index + (int)i, value->number);
	}
}
