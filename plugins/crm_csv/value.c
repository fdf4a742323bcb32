#include "value.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* ---- times ---- */

struct moment {
	int year, month, day, hour, minute, second, offset; /* offset: minutes east of UTC */
	bool has_time, has_zone;
};

static bool digits(const char **p, int least, int most, int *out)
{
	const char *q = *p;
	int value = 0;

	while (isdigit((unsigned char)*q) && q - *p < most)
		value = value * 10 + (*q++ - '0');
	if (q - *p < least || isdigit((unsigned char)*q))
		return false;
	*out = value;
	*p = q;
	return true;
}

static void skip_blanks(const char **p)
{
	while (**p == ' ' || **p == ',')
		++*p;
}

static bool zone(const char **p, struct moment *m)
{
	int hours, minutes = 0, sign;

	skip_blanks(p);
	if (**p == 'Z' || !strncasecmp(*p, "UTC", 3) || !strncasecmp(*p, "GMT", 3)) {
		*p += **p == 'Z' ? 1 : 3;
		m->has_zone = true;
		return true;
	}
	if (**p != '+' && **p != '-')
		return true;
	sign = **p == '-' ? -1 : 1;
	++*p;
	const char *start = *p;
	if (!digits(p, 1, 4, &hours))
		return false;
	if (*p - start > 2) {
		minutes = hours % 100;
		hours /= 100;
	} else if (**p == ':') {
		++*p;
		if (!digits(p, 2, 2, &minutes))
			return false;
	}
	m->offset = sign * (hours * 60 + minutes);
	m->has_zone = true;
	return hours <= 14 && minutes < 60;
}

static bool half_day(const char **p, struct moment *m)
{
	skip_blanks(p);
	if ((**p != 'a' && **p != 'A' && **p != 'p' && **p != 'P') || strcspn(*p + 1, "mM") > 1)
		return true;
	bool after = **p == 'p' || **p == 'P';
	if (m->hour < 1 || m->hour > 12)
		return false;
	m->hour = m->hour % 12 + (after ? 12 : 0);
	*p += strcspn(*p, "mM");
	*p += **p != '\0';
	*p += **p == '.';
	return true;
}

static bool clock_time(const char **p, struct moment *m)
{
	if (**p == 'T')
		++*p;
	skip_blanks(p);
	if (!strncasecmp(*p, "klo", 3) || !strncasecmp(*p, "kl.", 3) || !strncasecmp(*p, "at ", 3))
		*p += 3;
	else if (!strncasecmp(*p, "kl ", 3))
		*p += 3;
	skip_blanks(p);
	if (!**p)
		return true;
	if (!digits(p, 1, 2, &m->hour) || (**p != ':' && **p != '.'))
		return false;
	++*p;
	if (!digits(p, 2, 2, &m->minute))
		return false;
	if (**p == ':' || **p == '.') {
		++*p;
		if (!digits(p, 2, 2, &m->second))
			return false;
	}
	if (**p == '.' || **p == ',')
		for (++*p; isdigit((unsigned char)**p);)
			++*p;
	m->has_time = true;
	return half_day(p, m) && zone(p, m);
}

static int month_word(const char **p)
{
	static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
					     "jul", "aug", "sep", "oct", "nov", "dec"};

	for (int i = 0; i < 12; i++)
		if (!strncasecmp(*p, months[i], 3)) {
			while (isalpha((unsigned char)**p))
				++*p;
			*p += **p == '.';
			return i + 1;
		}
	return 0;
}

static int full_year(int year, long written)
{
	return written > 2 ? year : year + (year < 70 ? 2000 : 1900);
}

/* 2025-03-04, 2025/03/04, 20250304 */
static bool year_first(const char **p, struct moment *m)
{
	const char *q = *p;
	int all;

	if (digits(&q, 8, 8, &all)) {
		m->year = all / 10000;
		m->month = all / 100 % 100;
		m->day = all % 100;
	} else {
		q = *p;
		if (!digits(&q, 4, 4, &m->year) || (*q != '-' && *q != '/' && *q != '.'))
			return false;
		char separator = *q++;
		if (!digits(&q, 1, 2, &m->month) || *q != separator)
			return false;
		q++;
		if (!digits(&q, 1, 2, &m->day))
			return false;
	}
	*p = q;
	return true;
}

