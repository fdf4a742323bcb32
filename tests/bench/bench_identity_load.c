/* bench_identity_load: what knowing whom a record is about costs. The same records are put into two stores, without and
 * with identity, a thousand a transaction: first the customers (accounts and contacts), then messages, tickets and
 * notes about them. Then the time of the middle tenth of the records beside that of the last: one more record costs the
 * same at the end. */
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "identity/identity.h"

#define BATCH 1000

struct load {
	store *s;
	identity *i; /* NULL: without */
	gint64 source[4], run[4];
	guint64 seed;
	guint customers;
};

static guint dice(struct load *l, guint sides)
{
	l->seed = l->seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (guint)(l->seed >> 33) % MAX(sides, 1U);
}

static void need(gboolean ok, GError *error)
{
	if (ok)
		return;
	fprintf(stderr, "bench_identity_load: %s\n", error != NULL ? error->message : "failed");
	exit(1);
}

static void put(struct load *l, int source, const struct meri_record *record)
{
	GError *error = NULL;
	enum store_change change;
	gint64 row;
	need(store_put(l->s, l->source[source], l->run[source], record, &change, &row, &error), error);
	if (l->i != NULL && change != STORE_SAME)
		need(identity_resolve(l->i, l->s, row, record, &error), error);
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
	put(l, 0, &account);
	const struct meri_pair theirs[] = {{"crm-id", crm}, {"e-mail", email}, {"phone", phone}, {"name", name}};
	struct meri_record record = {.size = sizeof record,
				     .id = contact,
				     .kind = MERI_PERSON,
				     .title = person,
				     .hints = theirs,
				     .n_hints = 4};
	put(l, 0, &record);
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
	put(l, source, &r);
}

static void begin(struct load *l)
{
	GError *error = NULL;
	need(store_begin(l->s, &error), error);
}

static void commit(struct load *l)
{
	GError *error = NULL;
	need(store_commit(l->s, &error), error);
}

struct times {
	double customers, records, tenth[10];
};

/* Processor seconds: what others do on the machine is no cost of ours. */
static double spent(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void run(struct load *l, guint records, struct times *t)
{
	double start = spent();
	for (guint n = 0; n < l->customers; n += BATCH / 2) {
		begin(l);
		for (guint k = n; k < MIN(n + BATCH / 2, l->customers); k++)
			customer(l, k);
		commit(l);
	}
	t->customers = spent() - start;
	start = spent();
	for (guint tenth = 0; tenth < 10; tenth++) {
		double from = spent();
		for (guint n = records / 10 * tenth; n < records / 10 * (tenth + 1); n += BATCH) {
			begin(l);
			for (guint k = n; k < MIN(n + BATCH, records / 10 * (tenth + 1)); k++)
				record(l, k);
			commit(l);
		}
		t->tenth[tenth] = spent() - from;
	}
	t->records = spent() - start;
}

static struct times load(const char *folder, gboolean with, guint customers, guint records, double *linked)
{
	static const char *const own[] = {"meri-demo.fi", NULL};
	static const char *const names[4] = {"crm", "mail", "tickets", "notes"};
	const struct identity_settings settings = {"fi", "FI", own, 0, 0};
	g_autofree char *path = g_build_filename(folder, with ? "with.db" : "without.db", NULL);
	GError *error = NULL;
	struct load l = {.seed = 7, .customers = customers};
	struct times t;
	l.s = store_open(path, STORE_WRITE, "fi", &error);
	need(l.s != NULL, error);
	l.i = with ? identity_new(&settings) : NULL;
	begin(&l);
	for (int n = 0; n < 4; n++)
		need(store_source_ensure(l.s, names[n], "bench", &l.source[n], &error) &&
			     store_run_begin(l.s, l.source[n], 1, &l.run[n], &error),
		     error);
	commit(&l);
	run(&l, records, &t);
	sqlite3_stmt *ask = NULL;
	*linked = 0;
	if (sqlite3_prepare_v2(store_sqlite(l.s),
			       "SELECT count(DISTINCT record_id) FROM link l JOIN record r ON r.id = l.record_id WHERE "
			       "strength >= 2 AND r.kind > 2",
			       -1, &ask, NULL) == SQLITE_OK &&
	    sqlite3_step(ask) == SQLITE_ROW)
		*linked = (double)sqlite3_column_int64(ask, 0) / records;
	sqlite3_finalize(ask);
	identity_free(l.i);
	store_close(l.s);
	return t;
}

static void remove_folder(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_unlink(path);
	}
	if (dir != NULL)
		g_dir_close(dir);
	g_rmdir(folder);
}

int main(int argc, char **argv)
{
	guint customers = argc > 1 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 5000,
	      records = argc > 2 ? (guint)g_ascii_strtoull(argv[2], NULL, 10) : 100000;
	g_autofree char *folder = g_dir_make_tmp("meri-bench-XXXXXX", NULL);
	double none, linked;
	if (customers == 0 || records < 10 || folder == NULL) {
		fprintf(stderr, "usage: bench_identity_load [CUSTOMERS [RECORDS]]\n");
		return 2;
	}
	struct times without = load(folder, FALSE, customers, records, &none),
		     with = load(folder, TRUE, customers, records, &linked);
	printf("%-34s %12s %12s %8s\n", "records a processor second", "without", "with", "ratio");
	printf("%-34s %12.0f %12.0f %8.2f\n", "accounts and contacts", 2 * customers / without.customers,
	       2 * customers / with.customers, without.customers / with.customers);
	printf("%-34s %12.0f %12.0f %8.2f\n", "messages, tickets, notes", records / without.records,
	       records / with.records, without.records / with.records);
	printf("%-34s %12.0f %12.0f\n", "... the fifth tenth of them", records / 10.0 / without.tenth[4],
	       records / 10.0 / with.tenth[4]);
	printf("%-34s %12.0f %12.0f\n", "... the last tenth of them", records / 10.0 / without.tenth[9],
	       records / 10.0 / with.tenth[9]);
	double all = (without.customers + without.records) / (with.customers + with.records);
	printf("bench-identity-load customers=%u records=%u ratio=%.3f last_to_middle=%.3f linked=%.3f\n", customers,
	       records, all, with.tenth[9] / with.tenth[4], linked);
	remove_folder(folder);
	return 0;
}
