#include "serve/http.h"

#include <string.h>

G_DEFINE_QUARK(meri - serve - error, serve_error)

const char *serve_parameter(struct serve_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

struct wanted {
	const char *name;
	GPtrArray *values;
};

static enum MHD_Result take_value(void *user, enum MHD_ValueKind kind, const char *key, const char *value)
{
	(void)kind;
	struct wanted *wanted = user;
	if (value && *value && !strcmp(key, wanted->name))
		g_ptr_array_add(wanted->values, (gpointer)value);
	return MHD_YES;
}

GPtrArray *serve_parameters(struct serve_request *request, const char *name)
{
	struct wanted wanted = {name, g_ptr_array_new_null_terminated(4, NULL, TRUE)};
	MHD_get_connection_values(request->connection, MHD_GET_ARGUMENT_KIND, take_value, &wanted);
	return wanted.values;
}

const char *serve_header(struct serve_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *serve_body_text(struct serve_request *request, const char *key)
{
	return json_string_value(json_object_get(request->body, key));
}

gboolean serve_id(struct serve_request *request, const char *what, gint64 *id, GError **error)
{
	if (g_ascii_string_to_signed(request->argument, 10, 1, G_MAXINT64, id, NULL))
		return TRUE;
	g_set_error(error, SERVE_ERROR, SERVE_NOT_FOUND, "there is no %s \"%s\"", what, request->argument);
	return FALSE;
}

void serve_reply_header(struct serve_request *request, const char *name, const char *value)
{
	if (!request->headers)
		request->headers = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(request->headers, g_strdup(name));
	g_ptr_array_add(request->headers, g_strdup(value));
}

void serve_audit(struct serve_request *request, const char *what, gint64 customer, gint64 hits)
{
	g_free(request->audit_what);
	request->audit_what = g_strdup(what);
	request->audit_customer = customer;
	request->audit_hits = hits;
}

gboolean serve_number(struct serve_request *request, const char *name, guint low, guint high, guint otherwise,
		      guint *value, GError **error)
{
	const char *text = serve_parameter(request, name);
	*value = otherwise;
	if (!text)
		return TRUE;
	guint64 number = 0;
	if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT, &number, NULL)) {
		g_set_error(error, SERVE_ERROR, MHD_HTTP_BAD_REQUEST, "%s must be a whole number, not \"%s\"", name,
			    text);
		return FALSE;
	}
	*value = CLAMP((guint)number, low, high);
	return TRUE;
}

char *serve_peer(struct serve_request *request)
{
	return g_strdup(request->caller->name);
}

static enum MHD_Result queue(struct MHD_Connection *connection, unsigned status, json_t *body, const char *type)
{
	char *text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	if (!text)
		return MHD_NO;
	struct MHD_Response *response = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	enum MHD_Result result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

enum MHD_Result serve_reply(struct MHD_Connection *connection, unsigned status, json_t *body)
{
	return queue(connection, status, body, "application/json");
}

/* The code of SERVE_ERROR that an error amounts to. */
static int code_of(const GError *error)
{
	if (error->domain == SERVE_ERROR)
		return error->code;
	if (g_error_matches(error, STORE_ERROR, STORE_ERROR_ABSENT) ||
	    g_error_matches(error, SYNC_ERROR, SYNC_ERROR_ABSENT) ||
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
		{SERVE_THROTTLED, "throttled"},
	};
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].code == code)
			return words[i].word;
	return code % 1000 >= 500 ? "internal" : "bad_request";
}

enum MHD_Result serve_problem(struct MHD_Connection *connection, const GError *error)
{
	int code = code_of(error), status = code % 1000;
	g_autofree char *detail = g_utf8_make_valid(error->message, -1);
	json_t *body = json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", "about:blank", "title",
				 MHD_get_reason_phrase_for((unsigned)status), "status", status, "detail", detail,
				 "code", word_of(code));
	return queue(connection, (unsigned)status, body, "application/problem+json");
}
