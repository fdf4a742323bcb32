/* Frames: what goes in comes out, and what is not a frame is told so, whichever way it is broken. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <setjmp.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire/wire.h"

/* ---- frames ---- */

static const struct {
	enum wire_type type;
	const char *payload;
} every[] = {
	{WIRE_DURABLE, "()"},
	{WIRE_STOP, "()"},
	{WIRE_REMOVE, "('id',)"},
	{WIRE_SEEN, "('item',)"},
	{WIRE_SKIP, "('id', 'why')"},
	{WIRE_CHECKPOINT, "('',)"},
	{WIRE_COMPLETE, "()"},
	{WIRE_PROGRESS, "(uint64 3, uint64 4, 'what')"},
	{WIRE_LOG, "(uint32 2, 'line')"},
	{WIRE_FAIL, "(uint32 3, int64 60, 'later')"},
	{WIRE_END, "(0,)"},
};

static GVariant *parsed(gsize i)
{
	return g_variant_ref_sink(
		g_variant_parse(G_VARIANT_TYPE(wire_payload_type(every[i].type)), every[i].payload, NULL, NULL, NULL));
}

static void test_frames_cross(void **state)
{
	(void)state;
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	for (gsize i = 0; i < G_N_ELEMENTS(every); i++) {
		g_autoptr(GVariant) payload = parsed(i);
		struct wire_frame frame;
		assert_true(wire_write(pair[0], every[i].type, payload, NULL));
		assert_true(wire_read(pair[1], &frame, NULL));
		assert_int_equal(frame.type, every[i].type);
		assert_true(g_variant_equal(frame.payload, payload));
		wire_frame_clear(&frame);
	}
	g_autoptr(GError) error = NULL;
	struct wire_frame frame;
	close(pair[0]);
	assert_false(wire_read(pair[1], &frame, &error));
	assert_true(g_error_matches(error, WIRE_ERROR, WIRE_ERROR_CLOSED));
	close(pair[1]);
}

static void test_frames_in_any_pieces(void **state)
{
	(void)state;
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	for (gsize i = 0; i < G_N_ELEMENTS(every); i++)
		assert_true(wire_append(bytes, every[i].type, parsed(i), NULL));
	for (gsize step = 1; step < 40; step++) {
		struct wire_buffer *buffer = wire_buffer_new();
		gsize n = 0;
		for (gsize at = 0; at < bytes->len; at += step) {
			struct wire_frame frame;
			wire_buffer_push(buffer, bytes->data + at, MIN(step, bytes->len - at));
			while (wire_buffer_next(buffer, &frame, NULL) == 1) {
				assert_int_equal(frame.type, every[n++].type);
				wire_frame_clear(&frame);
			}
		}
		assert_int_equal(n, G_N_ELEMENTS(every));
		assert_int_equal(wire_buffer_pending(buffer), 0);
		wire_buffer_free(buffer);
	}
}

static void refused(const char *bytes, gsize length, const char *word)
{
	g_autoptr(GError) error = NULL;
	struct wire_frame frame;
	struct wire_buffer *buffer = wire_buffer_new();
	wire_buffer_push(buffer, bytes, length);
	assert_int_equal(wire_buffer_next(buffer, &frame, &error), -1);
	assert_true(g_error_matches(error, WIRE_ERROR, WIRE_ERROR_GARBAGE));
	assert_non_null(strstr(error->message, word));
	wire_buffer_free(buffer);
}

static void test_broken_frames(void **state)
{
	(void)state;
	refused("\0\0\0\0\x07", 5, "no frame of type 7");
	refused("\xff\xff\xff\xff\x21", 5, "4095 MiB");
	refused("\x01\0\0\x04\x21", 5, "64 MiB"); /* one byte more than is allowed */
	refused("\x03\0\0\0\x22"
		"a\xff\0",
		8, "not well formed"); /* not UTF-8 */
	refused("\x02\0\0\0\x22"
		"ab",
		7, "not well formed"); /* does not end with NUL */
	refused("\0\0\0\0\x22", 5, "not well formed");
	refused("\x08\0\0\0\x25\xff\xff\xff\xff\xff\xff\xff\xff", 13, "not well formed");
}

