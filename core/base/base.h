/* base: what C lacks and GLib does not give: the log, time as people write it, cleaning of text, a short hash and the
 * glue between jansson and GLib's cleanup. Knows nothing of customers, records or connectors; both the daemon and the
 * connector process link it. All of it may be called from any thread. */
#pragma once

#include <glib.h>
#include <jansson.h>
#include <stdint.h>

/* ---- log: one line an event to stderr, with the priority prefix that journald reads when not on a terminal ---- */
enum base_level { BASE_DEBUG, BASE_INFO, BASE_WARNING, BASE_ERROR };
void base_log(enum base_level level, const char *format, ...) G_GNUC_PRINTF(2, 3);
void base_log_threshold(enum base_level level); /* below it nothing is written; BASE_INFO at first */

/* ---- time: seconds since 1970 UTC ---- */
gint64 base_now(void);
char *base_time_rfc3339(gint64 seconds); /* "2026-03-01T12:00:00Z"; NULL for 0 */
gboolean base_time_parse(const char *text,
			 gint64 *seconds); /* RFC 3339 (no zone: UTC), or a date alone (UTC midnight) */
gboolean base_duration_parse(const char *text, gint64 *seconds); /* 90s 15m 2h 3d 4w, or a plain number of seconds */
char *base_duration_words(gint64 seconds);                       /* "2 h 5 min": its two largest units */

/* ---- text ---- */
/* U+FFFD for what is not UTF-8, and for NUL within `length`; newly allocated. `length` -1: up to the first NUL. */
char *base_utf8_repair(const char *bytes, gssize length);
/* The nearest of `words` (NULL-terminated) to `word` by edit distance, if near enough to be meant; else NULL. */
const char *base_nearest(const char *word, const char *const *words);
/* One line: control characters, line breaks and what turns the direction of writing become spaces, runs of blanks one
 * blank; cut at `max` characters, the last of which is then an ellipsis. Repairs UTF-8; NULL becomes "". */
char *base_one_line(const char *text, gsize max);

/* ---- bytes ---- */
void base_hash128(const void *bytes, gsize length, guint8 out[16]); /* BLAKE2b */

/* ---- JSON: jansson objects with autoptr, NULL and 0 left out ---- */
typedef json_t base_json;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(base_json, json_decref)
void base_json_text(json_t *object, const char *key, const char *value); /* NULL: nothing is set; repairs UTF-8 */
void base_json_time(json_t *object, const char *key, gint64 seconds);    /* RFC 3339; 0: null */
