#include "header.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

/* Fields that mail programs write into a stored message. */
static const char *const VOLATILE[] = {"status",         "x-status",       "x-keywords",       "x-uid",
				       "x-imap",         "x-imapbase",     "x-mozilla-status", "x-mozilla-status2",
				       "x-mozilla-keys", "x-gmail-labels", "x-gm-thrid",       "x-evolution",
				       "content-length", "lines",          "x-label"};

/* One field of a header block with its continuation lines. */
struct field {
	const char *name, *value;
	size_t name_length, value_length, length; /* `length`: all of it */
};

/* The field at `at`. FALSE at the empty line that ends the header, and at the end. */
static gboolean field_at(const char *at, const char *end, struct field *f)
{
	const char *line = at, *colon;

	if (at >= end || *at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n'))
		return FALSE;
	do {
		const char *nl = memchr(line, '\n', (size_t)(end - line));

		line = nl ? nl + 1 : end;
	} while (line < end && (*line == ' ' || *line == '\t'));
	f->name = at;
	f->length = (size_t)(line - at);
	colon = memchr(at, ':', MIN(f->length, 100));
	f->name_length = colon ? (size_t)(colon - at) : 0;
	f->value = colon ? colon + 1 : at;
	f->value_length = (size_t)(line - f->value);
	while (f->name_length > 0 && (f->name[f->name_length - 1] == ' ' || f->name[f->name_length - 1] == '\t'))
		f->name_length--;
	return TRUE;
}

static gboolean is_named(const struct field *f, const char *name)
{
	return f->name_length == strlen(name) && g_ascii_strncasecmp(f->name, name, f->name_length) == 0;
}

static gboolean is_volatile(const struct field *f)
{
	static const char initials[] = "sxclSXCL";

	if (f->name_length == 0 || !strchr(initials, f->name[0]))
		return FALSE;
	for (size_t i = 0; i < G_N_ELEMENTS(VOLATILE); i++)
		if (is_named(f, VOLATILE[i]))
			return TRUE;
	return FALSE;
}

void mail_hex(const unsigned char *bytes, size_t n, char *out)
{
	sodium_bin2hex(out, 2 * n + 1, bytes, n);
}

/* An id as it was written becomes one that can be stored and compared: blanks and control characters out (folded ids),
 * not UTF-8 or too long: a hash in its place. */
static void clean_id(const char *from, size_t length, char *out)
{
	size_t n = 0;

	if (length <= 4 * MAIL_ID_MAX)
		for (size_t i = 0; i < length && n <= MAIL_ID_MAX; i++)
			if ((unsigned char)from[i] > ' ' && from[i] != 127) {
				if (n < MAIL_ID_MAX)
					out[n] = from[i];
				n++;
			}
	if (n > MAIL_ID_MAX || length > 4 * MAIL_ID_MAX || !g_utf8_validate(out, (gssize)n, NULL)) {
		unsigned char hash[16];

		crypto_generichash(hash, sizeof(hash), (const unsigned char *)from, length, NULL, 0);
		memcpy(out, "id:", 3);
		mail_hex(hash, sizeof(hash), out + 3);
		return;
	}
	out[n] = '\0';
}

/* The next <...> at or after `at`, which may be folded; NULL if none. */
static const char *bracketed(const char *at, const char *end, size_t *length)
{
	while (at < end && (at = memchr(at, '<', (size_t)(end - at))) != NULL) {
		const char *close = memchr(at, '>', (size_t)(end - at));

		if (!close)
			return NULL;
		for (const char *inner = at + 1; inner < close; inner++)
			if (*inner == '<')
				at = inner;
		if (close > at + 1) {
			*length = (size_t)(close - at - 1);
			return at + 1;
		}
		at = close;
	}
	return NULL;
}

/* A Message-ID without its brackets: the first word with an @, or else the first word. */
static void bare_id(const char *value, size_t length, char *out)
{
	const char *end = value + length, *first = NULL;
	size_t first_length = 0;

	for (const char *at = value; at < end;) {
		const char *word;

		while (at < end && (unsigned char)*at <= ' ')
			at++;
		word = at;
		while (at < end && (unsigned char)*at > ' ')
			at++;
		if (at > word && (!first || memchr(word, '@', (size_t)(at - word)))) {
			gboolean done = memchr(word, '@', (size_t)(at - word)) != NULL;

			first = word;
			first_length = (size_t)(at - word);
			if (done)
				break;
		}
	}
	while (first_length > 0 && strchr("<>", *first))
		first++, first_length--;
	while (first_length > 0 && strchr("<>", first[first_length - 1]))
		first_length--;
	clean_id(first ? first : "", first_length, out);
}

/* "Anna's message of Monday <anna@aalto.example>" names a person. Ids have digits in front of the @, or are long. */
static gboolean names_a_message(const char *id, size_t length)
{
	size_t n = 0, digits = 0;

	for (; n < length && id[n] != '@'; n++)
		digits += g_ascii_isdigit(id[n]) != 0;
	return digits > 0 || n >= 20;
}

/* The first id of References is the root of the thread, the last one the parent, as far as In-Reply-To does not say. */
static void take_references(const struct field *f, struct mail_identity *out)
{
	const char *at = f->value, *end = f->value + f->value_length, *id, *last = NULL;
	size_t length, last_length = 0;

	while ((id = bracketed(at, end, &length)) != NULL) {
		if (!last)
			clean_id(id, length, out->root);
		last = id;
		last_length = length;
		at = id + length;
	}
	if (last && !out->parent[0])
		clean_id(last, last_length, out->parent);
}

static void take_answered(const struct field *f, struct mail_identity *out)
{
	const char *at = f->value, *end = f->value + f->value_length, *id;
	size_t length;
	gboolean bare; /* nothing in front of it that it could be a part of */

	while (at < end && (unsigned char)*at <= ' ')
		at++;
	bare = at < end && *at == '<';
	while ((id = bracketed(at, end, &length)) != NULL) {
		if (bare || names_a_message(id, length)) {
			clean_id(id, length, out->parent);
			return;
		}
		at = id + length;
	}
}

static void take_id(const struct field *f, struct mail_identity *out)
{
	size_t n;
	const char *id = bracketed(f->value, f->value + f->value_length, &n);

	if (id)
		clean_id(id, n, out->id);
	else
		bare_id(f->value, f->value_length, out->id);
}

void mail_identify(const char *bytes, size_t length, size_t more, struct mail_identity *out)
{
	const char *at = bytes, *end = bytes + length, *kept = bytes;
	crypto_generichash_state state;
	struct field f;

	out->id[0] = out->root[0] = out->parent[0] = '\0';
	crypto_generichash_init(&state, NULL, 0, sizeof(out->hash));
	for (; field_at(at, end, &f); at += f.length) {
		if (is_volatile(&f)) {
			crypto_generichash_update(&state, (const unsigned char *)kept, (size_t)(at - kept));
			kept = at + f.length;
		} else if (!out->id[0] && is_named(&f, "message-id")) {
			take_id(&f, out);
		} else if (!out->root[0] && is_named(&f, "references")) {
			take_references(&f, out);
		} else if (is_named(&f, "in-reply-to")) {
			take_answered(&f, out);
		}
	}
	crypto_generichash_update(&state, (const unsigned char *)kept, (size_t)(end - kept));
	if (more > 0) /* only the beginning is held: at least the size tells two giants apart */
		crypto_generichash_update(&state, (const unsigned char *)&more, sizeof(more));
	crypto_generichash_final(&state, out->hash, sizeof(out->hash));
	/* A message that names itself (some programs do) answers nothing. */
	if (strcmp(out->parent, out->id) == 0)
		out->parent[0] = '\0';
	if (!out->root[0])
		memcpy(out->root, out->parent, sizeof(out->root));
}

char *mail_header_value(const char *bytes, size_t length, const char *name)
{
	const char *at = bytes, *end = bytes + length;
	struct field f;

	for (; field_at(at, end, &f); at += f.length)
		if (is_named(&f, name)) {
			char *value = g_strndup(f.value, f.value_length);

			g_strdelimit(value, "\r\n\t", ' ');
			return g_strstrip(value);
		}
	return NULL;
}

int mail_header_next(const char **at, const char *end, const char **name, size_t *name_length, const char **value,
		     size_t *value_length)
{
	struct field f;

	if (!field_at(*at, end, &f))
		return 0;
	*at += f.length;
	*name = f.name;
	*name_length = f.name_length;
	*value = f.value;
	*value_length = f.value_length;
	return 1;
}

static gboolean is_used(const struct field *f)
{
	static const char *const used[] = {
		"from",     "sender",         "reply-to",       "to",         "cc",         "bcc",
		"subject",  "mime-version",   "list-id",        "importance", "x-priority", "organization",
		"keywords", "x-gmail-labels", "auto-submitted", "archived-at"};

	if (f->name_length == 0 || (f->name_length > 8 && g_ascii_strncasecmp(f->name, "content-", 8) == 0))
		return TRUE; /* a line that is no field: what it is, GMime must judge */
	for (size_t i = 0; i < G_N_ELEMENTS(used); i++)
		if (is_named(f, used[i]))
			return TRUE;
	return FALSE;
}

void mail_header_thin(char **bytes, size_t *length)
{
	const char *at = *bytes, *end = *bytes + *length;
	g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(struct field));
	struct field f;
	char *to;

	for (; field_at(at, end, &f); at += f.length)
		if (is_used(&f))
			g_array_append_val(kept, f);
	/* Nothing but unused fields: one stays, so that it is still a header. */
	if (kept->len == 0)
		return;
	/* From the last to the first, towards the text, which stays where it is. */
	to = *bytes + (at - *bytes);
	for (guint i = kept->len; i-- > 0;) {
		const struct field *one = &g_array_index(kept, struct field, i);

		to -= one->length;
		memmove(to, one->name, one->length);
	}
	*length -= (size_t)(to - *bytes);
	*bytes = to;
}
