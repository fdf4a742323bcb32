/* The connector mail and what is in a message: headers, text, parts, dates, and where mailboxes are cut. */
#include "mailtest.h"

/* Reads one message; its record, which has the id m@x unless the message says otherwise. */
static struct kept *read_mail(const char *mail)
{
	mt_forget();
	mt_write("mail.eml", mail);
	assert_int_equal(mt_run(), 0);
	return mt_get("m@x");
}

static void headers_are_decoded(void **state)
{
	struct kept *k = read_mail(
		"From: =?iso-8859-1?Q?M=E4kinen=2C_P=E4ivi?= <paivi@aalto.example>\nTo: \"Bo B.\" <bo@b.example>,\n"
		"\tSales: a@c.example, =?utf-8?B?w4VrZQ==?= <ake@c.example>;\nCc: undisclosed-recipients:;\n"
		"Reply-To: paivi@aalto.example\nSender: list@l.example\nMessage-ID: <m@x>\n"
		"Subject: =?utf-8?Q?Tarjous?=\n =?utf-8?Q?_=E2=82=AC?= 100\nList-Id: Users <users.l.example>\n"
		"X-Priority: 1\nContent-Language: fi-FI, sv\nArchived-At: <https://l.example/1>\nOrganization: Aalto "
		"Oy\n\ntext\n");

	(void)state;
	assert_string_equal(k->title, "Tarjous € 100");
	mt_expect(k->parties, "from|Mäkinen, Päivi|paivi@aalto.example");
	mt_expect(k->parties, "sender||list@l.example");
	mt_expect(k->parties, "to|Bo B.|bo@b.example");
	mt_expect(k->parties, "to||a@c.example");
	mt_expect(k->parties, "to|Åke|ake@c.example");
	assert_int_equal(k->parties->len, 5); /* the Reply-To says nothing new, the Cc names nobody */
	mt_expect(k->fields, "list-id=users.l.example");
	mt_expect(k->fields, "importance=high");
	mt_expect(k->fields, "organization=Aalto Oy");
	mt_expect(k->fields, "message-id=m@x");
	assert_string_equal(k->language, "fi-FI");
	assert_string_equal(k->url, "https://l.example/1");
}

static void broken_headers_are_guessed(void **state)
{
	struct kept *k = read_mail("From: P\xe4ivi <p@a.example>\nMessage-ID: <m@x>\nSubject: H\xe4t\xe4\n\ntext\n");

	(void)state;
	assert_string_equal(k->title, "Hätä");
	mt_expect(k->parties, "from|Päivi|p@a.example");
	k = read_mail("From: anna at aalto.example (Anna Aalto)\nTo: bo (at) b dot example\nMessage-ID: "
		      "<m@x>\nSubject: Tässä\n\ntext\n");
	assert_string_equal(k->title, "Tässä");
	mt_expect(k->parties, "from|Anna Aalto|anna@aalto.example");
	mt_expect(k->parties, "to||bo@b.example");
	k = read_mail("From: Bo <\003bo@b.example>\nTo: Anna Aalto\nMessage-ID: <m@x>\nSubject: a\n\tb\n\ntext\n");
	mt_expect(k->parties, "from|Bo|bo@b.example");
	mt_expect(k->parties, "to|Anna Aalto|");
	assert_string_equal(k->title, "a b");
	/* Korean in raw bytes: the charset of the text tells. */
	k = read_mail("From: a@b.example\nMessage-ID: <m@x>\nSubject: \xb1\xa4\xb0\xed\nContent-Type: text/plain; "
		      "charset=\"euc-kr\"\n\n\xb1\xa4\n");
	assert_string_equal(k->title, "광고");
	assert_string_equal(k->text, "광\n");
}

