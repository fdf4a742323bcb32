/* file: one file from opening to its last record. What is wrong with it as a whole is one skip under its path; what is
 * wrong with a row is one skip under "path:line". */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "crm_csv.h"
#include "encoding.h"
#include "reader.h"
#include "record.h"
#include "seen.h"

enum { CHECKPOINT = 1000, CHECK_STOP = 512, TAIL = 12, TITLES = 12 };

struct reading {
	struct crm *crm;
	const struct meri_host *host;
	const char *path;
	char fingerprint[96];
	struct reader *reader;
	struct map map;
	struct record_settings settings;
	struct seen seen;
	/* The last record is held back until it is known whether it is the file's last: that one carries the
	 * fingerprint. */
	struct record records[2];
	bool held;
	unsigned which; /* the record being made; the other one is held */
	uint64_t rows, broken, repeated;
	bool last_broken;
	/* Lines of one cell after a blank one: what reports write under the table, if nothing else follows. */
	struct {
		unsigned long line;
		char why[128];
	} tail[TAIL];
	size_t n_tail;
};

static int skip_file(struct reading *r, const char *why)
{
	return r->host->skip(r->host, r->path, why);
}

static int skip_row(struct reading *r, unsigned long line, const char *why)
{
	char id[1000];
	size_t length = strlen(r->path), most = sizeof id - 32;

	/* Of an overlong path, the end says more. */
	snprintf(id, sizeof id, "%s:%lu", r->path + (length > most ? length - most : 0), line);
	return r->host->skip(r->host, id, why);
}

static int checkpoint(struct reading *r)
{
	if (++r->crm->since_checkpoint < CHECKPOINT)
		return 0;
	r->crm->since_checkpoint = 0;
	return r->host->checkpoint(r->host, "1");
}

static int put_held(struct reading *r, const char *fingerprint)
{
	if (!r->held)
		return 0;
	struct meri_record *record = &r->records[!r->which].record;
	record->fingerprint = fingerprint;
	r->held = false;
	if (r->host->put(r->host, record))
		return MERI_STOP;
	return checkpoint(r);
}

/* ---- rows ---- */

/* The record whose id a broken row seems to have keeps what is stored of it: a skip under its id says so. */
static int broken_row(struct reading *r, const struct reader_row *row)
{
	struct record *spare = &r->records[r->which];
	char why[768];

	r->broken++;
	r->last_broken = true;
	snprintf(why, sizeof why, "%s, line %lu: %s", r->path, row->line, row->why);
	arena_clear(&spare->arena);
	const char *id = row->count ? record_id_of(&spare->arena, &r->map, row, r->path) : NULL;
	if (id && !seen_note(&r->seen, seen_hash(3, id, strlen(id)), 0, row->line))
		return r->host->skip(r->host, id, why);
	return skip_row(r, row->line, why);
}

/* Another row had this id. The same row again is the same record; rows that nobody gave an id are told apart by their
 * number; and where ids are our own guess the row is kept under a mark. Else only one of the two can be right. */
static int twice(struct reading *r, struct record *record, struct seen_entry *earlier, bool *use)
{
	char why[512];

	*use = false;
	if (earlier->content == record->content && record->own_key) {
		r->repeated++;
		return 0;
	}
	if (earlier->content == record->content) {
		record_mark(record, "u", ++earlier->times);
		*use = true;
		return 0;
	}
	if (!record->own_key || r->map.guessed) {
		record_mark(record, "x", record->content);
		struct seen_entry *again = seen_note(&r->seen, record->key, record->content, record->line);
		if (again)
			record_mark(record, "u", ++again->times);
		*use = true;
		return 0;
	}
	r->broken++;
	snprintf(why, sizeof why, "%s, lines %u and %lu: two different rows have the id \"%.200s\"; the first is kept",
		 r->path, earlier->line, record->line, record->record.id);
	return skip_row(r, record->line, why);
}

static int good_row(struct reading *r, const struct reader_row *row)
{
	struct record *record = &r->records[r->which];
	bool use = true;

	r->last_broken = false;
	if (!record_make(record, &r->map, row, &r->settings)) {
		r->broken++;
		return skip_row(r, row->line, "memory ran out");
	}
	struct seen_entry *earlier = seen_note(&r->seen, record->key, record->content, record->line);
	if (earlier && !earlier->content) { /* what was broken there is whole here */
		earlier->content = record->content;
		earlier = NULL;
	}
	if (earlier && twice(r, record, earlier, &use))
		return MERI_STOP;
	if (!use)
		return 0;
	if (put_held(r, NULL))
		return MERI_STOP;
	r->which = !r->which;
	r->held = true;
	return 0;
}

