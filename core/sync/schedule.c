#include "sync/schedule.h"

#include <string.h>

#include "base/base.h"

enum { DAY = 86400, SEARCH_DAYS = 9 * 366, GAPS = 10 };

enum kind { MANUAL, EVERY, CALENDAR };

struct sync_schedule {
	enum kind kind;
	gint64 interval; /* EVERY */
	guint64 minutes; /* CALENDAR: sets of bits */
	guint32 hours, days, months, weekdays;
	gboolean any_hour, any_day, any_weekday;
};

struct field {
	const char *name;
	guint low, high;
	const char *const *names; /* of the values from `low` on; NULL: numbers only */
};

static const char *const MONTHS[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul",
				     "aug", "sep", "oct", "nov", "dec", NULL};
static const char *const WEEKDAYS[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", NULL};
static const struct field FIELDS[] = {
	{"a minute", 0, 59, NULL},  {"an hour", 0, 23, NULL},      {"a day", 1, 31, NULL},
	{"a month", 1, 12, MONTHS}, {"a weekday", 0, 7, WEEKDAYS},
};

/* ---- reading ---- */

static gboolean read_number(const char *text, guint low, guint high, guint *value)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(text, 10, low, high, &number, NULL))
		return FALSE;
	*value = (guint)number;
	return TRUE;
}

static gboolean read_value(const struct field *field, const char *text, guint *value)
{
	for (guint i = 0; field->names && field->names[i]; i++)
		if (!g_ascii_strcasecmp(text, field->names[i])) {
			*value = field->low + i;
			return TRUE;
		}
	return read_number(text, field->low, field->high, value);
}

/* One of a list: *, 5, 5-10, any of them with /step. */
static gboolean read_part(const struct field *field, char *part, guint64 *set)
{
	char *slash = strchr(part, '/');
	char *dash;
	guint step = 1, first = field->low, last = field->high;

	if (slash) {
		*slash = '\0';
		if (!read_number(slash + 1, 1, field->high, &step))
			return FALSE;
	}
	if (strcmp(part, "*") != 0) {
		dash = strchr(part, '-');
		if (dash)
			*dash = '\0';
		if (!read_value(field, part, &first))
			return FALSE;
		if (!slash)
			last = first;
		if (dash && !read_value(field, dash + 1, &last))
			return FALSE;
		/* Sunday ends a range as 7, although its name alone means 0. */
		if (dash && last == 0 && first > 0 && field->names == WEEKDAYS)
			last = 7;
	} else if (field->names == WEEKDAYS) {
		last = 6;
	}
	if (last < first)
		return FALSE;
	for (guint i = first; i <= last; i += step)
		*set |= (guint64)1 << i;
	return TRUE;
}

static gboolean read_field(const struct field *field, const char *text, guint64 *set, char **problem)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);

	*set = 0;
	for (guint i = 0; parts[i]; i++) {
		g_autofree char *part = g_strdup(parts[i]);

		if (read_part(field, part, set))
			continue;
		*problem = g_strdup_printf(
			"\"%s\" is not %s: write *, or numbers from %u to %u%s, lists 1,2, ranges 1-5, steps */2",
			parts[i], field->name, field->low, field->high,
			field->names ? (field->names == MONTHS ? " or jan to dec" : " or mon to sun") : "");
		return FALSE;
	}
	return TRUE;
}

static struct sync_schedule *read_cron(char **words, char **problem)
{
	guint64 sets[G_N_ELEMENTS(FIELDS)];

	for (guint i = 0; i < G_N_ELEMENTS(FIELDS); i++)
		if (!read_field(&FIELDS[i], words[i], &sets[i], problem))
			return NULL;
	struct sync_schedule *schedule = g_new0(struct sync_schedule, 1);

