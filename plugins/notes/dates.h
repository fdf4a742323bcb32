/* SPDX-License-Identifier: ISC
 *
 * dates: days as people write them in headings, names and front matter, in Finnish, Swedish and English:
 * 2025-11-03, 3.11.2025, 3. marraskuuta 2025, den 3 november 2025, November 3rd, 2025, Viikko 45/2025, vecka 45,
 * 2025-W45. What could be read in two ways (11/03/2025, 1.2.30) is not read at all. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct date {
	int year, month, day; /* of a week: its Monday */
	size_t start, end;    /* bytes of the text that say it */
	bool has_year;        /* FALSE: the year came from `year` */
};

/* The first day in the text. `year`: taken for days and weeks without one ("3.11.", "Viikko 45"); 0: those are passed
 * over. `compact`: 20251103 counts too (file names). */
bool date_find(const char *text, int year, bool compact, struct date *out);
/* A year that stands alone in the text ("2025", "Loki 2025"); 0 if there is none. */
int date_year(const char *text);
/* 00:00 UTC of the day. */
int64_t date_seconds(const struct date *date);
/* A time as machines write it: RFC 3339, with or without zone (then UTC), or any day as above; 0 if it is neither. */
int64_t date_time(const char *text);
