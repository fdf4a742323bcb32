#include "analyser.h"

#include <string.h>

/* FTS5's interface: a tokenizer object for each table, all made out of one context for each connection. */
struct context {
	char *language;
	text_analyser *analyser; /* made when it is first needed: a connection that never asks pays nothing */
};

static int create(void *context, const char **arguments, int count, Fts5Tokenizer **made)
{
	(void)arguments;
	(void)count;
	*made = (Fts5Tokenizer *)context;
	return SQLITE_OK;
}

static void dispose(Fts5Tokenizer *tokenizer)
{
	(void)tokenizer; /* the connection owns it */
}

struct relay {
	int (*token)(void *, int, const char *, int, int, int);
	void *context;
};

static int relay(const struct text_token *token, void *user)
{
	struct relay *r = user;
	return r->token(r->context, token->colocated ? FTS5_TOKEN_COLOCATED : 0, token->term, (int)token->length,
			(int)token->start, (int)token->end);
}

/* Index terms as they are, each behind its byte: any of them, at one place. */
static int verbatim(const struct relay *r, const char *text, int length)
{
	gboolean first = TRUE;
	for (int at = 0; at < length;) {
		int begin = ++at;
		while (at < length && text[at] != TEXT_VERBATIM)
			at++;
		if (at == begin)
			continue;
		int stop = r->token(r->context, first ? 0 : FTS5_TOKEN_COLOCATED, text + begin, at - begin, 0, length);
		first = FALSE;
		if (stop != SQLITE_OK)
			return stop;
	}
	return SQLITE_OK;
}

/* What a plain string of a query asks for: not the parts of compounds. */
static int relay_query(const struct text_token *token, void *user)
{
	return token->kind == TEXT_PART ? 0 : relay(token, user);
}

static int tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int length,
		    int (*token)(void *, int, const char *, int, int, int))
{
	struct context *c = (struct context *)tokenizer;
	struct relay r = {token, context};
	if (!text || length <= 0)
		return SQLITE_OK;
	if (!c->analyser)
		c->analyser = text_analyser_new(c->language);
	if (!(flags & FTS5_TOKENIZE_QUERY))
		return document_tell(c->analyser, text, (size_t)length, token, context, NULL);
	if (text[0] == TEXT_VERBATIM)
		return verbatim(&r, text, length);
	return text_terms(c->analyser, TEXT_QUERY, text, (size_t)length, relay_query, &r);
}

static void context_free(void *context)
{
	struct context *c = context;
	text_analyser_free(c->analyser);
	g_free(c->language);
	g_free(c);
}

static fts5_api *api_of(sqlite3 *db)
{
	fts5_api *api = NULL;
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL) == SQLITE_OK) {
		sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", NULL);
		sqlite3_step(statement);
	}
	sqlite3_finalize(statement);
	return api;
}

int text_register(sqlite3 *db, const char *language)
{
	fts5_api *api = api_of(db);
	if (!api || api->iVersion < 2)
		return SQLITE_ERROR;
	struct context *c = g_new0(struct context, 1);
	c->language = g_strdup(language);
	fts5_tokenizer methods = {create, dispose, tokenize};
	return api->xCreateTokenizer(api, "meri", c, &methods, context_free);
}
