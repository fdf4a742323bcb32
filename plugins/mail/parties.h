/* parties: who a message is from and to. Names decoded, "joe at example.com" of public archives made an address again,
 * the members of groups taken out of them. */
#pragma once

#include <gmime/gmime.h>

#include "meri/connector.h"

#define MAIL_PARTIES_MAX 500 /* of one message */

struct mail_parties {
	GArray *list; /* struct meri_party; strings in `strings` */
	GStringChunk *strings;
	guint left_out; /* past the maximum */
};

void mail_parties_init(struct mail_parties *parties);
void mail_parties_clear(struct mail_parties *parties);
/* From, Sender, Reply-To, To, Cc and Bcc of `message`. Sender and Reply-To only where they name somebody else. */
void mail_parties_add(struct mail_parties *parties, GMimeMessage *message, GMimeParserOptions *options);

/* Repairs "joe at example.com", "joe (at) example dot com" and the like in a header value that has no @. Newly
 * allocated, or NULL when there is nothing to repair. */
char *mail_parties_repair(const char *value);
