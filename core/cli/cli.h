/* cli: the command `meri`. Speaks the daemon's HTTP API over its Unix socket and knows nothing else of the hub. A
 * command gets its words and returns the exit status: 0 good, 1 it did not work, 2 the call was wrong, 3 partial. What
 * goes wrong is one line on stderr. */
#pragma once

#include <glib.h>
#include <jansson.h>
#include <stdio.h>

enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2, CLI_PARTIAL = 3 };

struct cli {
	const char *socket;
	gboolean json;
	gboolean colour; /* stdout is a terminal that wants it */
	guint width;     /* of the terminal, in columns */
};

typedef int (*cli_command)(struct cli *cli, int n, char **words); /* words: without the command's own name */
int cli_find(struct cli *cli, int n, char **words);
int cli_show(struct cli *cli, int n, char **words);
int cli_sync(struct cli *cli, int n, char **words);
int cli_source(struct cli *cli, int n, char **words);
int cli_connector(struct cli *cli, int n, char **words);
int cli_customer(struct cli *cli, int n, char **words);
int cli_note(struct cli *cli, int n, char **words);
int cli_status(struct cli *cli, int n, char **words);
int cli_user(struct cli *cli, int n, char **words);
int cli_token(struct cli *cli, int n, char **words);
int cli_audit(struct cli *cli, int n, char **words);

/* ---- client.c ---- */

/* Asks the daemon. `body` (borrowed, may be NULL) is sent as JSON. NULL when it did not answer, or answered with a
 * problem; the reason has been printed then, and *status (may be NULL) is the HTTP status, 0 if there was no reply. */
json_t *cli_get(struct cli *cli, const char *path, long *status);
json_t *cli_post(struct cli *cli, const char *path, json_t *body, long *status);
json_t *cli_send(struct cli *cli, const char *method, const char *path, json_t *body, long *status);
/* A path out of a format whose strings are escaped one by one: cli_path("/api/v1/sources/%s/runs", name). */
char *cli_path(const char *format, const char *part);

/* ---- customer.c ---- */

/* The one customer that the text means; 0, with the choices on stderr, if that is not clear. */
gint64 cli_meant(struct cli *cli, const char *text);

/* ---- words.c ---- */

enum cli_kind { CLI_FLAG, CLI_VALUE, CLI_LIST };

/* An option of a command, and where it goes: a gboolean, a const char * (borrowed), or a json_t * array that is made
 * when the first comes. */
struct cli_option {
	const char *name; /* "--json" */
	enum cli_kind kind;
	void *to;
};

/* Sorts a command's words: options to their places (--name VALUE, --name=VALUE), the rest into `plain` (borrowed
 * strings). FALSE when one is wrong, which has been said then. */
gboolean cli_words(const char *command, int n, char **words, const struct cli_option *options, gsize n_options,
		   GPtrArray *plain);

/* ---- term.c ---- */

enum cli_style { CLI_PLAIN, CLI_BOLD, CLI_DIM, CLI_MARK, CLI_GOOD, CLI_WARN, CLI_BAD };
const char *cli_style(const struct cli *cli, enum cli_style style); /* escape sequence, or "" */
void cli_error(const char *format, ...) G_GNUC_PRINTF(1, 2);
guint cli_columns(const char *text);            /* that the text takes on a terminal */
char *cli_fit(const char *text, guint columns); /* cut with an ellipsis, or filled with blanks, to exactly that */
const char *cli_text(const json_t *object, const char *key); /* "" if absent or null; control characters are harmless */
gint64 cli_number(const json_t *object, const char *key);
gboolean cli_builtin(const json_t *source);              /* the hub's own source of notes, which nobody reads in */
char *cli_day(const json_t *object, const char *key);    /* 2026-03-01; "" if not known */
char *cli_moment(const json_t *object, const char *key); /* 2026-03-01 12:30 here */
char *cli_count(gint64 number);                          /* 12,345 */
void cli_print_json(const json_t *value);
/* Rows of cells as aligned columns; the first row is the head. Cells are consumed. `right`: a mask of columns to align
 * right. */
void cli_table(const struct cli *cli, GPtrArray *cells, guint columns, guint32 right);
