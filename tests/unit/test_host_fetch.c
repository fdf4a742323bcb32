/* The HTTP client of connectors against a real server on the loopback: redirects, conditions, retries, limits, and whom
 * it tells what. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/fetch.h"

/* ---- the server: two of them, so that one can send to the other ---- */

static struct MHD_Daemon *home, *elsewhere;
static guint16 home_port, elsewhere_port;
static GMutex lock;
static GHashTable *asked; /* path -> how often */

struct seen { /* of the last request to /echo */
	char *method, *authorization, *key, *accept, *body;
};
static struct seen last;

static void forget(struct seen *s)
{
	g_free(s->method);
	g_free(s->authorization);
	g_free(s->key);
	g_free(s->accept);
	g_free(s->body);
	memset(s, 0, sizeof *s);
}

static guint count(const char *path)
{
	g_mutex_lock(&lock);
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(asked, path));
	g_mutex_unlock(&lock);
	return n;
}

static guint count_one_more(const char *path)
{
	g_mutex_lock(&lock);
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(asked, path)) + 1;
	g_hash_table_insert(asked, g_strdup(path), GUINT_TO_POINTER(n));
	g_mutex_unlock(&lock);
	return n;
}

static struct MHD_Response *text(const char *body)
{
	return MHD_create_response_from_buffer(strlen(body), (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result reply(struct MHD_Connection *c, unsigned status, const char *body, const char *name,
			     const char *value)
{
	struct MHD_Response *r = text(body);
	if (name)
		MHD_add_response_header(r, name, value);
	enum MHD_Result result = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return result;
}

static const char *header_of(struct MHD_Connection *c, const char *name)
{
	return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

static enum MHD_Result serve_ok(struct MHD_Connection *c)
{
	const char *condition = header_of(c, "If-None-Match");
	gboolean same = condition && strcmp(condition, "\"v1\"") == 0;
	struct MHD_Response *r = text(same ? "" : "hello");
	MHD_add_response_header(r, "ETag", "\"v1\"");
	MHD_add_response_header(r, "Last-Modified", "Mon, 02 Mar 2026 10:00:00 GMT");
	MHD_add_response_header(r, "Content-Type", "text/plain; charset=utf-8");
	MHD_add_response_header(r, "Link", "</ok?page=2>; rel=\"next\"");
	MHD_add_response_header(r, "Link", "</ok?page=9>; rel=\"last\"");
	enum MHD_Result result = MHD_queue_response(c, same ? 304 : 200, r);
	MHD_destroy_response(r);
	return result;
}

/* A byte every 50 ms: for ever, or as many as asked for at once. */
static ssize_t drip(void *user, uint64_t position, char *to, size_t room)
{
	(void)user;
	(void)position;
	g_usleep(50000);
	*to = 'x';
	return room ? 1 : 0;
}

static ssize_t pour(void *user, uint64_t position, char *to, size_t room)
{
	(void)user;
	(void)position;
	memset(to, 'y', room);
	return (ssize_t)room;
}

static enum MHD_Result serve_stream(struct MHD_Connection *c, MHD_ContentReaderCallback from)
{
	struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, from, NULL, NULL);
	enum MHD_Result result = MHD_queue_response(c, 200, r);
	MHD_destroy_response(r);
	return result;
}

static enum MHD_Result serve_echo(struct MHD_Connection *c, const char *method, const char *body)
{
	g_mutex_lock(&lock);
	forget(&last);
	last = (struct seen){g_strdup(method), g_strdup(header_of(c, "Authorization")),
			     g_strdup(header_of(c, "X-Api-Key")), g_strdup(header_of(c, "Accept")), g_strdup(body)};
	g_mutex_unlock(&lock);
	return reply(c, 200, "seen", NULL, NULL);
}

static enum MHD_Result serve_busy(struct MHD_Connection *c, const char *path, guint times)
{
	if (strcmp(path, "/busy-twice") == 0)
		return times <= 2 ? reply(c, 429, "slow down", "Retry-After", "1")
				  : reply(c, 200, "at last", NULL, NULL);
	if (strcmp(path, "/busy-for-an-hour") == 0)
		return reply(c, 429, "slow down", "Retry-After", "3600");
	if (strcmp(path, "/busy-always") == 0)
		return reply(c, 429, "slow down", "Retry-After", "0");
	g_autoptr(GDateTime) now = g_date_time_new_now_utc(), then = g_date_time_add_seconds(now, 2);
	g_autofree char *date = g_date_time_format(then, "%a, %d %b %Y %H:%M:%S GMT");
	return times <= 1 ? reply(c, 503, "down for a moment", "Retry-After", date)
			  : reply(c, 200, "at last", NULL, NULL);
}

static enum MHD_Result serve_redirect(struct MHD_Connection *c, const char *path)
{
	g_autofree char *to = NULL;
	const char *number = strrchr(path, '/') + 1;
	if (g_str_has_prefix(path, "/hops/"))
		to = *number == '0' ? g_strdup("/ok") : g_strdup_printf("%d", atoi(number) - 1); /* relative, too */
	else if (strcmp(path, "/to-elsewhere") == 0)
		to = g_strdup_printf("http://u:p@127.0.0.1:%d/echo", elsewhere_port);
	else if (strcmp(path, "/to-here") == 0)
		to = g_strdup("/echo#part");
	else
		to = g_strdup("file:///etc/passwd");
	return reply(c, strcmp(path, "/to-here") == 0 ? 303 : 302, "go on", "Location", to);
}

static enum MHD_Result serve(void *user, struct MHD_Connection *c, const char *path, const char *method,
			     const char *version, const char *upload, size_t *upload_size, void **state)
{
	(void)user;
	(void)version;
	GString *body = *state;
	if (!body) {
		*state = g_string_new(NULL);
		return MHD_YES;
	}
	if (*upload_size) {
		g_string_append_len(body, upload, (gssize)*upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	guint times = count_one_more(path);
	if (strcmp(path, "/ok") == 0)
		return serve_ok(c);
	if (strcmp(path, "/echo") == 0)
		return serve_echo(c, method, body->str);
	if (g_str_has_prefix(path, "/busy") || strcmp(path, "/down-once") == 0)
		return serve_busy(c, path, times);
	if (g_str_has_prefix(path, "/hops/") || g_str_has_prefix(path, "/to-"))
		return serve_redirect(c, path);
	if (strcmp(path, "/drip") == 0)
		return serve_stream(c, drip);
	if (strcmp(path, "/pour") == 0)
		return serve_stream(c, pour);
	if (strcmp(path, "/flaky") == 0)
		return times <= 2 ? reply(c, 500, "oops", NULL, NULL) : reply(c, 200, "fine", NULL, NULL);
	if (strcmp(path, "/broken") == 0)
		return reply(c, 502, "broken", NULL, NULL);
	return reply(c, 404, "no such page", NULL, NULL);
}

static void done(void *user, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode code)
{
	(void)user;
	(void)c;
	(void)code;
	if (*state)
		g_string_free(*state, TRUE);
}

static struct MHD_Daemon *start(guint16 *port)
{
	struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct MHD_Daemon *d = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0,
						NULL, NULL, serve, NULL, MHD_OPTION_SOCK_ADDR, &where,
						MHD_OPTION_NOTIFY_COMPLETED, done, NULL, MHD_OPTION_END);
	assert_non_null(d);
	*port = MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port;
	return d;
}

/* ---- the client ---- */

struct client {
	struct host host;
	int parent;
};

static int client_new(void **state)
{
	struct client *c = g_new0(struct client, 1);
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	c->host.fd = pair[0];
	c->parent = pair[1];
	c->host.in = wire_buffer_new();
	c->host.out = g_byte_array_new();
	c->host.run.job = WIRE_JOB_SYNC;
	host_table(&c->host);
	g_mutex_lock(&lock);
	g_hash_table_remove_all(asked);
	forget(&last);
	g_mutex_unlock(&lock);
	*state = c;
	return 0;
}

static int client_free(void **state)
{
	struct client *c = *state;
	close(c->host.fd);
	close(c->parent);
	wire_buffer_free(c->host.in);
	g_byte_array_unref(c->host.out);
	host_fetch_free(c->host.fetch);
	g_free(c);
	return 0;
}

/* Through the table, as a connector does. */
static int get(struct client *c, struct meri_request request, struct meri_reply *out)
{
	request.size = sizeof request;
	*out = (struct meri_reply){.size = sizeof *out};
	return c->host.api.fetch(&c->host.api, &request, out);
}

static char *url(const char *path)
{
	static char text[200];
	g_snprintf(text, sizeof text, "http://127.0.0.1:%d%s", home_port, path);
	return text;
}

static void test_a_reply_is_whole(void **state)
{
	struct meri_reply r;
	assert_int_equal(get(*state, (struct meri_request){.url = url("/ok")}, &r), 0);
	assert_int_equal(r.status, 200);
	assert_int_equal(r.length, 5);
	assert_string_equal(r.body, "hello");
	assert_string_equal(r.etag, "\"v1\"");
	assert_string_equal(r.last_modified, "Mon, 02 Mar 2026 10:00:00 GMT");
	assert_string_equal(r.media_type, "text/plain; charset=utf-8");
	assert_string_equal(r.link, "</ok?page=2>; rel=\"next\", </ok?page=9>; rel=\"last\"");
	assert_null(r.retry_after);
	assert_string_equal(r.url, url("/ok"));
	assert_int_equal(get(*state, (struct meri_request){.url = url("/nothing")}, &r), 0);
	assert_int_equal(r.status, 404);
	assert_null(r.etag);
}

static void test_conditions(void **state)
{
	struct meri_reply r;
	assert_int_equal(get(*state, (struct meri_request){.url = url("/ok"), .if_none_match = "\"v1\""}, &r), 0);
	assert_int_equal(r.status, 304);
	assert_int_equal(r.length, 0);
	assert_string_equal(r.body, "");
	assert_int_equal(get(*state, (struct meri_request){.url = url("/ok"), .if_none_match = "\"v0\""}, &r), 0);
	assert_int_equal(r.status, 200);
}

static void test_redirects_are_bounded(void **state)
{
	struct meri_reply r;
	assert_int_equal(get(*state, (struct meri_request){.url = url("/hops/4")}, &r), 0);
	assert_int_equal(r.status, 200);
	assert_string_equal(r.url, url("/ok"));
	assert_int_equal(get(*state, (struct meri_request){.url = url("/hops/5")}, &r), MERI_CONFIG);
	assert_int_equal(get(*state, (struct meri_request){.url = url("/to-file")}, &r), MERI_CONFIG);
}

static const struct meri_pair keys[] = {
	{"X-Api-Key", "s3cret"}, {"Accept", "application/json"}, {"Authorization", "Bearer s3cret"}};

static void test_keys_stay_at_home(void **state)
{
	struct meri_reply r;
	struct meri_request q = {.url = url("/echo"), .headers = keys, .n_headers = 3};
	assert_int_equal(get(*state, q, &r), 0);
	assert_string_equal(last.key, "s3cret");
	assert_string_equal(last.authorization, "Bearer s3cret");
	assert_string_equal(last.accept, "application/json");
	q.url = url("/to-elsewhere");
	assert_int_equal(get(*state, q, &r), 0);
	assert_int_equal(r.status, 200);
	assert_null(last.key);
	assert_null(last.authorization);
	assert_string_equal(last.accept, "application/json");
	assert_null(strstr(r.url, "u:p@"));
}

static void test_passwords_stay_at_home(void **state)
{
	struct meri_reply r;
	char with_user[200];
	assert_int_equal(
		get(*state, (struct meri_request){.url = url("/echo"), .user = "maija", .password = "p:w"}, &r), 0);
	assert_string_equal(last.authorization, "Basic bWFpamE6cDp3");
	assert_int_equal(
		get(*state, (struct meri_request){.url = url("/to-here"), .user = "maija", .password = "p:w"}, &r), 0);
	assert_string_equal(last.authorization, "Basic bWFpamE6cDp3");
	assert_int_equal(
		get(*state, (struct meri_request){.url = url("/to-elsewhere"), .user = "maija", .password = "p:w"}, &r),
		0);
	assert_null(last.authorization);
	g_snprintf(with_user, sizeof with_user, "http://maija:p%%3Aw@127.0.0.1:%d/echo", home_port);
	assert_int_equal(get(*state, (struct meri_request){.url = with_user}, &r), 0);
	assert_non_null(last.authorization);
	assert_null(strstr(r.url, "maija"));
}

static void test_posting(void **state)
{
	struct meri_reply r;
	assert_int_equal(get(*state, (struct meri_request){.url = url("/echo"), .body = "a\nb", .body_length = 3}, &r),
			 0);
	assert_string_equal(last.method, "POST");
	assert_string_equal(last.body, "a\nb");
	/* 303 says: look there. What was posted is not posted again. */
	assert_int_equal(get(*state, (struct meri_request){.url = url("/to-here"), .body = "ab", .body_length = 2}, &r),
			 0);
	assert_string_equal(last.method, "GET");
	assert_string_equal(last.body, "");
	assert_int_equal(get(*state,
			     (struct meri_request){.url = url("/echo"), .method = "PUT", .body = "c", .body_length = 1},
			     &r),
			 0);
	assert_string_equal(last.method, "PUT");
	assert_int_equal(get(*state, (struct meri_request){.url = url("/ok"), .method = "HEAD"}, &r), 0);
	assert_int_equal(r.status, 200);
	assert_int_equal(r.length, 0);
	assert_string_equal(r.etag, "\"v1\"");
}

static void test_a_server_that_stumbles(void **state)
{
	struct meri_reply r;
	assert_int_equal(get(*state, (struct meri_request){.url = url("/flaky")}, &r), 0);
	assert_int_equal(r.status, 200);
	assert_int_equal(count("/flaky"), 3);
	assert_int_equal(get(*state, (struct meri_request){.url = url("/broken")}, &r), 0);
	assert_int_equal(r.status, 502);
	assert_int_equal(count("/broken"), FETCH_TRIES);
	/* Who knows what the first one did: a post is not repeated. */
	client_free(state);
	client_new(state);
	assert_int_equal(get(*state, (struct meri_request){.url = url("/broken"), .body = "x", .body_length = 1}, &r),
			 0);
	assert_int_equal(count("/broken"), 1);
}

static void test_retry_after_is_obeyed(void **state)
{
	struct meri_reply r;
	gint64 began = g_get_monotonic_time();
	assert_int_equal(get(*state, (struct meri_request){.url = url("/busy-twice")}, &r), 0);
	assert_int_equal(r.status, 200);
	assert_int_equal(count("/busy-twice"), 3);
	assert_true(g_get_monotonic_time() - began >= 2 * G_USEC_PER_SEC);
	began = g_get_monotonic_time();
	assert_int_equal(get(*state, (struct meri_request){.url = url("/down-once")}, &r), 0);
	assert_int_equal(r.status, 200);
	assert_true(g_get_monotonic_time() - began >= G_USEC_PER_SEC);
}

static void test_rate_limit_is_said(void **state)
{
	struct meri_reply r;
	gint64 began = g_get_monotonic_time();
	assert_int_equal(get(*state, (struct meri_request){.url = url("/busy-for-an-hour")}, &r), MERI_RATE);
	assert_true(g_get_monotonic_time() - began < 2 * G_USEC_PER_SEC);
	assert_int_equal(r.status, 429);
	assert_string_equal(r.retry_after, "3600");
	assert_int_equal(count("/busy-for-an-hour"), 1);
	assert_int_equal(get(*state, (struct meri_request){.url = url("/busy-always")}, &r), MERI_RATE);
	assert_int_equal(count("/busy-always"), FETCH_TRIES);
}

static void test_size_is_capped(void **state)
{
	struct meri_reply r;
	assert_int_equal(get(*state, (struct meri_request){.url = url("/ok"), .max_bytes = 5}, &r), 0);
	assert_int_equal(r.length, 5);
	assert_int_equal(get(*state, (struct meri_request){.url = url("/ok"), .max_bytes = 4}, &r), MERI_BUG);
	assert_null(r.body);
	assert_int_equal(get(*state, (struct meri_request){.url = url("/pour"), .max_bytes = 1000000}, &r), MERI_BUG);
	assert_int_equal(count("/pour"), 1);
}

static gpointer stop_soon(gpointer user)
{
	const struct client *c = user;
	g_usleep(300000);
	assert_true(wire_write(c->parent, WIRE_STOP, g_variant_new("()"), NULL));
	return NULL;
}

static void test_stop_ends_a_slow_reply(void **state)
{
	struct meri_reply r;
	struct client *c = *state;
	GThread *thread = g_thread_new("stop", stop_soon, c);
	gint64 began = g_get_monotonic_time();
	assert_int_equal(get(c, (struct meri_request){.url = url("/drip")}, &r), MERI_TRANSIENT);
	g_thread_join(thread);
	assert_true(g_get_monotonic_time() - began < 2 * G_USEC_PER_SEC);
	assert_true(host_stopped(&c->host));
	assert_int_equal(c->host.api.progress(&c->host.api, 1, 2, "more"), MERI_STOP);
}

static void test_stop_ends_a_wait(void **state)
{
	struct meri_reply r;
	struct client *c = *state;
	GThread *thread = g_thread_new("stop", stop_soon, c);
	gint64 began = g_get_monotonic_time();
	assert_int_equal(get(c, (struct meri_request){.url = url("/broken")}, &r), MERI_TRANSIENT);
	g_thread_join(thread);
	assert_true(g_get_monotonic_time() - began < G_USEC_PER_SEC);
}

static void test_nobody_is_there(void **state)
{
	struct meri_reply r;
	char dead[64];
	int s = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof where;
	assert_int_equal(bind(s, (struct sockaddr *)&where, sizeof where), 0);
	assert_int_equal(getsockname(s, (struct sockaddr *)&where, &length), 0);
	g_snprintf(dead, sizeof dead, "http://127.0.0.1:%d/", ntohs(where.sin_port)); /* bound, but not listening */
	assert_int_equal(get(*state, (struct meri_request){.url = dead}, &r), MERI_TRANSIENT);
	assert_int_equal(r.status, 0);
	close(s);
}

static void test_tls_is_verified(void **state)
{
	struct meri_reply r;
	char https[64];
	g_snprintf(https, sizeof https, "https://127.0.0.1:%d/ok", home_port); /* speaks no TLS at all */
	assert_int_not_equal(get(*state, (struct meri_request){.url = https}, &r), 0);
	assert_int_equal(count("/ok"), 0);
}

static void test_what_is_no_request(void **state)
{
	struct meri_reply r;
	static const struct meri_pair injected[] = {{"X-Note", "a\r\nX-Other: b"}}, named[] = {{"X Note", "a"}};
	assert_int_equal(get(*state, (struct meri_request){.url = "ftp://127.0.0.1/x"}, &r), MERI_CONFIG);
	assert_int_equal(get(*state, (struct meri_request){.url = "file:///etc/passwd"}, &r), MERI_CONFIG);
	assert_int_equal(get(*state, (struct meri_request){.url = "not a url"}, &r), MERI_CONFIG);
	assert_int_equal(get(*state, (struct meri_request){.url = NULL}, &r), MERI_CONFIG);
	assert_int_equal(get(*state, (struct meri_request){.url = url("/ok"), .headers = injected, .n_headers = 1}, &r),
			 MERI_BUG);
	assert_int_equal(get(*state, (struct meri_request){.url = url("/ok"), .headers = named, .n_headers = 1}, &r),
			 MERI_BUG);
	assert_int_equal(get(*state, (struct meri_request){.url = url("/ok"), .method = "GET /x"}, &r), MERI_BUG);
	assert_int_equal(get(*state, (struct meri_request){.url = url("/ok"), .if_none_match = "a\nb: c"}, &r),
			 MERI_BUG);
	assert_int_equal(count("/ok"), 0);
}

static void test_retry_after_in_words(void **state)
{
	(void)state;
	assert_int_equal(fetch_retry_after(NULL, 0), -1);
	assert_int_equal(fetch_retry_after("soon", 0), -1);
	assert_int_equal(fetch_retry_after("120", 0), 120000);
	assert_int_equal(fetch_retry_after(" 7 ", 0), 7000);
	assert_int_equal(fetch_retry_after("99999999999999999999", 0), (gint64)G_MAXINT32 * 1000);
	assert_int_equal(fetch_retry_after("Mon, 02 Mar 2026 10:00:00 GMT", 1772445590), 10000);
	assert_int_equal(fetch_retry_after("Mon, 02 Mar 2026 10:00:00 GMT", 1772445700), 0);
}

static void test_pace(void **state)
{
	(void)state;
	struct fetch_pace pace = {.interval = 20};
	assert_int_equal(fetch_pace_turn(&pace, 1000), 0);
	assert_int_equal(fetch_pace_turn(&pace, 1005), 15);
	assert_int_equal(fetch_pace_turn(&pace, 1100), 0);
	fetch_pace_slower(&pace);
	gint64 slow = pace.interval;
	assert_true(slow >= 200);
	for (int i = 0; i < 20; i++)
		fetch_pace_slower(&pace);
	assert_true(pace.interval <= 5000);
	for (int i = 0; i < 100; i++)
		fetch_pace_faster(&pace);
	assert_true(pace.interval >= 10 && pace.interval < slow);
	for (guint tried = 1; tried < 70; tried++)
		assert_in_range(fetch_backoff(tried), 400, 15000);
}

static int set_up(void **state)
{
	(void)state;
	asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	home = start(&home_port);
	elsewhere = start(&elsewhere_port);
	g_unsetenv("http_proxy");
	g_setenv("no_proxy", "127.0.0.1", TRUE);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	MHD_stop_daemon(home);
	MHD_stop_daemon(elsewhere);
	g_hash_table_unref(asked);
	forget(&last);
	return 0;
}

#define WITH_CLIENT(test) cmocka_unit_test_setup_teardown(test, client_new, client_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CLIENT(test_a_reply_is_whole),
		WITH_CLIENT(test_conditions),
		WITH_CLIENT(test_redirects_are_bounded),
		WITH_CLIENT(test_keys_stay_at_home),
		WITH_CLIENT(test_passwords_stay_at_home),
		WITH_CLIENT(test_posting),
		WITH_CLIENT(test_a_server_that_stumbles),
		WITH_CLIENT(test_retry_after_is_obeyed),
		WITH_CLIENT(test_rate_limit_is_said),
		WITH_CLIENT(test_size_is_capped),
		WITH_CLIENT(test_stop_ends_a_slow_reply),
		WITH_CLIENT(test_stop_ends_a_wait),
		WITH_CLIENT(test_nobody_is_there),
		WITH_CLIENT(test_tls_is_verified),
		WITH_CLIENT(test_what_is_no_request),
		cmocka_unit_test(test_retry_after_in_words),
		cmocka_unit_test(test_pace),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
