/* about: the customers that records are about, for questions. Only links count: a suggestion is no answer. */
#pragma once

#include "lookup/lookup.h"

/* struct lookup_customer * of the record, by name. */
GPtrArray *lookup_customers_of(store *s, gint64 record, GError **error);

/* Whom `customer:TEXT` means: the ids of those that fit best. What it was taken for, or that nobody fits, goes to
 * `notes`. */
GArray *lookup_customers_meant(store *s, const identity *who, const char *text, GPtrArray *notes);

/* Accounts and persons that the whole text names, by a key or nearly by their full name: row ids of their records, the
 * likeliest first. `key`: it was a key, such as a telephone number. */
GArray *lookup_records_named(store *s, const identity *who, const char *text, gboolean *key);
