#include "cli/cli.h"

#include <curl/curl.h>
#include <string.h>

static size_t take(char *bytes, size_t size, size_t n, void *user)
{
	g_string_append_len(user, bytes, (gssize)(size * n));
	return size * n;
}

char *cli_path(const char *format, const char *part)
{
	g_autofree char *escaped = g_uri_escape_string(part, NULL, FALSE);
	g_auto(GStrv) around = g_strsplit(format, "%s", 2);
	return g_strconcat(around[0], escaped, around[1], NULL);
}

/* What went wrong below HTTP, said so that one knows what to do. */
static void explain(const struct cli *cli, CURLcode code)
{
	if (code == CURLE_COULDNT_CONNECT)
		cli_error("no daemon answers at %s: start merid, or name its socket with --socket or MERI_SOCKET",
			  cli->socket);
	else
		cli_error("talking to the daemon at %s failed: %s", cli->socket, curl_easy_strerror(code));
}

/* The reply as JSON, or NULL with the daemon's own words printed. */
static json_t *understand(const GString *reply, long status)
{
	json_error_t why;
	json_t *body = json_loadb(reply->str, reply->len, 0, &why);
	if (!body) {
		cli_error("the daemon's reply is no JSON: %s", why.text);
		return NULL;
	}
	if (status < 400)
		return body;
	const char *detail = cli_text(body, "detail");
	cli_error("%s", *detail ? detail : "the daemon refused");
	json_decref(body);
	return NULL;
}

static json_t *ask(struct cli *cli, const char *method, const char *path, const char *body, long *status)
{
	long code = 0;
	CURL *curl = curl_easy_init();
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
	g_autofree char *url = g_strconcat("http://hub", path, NULL);
	GString *reply = g_string_new(NULL);
	curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, cli->socket);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
	if (body)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	if (method)
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
	CURLcode result = curl_easy_perform(curl);
	if (result == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
	else
		explain(cli, result);
	json_t *answer = result == CURLE_OK ? understand(reply, code) : NULL;
	if (status)
		*status = code;
	g_string_free(reply, TRUE);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return answer;
}

json_t *cli_get(struct cli *cli, const char *path, long *status)
{
	return ask(cli, NULL, path, NULL, status);
}

json_t *cli_send(struct cli *cli, const char *method, const char *path, json_t *body, long *status)
{
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	json_t *answer = ask(cli, method, path, text ? text : "", status);
	free(text);
	return answer;
}

json_t *cli_post(struct cli *cli, const char *path, json_t *body, long *status)
{
	return cli_send(cli, NULL, path, body, status);
}
