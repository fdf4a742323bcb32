/* meri source, meri connector. */
#include "cli/cli.h"

#include <string.h>

#include "base/base.h"

typedef int (*part_command)(struct cli *cli, const char *name, gboolean keep);

static void cell(GPtrArray *cells, const char *text)
{
	g_ptr_array_add(cells, base_one_line(text, 1000));
}

static void cell_count(GPtrArray *cells, gint64 number)
{
	g_ptr_array_add(cells, cli_count(number));
}

/* ---- source ---- */

static int source_list(struct cli *cli, const char *name, gboolean keep)
{
	(void)name, (void)keep;
	g_autoptr(base_json) list = cli_get(cli, "/api/v1/sources", NULL);
	if (!list)
		return CLI_FAILED;
	if (cli->json)
		return cli_print_json(list), CLI_OK;
	static const char *const head[] = {"SOURCE", "CONNECTOR", "STATE", "RECORDS", "FAILURES",
					   "HELD",   "LAST OK",   "NEXT",  "WHY"};
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; i < G_N_ELEMENTS(head); i++)
		cell(cells, head[i]);
	size_t i;
	json_t *one;
	json_array_foreach(json_object_get(list, "sources"), i, one)
	{
		gboolean running = json_is_true(json_object_get(one, "running"));
		if (cli_builtin(one) && !cli_number(one, "records"))
			continue;
		cell(cells, cli_text(one, "name"));
		cell(cells, cli_text(one, "connector"));
		cell(cells, running ? "running" : cli_text(one, "state"));
		cell_count(cells, cli_number(one, "records"));
		cell_count(cells, cli_number(one, "failures"));
		cell_count(cells, cli_number(one, "held"));
		g_ptr_array_add(cells, cli_moment(one, "last_ok_at"));
		char *next = cli_moment(one, "next_at");
		g_ptr_array_add(cells, *next ? next : (g_free(next), g_strdup(cli_text(one, "schedule"))));
		cell(cells, cli_text(one, "why"));
	}
	cli_table(cli, cells, G_N_ELEMENTS(head), 1u << 3 | 1u << 4 | 1u << 5);
	return CLI_OK;
}

static void print_field(const struct cli *cli, const char *name, const char *value)
{
	g_autofree char *line = base_one_line(value, 1000);
	if (*line)
		printf("%s%-12s%s %s\n", cli_style(cli, CLI_DIM), name, cli_style(cli, CLI_PLAIN), line);
}

static void print_runs(const struct cli *cli, const json_t *runs)
{
	static const char *const head[] = {"RUN",     "STARTED", "VERDICT",   "ADDED",  "CHANGED",
					   "REMOVED", "SKIPPED", "UNCHANGED", "MESSAGE"};
	static const char *const counts[] = {"added", "changed", "removed", "skipped", "unchanged"};
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; i < G_N_ELEMENTS(head); i++)
		cell(cells, head[i]);
	size_t i;
	json_t *run;
	json_array_foreach(runs, i, run)
	{
		cell_count(cells, cli_number(run, "id"));
		g_ptr_array_add(cells, cli_moment(run, "started_at"));
		cell(cells, cli_text(run, "verdict"));
		for (gsize k = 0; k < G_N_ELEMENTS(counts); k++)
			cell_count(cells, cli_number(run, counts[k]));
		cell(cells, cli_text(run, "message"));
	}
	cli_table(cli, cells, G_N_ELEMENTS(head), 1u | 0x1f << 3);
}

static void print_output(const struct cli *cli, const json_t *runs)
{
	const char *output = cli_text(json_array_get(runs, 0), "output");
	if (!*output)
		return;
	printf("\n%slog of the last run%s\n", cli_style(cli, CLI_DIM), cli_style(cli, CLI_PLAIN));
	g_auto(GStrv) lines = g_strsplit(output, "\n", -1);
	for (char **line = lines; *line; line++) {
		g_autofree char *clean = base_one_line(*line, 2000);
		if (*clean)
			printf("  %s\n", clean);
	}
}

