/* value: what single cells mean: times, amounts, domains, ids. All functions take any text and say so when it is not
 * what they read; none guesses where two readings are possible. */
#ifndef CRM_VALUE_H
#define CRM_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Seconds since 1970. `order`: 'd' or 'm' for dates as 3/4/2025, 'y' for 25/4/3, 0 if that is not known (a date that
 * could be either is then not read). A date without a time of day is noon UTC: the same date wherever it is shown. A
 * time without a zone is local time. FALSE if it is no time. `doubtful` (may be NULL) is set when only the order was
 * missing. */
bool value_time(const char *text, char order, int64_t *out, bool *doubtful);

/* "1 234,50 €" as "1234.50". `point`: '.' or ',' as the decimal point, 0 to tell by looks. FALSE if it is no number, or
 * one that could be read in two ways. */
bool value_amount(const char *text, char point, char *out, size_t room);

/* The host of a web address, lower case and without "www."; FALSE if there is none. */
bool value_domain(const char *text, char *out, size_t room);

/* Salesforce writes an id with 15 letters or with 18, of which the last three say the case of the others: always 18.
 * Other texts are copied. */
void value_salesforce_id(const char *text, char *out, size_t room);

bool value_is_email(const char *text);
/* yes, true, 1, kyllä, ja, "company": 1; no, false, 0, "person", "individual": 0; anything else: -1. */
int value_company(const char *text);
/* Long, and without a blank: packed bytes, not something to read. */
bool value_is_binary(const char *text, size_t length);
/* Nothing, or a word for it. */
bool value_is_empty(const char *text);
/* Would this stand in a row of data, not in a header? A number, a date, an e-mail address. */
bool value_is_datum(const char *text);

#endif
