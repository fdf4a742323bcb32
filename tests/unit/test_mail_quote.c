/* What of a mail's text was not written for this mail: cases of our own, and a score on the fixtures of others where
 * the data pack mail-nasty lies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../plugins/mail/quote.c"
#include "../../plugins/mail/quote_words.c"

/* The text without what is marked. */
static char *own_words(const char *text)
{
	g_autoptr(GString) all = g_string_new(text);
	g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(struct meri_span));
	GString *out = g_string_new(NULL);
	gsize at = 0;

	mail_quote_mark(all, 0, spans);
	for (guint i = 0; i < spans->len; i++) {
		struct meri_span *span = &g_array_index(spans, struct meri_span, i);

		assert_true(span->start >= at && span->start + span->length <= all->len);
		g_string_append_len(out, all->str + at, (gssize)(span->start - at));
		at = span->start + span->length;
	}
	g_string_append(out, all->str + at);
	return g_strstrip(g_string_free(out, FALSE));
}

static void expect(const char *text, const char *own)
{
	g_autofree char *got = own_words(text);

	assert_string_equal(got, own);
}

static void quoted_lines(void **state)
{
	(void)state;
	expect("Yes.\n\n> Do you deliver?\n> -- \n> Anna\n", "Yes.");
	expect("> first?\nyes\n\n> second?\nno\n", "yes\n\nno");
	expect("On Mon, 3 Mar 2025 at 10:15, Anna Aalto <anna@aalto.example> wrote:\n> When?\n\nTomorrow.\n",
	       "Tomorrow.");
	expect("Tomorrow.\n\nOn Mon, 3 Mar 2025 at 10:15, Anna Aalto\n<anna@aalto.example> wrote:\n\n> When?\n",
	       "Tomorrow.");
	expect("AA> When?\nTomorrow.\n", "Tomorrow.");
	expect("5 > 3 and a <b> c\n>not here\n", "5 > 3 and a <b> c");
}

static void attributions_of_many_tongues(void **state)
{
	static const char *const heads[] = {
		"Anna Aalto <anna@aalto.example> kirjoitti 3.3.2025 kello 10.15:",
		"ma 3. maalisk. 2025 klo 10.15 Anna Aalto (anna@aalto.example) kirjoitti:",
		"Den 3 mars 2025 kl. 10:15 skrev Anna Aalto <anna@aalto.example>:",
		"Am 03.03.2025 um 10:15 schrieb Anna Aalto:",
		"Le 3 mars 2025 à 10:15, Anna Aalto <anna@aalto.example> a écrit :",
		"El 3 mar 2025, Anna Aalto <anna@aalto.example> escribió:",
		"Op 3 maart 2025 schreef Anna Aalto <anna@aalto.example>:",
		"2025-03-03 10:15 GMT+02:00 Anna Aalto <anna@aalto.example>:",
		"In article <123@aalto.example>, Anna wrote:",
		"Dnia 3 marca 2025 10:15 Anna Aalto <anna@aalto.example> napisał(a):",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
		g_autofree char *text = g_strdup_printf("Kiitos.\n\n%s\n\n> Milloin?\n", heads[i]);

		expect(text, "Kiitos.");
	}
}

static void blocks_below(void **state)
{
	(void)state;
	expect("Sopii.\n\n-----Alkuperäinen viesti-----\nLähettäjä: Anna\nVastaanottaja: Bo\nHei\n", "Sopii.");
	expect("OK.\n\n-----Original Message-----\nFrom: Anna\nSent: Monday\nTo: Bo\nSubject: x\n\nHello\n", "OK.");
	expect("Sopii.\n\nLähettäjä: Anna Aalto <anna@aalto.example>\nLähetetty: maanantai 3. maaliskuuta 2025 10.15\n"
	       "Vastaanottaja: Bo\nAihe: Tarjous\n\nVoiko toimittaa?\n",
	       "Sopii.");
	expect("Visst.\n\nFrån: Anna Aalto\nSkickat: den 3 mars 2025 10:15\nTill: Bo\nÄmne: Offert\n\nKan ni "
	       "leverera?\n",
	       "Visst.");
	expect("Sure.\n\n________________________________\nFrom: Anna\nSent: Monday\nTo: Bo\nSubject: x\n\nHello\n",
	       "Sure.");
	/* A list in a mail is not a header. */
	expect("Please note:\nFrom: 1 May\nwe deliver to: Espoo\nprice: 5 e\n",
	       "Please note:\nFrom: 1 May\nwe deliver to: Espoo\nprice: 5 e");
}

static void signatures(void **state)
{
	(void)state;
	expect("Hei,\n\ntilaus tulee.\n\n-- \nAnna Aalto\nAalto Oy\n", "Hei,\n\ntilaus tulee.");
	expect("Tilaus tulee.\n\nYstävällisin terveisin\nAnna Aalto\nAalto Oy\np. 040 123\n", "Tilaus tulee.");
	expect("Order follows.\n\nBest regards,\nAnna Aalto\n\n> When?\n", "Order follows.");
	expect("Fine.\n\nSent from my iPhone\n", "Fine.");
	expect("Fine.\n\nLähetetty iPhonesta\n", "Fine.");
	expect("Patch below.\n\n_______________________________________________\nusers mailing "
	       "list\nusers@example.org\n"
	       "https://example.org/mailman/listinfo/users\n",
	       "Patch below.");
	expect("Thanks for the offer. We take it.\n", "Thanks for the offer. We take it.");
	expect("Columns:\n--\na b\n--\nThis goes on for a long time, as the lines that follow "
	       "show.\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n",
	       "Columns:\n--\na b\n--\nThis goes on for a long time, as the lines that follow "
	       "show.\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14");
}

