#include "serve/cursor.h"

#include <string.h>

#include "base/base.h"

/* Little-endian: 8 bytes of the list's hash, then the numbers; as base64 for URLs, without padding. */
enum { HASH = 8, BYTES = HASH + 8 * SERVE_CURSOR_NUMBERS, WORD = (BYTES * 4 + 2) / 3 };

static void hash_of(const char *list, guint8 out[HASH])
{
	guint8 whole[16];
	base_hash128(list, strlen(list), whole);
	memcpy(out, whole, HASH);
}

char *serve_cursor_write(const char *list, const gint64 numbers[SERVE_CURSOR_NUMBERS])
{
	guint8 bytes[BYTES];
	hash_of(list, bytes);
	for (guint i = 0; i < SERVE_CURSOR_NUMBERS; i++) {
		guint64 little = GUINT64_TO_LE((guint64)numbers[i]);
		memcpy(bytes + HASH + 8 * (gsize)i, &little, sizeof little);
	}
	char *word = g_base64_encode(bytes, sizeof bytes);
	g_strdelimit(word, "+", '-');
	g_strdelimit(word, "/", '_');
	word[WORD] = '\0';
	return word;
}

gboolean serve_cursor_parse(const char *list, const char *word, gint64 numbers[SERVE_CURSOR_NUMBERS])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	if (strlen(word) != WORD || strspn(word, letters) != WORD)
		return FALSE;
	g_autofree char *plain = g_strconcat(word, WORD % 4 == 2 ? "==" : WORD % 4 == 3 ? "=" : "", NULL);
	g_strdelimit(plain, "-", '+');
	g_strdelimit(plain, "_", '/');
	gsize length;
	g_autofree guchar *bytes = g_base64_decode(plain, &length);
	guint8 hash[HASH];
	hash_of(list, hash);
	if (length != BYTES || memcmp(bytes, hash, HASH) != 0)
		return FALSE;
	for (guint i = 0; i < SERVE_CURSOR_NUMBERS; i++) {
		guint64 little;
		memcpy(&little, bytes + HASH + 8 * (gsize)i, sizeof little);
		numbers[i] = (gint64)GUINT64_FROM_LE(little);
	}
	g_autofree char *again = serve_cursor_write(list, numbers);
	return !strcmp(again, word);
}

/* The path and what was asked, in one line that no other question has. */
static char *list_of(struct serve_request *request, const char *const *about)
{
	GString *list = g_string_new(request->path);
	for (guint i = 0; about && about[i]; i++) {
		g_autoptr(GPtrArray) values = serve_parameters(request, about[i]);
		g_string_append_printf(list, "\n%s", about[i]);
		for (guint k = 0; k < values->len; k++)
			g_string_append_printf(list, "\n%zu %s", strlen(values->pdata[k]), (char *)values->pdata[k]);
	}
	return g_string_free(list, FALSE);
}

gboolean serve_cursor_read(struct serve_request *request, const char *const *about, struct serve_cursor *cursor,
			   GError **error)
{
	const char *word = serve_parameter(request, "cursor");
	*cursor = (struct serve_cursor){0};
	if (!word || !*word)
		return TRUE;
	cursor->there = TRUE;
	g_autofree char *list = list_of(request, about);
	if (serve_cursor_parse(list, word, cursor->numbers))
		return TRUE;
	g_set_error(error, SERVE_ERROR, SERVE_BAD_REQUEST,
		    "this cursor is not of this list: take the one in the reply before, and ask the same with it");
	return FALSE;
}

json_t *serve_cursor_json(struct serve_request *request, const char *const *about, const struct serve_cursor *cursor,
			  gboolean end)
{
	if (end)
		return json_null();
	g_autofree char *list = list_of(request, about);
	g_autofree char *word = serve_cursor_write(list, cursor->numbers);
	return json_string(word);
}

gint64 serve_cursor_of_double(double value)
{
	gint64 number;
	memcpy(&number, &value, sizeof number);
	return number;
}

double serve_cursor_to_double(gint64 number)
{
	double value;
	memcpy(&value, &number, sizeof value);
	return value;
}
