#include "base/base.h"

#include <sodium.h>
#include <string.h>

char *base_utf8_repair(const char *bytes, gssize length)
{
	return g_utf8_make_valid(bytes, length);
}

/* What may not stand in one line: it would break the line, or change how the rest of it reads. */
static gboolean is_blank(gunichar c)
{
	return g_unichar_isspace(c) || g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029 ||
	       (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

char *base_one_line(const char *text, gsize max)
{
	g_autofree char *repaired = base_utf8_repair(text ? text : "", -1);
	GString *line = g_string_new(NULL);
	gsize characters = 0, last = 0; /* last: where the character before the cut begins */
	gboolean blank = FALSE;
	for (const char *p = repaired; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (is_blank(c)) {
			blank = line->len > 0;
			continue;
		}
		if (characters + (blank ? 1 : 0) >= max) {
			if (characters >= max)
				g_string_truncate(line, last);
			if (max > 0)
				g_string_append(line, "…");
			break;
		}
		if (blank)
			g_string_append_c(line, ' ');
		characters += blank ? 2 : 1;
		blank = FALSE;
		last = line->len;
		g_string_append_unichar(line, c);
	}
	return g_string_free(line, FALSE);
}

#define WORD_MAX 100 /* letters: nobody mistypes more of them */

/* Edit distance with neighbours that changed places counted once. Both at most WORD_MAX long. */
static gsize distance(const gunichar *a, gsize na, const gunichar *b, gsize nb)
{
	gsize rows[3][WORD_MAX + 1];
	gsize *before = rows[0], *above = rows[1], *row = rows[2];
	for (gsize j = 0; j <= nb; j++)
		above[j] = j;
	for (gsize i = 1; i <= na; i++) {
		row[0] = i;
		for (gsize j = 1; j <= nb; j++) {
			gsize best = above[j - 1] + (a[i - 1] != b[j - 1]);
			best = MIN(best, above[j] + 1);
			best = MIN(best, row[j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = MIN(best, before[j - 2] + 1);
			row[j] = best;
		}
		gsize *oldest = before;
		before = above;
		above = row;
		row = oldest;
	}
	return above[nb];
}

static gunichar *folded(const char *word, gsize *length)
{
	g_autofree char *repaired = base_utf8_repair(word, -1);
	g_autofree char *lower = g_utf8_strdown(repaired, -1);
	glong n = 0;
	gunichar *points = g_utf8_to_ucs4_fast(lower, -1, &n);
	*length = (gsize)n;
	return points;
}

const char *base_nearest(const char *word, const char *const *words)
{
	gsize length = 0;
	g_autofree gunichar *points = folded(word, &length);
	if (length == 0 || length > WORD_MAX)
		return NULL;
	const char *nearest = NULL;
	gsize least = 1 + length / 3 + 1; /* one error in three letters, and one for short words */
	for (; *words; words++) {
		gsize other = 0;
		g_autofree gunichar *candidate = folded(*words, &other);
		if (other > WORD_MAX)
			continue;
		gsize d = distance(points, length, candidate, other);
		if (d < least && d < MAX(length, other)) {
			least = d;
			nearest = *words;
		}
	}
	return nearest;
}

static gpointer start_sodium(gpointer unused)
{
	(void)unused;
	if (sodium_init() < 0)
		g_error("libsodium cannot start: no source of random bytes");
	return NULL;
}

void base_hash128(const void *bytes, gsize length, guint8 out[16])
{
	static GOnce started = G_ONCE_INIT; /* it chooses the fastest code for this processor */
	g_once(&started, start_sodium, NULL);
	crypto_generichash(out, 16, bytes, length, NULL, 0);
}

void base_json_text(json_t *object, const char *key, const char *value)
{
	if (!value)
		return;
	if (json_object_set_new(object, key, json_string(value)) == 0)
		return;
	g_autofree char *repaired = base_utf8_repair(value, -1); /* jansson refuses what is not UTF-8 */
	json_object_set_new(object, key, json_string(repaired));
}

void base_json_time(json_t *object, const char *key, gint64 seconds)
{
	g_autofree char *text = base_time_rfc3339(seconds);
	json_object_set_new(object, key, text ? json_string(text) : json_null());
}