static void dates_are_repaired(void **state)
{
	struct kept *k =
		read_mail("Message-ID: <m@x>\nDate: Mon, 3 Mar 2025 10:15:00 +0200\nFrom: a@b.example\n\ntext\n");

	(void)state;
	assert_int_equal(k->occurred, 1740989700);
	assert_int_equal(k->left_out->len, 0);
	k = read_mail("Received: from x by y; Mon, 3 Mar 2025 10:16:00 +0200\nMessage-ID: <m@x>\nDate: Mon, 3 Mar 2199 "
		      "10:15:00 +0200\n"
		      "From: a@b.example\n\ntext\n");
	assert_int_equal(k->occurred, 1740989760);
	mt_expect(k->left_out, "date=\"Mon, 3 Mar 2199 10:15:00 +0200\" cannot be; taken from the Received field");
	k = read_mail("Message-ID: <m@x>\nDate: yesterday\nFrom: a@b.example\n\ntext\n");
	assert_true(k->occurred > 1740000000); /* the file's */
	mt_expect(k->left_out, "date=\"yesterday\" cannot be; taken from the time of the file");
}

static void charsets(void **state)
{
	static const struct {
		const char *charset, *body, *text;
	} rows[] = {{"utf-8", "P\xc3\xa4iv\xc3\xa4\n", "Päivä\n"},
		    {"iso-8859-1", "P\xe4iv\xe4\n", "Päivä\n"},
		    {"windows-1252", "10 \x80\n", "10 €\n"},
		    {"iso-8859-1", "10 \x80\n", "10 €\n"},
		    {"us-ascii", "P\xe4iv\xe4\n", "Päivä\n"},
		    {"utf-8", "P\xe4iv\xc3\xa4\n", "Päivä\n"},
		    {"x-no-such", "P\xe4iv\xe4\n", "Päivä\n"},
		    {"koi8-r", "\xd0\xd2\n", "пр\n"},
		    {"iso-8859-15", "10 \xa4\n", "10 €\n"},
		    {"gb2312", "\xd6\xd0\n", "中\n"},
		    {"iso-2022-jp", "\033$B!)\033(B\n", "？\n"},
		    {"us-ascii", "\033$B!)\033(B\n", "？\n"},
		    {"iso-8859-1", "P\xc3\xa4iv\xc3\xa4\n", "Päivä\n"},
		    {"us-ascii", "a\r\nb\rc\001d\n", "a\nb\ncd\n"},
		    {"utf-7", "Hi +AOQ-\n", "Hi ä\n"},
		    {"", "P\xe4iv\xe4\n", "Päivä\n"}};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *mail = g_strdup_printf(
			"Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: text/plain; charset=%s\n\n%s",
			rows[i].charset, rows[i].body);

		assert_string_equal(read_mail(mail)->text, rows[i].text);
	}
}

static void the_best_of_several_versions(void **state)
{
	static const char format[] =
		"Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\n"
		"Content-Type: text/plain\n\n%s\n--b\nContent-Type: text/html\n\n<p>%s</p>\n--b\n"
		"Content-Type: text/calendar; name=meet.ics\n\nBEGIN:VCALENDAR\n--b--\n";
	g_autofree char *good = g_strdup_printf(format, "Shall we meet on Monday?", "Shall we <b>meet</b>?");
	g_autofree char *stub =
		g_strdup_printf(format, "Your mail client cannot view HTML.", "The whole offer is here.");
	g_autofree char *empty = g_strdup_printf(format, "\n\n", "The whole offer is here.");
	struct kept *k = read_mail(good);

	(void)state;
	assert_string_equal(k->text, "Shall we meet on Monday?");
	mt_expect(k->fields, "attachment=meet.ics (text/calendar, 15 bytes)");
	assert_non_null(strstr(mt_get("m@x/3")->text, "VCALENDAR"));
	assert_string_equal(read_mail(stub)->text, "The whole offer is here.");
	assert_string_equal(read_mail(empty)->text, "The whole offer is here.");
}

static void html_keeps_its_quotes_marked(void **state)
{
	struct kept *k =
		read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: text/html; charset=iso-8859-1\n\n"
			  "<div>H\xe4t\xe4.</div>\n<div "
			  "class=\"gmail_quote\"><div>once</div><blockquote>twice</blockquote></div>\n"
			  "<div>End</div><div id=\"divRplyFwdMsg\">older</div>oldest\n");

	(void)state;
	assert_string_equal(k->text, "Hätä.\noncetwice\nEndolderoldest\n");
	assert_string_equal(g_strstrip(k->own), "Hätä.\n\nEnd");
	/* The line above a blockquote and the blockquote are found in different ways. */
	k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: text/html\n\n<p>Yes.</p>\n\n"
		      "Mon, 3 Mar 2025 Anna anna@aalto.example wrote:\n<blockquote>&gt; <b>once</b></blockquote>\n");
	assert_string_equal(g_strstrip(k->own), "Yes.");
}

