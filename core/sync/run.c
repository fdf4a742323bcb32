#include "sync/run.h"

#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "sync/places.h"
#include "sync/seen.h"
#include "sync/spool.h"

enum {
	PROGRESS_WORDS = 200,
	MOST_SKIPS = 100000,     /* each is a row in the list of failures, which nobody reads further */
	AHEAD_BYTES = 128 << 10, /* of frames that are worth a part */
	AHEAD_MOST = 8 << 20,    /* that may wait for their part */
	AHEAD_ALL = 32 << 20,    /* in one transaction: work that is not too much to be done again */
	AHEAD_LOSSES = 3         /* after which a run does no work ahead any more */
};

/* Work ahead: what comes before a checkpoint is put into the store while the connector makes more of it, in parts of a
 * transaction that the checkpoint commits (store_writer_push_part). When others come between, it is done again at the
 * checkpoint, out of the spool. */
struct ahead {
	/* of the main loop */
	GArray *frames; /* struct wire_frame that wait for their part */
	gsize bytes;    /* of them */
	gsize all;      /* of all since the last checkpoint */
	guint64 handed; /* frames of this batch that went into parts */
	gboolean flying, off;
	/* of the store */
	guint64 transaction, applied; /* so many frames stand in that transaction */
	gboolean stopped;             /* what comes next waits for the checkpoint */
	guint losses;
	char *item; /* as they were before */
	gint64 item_put;
};

/* While a job is with the writer (`busy`), the fields of the store belong to the job; the main loop touches the child
 * only, which is paused then or has ended. Parts of work ahead touch what a record's way into the store needs. */
struct sync_run {
	struct sync_run_spec spec;
	struct sync_child *child;
	struct sync_output *output;
	struct sync_spool *spool;
	struct sync_seen *seen;
	struct wire_items *items;
	char *temp, *what;
	gint64 begun; /* monotonic microseconds */
	gboolean busy, stopped;
	enum sync_cut stop_why;
	/* of the store */
	gint64 source, id, shown_id, started, records;
	char *cursor;           /* what the run begins at, then what the next checkpoint says */
	gboolean keeps;         /* removals may wait from earlier: what is met takes them back */
	gboolean at_checkpoint; /* the spool ends with a cursor */
	gboolean complete;
	gint64 skips; /* that came, committed or not */
	char *empty;  /* why nothing was removed by absence although it might */
	char *item;   /* whose records come, and how many of them came in this run */
	gint64 item_put;
	struct ahead ahead;
	struct sync_tally tally, delta;
	struct sync_progress progress;
	struct sync_verdict verdict;
	gint64 milliseconds;
};

static void finish(struct sync_run *run);
static void settle(struct sync_run *run);
static void end(struct sync_run *run);

/* ---- what others may ask ---- */

const struct sync_progress *sync_run_progress(const struct sync_run *run)
{
	return &run->progress;
}

const struct sync_tally *sync_run_tally(const struct sync_run *run)
{
	return &run->tally;
}

const struct sync_verdict *sync_run_verdict(const struct sync_run *run)
{
	return &run->verdict;
}

const char *sync_run_source(const struct sync_run *run)
{
	return run->spec.source;
}

gint64 sync_run_id(const struct sync_run *run)
{
	return run->shown_id;
}

gint64 sync_run_started(const struct sync_run *run)
{
	return run->started;
}

gint64 sync_run_milliseconds(const struct sync_run *run)
{
	return run->milliseconds;
}

guint64 sync_run_peak(const struct sync_run *run)
{
	return run->child ? sync_child_ending(run->child)->peak : 0;
}

static void push(struct sync_run *run, store_job job, store_job_done done)
{
	run->busy = TRUE;
	store_writer_push(run->spec.writer, job, run, done);
}

/* A job that goes on with what was done ahead, and commits it. */
static void push_rest(struct sync_run *run, store_job job, store_job_done done)
{
	run->busy = TRUE;
	store_writer_push_part(run->spec.writer, run, TRUE, job, run, done);
}

static void changed(struct sync_run *run)
{
	if (run->spec.on_change)
		run->spec.on_change(run, run->spec.user);
}

static void fail(struct sync_run *run, int class, const char *message)
{
	run->verdict.word = SYNC_FAILED;
	run->verdict.class = class;
	g_free(run->verdict.message);
	run->verdict.message = base_one_line(message, 600);
}

