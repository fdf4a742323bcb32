#include "sync/verdict.h"

#include <string.h>
#include <sys/wait.h>

#include "base/base.h"

enum { FEW_SKIPPED = 20 };

void sync_tally_add(struct sync_tally *to, const struct sync_tally *more)
{
	to->added += more->added;
	to->changed += more->changed;
	to->removed += more->removed;
	to->skipped += more->skipped;
	to->unchanged += more->unchanged;
	to->held += more->held;
	to->records += more->records;
}

void sync_verdict_clear(struct sync_verdict *verdict)
{
	g_clear_pointer(&verdict->message, g_free);
}

const char *sync_word_text(enum sync_word word)
{
	static const char *const words[] = {"ok", "partial", "failed"};

	return words[word];
}

const char *sync_class_text(int class)
{
	static const char *const classes[] = {NULL, "config", "auth", "rate", "transient", "bug"};

	return class >= 0 && class < (int)G_N_ELEMENTS(classes) ? classes[class] : "bug";
}

gboolean sync_ending_is_good(const struct sync_ending *ending)
{
	return ending->started && ending->hello && ending->ended && ending->result == 0 && !ending->fail_class &&
	       !ending->fault && !ending->half && ending->cut == SYNC_CUT_NOT && WIFEXITED(ending->status) &&
	       WEXITSTATUS(ending->status) == 0;
}

static void failed(struct sync_verdict *verdict, int class, char *message)
{
	verdict->word = SYNC_FAILED;
	verdict->class = class;
	verdict->message = base_one_line(message, 600);
	g_free(message);
}

static char *signal_words(int number)
{
	const char *abbreviation = sigabbrev_np(number), *meaning = sigdescr_np(number);

	if (!abbreviation)
		return g_strdup_printf("signal %d", number);
	return g_strdup_printf("SIG%s (%s)", abbreviation, meaning ? meaning : "unknown");
}

/* Cut short by us. */
static void cut_short(struct sync_verdict *verdict, const struct sync_ending *ending, gint64 deadline, gint64 grace)
{
	g_autofree char *grace_words = base_duration_words(grace), *deadline_words = base_duration_words(deadline);
	g_autofree char *how =
		ending->killed
			? g_strdup_printf(" (it did not heed the word to end, and was killed after %s)", grace_words)
			: g_strdup("");

	switch (ending->cut) {
	case SYNC_CUT_DEADLINE:
		failed(verdict, MERI_TRANSIENT,
		       g_strdup_printf("stopped at its deadline of %s%s; what it had checkpointed is kept",
				       deadline_words, how));
		return;
	case SYNC_CUT_CANCEL:
		failed(verdict, MERI_TRANSIENT, g_strdup_printf("cancelled%s; what it had checkpointed is kept", how));
		return;
	case SYNC_CUT_SHUTDOWN:
		failed(verdict, MERI_TRANSIENT,
		       g_strdup_printf("stopped because merid ends%s; what it had checkpointed is kept", how));
		return;
	case SYNC_CUT_LINGER:
		failed(verdict, MERI_BUG,
		       g_strdup_printf("the connector said that it was done, but did not end within %s, and was killed",
				       grace_words));
		return;
	case SYNC_CUT_DEAF:
		failed(verdict, MERI_BUG,
		       g_strdup_printf(
			       "the connector closed its line to merid, but did not end within %s, and was killed",
			       grace_words));
		return;
	case SYNC_CUT_NOT:
	case SYNC_CUT_FAULT:
		break;
	}
	failed(verdict, MERI_BUG, g_strdup_printf("the connector %s", ending->fault));
}

/* It ended by itself, but not as it should. */
static char *how_it_died(const struct sync_ending *ending)
{
	if (WIFSIGNALED(ending->status)) {
		g_autofree char *words = signal_words(WTERMSIG(ending->status));

		return g_strdup_printf("the connector died of %s%s", words,
				       ending->half ? " in the middle of a frame" : "");
	}
	if (ending->half)
		return g_strdup_printf("the connector exited with status %d in the middle of a frame",
				       WEXITSTATUS(ending->status));
	if (WEXITSTATUS(ending->status))
		return g_strdup_printf("the connector exited with status %d", WEXITSTATUS(ending->status));
	if (!ending->hello)
		return g_strdup("the connector exited with status 0 before it introduced itself");
	if (!ending->ended)
		return g_strdup("the connector exited with status 0 before it was done");
	return g_strdup_printf("the connector gave up with %d and did not say why", ending->result);
}

void sync_verdict_of_ending(struct sync_verdict *verdict, const struct sync_ending *ending, const char *last_words,
			    gint64 deadline, gint64 grace)
{
	if (ending->fault && ending->fault_is_ours) {
		failed(verdict, ending->started ? MERI_TRANSIENT : MERI_CONFIG, g_strdup(ending->fault));
	} else if (ending->cut != SYNC_CUT_NOT || ending->fault) {
		cut_short(verdict, ending, deadline, grace);
	} else if (ending->fail_class) {
		failed(verdict, ending->fail_class,
		       g_strdup(ending->fail_why && *ending->fail_why ? ending->fail_why : "gave no reason"));
		verdict->after = ending->fail_after;
		if (ending->fail_class == MERI_RATE)
			verdict->word = SYNC_PARTIAL;
	} else {
		g_autofree char *how = how_it_died(ending);

		failed(verdict, MERI_BUG,
		       last_words ? g_strdup_printf("%s; its last words: %s", how, last_words) : g_strdup(how));
	}
}

/* All that there is to read, as far as it is known. */
static gint64 all_of(const struct sync_tally *tally)
{
	return tally->skipped + MAX(tally->records, tally->added + tally->changed + tally->unchanged);
}

gboolean sync_too_many_skipped(const struct sync_tally *tally, gint64 most)
{
	if (most >= 0)
		return tally->skipped > most;
	return tally->skipped > FEW_SKIPPED && tally->skipped > all_of(tally) / 2;
}

void sync_verdict_of_run(struct sync_verdict *verdict, const char *source, const struct sync_tally *tally,
			 gint64 most_skipped, const char *empty)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (sync_too_many_skipped(tally, most_skipped)) {
		failed(verdict, MERI_BUG,
		       g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
				       " could not be read, which is too many: meri source failures %s lists them",
				       tally->skipped, all_of(tally), source));
		return;
	}
	if (tally->skipped)
		g_string_append_printf(text, "%" G_GINT64_FORMAT " could not be read: meri source failures %s",
				       tally->skipped, source);
	if (tally->held)
		g_string_append_printf(text, "%s%" G_GINT64_FORMAT " removals are held: meri source approve %s",
				       text->len ? "; " : "", tally->held, source);
	if (empty)
		g_string_append_printf(text, "%s%s", text->len ? "; " : "", empty);
	verdict->word = text->len ? SYNC_PARTIAL : SYNC_OK;
	verdict->message = text->len ? g_strdup(text->str) : NULL;
}
