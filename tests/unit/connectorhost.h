/* connectorhost: a host for a connector that a unit test loads from the build: it keeps what it is given, lends options
 * and a cursor, remembers items and fingerprints from one run to the next, and takes records away as the core does: by
 * name, and by absence after a complete listing. One connector a test program. */
#pragma once

#include <dlfcn.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "meri/connector.h"

struct kept {
	char *id, *title, *text, *url, *thread, *parent, *item, *fingerprint, *language;
	enum meri_kind kind;
	gint64 occurred, updated;
	char *all; /* "role:name<address>", "hint scheme=value", "field name=value", "left name=why", "reader name", a
		      line each */
	char *quoted;   /* the quoted parts, with "|" between */
	guint run;      /* in which it was put last */
	gboolean fresh; /* put in this run */
};

static struct {
	struct meri_host api;
	GHashTable *options, *records, *items; /* id -> struct kept; item -> fingerprint */
	GHashTable *seen;                      /* items found unchanged in this run */
	GPtrArray *skips;                      /* "id|why" */
	GString *log;
	char *cursor, *text;
	guint puts, unchanged, checkpoints, completes, fail_class, stop_after;
	char *failure;
} host;

static void kept_free(gpointer data)
{
	struct kept *k = data;
	char **texts[] = {&k->id,   &k->title,       &k->text,     &k->url, &k->thread, &k->parent,
			  &k->item, &k->fingerprint, &k->language, &k->all, &k->quoted};
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(*texts[i]);
	g_free(k);
}

static const char *host_option(const struct meri_host *api, const char *name)
{
	(void)api;
	return g_hash_table_lookup(host.options, name);
}

static const char *host_cursor(const struct meri_host *api)
{
	(void)api;
	return host.cursor;
}

static char *all_of(const struct meri_record *r)
{
	GString *out = g_string_new("");
	for (gsize i = 0; i < r->n_parties; i++)
		g_string_append_printf(out, "%s:%s<%s>\n", r->parties[i].role,
				       r->parties[i].name ? r->parties[i].name : "",
				       r->parties[i].address ? r->parties[i].address : "");
	for (gsize i = 0; i < r->n_hints; i++)
		g_string_append_printf(out, "hint %s=%s\n", r->hints[i].name, r->hints[i].value);
	for (gsize i = 0; i < r->n_fields; i++)
		g_string_append_printf(out, "field %s=%s\n", r->fields[i].name, r->fields[i].value);
	for (gsize i = 0; i < r->n_left_out; i++)
		g_string_append_printf(out, "left %s=%s\n", r->left_out[i].name, r->left_out[i].value);
	for (gsize i = 0; i < r->n_readers; i++)
		g_string_append_printf(out, "reader %s\n", r->readers[i]);
	return g_string_free(out, FALSE);
}

static int host_put(const struct meri_host *api, const struct meri_record *r)
{
	struct kept *k = g_new0(struct kept, 1);
	GString *quoted = g_string_new("");
	(void)api;
	assert_true(r->size == sizeof *r && r->id && *r->id && strlen(r->id) <= 1000 && r->kind);
	assert_true(!r->text || g_utf8_validate(r->text, -1, NULL));
	assert_true(!r->title || g_utf8_validate(r->title, -1, NULL));
	for (gsize i = 0; i < r->n_quoted; i++) {
		assert_true(r->quoted[i].start + r->quoted[i].length <= strlen(r->text));
		g_string_append_printf(quoted, "%s%.*s", i ? "|" : "", (int)r->quoted[i].length,
				       r->text + r->quoted[i].start);
	}
	*k = (struct kept){g_strdup(r->id),
			   g_strdup(r->title),
			   g_strdup(r->text),
			   g_strdup(r->url),
			   g_strdup(r->thread),
			   g_strdup(r->parent),
			   g_strdup(r->item),
			   g_strdup(r->fingerprint),
			   g_strdup(r->language),
			   r->kind,
			   r->occurred,
			   r->updated,
			   all_of(r),
			   g_string_free(quoted, FALSE),
			   0,
			   TRUE};
	g_hash_table_replace(host.records, k->id, k);
	if (r->fingerprint)
		g_hash_table_replace(host.items, g_strdup(r->item ? r->item : r->id), g_strdup(r->fingerprint));
	host.puts++;
	return host.stop_after && host.puts >= host.stop_after ? MERI_STOP : 0;
}

static int host_remove(const struct meri_host *api, const char *id)
{
	(void)api;
	g_hash_table_remove(host.records, id);
	return 0;
}

static int host_unchanged(const struct meri_host *api, const char *item, const char *fingerprint)
{
	(void)api;
	if (g_strcmp0(g_hash_table_lookup(host.items, item), fingerprint))
		return 0;
	g_hash_table_add(host.seen, g_strdup(item));
	host.unchanged++;
	return 1;
}

static int host_skip(const struct meri_host *api, const char *id, const char *why)
{
	(void)api;
	assert_true(id && *id && why && *why);
	g_ptr_array_add(host.skips, g_strdup_printf("%s|%s", id, why));
	g_hash_table_add(host.seen, g_strdup(id));
	return 0;
}

static int host_checkpoint(const struct meri_host *api, const char *cursor)
{
	(void)api;
	g_free(host.cursor);
	host.cursor = g_strdup(cursor);
	host.checkpoints++;
	return 0;
}

static int host_complete(const struct meri_host *api)
{
	(void)api;
	host.completes++;
	return 0;
}

static int host_progress(const struct meri_host *api, uint64_t done, uint64_t total, const char *what)
{
	(void)api;
	assert_true(!total || done <= total);
	assert_non_null(what);
	return 0;
}

