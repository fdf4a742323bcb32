#include "lookup/sieve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lookup/about.h"
#include "store/fence.h"

/* What a source is for the sieve. */
enum { OPEN = 1, CHOSEN = 2, OF_TEAM = 4 };

enum { MEASURED = 500 };

struct source {
	guint8 is;
	char *name, *team;
};

struct sieve {
	store *s;
	const struct shelf *shelf;
	gboolean fenced, simple;
	gint64 upto;     /* the last row that counts */
	GArray *sources; /* struct source, by id */
	guint kinds, kinds_chosen;
	gint64 after, before; /* before: 0: no end */
	gboolean years_chosen;
	guint8 years[YEARS];
	GPtrArray *within; /* GArray of gint64, ascending: all must hold a record */
	GArray *customers; /* the same, of the filter; NULL: none */
};

/* ---- years ---- */

static const gint64 *year_begins(void)
{
	static gint64 *begins;
	if (g_once_init_enter(&begins)) {
		gint64 *made = g_new(gint64, YEARS + 1);
		for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
			g_autoptr(GDateTime) begin = g_date_time_new_local(year, 1, 1, 0, 0, 0);
			made[year - FIRST_YEAR] = g_date_time_to_unix(begin);
		}
		g_once_init_leave(&begins, made);
	}
	return begins;
}

int sieve_year(gint64 seconds)
{
	const gint64 *begins = year_begins();
	int guess = (int)(seconds / 31556952); /* of a year's seconds: right, but for
						  the turn of the year */
	if (!seconds || guess < 0 || guess >= YEARS)
		return -1;
	if (seconds < begins[guess])
		guess--;
	else if (seconds >= begins[guess + 1])
		guess++;
	return guess >= 0 && guess < YEARS ? guess : -1;
}

/* ---- making it ---- */

static void source_clear(gpointer data)
{
	struct source *source = data;
	g_free(source->name);
	g_free(source->team);
}

static gboolean read_sources(struct sieve *v, GError **error)
{
	sqlite3_stmt *st = store_prepare(v->s,
					 v->fenced ? "SELECT id, name, team, meri_open_source(id) FROM source"
						   : "SELECT id, name, team, 1 FROM source",
					 error);
	int row = st ? 1 : -1;
	while (st && (row = store_row(v->s, st, error)) == 1) {
		gint64 id = sqlite3_column_int64(st, 0);
		if (id < 0 || id >= SHELF_SOURCES)
			continue;
		if (id >= v->sources->len)
			g_array_set_size(v->sources, (guint)id + 1);
		struct source *source = &g_array_index(v->sources, struct source, id);
		source->is = CHOSEN | OF_TEAM | (sqlite3_column_int(st, 3) ? OPEN : 0);
		source->name = store_column(st, 1);
		source->team = store_column(st, 2);
	}
	return row == 0;
}

struct sieve *sieve_new(store *s, const struct shelf *shelf, GError **error)
{
	g_autoptr(lookup_sieve) v = g_new0(struct sieve, 1);
	v->s = s;
	v->shelf = shelf;
	v->fenced = store_fenced(s);
	v->simple = !v->fenced;
	v->upto = shelf_newest(shelf);
	v->kinds = v->kinds_chosen = ~0u;
	v->after = G_MININT64;
	v->sources = g_array_new(FALSE, TRUE, sizeof(struct source));
	g_array_set_clear_func(v->sources, source_clear);
	v->within = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
	return read_sources(v, error) ? g_steal_pointer(&v) : NULL;
}

void sieve_free(struct sieve *v)
{
	if (!v)
		return;
	g_array_unref(v->sources);
	g_ptr_array_unref(v->within);
	if (v->customers)
		g_array_unref(v->customers);
	g_free(v);
}

static gboolean alike(const char *a, const char *b)
{
	if (!a || !b)
		return FALSE;
	g_autofree char *x = g_utf8_casefold(a, -1), *y = g_utf8_casefold(b, -1);
	return strcmp(x, y) == 0;
}

/* Takes `flag` from the sources whose name or team is none of `names`; with
 * `deny`, from those that are one. */
