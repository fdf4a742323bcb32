#include "quote.h"

#include <string.h>

struct line {
	gsize start, n; /* n without the end of the line and without blanks before it */
	unsigned quoted : 1, blank : 1, marked : 1;
};

struct page {
	const char *text;
	struct line *lines;
	gsize n;
};

void mail_quote_add(GArray *spans, gsize start, gsize end)
{
	struct meri_span span = {start, end - start};

	if (spans->len > 0) {
		struct meri_span *last = &g_array_index(spans, struct meri_span, spans->len - 1);

		if (last->start + last->length >= start) {
			if (end > last->start + last->length)
				last->length = end - last->start;
			return;
		}
	}
	if (end > start)
		g_array_append_val(spans, span);
}

/* "> ", ">> >", "  >", "JD> ", "| " are a quoted line; "> " without more is, too. */
static gboolean is_quoted(const char *line, gsize n)
{
	gsize at = 0;

	while (at < n && at < 3 && (line[at] == ' ' || line[at] == '\t'))
		at++;
	if (at < n && line[at] == '>')
		return TRUE;
	if (at < n && line[at] == '|') /* but not the row of a table, which also ends so */
		return at + 1 == n || (line[at + 1] == ' ' && line[n - 1] != '|' && line[n - 1] != ' ');
	if (n - at >= 3 && g_ascii_isupper(line[at])) {
		gsize letters = at;

		while (letters < n && letters < at + 4 && g_ascii_isalpha(line[letters]))
			letters++;
		return letters < n && letters > at + 1 && line[letters] == '>' &&
		       (letters + 1 == n || strchr(" >", line[letters + 1]));
	}
	return n - at >= 2 && memcmp(line + at, "\xc2\xbb", 2) == 0; /* » */
}

static struct line *split(const char *text, gsize from, gsize length, gsize *n)
{
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct line));

	for (gsize at = from; at < length;) {
		const char *nl = memchr(text + at, '\n', length - at);
		gsize end = nl ? (gsize)(nl - text) : length;
		struct line line = {.start = at, .n = end - at};

		line.quoted = is_quoted(text + at, line.n);
		while (line.n > 0 && (unsigned char)text[at + line.n - 1] <= ' ')
			line.n--;
		line.blank = line.n == 0;
		line.marked = line.quoted;
		g_array_append_val(lines, line);
		at = end + 1;
	}
	*n = lines->len;
	return (struct line *)g_array_free(lines, FALSE);
}

/* "On ... <anna@aalto.example" broken before "> wrote:" is no quotation: the second line belongs to the first. */
static void mend_breaks(struct page *p)
{
	for (gsize i = 1; i < p->n; i++) {
		struct line *line = &p->lines[i];
		const struct line *above = line - 1;
		const char *text = p->text + above->start;

		if (line->quoted && line->n <= 30 && p->text[line->start + line->n - 1] == ':' && !above->quoted &&
		    above->n > 0 && memchr(text, '<', above->n) && !memchr(text, '>', above->n))
			line->quoted = line->marked = FALSE;
	}
}

static void mark(struct page *p, gsize from, gsize to)
{
	for (gsize i = from; i < to && i < p->n; i++)
		p->lines[i].marked = TRUE;
}

static const char *at(const struct page *p, gsize i)
{
	return p->text + p->lines[i].start;
}

static gsize next_filled(const struct page *p, gsize i)
{
	while (i < p->n && p->lines[i].blank)
		i++;
	return i;
}

/* ---- what introduces a quotation ---- */

static int digits(const char *line, gsize n)
{
	int count = 0;

	for (gsize i = 0; i < n; i++)
		count += g_ascii_isdigit(line[i]);
	return count;
}

/* "-----Original Message-----" and its like in other words and languages. */
static gboolean is_separator(const struct page *p, gsize i)
{
	const char *line = at(p, i);
	gsize n = p->lines[i].n;

	if (n < 10 || n > 200 || p->lines[i].quoted)
		return FALSE;
	if (*line == '-' && line[n - 1] == '-' && digits(line, n) >= 4 && mail_words_wrote(line, n))
		return TRUE;
	if (!strchr("-_=*", line[strspn(line, " \t")]) && (n > 40 || (i > 0 && !p->lines[i - 1].blank)))
		return FALSE; /* the words alone, without dashes, only where they stand alone */
	return mail_words_original(line, n);
}

