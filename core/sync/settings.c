#include "sync/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"

enum { MOST_BYTES = 1 << 20, MOST_RUNS = 64, MOST_NAME = 64 };

const char *const sync_source_keys[] = {"connector",   "schedule", "readers",     "unknown-readers", "team",
					"stale-after", "deadline", "max-skipped", "memory",          NULL};

/* ---- values ---- */

char *sync_path(const char *folder, const char *value)
{
	if (g_str_has_prefix(value, "~/"))
		return g_build_filename(g_get_home_dir(), value + 2, NULL);
	return g_canonicalize_filename(value, folder);
}

gboolean sync_size_parse(const char *text, guint64 *bytes)
{
	char *end = NULL;
	guint shift = 0;

	if (!g_ascii_isdigit(*text))
		return FALSE;
	errno = 0;
	guint64 number = g_ascii_strtoull(text, &end, 10);

	if (errno)
		return FALSE;
	if (*end) {
		const char *unit = strchr("KMGT", g_ascii_toupper(*end));

		if (!unit || (end[1] && g_ascii_strcasecmp(end + 1, "iB") && g_ascii_strcasecmp(end + 1, "B")))
			return FALSE;
		shift = 10 * (guint)(unit - "KMGT" + 1);
	}
	if (number > G_MAXUINT64 >> shift)
		return FALSE;
	*bytes = number << shift;
	return TRUE;
}

char **sync_list(const char *value)
{
	g_auto(GStrv) parts = g_strsplit(value, ",", -1);
	g_autoptr(GStrvBuilder) list = g_strv_builder_new();

	for (guint i = 0; parts[i]; i++)
		if (*g_strstrip(parts[i]))
			g_strv_builder_add(list, parts[i]);
	return g_strv_builder_end(list);
}

/* ---- one key after the other ---- */

/* Where a value stands and where it goes. */
struct place {
	struct sync_settings *settings;
	struct sync_source *source; /* NULL in [hub] */
	const struct sync_section *section;
	const struct sync_entry *entry;
	GPtrArray *problems;
};

static void wrong(const struct place *at, const char *form)
{
	sync_problem(at->problems, at->settings->file, at->entry->line, at->section->title, at->entry->key,
		     "\"%s\" is not %s", at->entry->value, form);
}

typedef void (*setter)(const struct place *at, void *to);

struct key {
	const char *name;
	setter set;
	gsize offset; /* in struct sync_settings or struct sync_source */
};

static void set_text(const struct place *at, void *to)
{
	g_free(*(char **)to);
	*(char **)to = g_strdup(at->entry->value);
}

static void set_path(const struct place *at, void *to)
{
	g_free(*(char **)to);
	*(char **)to = sync_path(at->settings->folder, at->entry->value);
}

static void set_duration(const struct place *at, void *to)
{
	gint64 seconds;

	if (!base_duration_parse(at->entry->value, &seconds) || seconds < 1)
		wrong(at, "a duration: write a number and s, m, h, d or w, as in 15m");
	else
		*(gint64 *)to = seconds;
}

static void set_size(const struct place *at, void *to)
{
	guint64 bytes;

	if (!sync_size_parse(at->entry->value, &bytes) || bytes < 1 << 20)
		wrong(at, "a size of a megabyte or more: write a number and K, M or G, as in 512M");
	else
		*(guint64 *)to = bytes;
}

static void set_list(const struct place *at, void *to)
{
	g_auto(GStrv) list = sync_list(at->entry->value);

	if (!*list) {
		wrong(at, "a list: write names with commas between");
		return;
	}
	g_strfreev(*(char ***)to);
	*(char ***)to = g_steal_pointer(&list);
}

static void set_domains(const struct place *at, void *to)
{
	set_list(at, to);
	for (char **domain = *(char ***)to; *domain; domain++) {
		char *lower = g_utf8_strdown(*domain, -1);

		g_free(*domain);
		*domain = lower;
		if (!strchr(lower, '.') || strpbrk(lower, "@ /:"))
			sync_problem(at->problems, at->settings->file, at->entry->line, at->section->title,
				     at->entry->key,
				     "\"%s\" is not a domain: write what stands behind the @ of your addresses, as in "
				     "example.fi",
				     lower);
	}
}

static void set_listen(const struct place *at, void *to)
{
	const char *value = at->entry->value;
	const char *colon = strrchr(value, ':');

	if (!colon || colon == value || !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, NULL, NULL) ||
	    (memchr(value, ':', (gsize)(colon - value)) && *value != '['))
		wrong(at, "an address and a port: write 127.0.0.1:8470, or [::1]:8470");
	else
		set_text(at, to);
}

