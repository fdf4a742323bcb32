/* meri find, meri show. */
#include "cli/cli.h"

#include <string.h>

#include "base/base.h"

enum { INDENT = 4 };

/* ---- hits on a terminal ---- */

/* Wraps words to the width, marked ones in their style. `marks`: [[start, length]...] in characters, or NULL. */
static void print_wrapped(const struct cli *cli, const char *text, const json_t *marks)
{
	guint column = 0, position = 0;
	size_t next = 0;
	gboolean marked = FALSE;
	guint mark_end = 0;
	printf("%*s", INDENT, "");
	for (const char *p = text; *p; p = g_utf8_next_char(p), position++) {
		const json_t *mark = marks ? json_array_get(marks, next) : NULL;
		if (marked && position >= mark_end) {
			fputs(cli_style(cli, CLI_PLAIN), stdout);
			marked = FALSE;
		}
		if (mark && (json_int_t)position == json_integer_value(json_array_get(mark, 0))) {
			mark_end = position + (guint)json_integer_value(json_array_get(mark, 1));
			fputs(cli_style(cli, CLI_MARK), stdout);
			marked = TRUE;
			next++;
		}
		gunichar c = g_utf8_get_char(p);
		const char *blank = strchr(p + 1, ' ');
		guint word = c == ' ' ? (guint)g_utf8_strlen(p + 1, blank ? blank - p - 1 : -1) : 0;
		if (c == ' ' && column + 1 + word > cli->width - INDENT) {
			printf("\n%*s", INDENT, "");
			column = 0;
			continue;
		}
		char out[7] = {0};
		g_unichar_to_utf8(g_unichar_iscntrl(c) ? ' ' : c, out);
		fputs(out, stdout);
		column++;
	}
	printf("%s\n", cli_style(cli, CLI_PLAIN));
}

static void add_word(GString *line, const char *word)
{
	g_autofree char *clean = base_one_line(word, 200);
	if (*clean)
		g_string_append_printf(line, "%s%s", line->len ? " · " : "", clean);
}

/* Who wrote it, whom it is about, how many more there are in the conversation, and the record's number. */
static void print_about(const struct cli *cli, const json_t *hit)
{
	g_autoptr(GString) line = g_string_new(NULL);
	gint64 more = cli_number(hit, "more_in_thread");
	g_autofree char *others = more ? g_strdup_printf("%" G_GINT64_FORMAT " more in this thread", more) : NULL;
	size_t i;
	json_t *customer;
	add_word(line, cli_text(hit, "from"));
	json_array_foreach(json_object_get(hit, "customers"), i,
			   customer) if (strcmp(cli_text(customer, "name"), cli_text(hit, "from")) != 0)
		add_word(line, cli_text(customer, "name"));
	add_word(line, others ? others : "");
	printf("%*s%s%s%s#%" G_GINT64_FORMAT "%s\n", INDENT, "", cli_style(cli, CLI_DIM), line->str,
	       line->len ? "  " : "", cli_number(hit, "id"), cli_style(cli, CLI_PLAIN));
}

static void print_hit(const struct cli *cli, const json_t *hit, gint64 number)
{
	const char *title = cli_text(hit, "title");
	g_autofree char *clean = base_one_line(*title ? title : cli_text(hit, "external_id"), 500);
	g_autofree char *day = cli_day(hit, "occurred_at");
	g_autofree char *tail =
		g_strdup_printf("%s %s%s%s", cli_text(hit, "source"), cli_text(hit, "kind"), *day ? "  " : "", day);
	guint room = cli->width - INDENT - 2 - MIN(cli->width / 2, cli_columns(tail));
	g_autofree char *fitted = cli_fit(clean, room);
	printf("%*" G_GINT64_FORMAT "  %s%s%s  %s%s%s\n", INDENT - 2, number, cli_style(cli, CLI_BOLD), fitted,
	       cli_style(cli, CLI_PLAIN), cli_style(cli, CLI_DIM), tail, cli_style(cli, CLI_PLAIN));
	print_about(cli, hit);
	if (*cli_text(hit, "snippet"))
		print_wrapped(cli, cli_text(hit, "snippet"), json_object_get(hit, "marks"));
	putchar('\n');
}

static void print_facet(const json_t *facets, const char *name)
{
	size_t i;
	json_t *one;
	json_array_foreach(json_object_get(facets, name), i, one)
	{
		g_autofree char *count = cli_count(cli_number(one, "count"));
		printf("%s%s %s", i ? ", " : "", cli_text(one, "value"), count);
	}
}

static void print_silent(const struct cli *cli, const json_t *silent)
{
	size_t i;
	json_t *one;
	json_array_foreach(silent, i, one)
	{
		g_autofree char *why = base_one_line(cli_text(one, "why"), 300);
		printf("%s%s is %s: %s%s\n", cli_style(cli, CLI_WARN), cli_text(one, "source"), cli_text(one, "state"),
		       why, cli_style(cli, CLI_PLAIN));
	}
}

static void print_answer(const struct cli *cli, const json_t *answer)
{
	gint64 total = cli_number(answer, "total");
	const json_t *hits = json_object_get(answer, "hits"), *notes = json_object_get(answer, "notes");
	g_autofree char *count = cli_count(total);
	const char *query = cli_text(answer, "query");
	printf("%s%s%s %s%s", cli_style(cli, CLI_BOLD), total ? count : "no",
	       json_is_true(json_object_get(answer, "more")) ? "+" : "", total == 1 ? "record" : "records",
	       cli_style(cli, CLI_PLAIN));
	printf(*query ? " for %s" : ", the newest first%s", query);
	if (total) {
		fputs("  (", stdout);
		print_facet(json_object_get(answer, "facets"), "source");
		putchar(')');
	}
	putchar('\n');
	size_t i;
	json_t *one;
	json_array_foreach(notes, i, one)
		printf("%s%s%s\n", cli_style(cli, CLI_WARN), json_string_value(one), cli_style(cli, CLI_PLAIN));
	putchar('\n');
	json_array_foreach(hits, i, one) print_hit(cli, one, (gint64)i + 1);
	print_silent(cli, json_object_get(answer, "silent"));
}