static void test_half_a_frame(void **state)
{
	(void)state;
	int ends[2];
	g_autoptr(GError) error = NULL;
	struct wire_frame frame;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "\x10\0\0\0\x22half", 9), 9);
	close(ends[1]);
	assert_false(wire_read(ends[0], &frame, &error));
	assert_true(g_error_matches(error, WIRE_ERROR, WIRE_ERROR_GARBAGE));
	close(ends[0]);
}

static void test_writing_to_nobody(void **state)
{
	(void)state;
	int pair[2];
	g_autoptr(GError) error = NULL;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	close(pair[1]);
	assert_false(wire_write(pair[0], WIRE_STOP, g_variant_new("()"), &error)); /* and no SIGPIPE */
	assert_true(g_error_matches(error, WIRE_ERROR, WIRE_ERROR_CLOSED));
	close(pair[0]);
}

static void test_nonblocking_fill(void **state)
{
	(void)state;
	int pair[2];
	struct wire_buffer *buffer = wire_buffer_new();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	assert_int_equal(wire_buffer_fill(buffer, pair[0], NULL), -2);
	assert_int_equal(write(pair[1], "\x01", 1), 1);
	assert_int_equal(wire_buffer_fill(buffer, pair[0], NULL), 1);
	assert_int_equal(wire_buffer_pending(buffer), 1);
	close(pair[1]);
	assert_int_equal(wire_buffer_fill(buffer, pair[0], NULL), 0);
	close(pair[0]);
	wire_buffer_free(buffer);
}

static void test_too_large_for_a_frame(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	g_autoptr(GByteArray) out = g_byte_array_new();
	char *text = g_malloc(WIRE_MAX_PAYLOAD + 1);
	memset(text, 'x', WIRE_MAX_PAYLOAD);
	text[WIRE_MAX_PAYLOAD] = '\0';
	assert_false(wire_append(out, WIRE_REMOVE, g_variant_new("(@s)", g_variant_new_take_string(text)), &error));
	assert_true(g_error_matches(error, WIRE_ERROR, WIRE_ERROR_GARBAGE));
	assert_int_equal(out->len, 0);
}

/* ---- records ---- */

static struct wire_record through(const struct meri_record *r)
{
	struct wire_record out;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) payload = wire_record_encode(r, &error);
	assert_null(error);
	assert_true(g_variant_is_of_type(payload, G_VARIANT_TYPE(wire_payload_type(WIRE_RECORD))));
	assert_true(wire_record_decode(payload, &out, &error));
	assert_string_equal(wire_record_id(payload), out.record.id);
	return out;
}

static const struct meri_pair pairs[] = {{"name", "Virtanen"}, {"name", "Ström & Co"}, {"empty", NULL}};
static const struct meri_party parties[] = {{"from", "Ström", "s@example.fi", NULL}, {NULL, NULL, NULL, "Oy"}};
static const struct meri_span spans[] = {{0, 4}, {4, 1}, {5, 3}};
static const char *const readers[] = {"sales", "support"};

