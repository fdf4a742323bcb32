/* The connector crm_csv as its host sees it: loaded from the build, run on fixtures and on files written here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dlfcn.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

#include "meri/connector.h"

/* ---- a host that keeps what it is given ---- */

struct kept {
	char *id, *title, *text, *url, *thread, *parent, *item, *fingerprint;
	enum meri_kind kind;
	gint64 occurred, updated;
	GPtrArray *hints, *fields, *parties; /* "name=value", "role:name<address>@organisation" */
	guint left_out;
};

static struct {
	struct meri_host host;
	GHashTable *options;
	GPtrArray *records, *skips; /* skips: "id|why" */
	GHashTable *items;          /* item -> fingerprint, over several runs */
	GString *log;
	guint unchanged, completes, checkpoints, fail_class;
	gint64 stop_after; /* puts; 0: never */
	void (*at_put)(void);
} run;

static void kept_free(gpointer data)
{
	struct kept *k = data;
	g_free(k->id);
	g_free(k->title);
	g_free(k->text);
	g_free(k->url);
	g_free(k->thread);
	g_free(k->parent);
	g_free(k->item);
	g_free(k->fingerprint);
	g_ptr_array_unref(k->hints);
	g_ptr_array_unref(k->fields);
	g_ptr_array_unref(k->parties);
	g_free(k);
}

static GPtrArray *pairs(const struct meri_pair *pair, gsize n)
{
	GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; i < n; i++)
		g_ptr_array_add(out, g_strdup_printf("%s=%s", pair[i].name, pair[i].value));
	return out;
}

static const char *host_option(const struct meri_host *host, const char *name)
{
	(void)host;
	return g_hash_table_lookup(run.options, name);
}

static const char *host_cursor(const struct meri_host *host)
{
	(void)host;
	return NULL;
}

static int host_put(const struct meri_host *host, const struct meri_record *r)
{
	struct kept *k = g_new0(struct kept, 1);
	(void)host;
	assert_true(r->size == sizeof *r && r->id && strlen(r->id) >= 1 && strlen(r->id) <= 1000 && r->kind);
	k->id = g_strdup(r->id);
	k->title = g_strdup(r->title);
	k->text = g_strdup(r->text);
	k->url = g_strdup(r->url);
	k->thread = g_strdup(r->thread);
	k->parent = g_strdup(r->parent);
	k->item = g_strdup(r->item);
	k->fingerprint = g_strdup(r->fingerprint);
	k->kind = r->kind;
	k->occurred = r->occurred;
	k->updated = r->updated;
	k->hints = pairs(r->hints, r->n_hints);
	k->fields = pairs(r->fields, r->n_fields);
	k->left_out = (guint)r->n_left_out;
	k->parties = g_ptr_array_new_with_free_func(g_free);
	for (gsize i = 0; i < r->n_parties; i++)
		g_ptr_array_add(k->parties,
				g_strdup_printf("%s:%s<%s>@%s", r->parties[i].role,
						r->parties[i].name ? r->parties[i].name : "",
						r->parties[i].address ? r->parties[i].address : "",
						r->parties[i].organisation ? r->parties[i].organisation : ""));
	g_ptr_array_add(run.records, k);
	if (r->fingerprint)
		g_hash_table_insert(run.items, g_strdup(r->item), g_strdup(r->fingerprint));
	if (run.at_put)
		run.at_put();
	return run.stop_after && run.records->len >= run.stop_after ? MERI_STOP : 0;
}

static int host_remove(const struct meri_host *host, const char *id)
{
	(void)host;
	fail_msg("crm_csv never removes by name: %s", id);
	return 0;
}

static int host_unchanged(const struct meri_host *host, const char *item, const char *fingerprint)
{
	(void)host;
	int same = !g_strcmp0(g_hash_table_lookup(run.items, item), fingerprint);
	run.unchanged += (guint)same;
	return same;
}

static int host_skip(const struct meri_host *host, const char *id, const char *why)
{
	(void)host;
	g_ptr_array_add(run.skips, g_strdup_printf("%s|%s", id, why));
	return 0;
}

static int host_checkpoint(const struct meri_host *host, const char *cursor)
{
	(void)host;
	assert_non_null(cursor);
	run.checkpoints++;
	return 0;
}

static int host_complete(const struct meri_host *host)
{
	(void)host;
	run.completes++;
	return 0;
}

static int host_progress(const struct meri_host *host, uint64_t done, uint64_t total, const char *what)
{
	(void)host;
	(void)done;
	(void)total;
	(void)what;
	return 0;
}

