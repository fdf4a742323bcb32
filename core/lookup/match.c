#include "lookup/match.h"

#include <string.h>

#include "lookup/about.h"
#include "lookup/desk.h"
#include "lookup/words.h"

/* How much a reading of a word counts, from the word itself to a part of a
 * compound. Chosen by measuring. */
static const struct {
	unsigned classes;
	double weight;
} READINGS[] = {{TEXT_SURE, 1.0}, {1u << TEXT_FOLDED, 0.8}, {1u << TEXT_PART, 0.3}};

enum { SHORTEST_PREFIX = 3, MOST_MENDED = 4 };

struct compiling {
	store *s;
	struct sieve *open; /* what may be read */
	text_analyser *analyser;
	const identity *who;
	gint64 records;
	GPtrArray *values, *notes;
	GArray *leaves;
	struct lookup_plan *plan; /* NULL: phrases are not counted, as in a condition */
	text_marker *marker;
	gboolean prefix;  /* one was met */
	gboolean partial; /* ... and the commonest words that begin so stand for all */
	guint mended;     /* words that a nearer one was looked for: it takes time */
	gboolean any;     /* of words that stand beside each other one is enough */
	gboolean whole;   /* a beginning is asked for whole, whatever that costs */
	gboolean sought;  /* a word was wanted */
};

static void value_free(gpointer data)
{
	struct lookup_value *value = data;
	g_free(value->text);
	g_free(value);
}

