/* SPDX-License-Identifier: ISC */
#include "dates.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define MAX_TEXT 400 /* bytes of a heading that are looked at */

static const struct {
	const char *name;
	int month;
	bool open; /* endings may follow: marraskuuta, marraskuun */
} months[] = {
	{"tammikuu", 1, true},
	{"helmikuu", 2, true},
	{"maaliskuu", 3, true},
	{"huhtikuu", 4, true},
	{"toukokuu", 5, true},
	{"kes\xc3\xa4kuu", 6, true},
	{"hein\xc3\xa4kuu", 7, true},
	{"elokuu", 8, true},
	{"syyskuu", 9, true},
	{"lokakuu", 10, true},
	{"marraskuu", 11, true},
	{"joulukuu", 12, true},
	{"january", 1, false},
	{"february", 2, false},
	{"march", 3, false},
	{"april", 4, false},
	{"may", 5, false},
	{"june", 6, false},
	{"july", 7, false},
	{"august", 8, false},
	{"september", 9, false},
	{"october", 10, false},
	{"november", 11, false},
	{"december", 12, false},
	{"januari", 1, false},
	{"februari", 2, false},
	{"mars", 3, false},
	{"maj", 5, false},
	{"juni", 6, false},
	{"juli", 7, false},
	{"augusti", 8, false},
	{"oktober", 10, false},
	{"jan", 1, false},
	{"feb", 2, false},
	{"mar", 3, false},
	{"apr", 4, false},
	{"jun", 6, false},
	{"jul", 7, false},
	{"aug", 8, false},
	{"sep", 9, false},
	{"sept", 9, false},
	{"oct", 10, false},
	{"okt", 10, false},
	{"nov", 11, false},
	{"dec", 12, false},
};

static int days_in(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : days[month - 1];
}

static bool is_day(int year, int month, int day)
{
	return year >= 1970 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
}

