#include "lookup/query.h"

#include <string.h>

enum { MAX_DEPTH = 64 };

struct reader {
	const char *at; /* NUL-terminated UTF-8 */
	gint64 now;
	GPtrArray *notes;
	guint depth;
};

static struct lookup_node *node_new(enum lookup_kind kind, char *text)
{
	struct lookup_node *node = g_new0(struct lookup_node, 1);
	node->kind = kind;
	node->text = text;
	return node;
}

static void node_free(gpointer data)
{
	struct lookup_node *node = data;
	if (!node)
		return;
	g_clear_pointer(&node->children, g_ptr_array_unref);
	g_free(node->text);
	g_free(node);
}

static struct lookup_node *group_new(enum lookup_kind kind)
{
	struct lookup_node *node = node_new(kind, NULL);
	node->children = g_ptr_array_new_with_free_func(node_free);
	return node;
}

void lookup_query_free(struct lookup_query *query)
{
	if (!query)
		return;
	node_free(query->root);
	g_ptr_array_unref(query->notes);
	g_free(query);
}

/* ---- fields ---- */

enum { LAST_FIELD = 100 }; /* `last:` becomes an AFTER */

static const struct {
	const char *name;
	int field;
} fields[] = {
	/* the first name of each is the one shown */
	{"source", LOOKUP_SOURCE},    {"lähde", LOOKUP_SOURCE},  {"källa", LOOKUP_SOURCE},
	{"kind", LOOKUP_KIND},        {"laji", LOOKUP_KIND},     {"tyyppi", LOOKUP_KIND},
	{"typ", LOOKUP_KIND},         {"type", LOOKUP_KIND},     {"from", LOOKUP_FROM},
	{"lähettäjä", LOOKUP_FROM},   {"från", LOOKUP_FROM},     {"customer", LOOKUP_CUSTOMER},
	{"asiakas", LOOKUP_CUSTOMER}, {"kund", LOOKUP_CUSTOMER}, {"team", LOOKUP_TEAM},
	{"tiimi", LOOKUP_TEAM},       {"status", LOOKUP_STATUS}, {"tila", LOOKUP_STATUS},
	{"after", LOOKUP_AFTER},      {"since", LOOKUP_AFTER},   {"jälkeen", LOOKUP_AFTER},
	{"alkaen", LOOKUP_AFTER},     {"efter", LOOKUP_AFTER},   {"before", LOOKUP_BEFORE},
	{"ennen", LOOKUP_BEFORE},     {"före", LOOKUP_BEFORE},   {"last", LAST_FIELD},
	{"viimeiset", LAST_FIELD},    {"senaste", LAST_FIELD},
};

const char *lookup_field_name(enum lookup_field field)
{
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
		if (fields[i].field == (int)field)
			return fields[i].name;
	return "";
}

static int field_of(const char *name)
{
	g_autofree char *folded = g_utf8_casefold(name, -1);
	for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
		if (!strcmp(fields[i].name, folded))
			return fields[i].field;
	return 0;
}

/* 2024, 2024-03 or 2024-03-15: the moment at which it begins, where the daemon stands. */
static gboolean date_read(const char *text, gint64 *time)
{
	int part[3] = {0, 1, 1};
	const char *at = text;
	for (int i = 0; i < 3; i++) {
		char *end = NULL;
		if (!g_ascii_isdigit(*at))
			return FALSE;
		part[i] = (int)CLAMP(g_ascii_strtoll(at, &end, 10), 0, 9999);
		at = end;
		if (!*at)
			break;
		if (*at++ != '-')
			return FALSE;
	}
	if (*at || part[0] < 1000)
		return FALSE;
	g_autoptr(GDateTime) date = g_date_time_new_local(part[0], part[1], part[2], 0, 0, 0);
	if (!date)
		return FALSE;
	*time = g_date_time_to_unix(date);
	return TRUE;
}

