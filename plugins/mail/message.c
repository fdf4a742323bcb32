#include "message.h"

#include <string.h>

#include "body.h"
#include "parties.h"

static const gint64 DAY = 24 * 60 * 60;

/* In what raw 8-bit bytes in a header may be: UTF-8, else what the mail says about its text, else windows-1252. */
static void set_fallbacks(GMimeParserOptions *options, const char *charset)
{
	const char *charsets[] = {"utf-8", charset ? charset : "windows-1252", charset ? "windows-1252" : NULL, NULL};

	g_mime_parser_options_set_fallback_charsets(options, charsets);
}

/* Sets them for a message whose header needs guessing; FALSE (and nothing is done) for the others. */
static gboolean guess_charset(const struct mail_reader *r, const struct mail_raw *raw)
{
	const char *end = memmem(raw->bytes, raw->length, "\n\n", 2), *at = raw->bytes, *hit;
	size_t n = end ? (size_t)(end - at) : MIN(raw->length, (size_t)16384);
	g_autofree char *charset = NULL;

	while (n > 0 && !(*at & 0x80))
		at++, n--;
	if (n == 0)
		return FALSE;
	n = MIN(raw->length, (size_t)16384);
	for (at = raw->bytes; !charset && (hit = memmem(at, n, "charset=", 8)) != NULL;
	     n -= (size_t)(hit + 8 - at), at = hit + 8) {
		const char *name = hit + 8 + (n > (size_t)(hit - at) + 8 && hit[8] == '"');
		size_t length = 0;

		while (name + length < raw->bytes + raw->length && length < 40 &&
		       (g_ascii_isalnum(name[length]) || strchr("-_", name[length])))
			length++;
		charset = length > 2 ? g_strndup(name, length) : NULL;
		if (charset &&
		    (g_ascii_strcasecmp(charset, "us-ascii") == 0 || g_ascii_strncasecmp(charset, "utf", 3) == 0))
			g_clear_pointer(&charset, g_free);
	}
	if (charset)
		set_fallbacks(r->options, charset);
	return charset != NULL;
}

void mail_reader_init(struct mail_reader *r, const struct meri_host *host)
{
	g_mime_init();
	r->host = host;
	r->options = g_mime_parser_options_new();
	set_fallbacks(r->options, NULL);
	r->parser = g_mime_parser_new();
	r->now = g_get_real_time() / G_USEC_PER_SEC;
	r->attachments = TRUE;
}

void mail_reader_clear(struct mail_reader *r)
{
	g_clear_object(&r->parser);
	g_clear_pointer(&r->options, g_mime_parser_options_free);
}

/* ---- GMime ---- */

struct parsed {
	GMimeMessage *message;
	GByteArray *bytes;
	gboolean borrowed; /* the bytes belong to somebody else */
	gboolean headless;
};

static GMimeMessage *construct(const struct mail_reader *r, GByteArray *bytes)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);
	GMimeMessage *message;

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_mime_parser_init_with_stream(r->parser, stream);
	message = g_mime_parser_construct_message(r->parser, r->options);
	g_object_unref(stream);
	return message;
}

/* The bytes are borrowed as long as the message lives; let_go ends that. Text without any header is a message that is
 * all body. NULL for what is no text. */
static GMimeMessage *parse(const struct mail_reader *r, const struct mail_raw *raw, struct parsed *out)
{
	out->bytes = g_byte_array_new_take((guint8 *)raw->bytes, raw->length);
	out->borrowed = TRUE;
	out->headless = FALSE;
	out->message = construct(r, out->bytes);
	if (!out->message && raw->length > 0 && !memchr(raw->bytes, '\0', MIN(raw->length, 4096))) {
		g_byte_array_steal(out->bytes, NULL);
		g_byte_array_append(out->bytes, (const guint8 *)"\n", 1);
		g_byte_array_append(out->bytes, (const guint8 *)raw->bytes, (guint)raw->length);
		out->borrowed = FALSE;
		out->headless = TRUE;
		out->message = construct(r, out->bytes);
	}
	return out->message;
}

