/* text_of: finds out what a file is, hands it to its reader, and says why where there is none. */
#include "host/text.h"

#include <libxml/parser.h>
#include <stdarg.h>
#include <string.h>

#include "host/host.h"

struct host_text {
	char *temp;
	GString *out;
	char *why;
	gboolean (*stop)(gpointer user);
	gpointer user;
};

static void be_silent(void *user, const char *format, ...)
{
	(void)user;
	(void)format;
}

struct host_text *host_text_new(const char *temp, gboolean (*stop)(gpointer user), gpointer user)
{
	struct host_text *text = g_new0(struct host_text, 1);
	text->temp = g_strdup(temp);
	text->out = g_string_new(NULL);
	text->stop = stop;
	text->user = user;
	xmlInitParser();
	xmlSetGenericErrorFunc(NULL, be_silent); /* libxml2 has complaints that no option silences */
	return text;
}

void host_text_free(struct host_text *text)
{
	if (!text)
		return;
	g_free(text->temp);
	g_free(text->why);
	g_string_free(text->out, TRUE);
	g_free(text);
}

gboolean text_trouble(struct text_job *job, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	g_autofree char *why = g_strdup_vprintf(format, values);
	va_end(values);
	if (!job->why)
		job->why = g_steal_pointer(&why);
	return FALSE;
}

gboolean text_enough(struct text_job *job)
{
	if (job->why)
		return TRUE;
	if (text_flow_full(&job->flow))
		text_trouble(job, "cut: it holds more than %u MiB of text", TEXT_MAX >> 20);
	else if (g_get_monotonic_time() > job->until)
		text_trouble(job, "cut: reading it took more than %d seconds", TEXT_MAX_SECONDS);
	else if (job->stop && job->stop(job->user))
		text_trouble(job, "cut: the run is over");
	return job->why != NULL;
}

/* ---- what is it? ---- */

static gboolean begins(const struct text_job *job, const char *bytes, gsize length)
{
	return job->length >= length && memcmp(job->bytes, bytes, length) == 0;
}

/* The name's extension in lower case, without the dot; "" if there is none. */
static char *extension(const struct text_job *job)
{
	const char *dot = job->name ? strrchr(job->name, '.') : NULL;
	return dot && !strchr(dot, '/') && strlen(dot) <= 12 ? g_ascii_strdown(dot + 1, -1) : g_strdup("");
}

static gboolean one_of(const char *word, const char *const *words)
{
	return word && g_strv_contains(words, word);
}

/* Looks as if no charset could make text of it: zero bytes that UTF-16 does not explain, or many control characters. */
static gboolean is_binary(const struct text_job *job)
{
	gsize n = MIN(job->length, 8192), zeros = 0, odd = 0;
	if (begins(job, "\xff\xfe", 2) || begins(job, "\xfe\xff", 2) || begins(job, "\0\0\xfe\xff", 4))
		return FALSE;
	for (gsize i = 0; i < n; i++) {
		guint8 c = job->bytes[i];
		zeros += c == 0;
		odd += c < 0x20 && !strchr("\t\n\r\f\x1b\b", c);
	}
	if (zeros > n / 4) /* UTF-16 has them on one side only */
		return text_is_wide(job->bytes, job->length) == NULL;
	return zeros > n / 50 || odd > n / 20 + 2;
}

/* The first tag of markup, past a byte order mark, blanks, comments and instructions. */
static const char *first_tag(const struct text_job *job, char *into, gsize room)
{
	gsize n = MIN(job->length, room - 1);
	memcpy(into, job->bytes, n);
	into[n] = '\0';
	const char *at = into;
	if (g_str_has_prefix(at, "\xef\xbb\xbf"))
		at += 3;
	for (;;) {
		at += strspn(at, " \t\r\n");
		const char *end = NULL;
		if (g_str_has_prefix(at, "<?"))
			end = strstr(at, "?>");
		else if (g_str_has_prefix(at, "<!--"))
			end = strstr(at, "-->");
		if (!end)
			return at;
		at = strchr(end, '>') + 1;
	}
}

static gboolean tag_is_html(const char *tag)
{
	return g_ascii_strncasecmp(tag, "<!doctype html", 14) == 0 || g_ascii_strncasecmp(tag, "<html", 5) == 0 ||
	       g_ascii_strncasecmp(tag, "<head", 5) == 0 || g_ascii_strncasecmp(tag, "<body", 5) == 0;
}

typedef gboolean reader(struct text_job *job);

/* By what the bytes begin with: that is surer than any name. */
static reader *by_magic(struct text_job *job)
{
	if (begins(job, "%PDF-", 5) || memmem(job->bytes, MIN(job->length, 1024), "%PDF-", 5))
		return text_read_pdf;
	if (begins(job, "PK\3\4", 4) || begins(job, "PK\5\6", 4))
		return text_read_zip;
	if (begins(job, "{\\rtf", 5))
		return text_read_rtf;
	if (begins(job, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8))
		return text_read_old_office;
	return NULL;
}

