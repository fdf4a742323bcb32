#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

#include "stream.h"

static const int DEPTH_MAX = 40;

struct listing_run {
	const struct mail_wish *wish;
	struct mail_listing *out;
	GHashTable *items; /* of Maildir messages: item -> how many */
	void (*failed)(void *, const char *, const char *);
	void *context;
	int root;
};

static void free_found(gpointer data)
{
	struct mail_found *found = data;

	g_free(found->path);
	g_free(found->item);
	g_free(found->folder);
	g_free(found);
}

void mail_listing_clear(struct mail_listing *listing)
{
	g_clear_pointer(&listing->found, g_ptr_array_unref);
}

char *mail_folder_name(const char *name)
{
	GString *out = g_string_new(NULL);
	const char *at = name, *bad;

	for (; *at; at++) {
		gboolean valid = g_utf8_validate(at, -1, &bad) || bad > at;

		if (!valid || (unsigned char)*at < ' ' || *at == 127 || *at == '%') {
			g_string_append_printf(out, "%%%02X", (unsigned char)*at);
			continue;
		}
		for (const char *next = g_utf8_next_char(at); at < next - 1; at++)
			g_string_append_c(out, *at);
		g_string_append_c(out, *at);
	}
	return g_string_free(out, FALSE);
}

static gboolean plain_name(const char *name)
{
	for (; *name; name++)
		if ((unsigned char)*name <= ' ' || (unsigned char)*name >= 127 || *name == '%')
			return FALSE;
	return TRUE;
}

static char *item_name(const char *name)
{
	return plain_name(name) ? g_strdup(name) : mail_folder_name(name);
}

/* "Sent" also means what is below it. */
static gboolean matches(char **patterns, const char *name)
{
	for (; patterns && *patterns; patterns++)
		if (fnmatch(*patterns, name, FNM_CASEFOLD | FNM_LEADING_DIR) == 0)
			return TRUE;
	return FALSE;
}

static gboolean wanted(struct listing_run *r, const char *folder, const char *path)
{
	if (r->wish->folders && *r->wish->folders && !matches(r->wish->folders, folder) &&
	    !matches(r->wish->folders, path))
		return FALSE;
	return !matches(r->wish->exclude, folder) && !matches(r->wish->exclude, path);
}

/* ".Sent.2024" of Maildir++ is "Sent/2024"; names there are in IMAP's UTF-7. */
static char *folder_name(const char *parent, const char *name)
{
	g_autofree char *dots = g_strdup(*name == '.' ? name + 1 : name), *decoded = NULL, *clean = NULL;

	if (*name == '.' &&
	    g_str_has_suffix(dots, ".directory")) /* KMail keeps what is below "Work" in ".Work.directory" */
		dots[strlen(dots) - strlen(".directory")] = '\0';
	else if (*name == '.')
		g_strdelimit(dots, ".", '/');
	if (strchr(dots, '&'))
		decoded = g_convert(dots, -1, "UTF-8", "UTF-7-IMAP", NULL, NULL, NULL);
	clean = item_name(decoded ? decoded : dots);
	return *parent && strcmp(parent, "INBOX") != 0 ? g_strdup_printf("%s/%s", parent, clean)
						       : g_steal_pointer(&clean);
}

/* An mbox is a folder itself: its path without the endings that say how it is kept. */
static char *box_name(const char *path)
{
	static const char *const endings[] = {".gz", ".zst", ".mbox", ".mbx", ".mboxrd", NULL};
	g_autofree char *name = mail_folder_name(path);
	g_auto(GStrv) parts = NULL;

	if (g_str_has_suffix(name, ".mbox/mbox")) /* Apple's */
		name[strlen(name) - strlen("/mbox")] = '\0';
	for (int i = 0; endings[i]; i++)
		if (g_str_has_suffix(name, endings[i]) && strlen(name) > strlen(endings[i]))
			name[strlen(name) - strlen(endings[i])] = '\0';
	parts = g_strsplit(name, ".sbd/", -1); /* Thunderbird keeps what is below "Work" in "Work.sbd" */
	return g_strjoinv("/", parts);
}

static void add(struct mail_listing *out, char *path, char *item, char *folder, const struct stat *st, gboolean maildir)
{
	struct mail_found *found = g_new0(struct mail_found, 1);

	found->path = path;
	found->item = item;
	found->folder = folder;
	found->st = *st;
	found->maildir = maildir;
	g_ptr_array_add(out->found, found);
}

void mail_folder_one(const char *path, const struct stat *st, struct mail_listing *out)
{
	g_autofree char *name = g_path_get_basename(path);

	*out = (struct mail_listing){.found = g_ptr_array_new_with_free_func(free_found), .whole = TRUE};
	add(out, g_strdup(path), item_name(name), box_name(name), st, FALSE);
}

static char *join(const char *path, const char *name)
{
	return *path ? g_strdup_printf("%s/%s", path, name) : g_strdup(name);
}

