/* meri customer: who a customer is, and a person's decisions about it. A decision is shown before it is made. */
#include "cli/cli.h"

#include <string.h>
#include <unistd.h>

#include "base/base.h"

enum { LISTED = 12, CHOICES = 10 };

struct words {
	GPtrArray *plain; /* char *, borrowed */
	const char *reason;
	gboolean why, yes, person;
};

/* ---- one customer on the screen ---- */

static void line(const struct cli *cli, const char *name, const char *value)
{
	g_autofree char *clean = base_one_line(value, 1000);
	g_autofree char *head = cli_fit(name, 12);
	if (*clean)
		printf("%s%s%s  %s\n", cli_style(cli, CLI_DIM), head, cli_style(cli, CLI_PLAIN), clean);
}

static void print_keys(const struct cli *cli, const json_t *keys)
{
	static const char *const kinds[] = {"business-id", "vat", "crm-id", "domain", "e-mail", "phone", "name"};
	for (gsize k = 0; k < G_N_ELEMENTS(kinds); k++) {
		g_autoptr(GString) values = g_string_new(NULL);
		size_t i;
		json_t *key;
		json_array_foreach(keys, i, key) if (!strcmp(cli_text(key, "kind"), kinds[k]))
			g_string_append_printf(values, "%s%s%s", values->len ? ", " : "", cli_text(key, "value"),
					       json_is_true(json_object_get(key, "doubt")) ? " (others too)" : "");
		line(cli, kinds[k], values->str);
	}
}

static void print_people(const struct cli *cli, const json_t *people, const char *head)
{
	size_t i;
	json_t *one;
	if (json_array_size(people))
		printf("\n%s%s%s\n", cli_style(cli, CLI_BOLD), head, cli_style(cli, CLI_PLAIN));
	json_array_foreach(people, i, one)
	{
		g_autofree char *since = cli_day(one, "since"), *until = cli_day(one, "until"),
				*last = cli_day(one, "last_at");
		const char *name = cli_text(one, "name"), *address = cli_text(one, "address"),
			   *role = cli_text(one, "role");
		g_autofree char *text =
			g_strdup_printf("%s%s%s%s%s%s%s%s%s%s", name, *name && *address ? " <" : "", address,
					*name && *address ? ">" : "", *role ? ", " : "", role, *since ? ", since " : "",
					since, *until ? ", until " : "", until);
		g_autofree char *clean = base_one_line(text, 300);
		printf("  %s  %s%" G_GINT64_FORMAT " records%s%s%s\n", clean, cli_style(cli, CLI_DIM),
		       cli_number(one, "records"), *last ? ", last " : "", last, cli_style(cli, CLI_PLAIN));
		if (i + 1 == LISTED && json_array_size(people) > LISTED)
			return (void)printf("  and %zu more\n", json_array_size(people) - LISTED);
	}
}

static void print_tallies(const struct cli *cli, const char *head, const json_t *tallies)
{
	g_autoptr(GString) text = g_string_new(NULL);
	size_t i;
	json_t *one;
	json_array_foreach(tallies, i, one)
	{
		g_autofree char *last = cli_day(one, "last_at");
		g_string_append_printf(text, "%s%s %" G_GINT64_FORMAT "%s%s%s", text->len ? ", " : "",
				       cli_text(one, "value"), cli_number(one, "count"), *last ? " (last " : "", last,
				       *last ? ")" : "");
	}
	line(cli, head, text->str);
}

static void print_members(const struct cli *cli, const json_t *members)
{
	size_t i;
	json_t *one;
	printf("\n%sput together from%s\n", cli_style(cli, CLI_BOLD), cli_style(cli, CLI_PLAIN));
	json_array_foreach(members, i, one)
		printf("  c%" G_GINT64_FORMAT " %s  %s%s %s%s%s%s\n", cli_number(one, "id"), cli_text(one, "name"),
		       cli_style(cli, CLI_DIM), cli_text(one, "source"), cli_text(one, "external_id"),
		       *cli_text(one, "why") ? ": " : "", cli_text(one, "why"), cli_style(cli, CLI_PLAIN));
}

