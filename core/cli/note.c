/* meri note: what only you know, written down about a customer, changed and taken away again. */
#include "cli/cli.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"

enum { MOST_BYTES = 1 << 20 };

struct note {
	const char *title;
	json_t *readers; /* NULL: everybody */
	gboolean yes;
};

/* ---- the text: out of the words, a pipe, or an editor ---- */

static char *piped(void)
{
	GString *text = g_string_new(NULL);
	char buffer[4096];
	size_t n;
	while (text->len < MOST_BYTES && (n = fread(buffer, 1, sizeof buffer, stdin)) > 0)
		g_string_append_len(text, buffer, (gssize)n);
	return g_string_free(text, FALSE);
}

/* Lets the user write in $VISUAL or $EDITOR. NULL if that did not work, which has been said. */
static char *edited(const char *before)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *file = NULL;
	const char *editor = g_getenv("VISUAL") ? g_getenv("VISUAL") : g_getenv("EDITOR");
	g_auto(GStrv) words = NULL;
	if (!g_shell_parse_argv(editor && *editor ? editor : "vi", NULL, &words, &error))
		return cli_error("EDITOR: %s", error->message), NULL;
	int fd = g_file_open_tmp("meri-note-XXXXXX.txt", &file, &error);
	if (fd < 0)
		return cli_error("%s", error->message), NULL;
	close(fd);
	g_autoptr(GStrvBuilder) argv = g_strv_builder_new();
	g_strv_builder_addv(argv, (const char **)words);
	g_strv_builder_add(argv, file);
	g_auto(GStrv) call = g_strv_builder_end(argv);
	char *text = NULL;
	int status = 0;
	if (!g_file_set_contents(file, before, -1, &error) ||
	    !g_spawn_sync(NULL, call, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL,
			  &status, &error) ||
	    !g_spawn_check_wait_status(status, &error) || !g_file_get_contents(file, &text, NULL, &error))
		cli_error("%s: %s", call[0], error->message);
	g_unlink(file);
	return text;
}

/* The note's text; NULL if there is none, which has been said. `words`: from the second on it is the text. */
static char *text_of(GPtrArray *words, guint from, const char *before)
{
	g_autofree char *text = NULL;
	if (words->len > from) {
		g_ptr_array_add(words, NULL);
		text = g_strjoinv(" ", (char **)words->pdata + from);
	} else {
		text = isatty(STDIN_FILENO) ? edited(before) : piped();
	}
	if (text)
		g_strstrip(text);
	if (text && !g_utf8_validate(text, -1, NULL))
		return cli_error("the text is not UTF-8"), NULL;
	if (text && !*text)
		return cli_error("an empty note is no note: nothing was written"), NULL;
	return g_steal_pointer(&text);
}

/* ---- what is done with it ---- */

static void print_done(const struct cli *cli, const json_t *record, const char *done)
{
	g_autoptr(GString) names = g_string_new(NULL);
	size_t i;
	json_t *one;
	if (cli->json)
		return cli_print_json(record);
	json_array_foreach(json_object_get(record, "customers"), i, one) g_string_append_printf(
		names, "%s%s (c%" G_GINT64_FORMAT ")", i ? ", " : "", cli_text(one, "name"), cli_number(one, "id"));
	g_autofree char *clean = base_one_line(names->str, 300), *title = base_one_line(cli_text(record, "title"), 200);
	printf("note #%" G_GINT64_FORMAT " %s: %s\n%sabout %s%s\n", cli_number(record, "id"), done, title,
	       cli_style(cli, CLI_DIM), clean, cli_style(cli, CLI_PLAIN));
}

