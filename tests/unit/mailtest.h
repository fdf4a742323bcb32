/* mailtest: a host in the process that keeps what the connector mail gives it, as the store would: records by id,
 * durable at checkpoints only, gone when a complete listing no longer has them. Each test has a folder of its own to
 * put mail into. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "meri/connector.h"

struct kept {
	char *id, *title, *text, *url, *thread, *parent, *item, *fingerprint, *language;
	enum meri_kind kind;
	gint64 occurred;
	GPtrArray *parties, *fields, *left_out; /* "role|name|address", "name=value" */
	char *own;                              /* the text without what is marked as quoted */
};

static struct mailtest {
	struct meri_host host;
	const struct meri_connector *connector;
	char *folder; /* of the test */
	GHashTable *options;
	/* durable */
	GHashTable *records; /* id -> struct kept */
	char *cursor;
	/* of one run */
	GHashTable *pending, *seen_ids, *seen_items;
	GPtrArray *skips; /* "id|why" */
	unsigned puts, checkpoints, complete, fail_class;
	unsigned stop_at_put, stop_at_checkpoint; /* 0: never; as a kill, nothing is kept after it */
	gboolean stopped;
	void (*at_put)(void);
	char *lent, *lent_text;
} mt;

static void kept_free(gpointer data)
{
	struct kept *k = data;
	char **strings[] = {&k->id,     &k->title, &k->text,        &k->url,      &k->thread,
			    &k->parent, &k->item,  &k->fingerprint, &k->language, &k->own};

	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		g_free(*strings[i]);
	g_ptr_array_unref(k->parties);
	g_ptr_array_unref(k->fields);
	g_ptr_array_unref(k->left_out);
	g_free(k);
}

static GPtrArray *pairs_of(const struct meri_pair *pair, size_t n)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < n; i++) {
		assert_true(g_utf8_validate(pair[i].name, -1, NULL) && g_utf8_validate(pair[i].value, -1, NULL));
		g_ptr_array_add(out, g_strdup_printf("%s=%s", pair[i].name, pair[i].value));
	}
	return out;
}

static char *own_text(const struct meri_record *r)
{
	GString *out = g_string_new(NULL);
	size_t at = 0;

	for (size_t i = 0; i < r->n_quoted; i++) {
		assert_true(r->quoted[i].start >= at && r->quoted[i].start + r->quoted[i].length <= strlen(r->text));
		g_string_append_len(out, r->text + at, (gssize)(r->quoted[i].start - at));
		at = r->quoted[i].start + r->quoted[i].length;
	}
	g_string_append(out, r->text ? r->text + at : "");
	return g_string_free(out, FALSE);
}

static struct kept *keep(const struct meri_record *r)
{
	struct kept *k = g_new0(struct kept, 1);
	const char *texts[] = {r->id, r->title, r->text, r->thread, r->parent, r->item};

	assert_true(r->size == sizeof(*r) && r->id && *r->id && strlen(r->id) <= 1000 && r->kind);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		assert_true(!texts[i] || g_utf8_validate(texts[i], -1, NULL));
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
			   NULL,
			   pairs_of(r->fields, r->n_fields),
			   pairs_of(r->left_out, r->n_left_out),
			   own_text(r)};
	k->parties = g_ptr_array_new_with_free_func(g_free);
	for (size_t i = 0; i < r->n_parties; i++)
		g_ptr_array_add(k->parties, g_strdup_printf("%s|%s|%s", r->parties[i].role,
							    r->parties[i].name ? r->parties[i].name : "",
							    r->parties[i].address ? r->parties[i].address : ""));
	return k;
}

static int mt_put(const struct meri_host *host, const struct meri_record *r)
{
	(void)host;
	if (mt.stopped)
		return MERI_STOP;
	mt.puts++;
	/* Within one run an id stands for one record. */
	assert_false(g_hash_table_contains(mt.seen_ids, r->id));
	g_hash_table_add(mt.seen_ids, g_strdup(r->id));
	g_hash_table_replace(mt.pending, g_strdup(r->id), keep(r));
	if (mt.at_put)
		mt.at_put();
	mt.stopped = mt.stop_at_put && mt.puts >= mt.stop_at_put;
	return mt.stopped ? MERI_STOP : 0;
}

static int mt_unchanged(const struct meri_host *host, const char *item, const char *fingerprint)
{
	GHashTableIter iter;
	gpointer value;

	(void)host;
	g_hash_table_iter_init(&iter, mt.records);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct kept *k = value;

		if (g_strcmp0(k->item, item) == 0 && g_strcmp0(k->fingerprint, fingerprint) == 0) {
			g_hash_table_add(mt.seen_items, g_strdup(item));
			return 1;
		}
	}
	return 0;
}

