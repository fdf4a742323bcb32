/* What is still open: tickets and deals whose status does not say that they are over. */
#include "lookup/timeline.h"

#include <string.h>

#include "text/text.h"

enum { LOOKED_AT = 10000 }; /* tickets and deals of one customer, the newest first */

/* States that end a matter, in one word; folded as text_fold does (a for ä). Also the first or last word of a longer
 * state: "Closed Won", "Kauppa voitettu". */
static const char *const over[] = {
	/* English */
	"closed",
	"close",
	"done",
	"resolved",
	"solved",
	"fixed",
	"completed",
	"complete",
	"finished",
	"cancelled",
	"canceled",
	"rejected",
	"declined",
	"won",
	"lost",
	"verified",
	"duplicate",
	"invalid",
	"wontfix",
	"archived",
	"expired",
	"deleted",
	"abandoned",
	"ended",
	"delivered",
	"paid",
	"answered",
	"obsolete",
	"dismissed",
	"released",
	"shipped",
	"merged",
	"withdrawn",
	"settled",
	/* Finnish */
	"suljettu",
	"valmis",
	"valmistunut",
	"ratkaistu",
	"korjattu",
	"tehty",
	"hylatty",
	"peruttu",
	"peruutettu",
	"voitettu",
	"havitty",
	"paattynyt",
	"paatetty",
	"kasitelty",
	"vastattu",
	"toimitettu",
	"laskutettu",
	"maksettu",
	"rauennut",
	"arkistoitu",
	"poistettu",
	"lopetettu",
	"loppu",
	"hoidettu",
	"kuitattu",
	"vanhentunut",
	"luovuttu",
	"mitatoity",
	"ohitettu",
	/* Swedish */
	"stangd",
	"stangt",
	"klar",
	"klart",
	"lost",
	"losta",
	"avslutad",
	"avslutat",
	"avbruten",
	"avbrutet",
	"avvisad",
	"avvisat",
	"avslagen",
	"vunnen",
	"forlorad",
	"fardig",
	"fardigt",
	"atgardad",
	"atgardat",
	"besvarad",
	"besvarat",
	"utford",
	"utfort",
	"levererad",
	"betald",
	"arkiverad",
	"annullerad",
	"makulerad",
	"nekad",
	"slutford",
	"raderad",
	/* more than one word */
	"won't fix",
	"won't do",
	"wont fix",
	"wont do",
	"will not fix",
	"not a bug",
	"not our bug",
	"cannot reproduce",
	"ei korjata",
	"ei toteudu",
	"ei tehda",
	"gors ej",
	"atgardas ej",
};

/* With one of these in it a state of several words is taken as it is, and not by its first or last word. */
static const char *const turning[] = {"not",    "to",    "be", "being",   "un",          "almost",
				      "nearly", "ready", "ei", "odottaa", "odottamassa", "melkein",
				      "lahes",  "inte",  "ej", "att",     "vantar",      "nastan"};

static gboolean listed(const char *const *words, gsize n, const char *word)
{
	for (gsize i = 0; i < n; i++)
		if (!strcmp(words[i], word))
			return TRUE;
	return FALSE;
}

gboolean lookup_status_closed(const char *status)
{
	g_autofree char *folded = text_fold(status, -1);
	g_strstrip(folded);
	if (listed(over, G_N_ELEMENTS(over), folded))
		return TRUE;
	g_auto(GStrv) words = g_strsplit_set(folded, " \t-_/:;,.()[]", -1);
	const char *first = NULL, *last = NULL;
	for (char **word = words; *word; word++) {
		if (!**word)
			continue;
		if (listed(turning, G_N_ELEMENTS(turning), *word))
			return FALSE;
		first = first ? first : *word;
		last = *word;
	}
	return first && (listed(over, G_N_ELEMENTS(over), first) || listed(over, G_N_ELEMENTS(over), last));
}

static void matter_free(gpointer data)
{
	struct lookup_matter *matter = data;
	g_free(matter->title);
	g_free(matter->status);
	g_free(matter->source);
	g_free(matter->url);
	g_free(matter);
}

/* Where a thing has several of these fields, the first of this order tells. */
static const char status_of[] =
	"SELECT value FROM field WHERE record_id = ? AND name IN ('status', 'stage', 'state', 'tila', 'vaihe', 'läge') "
	"ORDER BY CASE lower(name) WHEN 'status' THEN 0 WHEN 'stage' THEN 1 ELSE 2 END, n LIMIT 1";

/* What the record's status says; NULL if it has none. FALSE on error. */
static gboolean read_status(store *s, gint64 record, char **status, GError **error)
{
	sqlite3_stmt *ask = store_prepare(s, status_of, error);
	if (!ask)
		return FALSE;
	sqlite3_bind_int64(ask, 1, record);
	int row = store_row(s, ask, error);
	*status = row == 1 ? store_column(ask, 0) : NULL;
	sqlite3_reset(ask);
	return row >= 0;
}

static gboolean add_matter(store *s, const struct lookup_moment *moment, char *status, GPtrArray *all, GError **error)
{
	g_autofree char *kept = status;
	sqlite3_stmt *ask = store_prepare(s,
					  "SELECT coalesce(r.title, r.external_id), s.name, r.url FROM record r JOIN "
					  "source s ON s.id = r.source_id "
					  "WHERE r.id = ?",
					  error);
	if (!ask)
		return FALSE;
	sqlite3_bind_int64(ask, 1, moment->id);
	int row = store_row(s, ask, error);
	if (row == 1) {
		struct lookup_matter *matter = g_new0(struct lookup_matter, 1);
		matter->id = moment->id;
		matter->occurred = moment->occurred;
		matter->kind = lookup_kind_name(moment->kind);
		matter->title = store_column(ask, 0);
		matter->source = store_column(ask, 1);
		matter->url = store_column(ask, 2);
		matter->status = g_steal_pointer(&kept);
		g_ptr_array_add(all, matter);
	}
	sqlite3_reset(ask);
	return row >= 0;
}

GPtrArray *lookup_open_matters(store *s, const GArray *moments, guint limit, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(matter_free);
	g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	guint looked = 0;
	for (guint i = 0; i < moments->len && all->len < limit && looked < LOOKED_AT; i++) {
		const struct lookup_moment *one = &g_array_index(moments, struct lookup_moment, i);
		char *status;
		if (one->kind != MERI_TICKET && one->kind != MERI_DEAL)
			continue;
		looked++;
		if (!read_status(s, one->id, &status, error))
			return NULL;
		if (!status)
			continue;
		gpointer closed;
		if (!g_hash_table_lookup_extended(known, status, NULL, &closed)) {
			closed = GINT_TO_POINTER(lookup_status_closed(status));
			g_hash_table_insert(known, g_strdup(status), closed);
		}
		if (closed)
			g_free(status);
		else if (!add_matter(s, one, status, all, error))
			return NULL;
	}
	return g_steal_pointer(&all);
}
