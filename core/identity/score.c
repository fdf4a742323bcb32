#include "identity/score.h"

#include <math.h>
#include <string.h>

#include "identity/keys.h"
#include "identity/similar.h"

#define PLACE_MOST 2  /* bits that a city says beside its postcode */
#define WORDS      48 /* of a name or title that are compared; titles longer than that repeat themselves */

/* What the findings of a field weigh, in bits. Agreement weighs by rarity up to `most`. */
static const struct weight {
	double most;       /* equal */
	double near_off;   /* a slip of the pen costs this much of it ... */
	double near_least; /* ... and leaves at least this */
	double differ;     /* against, when different */
} weights[IDENTITY_FIELDS] = {
	[IDENTITY_GIVEN] = {9, 3, 1, -3.5},   [IDENTITY_FAMILY] = {12, 3, 1, -4},
	[IDENTITY_ORG] = {28, 0, 0, -12},     [IDENTITY_BUSINESS] = {24, 0, 0, -16},
	[IDENTITY_OTHER_ID] = {18, 6, 4, -3}, [IDENTITY_EMAIL] = {20, 12, 4, -2},
	[IDENTITY_PHONE] = {14, 12, 1, -1},   [IDENTITY_DOMAIN] = {16, 0, 0, -3},
	[IDENTITY_BIRTH] = {14, 5, 3, -4},    [IDENTITY_STREET] = {14, 0, 0, -2.5},
	[IDENTITY_CITY] = {7, 2, 0.5, -2},    [IDENTITY_POSTCODE] = {8, 4, 0.5, -2},
	[IDENTITY_REGION] = {3, 2, 0, -1},    [IDENTITY_TITLE] = {36, 0, 0, -30},
	[IDENTITY_YEAR] = {4, 3, 0, -4},
};

struct scoring {
	const struct identity_profile *a, *b;
	const struct identity_stats *stats;
	GArray *reasons;
	double sum, names; /* names: the part of the sum that names make up */
	double sure;       /* the part of what two different ones never share: a business id, an id, a date of birth */
	gboolean against;  /* something speaks against it */
	gboolean other_words; /* each of two organisations' names has a word that the other lacks */
	gboolean whole;       /* the whole name of an organisation, of several words, is the same */
};

double identity_probability(double bits)
{
	return 1 / (1 + exp2(-bits));
}

double identity_bits(double probability)
{
	return log2(probability / (1 - probability));
}

void identity_reason_clear(gpointer reason)
{
	g_free(((struct identity_reason *)reason)->words);
}

static void found(struct scoring *s, const char *rule, double bits, const char *left, const char *right)
{
	s->sum += bits;
	s->against |= bits < -0.5 && left != NULL;
	if (s->reasons == NULL || (bits > -0.05 && bits < 0.05))
		return;
	struct identity_reason reason = {rule, bits, NULL};
	if (left == NULL || right == NULL)
		reason.words = g_strdup(left != NULL ? left : right);
	else if (strcmp(left, right) == 0)
		reason.words = g_strdup(left);
	else
		reason.words = g_strdup_printf("%s %s %s", left, bits > 0 ? "~" : "/", right);
	g_array_append_val(s->reasons, reason);
}

/* Bits that agreement on the value is worth: how seldom two different ones share it. Of a few customers one cannot tell
 * how common a value is; but ids, addresses and numbers are made to differ, in whatever company they come. */
static double rarity(const struct scoring *s, enum identity_field field, const char *value)
{
	gboolean made = field == IDENTITY_BUSINESS || field == IDENTITY_OTHER_ID || field == IDENTITY_EMAIL ||
			field == IDENTITY_PHONE || field == IDENTITY_DOMAIN;
	double n = MAX(s->stats->population, made ? exp2(weights[field].most) : 250);
	double others = MAX(s->stats->count(s->stats->user, field, value) - 1, 0.5);
	return MAX(log2(n / others), 0);
}

static double worth(const struct scoring *s, enum identity_field field, const char *value)
{
	return MIN(rarity(s, field, value), weights[field].most);
}

/* ---- whole values: the best pair of the two sides' counts ---- */

enum likeness { DIFFERENT, SOMEWHAT, NEAR, EQUAL };
typedef enum likeness (*comparer)(const char *a, const char *b);