/* ---- commits, in the writer's thread ---- */

/* An item that has been read whole has no other records than those that were put, unless reading went on from where an
 * earlier run had come (then the item was told to be unchanged up to there). */
static gboolean apply_item(struct sync_run *run, store *s, const struct meri_record *record, GError **error)
{
	if (!record->item || !*record->item)
		return TRUE;
	if (g_strcmp0(run->item, record->item)) {
		g_free(run->item);
		run->item = g_strdup(record->item);
		run->item_put = 0;
	}
	run->item_put++;
	return !record->fingerprint ||
	       store_sweep_item(s, run->source, run->id, record->item, run->item_put, sync_seen_has, run->seen, error);
}

static gboolean apply_record(struct sync_run *run, store *s, GVariant *payload, GError **error)
{
	struct wire_record record;
	enum store_change change;
	gint64 row;

	if (!wire_record_decode(payload, &record, error))
		return FALSE;
	gboolean put = store_put(s, run->source, run->id, &record.record, &change, &row, error);
	if (put && change != STORE_SAME)
		put = identity_resolve(run->spec.who, s, row, &record.record, error);
	put = put && apply_item(run, s, &record.record, error);

	wire_record_clear(&record);
	if (put && change == STORE_ADDED)
		run->delta.added++;
	else if (put && change == STORE_CHANGED)
		run->delta.changed++;
	else if (put)
		run->delta.unchanged++;
	return put;
}

static gboolean apply_skip(struct sync_run *run, store *s, GVariant *payload, GError **error)
{
	const char *id, *why;

	g_variant_get(payload, "(&s&s)", &id, &why);
	g_autofree char *shown = sync_options_hide(run->spec.options, why);

	run->delta.skipped++;
	return store_failure_note(s, run->source, run->id, id, shown, base_now(), error);
}

/* Where frames go. */
struct way {
	struct sync_run *run;
	store *s;
	guint64 done; /* so many of the spool's went that way ahead */
};

static gboolean apply_frame(enum wire_type type, GVariant *payload, gpointer user, GError **error)
{
	struct way *at = user;
	const char *name;

	if (type == WIRE_RECORD)
		return apply_record(at->run, at->s, payload, error);
	if (type == WIRE_SKIP)
		return apply_skip(at->run, at->s, payload, error);
	g_variant_get(payload, "(&s)", &name);
	if (type == WIRE_REMOVE)
		return store_remove(at->s, at->run->source, at->run->id, name, error);
	return store_keep(at->s, at->run->source, name, error);
}

/* ---- work ahead ---- */

static void frame_clear(gpointer frame)
{
	wire_frame_clear(frame);
}

static GArray *frames_new(void)
{
	GArray *frames = g_array_new(FALSE, FALSE, sizeof(struct wire_frame));

	g_array_set_clear_func(frames, frame_clear);
	return frames;
}

/* Goes on in the transaction in which work was done ahead, or, if that was undone, from before it. */
static void catch_up(struct sync_run *run)
{
	struct ahead *ahead = &run->ahead;
	guint64 transaction = store_writer_transaction(run->spec.writer);

	if (ahead->transaction == transaction)
		return;
	if (ahead->applied) {
		ahead->losses++;
		run->delta = (struct sync_tally){0};
		g_free(run->item);
		run->item = g_strdup(ahead->item);
		run->item_put = ahead->item_put;
	}
	ahead->transaction = transaction;
	ahead->applied = 0;
}

struct part {
	struct sync_run *run;
	GArray *frames;
	guint64 first; /* the number of its first frame among those since the last checkpoint */
};

/* The last record of an item: what is gone of the item depends on what else comes before the checkpoint. */
static gboolean must_wait(const struct wire_frame *frame)
{
	struct wire_record record;
	gboolean wait;

	if (frame->type != WIRE_RECORD)
		return FALSE;
	if (!wire_record_decode(frame->payload, &record, NULL))
		return TRUE;
	wait = record.record.item && *record.record.item && record.record.fingerprint;
	wire_record_clear(&record);
	return wait;
}

