/* Any bytes as names, addresses, teams, passwords and secrets of who wants in: nobody gets in who was not let in, what
 * is taken is valid and comes back the same, and what is noted of it in the audit is one line. */
// with: core/lookup/*.c core/text/*.c core/store/*.c core/identity/*.c core/base/*.c
// libs: glib-2.0 gio-2.0 gio-unix-2.0 sqlite3 libvoikko jansson libsodium libpsl
// link: -lstemmer -lm
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/audit.h"
#include "store/fence.h"
#include "store/people.h"
#include "../storefolder.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static void demand(gboolean holds)
{
	if (!holds)
		abort();
}

static char *folder;

static void remove_store(void)
{
	store_folder_remove(folder);
}

static store *made(store **reader)
{
	static store *s, *r;
	if (!s) {
		folder = g_dir_make_tmp("meri-fuzz-people-XXXXXX", NULL);
		demand(folder != NULL);
		atexit(remove_store);
		g_autofree char *path = g_build_filename(folder, "meri.db", NULL);
		s = store_open(path, STORE_WRITE, "fi", NULL);
		demand(s != NULL);
		r = store_open(path, STORE_READ, "fi", NULL);
		demand(r != NULL);
	}
	*reader = r;
	return s;
}

/* Nothing that was never handed out opens anything. */
static void show(store *s, const char *secret)
{
	gint64 user;
	demand(store_session_get(s, secret, 1, NULL) == NULL);
	demand(store_token_get(s, secret, 1, NULL) == NULL);
	demand(!store_key_get(s, secret, 1, &user, NULL));
	demand(!store_key_use(s, secret, 1, &user, NULL));
	demand(store_session_end(s, secret, NULL));
}

static void add(store *s, const struct store_user *user)
{
	gint64 id = 0;
	if (!store_user_add(s, user, 1, &id, NULL))
		return;
	g_autoptr(store_user) again = store_user_get(s, id, NULL);
	g_autoptr(store_user) named = store_user_named(s, user->name, NULL);
	demand(again && named && named->id == id && g_utf8_validate(again->name, -1, NULL));
	g_autoptr(store_user) by_own = store_user_named(s, again->name, NULL);
	demand(by_own && by_own->id == id);
	demand(g_strv_length(again->teams) <= g_strv_length(user->teams));
	demand(store_user_change(s, again, NULL));
}

static void note(store *s, const char *what)
{
	const struct store_audit entry = {.at = 1,
					  .name = (char *)what,
					  .via = (char *)what,
					  .action = (char *)what,
					  .what = (char *)what,
					  .address = (char *)what,
					  .hits = -1};
	demand(store_audit_note(s, &entry, NULL));
	g_autoptr(GPtrArray) entries = store_audit_list(s, &(struct store_audit_filter){.user = what}, 1, NULL);
	demand(entries != NULL);
	const char *words = entries->len ? ((struct store_audit *)entries->pdata[0])->what : NULL;
	demand(!words || (g_utf8_validate(words, -1, NULL) && !strpbrk(words, "\r\n\t\x1b")));
}

/* Pieces of the input, with 0xff between. */
int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
	store *reader, *s = made(&reader);
	g_autofree char *text = g_strndup((const char *)data, size);
	g_auto(GStrv) parts = g_strsplit(text, "\xff", 8);
	guint n = g_strv_length(parts);
	demand(store_begin(s, NULL));
	for (guint i = 0; i < n; i++) {
		show(s, parts[i]);
		note(s, parts[i]);
	}
	const struct store_user user = {.name = n > 0 ? parts[0] : NULL,
					.full_name = n > 1 ? parts[1] : NULL,
					.email = n > 2 ? parts[2] : NULL,
					.teams = n > 3 ? parts + 3 : NULL};
	add(s, &user);
	store_rollback(s);
	const struct store_rights rights = {.names = (const char *const *)parts};
	demand(store_fence(reader, &rights, NULL));
	return 0;
}