	schedule->kind = CALENDAR;
	schedule->minutes = sets[0];
	schedule->hours = (guint32)sets[1];
	schedule->days = (guint32)sets[2];
	schedule->months = (guint32)sets[3];
	schedule->weekdays = (guint32)((sets[4] | sets[4] >> 7) & 0x7f);
	schedule->any_hour = words[1][0] == '*';
	schedule->any_day = words[2][0] == '*';
	schedule->any_weekday = words[4][0] == '*';
	return schedule;
}

static struct sync_schedule *read_daily(const char *time, char **problem)
{
	g_auto(GStrv) parts = g_strsplit(time, ":", -1);
	guint hour, minute;

	if (g_strv_length(parts) != 2 || !read_number(parts[0], 0, 23, &hour) || strlen(parts[1]) != 2 ||
	    !read_number(parts[1], 0, 59, &minute)) {
		*problem = g_strdup_printf("\"%s\" is not a time of day: write daily 02:30", time);
		return NULL;
	}
	struct sync_schedule *schedule = g_new0(struct sync_schedule, 1);

	schedule->kind = CALENDAR;
	schedule->minutes = (guint64)1 << minute;
	schedule->hours = (guint32)1 << hour;
	schedule->days = schedule->months = schedule->weekdays = ~(guint32)0;
	schedule->any_day = schedule->any_weekday = TRUE;
	return schedule;
}

static struct sync_schedule *read_every(const char *duration, char **problem)
{
	gint64 seconds;

	if (!base_duration_parse(duration, &seconds) || seconds < 1 || seconds > 366 * (gint64)DAY) {
		*problem = g_strdup_printf("\"%s\" is not a duration: write every 15m (s, m, h, d, w)", duration);
		return NULL;
	}
	struct sync_schedule *schedule = g_new0(struct sync_schedule, 1);

	schedule->kind = EVERY;
	schedule->interval = seconds;
	return schedule;
}

static char **split_words(const char *text)
{
	g_auto(GStrv) all = g_strsplit_set(text, " \t", -1);
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();

	for (guint i = 0; all[i]; i++)
		if (*all[i])
			g_strv_builder_add(words, all[i]);
	return g_strv_builder_end(words);
}

static struct sync_schedule *read_words(const char *text, char **problem)
{
	static const char *const first_words[] = {"manual", "every", "daily", NULL};
	g_auto(GStrv) words = split_words(text);
	guint count = g_strv_length(words);

	if (count == 1 && !strcmp(words[0], "manual"))
		return g_new0(struct sync_schedule, 1);
	if (count == 2 && !strcmp(words[0], "every"))
		return read_every(words[1], problem);
	if (count == 2 && !strcmp(words[0], "daily"))
		return read_daily(words[1], problem);
	if (count == G_N_ELEMENTS(FIELDS))
		return read_cron(words, problem);
	const char *near = count ? base_nearest(words[0], first_words) : NULL;

	*problem = g_strdup_printf(
		"\"%s\" is not a schedule: write every 15m, daily 02:30, manual, or the five fields of cron%s%s%s",
		text, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
	return NULL;
}

struct sync_schedule *sync_schedule_parse(const char *text, char **problem)
{
	struct sync_schedule *schedule = read_words(text, problem);
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();

	if (!schedule || schedule->kind == MANUAL || sync_schedule_next(schedule, 0, utc))
		return schedule;
	sync_schedule_free(schedule);
	*problem = g_strdup_printf("\"%s\" never comes: no such day is in any year", text);
	return NULL;
}

void sync_schedule_free(struct sync_schedule *schedule)
{
	g_free(schedule);
}

gboolean sync_schedule_is_manual(const struct sync_schedule *schedule)
{
	return schedule->kind == MANUAL;
}

/* ---- the calendar ---- */

static gint64 offset_at(GTimeZone *zone, gint64 utc)
{
	gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, utc);

	return interval < 0 ? 0 : g_time_zone_get_offset(zone, interval);
}

/* The instant at which wall clocks show `wall` (seconds as if the zone were UTC) for the first time that day; where
 * they jump over it, the instant of the jump. */