static void set_proxies(const struct place *at, void *to)
{
	set_list(at, to);
	for (char **address = *(char ***)to; address && *address; address++)
		if (!g_hostname_is_ip_address(*address))
			sync_problem(at->problems, at->settings->file, at->entry->line, at->section->title,
				     at->entry->key, "\"%s\" is not an address: write one such as 127.0.0.1 or ::1",
				     *address);
}

static void set_header(const struct place *at, void *to)
{
	if (g_regex_match_simple("^[A-Za-z][A-Za-z0-9-]{0,63}$", at->entry->value, G_REGEX_DOLLAR_ENDONLY, 0))
		set_text(at, to);
	else
		wrong(at, "a header's name: write one such as X-Remote-User");
}

static void set_url(const struct place *at, void *to)
{
	if (!g_regex_match_simple("^https?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?/?$", at->entry->value,
				  G_REGEX_DOLLAR_ENDONLY, 0)) {
		wrong(at, "an address of a hub: write one such as https://meri.example.fi, with no path");
		return;
	}
	set_text(at, to);
	char *end = *(char **)to + strlen(*(char **)to) - 1;

	if (*end == '/')
		*end = '\0';
}

static void set_unknown_readers(const struct place *at, void *to)
{
	if (!strcmp(at->entry->value, "open") || !strcmp(at->entry->value, "closed"))
		*(gboolean *)to = !strcmp(at->entry->value, "open");
	else
		wrong(at, "open or closed");
}

static void set_rate(const struct place *at, void *to)
{
	guint64 number;

	if (g_ascii_string_to_unsigned(at->entry->value, 10, 0, 100000, &number, NULL))
		*(guint *)to = (guint)number;
	else
		wrong(at, "a number of searches a second; 0 sets no limit");
}

static void set_language(const struct place *at, void *to)
{
	if (g_regex_match_simple("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", at->entry->value, G_REGEX_DOLLAR_ENDONLY, 0))
		set_text(at, to);
	else
		wrong(at, "a language: write its code, as in fi, sv or en");
}

static void set_region(const struct place *at, void *to)
{
	if (g_regex_match_simple("^[A-Z]{2}$", at->entry->value, G_REGEX_DOLLAR_ENDONLY, 0))
		set_text(at, to);
	else
		wrong(at, "a country: write its two capital letters, as in FI");
}

static void set_parallel(const struct place *at, void *to)
{
	guint64 number;

	if (g_ascii_string_to_unsigned(at->entry->value, 10, 1, MOST_RUNS, &number, NULL))
		*(guint *)to = (guint)number;
	else
		wrong(at, "a number from 1 to 64");
}

static void set_max_skipped(const struct place *at, void *to)
{
	guint64 number;

	if (g_ascii_string_to_unsigned(at->entry->value, 10, 0, G_MAXINT32, &number, NULL))
		*(gint64 *)to = (gint64)number;
	else
		wrong(at, "a number of records");
}

static void set_schedule(const struct place *at, void *to)
{
	g_autofree char *problem = NULL;
	struct sync_schedule *schedule = sync_schedule_parse(at->entry->value, &problem);

	if (!schedule) {
		sync_problem(at->problems, at->settings->file, at->entry->line, at->section->title, at->entry->key,
			     "%s", problem);
		return;
	}
	sync_schedule_free(*(struct sync_schedule **)to);
	*(struct sync_schedule **)to = schedule;
	g_free(at->source->schedule_text);
	at->source->schedule_text = g_strdup(at->entry->value);
}

#define HUB(name)    G_STRUCT_OFFSET(struct sync_settings, name)
#define SOURCE(name) G_STRUCT_OFFSET(struct sync_source, name)

static const struct key hub_keys[] = {
	{"store", set_path, HUB(store)},
	{"socket", set_path, HUB(socket)},
	{"listen", set_listen, HUB(listen)},
	{"language", set_language, HUB(language)},
	{"region", set_region, HUB(region)},
	{"own-domains", set_domains, HUB(own_domains)},
	{"public-url", set_url, HUB(public_url)},
	{"trusted-proxy", set_proxies, HUB(trusted_proxy)},
	{"proxy-header", set_header, HUB(proxy_header)},
	{"session-length", set_duration, HUB(session_length)},
	{"audit-keep", set_duration, HUB(audit_keep)},
	{"find-rate", set_rate, HUB(find_rate)},
	{"plugin-path", set_path, HUB(plugin_path)},
	{"parallel", set_parallel, HUB(parallel)},
	{"grace", set_duration, HUB(grace)},
	{"spool", set_size, HUB(spool)},
};

