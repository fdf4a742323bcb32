/* tables: identity's own tables, as one step of the store's migrations (core/store/schema.c runs it), and what stands
 * before them where a connection is fenced (core/store/fence.h). */
#pragma once

extern const char identity_tables[];

/* A TEMP VIEW of a table's name. In it `record_brief`, `record` and the other names without a schema are the views of
 * the fence themselves; main.NAME is the table. Names that begin with fence_ are helpers. */
struct store_fence_view {
	const char *name, *select;
};
extern const struct store_fence_view identity_fence_views[]; /* ends with a NULL name */
