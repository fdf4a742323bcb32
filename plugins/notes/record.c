/* SPDX-License-Identifier: ISC */
#include "record.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dates.h"
#include "keys.h"

#define MAX_LEVEL 50
#define MAX_LIST  500 /* parties, hints or fields of one note */
#define MAX_SLUG  120 /* bytes of a heading in an id */

/* Lists of the record that is being built; strings that are not borrowed are in `owned`. */
struct draft {
	struct meri_party parties[MAX_LIST];
	struct meri_pair hints[MAX_LIST], fields[MAX_LIST], left_out[2];
	size_t n_parties, n_hints, n_fields, n_left_out;
	char *owned[4 * MAX_LIST];
	size_t n_owned;
};

static const char *own(struct draft *d, const char *text, size_t length)
{
	if (d->n_owned == sizeof(d->owned) / sizeof(*d->owned))
		return "";
	char *copy = must_realloc(NULL, length + 1);
	memcpy(copy, text, length);
	copy[length] = '\0';
	return d->owned[d->n_owned++] = copy;
}

static void draft_free(struct draft *d)
{
	for (size_t i = 0; i < d->n_owned; i++)
		free(d->owned[i]);
	free(d);
}

static void add_pair(struct meri_pair *list, size_t *n, const char *name, const char *value)
{
	if (*value && *n < MAX_LIST)
		list[(*n)++] = (struct meri_pair){name, value};
}

/* "Matti Virtanen <matti@virtanen.example>", "matti@virtanen.example", "Matti Virtanen". */
static void add_party(struct draft *d, const char *role, const char *text, size_t length)
{
	const char *open = memchr(text, '<', length),
		   *close = open ? memchr(open, '>', length - (size_t)(open - text)) : NULL;
	struct meri_party party = {.role = role};
	if (!length || d->n_parties == MAX_LIST)
		return;
	if (open && close && memchr(open, '@', (size_t)(close - open))) {
		party.address = own(d, open + 1, (size_t)(close - open - 1));
		length = (size_t)(open - text);
		while (length && isspace((unsigned char)text[length - 1]))
			length--;
		if (length)
			party.name = own(d, text, length);
	} else if (memchr(text, '@', length) && !memchr(text, ' ', length)) {
		party.address = own(d, text, length);
	} else {
		party.name = own(d, text, length);
	}
	d->parties[d->n_parties++] = party;
}

/* Calls for each part of "a, b; c". */
static void each_part(struct draft *d, const char *list, const char *between, const char *detail,
		      void (*add)(struct draft *, const char *, const char *, size_t))
{
	for (const char *p = list; *p;) {
		size_t n = strcspn(p, between), start = 0, end = n;
		while (start < end && strchr(" \t#[\"'", p[start]))
			start++;
		while (end > start && strchr(" \t]\"'", p[end - 1]))
			end--;
		if (end && end > start)
			add(d, detail, p + start, end - start);
		p += n + (p[n] != '\0');
	}
}

static void add_tag(struct draft *d, const char *name, const char *text, size_t length)
{
	add_pair(d->fields, &d->n_fields, name, own(d, text, length));
}

static void add_hint(struct draft *d, const char *scheme, const char *value)
{
	if (!strcmp(scheme, "domain")) {
		const char *host = strstr(value, "://");
		host = host ? host + 3 : value;
		if (!strncasecmp(host, "www.", 4))
			host += 4;
		add_pair(d->hints, &d->n_hints, scheme, own(d, host, strcspn(host, "/?#: ")));
	} else {
		add_pair(d->hints, &d->n_hints, scheme, value);
	}
}

static void take_metas(struct draft *d, const struct note *note)
{
	for (size_t i = 0; i < note->n_metas; i++) {
		const struct meta *m = &note->metas[i];
		struct key key = key_of(m->key);
		switch (key.kind) {
		case KEY_TAG:
			each_part(d, m->value, strcmp(m->key, "filetags") ? ",;\n" : ",;: \n", "tag", add_tag);
			break;
		case KEY_PARTY:
			each_part(d, m->value, ",;\n", key.detail, add_party);
			break;
		case KEY_HINT:
			add_hint(d, key.detail, m->value);
			break;
		case KEY_FIELD:
			add_pair(d->fields, &d->n_fields, m->key, m->value);
			break;
		default:
			break;
		}
	}
}

