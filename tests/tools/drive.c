/* drive [--check|--describe] [--cursor C | --cursor-file FILE] [--items FILE] [--quiet] [--deadline S] [--memory MIB]
 *       [--kill-at N | --stop-at N] FILE.so KEY=VALUE...
 *
 * Runs one connector the way the daemon does and prints each frame as one JSON line, the verdict last; for authors of
 * connectors and for tests. Options are written as in the settings file. --items FILE holds "item TAB fingerprint"
 * lines for unchanged() and --cursor-file FILE the cursor; both are written back at the end, so that a second run is
 * incremental. --quiet prints the verdict alone, --kill-at N kills the connector with SIGKILL at its Nth checkpoint
 * (before that is durable), --stop-at N sends the word to stop instead. meri-connector is taken from $MERI_CONNECTOR or
 * ../../bin beside this program. Exit: 0 ok, 3 partial, 1 failed, 2 called wrongly. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base.h"
#include "wire/wire.h"

static struct {
	gboolean check, describe, quiet;
	char *cursor, *cursor_file, *items;
	gint64 deadline, memory, kill_at, stop_at;
} flags = {.deadline = 600};

static struct {
	gint64 records, text_bytes, removed, seen, skipped, checkpoints, left_out, logged;
	gboolean complete, ended;
	gint32 result;
	guint32 class;
	char *cursor, *why, *bad;
	json_t *kinds;
} tally;

static GHashTable *known, *pending, *mentioned; /* item -> fingerprint, and those not yet durable; items of this run */

static void print(json_t *line)
{
	if (!flags.quiet) {
		g_autofree char *text = json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII * 0);
		puts(text ? text : "{}");
	}
	json_decref(line);
}

static json_t *pairs_json(const struct meri_pair *pairs, gsize n)
{
	json_t *out = n ? json_array() : NULL;
	for (gsize i = 0; i < n; i++)
		json_array_append_new(out, json_pack("[s,s?]", pairs[i].name ? pairs[i].name : "", pairs[i].value));
	return out;
}

/* As in enum meri_kind. */
static const char *const record_kinds[] = {"",        "account", "person",   "message", "ticket",
					   "comment", "note",    "document", "deal",    "event"};

static json_t *record_json(const struct meri_record *r)
{
	json_t *parties = r->n_parties ? json_array() : NULL, *quoted = r->n_quoted ? json_array() : NULL;
	json_t *readers = r->n_readers ? json_array() : NULL;
	for (gsize i = 0; i < r->n_parties; i++)
		json_array_append_new(parties, json_pack("{s:s*, s:s*, s:s*, s:s*}", "role", r->parties[i].role, "name",
							 r->parties[i].name, "address", r->parties[i].address,
							 "organisation", r->parties[i].organisation));
	for (gsize i = 0; i < r->n_quoted; i++)
		json_array_append_new(
			quoted, json_pack("[I,I]", (json_int_t)r->quoted[i].start, (json_int_t)r->quoted[i].length));
	for (gsize i = 0; i < r->n_readers; i++)
		json_array_append_new(readers, json_string(r->readers[i]));
	g_autofree char *occurred = base_time_rfc3339(r->occurred), *updated = base_time_rfc3339(r->updated);
	return json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:o*, s:o*, "
			 "s:o*, s:o*, s:o*, s:o*}",
			 "frame", "record", "id", r->id, "kind", record_kinds[r->kind], "title", r->title, "text",
			 r->text, "url", r->url, "thread", r->thread, "parent", r->parent, "occurred", occurred,
			 "updated", updated, "language", r->language, "item", r->item, "fingerprint", r->fingerprint,
			 "parties", parties, "hints", pairs_json(r->hints, r->n_hints), "fields",
			 pairs_json(r->fields, r->n_fields), "quoted", quoted, "left_out",
			 pairs_json(r->left_out, r->n_left_out), "readers", readers);
}

static gboolean on_record(GVariant *payload, GError **error)
{
	struct wire_record record;
	if (!wire_record_decode(payload, &record, error))
		return FALSE;
	const struct meri_record *r = &record.record;
	const char *item = r->item ? r->item : r->id;
	tally.records++;
	tally.text_bytes += r->text ? (gint64)strlen(r->text) : 0;
	tally.left_out += (gint64)r->n_left_out;
	g_hash_table_add(mentioned, g_strdup(item));
	if (r->fingerprint)
		g_hash_table_replace(pending, g_strdup(item), g_strdup(r->fingerprint));
	json_t *old = json_object_get(tally.kinds, record_kinds[r->kind]);
	json_object_set_new(tally.kinds, record_kinds[r->kind], json_integer(json_integer_value(old) + 1));
	if (!flags.quiet)
		print(record_json(r));
	wire_record_clear(&record);
	return TRUE;
}

