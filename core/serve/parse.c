#include "serve/parse.h"

#include <arpa/inet.h>
#include <string.h>

static gboolean is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next part of a list; `at` goes on behind it. FALSE at the end. Without the blanks around it. */
static gboolean next_part(const char **at, char separator, const char **part, gsize *length)
{
	if (!*at)
		return FALSE;
	const char *end = strchr(*at, separator), *from = *at;
	const char *to = end ? end : from + strlen(from);
	*at = end ? end + 1 : NULL;
	while (from < to && is_blank(*from))
		from++;
	while (to > from && is_blank(to[-1]))
		to--;
	*part = from;
	*length = (gsize)(to - from);
	return TRUE;
}

gboolean serve_parse_is_address(const char *text)
{
	guint8 bytes[16];
	return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

char *serve_parse_cookie(const char *header, const char *name)
{
	gsize wanted = strlen(name), length;
	const char *part;
	while (next_part(&header, ';', &part, &length)) {
		if (length <= wanted || part[wanted] != '=' || strncmp(part, name, wanted) != 0)
			continue;
		part += wanted + 1;
		length -= wanted + 1;
		if (length >= 2 && part[0] == '"' && part[length - 1] == '"') {
			part++;
			length -= 2;
		}
		return g_strndup(part, length);
	}
	return NULL;
}

const char *serve_parse_bearer(const char *header)
{
	if (!header || g_ascii_strncasecmp(header, "Bearer", 6) != 0 || !is_blank(header[6]))
		return NULL;
	header += 6;
	while (is_blank(*header))
		header++;
	return *header ? header : NULL;
}

/* "gzip;q=0.5": is it that coding, and wanted? -1: another coding. */
static int coding_wanted(const char *part, gsize length, const char *coding)
{
	gsize word = strcspn(part, "; \t,");
	word = MIN(word, length);
	if (word != strlen(coding) || g_ascii_strncasecmp(part, coding, word) != 0)
		return -1;
	for (gsize i = word; i + 2 < length; i++)
		if ((part[i] == 'q' || part[i] == 'Q') && part[i + 1] == '=')
			return g_ascii_strtod(part + i + 2, NULL) > 0;
	return TRUE;
}

gboolean serve_parse_gzip(const char *accept_encoding)
{
	int any = FALSE;
	const char *part;
	gsize length;
	while (next_part(&accept_encoding, ',', &part, &length)) {
		int gzip = coding_wanted(part, length, "gzip"), all = coding_wanted(part, length, "*");
		if (gzip >= 0)
			return gzip;
		if (all >= 0)
			any = all;
	}
	return any;
}

gboolean serve_parse_matches(const char *if_none_match, const char *etag)
{
	const char *part;
	gsize length;
	if (g_str_has_prefix(etag, "W/"))
		etag += 2;
	while (next_part(&if_none_match, ',', &part, &length)) {
		if (length == 1 && *part == '*')
			return TRUE;
		if (length > 2 && !strncmp(part, "W/", 2)) {
			part += 2;
			length -= 2;
		}
		if (length == strlen(etag) && !strncmp(part, etag, length))
			return TRUE;
	}
	return FALSE;
}

/* Splits "host:port", "[address]:port", "host"; `port` is what stands behind the colon, NULL without one. */
static char *split_host(const char *text, const char **port)
{
	const char *end;
	*port = NULL;
	if (*text == '[') {
		end = strchr(++text, ']');
		if (!end || (end[1] && end[1] != ':'))
			return NULL;
		*port = end[1] ? end + 2 : NULL;
	} else {
		end = strchr(text, ':');
		*port = end ? end + 1 : NULL;
		if (!end)
			end = text + strlen(text);
	}
	return end > text ? g_ascii_strdown(text, end - text) : NULL;
}

static gboolean is_port(const char *text)
{
	return strlen(text) <= 5 && g_ascii_string_to_unsigned(text, 10, 0, 65535, NULL, NULL);
}

/* A dot at the end means the same host. */
static gboolean host_is_good(char *host)
{
	gsize length = strlen(host);
	if (length > 1 && host[length - 1] == '.')
		host[--length] = '\0';
	return length <= 253 && strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-._:") == length;
}

char *serve_parse_host(const char *header)
{
	const char *port;
	if (!header)
		return NULL;
	g_autofree char *host = split_host(header, &port);
	if (!host || (port && *port && !is_port(port)) || !host_is_good(host))
		return NULL;
	if ((strchr(host, ':') || *header == '[') && !serve_parse_is_address(host))
		return NULL;
	return g_steal_pointer(&host);
}

gboolean serve_parse_listen(const char *text, char **host, char **port)
{
	const char *at;
	g_autofree char *name = split_host(text, &at);
	if (!name || !at || !is_port(at) || (!host_is_good(name) && strcmp(name, "*") != 0))
		return FALSE;
	*host = g_steal_pointer(&name);
	*port = g_strdup(at);
	return TRUE;
}

char *serve_parse_forwarded(const char *header)
{
	const char *last = header ? strrchr(header, ',') : NULL, *part;
	gsize length;
	last = last ? last + 1 : header;
	if (!next_part(&last, '\n', &part, &length))
		return NULL;
	g_autofree char *text = g_strndup(part, length);
	if (serve_parse_is_address(text))
		return g_steal_pointer(&text);
	const char *port;
	g_autofree char *host = split_host(text, &port);
	return host && serve_parse_is_address(host) ? g_steal_pointer(&host) : NULL;
}

char *serve_parse_network(const char *address)
{
	guint8 bytes[16];
	if (inet_pton(AF_INET6, address, bytes) != 1)
		return g_strdup(address);
	if (!memcmp(bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12))
		return g_strdup_printf("%u.%u.%u.%u", bytes[12], bytes[13], bytes[14], bytes[15]);
	GString *network = g_string_new(NULL);
	for (guint i = 0; i < 8; i++)
		g_string_append_printf(network, "%02x", bytes[i]);
	return g_string_free(network, FALSE);
}

gsize serve_parse_unescape(char *text)
{
	char *to = text;
	for (const char *from = text; *from; to++) {
		if (from[0] == '%' && g_ascii_isxdigit(from[1]) && g_ascii_isxdigit(from[2])) {
			int byte = g_ascii_xdigit_value(from[1]) * 16 + g_ascii_xdigit_value(from[2]);
			*to = byte ? (char)byte : '?';
			from += 3;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
	const char *bad = text;
	while (!g_utf8_validate(bad, -1, &bad))
		text[bad - text] = '?';
	return (gsize)(to - text);
}
