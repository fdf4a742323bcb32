/* The connector mail from run to run: what is read, what is not read again, what is gone, and which ids things have. */
#include "mailtest.h"

#include <gio/gio.h>
#include <zstd.h>

static void mt_append(const char *name, const char *text)
{
	g_autofree char *path = mt_path(name), *folder = g_path_get_dirname(path);
	int made = g_mkdir_with_parents(folder, 0700), fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	assert_true(made == 0 && fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void mt_move(const char *from, const char *to)
{
	g_autofree char *a = mt_path(from), *b = mt_path(to);

	assert_int_equal(rename(a, b), 0);
}

static void mt_delete(const char *name)
{
	g_autofree char *path = mt_path(name);

	assert_int_equal(unlink(path), 0);
}

static void mt_mkdir(const char *name)
{
	g_autofree char *path = mt_path(name);

	assert_int_equal(g_mkdir_with_parents(path, 0700), 0);
}

/* All records as one text, so that two stores can be compared. */
static char *mt_dump(void)
{
	g_autoptr(GList) ids = g_list_sort(g_hash_table_get_keys(mt.records), (GCompareFunc)(void (*)(void))strcmp);
	GString *out = g_string_new(NULL);

	for (GList *id = ids; id; id = id->next) {
		struct kept *k = g_hash_table_lookup(mt.records, id->data);

		g_string_append_printf(out, "%s|%s|%s|%s|%s|%s|%s\n", k->id, k->title, k->thread,
				       k->parent ? k->parent : "", k->item, k->fingerprint ? k->fingerprint : "",
				       k->text);
	}
	return g_string_free(out, FALSE);
}

/* A small mail as it stands in an mbox. `id` NULL: without a Message-ID. */
static char *boxed(const char *id, const char *subject, const char *body)
{
	g_autofree char *header = id ? g_strdup_printf("Message-ID: <%s>\n", id) : g_strdup("");

	return g_strdup_printf(
		"From anna@aalto.example Mon Mar  3 10:15:00 2025\nFrom: Anna Aalto <anna@aalto.example>\n"
		"Date: Mon, 3 Mar 2025 10:15:00 +0200\n%sSubject: %s\n\n%s\n\n",
		header, subject, body);
}

static void put_in_box(const char *box, const char *id, const char *subject, const char *body)
{
	g_autofree char *mail = boxed(id, subject, body);

	mt_append(box, mail);
}

/* The same mail as a file of its own. */
static void put_in_file(const char *file, const char *id, const char *subject, const char *body)
{
	g_autofree char *mail = boxed(id, subject, body);

	mt_write(file, strchr(mail, '\n') + 1);
}

static void an_mbox_becomes_records(void **state)
{
	(void)state;
	put_in_box("inbox.mbox", "1@x", "Hello", "text");
	mt_append("inbox.mbox", "From bo Tue Mar  4 09:00:00 2025\nFrom: Bo <bo@b.example>\nIn-Reply-To: "
				"<1@x>\nReferences: <0@x> <1@x>\n"
				"Message-ID: <2@x>\nSubject: Re: Hello\n\n>From here on\n>>From there\n> From "
				"nowhere\n\nFrom now on: no cut\n"
				"From nobody\n\n");
	assert_int_equal(mt_run(), 0);
	assert_int_equal(mt_count(), 2);
	assert_int_equal(mt.complete, 1);
	assert_string_equal(mt_get("1@x")->title, "Hello");
	assert_string_equal(mt_get("1@x")->thread, "1@x");
	assert_int_equal(mt_get("1@x")->occurred, 1740989700);
	mt_expect(mt_get("1@x")->parties, "from|Anna Aalto|anna@aalto.example");
	assert_string_equal(mt_get("2@x")->thread, "1@x"); /* what it answers is here, the beginning is not */
	assert_string_equal(mt_get("2@x")->parent, "1@x");
	assert_string_equal(mt_get("2@x")->text,
			    "From here on\n>From there\n> From nowhere\n\nFrom now on: no cut\nFrom nobody\n");
	assert_int_equal(mt_get("2@x")->occurred, 1741078800); /* it has no date: the postmark's */
	mt_expect(mt_get("2@x")->fields, "folder=inbox");
}

static void answer(const char *box, const char *id, const char *header)
{
	g_autofree char *mail = g_strdup_printf(
		"From bo Tue Mar  4 09:00:00 2025\nFrom: Bo <bo@b.example>\nMessage-ID: <%s>\n%s\n\ntext\n\n", id,
		header);

	mt_append(box, mail);
}

/* Old mail names what it answers, and not where the conversation began. */
static void conversations_hold_together(void **state)
{
	(void)state;
	put_in_box("box", "1@x", "Start", "text");
	answer("box", "2@x", "In-Reply-To: <1@x>");
	answer("box", "3@x", "In-Reply-To: Bo's message of Monday <bo@b.example> <2@x>");
	answer("box", "4@x", "References: <gone1@x> <3@x>");
	answer("box", "5@x", "In-Reply-To: Anna <anna@aalto.example>");
	answer("box", "6@x", "In-Reply-To: <6@x>");
	mt_run();
	answer("box", "7@x", "In-Reply-To: <4@x>\nReferences: <4@x>");
	mt_run();
	assert_int_equal(mt.puts, 1);
	for (int i = 1; i <= 7; i++) {
		g_autofree char *id = g_strdup_printf("%d@x", i);

		assert_string_equal(mt_get(id)->thread, i == 5 || i == 6 ? id : "1@x");
	}
	assert_string_equal(mt_get("3@x")->parent, "2@x");
	assert_string_equal(mt_get("4@x")->parent, "3@x");
	assert_null(mt_get("5@x")->parent);
	assert_null(mt_get("6@x")->parent);
}

static void what_is_not_an_mbox_is_named(void **state)
{
	(void)state;
	mt_write("README.txt", "These are the archives of the list.\n"); /* says itself that it is something else */
	mt_write("archive", "Shopping: milk\nand more\n");
	mt_write("empty", "");
	mt_write("inbox.msf", "index of a mail program");
	put_in_box("inbox", "1@x", "Hello", "text");
	assert_int_equal(mt_run(), 0);
	assert_int_equal(mt_count(), 1);
	assert_int_equal(mt.skips->len, 1);
	assert_true(g_str_has_prefix(mt.skips->pdata[0], "archive|no mail"));
	assert_int_equal(mt.complete, 1);
}

static void a_second_run_reads_nothing(void **state)
{
	(void)state;
	put_in_box("a/one.mbox", "1@x", "One", "text");
	put_in_box("two.mbox", "2@x", "Two", "text");
	put_in_file("three.eml", "3@x", "Three", "text");
	put_in_file("dir/cur/4.host:2,", "4@x", "Four", "text");
	mt_mkdir("dir/new");
	mt_run();
	assert_int_equal(mt_count(), 4);
	mt_run();
	assert_int_equal(mt.puts, 0);
	assert_int_equal(mt.complete, 1);
	assert_int_equal(mt_count(), 4);
}

static void what_is_appended_is_read(void **state)
{
	(void)state;
	put_in_box("box", "1@x", "One", "text");
	put_in_box("box", "2@x", "Two", "text");
	mt_run();
	put_in_box("box", "3@x", "Three", "text");
	mt_run();
	assert_int_equal(mt.puts, 1);
	assert_int_equal(mt_count(), 3);
	mt_run();
	assert_int_equal(mt.puts, 0);
	assert_int_equal(mt_count(), 3);
}

static void the_last_mail_may_grow(void **state)
{
	(void)state;
	mt_write("box", "From a Mon Mar  3 10:15:00 2025\nMessage-ID: <1@x>\n\nhalf a");
	mt_run();
	assert_string_equal(mt_get("1@x")->text, "half a");
	mt_append("box", " sentence\n");
	mt_run();
	assert_string_equal(mt_get("1@x")->text, "half a sentence\n");
	put_in_box("box", "2@x", "Two", "no empty line before it");
	mt_run();
	assert_int_equal(mt_count(), 2);
}

static void a_box_written_anew_is_read_anew(void **state)
{
	(void)state;
	put_in_box("box", "1@x", "One", "text");
	put_in_box("box", "2@x", "Two", "text");
	put_in_box("box", "3@x", "Three", "text");
	mt_run();
	mt_delete("box");
	put_in_box("box", "1@x", "One", "text");
	put_in_box("box", "3@x", "Three", "other text");
	mt_run();
	assert_int_equal(mt_count(), 2);
	assert_string_equal(mt_get("3@x")->text, "other text\n");
	mt_delete("box");
	put_in_box("another", "9@x", "Nine", "text");
	mt_run();
	assert_int_equal(mt_count(), 1);
	assert_null(strstr(mt.cursor, " box\n"));
}

/* A mail program that notes "read" in the header changes the file, and not the mail. */
static void flags_change_no_id(void **state)
{
	(void)state;
	mt_write("box", "From a Mon Mar  3 10:15:00 2025\nSubject: x\n\ntext\n");
	mt_run();
	mt_write("box", "From a Mon Mar  3 10:15:00 2025\nSubject: x\nStatus: RO\nX-Status: A\n\ntext\n");
	mt_run();
	assert_int_equal(mt_count(), 1);
	assert_int_equal(mt.puts, 0);
}

static void doubles_have_ids_of_their_own(void **state)
{
	GHashTableIter iter;
	gpointer id;
	int plain = 0, hashed = 0, numbered = 0, nameless = 0;

	(void)state;
	put_in_box("box", "1@x", "One", "text");
	put_in_box("box", "1@x", "One", "text");
	put_in_box("box", "1@x", "One", "other text");
	put_in_box("box", NULL, "None", "text");
	put_in_box("box", NULL, "None", "text");
	put_in_box("box", NULL, "None", "other text");
	mt_run();
	assert_int_equal(mt_count(), 6);
	g_hash_table_iter_init(&iter, mt.records);
	while (g_hash_table_iter_next(&iter, &id, NULL)) {
		plain += strcmp(id, "1@x") == 0;
		nameless += *(char *)id == '#';
		numbered += g_str_has_suffix(id, ".2");
		hashed += g_str_has_prefix(id, "1@x#");
	}
	assert_int_equal(plain, 1);
	assert_int_equal(hashed, 2);
	assert_int_equal(nameless, 3);
	assert_int_equal(numbered, 2);
	mt_run();
	assert_int_equal(mt.puts, 0);
}

/* A box that grows by what it has already: the beginning is counted once. */
static void doubles_in_a_growing_box(void **state)
{
	GHashTableIter iter;
	gpointer id;
	int second = 0;

	(void)state;
	put_in_box("box", NULL, "None", "text");
	put_in_box("box", "1@x", "One", "text");
	mt_run();
	put_in_box("box", NULL, "None", "text");
	put_in_box("box", "1@x", "One", "text");
	mt_run();
	assert_int_equal(mt_count(), 4);
	g_hash_table_iter_init(&iter, mt.records);
	while (g_hash_table_iter_next(&iter, &id, NULL))
		second += g_str_has_suffix(id, ".2");
	assert_int_equal(second, 2);
}

/* A new mail never takes the id of one that was not read in this run. */
static void doubles_across_runs(void **state)
{
	(void)state;
	put_in_box("b.mbox", "1@x", "One", "text");
	mt_run();
	put_in_box("a.mbox", "1@x", "One", "text"); /* the same, read before the old one in the order of names */
	put_in_box("c.mbox", "1@x", "One", "third");
	put_in_file("d/cur/17.x:2,", "1@x", "One", "fourth");
	mt_mkdir("d/new");
	mt_run();
	assert_int_equal(mt.puts, 3);
	assert_int_equal(mt_count(), 4);
	assert_string_equal(mt_get("1@x")->item, "b.mbox");
	mt_run();
	assert_int_equal(mt.puts, 0);
	assert_int_equal(mt_count(), 4);
	put_in_box("b.mbox", "2@x", "Two", "text");
	put_in_box("a.mbox", "2@x", "Two", "other text");
	mt_run();
	assert_int_equal(mt.puts, 2);
	assert_int_equal(mt_count(), 6);
	put_in_file("d/new/18.x", "1@x", "One", "fourth"); /* byte for byte */
	mt_run();
	assert_int_equal(mt_count(), 7);
	mt_run();
	assert_int_equal(mt.puts, 0);
	assert_int_equal(mt_count(), 7);
}

static void maildir_knows_its_mail(void **state)
{
	(void)state;
	put_in_file("cur/1.host:2,S", "1@x", "One", "text");
	put_in_file("new/2.host", "2@x", "Two", "text");
	mt_mkdir("tmp");
	put_in_file("tmp/half", "half@x", "Half", "text");
	put_in_file(".Sent.2024/cur/3.host:2,S", "3@x", "Three", "text");
	mt_mkdir(".Sent.2024/new");
	put_in_file(".L&AOQ-hetetyt/new/4.host", "4@x", "Four", "text");
	mt_mkdir(".L&AOQ-hetetyt/cur");
	put_in_file("Projects/Pier/cur/5.host:2,", "5@x", "Five", "text");
	mt_mkdir("Projects/Pier/new");
	mt_write("dovecot-uidlist", "3 V1\n");
	mt_run();
	assert_int_equal(mt_count(), 5);
	mt_expect(mt_get("1@x")->fields, "folder=INBOX");
	mt_expect(mt_get("3@x")->fields, "folder=Sent/2024");
	mt_expect(mt_get("4@x")->fields, "folder=Lähetetyt");
	mt_expect(mt_get("5@x")->fields, "folder=Projects/Pier");
	/* Read, flagged, moved. */
	mt_move("cur/1.host:2,S", "cur/1.host:2,FRS");
	mt_move("new/2.host", "cur/2.host:2,S");
	mt_run();
	assert_int_equal(mt.puts, 0);
	assert_int_equal(mt_count(), 5);
	mt_move("cur/1.host:2,FRS", ".Sent.2024/cur/1.host:2,FRS");
	mt_move("cur/2.host:2,S", ".Sent.2024/cur/99.otherhost:2,S");
	mt_run();
	assert_int_equal(mt_count(), 5);
	mt_expect(mt_get("1@x")->fields, "folder=Sent/2024");
	mt_expect(mt_get("2@x")->fields, "folder=Sent/2024");
	mt_delete(".Sent.2024/cur/99.otherhost:2,S");
	mt_run();
	assert_int_equal(mt.puts, 0);
	assert_int_equal(mt_count(), 4);
}

static void folders_of_mail_programs(void **state)
{
	(void)state;
	put_in_box("Work.sbd/Pier", "1@x", "One", "text");
	put_in_box("Apple.mbox/mbox", "2@x", "Two", "text");
	put_in_file(".Kontor.directory/Pir/cur/3.h", "3@x", "Three", "text");
	mt_mkdir(".Kontor.directory/Pir/new");
	put_in_file("mh/17", "4@x", "Four", "text");
	put_in_box(".git/box", "5@x", "Five", "not mail");
	mt_run();
	assert_int_equal(mt_count(), 4);
	mt_expect(mt_get("1@x")->fields, "folder=Work/Pier");
	mt_expect(mt_get("2@x")->fields, "folder=Apple");
	mt_expect(mt_get("3@x")->fields, "folder=Kontor/Pir");
	mt_expect(mt_get("4@x")->fields, "folder=mh");
}

static void copies_in_a_maildir(void **state)
{
	(void)state;
	put_in_file("cur/1.host:2,S", "1@x", "One", "text");
	put_in_file(".Work/cur/1.host:2,S", "1@x", "One", "text"); /* copied with its name */
	mt_mkdir("new");
	mt_mkdir(".Work/new");
	mt_run();
	assert_int_equal(mt_count(), 2);
	mt_run();
	assert_int_equal(mt.puts, 0);
	assert_int_equal(mt_count(), 2);
	mt_delete(".Work/cur/1.host:2,S");
	mt_run();
	assert_int_equal(mt_count(), 1);
}

static void folders_can_be_chosen(void **state)
{
	(void)state;
	put_in_file("cur/1.h", "1@x", "One", "text");
	put_in_file(".Sent/cur/2.h", "2@x", "Two", "text");
	put_in_file(".Sent.2024/cur/3.h", "3@x", "Three", "text");
	put_in_file(".Junk/cur/4.h", "4@x", "Four", "text");
	mt_mkdir("new");
	mt_mkdir(".Sent/new");
	mt_mkdir(".Sent.2024/new");
	mt_mkdir(".Junk/new");
	mt_set("exclude", "junk\nTrash");
	mt_run();
	assert_int_equal(mt_count(), 3);
	mt_set("folders", "Sent");
	mt_run();
	assert_int_equal(mt_count(), 2);
	mt_get("3@x");
}

static void packed_boxes(void **state)
{
	g_autofree char *one = boxed("1@x", "One", "text"), *two = boxed("2@x", "Two", "text"),
			*packed = g_malloc(65536);
	g_autoptr(GConverter) gzip = G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
	gsize used, n = 0;
	size_t zst;

	(void)state;
	g_converter_convert(gzip, one, strlen(one), packed, 65536, G_CONVERTER_INPUT_AT_END, &used, &n, NULL);
	mt_write_bytes("one.mbox.gz", packed, n);
	mt_run();
	assert_int_equal(mt_count(), 1);
	mt_expect(mt_get("1@x")->fields, "folder=one");
	/* A second member behind the first: the file grew. */
	g_converter_reset(gzip);
	{
		g_autofree char *more = g_malloc(65536);
		gsize m = 0;

		g_converter_convert(gzip, two, strlen(two), more, 65536, G_CONVERTER_INPUT_AT_END, &used, &m, NULL);
		memcpy(packed + n, more, m);
		mt_write_bytes("one.mbox.gz", packed, n + m);
		mt_run();
		assert_int_equal(mt.puts, 1);
		assert_int_equal(mt_count(), 2);
		/* Cut short: what can be read stays, the file is named. */
		mt_write_bytes("one.mbox.gz", packed, n + m / 2);
		mt_run();
		assert_int_equal(mt.skips->len, 1);
		assert_int_equal(mt_count(), 2);
	}
	mt_delete("one.mbox.gz");
	zst = ZSTD_compress(packed, 65536, two, strlen(two), 3);
	assert_false(ZSTD_isError(zst));
	mt_write_bytes("two.zst", packed, zst);
	mt_run();
	assert_int_equal(mt_count(), 1);
	mt_get("2@x");
}

static void links_are_not_followed(void **state)
{
	g_autofree char *outside = g_dir_make_tmp("meri-mail-XXXXXX", NULL),
			*secret = g_build_filename(outside, "secret.mbox", NULL);
	g_autofree char *file = mt_path("link.mbox"), *folder = mt_path("folder"),
			*mail = boxed("s@x", "Secret", "text");

	(void)state;
	assert_true(g_file_set_contents(secret, mail, -1, NULL));
	assert_int_equal(symlink(secret, file), 0);
	assert_int_equal(symlink(outside, folder), 0);
	put_in_box("box", "1@x", "One", "text");
	mt_run();
	assert_int_equal(mt_count(), 1);
	remove_tree(outside);
}

static void an_unreadable_folder_removes_nothing(void **state)
{
	g_autofree char *folder = mt_path("sub");

	(void)state;
	put_in_box("box", "1@x", "One", "text");
	put_in_box("sub/box", "2@x", "Two", "text");
	mt_run();
	assert_int_equal(mt_count(), 2);
	if (geteuid() == 0) {
		print_message("skip: root can read every folder\n");
		g_clear_pointer(&folder, g_free); /* skip() jumps over the cleanups */
		skip();
	}
	assert_int_equal(chmod(folder, 0), 0);
	mt_run();
	assert_int_equal(mt.complete, 0);
	assert_int_equal(mt.skips->len, 1);
	assert_int_equal(mt_count(), 2);
	chmod(folder, 0700);
}

static void no_folder_is_the_admins_business(void **state)
{
	g_autofree char *gone = mt_path("gone");

	(void)state;
	mt_set("path", gone);
	assert_int_equal(mt.connector->check(&mt.host), MERI_CONFIG);
	assert_int_equal(mt_run(), MERI_CONFIG);
	assert_int_equal(mt.complete, 0);
}

static void one_named_file(void **state)
{
	g_autofree char *path = mt_path("box.mbox");

	(void)state;
	put_in_box("box.mbox", "1@x", "One", "text");
	put_in_box("other.mbox", "2@x", "Two", "text");
	mt_set("path", path);
	assert_int_equal(mt.connector->check(&mt.host), 0);
	mt_run();
	assert_int_equal(mt_count(), 1);
	assert_string_equal(mt_get("1@x")->item, "box.mbox");
}

static void truncate_box(void)
{
	g_autofree char *path = mt_path("box");

	if (mt.puts == 1)
		assert_int_equal(truncate(path, 300000), 0);
}

static void a_box_cut_while_it_is_read(void **state)
{
	g_autofree char *body = g_strnfill(2000, 'x');

	(void)state;
	for (int i = 0; i < 400; i++) {
		g_autofree char *id = g_strdup_printf("%d@x", i);

		put_in_box("box", id, "Big", body);
	}
	mt.at_put = truncate_box;
	assert_int_equal(mt_run(), MERI_TRANSIENT);
	assert_int_equal(mt.complete, 0);
	mt.at_put = NULL;
	mt_run();
	assert_int_equal(mt.complete, 1);
	assert_true(mt_count() > 100 && mt_count() < 400);
}

/* Enough for several checkpoints in one box and in a Maildir, with answers, doubles and nameless ones among them. */
static void write_archive(void)
{
	GString *box = g_string_new(NULL);

	for (int i = 0; i < 1700; i++) {
		g_autofree char *id = i % 97 == 0 ? NULL : g_strdup_printf("%d@x", i % 43 == 0 ? 7 : i);
		g_autofree char *body = g_strdup_printf("text %d", i % 89 == 0 ? 0 : i),
				*mail = boxed(id, "Many", body);

		g_string_append(box, mail);
	}
	mt_write("box", box->str);
	g_string_free(box, TRUE);
	mt_mkdir("md/new");
	for (int i = 1; i < 700; i++) {
		g_autofree char *id = g_strdup_printf("%d@x", i % 2 ? i : i + 5000),
				*name = g_strdup_printf("md/cur/%d.host:2,S", i);

		put_in_file(name, id, "Filed", "text");
	}
}

static void a_kill_at_any_moment(void **state)
{
	g_autofree char *whole = NULL;

	(void)state;
	write_archive();
	mt_run();
	assert_int_equal(mt_count(), 1700 + 699);
	whole = mt_dump();
	for (unsigned step = 1; step < 2400; step += 199) {
		g_autofree char *again = NULL;

		mt_forget();
		for (int round = 0; round < 3; round++) { /* killed, and killed again after some more */
			mt.stop_at_put = step;
			mt_run();
		}
		mt.stop_at_put = 0;
		mt_run();
		again = mt_dump();
		assert_string_equal(again, whole);
		mt_run();
		assert_int_equal(mt.puts, 0);
	}
	for (unsigned step = 1; step <= 3; step++) {
		g_autofree char *again = NULL;

		mt_forget();
		mt.stop_at_checkpoint = step;
		mt_run();
		mt.stop_at_checkpoint = 0;
		mt_run();
		again = mt_dump();
		assert_string_equal(again, whole);
	}
}

static void new_settings_read_anew(void **state)
{
	(void)state;
	put_in_box("box", "1@x", "One", "text");
	put_in_file("2.eml", "2@x", "Two", "text");
	mt_run();
	mt_set("attachments", "0");
	mt_run();
	assert_int_equal(mt.puts, 2);
	assert_int_equal(mt_count(), 2);
	mt_run();
	assert_int_equal(mt.puts, 0);
}

static void a_strange_cursor_is_no_harm(void **state)
{
	(void)state;
	put_in_box("box", "1@x", "One", "text");
	mt_run();
	g_free(mt.cursor);
	mt.cursor = g_strdup("mail 1\nbox nonsense\n");
	mt_run();
	assert_int_equal(mt.puts, 1);
	assert_int_equal(mt_count(), 1);
	g_free(mt.cursor);
	mt.cursor = g_strdup("mail 1\nfilter 12:AAAA\nbox 18446744073709551615 1 1 18446744073709551615 1 "
			     "00112233445566778899aabbccddeeff box\n");
	mt_run();
	assert_int_equal(mt_count(), 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		MT_TEST(an_mbox_becomes_records),
		MT_TEST(conversations_hold_together),
		MT_TEST(what_is_not_an_mbox_is_named),
		MT_TEST(a_second_run_reads_nothing),
		MT_TEST(what_is_appended_is_read),
		MT_TEST(the_last_mail_may_grow),
		MT_TEST(a_box_written_anew_is_read_anew),
		MT_TEST(flags_change_no_id),
		MT_TEST(doubles_have_ids_of_their_own),
		MT_TEST(doubles_in_a_growing_box),
		MT_TEST(doubles_across_runs),
		MT_TEST(maildir_knows_its_mail),
		MT_TEST(folders_of_mail_programs),
		MT_TEST(copies_in_a_maildir),
		MT_TEST(folders_can_be_chosen),
		MT_TEST(packed_boxes),
		MT_TEST(links_are_not_followed),
		MT_TEST(an_unreadable_folder_removes_nothing),
		MT_TEST(no_folder_is_the_admins_business),
		MT_TEST(one_named_file),
		MT_TEST(a_box_cut_while_it_is_read),
		MT_TEST(a_kill_at_any_moment),
		MT_TEST(new_settings_read_anew),
		MT_TEST(a_strange_cursor_is_no_harm),
	};

	(void)argc;
	return mt_load(argv) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
