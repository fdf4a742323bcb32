/* meri audit: who looked up what. */
#include "cli/cli.h"

#include "base/base.h"

enum { MOST_A_PAGE = 1000, USUAL = 50 };

static void add(GString *path, const char *name, const char *value)
{
	if (!value)
		return;
	g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
	g_string_append_printf(path, "&%s=%s", name, escaped);
}

static void cell(GPtrArray *cells, const char *text)
{
	g_ptr_array_add(cells, base_one_line(text, 200));
}

static void add_entry(GPtrArray *cells, const json_t *entry)
{
	const json_t *hits = json_object_get(entry, "hits");
	g_autofree char *at = cli_moment(entry, "at"), *count = cli_count(json_integer_value(hits)),
			*customer = g_strdup_printf("c%" G_GINT64_FORMAT, cli_number(entry, "customer"));
	gboolean about = json_is_integer(json_object_get(entry, "customer"));
	g_autofree char *what = g_strjoin(" ", about ? customer : "", cli_text(entry, "what"), NULL);
	cell(cells, at);
	cell(cells, cli_text(entry, "user"));
	cell(cells, *cli_text(entry, "address") ? cli_text(entry, "address") : cli_text(entry, "via"));
	cell(cells, cli_text(entry, "action"));
	cell(cells, json_is_integer(hits) ? count : "");
	cell(cells, g_strchug(what));
}

/* Appends up to `left` entries; FALSE when the daemon did not answer. `cursor`: of the next page, NULL at the end. */
static gboolean page(struct cli *cli, const char *filter, guint64 left, char **cursor, json_t *entries)
{
	g_autoptr(GString) path = g_string_new("/api/v1/audit?n=");
	g_string_append_printf(path, "%u%s", (guint)MIN(left, MOST_A_PAGE), filter);
	add(path, "cursor", *cursor);
	g_autoptr(base_json) reply = cli_get(cli, path->str, NULL);
	g_clear_pointer(cursor, g_free);
	if (!reply)
		return FALSE;
	json_array_extend(entries, json_object_get(reply, "entries"));
	*cursor = g_strdup(json_string_value(json_object_get(reply, "cursor")));
	return TRUE;
}

static int print(struct cli *cli, json_t *entries)
{
	static const char *const head[] = {"AT", "USER", "FROM", "ACTION", "HITS", "WHAT"};
	size_t i;
	json_t *entry;
	if (cli->json) {
		g_autoptr(base_json) all = json_pack("{s:O}", "entries", entries);
		return cli_print_json(all), CLI_OK;
	}
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	for (gsize k = 0; k < G_N_ELEMENTS(head); k++)
		cell(cells, head[k]);
	json_array_foreach(entries, i, entry) add_entry(cells, entry);
	cli_table(cli, cells, G_N_ELEMENTS(head), 1 << 4);
	return CLI_OK;
}

int cli_audit(struct cli *cli, int n, char **words)
{
	const char *user = NULL, *action = NULL, *customer = NULL, *after = NULL, *before = NULL, *count = NULL;
	const struct cli_option options[] = {
		{"--json", CLI_FLAG, &cli->json}, {"--user", CLI_VALUE, &user},
		{"--action", CLI_VALUE, &action}, {"--customer", CLI_VALUE, &customer},
		{"--after", CLI_VALUE, &after},   {"--before", CLI_VALUE, &before},
		{"-n", CLI_VALUE, &count},
	};
	g_autoptr(GPtrArray) plain = g_ptr_array_new();
	g_autoptr(GString) filter = g_string_new(NULL);
	g_autofree char *cursor = NULL;
	guint64 wanted = USUAL;
	if (!cli_words("audit", n, words, options, G_N_ELEMENTS(options), plain))
		return CLI_USAGE;
	if (plain->len)
		return cli_error("audit: \"%s\" is a word too many (meri --help)", (const char *)plain->pdata[0]),
		       CLI_USAGE;
	if (count && !g_ascii_string_to_unsigned(count, 10, 1, 1000000, &wanted, NULL))
		return cli_error("audit: -n wants a number of entries, not \"%s\"", count), CLI_USAGE;
	add(filter, "user", user);
	add(filter, "action", action);
	add(filter, "customer", customer);
	add(filter, "after", after);
	add(filter, "before", before);
	g_autoptr(base_json) entries = json_array();
	do {
		if (!page(cli, filter->str, wanted - json_array_size(entries), &cursor, entries))
			return CLI_FAILED;
	} while (cursor && json_array_size(entries) < wanted);
	return print(cli, entries);
}
