/* What somebody who is still typing may mean: customers, ends of words, titles; with any bytes, and behind a fence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/suggest.h"
#include "store/fence.h"
#include "../storefolder.h"

struct fixture {
	char *folder, *path;
	store *s, *reader;
	identity *who;
	gint64 crm, mail;
};

static void put(struct fixture *f, gint64 source, enum meri_kind kind, const char *id, const char *title,
		const char *text, gint64 occurred)
{
	struct meri_record r = {
		.size = sizeof r, .id = id, .kind = kind, .title = title, .text = text, .occurred = occurred};
	gint64 row = 0;
	g_autoptr(GError) error = NULL;
	if (!store_begin(f->s, &error) || !store_put(f->s, source, 1, &r, NULL, &row, &error) ||
	    !identity_resolve(f->who, f->s, row, &r, &error) || !store_commit(f->s, &error))
		fail_msg("%s: %s", id, error->message);
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	const struct identity_settings settings = {.language = "fi", .region = "FI"};
	f->folder = g_dir_make_tmp("meri-suggest-XXXXXX", NULL);
	f->path = g_build_filename(f->folder, "meri.db", NULL);
	f->s = store_open(f->path, STORE_WRITE, "fi", NULL);
	f->who = identity_new(&settings);
	*state = f;
	if (!f->s || !lookup_prepare(f->s, NULL) || !store_begin(f->s, NULL) ||
	    !store_source_ensure(f->s, "crm", "crm_csv", &f->crm, NULL) ||
	    !store_source_ensure(f->s, "mail", "mail", &f->mail, NULL) || !store_commit(f->s, NULL))
		return -1;
	put(f, f->crm, MERI_ACCOUNT, "a1", "Kuusiston Saha Oy", NULL, 1);
	put(f, f->crm, MERI_ACCOUNT, "a2", "Åkerströms Båtvarv Ab", NULL, 2);
	put(f, f->mail, MERI_MESSAGE, "m1", "Tarjouspyyntö: vannesaha", "Pyydämme tarjouksen.", 100);
	put(f, f->mail, MERI_MESSAGE, "m2", "Tarjous 17", "Liitteenä.", 200);
	put(f, f->mail, MERI_MESSAGE, "m3", "Tarjous 17", "Sama uudestaan.", 300);
	put(f, f->mail, MERI_MESSAGE, "m4", "tarjous vanha", "Ei voimassa.", 50);
	put(f, f->mail, MERI_MESSAGE, "m5", "Äänenvaimennin", "Kompressori ja XK-4711.", 400);
	f->reader = store_open(f->path, STORE_READ, "fi", NULL);
	return f->reader && lookup_prepare(f->reader, NULL) ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	store_close(f->reader);
	store_close(f->s);
	identity_free(f->who);
	store_folder_remove(f->folder);
	g_free(f->folder);
	g_free(f->path);
	g_free(f);
	return 0;
}

/* "customers | words | titles" */
static char *suggested(struct fixture *f, store *s, const char *typed, guint limit)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(lookup_suggestions) all = lookup_suggest(s, f->who, typed, limit, &error);
	if (!all)
		fail_msg("%s: %s", typed, error->message);
	assert_true(all->customers->len <= limit && all->words->len <= limit && all->records->len <= limit);
	GString *got = g_string_new(NULL);
	for (guint i = 0; i < all->customers->len; i++)
		g_string_append_printf(got, "%s ", ((const struct identity_found *)all->customers->pdata[i])->name);
	g_string_append_c(got, '|');
	for (guint i = 0; i < all->words->len; i++)
		g_string_append_printf(got, " %s", (char *)all->words->pdata[i]);
	g_string_append(got, " |");
	for (guint i = 0; i < all->records->len; i++)
		g_string_append_printf(got, " %s;", ((const struct lookup_titled *)all->records->pdata[i])->title);
	return g_string_free(got, FALSE);
}