static gboolean part_job(store *s, gpointer user, GError **error)
{
	struct part *part = user;
	struct sync_run *run = part->run;
	struct ahead *ahead = &run->ahead;
	struct way way = {run, s, 0};

	catch_up(run);
	if (part->first == 0) {
		g_free(ahead->item);
		ahead->item = g_strdup(run->item);
		ahead->item_put = run->item_put;
	}
	for (guint i = 0; i < part->frames->len && !ahead->stopped && part->first + i == ahead->applied; i++) {
		const struct wire_frame *frame = &g_array_index(part->frames, struct wire_frame, i);

		ahead->stopped = must_wait(frame);
		if (!ahead->stopped && !apply_frame(frame->type, frame->payload, &way, error))
			return FALSE;
		ahead->applied += !ahead->stopped;
	}
	return TRUE;
}

static void hand_over(struct sync_run *run);

static void part_is_over(gpointer user, const GError *error)
{
	struct part *part = user;
	struct sync_run *run = part->run;

	g_array_unref(part->frames);
	g_free(part);
	run->ahead.flying = FALSE;
	run->ahead.off |= error != NULL; /* it comes again, and is told, at the checkpoint */
	hand_over(run);
}

static void hand_over(struct sync_run *run)
{
	struct ahead *ahead = &run->ahead;

	if (ahead->off || ahead->flying || ahead->bytes < AHEAD_BYTES)
		return;
	struct part *part = g_new(struct part, 1);

	*part = (struct part){run, ahead->frames, ahead->handed};
	ahead->handed += part->frames->len;
	ahead->frames = frames_new();
	ahead->bytes = 0;
	ahead->flying = TRUE;
	store_writer_push_part(run->spec.writer, run, FALSE, part_job, part, part_is_over);
}

/* No more of it before the next checkpoint. */
static void stay(struct sync_run *run)
{
	run->ahead.off = TRUE;
	run->ahead.bytes = 0;
	g_array_set_size(run->ahead.frames, 0);
}

static void go_ahead(struct sync_run *run, const struct wire_frame *frame)
{
	struct ahead *ahead = &run->ahead;

	if (ahead->off)
		return;
	struct wire_frame mine = {frame->type, g_variant_ref(frame->payload)};

	g_array_append_val(ahead->frames, mine);
	ahead->bytes += g_variant_get_size(frame->payload);
	ahead->all += g_variant_get_size(frame->payload);
	if (ahead->bytes > AHEAD_MOST || ahead->all > AHEAD_ALL)
		stay(run);
	else
		hand_over(run);
}

/* After a checkpoint: no part is with the writer. */
static void go_afresh(struct sync_run *run)
{
	struct ahead *ahead = &run->ahead;

	stay(run);
	ahead->off = ahead->losses >= AHEAD_LOSSES;
	ahead->handed = ahead->applied = ahead->transaction = 0;
	ahead->all = 0;
	ahead->stopped = FALSE;
}

/* ---- a checkpoint ---- */

/* What was not done ahead. */
static gboolean apply_rest(enum wire_type type, GVariant *payload, gpointer user, GError **error)
{
	struct way *way = user;

	if (way->done) {
		way->done--;
		return TRUE;
	}
	return apply_frame(type, payload, user, error);
}

static gboolean apply_spool(struct sync_run *run, store *s, GError **error)
{
	struct way way = {run, s, 0};

	catch_up(run);
	way.done = run->ahead.applied;
	return sync_spool_each(run->spool, apply_rest, &way, error);
}

static gboolean commit_job(store *s, gpointer user, GError **error)
{
	struct sync_run *run = user;

	return apply_spool(run, s, error) &&
	       (!run->at_checkpoint || store_cursor_set(s, run->source, run->cursor, error));
}

/* After a job: what it counted counts if it was committed, and the spool is empty again. */
static void job_is_over(struct sync_run *run, const GError *error)
{
	run->busy = FALSE;
	if (!error)
		sync_tally_add(&run->tally, &run->delta);
	run->delta = (struct sync_tally){0};
	sync_spool_free(run->spool);
	run->spool = sync_spool_new(run->spec.temp, run->spec.spool);
	go_afresh(run);
}

/* Whose fault it is that the store did not take what the connector sent. */
static gboolean is_ours(const GError *error)
{
	return error->domain != WIRE_ERROR && !g_error_matches(error, STORE_ERROR, STORE_ERROR_INVALID);
}

static void checkpoint_is_over(gpointer user, const GError *error)
{
	struct sync_run *run = user;

	job_is_over(run, error);
	if (error)
		sync_child_fault(run->child,
				 g_strdup_printf(is_ours(error) ? "the store did not take a checkpoint: %s"
								: "put what cannot be stored: %s",
						 error->message),
				 is_ours(error));
	else
		sync_child_send(run->child, WIRE_DURABLE, g_variant_new("()"));
	changed(run);
	sync_child_resume(run->child);
}