/* 4.3.2025, 3/4/2025, 04-03-2025 */
static bool year_last(const char **p, char order, struct moment *m, bool *doubtful)
{
	const char *q = *p;
	int first, second, third;

	if (!digits(&q, 1, 2, &first) || !*q || !strchr("./-", *q))
		return false;
	char separator = *q++;
	if (!digits(&q, 1, 2, &second) || *q != separator)
		return false;
	const char *begin = ++q;
	if (!digits(&q, 2, 4, &third))
		return false;
	if (order == 'y' && q - begin == 2) {
		*m = (struct moment){.year = full_year(first, 2), .month = second, .day = third};
		*p = q;
		return true;
	}
	if (separator == '.')
		order = 'd';
	if (order != 'd' && order != 'm')
		order = first > 12 ? 'd' : second > 12 ? 'm' : first == second ? 'd' : 0;
	*doubtful = !order;
	m->year = full_year(third, q - begin);
	m->day = order == 'd' ? first : second;
	m->month = order == 'd' ? second : first;
	*p = q;
	return order != 0;
}

/* 4 Mar 2025, Mar 4, 2025 */
static bool month_by_name(const char **p, struct moment *m)
{
	const char *q = *p;
	bool day_first = isdigit((unsigned char)*q);

	if (day_first && !digits(&q, 1, 2, &m->day))
		return false;
	q += strspn(q, " .-");
	m->month = month_word(&q);
	if (!m->month)
		return false;
	q += strspn(q, " .-");
	if (!day_first && !digits(&q, 1, 2, &m->day))
		return false;
	q += strspn(q, " ,-");
	if (!digits(&q, 4, 4, &m->year))
		return false;
	*p = q;
	return true;
}

static bool plausible(const struct moment *m)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return m->year >= 1900 && m->year < 2200 && m->month >= 1 && m->month <= 12 && m->day >= 1 &&
	       m->day <= days[m->month - 1] && m->hour < 24 && m->minute < 60 && m->second <= 60;
}

static int64_t seconds(const struct moment *m)
{
	struct tm tm = {.tm_year = m->year - 1900,
			.tm_mon = m->month - 1,
			.tm_mday = m->day,
			.tm_hour = m->has_time ? m->hour : 12,
			.tm_min = m->minute,
			.tm_sec = m->second,
			.tm_isdst = -1};

	if (m->has_time && !m->has_zone)
		return (int64_t)mktime(&tm);
	return (int64_t)timegm(&tm) - m->offset * 60;
}

/* Milliseconds since 1970, as HubSpot's own interface writes times. */
static bool milliseconds(const char *text, int64_t *out)
{
	if (strlen(text) != 13 || strspn(text, "0123456789") != 13 || text[0] > '4')
		return false;
	*out = strtoll(text, NULL, 10) / 1000;
	return true;
}

bool value_time(const char *text, char order, int64_t *out, bool *doubtful)
{
	struct moment m = {0};
	bool doubt = false;

	text += strspn(text, " ");
	const char *p = text;
	if (milliseconds(text, out))
		return true;
	bool read = year_first(&p, &m) || year_last(&p, order, &m, &doubt) || month_by_name(&p, &m);
	if (doubtful)
		*doubtful = doubt;
	if (!read || !clock_time(&p, &m))
		return false;
	skip_blanks(&p);
	if (*p || !plausible(&m))
		return false;
	*out = seconds(&m);
	return true;
}

/* ---- amounts ---- */

struct number {
	char digits[64]; /* digits and the marks between them */
	size_t length;
	size_t points, commas;
	bool negative;
};