static enum likeness like_word(const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return EQUAL;
	if (strpbrk(a, "0123456789") != NULL || strpbrk(b, "0123456789") != NULL)
		return DIFFERENT; /* another number is another thing */
	if (identity_near(a, b) || identity_jaro_winkler(a, b) >= 0.92)
		return NEAR;
	return identity_jaro_winkler(a, b) >= 0.84 ? SOMEWHAT : DIFFERENT;
}

static enum likeness like_exactly(const char *a, const char *b)
{
	return strcmp(a, b) == 0 ? EQUAL : DIFFERENT;
}

static enum likeness like_digits(const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return EQUAL;
	gsize n = strlen(a);
	guint edits = identity_edits(a, b, 2);
	return edits == 1 && n >= 4 ? NEAR : edits == 2 && n >= 6 ? SOMEWHAT : DIFFERENT;
}

/* A slip of the pen is in letters; another number is another mailbox. */
static gboolean same_digits(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a != '\0' && !g_ascii_isdigit(*a))
			a++;
		while (*b != '\0' && !g_ascii_isdigit(*b))
			b++;
		if (*a != *b || *a == '\0')
			return *a == *b;
	}
}

static enum likeness like_email(const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return EQUAL;
	const char *x = strchr(a, '@'), *y = strchr(b, '@');
	if (x == NULL || y == NULL)
		return DIFFERENT;
	gsize n = (gsize)(x - a), m = (gsize)(y - b);
	if (n == m && n >= 5 && memcmp(a, b, n) == 0 && !identity_email_shared(a))
		return identity_edits(x, y, 3) <= 3 ? NEAR : SOMEWHAT;
	if (n == m && n < 5 && memcmp(a, b, n) == 0 && strlen(x) >= 8) /* initials; the slip is in the host */
		return identity_edits(x, y, 2) <= 1 ? NEAR : identity_edits(x, y, 2) == 2 ? SOMEWHAT : DIFFERENT;
	return n >= 5 && same_digits(a, b) && identity_edits(a, b, 3) <= (n >= 8 ? 3U : 2U) ? NEAR : DIFFERENT;
}

static enum likeness like_date(const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return EQUAL;
	if (strlen(a) != 8 || strlen(b) != 8)
		return DIFFERENT;
	guint same = 0;
	for (int i = 0; i < 8; i++)
		same += a[i] == b[i];
	gboolean year = memcmp(a, b, 4) == 0;
	if (year && memcmp(a + 4, b + 6, 2) == 0 && memcmp(a + 6, b + 4, 2) == 0)
		return NEAR; /* day and month in the other order */
	if (same == 7 || identity_edits(a, b, 1) == 1)
		return NEAR;
	return same == 6 || (year && (memcmp(a + 4, b + 4, 2) == 0 || memcmp(a + 6, b + 6, 2) == 0)) ? SOMEWHAT
												     : DIFFERENT;
}

static const char *const rule_names[IDENTITY_FIELDS][3] = {
	[IDENTITY_OTHER_ID] = {"id", "id near", "id differs"},
	[IDENTITY_EMAIL] = {"e-mail", "e-mail near", "e-mail differs"},
	[IDENTITY_PHONE] = {"phone", "phone near", "phone differs"},
	[IDENTITY_BIRTH] = {"birth", "birth near", "birth differs"},
	[IDENTITY_CITY] = {"city", "city near", "city differs"},
	[IDENTITY_POSTCODE] = {"postcode", "postcode near", "postcode differs"},
	[IDENTITY_REGION] = {"region", "region near", "region differs"},
	[IDENTITY_YEAR] = {"year", "year near", "year differs"},
	[IDENTITY_BUSINESS] = {"business-id", "business-id near", "business-id differs"},
	[IDENTITY_DOMAIN] = {"domain", "domain near", "domain differs"},
	[IDENTITY_GIVEN] = {"given-name", "given-name near", "given-name differs"},
	[IDENTITY_FAMILY] = {"family-name", "family-name near", "family-name differs"},
};

static double bits_of(const struct scoring *s, enum identity_field field, enum likeness like, const char *a,
		      const char *b)
{
	const struct weight *w = &weights[field];
	if (like == DIFFERENT)
		return w->differ;
	double whole = MIN(worth(s, field, a), worth(s, field, b));
	if (like == EQUAL)
		return field == IDENTITY_EMAIL && identity_email_shared(a) ? MIN(whole, 8) : whole;
	double near = MAX(whole - w->near_off, w->near_least);
	return like == NEAR ? near : MIN(near / 2 - 1, w->near_least);
}