static const char *host_text_of(const struct meri_host *host, const struct meri_blob *blob, const char **why)
{
	(void)host;
	*why = "no reader here";
	return g_strstr_len(blob->bytes, (gssize)blob->length, "<p>") ? "plain" : NULL;
}

__attribute__((format(printf, 3, 4))) static void host_log(const struct meri_host *host, enum meri_level level,
							   const char *format, ...)
{
	va_list list;
	(void)host;
	(void)level;
	va_start(list, format);
	g_string_append_vprintf(run.log, format, list);
	va_end(list);
	g_string_append_c(run.log, '\n');
}

__attribute__((format(printf, 4, 5))) static int host_fail(const struct meri_host *host, enum meri_class class,
							   int64_t after, const char *format, ...)
{
	va_list list;
	(void)host;
	(void)after;
	va_start(list, format);
	g_string_append_vprintf(run.log, format, list);
	va_end(list);
	run.fail_class = class;
	return 7;
}

/* ---- set-up ---- */

static const struct meri_connector *connector;
static char *fixtures;

static int load(void **state)
{
	const char *build = g_getenv("B");
	g_autofree char *path = g_build_filename(build ? build : "build", "plugins", "crm_csv.so", NULL);
	void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	(void)state;
	if (!library)
		fail_msg("%s", dlerror());
	connector = dlsym(library, "meri_connector");
	assert_non_null(connector);
	assert_int_equal(connector->abi, MERI_ABI);
	fixtures = g_canonicalize_filename("tests/fixtures/crm", NULL);
	return 0;
}

static void forget(void)
{
	g_ptr_array_set_size(run.records, 0);
	g_ptr_array_set_size(run.skips, 0);
	g_string_truncate(run.log, 0);
	run.unchanged = run.completes = run.checkpoints = run.fail_class = 0;
	run.stop_after = 0;
	run.at_put = NULL;
}

static int begin(void **state)
{
	memset(&run, 0, sizeof run);
	run.host = (struct meri_host){sizeof run.host, MERI_ABI,       host_option,  host_cursor,     host_put,
				      host_remove,     host_unchanged, host_skip,    host_checkpoint, host_complete,
				      host_progress,   NULL,           host_text_of, host_log,        host_fail};
	run.options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	run.items = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	run.records = g_ptr_array_new_with_free_func(kept_free);
	run.skips = g_ptr_array_new_with_free_func(g_free);
	run.log = g_string_new(NULL);
	*state = g_dir_make_tmp("crm-XXXXXX", NULL);
	g_hash_table_insert(run.options, g_strdup("timezone"), g_strdup("Europe/Helsinki"));
	return 0;
}

static void remove_tree(const char *path)
{
	g_autoptr(GDir) dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
	for (const char *name; dir && (name = g_dir_read_name(dir));) {
		g_autofree char *inner = g_build_filename(path, name, NULL);
		remove_tree(inner);
	}
	g_remove(path);
}

static int end(void **state)
{
	g_hash_table_unref(run.options);
	g_hash_table_unref(run.items);
	g_ptr_array_unref(run.records);
	g_ptr_array_unref(run.skips);
	g_string_free(run.log, TRUE);
	remove_tree(*state);
	g_free(*state);
	return 0;
}

static void set(const char *name, const char *value)
{
	g_hash_table_insert(run.options, g_strdup(name), g_strdup(value));
}

static int go(const char *path)
{
	forget();
	set("path", path);
	return connector->sync(&run.host);
}

static int on_fixture(const char *name)
{
	g_autofree char *path = g_build_filename(fixtures, name, NULL);
	return go(path);
}

static char *write_file(const char *folder, const char *name, const char *text, gssize length)
{
	char *path = g_build_filename(folder, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);
	g_mkdir_with_parents(parent, 0700);
	assert_true(g_file_set_contents(path, text, length, NULL));
	return path;
}

static int on_text(void **state, const char *name, const char *text)
{
	g_autofree char *path = write_file(*state, name, text, -1);
	return go(path);
}

static const struct kept *record(guint i)
{
	assert_true(i < run.records->len);
	return run.records->pdata[i];
}

static gboolean has(GPtrArray *list, const char *text)
{
	return g_ptr_array_find_with_equal_func(list, text, g_str_equal, NULL);
}

static gint64 utc(const char *iso)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(iso, NULL);
	return g_date_time_to_unix(when);
}