static int host_fetch(const struct meri_host *api, const struct meri_request *request, struct meri_reply *reply)
{
	(void)api, (void)request, (void)reply;
	return MERI_TRANSIENT;
}

/* Tags out, and the few entities that the tests use. */
static const char *host_text_of(const struct meri_host *api, const struct meri_blob *blob, const char **why)
{
	GString *out = g_string_new("");
	const char *bytes = blob->bytes;
	gboolean tag = FALSE;
	(void)api;
	g_free(host.text);
	host.text = NULL;
	if (blob->length >= 6 && !memcmp(bytes, "BROKEN", 6)) {
		g_string_free(out, TRUE);
		*why = "broken file";
		return NULL;
	}
	for (gsize i = 0; i < blob->length; i++) {
		if (bytes[i] == '<')
			tag = TRUE;
		else if (bytes[i] == '>')
			tag = FALSE;
		else if (!tag)
			g_string_append_c(out, bytes[i]);
	}
	g_string_replace(out, "&amp;", "&", 0);
	return host.text = g_string_free(out, FALSE);
}

static void G_GNUC_PRINTF(3, 4) host_log(const struct meri_host *api, enum meri_level level, const char *format, ...)
{
	va_list values;
	(void)api, (void)level;
	va_start(values, format);
	g_string_append_vprintf(host.log, format, values);
	g_string_append_c(host.log, '\n');
	va_end(values);
}

static int G_GNUC_PRINTF(4, 5)
	host_fail(const struct meri_host *api, enum meri_class class, int64_t after, const char *format, ...)
{
	va_list values;
	(void)api, (void)after;
	va_start(values, format);
	g_free(host.failure);
	host.failure = g_strdup_vprintf(format, values);
	va_end(values);
	host.fail_class = class;
	return (int)class;
}

static const struct meri_connector *host_load(const char *name)
{
	const char *b = g_getenv("B");
	g_autofree char *path = g_strdup_printf("%s/plugins/%s.so", b ? b : "build", name);
	g_autofree char *absolute = g_canonicalize_filename(path, NULL);
	void *library = dlopen(absolute, RTLD_NOW | RTLD_LOCAL);
	if (!library)
		print_error("%s\n", dlerror());
	return library ? dlsym(library, "meri_connector") : NULL;
}

static void host_open(const struct meri_connector *connector)
{
	host.api = (struct meri_host){sizeof host.api, MERI_ABI,       host_option,  host_cursor,     host_put,
				      host_remove,     host_unchanged, host_skip,    host_checkpoint, host_complete,
				      host_progress,   host_fetch,     host_text_of, host_log,        host_fail};
	host.options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	host.records = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, kept_free);
	host.items = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	host.seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	host.skips = g_ptr_array_new_with_free_func(g_free);
	host.log = g_string_new("");
	for (const struct meri_option *o = connector->options; o->name; o++)
		if (o->initial && o->kind != MERI_DURATION)
			g_hash_table_replace(host.options, g_strdup(o->name), g_strdup(o->initial));
}

static void host_close(void)
{
	g_hash_table_unref(host.options);
	g_hash_table_unref(host.records);
	g_hash_table_unref(host.items);
	g_hash_table_unref(host.seen);
	g_ptr_array_unref(host.skips);
	g_string_free(host.log, TRUE);
	g_free(host.cursor);
	g_free(host.text);
	g_free(host.failure);
	memset(&host, 0, sizeof host);
}

static void host_set(const char *name, const char *value)
{
	g_hash_table_replace(host.options, g_strdup(name), g_strdup(value));
}

static gboolean is_gone(gpointer id, gpointer value, gpointer user)
{
	struct kept *k = value;
	(void)id, (void)user;
	return !k->fresh && !g_hash_table_contains(host.seen, k->item ? k->item : k->id) &&
	       !g_hash_table_contains(host.seen, k->id);
}

/* One run, and what the core does at its end. Returns what sync did. */
static int host_run(const struct meri_connector *connector)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, host.records);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		((struct kept *)value)->fresh = FALSE;
	g_hash_table_remove_all(host.seen);
	g_ptr_array_set_size(host.skips, 0);
	g_string_truncate(host.log, 0);
	host.puts = host.unchanged = host.completes = host.checkpoints = host.fail_class = 0;
	int result = connector->sync(&host.api);
	if (!result && host.completes)
		g_hash_table_foreach_remove(host.records, is_gone, NULL);
	return result;
}

static const struct kept *host_record(const char *id)
{
	const struct kept *k = g_hash_table_lookup(host.records, id);
	if (!k)
		print_error("there is no record %s\n", id);
	assert_non_null(k);
	return k;
}

static void has(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		print_error("\"%s\" is not in:\n%s\n", part, text ? text : "(nothing)");
	assert_true(text && strstr(text, part));
}

static void has_not(const char *text, const char *part)
{
	if (text && strstr(text, part))
		print_error("\"%s\" is in:\n%s\n", part, text);
	assert_false(text && strstr(text, part));
}

/* A folder of the test's own, and files in it (their folders are made). */
static char *test_folder(void)
{
	char *folder = g_dir_make_tmp("meri-connector-XXXXXX", NULL);
	assert_non_null(folder);
	return folder;
}

static void test_file(const char *folder, const char *name, const char *bytes, gssize length)
{
	g_autofree char *path = g_build_filename(folder, name, NULL), *dir = g_path_get_dirname(path);
	assert_int_equal(g_mkdir_with_parents(dir, 0700), 0);
	assert_true(g_file_set_contents(path, bytes, length, NULL));
}

static void test_folder_remove(const char *path)
{
	GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *below = g_build_filename(path, name, NULL);
		test_folder_remove(below);
	}
	if (dir)
		g_dir_close(dir);
	g_remove(path);
}
