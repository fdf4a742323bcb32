/* tables: identity's own tables, as one step of the store's migrations (core/store/schema.c runs it). */
#pragma once

extern const char identity_tables[];
