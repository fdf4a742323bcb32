/* Any bytes while somebody types, and as words of a timeline, to a small store: there is always an answer, of valid
 * text, of no more than was asked for; a timeline's pages have what its total says; and a cursor that is taken is one
 * that would be written so. */
// with: core/lookup/*.c core/text/*.c core/store/*.c core/identity/*.c core/base/*.c core/serve/cursor.c
// libs: glib-2.0 gio-2.0 gio-unix-2.0 sqlite3 libvoikko jansson libsodium libpsl libmicrohttpd
// link: -lstemmer -lm
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/suggest.h"
#include "lookup/timeline.h"
#include "serve/cursor.h"
#include "../storefolder.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

enum { LIMIT = 3 };

/* What cursor.c asks of a request, which there is none of here. */
G_DEFINE_QUARK(fuzz - serve - error, serve_error)
const char *serve_parameter(struct serve_request *request, const char *name)
{
	(void)request, (void)name;
	return NULL;
}
GPtrArray *serve_parameters(struct serve_request *request, const char *name)
{
	(void)request, (void)name;
	return g_ptr_array_new();
}

static const struct {
	const char *id, *title, *text;
	enum meri_kind kind;
} GIVEN[] = {
	{"a1", "Virtasen Konepaja Oy", "Phone: +358 40 123 4567\nCity: Tampere", MERI_ACCOUNT},
	{"m1", "ABC-123: pumppu vuotaa", "Huoltosopimuksen mukaan <b>tänään</b>.\xe2\x80\xae Kiitos\x07!",
	 MERI_MESSAGE},
	{"m2", "Re: ABC-123", "We send a mechanic tomorrow, see www.virtanen.example.", MERI_TICKET},
	{"n1", "Åkerströms pumpar", "Båtvarvets pumpar skramlar. The pump's oil-free compressor.", MERI_NOTE},
};

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

static store *made(identity *who)
{
	static store *s;
	if (s)
		return s;
	gint64 source, row;
	folder = g_dir_make_tmp("meri-fuzz-suggest-XXXXXX", NULL);
	demand(folder != NULL);
	atexit(remove_store);
	g_autofree char *path = g_build_filename(folder, "meri.db", NULL);
	s = store_open(path, STORE_WRITE, "fi", NULL);
	demand(s && lookup_prepare(s, NULL) && store_begin(s, NULL) &&
	       store_source_ensure(s, "all", "notes", &source, NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(GIVEN); i++) {
		const struct meri_pair hint = {"crm-id", "K-1"};
		struct meri_record r = {.size = sizeof r,
					.id = GIVEN[i].id,
					.kind = GIVEN[i].kind,
					.title = GIVEN[i].title,
					.text = GIVEN[i].text,
					.hints = &hint,
					.n_hints = 1,
					.occurred = 1700000000 + (gint64)i};
		demand(store_put(s, source, 1, &r, NULL, &row, NULL) && identity_resolve(who, s, row, &r, NULL));
	}
	demand(store_commit(s, NULL));
	return s;
}

static void suggest(store *s, const identity *who, const char *typed)
{
	g_autoptr(lookup_suggestions) all = lookup_suggest(s, who, typed, LIMIT, NULL);
	demand(all && all->customers->len <= LIMIT && all->words->len <= LIMIT && all->records->len <= LIMIT);
	for (guint i = 0; i < all->words->len; i++)
		demand(g_utf8_validate(all->words->pdata[i], -1, NULL));
}

static void timeline(store *s, text_analyser *analyser, const identity *who, const char *typed)
{
	g_autoptr(GArray) moments = lookup_moments(s, 1, NULL);
	demand(moments && moments->len == G_N_ELEMENTS(GIVEN));
	struct lookup_timeline_request request = {
		.moments = moments, .typed = typed, .who = who, .limit = 1, .now = 1710000000};
	gint64 met = 0, total = -1;
	for (gboolean end = FALSE; !end; met++) {
		g_autoptr(lookup_page) page = lookup_timeline(s, analyser, &request, NULL);
		demand(page && (total < 0 || page->total == total));
		total = page->total;
		if (!page->hits->len)
			break;
		end = page->end;
		request.after = page->next;
	}
	demand(met == total);
}

static void cursor(const char *word)
{
	gint64 numbers[SERVE_CURSOR_NUMBERS];
	if (!serve_cursor_parse("list", word, numbers))
		return;
	g_autofree char *again = serve_cursor_write("list", numbers);
	demand(!strcmp(again, word));
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
	static text_analyser *analyser;
	static identity *who;
	if (!analyser) {
		const struct identity_settings settings = {.language = "fi", .region = "FI"};
		analyser = text_analyser_new("fi");
		who = identity_new(&settings);
	}
	g_autofree char *typed = g_strndup((const char *)data, MIN(size, 600));
	store *s = made(who);
	suggest(s, who, typed);
	timeline(s, analyser, who, typed);
	cursor(typed);
	return 0;
}
