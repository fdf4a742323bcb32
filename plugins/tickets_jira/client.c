/* SPDX-License-Identifier: ISC */
#include "client.h"

#include <string.h>

/* What Jira says is wrong: {"errorMessages": [...], "errors": {field: message}}. */
static void reasons(const struct meri_reply *reply, struct buffer *out)
{
	json_t *json = json_loadb(reply->body ? reply->body : "", reply->length, 0, NULL), *message;
	const char *key;
	size_t i;
	json_array_foreach(json_object_get(json, "errorMessages"), i, message)
	{
		if (json_is_string(message))
			buffer_format(out, "; %.300s", json_string_value(message));
	}
	json_object_foreach(json_object_get(json, "errors"), key, message)
	{
		if (json_is_string(message))
			buffer_format(out, "; %.100s: %.300s", key, json_string_value(message));
	}
	json_decref(json);
}

static int judge(struct jira *j, const char *url, const struct meri_reply *reply)
{
	const struct meri_host *host = j->host;
	struct buffer why = {0};
	int result, status = reply->status;
	const char *bare = strchr(url, '?'); /* the question is long, and the address is what an admin needs */
	int length = bare ? (int)(bare - url) : (int)strlen(url);
	reasons(reply, &why);
	const char *text = buffer_string(&why);
	if (status == 401)
		result = host->fail(host, MERI_AUTH, 0, "%.*s: Jira does not accept %s (401)%s: %s", length, url,
				    j->user    ? "this user and token"
				    : j->token ? "this token"
					       : "questions without a login",
				    text, j->token ? "make a new token and set it" : "set user and token");
	else if (status == 403)
		result = host->fail(host, MERI_AUTH, 0,
				    "%.*s: refused (403)%s: give the user the right to browse the projects; after "
				    "many wrong passwords Jira may also want a login by hand first",
				    length, url, text);
	else if (status == 404)
		result = host->fail(host, MERI_CONFIG, 0,
				    "%.*s: not found (404)%s: is url the address of a Jira, with its path, and api the "
				    "right version?",
				    length, url, text);
	else if (status == 400)
		result = host->fail(host, MERI_CONFIG, 0,
				    "%.*s: Jira does not understand the question (400)%s: check jql and projects",
				    length, url, text);
	else if (status == 429)
		result = host->fail(host, MERI_RATE, reply->retry_after ? strtoll(reply->retry_after, NULL, 10) : 0,
				    "%.*s: too many questions (429): a later run goes on from here", length, url);
	else if (status >= 500)
		result = host->fail(host, MERI_TRANSIENT, 0, "%.*s: Jira has trouble of its own (%d)%s", length, url,
				    status, text);
	else
		result = host->fail(host, MERI_BUG, 0, "%.*s: unexpected status %d%s", length, url, status, text);
	buffer_free(&why);
	return result;
}

int client_get(struct jira *j, const char *path, int absent, struct answer *answer)
{
	const struct meri_host *host = j->host;
	size_t base = strlen(j->url);
	while (base && j->url[base - 1] == '/')
		base--;
	char *url = arena_format(&j->arena, "%.*s%s", (int)base, j->url, path);
	struct meri_pair headers[2] = {{"Accept", "application/json"}};
	struct meri_request request = {.size = sizeof(request), .url = url, .headers = headers, .n_headers = 1};
	struct meri_reply reply = {.size = sizeof(reply)};
	if (j->user) {
		request.user = j->user;
		request.password = j->token;
	} else if (j->token) {
		headers[request.n_headers++] =
			(struct meri_pair){"Authorization", arena_format(&j->arena, "Bearer %s", j->token)};
	}
	int class = host->fetch(host, &request, &reply);
	if (class == MERI_STOP)
		return class;
	if (class)
		return host->fail(host, (enum meri_class) class, 0, "%.*s: no answer from Jira; the run's log says why",
				  (int)strcspn(url, "?"), url);
	*answer = (struct answer){.body = reply.body, .length = reply.length, .status = reply.status};
	if (reply.status == 404 && absent == ABSENT_IS_FINE)
		return 0;
	if (reply.status < 200 || reply.status > 299)
		return judge(j, url, &reply);
	if (!reply.length || !strchr("{[", reply.body[strspn(reply.body, " \t\r\n")]))
		return host->fail(host, MERI_CONFIG, 0,
				  "%.*s: the answer is not JSON but %s: does the address lead to a login page?",
				  (int)strcspn(url, "?"), url, reply.media_type ? reply.media_type : "something else");
	return 0;
}

int client_json(struct jira *j, const char *path, int absent, json_t **json)
{
	struct answer answer = {0};
	json_error_t error;
	*json = NULL;
	int result = client_get(j, path, absent, &answer);
	if (result || answer.status == 404)
		return result;
	*json = json_loadb(answer.body, answer.length, 0, &error);
	if (*json)
		return 0;
	return j->host->fail(j->host, MERI_TRANSIENT, 0, "%s: broken JSON at byte %d: %s", path, error.position,
			     error.text);
}
