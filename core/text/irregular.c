#include "irregular.h"

#include <stdlib.h>
#include <string.h>

/* Sorted by form. Forms that are words of their own as often (left, found, saw, ground) are not here. */
static const struct irregular {
	const char *form, *base;
} irregulars[] = {
	{"am", "be"}, {"analyses", "analysis"}, {"appendices", "appendix"}, {"are", "be"}, {"arisen", "arise"},
	{"arose", "arise"}, {"ate", "eat"}, {"beaten", "beat"}, {"became", "become"}, {"been", "be"},
	{"began", "begin"}, {"begun", "begin"}, {"best", "good"}, {"better", "good"}, {"bitten", "bite"},
	{"blew", "blow"}, {"blown", "blow"}, {"bought", "buy"}, {"bred", "breed"}, {"broke", "break"},
	{"broken", "break"}, {"brought", "bring"}, {"built", "build"}, {"burnt", "burn"}, {"calves", "calf"},
	{"came", "come"}, {"caught", "catch"}, {"children", "child"}, {"chose", "choose"}, {"chosen", "choose"},
	{"clung", "cling"}, {"crept", "creep"}, {"crises", "crisis"}, {"criteria", "criterion"},
	{"curricula", "curriculum"}, {"dealt", "deal"}, {"diagnoses", "diagnosis"}, {"did", "do"}, {"does", "do"},
	{"done", "do"}, {"drank", "drink"}, {"drawn", "draw"}, {"dreamt", "dream"}, {"drew", "draw"},
	{"driven", "drive"}, {"drove", "drive"}, {"drunk", "drink"}, {"dug", "dig"}, {"eaten", "eat"},
	{"fallen", "fall"}, {"fed", "feed"}, {"feet", "foot"}, {"fell", "fall"}, {"felt", "feel"}, {"fled", "flee"},
	{"flew", "fly"}, {"flown", "fly"}, {"flung", "fling"}, {"foresaw", "foresee"}, {"foreseen", "foresee"},
	{"forgave", "forgive"}, {"forgiven", "forgive"}, {"forgot", "forget"}, {"forgotten", "forget"},
	{"formulae", "formula"}, {"fought", "fight"}, {"froze", "freeze"}, {"frozen", "freeze"}, {"further", "far"},
	{"furthest", "far"}, {"gave", "give"}, {"geese", "goose"}, {"given", "give"}, {"goes", "go"}, {"gone", "go"},
	{"got", "get"}, {"gotten", "get"}, {"grew", "grow"}, {"grown", "grow"}, {"had", "have"}, {"halves", "half"},
	{"has", "have"}, {"heard", "hear"}, {"held", "hold"}, {"hid", "hide"}, {"hidden", "hide"}, {"hung", "hang"},
	{"hypotheses", "hypothesis"}, {"indices", "index"}, {"is", "be"}, {"kept", "keep"}, {"knelt", "kneel"},
	{"knew", "know"}, {"knives", "knife"}, {"known", "know"}, {"laid", "lay"}, {"lain", "lie"}, {"leapt", "leap"},
	{"learnt", "learn"}, {"led", "lead"}, {"lent", "lend"}, {"lice", "louse"}, {"lives", "life"},
	{"loaves", "loaf"}, {"lost", "lose"}, {"made", "make"}, {"matrices", "matrix"}, {"meant", "mean"},
	{"men", "man"}, {"met", "meet"}, {"mice", "mouse"}, {"misled", "mislead"}, {"mistaken", "mistake"},
	{"mistook", "mistake"}, {"misunderstood", "misunderstand"}, {"nuclei", "nucleus"}, {"overcame", "overcome"},
	{"overridden", "override"}, {"overrode", "override"}, {"oversaw", "oversee"}, {"overseen", "oversee"},
	{"oxen", "ox"}, {"paid", "pay"}, {"parentheses", "parenthesis"}, {"people", "person"},
	{"phenomena", "phenomenon"}, {"radii", "radius"}, {"ran", "run"}, {"rebuilt", "rebuild"}, {"repaid", "repay"},
	{"resold", "resell"}, {"rewritten", "rewrite"}, {"rewrote", "rewrite"}, {"ridden", "ride"}, {"risen", "rise"},
	{"rode", "ride"}, {"said", "say"}, {"sang", "sing"}, {"sank", "sink"}, {"sat", "sit"}, {"seen", "see"},
	{"selves", "self"}, {"sent", "send"}, {"shaken", "shake"}, {"shelves", "shelf"}, {"shone", "shine"},
	{"shook", "shake"}, {"shown", "show"}, {"shrank", "shrink"}, {"shrunk", "shrink"}, {"slept", "sleep"},
	{"slid", "slide"}, {"smelt", "smell"}, {"sold", "sell"}, {"sought", "seek"}, {"sown", "sow"},
	{"spelt", "spell"}, {"spent", "spend"}, {"spoilt", "spoil"}, {"spoken", "speak"}, {"sprang", "spring"},
	{"sprung", "spring"}, {"spun", "spin"}, {"stank", "stink"}, {"stimuli", "stimulus"}, {"stole", "steal"},
	{"stolen", "steal"}, {"stood", "stand"}, {"strode", "stride"}, {"struck", "strike"}, {"strung", "string"},
	{"stuck", "stick"}, {"stung", "sting"}, {"stunk", "stink"}, {"sung", "sing"}, {"sunk", "sink"},
	{"swam", "swim"}, {"swept", "sweep"}, {"swore", "swear"}, {"sworn", "swear"}, {"swum", "swim"},
	{"swung", "swing"}, {"syntheses", "synthesis"}, {"taken", "take"}, {"taught", "teach"}, {"teeth", "tooth"},
	{"theses", "thesis"}, {"thieves", "thief"}, {"thought", "think"}, {"threw", "throw"}, {"thrown", "throw"},
	{"told", "tell"}, {"took", "take"}, {"tore", "tear"}, {"torn", "tear"}, {"trod", "tread"},
	{"trodden", "tread"}, {"undergone", "undergo"}, {"understood", "understand"}, {"undertaken", "undertake"},
	{"undertook", "undertake"}, {"underwent", "undergo"}, {"vertices", "vertex"}, {"was", "be"}, {"went", "go"},
	{"wept", "weep"}, {"were", "be"}, {"withdrawn", "withdraw"}, {"withdrew", "withdraw"}, {"wives", "wife"},
	{"woke", "wake"}, {"woken", "wake"}, {"wolves", "wolf"}, {"women", "woman"}, {"won", "win"}, {"wore", "wear"},
	{"worn", "wear"}, {"worse", "bad"}, {"worst", "bad"}, {"woven", "weave"}, {"written", "write"},
	{"wrote", "write"}, {"wrung", "wring"},
};

static int compare(const void *key, const void *item)
{
	return strcmp(key, ((const struct irregular *)item)->form);
}

const char *irregular_base(const char *word, size_t length)
{
	char form[16];
	if (length < 2 || length >= sizeof form)
		return NULL;
	memcpy(form, word, length);
	form[length] = 0;
	const struct irregular *found = bsearch(form, irregulars, G_N_ELEMENTS(irregulars), sizeof irregulars[0], compare);
	return found ? found->base : NULL;
}