/* ---- frames ---- */

static char *spool_frame(struct sync_run *run, const struct wire_frame *frame)
{
	g_autoptr(GError) error = NULL;

	if (sync_spool_add(run->spool, frame->type, frame->payload, &error)) {
		go_ahead(run, frame);
		return NULL;
	}
	if (g_error_matches(error, WIRE_ERROR, WIRE_ERROR_GARBAGE))
		return g_strdup(error->message);
	sync_child_fault(run->child, g_strdup(error->message), TRUE);
	return NULL;
}

/* A frame that begins with the name of a record or an item. */
static char *take_name(struct sync_run *run, const struct wire_frame *frame, gsize most)
{
	gboolean room = TRUE, spooled = TRUE;
	const char *name;

	if (frame->type == WIRE_RECORD)
		name = wire_record_id(frame->payload);
	else
		g_variant_get_child(frame->payload, 0, "&s", &name);
	if (!*name || strlen(name) > most)
		return g_strdup_printf("sent a name of %zu bytes; 1 to %zu are allowed", strlen(name), most);
	switch (frame->type) {
	case WIRE_RECORD:
		room = sync_seen_record(run->seen, name);
		break;
	case WIRE_SKIP:
		room = sync_seen_skip(run->seen, name);
		if (++run->skips > MOST_SKIPS && run->spec.max_skipped < run->skips)
			return g_strdup_printf("could not read more than %d records or items: all of them, it seems",
					       MOST_SKIPS);
		break;
	case WIRE_SEEN:
		room = sync_seen_item(run->seen, name);
		run->tally.unchanged++;
		spooled = run->keeps;
		break;
	case WIRE_REMOVE:
		run->keeps = TRUE;
		break;
	default:
		break;
	}
	if (!room)
		return g_strdup_printf("named more than %u records and items in one run", SYNC_SEEN_MOST);
	return spooled ? spool_frame(run, frame) : NULL;
}

static void take_progress(struct sync_run *run, GVariant *payload)
{
	const char *what;

	g_variant_get(payload, "(tt&s)", &run->progress.done, &run->progress.total, &what);
	g_free(run->what);
	run->what = base_one_line(what, PROGRESS_WORDS);
	run->progress.what = *run->what ? run->what : NULL;
	changed(run);
}

static void take_checkpoint(struct sync_run *run, GVariant *payload)
{
	g_free(run->cursor);
	g_variant_get(payload, "(s)", &run->cursor);
	run->at_checkpoint = TRUE;
	sync_child_pause(run->child);
	stay(run);
	push_rest(run, commit_job, checkpoint_is_over);
}

static char *on_frame(const struct wire_frame *frame, gpointer user)
{
	struct sync_run *run = user;

	switch (frame->type) {
	case WIRE_RECORD:
	case WIRE_REMOVE:
	case WIRE_SKIP:
	case WIRE_SEEN:
		return take_name(run, frame, WIRE_MAX_ID);
	case WIRE_CHECKPOINT:
		take_checkpoint(run, frame->payload);
		return NULL;
	case WIRE_COMPLETE:
		run->complete = TRUE;
		return NULL;
	case WIRE_PROGRESS:
		take_progress(run, frame->payload);
		return NULL;
	default:
		return g_strdup_printf("sent a frame of type %u, which has no place in a run", (guint)frame->type);
	}
}

/* ---- the beginning ---- */

static void item_is_known(const char *item, const char *fingerprint, gpointer user)
{
	wire_items_add(user, item, fingerprint);
}

static gboolean begin_job(store *s, gpointer user, GError **error)
{
	struct sync_run *run = user;

	if (!store_source_ensure(s, run->spec.source, run->spec.connector, &run->source, error) ||
	    !store_source_team_set(s, run->source, run->spec.team, error))
		return FALSE;
	struct store_source *source = store_source_get(s, run->spec.source, error);

	if (!source)
		return FALSE;
	run->records = source->records;
	run->cursor = g_strdup(source->cursor);
	/* A run that was ok has left nothing that waits. */
	run->keeps = source->held > 0 || g_strcmp0(source->verdict, "ok") != 0;
	store_source_free(source);
	return store_items(s, run->source, item_is_known, run->items, error) &&
	       store_run_begin(s, run->source, run->started, &run->id, error);
}

