/* jira_server FOLDER [--cloud] [--user U --token T] [--zone MINUTES] [--cap N] [--comments N] [--fail-every N]
 * [--rate-every N]
 *             [--restless N]
 *
 * A stand-in for Jira on the loopback interface, because Jira itself is not free software and cannot be installed for
 * a test. It serves the issues of a folder (one JSON file each, in the shape of the REST API) with those of Jira's ways
 * that a client can stumble over, as its documentation and people's reports tell them: JQL whose written times mean the
 * asker's time zone and know no seconds, while bare numbers are milliseconds; ORDER BY; maxResults that is capped
 * without a word; startAt that counts in a list that moves; tokens instead of startAt, and refusal of unbounded
 * questions, in the Cloud; comments that come in pages; 401, 404, 400 with reasons; 429 with Retry-After and 503 now
 * and then. What it does not know of real servers, the test does not prove.
 *
 * It prints its port, answers POST /test/reload (reads the folder anew) and GET /test/log (what was asked), and ends
 * when its standard input does, or after three minutes. */
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

static struct {
	const char *folder, *user, *token;
	bool cloud;
	long zone, cap, comments, fail_every, rate_every, restless;
} flags = {.cap = 100, .comments = 1000000};

static GPtrArray *issues; /* json_t *, owned */
static GString *asked;
static long requests, touched;

/* ---- issues ---- */

static gint64 ms_of(const char *text)
{
	g_autoptr(GDateTime) time = NULL;
	g_autofree char *iso = g_strdup(text ? text : "");
	size_t length = strlen(iso);
	g_autofree char *whole = NULL;
	if (length > 5 && strchr("+-", iso[length - 5])) /* +0200 to +02:00 */
		whole = g_strdup_printf("%.*s:%s", (int)(length - 2), iso, iso + length - 2);
	time = g_date_time_new_from_iso8601(whole ? whole : iso, NULL);
	return time ? g_date_time_to_unix(time) * 1000 + g_date_time_get_microsecond(time) / 1000 : 0;
}

static gint64 time_of(json_t *issue, const char *field)
{
	return ms_of(json_string_value(json_object_get(json_object_get(issue, "fields"), field)));
}

static const char *text_of(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

static void load(void)
{
	g_ptr_array_set_size(issues, 0);
	DIR *dir = opendir(flags.folder);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		g_autofree char *path = g_build_filename(flags.folder, entry->d_name, NULL);
		json_t *issue = g_str_has_suffix(path, ".json") ? json_load_file(path, 0, NULL) : NULL;
		if (issue)
			g_ptr_array_add(issues, issue);
	}
	if (dir)
		closedir(dir);
}

static json_t *find(const char *id)
{
	for (guint i = 0; i < issues->len; i++)
		if (!strcmp(text_of(issues->pdata[i], "id"), id) || !strcmp(text_of(issues->pdata[i], "key"), id))
			return issues->pdata[i];
	return NULL;
}

/* ---- JQL: clauses with AND between, brackets around one, ORDER BY ---- */

struct jql {
	char **projects; /* NULL: all */
	gint64 updated, created;
	bool bounded;
	const char *order; /* "updated", "created" or "key" */
	char *problem;
};

/* A written time is in the asker's time zone, in minutes. */
static gint64 written(const char *text)
{
	int y, mo, d, h = 0, mi = 0;
	if (sscanf(text, "%4d-%2d-%2d %2d:%2d", &y, &mo, &d, &h, &mi) < 3)
		return -1;
	g_autoptr(GDateTime) time = g_date_time_new_utc(y, mo, d, h, mi, 0);
	return time ? (g_date_time_to_unix(time) - flags.zone * 60) * 1000 : -1;
}

static void clause(struct jql *q, char *text)
{
	char field[32], value[200];
	g_strstrip(text);
	while (*text == '(' && text[strlen(text) - 1] == ')') {
		text[strlen(text) - 1] = '\0';
		g_strstrip(++text);
	}
	if (sscanf(text, "project in (%199[^)])", value) == 1 || sscanf(text, "project = %199s", value) == 1) {
		g_strfreev(q->projects);
		q->projects = g_strsplit(value, ",", -1);
		for (char **p = q->projects; *p; p++) {
			g_strdelimit(*p, "\"", ' ');
			g_strstrip(*p);
		}
		q->bounded = true;
	} else if (sscanf(text, "%31[a-z] >= %199[^\n]", field, value) == 2 &&
		   (!strcmp(field, "updated") || !strcmp(field, "created"))) {
		gint64 from = *value == '"' ? written(value + 1) : g_ascii_strtoll(value, NULL, 10);
		if (from < 0)
			q->problem = g_strdup_printf("Date value '%s' for field '%s' is invalid.", value, field);
		*(*field == 'u' ? &q->updated : &q->created) = from;
		q->bounded = true;
	} else if (*text) {
		q->problem = g_strdup_printf("Error in the JQL Query: '%s'", text);
	}
}

