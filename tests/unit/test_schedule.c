/* Schedules: what is understood, what is refused and how, and the next time in every corner of the calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "base/base.h"
#include "sync/schedule.h"

static gint64 at(const char *time)
{
	gint64 seconds;

	assert_true(base_time_parse(time, &seconds));
	return seconds;
}

static void check_next(const char *schedule, const char *zone_name, const char *after, const char *expected)
{
	g_autofree char *problem = NULL;
	g_autoptr(sync_schedule_t) parsed = sync_schedule_parse(schedule, &problem);
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zone_name);

	if (!parsed)
		fail_msg("%s: %s", schedule, problem);
	assert_non_null(zone);
	g_autofree char *got = base_time_rfc3339(sync_schedule_next(parsed, at(after), zone));
	g_autofree char *want = base_time_rfc3339(at(expected));

	if (g_strcmp0(got, want))
		fail_msg("%s after %s in %s: %s instead of %s", schedule, after, zone_name, got ? got : "never", want);
}

static void test_plain(void **state)
{
	(void)state;
	check_next("every 15m", "UTC", "2026-03-01T12:00:07Z", "2026-03-01T12:15:07Z");
	check_next("daily 02:30", "UTC", "2026-03-01T02:29:59Z", "2026-03-01T02:30:00Z");
	check_next("daily 02:30", "UTC", "2026-03-01T02:30:00Z", "2026-03-02T02:30:00Z");
	check_next("daily 02:30", "UTC", "2026-12-31T12:00:00Z", "2027-01-01T02:30:00Z");
	check_next("daily 00:00", "Europe/Helsinki", "2026-01-01T12:00:00Z", "2026-01-01T22:00:00Z");
	check_next("daily 02:30", "Europe/Helsinki", "2026-01-01T12:00:00Z", "2026-01-02T00:30:00Z");
	check_next("daily 02:30", "America/New_York", "2026-01-01T12:00:00Z", "2026-01-02T07:30:00Z");
	check_next("daily 02:30", "UTC", "1969-12-31T02:30:00Z", "1970-01-01T02:30:00Z");
}

static void test_cron(void **state)
{
	(void)state;
	check_next("*/15 * * * *", "UTC", "2026-03-01T12:07:00Z", "2026-03-01T12:15:00Z");
	check_next("5/20 * * * *", "UTC", "2026-03-01T12:07:00Z", "2026-03-01T12:25:00Z");
	check_next("0 8-18/5 * * *", "UTC", "2026-03-01T08:00:00Z", "2026-03-01T13:00:00Z");
	check_next("0,30 6 * * *", "UTC", "2026-03-01T06:00:00Z", "2026-03-01T06:30:00Z");
	check_next("0 3 * * mon-fri", "UTC", "2026-03-06T12:00:00Z", "2026-03-09T03:00:00Z");
	check_next("0 3 * * MON", "UTC", "2026-03-04T12:00:00Z", "2026-03-09T03:00:00Z");
	check_next("0 3 * * 7", "UTC", "2026-03-04T12:00:00Z", "2026-03-08T03:00:00Z");
	check_next("0 3 * * 0", "UTC", "2026-03-04T12:00:00Z", "2026-03-08T03:00:00Z");
	check_next("0 3 * * fri-sun", "UTC", "2026-03-07T12:00:00Z", "2026-03-08T03:00:00Z");
	check_next("0 3 * * sun-tue", "UTC", "2026-03-09T12:00:00Z", "2026-03-10T03:00:00Z");
	check_next("0 3 1 * *", "UTC", "2026-03-04T12:00:00Z", "2026-04-01T03:00:00Z");
	check_next("0 3 31 * *", "UTC", "2026-04-01T00:00:00Z", "2026-05-31T03:00:00Z");
	check_next("0 3 * jan,jul *", "UTC", "2026-03-04T12:00:00Z", "2026-07-01T03:00:00Z");
	/* Either will do where both are given. */
	check_next("0 3 13 * fri", "UTC", "2026-03-01T12:00:00Z", "2026-03-06T03:00:00Z");
	check_next("0 3 13 * fri", "UTC", "2026-04-11T12:00:00Z", "2026-04-13T03:00:00Z");
	/* Leap days, over the end of the century too. */
	check_next("0 0 29 2 *", "UTC", "2026-03-04T12:00:00Z", "2028-02-29T00:00:00Z");
	check_next("0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z");
}