#define assert_skip(i, begins)                                                                                         \
	assert_true(run.skips->len > (i) &&                                                                            \
		    (g_str_has_prefix(run.skips->pdata[i], begins) ||                                                  \
		     (print_error("skip %u is: %s\n", (unsigned)(i), (char *)run.skips->pdata[i]), 0)))

/* ---- known exports ---- */

static void salesforce(void **state)
{
	(void)state;
	assert_int_equal(on_fixture("salesforce-account.csv"), 0);
	assert_int_equal(run.records->len, 2);
	const struct kept *a = record(0);
	assert_string_equal(a->id, "account/0015g00000AbCdEAAV"); /* 15 letters become 18 */
	assert_int_equal(a->kind, MERI_ACCOUNT);
	assert_string_equal(a->title, "Tammiston Saha Oy");
	assert_true(has(a->hints, "crm-id=0015g00000AbCdEAAV") && has(a->hints, "domain=tammistonsaha.example"));
	assert_true(has(a->hints, "phone=+358 3 555 0101") && has(a->hints, "name=Tammiston Saha Oy"));
	assert_non_null(strstr(a->text, "Industry: Timber\n"));
	assert_non_null(strstr(a->text, "Sahaa kuusta.\nLaajentaa ensi vuonna.\n"));
	assert_null(strstr(a->text, "0055g000001"));
	assert_int_equal(a->occurred, utc("2024-03-05T08:15:00Z"));
	assert_int_equal(a->updated, utc("2025-01-02T10:00:00Z"));
	assert_null(a->fingerprint);
	assert_non_null(record(1)->fingerprint);
	assert_string_equal(record(1)->item, "salesforce-account.csv");

	assert_int_equal(on_fixture("salesforce-contact.csv"), 0);
	assert_string_equal(record(0)->id, "person/0035g00000AAAAAAA5");
	assert_string_equal(record(0)->title, "Riitta Kuusela");
	assert_string_equal(record(0)->parent, "account/0015g00000AbCdEAAV");
	assert_true(has(record(0)->parties, "contact:Riitta Kuusela<riitta.kuusela@tammistonsaha.example>@"));
	assert_true(has(record(0)->fields, "title=Ostopäällikkö"));

	assert_int_equal(on_fixture("salesforce-task.csv"), 0);
	assert_int_equal(record(0)->kind, MERI_EVENT);
	assert_true(has(record(0)->hints, "crm-id=0015g00000AbCdEAAV"));
	assert_string_equal(record(0)->thread, "account/0015g00000AbCdEAAV");
	assert_int_equal(record(0)->occurred, utc("2024-04-02T12:00:00Z"));
}

static void hubspot(void **state)
{
	(void)state;
	assert_int_equal(on_fixture("hubspot-companies.csv"), 0);
	assert_string_equal(record(0)->id, "account/9001");
	assert_true(has(record(0)->hints, "domain=nordvik.example"));
	assert_true(has(record(0)->parties, "owner:Sari Salo<>@"));
	assert_int_equal(record(0)->occurred, utc("2024-02-01T07:30:00Z")); /* local time of Helsinki in winter */
	assert_int_equal(on_fixture("hubspot-deals.csv"), 0);
	assert_int_equal(record(0)->kind, MERI_DEAL);
	assert_true(has(record(0)->hints, "crm-id=9001") && has(record(0)->hints, "crm-id=9002"));
	assert_true(has(record(0)->fields, "amount=12500.50") && has(record(0)->fields, "stage=Closed won"));
	assert_true(has(record(0)->parties, "owner:<sari.salo@hub.example>@"));
	assert_true(has(record(0)->hints, "name=Nordvik Logistik Ab") && has(record(0)->hints, "name=Rederi Nord Ab"));
}