static void parse_jql(struct jql *q, const char *text)
{
	g_autofree char *copy = g_strdup(text ? text : "");
	char *order = strcasestr(copy, "ORDER BY");
	q->order = "key";
	if (order) {
		*order = '\0';
		order += strlen("ORDER BY");
		g_strstrip(order);
		q->order = g_str_has_prefix(order, "updated")   ? "updated"
			   : g_str_has_prefix(order, "created") ? "created"
								: "key";
	}
	g_auto(GStrv) clauses = g_strsplit(copy, " AND ", -1);
	for (char **c = clauses; *c; c++)
		clause(q, *c);
}

static bool matches(const struct jql *q, json_t *issue)
{
	g_autofree char *project = g_strdup(text_of(issue, "key"));
	char *dash = strrchr(project, '-');
	if (dash)
		*dash = '\0';
	return (!q->projects || g_strv_contains((const char *const *)q->projects, project)) &&
	       time_of(issue, "updated") >= q->updated && time_of(issue, "created") >= q->created;
}

static int by_order(gconstpointer a, gconstpointer b, gpointer order)
{
	json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
	gint64 p = strcmp(order, "key") ? time_of(x, order) : 0, q = strcmp(order, "key") ? time_of(y, order) : 0;
	return p != q ? (p < q ? -1 : 1) : strcmp(text_of(x, "key"), text_of(y, "key"));
}

/* ---- answers ---- */

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, json_t *body, const char *retry)
{
	char *text = json_dumps(body, JSON_COMPACT);
	json_decref(body);
	struct MHD_Response *r = MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
	MHD_add_response_header(r, "Content-Type", "application/json;charset=UTF-8");
	if (retry)
		MHD_add_response_header(r, "Retry-After", retry);
	if (status == 401)
		MHD_add_response_header(r, "WWW-Authenticate", "Basic realm=\"Jira\"");
	enum MHD_Result result = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return result;
}

static enum MHD_Result refuse(struct MHD_Connection *c, unsigned status, const char *why)
{
	return answer(c, status, json_pack("{s:[s],s:{}}", "errorMessages", why, "errors"), status == 429 ? "1" : NULL);
}

static const char *argument(struct MHD_Connection *c, const char *name)
{
	return MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, name);
}

static long number(struct MHD_Connection *c, const char *name, long otherwise)
{
	const char *text = argument(c, name);
	return text ? strtol(text, NULL, 10) : otherwise;
}

static json_t *document(const char *text)
{
	return json_pack("{s:s,s:i,s:[{s:s,s:[{s:s,s:s}]}]}", "type", "doc", "version", 1, "content", "type",
			 "paragraph", "content", "type", "text", "text", text);
}

/* API 3 gives texts as documents. */
static void as_documents(json_t *fields)
{
	size_t i;
	json_t *comment;
	const char *text = json_string_value(json_object_get(fields, "description"));
	if (text && *text)
		json_object_set_new(fields, "description", document(text));
	json_array_foreach(json_object_get(json_object_get(fields, "comment"), "comments"), i,
			   comment) if (json_is_string(json_object_get(comment, "body")))
		json_object_set_new(comment, "body", document(text_of(comment, "body")));
}

/* An issue as a search shows it: the fields that were asked for, and the first comments. */
static json_t *shown(json_t *issue, const char *wanted, bool v3)
{
	json_t *copy = json_deep_copy(issue), *fields = json_object_get(copy, "fields"), *value;
	const char *key;
	void *next;
	g_auto(GStrv) names = g_strsplit(wanted ? wanted : "*all", ",", -1);
	bool all = g_strv_contains((const char *const *)names, "*all");
	json_object_foreach_safe(fields, next, key, value)
	{
		g_autofree char *not = g_strconcat("-", key, NULL);
		if ((!all && !g_strv_contains((const char *const *)names, key)) ||
		    g_strv_contains((const char *const *)names, not ))
			json_object_del(fields, key);
	}
	json_t *comment = json_object_get(fields, "comment"), *comments = json_object_get(comment, "comments");
	if (comment) {
		json_object_set_new(comment, "total", json_integer((json_int_t)json_array_size(comments)));
		json_object_set_new(comment, "startAt", json_integer(0));
	}
	while (json_array_size(comments) > (size_t)flags.comments)
		json_array_remove(comments, json_array_size(comments) - 1);
	if (v3)
		as_documents(fields);
	return copy;
}

