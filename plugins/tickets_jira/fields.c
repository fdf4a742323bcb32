/* SPDX-License-Identifier: ISC
 *
 * fields: what an issue has beside its text: state, people, links, files, whose it is. Jira Service Management's
 * organisations and participants and an installation's own fields are told by their shape, for their ids differ from
 * one installation to the next. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "jira.h"

#define MAX_CUSTOM_TEXT 4000 /* bytes of one custom field; a longer one is cut, and that is said */

/* Room for one more at the end of a list: lists grow by doubling, at powers of two. */
static void *list_room(struct jira *j, void *list, size_t n, size_t size)
{
	if (n && (n & (n - 1)))
		return list;
	void *more = arena_take(&j->arena, (n ? n * 2 : 1) * size);
	if (n)
		memcpy(more, list, n * size);
	return more;
}

static const char *keep(struct draft *d, const char *text)
{
	return arena_copy(&d->j->arena, text, strlen(text));
}

void draft_field(struct draft *d, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	d->fields = list_room(d->j, d->fields, d->n_fields, sizeof(*d->fields));
	d->fields[d->n_fields++] = (struct meri_pair){keep(d, name), keep(d, value)};
}

void draft_hint(struct draft *d, const char *scheme, const char *value)
{
	if (!value || !*value)
		return;
	for (size_t i = 0; i < d->n_hints; i++)
		if (!strcmp(d->hints[i].name, scheme) && !strcmp(d->hints[i].value, value))
			return;
	d->hints = list_room(d->j, d->hints, d->n_hints, sizeof(*d->hints));
	d->hints[d->n_hints++] = (struct meri_pair){scheme, keep(d, value)};
}

void draft_left_out(struct draft *d, const char *what, const char *why)
{
	d->left_out = list_room(d->j, d->left_out, d->n_left_out, sizeof(*d->left_out));
	d->left_out[d->n_left_out++] = (struct meri_pair){keep(d, what), keep(d, why)};
}

void draft_reader(struct draft *d, const char *name)
{
	if (!name || !*name)
		return;
	d->readers = list_room(d->j, d->readers, d->n_readers, sizeof(*d->readers));
	d->readers[d->n_readers++] = keep(d, name);
}

static const char *string_of(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text && *text ? text : NULL;
}

/* The day of a time as Jira writes it; NULL if it is none. */
static const char *day_of(struct draft *d, const char *time)
{
	size_t length = time ? strspn(time, "0123456789-") : 0;
	return text_time(time, NULL) ? arena_copy(&d->j->arena, time, length) : NULL;
}

static bool is_user(json_t *value)
{
	return string_of(value, "displayName") && (string_of(value, "accountId") || string_of(value, "emailAddress") ||
						   string_of(value, "name") || string_of(value, "key"));
}

/* Who it is, for telling two apart: Cloud has accountId, Server has name and, since names may change, key. */
static const char *user_id(json_t *user)
{
	const char *id = string_of(user, "accountId");
	if (!id)
		id = string_of(user, "name");
	return id ? id : string_of(user, "key");
}

void draft_party(struct draft *d, const char *role, json_t *user)
{
	if (!json_is_object(user))
		return;
	const char *name = string_of(user, "displayName"), *mail = string_of(user, "emailAddress"), *id = user_id(user);
	if (!name && !mail && !id)
		return;
	const char *address = mail && strlen(mail) > 2 ? keep(d, mail)
			      : id                     ? arena_format(&d->j->arena, "user:%s", id)
						       : NULL;
	d->parties = list_room(d->j, d->parties, d->n_parties, sizeof(*d->parties));
	d->parties[d->n_parties++] =
		(struct meri_party){.role = keep(d, role), .name = name ? keep(d, name) : NULL, .address = address};
}

const char *json_words(struct jira *j, json_t *value)
{
	static const char *const keys[] = {"displayName", "name", "value", "title", "key", NULL};
	if (json_is_string(value))
		return json_string_length(value) ? json_string_value(value) : NULL;
	if (json_is_integer(value))
		return arena_format(&j->arena, "%lld", (long long)json_integer_value(value));
	if (json_is_real(value))
		return arena_format(&j->arena, "%.15g", json_real_value(value));
	if (json_is_boolean(value))
		return json_is_true(value) ? "yes" : "no";
	for (const char *const *key = keys; json_is_object(value) && *key; key++) {
		const char *text = string_of(value, *key);
		json_t *child = json_object_get(value, "child"); /* a cascading choice */
		if (text && child && string_of(child, "value"))
			return arena_format(&j->arena, "%s / %s", text, string_of(child, "value"));
		if (text)
			return text;
	}
	return NULL;
}

