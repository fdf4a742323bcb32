#include "mbox.h"

#include <glib.h>
#include <string.h>

struct mail_mbox {
	struct mail_stream *stream;
	char *data;
	size_t room, begin, end; /* the message at hand begins at data[begin]; bytes are there up to data[end] */
	size_t taken;            /* of them, those that the last message used */
	uint64_t offset;         /* in the stream, of what comes after that */
	gboolean eof;
	gboolean patches; /* the file is the output of git format-patch: its fixed date is a postmark here */
	char *postmark;
};

static const size_t CHUNK = 256 * 1024;
static const size_t SLACK = 4096; /* a postmark and the line after it must be in sight to be judged */

struct mail_mbox *mail_mbox_new(struct mail_stream *stream)
{
	struct mail_mbox *m = g_new0(struct mail_mbox, 1);

	m->stream = stream;
	m->room = 4 * CHUNK;
	m->data = g_malloc(m->room);
	return m;
}

void mail_mbox_free(struct mail_mbox *m)
{
	if (!m)
		return;
	g_free(m->postmark);
	g_free(m->data);
	g_free(m);
}

/* Reads a chunk behind what is there. */
static void fill(struct mail_mbox *m)
{
	ssize_t got;

	if (m->room - m->end < CHUNK) {
		m->room += m->room / 2 + CHUNK;
		m->data = g_realloc(m->data, m->room);
	}
	got = mail_stream_read(m->stream, m->data + m->end, CHUNK);
	if (got <= 0)
		m->eof = TRUE;
	else
		m->end += (size_t)got;
}

/* Reads on: FALSE when there is no more. Room is made by moving the message to the front, or else by growing. */
static gboolean more(struct mail_mbox *m)
{
	if (m->eof)
		return FALSE;
	if (m->room - m->end < CHUNK && m->begin >= m->room / 2) {
		memmove(m->data, m->data + m->begin, m->end - m->begin);
		m->end -= m->begin;
		m->begin = 0;
	}
	fill(m);
	return !m->eof;
}

/* The last message has been used: its bytes are let go, and the room of a giant with them. */
static void settle(struct mail_mbox *m)
{
	m->begin += m->taken;
	m->taken = 0;
	if (m->room > 32 * CHUNK && m->end - m->begin < CHUNK) {
		memmove(m->data, m->data + m->begin, m->end - m->begin);
		m->end -= m->begin;
		m->begin = 0;
		m->room = 4 * CHUNK;
		m->data = g_realloc(m->data, m->room);
	}
}

static size_t line_length(const char *at, const char *end)
{
	const char *nl = memchr(at, '\n', (size_t)(end - at));
	size_t n = nl ? (size_t)(nl - at) : (size_t)(end - at);

	return n > 0 && at[n - 1] == '\r' ? n - 1 : n;
}

int mail_is_header(const char *line, size_t length)
{
	size_t i = 0;

	while (i < length && line[i] > ' ' && line[i] < 127 && line[i] != ':')
		i++;
	if (i == 0 || i > 80)
		return 0;
	while (i < length && (line[i] == ' ' || line[i] == '\t'))
		i++;
	return i < length && line[i] == ':';
}

/* Mon, or Jan: 0-based place in a row of three-letter names, -1 if none. */
static int name_index(const char *word, size_t n, const char *names)
{
	for (int i = 0; names[3 * i]; i++)
		if (n >= 3 && g_ascii_strncasecmp(word, names + 3 * i, 3) == 0)
			return i;
	return -1;
}