/* The folder that is named after the customer. */
static void add_customer(struct draft *d, const char *path, unsigned level)
{
	const char *start = path;
	for (unsigned i = 1; level && start && i < level; i++) {
		start = strchr(start, '/');
		start += start != NULL;
	}
	const char *end = level && start ? strchr(start, '/') : NULL;
	if (end && end > start)
		add_hint(d, "name", own(d, start, (size_t)(end - start)));
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* A title in the front matter, a first heading that everything else stands below, or the file's name. */
static const char *title_of(const struct source_file *file, const struct note *note, struct buffer *out)
{
	const char *told = key_value(note, KEY_TITLE), *name = file_name(file->id), *dot = strrchr(name, '.');
	const struct heading *first = note->n_headings ? &note->headings[0] : NULL;
	if (told) {
		buffer_text(out, told);
	} else if (first && first->at == 0 && first->level == 1 && *first->title) {
		size_t others = 0;
		for (size_t i = 1; i < note->n_headings; i++)
			others += note->headings[i].level == 1;
		if (!others)
			buffer_text(out, first->title);
	}
	if (!out->length)
		buffer_add(out, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
	for (char *p = out->data; *p; p++)
		if (*p == '\n' || *p == '\t')
			*p = ' ';
	return out->data;
}

/* When it was: told, in the title, or in the file's name; 0 if nothing says. */
static int64_t date_of(const struct source_file *file, const struct note *note, const char *title)
{
	struct date d;
	const char *told = key_value(note, KEY_DATE);
	int64_t time = told ? date_time(told) : 0;
	if (time)
		return time;
	if (date_find(title, 0, false, &d) || date_find(file_name(file->id), 0, true, &d))
		return date_seconds(&d);
	return 0;
}

/* ---- entries of a log ---- */

struct entry {
	const struct heading *heading;
	size_t end;
	int64_t date;
	unsigned occurrence;
};

struct log {
	struct entry *entries;
	size_t n;
	bool newest_first;
};

/* The day of each heading; a year that only a heading above tells ("2025", then "3.11.") counts. */
static int64_t *dates_of(const struct source_file *file, const struct note *note)
{
	int years[MAX_LEVEL + 1] = {0}, year = date_year(file->id);
	const char *told = key_value(note, KEY_DATE);
	struct date d;
	int64_t *dates = must_realloc(NULL, (note->n_headings + 1) * sizeof(*dates));
	if (!year && (date_find(file_name(file->id), 0, true, &d) || (told && date_find(told, 0, false, &d))))
		year = d.year;
	years[0] = year;
	for (size_t i = 0; i < note->n_headings; i++) {
		const struct heading *h = &note->headings[i];
		int level = h->level < 1 ? 1 : h->level > MAX_LEVEL ? MAX_LEVEL : h->level, around = 0;
		for (int up = level - 1; up >= 0 && !around; up--)
			around = years[up];
		bool dated = date_find(h->title, around, false, &d);
		dates[i] = dated ? date_seconds(&d) : 0;
		years[level] = dated ? d.year : date_year(h->title);
		for (int down = level + 1; down <= MAX_LEVEL; down++)
			years[down] = 0;
	}
	return dates;
}

/* The level at which the log's days stand: the one with the most of them. `most`: how many; `all`: headings of that
 * level. */
static int level_of(const struct note *note, const int64_t *dates, size_t *most, size_t *all)
{
	size_t dated[MAX_LEVEL + 1] = {0}, count[MAX_LEVEL + 1] = {0};
	int level = 1;
	for (size_t i = 0; i < note->n_headings; i++) {
		int l = note->headings[i].level;
		if (l < 1 || l > MAX_LEVEL)
			continue;
		count[l]++;
		dated[l] += dates[i] != 0;
	}
	for (int l = 2; l <= MAX_LEVEL; l++)
		if (dated[l] > dated[level])
			level = l;
	*most = dated[level];
	*all = count[level];
	return level;
}

static void slug(struct buffer *out, const char *title)
{
	size_t start = out->length;
	for (const unsigned char *p = (const unsigned char *)title; *p; p++) {
		if (out->length - start >= MAX_SLUG && (*p & 0xc0) != 0x80)
			break;
		if (isalnum(*p) || *p >= 0x80)
			buffer_char(out, (char)(*p < 0x80 ? tolower(*p) : *p));
		else if (out->length > start && out->data[out->length - 1] != '-')
			buffer_char(out, '-');
	}
	while (out->length > start && out->data[out->length - 1] == '-')
		out->data[--out->length] = '\0';
}

/* Numbers the entries whose slugs are the same, from the end where nothing is added: the top of a log that grows
 * downwards, the bottom of one whose newest entry comes first. */
static int compare_slugs(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void number(struct log *log)
{
	char **slugs = must_realloc(NULL, (log->n + 1) * sizeof(*slugs)),
	     **sorted = must_realloc(NULL, (log->n + 1) * sizeof(*sorted));
	unsigned *counts = must_realloc(NULL, (log->n + 1) * sizeof(*counts));
	for (size_t i = 0; i < log->n; i++) {
		struct buffer s = {0};
		slug(&s, log->entries[i].heading->title);
		buffer_add(&s, "", 0);
		sorted[i] = slugs[i] = s.data;
		counts[i] = 0;
	}
	qsort(sorted, log->n, sizeof(*sorted), compare_slugs);
	for (size_t k = 0; k < log->n; k++) {
		size_t i = log->newest_first ? log->n - 1 - k : k, low = 0, high = log->n;
		while (low < high) { /* the first of the same words stands for all of them */
			size_t middle = (low + high) / 2;
			if (strcmp(sorted[middle], slugs[i]) < 0)
				low = middle + 1;
			else
				high = middle;
		}
		log->entries[i].occurrence = ++counts[low];
	}
	for (size_t i = 0; i < log->n; i++)
		free(slugs[i]);
	free(slugs);
	free(sorted);
	free(counts);
}

static void find_entries(const struct settings *s, const struct source_file *file, const struct note *note,
			 struct log *log)
{
	size_t most = 0, all = 0;
	if (s->split == SPLIT_NO || !note->n_headings)
		return;
	int64_t *dates = dates_of(file, note);
	int level = level_of(note, dates, &most, &all);
	/* A page that mentions days in some of its headings is no log: most of them must be days. */
	if (s->split == SPLIT_YES ? most >= 1 : most >= 2 && most * 2 >= all) {
		log->entries = must_realloc(NULL, most * sizeof(*log->entries));
		for (size_t i = 0; i < note->n_headings; i++) {
			const struct heading *h = &note->headings[i];
			if (h->level != level || !dates[i])
				continue;
			size_t next = i + 1;
			while (next < note->n_headings && note->headings[next].level > level)
				next++;
			size_t end = next < note->n_headings ? note->headings[next].at : note->text.length;
			log->entries[log->n++] = (struct entry){.heading = h, .end = end, .date = dates[i]};
		}
		log->newest_first = log->entries[0].date > log->entries[log->n - 1].date;
		number(log);
	}
	free(dates);
}

/* ---- putting ---- */

static void url_of(const struct settings *s, const struct source_file *file, struct buffer *out)
{
	if (!s->base_url)
		return;
	buffer_text(out, s->base_url);
	if (out->length && out->data[out->length - 1] != '/')
		buffer_char(out, '/');
	for (const unsigned char *p = (const unsigned char *)file->path; *p; p++) {
		if (isalnum(*p) || strchr("-._~/", *p))
			buffer_char(out, (char)*p);
		else
			buffer_format(out, "%%%02X", *p);
	}
}

static void fill(struct meri_record *r, const struct draft *d)
{
	r->size = sizeof(*r);
	r->parties = d->parties;
	r->n_parties = d->n_parties;
	r->hints = d->hints;
	r->n_hints = d->n_hints;
	r->fields = d->fields;
	r->n_fields = d->n_fields;
	r->left_out = d->left_out;
	r->n_left_out = d->n_left_out;
}

static void own_text(const struct note *note, const struct log *log, struct buffer *out)
{
	size_t from = 0;
	for (size_t i = 0; i < log->n; i++) {
		buffer_add(out, note->text.data + from, log->entries[i].heading->at - from);
		from = log->entries[i].end;
	}
	if (note->text.length)
		buffer_add(out, note->text.data + from, note->text.length - from);
	buffer_trim(out);
}

static const char *without_empty_lines(const struct buffer *text)
{
	const char *start = buffer_string(text);
	return start + strspn(start, "\n");
}

/* "fi", "sv-FI"; anything else is no language tag. */
static const char *language_of(const struct note *note)
{
	const char *told = key_value(note, KEY_LANGUAGE);
	size_t letters = told ? strspn(told, "abcdefghijklmnopqrstuvwxyz") : 0;
	bool is_tag = letters >= 2 && letters <= 3 && (!told[letters] || told[letters] == '-') && strlen(told) < 20;
	return is_tag ? told : NULL;
}

static int put_file(const struct settings *s, const struct source_file *file, const struct note *note,
		    const struct log *log, struct draft *d, struct meri_record *r)
{
	struct buffer text = {0};
	const char *updated = key_value(note, KEY_UPDATED);
	int64_t told = updated ? date_time(updated) : 0;
	if (note->problem)
		d->left_out[d->n_left_out++] = (struct meri_pair){"text", note->problem};
	own_text(note, log, &text);
	fill(r, d);
	r->id = file->id;
	r->kind = file->document ? MERI_DOCUMENT : MERI_NOTE;
	r->text = without_empty_lines(&text);
	r->updated = told ? told : file->changed;
	r->fingerprint = log->n ? NULL : file->fingerprint;
	int stop = s->host->put(s->host, r);
	d->n_left_out = 0;
	buffer_free(&text);
	return stop;
}

static int put_entry(const struct settings *s, const struct source_file *file, const struct note *note,
		     const struct log *log, size_t i, const struct draft *d, const struct meri_record *whole)
{
	const struct entry *e = &log->entries[i];
	struct meri_record r = *whole;
	struct buffer id = {0}, title = {0}, text = {0};
	buffer_format(&id, "%s#", file->id);
	slug(&id, e->heading->title);
	if (e->occurrence > 1)
		buffer_format(&id, "~%u", e->occurrence);
	buffer_format(&title, "%s: %s", whole->title, e->heading->title);
	buffer_add(&text, note->text.data + e->heading->body, e->end - e->heading->body);
	buffer_trim(&text);
	fill(&r, d);
	r.id = id.data;
	r.kind = MERI_NOTE;
	r.title = title.data;
	r.text = without_empty_lines(&text);
	r.parent = file->id;
	r.occurred = e->date;
	r.updated = 0; /* the file's time says nothing about one entry, and would change them all */
	r.fingerprint = i + 1 == log->n ? file->fingerprint : NULL;
	int stop = s->host->put(s->host, &r);
	buffer_free(&id);
	buffer_free(&title);
	buffer_free(&text);
	return stop;
}

int record_put(const struct settings *s, const struct source_file *file, const struct note *note, uint64_t *count)
{
	struct draft *d = must_realloc(NULL, sizeof(*d));
	struct buffer title = {0}, url = {0};
	struct log log = {0};
	memset(d, 0, sizeof(*d));
	add_pair(d->fields, &d->n_fields, "path", file->id);
	take_metas(d, note);
	add_customer(d, file->id, s->customer_folder);
	find_entries(s, file, note, &log);
	url_of(s, file, &url);
	struct meri_record r = {.title = title_of(file, note, &title),
				.thread = file->id,
				.item = file->id,
				.url = url.length ? url.data : NULL,
				.language = language_of(note)};
	r.occurred = date_of(file, note, title.data);
	if (!r.occurred && s->mtime_is_date)
		r.occurred = file->changed;
	int stop = put_file(s, file, note, &log, d, &r);
	++*count;
	for (size_t i = 0; i < log.n && !stop; i++) {
		stop = put_entry(s, file, note, &log, i, d, &r);
		++*count;
	}
	free(log.entries);
	buffer_free(&title);
	buffer_free(&url);
	draft_free(d);
	return stop;
}
