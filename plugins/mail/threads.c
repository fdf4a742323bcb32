#include "threads.h"

#include <glib.h>
#include <string.h>

struct mail_threads {
	GHashTable *known; /* id -> thread; both in `strings` */
	GStringChunk *strings;
};

struct mail_threads *mail_threads_new(void)
{
	struct mail_threads *t = g_new0(struct mail_threads, 1);

	t->known = g_hash_table_new(g_str_hash, g_str_equal);
	t->strings = g_string_chunk_new(64 * 1024);
	return t;
}

void mail_threads_free(struct mail_threads *t)
{
	if (!t)
		return;
	g_hash_table_unref(t->known);
	g_string_chunk_free(t->strings);
	g_free(t);
}

const char *mail_threads_join(struct mail_threads *t, const struct mail_identity *who)
{
	char *thread = who->root[0] ? g_hash_table_lookup(t->known, who->root) : NULL;
	char *id;

	if (!thread && who->parent[0])
		thread = g_hash_table_lookup(t->known, who->parent);
	if (!thread && who->root[0])
		thread = g_string_chunk_insert(t->strings, who->root);
	if (!who->id[0] || g_hash_table_contains(t->known, who->id))
		return thread ? thread : who->id[0] ? g_hash_table_lookup(t->known, who->id) : NULL;
	id = g_string_chunk_insert(t->strings, who->id);
	if (!thread)
		thread = id;
	g_hash_table_insert(t->known, id, thread);
	return thread;
}
