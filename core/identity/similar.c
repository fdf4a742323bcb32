#include "identity/similar.h"

#include <string.h>

#define LONGEST 64 /* characters that are compared; what comes behind is beyond a slip of the pen */

static guint characters(const char *s, gunichar out[LONGEST])
{
	guint n = 0;
	for (const char *p = s; *p != '\0' && n < LONGEST; n++) {
		if ((guchar)*p < 0x80) {
			out[n] = (guchar)*p++;
		} else {
			out[n] = g_utf8_get_char(p);
			p = g_utf8_next_char(p);
		}
	}
	return n;
}

static double jaro(const gunichar *a, guint n, const gunichar *b, guint m)
{
	gboolean taken_a[LONGEST] = {FALSE}, taken_b[LONGEST] = {FALSE};
	guint window = MAX(n, m) / 2, common = 0, swaps = 0;
	window = window > 0 ? window - 1 : 0;
	for (guint i = 0; i < n; i++)
		for (guint j = i > window ? i - window : 0; j < MIN(m, i + window + 1); j++)
			if (!taken_b[j] && a[i] == b[j]) {
				taken_a[i] = taken_b[j] = TRUE;
				common++;
				break;
			}
	if (common == 0)
		return 0;
	for (guint i = 0, j = 0; i < n; i++) {
		if (!taken_a[i])
			continue;
		while (!taken_b[j])
			j++;
		swaps += a[i] != b[j++];
	}
	guint transposed = swaps / 2;
	double c = common;
	return (c / n + c / m + (c - transposed) / c) / 3;
}

double identity_jaro_winkler(const char *a, const char *b)
{
	gunichar x[LONGEST], y[LONGEST];
	guint n = characters(a, x), m = characters(b, y), prefix = 0;
	if (n == 0 || m == 0)
		return n == m ? 1 : 0;
	double similarity = jaro(x, n, y, m);
	while (prefix < 4 && prefix < n && prefix < m && x[prefix] == y[prefix])
		prefix++;
	return similarity + prefix * 0.1 * (1 - similarity);
}

guint identity_edits(const char *a, const char *b, guint limit)
{
	gunichar x[LONGEST], y[LONGEST];
	guint n = characters(a, x), m = characters(b, y);
	if ((n > m ? n - m : m - n) > limit)
		return limit + 1;
	guint rows[3][LONGEST + 1];
	guint *before = rows[0], *last = rows[1], *row = rows[2];
	for (guint j = 0; j <= m; j++)
		last[j] = j;
	for (guint i = 1; i <= n; i++) {
		guint best = row[0] = i;
		for (guint j = 1; j <= m; j++) {
			guint cost = x[i - 1] == y[j - 1] ? 0 : 1;
			guint edits = MIN(MIN(last[j], row[j - 1]) + 1, last[j - 1] + cost);
			if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
				edits = MIN(edits, before[j - 2] + 1);
			row[j] = edits;
			best = MIN(best, edits);
		}
		if (best > limit)
			return limit + 1;
		guint *spare = before;
		before = last;
		last = row;
		row = spare;
	}
	return MIN(last[m], limit + 1);
}

gboolean identity_near(const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return TRUE;
	if (strpbrk(a, "0123456789") != NULL || strpbrk(b, "0123456789") != NULL)
		return FALSE;
	glong length = MAX(g_utf8_strlen(a, -1), g_utf8_strlen(b, -1));
	guint limit = length < 4 ? 0 : length < 8 ? 1 : 2;
	return limit > 0 && identity_edits(a, b, limit) <= limit;
}

static char skeleton_class(gunichar c)
{
	switch (c) {
	case 'b':
	case 'p':
		return 'p';
	case 'c':
	case 'k':
	case 'q':
	case 'g':
		return 'k';
	case 's':
	case 'z':
	case 'x':
		return 's';
	case 'd':
	case 't':
		return 't';
	case 'v':
	case 'w':
	case 'f':
		return 'v';
	case 'm':
	case 'n':
		return 'n';
	case 'l':
		return 'l';
	case 'r':
		return 'r';
	case 'j':
		return 'j';
	default:
		return '\0';
	}
}

void identity_skeleton(const char *word, char out[8])
{
	guint n = 0;
	memset(out, 0, 8);
	for (const char *p = word; *p != '\0' && n < 5; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		char class = skeleton_class(c);
		if (p == word)
			out[n++] = class != '\0' ? class : c < 0x80 ? (char)c : '?';
		else if (class != '\0' && out[n - 1] != class)
			out[n++] = class;
	}
}
