/* The table of functions that a connector gets: each copies what it is given, mends it, and makes a frame of it. */
#include "host/host.h"

#include <stdarg.h>
#include <string.h>

enum { LINE = 4096, PROGRESS_EVERY = 200 * 1000 };

static struct host *self(const struct meri_host *api)
{
	return (struct host *)(gpointer)(const void *)
		api; /* the table lies at the beginning of a host that we may change */
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* ---- words for people: one line, mended, without secrets ---- */

static void blot_out(GString *line, const GPtrArray *secrets)
{
	for (guint i = 0; secrets && i < secrets->len; i++)
		g_string_replace(line, g_ptr_array_index(secrets, i), "***", 0);
}

static GVariant *line_of(struct host *h, const char *text)
{
	g_autofree char *mended = wire_repair(text, strlen(text), NULL);
	g_autoptr(GString) line = g_string_new(mended ? mended : text);
	blot_out(line, h->secrets);
	g_strchomp(line->str);
	g_autofree char *out = g_utf8_substring(line->str, 0, MIN(g_utf8_strlen(line->str, -1), LINE));
	for (char *at = out; *at; at++)
		if ((guchar)*at < 0x20)
			*at = ' ';
	return g_variant_new_take_string(g_steal_pointer(&out));
}

static void log_line(struct host *h, enum meri_level level, const char *text)
{
	host_say(h, WIRE_LOG,
		 g_variant_new("(u@s)", (guint32)CLAMP((int)level, MERI_DEBUG, MERI_ERROR), line_of(h, text)));
	if (level >= MERI_WARNING)
		host_flush(h); /* it may be the last thing that is heard of this process */
}

static void fail_line(struct host *h, enum meri_class class, gint64 after, const char *text)
{
	h->failed = TRUE;
	if (class < MERI_CONFIG || class > MERI_BUG)
		class = MERI_BUG;
	host_say(h, WIRE_FAIL, g_variant_new("(ux@s)", (guint32) class, (gint64)MAX(after, 0), line_of(h, text)));
	host_flush(h);
}

void host_log(struct host *h, enum meri_level level, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	g_autofree char *text = g_strdup_vprintf(format, values);
	va_end(values);
	log_line(h, level, text);
}

void host_fail(struct host *h, enum meri_class class, gint64 after, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	g_autofree char *text = g_strdup_vprintf(format, values);
	va_end(values);
	fail_line(h, class, after, text);
}

static G_GNUC_PRINTF(3, 4) void table_log(const struct meri_host *api, enum meri_level level, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	g_autofree char *text = g_strdup_vprintf(format ? format : "(nothing)", values);
	va_end(values);
	log_line(self(api), level, text);
}

static G_GNUC_PRINTF(4, 5) int table_fail(const struct meri_host *api, enum meri_class class, int64_t after,
					  const char *format, ...)
{
	va_list values;
	va_start(values, format);
	g_autofree char *text = g_strdup_vprintf(format ? format : "(nothing)", values);
	va_end(values);
	fail_line(self(api), class, after, text);
	return class >= MERI_CONFIG && class <= MERI_BUG ? (int)class : MERI_BUG;
}

/* A connector that breaks the contract cannot go on: it would be guessing what it said. */
static int misuse(struct host *h, const char *what)
{
	if (!h->misused)
		host_fail(h, MERI_BUG, 0, "the connector %s called the host wrongly: %s", or_empty(h->connector->name),
			  what);
	h->misused = TRUE;
	h->stopped = TRUE;
	return MERI_STOP;
}

/* Records and cursors belong to sync. */
static gboolean may_put(struct host *h)
{
	if (h->run.job != WIRE_JOB_SYNC)
		misuse(h, "check must put, remove and skip nothing");
	return !host_stopped(h);
}

/* ---- settings ---- */

static const char *table_option(const struct meri_host *api, const char *name)
{
	return name ? g_hash_table_lookup(self(api)->run.options, name) : NULL;
}

static const char *table_cursor(const struct meri_host *api)
{
	return self(api)->run.cursor;
}

/* ---- records ---- */

/* An id as it may stand in a list of failures, whatever it was. */
static GVariant *shown_id(const char *id)
{
	g_autofree char *mended = id ? wire_repair_id(id) : NULL;
	const char *text = mended ? mended : id;
	if (!text || !*text)
		return g_variant_new_string("(no id)");
	if (strlen(text) <= WIRE_MAX_ID)
		return g_variant_new_string(text);
	g_autofree char *start = g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), 200));
	return g_variant_new_take_string(g_strconcat(start, "…", NULL));
}

static void say_skip(struct host *h, const char *id, const char *why)
{
	host_say(h, WIRE_SKIP, g_variant_new("(@s@s)", shown_id(id), line_of(h, or_empty(why))));
}

static int table_put(const struct meri_host *api, const struct meri_record *given)
{
	struct host *h = self(api);
	g_autoptr(GError) error = NULL;
	if (!may_put(h))
		return MERI_STOP;
	if (!given || given->size < G_STRUCT_OFFSET(struct meri_record, text))
		return misuse(h, "put needs a record whose size is sizeof(struct meri_record)");
	struct meri_record record = {.size = 0};
	memcpy(&record, given, MIN(given->size, sizeof record));
	g_autoptr(GVariant) payload = wire_record_encode(&record, &error);
	if (!payload || !host_say(h, WIRE_RECORD, payload))
		say_skip(h, record.id, error ? error->message : "the record is larger than a frame");
	return h->stopped ? MERI_STOP : 0;
}

