#include "body.h"

#include <string.h>

#include "html.h"
#include "quote.h"
#include "text.h"

static void walk(struct mail_body *b, GMimeObject *object, const char *number, int depth);

void mail_body_init(struct mail_body *b, const struct meri_host *host, GMimeParserOptions *options)
{
	memset(b, 0, sizeof(*b));
	b->host = host;
	b->options = options;
	b->text = g_string_new(NULL);
	b->spans = g_array_new(FALSE, FALSE, sizeof(struct meri_span));
	b->fields = g_array_new(FALSE, FALSE, sizeof(struct meri_pair));
	b->left_out = g_array_new(FALSE, FALSE, sizeof(struct meri_pair));
	b->files = g_array_new(FALSE, FALSE, sizeof(struct mail_file));
	b->strings = g_string_chunk_new(1024);
	b->kept = g_ptr_array_new_with_free_func(g_object_unref);
}

void mail_body_clear(struct mail_body *b)
{
	for (guint i = 0; i < b->files->len; i++) {
		GByteArray *bytes = g_array_index(b->files, struct mail_file, i).bytes;

		if (bytes)
			g_byte_array_unref(bytes);
	}
	g_array_unref(b->files);
	g_ptr_array_unref(b->kept);
	g_array_unref(b->left_out);
	g_array_unref(b->fields);
	g_array_unref(b->spans);
	g_string_free(b->text, TRUE);
	g_string_chunk_free(b->strings);
}

void mail_body_pair(struct mail_body *b, GArray *pairs, const char *name, const char *value)
{
	struct meri_pair pair = {g_string_chunk_insert(b->strings, name), g_string_chunk_insert(b->strings, value)};

	g_array_append_val(pairs, pair);
}

static void leave_out(struct mail_body *b, const char *what, const char *number, const char *why)
{
	g_autofree char *name = number ? g_strdup_printf("%s %s", what, number) : g_strdup(what);

	mail_body_pair(b, b->left_out, name, why);
}

/* ---- contents ---- */

GByteArray *mail_body_decode(GMimePart *part, gsize max, gboolean *cut)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GByteArray *out = g_byte_array_sized_new(256); /* never without memory: empty is not NULL */
	GMimeContentEncoding encoding;
	GMimeStream *stream, *filtered = NULL;
	char buffer[16384];
	ssize_t got;

	*cut = FALSE;
	if (!content)
		return out;
	stream = g_mime_data_wrapper_get_stream(content);
	encoding = g_mime_data_wrapper_get_encoding(content);
	g_mime_stream_reset(stream);
	if (encoding > GMIME_CONTENT_ENCODING_BINARY) {
		GMimeFilter *filter = g_mime_filter_basic_new(encoding, FALSE);

		filtered = g_mime_stream_filter_new(stream);
		g_mime_stream_filter_add(GMIME_STREAM_FILTER(filtered), filter);
		g_object_unref(filter);
		stream = filtered;
	}
	while (!*cut && (got = g_mime_stream_read(stream, buffer, sizeof(buffer))) > 0) {
		*cut = out->len + (gsize)got > max;
		g_byte_array_append(out, (guint8 *)buffer, (guint)MIN((gsize)got, max - out->len));
	}
	g_clear_object(&filtered);
	return out;
}

static int by_start(const void *a, const void *b)
{
	const struct meri_span *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* Puts a piece of text behind what is there; `html`: it holds marks. */
static void add_text(struct mail_body *b, const char *piece, gsize length, gboolean html)
{
	g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(struct meri_span));
	g_autoptr(GArray) marked = g_array_new(FALSE, FALSE, sizeof(struct meri_span));
	gsize from;

	if (b->text->len >= MAIL_TEXT_MAX) {
		leave_out(b, "text", NULL, "cut after 4 MiB");
		return;
	}
	if (b->text->len > 0)
		g_string_append(b->text, b->text->str[b->text->len - 1] == '\n' ? "\n" : "\n\n");
	from = b->text->len;
	g_string_append_len(b->text, piece, (gssize)length);
	if (mail_text_bound(b->text, MAIL_TEXT_MAX))
		leave_out(b, "text", NULL, "cut after 4 MiB");
	if (html)
		mail_html_spans(b->text, from, marked);
	mail_quote_mark(b->text, from, spans);
	if (marked->len > 0)
		g_array_append_vals(spans, marked->data, marked->len);
	g_array_sort(spans, by_start);
	for (guint i = 0; i < spans->len; i++) {
		struct meri_span *span = &g_array_index(spans, struct meri_span, i);

		mail_quote_add(b->spans, span->start, span->start + span->length);
	}
}