/* Somebody changes an issue of the page that was just given, while its reader turns the page. */
static void touch(json_t *issue)
{
	if (touched >= flags.restless)
		return;
	touched++;
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *text = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S.000+0000");
	json_object_set_new(json_object_get(issue, "fields"), "updated", json_string(text));
}

static enum MHD_Result search(struct MHD_Connection *c, bool tokens)
{
	struct jql q = {0};
	parse_jql(&q, argument(c, "jql"));
	if (!q.problem && tokens && !q.bounded)
		q.problem = g_strdup(
			"Unbounded JQL queries are not allowed here. Please add a search restriction to your query.");
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	for (guint i = 0; i < issues->len; i++)
		if (matches(&q, issues->pdata[i]))
			g_ptr_array_add(found, issues->pdata[i]);
	g_ptr_array_sort_with_data(found, by_order, (gpointer)q.order);
	const char *token = argument(c, "nextPageToken");
	long start = tokens ? (token ? strtol(token + 3, NULL, 16) : 0) : number(c, "startAt", 0);
	long most = MIN(number(c, "maxResults", 50), flags.cap);
	json_t *list = json_array();
	for (long i = start; i < (long)found->len && i < start + most; i++)
		json_array_append_new(list, shown(found->pdata[i], argument(c, "fields"), tokens));
	const char *fields = argument(c, "fields");
	if (start < (long)found->len && fields && strstr(fields, "*all"))
		touch(found->pdata[start]);
	g_autofree char *problem = q.problem;
	g_strfreev(q.projects);
	if (problem) {
		json_decref(list);
		return refuse(c, 400, problem);
	}
	if (!tokens)
		return answer(c, 200,
			      json_pack("{s:s,s:i,s:i,s:i,s:o}", "expand", "names,schema", "startAt", (int)start,
					"maxResults", (int)most, "total", (int)found->len, "issues", list),
			      NULL);
	json_t *body = json_pack("{s:o,s:b}", "issues", list, "isLast", start + most >= (long)found->len);
	if (start + most < (long)found->len) {
		g_autofree char *next = g_strdup_printf("tok%lx", start + most);
		json_object_set_new(body, "nextPageToken", json_string(next));
	}
	return answer(c, 200, body, NULL);
}

static enum MHD_Result one_issue(struct MHD_Connection *c, const char *rest, bool v3)
{
	g_auto(GStrv) parts = g_strsplit(rest, "/", 2);
	json_t *issue = parts[0] ? find(parts[0]) : NULL;
	if (!issue)
		return refuse(c, 404, "Issue does not exist or you do not have permission to see it.");
	if (!parts[1])
		return answer(c, 200, shown(issue, argument(c, "fields"), v3), NULL);
	if (strcmp(parts[1], "comment"))
		return refuse(c, 404, "null for uri");
	json_t *copy = json_deep_copy(issue), *page = json_array(), *comment;
	if (v3)
		as_documents(json_object_get(copy, "fields"));
	json_t *all = json_object_get(json_object_get(json_object_get(copy, "fields"), "comment"), "comments");
	size_t start = (size_t)number(c, "startAt", 0), most = (size_t)MIN(number(c, "maxResults", 50), flags.cap), i;
	json_array_foreach(all, i, comment) if (i >= start && i < start + most) json_array_append(page, comment);
	json_t *body = json_pack("{s:i,s:i,s:i,s:o}", "startAt", (int)start, "maxResults", (int)most, "total",
				 (int)json_array_size(all), "comments", page);
	json_decref(copy);
	return answer(c, 200, body, NULL);
}

static enum MHD_Result server_info(struct MHD_Connection *c)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autofree char *text = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S.000+0000");
	return answer(c, 200,
		      json_pack("{s:s,s:s,s:s}", "version", "9.12.0", "deploymentType",
				flags.cloud ? "Cloud" : "Server", "serverTime", text),
		      NULL);
}

static bool may_enter(struct MHD_Connection *c)
{
	const char *sent = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Authorization");
	if (!flags.token)
		return true;
	g_autofree char *pair = g_strdup_printf("%s:%s", flags.user ? flags.user : "", flags.token);
	g_autofree char *encoded = g_base64_encode((const guchar *)pair, strlen(pair));
	g_autofree char *basic = g_strconcat("Basic ", encoded, NULL),
			*bearer = g_strconcat("Bearer ", flags.token, NULL);
	return sent && (!strcmp(sent, basic) || (!flags.user && !strcmp(sent, bearer)));
}

