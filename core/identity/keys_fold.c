#include "identity/keys.h"

#include <string.h>

/* Letters that Unicode does not decompose, though readers take them for one or two plain ones. */
static const char *plain_of(gunichar c)
{
	switch (c) {
	case 0xdf:
		return "ss"; /* ß */
	case 0xe6:
		return "ae"; /* æ */
	case 0xf0:
		return "d"; /* ð */
	case 0xf8:
		return "o"; /* ø */
	case 0xfe:
		return "th"; /* þ */
	case 0x111:
		return "d"; /* đ */
	case 0x127:
		return "h"; /* ħ */
	case 0x131:
		return "i"; /* ı */
	case 0x138:
		return "k"; /* ĸ */
	case 0x142:
		return "l"; /* ł */
	case 0x14b:
		return "n"; /* ŋ */
	case 0x153:
		return "oe"; /* œ */
	case 0x167:
		return "t"; /* ŧ */
	case 0x259:
		return "a"; /* ə */
	default:
		return NULL;
	}
}

static gboolean apostrophe(gunichar c)
{
	return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x02bc || c == 0xb4 || c == '`';
}

static void gap(GString *out)
{
	if (out->len > 0 && out->str[out->len - 1] != ' ')
		g_string_append_c(out, ' ');
}

static void fold_character(GString *out, gunichar c)
{
	if (g_unichar_ismark(c) || apostrophe(c) || c == 0xad)
		return;
	c = g_unichar_tolower(c);
	const char *plain = plain_of(c);
	if (plain != NULL)
		g_string_append(out, plain);
	else if (g_unichar_isalnum(c))
		g_string_append_unichar(out, c);
	else
		gap(out);
}

static gboolean fold_ascii(const char *text, GString *out)
{
	for (const guchar *p = (const guchar *)text; *p != '\0'; p++) {
		if (*p >= 0x80)
			return FALSE;
		if (g_ascii_isalnum(*p))
			g_string_append_c(out, g_ascii_tolower(*p));
		else if (*p != '\'' && *p != '`')
			gap(out);
	}
	return TRUE;
}

char *identity_fold(const char *text)
{
	GString *out = g_string_sized_new(32);
	if (text != NULL && !fold_ascii(text, out)) {
		g_string_truncate(out, 0);
		g_autofree char *valid = g_utf8_make_valid(text, -1);
		g_autofree char *apart = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKD);
		for (const char *p = apart; p != NULL && *p != '\0'; p = g_utf8_next_char(p))
			fold_character(out, g_utf8_get_char(p));
	}
	while (out->len > 0 && out->str[out->len - 1] == ' ')
		g_string_truncate(out, out->len - 1);
	return g_string_free(out, FALSE);
}

char **identity_words(const char *folded)
{
	if (folded == NULL || *folded == '\0')
		return g_new0(char *, 1);
	return g_strsplit(folded, " ", -1);
}
