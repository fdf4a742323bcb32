/* The connector notes as its host sees it, on folders written here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>
#include <utime.h>

#include "connectorhost.h"

static const struct meri_connector *notes;
static char *folder;

static int setup(void **state)
{
	(void)state;
	host_open(notes);
	folder = test_folder();
	host_set("path", folder);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	test_folder_remove(folder);
	g_free(folder);
	host_close();
	return 0;
}

static void fixture(const char *name)
{
	g_autofree char *from = g_build_filename("tests/fixtures/notes", name, NULL), *bytes = NULL;
	gsize length;
	assert_true(g_file_get_contents(from, &bytes, &length, NULL));
	test_file(folder, name, bytes, (gssize)length);
}

static gint64 day(int year, int month, int of_month)
{
	g_autoptr(GDateTime) time = g_date_time_new_utc(year, month, of_month, 0, 0, 0);
	return g_date_time_to_unix(time);
}

static void run_well(void)
{
	assert_int_equal(host_run(notes), 0);
	assert_int_equal(host.completes, 1);
}

static void a_customer_log_in_markdown(void **state)
{
	(void)state;
	fixture("virtanen.md");
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 4);
	const struct kept *file = host_record("virtanen.md"), *call = host_record("virtanen.md#12-11-2025-puhelu");
	assert_int_equal(file->kind, MERI_NOTE);
	assert_string_equal(file->title, "Virtasen Konepaja Oy");
	assert_string_equal(file->language, "fi");
	assert_true(file->updated > 0 && file->occurred == 0);
	assert_string_equal(
		file->text,
		"Virtasen Konepaja\n\nSopimus on verkkolevyllä (https://levy.example/sopimus) ja sopimuskansiossa.\n"
		"Kuva: [tehdas.png] ja [pohja].\n\nTaustaa\n\nPerustettu 1974.");
	static const char *const facts[] = {"hint name=Virtasen Konepaja Oy\n",
					    "hint business-id=0737546-2\n",
					    "hint crm-id=A-1007\n",
					    "hint domain=virtanen.example\n",
					    "field tag=avainasiakas\n",
					    "field tag=huolto\n",
					    "field osoite-katu=Pajatie 3\n",
					    "contact:Matti Virtanen<matti@virtanen.example>\n",
					    "attendee:Liisa Lahti<>\n",
					    "attendee:Olli Oja<olli@meri.example>\n",
					    NULL};
	for (const char *const *fact = facts; *fact; fact++)
		has(file->all, *fact);
	assert_string_equal(call->title, "Virtasen Konepaja Oy: 12.11.2025 Puhelu");
	assert_int_equal(call->occurred, day(2025, 11, 12));
	assert_string_equal(call->parent, "virtanen.md");
	assert_string_equal(call->thread, "virtanen.md");
	assert_string_equal(call->item, "virtanen.md");
	assert_string_equal(
		call->text,
		"Matti soitti huollosta. AX-40 vuotaa.\n\nPäätökset\n1. Tarjous\n2. Käynti\n  - Olli lähtee");
	has(call->all, "hint crm-id=A-1007\n");
	/* Newest first: the count of equal headings begins at the bottom. */
	has(host_record("virtanen.md#3-11-2025")->text, "Toinen käynti");
	has(host_record("virtanen.md#3-11-2025~2")->text, "# tämä ei ole otsikko");
	assert_int_equal(host_record("virtanen.md#3-11-2025")->occurred, day(2025, 11, 3));
}

