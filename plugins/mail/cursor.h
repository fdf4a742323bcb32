/* cursor: what a run remembers for the next one: of each mbox how far it was read, and the filter of ids (see ids.h).
 * Maildir and single files need no entry: the host knows each of them by its fingerprint. It is text, a line an mbox.
 */
#pragma once

#include <glib.h>
#include <sys/stat.h>

struct mail_mark {
	guint64 size, inode;
	gint64 mtime;      /* nanoseconds */
	guint64 count;     /* messages read */
	guint8 digest[16]; /* over all of them */
	gboolean whole;    /* read to the end that it had */
};

struct mail_cursor {
	GHashTable *marks; /* item (char *) -> struct mail_mark * */
	char *filter;      /* NULL: none */
};

void mail_cursor_init(struct mail_cursor *cursor);
void mail_cursor_clear(struct mail_cursor *cursor);
/* FALSE if it is not one of ours: then it is empty, and all is read. */
gboolean mail_cursor_parse(struct mail_cursor *cursor, const char *text);
/* Newly allocated. */
char *mail_cursor_text(const struct mail_cursor *cursor, const char *filter);

gint64 mail_mtime(const struct stat *st);
gboolean mail_mark_fits(const struct mail_mark *mark, const struct stat *st);
/* The fingerprint of an mbox read so far, in the way that `way` names; newly allocated. */
char *mail_mark_fingerprint(const struct mail_mark *mark, const char *way);
