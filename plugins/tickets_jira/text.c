/* SPDX-License-Identifier: ISC */
#include "text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_quote(struct text *t, size_t start)
{
	size_t end = t->bytes.length;
	if (t->n_quoted && t->quoted[t->n_quoted - 1].start + t->quoted[t->n_quoted - 1].length > start) {
		struct meri_span *last = &t->quoted[t->n_quoted - 1];
		if (start <= last->start) { /* a quotation around one that is marked already */
			t->n_quoted--;
			text_quote(t, start);
			return;
		}
		start = last->start + last->length;
	}
	if (end <= start)
		return;
	if (t->n_quoted == t->room_quoted) {
		t->room_quoted = t->room_quoted ? t->room_quoted * 2 : 8;
		t->quoted = must_realloc(t->quoted, t->room_quoted * sizeof(*t->quoted));
	}
	t->quoted[t->n_quoted++] = (struct meri_span){start, end - start};
}

void text_html(const struct meri_host *host, struct text *out, const char *html, size_t length)
{
	struct meri_blob blob = {
		.size = sizeof(blob), .bytes = html, .length = length, .media_type = "text/html; charset=utf-8"};
	const char *why = NULL, *text = host->text_of(host, &blob, &why);
	if (!text) {
		snprintf(out->problem, sizeof(out->problem), "%s", why ? why : "no text could be had of its HTML");
		buffer_add(&out->bytes, html, length); /* better as it stands than not at all */
		return;
	}
	if (out->bytes.length && out->bytes.data[out->bytes.length - 1] != '\n')
		buffer_char(&out->bytes, '\n');
	buffer_text(&out->bytes, text);
	buffer_trim(&out->bytes);
	buffer_char(&out->bytes, '\n');
}

void text_body(const struct meri_host *host, struct text *out, json_t *body, json_t *rendered)
{
	if (json_is_object(body))
		text_adf(out, body);
	else if (json_string_length(body))
		text_wiki(host, out, json_string_value(body));
	else if (json_string_length(rendered))
		text_html(host, out, json_string_value(rendered), json_string_length(rendered));
	buffer_trim(&out->bytes);
	while (out->n_quoted && out->quoted[out->n_quoted - 1].start >= out->bytes.length)
		out->n_quoted--;
	if (out->n_quoted) {
		struct meri_span *last = &out->quoted[out->n_quoted - 1];
		if (last->start + last->length > out->bytes.length)
			last->length = out->bytes.length - last->start;
	}
}

void text_clear(struct text *t)
{
	buffer_clear(&t->bytes);
	t->n_quoted = 0;
	t->problem[0] = '\0';
}

void text_free(struct text *t)
{
	buffer_free(&t->bytes);
	free(t->quoted);
	*t = (struct text){0};
}

static int64_t days(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = year / 400, of_era = year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* A number of up to `most` digits at `*p`, which moves behind it; -1 if there is none. */
static int number(const char **p, int most)
{
	int value = 0, n = 0;
	for (; n < most && **p >= '0' && **p <= '9'; n++)
		value = value * 10 + (*(*p)++ - '0');
	return n ? value : -1;
}

static bool skip(const char **p, char c)
{
	if (**p != c)
		return false;
	++*p;
	return true;
}

/* "+0200", "+02:00", "-03"; seconds east of Greenwich. */
static int64_t offset_of(const char *zone)
{
	const char *p = zone + 1;
	int hours = number(&p, 2);
	skip(&p, ':');
	int minutes = number(&p, 2);
	return (*zone == '-' ? -1 : 1) * ((hours > 0 ? hours : 0) * 3600 + (minutes > 0 ? minutes : 0) * 60);
}

/* "10:00", "10:00:00.000" at `*p`: milliseconds of the day; 0 if it is none. */
static int64_t clock_of(const char **p)
{
	int hour = number(p, 2), minute = skip(p, ':') ? number(p, 2) : -1, second = skip(p, ':') ? number(p, 2) : 0;
	int64_t fraction = 0, unit = 100;
	if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return 0;
	if (skip(p, '.'))
		for (; **p >= '0' && **p <= '9'; ++*p, unit /= 10)
			fraction += (**p - '0') * unit;
	return (hour * 3600 + minute * 60 + second) * INT64_C(1000) + fraction;
}

int64_t text_time(const char *time, int64_t *milliseconds)
{
	const char *p = time ? time : "";
	int year = number(&p, 4), month = skip(&p, '-') ? number(&p, 2) : 0, day = skip(&p, '-') ? number(&p, 2) : 0;
	if (milliseconds)
		*milliseconds = 0;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31)
		return 0;
	int64_t ms = days(year, month, day) * 86400000;
	if (skip(&p, 'T') || skip(&p, ' ')) {
		ms += clock_of(&p);
		if (*p == '+' || *p == '-')
			ms -= offset_of(p) * 1000;
	}
	if (milliseconds)
		*milliseconds = ms;
	return ms / 1000;
}
