/* meri sync: starts runs and watches them. On a terminal each source has a line with a bar that is drawn anew;
 * elsewhere a line is printed when a run ends. */
#include "cli/cli.h"

#include <string.h>
#include <unistd.h>

#include "base/base.h"

enum { POLL_MS = 150, BAR = 20, NAME_COLUMNS = 16 };

struct watched {
	char *name;
	gint64 before; /* the run that was the last when we came; our own has a higher number */
	gboolean ended;
	char *verdict;
};

static void watched_free(gpointer data)
{
	struct watched *w = data;
	g_free(w->name);
	g_free(w->verdict);
	g_free(w);
}

static json_t *source_get(struct cli *cli, const char *name)
{
	g_autofree char *path = cli_path("/api/v1/sources/%s", name);
	return cli_get(cli, path, NULL);
}

/* ---- drawing ---- */

static void print_bar(const struct cli *cli, const json_t *source)
{
	const json_t *progress = json_object_get(source, "progress");
	gint64 done = cli_number(progress, "done"), total = cli_number(progress, "total");
	g_autofree char *name = cli_fit(cli_text(source, "name"), NAME_COLUMNS);
	g_autofree char *what = base_one_line(cli_text(progress, "what"), 60);
	g_autofree char *count = cli_count(done), *of = cli_count(total);
	GString *line = g_string_new(NULL);
	if (json_is_null(progress) || !progress)
		g_string_append(line,
				json_is_true(json_object_get(source, "queued")) ? "waits for its turn" : "starting");
	else if (total > 0) {
		guint full = (guint)(CLAMP(done, 0, total) * BAR / total);
		for (guint i = 0; i < BAR; i++)
			g_string_append(line, i < full ? "█" : "░");
		g_string_append_printf(line, " %3d %%  %s of %s  %s", (int)(CLAMP(done, 0, total) * 100 / total), count,
				       of, what);
	} else {
		g_string_append_printf(line, "%s so far  %s", count, what);
	}
	g_autofree char *fitted = cli_fit(line->str, cli->width - NAME_COLUMNS - 3);
	printf("%s  %s\n", name, fitted);
	g_string_free(line, TRUE);
}

static void print_end(const struct cli *cli, const char *name, const json_t *run)
{
	const char *verdict = cli_text(run, "verdict"), *message = cli_text(run, "message");
	gint64 started = 0, ended = 0;
	base_time_parse(cli_text(run, "started_at"), &started);
	base_time_parse(cli_text(run, "ended_at"), &ended);
	g_autofree char *fitted = cli_fit(name, NAME_COLUMNS);
	enum cli_style style = !strcmp(verdict, "ok") ? CLI_GOOD : !strcmp(verdict, "partial") ? CLI_WARN : CLI_BAD;
	printf("%s  %s%-8s%s added %" G_GINT64_FORMAT ", changed %" G_GINT64_FORMAT ", removed %" G_GINT64_FORMAT
	       ", skipped %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT " s\n",
	       fitted, cli_style(cli, style), verdict, cli_style(cli, CLI_PLAIN), cli_number(run, "added"),
	       cli_number(run, "changed"), cli_number(run, "removed"), cli_number(run, "skipped"), ended - started);
	g_autofree char *line = base_one_line(message, 1000);
	if (*line && strcmp(verdict, "ok") != 0)
		printf("%*s%s\n", NAME_COLUMNS + 2, "", line);
}

/* ---- watching ---- */

/* The run that ended, or NULL while it goes on. FALSE when the daemon is gone. */
static gboolean look(struct cli *cli, struct watched *w, json_t **source, json_t **run)
{
	*run = NULL;
	*source = source_get(cli, w->name);
	if (!*source)
		return FALSE;
	gboolean busy =
		json_is_true(json_object_get(*source, "running")) || json_is_true(json_object_get(*source, "queued"));
	if (busy || cli_number(*source, "run") <= w->before)
		return TRUE;
	g_autofree char *path = cli_path("/api/v1/sources/%s/runs?n=1", w->name);
	g_autoptr(base_json) runs = cli_get(cli, path, NULL);
	if (!runs)
		return FALSE;
	*run = json_incref(json_array_get(json_object_get(runs, "runs"), 0));
	return TRUE;
}