static bool empty_row(const struct reader_row *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (row->cells[i][strspn(row->cells[i], " \t\r\n")])
			return false;
	return true;
}

static int progress(struct reading *r)
{
	if (++r->rows % CHECK_STOP)
		return 0;
	return r->host->progress(r->host, r->rows, 0, r->path);
}

static bool may_be_tail(const struct reading *r, enum reader_result result, const struct reader_row *row)
{
	return result == READER_BROKEN && row->count == 1 && r->map.least > 2 && r->n_tail < TAIL &&
	       (row->after_blank || r->n_tail);
}

/* Other rows follow: they were no tail, but broken rows. */
static int tail_was_none(struct reading *r)
{
	char why[768];

	for (size_t i = 0; i < r->n_tail; i++) {
		r->broken++;
		snprintf(why, sizeof why, "%s, line %lu: %s", r->path, r->tail[i].line, r->tail[i].why);
		if (skip_row(r, r->tail[i].line, why))
			return MERI_STOP;
	}
	r->n_tail = 0;
	return 0;
}

/* 0: to the end; 1: the file cannot be read on, and `why` says why; MERI_STOP. */
static int read_rows(struct reading *r, const char **why)
{
	struct reader_row row;
	enum reader_result result;

	while ((result = reader_next(r->reader, &row)) != READER_END) {
		*why = row.why;
		if (result == READER_FAILED)
			return 1;
		if (progress(r))
			return MERI_STOP;
		if (result == READER_ROW && empty_row(&row))
			continue;
		if (may_be_tail(r, result, &row)) {
			r->tail[r->n_tail].line = row.line;
			snprintf(r->tail[r->n_tail].why, sizeof r->tail->why, "%s", row.why);
			r->n_tail++;
			continue;
		}
		if (tail_was_none(r))
			return MERI_STOP;
		if (result == READER_BROKEN ? broken_row(r, &row) : good_row(r, &row))
			return MERI_STOP;
	}
	return 0;
}

/* ---- the file's end ---- */

