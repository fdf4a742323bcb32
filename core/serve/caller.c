#include "serve/caller.h"

#include <string.h>

void serve_caller_free(struct serve_caller *caller)
{
	if (!caller)
		return;
	g_free(caller->name);
	g_free(caller->full_name);
	g_free(caller->email);
	g_strfreev(caller->teams);
	g_free(caller->csrf);
	g_free(caller->address);
	g_free(caller->session);
	g_free(caller);
}

const char *serve_via_word(enum serve_via via)
{
	static const char *const words[] = {"nobody", "socket", "session", "token", "proxy"};
	return words[via];
}

gboolean serve_may_read(const struct serve_caller *caller, char *const *readers)
{
	if (caller->admin || !readers)
		return TRUE;
	for (guint i = 0; readers[i]; i++)
		for (guint k = 0; caller->teams[k]; k++) {
			g_autofree char *a = g_utf8_casefold(readers[i], -1),
					*b = g_utf8_casefold(caller->teams[k], -1);
			if (!strcmp(a, b))
				return TRUE;
		}
	return FALSE;
}
