/* bench_identity_load: what knowing whom a record is about costs. The same records are put into two stores, without and
 * with identity, by turns, a thousand a transaction, so that what others do on the machine costs both alike: first the
 * customers (accounts and contacts), then messages, tickets and notes about them. Then the time of the middle tenth of
 * the records beside that of the last: one more record costs the same at the end. At last customers are looked for as
 * they are typed, on a reading connection. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "identity_fill.h"

#define BATCH 1000

struct load {
	struct identity_fill fill;
	guint64 seed;
	guint customers;
	double of_customers, of_records, tenth[10]; /* processor seconds */
};

static guint dice(struct load *l, guint sides)
{
	l->seed = l->seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (guint)(l->seed >> 33) % MAX(sides, 1U);
}

static const char *const stems[] = {"Virta", "Korho", "Lahti",  "Pohjola", "Saima", "Turku", "Rauta",
				    "Koski", "Salo",  "Niemi",  "Harju",   "Laine", "Metsa", "Ranta",
				    "Suomi", "Karja", "Kallio", "Mantere", "Heino", "Valko"};
static const char *const trades[] = {"Konepaja", "Kuljetus",   "Valimo",  "Rakennus", "Huolto",  "Sahko",
				     "Maalaus",  "Teollisuus", "Palvelu", "Kauppa",   "Metalli", "Puu"};
static const char *const words[] = {"tarjous",  "laite",   "hinta",     "toimitus", "kysymys",  "palaute",
				    "sopimus",  "huolto",  "aikataulu", "lasku",    "tilaus",   "muutos",
				    "vika",     "korjaus", "asennus",   "takuu",    "palaveri", "muistio",
				    "projekti", "vastaus", "lähetys",   "varaosa",  "mittaus",  "tarkastus"};

static char *company(guint n)
{
	return g_strdup_printf("%s%u %s Oy", stems[n % G_N_ELEMENTS(stems)], n / 20,
			       trades[n / 7 % G_N_ELEMENTS(trades)]);
}

static void customer(struct load *l, guint n)
{
	g_autofree char *name = company(n), *id = g_strdup_printf("account/%u", n), *crm = g_strdup_printf("%u", n),
			*domain = g_strdup_printf("yritys%u.fi", n), *contact = g_strdup_printf("contact/%u", n),
			*email = g_strdup_printf("matti.%s%u@yritys%u.fi", stems[n % 20], n, n),
			*person = g_strdup_printf("Matti%u %snen", n % 977, stems[n / 3 % 20]),
			*phone = g_strdup_printf("040 %07u", n * 37 % 10000000);
	const struct meri_pair hints[] = {{"crm-id", crm}, {"domain", domain}, {"name", name}};
	struct meri_record account = {
		.size = sizeof account, .id = id, .kind = MERI_ACCOUNT, .title = name, .hints = hints, .n_hints = 3};
	identity_fill_put(&l->fill, 0, &account);
	const struct meri_pair theirs[] = {{"crm-id", crm}, {"e-mail", email}, {"phone", phone}, {"name", name}};
	struct meri_record record = {.size = sizeof record,
				     .id = contact,
				     .kind = MERI_PERSON,
				     .title = person,
				     .hints = theirs,
				     .n_hints = 4};
	identity_fill_put(&l->fill, 0, &record);
}

static char *text_of(struct load *l, guint length, guint named)
{
	GString *text = g_string_new(NULL);
	guint at = named != G_MAXUINT ? dice(l, length) : length;
	for (guint w = 0; w < length; w++) {
		g_string_append_printf(text, "%s%s%u ", words[dice(l, G_N_ELEMENTS(words))], dice(l, 4) == 0 ? "n" : "",
				       dice(l, 3) == 0 ? dice(l, 5000) : 7);
		if (w == at) {
			g_autofree char *name = company(named);
			name[strlen(name) - 3] = '\0'; /* without "Oy", as people write */
			g_string_append_printf(text, "%s ", name);
		}
	}
	return g_string_free(text, FALSE);
}

