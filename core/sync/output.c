#include "sync/output.h"

#include <string.h>

#include "base/base.h"

enum { MOST_BYTES = 64 * 1024, MOST_LINE = 1000 };

struct sync_output {
	GQueue lines; /* char * */
	gsize bytes;
	guint64 dropped;
	GString *partial; /* of the pipe's last line */
	gboolean cut;     /* the rest of that line is passed over */
	char *last;
	gint64 began;
};

struct sync_output *sync_output_new(void)
{
	struct sync_output *output = g_new0(struct sync_output, 1);

	g_queue_init(&output->lines);
	output->partial = g_string_new(NULL);
	output->began = g_get_monotonic_time();
	return output;
}

void sync_output_free(struct sync_output *output)
{
	if (!output)
		return;
	g_queue_clear_full(&output->lines, g_free);
	g_string_free(output->partial, TRUE);
	g_free(output->last);
	g_free(output);
}

void sync_output_line(struct sync_output *output, const char *from, const char *text)
{
	double seconds = (double)(g_get_monotonic_time() - output->began) / G_USEC_PER_SEC;
	g_autofree char *one = base_one_line(text, MOST_LINE);
	char *line = g_strdup_printf("%8.1f s  %s: %s\n", seconds, from, one);

	output->bytes += strlen(line);
	g_queue_push_tail(&output->lines, line);
	while (output->bytes > MOST_BYTES) {
		g_autofree char *oldest = g_queue_pop_head(&output->lines);

		output->bytes -= strlen(oldest);
		output->dropped++;
	}
}

static void end_line(struct sync_output *output)
{
	if (output->partial->len) {
		sync_output_line(output, "wrote", output->partial->str);
		g_free(output->last);
		output->last = base_one_line(output->partial->str, MOST_LINE);
	}
	g_string_truncate(output->partial, 0);
	output->cut = FALSE;
}

void sync_output_bytes(struct sync_output *output, const char *bytes, gsize length)
{
	const char *end = bytes + length;

	while (bytes < end) {
		const char *stop = memchr(bytes, '\n', (gsize)(end - bytes));
		gsize part = (gsize)((stop ? stop : end) - bytes);
		gsize room = 4 * MOST_LINE - output->partial->len;

		if (!output->cut)
			g_string_append_len(output->partial, bytes, (gssize)MIN(part, room));
		output->cut = output->cut || part > room;
		if (stop)
			end_line(output);
		bytes = stop ? stop + 1 : end;
	}
}

void sync_output_end(struct sync_output *output)
{
	end_line(output);
}

const char *sync_output_last(const struct sync_output *output)
{
	return output->last;
}

char *sync_output_text(const struct sync_output *output)
{
	g_autoptr(GString) text = g_string_sized_new(output->bytes + 64);

	if (output->dropped)
		g_string_append_printf(text, "(%" G_GUINT64_FORMAT " earlier lines are left out)\n", output->dropped);
	for (const GList *line = output->lines.head; line; line = line->next)
		g_string_append(text, line->data);
	return g_string_free(g_steal_pointer(&text), FALSE);
}