static void flowed_text_flows(void **state)
{
	struct kept *k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: text/plain; format=flowed\n\n"
				   "One \nparagraph.\n> quoted \n> on\n From here\n-- \nAnna\n");

	(void)state;
	assert_string_equal(k->text, "One paragraph.\n> quoted on\nFrom here\n-- \nAnna\n");
	k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: text/plain; format=flowed; delsp=yes\n\nver "
		      "\ny\n");
	assert_string_equal(k->text, "very\n");
}

static void attachments_are_named_and_read(void **state)
{
	struct kept *k = read_mail(
		"Message-ID: <m@x>\nFrom: Anna <a@b.example>\nSubject: Plan\nContent-Type: multipart/mixed; "
		"boundary=b\n\n--b\n\n"
		"See the plan.\n--b\nContent-Type: application/pdf; name=\"=?utf-8?Q?p=C3=A4.pdf?=\"\n"
		"Content-Transfer-Encoding: base64\nContent-Disposition: attachment\n\nUGxhbg==\n--b\n"
		"Content-Type: application/x-cad\nContent-Disposition: attachment; "
		"filename*=utf-8''unreadable%20pl%C3%A4n.dwg\n\nxx\n"
		"--b\nContent-Type: image/png; name=logo.png\nContent-Transfer-Encoding: base64\n\nAAAA\n--b\n"
		"Content-Type: application/ms-tnef; name=winmail.dat\n\nx\n--b--\n");

	(void)state;
	assert_int_equal(mt_count(), 2);
	assert_string_equal(k->text, "See the plan.");
	mt_expect(k->fields, "attachment=pä.pdf (application/pdf, 4 bytes)");
	mt_expect(k->left_out, "attachment unreadable plän.dwg=no reader");
	mt_expect(k->left_out, "attachment logo.png=a picture");
	mt_expect(k->left_out, "attachment winmail.dat=Outlook's TNEF container: no reader");
	k = mt_get("m@x/2");
	assert_int_equal(k->kind, MERI_DOCUMENT);
	assert_string_equal(k->text, "text:Plan");
	assert_string_equal(k->title, "pä.pdf");
	assert_string_equal(k->parent, "m@x");
	assert_string_equal(k->thread, "m@x");
	mt_expect(k->parties, "from|Anna|a@b.example");
	mt_expect(k->fields, "mail=Plan");
	assert_null(k->fingerprint);
	mt_set("attachments", "0");
	k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: application/pdf; name=p.pdf\n\nx\n");
	assert_int_equal(mt_count(), 1);
	mt_expect(k->left_out, "attachment p.pdf=attachments = no in the settings");
}

static void uuencoded_files_leave_the_text(void **state)
{
	struct kept *k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\n\nHere:\nbegin 644 "
				   "plan.txt\n$4&QA;@\n`\nend\nBye\nbegin 5 things\n");

	(void)state;
	assert_string_equal(k->text, "Here:\nBye\nbegin 5 things\n");
	assert_int_equal(mt_count(), 2);
	assert_string_equal(mt_get("m@x/1.uu1")->text, "text:Plan");
}

