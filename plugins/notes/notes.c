/* SPDX-License-Identifier: ISC
 *
 * notes: a folder tree of notes: Markdown, Org, HTML, text; and the office files and PDFs that lie among them.
 *
 * The item is the file, so a file that was renamed is one gone and one new. Links are not followed: what they lead to
 * inside the folder is read where it lies, and what lies outside is none of ours. Files of other kinds (pictures,
 * programs) are no failures: nobody expects them to be read, and a list of a thousand of them would hide the one note
 * that could not be. They are counted in one line of the log.
 *
 * An undated note gets no time but that of its last change, as `updated`: a copied or cloned folder has today's time on
 * every file, and a customer would seem to have been spoken to yesterday. `undated = mtime` is for folders that are
 * lived in. */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "decode.h"
#include "note.h"
#include "record.h"
#include "walk.h"

/* Raised when the same file would give other records: it is part of every fingerprint. */
#define NOTES_RULES      1
#define NOTES_CHECKPOINT 800
#define MAX_ID           900 /* bytes */
#define MAX_OTHERS       12

static const struct meri_option options[] = {
	{.name = "path", .kind = MERI_PATH, .help = "Folder that is read with all folders in it.", .required = 1},
	{.name = "include",
	 .kind = MERI_LIST,
	 .help = "Only files that match one of these patterns, such as *.md or customers/*; files of unknown kinds are "
		 "then read as text."},
	{.name = "exclude",
	 .kind = MERI_LIST,
	 .help = "Files and folders that match one of these patterns are left alone; hidden ones always are."},
	{.name = "max-size", .kind = MERI_NUMBER, .initial = "16", .help = "Larger files are not read, in MiB."},
	{.name = "split",
	 .kind = MERI_CHOICE,
	 .initial = "auto",
	 .choices = "auto yes no",
	 .help = "One record for each dated heading: yes; no; auto: where there are at least two."},
	{.name = "undated",
	 .kind = MERI_CHOICE,
	 .initial = "unknown",
	 .choices = "unknown mtime",
	 .help = "When a note was written that does not say: unknown, or mtime, when its file was last changed."},
	{.name = "customer-folder",
	 .kind = MERI_NUMBER,
	 .initial = "0",
	 .help = "Which folder below path is named after the customer: 1 in \"Virtanen Oy/visit.md\"; 0: none."},
	{.name = "base-url",
	 .kind = MERI_URL,
	 .help = "Address under which people can open the folder, if there is one."},
	{.name = NULL},
};

enum format { FORMAT_OTHER, FORMAT_MARKDOWN, FORMAT_ORG, FORMAT_HTML, FORMAT_TEXT, FORMAT_DOCUMENT };

struct other {
	char ending[16];
	uint64_t count;
};

struct run {
	const struct meri_host *host;
	struct settings settings;
	const char *path, *include, *exclude;
	uint64_t max_size, rules;
	bool counting, unlisted;
	uint64_t files, done, links, empty, put, at_checkpoint, others;
	struct other other[MAX_OTHERS];
};

static enum format format_of(const char *name)
{
	static const struct {
		enum format format;
		const char *endings;
	} known[] = {
		{FORMAT_MARKDOWN, " md markdown mdown mkd mkdn mdx qmd "},
		{FORMAT_ORG, " org "},
		{FORMAT_HTML, " html htm xhtml "},
		{FORMAT_TEXT, " txt text rst adoc asciidoc mediawiki wiki textile "},
		{FORMAT_DOCUMENT, " docx odt pdf pptx odp xlsx ods rtf "},
	};
	const char *dot = strrchr(name, '.');
	char word[20];
	if (!dot || dot == name || strlen(dot) > 12 || strchr(dot, ' '))
		return FORMAT_OTHER;
	int length = snprintf(word, sizeof(word), " %s ", dot + 1);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		for (const char *p = known[i].endings; strlen(p) >= (size_t)length; p++)
			if (!strncasecmp(p, word, (size_t)length))
				return known[i].format;
	return FORMAT_OTHER;
}

static bool matches(const char *list, const char *name, const char *relative)
{
	char pattern[1000];
	for (const char *p = list; p && *p; p += strcspn(p, "\n"), p += *p == '\n') {
		size_t length = strcspn(p, "\n");
		if (length && p[length - 1] == '/')
			length--;
		if (!length || length >= sizeof(pattern))
			continue;
		memcpy(pattern, p, length);
		pattern[length] = '\0';
		if (!fnmatch(pattern, name, 0) || !fnmatch(pattern, relative, 0))
			return true;
	}
	return false;
}

