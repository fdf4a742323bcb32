#include "fold.h"

#include <string.h>

static unsigned sequence_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xC2)
		return 0;
	return first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

gunichar fold_decode(const char *at, const char *end, unsigned *length)
{
	const unsigned char *s = (const unsigned char *)at;
	unsigned n = sequence_length(s[0]);
	*length = 1;
	if (n == 1)
		return s[0];
	if (n == 0 || (size_t)(end - at) < n)
		return 0xFFFD;
	gunichar c = s[0] & (0xFFu >> (n + 1));
	for (unsigned i = 1; i < n; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0xFFFD;
		c = c << 6 | (s[i] & 0x3F);
	}
	static const gunichar least[] = {0, 0, 0x80, 0x800, 0x10000};
	if (c < least[n] || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF)
		return 0xFFFD;
	*length = n;
	return c;
}

/* Letters that Unicode does not take apart, but readers do; NULL for all others. */
static const char *spelled_out(gunichar c)
{
	switch (c) {
	case 0xDF:
	case 0x1E9E:
		return "ss";
	case 0xE6:
	case 0xC6:
		return "ä";
	case 0xF8:
	case 0xD8:
		return "ö";
	case 0xF0:
	case 0xD0:
	case 0x111:
	case 0x110:
		return "d";
	case 0xFE:
	case 0xDE:
		return "th";
	case 0x142:
	case 0x141:
		return "l";
	case 0x131:
		return "i";
	case 0x153:
	case 0x152:
		return "oe";
	case 0x2019:
	case 0x2BC:
		return "'";
	case 0x2010:
	case 0x2011:
		return "-";
	default:
		return NULL;
	}
}

static gboolean invisible(gunichar c)
{
	return c == 0xAD || (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F);
}

struct sink {
	char *out;
	size_t used, room;
};

static gboolean push(struct sink *s, const char *bytes, size_t n)
{
	if (s->used + n > s->room)
		return FALSE;
	memcpy(s->out + s->used, bytes, n);
	s->used += n;
	return TRUE;
}

static gboolean push_char(struct sink *s, gunichar c)
{
	char bytes[6];
	return push(s, bytes, (size_t)g_unichar_to_utf8(g_unichar_tolower(c), bytes));
}

/* A mark that follows: a ring or two dots on a letter that has such a form becomes that letter, all others are dropped.
 */
static void push_mark(struct sink *s, gunichar mark)
{
	char before = s->used > 0 ? s->out[s->used - 1] : 0;
	const char *letter = NULL;
	if (mark == 0x308)
		letter = before == 'a' ? "ä" : before == 'o' ? "ö" : NULL;
	else if (mark == 0x30A)
		letter = before == 'a' ? "å" : NULL;
	if (letter && s->used < s->room) {
		s->used--;
		push(s, letter, 2);
	}
}

static gboolean push_other(struct sink *s, gunichar c)
{
	if (c == 0xC4 || c == 0xC5 || c == 0xD6)
		c += 0x20;
	if (c == 0xE4 || c == 0xE5 || c == 0xF6)
		return push_char(s, c);
	if (invisible(c))
		return TRUE;
	const char *spelled = spelled_out(c);
	if (spelled)
		return push(s, spelled, strlen(spelled));
	gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];
	size_t n = g_unichar_fully_decompose(c, TRUE, parts, G_N_ELEMENTS(parts));
	for (size_t i = 0; i < n && i < G_N_ELEMENTS(parts); i++) {
		if (g_unichar_ismark(parts[i]))
			push_mark(s, parts[i]);
		else if (!push_char(s, parts[i]))
			return FALSE;
	}
	return TRUE;
}

size_t fold_word(const char *word, size_t length, char *out, size_t room)
{
	struct sink s = {.out = out, .room = room};
	const char *end = word + length;
	while (word < end) {
		unsigned char c = (unsigned char)*word;
		unsigned n = 1;
		if (c < 0x80) {
			if (s.used == s.room)
				break;
			out[s.used++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
		} else if (!push_other(&s, fold_decode(word, end, &n))) {
			break;
		}
		word += n;
	}
	return s.used;
}

size_t fold_plain(char *word, size_t length, gboolean *changed)
{
	size_t to = 0;
	*changed = FALSE;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)word[i];
		unsigned char d = i + 1 < length ? (unsigned char)word[i + 1] : 0;
		if (c == 0xC3 && (d == 0xA4 || d == 0xA5 || d == 0xB6)) {
			word[to++] = d == 0xB6 ? 'o' : 'a';
			*changed = TRUE;
			i++;
		} else {
			word[to++] = word[i];
		}
	}
	return to;
}
