#include "sync/child.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sync/places.h"
#include "sync/spawn.h"

enum { PIPE_READ = 64 * 1024, MOST_LEFT_BEHIND = 8 << 20, PRIORITY = G_PRIORITY_DEFAULT + 10 };

struct sync_child {
	struct sync_child_spec spec;
	struct sync_ending ending;
	GMainContext *context;
	struct sync_process process; /* pid and our ends of its descriptors */
	struct wire_buffer *in;
	GByteArray *out;
	GSource *on_frames, *on_room, *on_output, *on_exit, *on_deadline, *on_grace, *on_start;
	gboolean paused, closed, reaped, over;
	gsize left_behind; /* bytes read after its death */
};

static gboolean settle(struct sync_child *child);

/* ---- sources ---- */

static void drop(GSource **source)
{
	if (!*source)
		return;
	g_source_destroy(*source);
	g_source_unref(*source);
	*source = NULL;
}

static GSource *attach(struct sync_child *child, GSource *source, gint priority, GSourceFunc call)
{
	g_source_set_callback(source, call, child, NULL);
	g_source_set_priority(source, priority);
	g_source_attach(source, child->context);
	return source;
}

static GSource *attach_timer(struct sync_child *child, gint64 milliseconds, GSourceFunc call)
{
	return attach(child, g_timeout_source_new((guint)CLAMP(milliseconds, 0, G_MAXINT)), G_PRIORITY_HIGH, call);
}

static GSource *attach_fd(struct sync_child *child, int fd, GIOCondition condition, gint priority,
			  GUnixFDSourceFunc call)
{
	return attach(child, g_unix_fd_source_new(fd, condition), priority, G_SOURCE_FUNC(call));
}

/* ---- the way out of it: word, grace, kill ---- */

static void signal_group(struct sync_child *child, int number)
{
	if (child->ending.started && !child->reaped)
		kill(-child->process.pid, number);
}

static gboolean grace_is_over(gpointer data)
{
	struct sync_child *child = data;

	if (child->ending.cut == SYNC_CUT_NOT)
		child->ending.cut = child->ending.ended ? SYNC_CUT_LINGER : SYNC_CUT_DEAF;
	child->ending.killed = TRUE;
	signal_group(child, SIGKILL);
	drop(&child->on_grace);
	return G_SOURCE_REMOVE;
}

static void begin_grace(struct sync_child *child)
{
	if (!child->on_grace && !child->reaped)
		child->on_grace = attach_timer(child, child->spec.grace, grace_is_over);
}

void sync_child_stop(struct sync_child *child, enum sync_cut why)
{
	if (child->over || child->reaped || child->ending.ended)
		return;
	if (child->ending.cut == SYNC_CUT_NOT)
		child->ending.cut = why;
	begin_grace(child);
	sync_child_send(child, WIRE_STOP, g_variant_new("()"));
	signal_group(child, SIGTERM);
}

void sync_child_fault(struct sync_child *child, char *fault, gboolean ours)
{
	if (child->ending.fault) {
		g_free(fault);
		return;
	}
	child->ending.fault = fault;
	child->ending.fault_is_ours = ours;
	child->ending.cut = SYNC_CUT_FAULT;
	child->closed = TRUE;
	drop(&child->on_frames);
	child->ending.killed = !child->reaped;
	signal_group(child, SIGKILL);
}

static gboolean deadline_is_over(gpointer data)
{
	struct sync_child *child = data;

	drop(&child->on_deadline);
	sync_child_stop(child, SYNC_CUT_DEADLINE);
	return G_SOURCE_REMOVE;
}

/* ---- words to it ---- */

static gboolean write_out(struct sync_child *child)
{
	while (child->out->len) {
		ssize_t sent =
			send(child->process.wire, child->out->data, child->out->len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN)
			return FALSE;
		if (sent < 0) /* it is gone: its end tells more than this */
			g_byte_array_set_size(child->out, 0);
		else
			g_byte_array_remove_range(child->out, 0, (guint)sent);
	}
	return TRUE;
}