static void ids_stay_when_entries_are_added(void **state)
{
	(void)state;
	static const char newest_first[] =
		"# Loki\n\n## 2025-11-03\n\ntoinen\n\n## 2025-11-03\n\nensimmäinen\n\n## 2025-10-01\n\nvanha\n";
	static const char oldest_first[] = "# Log\n\n## 2025-10-01\n\nold\n\n## 2025-11-03\n\nfirst\n";
	test_file(folder, "down.md", newest_first, -1);
	test_file(folder, "up.md", oldest_first, -1);
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 7);
	g_autofree char *down = g_strconcat("# Loki\n\nUusi johdanto.\n\n## 2025-11-03\n\nkolmas\n\n",
					    newest_first + strlen("# Loki\n\n"), NULL);
	g_autofree char *up = g_strconcat(oldest_first, "\n## 2025-11-03\n\nsecond\n", NULL);
	test_file(folder, "down.md", down, -1);
	test_file(folder, "up.md", up, -1);
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 9);
	assert_string_equal(host_record("down.md#2025-11-03")->text, "ensimmäinen");
	assert_string_equal(host_record("down.md#2025-11-03~2")->text, "toinen");
	assert_string_equal(host_record("down.md#2025-11-03~3")->text, "kolmas");
	assert_string_equal(host_record("up.md#2025-11-03")->text, "first");
	assert_string_equal(host_record("up.md#2025-11-03~2")->text, "second");
	assert_int_equal(host_record("down.md#2025-10-01")->updated, 0); /* so that adding one entry changes no other */
}

static void org_as_emacs_writes_it(void **state)
{
	(void)state;
	fixture("loki.org");
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 4);
	const struct kept *file = host_record("loki.org");
	assert_string_equal(file->title, "Kundlogg Lahti");
	assert_string_equal(file->text,
			    "Allmänt om Lahti (https://lahti.example), se kort och\nkarta.png samt en länk\növer raden "
			    "(https://lahti.example/lang).\n\n2025");
	has(file->all, "hint name=Oy Lahti Ab\n");
	has(file->all, "author:Erik Ek<>");
	has(file->all, "author:<erik@meri.example>");
	has(file->all, "field tag=viktig\n");
	has_not(file->all, "hint e-mail");
	has_not(file->all, "5f3c2d10");
	assert_int_equal(host_record("loki.org#vecka-45")->occurred,
			 day(2025, 11, 3)); /* its Monday; the year stands above */
	has(host_record("loki.org#vecka-45")->text, "AMOUNT: 20");
	const struct kept *visit = host_record("loki.org#todo-den-7-november-2025");
	assert_int_equal(visit->occurred, day(2025, 11, 7));
	assert_string_equal(visit->text, "Besök hos Anna.\n* inte en rubrik 2025-01-01");
	assert_int_equal(host_record("loki.org#2025-11-14-fri-10-00-m\xc3\xb6te")->occurred, day(2025, 11, 14));
}

static void days_as_people_write_them(void **state)
{
	(void)state;
	static const struct {
		const char *heading;
		int year, month, day; /* 0: none */
	} cases[] = {
		{"2025-11-03", 2025, 11, 3},
		{"2025/11/3 Call", 2025, 11, 3},
		{"ma 3.11.2025 klo 10", 2025, 11, 3},
		{"Kokous 03.11.2025", 2025, 11, 3},
		{"3. marraskuuta 2025", 2025, 11, 3},
		{"3. kesäkuuta 2025", 2025, 6, 3},
		{"3. KESÄKUUTA 2025", 2025, 6, 3},
		{"den 3 november 2025", 2025, 11, 3},
		{"3 maj 2024", 2024, 5, 3},
		{"November 3, 2025", 2025, 11, 3},
		{"Mon, Nov 3rd, 2025", 2025, 11, 3},
		{"3rd of November 2025", 2025, 11, 3},
		{"3-5.11.2025", 2025, 11, 5},
		{"3.-5.11.2025", 2025, 11, 5},
		{"29.2.2024", 2024, 2, 29},
		{"Viikko 45/2025", 2025, 11, 3},
		{"Vko 1, 2026", 2025, 12, 29},
		{"Vecka 53 2026", 2026, 12, 28},
		{"Week 45 2025", 2025, 11, 3},
		{"2025-W45", 2025, 11, 3},
		{"v. 45/2025", 2025, 11, 3},
		{"29.2.2025", 0, 0, 0},
		{"31.4.2025", 0, 0, 0},
		{"11/03/2025", 0, 0, 0},
		{"Versio 1.2.30", 0, 0, 0},
		{"v2 2025", 0, 0, 0},
		{"10.1.2.3.2025", 0, 0, 0},
		{"2025", 0, 0, 0},
		{"Room 2025-11-0345", 0, 0, 0},
		{"Puh 040-2025-11-03", 0, 0, 0},
		{"Marraskuu 2025", 0, 0, 0},
	};
	host_set("split", "yes");
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strdup_printf("# Loki\n\n## %s\n\nteksti\n", cases[i].heading);
		g_autofree char *name = g_strdup_printf("n%02zu.md", i);
		test_file(folder, name, text, -1);
	}
	run_well();
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *file = g_strdup_printf("n%02zu.md", i);
		const struct kept *entry = NULL;
		GHashTableIter iter;
		gpointer value;
		g_hash_table_iter_init(&iter, host.records);
		while (g_hash_table_iter_next(&iter, NULL, &value))
			if (!g_strcmp0(((struct kept *)value)->parent, file))
				entry = value;
		if (!entry != !cases[i].year)
			print_error("%s: %s\n", cases[i].heading, entry ? "an entry" : "no entry");
		assert_int_equal(!entry, !cases[i].year);
		if (entry && entry->occurred != day(cases[i].year, cases[i].month, cases[i].day))
			print_error("%s: wrong day\n", cases[i].heading);
		assert_true(!entry || entry->occurred == day(cases[i].year, cases[i].month, cases[i].day));
	}
}

