/* When a source runs, how many at once, and what becomes of what a run tells. All in the main loop's thread. */
#include "sync/hub.h"

#include <string.h>

#include "base/base.h"
#include "sync/places.h"

enum { LOOK_SECONDS = 15 }; /* so often at least: a machine that slept, or a clock that was set, is noticed then */

void sync_queue_wake(sync_hub *hub)
{
	g_source_set_ready_time(hub->wake, 0);
}

void sync_queue_add(sync_hub *hub, struct sync_place *place)
{
	place->state.queued = TRUE;
	place->changed = TRUE;
	place->turn = ++hub->turns;
}

void sync_queue_plan(sync_hub *hub, struct sync_place *place)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_local();

	place->state.next =
		hub->scheduled ? sync_schedule_due(place->source->schedule, place->last, base_now(), zone) : 0;
}

/* After a run that could not do its work now: not before the source says, or sooner than planned where it says so. */
static void plan_after(sync_hub *hub, struct sync_place *place, const struct sync_verdict *verdict)
{
	gint64 when = base_now() + verdict->after;

	sync_queue_plan(hub, place);
	if (!place->state.next || !verdict->after)
		return;
	if (verdict->class == MERI_RATE)
		place->state.next = MAX(place->state.next, when);
	else if (verdict->class == MERI_TRANSIENT)
		place->state.next = MIN(place->state.next, when);
}

/* ---- what a run tells ---- */

static void copy_counts(struct sync_state *state, const struct sync_run *run)
{
	const struct sync_progress *progress = sync_run_progress(run);
	const struct sync_tally *tally = sync_run_tally(run);

	state->done = progress->done;
	state->total = progress->total;
	g_free(state->what);
	state->what = g_strdup(progress->what);
	state->added = tally->added;
	state->changed = tally->changed;
	state->removed = tally->removed;
	state->skipped = tally->skipped;
	state->unchanged = tally->unchanged;
	if (sync_run_id(run))
		state->run = sync_run_id(run);
}

static struct sync_place *place_of(sync_hub *hub, const struct sync_run *run)
{
	return sync_hub_place(hub, sync_run_source(run));
}

static void run_has_changed(struct sync_run *run, gpointer user)
{
	sync_hub *hub = user;

	pthread_mutex_lock(&hub->lock);
	copy_counts(&place_of(hub, run)->state, run);
	pthread_mutex_unlock(&hub->lock);
	sync_hub_tell(hub, sync_run_source(run));
}

static void tell_log(const struct sync_run *run)
{
	const struct sync_verdict *verdict = sync_run_verdict(run);
	const struct sync_tally *tally = sync_run_tally(run);

	base_log(verdict->word == SYNC_FAILED ? BASE_WARNING : BASE_INFO,
		 "source %s: %s: %" G_GINT64_FORMAT " added, %" G_GINT64_FORMAT " changed, %" G_GINT64_FORMAT
		 " removed, %" G_GINT64_FORMAT " skipped in %.1f s%s%s",
		 sync_run_source(run), sync_word_text(verdict->word), tally->added, tally->changed, tally->removed,
		 tally->skipped, (double)sync_run_milliseconds(run) / 1000, verdict->message ? ": " : "",
		 verdict->message ? verdict->message : "");
	base_log(BASE_DEBUG, "source %s: the connector held %" G_GUINT64_FORMAT " MiB at most", sync_run_source(run),
		 sync_run_peak(run) >> 20);
}

static void keep_verdict(struct sync_state *state, const struct sync_verdict *verdict)
{
	state->running = FALSE;
	g_free(state->verdict);
	g_free(state->reason);
	g_free(state->message);
	state->verdict = g_strdup(sync_word_text(verdict->word));
	state->reason = g_strdup(sync_class_text(verdict->class));
	state->message = g_strdup(verdict->message);
}

static void run_has_ended(struct sync_run *run, gpointer user)
{
	sync_hub *hub = user;
	struct sync_place *place;

	tell_log(run);
	sync_once_tell(hub, run);
	pthread_mutex_lock(&hub->lock);
	place = place_of(hub, run);
	copy_counts(&place->state, run);
	keep_verdict(&place->state, sync_run_verdict(run));
	place->run = NULL;
	hub->running--;
	if (place->source)
		plan_after(hub, place, sync_run_verdict(run));
	else
		g_ptr_array_remove(hub->places, place);
	pthread_mutex_unlock(&hub->lock);
	sync_hub_tell(hub, sync_run_source(run));
	sync_run_free(run);
	sync_queue_wake(hub);
}