static gboolean there_is_room(gint fd, GIOCondition condition, gpointer data)
{
	struct sync_child *child = data;

	(void)fd;
	(void)condition;
	if (!write_out(child))
		return G_SOURCE_CONTINUE;
	drop(&child->on_room);
	return G_SOURCE_REMOVE;
}

void sync_child_send(struct sync_child *child, enum wire_type type, GVariant *payload)
{
	g_autoptr(GError) error = NULL;

	if (child->process.wire < 0 || child->over) {
		g_variant_unref(g_variant_ref_sink(payload));
		return;
	}
	if (!wire_append(child->out, type, payload, &error)) {
		sync_child_fault(child, g_strdup_printf("cannot be told what it needs: %s", error->message), TRUE);
		return;
	}
	if (!write_out(child) && !child->on_room)
		child->on_room = attach_fd(child, child->process.wire, G_IO_OUT, PRIORITY, there_is_room);
}

/* ---- words from it ---- */

static void look_at_memory(struct sync_child *child)
{
	if (child->ending.started && !child->reaped)
		child->ending.peak = MAX(child->ending.peak, sync_peak_memory(child->process.pid));
}

static void take_log(struct sync_child *child, GVariant *payload)
{
	static const char *const levels[] = {"debug", "debug", "info", "warning", "error"};
	guint32 level;
	const char *line;

	g_variant_get(payload, "(u&s)", &level, &line);
	sync_output_line(child->spec.output, levels[MIN(level, G_N_ELEMENTS(levels) - 1)], line);
}

static void take_fail(struct sync_child *child, GVariant *payload)
{
	struct sync_ending *ending = &child->ending;
	guint32 class;

	if (ending->fail_class)
		return;
	g_variant_get(payload, "(uxs)", &class, &ending->fail_after, &ending->fail_why);
	ending->fail_class = class >= MERI_CONFIG && class <= MERI_BUG ? (int)class : MERI_BUG;
	ending->fail_after = CLAMP(ending->fail_after, 0, 366 * 86400);
}

static char *take_hello(struct sync_child *child, GVariant *payload)
{
	g_autoptr(GError) error = NULL;

	if (child->ending.hello)
		return g_strdup("introduced itself twice");
	look_at_memory(child); /* for runs that are over before the next look */
	child->ending.hello = wire_hello_decode(payload, &error);
	return child->ending.hello
		       ? NULL
		       : g_strdup_printf("introduced itself in a way that is not understood: %s", error->message);
}

static char *take_end(struct sync_child *child, GVariant *payload)
{
	child->ending.ended = TRUE;
	g_variant_get(payload, "(i)", &child->ending.result);
	look_at_memory(child);
	begin_grace(child);
	return NULL;
}

/* NULL, or what is wrong with the frame. */
static char *take_frame(struct sync_child *child, const struct wire_frame *frame)
{
	if (child->ending.ended)
		return g_strdup_printf("sent a frame of type %u after its last word", (guint)frame->type);
	if (frame->type < WIRE_HELLO)
		return g_strdup_printf("sent a frame of type %u, which only the daemon may send", (guint)frame->type);
	switch (frame->type) {
	case WIRE_HELLO:
		return take_hello(child, frame->payload);
	case WIRE_LOG:
		take_log(child, frame->payload);
		return NULL;
	case WIRE_FAIL:
		take_fail(child, frame->payload);
		return NULL;
	case WIRE_END:
		return take_end(child, frame->payload);
	default:
		break;
	}
	if (!child->ending.hello)
		return g_strdup_printf("sent a frame of type %u before it introduced itself", (guint)frame->type);
	if (frame->type == WIRE_CHECKPOINT)
		look_at_memory(child);
	return child->spec.on_frame(frame, child->spec.user);
}

