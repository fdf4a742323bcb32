/* The conversation with the parent: frames out through a buffer, frames in when there is reason to look. */
#include "host/host.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024, LOOK_EVERY = 100 * 1000, FLUSH_EVERY = 1000 * 1000 };

static volatile sig_atomic_t asked_to_end;

static void ask_to_end(int signal_number)
{
	(void)signal_number;
	asked_to_end = 1;
}

void host_signals(void)
{
	struct sigaction action = {.sa_handler = ask_to_end}; /* without SA_RESTART: what waits shall wake */
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

void host_flush(struct host *h)
{
	g_autoptr(GError) error = NULL;
	h->flushed = g_get_monotonic_time();
	if (!h->out->len || h->parent_gone)
		return;
	if (!wire_write_all(h->fd, h->out->data, h->out->len, &error)) {
		g_printerr("meri-connector: %s\n", error->message);
		h->parent_gone = TRUE;
		h->stopped = TRUE;
	}
	g_byte_array_set_size(h->out, 0);
}

gboolean host_say(struct host *h, enum wire_type type, GVariant *payload)
{
	g_autoptr(GError) error = NULL;
	if (!wire_append(h->out, type, payload, &error))
		return FALSE;
	if (h->out->len >= BUFFER)
		host_flush(h);
	return TRUE;
}

/* Reads what is there, waiting up to `milliseconds` for it (-1: for ever). FALSE when nothing more will come. */
static gboolean listen_for(struct host *h, int milliseconds)
{
	g_autoptr(GError) error = NULL;
	struct pollfd look = {.fd = h->fd, .events = POLLIN};
	int ready = poll(&look, 1, milliseconds);
	if (ready <= 0)
		return ready == 0 || errno == EINTR;
	if (wire_buffer_fill(h->in, h->fd, &error) > 0)
		return TRUE;
	h->parent_gone = TRUE;
	return FALSE;
}

/* Takes in what was read. Returns the type of the first frame that is not WIRE_STOP, 0 if there is none. */
static int next_frame(struct host *h, struct wire_frame *frame)
{
	g_autoptr(GError) error = NULL;
	for (;;) {
		int got = wire_buffer_next(h->in, frame, &error);
		if (got < 0) {
			g_printerr("meri-connector: the parent sent what is no frame: %s\n", error->message);
			h->stopped = TRUE;
		}
		if (got <= 0)
			return 0;
		if (frame->type != WIRE_STOP)
			return frame->type;
		h->stopped = TRUE;
		wire_frame_clear(frame);
	}
}

gboolean host_stopped_now(struct host *h)
{
	h->looked = g_get_monotonic_time();
	if (h->stopped)
		return TRUE;
	if (asked_to_end || !listen_for(h, 0)) {
		h->stopped = TRUE;
		return TRUE;
	}
	struct wire_frame frame;
	if (next_frame(h, &frame)) {
		g_printerr("meri-connector: the parent sent a frame of type %d out of turn\n", (int)frame.type);
		wire_frame_clear(&frame);
	}
	return h->stopped;
}

gboolean host_stopped(struct host *h)
{
	if (h->stopped || asked_to_end)
		return h->stopped = TRUE;
	gint64 now = g_get_monotonic_time();
	if (now - h->flushed > FLUSH_EVERY)
		host_flush(h);
	return now - h->looked > LOOK_EVERY ? host_stopped_now(h) : FALSE;
}

gboolean host_sleep(struct host *h, gint64 milliseconds)
{
	gint64 until = g_get_monotonic_time() + milliseconds * 1000;
	host_flush(h);
	while (!host_stopped_now(h)) {
		gint64 left = (until - g_get_monotonic_time()) / 1000;
		if (left <= 0)
			return FALSE;
		struct pollfd look = {.fd = h->fd, .events = POLLIN};
		poll(&look, 1, (int)MIN(left, 1000));
	}
	return TRUE;
}

gboolean host_wait_durable(struct host *h)
{
	host_flush(h);
	while (!h->stopped && !asked_to_end) {
		struct wire_frame frame;
		int type = next_frame(h, &frame);
		if (type)
			wire_frame_clear(&frame);
		if (type == WIRE_DURABLE)
			return TRUE;
		if (!type && !h->stopped && !listen_for(h, -1))
			break;
	}
	h->stopped = TRUE;
	return FALSE;
}

gboolean host_hear_run(struct host *h, GError **error)
{
	struct wire_frame frame;
	if (!wire_read(h->fd, &frame, error))
		return FALSE;
	h->run_payload = frame.payload;
	if (frame.type != WIRE_RUN) {
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE, "the parent began with a frame of type %d",
			    (int)frame.type);
		return FALSE;
	}
	return wire_run_decode(frame.payload, &h->run, error);
}