/* A frame that names one id or item; FALSE if the name cannot be one. */
static gboolean say_id(struct host *h, enum wire_type type, const char *id)
{
	if (!id || !*id || strlen(id) > WIRE_MAX_ID)
		return FALSE;
	g_autofree char *mended = wire_repair_id(id);
	return host_say(h, type, g_variant_new("(s)", mended ? mended : id));
}

static int table_remove(const struct meri_host *api, const char *id)
{
	struct host *h = self(api);
	if (!may_put(h))
		return MERI_STOP;
	if (!say_id(h, WIRE_REMOVE, id))
		return misuse(h, "remove needs an id of 1 to 1,000 bytes");
	return h->stopped ? MERI_STOP : 0;
}

static int table_unchanged(const struct meri_host *api, const char *item, const char *fingerprint)
{
	struct host *h = self(api);
	if (!h->items || !item || !*item || !fingerprint || !*fingerprint || host_stopped(h))
		return 0;
	/* As put mends what is stored, so here what is asked. */
	g_autofree char *mended = wire_repair_id(item), *print = wire_repair(fingerprint, strlen(fingerprint), NULL);
	if (!wire_items_has(h->items, mended ? mended : item, print ? print : fingerprint))
		return 0;
	return say_id(h, WIRE_SEEN, item) ? 1 : 0;
}

static int table_skip(const struct meri_host *api, const char *id, const char *why)
{
	struct host *h = self(api);
	if (!may_put(h))
		return MERI_STOP;
	say_skip(h, id, why);
	return h->stopped ? MERI_STOP : 0;
}

static int table_checkpoint(const struct meri_host *api, const char *cursor)
{
	struct host *h = self(api);
	if (!may_put(h))
		return MERI_STOP;
	g_autofree char *mended = cursor ? wire_repair(cursor, strlen(cursor), NULL) : NULL;
	if (!host_say(h, WIRE_CHECKPOINT, g_variant_new("(s)", mended ? mended : or_empty(cursor))))
		return misuse(h, "a cursor cannot have more than 64 MiB");
	return host_wait_durable(h) ? 0 : MERI_STOP;
}

static int table_complete(const struct meri_host *api)
{
	struct host *h = self(api);
	if (!may_put(h))
		return MERI_STOP;
	host_say(h, WIRE_COMPLETE, g_variant_new("()"));
	return h->stopped ? MERI_STOP : 0;
}

static int table_progress(const struct meri_host *api, uint64_t done, uint64_t total, const char *what)
{
	struct host *h = self(api);
	gint64 now = g_get_monotonic_time();
	if (now - h->progressed >= PROGRESS_EVERY || (total && done >= total)) {
		h->progressed = now;
		host_say(h, WIRE_PROGRESS,
			 g_variant_new("(tt@s)", (guint64)done, (guint64)total, line_of(h, or_empty(what))));
		host_flush(h);
	}
	return host_stopped(h) ? MERI_STOP : 0;
}

/* ---- reading ---- */

static int table_fetch(const struct meri_host *api, const struct meri_request *given, struct meri_reply *reply)
{
	struct host *h = self(api);
	if (!given || given->size < G_STRUCT_OFFSET(struct meri_request, method) || !reply ||
	    reply->size < G_STRUCT_OFFSET(struct meri_reply, media_type)) {
		misuse(h, "fetch needs a request and a reply whose sizes are filled in");
		return MERI_BUG;
	}
	struct meri_request request = {.size = 0};
	memcpy(&request, given, MIN(given->size, sizeof request));
	struct meri_reply out = {.size = MIN(reply->size, sizeof out)};
	int class = host_fetch(h, &request, &out);
	gsize size = reply->size;
	memcpy(reply, &out, out.size);
	reply->size = size;
	return class;
}

static gboolean run_is_over(gpointer user)
{
	return host_stopped(user);
}

static const char *table_text_of(const struct meri_host *api, const struct meri_blob *given, const char **why)
{
	struct host *h = self(api);
	const char *unused;
	if (!given || given->size < G_STRUCT_OFFSET(struct meri_blob, name)) {
		misuse(h, "text_of needs a blob whose size is filled in");
		return NULL;
	}
	struct meri_blob blob = {.size = 0};
	memcpy(&blob, given, MIN(given->size, sizeof blob));
	if (!h->text)
		h->text = host_text_new(h->run.temp, run_is_over, h);
	host_flush(h);
	const char *text = host_text_of(h->text, &blob, why ? why : &unused);
	const char *missing = why ? *why : unused;
	if (text && missing)
		host_log(h, MERI_WARNING, "%s could be read in part only: %s", blob.name ? blob.name : "an attachment",
			 missing);
	return text;
}

void host_table(struct host *h)
{
	h->api = (struct meri_host){
		.size = sizeof h->api,
		.abi = MERI_ABI,
		.option = table_option,
		.cursor = table_cursor,
		.put = table_put,
		.remove = table_remove,
		.unchanged = table_unchanged,
		.skip = table_skip,
		.checkpoint = table_checkpoint,
		.complete = table_complete,
		.progress = table_progress,
		.fetch = table_fetch,
		.text_of = table_text_of,
		.log = table_log,
		.fail = table_fail,
	};
}
