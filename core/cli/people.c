/* meri user, meri token: who may log in, and what programs show. */
#include "cli/cli.h"

#include <string.h>

#include "base/base.h"

struct wanted {
	const char *full_name, *email, *user, *days, *team;
	json_t *teams;
	gboolean admin, no_admin, invite, all, read, write;
};

typedef int (*part_command)(struct cli *cli, const struct wanted *wanted, const char *name);

struct part {
	const char *name;
	const char *of_what; /* that it needs; NULL: nothing */
	part_command run;
};

static void cell(GPtrArray *cells, const char *text)
{
	g_ptr_array_add(cells, base_one_line(text, 200));
}

static char *joined(const json_t *list)
{
	GString *all = g_string_new(NULL);
	size_t i;
	json_t *one;
	json_array_foreach(list, i, one)
		g_string_append_printf(all, "%s%s", all->len ? ", " : "", json_string_value(one));
	return g_string_free(all, FALSE);
}

/* ---- users ---- */

static const json_t *with_name(const json_t *users, const char *name)
{
	g_autofree char *lower = g_utf8_strdown(name, -1);
	size_t i;
	json_t *user;
	json_array_foreach(users, i, user) if (!strcmp(cli_text(user, "name"), lower)) return user;
	return NULL;
}

/* The user's number; 0 when there is none of that name, which has been said then. */
static gint64 user_id(struct cli *cli, const char *name)
{
	g_autoptr(base_json) reply = cli_get(cli, "/api/v1/users", NULL);
	const json_t *user = with_name(json_object_get(reply, "users"), name);
	if (reply && !user)
		cli_error("there is no user \"%s\" (meri user list)", name);
	return cli_number(user, "id");
}

static char *user_path(gint64 id, const char *more)
{
	return g_strdup_printf("/api/v1/users/%" G_GINT64_FORMAT "%s", id, more);
}

static int user_list(struct cli *cli, const struct wanted *wanted, const char *name)
{
	(void)wanted, (void)name;
	static const char *const head[] = {"NAME", "FULL NAME", "TEAMS", "E-MAIL", "LAST LOG-IN", ""};
	g_autoptr(base_json) reply = cli_get(cli, "/api/v1/users", NULL);
	if (!reply)
		return CLI_FAILED;
	if (cli->json)
		return cli_print_json(reply), CLI_OK;
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; i < G_N_ELEMENTS(head); i++)
		cell(cells, head[i]);
	size_t i;
	json_t *user;
	json_array_foreach(json_object_get(reply, "users"), i, user)
	{
		g_autofree char *teams = joined(json_object_get(user, "teams")), *last = cli_moment(user, "last_in_at");
		cell(cells, cli_text(user, "name"));
		cell(cells, cli_text(user, "full_name"));
		cell(cells, teams);
		cell(cells, cli_text(user, "email"));
		cell(cells, last);
		cell(cells, json_is_true(json_object_get(user, "admin")) ? "admin" : "");
	}
	cli_table(cli, cells, G_N_ELEMENTS(head), 0);
	return CLI_OK;
}

static int invite_id(struct cli *cli, gint64 id)
{
	g_autofree char *path = user_path(id, "/invite");
	g_autoptr(base_json) reply = cli_post(cli, path, NULL, NULL);
	if (!reply)
		return CLI_FAILED;
	if (cli->json)
		return cli_print_json(reply), CLI_OK;
	g_autofree char *until = cli_moment(reply, "expires_at");
	if (*cli_text(reply, "link"))
		printf("%s\nThe link works once, until %s.\n", cli_text(reply, "link"), until);
	else
		printf("Browsers cannot reach the hub yet: set listen in [hub]. The key, good until %s: %s\n", until,
		       cli_text(reply, "key"));
	return CLI_OK;
}

static int user_invite(struct cli *cli, const struct wanted *wanted, const char *name)
{
	(void)wanted;
	gint64 id = user_id(cli, name);
	return id ? invite_id(cli, id) : CLI_FAILED;
}

/* What the options say of a user. */
static json_t *user_body(const struct wanted *wanted)
{
	json_t *body = json_object();
	base_json_text(body, "full_name", wanted->full_name);
	base_json_text(body, "email", wanted->email);
	if (wanted->teams)
		json_object_set(body, "teams", wanted->teams);
	if (wanted->admin || wanted->no_admin)
		json_object_set_new(body, "admin", json_boolean(wanted->admin));
	return body;
}

