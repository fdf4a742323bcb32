#include "serve/http.h"

#include <pwd.h>
#include <string.h>
#include <sys/socket.h>

G_DEFINE_QUARK(meri - serve - error, serve_error)

const char *serve_parameter(struct serve_request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
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
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct ucred peer = {.uid = (uid_t)-1};
	socklen_t length = sizeof peer;
	char buffer[1024];
	struct passwd entry, *found = NULL;
	if (!info || getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
		return g_strdup("unknown");
	if (getpwuid_r(peer.uid, &entry, buffer, sizeof buffer, &found) == 0 && found)
		return g_strdup(found->pw_name);
	return g_strdup_printf("uid %u", (unsigned)peer.uid);
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

static unsigned status_of(const GError *error)
{
	if (error->domain == SERVE_ERROR)
		return (unsigned)error->code;
	if (g_error_matches(error, STORE_ERROR, STORE_ERROR_ABSENT) ||
	    g_error_matches(error, SYNC_ERROR, SYNC_ERROR_ABSENT))
		return MHD_HTTP_NOT_FOUND;
	if (g_error_matches(error, IDENTITY_ERROR, IDENTITY_ERROR_ABSENT))
		return MHD_HTTP_NOT_FOUND;
	if (g_error_matches(error, IDENTITY_ERROR, IDENTITY_ERROR_REFUSED))
		return MHD_HTTP_UNPROCESSABLE_CONTENT;
	if (g_error_matches(error, SYNC_ERROR, SYNC_ERROR_BUSY))
		return MHD_HTTP_CONFLICT;
	return MHD_HTTP_INTERNAL_SERVER_ERROR;
}

enum MHD_Result serve_problem(struct MHD_Connection *connection, const GError *error)
{
	unsigned status = status_of(error);
	json_t *body = json_pack("{s:s, s:s, s:i, s:s}", "type", "about:blank", "title",
				 MHD_get_reason_phrase_for(status), "status", (int)status, "detail", error->message);
	return queue(connection, status, body, "application/problem+json");
}
