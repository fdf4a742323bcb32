/* The contract does not move under connectors that are already built: every offset and size of ABI 1, on a 64-bit
 * machine; and its header stays short enough to read. A failure here means: put it back, or raise MERI_ABI and say so.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <setjmp.h>

#include <cmocka.h>

#include "meri/connector.h"

#define AT(type, member, offset, size)                                                                                 \
	do {                                                                                                           \
		assert_int_equal(offsetof(struct type, member), offset);                                               \
		assert_int_equal(sizeof(((struct type *)NULL)->member), size);                                         \
	} while (0)

static void test_numbers(void **state)
{
	(void)state;
	assert_int_equal(MERI_ABI, 1);
	assert_int_equal(MERI_STOP, -1);
	const int option[] = {MERI_TEXT,   MERI_PATH,     MERI_URL,    MERI_NUMBER,
			      MERI_SWITCH, MERI_DURATION, MERI_CHOICE, MERI_LIST};
	const int kind[] = {MERI_ACCOUNT, MERI_PERSON,   MERI_MESSAGE, MERI_TICKET, MERI_COMMENT,
			    MERI_NOTE,    MERI_DOCUMENT, MERI_DEAL,    MERI_EVENT};
	const int level[] = {MERI_DEBUG, MERI_INFO, MERI_WARNING, MERI_ERROR};
	const int class[] = {MERI_CONFIG, MERI_AUTH, MERI_RATE, MERI_TRANSIENT, MERI_BUG};
	for (int i = 0; i < 8; i++)
		assert_int_equal(option[i], i + 1);
	for (int i = 0; i < 9; i++)
		assert_int_equal(kind[i], i + 1);
	for (int i = 0; i < 4; i++)
		assert_int_equal(level[i], i + 1);
	for (int i = 0; i < 5; i++)
		assert_int_equal(class[i], i + 1);
}

static void test_option(void **state)
{
	(void)state;
	AT(meri_option, name, 0, 8);
	AT(meri_option, kind, 8, 4);
	AT(meri_option, initial, 16, 8);
	AT(meri_option, help, 24, 8);
	AT(meri_option, choices, 32, 8);
	assert_int_equal(sizeof(struct meri_option), 48);
	/* Bits have no offset: they are looked for. */
	union {
		struct meri_option option;
		unsigned char bytes[sizeof(struct meri_option)];
	} both;
	memset(&both, 0, sizeof both);
	both.option.required = 1;
	assert_int_equal(both.bytes[40], 1);
	both.option.secret = 1;
	assert_int_equal(both.bytes[40], 3);
}

static void test_small(void **state)
{
	(void)state;
	AT(meri_pair, name, 0, 8);
	AT(meri_pair, value, 8, 8);
	assert_int_equal(sizeof(struct meri_pair), 16);
	AT(meri_party, role, 0, 8);
	AT(meri_party, name, 8, 8);
	AT(meri_party, address, 16, 8);
	AT(meri_party, organisation, 24, 8);
	assert_int_equal(sizeof(struct meri_party), 32);
	AT(meri_span, start, 0, 8);
	AT(meri_span, length, 8, 8);
	assert_int_equal(sizeof(struct meri_span), 16);
	AT(meri_blob, size, 0, 8);
	AT(meri_blob, bytes, 8, 8);
	AT(meri_blob, length, 16, 8);
	AT(meri_blob, name, 24, 8);
	AT(meri_blob, media_type, 32, 8);
	assert_int_equal(sizeof(struct meri_blob), 40);
}