/* In Helsinki clocks jump from 03:00 to 04:00 on 29 March 2026 (01:00 UTC), and back from 04:00 to 03:00 on 25 October.
 */
static void test_clocks_forward(void **state)
{
	(void)state;
	check_next("daily 02:59", "Europe/Helsinki", "2026-03-28T12:00:00Z", "2026-03-29T00:59:00Z");
	check_next("daily 03:00", "Europe/Helsinki", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z");
	check_next("daily 03:30", "Europe/Helsinki", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z");
	check_next("daily 03:30", "Europe/Helsinki", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
	check_next("daily 04:00", "Europe/Helsinki", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z");
	check_next("*/30 * * * *", "Europe/Helsinki", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z");
	check_next("*/30 * * * *", "Europe/Helsinki", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z");
}

static void test_clocks_back(void **state)
{
	(void)state;
	check_next("daily 03:30", "Europe/Helsinki", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z");
	/* Not a second time, an hour later by the same clock. */
	check_next("daily 03:30", "Europe/Helsinki", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
	check_next("daily 03:30", "Europe/Helsinki", "2026-10-25T01:10:00Z", "2026-10-26T01:30:00Z");
	check_next("*/30 * * * *", "Europe/Helsinki", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z");
	check_next("*/30 * * * *", "Europe/Helsinki", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z");
	check_next("15 * * * *", "Europe/Helsinki", "2026-10-25T00:15:00Z", "2026-10-25T01:15:00Z");
	/* Lord Howe goes by half hours: 02:00 to 02:30 on 4 October 2026 (3 October 15:30 UTC). */
	check_next("daily 02:10", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", "2026-10-03T15:30:00Z");
	/* A zone whose day begins with a jump: no midnight in Beirut on 29 March 2026. */
	check_next("daily 00:00", "Asia/Beirut", "2026-03-28T12:00:00Z", "2026-03-28T22:00:00Z");
}

/* From any moment, the next time is later, and asking from just before it gives the same: no time is lost or met twice.
 */
static void test_no_time_is_lost(void **state)
{
	static const char *const schedules[] = {"daily 03:30", "30 3,4 * * *", "*/10 * * * *", "0 */6 * * *",
						"15 2 * * sat,sun"};
	static const char *const zones[] = {"Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", "UTC"};

	(void)state;
	for (guint s = 0; s < G_N_ELEMENTS(schedules); s++)
		for (guint z = 0; z < G_N_ELEMENTS(zones); z++) {
			g_autoptr(sync_schedule_t) schedule = sync_schedule_parse(schedules[s], NULL);
			g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zones[z]);
			gint64 time = at("2026-03-20"), end = at("2026-11-10");

			for (guint i = 0; time < end && i < 3000; i++) {
				gint64 next = sync_schedule_next(schedule, time, zone);

				assert_true(next > time);
				assert_true(next - time <= 8 * 86400);
				assert_int_equal(sync_schedule_next(schedule, next - 1, zone), next);
				time = next;
			}
		}
}

static void test_every_day_once(void **state)
{
	g_autoptr(sync_schedule_t) schedule = sync_schedule_parse("daily 03:30", NULL);
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Helsinki");
	gint64 time = at("2026-01-01");
	guint count = 0;

	(void)state;
	while ((time = sync_schedule_next(schedule, time, zone)) < at("2027-01-01"))
		count++;
	assert_int_equal(count, 365);
}

static void test_due(void **state)
{
	g_autoptr(sync_schedule_t) daily = sync_schedule_parse("daily 02:30", NULL);
	g_autoptr(sync_schedule_t) every = sync_schedule_parse("every 15m", NULL);
	g_autoptr(sync_schedule_t) manual = sync_schedule_parse("manual", NULL);
	g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
	gint64 now = at("2026-03-04T12:00:00Z");

	(void)state;
	/* Never read: `every` begins now, a time of day is waited for. */
	assert_int_equal(sync_schedule_due(every, 0, now, zone), now);
	assert_int_equal(sync_schedule_due(daily, 0, now, zone), at("2026-03-05T02:30:00Z"));
	/* Three nights missed: once, now. */
	assert_int_equal(sync_schedule_due(daily, at("2026-03-01T02:30:00Z"), now, zone), now);
	assert_int_equal(sync_schedule_due(daily, at("2026-03-04T02:30:05Z"), now, zone), at("2026-03-05T02:30:00Z"));
	assert_int_equal(sync_schedule_due(every, now - 600, now, zone), now + 300);
	/* The clock was set back. */
	assert_int_equal(sync_schedule_due(every, now + 86400, now, zone), now + 900);
	assert_int_equal(sync_schedule_due(manual, 0, now, zone), 0);
	assert_true(sync_schedule_is_manual(manual));
}

static void test_gap(void **state)
{
	g_autoptr(sync_schedule_t) weekly = sync_schedule_parse("0 3 * * mon", NULL);
	g_autoptr(sync_schedule_t) workdays = sync_schedule_parse("0 3 * * mon-fri", NULL);
	g_autoptr(sync_schedule_t) manual = sync_schedule_parse("manual", NULL);
	g_autoptr(GTimeZone) zone = g_time_zone_new_utc();

	(void)state;
	assert_int_equal(sync_schedule_gap(weekly, at("2026-03-04"), zone), 7 * 86400);
	assert_int_equal(sync_schedule_gap(workdays, at("2026-03-04"), zone), 3 * 86400);
	assert_int_equal(sync_schedule_gap(manual, at("2026-03-04"), zone), 0);
}

static void check_refused(const char *text, const char *words)
{
	g_autofree char *problem = NULL;

	assert_null(sync_schedule_parse(text, &problem));
	assert_non_null(problem);
	if (!strstr(problem, words))
		fail_msg("%s: \"%s\" does not say \"%s\"", text, problem, words);
}

static void test_refused(void **state)
{
	(void)state;
	check_refused("", "is not a schedule");
	check_refused("dayly 02:30", "did you mean \"daily\"?");
	check_refused("every", "is not a schedule");
	check_refused("every 0m", "is not a duration");
	check_refused("every fortnight", "is not a duration");
	check_refused("every 99999999999999999999d", "is not a duration");
	check_refused("daily 24:00", "is not a time of day");
	check_refused("daily 2", "is not a time of day");
	check_refused("daily 02:3", "is not a time of day");
	check_refused("daily 02:30:00", "is not a time of day");
	check_refused("60 * * * *", "\"60\" is not a minute");
	check_refused("* 24 * * *", "\"24\" is not an hour");
	check_refused("* * 0 * *", "\"0\" is not a day");
	check_refused("* * * foo *", "\"foo\" is not a month: write *, or numbers from 1 to 12 or jan to dec");
	check_refused("* * * * 8", "is not a weekday");
	check_refused("5-1 * * * *", "\"5-1\" is not a minute");
	check_refused("*/0 * * * *", "\"*/0\" is not a minute");
	check_refused("1,,2 * * * *", "\"\" is not a minute");
	check_refused("-1 * * * *", "is not a minute");
	check_refused("0 0 31 2 *", "never comes");
	check_refused("* * * * * *", "is not a schedule");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_cron),
		cmocka_unit_test(test_clocks_forward),
		cmocka_unit_test(test_clocks_back),
		cmocka_unit_test(test_no_time_is_lost),
		cmocka_unit_test(test_every_day_once),
		cmocka_unit_test(test_due),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
