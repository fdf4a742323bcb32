/* How many customers bear a value, which is what agreement on it is worth. A cache stands before the table, for the
 * writer asks the same common values again and again. */
#include "identity/internal.h"

#include <string.h>

#include "identity/block.h"

#define BEARERS_MOST 400 /* of an address or number that are counted: above that it says nothing */

void identity_counts_forget(struct identity *i)
{
	identity_cache_clear(i->counts);
	for (int kind = 0; kind < 3; kind++)
		i->population[kind] = -1;
}

static gint64 *cached(struct identity *i, store *s, enum identity_field field, const char *value)
{
	char key[160] = {(char)('a' + (int)field)};
	g_strlcpy(key + 1, value, sizeof key - 1);
	gint64 *n = identity_cache_get(i->counts, key);
	if (n != NULL)
		return n;
	n = g_new0(gint64, 1);
	identity_number(s, NULL, n, 0, "SELECT n FROM identity_count WHERE field = ? AND value = ?", "it",
			(gint64)field, value);
	identity_cache_put(i->counts, g_strdup(key), n);
	return n;
}

double identity_counts_get(struct identity *i, store *s, enum identity_field field, const char *value)
{
	gint64 n, block = identity_value_block(field, value);
	if (block == 0)
		return (double)*cached(i, s, field, value);
	return identity_number(s, NULL, &n, 0,
			       "SELECT count(*) FROM (SELECT 1 FROM identity_block WHERE key = ? LIMIT ?)", "ii", block,
			       (gint64)BEARERS_MOST)
		       ? (double)n
		       : 0;
}

/* Of an employer's name a contact is no bearer; who bears an address is filed under it. */
static gboolean counted(const struct identity_profile *profile, int field)
{
	return profile->values[field] != NULL && !(profile->person && field == IDENTITY_ORG) &&
	       identity_value_block(field, "") == 0;
}

static gboolean add(struct identity *i, store *s, enum identity_field field, const char *value, int by, GError **error)
{
	*cached(i, s, field, value) += by;
	return identity_do(s, error,
			   "INSERT INTO identity_count(field, value, n) VALUES (?1, ?2, ?3)"
			   " ON CONFLICT(field, value) DO UPDATE SET n = n + ?3",
			   "iti", (gint64)field, value, (gint64)by);
}

gboolean identity_counts_add(struct identity *i, store *s, const struct identity_profile *profile, int by,
			     GError **error)
{
	gint64 *population = &i->population[profile->person ? IDENTITY_PERSON : IDENTITY_ORGANISATION];
	if (*population >= 0)
		*population += by;
	for (int f = 0; f < IDENTITY_FIELDS; f++)
		for (guint n = 0; counted(profile, f) && n < profile->values[f]->len; n++) {
			const char *value = g_ptr_array_index(profile->values[f], n);
			if (f != IDENTITY_ORG && f != IDENTITY_STREET && f != IDENTITY_TITLE) {
				if (!add(i, s, f, value, by, error))
					return FALSE;
				continue;
			}
			g_auto(GStrv) words = g_strsplit(value, " ", 48);
			for (char **w = words; *w != NULL; w++)
				if (!add(i, s, f, *w, by, error))
					return FALSE;
		}
	return TRUE;
}

double identity_counts_population(struct identity *i, store *s, int kind)
{
	if (i->population[kind] < 0)
		identity_number(s, NULL, &i->population[kind], 0,
				"SELECT count(*) FROM customer WHERE kind = ? AND NOT gone", "i", (gint64)kind);
	return (double)i->population[kind];
}