static void choose(struct sieve *v, const char *const *names, gboolean team, guint8 flag, gboolean deny)
{
	for (guint i = 0; i < v->sources->len; i++) {
		struct source *source = &g_array_index(v->sources, struct source, i);
		gboolean named = FALSE;
		for (const char *const *name = names; *name && !named; name++)
			named = alike(*name, team ? source->team : source->name);
		if (named == deny)
			source->is &= (guint8)~flag;
	}
	v->simple = FALSE;
}

static int by_number(gconstpointer a, gconstpointer b)
{
	gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
	return x < y ? -1 : x > y;
}

/* Adds the records that are about the customer. */
static gboolean add_records(store *s, gint64 customer, GArray *ids, GError **error)
{
	sqlite3_stmt *st = store_prepare(s,
					 "SELECT record_id FROM customer_record "
					 "WHERE customer_id = ? AND strength >= 2",
					 error);
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, customer);
	int row;
	while ((row = store_row(s, st, error)) == 1) {
		gint64 id = sqlite3_column_int64(st, 0);
		g_array_append_val(ids, id);
	}
	return row == 0;
}

static GArray *records_of(store *s, const gint64 *customers, gsize n, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (gsize i = 0; i < n; i++)
		if (!add_records(s, customers[i], ids, error))
			return NULL;
	g_array_sort(ids, by_number);
	guint kept = 0;
	for (guint i = 0; i < ids->len; i++) {
		gint64 id = g_array_index(ids, gint64, i);
		if (!kept || g_array_index(ids, gint64, kept - 1) != id)
			g_array_index(ids, gint64, kept++) = id;
	}
	g_array_set_size(ids, kept);
	return g_steal_pointer(&ids);
}

gboolean sieve_filter(struct sieve *v, const struct lookup_filters *f, GError **error)
{
	if (f->sources && *f->sources)
		choose(v, f->sources, FALSE, CHOSEN, FALSE);
	if (f->teams && *f->teams)
		choose(v, f->teams, TRUE, OF_TEAM, FALSE);
	if (f->kinds && *f->kinds) {
		v->kinds_chosen = 0;
		for (const char *const *kind = f->kinds; *kind; kind++)
			v->kinds_chosen |= lookup_kind_of(*kind) ? 1u << lookup_kind_of(*kind) : 0;
		v->simple = FALSE;
	}
	for (gsize i = 0; i < f->n_years; i++)
		if (f->years[i] >= FIRST_YEAR && f->years[i] < LAST_YEAR)
			v->years[f->years[i] - FIRST_YEAR] = 1;
	v->years_chosen = f->n_years > 0;
	v->simple &= f->n_years == 0;
	if (f->n_customers) {
		v->customers = records_of(v->s, f->customers, f->n_customers, error);
		v->simple = FALSE;
	}
	return !f->n_customers || v->customers;
}

static gboolean take_customer(struct sieve *v, const char *text, const identity *who, GPtrArray *notes)
{
	g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) ids = lookup_customers_meant(v->s, who, text, told);
	GArray *records = ids->len ? records_of(v->s, (const gint64 *)(gpointer)ids->data, ids->len, NULL) : NULL;
	if (!records)
		return FALSE; /* nobody: the query's words then, and its note */
	for (guint i = 0; i < told->len; i++)
		g_ptr_array_add(notes, g_strdup(told->pdata[i]));
	g_ptr_array_add(v->within, records);
	v->simple = FALSE;
	return TRUE;
}

