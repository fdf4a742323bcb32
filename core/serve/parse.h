/* parse: what the headers of a request say. Pure functions over text that anybody may have sent; what is malformed is
 * as if it were absent. */
#pragma once

#include <glib.h>

/* The value of a cookie; NULL if there is none of that name. Of several the first. */
char *serve_parse_cookie(const char *header, const char *name);
/* The secret in "Bearer SECRET"; NULL if it is no such thing. Borrowed from the header. */
const char *serve_parse_bearer(const char *header);
/* Does Accept-Encoding want gzip (a q of 0 does not)? */
gboolean serve_parse_gzip(const char *accept_encoding);
/* Does If-None-Match name the tag ("..." or W/"..."), weakly compared; or anything ("*")? */
gboolean serve_parse_matches(const char *if_none_match, const char *etag);
gboolean serve_parse_is_address(const char *text); /* IPv4 or IPv6, without brackets, port or zone */
/* The host of a Host header or of an address: without port and brackets, in lower case. NULL if it is none. */
char *serve_parse_host(const char *header);
/* Host and port of `listen`: 127.0.0.1:8470, [::1]:8470, localhost:8470. FALSE if it is none. */
gboolean serve_parse_listen(const char *text, char **host, char **port);
/* The last of the addresses in X-Forwarded-For, which is the one that our own proxy saw; NULL if it is none. */
char *serve_parse_forwarded(const char *header);
/* An address as a key to count by: IPv6 by its first 64 bits, for whoever has one has them all. */
char *serve_parse_network(const char *address);
/* Percent signs undone in place, as MHD wants it: never longer than before. What would be NUL or no UTF-8 becomes '?'.
 * The new length. */
gsize serve_parse_unescape(char *text);
