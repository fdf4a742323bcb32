/* How fast a server is asked, and when it is asked again. */
#include "host/fetch.h"

#include <string.h>

enum { LEAST_INTERVAL = 20, FIRST_SLOW = 250, SLOWEST = 5000, FIRST_BACKOFF = 500, LONGEST_BACKOFF = 15000 };

struct fetch_pace *fetch_pace_of(struct host_fetch *fetch, const char *host)
{
	struct fetch_pace *pace = g_hash_table_lookup(fetch->paces, host);
	if (!pace) {
		pace = g_new0(struct fetch_pace, 1);
		pace->interval = LEAST_INTERVAL;
		g_hash_table_insert(fetch->paces, g_strdup(host), pace);
	}
	return pace;
}

gint64 fetch_pace_turn(struct fetch_pace *pace, gint64 now)
{
	gint64 turn = MAX(now, pace->next);
	pace->next = turn + pace->interval;
	return turn - now;
}

void fetch_pace_slower(struct fetch_pace *pace)
{
	pace->interval = CLAMP(pace->interval * 2, FIRST_SLOW, SLOWEST);
}

void fetch_pace_faster(struct fetch_pace *pace)
{
	pace->interval = MAX(pace->interval - pace->interval / 8, LEAST_INTERVAL);
}

gint64 fetch_retry_after(const char *value, gint64 now)
{
	if (!value)
		return -1;
	value += strspn(value, " \t");
	gsize digits = strspn(value, "0123456789");
	if (digits && !value[digits + strspn(value + digits, " \t")])
		return (gint64)MIN(g_ascii_strtoull(value, NULL, 10), G_MAXINT32) * 1000;
	time_t when = curl_getdate(value, NULL);
	return when < 0 ? -1 : MAX((gint64)when - now, 0) * 1000;
}

gint64 fetch_backoff(guint tried)
{
	gint64 most = MIN((gint64)FIRST_BACKOFF << MIN(tried, 10), LONGEST_BACKOFF);
	return most / 2 + g_random_int_range(0, (gint32)(most / 2) + 1);
}