static void print_open(const struct cli *cli, const json_t *matters)
{
	size_t i;
	json_t *one;
	if (json_array_size(matters))
		printf("\n%sopen%s\n", cli_style(cli, CLI_BOLD), cli_style(cli, CLI_PLAIN));
	json_array_foreach(matters, i, one)
	{
		if (i == LISTED)
			return (void)printf("  and %zu more\n", json_array_size(matters) - LISTED);
		g_autofree char *day = cli_day(one, "occurred_at"), *title = base_one_line(cli_text(one, "title"), 200);
		g_autofree char *status = base_one_line(cli_text(one, "status"), 40), *when = cli_fit(day, 10);
		g_autofree char *state = cli_fit(status, 20), *fitted = cli_fit(title, cli->width - 46);
		printf("  %s  %s  %s  #%" G_GINT64_FORMAT "\n", when, state, fitted, cli_number(one, "id"));
	}
}

/* The newest records, each with why it is here where that is asked. */
static int print_records(struct cli *cli, gint64 id, gboolean why)
{
	g_autofree char *path = g_strdup_printf("/api/v1/customers/%" G_GINT64_FORMAT "/timeline?n=%d", id, LISTED);
	g_autoptr(base_json) answer = cli_get(cli, path, NULL);
	size_t i, k;
	json_t *hit, *link;
	if (!answer)
		return CLI_FAILED;
	printf("\n%snewest records%s\n", cli_style(cli, CLI_BOLD), cli_style(cli, CLI_PLAIN));
	json_array_foreach(json_object_get(answer, "records"), i, hit)
	{
		g_autofree char *day = cli_day(hit, "occurred_at"), *title = base_one_line(cli_text(hit, "title"), 200);
		g_autofree char *source = cli_fit(cli_text(hit, "source"), 10), *when = cli_fit(day, 10);
		g_autofree char *fitted = cli_fit(title, cli->width - 36);
		printf("  %s  %s  %s  #%" G_GINT64_FORMAT "\n", when, source, fitted, cli_number(hit, "id"));
		g_autofree char *links_path =
			g_strdup_printf("/api/v1/records/%" G_GINT64_FORMAT "/links", cli_number(hit, "id"));
		g_autoptr(base_json) links = why ? cli_get(cli, links_path, NULL) : NULL;
		json_array_foreach(json_object_get(links, "links"), k, link) if (cli_number(link, "customer") == id)
			printf("              %s%s, by %s: %s%s\n", cli_style(cli, CLI_DIM), cli_text(link, "strength"),
			       cli_text(link, "rule"), cli_text(link, "words"), cli_style(cli, CLI_PLAIN));
	}
	return CLI_OK;
}

static int show(struct cli *cli, gint64 id, gboolean why)
{
	g_autofree char *path = g_strdup_printf("/api/v1/customers/%" G_GINT64_FORMAT, id);
	g_autoptr(base_json) customer = cli_get(cli, path, NULL);
	if (!customer)
		return CLI_FAILED;
	if (cli->json)
		return cli_print_json(customer), CLI_OK;
	g_autofree char *records = cli_count(cli_number(customer, "records")), *first = cli_day(customer, "first_at");
	g_autofree char *last = cli_day(customer, "last_at");
	g_autofree char *span =
		g_strdup_printf("%s%s%s%s%s", records, *first ? ", " : "", first, *last ? " to " : "", last);
	gint64 waiting = cli_number(customer, "suggestions");
	id = cli_number(customer, "id");
	printf("%s%s%s  c%" G_GINT64_FORMAT " %s\n", cli_style(cli, CLI_BOLD), cli_text(customer, "name"),
	       cli_style(cli, CLI_PLAIN), id, cli_text(customer, "kind"));
	print_keys(cli, json_object_get(customer, "keys"));
	line(cli, "records", span);
	print_tallies(cli, "sources", json_object_get(customer, "sources"));
	print_tallies(cli, "kinds", json_object_get(customer, "kinds"));
	print_people(cli, json_object_get(customer, "people"), "people");
	print_people(cli, json_object_get(customer, "employers"), "works for");
	if (why)
		print_members(cli, json_object_get(customer, "members"));
	print_open(cli, json_object_get(customer, "open"));
	int status = print_records(cli, id, why);
	if (waiting)
		printf("\n%" G_GINT64_FORMAT " more records may be about this customer: meri customer suggestions\n",
		       waiting);
	return status;
}

/* ---- whom somebody means ---- */