static int mt_skip(const struct meri_host *host, const char *id, const char *why)
{
	(void)host;
	assert_true(*id && *why && g_utf8_validate(id, -1, NULL));
	g_ptr_array_add(mt.skips, g_strdup_printf("%s|%s", id, why));
	g_hash_table_add(mt.seen_ids, g_strdup(id));
	g_hash_table_add(mt.seen_items, g_strdup(id));
	return mt.stopped ? MERI_STOP : 0;
}

static int mt_checkpoint(const struct meri_host *host, const char *cursor)
{
	GHashTableIter iter;
	gpointer key, value;

	(void)host;
	if (mt.stopped)
		return MERI_STOP;
	g_hash_table_iter_init(&iter, mt.pending);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		g_hash_table_iter_steal(&iter);
		g_hash_table_replace(mt.records, key, value);
	}
	g_free(mt.cursor);
	mt.cursor = g_strdup(cursor);
	mt.checkpoints++;
	mt.stopped = mt.stop_at_checkpoint && mt.checkpoints >= mt.stop_at_checkpoint;
	return mt.stopped ? MERI_STOP : 0;
}

static int mt_complete(const struct meri_host *host)
{
	(void)host;
	mt.complete++;
	return 0;
}

static int mt_progress(const struct meri_host *host, uint64_t done, uint64_t total, const char *what)
{
	(void)host;
	assert_true(done <= total && what);
	return mt.stopped ? MERI_STOP : 0;
}

static int mt_remove(const struct meri_host *host, const char *id)
{
	(void)host;
	g_hash_table_remove(mt.records, id);
	return 0;
}

static const char *mt_option(const struct meri_host *host, const char *name)
{
	(void)host;
	return g_hash_table_lookup(mt.options, name);
}

static const char *mt_cursor(const struct meri_host *host)
{
	(void)host;
	return mt.lent = (g_free(mt.lent), g_strdup(mt.cursor));
}

/* Tags out, "text:" before what is not HTML; nothing for what calls itself unreadable. */
static const char *mt_text_of(const struct meri_host *host, const struct meri_blob *blob, const char **why)
{
	GString *out = g_string_new(NULL);
	const char *bytes = blob->bytes;
	gboolean tag = FALSE, html = blob->media_type && strstr(blob->media_type, "html");

	(void)host;
	g_string_assign(out, html ? "" : "text:");
	for (size_t i = 0; i < blob->length; i++) {
		tag = html && (bytes[i] == '<' || tag);
		if (!tag)
			g_string_append_c(out, bytes[i]);
		if (bytes[i] == '>')
			tag = FALSE;
	}
	*why = blob->name && strstr(blob->name, "unreadable") ? "no reader" : NULL;
	g_free(mt.lent_text);
	mt.lent_text = g_string_free(out, FALSE);
	return *why ? NULL : mt.lent_text;
}

static void G_GNUC_PRINTF(3, 4) mt_log(const struct meri_host *host, enum meri_level level, const char *format, ...)
{
	(void)host;
	(void)level;
	(void)format;
}

static int G_GNUC_PRINTF(4, 5)
	mt_fail(const struct meri_host *host, enum meri_class class, int64_t after, const char *format, ...)
{
	(void)host;
	(void)after;
	(void)format;
	mt.fail_class = class;
	return (int)class;
}

/* ---- for the tests ---- */

/* Runs the connector once on the test's folder, and takes out what a complete listing no longer has. */
static int mt_run(void)
{
	GHashTableIter iter;
	gpointer value;
	int result;

	g_hash_table_remove_all(mt.pending);
	g_hash_table_remove_all(mt.seen_ids);
	g_hash_table_remove_all(mt.seen_items);
	g_ptr_array_set_size(mt.skips, 0);
	mt.puts = mt.checkpoints = mt.complete = mt.fail_class = 0;
	mt.stopped = FALSE;
	result = mt.connector->sync(&mt.host);
	if (mt.stopped)
		return result;
	assert_int_equal(g_hash_table_size(mt.pending), 0); /* nothing is left without a checkpoint */
	g_hash_table_iter_init(&iter, mt.records);
	while (mt.complete && g_hash_table_iter_next(&iter, NULL, &value)) {
		struct kept *k = value;

		if (!g_hash_table_contains(mt.seen_ids, k->id) &&
		    !(k->item && g_hash_table_contains(mt.seen_items, k->item)))
			g_hash_table_iter_remove(&iter);
	}
	return result;
}

