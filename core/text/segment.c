#include "segment.h"

#include <string.h>

#include "fold.h"

enum kind {
	GAP = SEGMENT_GAP,
	LETTER = SEGMENT_SMALL,
	UPPER = SEGMENT_UPPER,
	DIGIT = SEGMENT_NUMBER,
	JOINER = SEGMENT_JOINER,
	WEB_JOINER = SEGMENT_WEB_JOINER,
	QUOTE = SEGMENT_APOSTROPHE,
	INVISIBLE = SEGMENT_INVISIBLE,
	IDEOGRAPH = SEGMENT_IDEOGRAPH,
	OTHER = SEGMENT_OTHER
};

#define byte_kind segment_kinds

/* Whether joiners join, joined() says. */
const guint8 segment_kinds[256] = {
	['0' ... '9'] = DIGIT, ['a' ... 'z'] = LETTER, ['A' ... 'Z'] = UPPER, ['\''] = QUOTE,
	['-'] = JOINER,        ['_'] = JOINER,         ['.'] = JOINER,        [','] = JOINER,
	['@'] = JOINER,        [':'] = JOINER,         ['/'] = JOINER,        ['\\'] = JOINER,
	['&'] = JOINER,        ['+'] = WEB_JOINER,     ['?'] = WEB_JOINER,    ['='] = WEB_JOINER,
	['%'] = WEB_JOINER,    ['#'] = WEB_JOINER,     ['~'] = WEB_JOINER,    [0x80 ... 0xFF] = OTHER,
};

static const guint8 byte_flag[256] = {
	['0' ... '9'] = SEGMENT_DIGIT,
	['a' ... 'z'] = SEGMENT_LETTER,
	['A' ... 'Z'] = SEGMENT_LETTER,
};

/* The end of a run of ASCII letters and digits. */
static inline const char *ascii_run(const char *at, const char *end, guint32 *flags)
{
	while (end - at >= ASCII_STEP) {
		struct ascii_bits bits = ascii_bits(at);
		guint32 n = (guint32)__builtin_ctz(~(bits.letters | bits.numbers)), within = (1u << n) - 1;
		*flags |= (bits.letters & within ? SEGMENT_LETTER : 0u) | (bits.numbers & within ? SEGMENT_DIGIT : 0u);
		at += n;
		if (n < ASCII_STEP)
			return at;
	}
	guint8 flag;
	for (; at < end && (flag = byte_flag[(unsigned char)*at]); at++)
		*flags |= flag;
	return at;
}

static enum kind kind_of(gunichar c)
{
	if (c == 0x2019 || c == 0x2BC)
		return QUOTE;
	if (c == 0x2010 || c == 0x2011)
		return JOINER;
	if (c == 0xFFFD)
		return GAP;
	if (c == 0xAD || (c >= 0x200B && c <= 0x200D) || c == 0x2060)
		return INVISIBLE;
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
	enum kind kind = (enum kind)byte_kind[(unsigned char)*at];
	*length = 1;
	return kind == OTHER ? kind_of(fold_decode(at, end, length)) : kind;
}

static gboolean counts(enum kind kind)
{
	return kind == LETTER || kind == UPPER || kind == DIGIT || kind == IDEOGRAPH;
}

/* The letters of an atom at `at`, without apostrophes; returns where they end. */
static const char *read_run(const char *at, const char *end, guint32 *flags)
{
	const char *begin = at;
	if (end - at > SEGMENT_BYTES)
		end = at + SEGMENT_BYTES;
	if (at < end && byte_kind[(unsigned char)*at] == UPPER)
		*flags |= SEGMENT_CAPITAL;
	while (at < end) {
		at = ascii_run(at, end, flags);
		if (at == end)
			break;
		unsigned n;
		enum kind kind = peek(at, end, &n);
		if (n == 1 || (!counts(kind) && kind != INVISIBLE) || (kind == IDEOGRAPH && at > begin))
			break;
		*flags |= SEGMENT_WIDE | (kind == UPPER && at == begin ? SEGMENT_CAPITAL : 0) |
			  (kind == DIGIT ? SEGMENT_DIGIT : SEGMENT_LETTER);
		at += n;
		if (kind == IDEOGRAPH)
			break;
	}
	return at;
}

/* Endings that are hung on abbreviations and foreign names: H&M:n, EU:hun, SAS:s. */
static gboolean is_ending(const char *bytes, size_t length)
{
	static const char endings[] =
		" n a ä t s in en an ta tä ia iä tta ttä ssa ssä sta stä lla llä lta ltä lle ksi na nä hin hen hun hon "
		"han hän hön hyn iin een aan ään oon uun yyn öön ssaan llaan ien iden jen ja jä ita itä issa issä ista "
		"istä illa illä ilta iltä ille ina inä iksi kin nkin ssakin et ets ens ar er arna n:n ";
	char wanted[10] = " ";
	memcpy(wanted + 1, bytes, length);
	wanted[1 + length] = ' ';
	return memmem(endings, sizeof endings - 1, wanted, length + 2) != NULL;
}