static void print_choices(const json_t *customers)
{
	size_t i;
	json_t *one;
	json_array_foreach(customers, i, one)
	{
		g_autofree char *last = cli_day(one, "last_at");
		fprintf(stderr, "  c%" G_GINT64_FORMAT " %s%s%s, %" G_GINT64_FORMAT " records%s%s\n",
			cli_number(one, "id"), cli_text(one, "name"), *cli_text(one, "organisation") ? ", " : "",
			cli_text(one, "organisation"), cli_number(one, "records"), *last ? ", last " : "", last);
	}
}

gint64 cli_meant(struct cli *cli, const char *text)
{
	g_autofree char *escaped = g_uri_escape_string(text, NULL, FALSE);
	g_autofree char *path = g_strdup_printf("/api/v1/customers?n=%d&q=%s", CHOICES, escaped);
	g_autoptr(base_json) found = cli_get(cli, path, NULL);
	const json_t *customers = json_object_get(found, "customers");
	const json_t *best = json_array_get(customers, 0), *second = json_array_get(customers, 1);
	if (!found)
		return 0;
	if (!best)
		return cli_error("nobody we know is \"%s\"; try meri find", text), 0;
	double likeness = json_real_value(json_object_get(best, "likeness"));
	double next = json_real_value(json_object_get(second, "likeness"));
	if (!second || likeness - next > 0.02 || cli_number(best, "records") > 4 * cli_number(second, "records"))
		return cli_number(best, "id");
	cli_error("\"%s\" may be several: name one by its number", text);
	print_choices(customers);
	return 0;
}

/* ---- decisions ---- */

static gboolean agreed(const struct words *words)
{
	if (words->yes)
		return TRUE;
	if (!isatty(STDIN_FILENO)) {
		cli_error("nothing was changed: say --yes to decide without being asked");
		return FALSE;
	}
	fputs("Do it? [y/N] ", stdout);
	fflush(stdout);
	int answer = getchar();
	return answer == 'y' || answer == 'Y' || answer == 'k' || answer == 'K' || answer == 'j' || answer == 'J';
}

/* Shows what would come of it, asks, and does it. `what` is consumed; NULL: an undoing. */
static int decide(struct cli *cli, const char *path, json_t *what, const struct words *words)
{
	g_autoptr(base_json) body = json_object();
	if (what)
		json_object_set_new(body, "what", what);
	base_json_text(body, "why", words->reason);
	json_object_set_new(body, "preview", json_true());
	g_autoptr(base_json) preview = cli_post(cli, path, body, NULL);
	if (!preview)
		return CLI_FAILED;
	printf("%s: %" G_GINT64_FORMAT " records move\n", cli_text(preview, "summary"), cli_number(preview, "records"));
	if (!agreed(words))
		return CLI_FAILED;
	json_object_set_new(body, "preview", json_false());
	g_autoptr(base_json) done = cli_post(cli, path, body, NULL);
	if (!done)
		return CLI_FAILED;
	if (cli->json)
		return cli_print_json(done), CLI_OK;
	gint64 number = cli_number(done, "decision");
	printf("done, as decision %" G_GINT64_FORMAT "; meri customer undo %" G_GINT64_FORMAT " takes it back\n",
	       number, number);
	return CLI_OK;
}

static gint64 number_of(const char *text)
{
	gint64 number = 0;
	g_ascii_string_to_signed(text + (*text == '#' || *text == 'c'), 10, 1, G_MAXINT64, &number, NULL);
	return number;
}

/* The records that are named from the second word on. */
static json_t *records_of(const struct words *words)
{
	json_t *records = json_array();
	for (guint i = 1; i < words->plain->len; i++) {
		gint64 number = number_of(words->plain->pdata[i]);
		if (!number) {
			cli_error("\"%s\" is no record's number (find prints it behind #)",
				  (char *)words->plain->pdata[i]);
			json_decref(records);
			return NULL;
		}
		json_array_append_new(records, json_integer(number));
	}
	return records;
}

static int decide_records(struct cli *cli, const char *kind, const struct words *words)
{
	gint64 customer = words->plain->len > 1 ? cli_meant(cli, words->plain->pdata[0]) : 0;
	if (words->plain->len < 2)
		return cli_error("%s: name the customer and the numbers of records", kind), CLI_USAGE;
	json_t *records = customer ? records_of(words) : NULL;
	if (!records)
		return CLI_FAILED;
	return decide(cli, "/api/v1/decisions",
		      json_pack("{s:s, s:I, s:o}", "kind", kind, "customer", (json_int_t)customer, "records", records),
		      words);
}