static void found_uuencoded(void *context, const char *name, GByteArray *bytes)
{
	struct mail_body *b = context;
	g_autofree char *number = g_strdup_printf("%s.uu%u", b->number, b->files->len + 1);
	g_autofree char *clean = g_utf8_make_valid(*name ? name : "file", -1);
	struct mail_file file = {g_string_chunk_insert(b->strings, number),
				 g_string_chunk_insert(b->strings, clean),
				 NULL,
				 NULL,
				 g_byte_array_ref(bytes),
				 NULL};

	g_array_append_val(b->files, file);
}

static gboolean parameter_is(GMimeContentType *type, const char *name, const char *value)
{
	const char *has = g_mime_content_type_get_parameter(type, name);

	return has && g_ascii_strcasecmp(has, value) == 0;
}

/* The text of a part that is not HTML. */
static GString *plain_text(struct mail_body *b, GMimePart *part, const char *number)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	gboolean cut, guessed;
	g_autoptr(GByteArray) bytes = mail_body_decode(part, MAIL_TEXT_MAX, &cut);
	GString *text = mail_text_decode((char *)bytes->data, bytes->len,
					 g_mime_content_type_get_parameter(type, "charset"), &guessed);

	if (parameter_is(type, "format", "flowed"))
		mail_text_unflow(text, parameter_is(type, "delsp", "yes"));
	if (cut)
		leave_out(b, "part", number, "cut after 4 MiB");
	if (strstr(text->str, "-----BEGIN PGP MESSAGE-----"))
		leave_out(b, "part", number, "encrypted with OpenPGP");
	b->number = number;
	mail_text_take_uuencoded(text, found_uuencoded, b);
	return text;
}

/* The host's text of HTML, with marks; NULL if it cannot be had. */
static GString *html_text(struct mail_body *b, const char *bytes, gsize length, const char *charset, const char *number)
{
	g_autofree char *meta = charset ? NULL : mail_html_charset(bytes, length);
	g_autoptr(GString) utf8 = mail_text_decode(bytes, length, charset ? charset : meta, NULL);
	g_autoptr(GString) marked = mail_html_mark(utf8->str, utf8->len);
	struct meri_blob blob = {sizeof(blob), marked->str, marked->len, NULL, "text/html; charset=utf-8"};
	const char *why = NULL, *text = b->host->text_of(b->host, &blob, &why);

	if (text)
		return g_string_new(text);
	leave_out(b, "part", number, why ? why : "its HTML could not be read");
	return NULL;
}

static GString *rich_text(struct mail_body *b, GMimePart *part, const char *number)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
	const char *charset = g_mime_content_type_get_parameter(type, "charset");
	gboolean cut;
	g_autoptr(GByteArray) bytes = mail_body_decode(part, MAIL_TEXT_MAX, &cut);

	if (cut)
		leave_out(b, "part", number, "cut after 4 MiB");
	if (!g_mime_content_type_is_type(type, "text", "html")) { /* text/enriched becomes HTML first */
		GMimeFilter *filter = g_mime_filter_enriched_new(
			g_mime_content_type_is_type(type, "text", "richtext") ? GMIME_FILTER_ENRICHED_IS_RICHTEXT : 0);
		char *out;
		size_t n, room;
		GString *text;

		g_mime_filter_complete(filter, (char *)bytes->data, bytes->len, 0, &out, &n, &room);
		text = html_text(b, out, n, charset ? charset : "us-ascii", number);
		g_object_unref(filter);
		return text;
	}
	return html_text(b, (char *)bytes->data, bytes->len, charset, number);
}

/* ---- leaves ---- */