static void tell(struct reading *r)
{
	const struct meri_host *host = r->host;
	const struct sniff *sniff = reader_sniff(r->reader);
	uint64_t damaged = encoding_damaged(reader_encoding(r->reader));

	host->log(host, MERI_DEBUG, "%s: %s, delimiter %s, %s as %s", r->path,
		  encoding_name(reader_encoding(r->reader)),
		  sniff->delimiter == '\t' ? "tab" : (const char[]){sniff->delimiter, '\0'}, r->map.crm,
		  object_name(r->map.object));
	if (sniff->titles)
		host->log(host, MERI_INFO, "%s: %u lines before the header were left aside", r->path, sniff->titles);
	if (r->n_tail)
		host->log(host, MERI_INFO, "%s: %zu lines under the table, from line %lu on, were left aside", r->path,
			  r->n_tail, r->tail[0].line);
	if (r->repeated)
		host->log(host, MERI_INFO, "%s: %" PRIu64 " rows repeat another row word for word", r->path,
			  r->repeated);
	if (damaged)
		host->log(host, MERI_WARNING,
			  "%s: %" PRIu64 " characters are not %s and became U+FFFD; set `encoding` if that is wrong",
			  r->path, damaged, encoding_name(reader_encoding(r->reader)));
	if (r->settings.doubtful_dates)
		host->log(host, MERI_WARNING,
			  "%s: %" PRIu64 " dates can be read in two ways and give no time; set `dates` to dmy or mdy",
			  r->path, r->settings.doubtful_dates);
	if (r->settings.doubtful_amounts)
		host->log(host, MERI_WARNING,
			  "%s: %" PRIu64 " amounts stay as written; set `decimal` if 1.234 or 1,234 is among them",
			  r->path, r->settings.doubtful_amounts);
	if (r->seen.full)
		host->log(host, MERI_WARNING,
			  "%s: more rows than can be compared; ids that come twice are not noticed after row %d",
			  r->path, SEEN_MAX);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* A file with a broken row is read again next time, so that its failures stay listed until somebody mends them. */
static int finish(struct reading *r, int fd, const struct stat *before, int read, const char *why)
{
	struct stat after;
	char text[512];
	bool changed = fstat(fd, &after) || !same_file(before, &after);
	bool cut = !read && r->last_broken && reader_cut(r->reader);

	tell(r);
	if (put_held(r, read || changed || r->broken ? NULL : r->fingerprint))
		return MERI_STOP;
	if (changed)
		return skip_file(r, "it was changed while it was read: the next run reads it again");
	if (read) {
		snprintf(text, sizeof text, "it could be read in part only: %s", why);
		return skip_file(r, text);
	}
	if (cut)
		return skip_file(
			r, "it ends in the middle of a row, as a file does whose export broke off: export it again");
	return 0;
}

/* ---- the file's beginning ---- */

static bool text_file(const char *path)
{
	size_t length = strlen(path);

	return length > 4 && !strcasecmp(path + length - 4, ".txt");
}

static int with_header(struct reading *r, int fd, const struct stat *st, const struct reader_row *header)
{
	char why[1024];
	const char *problem = NULL;

	if (!map_make(&r->map, &r->crm->map, r->path, header, why, sizeof why))
		return skip_file(r, why);
	r->settings = (struct record_settings){.host = r->host,
					       .file = r->path,
					       .url_template = r->crm->url_template,
					       .dates = r->crm->dates ? r->crm->dates : reader_date_order(r->reader),
					       .point = r->crm->point};
	reader_set_width(r->reader, r->map.least, r->map.count);
	if (r->map.headless && !empty_row(header) && good_row(r, header))
		return MERI_STOP;
	int read = read_rows(r, &problem);
	return read == MERI_STOP ? MERI_STOP : finish(r, fd, st, read, problem);
}

/* Spreadsheets fill a title up with empty cells: in a wide table a row with one cell filled is a title, no header. */
static enum reader_result find_header(struct reading *r, struct reader_row *row)
{
	enum reader_result result;
	unsigned titles = 0;

	do {
		size_t filled = 0;
		result = reader_next(r->reader, row);
		for (size_t i = 0; i < row->count; i++)
			filled += row->lengths[i] > 0;
		if (result != READER_ROW || row->count < 3 || filled > 1)
			break;
	} while (++titles < TITLES);
	if (titles)
		r->host->log(r->host, MERI_INFO, "%s: %u lines before the header were left aside", r->path, titles);
	return result;
}

static int with_reader(struct reading *r, int fd, const struct stat *st)
{
	struct reader_row header;
	char why[512];
	const struct sniff *sniff = reader_sniff(r->reader);

	if (!sniff->tabular && text_file(r->path) && !r->crm->files.single) {
		r->host->log(r->host, MERI_INFO, "%s: plain text, not a table: left aside", r->path);
		return 0;
	}
	switch (find_header(r, &header)) {
	case READER_END:
		return skip_file(r, "it is empty: not even a header; what was read from it before stays");
	case READER_ROW:
		return with_header(r, fd, st, &header);
	default:
		snprintf(why, sizeof why, "its header cannot be read: %s", header.why);
		return skip_file(r, why);
	}
}

static int with_file(struct reading *r, int fd, const struct stat *st)
{
	char why[256];
	int own = dup(fd);
	struct encoding *encoding = own < 0 ? NULL : encoding_open(own, r->crm->encoding, why, sizeof why);

	if (own < 0)
		return skip_file(r, strerror(errno));
	if (!encoding)
		return skip_file(r, why);
	r->reader = reader_new(encoding, r->crm->delimiter);
	if (!r->reader)
		return skip_file(r, "it cannot be read, or memory ran out");
	int rc = with_reader(r, fd, st);
	reader_free(r->reader);
	map_clear(&r->map);
	seen_clear(&r->seen);
	record_free(&r->records[0]);
	record_free(&r->records[1]);
	return rc;
}

int crm_file(struct crm *crm, const char *path)
{
	struct reading r = {.crm = crm, .host = crm->host, .path = path};
	struct stat st;
	char why[256];
	int fd = files_open(&crm->files, path, &st);

	if (fd < 0 && errno == ENOENT) /* gone since it was listed: as if it had not been there */
		return 0;
	if (fd < 0) {
		snprintf(why, sizeof why, "it cannot be opened: %s", strerror(errno));
		return skip_file(&r, why);
	}
	snprintf(r.fingerprint, sizeof r.fingerprint, "%" PRIdMAX ":%" PRIdMAX ".%09ld:%" PRIuMAX ":%016" PRIx64,
		 (intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, (uintmax_t)st.st_ino,
		 crm->digest);
	int rc = crm->host->unchanged(crm->host, path, r.fingerprint) ? 0 : with_file(&r, fd, &st);
	close(fd);
	return rc;
}
