/* SPDX-License-Identifier: ISC
 *
 * live: issues out of a Jira that runs. The item is the issue, its fingerprint the time of its last change.
 *
 * What changed since: `updated >= T ORDER BY updated`. Times in JQL are a trap: "2025-11-03 12:34" means the time zone
 * in the profile of whoever asks, and knows no seconds; half an hour wrong and changes are lost without a word. An
 * unquoted number is milliseconds since 1970 UTC for Server, Data Center and Cloud alike: that is what we write. Jira's
 * index lags behind, and clocks differ, so a run asks again from `overlap` before the newest change that it knows.
 *
 * Paging: startAt counts from the front of a list whose front moves: an issue changed meanwhile goes to the end, and
 * all behind it move up by one, over the page's edge. So with API 2 each page asks anew from the time of the last issue
 * seen, and counts only among those of one second. API 3 (Cloud) gives a token for the next page.
 *
 * What is gone: nothing tells. Each `reconcile` all issues are listed by their creation, with nothing but their time of
 * change; what is new or changed in there is read, and the listing is called complete only when walked to its end.
 * Between such listings changed issues are put without a fingerprint: so the next listing reads them again, and
 * comments that were deleted in them are found missing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "client.h"
#include "stream.h"

#define COMMENT_PAGE 100
#define LIST_PAGE    1000 /* what we ask for in listings; servers give 100 to 1,000 */
#define STEP_BACK    5    /* issues seen twice when counting inside one second, for those that slip forward */

struct live {
	struct jira *j;
	const char *api;      /* "2" or "3" */
	int64_t server_now;   /* ms, by the server's clock, when the run began */
	uint64_t question;    /* digest of what decides which issues there are */
	int64_t since, began; /* ms: newest change put; begin of the first full reading */
	int64_t listed;       /* s: when a listing was last walked to its end */
	uint64_t *seen;       /* open addressing: issue and time of change, of what this run put; 0: free */
	size_t n_seen, room_seen;
	uint64_t done;
};

/* ---- what this run has put ---- */

static uint64_t seen_hash(const char *id, int64_t updated)
{
	char text[32];
	snprintf(text, sizeof(text), "%" PRId64, updated);
	return hash_text(hash_text(0, id), text) | 1;
}

/* TRUE if it was there already. */
static bool seen_add(struct live *l, uint64_t hash)
{
	if (l->n_seen * 2 >= l->room_seen) {
		uint64_t *before = l->seen;
		size_t room = l->room_seen;
		l->room_seen = room ? room * 2 : 1024;
		l->seen = must_realloc(NULL, l->room_seen * sizeof(*l->seen));
		memset(l->seen, 0, l->room_seen * sizeof(*l->seen));
		l->n_seen = 0;
		for (size_t i = 0; i < room; i++)
			if (before[i])
				seen_add(l, before[i]);
		free(before);
	}
	size_t i = hash % l->room_seen;
	while (l->seen[i] && l->seen[i] != hash)
		i = (i + 1) % l->room_seen;
	if (l->seen[i])
		return true;
	l->seen[i] = hash;
	l->n_seen++;
	return false;
}

/* ---- cursor ---- */

static void load_cursor(struct live *l)
{
	struct jira *j = l->j;
	const char *text = j->host->cursor(j->host);
	json_t *cursor = text ? json_loads(text, 0, NULL) : NULL;
	const char *question = json_string_value(json_object_get(cursor, "question"));
	l->question = hash_text(hash_text(hash_text(j->rules, j->url), j->jql), j->projects);
	if (question && strtoull(question, NULL, 16) == l->question) {
		l->since = json_integer_value(json_object_get(cursor, "since"));
		l->began = json_integer_value(json_object_get(cursor, "began"));
		l->listed = json_integer_value(json_object_get(cursor, "listed"));
	} else if (text) {
		j->host->log(j->host, MERI_INFO,
			     "the settings say other issues than in the last run: all are read anew");
	}
	json_decref(cursor);
}