static void years_that_stand_around(void **state)
{
	(void)state;
	test_file(folder, "a.md",
		  "# Loki\n\n## 2024\n\n### 3.11. Käynti\n\na\n\n### Viikko 46\n\nb\n\n## 2025\n\n### 3.11.\n\nc\n",
		  -1);
	test_file(folder, "2023/loki.md", "## 5.6.\n\na\n\n## 7.6.\n\nb\n", -1);
	test_file(folder, "no-year.md", "## 5.6.\n\na\n\n## 7.6.\n\nb\n", -1);
	run_well();
	assert_int_equal(host_record("a.md#3-11-k\xc3\xa4ynti")->occurred, day(2024, 11, 3));
	assert_int_equal(host_record("a.md#viikko-46")->occurred, day(2024, 11, 11));
	assert_int_equal(host_record("a.md#3-11")->occurred, day(2025, 11, 3));
	assert_int_equal(host_record("2023/loki.md#7-6")->occurred, day(2023, 6, 7));
	assert_string_equal(host_record("no-year.md")->text, "5.6.\n\na\n\n7.6.\n\nb");
}

static void when_a_note_was(void **state)
{
	(void)state;
	test_file(folder, "a.md", "---\ndate: 2025-11-03T14:30:00+02:00\nupdated: 2025-11-05\n---\ntext", -1);
	test_file(folder, "b.md", "---\npvm: 3.11.2025\n---\ntext", -1);
	test_file(folder, "2025-11-03-visit.md", "text", -1);
	test_file(folder, "20251103 besök.txt", "text", -1);
	test_file(folder, "c.md", "# Kokous 3.11.2025\n\n## Läsnä\n\nMatti\n", -1);
	test_file(folder, "d.md", "text", -1);
	run_well();
	assert_int_equal(host_record("a.md")->occurred, 1762173000);
	assert_int_equal(host_record("a.md")->updated, day(2025, 11, 5));
	assert_int_equal(host_record("b.md")->occurred, day(2025, 11, 3));
	assert_int_equal(host_record("2025-11-03-visit.md")->occurred, day(2025, 11, 3));
	assert_int_equal(host_record("20251103 bes\xc3\xb6k.txt")->occurred, day(2025, 11, 3));
	assert_int_equal(host_record("c.md")->occurred, day(2025, 11, 3));
	assert_string_equal(host_record("c.md")->title, "Kokous 3.11.2025");
	assert_int_equal(host_record("d.md")->occurred, 0);
	host_set("undated", "mtime");
	run_well(); /* another setting, another fingerprint */
	assert_int_equal(host.unchanged, 0);
	assert_int_equal(host_record("d.md")->occurred, host_record("d.md")->updated);
}