static void child_is_over(gpointer user)
{
	struct sync_run *run = user;
	const struct sync_ending *ending = sync_child_ending(run->child);

	g_autofree char *peak =
		g_strdup_printf("connector %" G_GUINT64_FORMAT " MiB, merid %" G_GUINT64_FORMAT " MiB at most",
				ending->peak >> 20, sync_peak_memory(0) >> 20);

	sync_output_line(run->output, "memory", peak);
	if (sync_ending_is_good(ending)) {
		finish(run);
		return;
	}
	sync_verdict_of_ending(&run->verdict, ending, sync_output_last(run->output), run->spec.deadline,
			       run->spec.grace);
	end(run);
}

static void start_child(struct sync_run *run)
{
	g_autoptr(GError) error = NULL;
	struct sync_child_spec spec = {
		.plugin = run->spec.plugin,
		.run = {.job = WIRE_JOB_SYNC,
			.source = run->spec.source,
			.options = run->spec.options->values,
			.cursor = run->cursor,
			.memory = run->spec.memory},
		.items = wire_items_to_fd(run->items, &error),
		.deadline = run->spec.deadline * 1000,
		.grace = run->spec.grace * 1000,
		.output = run->output,
		.on_frame = on_frame,
		.on_end = child_is_over,
		.user = run,
	};

	if (spec.items < 0)
		sync_output_line(run->output, "warning", error->message);
	g_clear_error(&error);
	run->temp = sync_temp_new(run->spec.temp, &error);
	if (!run->temp)
		sync_output_line(run->output, "warning", error->message);
	spec.run.temp = run->temp;
	run->child = sync_child_new(&spec);
	if (spec.items >= 0)
		close(spec.items);
	g_clear_pointer(&run->items, wire_items_free);
	if (run->stopped)
		sync_child_stop(run->child, run->stop_why);
}

static void begin_is_over(gpointer user, const GError *error)
{
	struct sync_run *run = user;

	run->busy = FALSE;
	run->shown_id = run->id = error ? 0 : run->id;
	changed(run);
	if (error) {
		g_autofree char *message = g_strdup_printf("the store cannot begin a run: %s", error->message);

		fail(run, MERI_TRANSIENT, message);
		end(run);
	} else if (run->spec.problem) {
		fail(run, MERI_CONFIG, run->spec.problem);
		end(run);
	} else {
		start_child(run);
	}
}

struct sync_run *sync_run_new(struct sync_run_spec *spec)
{
	struct sync_run *run = g_new0(struct sync_run, 1);

	run->spec = *spec;
	*spec = (struct sync_run_spec){0};
	run->output = sync_output_new();
	run->spool = sync_spool_new(run->spec.temp, run->spec.spool);
	run->seen = sync_seen_new();
	run->ahead.frames = frames_new();
	run->items = wire_items_new();
	run->started = base_now();
	run->begun = g_get_monotonic_time();
	push(run, begin_job, begin_is_over);
	return run;
}

void sync_run_stop(struct sync_run *run, enum sync_cut why)
{
	if (!run->stopped)
		run->stop_why = why;
	run->stopped = TRUE;
	if (run->child)
		sync_child_stop(run->child, why);
}

/* ---- the end ---- */