static const char MONTHS[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

struct postmark_date {
	int year, month, day, hour, minute, second, zone; /* zone: seconds east */
	gboolean timed;
};

/* Digits at *at, at most `most` of them; -1 if there are none. */
static int digits_at(const char **at, int most)
{
	int out = g_ascii_isdigit(**at) ? 0 : -1;

	for (; most > 0 && g_ascii_isdigit(**at); most--)
		out = 10 * out + (*(*at)++ - '0');
	return out;
}

static gboolean parse_time(const char *word, struct postmark_date *d)
{
	d->hour = digits_at(&word, 2);
	if (*word++ != ':')
		return FALSE;
	d->minute = digits_at(&word, 2);
	d->second = 0;
	if (*word == ':') {
		word++;
		d->second = digits_at(&word, 2);
	}
	return d->hour >= 0 && d->hour < 24 && d->minute >= 0 && d->minute < 60 && d->second >= 0 && d->second < 62;
}

/* One word of the date takes its place. */
static void postmark_word(const char *word, struct postmark_date *d)
{
	size_t n = strlen(word);
	gboolean digits = strspn(word, "0123456789") == n, signed_zone = (*word == '+' || *word == '-') && n == 5;
	const char *at = word + signed_zone;
	int value = digits || signed_zone ? digits_at(&at, 4) : 0;

	if (strchr(word, ':') && !d->timed) {
		d->timed = parse_time(word, d);
	} else if (d->month == 0 && g_ascii_isalpha(word[0]) && n <= 9) {
		d->month = name_index(word, n, MONTHS) + 1;
	} else if (digits && n <= 2 && d->day == 0) {
		d->day = value;
	} else if (digits && d->month && ((n == 4 && d->year == 0) || (n == 2 && d->timed && d->year == 0))) {
		d->year = value + (n == 4 ? 0 : value < 70 ? 2000 : 1900);
	} else if (signed_zone && value > 0) {
		d->zone = (value / 100 * 60 + value % 100) * (*word == '-' ? -60 : 60);
	}
}

/* The words after "From ", from the last backwards enough: the sender may hold blanks, the date never ends the search
 * early. */
static gboolean postmark_parse(const char *line, size_t length, struct postmark_date *d)
{
	g_autofree char *copy = g_strndup(line + 5, MIN(length - 5, 400));
	g_auto(GStrv) words = g_strsplit_set(copy, " \t\r,", 0);
	guint n = g_strv_length(words);

	memset(d, 0, sizeof(*d));
	for (guint i = n > 14 ? n - 14 : 0; i < n; i++)
		if (*words[i])
			postmark_word(words[i], d);
	return d->timed && d->month && d->day >= 1 && d->day <= 31 && d->year;
}

int mail_is_postmark(const char *line, size_t length)
{
	struct postmark_date d;

	return length > 5 && memcmp(line, "From ", 5) == 0 && memchr(line, ':', length) &&
	       postmark_parse(line, length, &d);
}

int64_t mail_postmark_time(const char *postmark)
{
	struct postmark_date d;
	g_autoptr(GDateTime) time = NULL;

	if (!postmark || strlen(postmark) < 6 || !postmark_parse(postmark, strlen(postmark), &d))
		return 0;
	time = g_date_time_new_utc(d.year, d.month, d.day, d.hour, d.minute, MIN(d.second, 59));
	return time ? g_date_time_to_unix(time) - d.zone : 0;
}

/* git format-patch begins each patch with a commit and one fixed date; within a mail that is text. */
static gboolean is_patch(const char *line, size_t length)
{
	return length == 70 && memcmp(line + 45, " Mon Sep 17 00:00:00 2001", 25) == 0 &&
	       strspn(line + 5, "0123456789abcdef") == 40;
}

/* Judges the line at `at`, which begins with "From "; bytes may be looked at from `base` on, where it begins the file.
 */
static gboolean cuts(struct mail_mbox *m, const char *base, const char *at)
{
	const char *end = m->data + m->end;
	size_t n = line_length(at, end);
	const char *next = memchr(at, '\n', (size_t)(end - at));
	gboolean start = at == base, header, sender_only, blank;

	blank = at - base < 2 || at[-2] == '\n' || (at[-2] == '\r' && at - base > 2 && at[-3] == '\n');
	next = next ? next + 1 : end;
	header = next < end && (mail_is_header(next, line_length(next, end)) || *next == '>');
	if (is_patch(at, n))
		return start || (blank && m->patches);
	if (mail_is_postmark(at, n))
		return blank || (header && n < 200);
	while (n > 5 && at[n - 1] == ' ')
		n--;
	sender_only = n < 200 && (n <= 5 || !memchr(at + 5, ' ', n - 5));
	if (n == 6 && at[5] == '-') /* Netscape wrote no more than that, and no empty line before it */
		return header && *next != '>';
	/* "From " alone or with a sender and no date: some exports do that; then a header must follow. */
	return blank && header && *next != '>' && (sender_only || memmem(at, n, "???@???", 7) != NULL);
}

/* In place: drops one ">" of lines that are ">", any more ">" and "From ". Returns the new length. */
static size_t unquote(char *bytes, size_t length)
{
	char *end = bytes + length, *from = bytes, *to = bytes, *hit;

	for (char *at = bytes; (hit = memmem(at, (size_t)(end - at), ">From ", 6)) != NULL; at = hit + 6) {
		char *line = hit;

		while (line > bytes && line[-1] == '>')
			line--;
		if (line > bytes && line[-1] != '\n')
			continue;
		if (to != from)
			memmove(to, from, (size_t)(line - from));
		to += line - from;
		from = line + 1;
	}
	if (to != from)
		memmove(to, from, (size_t)(end - from));
	return length - (size_t)(from - to);
}

/* Postmarks of earlier stations stand above the header in some files. */
static void drop_old_postmarks(struct mail_raw *raw)
{
	while (raw->length > 6 && (memcmp(raw->bytes, ">From ", 6) == 0 || memcmp(raw->bytes, "From ", 5) == 0)) {
		char *nl = memchr(raw->bytes, '\n', raw->length);
		size_t n = nl ? (size_t)(nl - raw->bytes) + 1 : raw->length;

		raw->bytes += n;
		raw->length -= n;
	}
	/* A blank too many before the first field would hide the whole header. */
	if (raw->length > 1 && *raw->bytes == ' ' &&
	    mail_is_header(raw->bytes + 1, line_length(raw->bytes + 1, raw->bytes + raw->length))) {
		raw->bytes++;
		raw->length--;
	}
}

/* From the bytes between two cuts to a message. */
static void finish(struct mail_mbox *m, size_t held, size_t whole, struct mail_raw *out, gboolean quoted)
{
	char *bytes = m->data + m->begin;

	*out = (struct mail_raw){.bytes = bytes,
				 .length = held,
				 .whole = whole,
				 .cut = whole > held,
				 .start = m->offset,
				 .end = m->offset + whole};
	g_clear_pointer(&m->postmark, g_free);
	if (held >= 5 && memcmp(bytes, "From ", 5) == 0) {
		char *nl = memchr(bytes, '\n', held);
		size_t n = nl ? (size_t)(nl - bytes) + 1 : held;

		m->postmark = g_strndup(bytes, MIN(line_length(bytes, bytes + n), 1000));
		out->postmark = m->postmark;
		out->bytes += n;
		out->length -= n;
		out->whole -= n;
	}
	drop_old_postmarks(out);
	if (held == whole && quoted) { /* the empty line before the next postmark belongs to the mbox */
		size_t n = out->length;

		n -= n > 0 && out->bytes[n - 1] == '\n';
		n -= n > 0 && out->bytes[n - 1] == '\r';
		if (n > 0 && out->bytes[n - 1] == '\n')
			out->length = n;
	}
	if (quoted)
		out->length = unquote(out->bytes, out->length);
}

/* Looks for the next cut in data[begin + *at ...]. 1: *at is where it is; 0: not in sight, *at is where to look on. */
static gboolean find_cut(struct mail_mbox *m, size_t begin, size_t *at)
{
	const char *base = m->data + begin;
	size_t window = m->end - begin;

	while (*at + 6 <= window) {
		const char *hit = memmem(base + *at, window - *at, "\nFrom ", 6);

		if (!hit) {
			*at = window - 5;
			return FALSE;
		}
		*at = (size_t)(hit - base);
		if (window - *at < SLACK && !m->eof)
			return FALSE;
		(*at)++;
		if (cuts(m, base, base + *at))
			return TRUE;
	}
	return FALSE;
}

/* Passes over the rest of a message that is too big to hold, and returns its whole length. Behind the `held` bytes,
 * which stay, a window slides on; at the end the next message begins there. */
static size_t pass_over(struct mail_mbox *m, size_t held)
{
	size_t tail = m->begin + held, at = 0, whole = held;

	for (;;) {
		gboolean found = find_cut(m, tail, &at);
		size_t drop = found ? at : m->eof ? m->end - tail : at > 4 ? at - 4 : 0;

		memmove(m->data + tail, m->data + tail + drop, m->end - tail - drop);
		m->end -= drop;
		whole += drop;
		at -= MIN(drop, at);
		if (found || m->end == tail)
			return whole;
		fill(m);
	}
}

int mail_mbox_next(struct mail_mbox *m, struct mail_raw *out)
{
	size_t at = 0, whole, held;

	settle(m);
	if (m->end == m->begin && !more(m))
		return 0;
	while (!find_cut(m, m->begin, &at)) {
		if (m->end - m->begin > MAIL_MESSAGE_MAX + SLACK)
			break;
		if (m->eof) {
			at = m->end - m->begin;
			break;
		}
		more(m);
	}
	held = at;
	whole = at;
	if (m->end - m->begin > MAIL_MESSAGE_MAX && at > MAIL_MESSAGE_MAX) {
		held = MAIL_MESSAGE_MAX;
		whole = pass_over(m, held);
	}
	finish(m, held, whole, out, TRUE);
	out->last = m->eof && m->begin + held == m->end;
	m->taken = held;
	m->offset += whole;
	return 1;
}

int mail_mbox_rest(struct mail_mbox *m, struct mail_raw *out)
{
	size_t held, whole;

	settle(m);
	while (m->end - m->begin <= MAIL_MESSAGE_MAX)
		if (!more(m))
			break;
	held = MIN(m->end - m->begin, MAIL_MESSAGE_MAX);
	whole = m->end - m->begin;
	while (!m->eof) {
		m->end = m->begin + held;
		fill(m);
		whole += m->end - m->begin - held;
	}
	if (whole == 0)
		return 0;
	finish(m, held, whole, out, FALSE);
	out->last = TRUE;
	m->taken = m->end - m->begin;
	m->offset += whole;
	return 1;
}

/* Whether a block of header lines has one that only mail has: notes and settings also begin with a word and a colon. */
static gboolean is_mail_header(const char *at, const char *end)
{
	static const char *const names[] = {"from:",         "to:",
					    "subject:",      "date:",
					    "received:",     "message-id:",
					    "mime-version:", "return-path:",
					    "delivered-to:", "content-type:",
					    "cc:",           "sender:",
					    "reply-to:",     "x-mailer:",
					    "envelope-to:",  "x-from-line:",
					    "in-reply-to:",  "references:",
					    "resent-from:",  "x-mozilla-status:",
					    ">from ",        NULL};

	for (int lines = 0; at < end && lines < 200; lines++) {
		size_t n = line_length(at, end);
		const char *nl = memchr(at, '\n', (size_t)(end - at));

		if (n == 0)
			return FALSE;
		for (int i = 0; names[i]; i++)
			if (n >= strlen(names[i]) && g_ascii_strncasecmp(at, names[i], strlen(names[i])) == 0)
				return TRUE;
		at = nl ? nl + 1 : end;
	}
	return FALSE;
}

static gboolean looks_like_message(const char *at, const char *end)
{
	size_t n;

	if (at < end && *at == ' ') /* a blank too many before the first field */
		at++;
	n = line_length(at, end);
	return (mail_is_header(at, n) || (n > 6 && memcmp(at, ">From ", 6) == 0)) && is_mail_header(at, end);
}

enum mail_look mail_mbox_look(struct mail_mbox *m)
{
	const char *at, *end;
	size_t n;

	settle(m);
	while (m->end - m->begin < 4 * SLACK)
		if (!more(m))
			break;
	if (m->end - m->begin >= 3 && memcmp(m->data + m->begin, "\xef\xbb\xbf", 3) == 0)
		m->begin += 3, m->offset += 3;
	end = m->data + m->end;
	for (at = m->data + m->begin; at < end && (*at == '\n' || *at == '\r'); at++)
		;
	m->offset += (uint64_t)(at - m->data) - m->begin;
	m->begin = (size_t)(at - m->data);
	if (at == end)
		return MAIL_LOOK_EMPTY;
	n = line_length(at, end);
	if (n >= 5 && memcmp(at, "From ", 5) == 0) {
		m->patches = is_patch(at, n);
		return m->patches || cuts(m, at, at) ? MAIL_LOOK_MBOX : MAIL_LOOK_NOTHING;
	}
	return looks_like_message(at, end) ? MAIL_LOOK_MESSAGE : MAIL_LOOK_NOTHING;
}

void mail_mbox_restart(struct mail_mbox *m)
{
	mail_stream_rewind(m->stream);
	m->begin = m->end = m->taken = 0;
	m->offset = 0;
	m->eof = FALSE;
	mail_mbox_look(m);
}
