#include "sync/options.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"

enum { MOST_SECRET = 64 * 1024, LEAST_HIDDEN = 4 };

struct reader {
	const struct sync_settings *settings;
	const struct sync_source *source;
	const struct wire_hello *hello;
	const struct wire_option *option; /* at hand */
	const char *key;                  /* as written: the option's name, or NAME-file */
	guint line;                       /* of the value; of the section for a default */
	struct sync_options *out;
	GPtrArray *mistakes, *absent;
};

void sync_options_free(struct sync_options *options)
{
	if (!options)
		return;
	g_hash_table_unref(options->values);
	g_ptr_array_unref(options->secrets);
	g_free(options);
}

static void tell(const struct reader *r, GPtrArray *list, const char *message)
{
	sync_problem(list, r->settings->file, r->line, r->source->section->title, r->key, "%s", message);
}

static void wrong(const struct reader *r, const char *value, const char *form)
{
	g_autofree char *message = r->option->secret ? g_strdup_printf("the value is not %s", form)
						     : g_strdup_printf("\"%s\" is not %s", value, form);

	tell(r, r->mistakes, message);
}

/* ---- values by kind: each returns what the connector is handed, or NULL after telling ---- */

static char *read_path(const struct reader *r, const char *value)
{
	g_autofree char *path = sync_path(r->settings->folder, value);

	if (access(path, F_OK) == 0)
		return g_steal_pointer(&path);
	g_autofree char *message = g_strdup_printf("%s: %s", path, g_strerror(errno));

	tell(r, r->absent, message);
	return NULL;
}

static char *read_url(const struct reader *r, const char *value)
{
	g_autoptr(GUri) uri = g_uri_parse(value, G_URI_FLAGS_NONE, NULL);
	const char *scheme = uri ? g_uri_get_scheme(uri) : "";
	const char *host = uri ? g_uri_get_host(uri) : NULL;

	if ((strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0) || !host || !*host) {
		wrong(r, value, "a URL: write http://... or https://...");
		return NULL;
	}
	if (g_uri_get_userinfo(uri)) {
		tell(r, r->mistakes, "a URL must not hold a user or a password: they have options of their own");
		return NULL;
	}
	return g_strdup(value);
}

static char *read_number(const struct reader *r, const char *value)
{
	gint64 number;

	if (g_ascii_string_to_signed(value, 10, G_MININT64, G_MAXINT64, &number, NULL))
		return g_strdup_printf("%" G_GINT64_FORMAT, number);
	wrong(r, value, "a whole number");
	return NULL;
}

static char *read_switch(const struct reader *r, const char *value)
{
	static const char *const words[] = {"no", "yes", "off", "on", "false", "true", "0", "1"};

	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (!g_ascii_strcasecmp(value, words[i]))
			return g_strdup(i % 2 ? "1" : "0");
	wrong(r, value, "yes or no");
	return NULL;
}

static char *read_duration(const struct reader *r, const char *value)
{
	gint64 seconds;

	if (base_duration_parse(value, &seconds))
		return g_strdup_printf("%" G_GINT64_FORMAT, seconds);
	wrong(r, value, "a duration: write a number and s, m, h, d or w, as in 15m");
	return NULL;
}

static char *read_choice(const struct reader *r, const char *value)
{
	g_auto(GStrv) choices = g_strsplit(r->option->choices ? r->option->choices : "", " ", -1);

	if (g_strv_contains((const char *const *)choices, value))
		return g_strdup(value);
	const char *near = base_nearest(value, (const char *const *)choices);
	g_autofree char *all = g_strjoinv(", ", choices);
	g_autofree char *form = near ? g_strdup_printf("one of %s; did you mean \"%s\"?", all, near)
				     : g_strdup_printf("one of %s", all);

	wrong(r, value, form);
	return NULL;
}

