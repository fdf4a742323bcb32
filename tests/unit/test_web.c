/* The page's files as they are built into the program: they are found, they are what they say, and gzip gives back the
 * same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gio/gio.h>

#include "web/web.h"

extern const struct web_file web_files[];
extern const gsize web_n_files;

static void files_are_found(void **state)
{
	(void)state;
	const struct web_file *page = web_file_find("/"), *script = web_file_find("/app/main.js");
	assert_non_null(page);
	assert_string_equal(page->type, "text/html; charset=utf-8");
	assert_non_null(g_strstr_len((const char *)page->bytes, (gssize)page->length, "/app/main.js"));
	assert_non_null(script);
	assert_string_equal(script->type, "text/javascript; charset=utf-8");
	assert_string_equal(web_file_find("/style/base.css")->type, "text/css; charset=utf-8");
	assert_string_equal(web_file_find("/favicon.svg")->type, "image/svg+xml");
	assert_non_null(web_file_find("/lib/preact.js"));
}

static void addresses_of_the_page_are_the_page(void **state)
{
	(void)state;
	static const char *const addresses[] = {"/find",  "/customer/12", "/work", "/sources/crm",
						"/login", "/welcome",     "/a/b/c"};
	for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++)
		assert_ptr_equal(web_file_find(addresses[i]), web_file_find("/"));
	static const char *const none[] = {"/app/none.js", "/favicon.ico",      "/api/v1/none", "/api", "",
					   "app",          "/../etc/passwd.txt"};
	for (gsize i = 0; i < G_N_ELEMENTS(none); i++)
		assert_null(web_file_find(none[i]));
}

static GBytes *unzipped(const struct web_file *file)
{
	g_autoptr(GZlibDecompressor) unzip = g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP);
	g_autoptr(GInputStream) zipped =
		g_memory_input_stream_new_from_data(file->gzip, (gssize)file->gzip_length, NULL);
	g_autoptr(GInputStream) plain = g_converter_input_stream_new(zipped, G_CONVERTER(unzip));
	g_autoptr(GError) error = NULL;
	GBytes *bytes = g_input_stream_read_bytes(plain, file->length + 1, NULL, &error);
	assert_null(error);
	return bytes;
}

static void gzip_gives_the_same(void **state)
{
	(void)state;
	g_autoptr(GHashTable) etags = g_hash_table_new(g_str_hash, g_str_equal);
	for (gsize i = 0; i < web_n_files; i++) {
		const struct web_file *file = &web_files[i];
		assert_ptr_equal(web_file_find(file->path), file);
		assert_true(file->etag[0] == '"' && file->etag[strlen(file->etag) - 1] == '"');
		assert_true(g_hash_table_add(etags, (gpointer)file->etag));
		assert_true(file->length > 0);
		if (!file->gzip)
			continue;
		assert_true(file->gzip_length < file->length);
		g_autoptr(GBytes) bytes = unzipped(file);
		assert_int_equal(g_bytes_get_size(bytes), file->length);
		assert_memory_equal(g_bytes_get_data(bytes, NULL), file->bytes, file->length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_found),
		cmocka_unit_test(addresses_of_the_page_are_the_page),
		cmocka_unit_test(gzip_gives_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