/* 90d, 6w, 3m, 1y before now; months and years as the calendar has them. */
static gboolean last_read(const char *text, gint64 now, gint64 *time)
{
	char *unit = NULL;
	if (!g_ascii_isdigit(*text))
		return FALSE;
	int n = (int)MIN(g_ascii_strtoll(text, &unit, 10), 5000);
	g_autoptr(GDateTime) end = g_date_time_new_from_unix_local(now);
	g_autoptr(GDateTime) begin = NULL;
	if (!strcmp(unit, "d") || !strcmp(unit, "pv") || !*unit)
		begin = g_date_time_add_days(end, -n);
	else if (!strcmp(unit, "w") || !strcmp(unit, "vk") || !strcmp(unit, "v"))
		begin = g_date_time_add_weeks(end, -n);
	else if (!strcmp(unit, "m") || !strcmp(unit, "kk") || !strcmp(unit, "mån"))
		begin = g_date_time_add_months(end, -n);
	else if (!strcmp(unit, "y") || !strcmp(unit, "år"))
		begin = g_date_time_add_years(end, -n);
	if (!begin)
		return FALSE;
	*time = g_date_time_to_unix(begin);
	return TRUE;
}

/* ---- reading ---- */

static gboolean is_quote(gunichar c)
{
	return c == '"' || c == 0x201c || c == 0x201d || c == 0x201e || c == 0xab || c == 0xbb;
}

static gboolean ends_word(gunichar c)
{
	return c == 0 || g_unichar_isspace(c) || c == '(' || c == ')' || c == '|' || is_quote(c);
}

static gboolean begins_something(gunichar c)
{
	return !ends_word(c) || c == '(' || is_quote(c);
}

static void skip_blanks(struct reader *r)
{
	while (*r->at && g_unichar_isspace(g_utf8_get_char(r->at)))
		r->at = g_utf8_next_char(r->at);
}

static char *read_quoted(struct reader *r)
{
	const char *begin = r->at = g_utf8_next_char(r->at);
	while (*r->at && !is_quote(g_utf8_get_char(r->at)))
		r->at = g_utf8_next_char(r->at);
	char *text = g_strndup(begin, (gsize)(r->at - begin));
	if (*r->at)
		r->at = g_utf8_next_char(r->at);
	return g_strstrip(text);
}

static char *read_word(struct reader *r)
{
	const char *begin = r->at;
	while (!ends_word(g_utf8_get_char(r->at)))
		r->at = g_utf8_next_char(r->at);
	return g_strndup(begin, (gsize)(r->at - begin));
}

static struct lookup_node *word_node(char *text)
{
	gsize length = strlen(text);
	enum lookup_kind kind = LOOKUP_WORD;
	while (length && text[length - 1] == '*') {
		text[--length] = 0;
		kind = LOOKUP_PREFIX;
	}
	return node_new(kind, text);
}

/* A field's one value as a node, or NULL and a note if it cannot be that field's value. */
static struct lookup_node *field_node(struct reader *r, int field, const char *name, const char *value)
{
	struct lookup_node *node = node_new(LOOKUP_FIELD, g_strdup(value));
	node->field = field == LAST_FIELD ? LOOKUP_AFTER : (enum lookup_field)field;
	gboolean good = TRUE;
	if (field == LAST_FIELD)
		good = last_read(value, r->now, &node->time);
	else if (field == LOOKUP_AFTER || field == LOOKUP_BEFORE)
		good = date_read(value, &node->time);
	if (good)
		return node;
	node_free(node);
	g_ptr_array_add(r->notes,
			g_strdup_printf(field == LAST_FIELD
						? "%s:%s is no span of time (90d, 6w, 3m, 1y): searched as words"
						: "%s:%s is no date (2024, 2024-03, 2024-03-15): searched as words",
					name, value));
	return NULL;
}

/* The values of a field, commas between, one of which must hold. */
static struct lookup_node *field_values(struct reader *r, int field, const char *name, const char *values)
{
	g_auto(GStrv) parts = g_strsplit(values, ",", 32);
	g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func(node_free);
	for (char **part = parts; *part; part++) {
		if (!*g_strstrip(*part))
			continue;
		struct lookup_node *node = field_node(r, field, name, *part);
		if (!node)
			return NULL;
		g_ptr_array_add(nodes, node);
	}
	if (nodes->len == 1)
		return g_ptr_array_steal_index(nodes, 0);
	struct lookup_node *any = group_new(LOOKUP_ANY);
	while (nodes->len)
		g_ptr_array_add(any->children, g_ptr_array_steal_index(nodes, 0));
	return any;
}