static json_t *hello_json(const wire_hello *hello)
{
	static const char *const kinds[] = {"",       "text",     "path",   "url", "number",
					    "switch", "duration", "choice", "list"};
	json_t *options = json_array();
	for (guint i = 0; i < hello->options->len; i++) {
		const struct wire_option *o = g_ptr_array_index(hello->options, i);
		json_array_append_new(options,
				      json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:b, s:b}", "name", o->name, "kind",
						kinds[o->kind], "initial", o->initial, "help", o->help, "choices",
						o->choices, "required", o->required, "secret", o->secret));
	}
	return json_pack("{s:s, s:s, s:s, s:o}", "frame", "hello", "name", hello->name, "summary", hello->summary,
			 "options", options);
}

static gboolean on_id(const char *frame, GVariant *payload, gint64 *count)
{
	const char *id;
	g_variant_get(payload, "(&s)", &id);
	g_hash_table_add(mentioned, g_strdup(id));
	++*count;
	print(json_pack("{s:s, s:s}", "frame", frame, "id", id));
	return TRUE;
}

/* What was read is remembered once it is durable. */
static void remember(void)
{
	GHashTableIter each;
	gpointer item, fingerprint;
	g_hash_table_iter_init(&each, pending);
	while (g_hash_table_iter_next(&each, &item, &fingerprint)) {
		g_hash_table_iter_steal(&each);
		g_hash_table_replace(known, item, fingerprint);
	}
}

static gboolean on_checkpoint(GVariant *payload, int fd, pid_t child, GError **error)
{
	const char *cursor;
	g_variant_get(payload, "(&s)", &cursor);
	tally.checkpoints++;
	gboolean ends = tally.checkpoints == flags.kill_at || tally.checkpoints == flags.stop_at;
	print(json_pack("{s:s, s:b, s:s}", "frame", "checkpoint", "durable", !ends, "cursor", cursor));
	if (tally.checkpoints == flags.kill_at) {
		kill(child, SIGKILL);
		return TRUE;
	}
	if (!ends) {
		g_free(tally.cursor);
		tally.cursor = g_strdup(cursor);
		remember();
	}
	return wire_write(fd, ends ? WIRE_STOP : WIRE_DURABLE, g_variant_new("()"), error);
}

static gboolean on_frame(const struct wire_frame *frame, int fd, pid_t child, wire_hello **hello, GError **error)
{
	GVariant *p = frame->payload;
	const char *a, *b;
	guint64 done, total;
	gint64 after;
	guint32 level;
	switch (frame->type) {
	case WIRE_HELLO:
		wire_hello_free(*hello);
		*hello = wire_hello_decode(p, error);
		if (*hello && (flags.describe || !flags.quiet))
			print(hello_json(*hello));
		return *hello != NULL;
	case WIRE_RECORD:
		return on_record(p, error);
	case WIRE_REMOVE:
		return on_id("remove", p, &tally.removed);
	case WIRE_SEEN:
		return on_id("seen", p, &tally.seen);
	case WIRE_CHECKPOINT:
		return on_checkpoint(p, fd, child, error);
	case WIRE_SKIP:
		g_variant_get(p, "(&s&s)", &a, &b);
		g_hash_table_add(mentioned, g_strdup(a));
		tally.skipped++;
		print(json_pack("{s:s, s:s, s:s}", "frame", "skip", "id", a, "why", b));
		return TRUE;
	case WIRE_COMPLETE:
		tally.complete = TRUE;
		print(json_pack("{s:s}", "frame", "complete"));
		return TRUE;
	case WIRE_PROGRESS:
		g_variant_get(p, "(tt&s)", &done, &total, &a);
		print(json_pack("{s:s, s:I, s:I, s:s}", "frame", "progress", "done", (json_int_t)done, "total",
				(json_int_t)total, "what", a));
		return TRUE;
	case WIRE_LOG:
		g_variant_get(p, "(u&s)", &level, &a);
		tally.logged++;
		print(json_pack("{s:s, s:i, s:s}", "frame", "log", "level", (int)level, "line", a));
		return TRUE;
	case WIRE_FAIL:
		g_variant_get(p, "(ux&s)", &tally.class, &after, &a);
		g_free(tally.why);
		tally.why = g_strdup(a);
		print(json_pack("{s:s, s:i, s:I, s:s}", "frame", "fail", "class", (int)tally.class, "after",
				(json_int_t)after, "why", a));
		return TRUE;
	case WIRE_END:
		g_variant_get(p, "(i)", &tally.result);
		tally.ended = TRUE;
		if (!tally.result && !flags.stop_at)
			remember();
		print(json_pack("{s:s, s:i}", "frame", "end", "result", (int)tally.result));
		return TRUE;
	default:
		g_set_error(error, WIRE_ERROR, WIRE_ERROR_GARBAGE, "a frame of type %d comes from the wrong side",
			    (int)frame->type);
		return FALSE;
	}
}

