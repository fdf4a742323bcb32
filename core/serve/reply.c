/* Replies: JSON with a tag of what it says, packed where the client likes it, and what every reply tells a browser. */
#include <string.h>
#include <zlib.h>

#include "base/base.h"
#include "serve/inside.h"
#include "serve/parse.h"

enum { PACK_FROM = 1024, PACK_LEVEL = 4 };

/* ---- what goes with every reply ---- */

static void header(struct MHD_Response *response, const char *name, const char *value)
{
	MHD_add_response_header(response, name, value);
}

void serve_reply_safety(const struct serve *serve, struct MHD_Response *response, gboolean page)
{
	header(response, "X-Content-Type-Options", "nosniff");
	header(response, "Referrer-Policy", "no-referrer");
	header(response, "Cross-Origin-Resource-Policy", "same-origin");
	header(response, "X-Frame-Options", "DENY");
	header(response, "Content-Security-Policy",
	       page ? "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
		      "'self'; "
		      "manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
		    : "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
	if (page) {
		header(response, "Cross-Origin-Opener-Policy", "same-origin");
		header(response, "Permissions-Policy",
		       "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()");
	}
	if (serve->secure)
		header(response, "Strict-Transport-Security", "max-age=31536000");
}

static void finish(struct serve_request *request, unsigned status, struct MHD_Response *response, const char *type,
		   const char *cache)
{
	if (type)
		header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	header(response, MHD_HTTP_HEADER_CACHE_CONTROL, cache);
	serve_reply_safety(request->serve, response, FALSE);
	for (guint i = 0; request->headers && i + 1 < request->headers->len; i += 2)
		header(response, request->headers->pdata[i], request->headers->pdata[i + 1]);
	request->response = response;
	request->status = status;
}

/* ---- gzip ---- */

static gboolean packer_ready(struct serve_worker *worker)
{
	if (worker->packer)
		return deflateReset(worker->packer) == Z_OK;
	worker->packer = g_new0(z_stream, 1);
	if (deflateInit2(worker->packer, PACK_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK)
		return TRUE;
	g_clear_pointer(&worker->packer, g_free);
	return FALSE;
}

/* The text packed, or NULL where that saves nothing. From malloc. */
static char *pack(struct serve_worker *worker, const char *text, gsize length, gsize *packed_length)
{
	if (!packer_ready(worker))
		return NULL;
	z_stream *z = worker->packer;
	char *packed = malloc(length);
	if (!packed)
		return NULL;
	z->next_in = (Bytef *)text;
	z->avail_in = (uInt)length;
	z->next_out = (Bytef *)packed;
	z->avail_out = (uInt)length;
	if (deflate(z, Z_FINISH) == Z_STREAM_END) {
		*packed_length = length - z->avail_out;
		return packed;
	}
	free(packed);
	return NULL;
}

/* ---- good replies ---- */

/* Weak: the same tag for the packed and the plain text. */
static char *tag_of(const char *text)
{
	guint8 hash[16];
	base_hash128(text, strlen(text), hash);
	GString *tag = g_string_new("W/\"");
	for (guint i = 0; i < 12; i++)
		g_string_append_printf(tag, "%02x", hash[i]);
	g_string_append_c(tag, '"');
	return g_string_free(tag, FALSE);
}

/* How long an answer took is no part of what it says. */
static char *dump(json_t *body, char **tag)
{
	json_t *took = json_incref(json_object_get(body, "took_ms"));
	if (took)
		json_object_del(body, "took_ms");
	char *text = json_dumps(body, JSON_COMPACT);
	*tag = text ? tag_of(text) : NULL;
	if (!took || !text) {
		json_decref(took);
		return text;
	}
	json_object_set_new(body, "took_ms", took);
	free(text);
	return json_dumps(body, JSON_COMPACT);
}

struct serve_kept *serve_kept_new(struct serve_request *request, json_t *body, gboolean packed)
{
	char *tag = NULL, *text = dump(body, &tag);
	json_decref(body);
	if (!text)
		return NULL;
	struct serve_kept *kept = g_atomic_rc_box_new0(struct serve_kept);
	kept->text = text;
	kept->length = strlen(text);
	kept->tag = tag;
	if (packed && kept->length > PACK_FROM && kept->length < G_MAXINT32)
		kept->packed = pack(request->worker, text, kept->length, &kept->packed_length);
	kept->what = g_strdup(request->audit_what);
	kept->customer = request->audit_customer;
	kept->hits = request->audit_hits;
	return kept;
}

static gboolean likes_packed(struct serve_request *request)
{
	return request->worker && serve_parse_gzip(serve_header(request, MHD_HTTP_HEADER_ACCEPT_ENCODING));
}

/* A response that says the text as long as it lasts, packed where the client likes it. */
static struct MHD_Response *response_of(struct serve_request *request, struct serve_kept *kept)
{
	gboolean packed = kept->packed && likes_packed(request);
	struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
		packed ? kept->packed_length : kept->length, packed ? kept->packed : kept->text, serve_kept_unref,
		serve_kept_ref(kept));
	if (packed)
		header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	if (kept->length > PACK_FROM)
		header(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
	return response;
}

void serve_reply_kept(struct serve_request *request, unsigned status, struct serve_kept *kept)
{
	gboolean tagged = status == MHD_HTTP_OK && !strcmp(request->method, "GET");
	if (tagged)
		serve_reply_header(request, MHD_HTTP_HEADER_ETAG, kept->tag);
	if (tagged && serve_parse_matches(serve_header(request, MHD_HTTP_HEADER_IF_NONE_MATCH), kept->tag)) {
		finish(request, MHD_HTTP_NOT_MODIFIED,
		       MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT), NULL,
		       "private, no-cache");
		return;
	}
	finish(request, status, response_of(request, kept), "application/json",
	       tagged ? "private, no-cache" : "no-store");
}

void serve_reply(struct serve_request *request, unsigned status, json_t *body)
{
	g_autoptr(serve_kept) kept = serve_kept_new(request, body, likes_packed(request));
	if (kept) {
		serve_reply_kept(request, status, kept);
		return;
	}
	g_autoptr(GError) error = g_error_new(SERVE_ERROR, SERVE_INTERNAL, "the answer cannot be written as JSON");
	serve_problem(request, error);
}

void serve_reply_text(struct serve_request *request, unsigned status, const char *type, const char *text)
{
	finish(request, status, MHD_create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_MUST_COPY),
	       type, "no-store");
}