static void count_other(struct run *r, const char *name)
{
	const char *dot = strrchr(name, '.');
	char ending[16];
	snprintf(ending, sizeof(ending), "%.14s", dot && dot != name && strlen(dot) < 14 ? dot : "no ending");
	r->others++;
	for (size_t i = 0; i < MAX_OTHERS; i++) {
		if (r->other[i].count && strcasecmp(r->other[i].ending, ending) != 0)
			continue;
		memcpy(r->other[i].ending, ending, sizeof(ending));
		r->other[i].count++;
		return;
	}
}

static void tell_others(struct run *r)
{
	struct buffer line = {0};
	uint64_t named = 0;
	for (size_t i = 0; i < MAX_OTHERS && r->other[i].count; i++) {
		buffer_format(&line, "%s%" PRIu64 " %s", i ? ", " : "", r->other[i].count, r->other[i].ending);
		named += r->other[i].count;
	}
	if (r->others > named)
		buffer_format(&line, ", %" PRIu64 " others", r->others - named);
	if (r->others)
		r->host->log(r->host, MERI_INFO, "%" PRIu64 " files are not notes and left alone: %s", r->others,
			     buffer_string(&line));
	if (r->links)
		r->host->log(r->host, MERI_INFO, "%" PRIu64 " links and special files are not followed", r->links);
	buffer_free(&line);
}

/* ---- one file ---- */

static char *slurp(int fd, size_t size, size_t *length)
{
	char *bytes = must_realloc(NULL, size + 1);
	*length = 0;
	for (ssize_t got; *length < size && (got = read(fd, bytes + *length, size - *length)) != 0;) {
		if (got < 0) {
			free(bytes);
			return NULL;
		}
		*length += (size_t)got;
	}
	bytes[*length] = '\0';
	return bytes;
}

static void read_document(struct run *r, struct note *note, const char *bytes, size_t length, const char *name)
{
	const char *why = NULL;
	struct meri_blob blob = {.size = sizeof(blob), .bytes = bytes, .length = length, .name = name};
	const char *text = r->host->text_of(r->host, &blob, &why);
	if (text)
		buffer_text(&note->text, text);
	else
		note_problem(note, why ? why : "no text could be had of it");
	buffer_trim(&note->text);
}

/* FALSE: it is no text at all. */
static bool understand(struct run *r, enum format format, const char *bytes, size_t length, const char *name,
		       struct note *note)
{
	struct buffer text = {0};
	if (format == FORMAT_DOCUMENT) {
		read_document(r, note, bytes, length, name);
		return true;
	}
	if (!decode(bytes, length, &text)) {
		buffer_free(&text);
		return false;
	}
	if (format == FORMAT_HTML)
		read_html(note, r->host, bytes, length, name);
	else if (format == FORMAT_MARKDOWN)
		read_markdown(note, buffer_string(&text), text.length);
	else if (format == FORMAT_ORG)
		read_org(note, buffer_string(&text), text.length);
	else
		read_plain(note, buffer_string(&text), text.length);
	buffer_free(&text);
	return true;
}

static int read_opened(struct run *r, int fd, const struct stat *st, enum format format, const char *name,
		       struct source_file *file)
{
	const struct meri_host *host = r->host;
	size_t length;
	if ((uint64_t)st->st_size > r->max_size << 20) {
		char why[200];
		snprintf(why, sizeof(why),
			 "%.1f MiB, larger than max-size (%" PRIu64 " MiB): raise it or exclude the file",
			 (double)st->st_size / (1 << 20), r->max_size);
		return host->skip(host, file->id, why);
	}
	char *bytes = slurp(fd, (size_t)st->st_size, &length);
	if (!bytes)
		return host->skip(host, file->id, strerror(errno));
	struct note note = {0};
	int stop;
	if (understand(r, format, bytes, length, name, &note)) {
		r->empty += !note.text.length;
		stop = record_put(&r->settings, file, &note, &r->put);
	} else {
		stop = host->skip(host, file->id, "binary data, not text, in spite of its name");
	}
	note_free(&note);
	free(bytes);
	return stop;
}

static int read_file(struct run *r, int folder, const char *name, const char *relative, enum format format)
{
	const struct meri_host *host = r->host;
	struct buffer id = {0};
	char fingerprint[100];
	struct stat st;
	buffer_id(&id, relative, MAX_ID);
	int stop, fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		stop = host->skip(host, id.data, fd < 0 ? strerror(errno) : "not a regular file any more");
	} else {
		snprintf(fingerprint, sizeof(fingerprint), "%lld %lld.%09ld %016" PRIx64, (long long)st.st_size,
			 (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, r->rules);
		struct source_file file = {.path = relative,
					   .id = id.data,
					   .fingerprint = fingerprint,
					   .changed = st.st_mtim.tv_sec,
					   .document = format == FORMAT_DOCUMENT};
		stop = host->unchanged(host, id.data, fingerprint) ? 0 : read_opened(r, fd, &st, format, name, &file);
	}
	if (fd >= 0)
		close(fd);
	buffer_free(&id);
	return stop;
}

