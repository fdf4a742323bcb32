/* mbox: cuts a stream of bytes into messages at the lines that begin with "From ". A few rules make the cut, because
 * programs never agreed on the format: the line must follow an empty line or begin the file, and look like a postmark
 * (sender and date), or be followed by what only a header can be. Content-Length is not believed. ">From " loses one
 * ">" (mboxrd; mboxo is read the same way). The bytes of one message at a time are held, up to a bound. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "stream.h"

#define MAIL_MESSAGE_MAX ((size_t)64 << 20) /* bytes of one message that are held; what follows is passed over */

struct mail_raw {
	char *bytes; /* the message without postmark and separator; valid, and free to change, until the next call */
	size_t length;
	size_t whole;         /* its bytes in the file */
	int cut;              /* it was too big: only its first MAIL_MESSAGE_MAX bytes are here */
	int last;             /* nothing follows it */
	const char *postmark; /* the line without its end; NULL if there was none */
	uint64_t start, end;  /* where it stands in the (unpacked) stream, with postmark and separator */
};

struct mail_mbox;
/* Takes over nothing: the stream outlives the mbox. */
struct mail_mbox *mail_mbox_new(struct mail_stream *stream);
/* 1 and a message; 0 at the end, or where reading failed (mail_stream_why tells). */
int mail_mbox_next(struct mail_mbox *mbox, struct mail_raw *out);
/* Everything that is left as one message, with a postmark taken off if there is one. For single-message files. */
int mail_mbox_rest(struct mail_mbox *mbox, struct mail_raw *out);

enum mail_look { MAIL_LOOK_NOTHING, MAIL_LOOK_MBOX, MAIL_LOOK_MESSAGE, MAIL_LOOK_EMPTY };
/* What the beginning of the stream looks like; nothing is consumed. */
enum mail_look mail_mbox_look(struct mail_mbox *mbox);
/* Back to the beginning of the stream. */
void mail_mbox_restart(struct mail_mbox *mbox);
void mail_mbox_free(struct mail_mbox *mbox);

/* Whether a line that begins with "From " carries a date as a postmark does. `length` without the line's end. */
int mail_is_postmark(const char *line, size_t length);
/* The date of a postmark in seconds; 0 if there is none to trust. */
int64_t mail_postmark_time(const char *postmark);
/* Whether a line begins as a header does: a name and a colon. */
int mail_is_header(const char *line, size_t length);