static void compare_values(struct scoring *s, enum identity_field field, comparer like)
{
	const GPtrArray *a = s->a->values[field], *b = s->b->values[field];
	if (a == NULL || b == NULL)
		return;
	enum likeness best = DIFFERENT;
	const char *left = g_ptr_array_index(a, 0), *right = g_ptr_array_index(b, 0);
	for (guint i = 0; i < a->len; i++)
		for (guint j = 0; j < b->len; j++) {
			enum likeness here = like(g_ptr_array_index(a, i), g_ptr_array_index(b, j));
			if (here > best) {
				best = here;
				left = g_ptr_array_index(a, i);
				right = g_ptr_array_index(b, j);
			}
		}
	const char *rule = rule_names[field][best == EQUAL ? 0 : best == DIFFERENT ? 2 : 1];
	double bits = bits_of(s, field, best, left, right);
	if (field == IDENTITY_BUSINESS || field == IDENTITY_OTHER_ID || field == IDENTITY_BIRTH)
		s->sure += MAX(bits, 0);
	found(s, rule, bits, left, right);
}

/* ---- persons' names ---- */

/* Given names: "matti j" and "matti", "m" and "matti", "anna maija" and "annamaija". */
static double given_bits(const struct scoring *s, const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return worth(s, IDENTITY_GIVEN, a);
	gsize n = strcspn(a, " "), m = strcspn(b, " ");
	g_autofree char *x = g_strndup(a, n), *y = g_strndup(b, m);
	if (n == 1 || m == 1)
		return x[0] == y[0] ? 2 : weights[IDENTITY_GIVEN].differ;
	if (strcmp(x, y) == 0)
		return worth(s, IDENTITY_GIVEN, x) - 1;
	enum likeness like = like_word(a, b), first = like_word(x, y);
	if (like == DIFFERENT && (g_str_has_prefix(x, y) || g_str_has_prefix(y, x)) && MIN(n, m) >= 3)
		like = NEAR; /* "rob" and "robert" */
	return bits_of(s, IDENTITY_GIVEN, MAX(like, first), a, b);
}

static double name_bits(const struct scoring *s, const char *ga, const char *fa, const char *gb, const char *fb)
{
	double bits = 0;
	if (ga != NULL && gb != NULL)
		bits += given_bits(s, ga, gb);
	if (fa != NULL && fb != NULL) {
		enum likeness like = like_word(fa, fb);
		bits += bits_of(s, IDENTITY_FAMILY, like, fa, fb);
	}
	return bits;
}

static void explain_name(struct scoring *s, const char *ga, const char *fa, const char *gb, const char *fb,
			 gboolean swapped)
{
	if (ga != NULL && gb != NULL) {
		double bits = given_bits(s, ga, gb);
		found(s, rule_names[IDENTITY_GIVEN][bits <= 0 ? 2 : strcmp(ga, gb) == 0 ? 0 : 1], bits, ga, gb);
	}
	if (fa != NULL && fb != NULL) {
		double bits = bits_of(s, IDENTITY_FAMILY, like_word(fa, fb), fa, fb);
		found(s, rule_names[IDENTITY_FAMILY][bits <= 0 ? 2 : strcmp(fa, fb) == 0 ? 0 : 1], bits, fa, fb);
	}
	if (swapped)
		found(s, "names in the other order", -2, NULL, NULL);
}

static void compare_names(struct scoring *s)
{
	const char *ga = identity_profile_first(s->a, IDENTITY_GIVEN),
		   *fa = identity_profile_first(s->a, IDENTITY_FAMILY);
	const char *gb = identity_profile_first(s->b, IDENTITY_GIVEN),
		   *fb = identity_profile_first(s->b, IDENTITY_FAMILY);
	double straight = name_bits(s, ga, fa, gb, fb), swapped = name_bits(s, ga, fa, fb, gb) - 2;
	if (swapped > straight && swapped > 0)
		explain_name(s, ga, fa, fb, gb, TRUE);
	else
		explain_name(s, ga, fa, gb, fb, FALSE);
}

/* ---- names of organisations, streets, titles: words weighed one by one ---- */

struct word {
	const char *text;
	double bits;
	int partner;
};