static void mail_in_mail(void **state)
{
	struct kept *k = read_mail(
		"Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nLook:\n--b\n"
		"Content-Type: message/rfc822\n\nFrom: Bo <bo@b.example>\nSubject: =?utf-8?Q?K=C3=A4si?=\nDate: Mon, 3 "
		"Mar 2025 10:15:00 +0200\n\n"
		"inner text\n--b--\n");

	(void)state;
	assert_string_equal(
		k->text,
		"Look:\n\nFrom: Bo <bo@b.example>\nDate: Mon, 3 Mar 2025 10:15:00 +0200\nSubject: Käsi\n\ninner text");
	assert_string_equal(k->own, k->text);
	k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: message/rfc822\nContent-Transfer-Encoding: "
		      "base64\n\n"
		      "U3ViamVjdDogZGVlcAoKaW5uZXIgdGV4dAo=\n");
	assert_string_equal(k->text, "Subject: deep\n\ninner text\n");
	k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: multipart/report; boundary=b\n\n--b\n\nNot "
		      "delivered.\n--b\n"
		      "Content-Type: message/delivery-status\n\nStatus: 5.1.1\n--b\nContent-Type: "
		      "message/rfc822\n\nSubject: ours\n\nour text\n--b--\n");
	assert_non_null(strstr(k->own, "5.1.1"));
	assert_null(strstr(k->own, "our text"));
	assert_non_null(strstr(k->text, "our text"));
}

static void secrets_are_named(void **state)
{
	struct kept *k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: multipart/encrypted; "
				   "boundary=b\n\n--b\n\nx\n--b--\n");

	(void)state;
	mt_expect(k->left_out, "part 1=encrypted with OpenPGP");
	k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: multipart/signed; "
		      "boundary=b\n\n--b\n\nsigned text\n--b\n"
		      "Content-Type: application/pgp-signature\n\nx\n--b--\n");
	assert_string_equal(k->text, "signed text");
	mt_expect(k->fields, "signed=OpenPGP");
	/* S/MIME in one piece: SignedData around "\ntext", then EnvelopedData. */
	k = read_mail(
		"Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: application/pkcs7-mime; name=smime.p7m\n"
		"Content-Transfer-Encoding: base64\n\nMCkGCSqGSIb3DQEHAqAcMBoCAQExADATBgkqhkiG9w0BBwGgBgQECnRleA==\n");
	assert_string_equal(k->text, "tex");
	mt_expect(k->fields, "signed=S/MIME");
	k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: application/pkcs7-mime; name=smime.p7m\n"
		      "Content-Transfer-Encoding: base64\n\nMA0GCSqGSIb3DQEHA6AA\n");
	mt_expect(k->left_out, "part 1=encrypted with S/MIME");
}

static void broken_mime_is_still_text(void **state)
{
	struct kept *k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: multipart/mixed; "
				   "boundary=b\n\nno boundary came\n");

	(void)state;
	assert_string_equal(k->text, "no boundary came\n");
	assert_int_equal(k->left_out->len, 1);
	k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nnever "
		      "closed\n");
	assert_string_equal(k->text, "never closed\n");
	k = read_mail("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: text\nContent-Transfer-Encoding: "
		      "x-odd\n\nold text\n");
	assert_string_equal(k->text, "old text\n");
	k = read_mail(" From: a@b.example\nMessage-ID: <m@x>\nSubject: indented\n\ntext\n");
	assert_string_equal(k->title, "indented");
}

static void deep_and_wide(void **state)
{
	g_autoptr(GString) mail = g_string_new("Message-ID: <m@x>\nFrom: a@b.example\n");
	struct kept *k;

	(void)state;
	for (int i = 0; i < 3000; i++)
		g_string_append_printf(mail, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	k = read_mail(mail->str);
	mt_expect(k->left_out, "part 1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1=nested too deeply");
	g_string_assign(mail, "Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n");
	for (int i = 0; i < 3000; i++)
		g_string_append(mail, "--b\n\nx\n");
	k = read_mail(mail->str);
	mt_expect(k->left_out, "parts=all after the first 1,000");
	g_string_assign(mail, "Message-ID: <m@x>\nFrom: a@b.example\nTo: ");
	for (int i = 0; i < 3000; i++)
		g_string_append_printf(mail, "n%d@b.example, ", i);
	g_string_append(mail, "\n\ntext\n");
	k = read_mail(mail->str);
	assert_int_equal(k->parties->len, 500);
	mt_expect(k->left_out, "recipients=all after the first 500");
}

/* What is only meant to cost time: were it to grow with the square of the length, the test would not end. */
static void slow_food(void **state)
{
	static const struct {
		const char *header, *piece;
	} rows[] = {{"text/html", "<a x=\""},
		    {"text/html", "<div class=gmail_quote>"},
		    {"text/html", "<!--"},
		    {"text/html", "<b<"},
		    {"text/plain", "begin 644 a\n#86)C\n`\nend\n"},
		    {"text/plain", "begin 644 a\n"},
		    {"text/plain; format=flowed", "> "},
		    {"text/plain", "From: a\nSent: b\n"},
		    {"text/plain", "-----BEGIN PGP SIGNATURE-----\n"},
		    {"text/enriched", "<bold>"}};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) mail = g_string_new("Message-ID: <m@x>\nFrom: a@b.example\nContent-Type: ");

		g_string_append_printf(mail, "%s\n\n", rows[i].header);
		while (mail->len < 3000000)
			g_string_append(mail, rows[i].piece);
		read_mail(mail->str);
	}
}