static void test_record_as_it_stands(void **state)
{
	(void)state;
	struct wire_record out = through(&(struct meri_record){.size = sizeof(struct meri_record),
							       .id = "a/1",
							       .kind = MERI_TICKET,
							       .title = "T",
							       .text = "some text",
							       .url = "https://x/",
							       .thread = "a",
							       .parent = "a/0",
							       .occurred = -5,
							       .updated = INT64_MAX,
							       .language = "fi",
							       .item = "file",
							       .fingerprint = "f",
							       .parties = parties,
							       .n_parties = 2,
							       .hints = pairs,
							       .n_hints = 1,
							       .fields = pairs,
							       .n_fields = 3,
							       .quoted = spans,
							       .n_quoted = 3,
							       .left_out = pairs + 1,
							       .n_left_out = 1,
							       .readers = readers,
							       .n_readers = 2});
	const struct meri_record *r = &out.record;
	assert_string_equal(r->id, "a/1");
	assert_int_equal(r->kind, MERI_TICKET);
	assert_string_equal(r->text, "some text");
	assert_string_equal(r->parent, "a/0");
	assert_true(r->occurred == -5 && r->updated == INT64_MAX);
	assert_string_equal(r->fingerprint, "f");
	assert_int_equal(r->n_parties, 2);
	assert_string_equal(r->parties[0].name, "Ström");
	assert_null(r->parties[0].organisation);
	assert_null(r->parties[1].address);
	assert_int_equal(r->n_hints, 1);
	assert_int_equal(r->n_fields, 3);
	assert_string_equal(r->fields[1].value, "Ström & Co");
	assert_null(r->fields[2].value);
	assert_int_equal(r->n_quoted, 3);
	assert_int_equal(r->quoted[2].start, 5);
	assert_int_equal(r->quoted[2].length, 3);
	assert_int_equal(r->n_left_out, 1);
	assert_int_equal(r->n_readers, 2);
	assert_string_equal(r->readers[1], "support");
	wire_record_clear(&out);
}

static void test_least_record(void **state)
{
	(void)state;
	struct wire_record out =
		through(&(struct meri_record){.size = sizeof(struct meri_record), .id = "1", .kind = MERI_NOTE});
	assert_null(out.record.title);
	assert_null(out.record.text);
	assert_null(out.record.item);
	assert_null(out.record.readers);
	assert_int_equal(out.record.n_parties + out.record.n_hints + out.record.n_left_out, 0);
	wire_record_clear(&out);
}

static void test_bad_utf8_is_mended_and_spans_follow(void **state)
{
	(void)state;
	/* Bytes: a ff b c3a4 fe c; spans over "b", "ä", "fe c" */
	static const struct meri_span given[] = {{2, 1}, {3, 2}, {5, 2}};
	struct wire_record out = through(&(struct meri_record){.size = sizeof(struct meri_record),
							       .id = "i\xffz",
							       .kind = MERI_NOTE,
							       .text = "a\xff"
								       "b\xc3\xa4\xfe"
								       "c",
							       .quoted = given,
							       .n_quoted = 3});
	const struct meri_record *r = &out.record;
	assert_string_equal(r->text, "a\xef\xbf\xbd"
				     "bä\xef\xbf\xbd"
				     "c");
	assert_string_equal(r->id, "i\xef\xbf\xbd"
				   "ffz");
	assert_int_equal(r->n_quoted, 3);
	assert_memory_equal(r->text + r->quoted[0].start, "b", 1);
	assert_memory_equal(r->text + r->quoted[1].start, "ä", 2);
	assert_int_equal(r->quoted[1].length, 2);
	assert_int_equal(r->quoted[2].start, 7);
	assert_int_equal(r->quoted[2].length, 4);
	assert_int_equal(r->n_left_out, 1);
	assert_string_equal(r->left_out[0].name, "text");
	assert_string_equal(r->left_out[0].value, "2 bytes were not UTF-8");
	wire_record_clear(&out);
}

static void test_ids_that_differ_still_do(void **state)
{
	(void)state;
	g_autofree char *a = wire_repair_id("tilaus-\xe4.txt"), *b = wire_repair_id("tilaus-\xf6.txt");
	assert_string_not_equal(a, b);
	assert_null(wire_repair_id("tilaus-ä.txt"));
}

static void test_spans_outside_are_dropped(void **state)
{
	(void)state;
	static const struct meri_span given[] = {{2, 4}, {1, 1}, {7, (size_t)-3}, {1000, 1}, {8, 1}};
	struct wire_record out = through(&(struct meri_record){.size = sizeof(struct meri_record),
							       .id = "1",
							       .kind = MERI_NOTE,
							       .text = "0123456789",
							       .quoted = given,
							       .n_quoted = 5});
	assert_int_equal(out.record.n_quoted, 2);
	assert_int_equal(out.record.quoted[1].start, 8);
	assert_int_equal(out.record.n_left_out, 1);
	assert_string_equal(out.record.left_out[0].name, "quoted");
	wire_record_clear(&out);
}

