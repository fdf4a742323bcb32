#include "text.h"

#include "fold.h"
#include "segment.h"

#define TERM_BYTES 128

struct text_analyser {
	char *language;
	char *rules;
};

text_analyser *text_analyser_new(const char *language)
{
	text_analyser *a = g_new0(text_analyser, 1);
	a->language = g_strdup(language ? language : "fi");
	a->rules = g_strdup("meri-words-0");
	return a;
}

void text_analyser_free(text_analyser *a)
{
	if (!a)
		return;
	g_free(a->language);
	g_free(a->rules);
	g_free(a);
}

const char *text_missing(const text_analyser *a)
{
	(void)a;
	return NULL;
}

const char *text_rules(const text_analyser *a)
{
	return a->rules;
}

int text_terms(text_analyser *a, enum text_mode mode, const char *utf8, size_t length, text_visit visit, void *user)
{
	(void)a;
	(void)mode;
	struct segment chunk;
	size_t at = 0;
	while (segment_next(utf8, length, &at, &chunk)) {
		for (unsigned i = 0; i < chunk.count; i++) {
			const struct segment_atom *atom = &chunk.atoms[i];
			char term[TERM_BYTES];
			size_t n = fold_word(utf8 + atom->start, atom->end - atom->start, term, sizeof term);
			struct text_token token = {.term = term, .length = n, .start = atom->start, .end = atom->end};
			int stop = n > 0 ? visit(&token, user) : 0;
			if (stop)
				return stop;
		}
	}
	return 0;
}