static gint64 wall_to_utc(GTimeZone *zone, gint64 wall)
{
	gint64 before = offset_at(zone, wall - DAY), after = offset_at(zone, wall + DAY);
	gint64 early = wall - MAX(before, after), late = wall - MIN(before, after);

	if (early + offset_at(zone, early) == wall)
		return early;
	if (late + offset_at(zone, late) == wall)
		return late;
	/* A gap: the offset changes somewhere between the two. */
	while (late - early > 1) {
		gint64 middle = early + (late - early) / 2;

		if (offset_at(zone, middle) == offset_at(zone, late))
			late = middle;
		else
			early = middle;
	}
	return late;
}

static gboolean day_matches(const struct sync_schedule *s, gint64 day)
{
	g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(day * DAY);

	if (!date || !(s->months >> g_date_time_get_month(date) & 1))
		return FALSE;
	gboolean of_month = s->days >> g_date_time_get_day_of_month(date) & 1;
	gboolean of_week = s->weekdays >> (g_date_time_get_day_of_week(date) % 7) & 1;

	/* As cron has it: where both are given, either will do. */
	if (!s->any_day && !s->any_weekday)
		return of_month || of_week;
	return of_month && of_week;
}

/* The first time of that day after `after`, by the wall clock; 0 if there is none. */
static gint64 next_by_wall(const struct sync_schedule *s, gint64 day, gint64 after, GTimeZone *zone)
{
	for (guint hour = 0; hour < 24; hour++) {
		if (!(s->hours >> hour & 1))
			continue;
		for (guint minute = 0; minute < 60; minute++) {
			if (!(s->minutes >> minute & 1))
				continue;
			gint64 utc = wall_to_utc(zone, day * DAY + hour * 3600 + minute * 60);

			if (utc > after)
				return utc;
		}
	}
	return 0;
}

/* The same by real time, minute for minute, for schedules of every hour. */
static gint64 next_by_clock(const struct sync_schedule *s, gint64 day, gint64 after, GTimeZone *zone)
{
	gint64 end = wall_to_utc(zone, (day + 1) * DAY);
	gint64 utc = MAX(wall_to_utc(zone, day * DAY), (after / 60 + 1) * 60);

	for (; utc < end; utc += 60) {
		gint64 minute = ((utc + offset_at(zone, utc)) % DAY + DAY) % DAY / 60;

		if (s->hours >> (minute / 60) & 1 && s->minutes >> (minute % 60) & 1)
			return utc;
	}
	return 0;
}

gint64 sync_schedule_next(const struct sync_schedule *s, gint64 after, GTimeZone *zone)
{
	if (s->kind == MANUAL)
		return 0;
	if (s->kind == EVERY)
		return after + s->interval;
	gint64 wall = after + offset_at(zone, after);
	gint64 first = wall / DAY - (wall % DAY < 0);

	/* From the day before: a clock that jumps may put a time of that day behind `after`. */
	for (gint64 day = first - 1; day < first + SEARCH_DAYS; day++) {
		if (!day_matches(s, day))
			continue;
		gint64 utc = s->any_hour ? next_by_clock(s, day, after, zone) : next_by_wall(s, day, after, zone);

		if (utc)
			return utc;
	}
	return 0;
}

gint64 sync_schedule_due(const struct sync_schedule *s, gint64 last, gint64 now, GTimeZone *zone)
{
	if (s->kind == MANUAL)
		return 0;
	if (last > now) /* the clock was set back */
		last = now;
	if (!last)
		return s->kind == EVERY ? now : sync_schedule_next(s, now, zone);
	return MAX(sync_schedule_next(s, last, zone), now);
}

gint64 sync_schedule_gap(const struct sync_schedule *s, gint64 now, GTimeZone *zone)
{
	gint64 longest = 0;
	gint64 at = sync_schedule_next(s, now, zone);

	for (guint i = 0; at && i < GAPS; i++) {
		gint64 next = sync_schedule_next(s, at, zone);

		longest = MAX(longest, next - at);
		at = next;
	}
	return longest;
}
