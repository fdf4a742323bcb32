/* vocabulary: the terms of the full text index and how many records hold each, in memory: to complete beginnings and to
 * mend slips. FTS5 tells both only by walking over all that it has of a term, which takes seconds for all of them, so
 * they are read by a thread of its own, when somebody needs them and from time to time after; in a small store at once.
 * What is new since then is not in it: who must know asks the index.
 *
 * The terms are those of all records: a word that is shown must be in one that may be read. */
#pragma once

#include "store/store.h"

enum { VOCABULARY_SMALL = 30000 }; /* records of a store whose terms are read at once: a tenth of a second */

struct vocabulary; /* one for all connections of the process to a store; see shelf_vocabulary */

struct vocabulary *vocabulary_new(const char *path);
void vocabulary_free(struct vocabulary *vocabulary);

/* As it was read at some time; does not change. Release it with vocabulary_done. NULL: not read yet; somebody is at it.
 * `generation`: of the store, today; `records`: how many it has. */
struct vocabulary_list *vocabulary_get(struct vocabulary *vocabulary, guint64 generation, gint64 records);
/* The same, waited for. */
struct vocabulary_list *vocabulary_wait(struct vocabulary *vocabulary, guint64 generation);
void vocabulary_done(struct vocabulary_list *list);

/* Terms stand in the order of their bytes. */
struct vocabulary_list {
	int users;          /* atomic */
	guint64 generation; /* of the store when it was read */
	guint n;
	const char *bytes; /* all terms, each with a NUL behind it */
	gsize length;
	guint32 *at;        /* where each begins */
	guint32 *documents; /* how many records hold it */
};
static inline const char *vocabulary_term(const struct vocabulary_list *list, guint i)
{
	return list->bytes + list->at[i];
}
/* The first term that is not before `text`; `n` if all are. */
guint vocabulary_seek(const struct vocabulary_list *list, const char *text);
/* How many records hold the term; 0: none that is known of. */
guint32 vocabulary_documents(const struct vocabulary_list *list, const char *term);

typedef struct vocabulary_list vocabulary_list;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(vocabulary_list, vocabulary_done)