gboolean sieve_field(struct sieve *v, const struct lookup_node *field, gboolean deny, const identity *who,
		     GPtrArray *notes)
{
	const char *const names[] = {field->text, NULL};
	guint kind;
	switch (field->field) {
	case LOOKUP_SOURCE:
	case LOOKUP_TEAM:
		choose(v, names, field->field == LOOKUP_TEAM, OPEN, deny);
		return TRUE;
	case LOOKUP_KIND:
		kind = lookup_kind_of(field->text) ? 1u << lookup_kind_of(field->text) : 0;
		v->kinds &= deny ? ~kind : kind;
		break;
	case LOOKUP_AFTER:
		if (deny)
			return FALSE;
		v->after = MAX(v->after, field->time);
		break;
	case LOOKUP_BEFORE:
		if (deny)
			return FALSE;
		v->before = v->before ? MIN(v->before, field->time) : field->time;
		break;
	case LOOKUP_CUSTOMER:
		return !deny && take_customer(v, field->text, who, notes);
	case LOOKUP_FROM:
	case LOOKUP_STATUS:
	default:
		return FALSE;
	}
	v->simple = FALSE;
	return TRUE;
}

/* ---- looking ---- */

static gboolean holds(const GArray *ids, gint64 id)
{
	return ids->len && bsearch(&id, ids->data, ids->len, sizeof id, by_number) != NULL; /* empty: data is NULL */
}

/* A restricted record on a fenced connection. */
static gboolean may_read(struct sieve *v, gint64 id, const struct shelf_record *record)
{
	sqlite3_stmt *st = store_prepare(v->s, "SELECT meri_open(?, 1, ?)", NULL);
	if (!st)
		return FALSE;
	sqlite3_bind_int64(st, 1, record->source);
	sqlite3_bind_int64(st, 2, id);
	gboolean open = sqlite3_step(st) == SQLITE_ROW && sqlite3_column_int(st, 0);
	sqlite3_reset(st);
	return open;
}

guint sieve_look(struct sieve *v, gint64 id, struct shelf_record *r)
{
	if (!shelf_get(v->shelf, id, r) || r->source >= v->sources->len)
		return MISS_ALL;
	if (v->simple)
		return 0;
	guint8 source = g_array_index(v->sources, struct source, r->source).is;
	if (id > v->upto || !(source & OPEN) || !(v->kinds & 1u << r->kind) || r->occurred < v->after ||
	    (v->before && (r->occurred >= v->before || !r->occurred)))
		return MISS_ALL;
	guint misses = (source & CHOSEN ? 0 : MISS_SOURCE) | (source & OF_TEAM ? 0 : MISS_TEAM) |
		       (v->kinds_chosen & 1u << r->kind ? 0 : MISS_KIND);
	if (v->years_chosen) {
		int year = sieve_year(r->occurred);
		misses |= year >= 0 && v->years[year] ? 0 : MISS_YEAR;
	}
	if (misses & (misses - 1))
		return MISS_ALL; /* nothing counts it */
	for (guint i = 0; i < v->within->len; i++)
		if (!holds(v->within->pdata[i], id))
			return MISS_ALL;
	if (v->customers && !holds(v->customers, id))
		misses |= MISS_CUSTOMER;
	return (v->fenced && r->restricted && !may_read(v, id, r)) ? MISS_ALL : misses;
}

const GArray *sieve_rows(const struct sieve *v)
{
	const GArray *least = v->customers;
	for (guint i = 0; i < v->within->len; i++) {
		const GArray *ids = v->within->pdata[i];
		least = !least || ids->len < least->len ? ids : least;
	}
	return least;
}

guint sieve_sources(const struct sieve *v)
{
	return v->sources->len;
}

struct sieve_basis sieve_measure(const struct sieve *v)
{
	gint64 step = MAX(v->upto / MEASURED, 1), n = 0, size = 0;
	for (gint64 id = v->upto; id > 0; id -= step) {
		struct shelf_record r;
		if (!shelf_get(v->shelf, id, &r) || r.source >= v->sources->len ||
		    !(g_array_index(v->sources, struct source, r.source).is & OPEN) || (v->fenced && r.restricted))
			continue;
		n++;
		size += r.size;
	}
	/* in steps of a tenth, as the rarity of words is in steps */
	double average = exp(round(10 * log(n ? MAX((double)size / (double)n, 1) : 1)) / 10);
	return (struct sieve_basis){MAX(n * step, 1), average};
}

void sieve_upto(struct sieve *v, gint64 row)
{
	v->upto = MIN(v->upto, row);
	v->simple = FALSE;
}