static void headless_and_binary(void **state)
{
	(void)state;
	mt_set("format", "eml");
	mt_write("note", "this is a note.\nsecond line\n");
	mt_write_bytes("sheet", "\0\1\2\3 binary", 11);
	mt_run();
	assert_int_equal(mt_count(), 1);
	assert_int_equal(mt.skips->len, 1);
	assert_true(g_str_has_prefix(mt.skips->pdata[0], "sheet|no mail"));
}

static void ids_of_all_sorts(void **state)
{
	g_autofree char *longest = g_strnfill(2000, 'i'),
			*mail = g_strdup_printf("Message-ID: <%s>\nFrom: a@b.example\n\nx\n", longest);
	GHashTableIter iter;
	gpointer id;

	(void)state;
	mt_write("long.eml", mail);
	mt_run();
	g_hash_table_iter_init(&iter, mt.records);
	assert_true(g_hash_table_iter_next(&iter, &id, NULL));
	assert_int_equal(strlen(id), 35);
	mt_write("long.eml",
		 "Message-Id: bare@x (comment)\nFrom: a@b.example\nReferences: <a@x>\n <b\n @x> <c@x>\n\nx\n");
	mt_run();
	assert_string_equal(mt_get("bare@x")->parent, "c@x");
	assert_string_equal(mt_get("bare@x")->thread, "a@x");
	mt_write("long.eml", "MESSAGE-ID:\n <fold\n ed@x>\nFrom: a@b.example\nIn-Reply-To: Anna's mail <anna@x> of "
			     "Monday <q1@x>\n\nx\n");
	mt_run();
	assert_string_equal(mt_get("folded@x")->parent, "q1@x");
	assert_string_equal(mt_get("folded@x")->thread, "q1@x");
}

static int by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Where an mbox is cut and where not: the subjects that come out. */
static void expect_cuts(const char *box, const char *subjects)
{
	g_autoptr(GString) got = g_string_new(NULL);
	GHashTableIter iter;
	gpointer value;
	g_autoptr(GPtrArray) titles = g_ptr_array_new();

	mt_forget();
	mt_write("box", box);
	mt_run();
	g_hash_table_iter_init(&iter, mt.records);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		g_ptr_array_add(titles, ((struct kept *)value)->title ? ((struct kept *)value)->title : (char *)"-");
	g_ptr_array_sort(titles, by_text);
	for (guint i = 0; i < titles->len; i++)
		g_string_append_printf(got, "%s%s", i ? " " : "", (char *)titles->pdata[i]);
	assert_string_equal(got->str, subjects);
}

