/* One exchange with one server through libcurl, given up at once when the run is over. */
#include "host/fetch.h"

#include <string.h>

static void free_strings(struct host_fetch *f)
{
	g_clear_pointer(&f->media_type, g_free);
	g_clear_pointer(&f->etag, g_free);
	g_clear_pointer(&f->last_modified, g_free);
	g_clear_pointer(&f->link, g_free);
	g_clear_pointer(&f->retry_after, g_free);
	g_clear_pointer(&f->location, g_free);
}

struct host_fetch *fetch_new(void)
{
	struct host_fetch *f = g_new0(struct host_fetch, 1);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	f->multi = curl_multi_init();
	f->easy = curl_easy_init();
	f->body = g_byte_array_new();
	f->paces = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return f;
}

void host_fetch_free(struct host_fetch *f)
{
	if (!f)
		return;
	curl_easy_cleanup(f->easy);
	curl_multi_cleanup(f->multi);
	g_byte_array_unref(f->body);
	g_hash_table_unref(f->paces);
	free_strings(f);
	g_free(f->url);
	g_free(f->user);
	g_free(f->password);
	g_free(f);
}

static size_t on_bytes(char *bytes, size_t size, size_t n, void *user)
{
	struct host_fetch *f = user;
	if (n > f->max_bytes - f->body->len) {
		f->too_large = TRUE;
		return CURL_WRITEFUNC_ERROR;
	}
	g_byte_array_append(f->body, (const guint8 *)bytes, (guint)(size * n));
	return n;
}

static struct curl_slist *add_header(struct curl_slist *list, const char *name, const char *value)
{
	/* curl leaves a header out that has nothing after the colon; a semicolon instead sends it empty. */
	g_autofree char *line = *value ? g_strdup_printf("%s: %s", name, value) : g_strdup_printf("%s;", name);
	return curl_slist_append(list, line);
}

/* What another server than the one that the connector named may see: nothing that could be a key. */
static gboolean is_harmless(const char *name)
{
	static const char *const names[] = {"accept", "accept-language", "content-type", "depth"};
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(name, names[i]) == 0)
			return TRUE;
	return FALSE;
}

static struct curl_slist *headers_of(const struct fetch_ask *ask)
{
	const struct meri_request *r = ask->request;
	struct curl_slist *list = curl_slist_append(NULL, "Expect:"); /* no pause before a body */
	for (gsize i = 0; i < r->n_headers; i++)
		if (ask->own_host || is_harmless(r->headers[i].name))
			list = add_header(list, r->headers[i].name, r->headers[i].value ? r->headers[i].value : "");
	if (r->if_none_match && *r->if_none_match)
		list = add_header(list, "If-None-Match", r->if_none_match);
	if (r->if_modified_since && *r->if_modified_since)
		list = add_header(list, "If-Modified-Since", r->if_modified_since);
	return list;
}

static void set_up(struct host_fetch *f, const struct fetch_ask *ask, struct curl_slist *headers, char *problem)
{
	CURL *e = f->easy;
	curl_easy_reset(e); /* connections stay open */
	curl_easy_setopt(e, CURLOPT_URL, ask->url);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(e, CURLOPT_USERAGENT, "meri/" MERI_VERSION);
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT, FETCH_CONNECT_SECONDS);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, FETCH_IDLE_SECONDS);
	curl_easy_setopt(e, CURLOPT_TIMEOUT, FETCH_TOTAL_SECONDS);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, f);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, problem);
	if (ask->send_body) {
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->request->body_length);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, ask->request->body);
	}
	if (strcmp(ask->method, "HEAD") == 0)
		curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, ask->method);
	if (ask->own_host && ask->user) {
		curl_easy_setopt(e, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
		curl_easy_setopt(e, CURLOPT_USERNAME, ask->user);
		curl_easy_setopt(e, CURLOPT_PASSWORD, ask->password ? ask->password : "");
	}
}

static void transfer(struct host *h, struct fetch_answer *answer)
{
	struct host_fetch *f = h->fetch;
	int running = 1, left;
	answer->code = CURLE_FAILED_INIT;
	curl_multi_add_handle(f->multi, f->easy);
	while (running && !answer->stopped) {
		struct curl_waitfd word = {.fd = h->fd, .events = CURL_WAIT_POLLIN};
		if (curl_multi_perform(f->multi, &running) != CURLM_OK)
			break;
		if (running)
			curl_multi_poll(f->multi, &word, 1, 500, NULL);
		answer->stopped = host_stopped_now(h);
	}
	for (CURLMsg *m; (m = curl_multi_info_read(f->multi, &left));)
		if (m->msg == CURLMSG_DONE)
			answer->code = m->data.result;
	curl_multi_remove_handle(f->multi, f->easy);
}

/* A response header by name; several of one name are joined as HTTP allows. */
static char *header(CURL *easy, const char *name)
{
	struct curl_header *one;
	GString *all = NULL;
	for (size_t i = 0; curl_easy_header(easy, name, i, CURLH_HEADER, -1, &one) == CURLHE_OK; i++) {
		if (!all)
			all = g_string_new(NULL);
		g_string_append_printf(all, "%s%s", i ? ", " : "", one->value);
	}
	return all ? g_string_free(all, FALSE) : NULL;
}

void fetch_exchange(struct host *h, const struct fetch_ask *ask, struct fetch_answer *answer)
{
	struct host_fetch *f = h->fetch;
	struct curl_slist *headers = headers_of(ask);
	long status = 0, sent = 0;
	memset(answer, 0, sizeof *answer);
	if (f->body->len > (1u << 20)) { /* what one large reply took is given back */
		g_byte_array_unref(f->body);
		f->body = g_byte_array_new();
	}
	g_byte_array_set_size(f->body, 0);
	free_strings(f);
	f->too_large = FALSE;
	f->max_bytes = ask->request->max_bytes ? ask->request->max_bytes : FETCH_MAX_BYTES;
	f->max_bytes = MIN(f->max_bytes, G_MAXINT32);

	set_up(f, ask, headers, answer->problem);
	transfer(h, answer);
	curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(f->easy, CURLINFO_REQUEST_SIZE, &sent);
	answer->status = (int)status;
	answer->sent = sent > 0;
	answer->too_large = f->too_large;
	f->media_type = header(f->easy, "Content-Type");
	f->etag = header(f->easy, "ETag");
	f->last_modified = header(f->easy, "Last-Modified");
	f->link = header(f->easy, "Link");
	answer->retry_after = f->retry_after = header(f->easy, "Retry-After");
	answer->location = f->location = header(f->easy, "Location");
	curl_easy_setopt(f->easy, CURLOPT_ERRORBUFFER, NULL); /* it is the caller's, and goes with him */
	curl_easy_setopt(f->easy, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(headers);
}
