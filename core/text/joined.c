#include "joined.h"

#include <string.h>

#include "fold.h"

/* The character between an atom and the next. */
static char link_of(const char *text, const struct segment_atom *atoms, unsigned i)
{
	return text[atoms[i].end];
}

static gboolean all_digits(const struct segment_atom *atoms, unsigned first, unsigned last)
{
	for (unsigned i = first; i <= last; i++)
		if (atoms[i].flags & SEGMENT_LETTER)
			return FALSE;
	return TRUE;
}

static gboolean initials(const struct segment_atom *atoms, unsigned first, unsigned last)
{
	for (unsigned i = first; i <= last; i++)
		if (atoms[i].end - atoms[i].start != 1 || atoms[i].flags & SEGMENT_DIGIT)
			return FALSE;
	return TRUE;
}

/* What may stand between the atoms of a run, of an address behind its @, and what an id is taken without. */
enum { RUN = 1, ADDRESS = 2, NOT_OF_IDS = 4 };

static const guint8 links[256] = {
	['-'] = RUN | ADDRESS | NOT_OF_IDS,
	['.'] = RUN | ADDRESS | NOT_OF_IDS,
	['_'] = RUN | NOT_OF_IDS,
	['&'] = RUN | NOT_OF_IDS,
	[':'] = RUN | NOT_OF_IDS,
	[','] = RUN,
	['+'] = RUN,
	['\''] = NOT_OF_IDS,
};

static gboolean is_link(char c, guint8 kind)
{
	return (links[(unsigned char)c] & kind) != 0;
}

static size_t without_links(char *term, size_t length)
{
	size_t n = 0;
	for (size_t i = 0; i < length; i++)
		if (!is_link(term[i], NOT_OF_IDS))
			term[n++] = term[i];
	return n;
}

struct finder {
	const char *text;
	const struct segment_atom *atoms;
	struct joined *wholes;
	unsigned count;
};

static gboolean only_hyphens(const struct finder *f, unsigned first, unsigned last)
{
	for (unsigned i = first; i < last; i++)
		if (link_of(f->text, f->atoms, i) != '-' && link_of(f->text, f->atoms, i) != '\xE2')
			return FALSE;
	return TRUE;
}

static struct joined *add(struct finder *f, enum joined_kind kind, unsigned first, unsigned last)
{
	if (f->count == JOINED_MAX || first >= last)
		return NULL;
	struct joined *w = &f->wholes[f->count++];
	size_t start = f->atoms[first].start,
	       end = f->atoms[last].flags & SEGMENT_COLON ? f->atoms[last].colon : f->atoms[last].end;
	*w = (struct joined){.kind = kind, .first = first, .last = last};
	w->length = (guint8)fold_word(f->text + start, end - start, w->term, sizeof w->term);
	return w;
}

static unsigned number_of(const struct finder *f, unsigned atom)
{
	unsigned n = 0;
	for (size_t i = f->atoms[atom].start; i < f->atoms[atom].end; i++)
		n = n * 10 + (unsigned)(f->text[i] - '0');
	return n;
}

/* Day, month and year with dots between. */
static gboolean is_date(const struct finder *f, unsigned first, unsigned last)
{
	static const unsigned most[] = {2, 2, 4};
	if (last != first + 2)
		return FALSE;
	for (unsigned i = 0; i < 3; i++) {
		const struct segment_atom *a = &f->atoms[first + i];
		if (a->flags & SEGMENT_WIDE || a->end - a->start > most[i] || (i < 2 && f->text[a->end] != '.'))
			return FALSE;
	}
	return number_of(f, last) >= 1000;
}

/* 15.3.2024 and 15.03.2024 as 20240315, as 2024-03-15 is too; other numbers as they are, with a point. */
static void add_number(struct finder *f, unsigned first, unsigned last)
{
	struct joined *w = add(f, JOINED_TERM, first, last);
	if (!w)
		return;
	if (is_date(f, first, last)) {
		int n = g_snprintf(w->term, sizeof w->term, "%04u%02u%02u", number_of(f, last), number_of(f, first + 1),
				   number_of(f, first));
		w->length = (guint8)n;
		return;
	}
	for (unsigned i = 0; i < w->length; i++)
		if (w->term[i] == ',')
			w->term[i] = '.';
}

