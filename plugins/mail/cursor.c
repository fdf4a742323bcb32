#include "cursor.h"

#include <sodium.h>
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

static gboolean number(const char *text, guint64 *out)
{
	return g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT64, out, NULL);
}

/* "box SIZE MTIME INODE COUNT WHOLE DIGEST ITEM" */
static gboolean parse_box(struct mail_cursor *cursor, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 8);
	struct mail_mark mark = {0};
	size_t n = 0;

	if (g_strv_length(words) != 8 || strcmp(words[0], "box") != 0 || !*words[7])
		return FALSE;
	if (!number(words[1], &mark.size) ||
	    !g_ascii_string_to_signed(words[2], 10, G_MININT64, G_MAXINT64, &mark.mtime, NULL) ||
	    !number(words[3], &mark.inode) || !number(words[4], &mark.count))
		return FALSE;
	if (sodium_hex2bin(mark.digest, sizeof(mark.digest), words[6], strlen(words[6]), NULL, &n, NULL) != 0 ||
	    n != sizeof(mark.digest))
		return FALSE;
	mark.whole = strcmp(words[5], "1") == 0;
	g_hash_table_insert(cursor->marks, g_strdup(words[7]), g_memdup2(&mark, sizeof(mark)));
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
		g_string_append_printf(out,
				       "box %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GUINT64_FORMAT
				       " %" G_GUINT64_FORMAT " %d %s %s\n",
				       mark->size, mark->mtime, mark->inode, mark->count, mark->whole, digest,
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
	return mark->whole && mark->size == (guint64)st->st_size && mark->inode == (guint64)st->st_ino &&
	       mark->mtime == mail_mtime(st);
}

char *mail_mark_fingerprint(const struct mail_mark *mark, const char *way)
{
	char digest[33];

	mail_hex(mark->digest, sizeof(mark->digest), digest);
	return g_strdup_printf("%s:%" G_GUINT64_FORMAT ":%s", way, mark->count, digest);
}
