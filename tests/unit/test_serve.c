/* What core/serve makes of headers and paths, how it counts attempts, and its pool of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "serve/parse.h"
#include "serve/pool.h"
#include "serve/throttle.h"

static void assert_text(char *got, const char *expected)
{
	g_autofree char *text = got;
	if (expected)
		assert_non_null(text);
	else
		assert_null(text);
	if (expected)
		assert_string_equal(text, expected);
}

/* ---- headers ---- */

static void test_cookie(void **state)
{
	(void)state;
	assert_text(serve_parse_cookie("a=1; meri_session=xyz; b=2", "meri_session"), "xyz");
	assert_text(serve_parse_cookie("meri_session=xyz", "meri_session"), "xyz");
	assert_text(serve_parse_cookie(" meri_session=\"x\" ;", "meri_session"), "x");
	assert_text(serve_parse_cookie("meri_session=one; meri_session=two", "meri_session"), "one");
	assert_text(serve_parse_cookie("meri_session=", "meri_session"), "");
	assert_text(serve_parse_cookie("meri_session=a=b", "meri_session"), "a=b");
	assert_text(serve_parse_cookie("x_meri_session=1; meri_sessionx=2; meri_session", "meri_session"), NULL);
	assert_text(serve_parse_cookie("", "meri_session"), NULL);
	assert_text(serve_parse_cookie(";;;=;", "meri_session"), NULL);
	assert_text(serve_parse_cookie(NULL, "meri_session"), NULL);
}

static void test_bearer(void **state)
{
	(void)state;
	assert_string_equal(serve_parse_bearer("Bearer meri_x"), "meri_x");
	assert_string_equal(serve_parse_bearer("bearer   meri_x"), "meri_x");
	assert_null(serve_parse_bearer("Bearer"));
	assert_null(serve_parse_bearer("Bearer "));
	assert_null(serve_parse_bearer("Bearermeri_x"));
	assert_null(serve_parse_bearer("Basic YTpi"));
	assert_null(serve_parse_bearer(""));
	assert_null(serve_parse_bearer(NULL));
}

static void test_gzip(void **state)
{
	(void)state;
	assert_true(serve_parse_gzip("gzip"));
	assert_true(serve_parse_gzip("deflate, GZIP;q=0.5, br"));
	assert_true(serve_parse_gzip("*"));
	assert_true(serve_parse_gzip("br ,gzip ; q=1"));
	assert_false(serve_parse_gzip("gzip;q=0"));
	assert_false(serve_parse_gzip("gzip; q=0.000"));
	assert_false(serve_parse_gzip("*, gzip;q=0"));
	assert_false(serve_parse_gzip("*;q=0"));
	assert_false(serve_parse_gzip("xgzip, gzipx, br"));
	assert_false(serve_parse_gzip(""));
	assert_false(serve_parse_gzip(NULL));
}

static void test_matches(void **state)
{
	(void)state;
	assert_true(serve_parse_matches("\"a\"", "\"a\""));
	assert_true(serve_parse_matches("W/\"a\"", "\"a\""));
	assert_true(serve_parse_matches("\"a\"", "W/\"a\""));
	assert_true(serve_parse_matches("\"x\", W/\"a\" ,\"y\"", "W/\"a\""));
	assert_true(serve_parse_matches("*", "\"a\""));
	assert_false(serve_parse_matches("\"ab\"", "\"a\""));
	assert_false(serve_parse_matches("a", "\"a\""));
	assert_false(serve_parse_matches("", "\"a\""));
	assert_false(serve_parse_matches(NULL, "\"a\""));
}

