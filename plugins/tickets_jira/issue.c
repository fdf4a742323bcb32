/* SPDX-License-Identifier: ISC
 *
 * issue: one issue as records. */
#include <stdio.h>
#include <string.h>

#include "jira.h"

#define MAX_ID 200 /* bytes of an id of Jira; they have some ten */

const char *issue_refusal(json_t *issue)
{
	if (!json_is_object(issue))
		return "not a Jira issue: the JSON is no object";
	json_t *errors = json_object_get(issue, "errorMessages");
	if (json_array_size(errors))
		return "not a Jira issue: an error message of Jira, saved when the export was made; export this issue "
		       "again";
	if (!json_is_object(json_object_get(issue, "fields")))
		return "not a Jira issue: it has no \"fields\"";
	json_t *id = json_object_get(issue, "id");
	if (!json_string_length(json_object_get(issue, "key")) && !json_string_length(id) && !json_is_integer(id))
		return "not a Jira issue: it has neither \"id\" nor \"key\"";
	return NULL;
}

/* Numbers, as a rule; whatever else stands there becomes an id that the host takes. */
static void add_id(struct buffer *out, json_t *value)
{
	if (json_is_integer(value))
		buffer_format(out, "%lld", (long long)json_integer_value(value));
	else
		buffer_id(out, json_string_value(value), MAX_ID);
}

void issue_id(json_t *issue, char *out, size_t room)
{
	struct buffer id = {0};
	json_t *number = json_object_get(issue, "id");
	buffer_text(&id, "issue:");
	add_id(&id, json_is_integer(number) || json_string_length(number) ? number : json_object_get(issue, "key"));
	snprintf(out, room, "%s", buffer_string(&id));
	buffer_free(&id);
}

int64_t issue_updated(json_t *issue, int64_t *milliseconds)
{
	json_t *fields = json_object_get(issue, "fields");
	int64_t time = text_time(json_string_value(json_object_get(fields, "updated")), milliseconds);
	return time ? time : text_time(json_string_value(json_object_get(fields, "created")), milliseconds);
}

/* Where people open it: our own address in live mode, the one in the settings, or what Jira wrote into "self". */
static const char *browse_url(struct jira *j, json_t *issue)
{
	const char *key = json_string_value(json_object_get(issue, "key"));
	const char *self = json_string_value(json_object_get(issue, "self"));
	const char *base = j->browse ? j->browse : j->url;
	if (!key || !*key)
		return NULL;
	if (base)
		return arena_format(&j->arena, "%.*s/browse/%s", (int)(strlen(base) - (base[strlen(base) - 1] == '/')),
				    base, key);
	const char *end = self ? strstr(self, "/rest/") : NULL;
	if (!end || strncmp(self, "http", 4) != 0)
		return NULL;
	return arena_format(&j->arena, "%.*s/browse/%s", (int)(end - self), self, key);
}

struct shared {
	const char *id, *key, *url, *title, *item;
	const struct draft *ticket;
};

static int put(struct jira *j, struct meri_record *r, struct draft *d, const struct shared *s)
{
	r->size = sizeof(*r);
	r->title = s->title;
	r->thread = s->id;
	r->item = s->item;
	r->text = buffer_string(&j->text.bytes);
	r->quoted = j->text.quoted;
	r->n_quoted = j->text.n_quoted;
	if (j->text.problem[0])
		draft_left_out(d, "markup", j->text.problem);
	r->parties = d->parties;
	r->n_parties = d->n_parties;
	r->fields = d->fields;
	r->n_fields = d->n_fields;
	r->hints = d->hints;
	r->n_hints = d->n_hints;
	r->left_out = d->left_out;
	r->n_left_out = d->n_left_out;
	r->readers = d->readers;
	r->n_readers = d->n_readers;
	j->since_checkpoint++;
	return j->host->put(j->host, r);
}

/* A comment that its author limited to a role or group is for these; else for whoever may see the ticket. */
static void comment_readers(struct draft *d, json_t *comment, const struct draft *ticket)
{
	const char *only = json_words(d->j, json_object_get(json_object_get(comment, "visibility"), "value"));
	if (only) {
		draft_reader(d, only);
		return;
	}
	for (size_t i = 0; i < ticket->n_readers; i++)
		draft_reader(d, ticket->readers[i]);
}

static const char *comment_id(struct jira *j, json_t *comment, const struct shared *s, size_t index)
{
	json_t *id = json_object_get(comment, "id"), *created = json_object_get(comment, "created");
	struct buffer out = {0};
	if (json_is_integer(id) || json_string_length(id)) {
		buffer_text(&out, "comment:");
		add_id(&out, id);
	} else if (json_string_length(created)) {
		buffer_format(&out, "%s/comment:", s->id);
		add_id(&out, created);
	} else {
		buffer_format(&out, "%s/comment:%zu", s->id, index);
	}
	const char *copy = arena_copy(&j->arena, out.data, out.length);
	buffer_free(&out);
	return copy;
}