static void field_each(struct draft *d, const char *name, json_t *values)
{
	size_t i;
	json_t *value;
	if (!json_is_array(values)) {
		draft_field(d, name, json_words(d->j, values));
		return;
	}
	json_array_foreach(values, i, value) draft_field(d, name, json_words(d->j, value));
}

static void links(struct draft *d, json_t *fields)
{
	size_t i;
	json_t *link;
	json_array_foreach(json_object_get(fields, "issuelinks"), i, link)
	{
		json_t *in = json_object_get(link, "inwardIssue"), *out = json_object_get(link, "outwardIssue");
		json_t *type = json_object_get(link, "type"), *other = out ? out : in;
		const char *verb = string_of(type, out ? "outward" : "inward"), *key = string_of(other, "key");
		const char *summary = string_of(json_object_get(other, "fields"), "summary");
		if (key)
			draft_field(d, "link",
				    arena_format(&d->j->arena, "%s %s%s%s", verb ? verb : "relates to", key,
						 summary ? ": " : "", summary ? summary : ""));
	}
	json_array_foreach(json_object_get(fields, "subtasks"), i, link)
		draft_field(d, "subtask", string_of(link, "key"));
	draft_field(d, "parent", string_of(json_object_get(fields, "parent"), "key"));
	json_t *epic = json_object_get(fields, "epic");
	draft_field(d, "epic", string_of(epic, "key"));
}

static void attachments(struct draft *d, json_t *fields)
{
	size_t i;
	json_t *file;
	json_array_foreach(json_object_get(fields, "attachment"), i, file)
	{
		const char *name = string_of(file, "filename");
		draft_field(d, "attachment", name);
		draft_left_out(d, arena_format(&d->j->arena, "attachment %s", name ? name : "without a name"),
			       "its content is not read");
	}
}

/* Worklogs say who did what when: fields. The change log says what the fields say already: left out, and said so. */
static void work(struct draft *d, json_t *issue, json_t *fields)
{
	json_t *worklog = json_object_get(fields, "worklog"), *entries = json_object_get(worklog, "worklogs"), *entry;
	json_int_t total = json_integer_value(json_object_get(worklog, "total"));
	size_t i;
	json_array_foreach(entries, i, entry)
	{
		json_t *comment = json_object_get(entry, "comment");
		struct text text = {0};
		if (json_is_object(comment))
			text_adf(&text, comment);
		else
			buffer_text(&text.bytes, json_string_value(comment));
		buffer_trim(&text.bytes);
		const char *started = day_of(d, string_of(entry, "started")), *spent = string_of(entry, "timeSpent");
		const char *who = json_words(d->j, json_object_get(entry, "author"));
		draft_field(d, "worklog",
			    arena_format(&d->j->arena, "%s %s %s%s%s", started ? started : "", spent ? spent : "",
					 who ? who : "", text.bytes.length ? ": " : "", buffer_string(&text.bytes)));
		text_free(&text);
	}
	if (total > (json_int_t)json_array_size(entries))
		draft_left_out(d, "worklog",
			       arena_format(&d->j->arena, "%lld of %lld entries are not in what Jira gave",
					    (long long)(total - (json_int_t)json_array_size(entries)),
					    (long long)total));
	draft_field(d, "time-spent", string_of(json_object_get(fields, "timetracking"), "timeSpent"));
	size_t changes = json_array_size(json_object_get(json_object_get(issue, "changelog"), "histories"));
	if (changes)
		draft_left_out(
			d, "change log",
			arena_format(&d->j->arena, "%zu changes are not read: the fields hold the outcome", changes));
}

/* "Customer tier" -> "customer-tier"; what is not ASCII stays as it is. */
static const char *field_name(struct draft *d, json_t *issue, const char *id)
{
	const char *name = string_of(json_object_get(issue, "names"), id);
	if (!name)
		name = string_of(d->j->names, id);
	if (!name)
		return id;
	char *slug = arena_copy(&d->j->arena, name, strlen(name)), *to = slug;
	for (const char *from = name; *from; from++) {
		unsigned char c = (unsigned char)*from;
		if (isalnum(c) || c >= 0x80)
			*to++ = (char)tolower(c);
		else if (to > slug && to[-1] != '-')
			*to++ = '-';
	}
	if (to > slug && to[-1] == '-')
		to--;
	*to = '\0';
	return *slug ? slug : id;
}

/* Organisations of Jira Service Management name themselves by their address in its API. */
static bool is_organisation(json_t *value)
{
	const char *self = string_of(json_object_get(value, "_links"), "self");
	return self && strstr(self, "/organization/") && string_of(value, "name");
}