/* Everything that is no option of ours belongs to the query, -words too. */
int cli_find(struct cli *cli, int n, char **words)
{
	guint64 limit = 10;
	gboolean all_query = FALSE;
	g_autoptr(GString) query = g_string_new(NULL);
	for (int i = 0; i < n; i++) {
		if (!all_query && !strcmp(words[i], "--json")) {
			cli->json = TRUE;
		} else if (!all_query && !strcmp(words[i], "-n")) {
			if (++i == n || !g_ascii_string_to_unsigned(words[i], 10, 1, 200, &limit, NULL))
				return cli_error("find: -n wants a number from 1 to 200"), CLI_USAGE;
		} else if (!all_query && !strcmp(words[i], "--")) {
			all_query = TRUE;
		} else {
			g_string_append_printf(query, query->len ? " %s" : "%s", words[i]);
		}
	}
	g_autofree char *escaped = g_uri_escape_string(query->str, NULL, FALSE);
	g_autofree char *path = g_strdup_printf("/api/v1/find?n=%" G_GUINT64_FORMAT "&q=%s", limit, escaped);
	g_autoptr(base_json) answer = cli_get(cli, path, NULL);
	if (!answer)
		return CLI_FAILED;
	if (cli->json)
		cli_print_json(answer);
	else
		print_answer(cli, answer);
	return CLI_OK;
}

/* ---- one record ---- */

static void print_pairs(const struct cli *cli, const json_t *pairs, const char *name, const char *value)
{
	size_t i;
	json_t *one;
	json_array_foreach(pairs, i, one)
	{
		g_autofree char *line = base_one_line(cli_text(one, value), 500);
		printf("%s%s:%s %s\n", cli_style(cli, CLI_DIM), cli_text(one, name), cli_style(cli, CLI_PLAIN), line);
	}
}

static void print_parties(const struct cli *cli, const json_t *parties)
{
	size_t i;
	json_t *one;
	json_array_foreach(parties, i, one)
	{
		const char *name = cli_text(one, "name"), *address = cli_text(one, "address"),
			   *org = cli_text(one, "organisation");
		g_autofree char *line =
			g_strdup_printf("%s%s%s%s%s%s", name, *name && *address ? " " : "", *address ? "<" : "",
					address, *address ? ">" : "", *org ? ", " : "");
		g_autofree char *whole = g_strconcat(line, org, NULL);
		g_autofree char *clean = base_one_line(whole, 300);
		printf("%s%s:%s %s\n", cli_style(cli, CLI_DIM), cli_text(one, "role"), cli_style(cli, CLI_PLAIN),
		       clean);
	}
}

/* Text out of a source on a terminal: line breaks and tabs stay, other control characters go. */
static void print_text(const char *text)
{
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (c != '\n' && c != '\t' && (g_unichar_iscntrl(c) || g_unichar_type(c) == G_UNICODE_FORMAT))
			continue;
		fwrite(p, 1, (size_t)(g_utf8_next_char(p) - p), stdout);
	}
	putchar('\n');
}

static void print_record(const struct cli *cli, const json_t *record)
{
	g_autofree char *title = base_one_line(cli_text(record, "title"), 1000);
	g_autofree char *when = cli_moment(record, "occurred_at");
	printf("%s%s%s\n", cli_style(cli, CLI_BOLD), title, cli_style(cli, CLI_PLAIN));
	printf("%s%s %s%s%s  %s%s\n", cli_style(cli, CLI_DIM), cli_text(record, "source"), cli_text(record, "kind"),
	       *when ? "  " : "", when, cli_text(record, "external_id"), cli_style(cli, CLI_PLAIN));
	print_parties(cli, json_object_get(record, "parties"));
	print_pairs(cli, json_object_get(record, "fields"), "name", "value");
	if (*cli_text(record, "url"))
		printf("%surl:%s %s\n", cli_style(cli, CLI_DIM), cli_style(cli, CLI_PLAIN), cli_text(record, "url"));
	size_t i;
	json_t *one;
	json_array_foreach(json_object_get(record, "left_out"), i, one)
		printf("%snot read: %s (%s)%s\n", cli_style(cli, CLI_WARN), cli_text(one, "what"), cli_text(one, "why"),
		       cli_style(cli, CLI_PLAIN));
	putchar('\n');
	print_text(cli_text(record, "text"));
}

int cli_show(struct cli *cli, int n, char **words)
{
	const char *id = NULL;
	for (int i = 0; i < n; i++) {
		if (!strcmp(words[i], "--json"))
			cli->json = TRUE;
		else
			id = words[i] + (words[i][0] == '#');
	}
	if (!id)
		return cli_error("show: name a record's number, as find prints it behind #"), CLI_USAGE;
	g_autofree char *path = cli_path("/api/v1/records/%s", id);
	g_autoptr(base_json) record = cli_get(cli, path, NULL);
	if (!record)
		return CLI_FAILED;
	if (cli->json)
		cli_print_json(record);
	else
		print_record(cli, record);
	return CLI_OK;
}