static int user_add(struct cli *cli, const struct wanted *wanted, const char *name)
{
	g_autoptr(base_json) body = user_body(wanted);
	base_json_text(body, "name", name);
	g_autoptr(base_json) reply = cli_post(cli, "/api/v1/users", body, NULL);
	if (!reply)
		return CLI_FAILED;
	if (wanted->invite)
		return invite_id(cli, cli_number(reply, "id"));
	if (cli->json)
		cli_print_json(reply);
	else
		printf("user %s is made; meri user invite %s makes a link to set a password by\n",
		       cli_text(reply, "name"), cli_text(reply, "name"));
	return CLI_OK;
}

static int user_change(struct cli *cli, const struct wanted *wanted, const char *name)
{
	gint64 id = user_id(cli, name);
	g_autoptr(base_json) body = user_body(wanted);
	g_autofree char *path = user_path(id, "");
	if (!id)
		return CLI_FAILED;
	if (!json_object_size(body))
		return cli_error("user change: say what: --name, --email, --team, --admin or --no-admin"), CLI_USAGE;
	g_autoptr(base_json) reply = cli_send(cli, "PATCH", path, body, NULL);
	if (reply && cli->json)
		cli_print_json(reply);
	return reply ? CLI_OK : CLI_FAILED;
}

static int user_remove(struct cli *cli, const struct wanted *wanted, const char *name)
{
	(void)wanted;
	gint64 id = user_id(cli, name);
	g_autofree char *path = user_path(id, "");
	g_autoptr(base_json) reply = id ? cli_send(cli, "DELETE", path, NULL, NULL) : NULL;
	return reply ? CLI_OK : CLI_FAILED;
}

/* ---- tokens ---- */

static int token_list(struct cli *cli, const struct wanted *wanted, const char *name)
{
	(void)name;
	static const char *const head[] = {"ID", "USER", "FOR", "SCOPES", "TEAM", "EXPIRES", "LAST USED"};
	/* Whoever is no user of the hub, as root, has none of their own. */
	g_autoptr(base_json) me = cli_get(cli, "/api/v1/me", NULL);
	gboolean all = wanted->all || (me && !cli_number(json_object_get(me, "user"), "id"));
	g_autoptr(base_json) reply = me ? cli_get(cli, all ? "/api/v1/tokens?all=1" : "/api/v1/tokens", NULL) : NULL;
	if (!reply)
		return CLI_FAILED;
	if (cli->json)
		return cli_print_json(reply), CLI_OK;
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; i < G_N_ELEMENTS(head); i++)
		cell(cells, head[i]);
	size_t i;
	json_t *token;
	json_array_foreach(json_object_get(reply, "tokens"), i, token)
	{
		g_autofree char *scopes = joined(json_object_get(token, "scopes")),
				*expires = cli_day(token, "expires_at"), *used = cli_moment(token, "used_at");
		g_ptr_array_add(cells, g_strdup_printf("%" G_GINT64_FORMAT, cli_number(token, "id")));
		cell(cells, cli_text(json_object_get(token, "user"), "name"));
		cell(cells, cli_text(token, "name"));
		cell(cells, scopes);
		cell(cells, cli_text(token, "team"));
		cell(cells, *expires ? expires : "never");
		cell(cells, *used ? used : "never");
	}
	cli_table(cli, cells, G_N_ELEMENTS(head), 1);
	return CLI_OK;
}

static gboolean expiry(const struct wanted *wanted, json_t *body)
{
	guint64 days = 0;
	if (!wanted->days)
		return TRUE;
	if (!g_ascii_string_to_unsigned(wanted->days, 10, 1, 36500, &days, NULL)) {
		cli_error("token add: --days wants a number of days, not \"%s\"", wanted->days);
		return FALSE;
	}
	base_json_time(body, "expires_at", base_now() + (gint64)days * 86400);
	return TRUE;
}

/* Without a word a token may read and write, as its user, for ever. */
static json_t *token_body(const struct wanted *wanted, const char *name)
{
	gboolean none = !wanted->read && !wanted->write && !wanted->admin;
	json_t *scopes = json_array();
	if (wanted->read || none)
		json_array_append_new(scopes, json_string("read"));
	if (wanted->write || none)
		json_array_append_new(scopes, json_string("write"));
	if (wanted->admin)
		json_array_append_new(scopes, json_string("admin"));
	json_t *body = json_pack("{s:o}", "scopes", scopes);
	base_json_text(body, "name", name);
	base_json_text(body, "team", wanted->team);
	return body;
}

