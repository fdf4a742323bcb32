#include <sodium.h>
#include <string.h>

#include "run.h"
#include "threads.h"

static const guint64 STRIDE = 4 << 20;      /* bytes of an mbox between two fingerprints, */
static const guint64 STRIDE_MESSAGES = 500; /* or messages */

static void identify(const struct mail_raw *raw, struct mail_identity *who)
{
	mail_identify(raw->bytes, raw->length, raw->cut ? raw->whole - raw->length : 0, who);
}

static void count_in(struct mail_mark *mark, const struct mail_identity *who)
{
	guint8 both[32];

	memcpy(both, mark->digest, 16);
	memcpy(both + 16, who->hash, 16);
	crypto_generichash(mark->digest, sizeof(mark->digest), both, sizeof(both), NULL, 0);
	mark->count++;
}

/* Passes over as many messages as the mark counts, and sees whether they are the same. Their keys go to `keys`, their
 * threads to `threads`, which may be NULL. */
static gboolean same_beginning(struct mail_mbox *mbox, const struct mail_mark *mark, GArray *keys,
			       struct mail_threads *threads)
{
	struct mail_mark now = {0};
	struct mail_raw raw;

	while (now.count < mark->count) {
		struct mail_identity who;
		struct mail_key key;

		if (!mail_mbox_next(mbox, &raw))
			return FALSE;
		identify(&raw, &who);
		count_in(&now, &who);
		key = mail_ids_key(&who);
		g_array_append_val(keys, key);
		if (threads)
			mail_threads_join(threads, &who);
	}
	return memcmp(now.digest, mark->digest, sizeof(now.digest)) == 0;
}

static void take(struct mail_run *run, const GArray *keys)
{
	for (guint i = 0; i < keys->len; i++)
		mail_ids_taken(run->ids, &g_array_index(keys, struct mail_key, i), -1);
}

void mail_box_take_ids(struct mail_run *run, struct mail_found *found)
{
	const struct mail_mark *mark = g_hash_table_lookup(run->cursor.marks, found->item);
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(struct mail_key));
	const char *why;
	struct stat st;
	struct mail_stream *stream = mark ? mail_stream_open(run->root, found->path, &st, &why) : NULL;
	struct mail_mbox *mbox;

	if (!stream)
		return;
	mbox = mail_mbox_new(stream);
	mail_mbox_look(mbox);
	if (same_beginning(mbox, mark, keys, NULL)) {
		take(run, keys);
		found->prefix_known = TRUE;
	}
	mail_mbox_free(mbox);
	mail_stream_close(stream);
}

/* Where the last run stopped, if that can be believed: `mbox` then stands there. */
static gboolean resume(struct mail_run *run, struct mail_found *found, struct mail_mbox *mbox,
		       const struct mail_mark *mark, struct mail_threads *threads)
{
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(struct mail_key));
	g_autofree char *fingerprint = mail_mark_fingerprint(mark, run->way);

	if (!same_beginning(mbox, mark, keys, threads) || !run->host->unchanged(run->host, found->item, fingerprint))
		return FALSE;
	if (!found->prefix_known)
		take(run, keys);
	return TRUE;
}

/* Fingerprints stand where the mbox alone decides, so that a run after a kill sets the same ones. */
static gboolean due(const struct mail_mark *mark, const struct mail_raw *raw)
{
	return raw->last || mark->count % STRIDE_MESSAGES == 0 || raw->start / STRIDE != raw->end / STRIDE;
}

static void read_on(struct mail_run *run, struct mail_found *found, struct mail_stream *stream, struct mail_mbox *mbox,
		    struct mail_mark *mark, struct mail_threads *threads)
{
	struct mail_raw raw;

	while (!run->stop && mail_mbox_next(mbox, &raw)) {
		struct mail_identity who;
		struct mail_mark before = *mark;
		char id[MAIL_RECORD_ID_MAX + 1];
		g_autofree char *fingerprint = NULL, *name = NULL;
		struct mail_origin origin = {.item = found->item, .folder = found->folder};
		gboolean mile;

		if (raw.last && mail_stream_why(stream))
			break; /* half a message: not before the file is whole */
		identify(&raw, &who);
		count_in(mark, &who);
		mile = due(mark, &raw);
		if (mile)
			fingerprint = mail_mark_fingerprint(mark, run->way);
		name = g_strdup_printf("%s, message %" G_GUINT64_FORMAT, found->item, mark->count);
		origin.fingerprint = fingerprint;
		origin.name = name;
		origin.thread = mail_threads_join(threads, &who);
		mail_ids_assign(run->ids, &who, id);
		if (mail_message_put(&run->reader, &raw, &who, id, &origin) != 0) {
			*mark = before;
			run->stop = TRUE;
			return;
		}
		mail_run_tell(run, found, mail_stream_consumed(stream));
		mail_run_advance(run, raw.end - raw.start, mile && !raw.last);
	}
}

void mail_box_read(struct mail_run *run, struct mail_found *found, struct mail_stream *stream, struct mail_mbox *mbox,
		   const struct stat *st)
{
	struct mail_mark *mark = g_hash_table_lookup(run->cursor.marks, found->item);
	struct mail_threads *threads = mail_threads_new();

	if (!mark) {
		mark = g_new0(struct mail_mark, 1);
		g_hash_table_insert(run->cursor.marks, g_strdup(found->item), mark);
	} else if (mark->count > 0 && !resume(run, found, mbox, mark, threads)) {
		mark->count = 0;
	}
	run->changed = TRUE;
	if (mark->count == 0) {
		memset(mark, 0, sizeof(*mark));
		mail_mbox_restart(mbox);
		mail_threads_free(threads);
		threads = mail_threads_new();
	}
	mark->whole = FALSE;
	read_on(run, found, stream, mbox, mark, threads);
	mail_threads_free(threads);
	if (run->stop)
		return;
	if (mail_stream_shrank(stream)) {
		run->shrank = TRUE;
	} else if (!mail_stream_why(stream)) {
		mark->size = (guint64)st->st_size;
		mark->inode = (guint64)st->st_ino;
		mark->mtime = mail_mtime(st);
		mark->whole = TRUE;
	}
	if (mail_stream_why(stream) && run->host->skip(run->host, found->item, mail_stream_why(stream)) != 0)
		run->stop = TRUE;
	mail_run_advance(run, 0, TRUE);
}
