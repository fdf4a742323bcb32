/* body: walks the MIME tree of a message and gathers what can be read of it: one text with its quoted spans, the files
 * that came along, and by name whatever could not be read. Depth, number of parts and sizes are bounded. */
#pragma once

#include <gmime/gmime.h>

#include "meri/connector.h"

#define MAIL_TEXT_MAX  ((gsize)4 << 20)  /* bytes of text of one message */
#define MAIL_FILE_MAX  ((gsize)16 << 20) /* bytes of an attachment that is read for its text */
#define MAIL_PARTS_MAX 1000
#define MAIL_DEPTH_MAX 24

struct mail_file {
	const char *number; /* as IMAP counts: "2", "1.3" */
	const char *name, *type;
	GMimePart *part;   /* borrowed from the message, or */
	GByteArray *bytes; /* owned: it stood in the text, uuencoded */
	const char *why;   /* it is of no use to try: a constant; or NULL */
};

struct mail_body {
	const struct meri_host *host;
	GString *text;
	GArray *spans;             /* struct meri_span in text: quoted */
	GArray *fields, *left_out; /* struct meri_pair; strings in `strings` */
	GArray *files;             /* struct mail_file */
	GStringChunk *strings;
	GPtrArray *kept; /* objects that files are read from */
	/* while walking */
	int parts;
	int mute; /* text is passed over: a better version of it was taken */
	const char *number;
	GMimeParserOptions *options;
};

void mail_body_init(struct mail_body *body, const struct meri_host *host, GMimeParserOptions *options);
void mail_body_clear(struct mail_body *body);
void mail_body_read(struct mail_body *body, GMimeMessage *message);

/* Adds a pair; takes copies. */
void mail_body_pair(struct mail_body *body, GArray *pairs, const char *name, const char *value);

/* The decoded content of a part, at most `max` bytes of it; *cut tells whether there is more. The caller frees. */
GByteArray *mail_body_decode(GMimePart *part, gsize max, gboolean *cut);

/* signed.c: what an S/MIME message in one piece signs, as a MIME entity's bytes; NULL with *why if there is none. */
GByteArray *mail_signed_content(const GByteArray *der, const char **why);
