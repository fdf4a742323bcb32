/* text: from the bytes of a text part to clean UTF-8. What a mail says about its charset is often wrong or missing;
 * text is never lost over that: what does not fit is read as UTF-8 where it can be, else as windows-1252, byte by byte.
 */
#pragma once

#include <glib.h>

/* Clean UTF-8: lines end with \n, no control characters but \n and \t, no NUL. `charset` may be NULL or nonsense.
 * *guessed (may be NULL) is set when the charset was unknown or did not fit. */
GString *mail_text_decode(const char *bytes, gsize length, const char *charset, gboolean *guessed);

/* Joins the soft line breaks of format=flowed (RFC 3676) in place; `delsp`: the blank before the break goes too. */
void mail_text_unflow(GString *text, gboolean delsp);

/* Cuts `text` to at most `max` bytes at the end of a character. TRUE if something went. */
gboolean mail_text_bound(GString *text, gsize max);

/* Takes uuencoded files out of the text; for each, `found` gets its name and its decoded bytes (borrowed). */
void mail_text_take_uuencoded(GString *text, void (*found)(void *context, const char *name, GByteArray *bytes),
			      void *context);