static void splitting_or_not(void **state)
{
	(void)state;
	test_file(folder, "one.md", "# Page\n\n## 2025-11-03\n\na\n", -1);
	test_file(folder, "two.md", "## 2025-11-03\n\na\n\n## 2025-11-04\n\nb\n", -1);
	test_file(folder, "page.md", "## EOL 2025-11-03\n\na\n\n## EOL 2025-11-04\n\nb\n\n## A\n\n## B\n\n## C\n", -1);
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 5);
	host_set("split", "yes");
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 8);
	host_set("split", "no");
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 3);
	assert_string_equal(host_record("two.md")->text, "2025-11-03\n\na\n\n2025-11-04\n\nb");
}

static void front_matter_that_is_none(void **state)
{
	(void)state;
	test_file(folder, "a.md",
		  "---\ntitle: Visit: Virtanen & sons\ncustomer: Virtanen\ntags:\n- one\n- two\n---\nbody", -1);
	test_file(folder, "b.md", "---\n\nA line above, and one below\n\n---\n\nmore", -1);
	test_file(folder, "c.md", "+++\ntitle = \"TOML\"\ndate = 2025-11-03\n+++\nbody", -1);
	test_file(folder, "d.md",
		  "---\na: &x [1]\nb: *x\nc: {d: {e: {f: {g: {h: {i: {j: {k: 1}}}}}}}}\ncustomer: Deep\n---\nbody", -1);
	test_file(folder, "e.md", "---\ntitle: never closed\n\nbody", -1);
	run_well();
	assert_string_equal(host_record("a.md")->title, "Visit: Virtanen & sons");
	has(host_record("a.md")->all, "hint name=Virtanen\n");
	has(host_record("a.md")->all, "field tag=two\n");
	assert_string_equal(host_record("a.md")->text, "body");
	has(host_record("b.md")->text, "A line above");
	assert_string_equal(host_record("c.md")->title, "TOML");
	assert_int_equal(host_record("c.md")->occurred, day(2025, 11, 3));
	has(host_record("d.md")->all, "hint name=Deep\n");
	has(host_record("e.md")->text, "never closed");
}

static void text_in_many_charsets(void **state)
{
	(void)state;
	test_file(folder, "utf8bom.txt", "\xef\xbb\xbfp\xc3\xa4iv\xc3\xa4", -1);
	test_file(folder, "latin1.txt", "p\xe4iv\xe4\r\nrivi \x96 \x80", -1);
	test_file(folder, "utf16le.txt", "\xff\xfep\0\xe4\0i\0v\0\xe4\0", 12);
	test_file(folder, "utf16be.md", "\xfe\xff\0#\0 \0p\0\xe4\0i\0v\0\xe4", 16);
	test_file(folder, "utf16none.txt", "p\0a\0i\0v\0a\0!\0", 12);
	test_file(folder, "mostly.txt", "p\xc3\xa4iv\xc3\xa4\xc3\xa4 \xff ja y\xc3\xb6t\xc3\xa4", -1);
	test_file(folder, "binary.txt",
		  "\x7f"
		  "ELF\0\0\1\2\3\4\5",
		  12);
	test_file(folder, "empty.txt", "", -1);
	run_well();
	assert_string_equal(host_record("utf8bom.txt")->text, "päivä");
	assert_string_equal(host_record("latin1.txt")->text, "päivä\nrivi – €");
	assert_string_equal(host_record("utf16le.txt")->text, "päivä");
	assert_string_equal(host_record("utf16be.md")->title, "päivä");
	assert_string_equal(host_record("utf16none.txt")->text, "paiva!");
	assert_string_equal(host_record("mostly.txt")->text, "päivää \xef\xbf\xbd ja yötä");
	assert_string_equal(host_record("empty.txt")->text, "");
	assert_int_equal(host.skips->len, 1);
	has(host.skips->pdata[0], "binary.txt|binary data");
}

static void plain_text_and_html(void **state)
{
	(void)state;
	test_file(folder, "log.txt",
		  "Virtanen\n========\n\nalku\n\n3.11.2025 soitto\nvuotaa\n\n5.11.2025\nkorjattu\nsee 6.11.2025\n", -1);
	test_file(folder, "page.html",
		  "<html><head><title>Tom &amp; Jerry</title></head><body><p>Hei <b>vaan</b></p></body></html>", -1);
	test_file(folder, "bad.html", "BROKEN", -1);
	run_well();
	assert_string_equal(host_record("log.txt")->text, "Virtanen\n\nalku");
	assert_string_equal(host_record("log.txt")->title, "Virtanen");
	assert_string_equal(host_record("log.txt#3-11-2025-soitto")->text, "vuotaa");
	assert_string_equal(host_record("log.txt#5-11-2025")->text, "korjattu\nsee 6.11.2025");
	assert_string_equal(host_record("page.html")->title, "Tom & Jerry");
	has(host_record("page.html")->text, "Hei vaan");
	has(host_record("bad.html")->all, "left text=broken file");
}