/* `word` has a colon at `colon`. NULL if it is no field after all. */
static struct lookup_node *read_field(struct reader *r, const char *word, const char *colon)
{
	g_autofree char *name = g_strndup(word, (gsize)(colon - word));
	int field = field_of(name);
	if (!field) {
		gboolean looks_like_one = colon[1] && colon[1] != '/' && !g_ascii_isdigit(colon[1]);
		for (const char *p = name; *p; p = g_utf8_next_char(p))
			looks_like_one &= g_unichar_isalpha(g_utf8_get_char(p));
		if (looks_like_one)
			g_ptr_array_add(r->notes, g_strdup_printf("%s: is no field: searched as words", name));
		return NULL;
	}
	gboolean quote = !colon[1] && is_quote(g_utf8_get_char(r->at));
	g_autofree char *value = quote ? read_quoted(r) : g_strdup(colon + 1);
	if (!value[quote ? 0 : strspn(value, ",")]) {
		g_ptr_array_add(r->notes, g_strdup_printf("%s: has no value: left out", name));
		return group_new(LOOKUP_ALL);
	}
	return quote ? field_node(r, field, name, value) : field_values(r, field, name, value);
}

static struct lookup_node *read_any(struct reader *r);

static struct lookup_node *read_all(struct reader *r, gboolean inside)
{
	struct lookup_node *all = group_new(LOOKUP_ALL);
	for (skip_blanks(r); *r->at; skip_blanks(r)) {
		if (*r->at == ')') {
			if (inside)
				break;
			r->at++; /* a bracket that was never opened */
			continue;
		}
		struct lookup_node *node = read_any(r);
		if (node)
			g_ptr_array_add(all->children, node);
	}
	return all;
}

static struct lookup_node *read_group(struct reader *r)
{
	r->at++;
	if (r->depth >= MAX_DEPTH)
		return NULL; /* deeper brackets are as if they were not there */
	r->depth++;
	struct lookup_node *all = read_all(r, TRUE);
	r->depth--;
	if (*r->at == ')')
		r->at++;
	return all;
}

static const char *const OR_WORDS[] = {"OR", "TAI", "ELLER", NULL};
static const char *const AND_WORDS[] = {"AND", "JA", "OCH", NULL};

static gboolean joins(const char *word)
{
	return g_strv_contains(OR_WORDS, word) || g_strv_contains(AND_WORDS, word);
}

static struct lookup_node *read_one(struct reader *r)
{
	gunichar c = g_utf8_get_char(r->at);
	if (c == '(')
		return read_group(r);
	if (is_quote(c))
		return node_new(LOOKUP_PHRASE, read_quoted(r));
	if (c == '-' && begins_something(g_utf8_get_char(r->at + 1))) {
		r->at++;
		struct lookup_node *child = read_one(r);
		struct lookup_node *not_it = group_new(LOOKUP_NOT);
		if (child)
			g_ptr_array_add(not_it->children, child);
		return not_it;
	}
	g_autofree char *word = read_word(r);
	const char *colon = strchr(word, ':');
	struct lookup_node *field = colon && colon > word ? read_field(r, word, colon) : NULL;
	return field ? field : word_node(g_steal_pointer(&word));
}

/* Takes an OR if one stands here and something follows it. */
static gboolean take_or(struct reader *r)
{
	struct reader ahead = *r;
	skip_blanks(&ahead);
	if (*ahead.at == '|') {
		while (*ahead.at == '|')
			ahead.at++;
	} else {
		g_autofree char *word = read_word(&ahead);
		if (!g_strv_contains(OR_WORDS, word))
			return FALSE;
	}
	skip_blanks(&ahead);
	if (!*ahead.at || *ahead.at == ')' || *ahead.at == '|')
		return FALSE;
	r->at = ahead.at;
	return TRUE;
}

/* One, without a word that joins: nothing stands before it, or the blank says it already. */
static struct lookup_node *read_operand(struct reader *r)
{
	struct lookup_node *one = read_one(r);
	if (!one || one->kind != LOOKUP_WORD || !joins(one->text))
		return one;
	node_free(one);
	return NULL;
}

