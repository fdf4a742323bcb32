#include "identity_fill.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>

void identity_fill_need(gboolean ok, GError *error)
{
	if (ok)
		return;
	fprintf(stderr, "%s: %s\n", g_get_prgname(), error != NULL ? error->message : "failed");
	exit(1);
}

void identity_fill_begin(struct identity_fill *fill)
{
	GError *error = NULL;
	identity_fill_need(store_begin(fill->s, &error), error);
}

void identity_fill_commit(struct identity_fill *fill)
{
	GError *error = NULL;
	identity_fill_need(store_commit(fill->s, &error), error);
}

gint64 identity_fill_put(struct identity_fill *fill, guint source, const struct meri_record *record)
{
	GError *error = NULL;
	enum store_change change;
	gint64 row = 0;
	identity_fill_need(store_put(fill->s, fill->source[source], fill->run[source], record, &change, &row, &error),
			   error);
	if (fill->i != NULL && change != STORE_SAME)
		identity_fill_need(identity_resolve(fill->i, fill->s, row, record, &error), error);
	return row;
}

void identity_fill_open(struct identity_fill *fill, const char *folder, const char *name, const char *language,
			const struct identity_settings *settings, const char *const *sources, guint n)
{
	GError *error = NULL;
	g_autofree char *path = g_build_filename(folder, name, NULL);
	*fill = (struct identity_fill){.s = store_open(path, STORE_WRITE, language, &error)};
	identity_fill_need(fill->s != NULL, error);
	fill->i = settings != NULL ? identity_new(settings) : NULL;
	identity_fill_begin(fill);
	for (guint k = 0; k < n; k++)
		identity_fill_need(store_source_ensure(fill->s, sources[k], "bench", &fill->source[k], &error) &&
					   store_run_begin(fill->s, fill->source[k], 1, &fill->run[k], &error),
				   error);
	identity_fill_commit(fill);
}

void identity_fill_close(struct identity_fill *fill)
{
	identity_free(fill->i);
	store_close(fill->s);
}

char *identity_fill_folder(void)
{
	GError *error = NULL;
	char *folder = g_dir_make_tmp("meri-bench-XXXXXX", &error);
	identity_fill_need(folder != NULL, error);
	return folder;
}

void identity_fill_remove(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	for (const char *name; dir != NULL && (name = g_dir_read_name(dir)) != NULL;) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_unlink(path);
	}
	if (dir != NULL)
		g_dir_close(dir);
	g_rmdir(folder);
}
