/* The words of a command. */
#include "cli/cli.h"

#include <string.h>

static const struct cli_option *option_of(const struct cli_option *options, gsize n, const char *word)
{
	gsize length = strcspn(word, "=");
	for (gsize i = 0; i < n; i++)
		if (strlen(options[i].name) == length && !strncmp(options[i].name, word, length))
			return &options[i];
	return NULL;
}

static void set_value(const struct cli_option *option, const char *value)
{
	if (option->kind == CLI_VALUE) {
		*(const char **)option->to = value;
		return;
	}
	json_t **list = option->to;
	if (!*list)
		*list = json_array();
	json_array_append_new(*list, json_string(value));
}

gboolean cli_words(const char *command, int n, char **words, const struct cli_option *options, gsize n_options,
		   GPtrArray *plain)
{
	for (int i = 0; i < n; i++) {
		const struct cli_option *option = option_of(options, n_options, words[i]);
		const char *value = strchr(words[i], '=');
		if (words[i][0] != '-' || !words[i][1]) {
			g_ptr_array_add(plain, words[i]);
		} else if (!option || (option->kind == CLI_FLAG && value)) {
			cli_error("%s: there is no option %s (meri --help)", command, words[i]);
			return FALSE;
		} else if (option->kind == CLI_FLAG) {
			*(gboolean *)option->to = TRUE;
		} else if (value) {
			set_value(option, value + 1);
		} else if (i + 1 < n) {
			set_value(option, words[++i]);
		} else {
			cli_error("%s: %s wants a value after it", command, words[i]);
			return FALSE;
		}
	}
	return TRUE;
}
