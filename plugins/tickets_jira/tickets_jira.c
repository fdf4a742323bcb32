/* SPDX-License-Identifier: ISC
 *
 * tickets_jira: issues and comments of Jira (Server, Data Center, Cloud, Service Management), from a folder of JSON as
 * the REST API returns it, or from the API itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jira.h"

static const struct meri_option options[] = {
	{.name = "path",
	 .kind = MERI_PATH,
	 .help = "Folder (or file) of JSON exported from one Jira: issues, search results, or arrays of issues."},
	{.name = "url",
	 .kind = MERI_URL,
	 .help = "Address of a Jira to read live, as people open it, such as https://jira.example.fi."},
	{.name = "user",
	 .kind = MERI_TEXT,
	 .help = "User or e-mail address for the API; without one the token is a personal access token."},
	{.name = "token", .kind = MERI_TEXT, .help = "API token, personal access token or password.", .secret = 1},
	{.name = "api",
	 .kind = MERI_CHOICE,
	 .initial = "auto",
	 .choices = "auto 2 3",
	 .help = "Version of the API: 2 for Server and Data Center, 3 for Cloud; auto asks the server."},
	{.name = "jql",
	 .kind = MERI_TEXT,
	 .help = "Only issues that this query finds; an ORDER BY in it is not used. Live only."},
	{.name = "projects", .kind = MERI_LIST, .help = "Keys of the projects to read; none named: all."},
	{.name = "page-size",
	 .kind = MERI_NUMBER,
	 .initial = "50",
	 .help = "Issues a request, 1 to 1000; the server may give fewer."},
	{.name = "overlap",
	 .kind = MERI_DURATION,
	 .initial = "10m",
	 .help = "How far before the newest known change a live run asks again, for clocks and indexes that lag."},
	{.name = "reconcile",
	 .kind = MERI_DURATION,
	 .initial = "1d",
	 .help = "How often a live run lists all issues to find the deleted ones; 0s: never."},
	{.name = "customer-field",
	 .kind = MERI_LIST,
	 .help = "Fields that name the customer: customfield_10100, or customfield_10101=crm-id (business-id, domain, "
		 "e-mail, "
		 "phone, name)."},
	{.name = "browse-url", .kind = MERI_URL, .help = "Where people open issues, for exports that do not tell."},
	{.name = NULL},
};

static int customer_fields(struct jira *j, const char *list)
{
	static const char *const schemes[] = {"crm-id", "business-id", "domain", "e-mail", "phone", "name", NULL};
	char *copy = arena_copy(&j->settings, list, strlen(list)), *save = NULL;
	for (char *line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *scheme = strchr(line, '=');
		if (scheme)
			*scheme++ = '\0';
		else
			scheme = "name";
		size_t i = 0;
		while (schemes[i] && strcmp(schemes[i], scheme) != 0)
			i++;
		if (!schemes[i] || !*line)
			return j->host->fail(j->host, MERI_CONFIG, 0,
					     "customer-field: \"%s=%s\" is not FIELD=SCHEME with one of crm-id, "
					     "business-id, domain, "
					     "e-mail, phone, name",
					     line, scheme);
		j->customers = must_realloc(j->customers, (j->n_customers + 1) * sizeof(*j->customers));
		j->customers[j->n_customers++] = (struct customer_field){line, schemes[i]};
	}
	return 0;
}

static int judge(struct jira *j)
{
	const struct meri_host *host = j->host;
	if (!j->path == !j->url)
		return host->fail(host, MERI_CONFIG, 0,
				  "set exactly one of path (exported JSON) and url (a live Jira)");
	if (j->path && j->jql)
		return host->fail(host, MERI_CONFIG, 0, "jql needs a live Jira (url): for a folder leave it out");
	if (j->user && !j->token)
		return host->fail(host, MERI_CONFIG, 0,
				  "user is set but token is not: set both, or neither for a public Jira");
	if (j->page_size < 1 || j->page_size > 1000)
		return host->fail(host, MERI_CONFIG, 0, "page-size is %ld: set 1 to 1000", j->page_size);
	return 0;
}

static const char *set(const struct meri_host *host, const char *name)
{
	const char *value = host->option(host, name);
	return value && *value ? value : NULL;
}

int jira_open(struct jira *j, const struct meri_host *host)
{
	*j = (struct jira){.host = host};
	j->path = set(host, "path");
	j->url = set(host, "url");
	j->user = set(host, "user");
	j->token = set(host, "token");
	j->jql = set(host, "jql");
	j->projects = set(host, "projects");
	j->browse = set(host, "browse-url");
	const char *api = set(host, "api"), *size = set(host, "page-size");
	j->api = api && *api != 'a' ? *api - '0' : 0;
	j->page_size = size ? strtol(size, NULL, 10) : 50;
	const char *overlap = set(host, "overlap"), *reconcile = set(host, "reconcile"),
		   *fields = set(host, "customer-field");
	j->overlap = overlap ? strtoll(overlap, NULL, 10) : 0;
	j->reconcile = reconcile ? strtoll(reconcile, NULL, 10) : 0;
	j->rules = hash_text(hash_text(hash_text(JIRA_RULES, fields), j->browse), j->projects);
	int failed = judge(j);
	return failed || !fields ? failed : customer_fields(j, fields);
}

void jira_close(struct jira *j)
{
	json_decref(j->names);
	free(j->customers);
	arena_clear(&j->settings);
	arena_clear(&j->arena);
	text_free(&j->text);
	buffer_free(&j->title);
}

static int check(const struct meri_host *host)
{
	struct jira j;
	int result = jira_open(&j, host);
	if (!result)
		result = j.path ? folder_check(&j) : live_check(&j);
	jira_close(&j);
	return result;
}

static int sync_run(const struct meri_host *host)
{
	struct jira j;
	int result = jira_open(&j, host);
	if (!result)
		result = j.path ? folder_sync(&j) : live_sync(&j);
	jira_close(&j);
	return result;
}

MERI_CONNECTOR("tickets_jira", "Issues and comments of Jira, from exported JSON or its REST API.", options, check,
	       sync_run);
