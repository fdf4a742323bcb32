/* quote: which parts of a mail's text were not written for this mail: what others wrote before ("> " lines with the
 * line that introduces them, the blocks that Outlook and its like put under a reply), signatures, and the footers of
 * mailing lists. Nothing is taken out: the parts are marked, so that a hit in them counts less than one in what the
 * writer said.
 *
 * Mail has no rules here, only habits, so these are judgements line by line; quote_words.c holds the words of the
 * habits in the languages that are known. Time is linear in the length of the text. */
#pragma once

#include <glib.h>

#include "meri/connector.h"

/* Marks text[from ...]: appends struct meri_span to `spans`, ascending, offsets within `text`. */
void mail_quote_mark(const GString *text, gsize from, GArray *spans);

/* Appends a span, or lengthens the last one where they touch. */
void mail_quote_add(GArray *spans, gsize start, gsize end);

/* ---- quote_words.c: the words ---- */

enum mail_label { MAIL_LABEL_NONE, MAIL_LABEL_FROM, MAIL_LABEL_SENT, MAIL_LABEL_TO, MAIL_LABEL_CC, MAIL_LABEL_SUBJECT };
/* All take a line or a piece of one, `n` bytes. */
enum mail_label mail_words_label(const char *word, gsize n);
gboolean mail_words_original(const char *line, gsize n);  /* "Original Message" between dashes and the like */
gboolean mail_words_wrote(const char *line, gsize n);     /* holds "wrote", in some language */
gboolean mail_words_opener(const char *line, gsize n);    /* begins as "On Monday ..." does */
gboolean mail_words_sent_from(const char *line, gsize n); /* "Sent from my ..." */
/* 2: a formula that ends a letter; 1: one that may also stand within it ("Thanks"). */
int mail_words_closing(const char *line, gsize n);
gboolean mail_words_footer(const char *line, gsize n); /* speaks of a mailing list */
