/* host: the connector process. Started by the daemon afresh for each run, it loads one connector, hands it the table of
 * functions of meri/connector.h, and turns what the connector says into frames (core/wire) on descriptor 3. It knows no
 * database. What comes from the connector is copied and mended here; what comes from the parent is checked by wire.
 *
 * One thread. Frames gather in a buffer and leave at a checkpoint, with progress, when the buffer is full or a second
 * old, and at the end: a put costs no system call. No function here ends the process but host_die. */
#pragma once

#include <glib.h>

#include "meri/connector.h"
#include "wire/wire.h"

/* How the process ends. 0: WIRE_END was sent. Each of the others has written a line to stderr. */
enum host_exit {
	HOST_EXIT_USAGE = 70,  /* called wrongly, or the parent did not speak the protocol */
	HOST_EXIT_LOAD = 71,   /* the connector cannot be loaded: symbol, ABI, sizes */
	HOST_EXIT_PARENT = 72, /* the parent is gone */
};

struct host_fetch;
struct host_text;

struct host {
	struct meri_host api; /* first: a connector's pointer is a pointer to this */
	const struct meri_connector *connector;
	struct wire_run run;
	GVariant *run_payload;    /* what `run` borrows from */
	struct wire_items *items; /* NULL: nothing is known to be unchanged */
	int fd;                   /* the conversation: WIRE_FD but in tests */
	struct wire_buffer *in;
	GByteArray *out;                    /* frames that wait */
	GPtrArray *secrets;                 /* char *: values that must never be logged */
	gint64 looked, flushed, progressed; /* monotonic microseconds */
	gboolean stopped, parent_gone, failed, misused;
	struct host_fetch *fetch;
	struct host_text *text;
};

/* ---- main.c ---- */
_Noreturn void host_die(enum host_exit status, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* ---- load.c ---- */
/* The connector's one symbol, its ABI number and sizes checked; NULL and a message with both numbers. Never unloaded.
 */
const struct meri_connector *host_load(const char *path, char **message);

/* ---- link.c: the conversation ---- */
/* Waits for WIRE_RUN. FALSE and a message if something else comes. */
gboolean host_hear_run(struct host *h, GError **error);
/* Gathers one frame (a floating payload). FALSE if the payload is too large for a frame. */
gboolean host_say(struct host *h, enum wire_type type, GVariant *payload);
void host_flush(struct host *h);
/* Whether the run is over: SIGTERM, WIRE_STOP or the parent's end. Looks ten times a second at most, so it may be asked
 * often. */
gboolean host_stopped(struct host *h);
/* The same, looking at once; for those who are about to wait. */
gboolean host_stopped_now(struct host *h);
/* Sleeps, but no longer than until the run is over. Returns whether it is. */
gboolean host_sleep(struct host *h, gint64 milliseconds);
/* Flushes and waits for WIRE_DURABLE; FALSE if the run is over. */
gboolean host_wait_durable(struct host *h);
void host_signals(void); /* SIGTERM and SIGINT ask for the end */

/* ---- table.c: what a connector may call ---- */
void host_table(struct host *h);
/* Log and fail on the host's own behalf; secrets are blotted out of both. */
void host_log(struct host *h, enum meri_level level, const char *format, ...) G_GNUC_PRINTF(3, 4);
void host_fail(struct host *h, enum meri_class class, gint64 after, const char *format, ...) G_GNUC_PRINTF(4, 5);

/* ---- sandbox.c ---- */
/* Limits, no new privileges, Landlock, seccomp. What the kernel does not offer is done without, and listed in `missing`
 * (char *). */
void host_sandbox(const struct wire_run *run, const char *plugin, GPtrArray *missing);

/* ---- fetch.c ---- */
/* As fetch in connector.h. `reply` is zeroed but for its size, and borrowed until the next fetch. */
int host_fetch(struct host *h, const struct meri_request *request, struct meri_reply *reply);
void host_fetch_free(struct host_fetch *fetch);

/* ---- text.c ---- */
/* `temp`: a folder to work in, or NULL. `stop` (may be NULL) is asked now and then, and TRUE ends long work. */
struct host_text *host_text_new(const char *temp, gboolean (*stop)(gpointer user), gpointer user);
/* As text_of in connector.h; where only a part could be read that is returned, and *why says what is missing. Both are
 * borrowed until the next call. *why is NULL when all is well. */
const char *host_text_of(struct host_text *text, const struct meri_blob *blob, const char **why);
void host_text_free(struct host_text *text);