static void leaf_clear(gpointer data)
{
	g_free(((struct lookup_leaf *)data)->written);
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

/* How many phrases FTS5 makes of an expression: its strings, but those that a +
 * joins are one. */
static guint count_phrases(const char *fts)
{
	guint strings = 0, joints = 0;
	gboolean inside = FALSE;
	for (char before = 0; *fts; before = *fts++) {
		if (*fts == '"')
			inside = !inside, strings += inside && before != '"';
		else if (*fts == '+' && !inside)
			joints++;
	}
	return strings - joints;
}

/* The phrases of what was appended from `from` on are forms of the leaf at
 * hand. */
static void plan_phrases(struct compiling *c, const GString *fts, gsize from, double weight)
{
	struct lookup_plan *plan = c->plan;
	if (!plan)
		return;
	for (guint n = count_phrases(fts->str + from); n > 0 && plan->phrases < LOOKUP_MAX_PHRASES; n--) {
		plan->leaf[plan->phrases] = plan->leaves;
		plan->weight[plan->phrases++] = weight;
	}
}

static void finish_leaf(struct compiling *c, const char *written, gsize length, gint64 documents, gboolean wanted)
{
	struct lookup_leaf leaf = {g_strndup(written, length), lookup_rarity(documents, c->records), documents};
	if (c->plan && c->plan->leaves < LOOKUP_MAX_PHRASES)
		c->plan->rarity[c->plan->leaves++] = wanted ? leaf.rarity : 0;
	if (wanted)
		g_array_append_val(c->leaves, leaf);
	else
		g_free(leaf.written);
}

static gboolean is_prefix(const struct text_word *word)
{
	for (guint i = 0; i < word->alternatives->len; i++)
		if (g_array_index(word->alternatives, struct text_alternative, i).prefix)
			return TRUE;
	return word->steps && word->steps->len && is_prefix(word->steps->pdata[word->steps->len - 1]);
}

/* The words of a text, as far as the index holds their readings. */
static GPtrArray *words_of(struct compiling *c, const char *text, gboolean prefix)
{
	GPtrArray *words = text_query(c->analyser, text, strlen(text), prefix);
	for (guint i = 0; i < words->len; i++)
		lookup_word_prune(c->s, words->pdata[i]);
	return words;
}

/* An expression for one word in all its readings; NULL if it has none.
 * `documents`: how many records hold it. */
static char *fts_of_word(struct compiling *c, const char *text, const struct text_word *word, gint64 documents,
			 gboolean wanted)
{
	struct text_word asked = *word;
	gboolean partial = FALSE;
	g_autoptr(GArray) begun = wanted ? lookup_word_begun(c->s, word, &partial) : NULL;
	if (begun) {
		asked.alternatives = begun;
		documents = lookup_word_documents(c->s, c->open, &asked);
	}
	if (begun && c->whole)
		asked.alternatives = word->alternatives;
	else
		c->partial |= partial;
	g_autoptr(GString) fts = g_string_new("(");
	for (gsize i = 0; i < (wanted ? G_N_ELEMENTS(READINGS) : 1); i++) {
		gsize before = fts->len;
		if (before > 1)
			g_string_append(fts, " OR ");
		gsize from = fts->len;
		if (lookup_word_expression(fts, &asked, READINGS[i].classes))
			plan_phrases(c, fts, from, wanted ? READINGS[i].weight : 0);
		else
			g_string_truncate(fts, before);
	}
	if (fts->len == 1)
		return NULL;
	g_string_append_c(fts, ')');
	c->prefix |= is_prefix(&asked);
	finish_leaf(c, text + word->start, word->end - word->start, documents, wanted);
	if (wanted && c->marker)
		text_marker_word(c->marker, word, TEXT_ALL, (int)c->leaves->len);
	return g_strdup(fts->str);
}

static char *fts_of_phrase(struct compiling *c, const char *text, gboolean wanted)
{
	g_autoptr(GPtrArray) words = words_of(c, text, FALSE);
	g_autoptr(GString) fts = g_string_new(NULL);
	unsigned classes = TEXT_SURE | 1u << TEXT_FOLDED;
	for (guint i = 0; i < words->len; i++) /* what is joined by hyphens stands in the index in parts */
		classes |= ((const struct text_word *)words->pdata[i])->steps ? 1u << TEXT_PART : 0;
	if (!words->len || !text_match_phrase(fts, words, classes))
		return NULL;
	gint64 documents = wanted ? G_MAXINT64 : 0;
	for (guint i = 0; wanted && i < words->len; i++)
		documents = MIN(documents, lookup_word_documents(c->s, c->open, words->pdata[i]));
	plan_phrases(c, fts, 0, wanted ? 1 : 0);
	finish_leaf(c, text, strlen(text), documents, wanted);
	if (wanted && c->marker)
		text_marker_phrase(c->marker, words, classes, (int)c->leaves->len);
	return g_string_free(g_steal_pointer(&fts), FALSE);
}

static void note(struct compiling *c, char *text)
{
	if (c->notes)
		g_ptr_array_add(c->notes, text);
	else
		g_free(text);
}

static gboolean begins_something(struct compiling *c, const struct text_word *word)
{
	gboolean partial;
	struct text_word asked = *word;
	g_autoptr(GArray) begun = lookup_word_begun(c->s, word, &partial);
	asked.alternatives = begun ? begun : word->alternatives;
	return lookup_word_documents(c->s, c->open, &asked) > 0;
}

/* A word that is nowhere: as the beginning of words, or as the nearest word; and it is said. NULL if there is neither.
 */
static GPtrArray *read_otherwise(struct compiling *c, const struct text_word *word, const char *written)
{
	g_autoptr(GPtrArray) begun = words_of(c, written, TRUE);
	if (begun->len == 1 && g_utf8_strlen(written, -1) >= 3 && begins_something(c, begun->pdata[0])) {
		note(c, g_strdup_printf("\"%s\" is nowhere: searched as the beginning of words", written));
		return g_steal_pointer(&begun);
	}
	g_autofree char *near =
		c->mended++ < MOST_MENDED ? lookup_word_near(c->s, c->analyser, c->open, word, written) : NULL;
	if (!near) {
		note(c, g_strdup_printf("\"%s\" is nowhere", written));
		return NULL;
	}
	note(c, g_strdup_printf("\"%s\" is nowhere: searched \"%s\" instead", written, near));
	return words_of(c, near, FALSE);
}

/* One word, read otherwise if it is nowhere. A beginning is taken as it is: to
 * count what it finds takes as long as to find it. */
static char *fts_of_one(struct compiling *c, const char *text, const struct text_word *word, gboolean wanted)
{
	gboolean prefix = is_prefix(word);
	c->sought |= wanted;
	gint64 documents = prefix ? c->records / 50 : wanted ? lookup_word_documents(c->s, c->open, word) : 0;
	if (!wanted || prefix || documents > 0)
		return fts_of_word(c, text, word, documents, wanted);
	g_autofree char *written = g_strndup(text + word->start, word->end - word->start);
	g_autoptr(GPtrArray) others = read_otherwise(c, word, written);
	if (!others || others->len != 1)
		return fts_of_word(c, text, word, 0, wanted);
	struct text_word other = *(const struct text_word *)others->pdata[0];
	other.start = word->start;
	other.end = word->end;
	return fts_of_word(c, text, &other, lookup_word_documents(c->s, c->open, &other), wanted);
}

/* "dn 100" may be written DN100: an expression for that, if it is somewhere,
 * else NULL. */
static char *fts_of_joined(struct compiling *c, const char *text, const struct text_word *head,
			   const struct text_word *tail, gboolean wanted)
{
	g_autofree char *letters = g_strndup(text + head->start, head->end - head->start);
	g_autofree char *digits = g_strndup(text + tail->start, tail->end - tail->start);
	if (strlen(letters) > 4 || digits[strspn(digits, "0123456789")])
		return NULL;
	for (const char *p = letters; *p; p++)
		if (!g_ascii_isalpha(*p))
			return NULL;
	g_autofree char *joined = g_strconcat(letters, digits, NULL);
	g_autoptr(GPtrArray) words = words_of(c, joined, FALSE);
	gint64 documents = words->len == 1 ? lookup_word_documents(c->s, c->open, words->pdata[0]) : 0;
	return documents ? fts_of_word(c, joined, words->pdata[0], documents, wanted) : NULL;
}

/* A run of words as they were typed: a telephone number has blanks. Words that
 * every text has are left out beside others. */
static char *fts_of_run(struct compiling *c, const char *text, gboolean prefix, gboolean wanted)
{
	const char *last = strrchr(text, ' ');
	if (prefix && g_utf8_strlen(last ? last + 1 : text, -1) < SHORTEST_PREFIX) {
		note(c, g_strdup_printf("\"%s*\" is too short for a beginning: searched as a word",
					last ? last + 1 : text));
		prefix = FALSE;
	}
	g_autoptr(GPtrArray) words = words_of(c, text, prefix);
	g_autoptr(GString) all = g_string_new(NULL);
	const char *joint = c->any && wanted ? " OR " : " AND ";
	gboolean all_common = TRUE;
	for (guint i = 0; i < words->len; i++)
		all_common &= ((const struct text_word *)words->pdata[i])->common;
	for (guint i = 0; i < words->len; i++) {
		const struct text_word *word = words->pdata[i];
		g_autofree char *part = word->common && !all_common ? NULL : fts_of_one(c, text, word, wanted);
		if (!part)
			continue;
		g_string_append_printf(all, "%s%s", all->len ? joint : "", part);
		g_autofree char *joined = i ? fts_of_joined(c, text, words->pdata[i - 1], word, wanted) : NULL;
		if (joined) {
			g_string_prepend(all, "((");
			g_string_append_printf(all, ") OR %s)", joined);
		}
	}
	return all->len ? g_strdup_printf("(%s)", all->str) : NULL;
}

static char *fts_of(struct compiling *c, const struct lookup_node *node, gboolean wanted);

/* The words from `i` on that follow each other, with a beginning as the last;
 * `i` moves past them. */
static char *take_run(const GPtrArray *nodes, guint *i, gboolean *prefix)
{
	g_autoptr(GString) run = g_string_new(NULL);
	*prefix = FALSE;
	for (; *i < nodes->len && !*prefix; (*i)++) {
		const struct lookup_node *node = nodes->pdata[*i];
		if (node->kind != LOOKUP_WORD && node->kind != LOOKUP_PREFIX)
			break;
		g_string_append_printf(run, "%s%s", run->len ? " " : "", node->text);
		*prefix = node->kind == LOOKUP_PREFIX;
	}
	return g_string_free(g_steal_pointer(&run), FALSE);
}

static void add_part(GPtrArray *parts, char *part)
{
	if (part)
		g_ptr_array_add(parts, part);
}

/* What FTS5 is asked for a group's children, the denied ones behind one NOT.
 * The order of the phrases is that of the text. */
static char *fts_of_group(struct compiling *c, const struct lookup_node *node, gboolean wanted)
{
	g_autoptr(GPtrArray) yes = g_ptr_array_new_with_free_func(g_free), no = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < node->children->len;) {
		const struct lookup_node *child = node->children->pdata[i];
		gboolean word = child->kind == LOOKUP_WORD || child->kind == LOOKUP_PREFIX, prefix;
		if (word && node->kind == LOOKUP_ALL) {
			g_autofree char *run = take_run(node->children, &i, &prefix);
			add_part(yes, fts_of_run(c, run, prefix, wanted));
			continue;
		}
		if (child->kind != LOOKUP_NOT)
			add_part(yes, fts_of(c, child, wanted));
		i++;
	}
	for (guint i = 0; yes->len && i < node->children->len; i++) {
		const struct lookup_node *child = node->children->pdata[i];
		if (child->kind == LOOKUP_NOT)
			add_part(no, fts_of(c, child->children->pdata[0], FALSE));
	}
	if (yes->len == 0)
		return NULL;
	g_ptr_array_add(yes, NULL);
	gboolean any = node->kind == LOOKUP_ANY || (c->any && wanted);
	g_autofree char *all = g_strjoinv(any ? " OR " : " AND ", (char **)yes->pdata);
	if (no->len == 0)
		return g_strdup_printf("(%s)", all);
	g_ptr_array_add(no, NULL);
	g_autofree char *none = g_strjoinv(" OR ", (char **)no->pdata);
	return g_strdup_printf("((%s) NOT (%s))", all, none);
}