static int source_show(struct cli *cli, const char *name, gboolean keep)
{
	(void)keep;
	g_autofree char *path = cli_path("/api/v1/sources/%s", name),
			*runs_path = cli_path("/api/v1/sources/%s/runs?n=10", name);
	g_autoptr(base_json) source = cli_get(cli, path, NULL);
	g_autoptr(base_json) runs = source ? cli_get(cli, runs_path, NULL) : NULL;
	if (!runs)
		return CLI_FAILED;
	if (cli->json) {
		json_object_update(source, runs);
		return cli_print_json(source), CLI_OK;
	}
	g_autofree char *records = cli_count(cli_number(source, "records")),
			*failures = cli_count(cli_number(source, "failures"));
	g_autofree char *held = cli_count(cli_number(source, "held")), *last = cli_moment(source, "last_ok_at");
	g_autofree char *next = cli_moment(source, "next_at");
	print_field(cli, "source", name);
	print_field(cli, "connector", cli_text(source, "connector"));
	print_field(cli, "state", cli_text(source, "state"));
	print_field(cli, "why", cli_text(source, "why"));
	print_field(cli, "schedule", cli_text(source, "schedule"));
	print_field(cli, "next", next);
	print_field(cli, "last ok", last);
	print_field(cli, "records", records);
	print_field(cli, "failures", failures);
	print_field(cli, "held", held);
	putchar('\n');
	print_runs(cli, json_object_get(runs, "runs"));
	print_output(cli, json_object_get(runs, "runs"));
	return CLI_OK;
}

static int source_failures(struct cli *cli, const char *name, gboolean keep)
{
	(void)keep;
	g_autofree char *path = cli_path("/api/v1/sources/%s/failures?n=10000", name);
	g_autoptr(base_json) list = cli_get(cli, path, NULL);
	if (!list)
		return CLI_FAILED;
	if (cli->json)
		return cli_print_json(list), CLI_OK;
	const json_t *failures = json_object_get(list, "failures");
	if (json_array_size(failures) == 0)
		return printf("%s: no failures\n", name) < 0;
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	cell(cells, "SINCE");
	cell(cells, "RUNS");
	cell(cells, "WHAT");
	cell(cells, "WHY");
	size_t i;
	json_t *one;
	json_array_foreach(failures, i, one)
	{
		g_ptr_array_add(cells, cli_day(one, "first_at"));
		cell_count(cells, cli_number(one, "times"));
		cell(cells, cli_text(one, "id"));
		cell(cells, cli_text(one, "why"));
	}
	cli_table(cli, cells, 4, 1u << 1);
	return CLI_OK;
}

static int source_approve(struct cli *cli, const char *name, gboolean keep)
{
	g_autofree char *path = cli_path("/api/v1/sources/%s/removals", name);
	g_autoptr(base_json) body = json_pack("{s:s}", "decision", keep ? "keep" : "remove");
	g_autoptr(base_json) reply = cli_post(cli, path, body, NULL);
	if (!reply)
		return CLI_FAILED;
	g_autofree char *count = cli_count(cli_number(reply, "records"));
	printf("%s: %s records %s\n", name, count, keep ? "stay" : "removed");
	return CLI_OK;
}

static int source_check(struct cli *cli, const char *name, gboolean keep)
{
	(void)keep;
	g_autofree char *path = cli_path("/api/v1/sources/%s/check", name);
	g_autoptr(base_json) reply = cli_post(cli, path, NULL, NULL);
	if (!reply)
		return CLI_FAILED;
	gboolean good = json_is_true(json_object_get(reply, "ok"));
	if (!good)
		return cli_error("%s: %s", name, cli_text(reply, "message")), CLI_FAILED;
	printf("%s: good\n", name);
	return CLI_OK;
}

/* ---- connector ---- */

static int connector_list(struct cli *cli, const char *name, gboolean keep)
{
	(void)name, (void)keep;
	g_autoptr(base_json) list = cli_get(cli, "/api/v1/connectors", NULL);
	if (!list)
		return CLI_FAILED;
	if (cli->json)
		return cli_print_json(list), CLI_OK;
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	cell(cells, "CONNECTOR");
	cell(cells, "WHAT IT READS");
	size_t i;
	json_t *one;
	json_array_foreach(json_object_get(list, "connectors"), i, one)
	{
		const char *problem = cli_text(one, "problem");
		cell(cells, *cli_text(one, "name") ? cli_text(one, "name") : cli_text(one, "path"));
		cell(cells, *problem ? problem : cli_text(one, "summary"));
	}
	cli_table(cli, cells, 2, 0);
	return CLI_OK;
}

