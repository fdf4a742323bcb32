/* SPDX-License-Identifier: ISC
 *
 * folder: issues out of exported JSON. The item is the file. Files are read as a stream, one issue in memory.
 *
 * One run is one walk as long as no issue lies in two files. When one does (exports overlap), this run starts anew and
 * reads all files twice: once to learn which file has the newest version of each issue, once to put those. Such a
 * folder is then read whole whenever anything in it changed, and not at all when nothing did. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "jira.h"
#include "known.h"
#include "stream.h"
#include "walk.h"

#define AGAIN          1000 /* an issue lies in two files: read all */
#define CHUNK          (256u << 10)
#define NAMED_LOSERS   20
#define NAMED_REFUSALS 20  /* of one file; the others are counted */
#define MAX_ITEM       900 /* bytes of a path */

enum pass { COUNT, TRUST, COMPARE, PUT };

struct version {
	uint64_t id, file;
	int64_t updated; /* milliseconds */
	bool put;
};

struct folder {
	struct jira *j;
	enum pass pass;
	struct known *known;
	bool duplicates; /* some issue lies in two files */
	bool unlisted;   /* a folder could not be listed: nothing may be called gone */
	uint64_t listing, last_listing;
	uint64_t files, done, others, losers;
	struct version *versions; /* COMPARE, PUT: open addressing by id; id 0: free */
	size_t n_versions, room_versions;
	/* the file at hand */
	const char *relative; /* its path, as an id */
	struct buffer item;
	struct stream *stream;
	json_t *pending; /* an issue that waits until we know whether it is the file's last */
	uint64_t found, skipped, refused;
	size_t refusals[NAMED_REFUSALS]; /* indexes of the first elements that are no issues */
	const char *why[NAMED_REFUSALS];
	char *chunk;
};

static bool is_json(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && (!strcasecmp(dot, ".json") || !strcasecmp(dot, ".jsonl") || !strcasecmp(dot, ".ndjson"));
}

/* ---- cursor ---- */

static void save_cursor(struct folder *f, bool whole, struct buffer *out)
{
	buffer_format(out, "{\"v\":1,\"duplicates\":%s,\"listing\":\"%016" PRIx64 "\",\"known\":\"",
		      f->duplicates ? "true" : "false", whole ? f->listing : 0);
	known_save(f->known, out);
	buffer_text(out, "\"}");
}

static int checkpoint(struct folder *f, bool whole)
{
	struct buffer cursor = {0};
	save_cursor(f, whole, &cursor);
	int stop = f->j->host->checkpoint(f->j->host, buffer_string(&cursor));
	buffer_free(&cursor);
	f->j->since_checkpoint = 0;
	return stop;
}

/* The more the cursor holds, the rarer: so that writing it stays a small part of the work. */
static int checkpoint_if_due(struct folder *f)
{
	return f->j->since_checkpoint < JIRA_CHECKPOINT + known_count(f->known) / 50 ? 0 : checkpoint(f, false);
}

static void load_cursor(struct folder *f)
{
	const char *text = f->j->host->cursor(f->j->host);
	json_t *cursor = text ? json_loads(text, 0, NULL) : NULL;
	const char *known = json_string_value(json_object_get(cursor, "known"));
	const char *listing = json_string_value(json_object_get(cursor, "listing"));
	if (text && (json_integer_value(json_object_get(cursor, "v")) != 1 || !known || !known_load(f->known, known)))
		f->j->host->log(
			f->j->host, MERI_WARNING,
			"the cursor of the last run is of another version or damaged: all files are compared anew");
	f->duplicates = json_is_true(json_object_get(cursor, "duplicates"));
	f->last_listing = listing ? strtoull(listing, NULL, 16) : 0;
	json_decref(cursor);
}

/* ---- issues ---- */

static int skip(struct folder *f, const char *id, const char *why)
{
	f->skipped++;
	return f->pass == COMPARE ? 0 : f->j->host->skip(f->j->host, id, why);
}

static int flush(struct folder *f, const char *fingerprint)
{
	json_t *issue = f->pending;
	f->pending = NULL;
	if (!issue)
		return 0;
	int stop = issue_put(f->j, issue, f->relative, fingerprint);
	json_decref(issue);
	return stop;
}

static struct version *version_of(struct folder *f, uint64_t id)
{
	if (f->n_versions * 2 >= f->room_versions) {
		struct version *before = f->versions;
		size_t room = f->room_versions;
		f->room_versions = room ? room * 2 : 1024;
		f->versions = must_realloc(NULL, f->room_versions * sizeof(*f->versions));
		memset(f->versions, 0, f->room_versions * sizeof(*f->versions));
		f->n_versions = 0;
		for (size_t i = 0; i < room; i++)
			if (before[i].id)
				*version_of(f, before[i].id) = before[i];
		free(before);
	}
	size_t i = id % f->room_versions;
	while (f->versions[i].id && f->versions[i].id != id)
		i = (i + 1) % f->room_versions;
	if (!f->versions[i].id) {
		f->versions[i].id = id;
		f->n_versions++;
	}
	return &f->versions[i];
}

