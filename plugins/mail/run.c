#include "run.h"

#include <string.h>

static const guint64 ENOUGH = 500;           /* messages, or */
static const guint64 ENOUGH_BYTES = 4 << 20; /* bytes between two checkpoints */
static const int RANKS = 5;                  /* as many copies of a message are recognised without reading them */

/* ---- checkpoints and progress ---- */

static void checkpoint(struct mail_run *run)
{
	g_autofree char *filter = mail_ids_save(run->ids), *text = mail_cursor_text(&run->cursor, filter);

	run->pending = run->pending_bytes = 0;
	run->changed = FALSE;
	if (run->host->checkpoint(run->host, text) != 0)
		run->stop = TRUE;
}

void mail_run_advance(struct mail_run *run, guint64 bytes, gboolean mile)
{
	run->pending += bytes > 0;
	run->pending_bytes += bytes;
	if (mile && !run->stop && (run->pending >= ENOUGH || run->pending_bytes >= ENOUGH_BYTES))
		checkpoint(run);
}

void mail_run_tell(struct mail_run *run, const struct mail_found *found, guint64 consumed)
{
	if (run->told++ % 250 == 0 && !run->stop &&
	    run->host->progress(run->host, run->done + consumed, run->total, found->item) != 0)
		run->stop = TRUE;
}

static void skip(struct mail_run *run, const char *item, const char *why)
{
	if (!run->stop && run->host->skip(run->host, item, why) != 0)
		run->stop = TRUE;
}

/* ---- what is known ---- */

/* Of a file that is one message: where it lies is in it, because the record names the folder; the rank tells which id
 * it has. */
static char *file_fingerprint(const struct mail_run *run, const struct mail_found *found, const struct stat *st,
			      int rank)
{
	return g_strdup_printf("%s|%s|%lld|%" G_GINT64_FORMAT "|%d", run->way, found->folder, (long long)st->st_size,
			       mail_mtime(st), rank);
}

static gboolean is_known(struct mail_run *run, struct mail_found *found)
{
	struct mail_mark *mark = found->maildir ? NULL : g_hash_table_lookup(run->cursor.marks, found->item);
	g_autofree char *fingerprint = NULL;

	if (mark) {
		if (!mail_mark_fits(mark, &found->st))
			return FALSE;
		if (mark->count == 0) /* an mbox without a message */
			return TRUE;
		fingerprint = mail_mark_fingerprint(mark, run->way);
		return run->host->unchanged(run->host, found->item, fingerprint) != 0;
	}
	for (int rank = 0; rank < RANKS; rank++) {
		g_autofree char *one = file_fingerprint(run, found, &found->st, rank);

		if (run->host->unchanged(run->host, found->item, one)) {
			found->rank = rank;
			return TRUE;
		}
	}
	return FALSE;
}

/* The ids of a single message that is known, without parsing it. */
static void take_file_ids(struct mail_run *run, struct mail_found *found)
{
	const char *why;
	struct stat st;
	struct mail_stream *stream = mail_stream_open(run->root, found->path, &st, &why);
	struct mail_mbox *mbox = stream ? mail_mbox_new(stream) : NULL;
	struct mail_raw raw;

	if (!stream)
		return; /* gone since the listing: it takes no id any more */
	mail_mbox_look(mbox);
	if (mail_mbox_rest(mbox, &raw)) {
		struct mail_identity who;
		struct mail_key key;

		mail_identify(raw.bytes, raw.length, raw.cut ? raw.whole - raw.length : 0, &who);
		key = mail_ids_key(&who);
		mail_ids_taken(run->ids, &key, found->rank);
	}
	mail_mbox_free(mbox);
	mail_stream_close(stream);
}

/* A new message may share its id with mail that is not read in this run: see which ids that has. */
static void look_at_known(void *context)
{
	struct mail_run *run = context;

	for (guint i = 0; i < run->listing.found->len; i++) {
		struct mail_found *found = run->listing.found->pdata[i];
		gboolean box = !found->maildir && g_hash_table_contains(run->cursor.marks, found->item);

		if (box && !found->done && !found->prefix_known)
			mail_box_take_ids(run, found);
		else if (!box && found->known)
			take_file_ids(run, found);
	}
}

/* ---- reading ---- */

static void read_file(struct mail_run *run, struct mail_found *found, struct mail_stream *stream,
		      struct mail_mbox *mbox, const struct stat *st)
{
	struct mail_raw raw;
	struct mail_identity who;
	char id[MAIL_RECORD_ID_MAX + 1];
	g_autofree char *fingerprint = NULL,
			*above = found->maildir ? g_strdup(found->folder) : g_path_get_dirname(found->item);
	struct mail_origin origin = {.item = found->item,
				     .folder = strcmp(above, ".") == 0 ? NULL : above,
				     .stored = st->st_mtim.tv_sec,
				     .name = found->item};
	int some = mail_mbox_rest(mbox, &raw);