static guint words_of(const struct scoring *s, enum identity_field field, char **text, struct word out[WORDS])
{
	guint n = 0;
	for (char **w = text; *w != NULL && n < WORDS; w++) {
		gboolean again = FALSE;
		for (guint i = 0; i < n && !again; i++)
			again = strcmp(out[i].text, *w) == 0;
		if (!again)
			out[n++] = (struct word){*w, MIN(rarity(s, field, *w), 12), -1};
	}
	return n;
}

/* How far two words stand for each other: 1 equal, 0 not at all. */
static double word_match(const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return 1;
	if (identity_near(a, b))
		return 0.8;
	if (strpbrk(a, "0123456789") != NULL || strpbrk(b, "0123456789") != NULL)
		return 0; /* another number is another thing */
	gsize n = strlen(a), m = strlen(b);
	if (MIN(n, m) >= 4 && (g_str_has_prefix(a, b) || g_str_has_prefix(b, a)))
		return 0.6; /* abbreviated, or in a case of its own */
	return MIN(n, m) >= 5 && identity_jaro_winkler(a, b) >= 0.93 ? 0.6 : 0;
}

struct overlap {
	double shared, left, right; /* bits */
	guint words;                /* that have a partner */
};

static void pair_words(struct word *a, guint n, struct word *b, guint m, struct overlap *o)
{
	for (int pass = 0; pass < 2; pass++) /* equal words first */
		for (guint i = 0; i < n; i++) {
			double best = 0;
			int partner = -1;
			for (guint j = 0; a[i].partner < 0 && j < m; j++) {
				if (b[j].partner >= 0 || (pass == 0 && strcmp(a[i].text, b[j].text) != 0))
					continue;
				double match = word_match(a[i].text, b[j].text);
				if (match > best) {
					best = match;
					partner = (int)j;
				}
			}
			if (partner < 0)
				continue;
			a[i].partner = partner;
			b[partner].partner = (int)i;
			o->words++;
			o->shared += best * MIN(a[i].bits, b[partner].bits);
			o->left -= a[i].bits;
			o->right -= b[partner].bits;
		}
}

static void compare_words(struct scoring *s, enum identity_field field, const char *left, const char *right,
			  struct overlap *o)
{
	struct word a[WORDS], b[WORDS];
	g_auto(GStrv) x = identity_words(left);
	g_auto(GStrv) y = identity_words(right);
	guint n = words_of(s, field, x, a), m = words_of(s, field, y, b);
	*o = (struct overlap){0};
	for (guint i = 0; i < n; i++)
		o->left += a[i].bits;
	for (guint i = 0; i < m; i++)
		o->right += b[i].bits;
	pair_words(a, n, b, m, o);
	o->left = MAX(o->left, 0);
	o->right = MAX(o->right, 0);
}

static void compare_org(struct scoring *s)
{
	const GPtrArray *a = s->a->values[IDENTITY_ORG], *b = s->b->values[IDENTITY_ORG];
	if (a == NULL || b == NULL)
		return;
	double best = -G_MAXDOUBLE;
	const char *left = g_ptr_array_index(a, 0), *right = g_ptr_array_index(b, 0);
	struct overlap of_best = {0};
	for (guint i = 0; i < a->len; i++)
		for (guint j = 0; j < b->len; j++) {
			const char *x = g_ptr_array_index(a, i), *y = g_ptr_array_index(b, j);
			struct overlap o;
			compare_words(s, IDENTITY_ORG, x, y, &o);
			double bits = o.shared - 1.1 * MAX(o.left, o.right) - 0.5 * MIN(o.left, o.right);
			if (strcmp(x, y) == 0)
				bits += o.words > 1 ? 5 : 3;
			if (bits > best) {
				best = bits;
				left = x;
				right = y;
				of_best = o;
			}
		}
	s->other_words = of_best.left > 1 && of_best.right > 1;
	best = CLAMP(best, weights[IDENTITY_ORG].differ, weights[IDENTITY_ORG].most);
	if (s->a->person) /* an employer: people move on, and colleagues are not one */
		best = CLAMP(best, -1, 6);
	found(s, best > 0 ? "name" : "name differs", best, left, right);
	s->whole = strcmp(left, right) == 0 && strchr(left, ' ') != NULL;
}

/* Namesakes exist: names alone are for somebody to look at, however rare they are. But two lists that each call an
 * organisation by the same several words, and say nothing that contradicts, mean the same one. */
