#include "identity_store.h"

#include <string.h>

#include "identity_fill.h"

#define CELLS 32

struct run {
	struct identity_fill fill;
	GArray *rows; /* gint64: record of each profile */
};

static const char *cell(const GPtrArray *header, const GPtrArray *row, const char *name)
{
	for (guint n = 0; n < MIN(header->len, row->len); n++)
		if (strcmp(g_ptr_array_index(header, n), name) == 0)
			return g_ptr_array_index(row, n);
	return "";
}

/* The header that the recipe takes for this field; NULL if none. */
static char *header_for(const struct identity_recipe *recipe, const char *field)
{
	g_auto(GStrv) columns = g_strsplit(recipe->columns, " ", -1);
	g_autofree char *wanted = g_strconcat("=", field, NULL);
	for (char **c = columns; *c != NULL; c++)
		if (g_str_has_suffix(*c, wanted))
			return g_strndup(*c, strlen(*c) - strlen(wanted));
	return NULL;
}

/* What an export calls the column that the recipe takes for a field; as the file does if that is one of its own. */
static const char *header_of(const struct identity_recipe *recipe, const char *header)
{
	static const char *const plain[][2] = {
		{"city", "city"}, {"postcode", "postcode"}, {"birth", "date of birth"}, {"region", "state"}};
	for (gsize n = 0; n < G_N_ELEMENTS(plain); n++) {
		g_autofree char *taken = header_for(recipe, plain[n][0]);
		if (g_strcmp0(taken, header) == 0)
			return plain[n][1];
	}
	return header;
}

static const char *value_for(const struct identity_recipe *recipe, const GPtrArray *header, const GPtrArray *row,
			     const char *field)
{
	g_autofree char *name = header_for(recipe, field);
	return name != NULL ? cell(header, row, name) : "";
}

/* A row as a contact: its name as title, address and telephone as hints, all cells as fields under their headers. */
static void put(struct run *r, const struct identity_recipe *recipe, const GPtrArray *header, const GPtrArray *row,
		guint8 side)
{
	struct meri_pair hints[2], fields[CELLS];
	gsize n_hints = 0, n_fields = 0;
	const char *given = value_for(recipe, header, row, "given-name"),
		   *family = value_for(recipe, header, row, "family-name"),
		   *email = value_for(recipe, header, row, "e-mail");
	g_autofree char *title = g_strstrip(g_strdup_printf("%s %s", given, family));
	g_autofree char *id = g_strdup_printf("contact/%s", cell(header, row, recipe->id));
	if (*email != '\0')
		hints[n_hints++] = (struct meri_pair){"e-mail", email};
	for (guint n = 0; n < MIN(header->len, row->len) && n_fields < CELLS; n++) {
		const char *name = g_ptr_array_index(header, n), *value = g_ptr_array_index(row, n);
		if (*value != '\0' && strcmp(name, recipe->id) != 0 && strcmp(name, "cluster") != 0)
			fields[n_fields++] = (struct meri_pair){header_of(recipe, name), value};
	}
	struct meri_record record = {.size = sizeof record,
				     .id = id,
				     .kind = MERI_PERSON,
				     .title = title,
				     .hints = hints,
				     .n_hints = n_hints,
				     .fields = fields,
				     .n_fields = n_fields};
	gint64 at = identity_fill_put(&r->fill, side, &record);
	g_array_append_val(r->rows, at);
}

static void put_all(struct run *r, const struct identity_set *set, const struct identity_recipe *recipe)
{
	identity_fill_begin(&r->fill);
	for (guint n = 0; n < set->rows->len; n++) {
		guint8 side = g_array_index(set->sides, guint8, n);
		const GPtrArray *table = g_ptr_array_index(set->tables, side);
		put(r, recipe, g_ptr_array_index(table, 0), g_ptr_array_index(set->rows, n), side);
	}
	identity_fill_commit(&r->fill);
}

static void read_pairs(struct run *r, const struct identity_set *set, GHashTable *made)
{
	GError *error = NULL;
	g_autoptr(GHashTable) members =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_array_unref);
	for (guint n = 0; n < r->rows->len; n++) {
		sqlite3_stmt *ask = store_prepare(r->fill.s, "SELECT now FROM customer WHERE record_id = ?", &error);
		identity_fill_need(ask != NULL, error);
		sqlite3_bind_int64(ask, 1, g_array_index(r->rows, gint64, n));
		gint64 now = sqlite3_step(ask) == SQLITE_ROW ? sqlite3_column_int64(ask, 0) : -(gint64)n;
		sqlite3_reset(ask);
		GArray *list = g_hash_table_lookup(members, &now);
		if (list == NULL) {
			list = g_array_new(FALSE, FALSE, sizeof(guint));
			g_hash_table_insert(members, g_memdup2(&now, sizeof now), list);
		}
		for (guint k = 0; k < list->len; k++) {
			guint other = g_array_index(list, guint, k);
			if (!set->two_sided ||
			    g_array_index(set->sides, guint8, other) != g_array_index(set->sides, guint8, n))
				g_hash_table_add(made, identity_pair_key(other, n));
		}
		g_array_append_val(list, n);
	}
}

GHashTable *identity_store_run(const struct identity_set *set, const struct identity_recipe *recipe, double *seconds)
{
	static const char *const names[2] = {"crm", "other-crm"};
	const struct identity_settings settings = {"en", NULL, NULL, 0, 0};
	g_autofree char *folder = identity_fill_folder();
	struct run r = {.rows = g_array_new(FALSE, FALSE, sizeof(gint64))};
	GHashTable *made = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	gint64 start = g_get_monotonic_time();
	identity_fill_open(&r.fill, folder, "bench.db", "en", &settings, names, 2);
	put_all(&r, set, recipe);
	read_pairs(&r, set, made);
	*seconds = (double)(g_get_monotonic_time() - start) / 1e6;
	identity_fill_close(&r.fill);
	identity_fill_remove(folder);
	g_array_unref(r.rows);
	return made;
}
