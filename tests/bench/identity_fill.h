/* identity_fill: a store that a bench fills with records, with or without knowing whom they are about. A failure ends
 * the program with a message. */
#pragma once

#include "identity/identity.h"

#define IDENTITY_FILL_SOURCES 4

struct identity_fill {
	store *s;
	identity *i; /* NULL: without */
	gint64 source[IDENTITY_FILL_SOURCES], run[IDENTITY_FILL_SOURCES];
};

/* Makes the store `folder`/`name` with these sources (up to four). `settings` NULL: without identity. */
void identity_fill_open(struct identity_fill *fill, const char *folder, const char *name, const char *language,
			const struct identity_settings *settings, const char *const *sources, guint n);
void identity_fill_close(struct identity_fill *fill);
void identity_fill_begin(struct identity_fill *fill);
void identity_fill_commit(struct identity_fill *fill);
/* Its row. */
gint64 identity_fill_put(struct identity_fill *fill, guint source, const struct meri_record *record);

/* A folder for it, and away with it and the files in it. */
char *identity_fill_folder(void);
void identity_fill_remove(const char *folder);

void identity_fill_need(gboolean ok, GError *error);