static gboolean is_dir(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

static gboolean is_maildir(int dir)
{
	return is_dir(dir, "cur") + is_dir(dir, "new") + is_dir(dir, "tmp") >= 2 &&
	       (is_dir(dir, "cur") || is_dir(dir, "new"));
}

/* Beside the mail, mail programs keep indexes and notes of their own. */
static gboolean is_clutter(const char *name)
{
	static const char *const patterns[] = {".*",      "*.msf",         "dovecot*",      "Thumbs.db", "desktop.ini",
					       "*.lock",  "maildirfolder", "subscriptions", "*.idx",     "courier*",
					       "*.cmeta", "*.ibex*",       "*.ev-summary*", "*~",        "folders.xml",
					       NULL};

	for (int i = 0; patterns[i]; i++)
		if (fnmatch(patterns[i], name, 0) == 0)
			return TRUE;
	return FALSE;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, sorted so that every run meets them in the same order. NULL with errno set. */
static GPtrArray *names_in(int dir)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	GPtrArray *names;
	struct dirent *entry;

	if (!stream) {
		if (copy >= 0)
			close(copy);
		return NULL;
	}
	names = g_ptr_array_new_with_free_func(g_free);
	errno = 0;
	while ((entry = readdir(stream)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			g_ptr_array_add(names, g_strdup(entry->d_name));
	if (errno != 0)
		g_clear_pointer(&names, g_ptr_array_unref);
	closedir(stream);
	if (names)
		g_ptr_array_sort(names, by_name);
	return names;
}

static void list_failed(struct listing_run *r, const char *path)
{
	g_autofree char *name = mail_folder_name(*path ? path : ".");

	r->out->whole = FALSE;
	r->failed(r->context, name, errno == ELOOP ? "became a link; links are not followed" : strerror(errno));
}

/* The part of a Maildir name before the flags. Where a file system cannot have colons, ";" or "!" stands for it. */
static size_t unique_length(const char *name)
{
	size_t n = strcspn(name, ":");
	const char *other = name[n] ? NULL : strstr(name, ";2,");

	if (!name[n] && !other)
		other = strstr(name, "!2,");
	return other ? (size_t)(other - name) : n;
}

/* Of a message file in a Maildir: what stays when flags change, numbered where copies share it. */
static char *maildir_item(struct listing_run *r, const char *name)
{
	g_autofree char *unique = g_strndup(name, unique_length(name));
	char *item = item_name(unique);
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(r->items, item)) + 1;

	g_hash_table_insert(r->items, g_strdup(item), GUINT_TO_POINTER(n));
	if (n > 1) {
		char *numbered = g_strdup_printf("%s#%u", item, n);

		g_free(item);
		return numbered;
	}
	return item;
}

static void list_messages(struct listing_run *r, int dir, const char *path, const char *sub, const char *folder)
{
	int fd = openat(dir, sub, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	g_autofree char *below = join(path, sub);
	g_autoptr(GPtrArray) names = fd < 0 ? NULL : names_in(fd);

	if (!names && !(fd < 0 && errno == ENOENT))
		list_failed(r, below);
	for (guint i = 0; names && i < names->len; i++) {
		const char *name = names->pdata[i];
		struct stat st;

		if (*name == '.' || fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue; /* gone meanwhile: moved or deleted; the next run will tell */
		if (S_ISLNK(st.st_mode))
			r->out->links++;
		else if (S_ISREG(st.st_mode))
			add(r->out, join(below, name), maildir_item(r, name), g_strdup(folder), &st, TRUE);
	}
	if (fd >= 0)
		close(fd);
}

static void list(struct listing_run *r, int dir, const char *path, const char *folder, int depth);

static void list_sub(struct listing_run *r, int dir, const char *path, const char *name, const char *folder, int depth)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	g_autofree char *below = join(path, name), *called = folder_name(folder, name);

	if (fd < 0) {
		list_failed(r, below);
		return;
	}
	/* Hidden folders are mail only as Maildir++ and KMail have them. */
	if (*name == '.' && !g_str_has_suffix(name, ".directory") && !is_maildir(fd))
		r->out->ignored++;
	else if (depth < DEPTH_MAX)
		list(r, fd, below, called, depth + 1);
	else
		r->failed(r->context, below, "nested too deeply"), r->out->whole = FALSE;
	close(fd);
}

static void list(struct listing_run *r, int dir, const char *path, const char *folder, int depth)
{
	gboolean maildir = (r->wish->format == MAIL_AUTO || r->wish->format == MAIL_MAILDIR) && is_maildir(dir);
	g_autofree char *called = g_strdup(maildir && !*folder ? "INBOX" : folder);
	g_autoptr(GPtrArray) names = names_in(dir);

	if (!names) {
		list_failed(r, path);
		return;
	}
	if (maildir && wanted(r, called, path)) {
		list_messages(r, dir, path, "cur", called);
		list_messages(r, dir, path, "new", called);
	} else if (maildir) {
		r->out->excluded++;
	}
	for (guint i = 0; i < names->len; i++) {
		const char *name = names->pdata[i];
		struct stat st;

		if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (S_ISLNK(st.st_mode)) {
			r->out->links++;
		} else if (S_ISDIR(st.st_mode)) {
			if (!maildir ||
			    (strcmp(name, "cur") != 0 && strcmp(name, "new") != 0 && strcmp(name, "tmp") != 0))
				list_sub(r, dir, path, name, called, depth);
		} else if (S_ISREG(st.st_mode) && !maildir && r->wish->format != MAIL_MAILDIR) {
			g_autofree char *file = join(path, name), *box = box_name(file);

			if (r->wish->format == MAIL_AUTO && is_clutter(name))
				r->out->ignored++;
			else if (!wanted(r, box, file))
				r->out->excluded++;
			else
				add(r->out, g_strdup(file), item_name(file), g_steal_pointer(&box), &st, FALSE);
		}
	}
}

static int by_path(const void *a, const void *b)
{
	const struct mail_found *const *x = a, *const *y = b;

	return strcmp((*x)->path, (*y)->path);
}

void mail_folder_list(int root, const struct mail_wish *wish, struct mail_listing *out,
		      void (*failed)(void *context, const char *path, const char *why), void *context)
{
	struct listing_run run = {.wish = wish, .out = out, .failed = failed, .context = context, .root = root};

	*out = (struct mail_listing){.found = g_ptr_array_new_with_free_func(free_found), .whole = TRUE};
	run.items = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	list(&run, root, "", "", 0);
	g_hash_table_unref(run.items);
	g_ptr_array_sort(out->found, by_path);
}