/* ---- one job ---- */

static char *program_path(const char *self)
{
	const char *given = g_getenv("MERI_CONNECTOR");
	if (given)
		return g_strdup(given);
	g_autofree char *here = g_path_get_dirname(self);
	return g_build_filename(here, "..", "..", "bin", "meri-connector", NULL);
}

static pid_t start(const char *self, const char *plugin, int items, int *fd)
{
	int pair[2];
	g_autofree char *program = program_path(self);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return -1;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		int wire = fcntl(pair[1], F_DUPFD, 10), table = items < 0 ? -1 : fcntl(items, F_DUPFD, 10);
		dup2(2, 1); /* what it prints is for people: stdout is ours */
		dup2(wire, WIRE_FD);
		close(WIRE_ITEMS_FD);
		if (table >= 0)
			dup2(table, WIRE_ITEMS_FD);
		execl(program, "meri-connector", plugin, NULL);
		fprintf(stderr, "drive: cannot start %s: %s\n", program, strerror(errno));
		_exit(127);
	}
	close(pair[1]);
	*fd = pair[0];
	return child;
}

/* Takes what has come. FALSE: the conversation is over. */
static gboolean take(struct wire_buffer *buffer, int fd, pid_t child, wire_hello **hello)
{
	g_autoptr(GError) error = NULL;
	gssize n = wire_buffer_fill(buffer, fd, &error);
	struct wire_frame frame;
	int got;
	while ((got = wire_buffer_next(buffer, &frame, &error)) > 0) {
		gboolean fine = on_frame(&frame, fd, child, hello, &error);
		wire_frame_clear(&frame);
		if (!fine)
			break;
	}
	if (!error || g_error_matches(error, WIRE_ERROR, WIRE_ERROR_CLOSED))
		return n > 0;
	tally.bad = g_strdup(error->message);
	kill(child, SIGKILL);
	return FALSE;
}

/* Until the connector's process ends: a child that it leaves behind may hold the stream open for long. */
static void converse(int fd, pid_t child, gint64 until, wire_hello **hello)
{
	struct wire_buffer *buffer = wire_buffer_new();
	struct pollfd look[] = {{.fd = fd, .events = POLLIN},
				{.fd = (int)syscall(SYS_pidfd_open, child, 0), .events = POLLIN}};
	gboolean on = TRUE, killed = FALSE;
	while (on) {
		gint64 left = (until - g_get_monotonic_time()) / 1000;
		if (left <= 0 && !killed) {
			killed = TRUE;
			tally.bad = g_strdup("the deadline passed");
			kill(child, SIGKILL);
		}
		if (poll(look, 2, (int)CLAMP(left, 10, 1000)) <= 0)
			continue;
		if (look[0].revents)
			on = take(buffer, fd, child, hello);
		else if (look[1].revents)
			on = FALSE;
	}
	if (wire_buffer_pending(buffer) && !tally.bad)
		tally.bad = g_strdup("the stream ends in the middle of a frame");
	wire_buffer_free(buffer);
	close(look[1].fd);
}

static int run(const char *self, const char *plugin, struct wire_run *job, int items, wire_hello **hello,
	       struct rusage *usage)
{
	int fd = -1, status = -1;
	g_autofree char *temp = g_dir_make_tmp("drive-XXXXXX", NULL);
	pid_t child = start(self, plugin, items, &fd);
	job->temp = temp;
	job->source = "drive";
	if (child < 0)
		return -1;
	if (wire_write(fd, WIRE_RUN, wire_run_encode(job), NULL))
		converse(fd, child, g_get_monotonic_time() + flags.deadline * G_USEC_PER_SEC, hello);
	close(fd);
	while (wait4(child, &status, 0, usage) < 0 && errno == EINTR)
		;
	kill(-child, SIGKILL);
	/* What a connector left in its folder is not ours to know: only flat files are cleared away. */
	g_autoptr(GDir) dir = g_dir_open(temp, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(temp, name, NULL);
		unlink(path);
	}
	rmdir(temp);
	return status;
}