static int put_comment(struct jira *j, json_t *comment, const struct shared *s, size_t index, const char *fingerprint)
{
	struct draft d = {.j = j};
	const char *id = comment_id(j, comment, s, index);
	json_t *author = json_object_get(comment, "author"), *editor = json_object_get(comment, "updateAuthor");
	json_t *is_public = json_object_get(comment, "jsdPublic");
	draft_party(&d, "author", author);
	if (editor && !json_equal(editor, author))
		draft_party(&d, "editor", editor);
	draft_field(&d, "key", s->key);
	if (json_is_false(is_public))
		draft_field(&d, "internal", "yes");
	comment_readers(&d, comment, s->ticket);
	d.hints = s->ticket->hints;
	d.n_hints = s->ticket->n_hints;
	text_clear(&j->text);
	text_body(j->host, &j->text, json_object_get(comment, "body"), json_object_get(comment, "renderedBody"));
	int64_t created = text_time(json_string_value(json_object_get(comment, "created")), NULL);
	int64_t updated = text_time(json_string_value(json_object_get(comment, "updated")), NULL);
	struct meri_record r = {.id = id,
				.kind = MERI_COMMENT,
				.parent = s->id,
				.occurred = created,
				.updated = updated ? updated : created,
				.fingerprint = fingerprint};
	if (s->url)
		r.url = strncmp(id, "comment:", 8) ? s->url
						   : arena_format(&j->arena, "%s?focusedCommentId=%s", s->url, id + 8);
	j->comments++;
	return put(j, &r, &d, s);
}

static void ticket_text(struct jira *j, json_t *issue)
{
	json_t *fields = json_object_get(issue, "fields"), *rendered = json_object_get(issue, "renderedFields");
	json_t *environment = json_object_get(fields, "environment");
	text_clear(&j->text);
	text_body(j->host, &j->text, json_object_get(fields, "description"), json_object_get(rendered, "description"));
	if (!json_is_object(environment) && !json_string_length(environment))
		return;
	buffer_text(&j->text.bytes, j->text.bytes.length ? "\n\nEnvironment: " : "Environment: ");
	text_body(j->host, &j->text, environment, NULL);
}

static int put_ticket(struct jira *j, json_t *issue, struct draft *d, const struct shared *s, const char *fingerprint)
{
	json_t *fields = json_object_get(issue, "fields"), *comment = json_object_get(fields, "comment");
	json_t *comments = json_object_get(comment, "comments");
	json_int_t total = json_integer_value(json_object_get(comment, "total"));
	if (total > (json_int_t)json_array_size(comments))
		draft_left_out(d, "comments",
			       arena_format(&j->arena, "%lld of %lld are not in what Jira gave (restricted, or a page)",
					    (long long)(total - (json_int_t)json_array_size(comments)),
					    (long long)total));
	ticket_text(j, issue);
	struct meri_record r = {.id = s->id,
				.kind = MERI_TICKET,
				.url = s->url,
				.occurred = text_time(json_string_value(json_object_get(fields, "created")), NULL),
				.updated = issue_updated(issue, NULL),
				.fingerprint = fingerprint};
	j->tickets++;
	return put(j, &r, d, s);
}

static void make_title(struct jira *j, json_t *issue)
{
	const char *key = json_string_value(json_object_get(issue, "key"));
	const char *summary = json_string_value(json_object_get(json_object_get(issue, "fields"), "summary"));
	buffer_clear(&j->title);
	buffer_text(&j->title, key);
	if (key && *key && summary && *summary)
		buffer_text(&j->title, ": ");
	buffer_text(&j->title, summary);
}

int issue_put(struct jira *j, json_t *issue, const char *item, const char *fingerprint)
{
	char id[300];
	arena_clear(&j->arena);
	issue_id(issue, id, sizeof(id));
	make_title(j, issue);
	struct draft ticket = {.j = j};
	draft_issue(&ticket, issue);
	struct shared s = {.id = id,
			   .item = item,
			   .ticket = &ticket,
			   .url = browse_url(j, issue),
			   .title = buffer_string(&j->title),
			   .key = json_string_value(json_object_get(issue, "key"))};
	json_t *comments = json_object_get(json_object_get(json_object_get(issue, "fields"), "comment"), "comments"),
	       *comment;
	size_t n = json_array_size(comments), i;
	int stop = put_ticket(j, issue, &ticket, &s, n ? NULL : fingerprint);
	json_array_foreach(comments, i, comment)
	{
		if (stop)
			return stop;
		stop = put_comment(j, comment, &s, i, i + 1 == n ? fingerprint : NULL);
	}
	return stop;
}