static int add(struct cli *cli, const struct note *note, GPtrArray *words)
{
	gint64 customer = cli_meant(cli, words->pdata[0]);
	g_autofree char *text = customer ? text_of(words, 1, "") : NULL;
	if (!text)
		return CLI_FAILED;
	g_autoptr(base_json) body = json_pack("{s:I, s:s}", "customer", (json_int_t)customer, "text", text);
	base_json_text(body, "title", note->title);
	if (note->readers)
		json_object_set(body, "readers", note->readers);
	g_autoptr(base_json) record = cli_post(cli, "/api/v1/notes", body, NULL);
	if (!record)
		return CLI_FAILED;
	print_done(cli, record, "written");
	return CLI_OK;
}

/* The note's number: 12, or #12 as it is printed. */
static const char *number_of(const char *word)
{
	return word + (*word == '#');
}

static int change(struct cli *cli, const struct note *note, GPtrArray *words)
{
	g_autofree char *place = cli_path("/api/v1/records/%s", number_of(words->pdata[1]));
	g_autofree char *path = cli_path("/api/v1/notes/%s", number_of(words->pdata[1]));
	g_autoptr(base_json) before = cli_get(cli, place, NULL);
	if (!before)
		return CLI_FAILED;
	/* A title alone may change without the text being asked for. */
	gboolean title_only = note->title && words->len == 2 && isatty(STDIN_FILENO);
	g_autofree char *text = title_only ? NULL : text_of(words, 2, cli_text(before, "text"));
	if (!text && !title_only)
		return CLI_FAILED;
	g_autoptr(base_json) body = json_object();
	base_json_text(body, "text", text);
	base_json_text(body, "title", note->title);
	g_autoptr(base_json) record = cli_send(cli, "PATCH", path, body, NULL);
	if (!record)
		return CLI_FAILED;
	print_done(cli, record, "changed");
	return CLI_OK;
}

static int take_away(struct cli *cli, const struct note *note, GPtrArray *words)
{
	g_autofree char *place = cli_path("/api/v1/records/%s", number_of(words->pdata[1]));
	g_autofree char *path = cli_path("/api/v1/notes/%s", number_of(words->pdata[1]));
	g_autoptr(base_json) before = cli_get(cli, place, NULL);
	if (!before)
		return CLI_FAILED;
	if (!note->yes) {
		g_autofree char *title = base_one_line(cli_text(before, "title"), 200);
		if (!isatty(STDIN_FILENO))
			return cli_error("nothing was removed: say --yes to remove \"%s\" without being asked", title),
			       CLI_FAILED;
		printf("Remove \"%s\" for good? [y/N] ", title);
		fflush(stdout);
		int answer = getchar();
		if (!answer || !strchr("yYkKjJ", answer))
			return CLI_FAILED;
	}
	g_autoptr(base_json) done = cli_send(cli, "DELETE", path, NULL, NULL);
	if (!done)
		return CLI_FAILED;
	if (!cli->json)
		puts("removed");
	return CLI_OK;
}

static int run(struct cli *cli, const struct note *note, GPtrArray *words)
{
	if (!words->len)
		return cli_error("note: name the customer, by name, address or number (meri --help)"), CLI_USAGE;
	gboolean edits = !strcmp(words->pdata[0], "edit"), removes = !strcmp(words->pdata[0], "remove");
	if (!edits && !removes)
		return add(cli, note, words);
	if (words->len < 2)
		return cli_error("note %s: name the note by its number, as find prints it behind #",
				 (char *)words->pdata[0]),
		       CLI_USAGE;
	return edits ? change(cli, note, words) : take_away(cli, note, words);
}

int cli_note(struct cli *cli, int n, char **words)
{
	struct note note = {0};
	const struct cli_option options[] = {
		{"--json", CLI_FLAG, &cli->json},
		{"--title", CLI_VALUE, &note.title},
		{"--reader", CLI_LIST, &note.readers},
		{"--yes", CLI_FLAG, &note.yes},
	};
	g_autoptr(GPtrArray) plain = g_ptr_array_new();
	if (!cli_words("note", n, words, options, G_N_ELEMENTS(options), plain))
		return CLI_USAGE;
	int status = run(cli, &note, plain);
	json_decref(note.readers);
	return status;
}