static const char *type_of(struct mail_body *b, GMimeObject *object)
{
	g_autofree char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
	g_autofree char *low = g_ascii_strdown(type ? type : "application/octet-stream", -1);
	g_autofree char *clean = g_utf8_make_valid(low, -1);

	/* Before MIME, and on Suns, a type was one word. */
	if (strcmp(low, "application/octet-stream") == 0 || strcmp(low, "text/") == 0) {
		GMimeHeader *header =
			g_mime_header_list_get_header(g_mime_object_get_header_list(object), "Content-Type");
		const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;

		while (raw && (*raw == ' ' || *raw == '\t'))
			raw++;
		if (raw && g_ascii_strncasecmp(raw, "text", 4) == 0 && raw[4] != '/')
			return "text/plain";
	}
	return g_string_chunk_insert(b->strings, clean);
}

static gboolean is_rich(const char *type)
{
	return strcmp(type, "text/html") == 0 || strcmp(type, "text/enriched") == 0 ||
	       strcmp(type, "text/richtext") == 0;
}

/* Parts whose text belongs to the message itself. */
static gboolean is_body_text(struct mail_body *b, GMimePart *part, const char *type)
{
	static const char *const others[] = {"text/plain",
					     "text/rfc822-headers",
					     "message/delivery-status",
					     "text",
					     "message/disposition-notification",
					     "message/feedback-report",
					     "message/partial",
					     "text/x-patch",
					     "text/x-diff",
					     "text/x-csrc",
					     "text/markdown",
					     NULL};
	const char *disposition = g_mime_object_get_disposition(GMIME_OBJECT(part));
	gboolean known = is_rich(type);

	for (int i = 0; others[i] && !known; i++)
		known = strcmp(type, others[i]) == 0;
	if (!known || (disposition && g_ascii_strcasecmp(disposition, "attachment") == 0))
		return FALSE;
	return !g_mime_part_get_filename(part) || b->text->len == 0;
}

/* Why a file of this type is not tried, or NULL. */
static const char *unreadable(const char *type, const char *name)
{
	if (g_str_has_prefix(type, "image/"))
		return "a picture";
	if (g_str_has_prefix(type, "audio/"))
		return "a sound";
	if (g_str_has_prefix(type, "video/"))
		return "a video";
	if (strcmp(type, "application/ms-tnef") == 0 || strcmp(type, "application/vnd.ms-tnef") == 0 ||
	    g_ascii_strcasecmp(name, "winmail.dat") == 0)
		return "Outlook's TNEF container: no reader";
	if (strcmp(type, "application/applefile") == 0)
		return "a Macintosh resource fork";
	return NULL;
}

static void add_file(struct mail_body *b, GMimePart *part, const char *type, const char *number)
{
	const char *name = g_mime_part_get_filename(part);
	g_autofree char *clean = name && *name ? g_utf8_make_valid(name, -1) : g_strdup_printf("part %s", number);
	struct mail_file file = {.part = part, .type = type};

	g_strdelimit(clean, "\r\n\t", ' ');
	file.why = unreadable(type, clean);
	file.number = g_string_chunk_insert(b->strings, number);
	file.name = g_string_chunk_insert(b->strings, clean);
	g_array_append_val(b->files, file);
}

/* What stands in the decoded bytes of a part: an entity, or a whole message. FALSE if there is none. */
static gboolean walk_bytes(struct mail_body *b, const GByteArray *bytes, gboolean whole, const char *number, int depth)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer((char *)bytes->data, bytes->len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = whole ? g_mime_parser_construct_message(parser, b->options) : NULL;
	GMimeObject *object = NULL;

	if (message) {
		object = GMIME_OBJECT(g_mime_message_part_new_with_message("rfc822", message));
		g_object_unref(message);
	} else if (!whole) {
		object = g_mime_parser_construct_part(parser, b->options);
	}
	g_object_unref(parser);
	g_object_unref(stream);
	if (!object)
		return FALSE;
	g_ptr_array_add(b->kept, object); /* the files in it are read after the walk */
	walk(b, object, number, depth + 1);
	return TRUE;
}