static void record(struct load *l, guint n)
{
	guint whose = dice(l, l->customers);
	g_autofree char *id = g_strdup_printf("r%u", n), *crm = g_strdup_printf("%u", whose),
			*thread = g_strdup_printf("t%u", n / 4),
			*email = dice(l, 3) == 0 ? g_strdup_printf("joku%u@gmail.com", dice(l, 100000))
						 : g_strdup_printf("henkilo%u@yritys%u.fi", dice(l, 20), whose);
	int source = 1 + (int)dice(l, 3);
	g_autofree char *text = text_of(l, 60 + dice(l, 120), source == 3 ? whose : G_MAXUINT);
	const struct meri_party parties[] = {{source == 1 ? "from" : "reporter", "Joku Henkilö", email, NULL},
					     {"to", "Myynti", "myynti@meri-demo.fi", NULL}};
	const struct meri_pair hints[] = {{"crm-id", crm}};
	struct meri_record r = {.size = sizeof r,
				.id = id,
				.kind = source == 1   ? MERI_MESSAGE
					: source == 2 ? MERI_TICKET
						      : MERI_NOTE,
				.title = "Asia",
				.text = text,
				.thread = source == 3 ? NULL : thread,
				.occurred = 1600000000 + n,
				.parties = parties,
				.n_parties = source == 3 ? 0 : 2,
				.hints = hints,
				.n_hints = source == 2 ? 1 : 0};
	identity_fill_put(&l->fill, (guint)source, &r);
}