static void test_record(void **state)
{
	(void)state;
	AT(meri_record, size, 0, 8);
	AT(meri_record, id, 8, 8);
	AT(meri_record, kind, 16, 4);
	AT(meri_record, title, 24, 8);
	AT(meri_record, text, 32, 8);
	AT(meri_record, url, 40, 8);
	AT(meri_record, thread, 48, 8);
	AT(meri_record, parent, 56, 8);
	AT(meri_record, occurred, 64, 8);
	AT(meri_record, updated, 72, 8);
	AT(meri_record, language, 80, 8);
	AT(meri_record, item, 88, 8);
	AT(meri_record, fingerprint, 96, 8);
	AT(meri_record, parties, 104, 8);
	AT(meri_record, n_parties, 112, 8);
	AT(meri_record, hints, 120, 8);
	AT(meri_record, n_hints, 128, 8);
	AT(meri_record, fields, 136, 8);
	AT(meri_record, n_fields, 144, 8);
	AT(meri_record, quoted, 152, 8);
	AT(meri_record, n_quoted, 160, 8);
	AT(meri_record, left_out, 168, 8);
	AT(meri_record, n_left_out, 176, 8);
	AT(meri_record, readers, 184, 8);
	AT(meri_record, n_readers, 192, 8);
	assert_int_equal(sizeof(struct meri_record), 200);
}

static void test_http(void **state)
{
	(void)state;
	AT(meri_request, size, 0, 8);
	AT(meri_request, url, 8, 8);
	AT(meri_request, method, 16, 8);
	AT(meri_request, headers, 24, 8);
	AT(meri_request, n_headers, 32, 8);
	AT(meri_request, body, 40, 8);
	AT(meri_request, body_length, 48, 8);
	AT(meri_request, user, 56, 8);
	AT(meri_request, password, 64, 8);
	AT(meri_request, if_none_match, 72, 8);
	AT(meri_request, if_modified_since, 80, 8);
	AT(meri_request, max_bytes, 88, 8);
	assert_int_equal(sizeof(struct meri_request), 96);
	AT(meri_reply, size, 0, 8);
	AT(meri_reply, status, 8, 4);
	AT(meri_reply, body, 16, 8);
	AT(meri_reply, length, 24, 8);
	AT(meri_reply, url, 32, 8);
	AT(meri_reply, media_type, 40, 8);
	AT(meri_reply, etag, 48, 8);
	AT(meri_reply, last_modified, 56, 8);
	AT(meri_reply, link, 64, 8);
	AT(meri_reply, retry_after, 72, 8);
	assert_int_equal(sizeof(struct meri_reply), 80);
}

static void test_host(void **state)
{
	(void)state;
	AT(meri_host, size, 0, 8);
	AT(meri_host, abi, 8, 4);
	AT(meri_host, option, 16, 8);
	AT(meri_host, cursor, 24, 8);
	AT(meri_host, put, 32, 8);
	AT(meri_host, remove, 40, 8);
	AT(meri_host, unchanged, 48, 8);
	AT(meri_host, skip, 56, 8);
	AT(meri_host, checkpoint, 64, 8);
	AT(meri_host, complete, 72, 8);
	AT(meri_host, progress, 80, 8);
	AT(meri_host, fetch, 88, 8);
	AT(meri_host, text_of, 96, 8);
	AT(meri_host, log, 104, 8);
	AT(meri_host, fail, 112, 8);
	assert_int_equal(sizeof(struct meri_host), 120);
}

static void test_connector(void **state)
{
	(void)state;
	AT(meri_connector, abi, 0, 4);
	AT(meri_connector, size, 4, 4);
	AT(meri_connector, option_size, 8, 4);
	AT(meri_connector, name, 16, 8);
	AT(meri_connector, summary, 24, 8);
	AT(meri_connector, options, 32, 8);
	AT(meri_connector, check, 40, 8);
	AT(meri_connector, sync, 48, 8);
	assert_int_equal(sizeof(struct meri_connector), 56);
}

static void test_header_is_short(void **state)
{
	(void)state;
	FILE *header = fopen("include/meri/connector.h", "r");
	if (!header)
		skip(); /* not run from the project's folder */
	int lines = 0;
	for (int c; (c = fgetc(header)) != EOF;)
		lines += c == '\n';
	fclose(header);
	assert_in_range(lines, 100, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),   cmocka_unit_test(test_option),
		cmocka_unit_test(test_small),     cmocka_unit_test(test_record),
		cmocka_unit_test(test_http),      cmocka_unit_test(test_host),
		cmocka_unit_test(test_connector), cmocka_unit_test(test_header_is_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