static int checkpoint(struct live *l)
{
	char text[300];
	snprintf(text, sizeof(text),
		 "{\"v\":1,\"question\":\"%016" PRIx64 "\",\"since\":%" PRId64 ",\"began\":%" PRId64
		 ",\"listed\":%" PRId64 "}",
		 l->question, l->since, l->began, l->listed);
	l->j->since_checkpoint = 0;
	return l->j->host->checkpoint(l->j->host, text);
}

/* ---- who and what the server is ---- */

static int meet(struct live *l)
{
	struct jira *j = l->j;
	json_t *info = NULL, *me = NULL;
	int result = client_json(j, "/rest/api/2/serverInfo", ABSENT_FAILS, &info);
	if (result)
		return result;
	const char *kind = json_string_value(json_object_get(info, "deploymentType"));
	text_time(json_string_value(json_object_get(info, "serverTime")), &l->server_now);
	bool cloud = kind && !strcasecmp(kind, "Cloud");
	l->api = j->api == 3 || (!j->api && cloud) ? "3" : "2";
	json_decref(info);
	if (!l->server_now)
		l->server_now = (int64_t)time(NULL) * 1000;
	if (!j->token)
		return 0;
	/* Cloud takes a wrong token for nobody, and shows nobody an empty list: so ask first who we are. */
	result = client_json(j, arena_format(&j->arena, "/rest/api/%s/myself", l->api), ABSENT_FAILS, &me);
	json_decref(me);
	return result;
}

static int learn_names(struct live *l)
{
	struct jira *j = l->j;
	json_t *fields = NULL, *field;
	size_t i;
	int result = client_json(j, arena_format(&j->arena, "/rest/api/%s/field", l->api), ABSENT_IS_FINE, &fields);
	if (result)
		return result;
	j->names = json_object();
	json_array_foreach(fields, i, field)
	{
		const char *id = json_string_value(json_object_get(field, "id"));
		json_t *name = json_object_get(field, "name");
		if (id && json_is_string(name))
			json_object_set(j->names, id, name);
	}
	json_decref(fields);
	return 0;
}

/* ---- the question ---- */

/* An ORDER BY in the settings would spoil ours: what stands before it, outside of quotes. */
static size_t before_order(const char *jql)
{
	char quote = 0;
	for (const char *p = jql; *p; p++) {
		if (quote) {
			if (*p == '\\' && p[1])
				p++;
			else if (*p == quote)
				quote = 0;
		} else if (*p == '"' || *p == '\'') {
			quote = *p;
		} else if (!strncasecmp(p, "order", 5) && (p == jql || p[-1] == ' ' || p[-1] == ')')) {
			const char *by = p + 5 + strspn(p + 5, " \t\n");
			if (by > p + 5 && !strncasecmp(by, "by", 2))
				return (size_t)(p - jql);
		}
	}
	return strlen(jql);
}

static void write_jql(struct live *l, const char *field, int64_t from, struct buffer *out)
{
	struct jira *j = l->j;
	struct buffer jql = {0};
	size_t length = j->jql ? before_order(j->jql) : 0;
	if (length && strspn(j->jql, " \t\n") < length)
		buffer_format(&jql, "(%.*s) AND ", (int)length, j->jql);
	if (j->projects) {
		buffer_text(&jql, "project in (\"");
		for (const char *p = j->projects; *p; p++) {
			if (*p == '\n')
				buffer_text(&jql, "\",\"");
			else if (*p != '"' && *p != '\\')
				buffer_char(&jql, *p);
		}
		buffer_text(&jql, "\") AND ");
	}
	if (from > 0)
		buffer_format(&jql, "%s >= %" PRId64, field, from);
	else
		buffer_format(&jql, "%s >= \"1970-01-02\"", field); /* Cloud wants some bound */
	buffer_format(&jql, " ORDER BY %s ASC, key ASC", field);
	buffer_escaped(out, buffer_string(&jql));
	buffer_free(&jql);
}

