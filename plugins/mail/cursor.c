#include "cursor.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "header.h"

static const char TITLE[] = "mail 1";

void mail_cursor_init(struct mail_cursor *cursor)
{
	cursor->marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	cursor->filter = NULL;
}

void mail_cursor_clear(struct mail_cursor *cursor)
{
	g_hash_table_unref(cursor->marks);
	g_free(cursor->filter);
}

/* "box SIZE MTIME INODE COUNT WHOLE DIGEST ITEM" */
static gboolean parse_box(struct mail_cursor *cursor, const char *line)
{
	struct mail_mark mark = {0};
	char digest[33];
	int used = 0, whole = 0;
	size_t n = 0;

	if (sscanf(line, "box %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %d %32s %n",
		   &mark.size, &mark.mtime, &mark.inode, &mark.count, &whole, digest, &used) < 6 || !used || !line[used])
		return FALSE;
	if (sodium_hex2bin(mark.digest, sizeof(mark.digest), digest, strlen(digest), NULL, &n, NULL) != 0 || n != sizeof(mark.digest))
		return FALSE;
	mark.whole = whole != 0;
	g_hash_table_insert(cursor->marks, g_strdup(line + used), g_memdup2(&mark, sizeof(mark)));
	return TRUE;
}

gboolean mail_cursor_parse(struct mail_cursor *cursor, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
	gboolean good = lines[0] && strcmp(lines[0], TITLE) == 0;

	for (int i = 1; good && lines[i]; i++) {
		if (g_str_has_prefix(lines[i], "filter ")) {
			g_free(cursor->filter);
			cursor->filter = g_strdup(lines[i] + 7);
		} else if (*lines[i]) {
			good = parse_box(cursor, lines[i]);
		}
	}
	if (!good) {
		g_hash_table_remove_all(cursor->marks);
		g_clear_pointer(&cursor->filter, g_free);
	}
	return good;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *mail_cursor_text(const struct mail_cursor *cursor, const char *filter)
{
	GString *out = g_string_new(NULL);
	guint n;
	g_autofree gpointer *items = g_hash_table_get_keys_as_array(cursor->marks, &n);

	g_string_append_printf(out, "%s\n", TITLE);
	if (filter)
		g_string_append_printf(out, "filter %s\n", filter);
	if (n > 1)
		qsort(items, n, sizeof(*items), by_name);
	for (guint i = 0; i < n; i++) {
		const struct mail_mark *mark = g_hash_table_lookup(cursor->marks, items[i]);
		char digest[33];

		mail_hex(mark->digest, sizeof(mark->digest), digest);
		g_string_append_printf(out, "box %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
				       " %d %s %s\n", mark->size, mark->mtime, mark->inode, mark->count, mark->whole, digest,
				       (char *)items[i]);
	}
	return g_string_free(out, FALSE);
}

gint64 mail_mtime(const struct stat *st)
{
	return (gint64)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

gboolean mail_mark_fits(const struct mail_mark *mark, const struct stat *st)
{
	return mark->whole && mark->size == (guint64)st->st_size && mark->inode == (guint64)st->st_ino && mark->mtime == mail_mtime(st);
}

char *mail_mark_fingerprint(const struct mail_mark *mark)
{
	char digest[33];

	mail_hex(mark->digest, sizeof(mark->digest), digest);
	return g_strdup_printf("%" G_GUINT64_FORMAT ":%s", mark->count, digest);
}