/* Removal by absence. A listing that has none of what is there is told, not believed. */
static gboolean sweep(struct sync_run *run, store *s, GError **error)
{
	g_autoptr(GError) local = NULL;
	gint64 noted;

	if (!run->complete)
		return TRUE;
	if (!sync_seen_any(run->seen)) {
		if (run->records)
			run->empty = g_strdup_printf("the listing was empty: %" G_GINT64_FORMAT
						     " records are kept as they are",
						     run->records);
		return TRUE;
	}
	if (store_sweep(s, run->source, run->id, sync_seen_has, run->seen, &noted, &local))
		return store_failures_clear(s, run->source, run->id, error);
	if (!g_error_matches(local, STORE_ERROR, STORE_ERROR_INVALID)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	run->empty = g_strdup(local->message);
	return TRUE;
}

static gboolean finish_job(store *s, gpointer user, GError **error)
{
	struct sync_run *run = user;
	struct sync_tally all = run->tally;

	if (!apply_spool(run, s, error))
		return FALSE;
	struct store_source *source = store_source_get(s, run->spec.source, error);

	if (!source)
		return FALSE;
	run->delta.records = source->records;
	store_source_free(source);
	sync_tally_add(&all, &run->delta);
	return sync_too_many_skipped(&all, run->spec.max_skipped) || sweep(run, s, error);
}

static void finish_is_over(gpointer user, const GError *error)
{
	struct sync_run *run = user;

	job_is_over(run, error);
	if (error) {
		g_autofree char *message =
			g_strdup_printf(is_ours(error) ? "the store did not take the end of the run: %s"
						       : "the connector put what cannot be stored: %s",
					error->message);

		fail(run, is_ours(error) ? MERI_TRANSIENT : MERI_BUG, message);
		end(run);
	} else if (sync_too_many_skipped(&run->tally, run->spec.max_skipped)) {
		sync_verdict_of_run(&run->verdict, run->spec.source, &run->tally, run->spec.max_skipped, NULL);
		end(run);
	} else {
		settle(run);
	}
}

static void finish(struct sync_run *run)
{
	stay(run);
	push_rest(run, finish_job, finish_is_over);
}

static gboolean settle_job(store *s, gpointer user, GError **error)
{
	struct sync_run *run = user;

	return store_removals_settle(s, run->source, &run->delta.removed, &run->delta.held, error) &&
	       identity_settle(run->spec.who, s, error);
}

static void settle_is_over(gpointer user, const GError *error)
{
	struct sync_run *run = user;

	job_is_over(run, error);
	if (error) {
		g_autofree char *message = g_strdup_printf("the store did not remove what is gone: %s", error->message);

		fail(run, MERI_TRANSIENT, message);
	} else {
		sync_verdict_of_run(&run->verdict, run->spec.source, &run->tally, run->spec.max_skipped, run->empty);
	}
	end(run);
}

static void settle(struct sync_run *run)
{
	push(run, settle_job, settle_is_over);
}

static gboolean end_job(store *s, gpointer user, GError **error)
{
	struct sync_run *run = user;
	g_autofree char *text = sync_output_text(run->output);
	g_autofree char *output = run->spec.options ? sync_options_hide(run->spec.options, text) : g_strdup(text);
	struct store_run row = {
		.id = run->id,
		.source = run->source,
		.started = run->started,
		.ended = base_now(),
		.added = run->tally.added,
		.changed = run->tally.changed,
		.removed = run->tally.removed,
		.skipped = run->tally.skipped,
		.unchanged = run->tally.unchanged,
		.held = run->tally.held,
		.verdict = (char *)sync_word_text(run->verdict.word),
		.reason = (char *)sync_class_text(run->verdict.class),
		.message = run->verdict.message,
		.output = output,
	};

	return store_run_end(s, &row, error);
}

static void end_is_over(gpointer user, const GError *error)
{
	struct sync_run *run = user;

	run->busy = FALSE;
	if (error)
		base_log(BASE_ERROR, "source %s: how the run ended could not be written: %s", run->spec.source,
			 error->message);
	run->milliseconds = (g_get_monotonic_time() - run->begun) / 1000;
	run->spec.on_end(run, run->spec.user);
}

static void end(struct sync_run *run)
{
	if (run->spec.options && run->verdict.message) {
		char *shown = sync_options_hide(run->spec.options, run->verdict.message);

		g_free(run->verdict.message);
		run->verdict.message = shown;
	}
	if (run->id)
		push(run, end_job, end_is_over);
	else
		end_is_over(run, NULL);
}

void sync_run_free(struct sync_run *run)
{
	if (!run)
		return;
	sync_child_free(run->child);
	if (run->temp)
		sync_temp_remove(run->temp);
	sync_output_free(run->output);
	sync_spool_free(run->spool);
	sync_seen_free(run->seen);
	g_free(run->item);
	g_array_unref(run->ahead.frames);
	g_free(run->ahead.item);
	wire_items_free(run->items);
	sync_verdict_clear(&run->verdict);
	sync_options_free(run->spec.options);
	g_free(run->spec.source);
	g_free(run->spec.connector);
	g_free(run->spec.team);
	g_free(run->spec.plugin);
	g_free(run->spec.temp);
	g_free(run->spec.problem);
	g_free(run->temp);
	g_free(run->what);
	g_free(run->cursor);
	g_free(run->empty);
	g_free(run);
}
