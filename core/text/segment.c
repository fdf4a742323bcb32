#include "segment.h"

#include "fold.h"

enum kind { GAP, LETTER, UPPER, DIGIT, JOINER, IDEOGRAPH };

/* Of ASCII. What may hold a chunk together is a JOINER; whether it does, joins() says. */
static const guint8 ascii_kind[128] = {
	['0' ... '9'] = DIGIT, ['a' ... 'z'] = LETTER, ['A' ... 'Z'] = UPPER,
	['-'] = JOINER, ['_'] = JOINER, ['.'] = JOINER, [','] = JOINER, ['@'] = JOINER, ['\''] = JOINER, [':'] = JOINER,
	['/'] = JOINER, ['\\'] = JOINER, ['&'] = JOINER, ['+'] = JOINER, ['?'] = JOINER, ['='] = JOINER, ['%'] = JOINER,
	['#'] = JOINER, ['~'] = JOINER,
};

static enum kind kind_of(gunichar c)
{
	if (c == 0x2019 || c == 0x2BC || c == 0x2010 || c == 0x2011)
		return JOINER;
	if (c == 0xFFFD)
		return GAP;
	if (c == 0xAD || (c >= 0x200B && c <= 0x200D) || c == 0x2060)
		return LETTER; /* inside of a word it is nothing; alone, a word of no letters */
	if ((c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF))
		return IDEOGRAPH;
	switch (g_unichar_type(c)) {
	case G_UNICODE_UPPERCASE_LETTER:
	case G_UNICODE_TITLECASE_LETTER:
		return UPPER;
	case G_UNICODE_LOWERCASE_LETTER:
	case G_UNICODE_MODIFIER_LETTER:
	case G_UNICODE_OTHER_LETTER:
	case G_UNICODE_NON_SPACING_MARK:
	case G_UNICODE_SPACING_MARK:
	case G_UNICODE_ENCLOSING_MARK:
	case G_UNICODE_PRIVATE_USE:
		return LETTER;
	case G_UNICODE_DECIMAL_NUMBER:
	case G_UNICODE_LETTER_NUMBER:
	case G_UNICODE_OTHER_NUMBER:
		return DIGIT;
	default:
		return GAP;
	}
}

static inline enum kind peek(const char *at, const char *end, unsigned *length)
{
	unsigned char c = (unsigned char)*at;
	*length = 1;
	return c < 0x80 ? (enum kind)ascii_kind[c] : kind_of(fold_decode(at, end, length));
}

/* Reads the atom at `at`; returns where it ends (`at` itself if there is none). */
static const char *read_atom(const char *text, const char *at, const char *end, struct segment_atom *atom)
{
	const char *begin = at;
	*atom = (struct segment_atom){.start = (size_t)(at - text), .ascii = TRUE};
	while (at < end && at - begin < SEGMENT_BYTES) {
		unsigned n;
		enum kind kind = peek(at, end, &n);
		if (kind == GAP || kind == JOINER || (kind == IDEOGRAPH && at > begin))
			break;
		atom->ascii &= n == 1;
		if (kind == DIGIT)
			atom->digit = TRUE;
		else
			atom->letter = TRUE;
		if (kind == UPPER && at == begin)
			atom->upper = TRUE;
		at += n;
		if (kind == IDEOGRAPH)
			break;
	}
	atom->end = (size_t)(at - text);
	return at;
}

/* Whether the joiners from `at` hold what is before them to an atom behind them; returns where that begins, or NULL. */
static const char *joins(const char *at, const char *end)
{
	unsigned n, next;
	if (at >= end || peek(at, end, &n) != JOINER || at + n >= end)
		return NULL;
	enum kind behind = peek(at + n, end, &next);
	return behind == LETTER || behind == UPPER || behind == DIGIT ? at + n : NULL;
}

gboolean segment_next(const char *text, size_t length, size_t *at, struct segment *chunk)
{
	const char *here = text + *at, *end = text + length;
	unsigned n = 0;
	while (here < end) {
		enum kind kind = peek(here, end, &n);
		if (kind != GAP && kind != JOINER)
			break;
		here += n;
	}
	chunk->count = 0;
	while (here && here < end && chunk->count < SEGMENT_ATOMS) {
		const char *behind = read_atom(text, here, end, &chunk->atoms[chunk->count]);
		chunk->count++;
		*at = (size_t)(behind - text);
		here = joins(behind, end);
	}
	return chunk->count > 0;
}