	if (mail_stream_why(stream)) {
		run->shrank |= mail_stream_shrank(stream) != 0;
		skip(run, found->item, mail_stream_why(stream));
		return;
	}
	if (!some) {
		skip(run, found->item, "an empty file");
		return;
	}
	mail_identify(raw.bytes, raw.length, raw.cut ? raw.whole - raw.length : 0, &who);
	fingerprint = file_fingerprint(run, found, st, mail_ids_assign(run->ids, &who, id));
	origin.fingerprint = fingerprint;
	run->changed = TRUE;
	if (mail_message_put(&run->reader, &raw, &who, id, &origin) != 0) {
		run->stop = TRUE;
		return;
	}
	mail_run_tell(run, found, mail_stream_consumed(stream));
	mail_run_advance(run, raw.whole, TRUE);
}

/* A file whose ending says that it is something else (a README.txt beside the archives, Thunderbird's indexes) is no
 * mail that could not be read. Mailboxes have any name, so every other file that holds no mail is a failure. */
static gboolean is_other(const char *path)
{
	static const char *const others[] = {"txt",  "md",   "rst",  "html", "htm",  "json", "xml", "csv", "tsv",
					     "yaml", "yml",  "toml", "ini",  "conf", "log",  "pdf", "doc", "docx",
					     "odt",  "xls",  "xlsx", "ods",  "ppt",  "pptx", "rtf", "zip", "tar",
					     "jpg",  "jpeg", "png",  "gif",  "sh",   "py",   "pl",  "php", "js",
					     "css",  "db",   "msf",  "dat",  "lock", NULL};
	const char *ending = strrchr(path, '.');
	g_autofree char *folded = ending ? g_ascii_strdown(ending + 1, -1) : NULL;

	return folded && g_strv_contains(others, folded);
}

static void read_found(struct mail_run *run, struct mail_found *found)
{
	const char *why;
	struct stat st;
	struct mail_stream *stream = mail_stream_open(run->root, found->path, &st, &why);
	struct mail_mbox *mbox = stream ? mail_mbox_new(stream) : NULL;
	enum mail_look look = stream ? mail_mbox_look(mbox) : MAIL_LOOK_NOTHING;
	enum mail_format format = found->maildir ? MAIL_EML : run->wish.format;

	if (!stream) {
		skip(run, found->item, why);
		return;
	}
	if (mail_stream_why(stream) && look != MAIL_LOOK_MBOX) {
		run->shrank |= mail_stream_shrank(stream) != 0;
		skip(run, found->item, mail_stream_why(stream));
	} else if (format == MAIL_EML || (format == MAIL_AUTO && g_str_has_suffix(found->path, ".eml")) ||
		   (format == MAIL_AUTO && look == MAIL_LOOK_MESSAGE)) {
		read_file(run, found, stream, mbox, &st);
	} else if (look == MAIL_LOOK_MBOX || look == MAIL_LOOK_EMPTY) {
		mail_box_read(run, found, stream, mbox, &st);
	} else if (format == MAIL_AUTO && is_other(found->path) &&
		   !g_hash_table_contains(run->cursor.marks, found->item)) {
		run->aside++;
	} else {
		skip(run, found->item,
		     format == MAIL_MBOX ? "no mbox: it does not begin with a line \"From ...\""
					 : "no mail: neither an mbox nor a message header");
	}
	mail_mbox_free(mbox);
	mail_stream_close(stream);
}

/* Marks of files that are gone are of no use. */
static void forget_gone(struct mail_run *run)
{
	g_autoptr(GHashTable) there = g_hash_table_new(g_str_hash, g_str_equal);
	GHashTableIter iter;
	gpointer item;

	for (guint i = 0; i < run->listing.found->len; i++)
		g_hash_table_add(there, ((struct mail_found *)run->listing.found->pdata[i])->item);
	g_hash_table_iter_init(&iter, run->cursor.marks);
	while (g_hash_table_iter_next(&iter, &item, NULL))
		if (!g_hash_table_contains(there, item)) {
			g_hash_table_iter_remove(&iter);
			run->changed = TRUE;
		}
}

int mail_run(struct mail_run *run)
{
	GPtrArray *found = run->listing.found;

	if (run->listing.whole)
		forget_gone(run);
	mail_ids_on_doubt(run->ids, look_at_known, run);
	for (guint i = 0; i < found->len; i++) {
		struct mail_found *one = found->pdata[i];

		one->known = is_known(run, one);
		if (!one->known)
			run->total += (guint64)one->st.st_size;
	}
	for (guint i = 0; i < found->len && !run->stop; i++) {
		struct mail_found *one = found->pdata[i];

		if (!one->known) {
			one->done = TRUE; /* from here on it tells its ids itself */
			read_found(run, one);
			run->done += (guint64)one->st.st_size;
		}
	}
	if (run->aside)
		run->host->log(run->host, MERI_INFO, "%u files are no mail and are left aside", run->aside);
	if (!run->stop && (run->pending > 0 || run->changed))
		checkpoint(run);
	return 0;
}
