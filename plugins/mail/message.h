/* message: the bytes of one mail become a record, and one more for each attachment whose text can be read. */
#pragma once

#include <gmime/gmime.h>

#include "header.h"
#include "mbox.h"
#include "meri/connector.h"

struct mail_reader {
	const struct meri_host *host;
	GMimeParserOptions *options;
	GMimeParser *parser;
	gint64 now;           /* a date later than tomorrow is a mistake */
	gboolean attachments; /* read them for their text */
};
void mail_reader_init(struct mail_reader *reader, const struct meri_host *host);
void mail_reader_clear(struct mail_reader *reader);

struct mail_origin {
	const char *item, *fingerprint; /* as in struct meri_record */
	const char *folder;             /* where people see it: "Sent", "lists/gcc" */
	gint64 stored;      /* when the file was written, for mail that does not tell its date; 0: not known */
	const char *thread; /* NULL: what the message itself says */
	const char *name;   /* what a failure is reported under */
};

/* Puts the record of a message under `id`, its attachments before it, so that the fingerprint comes with the last; or
 * skips it by name if it cannot be read. The header's bytes are changed on the way. What put or skip returned. */
int mail_message_put(struct mail_reader *reader, const struct mail_raw *raw, const struct mail_identity *who,
		     const char *id, const struct mail_origin *origin);
