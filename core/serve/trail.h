/* trail: what is to be in the audit log (store/audit.h), on its way there. A request only adds its entry to a list; the
 * list goes to the store's writer in one transaction, half a second later at most. Nothing is lost silently: what could
 * not be written is tried again, requests wait while too many entries wait, and what is given up after all is counted
 * in the log and in the audit log itself. Also forgets what is older than audit-keep. Any thread. */
#pragma once

#include "store/audit.h"
#include "store/writer.h"

struct serve_trail;

/* `keep`: seconds. Made and freed in the main loop's thread. */
struct serve_trail *serve_trail_new(store_writer *writer, gint64 keep);
/* Copies the entry; its time is now. */
void serve_trail_note(struct serve_trail *trail, const struct store_audit *entry);
void serve_trail_free(struct serve_trail *trail); /* writes what is left */
