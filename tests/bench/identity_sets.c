#include "identity_sets.h"

#include <stdio.h>
#include <string.h>

/* ---- CSV: quotes, any separator; enough for these files, which are well formed ---- */

static void end_field(GPtrArray *row, GString *field)
{
	g_ptr_array_add(row, g_strstrip(g_strdup(field->str)));
	g_string_truncate(field, 0);
}

/* Rows, GPtrArray of char * each; the first is the header. */
static GPtrArray *csv_read(const char *path, char separator)
{
	g_autofree char *bytes = NULL;
	gsize length;
	if (!g_file_get_contents(path, &bytes, &length, NULL))
		return NULL;
	g_autofree char *text = g_utf8_make_valid(bytes, (gssize)length);
	GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	GPtrArray *row = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) field = g_string_new(NULL);
	gboolean quoted = FALSE;
	const char *p = text;
	if (strncmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	for (; *p != '\0'; p++) {
		if (*p == '"' && (quoted || field->len == 0)) {
			if (quoted && p[1] == '"')
				g_string_append_c(field, *p++);
			else
				quoted = !quoted;
		} else if (*p == separator && !quoted) {
			end_field(row, field);
		} else if (*p == '\n' && !quoted) {
			end_field(row, field);
			g_ptr_array_add(rows, row);
			row = g_ptr_array_new_with_free_func(g_free);
		} else if (*p != '\r') {
			g_string_append_c(field, *p);
		}
	}
	if (field->len > 0 || row->len > 0) {
		end_field(row, field);
		g_ptr_array_add(rows, row);
	} else {
		g_ptr_array_unref(row);
	}
	return rows;
}

/* "@" stands for a blank in a header's name. */
static int column(const GPtrArray *header, const char *written)
{
	g_autofree char *name = g_strdelimit(g_strdup(written), "@", ' ');
	for (guint i = 0; i < header->len; i++)
		if (strcmp(g_ptr_array_index(header, i), name) == 0)
			return (int)i;
	return -1;
}

static const char *cell(const GPtrArray *row, int i)
{
	return i >= 0 && (guint)i < row->len ? g_ptr_array_index(row, (guint)i) : "";
}

/* ---- rows to profiles ---- */

static int field_of(const char *name)
{
	for (int i = 0; i < IDENTITY_FIELDS; i++)
		if (strcmp(identity_field_name(i), name) == 0)
			return i;
	return -1;
}

/* Columns that go to one field are joined with a blank between (a street and its number). */
static struct identity_profile *profile_of(const GPtrArray *header, const GPtrArray *row,
					   const struct identity_recipe *recipe)
{
	struct identity_profile *profile = identity_profile_new(recipe->person);
	GString *joined[IDENTITY_FIELDS] = {NULL};
	g_auto(GStrv) columns = g_strsplit(recipe->columns, " ", -1);
	for (char **c = columns; *c != NULL; c++) {
		char *equal = strrchr(*c, '=');
		*equal = '\0';
		const char *value = cell(row, column(header, *c));
		if (strcmp(equal + 1, "full") == 0) {
			identity_profile_add_name(profile, value);
			continue;
		}
		int field = field_of(equal + 1);
		g_assert(field >= 0);
		if (joined[field] == NULL)
			joined[field] = g_string_new(NULL);
		if (*value != '\0')
			g_string_append_printf(joined[field], "%s%s", joined[field]->len > 0 ? " " : "", value);
	}
	for (int i = 0; i < IDENTITY_FIELDS; i++)
		if (joined[i] != NULL) {
			identity_profile_add(profile, i, joined[i]->str, NULL);
			g_string_free(g_steal_pointer(&joined[i]), TRUE);
		}
	return profile;
}

gint64 *identity_pair_key(guint a, guint b)
{
	gint64 *key = g_new(gint64, 1);
	*key = (gint64)MIN(a, b) << 32 | MAX(a, b);
	return key;
}

static void add_pair(struct identity_set *set, guint a, guint b)
{
	if (a != b)
		g_hash_table_add(set->pairs, identity_pair_key(a, b));
}

static void clusters(struct identity_set *set, GPtrArray *keys)
{
	g_autoptr(GHashTable) members =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
	for (guint i = 0; i < keys->len; i++) {
		char *key = g_ptr_array_index(keys, i);
		GArray *list = g_hash_table_lookup(members, key);
		if (list == NULL) {
			list = g_array_new(FALSE, FALSE, sizeof(guint));
			g_hash_table_insert(members, key, list);
		}
		for (guint j = 0; j < list->len; j++)
			if (!set->two_sided || g_array_index(set->sides, guint8, i) !=
						       g_array_index(set->sides, guint8, g_array_index(list, guint, j)))
				add_pair(set, i, g_array_index(list, guint, j));
		g_array_append_val(list, i);
	}
}