static void bold_days_and_customer_folders(void **state)
{
	(void)state;
	test_file(folder, "Asiakkaat/Virtanen Oy/loki.md",
		  "# Loki\n\n**3.11.2025 Soitto**\n\nvuotaa\n\n**Huom**\n\n**4.11.2025**\n\nkorjattu\n\n- "
		  "**5.11.2025** ei otsikko\n",
		  -1);
	test_file(folder, "Asiakkaat/yleista.md", "x", -1);
	host_set("customer-folder", "2");
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 4);
	const struct kept *call = host_record("Asiakkaat/Virtanen Oy/loki.md#3-11-2025-soitto");
	assert_string_equal(call->text, "vuotaa\n\nHuom");
	has(call->all, "hint name=Virtanen Oy\n");
	has_not(host_record("Asiakkaat/yleista.md")->all, "hint");
	host_set("customer-folder", "1");
	run_well();
	has(host_record("Asiakkaat/yleista.md")->all, "hint name=Asiakkaat\n");
}

static void which_files_are_notes(void **state)
{
	(void)state;
	static const char *const files[] = {
		"a.md",           "b.TXT",     "c.docx",      "d.jpg",      "e.jpg",          "Makefile", ".hidden.md",
		".obsidian/x.md", ".git/y.md", "drafts/z.md", "sub/ok.org", "sub/deep/f.log", NULL};
	for (const char *const *file = files; *file; file++)
		test_file(folder, *file, "x", 1);
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 5);
	assert_int_equal(host_record("c.docx")->kind, MERI_DOCUMENT);
	assert_int_equal(host.skips->len, 0);
	has(host.log->str, "4 files are not notes and left alone: ");
	has(host.log->str, "2 .jpg");
	host_set("exclude", "drafts/\nc.*");
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 3);
	host_set("include", "*.log\nsub/*");
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 2);
	host_record("sub/deep/f.log");
}

static void nothing_outside_is_read(void **state)
{
	(void)state;
	char *outside = test_folder();
	test_file(outside, "secret.md", "secret", -1);
	test_file(folder, "in/a.md", "in", -1);
	static const char *const links[] = {"dir", "file.md", "in/loop", "in/inner.md", "gone.md"};
	g_autofree char *secret = g_build_filename(outside, "secret.md", NULL);
	const char *const targets[] = {outside, secret, "..", "a.md", "nowhere"};
	for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
		g_autofree char *path = g_build_filename(folder, links[i], NULL);
		assert_int_equal(symlink(targets[i], path), 0);
	}
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 1);
	has(host.log->str, "5 links and special files are not followed");
	test_folder_remove(outside);
	g_free(outside);
}

static void names_that_are_not_utf8(void **state)
{
	(void)state;
	test_file(folder, "p\xe4iv\xe4.md", "one", -1);
	test_file(folder, "p\xe5iv\xe5.md", "two", -1);
	GString *deep = g_string_new("");
	for (int i = 0; i < 12; i++)
		g_string_append_printf(deep, "%0100d/", i);
	g_string_append(deep, "a.md");
	test_file(folder, deep->str, "three", -1);
	g_string_free(deep, TRUE);
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 3);
	run_well();
	assert_int_equal(host.unchanged, 3);
}

