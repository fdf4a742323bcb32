/* run: one run of one source, from its row in the store to its verdict. Frames between two checkpoints are spooled; a
 * checkpoint is one job of the store's writer (records, removals, failures, cursor), and only then is the connector
 * told that it is durable; meanwhile nothing is read of it. What comes after the last checkpoint is dropped, unless the
 * run ends well.
 *
 * Steps: begin (a job) - connector process - finish (a job: the remainder, and removal by absence) - settle (a job) -
 * end (a job: the run's row). */
#pragma once

#include "identity/identity.h"
#include "store/writer.h"
#include "sync/options.h"
#include "sync/verdict.h"

struct sync_run;

struct sync_run_spec {
	char *source, *connector;     /* all owned by the run once it has begun */
	char *team;                   /* whose system it is; NULL: nobody's */
	char *plugin;                 /* path */
	char *temp;                   /* the folder for temporary files, of all runs */
	char *problem;                /* why it cannot be begun; then it ends at once, as failed by config. NULL: go */
	struct sync_options *options; /* NULL where there is a problem */
	gint64 deadline, grace;       /* seconds */
	guint64 memory, spool;        /* bytes */
	gint64 max_skipped;
	store_writer *writer;                                   /* borrowed */
	identity *who;                                          /* borrowed; the writer's thread uses it */
	void (*on_change)(struct sync_run *run, gpointer user); /* progress or counts have changed */
	void (*on_end)(struct sync_run *run, gpointer user);    /* the last call; the run may be freed from here */
	gpointer user;
};

/* Takes over what the spec holds. on_end comes later, from the main loop, in every case. */
struct sync_run *sync_run_new(struct sync_run_spec *spec);
void sync_run_free(struct sync_run *run); /* after on_end only */
void sync_run_stop(struct sync_run *run, enum sync_cut why);

struct sync_progress {
	guint64 done, total;
	const char *what; /* NULL: none */
};
const struct sync_progress *sync_run_progress(const struct sync_run *run);
const struct sync_tally *sync_run_tally(const struct sync_run *run);
const struct sync_verdict *sync_run_verdict(const struct sync_run *run);
const char *sync_run_source(const struct sync_run *run);
gint64 sync_run_id(const struct sync_run *run); /* 0 until the store has a row for it */
gint64 sync_run_started(const struct sync_run *run);
gint64 sync_run_milliseconds(const struct sync_run *run);
guint64 sync_run_peak(const struct sync_run *run); /* the most memory that the connector held, bytes */