static void print_option(const struct cli *cli, const json_t *option)
{
	const char *initial = cli_text(option, "default"), *choices = cli_text(option, "choices");
	printf("\n  %s%s%s  %s%s%s\n", cli_style(cli, CLI_BOLD), cli_text(option, "name"), cli_style(cli, CLI_PLAIN),
	       cli_text(option, "kind"), json_is_true(json_object_get(option, "required")) ? ", required" : "",
	       json_is_true(json_object_get(option, "secret")) ? ", secret" : "");
	printf("      %s\n", cli_text(option, "help"));
	if (*choices)
		printf("      one of: %s\n", choices);
	if (*initial)
		printf("      default: %s\n", initial);
}

static int connector_describe(struct cli *cli, const char *name, gboolean keep)
{
	(void)keep;
	g_autoptr(base_json) list = cli_get(cli, "/api/v1/connectors", NULL);
	if (!list)
		return CLI_FAILED;
	size_t i, k;
	json_t *one, *option;
	json_array_foreach(json_object_get(list, "connectors"), i, one)
	{
		if (strcmp(cli_text(one, "name"), name) != 0)
			continue;
		if (cli->json)
			return cli_print_json(one), CLI_OK;
		printf("%s%s%s: %s\n", cli_style(cli, CLI_BOLD), name, cli_style(cli, CLI_PLAIN),
		       cli_text(one, "summary"));
		json_array_foreach(json_object_get(one, "options"), k, option) print_option(cli, option);
		printf("\nIn the settings file:\n\n  [source \"NAME\"]\n  connector = %s\n", name);
		json_array_foreach(json_object_get(one, "options"), k,
				   option) if (json_is_true(json_object_get(option, "required")))
			printf("  %s = ...\n", cli_text(option, "name"));
		return CLI_OK;
	}
	cli_error("there is no connector \"%s\" (meri connector list)", name);
	return CLI_FAILED;
}

/* ---- the words ---- */

struct part {
	const char *name;
	gboolean wants_name;
	part_command run;
};

static int run_part(struct cli *cli, const char *command, const struct part *parts, gsize n_parts, int n, char **words)
{
	const char *word = NULL, *name = NULL;
	gboolean keep = FALSE;
	for (int i = 0; i < n; i++) {
		if (!strcmp(words[i], "--json"))
			cli->json = TRUE;
		else if (!strcmp(words[i], "--keep"))
			keep = TRUE;
		else if (words[i][0] == '-')
			return cli_error("%s: there is no option %s", command, words[i]), CLI_USAGE;
		else if (!word)
			word = words[i];
		else
			name = words[i];
	}
	for (gsize i = 0; i < n_parts; i++) {
		if (g_strcmp0(word ? word : "list", parts[i].name))
			continue;
		if (parts[i].wants_name && !name)
			return cli_error("%s %s: name one (meri %s list)", command, word, command), CLI_USAGE;
		return parts[i].run(cli, name, keep);
	}
	cli_error("%s: there is no \"%s\" (meri --help)", command, word);
	return CLI_USAGE;
}

int cli_source(struct cli *cli, int n, char **words)
{
	static const struct part parts[] = {{"list", FALSE, source_list},
					    {"show", TRUE, source_show},
					    {"failures", TRUE, source_failures},
					    {"approve", TRUE, source_approve},
					    {"check", TRUE, source_check}};
	return run_part(cli, "source", parts, G_N_ELEMENTS(parts), n, words);
}

int cli_connector(struct cli *cli, int n, char **words)
{
	static const struct part parts[] = {{"list", FALSE, connector_list}, {"describe", TRUE, connector_describe}};
	return run_part(cli, "connector", parts, G_N_ELEMENTS(parts), n, words);
}