static void test_long_text_is_cut(void **state)
{
	(void)state;
	gsize length = WIRE_MAX_TEXT + 10;
	g_autofree char *text = g_malloc(length + 1);
	for (gsize i = 0; i < length; i += 3)
		memcpy(text + i, "€", MIN(3, length - i));
	text[length] = '\0';
	struct wire_record out = through(&(struct meri_record){.size = sizeof(struct meri_record),
							       .id = "1",
							       .kind = MERI_NOTE,
							       .text = text,
							       .quoted = &(struct meri_span){3, length - 12},
							       .n_quoted = 1});
	gsize kept = strlen(out.record.text);
	assert_in_range(kept, WIRE_MAX_TEXT - 2, WIRE_MAX_TEXT);
	assert_true(g_utf8_validate(out.record.text, -1, NULL));
	assert_int_equal(out.record.quoted[0].start + out.record.quoted[0].length, kept);
	assert_true(out.record.n_left_out >= 1);
	wire_record_clear(&out);
}

static void test_too_many_of_anything(void **state)
{
	(void)state;
	gsize n = WIRE_MAX_ENTRIES + 5;
	g_autofree struct meri_pair *many = g_new0(struct meri_pair, n);
	for (gsize i = 0; i < n; i++)
		many[i] = (struct meri_pair){"n", "v"};
	struct wire_record out = through(&(struct meri_record){.size = sizeof(struct meri_record),
							       .id = "1",
							       .kind = MERI_NOTE,
							       .fields = many,
							       .n_fields = n,
							       .left_out = many,
							       .n_left_out = n});
	assert_int_equal(out.record.n_fields, WIRE_MAX_ENTRIES);
	assert_true(out.record.n_left_out <= WIRE_MAX_ENTRIES);
	wire_record_clear(&out);
}

static void cannot_cross(const struct meri_record *r, const char *word)
{
	g_autoptr(GError) error = NULL;
	assert_null(wire_record_encode(r, &error));
	assert_non_null(error);
	assert_non_null(strstr(error->message, word));
}

static void test_what_is_no_record(void **state)
{
	(void)state;
	g_autofree char *long_id = g_strnfill(1001, 'x'), *bad_id = g_strnfill(500, '\xff'),
			*value = g_strnfill(WIRE_MAX_STRING, 'v');
	g_autofree struct meri_pair *large = g_new0(struct meri_pair, 1500);
	for (int i = 0; i < 1500; i++)
		large[i] = (struct meri_pair){"n", value};
	cannot_cross(&(struct meri_record){.kind = MERI_NOTE}, "id");
	cannot_cross(&(struct meri_record){.id = "", .kind = MERI_NOTE}, "id");
	cannot_cross(&(struct meri_record){.id = long_id, .kind = MERI_NOTE}, "1001 bytes");
	cannot_cross(&(struct meri_record){.id = bad_id, .kind = MERI_NOTE}, "500 bytes");
	cannot_cross(&(struct meri_record){.id = "1"}, "kind 0");
	cannot_cross(&(struct meri_record){.id = "1", .kind = (enum meri_kind)10}, "kind 10");
	cannot_cross(&(struct meri_record){.id = "1", .kind = MERI_NOTE, .fields = large, .n_fields = 1500}, "64 MiB");
	long_id[1000] = '\0';
	struct wire_record out =
		through(&(struct meri_record){.size = sizeof(struct meri_record), .id = long_id, .kind = MERI_EVENT});
	assert_int_equal(strlen(out.record.id), 1000);
	wire_record_clear(&out);
}

