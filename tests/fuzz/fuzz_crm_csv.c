/* Any bytes as a CSV file. The first byte chooses settings. What comes out must be records that the host would take: an
 * id of 1 to 1,000 bytes, nothing NULL where the contract wants a text, and every fingerprint on a record of the one
 * item. */
#include <stdarg.h>
// with: plugins/crm_csv/*.c
// link: -lcsv
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "meri/connector.h"

extern const struct meri_connector meri_connector;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];
static uint8_t choice;
static unsigned puts_seen;

static void must(int true_or_not)
{
	if (!true_or_not)
		abort();
}

static const char *option(const struct meri_host *host, const char *name)
{
	(void)host;
	if (!strcmp(name, "path"))
		return path;
	if (!strcmp(name, "delimiter"))
		return choice & 1 ? "semicolon" : "auto";
	if (!strcmp(name, "encoding"))
		return choice & 2 ? "UTF-16LE" : choice & 4 ? "windows-1252" : NULL;
	if (!strcmp(name, "dates"))
		return choice & 8 ? "ymd" : "auto";
	if (!strcmp(name, "account-map"))
		return choice & 16 ? "id=a\ntitle=b\nemail=c" : NULL;
	if (!strcmp(name, "preset"))
		return choice & 32 ? "none" : "auto";
	if (!strcmp(name, "url-template"))
		return choice & 64 ? "https://crm.example/{kind}/{id}" : NULL;
	return NULL;
}

static const char *cursor(const struct meri_host *host)
{
	(void)host;
	return NULL;
}

static size_t pairs(const struct meri_pair *pair, size_t n)
{
	size_t length = 0;

	for (size_t i = 0; i < n; i++)
		length += strlen(pair[i].name) + strlen(pair[i].value);
	return length;
}

static int put(const struct meri_host *host, const struct meri_record *r)
{
	(void)host;
	must(r->size == sizeof *r && r->kind >= MERI_ACCOUNT && r->kind <= MERI_EVENT);
	must(r->id && strlen(r->id) >= 1 && strlen(r->id) <= 1000 && r->item && r->text);
	pairs(r->hints, r->n_hints);
	pairs(r->fields, r->n_fields);
	pairs(r->left_out, r->n_left_out);
	for (size_t i = 0; i < r->n_parties; i++)
		must(r->parties[i].role && (r->parties[i].name || r->parties[i].address));
	return ++puts_seen > 5000 ? MERI_STOP : 0;
}

static int one_text(const struct meri_host *host, const char *text)
{
	(void)host;
	must(*text != '\0');
	return 0;
}

static int unchanged(const struct meri_host *host, const char *item, const char *fingerprint)
{
	(void)host;
	must(*item && *fingerprint);
	return 0;
}

static int skip(const struct meri_host *host, const char *id, const char *why)
{
	(void)host;
	must(*id && strlen(id) <= 1000 && *why);
	return 0;
}

static int complete(const struct meri_host *host)
{
	(void)host;
	return 0;
}

static int progress(const struct meri_host *host, uint64_t done, uint64_t total, const char *what)
{
	(void)host;
	(void)done;
	(void)total;
	must(*what != '\0');
	return 0;
}

static const char *text_of(const struct meri_host *host, const struct meri_blob *blob, const char **why)
{
	(void)host;
	*why = "not here";
	return blob->length % 2 ? "text" : NULL;
}

__attribute__((format(printf, 3, 4))) static void log_line(const struct meri_host *host, enum meri_level level,
							   const char *format, ...)
{
	char line[4096];
	va_list list;

	(void)host;
	(void)level;
	va_start(list, format);
	vsnprintf(line, sizeof line, format, list);
	va_end(list);
}

__attribute__((format(printf, 4, 5))) static int fails(const struct meri_host *host, enum meri_class class,
						       int64_t after, const char *format, ...)
{
	(void)host;
	(void)class;
	(void)after;
	(void)format;
	abort(); /* a file's bytes are never a reason to fail the run */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct meri_host host = {sizeof host, MERI_ABI,  option,  cursor,   put,
					      one_text,    unchanged, skip,    one_text, complete,
					      progress,    NULL,      text_of, log_line, fails};
	int fd = memfd_create("table", 0);

	if (size < 1 || fd < 0 || write(fd, data + 1, size - 1) != (ssize_t)(size - 1)) {
		close(fd);
		return 0;
	}
	choice = data[0];
	puts_seen = 0;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	meri_connector.sync(&host);
	close(fd);
	return 0;
}
