/* Names, addresses and numbers as a source may hand them over: any bytes. What is normal stays what it is when it is
 * normalised again; nothing crashes, hangs or reads past its end. */
// with: core/identity/keys_fold.c core/identity/keys_mail.c core/identity/keys_vat.c core/identity/keys_id.c
// with: core/identity/keys_phone.c core/identity/keys_org.c core/identity/keys_person.c core/identity/legal_forms.c
// with: core/identity/similar.c core/identity/profile.c core/identity/score.c core/identity/block.c core/identity/names.c
// with: core/text/*.c
// libs: glib-2.0 libpsl libvoikko sqlite3
// link: -lstemmer -lm
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "identity/block.h"
#include "identity/keys.h"
#include "identity/names.h"
#include "identity/score.h"
#include "identity/similar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(gboolean ok, const char *what, const char *text)
{
	if (ok)
		return;
	fprintf(stderr, "%s: '%s'\n", what, text);
	abort();
}

/* Takes `once` over. */
static void settled(char *once, char *(*normalise)(const char *text), const char *what)
{
	if (once == NULL)
		return;
	g_autofree char *twice = normalise(once);
	need(g_utf8_validate(once, -1, NULL), what, once);
	need(twice != NULL && strcmp(once, twice) == 0, what, once);
	g_free(once);
}

static char *phone(const char *text)
{
	return identity_phone(text, "FI");
}

static char *business(const char *text)
{
	return identity_business_id(text, "FI", NULL);
}

static double count(gpointer user, enum identity_field field, const char *value)
{
	(void)user;
	return (double)(field + strlen(value) % 7);
}

static void ignore(gint64 key, gpointer user)
{
	*(gint64 *)user ^= key;
}

static struct identity_profile *profile_of(const char *text)
{
	struct identity_profile *profile = identity_profile_new(strlen(text) % 2 != 0);
	g_auto(GStrv) parts = g_strsplit(text, "\n", IDENTITY_FIELDS);
	for (int f = 0; parts[f] != NULL && f < IDENTITY_FIELDS; f++)
		identity_profile_add(profile, f, parts[f], "FI");
	identity_profile_add_name(profile, text);
	return profile;
}

static void compare(const char *left, const char *right)
{
	g_autoptr(identity_profile_t) a = profile_of(left);
	g_autoptr(identity_profile_t) b = profile_of(right);
	const struct identity_stats stats = {count, 1000, NULL};
	g_autoptr(GArray) reasons = g_array_new(FALSE, TRUE, sizeof(struct identity_reason));
	g_array_set_clear_func(reasons, identity_reason_clear);
	double bits = identity_score(a, b, &stats, reasons), sum = 0;
	for (guint n = 0; n < reasons->len; n++)
		sum += g_array_index(reasons, struct identity_reason, n).bits;
	need(bits > -1000 && bits < 1000, "score", left);
	need(sum - bits < 1 && bits - sum < 1, "the reasons make up the score", left);
	gint64 all = 0;
	identity_blocks(a, ignore, &all);
	identity_name_blocks(a, ignore, &all);
	struct namekeys keys = {0};
	g_auto(GStrv) words = identity_name_words(a);
	for (char **w = words; *w != NULL; w++) {
		namekey_query(*w, strlen(*w), &keys);
		identity_query_cases(&keys, ignore, &all);
		identity_query_sounds(*w, ignore, &all);
	}
}

static void scan(const char *name, const char *text)
{
	static identity_automaton *automaton;
	if (automaton == NULL) {
		automaton = identity_automaton_new();
		identity_automaton_set(automaton, 1, 1, "Virtasen Konepaja Oy");
		identity_automaton_set(automaton, 2, 2, "Liisa Korhonen");
	}
	identity_automaton_set(automaton, 3, 1, name);
	g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(struct identity_seen_name));
	identity_automaton_scan(automaton, text, seen);
	const gint64 nodes[] = {1, 3};
	identity_automaton_scan_words(automaton, text, nodes, 2, seen);
	for (guint n = 0; n < seen->len; n++) {
		const struct identity_seen_name *one = &g_array_index(seen, struct identity_seen_name, n);
		need(one->start < one->end && one->end <= strlen(text), "the place of a name", text);
	}
	identity_automaton_set(automaton, 3, 1, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	char *rest = strchr(text, '\n');
	const char *other = rest != NULL ? rest + 1 : "";
	struct identity_person person;
	settled(identity_fold(text), identity_fold, "fold");
	settled(identity_email(text), identity_email, "e-mail");
	settled(identity_domain(text), identity_domain, "domain");
	settled(phone(text), phone, "phone");
	settled(business(text), business, "business id");
	settled(identity_org_name(text), identity_org_name, "name of an organisation");
	g_free(identity_crm_id(text));
	(void)identity_org_like(text);
	identity_person_parse(text, &person);
	identity_person_clear(&person);
	compare(text, other);
	if (rest != NULL)
		*rest = '\0';
	scan(text, other);
	return 0;
}
