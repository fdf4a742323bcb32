#include "sync/places.h"

#include <errno.h>
#include <gio/gio.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *program_folder(void)
{
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);

	return program ? g_path_get_dirname(program) : g_strdup("/usr/bin");
}

char *sync_connector_program(void)
{
	const char *named = g_getenv("MERI_CONNECTOR");
	g_autofree char *folder = program_folder();
	g_autofree char *beside = g_build_filename(folder, "meri-connector", NULL);

	if (named && *named)
		return g_strdup(named);
	if (access(beside, X_OK) == 0)
		return g_steal_pointer(&beside);
	g_autofree char *installed = g_build_filename(folder, "../lib/meri/meri-connector", NULL);

	return g_canonicalize_filename(installed, NULL);
}

char *sync_plugin_path(void)
{
	g_autofree char *folder = program_folder();
	g_autofree char *beside = g_build_filename(folder, "../plugins", NULL);
	g_autofree char *installed = g_build_filename(folder, "../lib/meri/plugins", NULL);

	return g_canonicalize_filename(g_file_test(beside, G_FILE_TEST_IS_DIR) ? beside : installed, NULL);
}

guint64 sync_peak_memory(int pid)
{
	g_autofree char *path = pid ? g_strdup_printf("/proc/%d/status", pid) : g_strdup("/proc/self/status");
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		return 0;
	const char *line = strstr(text, "VmHWM:");

	return line ? g_ascii_strtoull(line + strlen("VmHWM:") + strspn(line + strlen("VmHWM:"), " \t"), NULL, 10) << 10
		    : 0;
}

char *sync_temp_root(const char *store)
{
	return g_strconcat(store, ".tmp", NULL);
}

char *sync_temp_new(const char *root, GError **error)
{
	g_autofree char *path = g_build_filename(root, "run-XXXXXX", NULL);

	if (g_mkdir_with_parents(root, 0700) == 0 && g_mkdtemp(path))
		return g_steal_pointer(&path);
	g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "no folder for temporary files in %s: %s", root,
		    g_strerror(errno));
	return NULL;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	remove(path);
	return 0;
}

void sync_temp_remove(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