/* A liar's record: an honest one with `length` bytes changed where `mark` is, plus `skip`. */
static void liar(const char *mark, gsize skip, const char *lie, gsize length)
{
	static const struct meri_span span = {0, 4};
	struct meri_record honest = {.size = sizeof honest,
				     .id = "the-id",
				     .kind = MERI_NOTE,
				     .title = "TITLE",
				     .text = "text",
				     .quoted = &span,
				     .n_quoted = 1};
	g_autoptr(GVariant) payload = wire_record_encode(&honest, NULL);
	g_autoptr(GError) error = NULL;
	gsize size = g_variant_get_size(payload);
	guint8 *bytes = g_memdup2(g_variant_get_data(payload), size);
	guint8 *at = mark ? memmem(bytes, size, mark, strlen(mark)) : bytes;
	assert_non_null(at);
	memcpy(at + skip, lie, length);
	assert_null(wire_payload_parse(WIRE_RECORD, bytes, size, &error));
	assert_true(g_error_matches(error, WIRE_ERROR, WIRE_ERROR_GARBAGE));
}

static void test_decoder_believes_nothing(void **state)
{
	(void)state;
	liar(NULL, 0, "\2", 1);                          /* another form */
	liar(NULL, 1, "\0", 1);                          /* no kind */
	liar(NULL, 1, "\12", 1);                         /* kind 10 */
	liar("the-id", 6, "x", 1);                       /* no NUL at the end */
	liar("the-id", 2, "\0", 1);                      /* one too early */
	liar("TITLE", 1, "\xff", 1);                     /* not UTF-8 */
	liar("TITLE", (gsize)-4, "\xff\xff\xff\xff", 4); /* longer than the frame */
	liar("TITLE", (gsize)-4, "\1\0\0\0", 4);         /* shorter than it is */
	liar("the-id", (gsize)-4, "\0\0\0\0", 4);
	/* Behind the text and its NUL: six empty strings of 5 bytes, the counts of parties, hints, fields and spans. */
	const gsize counts = 5 + 6 * 5, span = counts + 4 * 4;
	liar("text", counts, "\xff\xff\xff\xff", 4); /* that many parties there cannot be */
	liar("text", counts, "\xff\xff\xff\x7f", 4);
	liar("text", counts + 12, "\2", 1);
	liar("text", span, "\1", 1);                                                /* one byte too far */
	liar("text", span + 8, "\5", 1);                                            /* one byte too long */
	liar("text", span, "\2\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff", 16); /* round the corner */
}

static void test_every_prefix_of_a_record_is_refused(void **state)
{
	(void)state;
	struct meri_record r = {.size = sizeof r,
				.id = "1",
				.kind = MERI_NOTE,
				.parties = parties,
				.n_parties = 2,
				.readers = readers,
				.n_readers = 2};
	g_autoptr(GVariant) payload = wire_record_encode(&r, NULL);
	gsize size = g_variant_get_size(payload);
	for (gsize cut = 0; cut <= size + 1; cut++) {
		guint8 *bytes = g_malloc0(size + 1);
		memcpy(bytes, g_variant_get_data(payload), size);
		g_autoptr(GVariant) back = wire_payload_parse(WIRE_RECORD, bytes, cut, NULL);
		assert_int_equal(back != NULL, cut == size);
	}
}

static void test_nobody_is_not_everybody(void **state)
{
	(void)state;
	struct wire_record out = through(&(struct meri_record){
		.size = sizeof(struct meri_record), .id = "1", .kind = MERI_NOTE, .readers = readers});
	assert_non_null(out.record.readers);
	assert_int_equal(out.record.n_readers, 0);
	wire_record_clear(&out);
	out = through(&(struct meri_record){.size = sizeof(struct meri_record), .id = "1", .kind = MERI_NOTE});
	assert_null(out.record.readers);
	wire_record_clear(&out);
}

/* ---- the rest of the conversation ---- */