static void where_boxes_are_cut(void **state)
{
	(void)state;
	expect_cuts("From a Mon Mar  3 10:15:00 2025\nSubject: 1\n\nx\n\nFrom b@c Mon Mar  3 10:15:00 +0200 "
		    "2025\nSubject: 2\n\ny\n",
		    "1 2");
	expect_cuts("From - Mon Mar  3 10:15:00 2025\r\nSubject: 1\r\n\r\nx\r\n\r\nFrom - Mon Mar  3 10:15 "
		    "2025\r\nSubject: 2\r\n\r\ny\r\n",
		    "1 2");
	/* No empty line between them, but a postmark and a header. */
	expect_cuts(
		"From a Mon Mar  3 10:15:00 2025\nSubject: 1\n\nx\nFrom b Mon Mar  3 10:15:00 2025\nSubject: 2\n\ny\n",
		"1 2");
	/* A sentence is no postmark, nor is one with a date in it that nothing like a header follows. */
	expect_cuts("From a Mon Mar  3 10:15:00 2025\nSubject: 1\n\nx\n\nFrom Monday on we open at 10:15\n\nFrom here: "
		    "no\n",
		    "1");
	expect_cuts("From a Mon Mar  3 10:15:00 2025\nSubject: 1\n\nFrom Mon Mar 3 10:15:00 2025 on\nwe are closed\n",
		    "- 1");
	/* Senders without a date. */
	expect_cuts(
		"From - \nSubject: 1\n\nx\n\nFrom ???@??? Mon\nSubject: 2\n\nx\n\nFrom bo@b.example\nSubject: 3\n\ny\n",
		"1 2 3");
	expect_cuts("From - \nSubject: 1\n\nx\nFrom - \nSubject: 2\n\nx\nFrom - \nnothing\n", "1 2");
	/* A patch inside a mail, and a box of patches. */
	expect_cuts("From a Mon Mar  3 10:15:00 2025\nSubject: 1\n\nx\n\nFrom 0123456789012345678901234567890123456789 "
		    "Mon Sep 17 00:00:00 2001\n"
		    "Subject: p\n\ny\n",
		    "1");
	expect_cuts("From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nSubject: p\n\nx\n\n"
		    "From 0123456789012345678901234567890123456780 Mon Sep 17 00:00:00 2001\nSubject: q\n\ny\n",
		    "p q");
	/* Content-Length is not believed. */
	expect_cuts("From a Mon Mar  3 10:15:00 2025\nSubject: 1\nContent-Length: 9999\n\nx\n\nFrom b Mon Mar  3 "
		    "10:15:00 2025\nSubject: 2\n\ny\n",
		    "1 2");
	expect_cuts("\xef\xbb\xbf\n\nFrom a Mon Mar  3 10:15:00 2025\nSubject: 1\n\nx\n", "1");
}

/* Messages at every distance from the edges of the buffer, and one that fills it many times. */
static void cuts_at_the_edges(void **state)
{
	(void)state;
	for (size_t size = 262144 - 200; size < 262144 + 40; size += 7) {
		g_autofree char *body = g_strnfill(size, 'x');
		g_autofree char *box = g_strdup_printf(
			"From a Mon Mar  3 10:15:00 2025\nSubject: 1\n\n%s\n\nFrom b Mon Mar  3 10:15:00 2025\n"
			"Subject: 2\n\ny\n",
			body);

		expect_cuts(box, "1 2");
	}
	{
		g_autoptr(GString) box = g_string_new("From a Mon Mar  3 10:15:00 2025\nSubject: 1\n\n");
		g_autofree char *line = g_strnfill(99, 'x');

		while (box->len < (70u << 20))
			g_string_append_printf(box, "%s\n", line);
		g_string_append(box, "\nFrom b Mon Mar  3 10:15:00 2025\nSubject: 2\nMessage-ID: <m@x>\n\ny\n");
		expect_cuts(box->str, "1 2");
		assert_string_equal(mt_get("m@x")->text, "y\n");
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		MT_TEST(headers_are_decoded),
		MT_TEST(broken_headers_are_guessed),
		MT_TEST(dates_are_repaired),
		MT_TEST(charsets),
		MT_TEST(the_best_of_several_versions),
		MT_TEST(html_keeps_its_quotes_marked),
		MT_TEST(flowed_text_flows),
		MT_TEST(attachments_are_named_and_read),
		MT_TEST(uuencoded_files_leave_the_text),
		MT_TEST(mail_in_mail),
		MT_TEST(secrets_are_named),
		MT_TEST(broken_mime_is_still_text),
		MT_TEST(deep_and_wide),
		MT_TEST(slow_food),
		MT_TEST(headless_and_binary),
		MT_TEST(ids_of_all_sorts),
		MT_TEST(where_boxes_are_cut),
		MT_TEST(cuts_at_the_edges),
	};

	(void)argc;
	return mt_load(argv) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
