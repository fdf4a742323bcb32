/* One request as a connector means it: asked at the server's pace, asked again where that makes sense, followed where
 * the server sends it; credentials and keys go to the server that the connector named and to no other. */
#include "host/fetch.h"

#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURLU, curl_url_cleanup)

static char *part(CURLU *url, CURLUPart which)
{
	char *text = NULL;
	if (curl_url_get(url, which, &text, which == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0) != CURLUE_OK)
		return NULL;
	char *out = g_strdup(text);
	curl_free(text);
	return out;
}

/* "https://example.com:443": two URLs of one origin may share credentials. */
static char *origin_of(CURLU *url)
{
	g_autofree char *scheme = part(url, CURLUPART_SCHEME), *host = part(url, CURLUPART_HOST),
			*port = part(url, CURLUPART_PORT);
	g_autofree char *plain = g_strdup_printf("%s://%s:%s", scheme, host, port);
	return g_ascii_strdown(plain, -1);
}

/* For logs: without what may be a secret in the query or before the host. */
static char *shown(CURLU *url)
{
	g_autoptr(CURLU) plain = curl_url_dup(url);
	curl_url_set(plain, CURLUPART_QUERY, NULL, 0);
	return part(plain, CURLUPART_URL);
}

/* Takes the user and password out of the URL; what the request names goes before. */
static gboolean take_url(struct host_fetch *f, const struct meri_request *r, CURLU *url)
{
	if (curl_url_set(url, CURLUPART_URL, r->url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
		return FALSE;
	g_autofree char *scheme = part(url, CURLUPART_SCHEME), *host = part(url, CURLUPART_HOST);
	if (!host || !*host || (g_strcmp0(scheme, "http") != 0 && g_strcmp0(scheme, "https") != 0))
		return FALSE;
	g_clear_pointer(&f->user, g_free);
	g_clear_pointer(&f->password, g_free);
	f->user = r->user ? g_strdup(r->user) : part(url, CURLUPART_USER);
	f->password = r->user ? g_strdup(r->password) : part(url, CURLUPART_PASSWORD);
	curl_url_set(url, CURLUPART_USER, NULL, 0);
	curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
	curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
	return TRUE;
}

static gboolean has_line_end(const char *text)
{
	return text && strpbrk(text, "\r\n");
}

/* Nothing that a connector passes on from a source may add a header of its own. */
static gboolean is_sound(const struct meri_request *r)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	if (r->method && (!*r->method || r->method[strspn(r->method, token)]))
		return FALSE;
	for (gsize i = 0; i < r->n_headers; i++) {
		const struct meri_pair *p = &r->headers[i];
		if (!p->name || !*p->name || p->name[strspn(p->name, token)] || has_line_end(p->value))
			return FALSE;
	}
	return !has_line_end(r->if_none_match) && !has_line_end(r->if_modified_since);
}

static gboolean is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* ---- again? ---- */

static gboolean may_repeat(const char *method)
{
	return strcmp(method, "POST") != 0 && strcmp(method, "PATCH") != 0;
}

static gboolean is_passing(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_AGAIN:
		return TRUE;
	default:
		return FALSE;
	}
}

/* Milliseconds until the next try makes sense; -1: none does. */
static gint64 wait_before_next(const struct fetch_ask *ask, const struct fetch_answer *a, guint tried)
{
	if (a->stopped || a->too_large || tried >= FETCH_TRIES)
		return -1;
	if (a->code != CURLE_OK)
		return is_passing(a->code) && (may_repeat(ask->method) || !a->sent) ? fetch_backoff(tried) : -1;
	gboolean busy = a->status == 429 || a->status == 503;
	if (!busy && !((a->status == 500 || a->status == 502 || a->status == 504) && may_repeat(ask->method)))
		return -1;
	gint64 told = fetch_retry_after(a->retry_after, g_get_real_time() / G_USEC_PER_SEC);
	if (told > FETCH_LONGEST_WAIT)
		return -1;
	return MAX(told, 0) + fetch_backoff(told < 0 ? tried : 0) * (told != 0 || tried > 1);
}

/* One server, as often as needed. */
static void ask_until_answered(struct host *h, const struct fetch_ask *ask, const char *host, const char *name,
			       struct fetch_answer *a)
{
	struct fetch_pace *pace = fetch_pace_of(h->fetch, host);
	for (guint tried = 1;; tried++) {
		memset(a, 0, sizeof *a);
		a->stopped = host_sleep(h, fetch_pace_turn(pace, g_get_monotonic_time() / 1000));
		if (a->stopped)
			return;
		fetch_exchange(h, ask, a);
		if (a->status == 429 || a->status == 503)
			fetch_pace_slower(pace);
		else if (a->code == CURLE_OK)
			fetch_pace_faster(pace);
		gint64 wait = wait_before_next(ask, a, tried);
		if (wait < 0)
			return;
		host_log(h, MERI_DEBUG, "%s: %s; again in %.1f s", name,
			 a->code != CURLE_OK ? curl_easy_strerror(a->code) : "the server is busy", (double)wait / 1000);
		if (host_sleep(h, wait)) {
			a->stopped = TRUE;
			return;
		}
	}
}