static int decide_two(struct cli *cli, const char *kind, const char *first, const char *second,
		      const struct words *words)
{
	if (words->plain->len != 2)
		return cli_error("%s: name two customers, by number or by name", kind), CLI_USAGE;
	gint64 a = cli_meant(cli, words->plain->pdata[0]);
	gint64 b = a ? cli_meant(cli, words->plain->pdata[1]) : 0;
	if (!b)
		return CLI_FAILED;
	return decide(cli, "/api/v1/decisions",
		      json_pack("{s:s, s:I, s:I}", "kind", kind, first, (json_int_t)a, second, (json_int_t)b), words);
}

static int merge(struct cli *cli, const struct words *words)
{
	return decide_two(cli, "merge", "from", "into", words);
}

static int apart(struct cli *cli, const struct words *words)
{
	return decide_two(cli, "apart", "a", "b", words);
}

static int split(struct cli *cli, const struct words *words)
{
	return decide_records(cli, "split", words);
}

static int link_records(struct cli *cli, const struct words *words)
{
	return decide_records(cli, "link", words);
}

static int unlink_records(struct cli *cli, const struct words *words)
{
	return decide_records(cli, "unlink", words);
}

static int role(struct cli *cli, const struct words *words)
{
	if (words->plain->len != 3)
		return cli_error("role: name the person, the customer and the role"), CLI_USAGE;
	gint64 person = cli_meant(cli, words->plain->pdata[0]);
	gint64 customer = person ? cli_meant(cli, words->plain->pdata[1]) : 0;
	if (!customer)
		return CLI_FAILED;
	return decide(cli, "/api/v1/decisions",
		      json_pack("{s:s, s:I, s:I, s:s}", "kind", "role", "person", (json_int_t)person, "customer",
				(json_int_t)customer, "role", words->plain->pdata[2]),
		      words);
}

static int create(struct cli *cli, const struct words *words)
{
	if (words->plain->len != 1)
		return cli_error("create: give the name, in quotes if it has blanks"), CLI_USAGE;
	return decide(
		cli, "/api/v1/decisions",
		json_pack("{s:s, s:s, s:b}", "kind", "create", "name", words->plain->pdata[0], "person", words->person),
		words);
}

static int undo(struct cli *cli, const struct words *words)
{
	if (words->plain->len != 1)
		return cli_error("undo: name the decision by its number (meri customer decisions)"), CLI_USAGE;
	g_autofree char *path = cli_path("/api/v1/decisions/%s/undo", words->plain->pdata[0]);
	return decide(cli, path, NULL, words);
}

/* ---- lists ---- */

static int decisions(struct cli *cli, const struct words *words)
{
	gint64 customer = words->plain->len ? cli_meant(cli, words->plain->pdata[0]) : 0;
	if (words->plain->len && !customer)
		return CLI_FAILED;
	g_autofree char *path = g_strdup_printf("/api/v1/decisions?n=200&customer=%" G_GINT64_FORMAT, customer);
	g_autoptr(base_json) list = cli_get(cli, path, NULL);
	size_t i;
	json_t *one;
	if (!list)
		return CLI_FAILED;
	if (cli->json)
		return cli_print_json(list), CLI_OK;
	json_array_foreach(json_object_get(list, "decisions"), i, one)
	{
		g_autofree char *made = cli_moment(one, "made_at"), *undone = cli_moment(one, "undone_at");
		char *what = json_dumps(json_object_get(one, "what"), JSON_COMPACT);
		printf("%" G_GINT64_FORMAT "  %s  %s  %s%s%s%s%s\n", cli_number(one, "id"), made, cli_text(one, "by"),
		       what, *cli_text(one, "why") ? "  " : "", cli_text(one, "why"), *undone ? "  undone " : "",
		       undone);
		free(what);
	}
	return CLI_OK;
}