static const struct key source_keys[] = {
	{"connector", set_text, SOURCE(connector)},
	{"schedule", set_schedule, SOURCE(schedule)},
	{"readers", set_list, SOURCE(readers)},
	{"unknown-readers", set_unknown_readers, SOURCE(lenient)},
	{"team", set_text, SOURCE(team)},
	{"stale-after", set_duration, SOURCE(stale_after)},
	{"deadline", set_duration, SOURCE(deadline)},
	{"memory", set_size, SOURCE(memory)},
	{"max-skipped", set_max_skipped, SOURCE(max_skipped)},
};

/* Sets what the key names; FALSE if there is no such key. */
static gboolean set_key(const struct place *at, const struct key *keys, guint count, void *base)
{
	for (guint i = 0; i < count; i++) {
		if (strcmp(keys[i].name, at->entry->key) != 0)
			continue;
		if (*at->entry->value)
			keys[i].set(at, (char *)base + keys[i].offset);
		else
			sync_problem(at->problems, at->settings->file, at->entry->line, at->section->title,
				     at->entry->key, "has no value: write one, or leave the line out");
		return TRUE;
	}
	return FALSE;
}

/* ---- sections ---- */

static void read_hub(const struct place *at)
{
	const char *words[G_N_ELEMENTS(hub_keys) + 1] = {NULL};
	struct place key = *at;

	for (guint i = 0; i < G_N_ELEMENTS(hub_keys); i++)
		words[i] = hub_keys[i].name;
	if (at->section->name)
		sync_problem(at->problems, at->settings->file, at->section->line, at->section->title, NULL,
			     "has no name: write [hub]");
	for (guint i = 0; i < at->section->entries->len; i++) {
		key.entry = at->section->entries->pdata[i];
		if (set_key(&key, hub_keys, G_N_ELEMENTS(hub_keys), at->settings))
			continue;
		const char *near = base_nearest(key.entry->key, words);

		if (near)
			sync_problem(at->problems, at->settings->file, key.entry->line, at->section->title,
				     key.entry->key, "there is no such key; did you mean \"%s\"?", near);
		else
			sync_problem(at->problems, at->settings->file, key.entry->line, at->section->title,
				     key.entry->key, "there is no such key");
	}
}

static gboolean name_is_good(const char *name)
{
	if (!*name || strlen(name) > MOST_NAME)
		return FALSE;
	for (const char *p = name; *p; p = g_utf8_next_char(p))
		if (!g_unichar_isalnum(g_utf8_get_char(p)) && (p == name || !strchr("-_.", *p)))
			return FALSE;
	return TRUE;
}

static void source_free(gpointer data)
{
	struct sync_source *source = data;

	g_free(source->name);
	g_free(source->connector);
	g_free(source->schedule_text);
	sync_schedule_free(source->schedule);
	g_strfreev(source->readers);
	g_free(source->team);
	g_free(source);
}

/* By default a source is stale when it has missed two of its own beats. */
static gint64 stale_after(const struct sync_schedule *schedule)
{
	g_autoptr(GTimeZone) zone = g_time_zone_new_local();

	if (sync_schedule_is_manual(schedule))
		return 0;
	return MAX(2 * sync_schedule_gap(schedule, base_now(), zone), 86400);
}

/* Without a connector nothing tells which other keys are right; but one that is nearly "connector" was meant so. */
static void tell_no_connector(const struct place *at, const struct sync_source *source)
{
	static const char *const meant[] = {"connector", NULL};

	for (guint i = 0; i < at->section->entries->len; i++) {
		const struct sync_entry *entry = at->section->entries->pdata[i];

		if (!base_nearest(entry->key, meant))
			continue;
		sync_problem(at->problems, at->settings->file, entry->line, at->section->title, entry->key,
			     "there is no such key; did you mean \"connector\"?");
		return;
	}
	sync_problem(at->problems, at->settings->file, source->line, at->section->title, NULL,
		     "names no connector: write connector = NAME (`meri connector list` shows which there are)");
}

static void read_source(const struct place *at)
{
	struct sync_source *source = g_new0(struct sync_source, 1);
	struct place key = *at;

	source->name = g_strdup(at->section->name ? at->section->name : "");
	source->line = at->section->line;
	source->section = (struct sync_section *)at->section;
	source->schedule_text = g_strdup("manual");
	source->schedule = sync_schedule_parse("manual", NULL);
	source->deadline = 6 * 3600;
	source->memory = (guint64)1 << 30;
	source->max_skipped = -1;
	g_ptr_array_add(at->settings->sources, source);
	if (!name_is_good(source->name))
		sync_problem(at->problems, at->settings->file, source->line, at->section->title, NULL,
			     "write a name of letters, digits, - _ and . in quotes, as in [source \"crm\"]");
	if (!g_ascii_strcasecmp(source->name, "meri"))
		sync_problem(at->problems, at->settings->file, source->line, at->section->title, NULL,
			     "\"meri\" is the hub itself, where notes are kept: choose another name");
	key.source = source;
	for (guint i = 0; i < at->section->entries->len; i++) {
		key.entry = at->section->entries->pdata[i];
		set_key(&key, source_keys, G_N_ELEMENTS(source_keys), source);
	}
	if (!sync_section_find(at->section, "connector"))
		tell_no_connector(at, source);
	if (!source->team && source->readers)
		source->team = g_strdup(source->readers[0]);
	if (!source->stale_after)
		source->stale_after = stale_after(source->schedule);
}