/* ---- where the server sends it ---- */

/* The next URL into `url`. FALSE: it cannot be followed, the reason is logged. */
static gboolean follow(struct host *h, CURLU *url, const struct fetch_answer *a, guint hops, const char *name)
{
	g_autofree char *was = part(url, CURLUPART_SCHEME);
	if (hops >= FETCH_REDIRECTS) {
		host_log(h, MERI_ERROR, "%s: more than %d redirects", name, FETCH_REDIRECTS);
		return FALSE;
	}
	if (curl_url_set(url, CURLUPART_URL, a->location, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
		host_log(h, MERI_ERROR, "%s: redirected to what is no URL", name);
		return FALSE;
	}
	curl_url_set(url, CURLUPART_USER, NULL, 0);
	curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
	curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
	g_autofree char *now = part(url, CURLUPART_SCHEME);
	gboolean web = g_strcmp0(now, "https") == 0 || (g_strcmp0(now, "http") == 0 && g_strcmp0(was, "https") != 0);
	if (!web)
		host_log(h, MERI_ERROR, "%s: redirected from %s to %s, which is not followed", name, was,
			 now ? now : "nowhere");
	return web;
}

static int class_of(struct host *h, const struct fetch_answer *a, const char *name, gsize max_bytes)
{
	if (a->stopped)
		return MERI_TRANSIENT;
	if (a->too_large) {
		host_log(h, MERI_ERROR, "%s: the reply is larger than the %zu KiB that are allowed", name,
			 max_bytes >> 10);
		return MERI_BUG;
	}
	if (a->code == CURLE_OK && a->status == 429) {
		host_log(h, MERI_WARNING, "%s: too many requests; the server says to come back %s%s", name,
			 a->retry_after ? "after " : "later", a->retry_after ? a->retry_after : "");
		return MERI_RATE;
	}
	if (a->code == CURLE_OK)
		return 0;
	host_log(h, MERI_ERROR, "%s: %s", name, *a->problem ? a->problem : curl_easy_strerror(a->code));
	return is_passing(a->code) ? MERI_TRANSIENT : MERI_CONFIG;
}

static void fill(struct host_fetch *f, const struct fetch_answer *a, struct meri_reply *reply)
{
	g_byte_array_append(f->body, (const guint8 *)"", 1);
	reply->status = a->status;
	reply->body = (const char *)f->body->data;
	reply->length = f->body->len - 1;
	reply->url = f->url;
	reply->media_type = f->media_type;
	reply->etag = f->etag;
	reply->last_modified = f->last_modified;
	reply->link = f->link;
	reply->retry_after = f->retry_after;
}

int host_fetch(struct host *h, const struct meri_request *request, struct meri_reply *reply)
{
	g_autoptr(CURLU) url = curl_url();
	if (!h->fetch)
		h->fetch = fetch_new();
	if (!request->url || !take_url(h->fetch, request, url)) {
		host_log(h, MERI_ERROR, "not a URL of http or https: %.200s", request->url ? request->url : "(none)");
		return MERI_CONFIG;
	}
	if (!is_sound(request)) {
		host_log(h, MERI_ERROR, "the connector named a method or header that HTTP does not allow");
		return MERI_BUG;
	}
	g_autofree char *home = origin_of(url), *name = shown(url);
	gboolean has_body = request->body != NULL;
	struct fetch_answer answer;
	struct fetch_ask ask = {.request = request,
				.method = request->method ? request->method
					  : has_body      ? "POST"
							  : "GET",
				.user = h->fetch->user,
				.password = h->fetch->password,
				.send_body = has_body};
	for (guint hops = 0;; hops++) {
		g_autofree char *here = origin_of(url);
		g_free(h->fetch->url);
		ask.url = h->fetch->url = part(url, CURLUPART_URL);
		ask.own_host = strcmp(here, home) == 0;
		ask_until_answered(h, &ask, here, name, &answer);
		if (answer.stopped || answer.code != CURLE_OK || !is_redirect(answer.status) || !answer.location)
			break;
		if (!follow(h, url, &answer, hops, name))
			return MERI_CONFIG;
		/* As browsers do: what was posted is not posted again, but where the server says so. */
		if (answer.status == 303 || (answer.status <= 302 && strcmp(ask.method, "POST") == 0)) {
			ask.method = strcmp(ask.method, "HEAD") == 0 ? "HEAD" : "GET";
			ask.send_body = FALSE;
		}
	}
	int class = class_of(h, &answer, name, h->fetch->max_bytes);
	if (answer.code == CURLE_OK && !answer.stopped)
		fill(h->fetch, &answer, reply);
	return class;
}
