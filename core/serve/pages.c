/* The page's files, out of the program itself. */
#include <string.h>

#include "serve/inside.h"
#include "serve/parse.h"
#include "web/web.h"

static struct MHD_Response *file_response(struct serve_request *request, const struct web_file *file)
{
	gboolean packed = file->gzip && serve_parse_gzip(serve_header(request, MHD_HTTP_HEADER_ACCEPT_ENCODING));
	struct MHD_Response *response =
		MHD_create_response_from_buffer(packed ? file->gzip_length : file->length,
						(void *)(packed ? file->gzip : file->bytes), MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, file->type);
	if (packed)
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
	return response;
}

void serve_page(struct serve_request *request)
{
	const struct web_file *file = web_file_find(request->path);
	if (!file || strcmp(request->method, "GET") != 0) {
		g_autoptr(GError) error =
			file ? g_error_new(SERVE_ERROR, MHD_HTTP_METHOD_NOT_ALLOWED, "a page can only be read")
			     : g_error_new(SERVE_ERROR, SERVE_NOT_FOUND, "there is nothing at %s", request->path);
		if (file)
			serve_reply_header(request, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
		serve_problem(request, error);
		return;
	}
	gboolean same = serve_parse_matches(serve_header(request, MHD_HTTP_HEADER_IF_NONE_MATCH), file->etag);
	request->response = same ? MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT)
				 : file_response(request, file);
	request->status = same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK;
	/* The names stay when a new Meri is installed, so a browser asks each time; the answer is short. */
	MHD_add_response_header(request->response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache");
	MHD_add_response_header(request->response, MHD_HTTP_HEADER_ETAG, file->etag);
	MHD_add_response_header(request->response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
	serve_reply_safety(request->serve, request->response, TRUE);
}
