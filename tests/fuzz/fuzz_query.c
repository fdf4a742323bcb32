/* Any bytes as a query to a small store: there is always an answer, marks lie within their snippets and do not overlap,
 * snippets are one line of valid text, and how the query was read can be read again to the same. */
// with: core/lookup/*.c core/text/*.c core/store/*.c core/identity/*.c core/base/*.c
// libs: glib-2.0 gio-2.0 gio-unix-2.0 sqlite3 libvoikko jansson libsodium libpsl
// link: -lstemmer -lm
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/lookup.h"
#include "../storefolder.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static const struct {
	const char *id, *title, *text, *thread, *from;
	enum meri_kind kind;
} GIVEN[] = {
	{"a1", "Virtasen Konepaja Oy", "Phone: +358 40 123 4567\nCity: Tampere", NULL, NULL, MERI_ACCOUNT},
	{"m1", "ABC-123: pumppu vuotaa", "Huoltosopimuksen mukaan <b>tänään</b>.\xe2\x80\xae Kiitos\x07!", "t1",
	 "Maija", MERI_MESSAGE},
	{"m2", "Re: ABC-123", "We send a mechanic tomorrow, see www.virtanen.example.", "t1", NULL, MERI_MESSAGE},
	{"n1", "", "Båtvarvets pumpar skramlar. The pump's oil-free compressor.", NULL, NULL, MERI_NOTE},
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

static store *made(void)
{
	static store *s;
	if (s)
		return s;
	gint64 source, row;
	enum store_change change;
	folder = g_dir_make_tmp("meri-fuzz-query-XXXXXX", NULL);
	demand(folder != NULL);
	atexit(remove_store);
	g_autofree char *path = g_build_filename(folder, "meri.db", NULL);
	s = store_open(path, STORE_WRITE, "fi", NULL);
	demand(s && lookup_prepare(s, NULL) && store_begin(s, NULL) &&
	       store_source_ensure(s, "all", "notes", &source, NULL));
	for (gsize i = 0; i < G_N_ELEMENTS(GIVEN); i++) {
		struct meri_party party = {"from", GIVEN[i].from, NULL, NULL};
		struct meri_record r = {.size = sizeof r,
					.id = GIVEN[i].id,
					.kind = GIVEN[i].kind,
					.title = GIVEN[i].title,
					.text = GIVEN[i].text,
					.thread = GIVEN[i].thread,
					.occurred = 1700000000 + (gint64)i};
		if (GIVEN[i].from)
			r.parties = &party, r.n_parties = 1;
		demand(store_put(s, source, 1, &r, &change, &row, NULL));
	}
	demand(store_commit(s, NULL));
	return s;
}

static void check_hit(const struct lookup_hit *hit)
{
	demand(g_utf8_validate(hit->snippet, -1, NULL));
	glong length = g_utf8_strlen(hit->snippet, -1);
	guint end = 0;
	for (const char *p = hit->snippet; *p; p++)
		demand((guchar)*p >= ' ' && *p != 0x7f);
	for (guint i = 0; i < hit->marks->len; i++) {
		const struct lookup_mark *mark = &g_array_index(hit->marks, struct lookup_mark, i);
		demand(mark->start >= end && mark->length > 0);
		end = mark->start + mark->length;
	}
	demand(end <= length);
}

static lookup_answer *ask(store *s, text_analyser *analyser, const char *typed, gboolean full)
{
	struct lookup_request request = {.typed = typed, .limit = 10, .full = full, .now = 1710000000};
	lookup_answer *answer = lookup_find(s, analyser, &request, NULL);
	demand(answer != NULL);
	return answer;
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
	static text_analyser *analyser;
	if (!analyser)
		analyser = text_analyser_new("fi");
	g_autofree char *typed = g_strndup((const char *)data, MIN(size, 2000));
	g_autoptr(lookup_answer) answer = ask(made(), analyser, typed, FALSE);
	demand(answer->hits->len <= G_N_ELEMENTS(GIVEN) && answer->total >= answer->hits->len);
	demand(g_utf8_validate(answer->query, -1, NULL));
	for (guint i = 0; i < answer->hits->len; i++)
		check_hit(answer->hits->pdata[i]);
	g_autoptr(lookup_answer) again = ask(made(), analyser, answer->query, FALSE);
	if (strlen(answer->query) < LOOKUP_QUERY_MAX)
		demand(!strcmp(again->query, answer->query));
	return 0;
}