static char *read_list(const struct reader *r, const char *value)
{
	g_auto(GStrv) list = sync_list(value);

	if (*list)
		return g_strjoinv("\n", list);
	wrong(r, value, "a list: write values with commas between");
	return NULL;
}

static char *read_kind(const struct reader *r, const char *value)
{
	switch (r->option->kind) {
	case MERI_TEXT:
		return g_strdup(value);
	case MERI_PATH:
		return read_path(r, value);
	case MERI_URL:
		return read_url(r, value);
	case MERI_NUMBER:
		return read_number(r, value);
	case MERI_SWITCH:
		return read_switch(r, value);
	case MERI_DURATION:
		return read_duration(r, value);
	case MERI_CHOICE:
		return read_choice(r, value);
	case MERI_LIST:
		return read_list(r, value);
	}
	tell(r, r->mistakes,
	     "the connector declares a kind of value that is not known here: it is made for a newer Meri");
	return NULL;
}

/* ---- secrets ---- */

/* The first line's worth of a file that only its owner and group may read. */
static char *read_secret_file(const struct reader *r, const char *value)
{
	g_autofree char *path = sync_path(r->settings->folder, value);
	g_autofree char *message = NULL;
	char text[MOST_SECRET + 1] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	ssize_t length = -1;

	if (fd < 0 || fstat(fd, &status) < 0)
		message = g_strdup_printf("%s cannot be read: %s", path, g_strerror(errno));
	else if (!S_ISREG(status.st_mode))
		message = g_strdup_printf("%s is not a file", path);
	else if (status.st_mode & S_IROTH)
		message = g_strdup_printf("%s holds a secret and may be read by everybody: chmod o-r %s", path, path);
	else if ((length = read(fd, text, MOST_SECRET)) < 0)
		message = g_strdup_printf("%s cannot be read: %s", path, g_strerror(errno));
	else if (strlen(text) != (gsize)length || !*g_strstrip(text))
		message = g_strdup_printf("%s holds no text", path);
	if (fd >= 0)
		close(fd);
	if (message) {
		tell(r, r->absent, message);
		return NULL;
	}
	return g_strdup(text);
}