static gboolean pairs_of_file(struct identity_set *set, const char *path, char separator, GHashTable *ids[2])
{
	g_autoptr(GPtrArray) rows = csv_read(path, separator);
	if (rows == NULL)
		return FALSE;
	GHashTable *second = ids[1] != NULL ? ids[1] : ids[0];
	for (guint i = 0; i < rows->len; i++) {
		GPtrArray *row = g_ptr_array_index(rows, i);
		if (row->len < 2)
			continue;
		gpointer a, b;
		if (g_hash_table_lookup_extended(ids[0], cell(row, 0), NULL, &a) &&
		    g_hash_table_lookup_extended(second, cell(row, 1), NULL, &b))
			add_pair(set, GPOINTER_TO_UINT(a), GPOINTER_TO_UINT(b));
	}
	return TRUE;
}

struct reading {
	struct identity_set *set;
	GPtrArray *keys; /* cluster keys */
	GHashTable *ids[2];
};

/* "@name": made from what the pack holds in another form, in the folder $MERI_BENCH_MADE. */
static char *path_of(const char *pack, const char *file)
{
	const char *made = g_getenv("MERI_BENCH_MADE");
	return file[0] == '@' ? g_build_filename(made != NULL ? made : ".", file + 1, NULL)
			      : g_build_filename(pack, file, NULL);
}

gboolean identity_set_there(const char *pack, const struct identity_recipe *recipe)
{
	g_autofree char *path = path_of(pack, recipe->files[0]);
	return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

static gboolean read_side(struct reading *r, const char *pack, const struct identity_recipe *recipe, guint8 side)
{
	g_autofree char *path = path_of(pack, recipe->files[side]);
	GPtrArray *rows = csv_read(path, recipe->separator);
	if (rows != NULL)
		g_ptr_array_add(r->set->tables, rows);
	if (rows == NULL || rows->len == 0) {
		fprintf(stderr, "bench_identity: %s: cannot be read\n", path);
		return FALSE;
	}
	const GPtrArray *header = g_ptr_array_index(rows, 0);
	int id = column(header, recipe->id), cluster = recipe->truth[0] == '@' ? column(header, recipe->truth + 1) : -1;
	r->ids[side] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 1; i < rows->len; i++) {
		const GPtrArray *row = g_ptr_array_index(rows, i);
		if (row->len < 2)
			continue;
		g_hash_table_insert(r->ids[side], g_strdup(cell(row, id)), GUINT_TO_POINTER(r->set->profiles->len));
		g_ptr_array_add(r->set->profiles, profile_of(header, row, recipe));
		g_ptr_array_add(r->set->rows, (gpointer)row);
		g_array_append_val(r->set->sides, side);
		if (strcmp(recipe->truth, "@febrl") == 0) {
			g_auto(GStrv) parts = g_strsplit(cell(row, id), "-", 3);
			g_ptr_array_add(r->keys, g_strdup(parts[1]));
		} else {
			g_ptr_array_add(r->keys, g_strdup(cell(row, cluster)));
		}
	}
	return TRUE;
}

struct identity_set *identity_set_read(const char *pack, const struct identity_recipe *recipe)
{
	struct identity_set *set = g_new0(struct identity_set, 1);
	set->profiles = g_ptr_array_new_with_free_func((GDestroyNotify)identity_profile_free);
	set->sides = g_array_new(FALSE, FALSE, 1);
	set->tables = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	set->rows = g_ptr_array_new();
	set->pairs = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	set->two_sided = recipe->files[1] != NULL;
	struct reading r = {set, g_ptr_array_new_with_free_func(g_free), {NULL, NULL}};
	gboolean ok = read_side(&r, pack, recipe, 0) && (!set->two_sided || read_side(&r, pack, recipe, 1));
	if (ok && recipe->truth[0] == '@') {
		clusters(set, r.keys);
	} else if (ok) {
		g_autofree char *path = g_build_filename(pack, recipe->truth, NULL);
		ok = pairs_of_file(set, path, recipe->separator, r.ids);
	}
	for (int i = 0; i < 2; i++)
		g_clear_pointer(&r.ids[i], g_hash_table_unref);
	g_ptr_array_unref(r.keys);
	if (!ok) {
		identity_set_free(set);
		return NULL;
	}
	return set;
}

void identity_set_free(struct identity_set *set)
{
	g_ptr_array_unref(set->profiles);
	g_array_unref(set->sides);
	g_ptr_array_unref(set->rows);
	g_ptr_array_unref(set->tables);
	g_hash_table_unref(set->pairs);
	g_free(set);
}

/* ---- the sets ---- */

#define FEBRL                                                                                                          \
	"given_name=given-name surname=family-name street_number=street address_1=street suburb=city "                 \
	"postcode=postcode "                                                                                           \
	"state=region date_of_birth=birth soc_sec_id=id"
#define OWL1  "http://www.okkam.org/ontology_restaurant1.owl#"
#define OWL2  "http://www.okkam.org/ontology_restaurant2.owl#"
#define CCER  "pyjedai/data/ccer/"
#define DER   "pyjedai/data/der/"
#define JEDAI "pyJedAI docs, best configuration: "