/* A row of dashes or underscores. */
static gboolean is_rule(const struct page *p, gsize i, gsize least)
{
	const char *line = at(p, i);
	gsize n = p->lines[i].n, count = 0;

	for (gsize k = 0; k < n; k++) {
		if (strchr("-_=*~", line[k]))
			count++;
		else if (line[k] != ' ')
			return FALSE;
	}
	return count >= least;
}

static enum mail_label label_of(const struct page *p, gsize i)
{
	const char *line = at(p, i), *colon = memchr(line, ':', MIN(p->lines[i].n, 60));
	const char *wide = colon ? NULL : memmem(line, MIN(p->lines[i].n, 60), "\xef\xbc\x9a", 3);

	if (p->lines[i].blank || p->lines[i].quoted || (!colon && !wide))
		return MAIL_LABEL_NONE;
	return mail_words_label(line, (gsize)((colon ? colon : wide) - line));
}

/* "From: ... Sent: ... To: ... Subject: ...", in any order and language, each on a line of its own. */
static gboolean is_header_block(const struct page *p, gsize i)
{
	unsigned seen = 0;
	int kinds = 0, others = 0;

	if (label_of(p, i) == MAIL_LABEL_NONE)
		return FALSE;
	for (gsize k = i; k < p->n && k < i + 16 && others < 3; k++) {
		enum mail_label label = label_of(p, k);

		if (p->lines[k].blank)
			continue;
		if (label == MAIL_LABEL_NONE) {
			others++; /* a long row of recipients goes on over lines */
		} else if (!(seen & (1u << label))) {
			seen |= 1u << label;
			kinds++;
		}
	}
	return (seen & (1u << MAIL_LABEL_FROM)) && kinds >= 3 &&
	       (seen & (1u << MAIL_LABEL_SENT | 1u << MAIL_LABEL_SUBJECT));
}

static gboolean ends_with_colon(const char *line, gsize n)
{
	while (n > 0 && (line[n - 1] == '*' || line[n - 1] == '_'))
		n--;
	return n > 0 && (line[n - 1] == ':' || (n >= 3 && memcmp(line + n - 3, "\xef\xbc\x9a", 3) == 0));
}

/* Lines first..i as one. */
static GString *sentence_of(const struct page *p, gsize first, gsize i)
{
	GString *out = g_string_new(NULL);

	for (gsize k = first; k <= i; k++) {
		if (k > first)
			g_string_append_c(out, ' ');
		g_string_append_len(out, at(p, k), (gssize)p->lines[k].n);
	}
	return out;
}

static gboolean opens(const struct page *p, gsize i)
{
	return mail_words_opener(at(p, i), p->lines[i].n) && digits(at(p, i), p->lines[i].n) >= 2;
}

/* Where a sentence that ends in line i with a colon begins: up to four lines above, where something like "On Monday" or
 * "Anna <anna@aalto.example> wrote" stands. */
static gsize sentence_start(const struct page *p, gsize i)
{
	if (opens(p, i))
		return i;
	for (gsize back = 1; back <= 4 && i >= back; back++) {
		const struct line *above = &p->lines[i - back];

		if (above->blank || above->marked || above->n > 200 || ends_with_colon(at(p, i - back), above->n))
			break;
		if (opens(p, i - back))
			return i - back;
		if (back == 1 && memchr(at(p, i - 1), '@', above->n) && mail_words_wrote(at(p, i - 1), above->n))
			return i - 1;
	}
	return i;
}