static void other_exports(void **state)
{
	(void)state;
	set("url-template", "https://crm.example/{kind}/{id}");
	assert_int_equal(on_fixture("dynamics-accounts.csv"), 0);
	assert_string_equal(record(0)->id, "account/5f1c1f0e-0000-4000-8000-000000000001");
	assert_string_equal(record(0)->url, "https://crm.example/account/5f1c1f0e-0000-4000-8000-000000000001");
	assert_null(strstr(record(0)->text, "abc123"));
	assert_true(has(record(0)->parties, "contact:Eero Havu<>@Havun Kaluste Oy"));
	assert_int_equal(on_fixture("suitecrm-meetings.csv"), 0);
	assert_true(has(record(0)->hints, "crm-id=acc-7"));
	assert_string_equal(record(0)->thread, "account/acc-7");
	assert_int_equal(record(1)->hints->len, 0); /* related to a project */
	assert_int_equal(on_fixture("odoo-partners.csv"), 0);
	assert_int_equal(record(0)->kind, MERI_ACCOUNT);
	assert_true(has(record(0)->hints, "business-id=FI01120389"));
	assert_int_equal(record(1)->kind, MERI_PERSON);
	assert_true(has(record(1)->hints, "crm-id=__export__.p_1"));
	assert_int_equal(on_fixture("espo-cases.csv"), 0);
	assert_int_equal(record(0)->kind, MERI_TICKET);
	assert_true(has(record(0)->fields, "number=17") && has(record(0)->hints, "crm-id=a1"));
}

static void common_names(void **state)
{
	(void)state;
	assert_int_equal(on_fixture("asiakkaat.csv"), 0);
	assert_int_equal(run.records->len, 2);
	assert_int_equal(record(0)->kind, MERI_ACCOUNT);
	assert_string_equal(record(0)->title, "Järvenpään Lämpö Oy");
	assert_true(has(record(0)->hints, "crm-id=1001") && has(record(0)->hints, "business-id=1234567-1"));
	assert_true(has(record(0)->hints, "e-mail=toimisto@lampo.example"));
	assert_int_equal(on_fixture("kunder-utf16.csv"), 0);
	assert_string_equal(record(0)->title, "Åkes Åkeri Ab");
}

/* ---- mappings ---- */

static const char shop[] =
	"CustCode|Display|Net|Region\nX1|Aallon Kello Oy|www.aalto.example|North\nX2|Boman Ab|boman.example|South\n";

static void mapping(void **state)
{
	set("account-map", "id=CustCode\ntitle=Display\nwebsite=Net");
	assert_int_equal(on_text(state, "shop.csv", shop), 0);
	assert_string_equal(record(0)->id, "account/X1");
	assert_true(has(record(0)->hints, "domain=aalto.example") && has(record(0)->fields, "region=North"));
	/* A mapping that does not fit is for other files, unless `-files` says that it is for this one. */
	set("account-map", "id=CustCode\ntitle=Nimi");
	assert_int_equal(on_text(state, "shop.csv", shop), 0);
	assert_int_equal(record(0)->kind, MERI_DOCUMENT);
	set("account-files", "shop*.csv");
	assert_int_equal(on_text(state, "shop.csv", shop), 0);
	assert_int_equal(run.records->len, 0);
	assert_skip(0, "shop.csv|account-map names a column \"Nimi\" that it does not have; it has: CustCode, Display, "
		       "Net, Region");
}

static void wrong_settings(void **state)
{
	set("deal-map", "id=A\namuont=B");
	assert_int_equal(on_text(state, "a.csv", "A,B\n1,2\n"), 7);
	assert_int_equal(run.fail_class, MERI_CONFIG);
	assert_non_null(strstr(run.log->str, "deal-map: there is no role \"amuont\"; there are: id title"));
	set("deal-map", "id=A");
	set("encoding", "utf-99");
	assert_int_equal(on_text(state, "a.csv", "A,B\n1,2\n"), 7);
	assert_non_null(strstr(run.log->str, "encoding: \"utf-99\""));
	set("encoding", "");
	assert_int_equal(go("/nowhere/at/all"), 7);
	assert_int_equal(run.fail_class, MERI_CONFIG);
	assert_int_equal(connector->check(&run.host), 7);
}

/* ---- encodings and delimiters ---- */

static void encoded(void **state, const char *charset, const char *mark, gsize mark_length)
{
	gsize length;
	g_autofree char *body =
		g_convert("nimi;kuvaus;määrä\nÄyskäri;\"öljy; å\";3\n", -1, charset, "UTF-8", NULL, &length, NULL);
	g_autoptr(GString) all = g_string_new_len(mark, (gssize)mark_length);
	g_string_append_len(all, body, (gssize)length);
	g_autofree char *path = write_file(*state, "e.csv", all->str, (gssize)all->len);
	assert_int_equal(go(path), 0);
	assert_int_equal(run.records->len, 1);
	assert_string_equal(record(0)->title, "Äyskäri");
	assert_string_equal(record(0)->text, "nimi: Äyskäri\nkuvaus: öljy; å\nmäärä: 3\n");
}