/* Processor seconds: what others do on the machine is no cost of ours. */
static double spent(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A transaction of what `make` makes; the time that it took. */
static double batch(struct load *l, void (*make)(struct load *, guint), guint from, guint to)
{
	double start = spent();
	identity_fill_begin(&l->fill);
	for (guint n = from; n < to; n++)
		make(l, n);
	identity_fill_commit(&l->fill);
	return spent() - start;
}

static void run(struct load both[2], guint records)
{
	for (guint n = 0; n < both[0].customers; n += BATCH / 2)
		for (int with = 0; with < 2; with++)
			both[with].of_customers +=
				batch(&both[with], customer, n, MIN(n + BATCH / 2, both[0].customers));
	for (guint tenth = 0; tenth < 10; tenth++) {
		guint end = (guint)((guint64)records * (tenth + 1) / 10);
		for (guint n = (guint)((guint64)records * tenth / 10); n < end; n += BATCH)
			for (int with = 0; with < 2; with++)
				both[with].tenth[tenth] += batch(&both[with], record, n, MIN(n + BATCH, end));
		for (int with = 0; with < 2; with++)
			both[with].of_records += both[with].tenth[tenth];
	}
}

static double linked_part(store *s, guint records)
{
	GError *error = NULL;
	sqlite3_stmt *ask = store_prepare(s,
					  "SELECT count(DISTINCT record_id) FROM link l JOIN record r ON r.id = "
					  "l.record_id WHERE strength >= 2 AND r.kind > 2",
					  &error);
	identity_fill_need(ask != NULL && sqlite3_step(ask) == SQLITE_ROW, error);
	double linked = (double)sqlite3_column_int64(ask, 0) / records;
	sqlite3_reset(ask);
	return linked;
}

static void say(const char *what, double n, double without, double with)
{
	printf("%-34s %12.0f %12.0f %8.2f\n", what, n / without, n / with, without / with);
}

static double report(const struct load both[2], guint records)
{
	const struct load *without = &both[0], *with = &both[1];
	printf("%-34s %12s %12s %8s\n", "records a processor second", "without", "with", "ratio");
	say("accounts and contacts", 2 * without->customers, without->of_customers, with->of_customers);
	say("messages, tickets, notes", records, without->of_records, with->of_records);
	say("... the fifth tenth of them", records / 10.0, without->tenth[4], with->tenth[4]);
	say("... the last tenth of them", records / 10.0, without->tenth[9], with->tenth[9]);
	return (without->of_customers + without->of_records) / (with->of_customers + with->of_records);
}

/* ---- looking for customers ---- */

struct finding {
	const char *what;
	guint n, met; /* questions; those that had the customer among the first eight */
	double sum, worst;
};

static void find(struct finding *f, const identity *i, store *s, const char *text, const char *wanted)
{
	GError *error = NULL;
	double start = spent();
	g_autoptr(GPtrArray) found = identity_find(i, s, text, 8, &error);
	double took = spent() - start;
	identity_fill_need(found != NULL, error);
	f->n++;
	f->sum += took;
	f->worst = MAX(f->worst, took);
	for (guint k = 0; k < found->len; k++)
		if (g_str_has_prefix(((const struct identity_found *)g_ptr_array_index(found, k))->name, wanted)) {
			f->met++;
			return;
		}
}

/* Every beginning of the text, as it is typed. */
static void type(struct finding f[], const identity *i, store *s, const char *text, const char *wanted)
{
	for (gsize n = 1; n <= strlen(text); n++) {
		g_autofree char *typed = g_strndup(text, n);
		find(&f[n < 3 ? 0 : n < strlen(text) ? 1 : 2], i, s, typed, wanted);
	}
}

static void find_one(struct finding f[], const identity *i, store *s, guint n)
{
	g_autofree char *name = company(n), *person = g_strdup_printf("Matti%u %snen", n % 977, stems[n / 3 % 20]),
			*address = g_strdup_printf("matti.%s%u@yritys%u.fi", stems[n % 20], n, n);
	name[strlen(name) - 3] = '\0'; /* without "Oy" */
	g_autofree char *inflected = g_strdup_printf("%sn", name), *slip = g_strdup(name);
	memmove(slip + strlen(slip) - 3, slip + strlen(slip) - 2, 3); /* a letter is missing */
	type(f, i, s, name, name);
	type(f, i, s, person, person);
	find(&f[3], i, s, inflected, name);
	find(&f[4], i, s, slip, name);
	find(&f[5], i, s, address, person);
}

static void report_finds(const char *folder, const identity *i, guint customers)
{
	GError *error = NULL;
	g_autofree char *path = g_build_filename(folder, "with.db", NULL);
	store *s = store_open(path, STORE_READ, "fi", &error);
	identity_fill_need(s != NULL, error);
	struct finding f[] = {{.what = "a letter or two"}, {.what = "a beginning"}, {.what = "a whole name"},
			      {.what = "inflected"},       {.what = "with a slip"}, {.what = "an address"}};
	guint64 seed = 11;
	for (int n = 0; n < 60; n++) {
		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		find_one(f, i, s, (guint)(seed >> 33) % customers);
	}
	printf("%-34s %12s %12s %8s\n", "looking for a customer", "ms", "worst ms", "found");
	for (gsize k = 0; k < G_N_ELEMENTS(f); k++)
		printf("%-34s %12.2f %12.2f %8.2f\n", f[k].what, f[k].sum * 1000 / f[k].n, f[k].worst * 1000,
		       (double)f[k].met / f[k].n);
	store_close(s);
}

int main(int argc, char **argv)
{
	static const char *const own[] = {"meri-demo.fi", NULL};
	static const char *const names[] = {"crm", "mail", "tickets", "notes"};
	const struct identity_settings settings = {"fi", "FI", own, 0, 0};
	guint customers = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 5000,
	      records = argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 100000;
	g_set_prgname("bench_identity_load");
	if (customers == 0 || records < 10) {
		fprintf(stderr, "usage: bench_identity_load [CUSTOMERS [RECORDS]]\n");
		return 2;
	}
	g_autofree char *folder = identity_fill_folder();
	struct load both[2] = {{.seed = 7, .customers = customers}, {.seed = 7, .customers = customers}};
	identity_fill_open(&both[0].fill, folder, "without.db", "fi", NULL, names, G_N_ELEMENTS(names));
	identity_fill_open(&both[1].fill, folder, "with.db", "fi", &settings, names, G_N_ELEMENTS(names));
	run(both, records);
	double ratio = report(both, records);
	report_finds(folder, both[1].fill.i, customers);
	double linked = linked_part(both[1].fill.s, records);
	printf("bench-identity-load customers=%u records=%u ratio=%.3f last_to_middle=%.3f linked=%.3f\n", customers,
	       records, ratio, both[1].tenth[9] / both[1].tenth[4], linked);
	for (int with = 0; with < 2; with++)
		identity_fill_close(&both[with].fill);
	identity_fill_remove(folder);
	return 0;
}