/* Takes the whole frames there are, until paused. */
static void take_frames(struct sync_child *child)
{
	while (!child->paused && !child->ending.fault) {
		struct wire_frame frame;
		g_autoptr(GError) error = NULL;
		int got = wire_buffer_next(child->in, &frame, &error);

		if (got == 0)
			return;
		char *fault = got < 0 ? g_strdup_printf("sent garbage: %s", error->message) : take_frame(child, &frame);

		if (got > 0)
			wire_frame_clear(&frame);
		if (fault)
			sync_child_fault(child, fault, FALSE);
	}
}

/* Reads once. FALSE when there is nothing (more) to read now. */
static gboolean read_frames(struct sync_child *child)
{
	g_autoptr(GError) error = NULL;
	gssize got = wire_buffer_fill(child->in, child->process.wire, &error);

	if (got == -2)
		return FALSE;
	if (got > 0) {
		child->left_behind += child->reaped ? (gsize)got : 0;
		take_frames(child);
		return child->left_behind < MOST_LEFT_BEHIND;
	}
	if (got < 0)
		sync_child_fault(child, g_strdup(error->message), TRUE);
	child->closed = TRUE;
	return FALSE;
}

static gboolean frames_are_there(gint fd, GIOCondition condition, gpointer data)
{
	struct sync_child *child = data;

	(void)fd;
	(void)condition;
	read_frames(child);
	if (child->closed) {
		drop(&child->on_frames);
		begin_grace(child);
		return G_SOURCE_REMOVE;
	}
	return child->on_frames ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void listen_to(struct sync_child *child)
{
	if (!child->on_frames && !child->closed && !child->reaped)
		child->on_frames = attach_fd(child, child->process.wire, G_IO_IN | G_IO_HUP | G_IO_ERR, PRIORITY,
					     frames_are_there);
}

void sync_child_pause(struct sync_child *child)
{
	child->paused = TRUE;
	drop(&child->on_frames);
}

static gboolean go_on(gpointer data)
{
	struct sync_child *child = data;

	drop(&child->on_start);
	take_frames(child);
	if (!child->paused)
		listen_to(child);
	settle(child);
	return G_SOURCE_REMOVE;
}

/* Not at once: whoever resumes is in the middle of something. */
void sync_child_resume(struct sync_child *child)
{
	if (!child->paused || child->over)
		return;
	child->paused = FALSE;
	drop(&child->on_start);
	child->on_start = attach(child, g_idle_source_new(), PRIORITY, go_on);
}

/* ---- its output ---- */

static gboolean read_output(struct sync_child *child)
{
	char bytes[PIPE_READ];
	ssize_t got = read(child->process.output, bytes, sizeof bytes);

	if (got > 0)
		sync_output_bytes(child->spec.output, bytes, (gsize)got);
	return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

static gboolean output_is_there(gint fd, GIOCondition condition, gpointer data)
{
	struct sync_child *child = data;

	(void)fd;
	(void)condition;
	if (read_output(child))
		return G_SOURCE_CONTINUE;
	drop(&child->on_output);
	return G_SOURCE_REMOVE;
}

/* What is in the pipe now; who else holds it open is not waited for. */
static void drain_output(struct sync_child *child)
{
	char bytes[PIPE_READ];
	ssize_t got;

	for (gsize all = 0; all < MOST_LEFT_BEHIND; all += (gsize)got) {
		got = read(child->process.output, bytes, sizeof bytes);
		if (got <= 0)
			break;
		sync_output_bytes(child->spec.output, bytes, (gsize)got);
	}
	sync_output_end(child->spec.output);
}

/* ---- its end ---- */

/* TRUE if on_end was called: the child may be no more. */
static gboolean settle(struct sync_child *child)
{
	if (!child->reaped || child->paused || child->over)
		return FALSE;
	while (!child->closed && !child->paused && read_frames(child))
		;
	if (child->paused) /* a checkpoint was among what it left */
		return FALSE;
	child->ending.half = wire_buffer_pending(child->in) && !child->ending.fault;
	drain_output(child);
	child->over = TRUE;
	drop(&child->on_frames);
	drop(&child->on_room);
	drop(&child->on_output);
	drop(&child->on_start);
	child->spec.on_end(child->spec.user);
	return TRUE;
}

static gboolean it_exited(gint fd, GIOCondition condition, gpointer data)
{
	struct sync_child *child = data;
	struct rusage usage;

	(void)fd;
	(void)condition;
	/* What it forked goes before its number can be given to somebody else. */
	signal_group(child, SIGKILL);
	while (wait4(child->process.pid, &child->ending.status, 0, &usage) < 0 && errno == EINTR)
		;
	child->reaped = TRUE;
	/* The kernel counts what this program held when it started the other: only what is above that is the other's.
	 */
	if ((guint64)usage.ru_maxrss << 10 > sync_peak_memory(0))
		child->ending.peak = MAX(child->ending.peak, (guint64)usage.ru_maxrss << 10);
	drop(&child->on_exit);
	drop(&child->on_deadline);
	drop(&child->on_grace);
	drop(&child->on_frames);
	settle(child);
	return G_SOURCE_REMOVE;
}

/* ---- its beginning ---- */

static gboolean it_never_began(gpointer data)
{
	struct sync_child *child = data;

	drop(&child->on_start);
	child->over = TRUE;
	child->spec.on_end(child->spec.user);
	return G_SOURCE_REMOVE;
}

static void begin(struct sync_child *child)
{
	child->ending.started = TRUE;
	child->on_exit = attach_fd(child, child->process.watch, G_IO_IN, PRIORITY, it_exited);
	child->on_output =
		attach_fd(child, child->process.output, G_IO_IN | G_IO_HUP | G_IO_ERR, PRIORITY, output_is_there);
	if (child->spec.deadline)
		child->on_deadline = attach_timer(child, child->spec.deadline, deadline_is_over);
	listen_to(child);
	sync_child_send(child, WIRE_RUN, wire_run_encode(&child->spec.run));
}

struct sync_child *sync_child_new(const struct sync_child_spec *spec)
{
	struct sync_child *child = g_new0(struct sync_child, 1);
	g_autoptr(GError) error = NULL;
	g_autofree char *program = sync_connector_program();

	child->spec = *spec;
	child->context = g_main_context_ref_thread_default();
	child->in = wire_buffer_new();
	child->out = g_byte_array_new();
	sync_process_init(&child->process);
	if (sync_process_start(&child->process, program, spec->plugin, spec->items, &error)) {
		begin(child);
	} else {
		child->ending.fault = g_strdup(error->message);
		child->ending.fault_is_ours = TRUE;
		child->ending.cut = SYNC_CUT_FAULT;
		child->on_start = attach(child, g_idle_source_new(), PRIORITY, it_never_began);
	}
	/* What the caller lent for the start alone. */
	child->spec.plugin = NULL;
	child->spec.run = (struct wire_run){0};
	return child;
}

void sync_child_free(struct sync_child *child)
{
	if (!child)
		return;
	GSource **sources[] = {&child->on_frames,   &child->on_room,  &child->on_output, &child->on_exit,
			       &child->on_deadline, &child->on_grace, &child->on_start};

	for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
		drop(sources[i]);
	if (child->ending.started && !child->reaped) {
		signal_group(child, SIGKILL);
		waitpid(child->process.pid, NULL, 0);
	}
	sync_process_clear(&child->process);
	wire_buffer_free(child->in);
	g_byte_array_unref(child->out);
	g_main_context_unref(child->context);
	sync_ending_clear(&child->ending);
	g_free(child);
}

const struct sync_ending *sync_child_ending(const struct sync_child *child)
{
	return &child->ending;
}

struct wire_hello *sync_child_take_hello(struct sync_child *child)
{
	return g_steal_pointer(&child->ending.hello);
}

void sync_ending_clear(struct sync_ending *ending)
{
	wire_hello_free(ending->hello);
	g_free(ending->fail_why);
	g_free(ending->fault);
	memset(ending, 0, sizeof *ending);
}