/* A run of atoms held together by hyphens, dots and the like: `dots` says whether there are dots. */
static void add_run(struct finder *f, unsigned first, unsigned last, gboolean dots)
{
	const struct segment_atom *atoms = f->atoms;
	if (first >= last)
		return;
	if (dots && !initials(atoms, first, last)) {
		if (all_digits(atoms, first, last))
			add_number(f, first, last);
		return;
	}
	gboolean word = only_hyphens(f, first, last) && !(atoms[last].flags & SEGMENT_DIGIT);
	struct joined *w = add(f, word ? JOINED_WORD : JOINED_TERM, first, last);
	if (w)
		w->length = (guint8)without_links(w->term, w->length);
}

/* From `first`, the atoms that only links of `kind` hold together; returns the last of them. */
static unsigned run_end(const struct finder *f, unsigned first, unsigned count, guint8 kind, gboolean *dots)
{
	unsigned last = first;
	*dots = FALSE;
	while (last + 1 < count && is_link(link_of(f->text, f->atoms, last), kind) &&
	       f->atoms[last].end + 1 == f->atoms[last + 1].start) {
		*dots |= link_of(f->text, f->atoms, last) == '.' || link_of(f->text, f->atoms, last) == ',';
		last++;
	}
	return last;
}

static gboolean is_web(const char *text, const struct segment_atom *atoms, unsigned count)
{
	const struct segment_atom *a = atoms;
	if (a->end - a->start == 3 && !g_ascii_strncasecmp(text + a->start, "www", 3) && count > 2)
		return TRUE;
	return count > 2 && !strncmp(text + a->end, "://", 3);
}

unsigned joined_find(const char *text, const struct segment_atom *atoms, unsigned count, struct joined *wholes)
{
	struct finder f = {text, atoms, wholes, 0};
	unsigned i = is_web(text, atoms, count) ? count : 0;
	while (i < count) {
		gboolean dots, more;
		unsigned last = run_end(&f, i, count, RUN, &dots);
		if (last + 1 < count && link_of(text, atoms, last) == '@') {
			unsigned end = run_end(&f, last + 1, count, ADDRESS, &more);
			add(&f, JOINED_TERM, i, end);
			if (more)
				add(&f, JOINED_TERM, last + 1, end);
			last = end;
		} else {
			add_run(&f, i, last, dots);
		}
		i = last + 1;
	}
	return f.count;
}

/* ---- telephone numbers ---- */

/* How many digits the country code is that `digits` begin with. */
static size_t country_code(const char *digits)
{
	static const char two[] =
		"20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 "
		"81 82 84 86 90 91 92 93 94 95 98";
	char code[3] = {digits[0], digits[1], 0};
	if (digits[0] == '1' || digits[0] == '7')
		return 1;
	return strstr(two, code) ? 2 : 3;
}

/* Digits in groups with blanks, hyphens, slashes and brackets between; returns where the last digit ends. */
static const char *read_digits(const char *at, const char *end, char *digits, size_t *count, const char **trunk)
{
	const char *last = at;
	*count = 0;
	*trunk = NULL;
	while (at < end && at - last <= 3) {
		if (g_ascii_isdigit(*at)) {
			if (*count == JOINED_PHONE_DIGITS + 3)
				return NULL;
			if (end - at >= 2 && *at == '0' && at[1] == ')' && at[-1] == '(')
				*trunk = at;
			else
				digits[(*count)++] = *at;
			last = at + 1;
		} else if ((unsigned char)*at == 0xC2 && at + 1 < end && (unsigned char)at[1] == 0xA0) {
			at++;
		} else if (!strchr(" -/.()", *at) || !*at) {
			break;
		}
		at++;
	}
	if (last < end && ((unsigned char)*last >= 0x80 || g_ascii_isalpha(*last)))
		return NULL;
	return last;
}

size_t joined_phone(const char *text, size_t length, size_t start, char key[JOINED_PHONE_DIGITS + 1],
		    size_t *key_length)
{
	char digits[JOINED_PHONE_DIGITS + 4];
	size_t count = 0, skip = 0;
	const char *trunk = NULL;
	gboolean abroad = start > 0 && text[start - 1] == '+';
	if (!abroad && text[start] != '0' && !(start > 0 && text[start - 1] == '('))
		return 0;
	const char *end = read_digits(text + start, text + length, digits, &count, &trunk);
	if (!end || count < 6 || count > JOINED_PHONE_DIGITS + 2)
		return 0;
	digits[count] = 0;
	if (!abroad && count > 9 && digits[0] == '0' && digits[1] == '0') {
		abroad = TRUE;
		skip = 2;
	}
	if (abroad)
		skip += country_code(digits + skip);
	else if (digits[0] == '0')
		skip = 1;
	if (count < skip + 5 || count - skip > JOINED_PHONE_DIGITS)
		return 0;
	*key_length = count - skip;
	memcpy(key, digits + skip, *key_length);
	return (size_t)(end - text);
}