static void test_run_crosses(void **state)
{
	(void)state;
	g_autoptr(GHashTable) options = g_hash_table_new(g_str_hash, g_str_equal);
	g_hash_table_insert(options, (gpointer) "path", (gpointer) "/srv/tilauks\xe4/"); /* a path need not be UTF-8 */
	g_hash_table_insert(options, (gpointer) "empty", (gpointer) "");
	struct wire_run run = {.job = WIRE_JOB_SYNC,
			       .source = "crm",
			       .options = options,
			       .cursor = "",
			       .temp = "/tmp/x",
			       .memory = 1u << 30},
			out;
	g_autoptr(GVariant) payload = g_variant_ref_sink(wire_run_encode(&run));
	assert_true(wire_run_decode(payload, &out, NULL));
	assert_int_equal(out.job, WIRE_JOB_SYNC);
	assert_string_equal(out.source, "crm");
	assert_string_equal(out.cursor, ""); /* not NULL: the two differ */
	assert_string_equal(out.temp, "/tmp/x");
	assert_true(out.memory == 1u << 30);
	assert_string_equal(g_hash_table_lookup(out.options, "path"), "/srv/tilauks\xe4/");
	assert_string_equal(g_hash_table_lookup(out.options, "empty"), "");
	g_hash_table_unref(out.options);

	struct wire_run least = {.job = WIRE_JOB_DESCRIBE};
	g_autoptr(GVariant) second = g_variant_ref_sink(wire_run_encode(&least));
	assert_true(wire_run_decode(second, &out, NULL));
	assert_null(out.cursor);
	assert_null(out.temp);
	g_hash_table_unref(out.options);

	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) third = g_variant_ref_sink(wire_run_encode(&(struct wire_run){.job = (enum wire_job)9}));
	assert_false(wire_run_decode(third, &out, &error));
	assert_non_null(strstr(error->message, "no job 9"));
}

static const struct meri_option declared[] = {
	{"path", MERI_PATH, NULL, "Where \xe4", NULL, 1, 0},
	{"mode", MERI_CHOICE, "one", NULL, "one two", 0, 0},
	{"key", MERI_TEXT, "", "Key", NULL, 0, 1},
	{.name = NULL},
};

static void test_hello_crosses(void **state)
{
	(void)state;
	const struct meri_connector c = {MERI_ABI, sizeof c, sizeof(struct meri_option), "crm", "Reads", declared,
					 NULL,     NULL};
	g_autoptr(GVariant) payload = g_variant_ref_sink(wire_hello_encode(&c));
	g_autoptr(wire_hello) hello = wire_hello_decode(payload, NULL);
	assert_non_null(hello);
	assert_string_equal(hello->name, "crm");
	assert_int_equal(hello->options->len, 3);
	const struct wire_option *path = hello->options->pdata[0], *mode = hello->options->pdata[1],
				 *key = hello->options->pdata[2];
	assert_true(path->required && !path->secret && !path->initial && path->kind == MERI_PATH);
	assert_string_equal(path->help, "Where \xef\xbf\xbd");
	assert_string_equal(mode->choices, "one two");
	assert_string_equal(mode->initial, "one");
	assert_true(key->secret);
	assert_string_equal(key->initial, "");
}

static void test_hello_of_a_newer_connector(void **state)
{
	(void)state;
	/* Its options have grown at the end. */
	struct {
		struct meri_option known;
		const char *news;
	} larger[] = {{{.name = "a", .kind = MERI_TEXT}, "x"},
		      {{.name = "b", .kind = MERI_LIST}, "y"},
		      {{.name = NULL}, NULL}};
	const struct meri_connector c = {MERI_ABI, sizeof c, sizeof larger[0], "new", "Newer", &larger[0].known,
					 NULL,     NULL};
	g_autoptr(GVariant) payload = g_variant_ref_sink(wire_hello_encode(&c));
	g_autoptr(wire_hello) hello = wire_hello_decode(payload, NULL);
	assert_int_equal(hello->options->len, 2);
	assert_string_equal(((struct wire_option *)hello->options->pdata[1])->name, "b");
}

