/* threads: joins the conversations of one mbox. Much old mail says only what it answers and not how the conversation
 * began; then the thread of what it answers is its own too, if that stands before it in the same mbox. Only there: what
 * a message's thread is must not depend on which other files a run happens to read. */
#pragma once

#include "header.h"

struct mail_threads;
struct mail_threads *mail_threads_new(void);
void mail_threads_free(struct mail_threads *threads);
/* The thread of the next message of the mbox; NULL if it has no id and answers nothing. Valid as long as `threads`. */
const char *mail_threads_join(struct mail_threads *threads, const struct mail_identity *who);
