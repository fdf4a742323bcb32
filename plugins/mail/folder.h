/* folder: lists what may be mail below a folder: the messages of Maildirs (Maildir++ and plain nested ones) and other
 * files. No link is followed; nothing is opened but folders. */
#pragma once

#include <glib.h>
#include <sys/stat.h>

enum mail_format { MAIL_AUTO, MAIL_MBOX, MAIL_MAILDIR, MAIL_EML };

struct mail_found {
	char *path;   /* below the root, as the file system has it */
	char *item;   /* its name towards the host: of a Maildir message the part that no flag or move changes */
	char *folder; /* as people call it: "INBOX", "Sent/2024"; for an mbox its name, for single files their folder's
		       */
	struct stat st; /* at the listing */
	gboolean maildir;
	/* for the run */
	gboolean known, prefix_known, rewritten, done;
	int rank;
};

struct mail_listing {
	GPtrArray *found; /* struct mail_found *, by path */
	guint links;      /* not followed */
	guint ignored;    /* files that mail programs keep beside the mail */
	guint excluded;   /* folders and files that the settings leave out */
	gboolean whole;   /* every folder could be read */
};

struct mail_wish {
	enum mail_format format;
	char **folders, **exclude; /* patterns; NULL: all, none */
};

/* Lists below the open folder `root`. `failed` is told of each folder that cannot be read. */
void mail_folder_list(int root, const struct mail_wish *wish, struct mail_listing *out,
		      void (*failed)(void *context, const char *path, const char *why), void *context);
/* The same for one file that was named. */
void mail_folder_one(const char *path, const struct stat *st, struct mail_listing *out);
void mail_listing_clear(struct mail_listing *listing);

/* A file name as UTF-8: bytes that are none, control characters and "%" are written %XX, so that no two become one. */
char *mail_folder_name(const char *file_name);