static void test_hello_of_a_liar(void **state)
{
	(void)state;
	g_autoptr(GError) error = NULL;
	const GVariantType *type = G_VARIANT_TYPE(wire_payload_type(WIRE_HELLO));
	g_autoptr(GVariant) nameless = g_variant_parse(type, "('', '', [])", NULL, NULL, NULL);
	g_autoptr(GVariant) odd = g_variant_parse(
		type, "('n', '', [('o', 99, nothing, nothing, false, false, nothing)])", NULL, NULL, NULL);
	assert_null(wire_hello_decode(nameless, NULL));
	assert_null(wire_hello_decode(odd, &error));
	assert_non_null(strstr(error->message, "unknown kind 99"));
}

/* ---- items ---- */

static void test_items(void **state)
{
	(void)state;
	struct wire_items *items = wire_items_new();
	for (int i = 0; i < 1000; i++) {
		g_autofree char *name = g_strdup_printf("item-%d", i), *print = g_strdup_printf("f%d", i * 7);
		wire_items_add(items, name, print);
	}
	int fd = wire_items_to_fd(items, NULL);
	wire_items_free(items);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "x", 1), -1); /* sealed */
	struct wire_items *table = wire_items_from_fd(fd, NULL);
	close(fd);
	assert_non_null(table);
	for (int i = 0; i < 1000; i++) {
		g_autofree char *name = g_strdup_printf("item-%d", i), *print = g_strdup_printf("f%d", i * 7);
		assert_true(wire_items_has(table, name, print));
		assert_false(wire_items_has(table, name, "f"));
		assert_false(wire_items_has(table, print, name));
	}
	wire_items_free(table);
}

static void test_items_none(void **state)
{
	(void)state;
	struct wire_items *items = wire_items_new();
	int fd = wire_items_to_fd(items, NULL);
	wire_items_free(items);
	struct wire_items *table = wire_items_from_fd(fd, NULL);
	close(fd);
	assert_false(wire_items_has(table, "", ""));
	wire_items_free(table);
}

static void not_a_table(const void *bytes, gsize length)
{
	int fd = memfd_create("bad", MFD_CLOEXEC);
	g_autoptr(GError) error = NULL;
	assert_int_equal(write(fd, bytes, length), (ssize_t)length);
	assert_null(wire_items_from_fd(fd, &error));
	assert_non_null(error);
	close(fd);
}

static void test_items_of_a_liar(void **state)
{
	(void)state;
	char table[48] = "meri-it1";
	table[8] = 2; /* says two entries and has one */
	not_a_table("", 0);
	not_a_table("meri-it1", 8);
	not_a_table(table, sizeof table);
	table[0] = 'x';
	not_a_table(table, sizeof table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frames_cross),
		cmocka_unit_test(test_frames_in_any_pieces),
		cmocka_unit_test(test_broken_frames),
		cmocka_unit_test(test_half_a_frame),
		cmocka_unit_test(test_writing_to_nobody),
		cmocka_unit_test(test_nonblocking_fill),
		cmocka_unit_test(test_too_large_for_a_frame),
		cmocka_unit_test(test_record_as_it_stands),
		cmocka_unit_test(test_least_record),
		cmocka_unit_test(test_bad_utf8_is_mended_and_spans_follow),
		cmocka_unit_test(test_ids_that_differ_still_do),
		cmocka_unit_test(test_spans_outside_are_dropped),
		cmocka_unit_test(test_long_text_is_cut),
		cmocka_unit_test(test_too_many_of_anything),
		cmocka_unit_test(test_what_is_no_record),
		cmocka_unit_test(test_decoder_believes_nothing),
		cmocka_unit_test(test_every_prefix_of_a_record_is_refused),
		cmocka_unit_test(test_nobody_is_not_everybody),
		cmocka_unit_test(test_run_crosses),
		cmocka_unit_test(test_hello_crosses),
		cmocka_unit_test(test_hello_of_a_newer_connector),
		cmocka_unit_test(test_hello_of_a_liar),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_items_none),
		cmocka_unit_test(test_items_of_a_liar),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