static const char *read_colon(const char *text, const char *at, const char *end, struct segment_atom *atom)
{
	guint32 flags = 0;
	if (at >= end || *at != ':')
		return at;
	const char *stop = read_run(at + 1, end, &flags);
	unsigned n;
	if (stop == at + 1 || stop - at > 8 || flags & SEGMENT_DIGIT || !is_ending(at + 1, (size_t)(stop - at) - 1))
		return at;
	if (stop < end && *stop == '/')
		return at;
	if (stop + 1 < end && peek(stop, end, &n) == JOINER && *stop != '-' && counts(peek(stop + n, end, &n)))
		return at;
	atom->flags |= SEGMENT_COLON | (flags & SEGMENT_WIDE);
	atom->colon = (guint32)(at - text);
	return stop;
}

static const char *read_atom(const char *text, const char *at, const char *end, struct segment_atom *atom)
{
	atom->start = (guint32)(at - text);
	atom->flags = atom->colon = 0;
	at = read_run(at, end, &atom->flags);
	atom->end = (guint32)(at - text);
	unsigned n, next;
	while (at < end && peek(at, end, &n) == QUOTE && at + n < end && atom->end - atom->start < SEGMENT_BYTES) {
		enum kind behind = peek(at + n, end, &next);
		if (behind != LETTER && behind != UPPER)
			break;
		guint32 flags = 0;
		at = read_run(at + n, end, &flags);
		atom->flags |= SEGMENT_QUOTE | (flags & SEGMENT_WIDE) | (n > 1 ? SEGMENT_WIDE : 0);
		atom->end = (guint32)(at - text);
	}
	at = read_colon(text, at, end, atom);
	atom->end = (guint32)(at - text);
	return at;
}

/* Where the atom begins that the joiners at `at` hold to the one before; NULL if none. In an address of the web more
 * characters join, and several of them together. */
static const char *joined(const char *at, const char *end, const struct segment_atom *before, gboolean *web)
{
	unsigned n, next;
	enum kind kind = at < end ? peek(at, end, &n) : GAP;
	if (kind != JOINER && (kind != WEB_JOINER || !*web))
		return NULL;
	if (*at == ':' && end - at > 3 && at[1] == '/' && at[2] == '/')
		*web = TRUE;
	if (*web) {
		const char *behind = at;
		while (behind < end && behind - at < 4 &&
		       ((kind = peek(behind, end, &next)) == JOINER || kind == WEB_JOINER))
			behind += next;
		return behind < end && counts(peek(behind, end, &next)) ? behind : NULL;
	}
	if (at + n >= end)
		return NULL;
	enum kind behind = peek(at + n, end, &next);
	if (*at == ',' || *at == ':')
		return (before->flags & SEGMENT_DIGIT) && behind == DIGIT ? at + n : NULL;
	return counts(behind) && behind != IDEOGRAPH ? at + n : NULL;
}

static const char *skip_gap(const char *at, const char *end)
{
	unsigned n;
	for (; at < end; at += n) {
		enum kind kind = (enum kind)byte_kind[(unsigned char)*at];
		n = 1;
		if (kind == LETTER || kind == UPPER || kind == DIGIT ||
		    (kind == OTHER && counts(kind_of(fold_decode(at, end, &n)))))
			break;
	}
	return at;
}

unsigned segment_next(const char *text, size_t length, size_t *at, struct segment_atom *atoms)
{
	const char *end = text + MIN(length, (size_t)G_MAXINT32);
	const char *here = text + *at, *behind = segment_simple(text, here, end, &atoms[0]);
	unsigned count = 0;
	if (behind) {
		*at = (size_t)(behind - text);
		return 1;
	}
	here = skip_gap(here, end);
	gboolean web = FALSE;
	while (here && here < end && count < SEGMENT_ATOMS) {
		behind = read_atom(text, here, end, &atoms[count]);
		*at = (size_t)(behind - text);
		web |= count == 0 && behind - here == 3 && !g_ascii_strncasecmp(here, "www", 3);
		here = joined(behind, end, &atoms[count], &web);
		count++;
	}
	return count;
}

struct segment_atom segment_several(const struct segment_atom *first, const struct segment_atom *last)
{
	struct segment_atom all = *first;
	all.end = last->end;
	all.flags |= SEGMENT_SEVERAL | last->flags;
	all.flags = (all.flags & ~(guint32)(SEGMENT_COLON | SEGMENT_CAPITAL)) | (last->flags & SEGMENT_COLON) |
		    (first->flags & SEGMENT_CAPITAL);
	all.colon = last->colon;
	return all;
}