static void doubt_names_alone(struct scoring *s, double prior)
{
	double others = s->sum - prior - s->names, most = identity_bits(0.9);
	gboolean two_lists = s->a->list != 0 && s->b->list != 0 && s->a->list != s->b->list;
	if (s->a->person && s->against)
		most = -0.5; /* namesakes with different addresses or employers: not even a suggestion */
	if (s->sum <= most || others > 3 || (s->whole && two_lists && !s->against))
		return;
	found(s, "names alone", most - s->sum, NULL, NULL);
}

/* Under one roof, with one telephone and one domain, live spouses, and companies of one group: another name is another
 * one, unless they share what only one can have. */
static void doubt_other_names(struct scoring *s)
{
	double most = identity_bits(0.9);
	gboolean others = s->names < (s->a->person ? -1.0 : -3.0) || (s->other_words && !s->a->person);
	if (others && s->sure < 8 && s->sum > most)
		found(s, "names differ", most - s->sum, NULL, NULL);
}

/* Both tell a number, and not the same. */
static gboolean other_number(const char *left, const char *right)
{
	g_auto(GStrv) x = identity_words(left);
	g_auto(GStrv) y = identity_words(right);
	gboolean numbers[2] = {FALSE, FALSE};
	for (char **w = x; *w != NULL; w++) {
		numbers[0] |= g_ascii_isdigit(**w);
		if (g_ascii_isdigit(**w) && g_strv_contains((const char *const *)y, *w))
			return FALSE;
	}
	for (char **w = y; *w != NULL; w++)
		numbers[1] |= g_ascii_isdigit(**w);
	return numbers[0] && numbers[1];
}

static void compare_street(struct scoring *s)
{
	const char *a = identity_profile_first(s->a, IDENTITY_STREET),
		   *b = identity_profile_first(s->b, IDENTITY_STREET);
	if (a == NULL || b == NULL)
		return;
	struct overlap o;
	compare_words(s, IDENTITY_STREET, a, b, &o);
	double bits = o.shared - 0.45 * (o.left + o.right) / 2;
	if (other_number(a, b))
		bits = MIN(bits, 0.5);
	bits = CLAMP(bits, weights[IDENTITY_STREET].differ, weights[IDENTITY_STREET].most);
	found(s, bits > 0 ? "street" : "street differs", bits, a, b);
}

static void compare_title(struct scoring *s)
{
	const char *a = identity_profile_first(s->a, IDENTITY_TITLE), *b = identity_profile_first(s->b, IDENTITY_TITLE);
	if (a == NULL || b == NULL)
		return;
	struct overlap o;
	compare_words(s, IDENTITY_TITLE, a, b, &o);
	double bits = o.shared - 0.35 * (o.left + o.right);
	bits = CLAMP(bits, weights[IDENTITY_TITLE].differ, weights[IDENTITY_TITLE].most);
	found(s, bits > 0 ? "title" : "title differs", bits, a, b);
}

/* Who has the postcode has the city, too: the two together say little more than the postcode alone. */
static void compare_place(struct scoring *s)
{
	double before = s->sum;
	compare_values(s, IDENTITY_CITY, like_word);
	double city = s->sum - before;
	compare_values(s, IDENTITY_POSTCODE, like_digits);
	double postcode = s->sum - before - city, twice = MIN(city, postcode) - PLACE_MOST;
	if (twice > 0)
		found(s, "city of that postcode", -twice, NULL, NULL);
}

double identity_score(const struct identity_profile *a, const struct identity_profile *b,
		      const struct identity_stats *stats, GArray *reasons)
{
	struct scoring s = {.a = a, .b = b, .stats = stats, .reasons = reasons};
	double prior = -log2(MAX(stats->population, 50));
	found(&s, "any two", prior, NULL, NULL);
	compare_names(&s);
	compare_org(&s);
	s.names = s.sum - prior;
	compare_values(&s, IDENTITY_BUSINESS, like_exactly);
	compare_values(&s, IDENTITY_OTHER_ID, like_digits);
	compare_values(&s, IDENTITY_EMAIL, like_email);
	compare_values(&s, IDENTITY_PHONE, like_digits);
	compare_values(&s, IDENTITY_DOMAIN, like_exactly);
	compare_values(&s, IDENTITY_BIRTH, like_date);
	compare_street(&s);
	compare_place(&s);
	compare_values(&s, IDENTITY_REGION, like_digits);
	compare_title(&s);
	compare_values(&s, IDENTITY_YEAR, like_digits);
	doubt_names_alone(&s, prior);
	doubt_other_names(&s);
	return s.sum;
}