static char *fts_of(struct compiling *c, const struct lookup_node *node, gboolean wanted)
{
	switch (node->kind) {
	case LOOKUP_WORD:
	case LOOKUP_PREFIX:
		return fts_of_run(c, node->text, node->kind == LOOKUP_PREFIX, wanted);
	case LOOKUP_PHRASE:
		return fts_of_phrase(c, node->text, wanted);
	case LOOKUP_ALL:
	case LOOKUP_ANY:
		return fts_of_group(c, node, wanted);
	case LOOKUP_NOT:
	case LOOKUP_FIELD:
		break;
	}
	return NULL;
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

/* Can FTS5 say all of it? A NOT needs something beside it that is wanted, so
 * one under an ANY cannot be said. */
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

/* Records that hold the words. */
static char *words_condition(struct compiling *c, const char *text)
{
	char *fts = fts_of_run(c, text, FALSE, TRUE);
	if (!fts)
		return NULL;
	add_text(c, fts);
	return g_strdup("r.id IN (SELECT f.rowid FROM main.record_fts f WHERE "
			"f.record_fts MATCH ?)");
}

static char *customer_condition(struct compiling *c, const char *text)
{
	g_autoptr(GArray) ids = lookup_customers_meant(c->s, c->who, text, c->notes);
	g_autoptr(GString) marks = g_string_new(NULL);
	if (ids->len == 0)
		return words_condition(c, text);
	for (guint i = 0; i < ids->len; i++) {
		add_number(c, g_array_index(ids, gint64, i));
		g_string_append(marks, i ? ", ?" : "?");
	}
	return g_strdup_printf("r.id IN (SELECT record_id FROM customer_record WHERE "
			       "customer_id IN (%s) AND strength >= 2)",
			       marks->str);
}

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
		return g_strdup("r.id IN (SELECT record_id FROM field WHERE name = "
				"'status' AND value = ?)");
	case LOOKUP_FROM:
		add_text(c, g_strdup(node->text));
		add_text(c, g_strdup(node->text));
		return g_strdup("EXISTS (SELECT 1 FROM party p WHERE p.record_id = r.id "
				"AND p.role IN ('from', 'author', "
				"'reporter', 'sender') AND (instr(lower(p.name), lower(?)) "
				"OR instr(lower(p.address), "
				"lower(?))))");
	case LOOKUP_CUSTOMER:
		return customer_condition(c, node->text);
	case LOOKUP_TEAM:
		add_text(c, g_strdup(node->text));
		return g_strdup("r.source_id IN (SELECT id FROM source WHERE team = ? COLLATE NOCASE)");
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
		char *fts = fts_of(c, node, TRUE);
		if (!fts)
			return NULL;
		add_text(c, fts);
		return g_strdup("r.id IN (SELECT f.rowid FROM main.record_fts f WHERE "
				"f.record_fts MATCH ?)");
	}
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < node->children->len; i++)
		add_part(parts, condition(c, node->children->pdata[i]));
	if (parts->len == 0)
		return NULL;
	g_ptr_array_add(parts, NULL);
	g_autofree char *joined = g_strjoinv(node->kind == LOOKUP_ANY ? " OR " : " AND ", (char **)parts->pdata);
	return g_strdup_printf("(%s)", joined);
}