/* S/MIME in one piece: what is only signed can be read. */
static void add_pkcs7(struct mail_body *b, GMimePart *part, const char *number, int depth)
{
	gboolean cut;
	g_autoptr(GByteArray) der = mail_body_decode(part, MAIL_FILE_MAX, &cut), inner = NULL;
	const char *why = "over 16 MiB";

	if (!cut)
		inner = mail_signed_content(der, &why);
	if (!inner)
		leave_out(b, "part", number, why);
	else if (!walk_bytes(b, inner, FALSE, number, depth))
		leave_out(b, "part", number, "signed, but what is signed is no message");
	else
		mail_body_pair(b, b->fields, "signed", "S/MIME");
}

/* A mail in the mail that was encoded, which it must not be: so GMime takes it for a file. */
static void add_encoded_message(struct mail_body *b, GMimePart *part, const char *number, int depth)
{
	gboolean cut;
	g_autoptr(GByteArray) bytes = mail_body_decode(part, MAIL_FILE_MAX, &cut);

	if (!cut && walk_bytes(b, bytes, TRUE, number, depth))
		return;
	leave_out(b, "part", number, cut ? "over 16 MiB" : "called a mail, but has no header: taken for text");
	if (!cut && !b->mute && !memchr(bytes->data, '\0', bytes->len)) {
		GString *text = mail_text_decode((char *)bytes->data, bytes->len, NULL, NULL);

		add_text(b, text->str, text->len, FALSE);
		g_string_free(text, TRUE);
	}
}

static void leaf(struct mail_body *b, GMimePart *part, const char *number, int depth)
{
	const char *type = type_of(b, GMIME_OBJECT(part));

	if (strcmp(type, "application/pgp-signature") == 0 || g_str_has_suffix(type, "pkcs7-signature")) {
		mail_body_pair(b, b->fields, "signed", strstr(type, "pgp") ? "OpenPGP" : "S/MIME");
		return;
	}
	if (g_str_has_suffix(type, "pkcs7-mime")) {
		add_pkcs7(b, part, number, depth);
		return;
	}
	if (strcmp(type, "message/rfc822") == 0 || strcmp(type, "message/global") == 0) {
		add_encoded_message(b, part, number, depth);
		return;
	}
	if (strcmp(type, "message/external-body") == 0) {
		leave_out(b, "part", number, "kept elsewhere (message/external-body)");
		return;
	}
	if (strcmp(type, "message/partial") == 0)
		leave_out(b, "part", number, "one of several mails that make up one (message/partial)");
	if (is_body_text(b, part, type)) {
		gboolean rich = is_rich(type);
		GString *text;

		if (b->mute)
			return;
		text = rich ? rich_text(b, part, number) : plain_text(b, part, number);
		if (text && text->len > 0)
			add_text(b, text->str, text->len, rich);
		if (text)
			g_string_free(text, TRUE);
		return;
	}
	add_file(b, part, type, number);
}

/* ---- branches ---- */

static void walk_children(struct mail_body *b, GMimeMultipart *multipart, const char *number, int depth)
{
	int n = g_mime_multipart_get_count(multipart);

	for (int i = 0; i < n; i++) {
		g_autofree char *child = g_strdup_printf("%s%s%d", number, *number ? "." : "", i + 1);

		walk(b, g_mime_multipart_get_part(multipart, i), child, depth + 1);
	}
	if (n == 0) { /* the boundary never came: all of it is in front of it */
		const char *all = g_mime_multipart_get_prologue(multipart);

		if (all && !b->mute) {
			GString *text = mail_text_decode(all, strlen(all), NULL, NULL);

			add_text(b, text->str, text->len, FALSE);
			g_string_free(text, TRUE);
			leave_out(b, "part", *number ? number : "1", "its boundary is missing: taken as text");
		}
	}
}

/* Text that only says that the mail is HTML, or nothing at all. */
static gboolean is_stub(const GString *text)
{
	gsize letters = 0;
	g_autofree char *low = NULL;

	for (gsize i = 0; i < text->len && letters < 400; i++)
		letters += (unsigned char)text->str[i] > ' ';
	if (letters < 10)
		return TRUE;
	if (letters >= 400)
		return FALSE;
	low = g_utf8_strdown(text->str, (gssize)text->len);
	return strstr(low, "html") &&
	       (strstr(low, "view") || strstr(low, "support") || strstr(low, "client") || strstr(low, "reader") ||
		strstr(low, "enable") || strstr(low, "ohjelma") || strstr(low, "program"));
}