static reader *by_claim(const struct text_job *job, const char *ext)
{
	static const char *const html[] = {"html", "htm", "xhtml", "xht", "shtml", NULL};
	static const char *const html_types[] = {"text/html", "application/xhtml+xml", NULL};
	static const char *const xml[] = {"xml",  "fodt", "fods", "fodp", "rss", "atom",
					  "opml", "svg",  "xsd",  "xsl",  "kml", NULL};
	static const char *const xml_types[] = {"text/xml", "application/xml", NULL};
	static const char *const plain[] = {"txt", "text", "md",   "markdown", "org", "rst", "csv",
					    "tsv", "log",  "json", "ini",      "vcf", "ics", NULL};
	char start[4096];
	if (one_of(job->media_type, html_types))
		return text_read_html;
	const char *tag = first_tag(job, start, sizeof start);
	if (one_of(job->media_type, xml_types) || (job->media_type && g_str_has_suffix(job->media_type, "+xml")))
		return tag_is_html(tag) ? text_read_html : text_read_xml;
	if (job->media_type && g_str_equal(job->media_type, "text/plain") && !one_of(ext, html) && !one_of(ext, xml))
		return text_read_plain;
	if (one_of(ext, plain))
		return text_read_plain;
	if (one_of(ext, html) || tag_is_html(tag))
		return text_read_html;
	if (one_of(ext, xml) || memcmp(start, "<?xml", 5) == 0)
		return text_read_xml;
	return text_read_plain;
}

static gboolean no_reader(struct text_job *job, const char *ext)
{
	static const char *const vague[] = {"application/octet-stream", "text/plain", "", NULL};
	if (job->media_type && !one_of(job->media_type, vague))
		return text_trouble(job, "no reader for %s", job->media_type);
	if (*ext)
		return text_trouble(job, "no reader for .%s files", ext);
	return text_trouble(job, "no reader: it is not text, and its kind is not known");
}

static gboolean read_job(struct text_job *job)
{
	g_autofree char *ext = extension(job);
	if (!job->length)
		return TRUE;
	reader *found = by_magic(job);
	if (found)
		return found(job);
	if (is_binary(job) && !(job->charset && g_ascii_strncasecmp(job->charset, "utf-", 4) == 0))
		return no_reader(job, ext);
	return by_claim(job, ext)(job);
}

/* "text/html; charset=utf-8" into its two parts. */
static void take_type(struct text_job *job, const char *claimed)
{
	if (!claimed || !*claimed)
		return;
	gsize n = strcspn(claimed, "; \t");
	job->media_type = g_ascii_strdown(claimed, (gssize)n);
	const char *at = strcasestr(claimed, "charset=");
	if (!at)
		return;
	at += strlen("charset=");
	at += strspn(at, " \"'");
	job->charset = g_strndup(at, strcspn(at, " \"';\t"));
	if (!*job->charset)
		g_clear_pointer(&job->charset, g_free);
}

/* UTF-8 whatever the reader made of it (some of iconv's converters let half a pair of surrogates through), not longer
 * than it may be, and ending between two characters. */
static void settle(struct text_job *job)
{
	GString *out = job->flow.out;
	g_autofree char *mended = wire_repair(out->str, out->len, NULL);
	if (mended)
		g_string_assign(out, mended);
	if (out->len <= TEXT_MAX)
		return;
	gsize keep = TEXT_MAX;
	while (keep && ((guchar)out->str[keep] & 0xC0) == 0x80)
		keep--;
	g_string_truncate(out, keep);
	text_trouble(job, "cut: it holds more than %u MiB of text", TEXT_MAX >> 20);
}

const char *host_text_of(struct host_text *text, const struct meri_blob *blob, const char **why)
{
	if (text->out->allocated_len > (1u << 20)) { /* one large file shall not cost memory for ever */
		g_string_free(text->out, TRUE);
		text->out = g_string_new(NULL);
	}
	g_string_truncate(text->out, 0);
	g_clear_pointer(&text->why, g_free);
	struct text_job job = {.bytes = blob->bytes ? blob->bytes : (const void *)"",
			       .length = blob->bytes ? blob->length : 0,
			       .name = blob->name,
			       .temp = text->temp,
			       .flow = {.out = text->out},
			       .stop = text->stop,
			       .user = text->user,
			       .until = g_get_monotonic_time() + TEXT_MAX_SECONDS * G_USEC_PER_SEC};
	take_type(&job, blob->media_type);
	read_job(&job);
	settle(&job);
	g_free(job.media_type);
	g_free(job.charset);
	*why = text->why = job.why;
	return job.why && !text->out->len ? NULL : text->out->str;
}