static int token_add(struct cli *cli, const struct wanted *wanted, const char *name)
{
	g_autoptr(base_json) body = token_body(wanted, name);
	gint64 user = wanted->user ? user_id(cli, wanted->user) : 0;
	if (wanted->user && !user)
		return CLI_FAILED;
	if (user)
		json_object_set_new(body, "user", json_integer(user));
	if (!expiry(wanted, body))
		return CLI_USAGE;
	g_autoptr(base_json) reply = cli_post(cli, "/api/v1/tokens", body, NULL);
	if (!reply)
		return CLI_FAILED;
	if (cli->json)
		return cli_print_json(reply), CLI_OK;
	printf("%s\nIt is shown this once. A program sends it as  Authorization: Bearer TOKEN\n",
	       cli_text(reply, "token"));
	return CLI_OK;
}

static int token_remove(struct cli *cli, const struct wanted *wanted, const char *name)
{
	(void)wanted;
	g_autofree char *path = cli_path("/api/v1/tokens/%s", name);
	g_autoptr(base_json) reply = cli_send(cli, "DELETE", path, NULL, NULL);
	return reply ? CLI_OK : CLI_FAILED;
}

/* ---- the words ---- */

static int run_part(struct cli *cli, const char *command, const struct part *parts, gsize n_parts,
		    const struct wanted *wanted, const GPtrArray *plain)
{
	const char *word = plain->len ? plain->pdata[0] : "list", *name = plain->len > 1 ? plain->pdata[1] : NULL;
	for (gsize i = 0; i < n_parts; i++) {
		if (strcmp(parts[i].name, word) != 0)
			continue;
		if (plain->len > (parts[i].of_what ? 2u : 1u))
			return cli_error("%s %s: \"%s\" is a word too many", command, word,
					 (const char *)plain->pdata[plain->len - 1]),
			       CLI_USAGE;
		if (parts[i].of_what && !name)
			return cli_error("%s %s: say %s (meri %s list)", command, word, parts[i].of_what, command),
			       CLI_USAGE;
		return parts[i].run(cli, wanted, name);
	}
	cli_error("%s: there is no \"%s\" (meri --help)", command, word);
	return CLI_USAGE;
}

static int run_words(struct cli *cli, const char *command, const struct part *parts, gsize n_parts, int n, char **words)
{
	struct wanted wanted = {0};
	const struct cli_option of_user[] = {
		{"--json", CLI_FLAG, &cli->json},       {"--name", CLI_VALUE, &wanted.full_name},
		{"--email", CLI_VALUE, &wanted.email},  {"--team", CLI_LIST, &wanted.teams},
		{"--admin", CLI_FLAG, &wanted.admin},   {"--no-admin", CLI_FLAG, &wanted.no_admin},
		{"--invite", CLI_FLAG, &wanted.invite},
	};
	const struct cli_option of_token[] = {
		{"--json", CLI_FLAG, &cli->json},     {"--all", CLI_FLAG, &wanted.all},
		{"--user", CLI_VALUE, &wanted.user},  {"--read", CLI_FLAG, &wanted.read},
		{"--write", CLI_FLAG, &wanted.write}, {"--admin", CLI_FLAG, &wanted.admin},
		{"--days", CLI_VALUE, &wanted.days},  {"--team", CLI_VALUE, &wanted.team},
	};
	gboolean users = !strcmp(command, "user");
	g_autoptr(GPtrArray) plain = g_ptr_array_new();
	gboolean good = cli_words(command, n, words, users ? of_user : of_token,
				  users ? G_N_ELEMENTS(of_user) : G_N_ELEMENTS(of_token), plain);
	int status = good ? run_part(cli, command, parts, n_parts, &wanted, plain) : CLI_USAGE;
	json_decref(wanted.teams);
	return status;
}

int cli_user(struct cli *cli, int n, char **words)
{
	static const struct part parts[] = {{"list", NULL, user_list},
					    {"add", "the name to log in by", user_add},
					    {"change", "whom", user_change},
					    {"remove", "whom", user_remove},
					    {"invite", "whom", user_invite}};
	return run_words(cli, "user", parts, G_N_ELEMENTS(parts), n, words);
}

int cli_token(struct cli *cli, int n, char **words)
{
	static const struct part parts[] = {{"list", NULL, token_list},
					    {"add", "what it is for", token_add},
					    {"remove", "its number", token_remove}};
	return run_words(cli, "token", parts, G_N_ELEMENTS(parts), n, words);
}
