/* What a route reads of its request, and says of its reply. */
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