/* Blanks group digits: plain, no-break and narrow no-break ones, and the apostrophe of the Swiss. */
static size_t group_mark(const char *p)
{
	static const char *const marks[] = {" ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "'", "\xE2\x80\x99"};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (!strncmp(p, marks[i], strlen(marks[i])))
			return strlen(marks[i]);
	return 0;
}

static const char *currency_mark(const char *p)
{
	static const char *const marks[] = {"€",   "$",   "£",   "¥",   "EUR", "USD", "SEK",
					    "NOK", "DKK", "GBP", "CHF", "kr",  "eur"};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (!strncmp(p, marks[i], strlen(marks[i])))
			return p + strlen(marks[i]);
	return NULL;
}

static bool scan_number(const char *p, struct number *n)
{
	while (*p) {
		const char *next = currency_mark(p);
		size_t mark = group_mark(p);
		if (next) {
			p = next;
		} else if (mark) {
			p += mark;
		} else if ((*p == '-' || *p == '(') && !n->length) {
			n->negative = true;
			p++;
		} else if (*p == ')' && n->negative) {
			p++;
		} else if (isdigit((unsigned char)*p) || *p == '.' || *p == ',') {
			if (n->length + 2 > sizeof n->digits)
				return false;
			n->points += *p == '.';
			n->commas += *p == ',';
			n->digits[n->length++] = *p++;
		} else {
			return false;
		}
	}
	return n->length > 0 && isdigit((unsigned char)n->digits[n->length - 1]);
}

static char decimal_point(const struct number *n, bool *doubtful)
{
	const char *comma = strrchr(n->digits, ','), *point = strrchr(n->digits, '.');

	if (comma && point)
		return comma > point ? ',' : '.';
	const char *mark = comma ? comma : point;
	size_t count = n->commas + n->points;
	if (!mark || count > 1)
		return 0;
	/* One mark and three digits after it, as 1.234: thousands or decimals. More than three before it: decimals. */
	*doubtful = strlen(mark + 1) == 3 && mark - n->digits <= 3 && !(mark - n->digits == 1 && n->digits[0] == '0');
	return *mark;
}

bool value_amount(const char *text, char point, char *out, size_t room)
{
	struct number n = {.length = 0};
	bool doubtful = false;
	size_t used = 0;

	if (!scan_number(text, &n))
		return false;
	if (!point) {
		point = decimal_point(&n, &doubtful);
		if (doubtful)
			return false;
	}
	if ((point == ',' && n.commas > 1) || (point == '.' && n.points > 1) || room < n.length + 2)
		return false;
	if (n.negative)
		out[used++] = '-';
	for (size_t i = 0; i < n.length; i++) {
		if (isdigit((unsigned char)n.digits[i]))
			out[used++] = n.digits[i];
		else if (n.digits[i] == point)
			out[used++] = '.';
	}
	out[used] = '\0';
	return true;
}

/* ---- other values ---- */

bool value_domain(const char *text, char *out, size_t room)
{
	const char *scheme = strstr(text, "://");
	const char *begin = scheme ? scheme + 3 : text + strspn(text, " ");
	size_t length = strcspn(begin, "/?#: ");
	const char *at = memchr(begin, '@', length);

	if (at) {
		length -= (size_t)(at + 1 - begin);
		begin = at + 1;
	}
	if (length > 4 && !strncasecmp(begin, "www.", 4)) {
		begin += 4;
		length -= 4;
	}
	while (length && begin[length - 1] == '.')
		length--;
	if (length < 4 || length >= room || !memchr(begin, '.', length) || begin[0] == '.')
		return false;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)begin[i];
		if (!isalnum(c) && c != '-' && c != '.' && c < 0x80)
			return false;
		out[i] = (char)tolower(c);
	}
	out[length] = '\0';
	return true;
}

void value_salesforce_id(const char *text, char *out, size_t room)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
	size_t length = strlen(text);

	snprintf(out, room, "%s", text);
	if (length != 15 || room < 19)
		return;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]))
			return;
	for (size_t part = 0; part < 3; part++) {
		unsigned bits = 0;
		for (size_t i = 0; i < 5; i++)
			bits |= (unsigned)(text[part * 5 + i] >= 'A' && text[part * 5 + i] <= 'Z') << i;
		out[15 + part] = letters[bits];
	}
	out[18] = '\0';
}

bool value_is_email(const char *text)
{
	const char *at = strchr(text, '@');

	return at && at > text && at[1] && !strchr(at + 1, '@') && strchr(at + 1, '.') &&
	       !strpbrk(text, " \t\r\n,;<>()\"");
}

int value_company(const char *text)
{
	static const char *const yes[] = {"true", "1",      "yes",     "company", "kyllä",
					  "ja",   "yritys", "företag", "x",       "tosi"};
	static const char *const no[] = {"false", "0",   "no",      "person",       "individual",
					 "ei",    "nej", "henkilö", "privatperson", "epätosi"};

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (!strcasecmp(text, yes[i]))
			return 1;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (!strcasecmp(text, no[i]))
			return 0;
	return -1;
}

bool value_is_binary(const char *text, size_t length)
{
	return length >= 1024 && strcspn(text, " \t\r\n,;") == length;
}

bool value_is_empty(const char *text)
{
	static const char *const words[] = {"NULL", "null", "\\N", "(null)"};

	if (!text[strspn(text, " \t\r\n")])
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(text, words[i]))
			return true;
	return false;
}

bool value_is_datum(const char *text)
{
	int64_t when;
	bool doubtful = false;
	char amount[80];

	if (value_is_empty(text))
		return false;
	return value_is_email(text) || value_amount(text, '.', amount, sizeof amount) ||
	       value_time(text, 0, &when, &doubtful) || doubtful;
}