/* ---- pages ---- */

struct page {
	struct live *l;
	const char *field; /* updated or created: what the walk goes along */
	const char *wants; /* fields= */
	long size;
	int (*issue)(struct live *l, json_t *issue);
	/* of the page at hand */
	size_t count;
	int64_t last; /* ms */
	int result;
};

static int on_issue(void *user, json_t *issue, size_t index)
{
	struct page *p = user;
	struct jira *j = p->l->j;
	const char *why = issue ? issue_refusal(issue) : "larger than 64 MiB: this issue is left out";
	(void)index;
	p->count++;
	if (why)
		return p->result = j->host->skip(j->host, "search result", why);
	int64_t time;
	json_t *fields = json_object_get(issue, "fields");
	text_time(json_string_value(json_object_get(fields, p->field)), &time);
	if (time > p->last)
		p->last = time;
	p->result = p->issue(p->l, issue);
	if (!p->result && !strcmp(p->field, "updated") && time > p->l->since)
		p->l->since = time; /* only now: what comes before it in the order is put */
	return p->result;
}

/* Asks for one page and hands its issues on. `meta`: what stands beside them; the caller frees it. */
static int ask(struct page *p, const char *path, json_t **meta)
{
	struct jira *j = p->l->j;
	struct answer answer;
	int result = client_get(j, path, ABSENT_FAILS, &answer);
	*meta = NULL;
	if (result)
		return result;
	char *body =
		must_realloc(NULL, answer.length + 1); /* an issue with many comments asks more before we are through */
	memcpy(body, answer.body, answer.length);
	struct stream *s = stream_new(on_issue, p, 0);
	p->count = 0;
	p->result = 0;
	result = stream_feed(s, body, answer.length);
	if (!result)
		result = stream_end(s);
	if (result < 0)
		result = j->host->fail(j->host, MERI_TRANSIENT, 0, "%s: broken JSON in the answer: %s", j->url,
				       stream_error(s));
	else if (result > 0)
		result = p->result;
	else if (!stream_arrays(s))
		result = j->host->fail(j->host, MERI_BUG, 0, "%s: an answer to a search without \"issues\"", j->url);
	*meta = json_incref(stream_page(s));
	stream_free(s);
	free(body);
	return result;
}

static int after_page(struct page *p, uint64_t total)
{
	struct jira *j = p->l->j;
	int stop = j->host->progress(j->host, p->l->done, total, !strcmp(p->field, "updated") ? "issues" : "listing");
	if (!stop && j->since_checkpoint >= JIRA_CHECKPOINT)
		stop = checkpoint(p->l);
	return stop;
}

/* API 2: from a time on, counting inside one second only. */
static int walk_counting(struct page *p, int64_t from)
{
	struct jira *j = p->l->j;
	json_int_t start = 0, total = 0;
	for (;;) {
		struct buffer path = {0};
		json_t *meta;
		buffer_format(&path,
			      "/rest/api/%s/search?startAt=%" JSON_INTEGER_FORMAT "&maxResults=%ld&fields=%s&jql=",
			      p->l->api, start, p->size, p->wants);
		write_jql(p->l, p->field, from, &path);
		int result = ask(p, buffer_string(&path), &meta);
		buffer_free(&path);
		json_t *all = json_object_get(meta, "total");
		total = json_integer_value(all);
		bool last = !p->count ||
			    (json_is_integer(all) ? start + (json_int_t)p->count >= total : (long)p->count < p->size);
		json_decref(meta);
		if (!result)
			result = after_page(p, p->l->done + (uint64_t)(total > start ? total - start : 0) -
						       (last ? p->count : 0));
		arena_clear(&j->arena);
		if (result || last)
			return result;
		int64_t second = p->last / 1000 * 1000;
		if (second > from) {
			from = second;
			start = 0;
		} else {
			start += (json_int_t)p->count > STEP_BACK * 2 ? (json_int_t)p->count - STEP_BACK
								      : (json_int_t)p->count;
		}
	}
}