static bool newest(struct folder *f, const char *id, json_t *issue)
{
	struct version *v = version_of(f, hash_text(0, id) | 1);
	int64_t updated;
	issue_updated(issue, &updated);
	uint64_t file = hash_text(0, f->relative);
	if (f->pass == COMPARE) {
		if (v->file)
			f->duplicates = true;
		if (!v->file || updated > v->updated) {
			v->file = file;
			v->updated = updated;
		}
		return false;
	}
	if (v->file == file && v->updated == updated && !v->put)
		return v->put = true;
	const char *key = json_string_value(json_object_get(issue, "key"));
	if (f->losers++ < NAMED_LOSERS)
		f->j->host->log(f->j->host, MERI_INFO,
				"%s: %s (%s) is in another file too, in a version at least as new: that one is kept",
				f->relative, key ? key : "issue", id);
	return false;
}

static bool wanted(struct folder *f, json_t *issue)
{
	const char *key = json_string_value(json_object_get(issue, "key")), *list = f->j->projects;
	const char *dash = key ? strrchr(key, '-') : NULL;
	if (!list || !dash)
		return !list;
	size_t length = (size_t)(dash - key);
	for (const char *p = list; *p; p += strcspn(p, "\n"), p += *p == '\n')
		if (strcspn(p, "\n") == length && !strncmp(p, key, length))
			return true;
	return false;
}

static int visit(void *user, json_t *issue, size_t index)
{
	struct folder *f = user;
	char id[300];
	const char *why = issue ? issue_refusal(issue) : "larger than 64 MiB: this issue is left out";
	if (why) {
		if (f->refused < NAMED_REFUSALS) {
			f->refusals[f->refused] = index;
			f->why[f->refused] = why;
		}
		f->refused++;
		return 0;
	}
	f->found++;
	if (!wanted(f, issue))
		return 0;
	issue_id(issue, id, sizeof(id));
	if (f->pass == TRUST && known_add(f->known, id, f->relative))
		return AGAIN;
	if (f->pass != TRUST && !newest(f, id, issue))
		return 0;
	if (f->pass == PUT)
		known_add(f->known, id, f->relative);
	int stop = flush(f, NULL);
	f->pending = json_incref(issue);
	return stop ? stop : checkpoint_if_due(f);
}

/* ---- files ---- */

/* Names what is no issue: the file as a whole when nothing in it is one, else each element, up to a bound. */
static int skip_refused(struct folder *f)
{
	char name[MAX_ITEM + 30], why[300];
	int stop = 0;
	if (!f->found) {
		snprintf(why, sizeof(why), "%s%s", f->why[0],
			 f->refused > 1 ? "; nor is anything else in this file" : "");
		return skip(f, f->relative, why);
	}
	for (size_t i = 0; i < f->refused && i < NAMED_REFUSALS && !stop; i++) {
		snprintf(name, sizeof(name), "%s#%zu", f->relative, f->refusals[i]);
		stop = skip(f, name, f->why[i]);
	}
	if (stop || f->refused <= NAMED_REFUSALS)
		return stop;
	snprintf(name, sizeof(name), "%s#more", f->relative);
	snprintf(why, sizeof(why), "%" PRIu64 " more elements are not Jira issues", f->refused - NAMED_REFUSALS);
	return skip(f, name, why);
}

/* Why the file at hand could not be read to its end; skips it. */
static int skip_broken(struct folder *f, int fd, bool reading)
{
	struct buffer why = {0};
	if (!reading)
		buffer_format(&why, "reading failed: %s", strerror(errno));
	else if (lseek(fd, 0, SEEK_CUR) == 0)
		buffer_text(&why, "the file is empty");
	else
		buffer_format(&why, "broken JSON: %s", stream_error(f->stream));
	if (f->found)
		buffer_format(&why, "; %" PRIu64 " issues before it were read", f->found);
	int stop = skip(f, f->relative, buffer_string(&why));
	buffer_free(&why);
	return stop;
}

static int parse(struct folder *f, int fd, const char *fingerprint)
{
	ssize_t got = 0;
	int result = 0;
	f->found = f->skipped = f->refused = 0;
	f->stream = stream_new(visit, f, 0);
	while (!result && (got = read(fd, f->chunk, CHUNK)) > 0)
		result = stream_feed(f->stream, f->chunk, (size_t)got);
	if (!result && !got)
		result = stream_end(f->stream);
	int stop = result == 1 ? stream_stopped(f->stream) : 0;
	if (!stop && (result < 0 || got < 0))
		stop = skip_broken(f, fd, got >= 0);
	if (!stop && f->refused && (f->found || (!result && !got)))
		stop = skip_refused(f);
	if (!stop && f->pass != COMPARE)
		stop = flush(f, f->skipped ? NULL : fingerprint);
	json_decref(f->pending);
	f->pending = NULL;
	stream_free(f->stream);
	f->stream = NULL;
	return stop ? stop : checkpoint_if_due(f);
}

