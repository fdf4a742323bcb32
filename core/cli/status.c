/* meri status: one screen, one exit status for whoever watches. */
#include "cli/cli.h"

#include <string.h>

#include "base/base.h"

static void print_source(const struct cli *cli, const json_t *source)
{
	const char *state = cli_text(source, "state");
	gboolean running = json_is_true(json_object_get(source, "running"));
	enum cli_style style = !strcmp(state, "fresh") ? CLI_GOOD : !strcmp(state, "failed") ? CLI_BAD : CLI_WARN;
	g_autofree char *name = cli_fit(cli_text(source, "name"), 16),
			*records = cli_count(cli_number(source, "records"));
	g_autofree char *why = base_one_line(cli_text(source, "why"), 300), *last = cli_moment(source, "last_ok_at");
	printf("  %s  %s%-8s%s %10s records", name, cli_style(cli, style), running ? "running" : state,
	       cli_style(cli, CLI_PLAIN), records);
	if (*why)
		printf("  %s", why);
	else if (*last)
		printf("  read %s", last);
	putchar('\n');
}

static guint count_sources(const json_t *sources)
{
	guint count = 0;
	size_t i;
	json_t *source;
	json_array_foreach(sources, i, source) count += !cli_builtin(source);
	return count;
}

int cli_status(struct cli *cli, int n, char **words)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(words[i], "--json") != 0)
			return cli_error("status: there is no option %s (only --json)", words[i]), CLI_USAGE;
		cli->json = TRUE;
	}
	g_autoptr(base_json) status = cli_get(cli, "/api/v1/status", NULL);
	if (!status)
		return CLI_FAILED;
	gboolean all_fresh = TRUE;
	size_t i;
	json_t *source;
	if (cli->json)
		cli_print_json(status);
	g_autofree char *records = cli_count(cli_number(status, "records"));
	if (!cli->json)
		printf("Meri %s: %s records out of %u sources\n", cli_text(status, "version"), records,
		       count_sources(json_object_get(status, "sources")));
	json_array_foreach(json_object_get(status, "sources"), i, source)
	{
		if (cli_builtin(source) && !cli_number(source, "records"))
			continue;
		all_fresh &= !strcmp(cli_text(source, "state"), "fresh");
		if (!cli->json)
			print_source(cli, source);
	}
	if (!cli->json && *cli_text(status, "words"))
		printf("%s\n", cli_text(status, "words"));
	if (!cli->json && *cli_text(status, "first_admin"))
		printf("There is no admin yet: whoever opens this link becomes the first one: %s\n",
		       cli_text(status, "first_admin"));
	return all_fresh ? CLI_OK : CLI_PARTIAL;
}