/* ---- the whole ---- */

/* Parts the root's children: those that FTS5 can say, and the rest. Denied
 * words go with the first if something is wanted. */
static void part_children(const struct lookup_node *root, GPtrArray *words, GPtrArray *rest)
{
	for (guint i = 0; i < root->children->len; i++) {
		struct lookup_node *child = root->children->pdata[i];
		gboolean deny = child->kind == LOOKUP_NOT;
		g_ptr_array_add(fts_can(deny ? child->children->pdata[0] : child) ? words : rest, child);
	}
}

struct lookup_match *lookup_match_new(store *s, text_analyser *analyser, const identity *who,
				      const struct lookup_query *query, gint64 records, gboolean any)
{
	return lookup_match_make(s, analyser, who, query, records, LOOKUP_MATCH_WHOLE | (any ? LOOKUP_MATCH_ANY : 0));
}

struct lookup_match *lookup_match_make(store *s, text_analyser *analyser, const identity *who,
				       const struct lookup_query *query, gint64 records, enum lookup_match_flags flags)
{
	gboolean any = flags & LOOKUP_MATCH_ANY;
	struct lookup_match *match = g_new0(struct lookup_match, 1);
	match->values = g_ptr_array_new_with_free_func(value_free);
	match->leaves = g_array_new(FALSE, FALSE, sizeof(struct lookup_leaf));
	g_array_set_clear_func(match->leaves, leaf_clear);
	match->marker = text_marker_new();
	match->forms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	match->plan.any = any;
	g_autoptr(GPtrArray) words = g_ptr_array_new(), rest = g_ptr_array_new();
	struct desk *desk = desk_ready(s, NULL);
	g_autoptr(lookup_sieve) open = desk ? sieve_new(s, desk->shelf, NULL) : NULL;
	struct compiling c = {.s = s,
			      .open = open,
			      .analyser = analyser,
			      .who = who,
			      .records = records,
			      .values = match->values,
			      .notes = query->notes,
			      .leaves = match->leaves,
			      .plan = &match->plan,
			      .marker = match->marker,
			      .any = any,
			      .whole = flags & LOOKUP_MATCH_WHOLE};
	part_children(query->root, words, rest);
	struct lookup_node asked = {.kind = LOOKUP_ALL, .children = words},
			   others = {.kind = LOOKUP_ALL, .children = rest};
	match->fts = fts_of_group(&c, &asked, TRUE);
	for (guint i = 0; !match->fts && !c.sought && i < words->len; i++)
		g_ptr_array_add(rest, words->pdata[i]); /* nothing but denied words, or
							   nothing that is a word */
	match->prefix = c.prefix;
	match->partial = c.partial;
	g_autoptr(GArray) unused = g_array_new(FALSE, FALSE, sizeof(struct lookup_leaf));
	g_array_set_clear_func(unused, leaf_clear);
	struct compiling conditions = {.s = s,
				       .open = open,
				       .analyser = analyser,
				       .who = who,
				       .records = records,
				       .values = match->values,
				       .notes = query->notes,
				       .leaves = unused,
				       .any = any,
				       .whole = TRUE};
	if (rest->len)
		match->where = condition(&conditions, &others);
	if (!match->fts && c.sought) { /* no reading of it is anywhere: that is not to ask for all */
		g_autofree char *others_too = g_steal_pointer(&match->where);
		match->where = g_strdup_printf("(%s) AND 0", others_too ? others_too : "1");
	}
	return match;
}

void lookup_match_free(struct lookup_match *match)
{
	if (!match)
		return;
	g_free(match->fts);
	g_free(match->where);
	g_ptr_array_unref(match->values);
	g_array_unref(match->leaves);
	text_marker_free(match->marker);
	g_hash_table_unref(match->forms);
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