static void nothing_at_all(void **state)
{
	(void)state;
	expect("", "");
	expect("\n\n\n", "");
	expect("> a\n", "");
	expect("wrote:\n", "wrote:");
	expect(":", ":");
}

/* Time must not grow with the square of the length: then this would not end. */
static void long_texts(void **state)
{
	static const char *const lines[] = {"--\n", "On 1.1.2025 x@y wrote:\n", "From: a\n", "> x\n\n",
					    "\n",   "____________\n",           "Thanks,\n", ">"};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(struct meri_span));

		while (text->len < 2000000)
			g_string_append(text, lines[i]);
		mail_quote_mark(text, 0, spans);
	}
}

/* ---- the score ---- */

static char *data_folder(const char *name)
{
	const char *roots[] = {".data", g_getenv("MERI_DATA")};

	for (size_t i = 0; i < 2; i++) {
		g_autofree char *path = roots[i] ? g_build_filename(roots[i], name, NULL) : NULL;

		if (path && g_file_test(path, G_FILE_TEST_IS_DIR))
			return g_steal_pointer(&path);
	}
	return NULL;
}

struct score {
	unsigned files, exact, wanted, kept, right;
};

/* Lines that are kept and should be, in order. */
static unsigned common_lines(char **a, char **b)
{
	unsigned n = g_strv_length(a), m = g_strv_length(b);
	g_autofree unsigned *row = g_new0(unsigned, m + 1);

	for (unsigned i = 0; i < n; i++) {
		unsigned diagonal = 0;

		for (unsigned k = 1; k <= m; k++) {
			unsigned above = row[k];

			row[k] = strcmp(a[i], b[k - 1]) == 0 ? diagonal + 1 : MAX(row[k], row[k - 1]);
			diagonal = above;
		}
	}
	return row[m];
}

static char **filled_lines(const char *text)
{
	g_auto(GStrv) all = g_strsplit(text, "\n", -1);
	GPtrArray *out = g_ptr_array_new();

	for (char **line = all; *line; line++)
		if (*g_strstrip(*line))
			g_ptr_array_add(out, g_strdup(*line));
	g_ptr_array_add(out, NULL);
	return (char **)g_ptr_array_free(out, FALSE);
}

static void count(struct score *score, const char *name, const char *mail, const char *wanted)
{
	g_autofree char *own = own_words(mail);
	g_auto(GStrv) got = filled_lines(own), all = g_strsplit(wanted, "\n>", -1), want = NULL;

	/* Those who made the set keep quotations that are answered line by line; for us they are quotations. */
	for (char **part = *all ? all + 1 : all; *part; part++) {
		char *rest = g_strdup(strchr(*part, '\n') ? strchr(*part, '\n') : "");

		g_free(*part);
		*part = rest;
	}
	if (*all && **all == '>')
		**all = '\0';
	g_autofree char *joined = g_strjoinv("\n", all);
	unsigned right;
	gboolean exact;

	want = filled_lines(joined);
	right = common_lines(got, want);
	exact = right == g_strv_length(got) && right == g_strv_length(want);
	score->files++;
	score->exact += exact;
	score->wanted += g_strv_length(want);
	score->kept += g_strv_length(got);
	score->right += right;
	if (!exact && g_getenv("VERBOSE"))
		printf("    differs: %s (%u wanted, %u kept, %u right)\n", name, g_strv_length(want),
		       g_strv_length(got), right);
}

static char *read_text(const char *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return NULL;
	if (!g_utf8_validate(text, -1, NULL)) {
		char *valid = g_utf8_make_valid(text, -1);

		g_free(text);
		return valid;
	}
	return text;
}

static void print_score(const char *title, const struct score *s)
{
	printf("  %s: %u of %u mails exactly; of the writer's own lines %.1f %% kept, of the lines kept %.1f %% the "
	       "writer's own\n",
	       title, s->exact, s->files, 100.0 * s->right / MAX(s->wanted, 1), 100.0 * s->right / MAX(s->kept, 1));
}

static void score_on_trimmer(void **state)
{
	g_autofree char *mails = data_folder("mail-nasty/email-reply-trimmer/emails"), *trimmed = NULL;
	struct score score = {0};
	const char *name;
	GDir *dir;

	(void)state;
	if (!mails) {
		print_message("skip: the data pack mail-nasty is not unpacked\n");
		g_clear_pointer(&mails, g_free); /* skip() jumps over the cleanups */
		skip();
	}
	trimmed = g_build_filename(mails, "..", "trimmed", NULL);
	dir = g_dir_open(mails, 0, NULL);
	while ((name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *mail = read_text(mails, name), *wanted = read_text(trimmed, name), *lf = NULL;

		if (mail && wanted) {
			g_auto(GStrv) parts = g_strsplit(mail, "\r\n", -1);

			lf = g_strjoinv("\n", parts);
			count(&score, name, lf, wanted);
		}
	}
	g_dir_close(dir);
	print_score("replies in a dozen languages", &score);
	assert_true(score.files >= 50);
	assert_true(score.right * 100 >= score.wanted * 85);
	assert_true(score.right * 100 >= score.kept * 75);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quoted_lines),     cmocka_unit_test(attributions_of_many_tongues),
		cmocka_unit_test(blocks_below),     cmocka_unit_test(signatures),
		cmocka_unit_test(nothing_at_all),   cmocka_unit_test(long_texts),
		cmocka_unit_test(score_on_trimmer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