/* A line that ends as "... wrote:" does. *first: where the sentence begins. 2: sure; 1: if a quotation follows. */
static int is_attribution(const struct page *p, gsize i, gsize *first)
{
	g_autoptr(GString) sentence = NULL;
	gboolean dated, addressed, verb;
	const char *end;

	*first = sentence_start(p, i);
	sentence = sentence_of(p, *first, i);
	dated = digits(sentence->str, sentence->len) >= 4;
	addressed = memchr(sentence->str, '@', sentence->len) != NULL;
	verb = mail_words_wrote(sentence->str, sentence->len);
	if (verb && dated && (addressed || opens(p, *first)))
		return 2;
	end = strrchr(sentence->str, '>'); /* "Anna <anna@aalto.example> wrote:" */
	if (verb && addressed && end && mail_words_wrote(end, strlen(end)))
		return 2;
	if (verb)
		return 1;
	return dated && addressed && opens(p, *first) && strstr(sentence->str, ">:") ? 2 : 0;
}

/* What Google once wrote has no verb and no colon: "2025-03-03 10:15 GMT+02:00 Anna <anna@aalto.example>". */
static int is_bare_attribution(const struct page *p, gsize i)
{
	const char *line = at(p, i);
	gsize n = p->lines[i].n;

	if (!g_ascii_isdigit(*line) || n < 12 || n > 200 || digits(line, 10) < 6)
		return 0;
	if (memmem(line, n, " GMT+", 5) || memmem(line, n, " GMT-", 5))
		return 2;
	return line[n - 1] == '>' && memchr(line, '@', n) ? 1 : 0;
}

/* ---- what ends a mail ---- */

static gsize own_end(const struct page *p, gsize i)
{
	while (i < p->n && !p->lines[i].marked)
		i++;
	return i;
}

/* The same where only a near end matters: a signature is short. */
static gsize near_end(const struct page *p, gsize i)
{
	gsize limit = i + 100;

	while (i < p->n && i < limit && !p->lines[i].marked)
		i++;
	return i;
}

static gsize filled_between(const struct page *p, gsize from, gsize to, gsize *longest)
{
	gsize count = 0;

	*longest = 0;
	for (gsize i = from; i < to; i++)
		if (!p->lines[i].blank) {
			count++;
			*longest = MAX(*longest, p->lines[i].n);
		}
	return count;
}

/* "-- " as the rule is; "--" and the like only where little follows. */
static gboolean is_signature(const struct page *p, gsize i)
{
	const char *line = at(p, i);
	gsize n = p->lines[i].n, longest;

	if (n == 2 && memcmp(line, "--", 2) == 0) {
		if (line[2] == ' ')
			return TRUE;
		return filled_between(p, i + 1, near_end(p, i), &longest) <= 12;
	}
	if ((n == 3 &&
	     (memcmp(line, "\xe2\x80\x94", 3) == 0 || memcmp(line, "\xe2\x80\x93", 3) == 0)) || /* a dash by itself */
	    (n >= 2 && n < 10 && strspn(line, "-_") >= n))
		return i > 0 && filled_between(p, i + 1, near_end(p, i), &longest) <= 8 && longest <= 80;
	if (n >= 10 && is_rule(p, i, 10) && i > 0 && p->lines[i - 1].blank)
		return filled_between(p, i + 1, near_end(p, i), &longest) <= 4 && longest <= 60;
	return FALSE;
}

/* "Kind regards" with a name and an address under it, and nothing else. */
static gboolean is_closing(const struct page *p, gsize i)
{
	int closing = mail_words_closing(at(p, i), p->lines[i].n);
	gsize end, longest, count;

	if (!closing || i == 0)
		return FALSE;
	end = near_end(p, i);
	count = filled_between(p, i + 1, end, &longest);
	if (closing == 2)
		return count <= 14 && longest <= 100;
	for (gsize k = i + 1; k < end; k++)
		if (p->lines[k].n > 0 && strchr(".?!:", at(p, k)[p->lines[k].n - 1]))
			return FALSE;
	return count >= 1 && count <= 5 && longest <= 45;
}

static gboolean is_list_footer(const struct page *p, gsize i)
{
	if (!is_rule(p, i, 10) || p->n - i > 16)
		return FALSE;
	for (gsize k = i + 1; k < p->n && k < i + 6; k++)
		if (mail_words_footer(at(p, k), p->lines[k].n))
			return TRUE;
	return FALSE;
}

static gsize pgp_signature_end(const struct page *p, gsize i)
{
	if (p->lines[i].n != 29 || memcmp(at(p, i), "-----BEGIN PGP SIGNATURE-----", 29) != 0)
		return 0;
	while (i < p->n && !(p->lines[i].n == 27 && memcmp(at(p, i), "-----END PGP SIGNATURE-----", 27) == 0))
		i++;
	return MIN(i + 1, p->n);
}