/* One, or several with OR between them. An OR binds its neighbours only: `a OR b c` is (a OR b) and c. */
static struct lookup_node *read_any(struct reader *r)
{
	if (*r->at == '|') {
		r->at++;
		return NULL;
	}
	struct lookup_node *first = read_operand(r);
	if (!first || !take_or(r))
		return first;
	struct lookup_node *any = group_new(LOOKUP_ANY);
	g_ptr_array_add(any->children, first);
	do {
		struct lookup_node *next = read_operand(r);
		if (next)
			g_ptr_array_add(any->children, next);
	} while (take_or(r));
	return any;
}

/* Takes out groups without children, and groups of one around their only child. */
static struct lookup_node *simplify(struct lookup_node *node)
{
	if (!node->children) {
		if (node->kind == LOOKUP_FIELD || (node->text && *node->text))
			return node;
		node_free(node);
		return NULL;
	}
	for (guint i = 0; i < node->children->len;) {
		struct lookup_node *child = simplify(node->children->pdata[i]);
		node->children->pdata[i] = child;
		if (child)
			i++;
		else
			g_ptr_array_remove_index(node->children, i);
	}
	if (node->children->len == 0) {
		node_free(node);
		return NULL;
	}
	struct lookup_node *only = node->children->pdata[0];
	gboolean twice_not = node->kind == LOOKUP_NOT && only->kind == LOOKUP_NOT;
	if (node->children->len > 1 || (node->kind == LOOKUP_NOT && !twice_not))
		return node;
	only = twice_not ? g_ptr_array_steal_index(only->children, 0) : g_ptr_array_steal_index(node->children, 0);
	node_free(node);
	return only;
}

struct lookup_query *lookup_query_read(const char *typed, gint64 now)
{
	struct lookup_query *query = g_new0(struct lookup_query, 1);
	query->notes = g_ptr_array_new_with_free_func(g_free);
	gsize length = strlen(typed);
	if (length > LOOKUP_QUERY_MAX) {
		length = LOOKUP_QUERY_MAX;
		g_ptr_array_add(query->notes, g_strdup_printf("only the first %d bytes were read", LOOKUP_QUERY_MAX));
	}
	g_autofree char *text = g_utf8_make_valid(typed, (gssize)length);
	struct reader r = {.at = text, .now = now, .notes = query->notes};
	struct lookup_node *all = simplify(read_all(&r, FALSE));
	if (all && all->kind == LOOKUP_ALL) {
		query->root = all;
		return query;
	}
	query->root = group_new(LOOKUP_ALL);
	if (all)
		g_ptr_array_add(query->root->children, all);
	return query;
}

/* ---- writing it out again ---- */

static void write_field(const struct lookup_node *node, GString *out)
{
	g_autofree char *text = NULL;
	if (node->field == LOOKUP_AFTER || node->field == LOOKUP_BEFORE) {
		g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(node->time);
		text = time ? g_date_time_format(time, "%Y-%m-%d") : g_strdup(node->text);
	}
	const char *value = text ? text : node->text;
	gboolean quote = strpbrk(value, " \t()|,*") != NULL;
	g_string_append_printf(out, quote ? "%s:\"%s\"" : "%s:%s", lookup_field_name(node->field), value);
}

static void write_node(const struct lookup_node *node, gboolean inside, GString *out)
{
	switch (node->kind) {
	case LOOKUP_WORD:
		g_string_append_printf(out, joins(node->text) ? "\"%s\"" : "%s", node->text);
		break;
	case LOOKUP_PREFIX:
		g_string_append_printf(out, "%s*", node->text);
		break;
	case LOOKUP_PHRASE:
		g_string_append_printf(out, "\"%s\"", node->text);
		break;
	case LOOKUP_FIELD:
		write_field(node, out);
		break;
	case LOOKUP_NOT:
		g_string_append_c(out, '-');
		write_node(node->children->pdata[0], TRUE, out);
		break;
	case LOOKUP_ALL:
	case LOOKUP_ANY:
		if (inside)
			g_string_append_c(out, '(');
		for (guint i = 0; i < node->children->len; i++) {
			if (i)
				g_string_append(out, node->kind == LOOKUP_ANY ? " OR " : " ");
			write_node(node->children->pdata[i], inside || node->children->len > 1, out);
		}
		if (inside)
			g_string_append_c(out, ')');
		break;
	}
}

char *lookup_query_words(const struct lookup_query *query)
{
	GString *out = g_string_new(NULL);
	write_node(query->root, FALSE, out);
	return g_string_free(out, FALSE);
}