static GMimeObject *root_of_related(GMimeMultipart *related)
{
	const char *start = g_mime_object_get_content_type_parameter(GMIME_OBJECT(related), "start");
	int n = g_mime_multipart_get_count(related), at = -1;

	for (int i = 0; start && i < n; i++) {
		const char *id = g_mime_object_get_content_id(g_mime_multipart_get_part(related, i));

		if (id && strstr(start, id))
			at = i;
	}
	return n > 0 ? g_mime_multipart_get_part(related, at >= 0 ? at : 0) : NULL;
}

/* Whether some leaf below is rich text that may be shown. */
static gboolean has_rich(struct mail_body *b, GMimeObject *object, int depth)
{
	if (GMIME_IS_MULTIPART(object) && depth < MAIL_DEPTH_MAX) {
		int n = g_mime_multipart_get_count(GMIME_MULTIPART(object));

		for (int i = 0; i < n && i < 20; i++)
			if (has_rich(b, g_mime_multipart_get_part(GMIME_MULTIPART(object), i), depth + 1))
				return TRUE;
		return FALSE;
	}
	return GMIME_IS_PART(object) && is_rich(type_of(b, object));
}

/* Of several versions one: plain text, unless it says nothing; what is no text (an invitation, say) is kept as a file.
 */
static void walk_alternative(struct mail_body *b, GMimeMultipart *multipart, const char *number, int depth)
{
	int n = g_mime_multipart_get_count(multipart), plain = -1, rich = -1, chosen;
	gsize before = b->text->len;

	if (n == 0) {
		walk_children(b, multipart, number, depth);
		return;
	}
	for (int i = 0; i < n; i++) {
		GMimeObject *child = g_mime_multipart_get_part(multipart, i);

		if (GMIME_IS_PART(child) && plain < 0 && strcmp(type_of(b, child), "text/plain") == 0)
			plain = i;
		else if (has_rich(b, child, depth))
			rich = i;
	}
	chosen = plain >= 0 ? plain : rich;
	if (plain >= 0 && rich >= 0) {
		gboolean cut, guessed;
		g_autoptr(GByteArray) bytes =
			mail_body_decode(GMIME_PART(g_mime_multipart_get_part(multipart, plain)), 4096, &cut);
		GString *text = mail_text_decode((char *)bytes->data, bytes->len, NULL, &guessed);

		if (!cut && is_stub(text))
			chosen = rich;
		g_string_free(text, TRUE);
	}
	for (int round = 0; round < 2; round++) /* first the chosen one, then what else there is, without its text */
		for (int i = 0; i < n; i++) {
			g_autofree char *child = g_strdup_printf("%s%s%d", number, *number ? "." : "", i + 1);

			if ((round == 0) != (i == chosen || chosen < 0))
				continue;
			b->mute += round;
			walk(b, g_mime_multipart_get_part(multipart, i), child, depth + 1);
			b->mute -= round;
		}
	if (b->text->len == before && chosen == rich && plain >= 0 && !b->mute) /* the HTML gave nothing after all */
		walk(b, g_mime_multipart_get_part(multipart, plain), number, depth + 1);
}

static void walk_related(struct mail_body *b, GMimeMultipart *multipart, const char *number, int depth)
{
	GMimeObject *root = root_of_related(multipart);
	int n = g_mime_multipart_get_count(multipart);

	if (n == 0)
		walk_children(b, multipart, number, depth);
	for (int i = 0; i < n; i++) {
		GMimeObject *one = g_mime_multipart_get_part(multipart, i);
		g_autofree char *child = g_strdup_printf("%s%s%d", number, *number ? "." : "", i + 1);

		b->mute += one != root; /* pictures and styles of the root, and no text of its own */
		walk(b, one, child, depth + 1);
		b->mute -= one != root;
	}
}

