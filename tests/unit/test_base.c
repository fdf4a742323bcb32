/* base: log lines, times, durations, text cleaning, nearest words, hashes, JSON glue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

static void times_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		gint64 seconds;
	} good[] = {
		{"1970-01-01T00:00:01Z", 1},
		{"2026-03-01", 1772323200},
		{"2026-03-01T12:00:00Z", 1772366400},
		{"2026-03-01T12:00:00+02:00", 1772359200},
		{"2026-03-01t12:00:00.123z", 1772366400},
		{"2026-03-01T12:00:00-05:30", 1772386200},
		{"2026-03-01 12:00:00Z", 1772366400},
		{"2026-03-01T12:00:00", 1772366400},
		{"1969-12-31T23:59:59Z", -1},
		{"2024-02-29", 1709164800},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		gint64 seconds = 77;
		if (!base_time_parse(good[i].text, &seconds))
			fail_msg("not read: %s", good[i].text);
		if (seconds != good[i].seconds)
			fail_msg("%s: %" G_GINT64_FORMAT, good[i].text, seconds);
	}
	static const char *const bad[] = {"",
					  "2026",
					  "2026-13-01",
					  "2026-02-30",
					  "2025-02-29",
					  "yesterday",
					  "2026-W01-1",
					  "01.03.2026",
					  "2026-03-01T25:00:00Z",
					  "2026-03-01Tnoon",
					  "20260301",
					  "2026-03-01T",
					  "2026-03-01Zebra",
					  "2026-03-01T12:00:00Zebra"};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		gint64 seconds = 77;
		if (base_time_parse(bad[i], &seconds))
			fail_msg("read: %s", bad[i]);
		assert_int_equal(seconds, 77);
	}
	assert_false(base_time_parse(NULL, NULL));
}

static void times_are_written(void **state)
{
	(void)state;
	g_autofree char *noon = base_time_rfc3339(1772366400);
	assert_string_equal(noon, "2026-03-01T12:00:00Z");
	g_autofree char *early = base_time_rfc3339(-61337001600);
	assert_string_equal(early, "0026-04-23T00:00:00Z");
	assert_null(base_time_rfc3339(0));
	assert_null(base_time_rfc3339(G_MAXINT64)); /* beyond the calendar */
	gint64 now = base_now(), back = 0;
	g_autofree char *text = base_time_rfc3339(now);
	assert_true(base_time_parse(text, &back));
	assert_int_equal(back, now);
}

static void durations(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		gint64 seconds;
	} good[] = {{"0", 0}, {"90s", 90}, {"15m", 900}, {"2h", 7200}, {"3d", 259200}, {"4w", 2419200}, {"77", 77}};
	for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
		gint64 seconds = -1;
		assert_true(base_duration_parse(good[i].text, &seconds));
		assert_int_equal(seconds, good[i].seconds);
	}
	static const char *const bad[] = {
		"", "s", "-1", "+1", " 1", "1 h", "1y", "1hh", "1.5h", "99999999999999999999", "9223372036854775807w"};
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
		gint64 seconds = -1;
		if (base_duration_parse(bad[i], &seconds))
			fail_msg("read: %s", bad[i]);
	}
	static const struct {
		gint64 seconds;
		const char *words;
	} said[] = {{0, "0 s"},  {59, "59 s"},  {60, "1 min"},      {7500, "2 h 5 min"},
		    {-3, "0 s"}, {3600, "1 h"}, {90061, "1 d 1 h"}, {86400 * 40, "40 d"}};
	for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
		g_autofree char *words = base_duration_words(said[i].seconds);
		assert_string_equal(words, said[i].words);
	}
}

static void one_line(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		gsize max;
		const char *line;
	} cases[] = {
		{NULL, 10, ""},
		{"", 10, ""},
		{"  a\r\n\tb  ", 10, "a b"},
		{"abcdef", 6, "abcdef"},
		{"abcdef", 5, "abcd…"},
		{"ab cdef", 3, "ab…"},
		{"ääkköset", 4, "ääk…"},
		{"a b", 1, "…"},
		{"abc", 0, ""},
		{"x\x1b[31my", 10, "x [31my"},
		{"a\xe2\x80\xae"
		 "b",
		 10, "a b"},
		{"a\xff"
		 "b",
		 10,
		 "a\xef\xbf\xbd"
		 "b"},
		{"a   ", 1, "a"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *line = base_one_line(cases[i].text, cases[i].max);
		assert_string_equal(line, cases[i].line);
		assert_true((gsize)g_utf8_strlen(line, -1) <= cases[i].max);
	}
}