/* ---- options as in the settings file ---- */

static char *list_value(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	for (char **p = parts; *p; p++)
		g_strstrip(*p);
	return g_strjoinv("\n", parts);
}

/* What the connector gets for `text`; NULL if that cannot be. */
static char *handed_over(const struct wire_option *o, const char *text)
{
	gint64 seconds;
	switch (o->kind) {
	case MERI_PATH:
		return g_canonicalize_filename(text, NULL);
	case MERI_LIST:
		return list_value(text);
	case MERI_SWITCH:
		if (g_strv_contains((const char *const[]){"yes", "true", "on", "1", NULL}, text))
			return g_strdup("1");
		return g_strv_contains((const char *const[]){"no", "false", "off", "0", NULL}, text) ? g_strdup("0")
												     : NULL;
	case MERI_DURATION:
		return base_duration_parse(text, &seconds) ? g_strdup_printf("%" G_GINT64_FORMAT, seconds) : NULL;
	default:
		return g_strdup(text);
	}
}

static const struct wire_option *declared(const wire_hello *hello, const char *name)
{
	for (guint i = 0; i < hello->options->len; i++) {
		const struct wire_option *o = g_ptr_array_index(hello->options, i);
		if (g_str_equal(o->name, name))
			return o;
	}
	return NULL;
}

static gboolean set(GHashTable *options, const wire_hello *hello, const char *name, const char *text)
{
	const struct wire_option *o = declared(hello, name);
	char *value = o ? handed_over(o, text) : NULL;
	if (!value) {
		fprintf(stderr, o ? "drive: option %s cannot be \"%s\"\n" : "drive: there is no option %s\n", name,
			text);
		return FALSE;
	}
	g_hash_table_replace(options, g_strdup(name), value);
	return TRUE;
}

static gboolean take_options(GHashTable *options, const wire_hello *hello, char **words)
{
	for (guint i = 0; i < hello->options->len; i++) {
		const struct wire_option *o = g_ptr_array_index(hello->options, i);
		if (o->initial && !set(options, hello, o->name, o->initial))
			return FALSE;
	}
	for (; *words; words++) {
		g_auto(GStrv) pair = g_strsplit(*words, "=", 2);
		if (!pair[0] || !pair[1]) {
			fprintf(stderr, "drive: %s is not KEY=VALUE\n", *words);
			return FALSE;
		}
		if (!set(options, hello, pair[0], pair[1]))
			return FALSE;
	}
	for (guint i = 0; i < hello->options->len; i++) {
		const struct wire_option *o = g_ptr_array_index(hello->options, i);
		if (o->required && !g_hash_table_contains(options, o->name)) {
			fprintf(stderr, "drive: option %s is required\n", o->name);
			return FALSE;
		}
	}
	return TRUE;
}

/* ---- items ---- */

static int items_load(const char *path)
{
	g_autofree char *text = NULL;
	if (!g_file_get_contents(path, &text, NULL, NULL))
		return -1;
	struct wire_items *items = wire_items_new();
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		char *tab = strrchr(*line, '\t');
		if (!tab)
			continue;
		*tab = '\0';
		wire_items_add(items, *line, tab + 1);
		g_hash_table_replace(known, g_strdup(*line), g_strdup(tab + 1));
	}
	int fd = wire_items_to_fd(items, NULL);
	wire_items_free(items);
	return fd;
}

static void items_save(const char *path)
{
	FILE *out = fopen(path, "w");
	GHashTableIter each;
	gpointer item, fingerprint;
	if (!out)
		return;
	g_hash_table_iter_init(&each, known);
	while (g_hash_table_iter_next(&each, &item, &fingerprint))
		if (!tally.complete || g_hash_table_contains(mentioned, item))
			fprintf(out, "%s\t%s\n", (char *)item, (char *)fingerprint);
	fclose(out);
}

/* ---- the verdict ---- */

