/* `merid --once`: each named source once, a line each, an exit status. */
#include "sync/hub.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

enum { NAME_WIDTH = 12 };

struct sync_once {
	int width;
	gboolean any_failed, any_partial;
	guint open; /* runs that have not ended */
};

static void print_head(const struct sync_once *once)
{
	if (isatty(STDOUT_FILENO))
		printf("%-*s  %-7s %9s %9s %9s %9s %9s\n", once->width, "SOURCE", "VERDICT", "ADDED", "CHANGED",
		       "REMOVED", "SKIPPED", "SECONDS");
}

void sync_once_tell(sync_hub *hub, const struct sync_run *run)
{
	struct sync_once *once = hub->once;
	const struct sync_verdict *verdict = sync_run_verdict(run);
	const struct sync_tally *tally = sync_run_tally(run);

	if (!once)
		return;
	printf("%-*s  %-7s %9" G_GINT64_FORMAT " %9" G_GINT64_FORMAT " %9" G_GINT64_FORMAT " %9" G_GINT64_FORMAT
	       " %9.1f\n",
	       once->width, sync_run_source(run), sync_word_text(verdict->word), tally->added, tally->changed,
	       tally->removed, tally->skipped, (double)sync_run_milliseconds(run) / 1000);
	if (verdict->message)
		printf("    %s%s%s\n", verdict->class ? sync_class_text(verdict->class) : "",
		       verdict->class ? ": " : "", verdict->message);
	fflush(stdout);
	once->any_failed |= verdict->word == SYNC_FAILED;
	once->any_partial |= verdict->word == SYNC_PARTIAL;
	once->open--;
}

/* FALSE, with a message for each, if a name is not in the settings. */
static gboolean names_are_known(sync_hub *hub, const char *const *names)
{
	g_autoptr(GPtrArray) known = g_ptr_array_new();
	gboolean all = TRUE;

	for (guint i = 0; i < hub->settings->sources->len; i++)
		g_ptr_array_add(known, ((struct sync_source *)hub->settings->sources->pdata[i])->name);
	g_ptr_array_add(known, NULL);
	for (; names && *names; names++) {
		if (sync_settings_source(hub->settings, *names))
			continue;
		const char *near = base_nearest(*names, (const char *const *)known->pdata);

		base_log(BASE_ERROR, "%s has no source \"%s\"%s%s%s", hub->settings->file, *names,
			 near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
		all = FALSE;
	}
	return all;
}

int sync_hub_once(sync_hub *hub, const char *const *names)
{
	struct sync_once once = {.width = NAME_WIDTH};

	if (!names_are_known(hub, names))
		return 2;
	pthread_mutex_lock(&hub->lock);
	for (guint i = 0; i < hub->places->len; i++) {
		struct sync_place *place = hub->places->pdata[i];

		if (names && *names && !g_strv_contains(names, place->state.name))
			continue;
		sync_queue_add(hub, place);
		once.open++;
		once.width = MAX(once.width, (int)strlen(place->state.name));
	}
	hub->once = &once;
	pthread_mutex_unlock(&hub->lock);
	print_head(&once);
	sync_queue_wake(hub);
	/* A word to stop leaves queued sources as they are: they count as not done. */
	while (hub->running || (once.open && !hub->stopping))
		g_main_context_iteration(NULL, TRUE);
	hub->once = NULL;
	if (!hub->stopping)
		sync_hub_look_back(hub);
	return once.any_failed || once.open ? 1 : once.any_partial ? 3 : 0;
}