/* API 3: a token leads to the next page. */
static int walk_tokens(struct page *p, int64_t from)
{
	struct jira *j = p->l->j;
	struct buffer token = {0};
	int result = 0;
	for (bool last = false; !result && !last;) {
		struct buffer path = {0};
		json_t *meta;
		buffer_format(&path, "/rest/api/%s/search/jql?maxResults=%ld&fields=%s&jql=", p->l->api, p->size,
			      p->wants);
		write_jql(p->l, p->field, from, &path);
		if (token.length) {
			buffer_text(&path, "&nextPageToken=");
			buffer_escaped(&path, buffer_string(&token));
		}
		result = ask(p, buffer_string(&path), &meta);
		buffer_free(&path);
		const char *next = json_string_value(json_object_get(meta, "nextPageToken"));
		last = !next || !*next || json_is_true(json_object_get(meta, "isLast"));
		if (next && !strcmp(next, buffer_string(&token)) && !result)
			result = j->host->fail(j->host, MERI_BUG, 0,
					       "%s: the token for the next page leads to the same page", j->url);
		buffer_clear(&token);
		buffer_text(&token, next);
		json_decref(meta);
		if (!result)
			result = after_page(p, 0);
		arena_clear(&j->arena);
	}
	buffer_free(&token);
	return result;
}

static int walk_issues(struct page *p, int64_t from)
{
	return *p->l->api == '3' ? walk_tokens(p, from) : walk_counting(p, from);
}

/* ---- one issue ---- */

/* The address of an issue in the API. Its id is Jira's word: it must not lead anywhere else. */
static const char *issue_path(struct live *l, const char *id, const char *rest)
{
	struct buffer path = {0};
	buffer_format(&path, "/rest/api/%s/issue/", l->api);
	buffer_escaped(&path, id + strlen("issue:"));
	buffer_text(&path, rest);
	const char *copy = arena_copy(&l->j->arena, path.data, path.length);
	buffer_free(&path);
	return copy;
}

/* A search gives the first comments only; the others come by a question of their own. */
static int more_comments(struct live *l, json_t *issue)
{
	struct jira *j = l->j;
	json_t *comment = json_object_get(json_object_get(issue, "fields"), "comment"),
	       *all = json_object_get(comment, "comments");
	json_int_t total = json_integer_value(json_object_get(comment, "total"));
	json_int_t start = json_integer_value(
		json_object_get(comment, "startAt")); /* some servers give the last page, not the first */
	char id[300];
	issue_id(issue, id, sizeof(id));
	if (!comment || (total <= (json_int_t)json_array_size(all) && !start))
		return 0;
	json_t *whole = json_array();
	int result = 0;
	for (json_int_t at = 0; !result && at < total;) {
		json_t *page = NULL;
		char rest[100];
		snprintf(rest, sizeof(rest), "/comment?startAt=%" JSON_INTEGER_FORMAT "&maxResults=%d", at,
			 COMMENT_PAGE);
		result = client_json(j, issue_path(l, id, rest), ABSENT_IS_FINE, &page);
		size_t n = json_array_size(json_object_get(page, "comments"));
		json_array_extend(whole, json_object_get(page, "comments"));
		if (json_object_get(page, "total"))
			total = json_integer_value(json_object_get(page, "total"));
		at += (json_int_t)n;
		json_decref(page);
		if (!n)
			break;
	}
	if (!result && json_array_size(whole) >= json_array_size(all)) {
		json_object_set(comment, "comments", whole);
		json_object_set_new(comment, "total", json_integer(total));
	}
	json_decref(whole);
	return result;
}

static const char *fingerprint_of(struct live *l, int64_t updated, char out[64])
{
	snprintf(out, 64, "%" PRId64 " %016" PRIx64, updated, l->j->rules);
	return out;
}

