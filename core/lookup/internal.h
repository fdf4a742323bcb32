/* lookup/internal: what the files of core/lookup share. */
#pragma once

#include "lookup/lookup.h"

/* A statement with one parameter, the record's id, whose columns lookup_hit_read reads; the last is the text. */
extern const char lookup_hit_columns[];
void lookup_hit_read(sqlite3_stmt *statement, struct lookup_hit *hit);
void lookup_hit_clear(struct lookup_hit *hit);