static int verdict(int status, gint64 began, const struct rusage *usage)
{
	static const char *const classes[] = {"", "config", "auth", "rate", "transient", "bug"};
	const char *word = "failed";
	g_autofree char *why = g_strdup(tally.why);
	if (!why && tally.bad)
		why = g_strdup(tally.bad);
	if (!why && WIFSIGNALED(status))
		why = g_strdup_printf("ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (!why && (!WIFEXITED(status) || WEXITSTATUS(status) || !tally.ended))
		why = g_strdup_printf("ended with status %d %s its last word", WEXITSTATUS(status),
				      tally.ended ? "after" : "before");
	if (!why)
		word = tally.skipped ? "partial" : "ok";
	else if (tally.class == MERI_RATE)
		word = "partial";
	double seconds = (double)(g_get_monotonic_time() - began) / G_USEC_PER_SEC;
	json_t *line = json_pack(
		"{s:s, s:s, s:s*, s:s*, s:I, s:O, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:s*, s:f, s:I, s:i}", "frame",
		"verdict", "verdict", word, "class", tally.class < G_N_ELEMENTS(classes) ? classes[tally.class] : "?",
		"why", why, "records", (json_int_t)tally.records, "kinds", tally.kinds, "text_bytes",
		(json_int_t)tally.text_bytes, "removed", (json_int_t)tally.removed, "seen", (json_int_t)tally.seen,
		"skipped", (json_int_t)tally.skipped, "left_out", (json_int_t)tally.left_out, "checkpoints",
		(json_int_t)tally.checkpoints, "complete", tally.complete, "cursor",
		tally.cursor && strlen(tally.cursor) > 1000 ? "(long: --cursor-file)" : tally.cursor, "seconds",
		seconds, "max_rss_kib", (json_int_t)usage->ru_maxrss, "status", status);
	g_autofree char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(4));
	puts(text ? text : "{}");
	json_decref(line);
	return g_str_equal(word, "ok") ? 0 : g_str_equal(word, "partial") ? 3 : 1;
}

static const GOptionEntry entries[] = {
	{"check", 0, 0, G_OPTION_ARG_NONE, &flags.check, "run its check", NULL},
	{"describe", 0, 0, G_OPTION_ARG_NONE, &flags.describe, "print what it declares", NULL},
	{"quiet", 0, 0, G_OPTION_ARG_NONE, &flags.quiet, "print the verdict alone", NULL},
	{"cursor", 0, 0, G_OPTION_ARG_STRING, &flags.cursor, "what the last run's verdict says", "C"},
	{"cursor-file", 0, 0, G_OPTION_ARG_FILENAME, &flags.cursor_file, "the cursor, read and written", "FILE"},
	{"items", 0, 0, G_OPTION_ARG_FILENAME, &flags.items, "items and fingerprints, read and written", "FILE"},
	{"deadline", 0, 0, G_OPTION_ARG_INT64, &flags.deadline, "seconds; 600 at first", "S"},
	{"memory", 0, 0, G_OPTION_ARG_INT64, &flags.memory, "MiB the connector may use", "MIB"},
	{"kill-at", 0, 0, G_OPTION_ARG_INT64, &flags.kill_at, "kill it at its Nth checkpoint", "N"},
	{"stop-at", 0, 0, G_OPTION_ARG_INT64, &flags.stop_at, "stop it at its Nth checkpoint", "N"},
	{.long_name = NULL},
};

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GOptionContext) context =
		g_option_context_new("FILE.so KEY=VALUE... - run one connector and print what it says");
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error) || argc < 2) {
		fprintf(stderr, "drive: %s (see --help)\n", error ? error->message : "which connector?");
		return 2;
	}
	struct rusage usage = {0};
	g_autoptr(wire_hello) hello = NULL;
	gint64 began = g_get_monotonic_time();
	known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	pending = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	mentioned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	tally.kinds = json_object();

	gboolean quiet = flags.quiet;
	flags.quiet = quiet || !flags.describe;
	struct wire_run describe = {.job = WIRE_JOB_DESCRIBE};
	int status = run(argv[0], argv[1], &describe, -1, &hello, &usage);
	if (flags.describe || !hello)
		return verdict(status, began, &usage);
	flags.quiet = quiet;
	tally.ended = FALSE;

	g_autoptr(GHashTable) options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (!take_options(options, hello, argv + 2))
		return 2;
	struct wire_run job = {.job = flags.check ? WIRE_JOB_CHECK : WIRE_JOB_SYNC,
			       .options = options,
			       .cursor = flags.cursor,
			       .memory = (guint64)flags.memory << 20};
	int items = flags.items ? items_load(flags.items) : -1;
	if (flags.cursor_file && g_file_get_contents(flags.cursor_file, &flags.cursor, NULL, NULL))
		job.cursor = flags.cursor;
	began = g_get_monotonic_time();
	status = run(argv[0], argv[1], &job, items, &hello, &usage);
	int exit_status = verdict(status, began, &usage);
	if (flags.items)
		items_save(flags.items);
	if (flags.cursor_file && tally.cursor)
		g_file_set_contents(flags.cursor_file, tally.cursor, -1, NULL);
	return exit_status;
}
