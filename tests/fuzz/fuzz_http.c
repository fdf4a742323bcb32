/* What core/serve reads of a request by itself: headers and escaped paths. The first byte says which. */
// with: core/serve/parse.c
// libs: glib-2.0 gio-2.0
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "serve/parse.h"

static void must(int holds)
{
	if (!holds)
		abort();
}

static void names(const char *text)
{
	g_autofree char *host = serve_parse_host(text), *forwarded = serve_parse_forwarded(text),
			*network = serve_parse_network(text), *name = NULL, *port = NULL;
	/* Nothing that could end a header, or a name, gets through. */
	must(!host || (*host && !strpbrk(host, " /@\r\n\t[]")));
	must(!forwarded || !strpbrk(forwarded, " /@\r\n\t,"));
	must(network != NULL);
	must(!serve_parse_listen(text, &name, &port) || (name && port && strlen(port) <= 16));
}

static void unescape(const char *text)
{
	g_autofree char *copy = g_strdup(text);
	gsize before = strlen(copy), after = serve_parse_unescape(copy);
	must(after <= before && after == strlen(copy) && g_utf8_validate(copy, -1, NULL));
}

static void values(const char *text)
{
	g_autofree char *cookie = serve_parse_cookie(text, "meri_session"), *tag = g_strdup_printf("\"%.20s\"", text);
	const char *secret = serve_parse_bearer(text);
	must(!cookie || !strchr(cookie, ';'));
	must(!secret || (*secret && secret > text));
	serve_parse_gzip(text);
	serve_parse_matches(text, tag);
	serve_parse_matches(text, "W/\"0123\"");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
	static void (*const each[])(const char *) = {names, unescape, values};
	each[data[0] % 3](text);
	return 0;
}