const struct identity_recipe identity_recipes[] = {
	{"febrl1", {"febrl/dataset1.csv"}, ',', FEBRL, "rec_id", "@febrl", TRUE, ""},
	{"febrl2", {"febrl/dataset2.csv"}, ',', FEBRL, "rec_id", "@febrl", TRUE, ""},
	{"febrl3", {"febrl/dataset3.csv"}, ',', FEBRL, "rec_id", "@febrl", TRUE, ""},
	{"febrl4",
	 {"febrl/dataset4a.csv", "febrl/dataset4b.csv"},
	 ',',
	 FEBRL,
	 "rec_id",
	 "@febrl",
	 TRUE,
	 "GoldenMatch docs: .924 (auto, hashed fields)"},
	{"fake_1000",
	 {"splink-datasets/data/fake_1000.csv"},
	 ',',
	 "first_name=given-name surname=family-name dob=birth city=city email=e-mail",
	 "unique_id",
	 "@cluster",
	 TRUE,
	 ""},
	{"historical_50k",
	 {"@historical_50k.csv"},
	 ',',
	 "first_name=given-name surname=family-name dob=birth birth_place=city postcode_fake=postcode",
	 "unique_id",
	 "@cluster",
	 TRUE,
	 ""},
	{"D1 restaurants",
	 {CCER "D1/rest1.csv", CCER "D1/rest2.csv"},
	 '|',
	 OWL1 "name=name " OWL2 "name=name " OWL1 "phone_number=phone " OWL2 "phone_number=phone " OWL1
	      "street=street " OWL2 "street=street",
	 "id",
	 CCER "D1/gt.csv",
	 FALSE,
	 JEDAI ".881"},
	{"D2 abt-buy",
	 {CCER "D2/abt.csv", CCER "D2/buy.csv"},
	 '|',
	 "name=title",
	 "id",
	 CCER "D2/gt.csv",
	 FALSE,
	 JEDAI ".947"},
	{"D3 amazon-google",
	 {CCER "D3/amazon.csv", CCER "D3/gp.csv"},
	 '#',
	 "title=title",
	 "id",
	 CCER "D3/gt.csv",
	 FALSE,
	 JEDAI ".625"},
	{"D4 dblp-acm",
	 {CCER "D4/dblp.csv", CCER "D4/acm.csv"},
	 '%',
	 "title=title authors=title year=year",
	 "id",
	 CCER "D4/gt.csv",
	 FALSE,
	 "GoldenMatch docs: Splink .95, dedupe .96, Zingg .96"},
	{"D5 imdb-tmdb",
	 {CCER "D5/imdb.csv", CCER "D5/tmdb.csv"},
	 '|',
	 "https://www.scads.de/movieBenchmark/ontology/title=title "
	 "https://www.scads.de/movieBenchmark/ontology/name=title",
	 "id",
	 CCER "D5/gt.csv",
	 FALSE,
	 JEDAI ".886"},
	{"D6 imdb-tvdb",
	 {CCER "D6/imdb.csv", CCER "D6/tvdb.csv"},
	 '|',
	 "https://www.scads.de/movieBenchmark/ontology/title=title "
	 "https://www.scads.de/movieBenchmark/ontology/name=title",
	 "id",
	 CCER "D6/gt.csv",
	 FALSE,
	 ""},
	{"D7 tmdb-tvdb",
	 {CCER "D7/tmdb.csv", CCER "D7/tvdb.csv"},
	 '|',
	 "https://www.scads.de/movieBenchmark/ontology/title=title "
	 "https://www.scads.de/movieBenchmark/ontology/name=title",
	 "id",
	 CCER "D7/gt.csv",
	 FALSE,
	 ""},
	{"D8 walmart-amazon",
	 {CCER "D8/walmart.csv", CCER "D8/amazon.csv"},
	 '|',
	 "title=title modelno=id",
	 "id",
	 CCER "D8/gt.csv",
	 FALSE,
	 JEDAI ".709"},
	{"D10 imdb-dbpedia",
	 {CCER "D10/imdb.csv", CCER "D10/dbpedia.csv"},
	 '|',
	 "title=title starring=title actor@name=title",
	 "id",
	 CCER "D10/gt.csv",
	 FALSE,
	 JEDAI ".897"},
	{"abt-buy, one list", {DER "abtbuy/abtbuy.csv"}, ',', "name=title", "id", DER "abtbuy/gt.csv", FALSE, ""},
	{"cddb", {DER "cddb/cddb.csv"}, ',', "artist=title title=title", "id", DER "cddb/gt.csv", FALSE, ""},
	{"cora",
	 {DER "cora/cora.csv"},
	 '|',
	 "author=title title=title",
	 "Entity@Id",
	 DER "cora/cora_gt.csv",
	 FALSE,
	 ""},
	{"cora, large",
	 {DER "coraLarge/cora.csv"},
	 ',',
	 "author=title title=title",
	 "id",
	 DER "coraLarge/gt.csv",
	 FALSE,
	 ""},
	{"restaurants, one list",
	 {"pyjedai/data/test/der/restaurantProfiles.csv"},
	 '|',
	 "name=name addr=street phone=phone city=city",
	 "id",
	 "pyjedai/data/test/der/duplicates.csv",
	 FALSE,
	 ""},
};
const guint identity_recipes_count = G_N_ELEMENTS(identity_recipes);