/* ---- problems ---- */

/* The code of SERVE_ERROR that an error amounts to. */
static int code_of(const GError *error)
{
	static const struct {
		int from, to;
	} of_store[] = {
		{STORE_ERROR_ABSENT, SERVE_NOT_FOUND}, {STORE_ERROR_INVALID, SERVE_REFUSED},
		{STORE_ERROR_TAKEN, SERVE_CONFLICT},   {STORE_ERROR_REFUSED, SERVE_REFUSED},
		{STORE_ERROR_FULL, SERVE_FULL},
	};
	if (error->domain == SERVE_ERROR)
		return error->code;
	for (gsize i = 0; i < G_N_ELEMENTS(of_store); i++)
		if (g_error_matches(error, STORE_ERROR, of_store[i].from))
			return of_store[i].to;
	if (g_error_matches(error, SYNC_ERROR, SYNC_ERROR_ABSENT) ||
	    g_error_matches(error, IDENTITY_ERROR, IDENTITY_ERROR_ABSENT))
		return SERVE_NOT_FOUND;
	if (g_error_matches(error, IDENTITY_ERROR, IDENTITY_ERROR_REFUSED))
		return SERVE_REFUSED;
	if (g_error_matches(error, SYNC_ERROR, SYNC_ERROR_BUSY))
		return SERVE_CONFLICT;
	return SERVE_INTERNAL;
}

/* The word that the page translates. */
static const char *word_of(int code)
{
	static const struct {
		int code;
		const char *word;
	} words[] = {
		{SERVE_LOGIN_NEEDED, "login_needed"}, {SERVE_WRONG_PASSWORD, "wrong_password"},
		{SERVE_FORBIDDEN, "forbidden"},       {SERVE_CSRF, "csrf"},
		{SERVE_UNKNOWN_PEER, "unknown_peer"}, {SERVE_NOT_FOUND, "not_found"},
		{SERVE_CONFLICT, "conflict"},         {SERVE_EXPIRED, "expired"},
		{SERVE_TOO_LARGE, "too_large"},       {SERVE_REFUSED, "refused"},
		{SERVE_THROTTLED, "throttled"},       {SERVE_BUSY, "throttled"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].code == code)
			return words[i].word;
	return code % 1000 >= 500 ? "internal" : "bad_request";
}

/* What went wrong inside is for the log: its words may tell what is withheld, or where our files are. */
static const char *detail_of(struct serve_request *request, const GError *error, int code)
{
	if (code % 1000 < 500 || error->domain == SERVE_ERROR)
		return error->message;
	g_autofree char *path = base_one_line(request->path, 200);
	base_log(BASE_ERROR, "%s %s: %s", request->method, path, error->message);
	if (request->caller && request->caller->admin)
		return error->message;
	return code == SERVE_FULL ? "the hub cannot write now; its admins find in its log why"
				  : "the hub could not answer; its admins find in its log why";
}

void serve_problem(struct serve_request *request, const GError *error)
{
	int code = code_of(error), status = code % 1000;
	g_autofree char *detail = g_utf8_make_valid(detail_of(request, error, code), -1);
	json_t *body = json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title",
				 MHD_get_reason_phrase_for((unsigned)status), "status", status, "detail", detail,
				 "code", word_of(code));
	char *text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	finish(request, (unsigned)status, MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE),
	       "application/problem+json", "no-store");
}
