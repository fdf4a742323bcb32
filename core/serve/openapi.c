#include "serve/openapi.h"

/* The assembler puts the file in; the path counts from where make runs. */
__asm__(".section .rodata\n"
	".global serve_openapi_text\n"
	"serve_openapi_text:\n"
	".incbin \"core/serve/openapi.json\"\n"
	".global serve_openapi_end\n"
	"serve_openapi_end:\n"
	".byte 0\n"
	".previous\n");
extern const char serve_openapi_text[], serve_openapi_end[];

json_t *serve_openapi(struct serve_request *request, GError **error)
{
	(void)request;
	json_error_t why;
	json_t *document = json_loadb(serve_openapi_text, (gsize)(serve_openapi_end - serve_openapi_text),
				      JSON_REJECT_DUPLICATES, &why);
	if (!document)
		g_set_error(error, SERVE_ERROR, SERVE_INTERNAL, "openapi.json, line %d: %s", why.line, why.text);
	return document;
}
