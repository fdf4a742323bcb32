#include "identity/block.h"

#include <string.h>

#include "identity/keys.h"
#include "identity/similar.h"
#include "text/namekey.h"

#define NAME_WORDS 12

/* FNV-1a, folded to 32 bits: stable across machines and versions, for the keys are stored, and a third shorter than
 * whole. Two that meet by chance cost a comparison. */
gint64 identity_block_key(char class, const char *first, const char *second)
{
	guint64 hash = 1469598103934665603ULL;
	const char *parts[3] = {(const char[]){class, '\0'}, first, second};
	for (int i = 0; i < 3; i++) {
		for (const guchar *p = (const guchar *)parts[i]; p != NULL && *p != '\0'; p++)
			hash = (hash ^ *p) * 1099511628211ULL;
		hash = (hash ^ 0x1f) * 1099511628211ULL;
	}
	return (gint32)(guint32)(hash ^ hash >> 32);
}

struct filing {
	identity_block_fn visit;
	gpointer user;
};

static void file(const struct filing *f, char class, const char *first, const char *second)
{
	if (first != NULL && *first != '\0')
		f->visit(identity_block_key(class, first, second), f->user);
}

static void both(const struct filing *f, char class, const char *first, const char *second)
{
	if (first != NULL && second != NULL && *first != '\0' && *second != '\0')
		f->visit(identity_block_key(class, first, second), f->user);
}

/* Each value as it is. */
static void file_all(const struct filing *f, const struct identity_profile *profile, enum identity_field field,
		     char class)
{
	const GPtrArray *values = profile->values[field];
	for (guint i = 0; values != NULL && i < values->len; i++)
		file(f, class, g_ptr_array_index(values, i), NULL);
}

gint64 identity_value_block(enum identity_field field, const char *value)
{
	static const char classes[IDENTITY_FIELDS] = {[IDENTITY_BUSINESS] = 'u',
						      [IDENTITY_OTHER_ID] = 'i',
						      [IDENTITY_PHONE] = 't',
						      [IDENTITY_DOMAIN] = 'd',
						      [IDENTITY_EMAIL] = 'e'};
	return classes[field] != '\0' ? identity_block_key(classes[field], value, NULL) : 0;
}

static void file_emails(const struct filing *f, const struct identity_profile *profile)
{
	const GPtrArray *values = profile->values[IDENTITY_EMAIL];
	for (guint i = 0; values != NULL && i < values->len; i++) {
		const char *email = g_ptr_array_index(values, i), *at = strchr(email, '@');
		file(f, 'e', email, NULL);
		if (at == NULL || at - email < 5 || identity_email_shared(email))
			continue;
		g_autofree char *local = g_strndup(email, (gsize)(at - email));
		file(f, 'l', local, NULL);
	}
}

static void skeleton_of(const char *name, char out[8])
{
	memset(out, 0, 8);
	if (name == NULL)
		return;
	g_autofree char *first = g_strndup(name, strcspn(name, " "));
	identity_skeleton(first, out);
}

static void prefix_of(const char *text, gsize n, char out[8])
{
	memset(out, 0, 8);
	for (gsize k = 0; text != NULL && text[k] != '\0' && k < MIN(n, 7); k++)
		out[k] = text[k];
}

static void file_person(const struct filing *f, const struct identity_profile *profile)
{
	const char *given = identity_profile_first(profile, IDENTITY_GIVEN),
		   *family = identity_profile_first(profile, IDENTITY_FAMILY);
	const char *birth = identity_profile_first(profile, IDENTITY_BIRTH),
		   *post = identity_profile_first(profile, IDENTITY_POSTCODE);
	const char *city = identity_profile_first(profile, IDENTITY_CITY);
	char g[8], l[8], year[8], g3[8], l4[8], c[8];
	skeleton_of(given, g);
	skeleton_of(family, l);
	skeleton_of(city, c);
	prefix_of(birth, 4, year);
	prefix_of(given, 3, g3);
	prefix_of(family, 4, l4);
	if (strcmp(g, l) < 0) /* whichever is called the family name */
		both(f, 'n', g, l);
	else
		both(f, 'n', l, g);
	if (given == NULL || family == NULL)
		file(f, 'n', g[0] != '\0' ? g : l, NULL);
	both(f, 'b', birth, g);
	both(f, 'b', birth, l);
	both(f, 'b', birth, post);
	both(f, 'b', birth, c);
	both(f, 'y', year, l4);
	both(f, 'y', year, g3);
	both(f, 'p', post, l);
	both(f, 'p', post, g);
	both(f, 'c', c, l);
	both(f, 'c', c, g);
	if (birth != NULL && strlen(birth) == 8) { /* a slip in one part of the date leaves two */
		both(f, 'm', birth + 4, l4);
		both(f, 'm', birth + 4, g3);
		both(f, 'm', birth + 4, city);
	}
}

static void file_street(const struct filing *f, const struct identity_profile *profile)
{
	const char *street = identity_profile_first(profile, IDENTITY_STREET),
		   *post = identity_profile_first(profile, IDENTITY_POSTCODE);
	if (street == NULL)
		return;
	file(f, 's', street, NULL);
	g_auto(GStrv) words = identity_words(street);
	const char *number = NULL;
	for (char **w = words; *w != NULL; w++)
		if (g_ascii_isdigit(**w))
			number = *w;
	both(f, 'h', number, post);
	for (char **w = words; *w != NULL; w++) {
		char skeleton[8];
		identity_skeleton(*w, skeleton);
		if (*w != number && strlen(*w) > 3)
			both(f, 'h', number, skeleton);
	}
}

