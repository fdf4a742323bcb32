#include "lookup/lookup.h"

#include <string.h>

/* The first word of each kind is the API's; the others are what people type. */
static const struct {
	const char *word;
	int kind;
} words[] = {
	{"account", MERI_ACCOUNT},    {"person", MERI_PERSON},       {"message", MERI_MESSAGE},
	{"ticket", MERI_TICKET},      {"comment", MERI_COMMENT},     {"note", MERI_NOTE},
	{"document", MERI_DOCUMENT},  {"deal", MERI_DEAL},           {"event", MERI_EVENT},
	{"tili", MERI_ACCOUNT},       {"konto", MERI_ACCOUNT},       {"henkilö", MERI_PERSON},
	{"mail", MERI_MESSAGE},       {"email", MERI_MESSAGE},       {"viesti", MERI_MESSAGE},
	{"sähköposti", MERI_MESSAGE}, {"meddelande", MERI_MESSAGE},  {"tiketti", MERI_TICKET},
	{"issue", MERI_TICKET},       {"ärende", MERI_TICKET},       {"kommentti", MERI_COMMENT},
	{"kommentar", MERI_COMMENT},  {"muistiinpano", MERI_NOTE},   {"anteckning", MERI_NOTE},
	{"asiakirja", MERI_DOCUMENT}, {"dokumentti", MERI_DOCUMENT}, {"dokument", MERI_DOCUMENT},
	{"kauppa", MERI_DEAL},        {"affär", MERI_DEAL},          {"tapahtuma", MERI_EVENT},
	{"händelse", MERI_EVENT},
};

const char *lookup_kind_name(int kind)
{
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (words[i].kind == kind)
			return words[i].word;
	return "document";
}

int lookup_kind_of(const char *word)
{
	g_autofree char *folded = g_utf8_casefold(word, -1);
	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (!strcmp(words[i].word, folded))
			return words[i].kind;
	return 0;
}