static int suggestions(struct cli *cli, const struct words *words)
{
	(void)words;
	g_autoptr(base_json) list = cli_get(cli, "/api/v1/suggestions", NULL);
	size_t i;
	json_t *one;
	if (!list)
		return CLI_FAILED;
	if (cli->json)
		return cli_print_json(list), CLI_OK;
	if (!json_array_size(json_object_get(list, "suggestions")))
		puts("nothing waits to be looked at");
	json_array_foreach(json_object_get(list, "suggestions"), i, one)
	{
		gint64 record = cli_number(one, "record"), other = cli_number(one, "other");
		int likely = (int)(json_real_value(json_object_get(one, "probability")) * 100);
		g_autofree char *subject =
			record ? g_strdup_printf("#%" G_GINT64_FORMAT " %s", record, cli_text(one, "title"))
			       : g_strdup_printf("c%" G_GINT64_FORMAT " %s", other, cli_text(one, "other_name"));
		g_autofree char *clean = base_one_line(subject, 200), *why = base_one_line(cli_text(one, "why"), 300);
		printf("%3d %%  c%" G_GINT64_FORMAT " %s  %s  %s\n       %s%s%s\n", likely, cli_number(one, "customer"),
		       cli_text(one, "name"), record ? "<-" : "=", clean, cli_style(cli, CLI_DIM), why,
		       cli_style(cli, CLI_PLAIN));
	}
	return CLI_OK;
}

static int unmatched(struct cli *cli, const struct words *words)
{
	(void)words;
	g_autoptr(base_json) list = cli_get(cli, "/api/v1/unmatched?n=200", NULL);
	size_t i;
	json_t *one;
	if (!list)
		return CLI_FAILED;
	if (cli->json)
		return cli_print_json(list), CLI_OK;
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	static const char *const head[] = {"RECORDS", "SHARE", "", "LAST", "FOR EXAMPLE"};
	for (gsize k = 0; k < G_N_ELEMENTS(head); k++)
		g_ptr_array_add(cells, g_strdup(head[k]));
	json_array_foreach(json_object_get(list, "unmatched"), i, one)
	{
		g_ptr_array_add(cells, cli_count(cli_number(one, "records")));
		g_ptr_array_add(cells, g_strdup(*cli_text(one, "kind") ? cli_text(one, "kind") : "nothing"));
		g_ptr_array_add(cells, base_one_line(cli_text(one, "value"), 60));
		g_ptr_array_add(cells, cli_day(one, "last_at"));
		g_ptr_array_add(cells, g_strdup_printf("#%" G_GINT64_FORMAT " %s", cli_number(one, "sample"),
						       cli_text(one, "title")));
	}
	cli_table(cli, cells, G_N_ELEMENTS(head), 1);
	return CLI_OK;
}

/* ---- the words ---- */

static const struct {
	const char *name;
	int (*run)(struct cli *cli, const struct words *words);
} parts[] = {
	{"merge", merge},         {"split", split},
	{"link", link_records},   {"unlink", unlink_records},
	{"apart", apart},         {"role", role},
	{"create", create},       {"undo", undo},
	{"decisions", decisions}, {"suggestions", suggestions},
	{"unmatched", unmatched},
};

static gboolean read_words(struct cli *cli, int n, char **given, struct words *words)
{
	for (int i = 0; i < n; i++) {
		if (!strcmp(given[i], "--json"))
			cli->json = TRUE;
		else if (!strcmp(given[i], "--yes"))
			words->yes = TRUE;
		else if (!strcmp(given[i], "--person"))
			words->person = TRUE;
		else if (!strcmp(given[i], "--why"))
			words->why = TRUE;
		else if (!strcmp(given[i], "--reason") && i + 1 < n)
			words->reason = given[++i];
		else if (g_str_has_prefix(given[i], "--"))
			return cli_error("customer: there is no option %s", given[i]), FALSE;
		else
			g_ptr_array_add(words->plain, given[i]);
	}
	return TRUE;
}

int cli_customer(struct cli *cli, int n, char **given)
{
	g_autoptr(GPtrArray) plain = g_ptr_array_new();
	struct words words = {.plain = plain};
	if (!read_words(cli, n, given, &words))
		return CLI_USAGE;
	if (!plain->len)
		return cli_error("customer: name one, by name, address, domain, number or id (meri --help)"), CLI_USAGE;
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (strcmp(parts[i].name, plain->pdata[0]) != 0)
			continue;
		g_ptr_array_remove_index(plain, 0);
		return parts[i].run(cli, &words);
	}
	g_ptr_array_add(plain, NULL);
	g_autofree char *name = g_strjoinv(" ", (char **)plain->pdata);
	gint64 id = cli_meant(cli, name);
	return id ? show(cli, id, words.why) : CLI_FAILED;
}
