/* Zipped documents: finds the parts that hold text, in one pass over the archive, and sets them in the reader's order.
 * An archive is bounded in entries, in bytes unpacked, and in how many times larger than the file it may grow. */
#include "host/text_office.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_RATIO = 200, FREE_OF_RATIO = 64 << 20 };

struct unzip {
	struct text_job *job;
	struct archive *archive;
	gsize unpacked, text; /* bytes so far */
	gboolean encrypted;
};

/* One part's text, to be set in order of `rank`, then of the number in its name, then of the name. */
struct part {
	guint rank;
	guint64 number;
	char *name;
	struct text_flow flow;
};

static void part_free(gpointer data)
{
	struct part *p = data;
	g_free(p->name);
	g_string_free(p->flow.out, TRUE);
	g_free(p);
}

static int by_order(gconstpointer a, gconstpointer b)
{
	const struct part *x = *(struct part *const *)a, *y = *(struct part *const *)b;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return strcmp(x->name, y->name);
}

static struct archive *open_zip(struct text_job *job)
{
	struct archive *archive = archive_read_new();
	if (archive)
		archive_read_support_format_zip(archive);
	if (archive && archive_read_open_memory(archive, job->bytes, job->length) == ARCHIVE_OK)
		return archive;
	if (archive)
		archive_read_free(archive);
	return NULL;
}

/* The next bytes of the entry at hand; 0 at its end; -1: trouble was noted. */
static gssize unzip_read(struct unzip *u, void *to, gsize room)
{
	la_ssize_t n = archive_read_data(u->archive, to, room);
	if (n < 0) {
		const char *why = archive_error_string(u->archive);
		text_trouble(u->job, u->encrypted ? "it is encrypted" : "damaged archive: %s",
			     why ? why : "unreadable");
		return -1;
	}
	u->unpacked += (gsize)n;
	if (u->unpacked > TEXT_MAX_UNPACKED ||
	    (u->unpacked > FREE_OF_RATIO && u->unpacked / LARGEST_RATIO > u->job->length)) {
		text_trouble(u->job, "cut: it unpacks to more than it may (%zu MiB out of %zu KiB)", u->unpacked >> 20,
			     u->job->length >> 10);
		return -1;
	}
	return n;
}

/* A page of an e-book: HTML needs it whole. */
static void read_page(struct unzip *u, struct text_flow *flow)
{
	g_autoptr(GByteArray) page = g_byte_array_new();
	guint8 piece[16384];
	gssize n;
	while ((n = unzip_read(u, piece, sizeof piece)) > 0)
		g_byte_array_append(page, piece, (guint)n);
	g_autoptr(GString) text = text_decode_any(page->data, page->len, NULL);
	if (text)
		text_html_flow(u->job, flow, text->str, text->len);
}

static void read_part(struct unzip *u, const struct text_office_part *kind, struct text_flow *flow,
		      struct text_office *office)
{
	struct text_xml x = {.job = u->job, .flow = flow, .events = kind->events, .user = office};
	guint8 piece[32768];
	gssize n;
	if (!kind->events)
		read_page(u, flow);
	if (!kind->events || !text_xml_begin(&x, FALSE))
		return;
	while ((n = unzip_read(u, piece, sizeof piece)) > 0 && text_xml_feed(&x, piece, (gsize)n))
		;
	text_xml_end(&x);
}

static guint64 number_in(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *digits = strpbrk(slash ? slash : name, "0123456789");
	return digits ? g_ascii_strtoull(digits, NULL, 10) : 0;
}

/* One pass over the archive, for the tables that others need or for all the rest. Returns how many parts it read. */
static guint pass(struct unzip *u, gboolean tables, GPtrArray *parts, struct text_office *office)
{
	struct archive_entry *entry;
	guint seen = 0, taken = 0;
	int got;
	while ((got = archive_read_next_header(u->archive, &entry)) == ARCHIVE_OK || got == ARCHIVE_WARN) {
		const char *name = archive_entry_pathname_utf8(entry);
		if (!name)
			name = archive_entry_pathname(entry);
		const struct text_office_part *kind = name ? text_office_part(name) : NULL;
		if (++seen > TEXT_MAX_PARTS) {
			text_trouble(u->job, "cut: the archive has more than %u entries", TEXT_MAX_PARTS);
			break;
		}
		if (!kind || (kind->rank == 0) != tables)
			continue;
		struct part *p = g_new0(struct part, 1);
		*p = (struct part){.rank = kind->rank,
				   .number = number_in(name),
				   .name = g_strdup(name),
				   .flow = {.out = g_string_new(NULL)}};
		g_ptr_array_add(parts, p);
		u->encrypted = archive_entry_is_data_encrypted(entry) == 1;
		read_part(u, kind, &p->flow, office);
		taken++;
		u->text += p->flow.out->len;
		if (u->text > TEXT_MAX)
			text_trouble(u->job, "cut: it holds more than %u MiB of text", TEXT_MAX >> 20);
		if (text_enough(u->job))
			break;
	}
	if (got == ARCHIVE_FATAL) {
		const char *why = archive_error_string(u->archive);
		text_trouble(u->job, "damaged archive: %s", why ? why : "unreadable");
	}
	return taken;
}

static guint walk(struct text_job *job, gboolean tables, GPtrArray *parts, struct text_office *office, gsize *unpacked)
{
	struct unzip u = {.job = job, .archive = open_zip(job), .unpacked = *unpacked};
	if (!u.archive) {
		text_trouble(job, "damaged archive");
		return 0;
	}
	guint taken = pass(&u, tables, parts, office);
	*unpacked = u.unpacked;
	archive_read_free(u.archive);
	return taken;
}

gboolean text_read_zip(struct text_job *job)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(part_free);
	struct text_office office = {.strings = g_ptr_array_new_with_free_func(g_free)};
	gsize unpacked = 0;
	/* A workbook's cells point into a table that comes later in many files: that first. */
	guint taken = walk(job, TRUE, parts, &office, &unpacked);
	if (!job->why)
		taken += walk(job, FALSE, parts, &office, &unpacked);
	g_ptr_array_sort(parts, by_order);
	for (guint i = 0; i < parts->len; i++) {
		const struct part *p = g_ptr_array_index(parts, i);
		if (p->flow.out->len && job->flow.out->len)
			g_string_append(job->flow.out, "\n\n");
		g_string_append_len(job->flow.out, p->flow.out->str, (gssize)p->flow.out->len);
	}
	g_ptr_array_unref(office.strings);
	if (office.gathered) /* a table cut short */
		g_string_free(office.gathered, TRUE);
	if (!taken && !job->why)
		text_trouble(job, "no reader for this kind of archive");
	return !job->why;
}