/* ---- the tree ---- */

static int on_file(void *user, int folder, const char *name, const char *relative, const struct stat *st)
{
	struct run *r = user;
	(void)st;
	if (*name == '.' || matches(r->exclude, name, relative) || (r->include && !matches(r->include, name, relative)))
		return 0;
	enum format format = format_of(name);
	if (format == FORMAT_OTHER && r->include)
		format = FORMAT_TEXT;
	if (r->counting) {
		if (format == FORMAT_OTHER)
			count_other(r, name);
		else
			r->files++;
		return 0;
	}
	if (format == FORMAT_OTHER)
		return 0;
	r->done++;
	int stop = 0;
	if (r->done % 32 == 1 || r->done == r->files)
		stop = r->host->progress(r->host, r->done, r->files, relative);
	if (!stop)
		stop = read_file(r, folder, name, relative, format);
	if (!stop && r->put - r->at_checkpoint >= NOTES_CHECKPOINT) {
		r->at_checkpoint = r->put;
		stop = r->host->checkpoint(r->host, "1");
	}
	return stop;
}

static bool on_folder(void *user, const char *name, const char *relative)
{
	const struct run *r = user;
	return *name != '.' && !matches(r->exclude, name, relative);
}

static void on_other(void *user, const char *relative, const struct stat *st)
{
	struct run *r = user;
	(void)relative;
	(void)st;
	r->links += r->counting;
}

static int on_problem(void *user, const char *relative, const char *why)
{
	struct run *r = user;
	struct buffer id = {0};
	char text[300];
	r->unlisted = true;
	if (r->counting)
		return 0;
	buffer_id(&id, relative, MAX_ID);
	snprintf(text, sizeof(text), "cannot be listed (%s): give the service the right to read it, or exclude it",
		 why);
	int stop = r->host->skip(r->host, id.data, text);
	buffer_free(&id);
	return stop;
}

static int walk_once(struct run *r, bool counting)
{
	const struct walk_visitor visitor = {on_file, on_folder, on_other, on_problem, r};
	r->counting = counting;
	int result = walk(r->path, &visitor);
	if (result == WALK_ROOT)
		return r->host->fail(r->host, MERI_CONFIG, 0, "path %s: %s", r->path, strerror(errno));
	return result;
}

static const char *set(const struct meri_host *host, const char *name)
{
	const char *value = host->option(host, name);
	return value && *value ? value : NULL;
}

static int open_run(struct run *r, const struct meri_host *host)
{
	*r = (struct run){.host = host,
			  .path = set(host, "path"),
			  .include = set(host, "include"),
			  .exclude = set(host, "exclude")};
	const char *size = set(host, "max-size"), *split = set(host, "split"), *undated = set(host, "undated");
	r->max_size = size ? strtoull(size, NULL, 10) : 16;
	r->settings = (struct settings){
		.host = host,
		.split = split && !strcmp(split, "no")    ? SPLIT_NO
			 : split && !strcmp(split, "yes") ? SPLIT_YES
							  : SPLIT_AUTO,
		.mtime_is_date = undated && !strcmp(undated, "mtime"),
		.base_url = set(host, "base-url"),
	};
	const char *level = set(host, "customer-folder");
	r->settings.customer_folder = level ? (unsigned)strtoul(level, NULL, 10) : 0;
	r->rules = hash_text(hash_text(hash_text(hash_text(NOTES_RULES, split), undated), r->settings.base_url), level);
	if (!r->path)
		return host->fail(host, MERI_CONFIG, 0, "path is not set: name the folder of the notes");
	if (r->max_size < 1 || r->max_size > 1024)
		return host->fail(host, MERI_CONFIG, 0, "max-size is %s: set 1 to 1024 (MiB)", size);
	return 0;
}

static int check(const struct meri_host *host)
{
	struct run r;
	int result = open_run(&r, host);
	if (!result && r.path && access(r.path, R_OK))
		result = host->fail(host, MERI_CONFIG, 0, "path %s: %s", r.path, strerror(errno));
	return result;
}

static int sync_run(const struct meri_host *host)
{
	struct run r;
	int result = open_run(&r, host);
	if (!result)
		result = walk_once(&r, true);
	if (result)
		return result;
	tell_others(&r);
	result = walk_once(&r, false);
	if (result || r.unlisted)
		return result;
	return host->complete(host);
}

MERI_CONNECTOR("notes", "Notes in a folder tree: Markdown, Org, HTML, text, and office files among them.", options,
	       check, sync_run);