static void let_go(struct parsed *p)
{
	g_clear_object(&p->message);
	if (p->borrowed)
		g_byte_array_steal(p->bytes, NULL);
	g_byte_array_unref(p->bytes);
}

/* A header as people read it: decoded, one line, valid UTF-8. NULL if absent or empty. */
static char *shown(GMimeMessage *message, const char *name)
{
	GMimeObject *part = g_mime_message_get_mime_part(message);
	gboolean content = part && g_ascii_strncasecmp(name, "Content-", 8) == 0; /* GMime keeps these with the part */
	const char *value = g_mime_object_get_header(content ? part : GMIME_OBJECT(message), name);
	char *out = value ? g_utf8_make_valid(value, -1) : NULL, *to;

	if (!out)
		return NULL;
	to = out;
	for (char *at = out; *at; at++) { /* folds and control characters become one blank */
		gboolean blank = (unsigned char)*at <= ' ' || *at == 127;

		if (!blank)
			*to++ = *at;
		else if (to > out && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
	g_strchomp(out);
	if (!*out)
		g_clear_pointer(&out, g_free);
	return out;
}

/* ---- when ---- */

static gboolean believable(const struct mail_reader *r, gint64 when)
{
	return when >= DAY && when <= r->now + DAY;
}

static gint64 decode_date(const char *text)
{
	GDateTime *date = text ? g_mime_utils_header_decode_date(text) : NULL;
	gint64 out = date ? g_date_time_to_unix(date) : 0;

	g_clear_pointer(&date, g_date_time_unref);
	return out;
}

/* The date behind the last semicolon of the first Received field that has a believable one. */
static gint64 received(const struct mail_reader *r, const struct mail_raw *raw)
{
	const char *at = raw->bytes, *end = raw->bytes + raw->length, *name, *value;
	size_t n, length;

	while (mail_header_next(&at, end, &name, &n, &value, &length)) {
		g_autofree char *copy = NULL;
		const char *semicolon;
		gint64 when;

		if (n != 8 || g_ascii_strncasecmp(name, "Received", 8) != 0)
			continue;
		copy = g_strndup(value, length);
		semicolon = strrchr(copy, ';');
		when = semicolon ? decode_date(semicolon + 1) : 0;
		if (believable(r, when))
			return when;
	}
	return 0;
}

/* When it was sent; from other places where the mail does not tell, or tells what cannot be: then *left_out says so. */
static gint64 occurred(const struct mail_reader *r, const struct mail_raw *raw, const struct mail_origin *origin,
		       char **left_out)
{
	g_autofree char *date = mail_header_value(raw->bytes, raw->length, "Date"), *why = NULL;
	gint64 when = decode_date(date), other;
	const char *from = "the Received field";

	if (believable(r, when))
		return when;
	other = received(r, raw);
	if (!other) {
		other = mail_postmark_time(raw->postmark);
		from = "the postmark";
	}
	if (!believable(r, other)) {
		other = origin->stored;
		from = "the time of the file";
	}
	if (!believable(r, other))
		other = 0;
	if (date && other)
		why = g_strdup_printf("\"%.100s\" cannot be; taken from %s", date, from);
	else if (date)
		why = g_strdup_printf("\"%.100s\" cannot be", date);
	*left_out = why ? g_utf8_make_valid(why, -1) : NULL;
	return other;
}

/* ---- fields ---- */

static void add_field(struct mail_body *body, GMimeMessage *message, const char *header, const char *name)
{
	g_autofree char *value = shown(message, header);

	if (value && strlen(value) <= 4096)
		mail_body_pair(body, body->fields, name, value);
}

/* "Gas Lovers <gas.example.org>" is gas.example.org. */
static void add_list_id(struct mail_body *body, GMimeMessage *message)
{
	g_autofree char *value = shown(message, "List-Id");
	char *open = value ? strrchr(value, '<') : NULL, *close = open ? strchr(open, '>') : NULL;

	if (close)
		*close = '\0';
	if (value)
		mail_body_pair(body, body->fields, "list-id", close ? open + 1 : value);
}

static void add_importance(struct mail_body *body, GMimeMessage *message)
{
	g_autofree char *importance = shown(message, "Importance"), *priority = shown(message, "X-Priority");

	if ((importance && g_ascii_strcasecmp(importance, "high") == 0) ||
	    (priority && (*priority == '1' || *priority == '2')))
		mail_body_pair(body, body->fields, "importance", "high");
	else if ((importance && g_ascii_strcasecmp(importance, "low") == 0) ||
		 (priority && (*priority == '4' || *priority == '5')))
		mail_body_pair(body, body->fields, "importance", "low");
}

static void add_fields(struct mail_body *body, GMimeMessage *message, const struct mail_identity *who,
		       const struct mail_origin *origin)
{
	g_autofree char *automatic = shown(message, "Auto-Submitted");

	if (who->id[0])
		mail_body_pair(body, body->fields, "message-id", who->id);
	if (origin->folder && *origin->folder)
		mail_body_pair(body, body->fields, "folder", origin->folder);
	add_list_id(body, message);
	add_importance(body, message);
	add_field(body, message, "Organization", "organization");
	add_field(body, message, "Keywords", "keywords");
	add_field(body, message, "X-Gmail-Labels", "labels");
	if (automatic && g_ascii_strcasecmp(automatic, "no") != 0)
		mail_body_pair(body, body->fields, "auto-submitted", automatic);
}

/* The first tag of Content-Language, if it is one. */
static char *language(GMimeMessage *message)
{
	g_autofree char *value = shown(message, "Content-Language");
	size_t n = value ? strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-0123456789") : 0;

	return n >= 2 && n <= 35 && (!value[n] || strchr(", ;", value[n])) ? g_strndup(value, n) : NULL;
}

/* Where a public archive keeps it (RFC 5064). */
static char *archived_at(GMimeMessage *message)
{
	g_autofree char *value = shown(message, "Archived-At");
	char *url = value;

	if (url && *url == '<') {
		url++;
		url[strcspn(url, ">")] = '\0';
	}
	return url && (g_str_has_prefix(url, "http://") || g_str_has_prefix(url, "https://")) ? g_strdup(url) : NULL;
}

/* ---- attachments ---- */

/* The text of one file as a record of its own. Returns MERI_STOP or 0. */
static int put_file(struct mail_reader *r, struct mail_body *body, struct mail_file *file,
		    const struct meri_record *message)
{
	gboolean cut = FALSE;
	g_autoptr(GByteArray) bytes =
		file->bytes ? g_byte_array_ref(file->bytes) : mail_body_decode(file->part, MAIL_FILE_MAX, &cut);
	g_autofree char *entry = NULL, *id = NULL, *size = NULL;
	struct meri_record record = *message;
	struct meri_pair fields[3];
	const char *why = NULL;

	entry = g_strdup_printf("%s (%s, %s%u bytes)", file->name, file->type ? file->type : "application/octet-stream",
				cut ? "more than " : "", bytes->len);
	mail_body_pair(body, body->fields, "attachment", entry);
	if (file->why)
		why = file->why;
	else if (!r->attachments)
		why = "attachments = no in the settings";
	else if (cut)
		why = "over 16 MiB";
	else if (bytes->len == 0)
		why = "empty";
	if (!why) {
		struct meri_blob blob = {sizeof(blob), bytes->data, bytes->len, file->name, file->type};

		record.text = r->host->text_of(r->host, &blob, &why);
		if (!record.text && !why)
			why = "no reader";
	}
	if (why) {
		g_autofree char *what = g_strdup_printf("attachment %s", file->name);

		mail_body_pair(body, body->left_out, what, why);
		return 0;
	}
	id = g_strdup_printf("%s/%s", message->id, file->number);
	size = g_strdup_printf("%u", bytes->len);
	fields[0] = (struct meri_pair){"type", file->type ? file->type : "application/octet-stream"};
	fields[1] = (struct meri_pair){"bytes", size};
	fields[2] = (struct meri_pair){"mail", message->title ? message->title : ""};
	record.id = id;
	record.kind = MERI_DOCUMENT;
	record.title = file->name;
	record.parent = message->id;
	record.fields = fields;
	record.n_fields = message->title ? 3 : 2;
	record.quoted = NULL;
	record.left_out = NULL;
	record.n_quoted = record.n_left_out = 0;
	record.fingerprint = NULL;
	return r->host->put(r->host, &record);
}

/* ---- the record ---- */

static int put(struct mail_reader *r, GMimeMessage *message, gint64 when, const struct mail_identity *who,
	       const char *id, const struct mail_origin *origin, struct mail_body *body, struct mail_parties *parties)
{
	struct meri_record record = {.size = sizeof(record), .id = id, .kind = MERI_MESSAGE, .item = origin->item};
	g_autofree char *title = shown(message, "Subject"), *tongue = language(message), *url = archived_at(message);
	const char *thread = origin->thread ? origin->thread : who->root[0] ? who->root : who->id;
	int stop = 0;

	mail_body_read(body, message);
	mail_parties_add(parties, message, r->options);
	if (parties->left_out)
		mail_body_pair(body, body->left_out, "recipients", "all after the first 500");
	add_fields(body, message, who, origin);
	record.occurred = when;
	record.title = title;
	record.language = tongue;
	record.url = url;
	record.thread = thread[0] ? thread : id;
	record.parties = (struct meri_party *)(void *)parties->list->data;
	record.n_parties = parties->list->len;
	for (guint i = 0; i < body->files->len && !stop; i++)
		stop = put_file(r, body, &g_array_index(body->files, struct mail_file, i), &record);
	if (stop)
		return stop;
	record.parent = who->parent[0] ? who->parent : NULL;
	record.text = body->text->str;
	record.fields = (struct meri_pair *)(void *)body->fields->data;
	record.n_fields = body->fields->len;
	record.left_out = (struct meri_pair *)(void *)body->left_out->data;
	record.n_left_out = body->left_out->len;
	record.quoted = (struct meri_span *)(void *)body->spans->data;
	record.n_quoted = body->spans->len;
	record.fingerprint = origin->fingerprint;
	return r->host->put(r->host, &record);
}

int mail_message_put(struct mail_reader *r, const struct mail_raw *raw, const struct mail_identity *who, const char *id,
		     const struct mail_origin *origin)
{
	struct parsed parsed;
	struct mail_body body;
	struct mail_parties parties;
	struct mail_raw thin = *raw;
	g_autofree char *odd_date = NULL;
	gint64 when;
	gboolean guessing;
	int result;

	if (raw->length == 0)
		return r->host->skip(r->host, origin->name, "an empty message");
	when = occurred(r, raw, origin, &odd_date);
	guessing = guess_charset(r, raw);
	mail_header_thin(&thin.bytes, &thin.length);
	if (!parse(r, &thin, &parsed)) {
		let_go(&parsed);
		return r->host->skip(r->host, origin->name, "no mail: it is no text and has no header");
	}
	mail_body_init(&body, r->host, r->options);
	mail_parties_init(&parties);
	if (parsed.headless)
		mail_body_pair(&body, body.left_out, "header", "none found: all is taken for text");
	if (odd_date)
		mail_body_pair(&body, body.left_out, "date", odd_date);
	if (raw->cut)
		mail_body_pair(&body, body.left_out, "message", "all after its first 64 MiB");
	result = put(r, parsed.message, when, who, id, origin, &body, &parties);
	mail_parties_clear(&parties);
	mail_body_clear(&body);
	let_go(&parsed);
	if (guessing)
		set_fallbacks(r->options, NULL);
	return result;
}