static void unchanged_changed_and_gone(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		g_autofree char *name = g_strdup_printf("d%d/n%d.md", i % 7, i);
		test_file(folder, name, "# n\n\ntext", -1);
	}
	run_well();
	assert_int_equal(g_hash_table_size(host.records), 1000);
	assert_true(host.checkpoints >= 1);
	g_autofree char *gone = g_build_filename(folder, "d1/n1.md", NULL),
			*from = g_build_filename(folder, "d2/n2.md", NULL);
	g_autofree char *to = g_build_filename(folder, "d2/renamed.md", NULL);
	assert_int_equal(g_unlink(gone) || g_rename(from, to), 0);
	test_file(folder, "d3/n3.md", "changed", -1);
	run_well();
	assert_int_equal(host.puts, 2);
	assert_int_equal(host.unchanged, 997);
	assert_int_equal(g_hash_table_size(host.records), 999);
	assert_string_equal(host_record("d3/n3.md")->text, "changed");
	host.stop_after = 1;
	host_set("split", "yes");
	assert_int_equal(host_run(notes), MERI_STOP);
	assert_int_equal(host.completes, 0);
}

static void large_files_and_wrong_settings(void **state)
{
	(void)state;
	g_autofree char *big = g_malloc((3 << 20) + 1);
	memset(big, 'a', 3 << 20);
	test_file(folder, "big.md", big, 3 << 20);
	run_well();
	assert_int_equal(host.skips->len, 0);
	host_set("max-size", "2");
	g_hash_table_remove_all(host.items);
	run_well();
	has(host.skips->pdata[0], "big.md|3.0 MiB, larger than max-size (2 MiB)");
	assert_int_equal(g_hash_table_size(host.records), 1); /* what is stored of it stays */
	host_set("max-size", "0");
	assert_int_equal(notes->check(&host.api), MERI_CONFIG);
	host_set("max-size", "2");
	host_set("path", "/nonexistent");
	assert_int_equal(notes->check(&host.api), MERI_CONFIG);
	has(host.failure, "/nonexistent");
	assert_int_equal(host_run(notes), MERI_CONFIG);
}

static void real_vaults(void **state)
{
	(void)state;
	const char *data = g_getenv("MERI_DATA");
	g_autofree char *pack = g_build_filename(data ? data : ".data", "notes", NULL);
	if (!g_file_test(pack, G_FILE_TEST_IS_DIR)) {
		print_message("skip the pack notes is not there\n");
		g_clear_pointer(&pack, g_free); /* skip() jumps over the cleanups */
		skip();
	}
	host_set("path", pack);
	run_well();
	assert_int_equal(host.skips->len, 0);
	GHashTableIter iter;
	gpointer value;
	guint files = 0;
	g_hash_table_iter_init(&iter, host.records);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		files += !((struct kept *)value)->parent;
	assert_int_equal(files, 2126 - 145); /* counted by ending with another program */
	run_well();
	assert_int_equal(host.puts, 0);
	assert_int_equal(host.unchanged, 2126 - 145);
}

int main(void)
{
	notes = host_load("notes");
	if (!notes) {
		print_message("skip plugins/notes.so is not built\n");
		return 77;
	}
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_customer_log_in_markdown, setup, teardown),
		cmocka_unit_test_setup_teardown(ids_stay_when_entries_are_added, setup, teardown),
		cmocka_unit_test_setup_teardown(org_as_emacs_writes_it, setup, teardown),
		cmocka_unit_test_setup_teardown(days_as_people_write_them, setup, teardown),
		cmocka_unit_test_setup_teardown(years_that_stand_around, setup, teardown),
		cmocka_unit_test_setup_teardown(when_a_note_was, setup, teardown),
		cmocka_unit_test_setup_teardown(splitting_or_not, setup, teardown),
		cmocka_unit_test_setup_teardown(front_matter_that_is_none, setup, teardown),
		cmocka_unit_test_setup_teardown(text_in_many_charsets, setup, teardown),
		cmocka_unit_test_setup_teardown(plain_text_and_html, setup, teardown),
		cmocka_unit_test_setup_teardown(bold_days_and_customer_folders, setup, teardown),
		cmocka_unit_test_setup_teardown(which_files_are_notes, setup, teardown),
		cmocka_unit_test_setup_teardown(nothing_outside_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(names_that_are_not_utf8, setup, teardown),
		cmocka_unit_test_setup_teardown(unchanged_changed_and_gone, setup, teardown),
		cmocka_unit_test_setup_teardown(large_files_and_wrong_settings, setup, teardown),
		cmocka_unit_test_setup_teardown(real_vaults, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