static void encodings(void **state)
{
	encoded(state, "UTF-8", "", 0);
	encoded(state, "UTF-8", "\xEF\xBB\xBF", 3);
	encoded(state, "UTF-16LE", "\xFF\xFE", 2);
	encoded(state, "UTF-16BE", "\xFE\xFF", 2);
	encoded(state, "UTF-16LE", "", 0);
	encoded(state, "UTF-16BE", "", 0);
	encoded(state, "UTF-32LE", "\xFF\xFE\0\0", 4);
	encoded(state, "WINDOWS-1252", "", 0);
	encoded(state, "ISO-8859-1", "", 0);
	set("encoding", "CP850");
	encoded(state, "CP850", "", 0);
}

/* The first letter outside ASCII comes after more than any look at the beginning would see. */
static void late_umlaut(void **state)
{
	g_autoptr(GString) text = g_string_new("name,city,phone,email,website,industry\n");
	for (int i = 0; i < 9000; i++)
		g_string_append_printf(text, "Firma %d,Turku,1,a@b.example,b.example,x\n", i);
	g_string_append(text, "H\xF6yry,Turku,1,a@b.example,b.example,x\n");
	g_autofree char *path = write_file(*state, "late.csv", text->str, (gssize)text->len);
	assert_int_equal(go(path), 0);
	assert_int_equal(run.records->len, 9001);
	assert_int_equal(run.checkpoints, 9);
	assert_string_equal(record(9000)->title, "Höyry");
}

static void delimiters(void **state)
{
	assert_int_equal(on_fixture("excel-sep.csv"), 0);
	assert_string_equal(record(0)->text, "Tuote: Terä 12\"\nHinta: 19,90\nHuomautus: pilkku, ei puolipiste\n");
	assert_int_equal(on_text(state, "t.tsv", "a\tb\tc\n1,5\t2,5\tx, y\n"), 0);
	assert_string_equal(record(0)->text, "a: 1,5\nb: 2,5\nc: x, y\n");
	set("delimiter", "colon");
	assert_int_equal(on_text(state, "c.csv", "a:b\nx,y:z\n"), 0);
	assert_string_equal(record(0)->text, "a: x,y\nb: z\n");
}

static void layout(void **state)
{
	assert_int_equal(on_fixture("mac.csv"), 0);
	assert_int_equal(run.records->len, 2);
	assert_non_null(strstr(record(0)->text, "note:\nkaksi\nriviä\n"));
	assert_int_equal(on_fixture("titles.csv"), 0);
	assert_int_equal(run.records->len, 2);
	assert_non_null(strstr(run.log->str, "1 lines before the header"));
	assert_int_equal(on_fixture("headless.csv"), 0);
	assert_int_equal(run.records->len, 2);
	assert_string_equal(record(0)->text, "Column 1: 1001\nColumn 2: Ensimmäinen rivi\nColumn 3: 12.3.2025\n");
	assert_int_equal(on_text(state, "padded.csv", ",,,\nRaportti 2025,,,\n\nnimi,maa,x,y\na,b,1,2\n"), 0);
	assert_int_equal(run.records->len, 1);
	assert_string_equal(record(0)->text, "nimi: a\nmaa: b\nx: 1\ny: 2\n");
	/* Columns without a name at the end, empty rows, blank lines. */
	assert_int_equal(on_text(state, "w.csv", "a,b,,\n\n1,x,,\n,,,\n2,y\n3,z,more,\n"), 0);
	assert_int_equal(run.records->len, 3);
	assert_non_null(strstr(record(2)->text, "Column 3: more"));
}

/* ---- broken files and rows ---- */

static void ragged(void **state)
{
	(void)state;
	assert_int_equal(on_fixture("ragged.csv"), 0);
	assert_int_equal(run.records->len, 2);
	assert_int_equal(run.skips->len, 2);
	assert_skip(0, "row/ragged.csv/2|ragged.csv, line 3: the row has 2 cells where the header has 3");
	assert_skip(1, "row/ragged.csv/4|ragged.csv, line 5: the row has 4 cells where the header has 3");
	assert_null(record(1)->fingerprint); /* to be read again: its failures stay listed */
	assert_int_equal(run.completes, 1);
}

