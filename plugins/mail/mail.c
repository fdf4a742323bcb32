/* mail: a connector for mail that lies in files: mbox (plain, gzip, Zstandard), Maildir, and folders of single
 * messages. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "run.h"

static const struct meri_option OPTIONS[] = {
	{.name = "path", .kind = MERI_PATH, .required = 1, .help = "An mbox, a Maildir, or a folder that holds such."},
	{.name = "format",
	 .kind = MERI_CHOICE,
	 .initial = "auto",
	 .choices = "auto mbox maildir eml",
	 .help = "What the files are: auto looks at each; eml means that every file is one message."},
	{.name = "folders",
	 .kind = MERI_LIST,
	 .help = "Only these mail folders and what is below them, by name or pattern (INBOX, Sent, Customers/*)."},
	{.name = "exclude",
	 .kind = MERI_LIST,
	 .help = "Not these mail folders (Trash, Junk, Drafts), by name or pattern."},
	{.name = "attachments",
	 .kind = MERI_SWITCH,
	 .initial = "yes",
	 .help = "Whether the text of attachments is read; their names are kept in any case."},
	{0},
};

/* Opens what the path names: a folder, or AT_FDCWD for a file, beside which nothing is looked at. -1 with errno set. */
static int open_root(const char *path, struct stat *st)
{
	if (stat(path, st) != 0)
		return -1;
	if (S_ISREG(st->st_mode))
		return AT_FDCWD;
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void close_root(int root)
{
	if (root >= 0)
		close(root);
}

static char **list_option(const struct meri_host *host, const char *name)
{
	const char *value = host->option(host, name);

	return value && *value ? g_strsplit(value, "\n", -1) : NULL;
}

static enum mail_format format_option(const struct meri_host *host)
{
	static const char *const names[] = {"auto", "mbox", "maildir", "eml"};
	const char *value = host->option(host, "format");

	for (int i = 0; value && i < 4; i++)
		if (strcmp(value, names[i]) == 0)
			return (enum mail_format)i;
	return MAIL_AUTO;
}

static int no_path(const struct meri_host *host, const char *path)
{
	int error = errno;

	return host->fail(host, error == EACCES ? MERI_AUTH : MERI_CONFIG, 0, "path: cannot open %s: %s", path,
			  strerror(error));
}

static int check(const struct meri_host *host)
{
	const char *path = host->option(host, "path"), *why = NULL;
	struct mail_stream *stream;
	struct stat st;
	int root = open_root(path ? path : "", &st);

	if (root == -1)
		return no_path(host, path ? path : "(none)");
	if (root == AT_FDCWD) {
		stream = mail_stream_open(root, path, &st, &why);
		mail_stream_close(stream);
		if (!stream)
			return host->fail(host, MERI_CONFIG, 0, "path: cannot read %s: %s", path, why);
	}
	close_root(root);
	return 0;
}

static void list_failed(void *context, const char *path, const char *why)
{
	struct mail_run *run = context;

	if (run->host->skip(run->host, path, why) != 0)
		run->stop = TRUE;
}

static void load_cursor(struct mail_run *run)
{
	const char *text = run->host->cursor(run->host);

	mail_cursor_init(&run->cursor);
	if (text && !mail_cursor_parse(&run->cursor, text))
		run->host->log(run->host, MERI_WARNING,
			       "what was kept from the last run cannot be read; everything is read again");
	/* With a cursor there must be a filter; without one every id is in doubt. */
	if (!mail_ids_load(run->ids, text ? (run->cursor.filter ? run->cursor.filter : "?") : NULL))
		run->host->log(run->host, MERI_DEBUG,
			       "no filter of ids: mail that is known is looked through for its ids");
}

static void report(struct mail_run *run)
{
	const struct mail_listing *l = &run->listing;

	if (l->links)
		run->host->log(run->host, MERI_INFO, "%u links were not followed", l->links);
	if (l->ignored)
		run->host->log(run->host, MERI_INFO,
			       "%u files and folders that mail programs keep for themselves were passed over",
			       l->ignored);
	if (l->excluded)
		run->host->log(run->host, MERI_INFO, "%u files and folders are left out by the settings", l->excluded);
}

static int go(struct mail_run *run, const char *path, const struct stat *st)
{
	const struct meri_host *host = run->host;

	if (run->root == AT_FDCWD)
		mail_folder_one(path, st, &run->listing);
	else
		mail_folder_list(run->root, &run->wish, &run->listing, list_failed, run);
	load_cursor(run);
	mail_run(run);
	report(run);
	if (run->stop)
		return 0;
	if (run->shrank)
		return host->fail(host, MERI_TRANSIENT, 0, "a mailbox was being rewritten while it was read");
	if (run->listing.whole)
		host->complete(host);
	return 0;
}

static int sync_all(const struct meri_host *host)
{
	struct mail_run run = {.host = host};
	const char *path = host->option(host, "path");
	const char *attachments = host->option(host, "attachments");
	struct stat st;
	int result;

	run.root = open_root(path ? path : "", &st);
	if (run.root == -1)
		return no_path(host, path ? path : "(none)");
	if (sodium_init() < 0) {
		close_root(run.root);
		return host->fail(host, MERI_BUG, 0, "libsodium does not start");
	}
	run.wish = (struct mail_wish){format_option(host), list_option(host, "folders"), list_option(host, "exclude")};
	/* The number goes up when a new version reads more out of the same mail. */
	run.way = attachments && strcmp(attachments, "0") == 0 ? "1-" : "1";
	run.ids = mail_ids_new();
	mail_reader_init(&run.reader, host);
	run.reader.attachments = !attachments || strcmp(attachments, "0") != 0;
	result = go(&run, path, &st);
	mail_reader_clear(&run.reader);
	mail_ids_free(run.ids);
	mail_cursor_clear(&run.cursor);
	mail_listing_clear(&run.listing);
	g_strfreev(run.wish.folders);
	g_strfreev(run.wish.exclude);
	close_root(run.root);
	return result;
}

MERI_CONNECTOR("mail", "Mail in files: mbox (also .gz and .zst), Maildir, single messages", OPTIONS, check, sync_all);
