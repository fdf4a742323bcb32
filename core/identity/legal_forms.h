/* legal_forms: the words and abbreviations by which the countries' laws tell what kind of organisation a name belongs
 * to, in the form that identity_fold gives them, dots inside abbreviations gone. Inner to core/identity. */
#pragma once

/* `first`: stands in front of the name, too (Oy Karl Fazer Ab, SIA Rimi, OOO Romashka). */
struct identity_form {
	const char *words;
	char first;
};
extern const struct identity_form identity_forms[];
extern const unsigned identity_forms_count;
/* Written without a blank at the end or the beginning of the name. */
extern const char *const identity_forms_glued[];
/* Words that only organisations bear, though they are no legal form; the name keeps them. */
extern const char *const identity_org_words[];