static void read_sections(struct sync_settings *settings, GPtrArray *problems)
{
	static const char *const kinds[] = {"hub", "source", NULL};

	for (guint i = 0; i < settings->sections->len; i++) {
		struct place at = {.settings = settings, .section = settings->sections->pdata[i], .problems = problems};

		if (!strcmp(at.section->kind, "hub")) {
			read_hub(&at);
		} else if (!strcmp(at.section->kind, "source")) {
			read_source(&at);
		} else {
			const char *near = base_nearest(at.section->kind, kinds);
			const char *hint = !near                  ? "write [hub] or [source \"NAME\"]"
					   : !strcmp(near, "hub") ? "did you mean [hub]?"
								  : "did you mean [source \"NAME\"]?";

			sync_problem(problems, settings->file, at.section->line, at.section->title, NULL,
				     "there is no such section; %s", hint);
		}
	}
}

struct sync_settings *sync_settings_parse(const char *file, const char *text, gsize length, GPtrArray *problems)
{
	struct sync_settings *settings = g_new0(struct sync_settings, 1);

	settings->file = g_canonicalize_filename(file, NULL);
	settings->folder = g_path_get_dirname(settings->file);
	settings->store = g_strdup("/var/lib/meri/meri.db");
	settings->socket = g_strdup("/run/meri/meri.sock");
	settings->language = g_strdup("fi");
	settings->region = g_strdup("FI");
	settings->own_domains = g_new0(char *, 1);
	settings->proxy_header = g_strdup("X-Remote-User");
	settings->session_length = 12 * 3600;
	settings->audit_keep = 365 * 86400;
	settings->find_rate = 50;
	settings->parallel = CLAMP(g_get_num_processors(), 2, 4);
	settings->grace = 5;
	settings->spool = (guint64)1 << 30;
	settings->sources = g_ptr_array_new_with_free_func(source_free);
	settings->sections = sync_lines_parse(settings->file, text, length, problems);
	read_sections(settings, problems);
	return settings;
}

static gboolean read_file(const char *file, char **text, gsize *length, struct stat *status, GPtrArray *problems)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	gsize room = MOST_BYTES + 1;

	if (fd < 0 || fstat(fd, status) || !S_ISREG(status->st_mode)) {
		sync_problem(problems, file, 0, NULL, NULL, "the settings cannot be read: %s",
			     fd < 0 || !S_ISDIR(status->st_mode) ? g_strerror(errno) : "it is a folder");
		if (fd >= 0)
			close(fd);
		return FALSE;
	}
	*text = g_malloc(room);
	*length = 0;
	for (;;) {
		ssize_t got = read(fd, *text + *length, room - *length);

		if (got <= 0)
			break;
		*length += (gsize)got;
	}
	close(fd);
	if (*length < room)
		return TRUE;
	sync_problem(problems, file, 0, NULL, NULL, "the file is larger than 1 MiB: these are no settings");
	g_clear_pointer(text, g_free);
	return FALSE;
}

struct sync_settings *sync_settings_load(const char *file, GPtrArray *problems)
{
	g_autofree char *text = NULL;
	gsize length;
	struct stat status = {0};

	if (!read_file(file, &text, &length, &status, problems))
		return NULL;
	struct sync_settings *settings = sync_settings_parse(file, text, length, problems);

	settings->readable_by_others = (status.st_mode & S_IROTH) != 0;
	return settings;
}

void sync_settings_free(struct sync_settings *settings)
{
	if (!settings)
		return;
	g_free(settings->file);
	g_free(settings->folder);
	g_free(settings->store);
	g_free(settings->socket);
	g_free(settings->listen);
	g_free(settings->language);
	g_free(settings->region);
	g_strfreev(settings->own_domains);
	g_free(settings->public_url);
	g_strfreev(settings->trusted_proxy);
	g_free(settings->proxy_header);
	g_free(settings->plugin_path);
	g_ptr_array_unref(settings->sources);
	g_ptr_array_unref(settings->sections);
	g_free(settings);
}

const struct sync_source *sync_settings_source(const struct sync_settings *settings, const char *name)
{
	for (guint i = 0; i < settings->sources->len; i++) {
		const struct sync_source *source = settings->sources->pdata[i];

		if (!strcmp(source->name, name))
			return source;
	}
	return NULL;
}