/* ---- starting ---- */

void sync_queue_options(sync_hub *hub, const struct sync_source *source, struct sync_run_spec *spec)
{
	const struct sync_connector *connector = sync_connectors_get(hub->connectors, source->connector);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);

	if (!connector) {
		spec->problem = g_strdup_printf("there is no connector \"%s\"", source->connector);
		return;
	}
	if (!connector->hello) {
		spec->problem =
			g_strdup_printf("connector \"%s\" cannot be used: %s", source->connector, connector->problem);
		return;
	}
	spec->plugin = g_strdup(connector->path);
	spec->options = sync_options_read(hub->settings, source, connector->hello, problems, problems);
	if (problems->len)
		spec->problem = g_strdup(problems->pdata[0]);
}

static void start(sync_hub *hub, struct sync_place *place)
{
	const struct sync_source *source = place->source;
	struct sync_run_spec spec = {
		.source = g_strdup(source->name),
		.connector = g_strdup(source->connector),
		.team = g_strdup(source->team),
		.temp = sync_temp_root(hub->settings->store),
		.deadline = source->deadline,
		.grace = hub->settings->grace,
		.memory = source->memory,
		.spool = hub->settings->spool,
		.max_skipped = source->max_skipped,
		.writer = hub->writer,
		.who = hub->who,
		.on_change = run_has_changed,
		.on_end = run_has_ended,
		.user = hub,
	};
	struct sync_state *state = &place->state;

	sync_queue_options(hub, source, &spec);
	place->run = sync_run_new(&spec);
	hub->running++;
	place->last = sync_run_started(place->run);
	state->queued = FALSE;
	state->running = TRUE;
	state->started = place->last;
	state->next = 0;
	place->changed = TRUE;
	copy_counts(state, place->run);
}

static struct sync_place *next_in_turn(sync_hub *hub)
{
	struct sync_place *first = NULL;

	for (guint i = 0; i < hub->places->len; i++) {
		struct sync_place *place = hub->places->pdata[i];

		if (place->state.queued && !place->run && place->source && (!first || place->turn < first->turn))
			first = place;
	}
	return first;
}

static gint64 queue_what_is_due(sync_hub *hub)
{
	gint64 now = base_now(), nearest = now + LOOK_SECONDS;

	for (guint i = 0; i < hub->places->len; i++) {
		struct sync_place *place = hub->places->pdata[i];
		if (!place->state.next || place->run || place->state.queued)
			continue;
		if (place->last > now) {
			/* The clock was set back: what was planned by the old one would come too late. */
			place->last = now;
			sync_queue_plan(hub, place);
		}
		gint64 next = place->state.next;

		if (next <= now)
			sync_queue_add(hub, place);
		else
			nearest = MIN(nearest, next);
	}
	return nearest - now;
}

/* The names of those that the listener is to be told of; under the lock. */
static GPtrArray *take_changed(sync_hub *hub)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < hub->places->len; i++) {
		struct sync_place *place = hub->places->pdata[i];

		if (place->changed)
			g_ptr_array_add(names, g_strdup(place->state.name));
		place->changed = FALSE;
	}
	return names;
}

static gboolean dispatch(gpointer data)
{
	sync_hub *hub = data;
	struct sync_place *place;
	gint64 wait = LOOK_SECONDS;

	pthread_mutex_lock(&hub->lock);
	if (hub->scheduled && !hub->stopping)
		wait = queue_what_is_due(hub);
	while (!hub->stopping && hub->running < hub->settings->parallel && (place = next_in_turn(hub)))
		start(hub, place);
	g_autoptr(GPtrArray) changed = take_changed(hub);
	pthread_mutex_unlock(&hub->lock);
	for (guint i = 0; i < changed->len; i++)
		sync_hub_tell(hub, changed->pdata[i]);
	g_source_set_ready_time(hub->wake, g_get_monotonic_time() + MAX(wait, 1) * G_USEC_PER_SEC);
	return G_SOURCE_CONTINUE;
}

static gboolean call(GSource *source, GSourceFunc function, gpointer data)
{
	/* Before, not after: a word that comes meanwhile wakes it again. */
	g_source_set_ready_time(source, -1);
	return function(data);
}

GSource *sync_queue_source(sync_hub *hub)
{
	static GSourceFuncs functions = {.dispatch = call};
	GSource *source = g_source_new(&functions, sizeof(GSource));

	g_source_set_callback(source, dispatch, hub, NULL);
	g_source_set_name(source, "queue of runs");
	g_source_attach(source, NULL);
	return source;
}
