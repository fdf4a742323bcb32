/* verdict: from how a connector process ended, and what its run brought, to one word, one class and one line for
 * people. Pure functions. */
#pragma once

#include "sync/child.h"

/* What a run has brought into the store. */
struct sync_tally {
	gint64 added, changed, removed, skipped, unchanged, held;
	gint64 records; /* that the source has at the run's end, 0 before; an unchanged item may stand for many */
};
void sync_tally_add(struct sync_tally *to, const struct sync_tally *more);

enum sync_word { SYNC_OK, SYNC_PARTIAL, SYNC_FAILED };

struct sync_verdict {
	enum sync_word word;
	int class;     /* enum meri_class; 0: none */
	gint64 after;  /* seconds until a new try makes sense; 0: not known */
	char *message; /* one line; NULL if there is nothing to say */
};
void sync_verdict_clear(struct sync_verdict *verdict);
const char *sync_word_text(enum sync_word word);
const char *sync_class_text(int class); /* NULL for 0 */

/* Whether it said that it ended well, and did. */
gboolean sync_ending_is_good(const struct sync_ending *ending);
/* What became of a process that did not end well: failed, or partial for a rate limit. `last_words`: the last line that
 * it wrote, or NULL. `deadline` and `grace` in seconds, for the message. */
void sync_verdict_of_ending(struct sync_verdict *verdict, const struct sync_ending *ending, const char *last_words,
			    gint64 deadline, gint64 grace);

/* Whether so many could not be read that the run has failed. `most`: as in the settings, -1 for over 20 and over half.
 */
gboolean sync_too_many_skipped(const struct sync_tally *tally, gint64 most);
/* The verdict on a run whose process ended well. `empty`: what became of the listing when it was empty and the source
 * has records, or NULL. */
void sync_verdict_of_run(struct sync_verdict *verdict, const char *source, const struct sync_tally *tally,
			 gint64 most_skipped, const char *empty);