/* Each word's skeleton, and neighbours together: common words fall away by their number, two common ones together may
 * not. Titles' words are filed as they are; names' are kept in their order (identity_name_words). */
static void file_words(const struct filing *f, const char *text, gboolean title)
{
	g_auto(GStrv) words = identity_words(text);
	for (guint i = 0; words[i] != NULL && i < 40; i++) {
		char skeleton[8];
		identity_skeleton(words[i], skeleton);
		if (title)
			file(f, 'r', words[i], NULL);
		else if (strlen(words[i]) >= 5)
			file(f, 'k', skeleton, NULL);
		both(f, title ? 'v' : 'w', words[i], words[i + 1]);
	}
}

/* A contact: where who is called so works. */
static void file_employer(const struct filing *f, const struct identity_profile *profile)
{
	char skeleton[8];
	const char *family = identity_profile_first(profile, IDENTITY_FAMILY);
	skeleton_of(family != NULL ? family : identity_profile_first(profile, IDENTITY_GIVEN), skeleton);
	both(f, 'a', identity_profile_first(profile, IDENTITY_ORG), skeleton);
}

void identity_blocks(const struct identity_profile *profile, identity_block_fn visit, gpointer user)
{
	struct filing f = {visit, user};
	file_all(&f, profile, IDENTITY_BUSINESS, 'u');
	file_all(&f, profile, IDENTITY_OTHER_ID, 'i');
	file_all(&f, profile, IDENTITY_PHONE, 't');
	file_all(&f, profile, IDENTITY_DOMAIN, 'd');
	file_emails(&f, profile);
	file_street(&f, profile);
	if (profile->person || profile->values[IDENTITY_FAMILY] != NULL)
		file_person(&f, profile);
	const GPtrArray *orgs = profile->values[IDENTITY_ORG];
	if (profile->person)
		file_employer(&f, profile);
	for (guint i = 0; !profile->person && orgs != NULL && i < orgs->len; i++)
		file_words(&f, g_ptr_array_index(orgs, i), FALSE);
	if (profile->values[IDENTITY_TITLE] != NULL)
		file_words(&f, identity_profile_first(profile, IDENTITY_TITLE), TRUE);
}

/* ---- for questions ---- */

static void file_keys(const struct filing *f, const struct namekeys *keys, unsigned n)
{
	for (unsigned k = 0; k < n; k++) {
		g_autofree char *key = g_strndup(keys->key[k].bytes, keys->key[k].length);
		file(f, 'j', key, NULL);
	}
}

static void file_cases(const struct filing *f, const char *word)
{
	struct namekeys keys;
	gsize length = strlen(word);
	keys.count = keys.likely = 0;
	if (length < 3 || length > 40)
		return;
	namekey(word, length, &keys);
	file_keys(f, &keys, keys.likely);
}

/* Organisations' skeletons are filed already; persons' are not, one by one. */
static void file_name_words(const struct filing *f, const char *text, gboolean person)
{
	g_auto(GStrv) words = identity_words(text);
	for (guint i = 0; words[i] != NULL && i < NAME_WORDS; i++) {
		char skeleton[8];
		identity_skeleton(words[i], skeleton);
		if (person)
			file(f, 'z', skeleton, NULL);
		file_cases(f, words[i]);
	}
}

static const enum identity_field name_fields[] = {IDENTITY_GIVEN, IDENTITY_FAMILY, IDENTITY_ORG};

/* The n-th field that names the profile's bearer; NULL: it says nothing, or not of itself. */
static const GPtrArray *names_of(const struct identity_profile *profile, gsize n)
{
	gboolean mine = profile->person == (name_fields[n] != IDENTITY_ORG);
	return mine ? profile->values[name_fields[n]] : NULL;
}

void identity_name_blocks(const struct identity_profile *profile, identity_block_fn visit, gpointer user)
{
	struct filing f = {visit, user};
	for (gsize k = 0; k < G_N_ELEMENTS(name_fields); k++) {
		const GPtrArray *names = names_of(profile, k);
		for (guint n = 0; names != NULL && n < names->len; n++)
			file_name_words(&f, g_ptr_array_index(names, n), profile->person);
	}
}

char **identity_name_words(const struct identity_profile *profile)
{
	GPtrArray *all = g_ptr_array_new();
	for (gsize k = 0; k < G_N_ELEMENTS(name_fields); k++) {
		const GPtrArray *names = names_of(profile, k);
		for (guint n = 0; names != NULL && n < names->len; n++) {
			g_auto(GStrv) words = identity_words(g_ptr_array_index(names, n));
			for (char **w = words; *w != NULL && w < words + NAME_WORDS; w++)
				if (!g_ptr_array_find_with_equal_func(all, *w, g_str_equal, NULL))
					g_ptr_array_add(all, g_strdup(*w));
		}
	}
	g_ptr_array_add(all, NULL);
	return (char **)g_ptr_array_free(all, FALSE);
}

void identity_query_cases(const struct namekeys *keys, identity_block_fn visit, gpointer user)
{
	struct filing f = {visit, user};
	file_keys(&f, keys, keys->count);
}

void identity_query_sounds(const char *word, identity_block_fn visit, gpointer user)
{
	struct filing f = {visit, user};
	char skeleton[8];
	identity_skeleton(word, skeleton);
	file(&f, 'z', skeleton, NULL);
	file(&f, 'k', skeleton, NULL);
}