static void test_host(void **state)
{
	(void)state;
	assert_text(serve_parse_host("Meri.Example.FI:8470"), "meri.example.fi");
	assert_text(serve_parse_host("meri.example.fi."), "meri.example.fi");
	assert_text(serve_parse_host("127.0.0.1"), "127.0.0.1");
	assert_text(serve_parse_host("[::1]:80"), "::1");
	assert_text(serve_parse_host("[::1]"), "::1");
	assert_text(serve_parse_host("localhost:"), "localhost");
	assert_text(serve_parse_host("[::1"), NULL);
	assert_text(serve_parse_host("[x]"), NULL);
	assert_text(serve_parse_host("[::1]x"), NULL);
	assert_text(serve_parse_host("::1"), NULL);
	assert_text(serve_parse_host("a:b"), NULL);
	assert_text(serve_parse_host("a:99999"), NULL);
	assert_text(serve_parse_host("evil.example/127.0.0.1"), NULL);
	assert_text(serve_parse_host("127.0.0.1@evil.example"), NULL);
	assert_text(serve_parse_host("a b"), NULL);
	assert_text(serve_parse_host(""), NULL);
	assert_text(serve_parse_host(":80"), NULL);
	assert_text(serve_parse_host(NULL), NULL);
}

static void test_listen(void **state)
{
	static const char *const bad[] = {"8470", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", ":8470", "[::1]", ""};
	char *host, *port;
	(void)state;
	assert_true(serve_parse_listen("127.0.0.1:8470", &host, &port));
	assert_text(host, "127.0.0.1");
	assert_text(port, "8470");
	assert_true(serve_parse_listen("[::1]:0", &host, &port));
	assert_text(host, "::1");
	assert_text(port, "0");
	assert_true(serve_parse_listen("*:80", &host, &port));
	assert_text(host, "*");
	assert_text(port, "80");
	for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
		assert_false(serve_parse_listen(bad[i], &host, &port));
}

static void test_addresses(void **state)
{
	(void)state;
	assert_text(serve_parse_forwarded("192.0.2.7"), "192.0.2.7");
	assert_text(serve_parse_forwarded("198.51.100.1, 192.0.2.7"), "192.0.2.7");
	assert_text(serve_parse_forwarded("198.51.100.1,2001:db8::1 "), "2001:db8::1");
	assert_text(serve_parse_forwarded("192.0.2.7:443"), "192.0.2.7");
	assert_text(serve_parse_forwarded("[2001:db8::1]:443"), "2001:db8::1");
	assert_text(serve_parse_forwarded("192.0.2.7, unknown"), NULL);
	assert_text(serve_parse_forwarded(""), NULL);
	assert_text(serve_parse_forwarded(NULL), NULL);
	assert_text(serve_parse_network("192.0.2.7"), "192.0.2.7");
	assert_text(serve_parse_network("::ffff:192.0.2.7"), "192.0.2.7");
	assert_text(serve_parse_network("2001:db8:1:2:3::4"), "20010db800010002");
	assert_text(serve_parse_network("2001:db8:1:2:ffff::4"), "20010db800010002");
	assert_text(serve_parse_network("socket"), "socket");
}

static void unescapes(const char *from, const char *to)
{
	g_autofree char *text = g_strdup(from);
	assert_int_equal(serve_parse_unescape(text), strlen(to));
	assert_string_equal(text, to);
	assert_true(g_utf8_validate(text, -1, NULL));
}

static void test_unescape(void **state)
{
	(void)state;
	unescapes("plain", "plain");
	unescapes("a%20b%C3%A4", "a bä");
	unescapes("%", "%");
	unescapes("%4", "%4");
	unescapes("%zz%41", "%zzA");
	unescapes("%2525", "%25"); /* once, not twice */
	unescapes("a%00b", "a?b");
	unescapes("%ff%fe", "??");
	unescapes("\xc3(", "?(");
	unescapes("%C3", "?");
	unescapes("", "");
	/* As long as a line may be, and all of it wrong. */
	g_autofree char *many = g_strnfill(30000, '\xff');
	assert_int_equal(serve_parse_unescape(many), 30000);
	assert_int_equal(strspn(many, "?"), 30000);
}

/* ---- how often ---- */

enum { SECOND = G_USEC_PER_SEC };

static void test_throttle(void **state)
{
	struct serve_throttle *t = serve_throttle_new(5, 900, 100);
	guint wait = 0;
	(void)state;
	for (guint i = 0; i < 5; i++)
		assert_true(serve_throttle_take(t, "anna", SECOND, &wait));
	assert_false(serve_throttle_take(t, "anna", SECOND, &wait));
	assert_in_range(wait, 179, 181);
	assert_true(serve_throttle_take(t, "bo", SECOND, &wait)); /* others are not meant */
	assert_false(serve_throttle_take(t, "anna", 100 * (gint64)SECOND, &wait));
	assert_true(serve_throttle_take(t, "anna", 182 * (gint64)SECOND, &wait));
	assert_false(serve_throttle_take(t, "anna", 182 * (gint64)SECOND, &wait));
	serve_throttle_give(t, "anna");
	assert_true(serve_throttle_take(t, "anna", 182 * (gint64)SECOND, &wait));
	/* After a long time no more than at first; and a clock that went back gives nothing. */
	for (guint i = 0; i < 5; i++)
		assert_true(serve_throttle_take(t, "anna", 100000 * (gint64)SECOND, &wait));
	assert_false(serve_throttle_take(t, "anna", 100000 * (gint64)SECOND, &wait));
	assert_false(serve_throttle_take(t, "anna", 0, &wait));
	for (guint i = 0; i < 20; i++)
		serve_throttle_give(t, "anna");
	serve_throttle_give(t, "nobody");
	for (guint i = 0; i < 5; i++)
		assert_true(serve_throttle_take(t, "anna", 100000 * (gint64)SECOND, &wait));
	assert_false(serve_throttle_take(t, "anna", 100000 * (gint64)SECOND, &wait));
	serve_throttle_free(t);
}

static void test_throttle_is_bounded(void **state)
{
	struct serve_throttle *t = serve_throttle_new(1, 900, 100);
	guint wait = 0;
	(void)state;
	assert_true(serve_throttle_take(t, "kept", SECOND, &wait));
	for (guint i = 0; i < 10000; i++) {
		g_autofree char *key = g_strdup_printf("k%u", i);
		assert_true(serve_throttle_take(t, key, SECOND, &wait));
		/* One that goes on trying is not forgotten for all the others. */
		assert_false(serve_throttle_take(t, "kept", SECOND, &wait));
	}
	assert_int_equal(serve_throttle_keys(t), 100);
	assert_true(serve_throttle_take(t, "k5", SECOND, &wait)); /* long forgotten */
	serve_throttle_free(t);
}

/* ---- threads ---- */

struct count {
	gint done;
	GMutex gate; /* held: nobody gets on */
};

static void count_one(gpointer task, gpointer user)
{
	struct count *count = user;
	g_mutex_lock(&count->gate);
	g_mutex_unlock(&count->gate);
	g_atomic_int_add(&count->done, GPOINTER_TO_INT(task));
}

static void test_pool(void **state)
{
	struct count count = {0};
	(void)state;
	g_mutex_init(&count.gate);
	struct serve_pool *pool = serve_pool_new("a name that is rather long", 3, 10, count_one, &count);
	g_mutex_lock(&count.gate);
	guint taken = 0;
	for (guint i = 0; i < 100; i++)
		taken += serve_pool_push(pool, GINT_TO_POINTER(1));
	assert_in_range(taken, 10, 13); /* ten wait, up to three are at work */
	g_mutex_unlock(&count.gate);
	serve_pool_stop(pool); /* what was taken is done */
	assert_int_equal(g_atomic_int_get(&count.done), taken);
	assert_false(serve_pool_push(pool, GINT_TO_POINTER(1)));
	serve_pool_free(pool);
	g_mutex_clear(&count.gate);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cookie),    cmocka_unit_test(test_bearer),
		cmocka_unit_test(test_gzip),      cmocka_unit_test(test_matches),
		cmocka_unit_test(test_host),      cmocka_unit_test(test_listen),
		cmocka_unit_test(test_addresses), cmocka_unit_test(test_unescape),
		cmocka_unit_test(test_throttle),  cmocka_unit_test(test_throttle_is_bounded),
		cmocka_unit_test(test_pool),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
