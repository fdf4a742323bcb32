/* child: one connector process, from its start to the last byte that it left behind. Owns the process group, the
 * conversation, the captured output, and the clock: deadline, grace, kill. Knows frames, but not what a run makes of
 * them.
 *
 * The process gets descriptors 0 (/dev/null), 1 and 2 (captured), 3 (the conversation) and, for a run that knows what
 * was read before, 4 (the table of items); a session of its own, so that what it forked dies with it; and a short list
 * of environment variables. A grandchild that keeps the pipe open holds nothing up.
 *
 * Lives in the main context that is its thread's default. */
#pragma once

#include "sync/output.h"
#include "wire/wire.h"

enum sync_cut {
	SYNC_CUT_NOT,
	SYNC_CUT_DEADLINE, /* it took too long */
	SYNC_CUT_CANCEL,   /* a person said so */
	SYNC_CUT_SHUTDOWN, /* the daemon ends */
	SYNC_CUT_LINGER,   /* it had said its last word, but did not end */
	SYNC_CUT_DEAF,     /* it closed the conversation, but did not end */
	SYNC_CUT_FAULT,    /* it broke the protocol, or the daemon could not go on with it: `fault` */
};

/* How it ended: facts, for verdict.h. */
struct sync_ending {
	struct wire_hello *hello; /* NULL: it never introduced itself */
	int fail_class;           /* enum meri_class; 0: it did not say that it failed */
	gint64 fail_after;
	char *fail_why;
	gboolean ended; /* WIRE_END came */
	int result;
	enum sync_cut cut;
	char *fault; /* what was wrong with its frames, or what kept the daemon from going on; NULL: nothing */
	gboolean fault_is_ours; /* the store or a file failed, not the connector */
	gboolean half;          /* the last frame is only half there */
	gboolean started;
	int status;      /* as of wait(2) */
	gboolean killed; /* by us */
	guint64 peak;    /* bytes of memory at its height, 0 if not known */
};
void sync_ending_clear(struct sync_ending *ending);

struct sync_child_spec {
	const char *plugin; /* path of the .so */
	struct wire_run run;
	int items;                  /* descriptor of the table of items, -1: none; stays the caller's */
	gint64 deadline;            /* milliseconds; 0: none */
	gint64 grace;               /* milliseconds */
	struct sync_output *output; /* borrowed until the end */
	/* A frame other than HELLO, LOG, FAIL and END. Returns NULL, or what is wrong with it. May pause. */
	char *(*on_frame)(const struct wire_frame *frame, gpointer user);
	/* All is over, no frame will come. The child may be freed from here. */
	void (*on_end)(gpointer user);
	gpointer user;
};

struct sync_child;
/* Never NULL: what goes wrong at the start is told by on_end, which is never called before this returns. */
struct sync_child *sync_child_new(const struct sync_child_spec *spec);
void sync_child_free(struct sync_child *child); /* kills it if it lives, without on_end */
const struct sync_ending *sync_child_ending(const struct sync_child *child);
struct wire_hello *sync_child_take_hello(struct sync_child *child); /* owned by the caller; NULL if there is none */

void sync_child_send(struct sync_child *child, enum wire_type type, GVariant *payload); /* never blocks */
void sync_child_pause(struct sync_child *child); /* take no more frames, so that it must wait */
void sync_child_resume(struct sync_child *child);
/* Asks it to end, and kills it when it does not within the grace. The first reason counts. */
void sync_child_stop(struct sync_child *child, enum sync_cut why);
/* Kills it now; the rest of its frames is not looked at. Takes over `fault`. */
void sync_child_fault(struct sync_child *child, char *fault, gboolean ours);