static void repair(void **state)
{
	(void)state;
	g_autofree char *cut = base_utf8_repair("\xc3", 1);
	assert_string_equal(cut, "\xef\xbf\xbd");
	g_autofree char *nul = base_utf8_repair("a\0b", 3);
	assert_string_equal(nul, "a\xef\xbf\xbd"
				 "b");
	g_autofree char *whole = base_utf8_repair("työ", -1);
	assert_string_equal(whole, "työ");
	g_autofree char *surrogate = base_utf8_repair("\xed\xa0\x80", -1);
	assert_true(g_utf8_validate(surrogate, -1, NULL));
}

static void nearest(void **state)
{
	(void)state;
	static const char *const words[] = {"path", "schedule", "readers", "connector", "url", NULL};
	assert_string_equal(base_nearest("shedule", words), "schedule");
	assert_string_equal(base_nearest("Conector", words), "connector");
	assert_string_equal(base_nearest("ptah", words), "path");
	assert_string_equal(base_nearest("ulr", words), "url");
	assert_null(base_nearest("banana", words));
	assert_null(base_nearest("", words));
	assert_null(base_nearest("x", words));
}

static void hash(void **state)
{
	(void)state;
	guint8 empty[16], again[16], other[16];
	base_hash128("", 0, empty);
	base_hash128(NULL, 0, again);
	base_hash128("a", 1, other);
	/* BLAKE2b-128 of nothing, as published with the algorithm's test vectors. */
	static const guint8 known[16] = {0xca, 0xe6, 0x69, 0x41, 0xd9, 0xef, 0xbd, 0x40,
					 0x4e, 0x4d, 0x88, 0x75, 0x8e, 0xa6, 0x76, 0x70};
	assert_memory_equal(empty, known, 16);
	assert_memory_equal(empty, again, 16);
	assert_memory_not_equal(empty, other, 16);
}

static void json(void **state)
{
	(void)state;
	g_autoptr(base_json) object = json_object();
	base_json_text(object, "none", NULL);
	base_json_text(object, "text", "työ");
	base_json_text(object, "broken", "a\xff");
	base_json_time(object, "never", 0);
	base_json_time(object, "then", 1772366400);
	g_autofree char *text = json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT);
	assert_string_equal(
		text,
		"{\"broken\":\"a\xef\xbf\xbd\",\"never\":null,\"text\":\"työ\",\"then\":\"2026-03-01T12:00:00Z\"}");
}

static char *logged(enum base_level level, const char *text)
{
	int ends[2], keep = dup(STDERR_FILENO);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	base_log(level, "%s", text);
	dup2(keep, STDERR_FILENO);
	close(keep);
	char bytes[8192];
	gssize length = read(ends[0], bytes, sizeof(bytes));
	close(ends[0]);
	return g_strndup(bytes, length > 0 ? (gsize)length : 0);
}

static void log_lines(void **state)
{
	(void)state;
	g_autofree char *debug = logged(BASE_DEBUG, "hidden");
	assert_string_equal(debug, "");
	g_autofree char *forged = logged(BASE_WARNING, "one\n<3>two");
	assert_string_equal(forged, "<4>one <3>two\n");
	g_autofree char *vast = g_strnfill(10000, 'x');
	g_autofree char *cut = logged(BASE_ERROR, vast);
	assert_true(strlen(cut) < 4100 && g_str_has_suffix(cut, "…\n"));
	base_log_threshold(BASE_DEBUG);
	g_autofree char *shown = logged(BASE_DEBUG, "shown");
	assert_string_equal(shown, "<7>shown\n");
	base_log_threshold(BASE_INFO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read), cmocka_unit_test(times_are_written),
		cmocka_unit_test(durations),      cmocka_unit_test(one_line),
		cmocka_unit_test(repair),         cmocka_unit_test(nearest),
		cmocka_unit_test(hash),           cmocka_unit_test(json),
		cmocka_unit_test(log_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