static gboolean watch(struct cli *cli, GPtrArray *all)
{
	gboolean terminal = isatty(STDOUT_FILENO);
	guint drawn = 0, open = all->len;
	while (open) {
		if (drawn)
			printf("\033[%uA\033[J", drawn);
		drawn = 0;
		g_autoptr(GPtrArray) bars = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
		for (guint i = 0; i < all->len; i++) {
			struct watched *w = all->pdata[i];
			json_t *source, *run;
			if (w->ended)
				continue;
			if (!look(cli, w, &source, &run))
				return FALSE;
			g_ptr_array_add(bars, source);
			if (!run)
				continue;
			print_end(cli, w->name, run);
			w->ended = TRUE;
			w->verdict = g_strdup(cli_text(run, "verdict"));
			g_ptr_array_remove_index(bars, bars->len - 1);
			json_decref(run);
			open--;
		}
		for (guint i = 0; terminal && i < bars->len; i++, drawn++)
			print_bar(cli, bars->pdata[i]);
		fflush(stdout);
		if (open)
			g_usleep(POLL_MS * 1000);
	}
	return TRUE;
}

static int status_of(const GPtrArray *all)
{
	int status = CLI_OK;
	for (guint i = 0; i < all->len; i++) {
		const struct watched *w = all->pdata[i];
		if (!g_strcmp0(w->verdict, "partial") && status == CLI_OK)
			status = CLI_PARTIAL;
		else if (g_strcmp0(w->verdict, "ok") && g_strcmp0(w->verdict, "partial"))
			status = CLI_FAILED;
	}
	return status;
}

/* ---- starting ---- */

static void add(GPtrArray *all, const char *name, gint64 before)
{
	struct watched *w = g_new0(struct watched, 1);
	w->name = g_strdup(name);
	w->before = before;
	g_ptr_array_add(all, w);
}

/* Starts a run, or joins one that is under way. */
static gboolean start(struct cli *cli, const char *name, GPtrArray *all)
{
	g_autoptr(base_json) source = source_get(cli, name);
	if (!source)
		return FALSE;
	gint64 last = cli_number(source, "run");
	gboolean running = json_is_true(json_object_get(source, "running"));
	if (running || json_is_true(json_object_get(source, "queued"))) {
		add(all, name, running ? last - 1 : last);
		return TRUE;
	}
	g_autofree char *path = cli_path("/api/v1/sources/%s/sync", name);
	g_autoptr(base_json) started = cli_post(cli, path, NULL, NULL);
	if (started)
		add(all, name, last);
	return started != NULL;
}

/* The sources to watch: all, or, when following, those that run. */
static gboolean start_all(struct cli *cli, gboolean follow, GPtrArray *all)
{
	g_autoptr(base_json) list = cli_get(cli, "/api/v1/sources", NULL);
	size_t i;
	json_t *one;
	if (!list)
		return FALSE;
	json_array_foreach(json_object_get(list, "sources"), i, one)
	{
		gboolean running = json_is_true(json_object_get(one, "running"));
		if (cli_builtin(one))
			continue;
		if (follow && running)
			add(all, cli_text(one, "name"), cli_number(one, "run") - 1);
		else if (!follow && !start(cli, cli_text(one, "name"), all))
			return FALSE;
	}
	return TRUE;
}

int cli_sync(struct cli *cli, int n, char **words)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(watched_free);
	gboolean follow = FALSE;
	int named = 0;
	for (int i = 0; i < n; i++) {
		if (!strcmp(words[i], "--follow"))
			follow = TRUE;
		else if (words[i][0] == '-')
			return cli_error("sync: there is no option %s (only --follow)", words[i]), CLI_USAGE;
		else
			named++;
	}
	for (int i = 0; i < n; i++)
		if (words[i][0] != '-' && !start(cli, words[i], all))
			return CLI_FAILED;
	if (!named && !start_all(cli, follow, all))
		return CLI_FAILED;
	if (all->len == 0) {
		puts(follow ? "nothing runs" : "there are no sources");
		return CLI_OK;
	}
	return watch(cli, all) ? status_of(all) : CLI_FAILED;
}
