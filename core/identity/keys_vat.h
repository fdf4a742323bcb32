/* keys_vat: formats and check digits of VAT numbers, one function a country. Inner to core/identity. */
#pragma once

#include <glib.h>

/* `body`: the number without its country, upper-case letters and digits alone. NULL when it is right; else what is
 * wrong. */
const char *identity_vat_check(const char *country, const char *body);
gboolean identity_vat_country(const char *country);
