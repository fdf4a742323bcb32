/* run: one run over a source. First it is settled by name, size and time what has not changed since the last run; then
 * the rest is read. An mbox that only grew is read from where the last run stopped, after its beginning was found to be
 * the same by a hash; one that was written anew is read whole. */
#pragma once

#include "cursor.h"
#include "folder.h"
#include "ids.h"
#include "message.h"

struct mail_run {
	const struct meri_host *host;
	struct mail_reader reader;
	struct mail_wish wish;
	struct mail_listing listing;
	struct mail_cursor cursor;
	struct mail_ids *ids;
	int root;                       /* the open folder; AT_FDCWD: the path names a file */
	gboolean stop;                  /* the host said so */
	gboolean changed;               /* the cursor differs from what the host keeps */
	gboolean shrank;                /* a file was being written anew */
	guint64 pending, pending_bytes; /* put since the last checkpoint */
	guint64 done, total;            /* bytes of what must be read */
	const char *way;                /* how mail is read, for fingerprints: when that changes, all is read again */
	guint64 told;                   /* messages since people were last told */
	guint aside;                    /* files that are something else */
};

/* Reads what changed. Returns 0, also when stopped; then run->stop is set. */
int mail_run(struct mail_run *run);

/* ---- box.c: one mbox ---- */
struct mail_mbox;
/* Reads on in an mbox whose beginning was looked at; `mbox` stands at its start. */
void mail_box_read(struct mail_run *run, struct mail_found *found, struct mail_stream *stream, struct mail_mbox *mbox,
		   const struct stat *st);
/* Marks the ids of its messages as taken, up to where the cursor says that it was read; nothing if it is no longer the
 * same. */
void mail_box_take_ids(struct mail_run *run, struct mail_found *found);

/* ---- shared by run.c and box.c ---- */
/* After a record was put for which so many bytes were read. `mile`: what is put so far can be told to the next run;
 * then there is a checkpoint if enough has gathered. */
void mail_run_advance(struct mail_run *run, guint64 bytes, gboolean mile);
/* Now and then tells people how far it is. */
void mail_run_tell(struct mail_run *run, const struct mail_found *found, guint64 consumed);
