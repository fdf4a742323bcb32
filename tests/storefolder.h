/* The folder of a test's store, for tests and fuzz targets alike. */
#pragma once

#include <glib/gstdio.h>

/* Removes meri.db, what SQLite and the store keep beside it, and the folder. */
static inline void store_folder_remove(const char *folder)
{
	static const char *const names[] = {"meri.db", "meri.db-wal", "meri.db-shm", "meri.db.lock"};
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(folder, names[i], NULL);
		g_unlink(path);
	}
	g_rmdir(folder);
}