/* Values that only Jira itself reads: ranks, sprints of old servers, development panels. */
static bool is_internal(const char *text)
{
	size_t ranks = strspn(text, "0123456789|:abcdefghijklmnopqrstuvwxyz");
	return !strncmp(text, "com.atlassian.", 14) || !strncmp(text, "com.pyxis.", 10) ||
	       (text[ranks] == '\0' && strchr(text, '|')) || !strncmp(text, "{pullrequest", 12) ||
	       !strncmp(text, "{repository", 11) || !strcmp(text, "{}");
}

static void custom_text(struct draft *d, const char *name, const char *text)
{
	if (!text || is_internal(text))
		return;
	size_t length = strlen(text);
	if (length > MAX_CUSTOM_TEXT) {
		length = MAX_CUSTOM_TEXT;
		while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
			length--;
		text = arena_copy(&d->j->arena, text, length);
		draft_left_out(d, arena_format(&d->j->arena, "field %s", name), "cut after 4,000 bytes");
	}
	draft_field(d, name, text);
}

static void custom_value(struct draft *d, const char *name, json_t *value)
{
	if (is_organisation(value)) {
		draft_field(d, "organisation", string_of(value, "name"));
		draft_hint(d, "name", string_of(value, "name"));
	} else if (is_user(value)) {
		draft_party(d, name, value);
	} else if (json_is_object(json_object_get(value, "requestType"))) {
		draft_field(d, "request-type", string_of(json_object_get(value, "requestType"), "name"));
		draft_field(d, "request-status", string_of(json_object_get(value, "currentStatus"), "status"));
	} else if (json_is_object(value) && json_is_array(json_object_get(value, "content"))) {
		struct text text = {0};
		text_adf(&text, value);
		buffer_trim(&text.bytes);
		custom_text(d, name, text.bytes.length ? buffer_string(&text.bytes) : NULL);
		text_free(&text);
	} else {
		custom_text(d, name, json_words(d->j, value));
	}
}

static void customers(struct draft *d, json_t *fields)
{
	for (size_t i = 0; i < d->j->n_customers; i++) {
		const struct customer_field *c = &d->j->customers[i];
		json_t *value = json_object_get(fields, c->field), *each;
		size_t n;
		if (json_is_array(value)) {
			json_array_foreach(value, n, each) draft_hint(d, c->scheme, json_words(d->j, each));
		} else {
			draft_hint(d, c->scheme, json_words(d->j, value));
		}
	}
}

static void custom(struct draft *d, json_t *issue, json_t *fields)
{
	const char *key;
	json_t *value, *each;
	json_object_foreach(fields, key, value)
	{
		bool own = !strncmp(key, "customfield_", 12) || !strcmp(key, "organizations");
		const char *name = own ? field_name(d, issue, key) : NULL;
		size_t i;
		if (own && json_is_array(value)) {
			json_array_foreach(value, i, each) custom_value(d, name, each);
		} else if (own) {
			custom_value(d, name, value);
		}
	}
}

static void people(struct draft *d, json_t *fields)
{
	json_t *reporter = json_object_get(fields, "reporter"), *creator = json_object_get(fields, "creator");
	draft_party(d, "reporter", reporter);
	draft_party(d, "assignee", json_object_get(fields, "assignee"));
	const char *a = user_id(reporter), *b = user_id(creator);
	if (!a || !b || strcmp(a, b) != 0)
		draft_party(d, "creator", creator);
}

void draft_issue(struct draft *d, json_t *issue)
{
	static const struct {
		const char *name, *field;
	} plain[] = {{"status", "status"},        {"priority", "priority"}, {"resolution", "resolution"},
		     {"type", "issuetype"},       {"project", "project"},   {"component", "components"},
		     {"label", "labels"},         {"version", "versions"},  {"fix-version", "fixVersions"},
		     {"sprint", "closedSprints"}, {"sprint", "sprint"},     {"severity", "severity"}};
	json_t *fields = json_object_get(issue, "fields");
	draft_field(d, "key", string_of(issue, "key"));
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		field_each(d, plain[i].name, json_object_get(fields, plain[i].field));
	draft_field(d, "project-key", string_of(json_object_get(fields, "project"), "key"));
	draft_field(d, "status-category",
		    string_of(json_object_get(json_object_get(fields, "status"), "statusCategory"), "key"));
	draft_field(d, "resolved", day_of(d, string_of(fields, "resolutiondate")));
	draft_field(d, "due", string_of(fields, "duedate"));
	if (json_is_true(json_object_get(fields, "flagged")))
		draft_field(d, "flagged", "yes");
	draft_reader(d, json_words(d->j, json_object_get(fields, "security")));
	people(d, fields);
	customers(d, fields);
	custom(d, issue, fields);
	links(d, fields);
	attachments(d, fields);
	work(d, issue, fields);
}