/* ---- together ---- */

/* From line i on all is older mail, unless nothing stands above it: then it was passed on, and is what the mail says;
 * only lines i..head are marked. Returns the next line to look at. */
static gsize mark_rest(struct page *p, gsize i, gsize head)
{
	gsize above = i;

	while (above > 0 && (p->lines[above - 1].blank || is_rule(p, above - 1, 5)))
		above--;
	if (above == 0) {
		mark(p, i, head + 1);
		return head + 1;
	}
	mark(p, above, p->n);
	return p->n;
}

/* The last line of the header block at i, or of one that follows the separator at i. */
static gsize header_end(const struct page *p, gsize i)
{
	gsize last = i, k = i;

	for (gsize misses = 0; k < p->n && misses < 2; k++) {
		if (p->lines[k].blank)
			break;
		if (label_of(p, k) != MAIL_LABEL_NONE)
			last = k, misses = 0;
		else
			misses++;
	}
	return last;
}

static gsize judge_attribution(struct page *p, gsize i)
{
	gsize first = i, after = next_filled(p, i + 1);
	int sure = ends_with_colon(at(p, i), p->lines[i].n) ? is_attribution(p, i, &first) : is_bare_attribution(p, i);

	if (sure > 0 && after < p->n && p->lines[after].quoted) {
		mark(p, first, after);
		return after;
	}
	return sure == 2 ? mark_rest(p, first, i) : i;
}

/* Looks at one line; returns the first line that is still to be looked at. */
static gsize judge(struct page *p, gsize i)
{
	gsize after = judge_attribution(p, i);

	if (after > i)
		return after;
	if (is_separator(p, i))
		return mark_rest(p, i, header_end(p, i));
	if (is_header_block(p, i))
		return mark_rest(p, i, header_end(p, i));
	if (is_list_footer(p, i) || is_signature(p, i)) {
		gsize end = own_end(p, i);

		mark(p, i, end);
		return end;
	}
	after = pgp_signature_end(p, i);
	if (!after)
		return i + 1;
	mark(p, i, after);
	return after;
}

/* "Sent from my ..." as the last lines before a quotation or the end. */
static void mark_sent_from(struct page *p)
{
	gboolean last = TRUE; /* nothing of the writer's stands between this and the end of his words */

	for (gsize i = p->n; i-- > 0;) {
		if (p->lines[i].marked) {
			last = TRUE;
		} else if (!p->lines[i].blank) {
			last = last && mail_words_sent_from(at(p, i), p->lines[i].n);
			p->lines[i].marked = last;
		}
	}
}

/* Closings are looked for last and from the end, when it is known where the writer's own words end. */
static void mark_closings(struct page *p)
{
	int looked = 0;

	for (gsize i = p->n; i-- > 0 && looked < 30;) {
		if (p->lines[i].marked || p->lines[i].blank)
			continue;
		looked++;
		if (is_closing(p, i)) {
			mark(p, i, own_end(p, i));
			break;
		}
	}
}

void mail_quote_mark(const GString *text, gsize from, GArray *spans)
{
	struct page page = {.text = text->str};
	gboolean before = FALSE;

	page.lines = split(text->str, from, text->len, &page.n);
	mend_breaks(&page);
	for (gsize i = 0; i < page.n;)
		i = page.lines[i].blank || page.lines[i].marked ? i + 1 : judge(&page, i);
	mark_sent_from(&page);
	mark_closings(&page);
	for (gsize i = 0, next; i < page.n; i = next) {
		/* Blank lines belong to what stands before and after them, when both are marked. */
		next = page.lines[i].blank ? next_filled(&page, i) : i + 1;
		if (page.lines[i].marked ||
		    (page.lines[i].blank && before && (next == page.n || page.lines[next].marked))) {
			mail_quote_add(spans, page.lines[i].start, next < page.n ? page.lines[next].start : text->len);
			before = TRUE;
		} else {
			before = FALSE;
		}
	}
	g_free(page.lines);
}