static void suggests(struct fixture *f, store *s, const char *typed, const char *wanted)
{
	g_autofree char *got = suggested(f, s, typed, 5);
	if (strcmp(got, wanted) != 0)
		fail_msg("%s: \"%s\" instead of \"%s\"", typed, got, wanted);
}

static void test_customers(void **state)
{
	struct fixture *f = *state;
	suggests(f, f->s, "k", "Kuusiston Saha Oy | |");
	suggests(f, f->s, "ku", "Kuusiston Saha Oy | Kuusiston kuusisto | Kuusiston Saha Oy;");
	suggests(f, f->s, "kuusistolle", "Kuusiston Saha Oy | |");
	suggests(f, f->s, "å", "Åkerströms Båtvarv Ab | |");
	suggests(f, f->s, "Åkers", "Åkerströms Båtvarv Ab | Åkerströms | Åkerströms Båtvarv Ab;");
}

static void test_words_and_titles(void **state)
{
	struct fixture *f = *state;
	suggests(f, f->s, "tarj", "| tarjous Tarjouspyyntö | Tarjous 17; Tarjouspyyntö: vannesaha; tarjous vanha;");
	suggests(f, f->s, "vanha tarjousp", "| Tarjouspyyntö |");
	suggests(f, f->s, "tarjous 1", "| | Tarjous 17;");
	suggests(f, f->s, "tarjous ", "| | Tarjous 17; Tarjouspyyntö: vannesaha; tarjous vanha;");
	suggests(f, f->s, "äänen", "| Äänenvaimennin | Äänenvaimennin;");
	suggests(f, f->s, "kompress", "| Kompressori |");
	suggests(f, f->s, "nothing-of-the-kind", "| |");
	suggests(f, f->s, "source:cr", "| |");
	suggests(f, f->s, "", "| |");
	suggests(f, f->s, "   ", "| |");
	g_autofree char *one = suggested(f, f->s, "tarj", 1);
	assert_string_equal(one, "| tarjous | Tarjous 17;");
}

/* Whatever is typed, there is an answer. */
static void test_any_bytes(void **state)
{
	struct fixture *f = *state;
	static const char *const typed[] = {"\xff\xfe",
					    "\xc3",
					    "\"",
					    "-",
					    "*",
					    "((",
					    "a\"b",
					    "\x01",
					    "\xe2\x80\xae",
					    "%s%n",
					    "tarj\x01ous",
					    "\xf0\x9f\x90\x9f\xf0\x9f\x90\x9f",
					    "'; DROP TABLE record; --"};
	for (gsize i = 0; i < G_N_ELEMENTS(typed); i++)
		g_free(suggested(f, f->s, typed[i], 5));
	g_autofree char *once = g_strnfill(20000, 'a');
	g_free(suggested(f, f->s, once, 5));
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);
	for (guint i = 0; i < 300; i++) {
		char bytes[24] = {0};
		for (guint k = 0; k < sizeof bytes - 1; k++)
			bytes[k] = (char)g_rand_int_range(rand, 1, 256);
		g_free(suggested(f, f->s, bytes, 5));
	}
}

static void test_behind_a_fence(void **state)
{
	struct fixture *f = *state;
	const char *const names[] = {NULL};
	struct store_rights rights = {.sources = &f->crm, .n_sources = 1, .names = names};
	g_autoptr(GError) error = NULL;
	if (!store_fence(f->reader, &rights, &error))
		fail_msg("%s", error->message);
	suggests(f, f->reader, "tarj", "| |");
	suggests(f, f->reader, "kompress", "| |");
	suggests(f, f->reader, "ku", "Kuusiston Saha Oy | Kuusiston kuusisto | Kuusiston Saha Oy;");
	rights.sources = &f->mail;
	assert_true(store_fence(f->reader, &rights, NULL));
	suggests(f, f->reader, "ku", "| |");
	suggests(f, f->reader, "kompress", "| Kompressori |");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_customers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_words_and_titles, setup, teardown),
		cmocka_unit_test_setup_teardown(test_any_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_behind_a_fence, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
