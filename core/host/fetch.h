/* fetch: the HTTP client of connectors, in three parts: one exchange with one server (fetch_curl.c), the pace at which
 * a server is asked and asked again (fetch_pace.c), and the whole request with its redirects and retries (fetch.c). */
#pragma once

#include <curl/curl.h>

#include "host/host.h"

#define FETCH_REDIRECTS       5
#define FETCH_TRIES           4
#define FETCH_MAX_BYTES       (64u << 20) /* of a body, where the request does not say */
#define FETCH_CONNECT_SECONDS 20L
#define FETCH_IDLE_SECONDS    60L   /* without a byte */
#define FETCH_TOTAL_SECONDS   600L  /* for one exchange */
#define FETCH_LONGEST_WAIT    60000 /* milliseconds that a Retry-After is waited for; longer ones end the request */

/* ---- fetch_curl.c ---- */

/* What is sent to one server. Strings are borrowed. */
struct fetch_ask {
	const char *url, *method, *user, *password;
	const struct meri_request *request; /* headers, body, conditions, size */
	gboolean own_host; /* the URL that the connector named: its headers and credentials may go there */
	gboolean send_body;
};

/* What came back; the strings live in host_fetch until the next exchange. */
struct fetch_answer {
	CURLcode code;    /* CURLE_OK: there is a status */
	gboolean stopped; /* the run is over */
	gboolean too_large, sent;
	int status;
	const char *location, *retry_after;
	char problem[CURL_ERROR_SIZE];
};

struct host_fetch {
	CURLM *multi;
	CURL *easy;
	GByteArray *body;
	gsize max_bytes;
	gboolean too_large;
	char *url, *user, *password;
	char *media_type, *etag, *last_modified, *link, *retry_after, *location;
	GHashTable *paces; /* host -> struct fetch_pace */
};
struct host_fetch *fetch_new(void);
void fetch_exchange(struct host *h, const struct fetch_ask *ask, struct fetch_answer *answer);

/* ---- fetch_pace.c ---- */

struct fetch_pace {
	gint64 next;     /* monotonic milliseconds: not before */
	gint64 interval; /* milliseconds between two requests */
};
struct fetch_pace *fetch_pace_of(struct host_fetch *fetch, const char *host);
/* Milliseconds to wait now; books the turn. */
gint64 fetch_pace_turn(struct fetch_pace *pace, gint64 now);
void fetch_pace_slower(struct fetch_pace *pace); /* the server said 429 or 503 */
void fetch_pace_faster(struct fetch_pace *pace);
/* Retry-After in milliseconds from `now` (seconds since 1970); -1 if it says nothing that can be understood. */
gint64 fetch_retry_after(const char *value, gint64 now);
/* How long to wait before try number `tried` + 1: doubling, with chance in it, so that many do not come back at once.
 */
gint64 fetch_backoff(guint tried);