static enum MHD_Result api(struct MHD_Connection *c, const char *path, bool v3)
{
	if (!strcmp(path, "serverInfo"))
		return server_info(c);
	if (!may_enter(c))
		return refuse(c, 401, "Client must be authenticated to access this resource.");
	if (!strcmp(path, "myself"))
		return answer(c, 200, json_pack("{s:s,s:s}", "displayName", "Meri", "timeZone", "Europe/Helsinki"),
			      NULL);
	if (!strcmp(path, "field"))
		return answer(c, 200,
			      json_pack("[{s:s,s:s},{s:s,s:s}]", "id", "summary", "name", "Summary", "id",
					"customfield_10100", "name", "Customer tier"),
			      NULL);
	if (!strcmp(path, "search"))
		return flags.cloud ? refuse(c, 410, "The requested API has been removed.") : search(c, false);
	if (!strcmp(path, "search/jql"))
		return flags.cloud && v3 ? search(c, true) : refuse(c, 404, "null for uri");
	if (g_str_has_prefix(path, "issue/"))
		return one_issue(c, path + strlen("issue/"), v3);
	return refuse(c, 404, "null for uri");
}

static enum MHD_Result handle(void *user, struct MHD_Connection *c, const char *url, const char *method,
			      const char *version, const char *body, size_t *body_length, void **state)
{
	static int begun;
	(void)user, (void)version, (void)body;
	if (!*state) {
		*state = &begun;
		return MHD_YES;
	}
	*body_length = 0;
	if (!strcmp(url, "/test/reload")) {
		load();
		return answer(c, 200, json_pack("{s:i}", "issues", (int)issues->len), NULL);
	}
	if (!strcmp(url, "/test/log"))
		return answer(c, 200, json_pack("{s:s,s:i}", "asked", asked->str, "requests", (int)requests), NULL);
	requests++;
	const char *jql = argument(c, "jql");
	g_string_append_printf(asked, "%s %s%s%s\n", method, url, jql ? " " : "", jql ? jql : "");
	if (flags.rate_every && requests % flags.rate_every == 0)
		return refuse(c, 429, "Rate limit exceeded.");
	if (flags.fail_every && requests % flags.fail_every == 0)
		return refuse(c, 503, "Service unavailable.");
	if (g_str_has_prefix(url, "/rest/api/2/") || g_str_has_prefix(url, "/rest/api/3/"))
		return api(c, url + strlen("/rest/api/2/"), url[10] == '3');
	return refuse(c, 404, "null for uri");
}

static bool take(int argc, char **argv)
{
	static const struct {
		const char *name;
		long *number;
		const char **text;
	} known[] = {{"--zone", &flags.zone, NULL},
		     {"--cap", &flags.cap, NULL},
		     {"--comments", &flags.comments, NULL},
		     {"--fail-every", &flags.fail_every, NULL},
		     {"--rate-every", &flags.rate_every, NULL},
		     {"--restless", &flags.restless, NULL},
		     {"--user", NULL, &flags.user},
		     {"--token", NULL, &flags.token}};
	for (int i = 1; i < argc; i++) {
		size_t k = 0;
		if (!strcmp(argv[i], "--cloud")) {
			flags.cloud = true;
			continue;
		}
		while (k < G_N_ELEMENTS(known) && strcmp(known[k].name, argv[i]))
			k++;
		if (k == G_N_ELEMENTS(known)) {
			if (flags.folder || argv[i][0] == '-')
				return false;
			flags.folder = argv[i];
		} else if (++i == argc) {
			return false;
		} else if (known[k].number) {
			*known[k].number = strtol(argv[i], NULL, 10);
		} else {
			*known[k].text = argv[i];
		}
	}
	return flags.folder != NULL;
}

static void drop(gpointer issue)
{
	json_decref(issue);
}

int main(int argc, char **argv)
{
	if (!take(argc, argv)) {
		fprintf(stderr, "jira_server: say which folder; see the head of its source for the rest\n");
		return 2;
	}
	issues = g_ptr_array_new_with_free_func(drop);
	asked = g_string_new("");
	load();
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ERROR_LOG, 0, NULL, NULL,
						     handle, NULL, MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_END);
	if (!daemon) {
		fprintf(stderr, "jira_server: cannot listen: %s\n", strerror(errno));
		return 1;
	}
	printf("%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
	char byte;
	time_t until = time(NULL) + 180;
	while (time(NULL) < until)
		if (poll(&input, 1, 1000) > 0 && read(STDIN_FILENO, &byte, 1) <= 0)
			break;
	MHD_stop_daemon(daemon);
	g_ptr_array_unref(issues);
	g_string_free(asked, TRUE);
	return 0;
}