static gboolean is_variable(const char *value)
{
	return g_regex_match_simple("^\\$[A-Za-z_][A-Za-z0-9_]*$", value, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* $NAME out of the environment, or the value itself, for which the file must be closed to others. */
static char *read_secret(const struct reader *r, const char *value)
{
	if (!is_variable(value)) {
		if (r->settings->readable_by_others && r->line) {
			g_autofree char *message = g_strdup_printf(
				"is a secret in a file that everybody may read: chmod o-r %s, or keep it in a "
				"file of its own (%s-file = PATH) or in the environment ($NAME)",
				r->settings->file, r->option->name);

			tell(r, r->mistakes, message);
		}
		return g_strdup(value);
	}
	const char *from = g_getenv(value + 1);

	if (from && *from)
		return g_strdup(from);
	g_autofree char *message = g_strdup_printf("the variable %s is not set in the environment", value + 1);

	tell(r, r->absent, message);
	return NULL;
}

/* ---- one source ---- */

static void take(struct reader *r, const char *value)
{
	g_autofree char *plain = r->option->secret ? read_secret(r, value) : g_strdup(value);
	g_autofree char *ready = plain ? read_kind(r, plain) : NULL;

	if (!ready)
		return;
	if (r->option->secret)
		g_ptr_array_add(r->out->secrets, g_strdup(plain));
	g_hash_table_insert(r->out->values, g_strdup(r->option->name), g_steal_pointer(&ready));
}

static void take_file(struct reader *r, const char *value)
{
	g_autofree char *plain = read_secret_file(r, value);

	if (!plain)
		return;
	g_ptr_array_add(r->out->secrets, g_strdup(plain));
	g_hash_table_insert(r->out->values, g_strdup(r->option->name), g_steal_pointer(&plain));
}

static void read_option(struct reader *r)
{
	const struct wire_option *option = r->option;
	g_autofree char *file_key = g_strconcat(option->name, "-file", NULL);
	const struct sync_entry *entry = sync_section_find(r->source->section, option->name);
	const struct sync_entry *file = option->secret ? sync_section_find(r->source->section, file_key) : NULL;
	const struct sync_entry *set = entry ? entry : file;

	r->key = set ? set->key : option->name;
	r->line = set ? set->line : r->source->line;
	if (entry && file) {
		tell(r, r->mistakes, "is set twice, here and as a file: keep one of the two");
	} else if (set && !*set->value) {
		tell(r, r->mistakes, "has no value: write one, or leave the line out");
	} else if (file) {
		take_file(r, file->value);
	} else if (entry) {
		take(r, entry->value);
	} else if (option->required) {
		g_autofree char *message = g_strdup_printf("is missing, and connector %s needs it%s%s", r->hello->name,
							   option->help ? ": " : "", option->help ? option->help : "");

		tell(r, r->mistakes, message);
	} else if (option->initial) {
		take(r, option->initial);
	}
}

static gboolean is_declared(const struct reader *r, const char *key)
{
	for (guint i = 0; i < r->hello->options->len; i++) {
		const struct wire_option *option = r->hello->options->pdata[i];
		gsize length = strlen(option->name);

		if (!strcmp(option->name, key))
			return TRUE;
		if (option->secret && !strncmp(option->name, key, length) && !strcmp(key + length, "-file"))
			return TRUE;
	}
	return FALSE;
}

static char **known_words(const struct reader *r)
{
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();

	for (guint i = 0; i < r->hello->options->len; i++) {
		const struct wire_option *option = r->hello->options->pdata[i];
		g_autofree char *file = g_strconcat(option->name, "-file", NULL);

		g_strv_builder_add(words, option->name);
		if (option->secret)
			g_strv_builder_add(words, file);
	}
	for (guint i = 0; sync_source_keys[i]; i++)
		g_strv_builder_add(words, sync_source_keys[i]);
	return g_strv_builder_end(words);
}

static void check_keys(struct reader *r)
{
	g_auto(GStrv) words = known_words(r);

	for (guint i = 0; i < r->source->section->entries->len; i++) {
		const struct sync_entry *entry = r->source->section->entries->pdata[i];

		if (g_strv_contains(sync_source_keys, entry->key) || is_declared(r, entry->key))
			continue;
		const char *near = base_nearest(entry->key, (const char *const *)words);
		g_autofree char *message =
			near ? g_strdup_printf("connector %s has no such option; did you mean \"%s\"?", r->hello->name,
					       near)
			     : g_strdup_printf(
				       "connector %s has no such option (`meri connector describe %s` shows all)",
				       r->hello->name, r->hello->name);

		r->key = entry->key;
		r->line = entry->line;
		tell(r, r->mistakes, message);
	}
}

struct sync_options *sync_options_read(const struct sync_settings *settings, const struct sync_source *source,
				       const struct wire_hello *hello, GPtrArray *mistakes, GPtrArray *absent)
{
	struct sync_options *out = g_new0(struct sync_options, 1);
	struct reader r = {.settings = settings,
			   .source = source,
			   .hello = hello,
			   .out = out,
			   .mistakes = mistakes,
			   .absent = absent};

	out->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	out->secrets = g_ptr_array_new_with_free_func(g_free);
	check_keys(&r);
	for (guint i = 0; i < hello->options->len; i++) {
		r.option = hello->options->pdata[i];
		read_option(&r);
	}
	return out;
}

char *sync_options_hide(const struct sync_options *options, const char *text)
{
	g_autoptr(GString) out = g_string_new(text);

	for (guint i = 0; i < options->secrets->len; i++) {
		const char *secret = options->secrets->pdata[i];

		if (strlen(secret) >= LEAST_HIDDEN)
			g_string_replace(out, secret, "***", 0);
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}
