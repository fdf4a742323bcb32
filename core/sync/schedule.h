/* schedule: when a source runs. `manual`, `every 15m`, `daily 02:30`, or the five fields of cron (minute hour day month
 * weekday, with *, lists, ranges, steps, and the names of months and weekdays). Local time; pure functions, so that
 * every corner of the calendar can be tested.
 *
 * Where clocks change: a time of day that does not exist that day comes when the clocks have jumped; one that exists
 * twice comes once, the first time; a schedule with * for the hour goes by real time and notices nothing. */
#pragma once

#include <glib.h>

struct sync_schedule;

/* NULL and a message (what is wrong, and what to write) if it is not understood. */
struct sync_schedule *sync_schedule_parse(const char *text, char **problem);
void sync_schedule_free(struct sync_schedule *schedule);
typedef struct sync_schedule sync_schedule_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sync_schedule_t, sync_schedule_free)

gboolean sync_schedule_is_manual(const struct sync_schedule *schedule);
/* The first time after `after` (seconds since 1970 UTC); 0 if there is none (manual). */
gint64 sync_schedule_next(const struct sync_schedule *schedule, gint64 after, GTimeZone *zone);
/* When a source should run that ran last at `last` (0: never): a run that was missed is due at once, and once only; a
 * source that never ran waits for its time of day, but not for the first beat of `every`. */
gint64 sync_schedule_due(const struct sync_schedule *schedule, gint64 last, gint64 now, GTimeZone *zone);
/* The longest pause between the next few runs, seconds; 0 for manual. */
gint64 sync_schedule_gap(const struct sync_schedule *schedule, gint64 now, GTimeZone *zone);
