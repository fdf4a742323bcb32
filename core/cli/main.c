/* meri: asks the hub. The commands are in a table; each has a file of its own. */
#include "cli/cli.h"

#include <curl/curl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/base.h"

enum { NARROWEST = 40, USUAL = 80, WIDEST = 120 };

static const struct {
	const char *name, *form, *help;
	cli_command run;
} commands[] = {
	{"find", "[--json] [-n N] QUERY...", "search all that the company knows", cli_find},
	{"show", "[--json] ID", "one record, whole", cli_show},
	{"customer",
	 "[--json] [--why] NAME|ADDRESS|NUMBER | merge A B | split A RECORD... | link A RECORD... | unlink A RECORD... "
	 "| apart A B |\n"
	 "        role PERSON A ROLE | create NAME [--person] | undo DECISION | decisions [A] | suggestions | "
	 "unmatched",
	 "who a customer is, on one screen; and decisions that last ([--yes] [--reason TEXT])", cli_customer},
	{"note", "[--title TITLE] [--reader TEAM]... CUSTOMER [TEXT] | edit ID [TEXT] | remove ID [--yes]",
	 "write down what only you know; without TEXT out of a pipe, or in your $EDITOR", cli_note},
	{"sync", "[SOURCE...] [--follow]", "read sources now, and watch", cli_sync},
	{"source", "list | show NAME | failures NAME | approve NAME [--keep] | check NAME",
	 "sources, and what went wrong with them", cli_source},
	{"connector", "list | describe NAME", "the kinds of source there are, and their options", cli_connector},
	{"user",
	 "list | add NAME [--name FULL] [--email ADDRESS] [--team TEAM]... [--admin] [--invite] | change NAME ... "
	 "[--no-admin] |\n        remove NAME | invite NAME",
	 "who may log in; an invitation is a link by which a user sets a password", cli_user},
	{"token",
	 "list [--all] | add NAME [--user USER] [--read] [--write] [--admin] [--days N] [--team TEAM] | remove ID",
	 "what programs show instead of a password", cli_token},
	{"audit", "[--user U] [--action A] [--customer ID] [--after DAY] [--before DAY] [-n N] [--json]",
	 "who looked up what, newest first", cli_audit},
	{"status", "[--json]", "the hub at a glance; exit 3 when a source is silent", cli_status},
};

static void usage(FILE *out)
{
	fputs("meri: ask the customer knowledge hub\n\n", out);
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++)
		fprintf(out, "  meri %s %s\n        %s\n", commands[i].name, commands[i].form, commands[i].help);
	fputs("\nBefore the command: --socket PATH (or MERI_SOCKET) names the daemon's socket; --version; --help.\n"
	      "QUERY: words in any order, \"a phrase\", -not, one OR other, begin*, source: kind: from: after: before: "
	      "last:90d\n"
	      "Exit status: 0 good, 1 failed, 2 wrong call, 3 partial.\n",
	      out);
}

/* The demo's socket when this program was built in a checkout and the demo runs there; else the system's. */
static char *usual_socket(void)
{
	const char *named = g_getenv("MERI_SOCKET");
	if (named && *named)
		return g_strdup(named);
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *bin = self ? g_path_get_dirname(self) : NULL;
	g_autofree char *beside = bin ? g_build_filename(bin, "..", "demo", "meri.sock", NULL) : NULL;
	if (beside && g_file_test(beside, G_FILE_TEST_EXISTS))
		return g_canonicalize_filename(beside, NULL);
	return g_strdup("/run/meri/meri.sock");
}

static guint terminal_width(void)
{
	struct winsize size = {0};
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return CLAMP(size.ws_col, NARROWEST, WIDEST);
	return USUAL;
}

static int run_command(struct cli *cli, int n, char **words)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (!strcmp(commands[i].name, words[0]))
			return commands[i].run(cli, n - 1, words + 1);
		g_ptr_array_add(names, (gpointer)commands[i].name);
	}
	g_ptr_array_add(names, NULL);
	const char *near = base_nearest(words[0], (const char *const *)names->pdata);
	if (near)
		cli_error("there is no command \"%s\"; did you mean \"%s\"? (meri --help)", words[0], near);
	else
		cli_error("there is no command \"%s\" (meri --help lists them)", words[0]);
	return CLI_USAGE;
}

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	g_autofree char *socket = usual_socket();
	struct cli cli = {.socket = socket, .width = terminal_width()};
	cli.colour = isatty(STDOUT_FILENO) && !g_getenv("NO_COLOR") && g_strcmp0(g_getenv("TERM"), "dumb");
	int at = 1;
	for (; at < argc && argv[at][0] == '-'; at++) {
		if (!strcmp(argv[at], "--socket") && at + 1 < argc)
			cli.socket = argv[++at];
		else if (g_str_has_prefix(argv[at], "--socket="))
			cli.socket = argv[at] + strlen("--socket=");
		else if (!strcmp(argv[at], "--version"))
			return puts("meri " MERI_VERSION) < 0;
		else if (!strcmp(argv[at], "--help") || !strcmp(argv[at], "-h"))
			return usage(stdout), CLI_OK;
		else
			return cli_error("there is no option %s before the command (meri --help)", argv[at]), CLI_USAGE;
	}
	if (at == argc)
		return usage(stderr), CLI_USAGE;
	return run_command(&cli, argc - at, argv + at);
}
