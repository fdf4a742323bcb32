#include "serve/rows.h"

#include <string.h>

#include "base/base.h"

enum { SLACK = 100 }; /* rows that may have come before the place meanwhile */

static int compare(const gint64 a[SERVE_KEY], const gint64 b[SERVE_KEY])
{
	for (guint i = 0; i < SERVE_KEY; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

struct keyed {
	gint64 key[SERVE_KEY];
	gconstpointer row;
};

static int by_key(gconstpointer a, gconstpointer b)
{
	return compare(((const struct keyed *)a)->key, ((const struct keyed *)b)->key);
}

static GArray *keyed_of(const GPtrArray *found, const struct serve_rows *rows)
{
	GArray *all = g_array_sized_new(FALSE, TRUE, sizeof(struct keyed), found->len);
	for (guint i = 0; i < found->len; i++) {
		struct keyed one = {.row = found->pdata[i]};
		rows->key(one.row, one.key);
		g_array_append_val(all, one);
	}
	g_array_sort(all, by_key);
	return all;
}

json_t *serve_rows_reply(struct serve_request *request, const struct serve_rows *rows, GError **error)
{
	guint limit;
	struct serve_cursor cursor;
	if (!serve_number(request, "n", 1, rows->most, rows->otherwise, &limit, error) ||
	    !serve_cursor_read(request, rows->about, &cursor, error))
		return NULL;
	guint before = (guint)CLAMP(cursor.numbers[0], 0, SERVE_ROWS_MAX);
	guint wanted = before + limit + 1 + (cursor.there ? SLACK : 0);
	g_autoptr(GPtrArray) found = rows->read(request, rows->user, wanted, error);
	if (!found)
		return NULL;
	g_autoptr(GArray) all = keyed_of(found, rows);
	json_t *array = json_array();
	guint i = 0;
	while (cursor.there && i < all->len &&
	       compare(g_array_index(all, struct keyed, i).key, cursor.numbers + 1) <= 0)
		i++;
	struct serve_cursor next = {.numbers = {(gint64)before}};
	for (; i < all->len && json_array_size(array) < limit; i++) {
		const struct keyed *one = &g_array_index(all, struct keyed, i);
		json_array_append_new(array, rows->render(one->row));
		memcpy(next.numbers + 1, one->key, sizeof one->key);
		next.numbers[0]++;
	}
	gboolean end = i >= all->len || next.numbers[0] >= SERVE_ROWS_MAX;
	return json_pack("{s:o, s:o}", rows->name, array, "cursor",
			 serve_cursor_json(request, rows->about, &next, end));
}

gint64 serve_key_of_beginning(const char *text)
{
	guint64 number = 0;
	for (guint i = 0; i < 7; i++) {
		number = number << 8 | (guchar)*text;
		text += *text != '\0';
	}
	return (gint64)number;
}

gint64 serve_key_of_text(const char *text)
{
	guint8 hash[16];
	gint64 number;
	base_hash128(text, strlen(text), hash);
	memcpy(&number, hash, sizeof number);
	return number;
}