static void mt_forget(void)
{
	g_hash_table_remove_all(mt.records);
	g_clear_pointer(&mt.cursor, g_free);
}

static void mt_set(const char *name, const char *value)
{
	g_hash_table_replace(mt.options, g_strdup(name), g_strdup(value));
}

static char *mt_path(const char *name)
{
	return g_build_filename(mt.folder, name, NULL);
}

static void mt_write_bytes(const char *name, const char *bytes, size_t length)
{
	g_autofree char *path = mt_path(name), *folder = g_path_get_dirname(path);

	assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
	assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
}

static void mt_write(const char *name, const char *text)
{
	mt_write_bytes(name, text, strlen(text));
}

static struct kept *mt_get(const char *id)
{
	struct kept *k = g_hash_table_lookup(mt.records, id);

	if (!k)
		print_error("no record has the id %s\n", id);
	assert_non_null(k);
	return k;
}

static unsigned mt_count(void)
{
	return g_hash_table_size(mt.records);
}

static gboolean mt_has(GPtrArray *list, const char *entry)
{
	for (guint i = 0; i < list->len; i++)
		if (strcmp(list->pdata[i], entry) == 0)
			return TRUE;
	return FALSE;
}

static void mt_expect(GPtrArray *list, const char *entry)
{
	if (mt_has(list, entry))
		return;
	print_error("missing: %s; there is:\n", entry);
	for (guint i = 0; i < list->len; i++)
		print_error("  %s\n", (char *)list->pdata[i]);
	fail();
}

static void remove_tree(const char *path)
{
	const char *name;
	GDir *dir = g_dir_open(path, 0, NULL);

	while (dir && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);

		if (g_file_test(below, G_FILE_TEST_IS_DIR) && !g_file_test(below, G_FILE_TEST_IS_SYMLINK)) {
			chmod(below, 0700);
			remove_tree(below);
		} else {
			unlink(below);
		}
	}
	if (dir)
		g_dir_close(dir);
	rmdir(path);
}

static int mt_setup(void **state)
{
	(void)state;
	mt.folder = g_dir_make_tmp("meri-mail-XXXXXX", NULL);
	mt.options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	mt.records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, kept_free);
	mt.pending = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, kept_free);
	mt.seen_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	mt.seen_items = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	mt.skips = g_ptr_array_new_with_free_func(g_free);
	mt.stop_at_put = mt.stop_at_checkpoint = 0;
	mt.at_put = NULL;
	mt_set("path", mt.folder);
	return mt.folder ? 0 : -1;
}

static int mt_teardown(void **state)
{
	(void)state;
	mt_forget();
	g_hash_table_unref(mt.options);
	g_hash_table_unref(mt.records);
	g_hash_table_unref(mt.pending);
	g_hash_table_unref(mt.seen_ids);
	g_hash_table_unref(mt.seen_items);
	g_ptr_array_unref(mt.skips);
	g_clear_pointer(&mt.lent, g_free);
	g_clear_pointer(&mt.lent_text, g_free);
	remove_tree(mt.folder);
	g_free(mt.folder);
	return 0;
}

/* GLib's slices hide pointers from leak checkers: with one, the test starts over without them. */
static void mt_show_leaks(char **argv)
{
#ifdef __SANITIZE_ADDRESS__
	if (!g_getenv("G_SLICE") && g_setenv("G_SLICE", "always-malloc", TRUE))
		execv("/proc/self/exe", argv);
#endif
	(void)argv;
}

/* Loads the connector from the build that this test belongs to. FALSE, and says so, if it is not there. */
static gboolean mt_load(char **argv)
{
	const char *build = g_getenv("B") ? g_getenv("B") : "build";
	g_autofree char *path = g_build_filename(build, "plugins", "mail.so", NULL);
	void *library;

	mt_show_leaks(argv);
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	mt.connector = library ? dlsym(library, "meri_connector") : NULL;
	mt.host = (struct meri_host){sizeof(mt.host), MERI_ABI,     mt_option,  mt_cursor,     mt_put,
				     mt_remove,       mt_unchanged, mt_skip,    mt_checkpoint, mt_complete,
				     mt_progress,     NULL,         mt_text_of, mt_log,        mt_fail};
	if (!mt.connector)
		printf("cannot load %s: %s\n", path, dlerror());
	return mt.connector != NULL;
}

#define MT_TEST(name) cmocka_unit_test_setup_teardown(name, mt_setup, mt_teardown)