static void runaway_quotes(void **state)
{
	(void)state;
	assert_int_equal(on_fixture("runaway.csv"), 0);
	assert_int_equal(run.records->len, 3);
	assert_skip(0, "runaway.csv:2|runaway.csv, line 2: the quote that opens in line 2");
	assert_non_null(strstr(record(0)->text, "Kaksi"));
	/* Here the swallowed row would even have the right number of cells. */
	assert_int_equal(on_fixture("runaway-even.csv"), 0);
	assert_int_equal(run.records->len, 2);
	assert_skip(0, "runaway-even.csv:2|runaway-even.csv, line 2: the quote that opens in line 2");
	assert_int_equal(on_fixture("truncated.csv"), 0);
	assert_int_equal(run.records->len, 1);
	assert_skip(0, "truncated.csv:3|truncated.csv, line 3: the quote that opens in line 3 is never closed");
	assert_skip(1, "truncated.csv|it ends in the middle of a row");
}

/* A quote in a large file that is never closed costs its own row, however far its text would reach. */
static void far_runaway(void **state)
{
	g_autoptr(GString) text = g_string_new("id,name,note\n1,\"open,x\n");
	for (int i = 2; i < 300000; i++)
		g_string_append_printf(text, "%d,name of %d,note\n", i, i);
	g_autofree char *path = write_file(*state, "far.csv", text->str, (gssize)text->len);
	assert_int_equal(go(path), 0);
	assert_int_equal(run.records->len, 299998);
	assert_int_equal(run.skips->len, 1);
	assert_skip(0, "far.csv:2|far.csv, line 2: the quote that opens in line 2 is never closed");
}

static void every_quote_open(void **state)
{
	g_autoptr(GString) text = g_string_new("id,name,note\n");
	for (int i = 0; i < 400000; i++)
		g_string_append_printf(text, "%d,\"x%d,note and more\n", i, i);
	g_autofree char *path = write_file(*state, "all.csv", text->str, (gssize)text->len);
	assert_int_equal(go(path), 0); /* and within the test's time */
	assert_true(run.skips->len > 0);
}

static void report_tail(void **state)
{
	assert_int_equal(
		on_text(state, "report.csv",
			"Account ID,Account Name,Billing City\nA1,Yksi Oy,Oulu\nA2,Kaksi Oy,Turku\n\n\"Own report\"\n"
			"\"Confidential\"\n\"Generated by: S\"\n"),
		0);
	assert_int_equal(run.records->len, 2);
	assert_int_equal(run.skips->len, 0);
	assert_non_null(record(1)->fingerprint);
	assert_non_null(strstr(run.log->str, "3 lines under the table, from line 5 on"));
	/* The same in the middle of a table is broken. */
	assert_int_equal(on_text(state, "middle.csv", "id,name,city\n1,a,b\n\nlonely\n2,c,d\n"), 0);
	assert_int_equal(run.records->len, 2);
	assert_skip(0, "middle.csv:4|middle.csv, line 4: the row has 1 cell");
	/* A whole row under the id of a broken one is a record. */
	assert_int_equal(on_text(state, "mended.csv", "id,name,city\n1,a\n1,a,b\n"), 0);
	assert_int_equal(run.records->len, 1);
	assert_int_equal(run.skips->len, 1);
}

static void double_ids(void **state)
{
	(void)state;
	assert_int_equal(on_fixture("twice.csv"), 0);
	assert_int_equal(run.records->len, 2);
	assert_int_equal(run.skips->len, 1);
	assert_skip(0, "twice.csv:4|twice.csv, lines 2 and 4: two different rows have the id \"account/1\"");
	assert_int_equal(on_fixture("same-rows.csv"), 0);
	assert_int_equal(run.records->len, 3);
	assert_true(g_str_has_suffix(record(1)->id, "~2") && g_str_has_prefix(record(1)->id, record(0)->id));
}

static void unreadable(void **state)
{
	assert_int_equal(on_text(state, "empty.csv", ""), 0);
	assert_skip(0, "empty.csv|it is empty");
	assert_int_equal(on_text(state, "book.csv", "PK\x03\x04stuff"), 0);
	assert_skip(0, "book.csv|it is a ZIP archive or an Excel workbook (.xlsx), not a CSV file");
	g_autofree char *zeros = g_malloc0(5000);
	g_autofree char *path = write_file(*state, "zeros.csv", zeros, 5000);
	assert_int_equal(go(path), 0);
	assert_skip(0, "zeros.csv|it is not text");
	g_autofree char *some = write_file(*state, "some.csv", "a,b\nx\0y,2\n", 10);
	assert_int_equal(go(some), 0);
	assert_string_equal(record(0)->text, "a: xy\nb: 2\n");
	assert_int_equal(record(0)->left_out, 1);
}

/* ---- folders, runs ---- */