static int read_file(struct folder *f, int folder, const char *name)
{
	const struct meri_host *host = f->j->host;
	char fingerprint[100];
	struct stat st;
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return skip(f, f->relative, strerror(errno));
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return skip(f, f->relative, "not a regular file any more");
	}
	snprintf(fingerprint, sizeof(fingerprint), "%lld %lld.%09ld %016" PRIx64, (long long)st.st_size,
		 (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec, f->j->rules);
	int stop = 0;
	if (f->pass == TRUST && host->unchanged(host, f->relative, fingerprint))
		known_kept(f->known, f->relative);
	else
		stop = parse(f, fd, fingerprint);
	close(fd);
	return stop;
}

static int on_file(void *user, int folder, const char *name, const char *relative, const struct stat *st)
{
	struct folder *f = user;
	char stamp[100];
	if (!is_json(name)) {
		f->others += f->pass == COUNT;
		return 0;
	}
	buffer_clear(&f->item);
	buffer_id(&f->item, relative, MAX_ITEM);
	f->relative = buffer_string(&f->item);
	if (f->pass == COUNT) {
		snprintf(stamp, sizeof(stamp), "%lld %lld.%09ld", (long long)st->st_size, (long long)st->st_mtim.tv_sec,
			 st->st_mtim.tv_nsec);
		f->listing = hash_text(hash_text(f->listing, f->relative), stamp);
		f->files++;
		known_listed(f->known, f->relative);
		return 0;
	}
	f->done++;
	if (f->done % 64 == 1 || f->done == f->files) {
		int stop = f->j->host->progress(f->j->host, f->done, f->files, relative);
		if (stop)
			return stop;
	}
	return read_file(f, folder, name);
}

static int on_problem(void *user, const char *relative, const char *why)
{
	struct folder *f = user;
	char text[300];
	f->unlisted = true;
	buffer_clear(&f->item);
	buffer_id(&f->item, *relative ? relative : ".", MAX_ITEM);
	snprintf(text, sizeof(text), "the folder cannot be listed (%s): give the service the right to read it", why);
	return f->pass == COUNT ? 0 : f->j->host->skip(f->j->host, buffer_string(&f->item), text);
}

static int run(struct folder *f, enum pass pass)
{
	const struct walk_visitor visitor = {on_file, on_problem, f};
	f->pass = pass;
	f->done = 0;
	int result = walk(f->j->path, &visitor);
	if (result == WALK_ROOT)
		return f->j->host->fail(f->j->host, MERI_CONFIG, 0, "path %s: %s", f->j->path, strerror(errno));
	return result;
}

/* All files are read: first to compare versions, then to put the newest. */
static int read_all(struct folder *f)
{
	f->j->host->log(f->j->host, MERI_INFO,
			"an issue lies in more than one file: all %" PRIu64
			" files are read, and of each issue the newest version is kept",
			f->files);
	known_settle(f->known); /* keeps those left unread before we knew; they are read now */
	f->duplicates = false;
	int stop = run(f, COMPARE);
	return stop ? stop : run(f, PUT);
}

static int read_folder(struct folder *f)
{
	f->listing = f->j->rules;
	int stop = run(f, COUNT);
	if (stop)
		return stop;
	if (f->others)
		f->j->host->log(f->j->host, MERI_INFO,
				"%" PRIu64 " files that are not *.json, *.jsonl or *.ndjson are left alone", f->others);
	if (f->duplicates && f->listing == f->last_listing && !f->unlisted) {
		f->j->host->log(f->j->host, MERI_INFO, "nothing in the folder has changed");
		return checkpoint(f, true);
	}
	bool whole = f->duplicates;
	stop = whole ? AGAIN : run(f, TRUST);
	if (stop == AGAIN)
		stop = read_all(f);
	if (stop)
		return stop;
	if (f->losers > NAMED_LOSERS)
		f->j->host->log(f->j->host, MERI_INFO,
				"%" PRIu64 " older versions of issues in all; the first %d are named above", f->losers,
				NAMED_LOSERS);
	known_settle(f->known);
	if (!f->unlisted && (stop = f->j->host->complete(f->j->host)))
		return stop;
	return checkpoint(f, true);
}

int folder_check(struct jira *j)
{
	const char *why = access(j->path, R_OK) ? strerror(errno) : NULL;
	return why ? j->host->fail(j->host, MERI_CONFIG, 0, "path %s: %s", j->path, why) : 0;
}

int folder_sync(struct jira *j)
{
	struct folder f = {.j = j, .known = known_new(), .chunk = must_realloc(NULL, CHUNK)};
	load_cursor(&f);
	int result = read_folder(&f);
	known_free(f.known);
	free(f.versions);
	free(f.chunk);
	buffer_free(&f.item);
	return result;
}
