/* sniff: what a table's first rows tell about it: the delimiter, how lines end, what stands before the header. Looks at
 * a sample of decoded text and touches nothing else. */
#ifndef CRM_SNIFF_H
#define CRM_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

struct sniff {
	char delimiter;       /* ',' where there is none to be seen */
	bool tabular;         /* rows of two columns or more, or at least a whole file of one */
	bool mac;             /* lines end with CR alone */
	size_t header;        /* byte where the header row begins: after "sep=;" and lines of title */
	unsigned header_line; /* its line, from 1 */
	unsigned titles;      /* lines of title left aside before it */
};

/* `delimiter`: as declared, 0 to find out. */
struct sniff sniff_table(const char *sample, size_t length, char delimiter);

/* Which order the dates of a table are in, as far as the sample shows it: 'd' day first, 'm' month first, 0 not to be
 * seen. Only dates with slashes or hyphens and the year last can be in doubt. */
char sniff_dates(const char *sample, size_t length);

#endif