static void folder(void **state)
{
	g_autofree char *in = g_build_filename(*state, "in", NULL), *out = g_build_filename(*state, "out", NULL);
	g_free(write_file(in, "b/second.csv", "id,name,x\n1,b,c\n", -1));
	g_free(write_file(in, "first.csv", "id,name,x\n1,a,c\n", -1));
	g_free(write_file(in, "README.txt", "Only words here.\n", -1));
	g_free(write_file(in, ".hidden.csv", "id,name,x\n1,h,c\n", -1));
	g_free(write_file(in, "picture.png", "id,name,x\n1,h,c\n", -1));
	g_free(write_file(out, "secret.csv", "id,name,x\n1,secret,c\n", -1));
	g_autofree char *link = g_build_filename(in, "link.csv", NULL), *dir = g_build_filename(in, "dir", NULL);
	assert_int_equal(symlink("../out/secret.csv", link), 0);
	assert_int_equal(symlink("../out", dir), 0);
	assert_int_equal(go(in), 0);
	assert_int_equal(run.records->len, 2);
	assert_string_equal(record(0)->item, "b/second.csv");
	assert_int_equal(run.completes, 1);
	assert_non_null(strstr(run.log->str, "2 links"));
	assert_non_null(strstr(run.log->str, "README.txt: plain text"));
	/* Nothing has changed: a listing. */
	assert_int_equal(go(in), 0);
	assert_int_equal(run.records->len, 0);
	assert_int_equal(run.unchanged, 2);
	assert_int_equal(run.completes, 1);
	/* Another setting: all is read again. */
	set("dates", "dmy");
	assert_int_equal(go(in), 0);
	assert_int_equal(run.records->len, 2);
	g_autofree char *empty = g_build_filename(*state, "empty", NULL);
	g_mkdir(empty, 0700);
	assert_int_equal(go(empty), 0);
	assert_int_equal(run.completes, 0);
	assert_int_equal(connector->check(&run.host), 0);
}

static char *growing;

static void grow(void)
{
	FILE *file = fopen(growing, "a");
	fputs("9999,late,row\n", file);
	fclose(file);
	run.at_put = NULL;
}

static void changes_meanwhile(void **state)
{
	g_autoptr(GString) text = g_string_new("id,name,x\n");
	for (int i = 0; i < 20; i++)
		g_string_append_printf(text, "%d,n,x\n", i);
	g_autofree char *path = growing = write_file(*state, "grow.csv", text->str, -1);
	forget();
	set("path", path);
	run.at_put = grow;
	assert_int_equal(connector->sync(&run.host), 0);
	assert_skip(0, "grow.csv|it was changed while it was read");
	assert_int_equal(g_hash_table_size(run.items), 0);
}

static void stops(void **state)
{
	g_autoptr(GString) text = g_string_new("id,name,x\n");
	for (int i = 0; i < 2000; i++)
		g_string_append_printf(text, "%d,n,x\n", i);
	g_autofree char *path = write_file(*state, "s.csv", text->str, -1);
	forget();
	set("path", path);
	run.stop_after = 10;
	assert_int_not_equal(connector->sync(&run.host), 0);
	assert_int_equal(run.records->len, 10);
	assert_int_equal(run.completes, 0);
	assert_int_equal(g_hash_table_size(run.items), 0);
}

/* ---- values ---- */

static gint64 time_read(void **state, const char *date)
{
	g_autofree char *text = g_strdup_printf("Record ID,Company name,Create Date\n1,A Oy,\"%s\"\n", date);
	assert_int_equal(on_text(state, "time.csv", text), 0);
	return record(0)->occurred;
}

static void times(void **state)
{
	assert_int_equal(time_read(state, "2025-03-04"), utc("2025-03-04T12:00:00Z"));
	assert_int_equal(time_read(state, "2025-07-04 09:30"), utc("2025-07-04T06:30:00Z"));
	assert_int_equal(time_read(state, "2025-03-04T10:00:00+05:30"), utc("2025-03-04T04:30:00Z"));
	assert_int_equal(time_read(state, "4.3.2025"), utc("2025-03-04T12:00:00Z"));
	assert_int_equal(time_read(state, "4.3.2025 klo 9.05"), utc("2025-03-04T07:05:00Z"));
	assert_int_equal(time_read(state, "13/4/2025"), utc("2025-04-13T12:00:00Z"));
	assert_int_equal(time_read(state, "4/13/2025 3:05 PM"), utc("2025-04-13T12:05:00Z"));
	assert_int_equal(time_read(state, "Apr 13, 2025"), utc("2025-04-13T12:00:00Z"));
	assert_int_equal(time_read(state, "1741082400000"), 1741082400);
	assert_int_equal(time_read(state, "2025-02-30"), 0);
	assert_int_equal(time_read(state, "3/4/2025"), 0);
	assert_non_null(strstr(run.log->str, "1 dates can be read in two ways"));
	set("dates", "mdy");
	assert_int_equal(time_read(state, "3/4/2025"), utc("2025-03-04T12:00:00Z"));
	set("dates", "dmy");
	assert_int_equal(time_read(state, "3/4/2025"), utc("2025-04-03T12:00:00Z"));
}