static int put_issue(struct live *l, json_t *issue, bool fingerprinted)
{
	char id[300], fingerprint[64];
	int64_t updated;
	issue_id(issue, id, sizeof(id));
	issue_updated(issue, &updated);
	if (seen_add(l, seen_hash(id, updated)))
		return 0;
	int result = more_comments(l, issue);
	if (result)
		return result;
	l->done++;
	return issue_put(l->j, issue, id, fingerprinted ? fingerprint_of(l, updated, fingerprint) : NULL);
}

static int changed_issue(struct live *l, json_t *issue)
{
	int64_t updated;
	issue_updated(issue, &updated);
	return put_issue(l, issue, updated < l->began);
}

static int listed_issue(struct live *l, json_t *listed)
{
	struct jira *j = l->j;
	char id[300], fingerprint[64];
	int64_t updated;
	issue_id(listed, id, sizeof(id));
	issue_updated(listed, &updated);
	size_t i = l->room_seen ? seen_hash(id, updated) % l->room_seen : 0;
	for (; l->room_seen && l->seen[i]; i = (i + 1) % l->room_seen)
		if (l->seen[i] == seen_hash(id, updated))
			return 0;
	if (j->host->unchanged(j->host, id, fingerprint_of(l, updated, fingerprint)))
		return 0;
	json_t *issue = NULL;
	int result = client_json(j, issue_path(l, id, "?fields=*all,-worklog"), ABSENT_IS_FINE, &issue);
	if (!result && issue && !issue_refusal(issue))
		result = put_issue(l, issue, true);
	else if (!result && issue)
		result = j->host->skip(j->host, id, issue_refusal(issue));
	json_decref(issue);
	return result;
}

/* ---- the run ---- */

static int reconcile(struct live *l)
{
	struct jira *j = l->j;
	struct page list = {
		.l = l, .field = "created", .wants = "created,updated", .size = LIST_PAGE, .issue = listed_issue};
	j->host->log(j->host, MERI_INFO, "listing all issues to find the deleted ones");
	int result = walk_issues(&list, 0);
	if (result)
		return result;
	l->listed = l->server_now / 1000;
	result = j->host->complete(j->host);
	return result ? result : checkpoint(l);
}

int live_check(struct jira *j)
{
	struct live l = {.j = j};
	json_t *found = NULL;
	int result = meet(&l);
	if (!result) {
		struct buffer path = {0};
		buffer_format(&path, "/rest/api/%s/search%s?maxResults=1&fields=updated&jql=", l.api,
			      *l.api == '3' ? "/jql" : "");
		write_jql(&l, "updated", 0, &path);
		result = client_json(j, buffer_string(&path), ABSENT_FAILS, &found);
		buffer_free(&path);
	}
	json_t *total = json_object_get(found, "total");
	if (!result && json_is_integer(total) && !json_integer_value(total))
		j->host->log(j->host, MERI_WARNING, "%s: works, but this user sees no issue at all", j->url);
	json_decref(found);
	return result;
}

static int read_live(struct live *l)
{
	struct jira *j = l->j;
	int result = meet(l);
	if (!result)
		result = learn_names(l);
	if (result)
		return result;
	load_cursor(l);
	if (!l->began)
		l->began = l->server_now;
	struct page changes = {
		.l = l, .field = "updated", .wants = "*all,-worklog", .size = j->page_size, .issue = changed_issue};
	result = walk_issues(&changes, l->since > j->overlap * 1000 ? l->since - j->overlap * 1000 : 0);
	if (result)
		return result;
	result = checkpoint(l);
	if (result || !j->reconcile || l->server_now / 1000 - l->listed < j->reconcile)
		return result;
	return reconcile(l);
}

int live_sync(struct jira *j)
{
	struct live l = {.j = j};
	int result = read_live(&l);
	free(l.seen);
	return result;
}