static int64_t day_number(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = year / 400, of_era = year - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int64_t date_seconds(const struct date *d)
{
	return day_number(d->year, d->month, d->day) * 86400;
}

/* The Monday of an ISO week: week 1 is the one with January 4th in it. */
static bool week(int year, int number, struct date *out)
{
	if (year < 1970 || year > 2100 || number < 1 || number > 53)
		return false;
	int64_t fourth = day_number(year, 1, 4);
	int64_t monday = fourth - (fourth + 3) % 7 + (number - 1) * 7;
	for (int y = year - 1; y <= year + 1; y++) {
		int64_t day = monday - day_number(y, 1, 1);
		if (day < 0 || day >= 365 + (days_in(y, 2) == 29))
			continue;
		int month = 1;
		for (; day >= days_in(y, month); month++)
			day -= days_in(y, month);
		out->year = y;
		out->month = month;
		out->day = (int)day + 1;
		return true;
	}
	return false;
}

struct scan {
	const char *text;
	size_t length;
	int year;
	bool compact;
};

static char at(const struct scan *s, size_t i)
{
	return i < s->length ? s->text[i] : '\0';
}

static bool digit(const struct scan *s, size_t i)
{
	return isdigit((unsigned char)at(s, i));
}

static bool letter(const struct scan *s, size_t i)
{
	unsigned char c = (unsigned char)at(s, i);
	return isalpha(c) || c >= 0x80;
}

/* The number at `*i`, of at most `most` digits; -1 if there is none, or a longer one. */
static int number(const struct scan *s, size_t *i, size_t most)
{
	size_t n = 0;
	int value = 0;
	while (digit(s, *i + n) && n <= most)
		value = value * 10 + (at(s, *i + n++) - '0');
	if (!n || n > most)
		return -1;
	*i += n;
	return value;
}

static size_t blanks(const struct scan *s, size_t i)
{
	while (at(s, i) == ' ' || at(s, i) == '\t')
		i++;
	return i;
}

static int year_at(const struct scan *s, size_t *i)
{
	size_t j = *i;
	int year = number(s, &j, 4);
	if (year < 1970 || year > 2100 || j - *i != 4)
		return 0;
	*i = j;
	return year;
}

/* The month word at `*i`; 0 if it is none. */
static int month_at(const struct scan *s, size_t *i)
{
	size_t n = 0;
	while (letter(s, *i + n))
		n++;
	for (size_t m = 0; n && m < sizeof(months) / sizeof(*months); m++) {
		size_t length = strlen(months[m].name);
		char word[16];
		if (n < length || (n > length && !months[m].open) || n > length + 3)
			continue;
		for (size_t k = 0; k < length; k++) {
			unsigned char c = (unsigned char)at(s, *i + k);
			word[k] = (char)(c == 0x84 ? 0xa4 : c < 0x80 ? tolower(c) : c); /* Ä to ä is one byte */
		}
		if (memcmp(word, months[m].name, length) != 0)
			continue;
		*i += n;
		return months[m].month;
	}
	return 0;
}

static bool done(struct date *out, size_t start, size_t end, int year, int month, int day, bool has_year)
{
	if (!is_day(year, month, day))
		return false;
	*out = (struct date){year, month, day, start, end, has_year};
	return true;
}

/* 2025-11-03, 2025/11/3, 2025.11.03, 2025-W45, and 20251103. */
static bool iso_at(const struct scan *s, size_t start, struct date *out)
{
	size_t i = start;
	int year = year_at(s, &i);
	if (!year) {
		int all = number(s, &i, 8);
		return s->compact && i - start == 8 &&
		       done(out, start, i, all / 10000, all / 100 % 100, all % 100, true);
	}
	char between = at(s, i);
	if (between == '-' && (at(s, i + 1) == 'W' || at(s, i + 1) == 'w')) {
		i += 2;
		int w = number(s, &i, 2);
		if (!week(year, w, out))
			return false;
		out->start = start;
		out->end = i;
		return out->has_year = true;
	}
	if (between != '-' && between != '/' && between != '.' && !(s->compact && between == '_'))
		return false;
	i++;
	int month = number(s, &i, 2);
	if (at(s, i) != between)
		return false;
	i++;
	int day = number(s, &i, 2);
	return done(out, start, i, year, month, day, true);
}

/* After a day and month: the year, or the one that the text around gives. */
static bool with_year(const struct scan *s, size_t start, size_t i, int month, int day, bool may_lack, struct date *out)
{
	size_t j = i;
	if (at(s, j) == '.' || at(s, j) == ',')
		j++;
	j = blanks(s, j);
	int year = year_at(s, &j);
	if (year)
		return done(out, start, j, year, month, day, true);
	return may_lack && s->year && !digit(s, j) && done(out, start, i, s->year, month, day, false);
}

/* 3.11.2025, 3. 11. 2025, 3.11. with a year around; 3 November 2025, 3. marraskuuta 2025, 3rd of November 2025. */
static bool day_first_at(const struct scan *s, size_t start, struct date *out)
{
	size_t i = start;
	int day = number(s, &i, 2), month;
	if (day < 1 || day > 31)
		return false;
	if (at(s, i) == '.') {
		size_t j = blanks(s, i + 1);
		month = number(s, &j, 2);
		if (month > 0 && at(s, j) == '.') {
			size_t k = blanks(s, j + 1);
			int year = year_at(s, &k);
			if (year)
				return done(out, start, k, year, month, day, true);
			return s->year && !digit(s, k) && done(out, start, j + 1, s->year, month, day, false);
		}
	}
	static const char *const endings[] = {".", "st", "nd", "rd", "th", ":e", NULL};
	for (const char *const *e = endings; *e; e++)
		if (i + strlen(*e) <= s->length && !strncasecmp(s->text + i, *e, strlen(*e))) {
			i += strlen(*e);
			break;
		}
	i = blanks(s, i);
	if (i + 3 < s->length && !strncasecmp(s->text + i, "of ", 3))
		i = blanks(s, i + 3);
	month = month_at(s, &i);
	return month && with_year(s, start, i, month, day, true, out);
}

/* November 3, 2025; Nov 3rd. */
static bool month_first_at(const struct scan *s, size_t start, struct date *out)
{
	size_t i = start;
	int month = month_at(s, &i);
	if (!month)
		return false;
	i = blanks(s, at(s, i) == '.' ? i + 1 : i);
	int day = number(s, &i, 2);
	if (day < 1)
		return false;
	static const char *const endings[] = {"st", "nd", "rd", "th", NULL};
	for (const char *const *e = endings; *e; e++)
		if (i + 2 <= s->length && !strncasecmp(s->text + i, *e, 2))
			i += 2;
	return !letter(s, i) && with_year(s, start, i, month, day, true, out);
}

/* Viikko 45, vko 45/2025, Vecka 45 2025, Week 45, v. 45/2025. */
static bool week_at(const struct scan *s, size_t start, struct date *out)
{
	static const char *const words[] = {"viikko", "viikon", "vko", "vecka", "week", "wk", "v", NULL};
	size_t n = 0;
	while (letter(s, start + n))
		n++;
	for (const char *const *w = words; *w; w++) {
		if (n != strlen(*w) || strncasecmp(s->text + start, *w, n) != 0)
			continue;
		size_t i = blanks(s, at(s, start + n) == '.' ? start + n + 1 : start + n);
		int number_of = number(s, &i, 2);
		if (number_of < 1 || letter(s, i))
			return false;
		size_t j = i, end = i;
		while (at(s, j) == ' ' || at(s, j) == '/' || at(s, j) == ',' || at(s, j) == '-')
			j++;
		int year = year_at(s, &j);
		bool version = n == 1 && at(s, start + n) != '.' && at(s, i) != '/'; /* "v2 2025" is one more often */
		if (year)
			end = j;
		if (version || (!year && (n == 1 || !s->year)))
			return false;
		if (!week(year ? year : s->year, number_of, out))
			return false;
		out->start = start;
		out->end = end;
		out->has_year = year != 0;
		return true;
	}
	return false;
}

bool date_find(const char *text, int year, bool compact, struct date *out)
{
	struct scan s = {text, strnlen(text, MAX_TEXT), year, compact};
	for (size_t i = 0; i < s.length; i++) {
		bool begins = i == 0 || !(letter(&s, i - 1) || digit(&s, i - 1));
		if (!begins)
			continue;
		bool found = digit(&s, i) ? iso_at(&s, i, out) || day_first_at(&s, i, out)
					  : letter(&s, i) && (month_first_at(&s, i, out) || week_at(&s, i, out));
		/* Not the middle of a longer number: 10.1.2.3.2025, 040-2025-11-03; but 3-5.11.2025 is a day. */
		char before = i > 1 && digit(&s, i - 2) ? at(&s, i - 1) : ' ';
		bool inside = before == '.' || before == '/' || (before == '-' && digit(&s, i + 1) && digit(&s, i + 2));
		if (found && !inside && !digit(&s, out->end))
			return true;
	}
	return false;
}

int date_year(const char *text)
{
	struct scan s = {text, strnlen(text, MAX_TEXT), 0, false};
	for (size_t i = 0; i < s.length; i++) {
		size_t j = i;
		if (i && (letter(&s, i - 1) || digit(&s, i - 1) || strchr(".-/", at(&s, i - 1))))
			continue;
		int year = digit(&s, i) ? year_at(&s, &j) : 0;
		if (year && !letter(&s, j) && !(strchr(".-", at(&s, j)) && digit(&s, j + 1)))
			return year;
	}
	return 0;
}

/* "+0200", "+02:00", "-03" at `i`: seconds east of Greenwich. */
static int64_t zone_at(const struct scan *s, size_t i)
{
	bool west = at(s, i++) == '-';
	int hours = number(s, &i, 2);
	if (hours < 0) { /* four digits in one */
		int both = number(s, &i, 4);
		hours = both / 100;
		return both < 0 ? 0 : (west ? -1 : 1) * (hours * 3600 + both % 100 * 60);
	}
	i += at(s, i) == ':';
	int minutes = number(s, &i, 2);
	return (west ? -1 : 1) * (hours * 3600 + (minutes > 0 ? minutes : 0) * 60);
}

int64_t date_time(const char *text)
{
	struct scan s = {text, strnlen(text, MAX_TEXT), 0, false};
	struct date d;
	if (!date_find(text, 0, false, &d))
		return 0;
	int64_t seconds = date_seconds(&d);
	size_t i = d.end;
	if (!strchr("Tt ", at(&s, i)) || !at(&s, i++))
		return seconds;
	int hour = number(&s, &i, 2), minute = at(&s, i) == ':' && i++ ? number(&s, &i, 2) : -1;
	int second = at(&s, i) == ':' && i++ ? number(&s, &i, 2) : 0;
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
		return seconds;
	if (at(&s, i) == '.')
		for (i++; digit(&s, i);)
			i++;
	i = blanks(&s, i);
	if ((at(&s, i) == '+' || at(&s, i) == '-') && digit(&s, i + 1))
		seconds -= zone_at(&s, i);
	return seconds + hour * 3600 + minute * 60 + second;
}