static void assert_amount(void **state, const char *written, const char *read)
{
	g_autofree char *text = g_strdup_printf("Record ID,Deal Name,Amount,Deal Stage\n1,A,\"%s\",x\n", written);
	g_autofree char *expected = g_strdup_printf("amount=%s", read);
	assert_int_equal(on_text(state, "amount.csv", text), 0);
	if (!has(record(0)->fields, expected))
		fail_msg("\"%s\" was not read as %s", written, read);
}

static void amounts(void **state)
{
	assert_amount(state, "1 234,50 €", "1234.50");
	assert_amount(state, "1.234.567,8", "1234567.8");
	assert_amount(state, "$1,234.50", "1234.50");
	assert_amount(state, "(75.00)", "-75.00");
	assert_amount(state, "1234.567", "1234.567");
	assert_amount(state, "noin 5000", "noin 5000");
	assert_amount(state, "1,234", "1,234"); /* either */
	set("decimal", "comma");
	assert_amount(state, "1,234", "1.234");
	assert_amount(state, "1.234", "1234");
}

static void markup(void **state)
{
	assert_int_equal(on_text(state, "h.csv",
				 "Record ID,Note body,Activity date\n1,<p>Hello</p>,2025-01-01\n2,a < b,2025-01-01\n"),
			 0);
	assert_string_equal(record(0)->text, "Activity date: 2025-01-01\n\nplain\n");
	assert_string_equal(record(1)->text, "Activity date: 2025-01-01\n\na < b\n");
}

/* ---- real exports, where they lie ---- */

static const char *data_folder(const char *name, char **path)
{
	const char *root = g_getenv("MERI_DATA");
	*path = g_build_filename(root ? root : ".data", name, NULL);
	if (g_file_test(*path, G_FILE_TEST_IS_DIR))
		return *path;
	print_message("skip %s is not here\n", *path);
	return NULL;
}

static void real_rows(void **state)
{
	g_autofree char *path = NULL;
	(void)state;
	if (!data_folder("crm", &path))
		return;
	g_autofree char *sales = g_build_filename(path, "maven-crm-opportunities", NULL);
	assert_int_equal(go(sales), 0);
	assert_int_equal(run.records->len + run.skips->len, 85 + 7 + 7 + 8800 + 35);
	g_autofree char *shop_folder = g_build_filename(path, "northwind-csv", NULL);
	assert_int_equal(go(shop_folder), 0);
	assert_int_equal(run.records->len + run.skips->len, 3308);
	g_autofree char *towns = g_build_filename(path, "finland-municipal-prebudgets", NULL);
	assert_int_equal(go(towns), 0);
	assert_int_equal(run.records->len + run.skips->len, 2299 + 22830);
}

static void nasty_files(void **state)
{
	g_autofree char *path = NULL;
	(void)state;
	if (!data_folder("csv-nasty", &path))
		return;
	set("files", "*");
	assert_int_equal(go(path), 0);
	assert_true(run.records->len > 100000);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(salesforce),
		TEST(hubspot),
		TEST(other_exports),
		TEST(common_names),
		TEST(mapping),
		TEST(wrong_settings),
		TEST(encodings),
		TEST(late_umlaut),
		TEST(delimiters),
		TEST(layout),
		TEST(ragged),
		TEST(runaway_quotes),
		TEST(far_runaway),
		TEST(every_quote_open),
		TEST(report_tail),
		TEST(double_ids),
		TEST(unreadable),
		TEST(folder),
		TEST(changes_meanwhile),
		TEST(stops),
		TEST(times),
		TEST(amounts),
		TEST(markup),
		TEST(real_rows),
		TEST(nasty_files),
	};
	return cmocka_run_group_tests(tests, load, NULL);
}
