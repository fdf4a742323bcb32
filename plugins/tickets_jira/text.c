/* SPDX-License-Identifier: ISC */
#include "text.h"

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

/* "+0200", "+02:00", "-03"; seconds east of Greenwich. */
static int64_t offset_of(const char *zone)
{
	int hours = 0, minutes = 0;
	if (sscanf(zone + 1, "%2d:%2d", &hours, &minutes) < 2)
		sscanf(zone + 1, "%2d%2d", &hours, &minutes);
	return (*zone == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

int64_t text_time(const char *time, int64_t *milliseconds)
{
	int year, month, day, hour = 0, minute = 0, second = 0, used = 0;
	if (milliseconds)
		*milliseconds = 0;
	if (!time || sscanf(time, "%4d-%2d-%2d%n", &year, &month, &day, &used) < 3 || year < 1 || month < 1 ||
	    month > 12 || day < 1 || day > 31)
		return 0;
	int64_t seconds = days(year, month, day) * 86400, fraction = 0;
	const char *rest = time + used;
	used = 0;
	if ((*rest == 'T' || *rest == ' ') &&
	    sscanf(rest + 1, "%2d:%2d%n:%2d%n", &hour, &minute, &used, &second, &used) >= 2) {
		if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60)
			return 0;
		rest += 1 + used;
		seconds += hour * 3600 + minute * 60 + second;
		if (*rest == '.') {
			int64_t unit = 100;
			for (rest++; *rest >= '0' && *rest <= '9'; rest++, unit /= 10)
				fraction += (*rest - '0') * unit;
		}
		if (*rest == '+' || *rest == '-')
			seconds -= offset_of(rest);
	}
	if (milliseconds)
		*milliseconds = seconds * 1000 + fraction;
	return seconds;
}