/* A mail in the mail: a headline with what its header says, then its text. */
static void walk_message(struct mail_body *b, GMimeMessagePart *holder, const char *number, int depth,
			 gboolean returned)
{
	GMimeMessage *message = g_mime_message_part_get_message(holder);
	GString *head = g_string_new(NULL);
	static const char *const shown[] = {"From", "Date", "To", "Subject"};
	gsize from = b->text->len;
	GMimeObject *part;

	if (!message) {
		leave_out(b, "part", number, "a mail in the mail that cannot be read");
		g_string_free(head, TRUE);
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(shown); i++) {
		const char *value = g_mime_object_get_header(GMIME_OBJECT(message), shown[i]);
		g_autofree char *clean = value ? g_utf8_make_valid(value, -1) : NULL;

		if (clean)
			g_string_append_printf(head, "%s: %s\n", shown[i],
					       g_strstrip(g_strdelimit(clean, "\r\n\t", ' ')));
	}
	if (head->len > 0 && !b->mute) {
		if (b->text->len > 0)
			g_string_append(b->text, "\n\n");
		g_string_append_len(b->text, head->str, (gssize)head->len);
	}
	g_string_free(head, TRUE);
	part = g_mime_message_get_mime_part(message);
	if (part) {
		g_autofree char *child = GMIME_IS_MULTIPART(part) ? g_strdup(number) : g_strdup_printf("%s.1", number);

		walk(b, part, child, depth + 1);
	}
	if (returned && b->text->len > from) { /* a bounce brings back what we wrote */
		while (b->spans->len > 0 && g_array_index(b->spans, struct meri_span, b->spans->len - 1).start >= from)
			g_array_set_size(b->spans, b->spans->len - 1);
		mail_quote_add(b->spans, from, b->text->len);
	}
}

static void walk_multipart(struct mail_body *b, GMimeMultipart *multipart, const char *number, int depth)
{
	GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(multipart));
	int n = g_mime_multipart_get_count(multipart);

	if (g_mime_content_type_is_type(type, "multipart", "encrypted")) {
		leave_out(b, "part", *number ? number : "1", "encrypted with OpenPGP");
		return;
	}
	if (g_mime_content_type_is_type(type, "multipart", "alternative")) {
		walk_alternative(b, multipart, number, depth);
	} else if (g_mime_content_type_is_type(type, "multipart", "related")) {
		walk_related(b, multipart, number, depth);
	} else if (g_mime_content_type_is_type(type, "multipart", "report")) {
		for (int i = 0; i < n; i++) {
			GMimeObject *one = g_mime_multipart_get_part(multipart, i);
			g_autofree char *child = g_strdup_printf("%s%s%d", number, *number ? "." : "", i + 1);

			if (GMIME_IS_MESSAGE_PART(one))
				walk_message(b, GMIME_MESSAGE_PART(one), child, depth + 1, TRUE);
			else
				walk(b, one, child, depth + 1);
		}
		if (n == 0)
			walk_children(b, multipart, number, depth);
	} else {
		walk_children(b, multipart, number, depth);
	}
}

static void walk(struct mail_body *b, GMimeObject *object, const char *number, int depth)
{
	if (!object)
		return;
	if (depth > MAIL_DEPTH_MAX) {
		leave_out(b, "part", number, "nested too deeply");
		return;
	}
	if (++b->parts >= MAIL_PARTS_MAX) {
		if (b->parts == MAIL_PARTS_MAX)
			leave_out(b, "parts", NULL, "all after the first 1,000");
		return;
	}
	if (GMIME_IS_MULTIPART(object))
		walk_multipart(b, GMIME_MULTIPART(object), number, depth);
	else if (GMIME_IS_MESSAGE_PART(object))
		walk_message(b, GMIME_MESSAGE_PART(object), number, depth, FALSE);
	else if (GMIME_IS_PART(object))
		leaf(b, GMIME_PART(object), number, depth);
	else
		leave_out(b, "part", number, "of a kind that cannot be read");
}

void mail_body_read(struct mail_body *b, GMimeMessage *message)
{
	GMimeObject *part = g_mime_message_get_mime_part(message);

	walk(b, part, part && GMIME_IS_MULTIPART(part) ? "" : "1", 0);
}
