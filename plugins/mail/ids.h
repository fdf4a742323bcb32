/* ids: gives each message an id that is its own within the source and stays the same from run to run.
 *
 * The id is the Message-ID, so that answers find their parents and a message keeps its id wherever it is moved. Real
 * mail repeats Message-IDs (copies in two folders, lists that send twice, programs that cannot count), so:
 * - the first message with an id has it plain;
 * - a further one with other content gets "#" and a hash of its content behind it;
 * - a byte-identical further one gets the hash and ".2", ".3" and so on. It is a record too, although it says nothing
 * new: so the number of records equals the number of messages in the mailbox, and nobody need ask where one went;
 * - one without a Message-ID has "#" and the hash alone.
 *
 * Mail that need not be read again keeps what it was given. A new message must not take an id from it, so before the
 * first doubtful one is named, everything unread is looked through for its ids: a filter kept in the cursor tells when
 * there is no doubt, which is nearly always. */
#pragma once

#include <stddef.h>

#include "header.h"

#define MAIL_RECORD_ID_MAX (MAIL_ID_MAX + 40)

/* What is remembered of a message: its Message-ID, and both its Message-ID and content, as hashes. */
struct mail_key {
	uint64_t plain, exact;
	int named; /* it has a Message-ID */
};
struct mail_key mail_ids_key(const struct mail_identity *who);

struct mail_ids;
struct mail_ids *mail_ids_new(void);
void mail_ids_free(struct mail_ids *ids);

/* Called at most once, when a new message may share its Message-ID with mail that was not read: it calls mail_ids_taken
 * for all of that. NULL: there is no such mail. */
void mail_ids_on_doubt(struct mail_ids *ids, void (*look)(void *context), void *context);

/* The id of a new message, in `out` of MAIL_RECORD_ID_MAX + 1 bytes. Returns its rank: 0 it has the plain id, n its
 * content's n-th place among those with the same Message-ID. */
int mail_ids_assign(struct mail_ids *ids, const struct mail_identity *who, char *out);
/* A message that has its record already. `rank` as mail_ids_assign gave it, or -1 if that is not known. */
void mail_ids_taken(struct mail_ids *ids, const struct mail_key *key, int rank);

/* The filter as text, and from it. NULL is an empty one. The caller frees. */
char *mail_ids_save(const struct mail_ids *ids);
/* FALSE if the text is damaged: then every id is in doubt. */
int mail_ids_load(struct mail_ids *ids, const char *text);
