/* header: what must be known of a message before, or instead of, parsing it whole: its Message-ID, the ids it refers
 * to, and a hash that stays the same when a mail program notes "read" or "flagged" in the header. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define MAIL_ID_MAX 900 /* bytes of a Message-ID as we use it; longer ones are shortened to a hash */

struct mail_identity {
	char id[MAIL_ID_MAX + 1];     /* Message-ID without brackets, clean UTF-8; "" if there is none */
	char root[MAIL_ID_MAX + 1];   /* the first id of References, or else the parent's; "" if there is none */
	char parent[MAIL_ID_MAX + 1]; /* the id that it answers; "" if there is none */
	unsigned char hash[16];       /* of the message without the fields that mail programs change */
};

/* `more`: bytes of the message that are not at hand; 0 nearly always. */
void mail_identify(const char *bytes, size_t length, size_t more, struct mail_identity *out);

/* The value of the first field `name` in a header block, unfolded, newly allocated; NULL if there is none. */
char *mail_header_value(const char *bytes, size_t length, const char *name);

/* Walks the fields of a header block: the next one's name and raw value (with folds, up to its line end), `*at` behind
 * it. 0 at the end of the header. Begin with *at = bytes. */
int mail_header_next(const char **at, const char *end, const char **name, size_t *name_length, const char **value,
		     size_t *value_length);

/* Takes all fields out of the header that the connector has no use for, in place; *bytes then begins later. GMime makes
 * objects of every field, which for mail that passed through many hands is most of the work. */
void mail_header_thin(char **bytes, size_t *length);

/* `n` bytes as lower-case hexadecimal digits into `out` of 2n + 1. */
void mail_hex(const unsigned char *bytes, size_t n, char *out);
