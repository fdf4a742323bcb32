/* output: what a run's connector logged and wrote, line by line, each with the time since the start and where it came
 * from; the last 64 KiB of it, and how many lines there were before. */
#pragma once

#include <glib.h>

struct sync_output;
struct sync_output *sync_output_new(void);
void sync_output_free(struct sync_output *output);

/* One line; `from`: "info", "warning", "wrote", ... Control characters are taken out, too long a line is cut. */
void sync_output_line(struct sync_output *output, const char *from, const char *text);
/* Bytes as they came out of a pipe, cut into lines; `sync_output_end` closes the last. */
void sync_output_bytes(struct sync_output *output, const char *bytes, gsize length);
void sync_output_end(struct sync_output *output);
char *sync_output_text(const struct sync_output *output); /* newly allocated; "" if there is nothing */
/* The last line that the connector wrote by itself, without the time; NULL if it wrote none. */
const char *sync_output_last(const struct sync_output *output);
