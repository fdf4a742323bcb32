/* html: prepares the HTML of a mail so that the host's text of it still tells what was quoted. The host flattens
 * blockquotes and the containers in which mail programs keep the mail that is answered; so two characters that no mail
 * uses are set at their borders, and turned into spans afterwards. */
#pragma once

#include <glib.h>

/* The HTML (UTF-8) with the marks set. */
GString *mail_html_mark(const char *html, gsize length);
/* Takes the marks out of `text` from `from` on, and appends what they enclose to `spans` (struct meri_span, ascending).
 */
void mail_html_spans(GString *text, gsize from, GArray *spans);
/* The charset that a <meta> in the first 1,024 bytes names; newly allocated; NULL if none. */
char *mail_html_charset(const char *html, gsize length);
