/* What the tests of core/store share: a store in a folder of its own, records in one line, and words of the store in
 * one line. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/base.h"
#include "store/store.h"

/* Fails the test with the error's message. */
#define GOOD(call)                                                                                                     \
	do {                                                                                                           \
		g_autoptr(GError) good_error = NULL;                                                                   \
		GError **error = &good_error;                                                                          \
		if (!(call))                                                                                           \
			fail_msg("%s:%d: %s: %s", __FILE__, __LINE__, #call,                                           \
				 good_error ? good_error->message : "no message");                                     \
	} while (0)
/* Asserts that the call fails with this code; the message is in `said` afterwards. */
#define BAD(call, code_wanted)                                                                                         \
	do {                                                                                                           \
		g_clear_error(&said);                                                                                  \
		GError **error = &said;                                                                                \
		if (call)                                                                                              \
			fail_msg("%s:%d: %s went well", __FILE__, __LINE__, #call);                                    \
		if (!g_error_matches(said, STORE_ERROR, code_wanted))                                                  \
			fail_msg("%s:%d: %s: %s", __FILE__, __LINE__, #call, said ? said->message : "no message");     \
	} while (0)

struct place {
	char *folder, *path;
};

static inline int place_make(void **state)
{
	struct place *place = g_new0(struct place, 1);
	place->folder = g_dir_make_tmp("meri-store-XXXXXX", NULL);
	place->path = g_build_filename(place->folder, "meri.db", NULL);
	*state = place;
	return place->folder ? 0 : -1;
}

static inline int place_remove(void **state)
{
	struct place *place = *state;
	GDir *dir = g_dir_open(place->folder, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *path = g_build_filename(place->folder, name, NULL);
		g_unlink(path);
	}
	g_dir_close(dir);
	g_rmdir(place->folder);
	g_free(place->folder);
	g_free(place->path);
	g_free(place);
	return 0;
}

static inline store *open_store(const struct place *place, enum store_mode mode)
{
	g_autoptr(GError) error = NULL;
	store *s = store_open(place->path, mode, "fi", &error);
	if (!s)
		fail_msg("%s", error->message);
	return s;
}

static inline struct meri_record record_of(const char *id, const char *text)
{
	return (struct meri_record){.size = sizeof(struct meri_record), .id = id, .kind = MERI_NOTE, .text = text};
}

/* Puts in a transaction of its own; returns the row. */
static inline gint64 put(store *s, gint64 source, gint64 run, const struct meri_record *record,
			 enum store_change wanted)
{
	gint64 row = 0;
	enum store_change change = STORE_SAME;
	GOOD(store_begin(s, error));
	GOOD(store_put(s, source, run, record, &change, &row, error));
	GOOD(store_commit(s, error));
	if (change != wanted)
		fail_msg("record %s: change %d, not %d", record->id, change, wanted);
	return row;
}

static inline gint64 source_new(store *s, const char *name)
{
	gint64 id = 0;
	GOOD(store_begin(s, error));
	GOOD(store_source_ensure(s, name, "test", &id, error));
	GOOD(store_commit(s, error));
	return id;
}

static inline gint64 run_new(store *s, gint64 source)
{
	gint64 id = 0;
	GOOD(store_begin(s, error));
	GOOD(store_run_begin(s, source, base_now(), &id, error));
	GOOD(store_commit(s, error));
	return id;
}

/* The first column of all rows, with commas. */
static inline char *ask(store *s, const char *sql)
{
	GString *all = g_string_new(NULL);
	g_autoptr(GError) error = NULL;
	sqlite3_stmt *statement = store_prepare(s, sql, &error);
	int row = -1;
	while (statement && (row = store_row(s, statement, &error)) == 1) {
		const char *text = (const char *)sqlite3_column_text(statement, 0);
		g_string_append_printf(all, "%s%s", all->len ? "," : "", text ? text : "NULL");
	}
	if (row != 0)
		fail_msg("%s: %s", sql, error ? error->message : "");
	return g_string_free(all, FALSE);
}

#define ASKED(s, sql, wanted)                                                                                          \
	do {                                                                                                           \
		g_autofree char *asked = ask(s, sql);                                                                  \
		assert_string_equal(asked, wanted);                                                                    \
	} while (0)

static inline void verified(store *s)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	GOOD(store_verify(s, problems, error));
	for (guint i = 0; i < problems->len; i++)
		print_error("%s\n", (char *)problems->pdata[i]);
	assert_int_equal(problems->len, 0);
}
