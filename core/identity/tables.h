/* tables: identity's own tables, as steps of the store's migrations (core/store/schema.c runs it), and what stands
 * before them where a connection is fenced (core/store/fence.h). */
#pragma once

extern const char identity_tables[], identity_words_tables[], identity_sighting_tables[];

/* A TEMP VIEW of a table's name. In it `record_brief`, `record` and the other names without a schema are the views of
 * the fence themselves; main.NAME is the table. Names that begin with fence_ are helpers. */
struct store_fence_view {
	const char *name, *select;
};
extern const struct store_fence_view identity_fence_views[]; /* ends with a NULL name */

/* A question that the views ask again and again of the same rows, as an SQL function of that name: its answer, a number
 * or 0 without a row, is kept for as long as the one who asks is the same. `parameters`: 1 or 2, ids. */
struct store_fence_question {
	const char *name, *sql;
	int parameters;
};
extern const struct store_fence_question identity_fence_questions[]; /* ends with a NULL name */
