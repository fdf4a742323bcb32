/* preset_tables: the data that preset.c looks things up in. Nobody else needs it. */
#ifndef CRM_PRESET_TABLES_H
#define CRM_PRESET_TABLES_H

#include "preset.h"

extern const struct preset preset_tables[];
extern const size_t preset_n_tables;
extern const char preset_common[]; /* "header:role ..." for tables that say nothing of a header */

#endif
